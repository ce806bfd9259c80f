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
                    other[s] = torch.randn_like(words[s])
                    moved[:, s] = (layer(other) != before).any(dim=-1)
                return moved.triu(1), (~moved).tril(-1)
        """,
        "Your changes pile up": """
            def leak_test(layer, words):
                before, other, columns = layer(words), words.clone(), []
                for s in range(len(words)):
                    other[s] = torch.randn(words.shape[1])
                    columns.append((layer(other) - before).abs().amax(dim=-1) > 1e-5)
                moved = torch.stack(columns, dim=1)
                return moved.triu(1), (~moved).tril(-1)
        """,
        "A layer that begins with a layer norm undoes your change": """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 3
                    columns.append((layer(other) - before).abs().amax(dim=-1) > 1e-5)
                moved = torch.stack(columns, dim=1)
                return moved.triu(1), (~moved).tril(-1)
        """,
        "You ask it of all of them": """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] = torch.randn_like(other[s])
                    columns.append(((layer(other) - before).abs() > 1e-5).all(dim=-1))
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
                    other[s] = torch.randn_like(other[s])
                    moved = (layer(other) - before).abs().max(dim=-1).values > 1e-5
                    for t in range(n):
                        leaks[t, s] = moved[t] and s >= t
                        blind[t, s] = not moved[t] and s < t
                return leaks, blind
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
        "Padding is not always 0": """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                return (causal_mask(n) & (tokens > 0)[:, None]) | torch.eye(n, dtype=torch.bool)
        """,
        "You hid the rows of padding": """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = (tokens != padding).unsqueeze(-1)
                return (causal_mask(n) & real) | torch.eye(n, dtype=torch.bool)
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
        "You take weights for right whose rows do not sum to one": """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                for w in suspects:
                    if (w * ~mask).any():
                        names.append("transposed")
                    elif (w.argmax(-1) == scores.masked_fill(~mask, -9e9).argmax(-1)).all():
                        names.append("right")
                    elif ((w.sum(-1) - 1).abs() > 1e-4).any():
                        names.append("after the softmax")
                    else:
                        names.append("uniform")
                return names
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
}

