"""Answers to the exercises of notebook 05, self-attention."""

RIGHT = {
    "exercise-self-attend": {
        "einsum": """
            def attend_to_itself(x, to_query, to_key, to_value):
                q = torch.einsum("bse,ed->bsd", x, to_query)
                k = torch.einsum("bse,ed->bsd", x, to_key)
                v = torch.einsum("bse,ed->bsd", x, to_value)
                scores = torch.einsum("btd,bsd->bts", q, k) * q.shape[2] ** -0.5
                weights = torch.softmax(scores, dim=2)
                return torch.einsum("bts,bsd->btd", weights, v), weights
        """,
        "bmm, and a list": """
            def attend_to_itself(x, to_query, to_key, to_value):
                q, k, v = (torch.matmul(x, matrix) for matrix in (to_query, to_key, to_value))
                scores = torch.bmm(q, k.transpose(1, 2)).div(to_key.size(1) ** 0.5)
                weights = torch.nn.functional.softmax(scores, -1)
                return [torch.bmm(weights, v), weights]
        """,
        "sentence by sentence, word by word": """
            def attend_to_itself(x, to_query, to_key, to_value):
                d = to_query.shape[1]
                contexts, tables = [], []
                for sentence in x:
                    context, table = [], []
                    for word in sentence:
                        query = word @ to_query
                        scores = [query @ (other @ to_key) / d ** 0.5 for other in sentence]
                        weights = torch.stack(scores).softmax(dim=0)
                        table.append(weights)
                        context.append(weights @ (sentence @ to_value))
                    contexts.append(torch.stack(context))
                    tables.append(torch.stack(table))
                return torch.stack(contexts), torch.stack(tables)
        """,
        "PyTorch's own context": """
            @torch.no_grad()
            def attend_to_itself(x, to_query, to_key, to_value):
                q, k, v = x @ to_query, x @ to_key, x @ to_value
                weights = (q @ k.mT / q.shape[-1] ** 0.5).softmax(-1)
                return torch.nn.functional.scaled_dot_product_attention(q, k, v), weights
        """,
        "with what was imported": """
            def attend_to_itself(x, to_query, to_key, to_value):
                return attend(x @ to_query, x @ to_key, x @ to_value, score=scaled_dot_scores)
        """,
        "one wide matrix": """
            def attend_to_itself(x, to_query, to_key, to_value):
                q, k, v = (x @ torch.cat([to_query, to_key, to_value], dim=1)).chunk(3, dim=-1)
                q *= q.size(-1) ** -0.5
                weights = (q @ k.permute(0, 2, 1)).softmax(dim=-1)
                return torch.matmul(weights, v), weights
        """,
        "softmax by hand": """
            def attend_to_itself(x, to_query, to_key, to_value):
                scores = (x @ to_query) @ (x @ to_key).swapaxes(-1, -2)
                powers = (scores / to_query.shape[-1] ** 0.5).exp()
                weights = powers / powers.sum(axis=-1, keepdims=True)
                return weights @ x @ to_value, weights
        """,
        "double precision": """
            def attend_to_itself(x, to_query, to_key, to_value):
                x, to_query, to_key, to_value = (
                    each.double() for each in (x, to_query, to_key, to_value)
                )
                root = torch.tensor(to_key.shape[-1]).sqrt()
                log = torch.log_softmax(x @ to_query @ to_key.T @ x.mT / root, dim=-1)
                return log.exp() @ (x @ to_value), log.exp()
        """,
        "numpy": """
            import numpy as np

            def attend_to_itself(x, to_query, to_key, to_value):
                x, q, k, v = (each.numpy() for each in (x, to_query, to_key, to_value))
                scores = (x @ q) @ np.swapaxes(x @ k, 1, 2) / np.sqrt(q.shape[1])
                powers = np.exp(scores - scores.max(axis=2, keepdims=True))
                weights = powers / powers.sum(axis=2, keepdims=True)
                return torch.tensor(weights @ (x @ v)), torch.tensor(weights)
        """,
    },
    "exercise-combined": {
        "bmm": """
            def combined(lower, upper):
                return torch.bmm(upper, lower)
        """,
        "einsum": """
            def combined(lower, upper):
                return torch.einsum("btm,bms->bts", upper, lower)
        """,
        "four loops": """
            def combined(lower, upper):
                (B, S), out = lower.shape[:2], torch.zeros(lower.shape)
                for b in range(B):
                    for t in range(S):
                        for s in range(S):
                            for m in range(S):
                                out[b, t, s] += upper[b, t, m] * lower[b, m, s]
                return out
        """,
        "turned, multiplied, turned": """
            def combined(lower, upper):
                return (lower.transpose(1, 2) @ upper.transpose(1, 2)).transpose(1, 2)
        """,
        "blends of rows": """
            def combined(lower, upper):
                blends = []
                for low, up in zip(lower, upper, strict=True):
                    rows = [sum(share * row for share, row in zip(u, low, strict=True)) for u in up]
                    blends.append(torch.stack(rows))
                return torch.stack(blends)
        """,
        "all paths, added up": """
            @torch.no_grad()
            def combined(lower, upper):
                paths = upper[:, :, :, None] * lower[:, None, :, :]
                return paths.sum(dim=2)
        """,
        "double, and once more divided by its sum": """
            def combined(lower, upper):
                both = torch.matmul(upper.double(), lower.double())
                return both / both.sum(dim=-1, keepdim=True)
        """,
        "numpy": """
            import numpy as np

            def combined(lower, upper):
                return torch.from_numpy(np.matmul(upper.numpy(), lower.numpy()))
        """,
        "as values of an attention": """
            def combined(lower, upper):
                out = torch.empty_like(upper)
                for b in range(len(out)):
                    out[b] = torch.tensordot(upper[b], lower[b], dims=1)
                return out
        """,
        "one row after the other": """
            def combined(lower, upper):
                return torch.cat([upper[:, t : t + 1] @ lower for t in range(upper.size(1))], 1)
        """,
    },
}

