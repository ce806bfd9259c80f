"""Answers to the exercises of notebook 08, masking."""

WRONG = {
    "exercise-leak-test": {
        "rounding makes some": """
            def leak_test(layer, words):
                n = len(words)
                before = layer(words)
                moved = torch.zeros(n, n, dtype=torch.bool)
                for s in range(n):
                    other = words.clone()
                    other[s] += 1
                    moved[:, s] = (layer(other) != before).any(dim=-1)
                return moved.triu(1), (~moved).tril(-1)
        """,
        "Your changes pile up": """
            def leak_test(layer, words):
                before, other, columns = layer(words), words.clone(), []
                for s in range(len(words)):
                    other[s] = other[s] + 1
                    columns.append((layer(other) - before).abs().amax(dim=-1) > 1e-5)
                moved = torch.stack(columns, dim=1)
                return moved.triu(1), (~moved).tril(-1)
        """,
        "Your leaks include the diagonal": """
            def leak_test(layer, words):
                n, before = len(words), layer(words)
                leaks = torch.zeros(n, n, dtype=torch.bool)
                blind = torch.zeros(n, n, dtype=torch.bool)
                for s in range(n):
                    other = words.clone()
                    other[s] += 1
                    moved = (layer(other) - before).abs().max(dim=-1).values > 1e-5
                    for t in range(n):
                        leaks[t, s] = moved[t] and s >= t
                        blind[t, s] = not moved[t] and s < t
                return leaks, blind
        """,
    },
    "exercise-diagnose": {
        "exactly one": """
            def diagnose(scores, suspects):
                mask = causal_mask(*scores.shape)
                names = []
                for weights in suspects:
                    if (weights[~mask] > 0).any():
                        names.append("transposed")
                    elif not (weights.sum(dim=-1) == 1).all():
                        names.append("after the softmax")
                    elif torch.allclose(weights[-1], weights[-1].mean()):
                        names.append("uniform")
                    else:
                        names.append("right")
                return names
        """,
        "The queries are the last T": """
            def diagnose(scores, suspects):
                mask = causal_mask(*scores.shape)
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)

                def name_of(weights):
                    if weights.triu(diagonal=1).any():
                        return "transposed"
                    if not torch.allclose(weights.sum(dim=-1), torch.ones(len(weights))):
                        return "after the softmax"
                    return "right" if torch.allclose(weights, right, atol=1e-5) else "uniform"

                return [name_of(weights) for weights in suspects]
        """,
        "You take uniform weights for right": """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                for weights in suspects:
                    ones = torch.ones(len(weights))
                    name = "right"
                    if weights[~mask].any():
                        name = "transposed"
                    elif not torch.allclose(weights.sum(dim=-1), ones):
                        name = "after the softmax"
                    names.append(name)
                return names
        """,
    },
    "exercise-writer-mask": {
        "The rows of padding in front are empty": """
            def writer_mask(tokens, padding):
                real = tokens != padding
                return causal_mask(tokens.shape[1]) & real.unsqueeze(1)
        """,
        "Give the second a query axis": """
            def writer_mask(tokens, padding):
                real = tokens != padding
                return causal_mask(tokens.size(1)) & real
        """,
        "You hid the rows of padding": """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = (tokens != padding).unsqueeze(-1)
                return (causal_mask(n) & real) | torch.eye(n, dtype=torch.bool)
        """,
    },
}
