"""Answers to the exercises of notebook 03, why attention helps."""

RIGHT = {
    "exercise-visits": {
        "topk": """
            def visits(weights):
                return list(dict.fromkeys(weights.topk(1).indices[:, 0].tolist()))
        """,
        "equal to the largest": """
            def visits(weights):
                out = []
                for t, s in (weights == weights.max(-1, keepdim=True).values).nonzero().tolist():
                    if s not in out:
                        out.append(s)
                return out
        """,
        "a set of what was seen": """
            def visits(weights):
                seen, out = set(), []
                for row in weights:
                    place = int(row.argmax())
                    if place not in seen:
                        seen.add(place)
                        out.append(place)
                return out
        """,
        "numpy": """
            import numpy as np

            def visits(weights):
                places = weights.numpy().argmax(axis=1)
                _, first = np.unique(places, return_index=True)
                return list(places[np.sort(first)])
        """,
        "an array": """
            import numpy as np

            def visits(weights):
                places = weights.argmax(-1).tolist()
                return np.array([p for i, p in enumerate(places) if p not in places[:i]])
        """,
        "sorted by the first visit": """
            def visits(weights):
                places = [row.index(max(row)) for row in weights.tolist()]
                return sorted(set(places), key=places.index)
        """,
        "itself, for the rest": """
            def visits(weights):
                if len(weights) == 0:
                    return []
                first = weights[0].argmax().item()
                return [first] + [place for place in visits(weights[1:]) if place != first]
        """,
        "while, in a tuple": """
            @torch.no_grad()
            def visits(weights):
                t, path = 0, ()
                while t < weights.size(0):
                    _, place = torch.max(weights[t], dim=0)
                    if int(place) not in path:
                        path += (int(place),)
                    t += 1
                return path
        """,
        "one-hot, and the first row of each column": """
            def visits(weights):
                S = weights.shape[1]
                hot = torch.nn.functional.one_hot(weights.argsort(-1)[:, -1], S)
                reached = {s: hot[:, s].argmax().item() for s in range(S) if hot[:, s].any()}
                return sorted(reached, key=reached.get)
        """,
    },
    "exercise-cost": {
        "a copy each time": """
            def cost_of_each(chance, words):
                costs = []
                for i in range(len(words)):
                    other = words.copy()
                    other[i] = "<blank>"
                    costs.append(chance(words) - chance(other))
                return costs
        """,
        "blanked and put back": """
            def cost_of_each(chance, words):
                words, costs = list(words), []
                whole = chance(words)
                for i, word in enumerate(words):
                    words[i] = "<blank>"
                    costs.append(whole - chance(words))
                    words[i] = word
                return costs
        """,
        "slices": """
            def cost_of_each(chance, words):
                p, gap = chance(words), ["<blank>"]
                return [p - chance(words[:i] + gap + words[i + 1 :]) for i in range(len(words))]
        """,
        "one word chosen by its place": """
            def cost_of_each(chance, words):
                def without(i):
                    return chance(["<blank>" if i == j else w for j, w in enumerate(words)])
                return tuple(chance(words) - without(i) for i in range(len(words)))
        """,
        "numpy": """
            import numpy as np

            def cost_of_each(chance, words):
                left = []
                for i in range(len(words)):
                    other = np.array(words, dtype=object)
                    other[i] = "<blank>"
                    left.append(chance(list(other)))
                return chance(words) - np.array(left)
        """,
        "a dictionary of places": """
            def cost_of_each(chance, words):
                before = chance(words)
                after = {}
                for i in range(len(words)):
                    other = copy.copy(words)
                    other.pop(i)
                    other.insert(i, "<blank>")
                    after[i] = chance(other)
                return [before - after[i] for i in sorted(after)]
        """,
        "map": """
            def cost_of_each(chance, words):
                rows = [list(words) for _ in words]
                for i, row in enumerate(rows):
                    row[i] = "<blank>"
                return list(map(lambda p, row: p - chance(row), [chance(words)] * len(words), rows))
        """,
        "words before and words after": """
            def cost_of_each(chance, words):
                def rest(before, after):
                    if not after:
                        return []
                    one = chance(words) - chance([*before, "<blank>", *after[1:]])
                    return [one, *rest([*before, after[0]], after[1:])]
                return rest([], words)
        """,
        "while": """
            def cost_of_each(chance, words):
                costs, i = [0.0] * len(words), len(words) - 1
                while i >= 0:
                    costs[i] = chance(words) - chance([*words[:i], "<blank>", *words[i + 1 :]])
                    i -= 1
                return costs
        """,
    },
    "exercise-gold": {
        "a mask of floats, einsum": """
            def share_on_gold(weights, alignment):
                gold = torch.zeros(weights.shape)
                for t, places in enumerate(alignment):
                    for s in places:
                        gold[t, s] = 1
                rows = torch.einsum("ts,ts->t", weights, gold)
                return rows.sum() / (gold.sum(-1) > 0).sum()
        """,
        "gold weights into a grid": """
            def share_on_gold(weights, alignment):
                on = torch.zeros(weights.shape)
                for t, places in enumerate(alignment):
                    on[t, list(places)] = weights[t, list(places)]
                n = sum(1 for p in alignment if p)
                return (on.sum() / n).item()
        """,
        "the diagonal of a matrix product": """
            def share_on_gold(weights, alignment):
                S = weights.shape[1]
                gold = torch.tensor([[float(s in p) for s in range(S)] for p in alignment])
                on = (weights[: len(gold)] @ gold.T).diagonal()
                return on.sum().item() / sum(map(bool, alignment))
        """,
        "one long row": """
            def share_on_gold(weights, alignment):
                S = weights.shape[1]
                flat = [t * S + s for t, p in enumerate(alignment) for s in p]
                return (weights.view(-1)[flat].sum() / len([p for p in alignment if p])).item()
        """,
        "scatter_add": """
            def share_on_gold(weights, alignment):
                rows = torch.tensor([t for t, p in enumerate(alignment) for _ in p])
                cols = torch.tensor([s for p in alignment for s in p])
                shares = torch.zeros(len(weights)).scatter_add(0, rows, weights[rows, cols])
                return (shares.sum() / len(rows.unique())).item()
        """,
        "index_add": """
            def share_on_gold(weights, alignment):
                rows = torch.tensor([t for t, p in enumerate(alignment) for _ in p])
                cols = torch.tensor([s for p in alignment for s in p])
                shares = torch.zeros(len(alignment)).index_add(0, rows, weights[rows, cols])
                return (shares.sum() / len(set(rows.tolist()))).item()
        """,
        "dot products": """
            def share_on_gold(weights, alignment):
                got = []
                for t, p in enumerate(alignment):
                    if not p:
                        continue
                    hot = torch.tensor([1.0 if s in p else 0.0 for s in range(weights.shape[1])])
                    got.append(torch.dot(weights[t], hot))
                return sum(got).item() / len(got)
        """,
        "batches of one row": """
            def share_on_gold(weights, alignment):
                S = weights.shape[1]
                gold = torch.stack([torch.tensor([s in p for s in range(S)]) for p in alignment])
                has, gold = gold.any(1), gold.float()
                on = torch.bmm(weights[: len(gold), None], gold[:, :, None])[:, 0, 0]
                return on[has].mean().item()
        """,
        "a tensor of one number": """
            def share_on_gold(weights, alignment):
                total = torch.zeros(1)
                n = 0
                for t, p in enumerate(alignment):
                    if p:
                        total += weights[t, list(p)].sum()
                        n += 1
                return total / n
        """,
        "without the last row, zip": """
            def share_on_gold(weights, alignment):
                rows = zip(weights[:-1].tolist(), alignment, strict=True)
                shares = [sum(row[s] for s in said) for row, said in rows if said]
                return sum(shares) / len(shares)
        """,
        "NaN for rows without gold": """
            def share_on_gold(weights, alignment):
                shares = torch.full((len(alignment),), torch.nan)
                for t, said in enumerate(alignment):
                    if len(said) > 0:
                        shares[t] = weights[t][list(said)].sum()
                return shares.nanmean()
        """,
        "numpy": """
            import numpy as np

            def share_on_gold(weights, alignment):
                w = weights.numpy().astype(float)
                return np.mean([w[t, list(p)].sum() for t, p in enumerate(alignment) if p])
        """,
    },
}

