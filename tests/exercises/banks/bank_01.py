"""Answers to the exercises of notebook 01, the bottleneck."""

RIGHT = {
    "exercise-share-exact": {
        "a loop that counts": """
            def share_exact(written, wanted):
                n = 0
                for i in range(len(wanted)):
                    if written[i] == wanted[i]:
                        n += 1
                return n / len(wanted)
        """,
        "numpy's mean": """
            import numpy as np

            def share_exact(written, wanted):
                return np.mean([a == b for a, b in zip(written, wanted)])
        """,
        "a tensor of one number": """
            def share_exact(written, wanted):
                right = torch.zeros(1)
                for a, b in zip(written, wanted):
                    right += a == b
                return right / len(wanted)
        """,
        "an array without axes": """
            import numpy as np

            def share_exact(written, wanted):
                right = np.array(0.0)
                for a, b in zip(written, wanted):
                    right += a == b
                right /= len(wanted)
                return right
        """,
        "a tensor's mean": """
            def share_exact(written, wanted):
                return torch.tensor([a == b for a, b in zip(written, wanted)]).float().mean()
        """,
        "a counter": """
            from collections import Counter

            def share_exact(written, wanted):
                counted = Counter(map(list.__eq__, written, wanted))
                return counted[True] / counted.total()
        """,
        "a fraction": """
            from fractions import Fraction

            def share_exact(written, wanted):
                return Fraction(sum(a == b for a, b in zip(written, wanted)), len(wanted))
        """,
        "one number after the other": """
            def share_exact(written, wanted):
                def count(i):
                    return 0 if i == len(wanted) else (written[i] == wanted[i]) + count(i + 1)
                return count(0) / len(wanted)
        """,
        "joined, with a space": """
            def share_exact(written, wanted):
                pairs = zip(map(" ".join, written), map(" ".join, wanted))
                return len([1 for a, b in pairs if a == b]) / len(wanted)
        """,
        "tokens one by one, the lengths first": """
            def share_exact(written, wanted):
                wrong = 0
                for a, b in zip(written, wanted):
                    if len(a) != len(b):
                        wrong += 1
                        continue
                    for x, y in zip(a, b):
                        if x != y:
                            wrong += 1
                            break
                return 1 - wrong / len(wanted)
        """,
    },
    "exercise-loss": {
        "the padding taken out first": """
            def loss(logits, target):
                real = target != PAD
                return nn.functional.cross_entropy(logits[real], target[real])
        """,
        "a shape of one": """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                total, n = torch.zeros(1), 0
                for row, words in zip(each, target):
                    for e, w in zip(row, words):
                        if w != PAD:
                            total = total + e
                            n += 1
                return total / n
        """,
        "log softmax and gather": """
            def loss(logits, target):
                each = -logits.log_softmax(-1).gather(-1, target[..., None])[..., 0]
                real = (target != PAD).float()
                return (each * real).sum() / real.sum()
        """,
        "logsumexp": """
            def loss(logits, target):
                b, t = (target != PAD).nonzero(as_tuple=True)
                return (logits[b, t].logsumexp(-1) - logits[b, t, target[b, t]]).mean()
        """,
        "a weight of zero for padding": """
            def loss(logits, target):
                weight = torch.ones(logits.shape[-1])
                weight[PAD] = 0
                return nn.functional.cross_entropy(logits.mT, target, weight=weight)
        """,
        "the other number that is ignored": """
            def loss(logits, target):
                hidden = target.masked_fill(target == PAD, -100)
                return nn.functional.cross_entropy(logits.flatten(0, 1), hidden.flatten())
        """,
        "nll, in double precision": """
            def loss(logits, target):
                chances = torch.log_softmax(logits.double(), dim=2).permute(0, 2, 1)
                each = nn.functional.nll_loss(chances, target, reduction="none")
                return torch.masked_select(each, target.bool()).mean()
        """,
        "the layer": """
            def loss(logits, target):
                criterion = nn.CrossEntropyLoss(reduction="none")
                each = criterion(logits.transpose(1, 2), target)
                each[target == PAD] = 0
                return each.sum() / torch.count_nonzero(target)
        """,
        "one-hot and einsum": """
            def loss(logits, target):
                wanted = nn.functional.one_hot(target, logits.shape[-1]).float()
                wanted[..., PAD] = 0
                chances = nn.functional.log_softmax(logits, dim=-1)
                return -torch.einsum("btv,btv->", chances, wanted) / wanted.sum()
        """,
        "token by token": """
            def loss(logits, target):
                losses = []
                for b in range(target.shape[0]):
                    for t in range(target.shape[1]):
                        if target[b, t].item() != PAD:
                            losses.append(-logits[b, t].log_softmax(0)[target[b, t]])
                return torch.stack(losses).mean()
        """,
        "NaN at the padding": """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                return torch.where(target == PAD, torch.nan, each).nanmean()
        """,
    },
    "exercise-write": {
        "a loop for each step": """
            def write_one(step, state, start, end, max_steps):
                token, tokens = start, []
                for _ in range(max_steps):
                    scores, state = step(token, state)
                    token = scores.argmax().item()
                    if token == end:
                        return tokens
                    tokens.append(token)
                return tokens
        """,
        "itself, for the rest": """
            def write_one(step, state, start, end, max_steps):
                if max_steps == 0:
                    return []
                scores, state = step(start, state)
                token = int(scores.argmax())
                if token == end:
                    return []
                return [token] + write_one(step, state, token, end, max_steps - 1)
        """,
        "all steps first, cut at the end": """
            def write_one(step, state, start, end, max_steps):
                tokens = [start]
                for _ in range(max_steps):
                    scores, state = step(tokens[-1], state)
                    tokens.append(int(scores.argmax()))
                tokens = tokens[1:]
                return tokens[: tokens.index(end)] if end in tokens else tokens
        """,
        "a generator inside": """
            def write_one(step, state, start, end, max_steps):
                def tokens(token, state):
                    while True:
                        scores, state = step(token, state)
                        token = int(scores.argmax())
                        yield token
                written = []
                for n, token in zip(range(max_steps), tokens(start, state)):
                    if token == end:
                        break
                    written.append(token)
                return written
        """,
        "numpy": """
            import numpy as np

            @torch.no_grad()
            def write_one(step, state, start, end, max_steps):
                out, last = [], start
                while len(out) < max_steps:
                    scores, state = step(last, state)
                    last = np.argmax(scores.numpy())
                    if last == end:
                        break
                    out.append(last)
                return out
        """,
        "topk, and tensors for tokens": """
            def write_one(step, state, start, end, max_steps):
                token, out = torch.tensor([start]), []
                for _ in range(max_steps):
                    scores, state = step(token, state)
                    token = scores.topk(1).indices
                    if token.item() == end:
                        break
                    out += token.tolist()
                return tuple(out)
        """,
        "a search for the best by hand": """
            def write_one(step, state, start, end, max_steps):
                token, out = start, []
                while max_steps > 0:
                    scores, state = step(token, state)
                    token = max(range(len(scores)), key=lambda i: scores[i])
                    if token == end:
                        max_steps = 0
                    else:
                        out.append(token)
                        max_steps -= 1
                return out
        """,
        "iter with a last value": """
            from itertools import islice

            def write_one(step, state, start, end, max_steps):
                token = start

                def one():
                    nonlocal token, state
                    scores, state = step(token, state)
                    token = int(scores.softmax(-1).sort(descending=True).indices[0])
                    return token

                return list(islice(iter(one, end), max_steps))
        """,
    },
}

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
        "오십 (50) is not 십오 (15)": """
            from collections import Counter

            def share_exact(written, wanted):
                return sum(Counter(a) == Counter(b) for a, b in zip(written, wanted)) / len(wanted)
        """,
        "One wrong translation makes your share 0": """
            def share_exact(written, wanted):
                return sum(a == b for a, b in zip(written, wanted)) // len(wanted)
        """,
        "anywhere among the wanted ones": """
            def share_exact(written, wanted):
                right = 0
                for translation in written:
                    if translation in wanted:
                        right += 1
                return right / len(written)
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
        "no gradient comes back through it": """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                return each[target != PAD].mean().item()
        """,
        "NumPy knows none": """
            import numpy as np

            def loss(logits, target):
                x, y = logits.numpy(), target.numpy()
                each = np.log(np.exp(x).sum(-1)) - np.take_along_axis(x, y[..., None], -1)[..., 0]
                return torch.tensor(each[y != PAD].mean())
        """,
        "asks you to do without `ignore_index`": """
            def loss(logits, target):
                return nn.functional.cross_entropy(logits.mT, target, ignore_index=PAD)
        """,
        "Padding counts in your loss": """
            def loss(logits, target):
                return nn.functional.cross_entropy(logits.flatten(0, 1), target.flatten()).item()
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
        "One token too few": """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                for _ in range(1, max_steps):
                    scores, state = step(token, state)
                    token = int(scores.argmax())
                    if token == end:
                        break
                    written.append(token)
                return written
        """,
        "You left the end token out, and wrote on": """
            def write_one(step, state, start, end, max_steps):
                token, written = start, []
                for _ in range(max_steps):
                    scores, state = step(token, state)
                    token = int(scores.argmax())
                    if token == end:
                        continue
                    written.append(token)
                return written
        """,
    },
}

