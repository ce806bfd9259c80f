"""Answers to the exercises of notebook 05, self-attention."""

WRONG = {
    "exercise-self-attend": {
        "You divided by √E": """
            def attend_to_itself(x, to_query, to_key, to_value):
                q, k, v = x @ to_query, x @ to_key, x @ to_value
                scores = q @ k.transpose(-2, -1) / math.sqrt(x.size(-1))
                weights = torch.softmax(scores, dim=-1)
                return weights @ v, weights
        """,
        "not divided by √d": """
            def attend_to_itself(x, to_query, to_key, to_value):
                return attend(x @ to_query, x @ to_key, x @ to_value)
        """,
        "with TypeError: 'Tensor' object is not callable": """
            def attend_to_itself(x, to_query, to_key, to_value):
                q, k, v = to_query(x), to_key(x), to_value(x)
                weights = (q @ k.mT / q.shape[-1] ** 0.5).softmax(dim=-1)
                return weights @ v, weights
        """,
    },
    "exercise-split": {
        "the words are scrambled": """
            def cut_into_heads(x, n_heads):
                B, T, E = x.shape
                return x.view(B, n_heads, T, E // n_heads)
        """,
        "Swap the two axes": """
            def cut_into_heads(x, n_heads):
                B, T, E = x.shape
                return x.reshape(B, T, n_heads, E // n_heads)
        """,
        "These are the heads, in a list": """
            def cut_into_heads(x, n_heads):
                d = x.shape[-1] // n_heads
                return [x[..., h * d : (h + 1) * d] for h in range(n_heads)]
        """,
    },
    "exercise-combined": {
        "The order is the other way round": """
            def combined(lower, upper):
                return torch.bmm(lower, upper)
        """,
        "made the rows sum to 1 again": """
            def combined(lower, upper):
                both = lower * upper
                return both / both.sum(dim=-1, keepdim=True)
        """,
        "You added the tables": """
            def combined(lower, upper):
                return lower + upper
        """,
    },
}
