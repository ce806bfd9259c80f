"""Answers to the exercises of notebook 09, heads and scale."""

RIGHT = {
    "exercise-split": {
        "reshaped, then transposed": """
            def cut_into_heads(x, n_heads):
                B, T, E = x.shape
                return x.view(B, T, n_heads, E // n_heads).transpose(1, 2)
        """,
        "split, in a list": """
            def cut_into_heads(x, n_heads):
                return torch.stack(list(torch.split(x, x.size(-1) // n_heads, dim=2)), 1)
        """,
        "slices": """
            def cut_into_heads(x, n_heads):
                d = x.shape[-1] // n_heads
                return torch.stack([x[:, :, h * d : (h + 1) * d] for h in range(n_heads)], dim=1)
        """,
        "put into zeros, number by number": """
            def cut_into_heads(x, n_heads):
                B, T, E = x.shape
                heads = torch.zeros(B, n_heads, T, E // n_heads)
                for n in range(E):
                    h, place = divmod(n, E // n_heads)
                    heads[:, h, :, place] = x[:, :, n]
                return heads
        """,
        "windows that do not overlap": """
            def cut_into_heads(x, n_heads):
                d = x.shape[-1] // n_heads
                return x.unfold(-1, d, d).permute(0, 2, 1, 3)
        """,
        "the width before the words": """
            def cut_into_heads(x, n_heads):
                B, T, E = x.shape
                return x.mT.reshape(B, n_heads, E // n_heads, T).mT
        """,
        "heads first, then moved": """
            @torch.no_grad()
            def cut_into_heads(x, n_heads):
                pieces = x.double().tensor_split(n_heads, dim=-1)
                return torch.stack(pieces).movedim(0, 1)
        """,
        "numbers picked by their place": """
            def cut_into_heads(x, n_heads):
                at = torch.arange(x.shape[-1]).reshape(n_heads, 1, -1)
                return x[:, torch.arange(x.shape[1])[:, None], at]
        """,
        "the first head, then the rest": """
            def cut_into_heads(x, n_heads):
                if n_heads == 1:
                    return x.unsqueeze(1)
                d = x.shape[-1] // n_heads
                rest = cut_into_heads(x[..., d:], n_heads - 1)
                return torch.cat([x[:, None, :, :d], rest], dim=1)
        """,
        "numpy": """
            import numpy as np

            def cut_into_heads(x, n_heads):
                return torch.tensor(np.stack(np.split(x.numpy(), n_heads, axis=-1), axis=1))
        """,
        "sentence by sentence": """
            def cut_into_heads(x, n_heads):
                return torch.stack([torch.stack(s.chunk(n_heads, 1)) for s in x.clone()])
        """,
    },
    "exercise-merge": {
        "transposed, then reshaped": """
            def join_heads(x):
                B, H, T, D = x.shape
                return x.transpose(1, 2).reshape(B, T, H * D)
        """,
        "permuted, made contiguous, viewed": """
            def join_heads(x):
                x = x.permute(0, 2, 1, 3).contiguous()
                return x.view(x.size(0), x.size(1), -1)
        """,
        "heads side by side": """
            def join_heads(x):
                return torch.cat(x.unbind(dim=1), dim=-1)
        """,
        "a list of slices": """
            def join_heads(x):
                return torch.concat([x[:, h] for h in range(x.shape[1])], axis=2)
        """,
        "put into zeros, head by head": """
            def join_heads(x):
                B, H, T, D = x.shape
                joined = torch.zeros(B, T, H * D)
                for h in range(H):
                    joined[:, :, h * D : (h + 1) * D] = x[:, h]
                return joined
        """,
        "number by number": """
            def join_heads(x):
                B, H, T, D = x.shape
                joined = torch.empty(B, T, H * D)
                for n in range(H * D):
                    joined[..., n] = x[:, n // D, :, n % D]
                return joined
        """,
        "word by word": """
            def join_heads(x):
                words = [x[:, :, t].flatten(1) for t in range(x.shape[2])]
                return torch.stack(words, dim=1)
        """,
        "sentence by sentence": """
            def join_heads(x):
                return torch.stack([torch.hstack(list(sentence)) for sentence in x])
        """,
        "words and width turned": """
            def join_heads(x):
                return x.mT.flatten(1, 2).mT
        """,
        "einsum": """
            def join_heads(x):
                return torch.einsum("bhtd->bthd", x).flatten(start_dim=-2)
        """,
        "by one-hot places": """
            def join_heads(x):
                B, H, T, D = x.shape
                places = torch.eye(H * D).view(H, D, H * D)
                return torch.einsum("bhtd,hde->bte", x, places)
        """,
        "numpy": """
            import numpy as np

            def join_heads(x):
                return torch.from_numpy(np.concatenate(list(np.moveaxis(x.numpy(), 1, 0)), -1))
        """,
        "double precision": """
            @torch.no_grad()
            def join_heads(x):
                return x.double().movedim(1, 2).flatten(2)
        """,
        "the first head, then the rest": """
            def join_heads(x):
                if x.shape[1] == 1:
                    return x.squeeze(1)
                return torch.cat((x[:, 0], join_heads(x[:, 1:])), dim=-1)
        """,
    },
    "exercise-scale": {
        "as in the notebooks": """
            def head_scores(query, key):
                return query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5
        """,
        "with what is in helpers": """
            from helpers.attention import scaled_dot_scores

            def head_scores(query, key):
                return scaled_dot_scores(query, key)
        """,
        "einsum, multiplied": """
            def head_scores(query, key):
                return torch.einsum("bhtd,bhsd->bhts", query, key) * key.size(3) ** -0.5
        """,
        "the query is divided first": """
            import math

            def head_scores(query, key):
                return torch.matmul(query / math.sqrt(query.size(-1)), key.permute(0, 1, 3, 2))
        """,
        "half of it each": """
            def head_scores(query, key):
                quarter = query.shape[-1] ** 0.25
                return (query / quarter) @ (key / quarter).mT
        """,
        "bmm over batch and heads in one axis": """
            def head_scores(query, key):
                B, H, T, D = query.shape
                rows, others = query.reshape(B * H, T, D), key.reshape(B * H, -1, D)
                return torch.bmm(rows, others.mT).view(B, H, T, -1) / D**0.5
        """,
        "head by head": """
            def head_scores(query, key):
                d = torch.tensor(query.shape[-1])
                heads = zip(query.unbind(1), key.unbind(1), strict=True)
                return torch.stack([q @ k.mT / d.sqrt() for q, k in heads], dim=1)
        """,
        "four loops": """
            def head_scores(query, key):
                B, H, T, D = query.shape
                scores = torch.zeros(B, H, T, key.shape[2])
                for b in range(B):
                    for h in range(H):
                        for t in range(T):
                            for s in range(key.shape[2]):
                                scores[b, h, t, s] = query[b, h, t] @ key[b, h, s] / D**0.5
                return scores
        """,
        "products, added up": """
            def head_scores(query, key):
                products = query.unsqueeze(3) * key.unsqueeze(2)
                return products.sum(dim=-1).div(query.shape[-1] ** 0.5)
        """,
        "the mean, times the root": """
            def head_scores(query, key):
                d = query.shape[-1]
                return (query[..., None, :] * key[:, :, None]).mean(dim=-1) * d**0.5
        """,
        "keys first, then turned": """
            def head_scores(query, key):
                return (key @ query.mT).mT / key.shape[-1] ** 0.5
        """,
        "numpy": """
            import numpy as np

            def head_scores(query, key):
                q, k = query.numpy(), key.numpy()
                return torch.tensor(q @ k.swapaxes(2, 3) / np.sqrt(q.shape[3]))
        """,
        "double precision": """
            @torch.no_grad()
            def head_scores(query, key):
                scores = query.double() @ key.double().mT
                scores /= query.shape[-1] ** 0.5
                return scores
        """,
    },
}