WRONG = {
    "exercise-self-attend": {
        "You divided by √E": """
            def attend_to_itself(x, to_query, to_key, to_value):
                q, k, v = x @ to_query, x @ to_key, x @ to_value
                scores = q @ k.transpose(-2, -1) / x.size(-1) ** 0.5
                weights = torch.softmax(scores, dim=-1)
                return weights @ v, weights
        """,
        "not divided by √D": """
            def attend_to_itself(x, to_query, to_key, to_value):
                return attend(x @ to_query, x @ to_key, x @ to_value)
        """,
        "with TypeError: 'Tensor' object is not callable": """
            def attend_to_itself(x, to_query, to_key, to_value):
                q, k, v = to_query(x), to_key(x), to_value(x)
                weights = (q @ k.mT / q.shape[-1] ** 0.5).softmax(dim=-1)
                return weights @ v, weights
        """,
        "does a size or a number stand in it": """
            def attend_to_itself(x, to_query, to_key, to_value):
                q, k, v = x @ to_query, x @ to_key, x @ to_value
                weights = (q @ k.mT / 3**0.5).softmax(dim=-1)
                return weights @ v, weights
        """,
    },
    "exercise-combined": {
        "The order is the other way round": """
            def combined(lower, upper):
                return torch.bmm(lower, upper)
        """,
        "made the rows sum to 1 again": """
            def combined(lower, upper):
                both = lower * upper
                return both / both.sum(dim=-1, keepdim=True)
        """,
        "You added the tables": """
            def combined(lower, upper):
                return lower + upper
        """,
        "as attention rollout does": """
            def combined(lower, upper):
                same = torch.eye(len(lower[0]))
                return (upper + same) / 2 @ ((lower + same) / 2)
        """,
    },
}

UNKNOWN = {
    "exercise-self-attend": {
        "the weights are divided, not the scores": """
            def attend_to_itself(x, to_query, to_key, to_value):
                q, k, v = x @ to_query, x @ to_key, x @ to_value
                weights = (q @ k.mT).softmax(dim=-1) / q.shape[-1] ** 0.5
                return weights @ v, weights
        """,
        "values made with to_key": """
            def attend_to_itself(x, to_query, to_key, to_value):
                q, k = x @ to_query, x @ to_key
                weights = (q @ k.mT / q.shape[-1] ** 0.5).softmax(dim=-1)
                return weights @ k, weights
        """,
        "no word looks ahead": """
            def attend_to_itself(x, to_query, to_key, to_value):
                q, k, v = x @ to_query, x @ to_key, x @ to_value
                back = torch.ones(x.shape[1], x.shape[1]).tril().bool()
                scores = (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(~back, -torch.inf)
                weights = scores.softmax(dim=-1)
                return weights @ v, weights
        """,
        "one budget for all queries": """
            def attend_to_itself(x, to_query, to_key, to_value):
                q, k, v = x @ to_query, x @ to_key, x @ to_value
                scores = q @ k.mT / q.shape[-1] ** 0.5
                weights = scores.flatten(1).softmax(dim=-1).view(scores.shape)
                return weights @ v, weights
        """,
        "the best word alone": """
            def attend_to_itself(x, to_query, to_key, to_value):
                q, k, v = x @ to_query, x @ to_key, x @ to_value
                best = (q @ k.mT).argmax(dim=-1)
                weights = torch.nn.functional.one_hot(best, x.shape[1]).float()
                return weights @ v, weights
        """,
        "scores kept between -5 and 5": """
            def attend_to_itself(x, to_query, to_key, to_value):
                q, k, v = x @ to_query, x @ to_key, x @ to_value
                weights = (q @ k.mT / q.shape[-1] ** 0.5).clamp(-5, 5).softmax(dim=-1)
                return weights @ v, weights
        """,
        "the word is added to its context": """
            def attend_to_itself(x, to_query, to_key, to_value):
                q, k, v = x @ to_query, x @ to_key, x @ to_value
                weights = (q @ k.mT / q.shape[-1] ** 0.5).softmax(dim=-1)
                return weights @ v + v, weights
        """,
        "weights turned": """
            def attend_to_itself(x, to_query, to_key, to_value):
                q, k, v = x @ to_query, x @ to_key, x @ to_value
                weights = (q @ k.mT / q.shape[-1] ** 0.5).softmax(dim=-1)
                return weights @ v, weights.mT
        """,
    },
    "exercise-combined": {
        "the best path alone": """
            def combined(lower, upper):
                return (upper[:, :, :, None] * lower[:, None]).amax(dim=2)
        """,
        "the upper one twice": """
            def combined(lower, upper):
                return upper @ upper
        """,
        "sentences of the batch changed places": """
            def combined(lower, upper):
                return upper @ lower.flip(0)
        """,
        "no position looks ahead": """
            def combined(lower, upper):
                return (upper @ lower).tril()
        """,
        "both orders, averaged": """
            def combined(lower, upper):
                return (upper @ lower + lower @ upper) / 2
        """,
        "the best position alone": """
            def combined(lower, upper):
                best = upper.argmax(dim=-1)
                return torch.stack([low[at] for low, at in zip(lower, best, strict=True)])
        """,
        "the other way round, and turned": """
            def combined(lower, upper):
                return upper.mT @ lower.mT
        """,
        "rounded": """
            def combined(lower, upper):
                return (upper @ lower).round(decimals=2)
        """,
    },
}
