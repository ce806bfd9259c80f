"""Answers to the exercises of notebook 09, the whole block."""

WRONG = {
    "exercise-block": {
        "You normed the sum": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = norm_1(x + attention(x))
                x = norm_2(x + feed_forward(x))
                return x
        """,
        "You added to the normed stream": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = norm_1(x)
                x = x + attention(x)
                x = norm_2(x)
                x = x + feed_forward(x)
                return x
        """,
        "The second line starts from the old x": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                h = x + attention(norm_1(x))
                return x + feed_forward(norm_2(h))
        """,
    },
    "exercise-bits": {
        "These are nats": """
            def bits_of(chances, text):
                total = 0
                for row, c in zip(chances, text):
                    total = total - torch.log(row[c])
                return total / len(text)
        """,
        "Go along both axes together": """
            def bits_of(chances, text):
                return -torch.log2(chances[:, text]).mean()
        """,
        "logarithm first, then the mean": """
            def bits_of(chances, text):
                p = chances.gather(1, text[:, None]).mean()
                return -torch.log2(p)
        """,
    },
    "exercise-top-k": {
        "you set chances to zero after the softmax": """
            def top_k(logits, k):
                p = logits.softmax(dim=-1)
                kept = torch.zeros_like(p)
                best = p.topk(k)
                return kept.scatter(1, best.indices, best.values)
        """,
        "They have to be a column": """
            def top_k(logits, k):
                limit = torch.topk(logits, k).values[:, -1]
                logits = logits.masked_fill(logits < limit, float("-inf"))
                return torch.softmax(logits, dim=-1)
        """,
        "A logit of 0 is not nothing": """
            def top_k(logits, k):
                values, places = logits.topk(k)
                kept = torch.zeros_like(logits).scatter(1, places, values)
                return kept.softmax(dim=-1)
        """,
    },
}
