"""Answers to the exercises of notebook 07, nonlinearity."""

RIGHT = {
    "exercise-feed-forward": {
        "functions for each map": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                def linear(x, matrix, bias):
                    return nn.functional.linear(x, matrix.T, bias)

                hidden = nn.functional.relu(linear(x, widen, widen_bias))
                return linear(hidden, narrow, narrow_bias)
        """,
        "einsum and clamp": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                hidden = torch.einsum("bte,eh->bth", x, widen) + widen_bias
                return torch.einsum("bth,he->bte", hidden.clamp(min=0), narrow) + narrow_bias
        """,
        "word by word": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                out = torch.empty_like(x)
                for b in range(x.shape[0]):
                    for t in range(x.shape[1]):
                        hidden = widen.T @ x[b, t] + widen_bias
                        hidden[hidden < 0] = 0
                        out[b, t] = narrow.T @ hidden + narrow_bias
                return out
        """,
        "modules that are filled": """
            @torch.no_grad()
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                net = nn.Sequential(nn.Linear(*widen.shape), nn.ReLU(), nn.Linear(*narrow.shape))
                net[0].weight.copy_(widen.T)
                net[0].bias.copy_(widen_bias)
                net[2].weight.copy_(narrow.T)
                net[2].bias.copy_(narrow_bias)
                return net(x)
        """,
        "modules that keep a gradient": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                first, second = nn.Linear(*widen.shape), nn.Linear(*narrow.shape)
                first.weight, first.bias = nn.Parameter(widen.T), nn.Parameter(widen_bias)
                second.weight, second.bias = nn.Parameter(narrow.T), nn.Parameter(narrow_bias)
                return second(first(x).relu())
        """,
        "all words in one matrix, double": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                rows = x.reshape(-1, x.shape[-1]).double()
                hidden = torch.addmm(widen_bias.double(), rows, widen.double())
                hidden = torch.where(hidden > 0, hidden, 0.0)
                return (hidden @ narrow.double() + narrow_bias).reshape(x.shape)
        """,
        "half of the sum with the absolute value": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                h = x @ widen + widen_bias
                return ((h + h.abs()) / 2) @ narrow + narrow_bias
        """,
        "in place, on numbers of its own": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                h = torch.matmul(x, widen)
                h += widen_bias
                h.relu_()
                return torch.matmul(h, narrow).add_(narrow_bias)
        """,
        "the biases as one more row": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                def with_one(x):
                    return torch.cat([x, torch.ones_like(x[..., :1])], dim=-1)

                hidden = torch.relu(with_one(x) @ torch.vstack([widen, widen_bias]))
                return with_one(hidden) @ torch.vstack([narrow, narrow_bias])
        """,
        "hidden unit by hidden unit": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                out = narrow_bias.expand_as(x)
                for h in range(len(widen_bias)):
                    unit = (x * widen[:, h]).sum(-1, keepdim=True) + widen_bias[h]
                    out = out + unit.maximum(torch.tensor(0.0)) * narrow[h]
                return out
        """,
        "NumPy and back": """
            import numpy as np

            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                hidden = np.maximum(x.numpy() @ widen.numpy() + widen_bias.numpy(), 0)
                return torch.from_numpy(hidden @ narrow.numpy() + narrow_bias.numpy())
        """,
    },
    "exercise-one-map": {
        "what the maps make of 0 and of the unit vectors": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                def both(x):
                    return (x @ widen + widen_bias) @ narrow + narrow_bias

                E = len(narrow_bias)
                bias = both(torch.zeros(E))
                return both(torch.eye(E)) - bias, bias
        """,
        "a list": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                matrix = torch.mm(widen, narrow)
                bias = torch.mv(narrow.T, widen_bias).add(narrow_bias)
                return [matrix, bias]
        """,
        "einsum": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                matrix = torch.einsum("eh,hf->ef", widen, narrow)
                bias = torch.einsum("h,hf->f", widen_bias, narrow) + narrow_bias
                return matrix, bias
        """,
        "transposed twice": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return (narrow.T @ widen.T).T, narrow.T @ widen_bias + narrow_bias
        """,
        "the bias as a row of the matrix": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                stacked = torch.vstack([widen, widen_bias]) @ narrow
                return stacked[:-1], stacked[-1] + narrow_bias
        """,
        "the bias as a matrix, squeezed": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                bias = (widen_bias[None] @ narrow + narrow_bias[None]).squeeze(0)
                return widen.matmul(narrow), bias
        """,
        "loops": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                E, H = widen.shape
                matrix, bias = torch.zeros(E, E), narrow_bias.clone()
                for h in range(H):
                    bias += widen_bias[h] * narrow[h]
                    for i in range(E):
                        matrix[i] += widen[i, h] * narrow[h]
                return matrix, bias
        """,
        "sums of products, double": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                w, b, n, c = (t.double() for t in (widen, widen_bias, narrow, narrow_bias))
                return (w[:, :, None] * n[None]).sum(1), (b[:, None] * n).sum(0) + c
        """,
        "least squares on examples": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                x = torch.randn(99, len(widen), dtype=torch.float64)
                y = (x @ widen.double() + widen_bias) @ narrow.double() + narrow_bias
                ones = torch.ones(99, 1, dtype=torch.float64)
                found = torch.linalg.lstsq(torch.cat([x, ones], dim=1), y).solution
                return found[:-1], found[-1]
        """,
        "a gradient": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                def both(x):
                    return (x @ widen + widen_bias) @ narrow + narrow_bias

                zero = torch.zeros(len(widen))
                return torch.autograd.functional.jacobian(both, zero).T, both(zero)
        """,
        "NumPy": """
            import numpy as np

            def one_map(widen, widen_bias, narrow, narrow_bias):
                w, b, n, c = (t.numpy() for t in (widen, widen_bias, narrow, narrow_bias))
                return torch.tensor(np.dot(w, n)), torch.tensor(np.dot(b, n) + c)
        """,
    },
}

WRONG = {
    "exercise-feed-forward": {
        "so they stand on the left": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                hidden = torch.relu(widen @ x + widen_bias)
                return narrow @ hidden + narrow_bias
        """,
        "A matrix does not fit what stands on its left": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                hidden = nn.functional.relu(nn.functional.linear(x, widen, widen_bias))
                return nn.functional.linear(hidden, narrow, narrow_bias)
        """,
        "comes out, 4E wide, goes through `narrow`": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                hidden = torch.relu(x @ widen + widen_bias)
                return x @ narrow + narrow_bias
        """,
        "The activation comes too late": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                hidden = x @ widen + widen_bias
                out = hidden @ narrow + narrow_bias
                return out.clamp(min=0)
        """,
        "works on each word alone": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                out = torch.relu(x @ widen + widen_bias) @ narrow + narrow_bias
                return out.mean(dim=1)[:, None].expand_as(x)
        """,
    },
    "exercise-one-map": {
        "do not go together": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen @ narrow, widen_bias + narrow_bias
        """,
        "(E, 4E) and (4E, E) fit only as a matrix product": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen * narrow, widen_bias @ narrow + narrow_bias
        """,
        "The matrix is transposed": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                matrix = narrow.T @ widen.T
                bias = widen_bias @ narrow + narrow_bias
                return matrix, bias
        """,
        "The first bias is lost": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return torch.mm(widen, narrow), narrow_bias
        """,
        "There is a ReLU in it": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                widen, widen_bias = torch.relu(widen), torch.relu(widen_bias)
                return widen @ narrow, widen_bias @ narrow + narrow_bias
        """,
    },
}

UNKNOWN = {
    "exercise-feed-forward": {
        "relu6": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return nn.functional.relu6(x @ widen + widen_bias) @ narrow + narrow_bias
        """,
        "nothing above 5": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return (x @ widen + widen_bias).clamp(0, 5) @ narrow + narrow_bias
        """,
        "leaky": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                hidden = nn.functional.leaky_relu(x @ widen + widen_bias)
                return hidden @ narrow + narrow_bias
        """,
        "SiLU": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return nn.functional.silu(x @ widen + widen_bias) @ narrow + narrow_bias
        """,
        "a step in place of ReLU": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return (x @ widen + widen_bias > 0).float() @ narrow + narrow_bias
        """,
        "the bias subtracted": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return torch.relu(x @ widen - widen_bias) @ narrow + narrow_bias
        """,
        "the first text alone": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return torch.relu(x[0] @ widen + widen_bias) @ narrow + narrow_bias
        """,
        "the narrow bias through ReLU": """
            def feed_forward(x, widen, widen_bias, narrow, narrow_bias):
                return torch.relu(x @ widen + widen_bias) @ narrow + torch.relu(narrow_bias)
        """,
    },
    "exercise-one-map": {
        "biases multiplied into one": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen @ narrow, widen_bias @ narrow * narrow_bias
        """,
        "the second bias twice": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen @ narrow, (widen_bias @ narrow + narrow_bias) + narrow_bias
        """,
        "the first bias reversed": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen @ narrow, widen_bias.flip(0) @ narrow + narrow_bias
        """,
        "the bias in the matrix, too": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return (widen + widen_bias) @ narrow, widen_bias @ narrow + narrow_bias
        """,
        "the mean of the hidden products": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                return widen @ narrow / len(narrow), widen_bias @ narrow + narrow_bias
        """,
        "the bias of the unit vectors' mean": """
            def one_map(widen, widen_bias, narrow, narrow_bias):
                out = (torch.eye(len(widen)) @ widen + widen_bias) @ narrow + narrow_bias
                return out, out.mean(dim=0)
        """,
    },
}
