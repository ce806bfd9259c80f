"""Answers to the exercises of notebook 02, attention."""

WRONG = {
    "exercise-attend": {
        "Give the mask that axis: `mask[:, None]`": """
            def attend_masked(query, key, value, mask):
                weights = torch.softmax(query @ key.transpose(-2, -1), dim=-1)
                weights = weights * mask
                weights = weights / weights.sum(dim=-1, keepdim=True)
                return weights @ value, weights
        """,
        "You masked after the softmax": """
            def attend_masked(query, key, value, mask):
                scores = torch.bmm(query, key.transpose(1, 2))
                weights = torch.softmax(scores, dim=-1)
                weights = weights.masked_fill(~mask.unsqueeze(1), 0)
                return torch.bmm(weights, value), weights
        """,
        "There is NaN": """
            def attend_masked(query, key, value, mask):
                scores = query @ key.mT
                scores = scores + (~mask[:, None]) * float("-inf")
                weights = scores.softmax(dim=-1)
                return weights @ value, weights
        """,
    },
    "exercise-additive": {
        "(B, T, 1, D) and (B, 1, S, D)": """
            def additive_scores(query, key, from_query, from_key, to_score):
                hidden = torch.tanh(query @ from_query + key @ from_key)
                return hidden @ to_score
        """,
        "with TypeError: 'Tensor' object is not callable": """
            def additive_scores(query, key, from_query, from_key, to_score):
                q = from_query(query).unsqueeze(2)
                k = from_key(key).unsqueeze(1)
                return to_score(torch.tanh(q + k)).squeeze(-1)
        """,
        "tanh came before the addition": """
            def additive_scores(query, key, from_query, from_key, to_score):
                q, k = torch.tanh(query @ from_query), torch.tanh(key @ from_key)
                return (q[:, :, None] + k[:, None]) @ to_score
        """,
    },
    "exercise-looks": {
        "Search each row: `dim=-1`": """
            def looks(weights, words):
                return words[weights.argmax()]
        """,
        "These are positions. Look up": """
            def looks(weights, words):
                best = []
                for row in weights:
                    best.append(int(row.argmax()))
                return best
        """,
        "There is one answer for each source word": """
            def looks(weights, words):
                return [words[i] for i in weights.argmax(dim=0).tolist()]
        """,
    },
}
