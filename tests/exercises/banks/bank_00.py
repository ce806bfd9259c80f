"""Wrong answers to the exercises of notebook 00, the warm-up."""

from tests.exercises.banks import Wrong

NOT_A_NUMBER = "There is NaN"
SHAPE = "The shape should be"
IN_PLACE = "changed its inputs in place"

BANK = {
    "exercise-softmax": [
        Wrong(
            "returns None: no return",
            "ends with `return`",
            """
            def softmax(scores):
                positive = scores.exp()
                shares = positive / positive.sum(dim=-1, keepdim=True)
            """,
        ),
        Wrong(
            "raises: the sum lost its axis",
            "Keep that axis: `keepdim=True`",
            """
            def softmax(scores):
                positive = torch.exp(scores)
                return positive / torch.sum(positive, dim=-1)
            """,
        ),
        Wrong(
            "raises: the largest lost its axis",
            "Keep that axis: `keepdim=True`",
            """
            def softmax(scores):
                positive = (scores - scores.max(dim=-1).values).exp()
                return positive / positive.sum(dim=-1, keepdim=True)
            """,
        ),
        Wrong(
            "raises: max returns two things",
            "values and positions: take `.values`",
            """
            def softmax(scores):
                scores = scores - scores.max(dim=-1, keepdim=True)
                return scores.exp() / scores.exp().sum(dim=-1, keepdim=True)
            """,
        ),
        Wrong(
            "raises: a second parameter",
            "missing 1 required positional argument: 'dim'. It was given 1 input: a tensor of "
            "shape (2, 3)",
            """
            def softmax(scores, dim):
                return scores.exp() / scores.exp().sum(dim, keepdim=True)
            """,
        ),
        Wrong(
            "wrong shape: the sums alone",
            SHAPE,
            """
            def softmax(scores):
                return scores.exp().sum(dim=-1, keepdim=True)
            """,
        ),
        Wrong(
            "wrong type: a list",
            "`torch.stack` makes one tensor of a list",
            """
            def softmax(scores):
                return [row.exp() / row.exp().sum() for row in scores]
            """,
        ),
        Wrong(
            "NaN: exp without the shift",
            "Subtract each row's largest score first",
            """
            def softmax(scores):
                positive = torch.exp(scores)
                return positive / positive.sum(dim=-1, keepdim=True)
            """,
        ),
        Wrong(
            "NaN: the largest of all",
            "Subtract each row's own largest",
            """
            def softmax(scores):
                positive = torch.exp(scores - scores.max())
                return positive / positive.sum(dim=-1, keepdim=True)
            """,
        ),
        Wrong(
            "NaN: the mean is subtracted",
            NOT_A_NUMBER,
            """
            def softmax(scores):
                positive = (scores - scores.mean(dim=-1, keepdim=True)).exp()
                return positive / positive.sum(dim=-1, keepdim=True)
            """,
        ),
        Wrong(
            "in place: the largest is subtracted from the caller's scores",
            IN_PLACE,
            """
            def softmax(scores):
                scores -= scores.max(dim=-1, keepdim=True).values
                positive = scores.exp()
                return positive / positive.sum(dim=-1, keepdim=True)
            """,
        ),
        Wrong(
            "divided without exp",
            "Scores can be negative",
            """
            def softmax(scores):
                return scores / scores.sum(dim=-1, keepdim=True)
            """,
        ),
        Wrong(
            "absolute values",
            "the worst match gets a large share",
            """
            def softmax(scores):
                positive = abs(scores)
                return positive / positive.sum(dim=-1, keepdim=True)
            """,
        ),
        Wrong(
            "not divided",
            "they do not sum to one",
            """
            def softmax(scores):
                return torch.exp(scores)
            """,
        ),
        Wrong(
            "one budget for all rows",
            "each row is a budget of its own",
            """
            def softmax(scores):
                positive = (scores - scores.max()).exp()
                return positive / positive.sum()
            """,
        ),
        Wrong(
            "over the columns",
            "Your columns sum to one",
            """
            def softmax(scores):
                positive = (scores - scores.max(dim=0).values).exp()
                return positive / positive.sum(dim=0)
            """,
        ),
        Wrong(
            "sigmoid",
            "as a sigmoid does",
            """
            def softmax(scores):
                return 1 / (1 + (-scores).exp())
            """,
        ),
        Wrong(
            "shifted, not divided",
            "The largest share of each row is 1",
            """
            def softmax(scores):
                return (scores - scores.max(dim=-1, keepdim=True).values).exp()
            """,
        ),
        Wrong(
            "logarithms",
            "These are logarithms",
            """
            def softmax(scores):
                scores = scores - scores.max(dim=-1, keepdim=True).values
                return scores - scores.exp().sum(dim=-1, keepdim=True).log()
            """,
        ),
    ],
    "exercise-blend": [
        Wrong(
            "returns None: printed",
            "returned None",
            """
            def blend(weights, values):
                weights @ values
            """,
        ),
        Wrong(
            "raises: number by number",
            "A matrix product is `@`",
            """
            def blend(weights, values):
                return (weights * values).sum(dim=-1)
            """,
        ),
        Wrong(
            "raises: the wrong way round",
            "first the weights, then the values",
            """
            def blend(weights, values):
                return torch.matmul(values, weights)
            """,
        ),
        Wrong(
            "raises: a name that is not there",
            "NameError",
            """
            def blend(weights, values):
                return weights @ colors
            """,
        ),
        Wrong(
            "wrong shape: summed over the numbers of a value",
            SHAPE,
            """
            def blend(weights, values):
                return (weights[:, :, None] * values).sum(dim=-1)
            """,
        ),
        Wrong(
            "wrong shape: the first query alone",
            SHAPE,
            """
            def blend(weights, values):
                for w in weights:
                    return sum(wi * value for wi, value in zip(w, values))
            """,
        ),
        Wrong(
            "wrong shape: transposed",
            "one row for each query",
            """
            def blend(weights, values):
                return values.T @ weights.T
            """,
        ),
        Wrong(
            "wrong shape: the sum is missing",
            "add them up over the values",
            """
            def blend(weights, values):
                return weights.unsqueeze(-1) * values
            """,
        ),
        Wrong(
            "wrong type: a list of rows",
            "Return a tensor: yours returned a list of 2",
            """
            def blend(weights, values):
                return [w @ values for w in weights]
            """,
        ),
        Wrong(
            "NaN: divided by weights that round to 0",
            NOT_A_NUMBER,
            """
            def blend(weights, values):
                kept = weights.round() * 0
                return kept @ values / kept.sum(dim=-1, keepdim=True)
            """,
        ),
        Wrong(
            "in place: the weights are normalised where they stand",
            IN_PLACE,
            """
            def blend(weights, values):
                out = weights @ values
                weights *= 2
                return out
            """,
        ),
        Wrong(
            "plain average",
            "Every value counts the same",
            """
            def blend(weights, values):
                return torch.stack([values.mean(dim=0) for _ in weights])
            """,
        ),
        Wrong(
            "hard choice",
            "You picked the value",
            """
            def blend(weights, values):
                return torch.stack([values[int(w.argmax())] for w in weights])
            """,
        ),
        Wrong(
            "mean in place of sum",
            "You divided by the number of values",
            """
            def blend(weights, values):
                return (weights[:, :, None] * values).mean(dim=1)
            """,
        ),
        Wrong(
            "softmax of the values",
            "Softmax belongs to the scores",
            """
            def blend(weights, values):
                return weights @ values.softmax(dim=-1)
            """,
        ),
        Wrong(
            "softmax of the weights",
            "You took a softmax of the weights",
            """
            def blend(weights, values):
                return weights.softmax(dim=-1) @ values
            """,
        ),
        Wrong(
            "the total is never set back",
            "Start every row from zero",
            """
            def blend(weights, values):
                total, rows = torch.zeros(values.shape[1]), []
                for w in weights:
                    for wi, value in zip(w, values):
                        total = total + wi * value
                    rows.append(total)
                return torch.stack(rows)
            """,
        ),
        Wrong(
            "the sum of the values, once for each weight",
            "the answer is",
            """
            def blend(weights, values):
                return values.sum(dim=0) * weights.sum(dim=-1, keepdim=True)
            """,
        ),
    ],
}
