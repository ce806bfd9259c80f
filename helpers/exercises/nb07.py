"""Checkers for the exercises of notebook 07, nonlinearity. Used by that notebook only."""

import torch
from torch import nn

from helpers.exercises.judge import Verdict, compare, mistake, random_tensor
from helpers.messages import later, say

NO_NARROW_BIAS = later("The second bias is missing: each of the two maps has its own.")
SWAPPED = later(
    "A matrix does not fit what stands on its left. `x`, E wide, goes through `widen`, and what "
    "comes out, 4E wide, goes through `narrow`. Neither is transposed (`nn.Linear` stores it so)."
)
SIDE = later(
    "The vectors are rows, so they stand on the left: `x @ widen`. `widen @ x` does not fit, and a "
    "transpose would not be the same map."
)
RELU = later("There is a ReLU in it. Without an activation, nothing is cut off.")


def maps(seed=0, width=3):
    """Return two matrices and two biases: widen (E, 4*E), (4*E), narrow (4*E, E), (E)."""
    shapes = (width, 4 * width), (4 * width,), (4 * width, width), (width,)
    return [random_tensor(*shape, seed=seed + i) / 2 for i, shape in enumerate(shapes)]


def check_feed_forward(feed_forward) -> Verdict:
    """Check `feed_forward(x, widen, widen_bias, narrow, narrow_bias)`, with ReLU.

    Shapes: x (B, T, E), widen (E, 4*E), narrow (4*E, E) -> (B, T, E).
    """

    def case(seed, b, t, e, scale=1):
        return scale * random_tensor(b, t, e, seed=100 + seed), *maps(4 * seed, e)

    def draw(seed):
        # one word, too, and numbers so large that a ceiling on the bend would show
        return case(seed, *((2, 5, 3), (1, 1, 4), (4, 3, 2))[seed % 3], 1 + seed % 2 * 9)

    cases = [case(20, 2, 5, 3), case(21, 3, 5, 2)]

    def bent(bend):
        return lambda x, w, b, n, c: bend(x @ w + b) @ n + c

    mistakes = [
        mistake(
            "There is no activation, so both maps together are one linear map. Bend the hidden "
            "numbers: `torch.relu`.",
            bent(lambda hidden: hidden),
        ),
        mistake(
            "The activation comes too late: after narrowing, it only cuts the output off at 0. It "
            "belongs between the two maps.",
            lambda x, w, b, n, c: torch.relu((x @ w + b) @ n + c),
        ),
        mistake(
            "One activation too many: the last map is linear, so that the output may be below 0.",
            lambda x, w, b, n, c: torch.relu(torch.relu(x @ w + b) @ n + c),
        ),
        mistake(
            "The activation comes too early: you bent the word's own numbers. Widen first.",
            lambda x, w, b, n, c: (torch.relu(x) @ w + b) @ n + c,
        ),
        mistake("That is GELU. This exercise uses ReLU: `torch.relu`.", bent(nn.functional.gelu)),
        mistake("That is tanh. This exercise uses ReLU: `torch.relu`.", bent(torch.tanh)),
        mistake("That is the sigmoid. This exercise uses ReLU: `torch.relu`.", bent(torch.sigmoid)),
        mistake(
            "That is a softmax, which ties the hidden units together. Each is bent by itself: "
            "`torch.relu`.",
            bent(lambda hidden: hidden.softmax(-1)),
        ),
        mistake(
            "That is the absolute value. ReLU makes everything below 0 a 0.",
            bent(torch.abs),
        ),
        mistake(
            "The first bias is missing: it says where each hidden unit begins to bend.",
            lambda x, w, b, n, c: torch.relu(x @ w) @ n + c,
        ),
        mistake(
            "The first bias came after the bend. It belongs to the first map: add it before.",
            lambda x, w, b, n, c: (torch.relu(x @ w) + b) @ n + c,
        ),
        mistake(NO_NARROW_BIAS, lambda x, w, b, n, c: torch.relu(x @ w + b) @ n),
        mistake(
            "You added the input again. That is the residual, which stands outside this layer.",
            lambda x, w, b, n, c: x + torch.relu(x @ w + b) @ n + c,
        ),
        mistake(
            "You stopped half-way: these are the hidden units. Narrow them again, `@ narrow`.",
            lambda x, w, b, n, c: torch.relu(x @ w + b),
        ),
        mistake(
            "You averaged over the words. The feed-forward layer works on each word alone.",
            lambda x, w, b, n, c: (
                bent(torch.relu)(x, w, b, n, c).mean(1, keepdim=True) + torch.zeros_like(x)
            ),
        ),
        mistake(SWAPPED, lambda x, w, b, n, c: x @ n),
        mistake(SIDE, lambda x, w, b, n, c: w @ x),
    ]
    right = say("Widen, bend, narrow: for each word alone.")
    return compare(feed_forward, bent(torch.relu), cases, mistakes, right, draw=draw)