WRONG = {
    "exercise-split": {
        "the words are scrambled": """
            def cut_into_heads(x, n_heads):
                B, T, E = x.shape
                return x.view(B, n_heads, T, E // n_heads)
        """,
        "Swap the two axes": """
            def cut_into_heads(x, n_heads):
                B, T, E = x.shape
                return x.reshape(B, T, n_heads, E // n_heads)
        """,
        "These are the heads, in a list": """
            def cut_into_heads(x, n_heads):
                d = x.shape[-1] // n_heads
                return [x[..., h * d : (h + 1) * d] for h in range(n_heads)]
        """,
        "You cut the axis of the words": """
            def cut_into_heads(x, n_heads):
                return torch.stack(torch.chunk(x, n_heads, dim=1), dim=1)
        """,
        "does a size or a number stand in it": """
            def cut_into_heads(x, n_heads):
                B, T, E = x.shape
                return x.view(B, T, 3, E // 3).transpose(1, 2)
        """,
        "this exercise asks you to do without `unflatten`": """
            def cut_into_heads(x, n_heads):
                return x.unflatten(2, (n_heads, -1)).transpose(1, 2)
        """,
    },
    "exercise-merge": {
        "the words are scrambled": """
            def join_heads(x):
                B, H, T, D = x.shape
                return x.view(B, T, H * D)
        """,
        "Take `reshape`, or `flatten`": """
            def join_heads(x):
                B, H, T, D = x.shape
                return x.transpose(1, 2).view(B, T, -1)
        """,
        "The heads are interleaved": """
            def join_heads(x):
                B, H, T, D = x.shape
                return torch.stack(x.unbind(1), dim=-1).reshape(B, T, D * H)
        """,
        "one after another along the words": """
            def join_heads(x):
                return torch.cat(list(x.unbind(1)), dim=1)
        """,
        "You averaged the heads": """
            def join_heads(x):
                return sum(x.unbind(dim=1)) / x.shape[1]
        """,
        "have an axis of their own, at the end": """
            def join_heads(x):
                return torch.stack(x.unbind(1), -1)
        """,
        "have an axis of their own: (B, T, H, D)": """
            def join_heads(x):
                return x.permute(0, 2, 1, 3)
        """,
        "does a size or a number stand in it": """
            def join_heads(x):
                return torch.cat([x[:, h] for h in range(3)], dim=-1)
        """,
    },
    "exercise-scale": {
        "You divided by √E": """
            def head_scores(query, key):
                B, H, T, D = query.shape
                return query @ key.mT / (H * D) ** 0.5
        """,
        "The scores are not divided": """
            def head_scores(query, key):
                return torch.einsum("bhtd,bhsd->bhts", query, key)
        """,
        "You divided by D": """
            def head_scores(query, key):
                return (query[:, :, :, None] * key[:, :, None]).mean(dim=-1)
        """,
        "You divided by √S": """
            def head_scores(query, key):
                scores = query @ key.mT
                return scores / scores.shape[-1] ** 0.5
        """,
        "You transposed heads and keys": """
            def head_scores(query, key):
                return query @ key.permute(0, 2, 1, 3) / query.shape[-1] ** 0.5
        """,
        "The heads were added up": """
            def head_scores(query, key):
                return torch.einsum("bhtd,bhsd->bts", query, key) / query.shape[-1] ** 0.5
        """,
        "These are weights. Return the scores": """
            def head_scores(query, key):
                return (query @ key.mT / query.shape[-1] ** 0.5).softmax(dim=-1)
        """,
        "does a size or a number stand in it": """
            def head_scores(query, key):
                return query @ key.mT / 2
        """,
    },
}

