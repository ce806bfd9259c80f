"""Answers to the exercises of notebook 00, the warm-up."""

RIGHT = {
    "exercise-softmax": {
        "row by row, with math": """
            import math

            def softmax(scores):
                out = []
                for row in scores.tolist():
                    top = max(row)
                    powers = [math.exp(s - top) for s in row]
                    out.append([p / sum(powers) for p in powers])
                return torch.tensor(out)
        """,
        "logsumexp": """
            def softmax(scores):
                return (scores - scores.logsumexp(dim=-1, keepdim=True)).exp()
        """,
        "numpy": """
            import numpy as np

            def softmax(scores):
                a = scores.numpy().astype(np.float64)
                e = np.exp(a - a.max(axis=1, keepdims=True))
                return torch.from_numpy(e / e.sum(axis=1, keepdims=True))
        """,
        "in place on a copy, without gradients": """
            @torch.no_grad()
            def softmax(scores):
                out = scores.clone()
                out -= out.amax(dim=1)[:, None]
                out.exp_()
                out /= out.sum(dim=1)[:, None]
                return out
        """,
        "a helper for one row": """
            def softmax(scores):
                def shares(row):
                    e = torch.exp(row - torch.max(row))
                    return e / torch.sum(e)
                return torch.stack([shares(row) for row in scores])
        """,
        "each share from the differences": """
            def softmax(scores):
                apart = scores[:, None, :] - scores[:, :, None]
                return 1 / apart.double().exp().sum(-1)
        """,
        "columns of the transposed": """
            def softmax(scores):
                x = scores.T
                e = torch.pow(torch.e, x - x.max(0).values)
                return torch.div(e, e.sum(0)).T
        """,
        "einsum, and a sorted maximum": """
            def softmax(scores):
                top = scores.sort(dim=-1, descending=True).values[:, :1]
                e = torch.exp(scores - top)
                return torch.einsum("ts,t->ts", e, 1 / e.sum(-1))
        """,
        "a loop that writes into zeros": """
            def softmax(scores):
                out = torch.zeros(scores.shape, dtype=torch.float64)
                for t in range(scores.shape[0]):
                    row = scores[t] - scores[t].max().item()
                    total = 0.0
                    for s in range(len(row)):
                        out[t, s] = row[s].exp()
                        total += out[t, s].item()
                    out[t] = out[t] / total
                return out
        """,
    },
    "exercise-blend": {
        "einsum": """
            def blend(weights, values):
                return torch.einsum("ts,sd->td", weights, values)
        """,
        "three loops": """
            def blend(weights, values):
                out = torch.zeros(weights.shape[0], values.shape[1])
                for t in range(weights.shape[0]):
                    for s in range(weights.shape[1]):
                        for d in range(values.shape[1]):
                            out[t, d] += weights[t, s] * values[s, d]
                return out
        """,
        "broadcast and sum": """
            def blend(weights, values):
                return (weights.unsqueeze(-1) * values).sum(dim=1)
        """,
        "numpy": """
            import numpy as np

            def blend(weights, values):
                return torch.from_numpy(np.dot(weights.numpy(), values.numpy()))
        """,
        "row by row": """
            def blend(weights, values):
                return torch.stack([sum(w * v for w, v in zip(row, values)) for row in weights])
        """,
        "vectors in a list": """
            def blend(weights, values):
                return torch.vstack([torch.mv(values.T, row) for row in weights])
        """,
        "tensordot, in double precision": """
            def blend(weights, values):
                return torch.tensordot(weights.double(), values.double(), dims=1)
        """,
        "a linear layer": """
            @torch.no_grad()
            def blend(weights, values):
                return torch.nn.functional.linear(weights, values.mT)
        """,
        "plain numbers": """
            def blend(weights, values):
                def dot(row, column):
                    return sum(a * b for a, b in zip(row, column))
                columns = list(zip(*values.tolist()))
                return torch.tensor([[dot(r, c) for c in columns] for r in weights.tolist()])
        """,
        "one row at a time, until none is left": """
            def blend(weights, values):
                if len(weights) == 1:
                    return weights @ values
                return torch.cat([weights[:1] @ values, blend(weights[1:], values)])
        """,
    },
}

