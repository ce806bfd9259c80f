"""Answers to the exercises of notebook 11, full circle."""

RIGHT = {
    "exercise-cross-attend": {
        "bmm and a large negative number": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = x.matmul(to_query), memory.matmul(to_key), memory.matmul(to_value)
                scores = torch.bmm(q, k.transpose(1, 2)) / q.size(-1) ** 0.5
                scores = scores.masked_fill(~real.unsqueeze(1), -1e9)
                return torch.bmm(torch.softmax(scores, dim=2), v)
        """,
        "PyTorch's own": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = x @ to_query, memory @ to_key, memory @ to_value
                mask = real[:, None].expand(-1, x.shape[1], -1)
                return nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        """,
        "einsum, double": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                x, memory = x.double(), memory.double()
                q = torch.einsum("bte,ed->btd", x, to_query.double())
                k = torch.einsum("bse,ed->bsd", memory, to_key.double())
                v = torch.einsum("bse,ed->bsd", memory, to_value.double())
                scores = torch.einsum("btd,bsd->bts", q, k) / q.shape[2] ** 0.5
                powers = scores.exp() * real[:, None]
                return torch.einsum("bts,bsd->btd", powers / powers.sum(2, keepdim=True), v)
        """,
        "query by query": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                out = torch.zeros(*x.shape[:2], to_value.shape[1])
                for b in range(len(x)):
                    there = memory[b][real[b]]
                    for t in range(x.shape[1]):
                        scores = (there @ to_key) @ (x[b, t] @ to_query)
                        weights = (scores / to_key.shape[1] ** 0.5).softmax(0)
                        out[b, t] = weights @ (there @ to_value)
                return out
        """,
        "the values blended before their matrix": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                scores = x @ (to_query @ to_key.T) @ memory.mT / to_query.shape[1] ** 0.5
                weights = torch.where(real[:, None], scores, -torch.inf).softmax(dim=-1)
                return weights @ memory @ to_value
        """,
        "scores on their side": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                query = x @ to_query / to_query.shape[-1] ** 0.5
                scores = (memory @ to_key) @ query.mT
                scores[~real] = -torch.inf
                return scores.softmax(dim=1).mT @ (memory @ to_value)
        """,
        "a mask that is added": """
            import math

            @torch.no_grad()
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                bias = torch.zeros(real.shape).masked_fill(real.logical_not(), -math.inf)
                q, k, v = x @ to_query, memory @ to_key, memory @ to_value
                scores = scaled_dot_scores(q, k) + bias[:, None, :]
                return nn.functional.softmax(scores, -1) @ v
        """,
        "softmax by hand": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                query, key = x @ to_query, memory @ to_key
                scores = (query[:, :, None] * key[:, None]).sum(-1) / query.shape[-1] ** 0.5
                scores = scores.masked_fill(~real[:, None], torch.finfo(scores.dtype).min)
                powers = torch.exp(scores - scores.max(dim=-1, keepdim=True).values)
                powers = powers / powers.sum(dim=-1, keepdim=True)
                return (powers[..., None] * (memory @ to_value)[:, None]).sum(2)
        """,
        "masked after the softmax, and shared out again": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = x @ to_query, memory @ to_key, memory @ to_value
                weights = (q @ k.mT / q.shape[-1] ** 0.5).double().softmax(-1) * real[:, None]
                weights = weights / weights.sum(-1, keepdim=True)
                return weights.float() @ v
        """,
        "text by text": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                def look(asks, read, there):
                    scores = asks @ to_query @ (read @ to_key).T / to_query.shape[1] ** 0.5
                    scores[:, ~there] = -torch.inf
                    return scores.softmax(-1) @ (read @ to_value)

                return torch.stack([look(*each) for each in zip(x, memory, real)])
        """,
    },
    "exercise-no-peeking": {
        "pad and tril": """
            def prepare(target, start):
                n = target.size(1)
                read = nn.functional.pad(target[:, :-1], (1, 0), value=start)
                return read, torch.tril(torch.ones(n, n)).bool()
        """,
        "roll, and start over the first": """
            def prepare(target, start):
                read = target.roll(1, dims=1)
                read[:, 0] = start
                return read, causal_mask(target.shape[1])
        """,
        "lists": """
            def prepare(target, start):
                rows = [[start, *row[:-1]] for row in target.tolist()]
                n = len(rows[0])
                mask = [[s <= t for s in range(n)] for t in range(n)]
                return [torch.tensor(rows), torch.tensor(mask)]
        """,
        "written into zeros": """
            def prepare(target, start):
                read = torch.zeros_like(target)
                read[:, 0] = start
                read[:, 1:] = target[:, :-1]
                n = target.shape[1]
                mask = torch.zeros(n, n, dtype=torch.bool)
                for t in range(n):
                    mask[t, : t + 1] = True
                return read, mask
        """,
        "an upper triangle turned over": """
            def prepare(target, start):
                B, T = target.shape
                first = torch.tensor([[start]] * B)
                future = torch.triu(torch.ones(T, T, dtype=torch.bool), diagonal=1)
                return torch.hstack([first, target])[:, :T], ~future
        """,
        "places compared": """
            def prepare(target, start):
                place = torch.arange(target.shape[1])
                first = target.new_full((len(target), 1), start)
                return torch.cat((first, target[:, :-1]), -1), place[:, None] >= place
        """,
        "step by step": """
            def prepare(target, start):
                steps = [torch.full((target.shape[0],), start)]
                for t in range(target.shape[1] - 1):
                    steps.append(target[:, t])
                return torch.stack(steps, dim=1), torch.eye(len(steps)).cumsum(0) > 0
        """,
        "PyTorch's mask of -inf": """
            def prepare(target, start):
                first = start * torch.ones_like(target[:, 0:1])
                read = torch.column_stack([first, target[:, :-1]])
                n = target.shape[1]
                return read, nn.Transformer.generate_square_subsequent_mask(n) == 0
        """,
        "NumPy": """
            import numpy as np

            def prepare(target, start):
                words = target.numpy()
                read = np.insert(words, 0, start, axis=1)[:, :-1]
                mask = np.tri(words.shape[1], dtype=bool)
                return torch.from_numpy(read.copy()), torch.from_numpy(mask)
        """,
        "int32": """
            def prepare(target, start):
                read = target.clone().to(torch.int32)
                read[:, 1:] = target[:, :-1]
                read[:, 0] = start
                return read, torch.ones(2 * read.shape[1:]).tril().to(torch.bool)
        """,
    },
}

WRONG = {
    "exercise-cross-attend": {
        "You masked after the softmax": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = x @ to_query, memory @ to_key, memory @ to_value
                weights = torch.softmax(q @ k.transpose(1, 2) / k.shape[-1] ** 0.5, dim=-1)
                weights = weights * real.unsqueeze(1)
                return weights @ v
        """,
        "Give the mask that axis: `real[:, None]`": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = x @ to_query, memory @ to_key, memory @ to_value
                scores = q @ k.mT / q.shape[-1] ** 0.5
                scores = scores.masked_fill(~real, -torch.inf)
                return scores.softmax(dim=-1) @ v
        """,
        "The queries come from what is being written": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = memory @ to_query, memory @ to_key, memory @ to_value
                scores = q @ k.mT / q.shape[-1] ** 0.5
                scores = scores.masked_fill(~real[:, None], -torch.inf)
                return scores.softmax(dim=-1) @ v
        """,
        "The mask has a column for each word of `memory`": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = memory @ to_query, x @ to_key, x @ to_value
                scores = q @ k.mT / q.shape[-1] ** 0.5
                scores = scores.masked_fill(~real[:, None], -torch.inf)
                return scores.softmax(dim=-1) @ v
        """,
        "the keys come from `memory`, the queries from `x`": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = x @ to_query, x @ to_key, x @ to_value
                scores = q @ k.mT / q.shape[-1] ** 0.5
                scores = scores.masked_fill(~real[:, None], -torch.inf)
                return scores.softmax(dim=-1) @ v
        """,
        "You took the width of `x`": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                E = x.shape[-1]
                scores = (x @ to_query) @ (memory @ to_key).mT / E**0.5
                scores = scores.masked_fill(~real[:, None], -torch.inf)
                return scores.softmax(-1) @ (memory @ to_value)
        """,
        "A score of 0 is not nothing": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                memory = memory * real[:, :, None]
                q, k, v = x @ to_query, memory @ to_key, memory @ to_value
                return (q @ k.mT / q.shape[-1] ** 0.5).softmax(-1) @ v
        """,
        "does a size or a number stand in it": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                s = (x @ to_query) @ (memory @ to_key).mT / 6**0.5
                weights = s.masked_fill(~real[:, None], -torch.inf).softmax(-1)
                return weights @ (memory @ to_value)
        """,
    },
    "exercise-no-peeking": {
        "brings the last token round to the front": """
            def prepare(target, start):
                T = target.shape[1]
                return torch.roll(target, 1, dims=1), torch.ones(T, T).tril().bool()
        """,
        "You hid the answer with the mask instead of shifting": """
            def prepare(target, start):
                T = target.shape[1]
                mask = torch.tril(torch.ones(T, T, dtype=torch.bool), diagonal=-1)
                return target, mask
        """,
        "nobody reads the last token": """
            def prepare(target, start):
                B = target.shape[0]
                read = torch.cat([torch.full((B, 1), start), target], dim=1)
                T = read.shape[1]
                return read, torch.ones(T, T, dtype=torch.bool).tril()
        """,
        "does a size or a number stand in it": """
            def prepare(target, start):
                first = torch.full((len(target), 1), 7)
                n = target.shape[1]
                mask = torch.ones(n, n, dtype=torch.bool).tril()
                return torch.cat([first, target[:, :-1]], dim=1), mask
        """,
    },
}

UNKNOWN = {
    "exercise-cross-attend": {
        "filled with -10": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = x @ to_query, memory @ to_key, memory @ to_value
                scores = q @ k.mT / q.shape[-1] ** 0.5
                return scores.masked_fill(~real[:, None], -10).softmax(-1) @ v
        """,
        "divided by the root of the number of words": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = x @ to_query, memory @ to_key, memory @ to_value
                scores = q @ k.mT / memory.shape[1] ** 0.5
                return scores.masked_fill(~real[:, None], -torch.inf).softmax(-1) @ v
        """,
        "multiplied by the root": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = x @ to_query, memory @ to_key, memory @ to_value
                scores = q @ k.mT * q.shape[-1] ** 0.5
                return scores.masked_fill(~real[:, None], -torch.inf).softmax(-1) @ v
        """,
        "a causal mask, too": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = x @ to_query, memory @ to_key, memory @ to_value
                scores = q @ k.mT / q.shape[-1] ** 0.5
                mask = real[:, None] & torch.ones(scores.shape[1:], dtype=torch.bool).tril()
                return scores.masked_fill(~mask, -1e9).softmax(-1) @ v
        """,
        "sigmoid in place of softmax": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = x @ to_query, memory @ to_key, memory @ to_value
                scores = q @ k.mT / q.shape[-1] ** 0.5
                return scores.masked_fill(~real[:, None], -torch.inf).sigmoid() @ v
        """,
        "the query added again": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = x @ to_query, memory @ to_key, memory @ to_value
                scores = scaled_dot_scores(q, k).masked_fill(~real[:, None], -torch.inf)
                return q + scores.softmax(-1) @ v
        """,
        "the heaviest word alone": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = x @ to_query, memory @ to_key, memory @ to_value
                scores = scaled_dot_scores(q, k).masked_fill(~real[:, None], -torch.inf)
                return nn.functional.one_hot(scores.argmax(-1), v.shape[1]).float() @ v
        """,
    },
    "exercise-no-peeking": {
        "token ids become floats": """
            def prepare(target, start):
                n = target.shape[1]
                first = torch.ones(len(target), 1) * start
                read = torch.cat([first, target[:, :-1]], dim=1)
                return read, torch.ones(n, n, dtype=torch.bool).tril()
        """,
        "floats by torch.zeros for the first column": """
            def prepare(target, start):
                n = target.shape[1]
                read = torch.cat([torch.zeros(len(target), 1) + start, target[:, :-1]], 1)
                return read, torch.ones(n, n, dtype=torch.bool).tril()
        """,
        "a mask for each text": """
            def prepare(target, start):
                first = torch.full_like(target[:, :1], start)
                mask = causal_mask(target.shape[1]).expand(len(target), -1, -1)
                return torch.cat([first, target[:, :-1]], dim=1), mask
        """,
        "shifted by two": """
            def prepare(target, start):
                first = torch.full_like(target[:, :2], start)
                read = torch.cat([first, target[:, :-2]], dim=1)
                return read, causal_mask(target.shape[1])
        """,
        "start at the end": """
            def prepare(target, start):
                last = torch.full_like(target[:, :1], start)
                read = torch.cat([target[:, :-1], last], dim=1)
                return read, causal_mask(target.shape[1])
        """,
        "one step ahead allowed": """
            def prepare(target, start):
                n = target.shape[1]
                first = torch.full_like(target[:, :1], start)
                mask = torch.ones(n, n, dtype=torch.bool).tril(1)
                return torch.cat([first, target[:, :-1]], dim=1), mask
        """,
        "each step sees itself alone": """
            def prepare(target, start):
                first = torch.full_like(target[:, :1], start)
                mask = torch.eye(target.shape[1], dtype=torch.bool)
                return torch.cat([first, target[:, :-1]], dim=1), mask
        """,
        "two steps back at most": """
            def prepare(target, start):
                mask = causal_mask(target.shape[1]).triu(-1)
                first = torch.full_like(target[:, :1], start)
                return torch.cat([first, target[:, :-1]], dim=1), mask
        """,
        "no start": """
            def prepare(target, start):
                return target[:, :-1], causal_mask(target.shape[1] - 1)
        """,
    },
}