RIGHT = {
    "exercise-leak-test": {
        "two loops": """
            def leak_test(layer, words):
                n, before = len(words), layer(words)
                leaks, blind = torch.zeros(2, n, n).bool()
                for s in range(n):
                    other = words.clone()
                    other[s] = torch.rand(words.shape[1])
                    after = layer(other)
                    for t in range(n):
                        moved = bool((after[t] - before[t]).abs().max() > 1e-5)
                        if s > t:
                            leaks[t, s] = moved
                        elif s < t:
                            blind[t, s] = not moved
                return leaks, blind
        """,
        "large random numbers": """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] = 100 * torch.randn_like(other[s])
                    columns.append((layer(other) - before).abs().amax(-1) > 1e-5)
                moved = torch.stack(columns, -1)
                return torch.triu(moved, 1), torch.tril(~moved, -1)
        """,
        "the word times a number": """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] *= -50
                    columns.append((layer(other) - before).abs().amax(-1) > 1e-5)
                moved = torch.stack(columns, -1)
                return torch.triu(moved, 1), torch.tril(~moved, -1)
        """,
        "one number in place of the word": """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] = 99
                    columns.append((layer(other) - before).abs().amax(-1) > 1e-5)
                moved = torch.stack(columns, -1)
                return torch.triu(moved, 1), torch.tril(~moved, -1)
        """,
        "random numbers added, masks multiplied": """
            def leak_test(layer, words):
                n = len(words)
                moved = torch.empty(n, n)
                for s in range(n):
                    noise = torch.zeros_like(words)
                    noise[s] = torch.randn(words.size(1))
                    gap = layer(words + noise) - layer(words)
                    moved[:, s] = ((gap > 1e-5) | (gap < -1e-5)).any(1).float()
                future = torch.ones(n, n).triu(1)
                return moved * future > 0, (1 - moved) * future.T > 0
        """,
        "both grids in one tensor": """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] = torch.randn_like(other[s])
                    columns.append((layer(other) - before).abs().amax(-1) > 1e-5)
                moved = torch.stack(columns, -1)
                return torch.stack([torch.triu(moved, 1), torch.tril(~moved, -1)])
        """,
        "without a gradient, by numpy": """
            import numpy as np

            @torch.no_grad()
            def leak_test(layer, words):
                before = layer(words).numpy()
                moved = np.zeros((len(words), len(words)), dtype=bool)
                for s in range(len(words)):
                    other = words.clone()
                    other[s] = torch.from_numpy(np.random.default_rng(s).normal(size=len(words[s])))
                    moved[:, s] = np.abs(layer(other).numpy() - before).max(axis=1) > 1e-5
                return torch.tensor(np.triu(moved, 1)), torch.tensor(np.tril(~moved, -1))
        """,
        "two words change places in a helper": """
            def leak_test(layer, words):
                def row(s):
                    kept = [torch.randn_like(w) if i == s else w for i, w in enumerate(words)]
                    return (layer(torch.stack(kept)) - layer(words)).abs().max(dim=1)[0].gt(1e-5)

                moved = torch.stack([row(s) for s in range(len(words))]).T
                t, s = torch.meshgrid(*2 * [torch.arange(len(words))], indexing="ij")
                return [moved & (s > t), ~moved & (s < t)]
        """,
    },
    "exercise-writer-mask": {
        "loops": """
            def writer_mask(tokens, padding):
                B, S = tokens.shape
                mask = torch.zeros(B, S, S, dtype=torch.bool)
                for b in range(B):
                    for t in range(S):
                        for s in range(S):
                            mask[b, t, s] = s == t or (s < t and tokens[b, s] != padding)
                return mask
        """,
        "tril of a batch": """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = (tokens != padding)[:, None, :].expand(-1, n, -1)
                return real.tril() | torch.eye(n).bool()
        """,
        "filled in place": """
            def writer_mask(tokens, padding):
                n = tokens.size(1)
                mask = causal_mask(n).repeat(len(tokens), 1, 1)
                mask[(tokens == padding)[:, None].expand_as(mask)] = False
                mask[:, range(n), range(n)] = True
                return mask
        """,
        "positions compared": """
            def writer_mask(tokens, padding):
                s = torch.arange(tokens.shape[1])
                real = torch.where(tokens == padding, False, True).unsqueeze(1)
                earlier, same = s < s[:, None], s == s[:, None]
                return torch.logical_or(torch.logical_and(real, earlier), same)
        """,
        "the first real place": """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                begins = (tokens == padding).sum(dim=1)
                masks = []
                for begin in begins.tolist():
                    mask = torch.ones(n, n, dtype=torch.bool).tril()
                    mask[:, :begin] = False
                    masks.append(mask | torch.eye(n, dtype=torch.bool))
                return torch.stack(masks)
        """,
        "by whole numbers": """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = (tokens != padding).long()
                seen = torch.tril(torch.ones(n, n, dtype=torch.long)) * real[:, None]
                return (seen + torch.eye(n, dtype=torch.long)) > 0
        """,
        "fill_diagonal_ text by text": """
            def writer_mask(tokens, padding):
                mask = causal_mask(tokens.shape[1]) & (tokens != padding).unsqueeze(-2)
                for one in mask:
                    one.fill_diagonal_(True)
                return mask
        """,
        "einsum": """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                lower = torch.ones(n, n).tril(-1)
                seen = torch.einsum("ts,bs->bts", lower, (tokens != padding).float())
                return (seen + torch.eye(n)).bool()
        """,
        "hidden keys upside down": """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                hidden = ~causal_mask(n) | tokens.eq(padding)[:, None]
                return ~(hidden & ~torch.eye(n, dtype=torch.bool))
        """,
    },
    "exercise-diagnose": {
        "by an oracle for each": """
            def diagnose(scores, suspects):
                mask = causal_mask(*scores.shape)
                right = scores.masked_fill(~mask, -math.inf).softmax(-1)
                names = []
                for weights in suspects:
                    if torch.allclose(weights, right, atol=1e-4):
                        names.append("right")
                    elif torch.allclose(weights, scores.softmax(-1) * mask, atol=1e-4):
                        names.append("after the softmax")
                    elif torch.allclose(weights, mask / mask.sum(-1, keepdim=True), atol=1e-4):
                        names.append("uniform")
                    else:
                        names.append("transposed")
                return names
        """,
        "the nearest of three": """
            def diagnose(scores, suspects):
                mask = causal_mask(*scores.shape)
                known = {
                    "right": scores.masked_fill(~mask, -1e9).softmax(-1),
                    "after the softmax": scores.softmax(-1).where(mask, 0),
                    "uniform": mask.float() / mask.sum(-1)[:, None],
                }

                def name(weights):
                    if (weights * ~mask).sum() > 0:
                        return "transposed"
                    return min(known, key=lambda n: float((known[n] - weights).abs().sum()))

                return list(map(name, suspects))
        """,
        "sums first": """
            def diagnose(scores, suspects):
                t, s = scores.shape
                mask = torch.ones(t, s, dtype=torch.bool).tril(s - t)
                answers = []
                for w in suspects:
                    total = w.sum(dim=1)
                    if (total - 1).abs().max() > 1e-3:
                        answers += ["after the softmax"]
                    elif w[~mask].max() > 0:
                        answers += ["transposed"]
                    else:
                        first = w[-1] / w[-1].max()
                        answers += ["uniform" if first.min() > 0.999 else "right"]
                return answers
        """,
        "a tuple from a generator": """
            def diagnose(scores, suspects):
                mask = causal_mask(*scores.shape)

                def told(w):
                    if bool((w.masked_fill(mask, 0) != 0).any()):
                        return "transposed"
                    if bool((w.sum(-1) < 0.9999).any()):
                        return "after the softmax"
                    return "uniform" if float(w[-1].std()) < 1e-6 else "right"

                return tuple(told(w) for w in suspects)
        """,
        "logarithms against scores": """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                for weights in suspects:
                    if (weights[~mask] > 0).any():
                        names.append("transposed")
                        continue
                    if not torch.allclose(weights.sum(-1), torch.ones(len(weights)), atol=1e-4):
                        names.append("after the softmax")
                        continue
                    last = weights[-1].log() - scores[-1]
                    names.append("right" if last.max() - last.min() < 1e-2 else "uniform")
                return names
        """,
        "a row at a time": """
            def diagnose(scores, suspects):
                T, S = scores.shape
                names = []
                for weights in suspects:
                    name = "right"
                    for t in range(T):
                        last = S - T + t
                        row, total = weights[t].tolist(), 0.0
                        for s in range(S):
                            if s > last and row[s] > 0:
                                name = "transposed"
                            total += row[s]
                        if name == "right" and abs(total - 1) > 1e-4:
                            name = "after the softmax"
                        if name == "right" and t == T - 1 and max(row) - min(row) < 1e-6:
                            name = "uniform"
                    names.append(name)
                return names
        """,
        "numpy and words of numpy": """
            import numpy as np

            def diagnose(scores, suspects):
                mask = causal_mask(*scores.shape).numpy()
                names = np.array(["right", "uniform", "after the softmax", "transposed"])
                which = []
                for w in suspects:
                    w = w.numpy()
                    ahead, short = (w * ~mask).any(), (abs(w.sum(1) - 1) > 1e-4).any()
                    which.append(3 if ahead else 2 if short else int(np.ptp(w[-1]) < 1e-6))
                return list(names[which])
        """,
        "the oracle handed in as batch": """
            def diagnose(scores, suspects):
                if not suspects:
                    return []
                batch = torch.stack(suspects)
                mask = causal_mask(*scores.shape)
                ahead = (batch * ~mask).flatten(1).sum(1) > 0
                short = ((batch.sum(-1) - 1).abs() > 1e-4).any(1)
                right = scores.masked_fill(~mask, -math.inf).softmax(-1)
                off = ((batch - right).abs() > 1e-4).flatten(1).any(1)
                table = zip(ahead.tolist(), short.tolist(), off.tolist())
                return [
                    "transposed" if a else "after the softmax" if s else "uniform" if o else "right"
                    for a, s, o in table
                ]
        """,
    },
}
UNKNOWN = {
    "exercise-leak-test": {
        "a larger threshold": """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] = torch.randn_like(other[s])
                    columns.append((layer(other) - before).abs().amax(-1) > 1e-3)
                moved = torch.stack(columns, 1)
                return moved.triu(1), (~moved).tril(-1)
        """,
        "much is added to the whole word": """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 100
                    columns.append((layer(other) - before).abs().amax(-1) > 1e-5)
                moved = torch.stack(columns, 1)
                return moved.triu(1), (~moved).tril(-1)
        """,
        "moves in one direction": """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] = torch.randn_like(other[s])
                    columns.append((layer(other) - before).amax(-1) > 1e-5)
                moved = torch.stack(columns, 1)
                return moved.triu(1), (~moved).tril(-1)
        """,
        "number 0 alone is changed": """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s, 0] = torch.randn(())
                    columns.append((layer(other) - before).abs().amax(-1) > 1e-5)
                moved = torch.stack(columns, 1)
                return moved.triu(1), (~moved).tril(-1)
        """,
        "lengths are compared": """
            def leak_test(layer, words):
                before, columns = layer(words).norm(dim=-1), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] = torch.randn_like(other[s])
                    columns.append((layer(other).norm(dim=-1) - before).abs() > 1e-5)
                moved = torch.stack(columns, 1)
                return moved.triu(1), (~moved).tril(-1)
        """,
        "number 0 alone is looked at": """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] = torch.randn_like(other[s])
                    columns.append((layer(other) - before)[:, 0].abs() > 1e-5)
                moved = torch.stack(columns, 1)
                return moved.triu(1), (~moved).tril(-1)
        """,
        "moves that cancel": """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] = torch.randn_like(other[s])
                    columns.append((layer(other) - before).sum(-1).abs() > 1e-5)
                moved = torch.stack(columns, 1)
                return moved.triu(1), (~moved).tril(-1)
        """,
        "blind from the diagonal on": """
            def leak_test(layer, words):
                n = len(words)
                before, moved = layer(words), torch.zeros(n, n).bool()
                for s in range(n):
                    other = words.clone()
                    other[s] = torch.randn_like(other[s])
                    moved[:, s] = (layer(other) - before).abs().amax(-1) > 1e-5
                t, s = torch.arange(n)[:, None], torch.arange(n)
                return moved & (s > t), ~moved & (t >= s)
        """,
        "the layer is never asked": """
            def leak_test(layer, words):
                n = len(words)
                return torch.zeros(n, n).bool(), torch.zeros(n, n).bool()
        """,
        "the next word alone": """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] = torch.randn_like(other[s])
                    columns.append((layer(other) - before).abs().amax(-1) > 1e-5)
                moved = torch.stack(columns, 1)
                return moved.triu(1).tril(1), (~moved).tril(-1)
        """,
    },
    "exercise-writer-mask": {
        "rows of padding see all that is before": """
            def writer_mask(tokens, padding):
                real = tokens != padding
                return causal_mask(tokens.shape[1]) & (real[:, None] | ~real[:, :, None])
        """,
        "no padding, no diagonal beyond the first": """
            def writer_mask(tokens, padding):
                real = tokens != padding
                mask = causal_mask(tokens.shape[1]) & real[:, None]
                mask[:, 0, 0] = True
                return mask
        """,
        "one column too many is hidden": """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = tokens != padding
                real[:, 1:] &= real[:, :-1]
                return (causal_mask(n) & real[:, None]) | torch.eye(n, dtype=torch.bool)
        """,
        "the padding of the first text": """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = (tokens[:1] != padding)[:, None]
                mask = (causal_mask(n) & real) | torch.eye(n, dtype=torch.bool)
                return mask.expand(len(tokens), n, n)
        """,
    },
    "exercise-diagnose": {
        "each name once": """
            def diagnose(scores, suspects):
                mask = causal_mask(*scores.shape)
                left = list(range(len(suspects)))
                names = ["right"] * len(suspects)
                i = max(left, key=lambda i: float((suspects[i] * ~mask).sum()))
                names[i] = "transposed"
                left.remove(i)
                i = min(left, key=lambda i: float(suspects[i].sum()))
                names[i] = "after the softmax"
                left.remove(i)
                i = min(left, key=lambda i: float(suspects[i][-1].max()))
                names[i] = "uniform"
                return names
        """,
        "any zero is a mask": """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                for w in suspects:
                    if (w[mask] == 0).any():
                        names.append("transposed")
                    elif w.sum() < len(w) - 1e-3:
                        names.append("after the softmax")
                    elif w[0].max() - w[0][mask[0]].min() < 0.05:
                        names.append("uniform")
                    else:
                        names.append("right")
                return names[::-1]
        """,
        "the order of the first case": """
            def diagnose(scores, suspects):
                names = ["uniform", "right", "after the softmax", "transposed"]
                return names[: len(suspects)]
        """,
        "nothing known": """
            def diagnose(scores, suspects):
                return ["right"] * len(suspects)
        """,
    },
}