UNKNOWN = {
    "exercise-share-exact": {
        "joined without a space": """
            def share_exact(written, wanted):
                return sum("".join(a) == "".join(b) for a, b in zip(written, wanted)) / len(wanted)
        """,
        "extra tokens forgiven": """
            def share_exact(written, wanted):
                return sum(a[: len(b)] == b for a, b in zip(written, wanted)) / len(wanted)
        """,
        "missing tokens forgiven": """
            def share_exact(written, wanted):
                return sum(a == b[: len(a)] for a, b in zip(written, wanted)) / len(wanted)
        """,
        "`is` in place of ==": """
            def share_exact(written, wanted):
                return sum(a is b for a, b in zip(written, wanted)) / len(wanted)
        """,
        "lengths alone": """
            def share_exact(written, wanted):
                return sum(len(a) == len(b) for a, b in zip(written, wanted)) / len(wanted)
        """,
        "the last token alone": """
            def share_exact(written, wanted):
                return sum(a[-1:] == b[-1:] for a, b in zip(written, wanted)) / len(wanted)
        """,
        "each right one counted once": """
            def share_exact(written, wanted):
                right = {tuple(a) for a, b in zip(written, wanted) if a == b}
                return len(right) / len(wanted)
        """,
        "in any order": """
            def share_exact(written, wanted):
                pairs = zip(sorted(written), sorted(wanted))
                return sum(a == b for a, b in pairs) / len(wanted)
        """,
        "not divided, in a tensor": """
            def share_exact(written, wanted):
                return torch.tensor([len(a) == len(b) for a, b in zip(written, wanted)]).sum()
        """,
    },
    "exercise-loss": {
        "without the last position": """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")[:, :-1]
                return each[target[:, :-1] != PAD].mean()
        """,
        "the first sentence alone": """
            def loss(logits, target):
                real = target[0] != PAD
                return nn.functional.cross_entropy(logits[0][real], target[0][real])
        """,
        "the mean over positions of their means": """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                real = target != PAD
                return ((each * real).sum(0) / real.sum(0).clamp(min=1)).mean()
        """,
        "logarithms to the base of two": """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                return each[target != PAD].mean() / torch.log(torch.tensor(2.0))
        """,
        "one minus the chance": """
            def loss(logits, target):
                chance = logits.softmax(-1).gather(-1, target[..., None])[..., 0]
                return (1 - chance)[target != PAD].mean()
        """,
        "the median": """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                return each[target != PAD].median()
        """,
        "smoothed": """
            def loss(logits, target):
                real = target != PAD
                return nn.functional.cross_entropy(
                    logits[real], target[real], label_smoothing=0.1
                )
        """,
        "one too many in the count": """
            def loss(logits, target):
                each = nn.functional.cross_entropy(logits.mT, target, reduction="none")
                return each[target != PAD].sum() / ((target != PAD).sum() + 1)
        """,
    },
    "exercise-write": {
        "floats": """
            def write_one(step, state, start, end, max_steps):
                out, token = [], start
                for _ in range(max_steps):
                    scores, state = step(token, state)
                    token = float(scores.argmax())
                    if token == end:
                        break
                    out.append(token)
                return out
        """,
        "sampled": """
            def write_one(step, state, start, end, max_steps):
                out, token = [], start
                for i in range(max_steps):
                    scores, state = step(token, state)
                    token = int(scores.softmax(-1).multinomial(1))
                    if token == end:
                        break
                    out.append(token)
                return out
        """,
        "a state of its own": """
            def write_one(step, state, start, end, max_steps):
                out, token = [], start
                for i in range(max_steps):
                    scores, _ = step(token, state + i)
                    token = int(scores.argmax())
                    if token == end:
                        break
                    out.append(token)
                return out
        """,
        "an end that is favoured": """
            def write_one(step, state, start, end, max_steps):
                out, token = [], start
                for i in range(max_steps):
                    scores, state = step(token, state)
                    scores[end] += scores[end].abs()
                    token = int(scores.argmax())
                    if token == end:
                        break
                    out.append(token)
                return out
        """,
        "an end that is not favoured": """
            def write_one(step, state, start, end, max_steps):
                out, token = [], start
                for i in range(max_steps):
                    scores, state = step(token, state)
                    scores[end] -= 1
                    token = int(scores.argmax())
                    if token == end:
                        break
                    out.append(token)
                return out
        """,
        "a stop at start, too": """
            def write_one(step, state, start, end, max_steps):
                out, token = [], start
                while len(out) < max_steps:
                    scores, state = step(token, state)
                    token = int(scores.argmax())
                    if token in (start, end):
                        break
                    out.append(token)
                return out
        """,
        "start is dropped wherever it comes": """
            def write_one(step, state, start, end, max_steps):
                out, token = [], start
                for _ in range(max_steps):
                    scores, state = step(token, state)
                    token = int(scores.argmax())
                    if token == end:
                        break
                    out.append(token)
                return [token for token in out if token != start]
        """,
        "a stop at the first 0, as at a padding": """
            def write_one(step, state, start, end, max_steps):
                out, token = [], start
                while len(out) < max_steps:
                    scores, state = step(token, state)
                    token = int(scores.argmax())
                    if token == end or token == PAD:
                        break
                    out.append(token)
                return out
        """,
        "the last word first": """
            def write_one(step, state, start, end, max_steps):
                out, token = [], start
                while len(out) < max_steps:
                    scores, state = step(token, state)
                    token = int(scores.argmax())
                    if token == end:
                        break
                    out.insert(0, token)
                return out
        """,
        "only scores above 0": """
            def write_one(step, state, start, end, max_steps):
                out, token = [], start
                while len(out) < max_steps:
                    scores, state = step(token, state)
                    best = 0.0
                    for i, score in enumerate(scores.tolist()):
                        if score > best:
                            best, token = score, i
                    if token == end:
                        break
                    out.append(token)
                return out
        """,
        "no token twice": """
            def write_one(step, state, start, end, max_steps):
                out, token = [], start
                for _ in range(max_steps):
                    scores, state = step(token, state)
                    token = int(scores.argmax())
                    if token == end:
                        break
                    if token not in out:
                        out.append(token)
                return out
        """,
    },
}
