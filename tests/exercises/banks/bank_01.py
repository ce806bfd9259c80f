"""Wrong answers to the exercises of notebook 01, the bottleneck."""

from tests.exercises.banks import Wrong

IN_PLACE = "changed its inputs in place"

BANK = {
    "exercise-share-exact": [
        Wrong(
            "returns None: printed, not returned",
            "ends with `return`",
            """
            def share_exact(written, wanted):
                right = [a == b for a, b in zip(written, wanted)]
                share = sum(right) / len(right)
            """,
        ),
        Wrong(
            "raises: lists cannot be subtracted",
            "with TypeError: unsupported operand",
            """
            def share_exact(written, wanted):
                return sum(a - b == 0 for a, b in zip(written, wanted)) / len(wanted)
            """,
        ),
        Wrong(
            "raises: strings are no numbers",
            "It was given 2 inputs: a list of 9; a list of 9",
            """
            def share_exact(written, wanted):
                return (torch.tensor(written) == torch.tensor(wanted)).float().mean()
            """,
        ),
        Wrong(
            "raises: exit",
            "SystemExit",
            """
            def share_exact(written, wanted):
                raise SystemExit("not done")
            """,
        ),
        Wrong(
            "wrong shape: one verdict for each",
            "Return one number: yours returned a list of 9",
            """
            def share_exact(written, wanted):
                return [float(a == b) for a, b in zip(written, wanted)]
            """,
        ),
        Wrong(
            "wrong type: a text",
            "Return one number: yours returned '22%'",
            """
            def share_exact(written, wanted):
                right = sum(a == b for a, b in zip(written, wanted))
                return f"{right / len(wanted):.0%}"
            """,
        ),
        Wrong(
            "wrong type: two numbers",
            "Return one number: yours returned 2 things",
            """
            def share_exact(written, wanted):
                return sum(a == b for a, b in zip(written, wanted)), len(wanted)
            """,
        ),
        Wrong(
            "NaN: infinity over infinity",
            "There is NaN",
            """
            def share_exact(written, wanted):
                return float("inf") / float("inf")
            """,
        ),
        Wrong(
            "in place: pops what it has compared",
            IN_PLACE,
            """
            def share_exact(written, wanted):
                right, n = 0, len(wanted)
                while wanted:
                    right += written.pop() == wanted.pop()
                return right / n
            """,
        ),
        Wrong(
            "by token",
            "That is the share of right tokens",
            """
            def share_exact(written, wanted):
                right = total = 0
                for a, b in zip(written, wanted):
                    right += sum(x == y for x, y in zip(a, b))
                    total += min(len(a), len(b))
                return right / total
            """,
        ),
        Wrong(
            "as far as the shorter one goes",
            "`zip` stops at the shorter list",
            """
            def share_exact(written, wanted):
                right = 0
                for a, b in zip(written, wanted):
                    if all(x == y for x, y in zip(a, b)):
                        right += 1
                return right / len(wanted)
            """,
        ),
        Wrong(
            "the share of wrong ones",
            "Count the right ones",
            """
            def share_exact(written, wanted):
                return sum(a != b for a, b in zip(written, wanted)) / len(wanted)
            """,
        ),
        Wrong(
            "a count",
            "That is how many are right",
            """
            def share_exact(written, wanted):
                return len([1 for a, b in zip(written, wanted) if a == b])
            """,
        ),
        Wrong(
            "a percentage",
            "That is a percentage",
            """
            def share_exact(written, wanted):
                return 100 * sum(a == b for a, b in zip(written, wanted)) / len(wanted)
            """,
        ),
        Wrong(
            "all at once",
            "One wrong translation makes your share 0",
            """
            def share_exact(written, wanted):
                return 1.0 if written == wanted else 0.0
            """,
        ),
        Wrong(
            "divided with //",
            "divide with `/`, not `//`",
            """
            def share_exact(written, wanted):
                return sum(a == b for a, b in zip(written, wanted)) // len(wanted)
            """,
        ),
        Wrong(
            "sets of tokens",
            "The right tokens in the wrong order passed",
            """
            def share_exact(written, wanted):
                return sum(set(a) == set(b) for a, b in zip(written, wanted)) / len(wanted)
            """,
        ),
        Wrong(
            "looked for anywhere",
            "the one at its own place",
            """
            def share_exact(written, wanted):
                return sum(w in wanted for w in written) / len(wanted)
            """,
        ),
        Wrong(
            "the first token decides",
            "the answer is 0.222222, but yours is 0.666667",
            """
            def share_exact(written, wanted):
                return sum(a[0] == b[0] for a, b in zip(written, wanted)) / len(wanted)
            """,
        ),
    ],
    "exercise-loss": [
        Wrong(
            "returns None: the stub",
            "If you have not begun, begin there",
            """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                ...
            """,
        ),
        Wrong(
            "raises: the vocabulary on the last axis",
            "`cross_entropy` wants the vocabulary on the second axis",
            """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits, target, reduction="none")
                return each[target != PAD].mean()
            """,
        ),
        Wrong(
            "raises: a mask with an axis too many",
            "at the line `real = each * (target != PAD)[..., None]` with RuntimeError",
            """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                real = each * (target != PAD)[..., None]
                return real.sum() / (target != PAD).sum()
            """,
        ),
        Wrong(
            "wrong shape: not averaged",
            "These are the losses of the real tokens, one by one",
            """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                return each[target != PAD]
            """,
        ),
        Wrong(
            "wrong shape: one number for each sentence",
            "The shape should be (), and yours is (2,). Return one number",
            """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                real = target != PAD
                return (each * real).sum(dim=-1) / real.sum(dim=-1)
            """,
        ),
        Wrong(
            "wrong type: a number that has lost its gradient",
            "Return a tensor",
            """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                return each[target != PAD].mean().item()
            """,
        ),
        Wrong(
            "NaN: padding set to NaN",
            "There is NaN",
            """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                return each.masked_fill(target == PAD, float("nan")).mean()
            """,
        ),
        Wrong(
            "in place: padding overwritten in the caller's target",
            IN_PLACE,
            """
            def loss(logits, target):
                target[target == PAD] = -100
                return nn.functional.cross_entropy(logits.mT, target)
            """,
        ),
        Wrong(
            "padding counts",
            "Padding counts in your loss",
            """
            def loss(logits, target):
                return nn.functional.cross_entropy(logits.flatten(0, 1), target.flatten())
            """,
        ),
        Wrong(
            "zeros are averaged too",
            "you still divide by its positions too",
            """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                each[target == PAD] = 0
                return each.mean()
            """,
        ),
        Wrong(
            "a sum",
            "That is the sum",
            """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                return each[target != PAD].sum()
            """,
        ),
        Wrong(
            "divided by the number of sentences",
            "Divide by the number of real tokens",
            """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                return each[target != PAD].sum() / logits.shape[0]
            """,
        ),
        Wrong(
            "mean of means",
            "a token of a short sentence counts more",
            """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                return torch.stack([e[t != PAD].mean() for e, t in zip(each, target)]).mean()
            """,
        ),
        Wrong(
            "padding alone",
            "That is the loss of the padding alone",
            """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                return each[target == PAD].mean()
            """,
        ),
        Wrong(
            "START in place of PAD",
            "You left out START and kept PAD",
            """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                return each[target != START].mean()
            """,
        ),
        Wrong(
            "softmax twice",
            "Softmax was taken twice",
            """
            def loss(logits, target):
                probabilities = logits.softmax(dim=-1)
                each = nn.functional.cross_entropy(probabilities.mT, target, reduction="none")
                return each[target != PAD].mean()
            """,
        ),
        Wrong(
            "reshaped, not transposed",
            "The axes were reshaped",
            """
            def loss(logits, target):
                B, T, V = logits.shape
                each = nn.functional.cross_entropy(
                    logits.view(B, V, T), target, reduction="none"
                )
                return each[target != PAD].mean()
            """,
        ),
        Wrong(
            "logits of padding set to 0",
            "Logits of 0 are not nothing",
            """
            def loss(logits, target):
                logits = logits.masked_fill((target == PAD)[..., None], 0)
                return nn.functional.cross_entropy(logits.mT, target)
            """,
        ),
    ],
    "exercise-write": [
        Wrong(
            "returns None: the loop ends without a return",
            "ends with `return`",
            """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                for _ in range(max_steps):
                    scores, state = step(token, state)
                    token = int(scores.argmax())
                    if token == end:
                        break
                    written.append(token)
            """,
        ),
        Wrong(
            "raises: two results in one name",
            "at the line `token = int(scores.argmax())` with AttributeError",
            """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                for _ in range(max_steps):
                    scores = step(token, state)
                    token = int(scores.argmax())
                    written.append(token)
                return written
            """,
        ),
        Wrong(
            "raises: never ends",
            "step was called 50 times",
            """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                while token != end:
                    scores, _ = step(start, state)
                    token = int(scores.argmax())
                return written
            """,
        ),
        Wrong(
            "raises: parameters left out",
            "It was given 5 inputs: the function step; 0; 3; 2; 8",
            """
            def write_one(step, state, start):
                return []
            """,
        ),
        Wrong(
            "wrong shape: the first token alone",
            "Return a list: yours returned 1",
            """
            def write_one(step, state, start, end, max_steps):
                scores, state = step(start, state)
                return int(scores.argmax())
            """,
        ),
        Wrong(
            "wrong type: a tensor",
            "Return a list: yours returned a tensor of shape (4,)",
            """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                while len(written) < max_steps:
                    scores, state = step(token, state)
                    token = int(scores.argmax())
                    if token == end:
                        break
                    written.append(token)
                return torch.tensor(written)
            """,
        ),
        Wrong(
            "wrong type: each token is a tensor",
            "Make whole numbers of them",
            """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                while len(written) < max_steps:
                    scores, state = step(token, state)
                    token = scores.argmax()
                    if token == end:
                        break
                    written.append(token)
                return written
            """,
        ),
        Wrong(
            "wrong type: a generator",
            "Return a list: yours returned a generator",
            """
            def write_one(step, state, start, end, max_steps):
                token = start
                for _ in range(max_steps):
                    scores, state = step(token, state)
                    token = int(scores.argmax())
                    if token == end:
                        return
                    yield token
            """,
        ),
        Wrong(
            "the start token at every step",
            "Every step was given the start token",
            """
            def write_one(step, state, start, end, max_steps):
                written = []
                for _ in range(max_steps):
                    scores, state = step(start, state)
                    token = int(scores.argmax())
                    if token == end:
                        break
                    written.append(token)
                return written
            """,
        ),
        Wrong(
            "the state is thrown away",
            "Every step started from the same state",
            """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                for _ in range(max_steps):
                    scores, new_state = step(token, state)
                    token = int(scores.argmax())
                    if token == end:
                        break
                    written.append(token)
                return written
            """,
        ),
        Wrong(
            "does not stop",
            "You wrote on after the end token",
            """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                for _ in range(max_steps):
                    scores, state = step(token, state)
                    token = int(scores.argmax())
                    written.append(token)
                return written
            """,
        ),
        Wrong(
            "skips the end and writes on",
            "You left the end token out, and wrote on",
            """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                for _ in range(max_steps):
                    scores, state = step(token, state)
                    token = int(scores.argmax())
                    if token != end:
                        written.append(token)
                return written
            """,
        ),
        Wrong(
            "keeps the end token",
            "The end token itself is in your answer",
            """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                while token != end and len(written) < max_steps:
                    scores, state = step(token, state)
                    token = int(scores.argmax())
                    written.append(token)
                return written
            """,
        ),
        Wrong(
            "keeps the start token",
            "The start token is in your answer",
            """
            def write_one(step, state, start, end, max_steps):
                written = [start]
                for _ in range(max_steps):
                    scores, state = step(written[-1], state)
                    token = int(scores.argmax())
                    if token == end:
                        break
                    written.append(token)
                return written
            """,
        ),
        Wrong(
            "argmin",
            "You took the smallest score",
            """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                for _ in range(max_steps):
                    scores, state = step(token, state)
                    token = int(scores.argsort()[0])
                    if token == end:
                        break
                    written.append(token)
                return written
            """,
        ),
        Wrong(
            "max in place of argmax",
            "A token is its position",
            """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                for _ in range(max_steps):
                    scores, state = step(token, state)
                    token = int(scores.max())
                    if token == end:
                        break
                    written.append(token)
                return written
            """,
        ),
        Wrong(
            "returns inside the loop",
            "See that `return` stands after the loop",
            """
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
        ),
        Wrong(
            "no limit",
            "Stop after `max_steps` too",
            """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                while True:
                    scores, state = step(token, state)
                    token = int(scores.argmax())
                    if token == end:
                        return written
                    written.append(token)
            """,
        ),
        Wrong(
            "one too many",
            "One token too many",
            """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                while len(written) <= max_steps:
                    scores, state = step(token, state)
                    token = int(scores.argmax())
                    if token == end:
                        break
                    written.append(token)
                return written
            """,
        ),
        Wrong(
            "one too few",
            "One token too few",
            """
            def write_one(step, state, start, end, max_steps):
                written = [start]
                while len(written) < max_steps:
                    scores, state = step(written[-1], state)
                    token = int(scores.argmax())
                    if token == end:
                        break
                    written.append(token)
                return written[1:]
            """,
        ),
        Wrong(
            "the second best",
            "Given the function step, 0, 3, 2, 8, the answer is [1, 0, 0, 1], but yours is",
            """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                for _ in range(max_steps):
                    scores, state = step(token, state)
                    token = int(scores.argsort()[-2])
                    if token == end:
                        break
                    written.append(token)
                return written
            """,
        ),
    ],
}

EXEMPT = {
    "exercise-write": {
        "NaN": "the answer is a list of whole numbers",
        "in place": "the inputs are numbers and a function",
    },
}