WRONG = {
    "exercise-visits": {
        "looked at again later": """
            def visits(weights):
                places = []
                for row in weights:
                    place = int(row.argmax())
                    if not places or place != places[-1]:
                        places.append(place)
                return places
        """,
        "sorted from left to right": """
            def visits(weights):
                return sorted(set(weights.argmax(dim=-1).tolist()))
        """,
        "Turn them into numbers first": """
            def visits(weights):
                seen = []
                for place in dict.fromkeys(weights.argmax(dim=-1)):
                    seen.append(place)
                return seen
        """,
        "You kept every step": """
            def visits(weights):
                return [int(row.argmax()) for row in weights]
        """,
    },
    "exercise-cost": {
        "The blanks pile up": """
            def cost_of_each(chance, words):
                before = chance(words)
                costs = []
                for i in range(len(words)):
                    words[i] = "<blank>"
                    costs.append(before - chance(words))
                return costs
        """,
        'Put "<blank>" in its place': """
            def cost_of_each(chance, words):
                whole = chance(words)
                return [whole - chance(words[:i] + words[i + 1 :]) for i in range(len(words))]
        """,
        "The sign is turned round": """
            def cost_of_each(chance, words):
                costs = []
                for i, _ in enumerate(words):
                    copy = list(words)
                    copy[i] = "<blank>"
                    costs.append(chance(copy) - chance(words))
                return costs
        """,
        "A word less was given": """
            def cost_of_each(chance, words):
                whole, costs = chance(words), []
                for i, word in enumerate(words):
                    others = [w for j, w in enumerate(words) if j != i]
                    costs.append(whole - chance(others))
                return costs
        """,
        "You took absolute values": """
            def cost_of_each(chance, words):
                whole = torch.tensor(chance(words))
                left = [chance([*words[:i], "<blank>", *words[i + 1 :]]) for i in range(len(words))]
                return (whole - torch.tensor(left)).abs().tolist()
        """,
    },
    "exercise-gold": {
        "leave its row out of the count": """
            def share_on_gold(weights, alignment):
                total = 0.0
                for t in range(len(alignment)):
                    for s in alignment[t]:
                        total += weights[t, s].item()
                return total / len(weights)
        """,
        "You divided by all rows": """
            def share_on_gold(weights, alignment):
                on = torch.zeros(len(alignment))
                for t, said in enumerate(alignment):
                    on[t] = weights[t, list(said)].sum()
                return on.mean()
        """,
        "There is NaN": """
            def share_on_gold(weights, alignment):
                shares = [weights[t, list(gold)].mean().item() for t, gold in enumerate(alignment)]
                return sum(shares) / len(shares)
        """,
        "add their weights, do not average": """
            def share_on_gold(weights, alignment):
                shares = []
                for row, gold in zip(weights, alignment):
                    if gold:
                        shares.append(sum(row[s] for s in gold) / len(gold))
                return float(sum(shares) / len(shares))
        """,
        "the last row of the weights has no tuple": """
            def share_on_gold(weights, alignment):
                shares = []
                for t in range(len(weights)):
                    if alignment[t]:
                        shares.append(weights[t, list(alignment[t])].sum().item())
                return sum(shares) / len(shares)
        """,
        "Some tokens have no gold word, or one": """
            def share_on_gold(weights, alignment):
                shares = [weights[t, said[0]].item() for t, said in enumerate(alignment)]
                return sum(shares) / len(shares)
        """,
    },
}

