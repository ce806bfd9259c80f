"""Checkers for the exercises of notebook 00, the warm-up. Used by that notebook only."""

import torch

from helpers.exercises.judge import Verdict, compare, mistake, random_tensor
from helpers.messages import say


def check_softmax(softmax) -> Verdict:
    """Check `softmax(scores)` over the last axis, (T, S) -> (T, S)."""
    sizes = [(2, 3), (4, 5), (3, 2), (5, 4), (1, 6), (6, 1)]
    far = [[1000, 1001, 999], [-1000, -1001, -2000], [-1000, 1000, -999], [30, -70, -71]]
    # small scores first: there, a second mistake such as no shift does not hide the first
    cases = [(random_tensor(*size, seed=sum(size)),) for size in sizes[:4]]
    cases += [(torch.tensor(far).float(),)]

    def draw(seed):
        scale = (1, 1, 10, 1000)[seed % 4]
        size = sizes[0] if seed % 3 == 0 else sizes[seed % 6]
        scores = random_tensor(*size, seed=seed) * scale
        return (scores.round() if scale == 10 else scores,)  # with equal ones

    def shares(scores, subtracted=0.0):
        positive = (scores - subtracted).exp()
        return positive / positive.sum(-1, keepdim=True)

    mistakes = [
        mistake(
            "You divided the scores by their sum. Scores can be negative, and shares cannot: "
            "take `exp` first.",
            lambda scores: scores / scores.sum(-1, keepdim=True),
        ),
        mistake(
            "All numbers together sum to one, but each row is a budget of its own: sum over the "
            "last axis, and keep that axis (`keepdim=True`).",
            lambda scores: scores.exp() / scores.exp().sum(),
        ),
        mistake(
            "Your columns sum to one, and the rows should: sum over the last axis, `dim=-1`.",
            lambda scores: scores.softmax(dim=0),
        ),
        mistake(
            "These are the exponentials, and they are positive, but they do not sum to one: divide "
            "by their sum.",
            lambda scores: scores.exp(),
        ),
        mistake(
            "Each number was squashed on its own, as a sigmoid does. A share depends on the "
            "others: divide by the sum of all exponentials.",
            torch.sigmoid,
        ),
        mistake(
            "Small scores come out right, but exp(1000) is ∞, and ∞/∞ is NaN. Subtract each row's "
            "largest score first.",
            shares,
        ),
        mistake(
            "The largest share of each row is 1, whatever the others are. Shares sum to one: "
            "divide by the sum.",
            lambda scores: scores.exp() / scores.exp().max(-1, keepdim=True).values,
        ),
        mistake(
            "With `abs`, the worst match gets a large share, as the best does. Make scores "
            "positive with `exp`, which keeps their order.",
            lambda scores: scores.abs() / scores.abs().sum(-1, keepdim=True),
        ),
        mistake(
            "These are logarithms of the shares, and none is positive. Take `exp` of them.",
            lambda scores: scores.log_softmax(-1),
        ),
        mistake(
            "`sum`, `max` and the like remove the axis that they run over, and what is left does "
            "not line up with the rows. Keep that axis: `keepdim=True`.",
            lambda scores: scores.exp() / scores.exp().sum(-1),
        ),
        mistake(
            "`max` over an axis returns two things, values and positions: take `.values`.",
            lambda scores: shares(scores, scores.max(-1)),
        ),
        mistake(
            "You subtracted the largest score of all, and in a row far below it every exp is 0. "
            "Subtract each row's own largest.",
            lambda scores: shares(scores, scores.max()),
        ),
    ]
    right = say("Shares that sum to one, even where a score is 1000.")
    without = ("softmax", "log_softmax", "Softmax")
    return compare(
        softmax,
        lambda scores: scores.softmax(-1),
        cases,
        mistakes,
        right,
        draw=draw,
        without=without,
    )


def check_blend(blend) -> Verdict:
    """Check `blend(weights, values)`, (T, S), (S, D) -> (T, D)."""
    sizes = [(2, 3, 4), (4, 5, 2), (3, 2, 6), (2, 3, 4), (1, 6, 3), (4, 1, 3)]  # of T, S, D

    def draw(seed):
        t, s, d = sizes[seed % 6]
        sharp = (0.5, 1, 3, 8)[seed % 4]
        weights = (random_tensor(t, s, seed=seed) * sharp).softmax(-1)
        return weights, random_tensor(s, d, seed=seed + 1) * (1 + seed % 5)

    cases = [draw(21), draw(25)]
    mistakes = [
        mistake(
            "Every value counts the same in your blend. Let each count as much as its weight says.",
            lambda weights, values: values.mean(0).expand(len(weights), -1),
        ),
        mistake(
            "You picked the value with the largest weight. A blend takes something of each: "
            "multiply by the weights, and add up.",
            lambda weights, values: values[weights.argmax(-1)],
        ),
        mistake(
            "You divided by the number of values, but the weights sum to one already.",
            lambda weights, values: weights @ values / values.shape[0],
        ),
        mistake(
            "Softmax belongs to the scores. Leave the values as they are.",
            lambda weights, values: weights @ values.softmax(-1),
        ),
        mistake(
            "You took a softmax of the weights, and they come from one: their rows sum to one "
            "already.",
            lambda weights, values: weights.softmax(-1) @ values,
        ),
        mistake(
            "Rows and columns changed places: one row for each query, one column for each number "
            "of a value.",
            lambda weights, values: (weights @ values).mT,
        ),
        mistake(
            "The first query is right, and each later one still holds what came before it. Start "
            "every row from zero.",
            lambda weights, values: (weights @ values).cumsum(0),
        ),
        mistake(
            "The products are right. Now add them up over the values, the middle axis.",
            lambda weights, values: weights[:, :, None] * values,
        ),
        mistake(
            "Number by number, as `*` and `+` work, these two shapes do not fit. A matrix product "
            "is `@`.",
            lambda weights, values: weights * values,
        ),
        mistake(
            "The order matters in a matrix product: first the weights, then the values.",
            lambda weights, values: values @ weights,
        ),
    ]
    right = say("Each row of the answer is the average of the values that its weights ask for.")
    return compare(
        blend, lambda weights, values: weights @ values, cases, mistakes, right, draw=draw
    )
