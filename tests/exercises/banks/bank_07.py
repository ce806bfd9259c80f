"""Answers to the exercises of notebook 07, nonlinearity."""

WRONG = {
    "exercise-feed-forward": {
        "so they stand on the left": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                hidden = torch.relu(widen @ x + widen_bias)
                return narrow @ hidden + narrow_bias
        """,
        "or you transposed one": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                hidden = nn.functional.relu(nn.functional.linear(x, widen, widen_bias))
                return nn.functional.linear(hidden, narrow, narrow_bias)
        """,
        "The activation comes too late": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                hidden = x @ widen + widen_bias
                out = hidden @ narrow + narrow_bias
                return out.clamp(min=0)
        """,
    },
    "exercise-one-map": {
        "so they do not add up": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen @ narrow, widen_bias + narrow_bias
        """,
        "The matrix is transposed": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                matrix = narrow.T @ widen.T
                bias = widen_bias @ narrow + narrow_bias
                return matrix, bias
        """,
        "The first bias is lost": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return torch.mm(widen, narrow), narrow_bias
        """,
    },
    "exercise-share": {
        "one answer for each number": """
            def share(first, second, output):
                return (output - first) / (second - first)
        """,
        "how far the output is from the first value": """
            def share(first, second, output):
                return torch.dist(output, first)
        """,
        "Divide by the length of the whole segment": """
            def share(first, second, output):
                to_first = torch.linalg.norm(output - first)
                to_second = torch.linalg.norm(output - second)
                return (to_first / to_second).item()
        """,
    },
}