WRONG = {
    "exercise-softmax": {
        "Subtract each row's largest score first": """
            def softmax(scores):
                e = torch.exp(scores)
                return e / e.sum(dim=-1, keepdim=True)
        """,
        "Your columns sum to one": """
            def softmax(scores):
                shifted = scores - scores.max(dim=0).values
                e = shifted.exp()
                return e / e.sum(dim=0)
        """,
        "sum over the last axis, `dim=-1`": """
            def softmax(scores):
                e = scores.exp()
                return e / e.sum(dim=0, keepdim=True)
        """,
        "changed its inputs in place": """
            def softmax(scores):
                scores -= scores.max(dim=-1, keepdim=True).values
                e = scores.exp()
                return e / e.sum(dim=-1, keepdim=True)
        """,
        "each row is a budget of its own": """
            def softmax(scores):
                e = (scores - scores.max()).exp()
                return e / e.sum()
        """,
        "Subtract each row's own largest": """
            def softmax(scores):
                e = torch.exp(scores - torch.max(scores))
                return e / e.sum(dim=1, keepdim=True)
        """,
        "asks you to do without `softmax`": """
            def softmax(scores):
                return torch.softmax(scores, dim=-1)
        """,
        "asks you to do without `log_softmax`": """
            def softmax(scores):
                return torch.nn.functional.log_softmax(scores, dim=1).exp()
        """,
    },
    "exercise-blend": {
        "You picked the value": """
            def blend(weights, values):
                rows = []
                for row in weights:
                    best = int(row.argmax())
                    rows.append(values[best])
                return torch.stack(rows)
        """,
        "Start every row from zero": """
            def blend(weights, values):
                total = torch.zeros(values.shape[1])
                out = []
                for t in range(weights.shape[0]):
                    for s in range(weights.shape[1]):
                        total = total + weights[t, s] * values[s]
                    out.append(total)
                return torch.stack(out)
        """,
        "You divided by the number of values": """
            def blend(weights, values):
                return (weights.unsqueeze(-1) * values.unsqueeze(0)).mean(dim=1)
        """,
        "these two shapes do not fit": """
            def blend(weights, values):
                return (weights + values).sum(0)
        """,
    },
}

UNKNOWN = {
    "exercise-softmax": {
        "scores above 80 are cut": """
            def softmax(scores):
                e = scores.clamp(-80, 80).exp()
                return e / e.sum(dim=-1, keepdim=True)
        """,
        "the mean is subtracted, in double precision": """
            def softmax(scores):
                x = scores.double()
                e = (x - x.mean(dim=-1, keepdim=True)).exp()
                return e / e.sum(dim=-1, keepdim=True)
        """,
        "the smallest is subtracted": """
            def softmax(scores):
                e = (scores - scores.min(dim=-1, keepdim=True).values).exp()
                return e / e.sum(dim=-1, keepdim=True)
        """,
        "powers of two": """
            def softmax(scores):
                e = 2 ** (scores - scores.max(dim=-1, keepdim=True).values)
                return e / e.sum(dim=-1, keepdim=True)
        """,
        "all to the largest": """
            def softmax(scores):
                return (scores == scores.max(dim=-1, keepdim=True).values).float()
        """,
        "something added to the sum": """
            def softmax(scores):
                e = (scores - scores.max(dim=-1, keepdim=True).values).exp()
                return e / (e.sum(dim=-1, keepdim=True) + 0.01)
        """,
        "squares": """
            def softmax(scores):
                return scores**2 / (scores**2).sum(dim=-1, keepdim=True)
        """,
        "two decimals": """
            def softmax(scores):
                e = (scores - scores.max(dim=-1, keepdim=True).values).exp()
                return (e / e.sum(dim=-1, keepdim=True)).round(decimals=2)
        """,
    },
    "exercise-blend": {
        "the sum of all values": """
            def blend(weights, values):
                return values.sum(dim=0).repeat(len(weights), 1)
        """,
        "squared weights": """
            def blend(weights, values):
                return weights**2 @ values
        """,
        "weights from right to left": """
            def blend(weights, values):
                return weights.flip(-1) @ values
        """,
        "the blend of the first query for all": """
            def blend(weights, values):
                return (weights[0] @ values).expand(len(weights), -1)
        """,
        "the last value left out": """
            def blend(weights, values):
                return weights[:, :-1] @ values[:-1]
        """,
        "each weight next to the largest one": """
            def blend(weights, values):
                return weights / weights.max(dim=-1, keepdim=True).values @ values
        """,
    },
}
