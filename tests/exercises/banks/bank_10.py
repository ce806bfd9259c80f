"""Answers to the exercises of notebook 10, the whole block."""

RIGHT = {
    "exercise-block": {
        "one line": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                return (h := x + attention(norm_1(x))) + feed_forward(norm_2(h))
        """,
        "a loop over the two halves": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                for norm, layer in ((norm_1, attention), (norm_2, feed_forward)):
                    x = x + layer(norm(x))
                return x
        """,
        "a residual function": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                def residual(norm, layer):
                    return lambda x: x.add(layer(norm(x)))

                return residual(norm_2, feed_forward)(residual(norm_1, attention)(x))
        """,
        "in place, on its own copy": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = x.clone()
                x += attention(norm_1(x))
                x += feed_forward(norm_2(x))
                return x
        """,
        "a module": """
            class Residual(nn.Module):
                def __init__(self, norm, layer):
                    super().__init__()
                    self.norm, self.layer = norm, layer

                def forward(self, x):
                    return x + self.layer(self.norm(x))

            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                return nn.Sequential(Residual(norm_1, attention), Residual(norm_2, feed_forward))(x)
        """,
        "all that is added, summed at the end": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                parts = [x]
                parts.append(attention(norm_1(x)))
                parts.append(feed_forward(norm_2(sum(parts))))
                return torch.stack(parts).sum(dim=0)
        """,
        "reduce": """
            from functools import reduce

            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                halves = [(norm_1, attention), (norm_2, feed_forward)]
                return reduce(lambda x, half: torch.add(x, half[1](half[0](x))), halves, x)
        """,
        "recursion": """
            def wire_block(x, *parts):
                if not parts:
                    return x
                norm, layer, *rest = parts
                return wire_block(layer(norm(x)) + x, *rest)
        """,
        "without a gradient": """
            @torch.no_grad()
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                residual = x
                x = norm_1(x)
                x = attention(x)
                x = x + residual
                residual = x
                x = norm_2(x)
                x = feed_forward(x)
                return x + residual
        """,
    },
    "exercise-bits": {
        "shape (1,), by gather": """
            def bits_of(chances, text):
                return -chances.gather(1, text[:, None]).log2().mean(dim=0)
        """,
        "shape (1,), keepdim": """
            def bits_of(chances, text):
                came = chances[torch.arange(len(text)), text]
                return -came.log2().mean(dim=-1, keepdim=True)
        """,
        "a loop, with math": """
            def bits_of(chances, text):
                return sum(-math.log2(row[c]) for row, c in zip(chances, text)) / len(text)
        """,
        "a loop, bits by bits": """
            def bits_of(chances, text):
                total, t = 0.0, 0
                while t < len(text):
                    total += torch.log2(1 / chances[t, text[t]])
                    t += 1
                return total / t
        """,
        "nats divided by log 2": """
            def bits_of(chances, text):
                return nn.functional.nll_loss(chances.log(), text) / math.log(2)
        """,
        "cross-entropy of the logarithms": """
            def bits_of(chances, text):
                return nn.functional.cross_entropy(torch.log(chances), text) / math.log(2)
        """,
        "one-hot and a sum": """
            def bits_of(chances, text):
                hot = nn.functional.one_hot(text, chances.shape[1])
                return -(hot * chances.log2()).sum() / len(text)
        """,
        "the chance of the whole text": """
            def bits_of(chances, text):
                came = chances.double()[range(len(text)), text]
                return -came.prod().log2() / len(text)
        """,
        "the diagonal": """
            def bits_of(chances, text):
                return chances[:, text].diagonal().log2().neg().mean()
        """,
        "a little added, against a chance of 0": """
            def bits_of(chances, text):
                came = chances[torch.arange(len(text)), text]
                return -torch.log2(came + 1e-9).mean()
        """,
        "NumPy": """
            import numpy as np

            def bits_of(chances, text):
                p = chances.numpy()[np.arange(len(text)), text.numpy()]
                return -np.log2(p).mean()
        """,
        "einsum": """
            def bits_of(chances, text):
                hot = torch.eye(chances.shape[1])[text]
                return -torch.einsum("tv,tv->t", chances, hot).log2().mean()
        """,
        "a comprehension": """
            def bits_of(chances, text):
                bits = [-chances[t][c].log2() for t, c in enumerate(text.tolist())]
                return torch.tensor(bits).mean()
        """,
        "another base": """
            def bits_of(chances, text):
                came = torch.take_along_dim(chances, text.unsqueeze(1), dim=1)
                return (came.log10() / math.log10(0.5)).mean()
        """,
    },
    "exercise-top-k": {
        "scatter": """
            def top_k(logits, k):
                best = logits.topk(k)
                return torch.zeros_like(logits).scatter(1, best.indices, best.values.softmax(-1))
        """,
        "scatter of logits, in place": """
            def top_k(logits, k):
                values, places = torch.topk(logits, k, dim=-1)
                kept = torch.full_like(logits, float("-inf"))
                kept.scatter_(-1, places, values)
                return nn.functional.softmax(kept, dim=-1)
        """,
        "sort": """
            def top_k(logits, k):
                limit = logits.sort(dim=1, descending=True).values[:, k - 1].unsqueeze(1)
                return torch.where(logits >= limit, logits, -torch.inf).softmax(dim=1)
        """,
        "row by row": """
            def top_k(logits, k):
                out = torch.zeros_like(logits)
                for row, kept in zip(logits, out):
                    places = row.argsort()[-k:]
                    kept[places] = row[places].softmax(dim=0)
                return out
        """,
        "chances, divided by their sum": """
            def top_k(logits, k):
                p = logits.softmax(dim=-1)
                limit = p.topk(k).values.min(dim=-1, keepdim=True).values
                p[p < limit] = 0
                return p / p.sum(dim=-1, keepdim=True)
        """,
        "ranks": """
            def top_k(logits, k):
                rank = logits.argsort(descending=True).argsort()
                return logits.masked_fill(rank >= k, -math.inf).softmax(dim=-1)
        """,
        "the k-th smallest from the other end": """
            def top_k(logits, k):
                limit, _ = logits.kthvalue(logits.shape[1] - k + 1, dim=1, keepdim=True)
                out = logits.clone()
                out[out < limit] = -torch.inf
                return out.softmax(1)
        """,
        "how many are larger": """
            def top_k(logits, k):
                larger = (logits[:, None] > logits[:, :, None]).sum(dim=-1)
                powers = (logits - logits.amax(1, keepdim=True)).exp() * (larger < k)
                return powers / powers.sum(1, keepdim=True)
        """,
        "a large negative number": """
            def top_k(logits, k):
                return logits.masked_fill(logits < logits.topk(k).values[:, -1:], -1e9).softmax(-1)
        """,
        "lists": """
            def top_k(logits, k):
                rows = []
                for row in logits.tolist():
                    limit = sorted(row)[-k]
                    powers = [math.exp(x) if x >= limit else 0 for x in row]
                    rows.append([p / sum(powers) for p in powers])
                return torch.tensor(rows)
        """,
        "the largest taken away, k times": """
            def top_k(logits, k):
                left, kept = logits.clone(), torch.full_like(logits, -torch.inf)
                for _ in range(k):
                    best = left.argmax(dim=-1, keepdim=True)
                    kept.scatter_(1, best, logits.gather(1, best))
                    left.scatter_(1, best, -torch.inf)
                return kept.softmax(dim=-1)
        """,
        "NumPy, double": """
            import numpy as np

            def top_k(logits, k):
                x = logits.numpy().astype(float)
                x = np.where(x < np.sort(x)[:, [-k]], -np.inf, x)
                p = np.exp(x - x.max(1, keepdims=True))
                return torch.from_numpy(p / p.sum(1, keepdims=True))
        """,
    },
}

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
        "The norm is only for the layer to read": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = x + attention(norm_1(x))
                normed = norm_2(x)
                return normed + feed_forward(normed)
        """,
        "The second line starts from the old x": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                h = x + attention(norm_1(x))
                return x + feed_forward(norm_2(h))
        """,
        "`attention` returns the new tensor alone here": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                context = attention(norm_1(x))[0]
                x = x + context
                return x + feed_forward(norm_2(x))
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
        "has to be a column to meet": """
            def top_k(logits, k):
                limit = torch.topk(logits, k).values[:, -1]
                logits = logits.masked_fill(logits < limit, float("-inf"))
                return torch.softmax(logits, dim=-1)
        """,
        "`[:, -1:]` or `keepdim=True`": """
            def top_k(logits, k):
                p = logits.softmax(dim=-1)
                p = p * (logits >= logits.topk(k).values[:, -1:])
                return p / p.sum(dim=-1)
        """,
        "A logit of 0 is not nothing": """
            def top_k(logits, k):
                values, places = logits.topk(k)
                kept = torch.zeros_like(logits).scatter(1, places, values)
                return kept.softmax(dim=-1)
        """,
    },
}

UNKNOWN = {
    "exercise-block": {
        "a last norm": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = x + attention(norm_1(x))
                x = x + feed_forward(norm_2(x))
                return norm_2(x)
        """,
        "norms after the layers": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = x + norm_1(attention(x))
                return x + norm_2(feed_forward(x))
        """,
        "feed-forward reads what attention brought, alone": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                brought = attention(norm_1(x))
                return x + brought + feed_forward(norm_2(brought))
        """,
        "the input added twice": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                h = x + attention(norm_1(x))
                return x + h + feed_forward(norm_2(h))
        """,
        "means in place of sums": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = (x + attention(norm_1(x))) / 2
                return (x + feed_forward(norm_2(x))) / 2
        """,
        "subtracted": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = x - attention(norm_1(x))
                return x - feed_forward(norm_2(x))
        """,
        "both layers, twice": """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                for _ in range(2):
                    x = x + attention(norm_1(x))
                    x = x + feed_forward(norm_2(x))
                return x
        """,
    },
    "exercise-bits": {
        "base 10": """
            def bits_of(chances, text):
                return -chances[torch.arange(len(text)), text].log10().mean()
        """,
        "divided by the number of characters there are": """
            def bits_of(chances, text):
                return -chances[torch.arange(len(text)), text].log2().sum() / chances.shape[1]
        """,
        "nats times log 2": """
            def bits_of(chances, text):
                came = chances[torch.arange(len(text)), text]
                return -came.log().mean() * math.log(2)
        """,
        "the likeliest in place of what came": """
            def bits_of(chances, text):
                return -chances.max(dim=-1).values.log2().mean()
        """,
        "the median": """
            def bits_of(chances, text):
                return -chances[torch.arange(len(text)), text].log2().median()
        """,
        "the last character alone": """
            def bits_of(chances, text):
                return -chances[-1, text[-1]].log2()
        """,
        "one place further": """
            def bits_of(chances, text):
                return -chances[:-1].gather(1, text[1:, None]).log2().mean()
        """,
        "whole bits": """
            def bits_of(chances, text):
                return (-chances[torch.arange(len(text)), text].log2()).ceil().mean()
        """,
        "each kind of character once": """
            def bits_of(chances, text):
                bits = {c: -chances[t, c].log2() for t, c in enumerate(text.tolist())}
                return torch.stack(list(bits.values())).mean()
        """,
    },
    "exercise-top-k": {
        "filled with -10": """
            def top_k(logits, k):
                return logits.masked_fill(logits < logits.topk(k).values[:, -1:], -10).softmax(-1)
        """,
        "filled with -20": """
            def top_k(logits, k):
                return logits.masked_fill(logits < logits.topk(k).values[:, -1:], -20).softmax(-1)
        """,
        "the best alone": """
            def top_k(logits, k):
                limit = logits.amax(dim=-1, keepdim=True)
                return logits.masked_fill(logits < limit, -math.inf).softmax(dim=-1)
        """,
        "one too many": """
            def top_k(logits, k):
                limit = logits.topk(k + 1).values[:, -1:]
                return logits.masked_fill(logits < limit, -math.inf).softmax(dim=-1)
        """,
        "softmax twice": """
            def top_k(logits, k):
                p = logits.softmax(dim=-1)
                return p.masked_fill(p < p.topk(k).values[:, -1:], -math.inf).softmax(dim=-1)
        """,
        "the first k of a row": """
            def top_k(logits, k):
                out = logits.clone()
                out[:, k:] = -math.inf
                return out.softmax(dim=-1)
        """,
        "logits divided by their sum": """
            def top_k(logits, k):
                kept = logits * (logits >= logits.topk(k).values[:, -1:])
                return kept / kept.sum(dim=-1, keepdim=True)
        """,
        "the k share equally": """
            def top_k(logits, k):
                return (logits >= logits.topk(k).values[:, -1:]).float() / k
        """,
        "the limit of the first row": """
            def top_k(logits, k):
                limit = logits[0].topk(k).values[-1]
                return logits.masked_fill(logits < limit, -math.inf).softmax(dim=-1)
        """,
    },
}
