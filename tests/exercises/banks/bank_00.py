"""Answers to the exercises of notebook 00, the warm-up."""

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
        "changed its inputs in place": """
            def softmax(scores):
                scores -= scores.max(dim=-1, keepdim=True).values
                e = scores.exp()
                return e / e.sum(dim=-1, keepdim=True)
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
    },
}
