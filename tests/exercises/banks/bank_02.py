"""Answers to the exercises of notebook 02, attention."""

RIGHT = {
    "exercise-attend": {
        "from memory": """
            def attend_masked(query, key, value, mask):
                scores = torch.bmm(query, key.transpose(1, 2))
                scores = torch.where(mask.unsqueeze(1), scores, -math.inf)
                weights = torch.softmax(scores, dim=2)
                return torch.bmm(weights, value), weights
        """,
        "einsum": """
            def attend_masked(query, key, value, mask):
                scores = torch.einsum("bte,bse->bts", query, key)
                scores = scores + torch.zeros(mask.shape).masked_fill(~mask, -math.inf)[:, None]
                weights = scores.softmax(-1)
                return torch.einsum("bts,bse->bte", weights, value), weights
        """,
        "PyTorch's, asked twice": """
            def attend_masked(query, key, value, mask):
                def ask(values):
                    return scaled_dot_product_attention(
                        query, key, values, attn_mask=mask[:, None], scale=1.0
                    )
                names = torch.eye(key.shape[1]).expand(len(key), -1, -1)
                return ask(value), ask(names)
        """,
        "the lowest number there is": """
            def attend_masked(query, key, value, mask):
                scores = query @ key.mT
                lowest = torch.finfo(scores.dtype).min
                weights = scores.masked_fill(mask[:, None] == False, lowest).softmax(dim=-1)
                return [weights @ value, weights]
        """,
        "each sentence cut to its length": """
            def attend_masked(query, key, value, mask):
                weights = torch.zeros(len(query), query.shape[1], key.shape[1])
                for b, n in enumerate(mask.sum(dim=1).tolist()):
                    weights[b, :, :n] = (query[b] @ key[b, :n].T).softmax(dim=-1)
                return weights @ value, weights
        """,
        "masked after the softmax, and divided again": """
            def attend_masked(query, key, value, mask):
                weights = (query @ key.mT).double().softmax(dim=-1) * mask[:, None]
                weights = weights / weights.sum(dim=-1, keepdim=True)
                return weights @ value.double(), weights
        """,
        "exponentials times the mask": """
            def attend_masked(query, key, value, mask):
                scores = query @ key.mT
                largest = scores.masked_fill(~mask[:, None], -1e9).amax(-1, keepdim=True)
                powers = torch.exp((scores - largest).clamp(max=0)) * mask[:, None]
                weights = powers / powers.sum(-1, keepdim=True)
                return weights @ value, weights
        """,
        "query by query": """
            @torch.no_grad()
            def attend_masked(query, key, value, mask):
                weights = torch.zeros(*query.shape[:2], key.shape[1])
                context = torch.zeros_like(query)
                for b in range(query.size(0)):
                    places = mask[b].nonzero().flatten()
                    for t in range(query.size(1)):
                        shares = (key[b, places] @ query[b, t]).softmax(0)
                        weights[b, t, places] = shares
                        context[b, t] = shares @ value[b, places]
                return context, weights
        """,
        "numpy": """
            import numpy as np

            def attend_masked(query, key, value, mask):
                q, k, v, m = (x.numpy() for x in (query, key, value, mask))
                s = np.where(m[:, None], q @ k.transpose(0, 2, 1), -np.inf)
                e = np.exp(s - s.max(-1, keepdims=True))
                w = e / e.sum(-1, keepdims=True)
                return torch.from_numpy(w @ v), torch.from_numpy(w)
        """,
        "written into a copy": """
            def attend_masked(query, key, value, mask):
                scores = query @ key.mT
                hidden = mask.logical_not()[:, None, :].expand(-1, scores.shape[1], -1)
                scores[hidden] = float("-inf")
                weights = nn.Softmax(dim=-1)(scores)
                return weights.matmul(value), weights
        """,
    },
    "exercise-looks": {
        "argsort, last": """
            def looks(weights, words):
                return [words[i] for i in weights.argsort(dim=-1)[:, -1]]
        """,
        "an array of words": """
            import numpy as np

            def looks(weights, words):
                return list(np.array(words)[weights.argmax(-1).numpy()])
        """,
        "an array of words, as it is": """
            import numpy as np

            def looks(weights, words):
                return np.array(words)[weights.numpy().argmax(axis=1)]
        """,
        "words from an array, one by one": """
            import numpy as np

            def looks(weights, words):
                words = np.array(words)
                return [words[row.argmax()] for row in weights]
        """,
        "the largest of pairs": """
            def looks(weights, words):
                rows = weights.tolist()
                return [words[max((w, i) for i, w in enumerate(row))[1]] for row in rows]
        """,
        "searched from the right": """
            def looks(weights, words):
                n = len(words)
                return [words[n - 1 - int(row.flip(0).argmax())] for row in weights]
        """,
        "reduce": """
            from functools import reduce

            def looks(weights, words):
                def better(a, b):
                    return a if a[0] > b[0] else b
                return [reduce(better, zip(row.tolist(), words))[1] for row in weights]
        """,
        "heapq": """
            import heapq

            def looks(weights, words):
                return [heapq.nlargest(1, zip(row.tolist(), words))[0][1] for row in weights]
        """,
        "topk": """
            def looks(weights, words):
                out = []
                for t in range(weights.shape[0]):
                    values, places = weights[t].topk(1)
                    out.append(words[places.item()])
                return out
        """,
        "max, in a tuple": """
            def looks(weights, words):
                _, places = weights.max(dim=1)
                return tuple(words[p] for p in places)
        """,
        "equal to the largest": """
            def looks(weights, words):
                best = weights == weights.amax(dim=1, keepdim=True)
                return [words[s] for _, s in best.nonzero().tolist()]
        """,
        "while": """
            def looks(weights, words):
                rows, out = weights.tolist(), []
                while rows:
                    row = rows.pop(0)
                    out += [words[row.index(max(row))]]
                return out
        """,
    },
    "exercise-additive": {
        "three loops": """
            def additive_scores(query, key, from_query, from_key, to_score):
                out = torch.zeros(query.shape[0], query.shape[1], key.shape[1])
                for b in range(out.shape[0]):
                    for t in range(out.shape[1]):
                        for s in range(out.shape[2]):
                            both = query[b, t] @ from_query + key[b, s] @ from_key
                            out[b, t, s] = both.tanh() @ to_score
                return out
        """,
        "einsum": """
            def additive_scores(query, key, from_query, from_key, to_score):
                q = torch.einsum("bte,ed->btd", query, from_query)[:, :, None, :]
                k = torch.einsum("bse,ed->bsd", key, from_key)[:, None, :, :]
                return torch.einsum("btsd,d->bts", torch.tanh(q + k), to_score)
        """,
        "one query at a time": """
            def additive_scores(query, key, from_query, from_key, to_score):
                k = key @ from_key
                rows = [((q @ from_query)[:, None] + k).tanh() @ to_score for q in query.unbind(1)]
                return torch.stack(rows, dim=1)
        """,
        "times and sum": """
            def additive_scores(query, key, from_query, from_key, to_score):
                q, k = (query @ from_query).unsqueeze(2), (key @ from_key).unsqueeze(1)
                return (torch.tanh(q + k) * to_score).sum(dim=-1)
        """,
        "repeated to full size": """
            def additive_scores(query, key, from_query, from_key, to_score):
                T, S = query.shape[1], key.shape[1]
                q = (query @ from_query).unsqueeze(2).repeat(1, 1, S, 1)
                k = (key @ from_key).unsqueeze(1).repeat(1, T, 1, 1)
                return torch.matmul(torch.tanh(q + k), to_score.unsqueeze(-1)).squeeze(-1)
        """,
        "both in one, with one matrix": """
            def additive_scores(query, key, from_query, from_key, to_score):
                B, T, E = query.shape
                S = key.shape[1]
                pairs = torch.cat(
                    [query[:, :, None].expand(B, T, S, E), key[:, None].expand(B, T, S, E)], dim=-1
                )
                return torch.tanh(pairs @ torch.cat([from_query, from_key])) @ to_score
        """,
        "numpy": """
            import numpy as np

            def additive_scores(query, key, from_query, from_key, to_score):
                q, k, wq, wk, v = (
                    x.numpy() for x in (query, key, from_query, from_key, to_score)
                )
                return torch.tensor(np.tanh((q @ wq)[:, :, None] + (k @ wk)[:, None]) @ v)
        """,
        "tanh by hand, in double precision": """
            def additive_scores(query, key, from_query, from_key, to_score):
                q, k = query.double() @ from_query.double(), key.double() @ from_key.double()
                up = 2 * (q.unsqueeze(2) + k.unsqueeze(1))
                return (2 / (1 + torch.exp(-up)) - 1) @ to_score.double()
        """,
        "hidden unit by hidden unit": """
            @torch.no_grad()
            def additive_scores(query, key, from_query, from_key, to_score):
                scores = 0
                for d in range(len(to_score)):
                    q, k = query @ from_query[:, d], key @ from_key[:, d]
                    scores = scores + to_score[d] * torch.tanh(q[..., None] + k[:, None])
                return scores
        """,
    },
}