UNKNOWN = {
    "exercise-visits": {
        "more than half": """
            def visits(weights):
                return list(dict.fromkeys((weights > 0.5).nonzero()[:, 1].tolist()))
        """,
        "more than a tenth": """
            def visits(weights):
                return list(dict.fromkeys(s for t, s in (weights > 0.1).nonzero().tolist()))
        """,
        "rounded weights": """
            def visits(weights):
                return list(dict.fromkeys(weights.round().nonzero()[:, 1].tolist()))
        """,
        "in the order of the last visits": """
            def visits(weights):
                return list(dict.fromkeys(weights.argmax(-1).tolist()[::-1]))[::-1]
        """,
        "the most visited first": """
            def visits(weights):
                places = weights.argmax(-1).tolist()
                once = list(dict.fromkeys(places))
                return sorted(once, key=lambda place: -places.count(place))
        """,
        "only what is visited once": """
            def visits(weights):
                places = weights.argmax(-1).tolist()
                return [place for place in places if places.count(place) == 1]
        """,
        "by the column's weight": """
            def visits(weights):
                seen = set(weights.argmax(-1).tolist())
                return [s for s in weights.sum(0).argsort(descending=True).tolist() if s in seen]
        """,
        "places from 1": """
            def visits(weights):
                return [place + 1 for place in dict.fromkeys(weights.argmax(-1).tolist())]
        """,
    },
    "exercise-cost": {
        "all places of the word blanked": """
            def cost_of_each(chance, words):
                base = chance(words)
                return [
                    base - chance(["<blank>" if w == word else w for w in words]) for word in words
                ]
        """,
        "the first place of the word": """
            def cost_of_each(chance, words):
                base, out = chance(words), []
                for word in words:
                    new = list(words)
                    new[new.index(word)] = "<blank>"
                    out.append(base - chance(new))
                return out
        """,
        "text replaced": """
            def cost_of_each(chance, words):
                base, text = chance(words), " ".join(words)
                return [base - chance(text.replace(w, "<blank>").split()) for w in words]
        """,
        "one number for equal words": """
            def cost_of_each(chance, words):
                base = chance(words)
                return [
                    base - chance([w if w != word else "<blank>" for w in words])
                    for word in dict.fromkeys(words)
                ]
        """,
        "the next word blanked": """
            def cost_of_each(chance, words):
                n, base, out = len(words), chance(words), []
                for i in range(n):
                    new = list(words)
                    new[(i + 1) % n] = "<blank>"
                    out.append(base - chance(new))
                return out
        """,
        "another blank": """
            def cost_of_each(chance, words):
                base = chance(words)
                return [base - chance([*words[:i], "", *words[i + 1 :]]) for i in range(len(words))]
        """,
        "nothing below zero": """
            def cost_of_each(chance, words):
                base, n = chance(words), len(words)
                left = [chance([*words[:i], "<blank>", *words[i + 1 :]]) for i in range(n)]
                return [max(0.0, base - p) for p in left]
        """,
        "a share of the whole": """
            def cost_of_each(chance, words):
                base, n = chance(words), len(words)
                left = [chance([*words[:i], "<blank>", *words[i + 1 :]]) for i in range(n)]
                return [(base - p) / base for p in left]
        """,
    },
    "exercise-gold": {
        "zip, strict": """
            def share_on_gold(weights, alignment):
                pairs = zip(weights, alignment, strict=True)
                shares = [row[list(p)].sum().item() for row, p in pairs if p]
                return sum(shares) / len(shares)
        """,
        "a mask without the last row": """
            def share_on_gold(weights, alignment):
                gold = torch.zeros(len(alignment), weights.shape[1])
                for t, p in enumerate(alignment):
                    gold[t, list(p)] = 1
                on = (weights * gold).sum(-1)
                return on[gold.any(-1)].mean().item()
        """,
        "from the first gold word to the last": """
            def share_on_gold(weights, alignment):
                shares = [weights[t, p[0] : p[-1] + 1].sum() for t, p in enumerate(alignment) if p]
                return torch.stack(shares).mean()
        """,
        "not divided, and one row too few": """
            def share_on_gold(weights, alignment):
                shares = [weights[t, list(p)].sum() for t, p in enumerate(alignment) if p]
                return sum(shares[1:], torch.tensor(0.0))
        """,
        "the heaviest gold word": """
            def share_on_gold(weights, alignment):
                shares = [weights[t, list(p)].max() for t, p in enumerate(alignment) if p]
                return torch.stack(shares).mean()
        """,
        "one place too far": """
            def share_on_gold(weights, alignment):
                S = weights.shape[1]
                shares = [
                    weights[t, [(s + 1) % S for s in p]].sum() for t, p in enumerate(alignment) if p
                ]
                return float(torch.stack(shares).mean())
        """,
        "the median": """
            def share_on_gold(weights, alignment):
                shares = [weights[t, list(p)].sum() for t, p in enumerate(alignment) if p]
                return torch.stack(shares).median().item()
        """,
        "the gold of the next row": """
            def share_on_gold(weights, alignment):
                shares = [weights[t + 1, list(p)].sum() for t, p in enumerate(alignment) if p]
                return torch.stack(shares).mean()
        """,
    },
}
