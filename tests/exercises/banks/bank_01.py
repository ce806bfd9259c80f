"""Answers to the exercises of notebook 01, the bottleneck."""

WRONG = {
    "exercise-share-exact": {
        "`zip` stops at the shorter list": """
            def share_exact(written, wanted):
                right = 0
                for a, b in zip(written, wanted):
                    if all(x == y for x, y in zip(a, b)):
                        right += 1
                return right / len(wanted)
        """,
        "The right tokens in the wrong order passed": """
            def share_exact(written, wanted):
                hits = [set(a) == set(b) for a, b in zip(written, wanted)]
                return sum(hits) / len(hits)
        """,
        "changed its inputs in place": """
            def share_exact(written, wanted):
                right, n = 0, len(wanted)
                while wanted:
                    right += written.pop() == wanted.pop()
                return right / n
        """,
    },
    "exercise-loss": {
        "you still divide by its positions too": """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                each[target == PAD] = 0
                return each.mean()
        """,
        "a token of a short sentence counts more": """
            def loss(logits, target):
                losses = []
                for out, t in zip(logits, target):
                    keep = t != PAD
                    losses.append(nn.functional.cross_entropy(out[keep], t[keep]))
                return torch.stack(losses).mean()
        """,
        "changed its inputs in place": """
            def loss(logits, target):
                target[target == PAD] = -100  # what cross_entropy ignores
                return nn.functional.cross_entropy(logits.transpose(1, 2), target)
        """,
    },
    "exercise-write": {
        "See that `return` stands after the loop": """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                for _ in range(max_steps):
                    scores, state = step(token, state)
                    token = int(scores.argmax())
                    if token == end:
                        break
                    written.append(token)
                    return written
        """,
        "The end token itself is in your answer": """
            def write_one(step, state, start, end, max_steps):
                tokens = []
                last = start
                while last != end and len(tokens) < max_steps:
                    scores, state = step(last, state)
                    last = scores.argmax().item()
                    tokens.append(last)
                return tokens
        """,
        "Stop after `max_steps` too": """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                while True:
                    scores, state = step(token, state)
                    token = int(scores.argmax())
                    if token == end:
                        return written
                    written.append(token)
        """,
    },
}