WRONG = {
    "exercise-attend": {
        "give it that axis: `mask[:, None]`": """
            def attend_masked(query, key, value, mask):
                weights = torch.softmax(query @ key.transpose(-2, -1), dim=-1)
                weights = weights * mask
                weights = weights / weights.sum(dim=-1, keepdim=True)
                return weights @ value, weights
        """,
        "`query @ key.mT` pairs all with all": """
            def attend_masked(query, key, value, mask):
                scores = (query * key).sum(dim=-1)
                weights = scores.masked_fill(~mask, -torch.inf).softmax(dim=-1)
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
        "You divided the scores by √E": """
            def attend_masked(query, key, value, mask):
                scores = query @ key.mT / query.shape[-1] ** 0.5
                weights = torch.where(mask[:, None], scores, -1e9).softmax(dim=-1)
                return weights @ value, weights
        """,
        "A score of 0 is not nothing": """
            def attend_masked(query, key, value, mask):
                weights = (query @ (key * mask[..., None]).mT).softmax(dim=-1)
                return weights @ value, weights
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
        "get the least attention": """
            def looks(weights, words):
                return [words[i] for i in weights.argsort(dim=-1)[:, 0]]
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
        "the two do not fit as they are": """
            def additive_scores(query, key, from_query, from_key, to_score):
                return torch.tanh((query @ from_query) * (key @ from_key)) @ to_score
        """,
    },
}

UNKNOWN = {
    "exercise-attend": {
        "filled with -20": """
            def attend_masked(query, key, value, mask):
                w = (query @ key.mT).masked_fill(~mask[:, None], -20).softmax(-1)
                return w @ value, w
        """,
        "filled with -50": """
            def attend_masked(query, key, value, mask):
                w = (query @ key.mT).masked_fill(~mask[:, None], -50).softmax(-1)
                return w @ value, w
        """,
        "-20 added, and no shift": """
            def attend_masked(query, key, value, mask):
                s = query @ key.mT - 20.0 * (~mask)[:, None]
                e = s.exp()
                w = e / e.sum(-1, keepdim=True)
                return w @ value, w
        """,
        "the values masked, not the weights": """
            def attend_masked(query, key, value, mask):
                weights = (query @ key.mT).softmax(-1)
                return weights @ (value * mask[..., None]), weights
        """,
        "one sentence's mask for all": """
            def attend_masked(query, key, value, mask):
                weights = (query @ key.mT).masked_fill(~mask[-1], -torch.inf).softmax(-1)
                return weights @ value, weights
        """,
        "the scores divided by E": """
            def attend_masked(query, key, value, mask):
                scores = query @ key.mT / query.shape[-1]
                weights = scores.masked_fill(~mask[:, None], -torch.inf).softmax(-1)
                return weights @ value, weights
        """,
        "angles alone": """
            def attend_masked(query, key, value, mask):
                q, k = (nn.functional.normalize(x, dim=-1) for x in (query, key))
                scores = q @ k.mT
                weights = scores.masked_fill(~mask[:, None], -torch.inf).softmax(-1)
                return weights @ value, weights
        """,
        "the last word taken for padding": """
            def attend_masked(query, key, value, mask):
                real = mask.clone()
                real[:, -1] = real.shape[1] == 1
                weights = (query @ key.mT).masked_fill(~real[:, None], -torch.inf).softmax(-1)
                return weights @ value, weights
        """,
    },
    "exercise-looks": {
        "of a word that comes twice, one place is left": """
            def looks(weights, words):
                out = []
                for row in weights.tolist():
                    by_word = dict(zip(words, row))
                    out.append(max(by_word, key=by_word.get))
                return out
        """,
        "weights of equal words added up": """
            def looks(weights, words):
                out = []
                for row in weights.tolist():
                    by_word = {}
                    for word, weight in zip(words, row):
                        by_word[word] = by_word.get(word, 0) + weight
                    out.append(max(by_word, key=by_word.get))
                return out
        """,
        "each word once": """
            def looks(weights, words):
                return list(dict.fromkeys(words[i] for i in weights.argmax(-1)))
        """,
        "more than half": """
            def looks(weights, words):
                return [words[s] for _, s in (weights > 0.5).nonzero().tolist()]
        """,
        "the second": """
            def looks(weights, words):
                n = min(2, len(words))
                return [words[row.topk(n).indices[-1]] for row in weights]
        """,
        "never the word of the row before": """
            def looks(weights, words):
                out = []
                for row in weights:
                    for i in row.argsort(descending=True):
                        if not out or words[i] != out[-1] or len(words) == 1:
                            out.append(words[i])
                            break
                return out
        """,
        "in alphabetical order": """
            def looks(weights, words):
                return sorted(words[i] for i in weights.argmax(-1))
        """,
    },
    "exercise-additive": {
        "key minus query": """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (key @ from_key)[:, None] - (query @ from_query)[:, :, None]
                return torch.tanh(pairs) @ to_score
        """,
        "one matrix for both": """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query @ from_query)[:, :, None] + (key @ from_query)[:, None]
                return torch.tanh(pairs) @ to_score
        """,
        "divided by the root of the width": """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query @ from_query)[:, :, None] + (key @ from_key)[:, None]
                return torch.tanh(pairs) @ to_score / len(to_score) ** 0.5
        """,
        "half the slope": """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query @ from_query)[:, :, None] + (key @ from_key)[:, None]
                return (2 * torch.sigmoid(pairs) - 1) @ to_score
        """,
        "tanh's straight middle": """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query @ from_query)[:, :, None] + (key @ from_key)[:, None]
                return pairs.clamp(-1, 1) @ to_score
        """,
        "the first query for all": """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query[:, :1] @ from_query)[:, :, None] + (key @ from_key)[:, None]
                return (torch.tanh(pairs) @ to_score).expand(-1, query.shape[1], -1)
        """,
        "keys alone": """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = torch.zeros_like(query @ from_query)[:, :, None] + (key @ from_key)[:, None]
                return torch.tanh(pairs) @ to_score
        """,
    },
}