def check_one_map(one_map) -> Verdict:
    """Check `one_map(widen, widen_bias, narrow, narrow_bias)`, the two maps as one.

    Shapes: widen (E, 4*E), narrow (4*E, E) -> matrix (E, E), bias (E).
    """

    def draw(seed):
        return tuple(maps(4 * seed, (3, 2, 5)[seed % 3]))

    cases = [tuple(maps(seed=100, width=width)) for width in (3, 2)]

    def oracle(w, b, n, c):
        return w @ n, b @ n + c

    mistakes = [
        mistake(
            "`narrow @ widen` is 4E wide. The vectors stand on the left, so what comes first "
            "stands left: `widen @ narrow`.",
            lambda w, b, n, c: (n @ w, b @ n + c),
        ),
        mistake(
            "The matrix is transposed: that is how `nn.Linear` stores it. Here it is used as "
            "`x @ matrix`.",
            lambda w, b, n, c: ((w @ n).mT, b @ n + c),
        ),
        mistake(
            "The first bias is lost. It goes through the second map too: `widen_bias @ narrow`.",
            lambda w, b, n, c: (w @ n, c),
        ),
        mistake(
            "The second bias is lost. It is added at the very end.",
            lambda w, b, n, c: (w @ n, b @ n),
        ),
        mistake(
            "The second bias went through the second map. It is added after that.",
            lambda w, b, n, c: (w @ n, (b + c.repeat(4)) @ n),
        ),
        mistake(
            "The bias is a row, and it passes `narrow` as a word would: `widen_bias @ narrow`.",
            lambda w, b, n, c: (w @ n, n @ b),
        ),
        mistake(
            "4E numbers and E numbers do not go together. The first bias has 4E, and the second "
            "map makes E of them: `widen_bias @ narrow`.",
            lambda w, b, n, c: (w @ n, b + c),
        ),
        mistake(
            "You cut the first bias off. All of it goes through the second map: "
            "`widen_bias @ narrow`.",
            lambda w, b, n, c: (w @ n, b[: len(c)] + c),
        ),
        mistake(RELU, lambda w, b, n, c: (torch.relu(w) @ n, b @ n + c)),
        mistake(RELU, lambda w, b, n, c: (w @ n, torch.relu(b) @ n + c)),
        mistake(RELU, lambda w, b, n, c: (torch.relu(w) @ n, torch.relu(b) @ n + c)),
        mistake(
            "The right two in the wrong order: first the matrix, then the bias.",
            lambda w, b, n, c: oracle(w, b, n, c)[::-1],
        ),
        mistake(
            "That is the matrix alone. Return the bias too: `return matrix, bias`.",
            lambda w, b, n, c: w @ n,
        ),
        mistake(
            "(E, 4E) and (4E, E) fit only as a matrix product, one map after the other: "
            "`widen @ narrow`.",
            lambda w, b, n, c: w + n,
        ),
        mistake(
            "That multiplies number by number. One map after another is a matrix product: `@`.",
            lambda w, b, n, c: (w * n.mT, b @ n + c),
        ),
        mistake(
            "You added the matrices. One map after another multiplies them: `widen @ narrow`.",
            lambda w, b, n, c: (w + n.mT, b @ n + c),
        ),
    ]
    right = say("Two linear maps in a row are one, and so are twenty.")
    return compare(one_map, oracle, cases, mistakes, right, draw=draw)


def check_share(share) -> Verdict:
    """Check `share(first, second, output)`, the weight of the second of two values.

    Shapes: (E), (E), (E) -> one number.
    """

    def case(first, second, weight):
        return first, second, first + weight * (second - first)

    def draw(seed):
        size, weight = (3, 2, 4)[seed % 3], (0.13, 0.5, 0.88, 0.0, 1.0)[seed % 5]
        first, second = random_tensor(size, seed=300 + seed), random_tensor(size, seed=seed)
        if seed % 2:
            second = first.flip(0)  # the numbers of the step sum to 0
        elif seed % 4:
            second[-1] = first[-1]
        return case(first, second, weight)

    cases = [
        case(torch.tensor([1.0, 2.0, -1.0]), torch.tensor([2.0, -1.0, 0.5]), 0.32),
        case(torch.tensor([0.5, 1.0]), torch.tensor([0.5, -3.0]), 0.75),
    ]

    def oracle(first, second, output):
        step = second - first
        return ((output - first) @ step / (step @ step)).item()

    mistakes = [
        mistake(
            "That is the weight of the first value. Count from the first towards the second.",
            lambda f, s, o: 1 - oracle(f, s, o),
        ),
        mistake(
            "A dot product alone grows with the length of the step. Divide by `step @ step`.",
            lambda f, s, o: ((o - f) @ (s - f)).item(),
        ),
        mistake(
            "That is how far the output is from the first value. How many steps of "
            "`second - first` is that? Divide by the length of the step once more.",
            lambda f, s, o: ((o - f) @ (s - f) / (s - f).norm()).item(),
        ),
        mistake(
            "That is one answer for each number, and they all say the same, or 0/0. Return one "
            "number: use dot products.",
            lambda f, s, o: (o - f) / (s - f),
        ),
        mistake(
            "You measured from the origin. Measure from the first value: subtract it.",
            lambda f, s, o: (o @ s / (s @ s)).item(),
        ),
        mistake(
            "That is a cosine. It compares directions seen from the origin and says nothing of "
            "where on the segment the output lies.",
            lambda f, s, o: nn.functional.cosine_similarity(o, s, dim=0).item(),
        ),
        mistake(
            "That is a cosine, and it is 1 all along the segment. Divide by `step @ step` instead.",
            lambda f, s, o: nn.functional.cosine_similarity(o - f, s - f, dim=0).item(),
        ),
        mistake(
            "That is one distance divided by the other. Divide by the length of the whole segment.",
            lambda f, s, o: ((o - f).norm() / (o - s).norm()).item(),
        ),
        mistake(
            "You computed new weights with a softmax. The output shows which weights were used.",
            lambda f, s, o: torch.stack([o @ f, o @ s]).softmax(0)[1].item(),
        ),
        mistake(
            "The products are not added up yet: `@` instead of `*`.",
            lambda f, s, o: (o - f) * (s - f) / ((s - f) @ (s - f)),
        ),
    ]
    right = say("Between two values, the output tells its weights.")
    return compare(share, oracle, cases, mistakes, right, draw=draw)