UNKNOWN = {
    "exercise-split": {
        "batch and heads mixed up": """
            def cut_into_heads(x, n_heads):
                B, T, E = x.shape
                return torch.stack(x.chunk(n_heads, -1)).reshape(B, n_heads, T, E // n_heads)
        """,
        "windows that overlap": """
            def cut_into_heads(x, n_heads):
                d = x.shape[-1] // n_heads
                return torch.stack([x[..., h : h + d] for h in range(n_heads)], dim=1)
        """,
        "the first part for every head": """
            def cut_into_heads(x, n_heads):
                d = x.shape[-1] // n_heads
                return torch.stack([x[..., :d] for _ in range(n_heads)], dim=1)
        """,
        "words reversed": """
            def cut_into_heads(x, n_heads):
                return torch.stack(x.chunk(n_heads, -1), dim=1).flip(2)
        """,
        "the last head stays empty": """
            def cut_into_heads(x, n_heads):
                B, T, E = x.shape
                d = E // n_heads
                heads = torch.zeros(B, n_heads, T, d)
                for h in range(n_heads - 1):
                    heads[:, h] = x[..., h * d : (h + 1) * d]
                return heads
        """,
        "scrambled after turning": """
            def cut_into_heads(x, n_heads):
                B, T, E = x.shape
                return x.mT.reshape(B, n_heads, T, E // n_heads)
        """,
        "batch and heads in one axis": """
            def cut_into_heads(x, n_heads):
                B, T, E = x.shape
                return x.view(B, T, n_heads, -1).transpose(1, 2).reshape(B * n_heads, T, -1)
        """,
        "whole numbers": """
            def cut_into_heads(x, n_heads):
                return torch.stack(x.long().chunk(n_heads, -1), dim=1)
        """,
    },
    "exercise-merge": {
        "batch and heads mixed up": """
            def join_heads(x):
                B, H, T, D = x.shape
                return x.reshape(H, B, T, D).permute(1, 2, 0, 3).flatten(2)
        """,
        "the last head stays empty": """
            def join_heads(x):
                x = x.clone()
                x[:, -1] = 0
                return x.transpose(1, 2).flatten(2)
        """,
        "the first head for every head": """
            def join_heads(x):
                return x[:, :1].expand_as(x).transpose(1, 2).flatten(2)
        """,
        "words reversed": """
            def join_heads(x):
                return x.flip(2).transpose(1, 2).flatten(2)
        """,
        "batch and words in one axis": """
            def join_heads(x):
                B, H, T, D = x.shape
                return x.transpose(1, 2).reshape(B * T, H * D)
        """,
        "the largest of the heads": """
            def join_heads(x):
                return x.amax(dim=1)
        """,
        "words turned inside, then reshaped": """
            def join_heads(x):
                B, H, T, D = x.shape
                return x.mT.reshape(B, T, H * D)
        """,
        "whole numbers": """
            def join_heads(x):
                return x.long().transpose(1, 2).flatten(2)
        """,
    },
    "exercise-scale": {
        "divided by the root of all sizes": """
            def head_scores(query, key):
                return query @ key.mT / query.numel() ** 0.5
        """,
        "the first half of the head alone": """
            def head_scores(query, key):
                half = (query.shape[-1] + 1) // 2
                return query[..., :half] @ key[..., :half].mT / half**0.5
        """,
        "keys of the next head": """
            def head_scores(query, key):
                return query @ key.roll(1, dims=1).mT / query.shape[-1] ** 0.5
        """,
        "minus the squared distance": """
            def head_scores(query, key):
                gaps = query[:, :, :, None] - key[:, :, None]
                return -gaps.square().sum(-1) / query.shape[-1] ** 0.5
        """,
        "scaled to variance 1": """
            def head_scores(query, key):
                scores = query @ key.mT
                return scores / (scores.std(unbiased=False) + 1e-6)
        """,
        "rounded": """
            def head_scores(query, key):
                return (query @ key.mT / query.shape[-1] ** 0.5).round(decimals=1)
        """,
        "no word looks ahead": """
            def head_scores(query, key):
                return (query @ key.mT / query.shape[-1] ** 0.5).tril()
        """,
        "divided by the logarithm": """
            def head_scores(query, key):
                return query @ key.mT / torch.tensor(2.0 + query.shape[-1]).log()
        """,
    },
}
