"""Checkers for the exercises of notebook 07, nonlinearity. Used by that notebook only."""

import torch
from torch import nn

from helpers.exercises.explain import describe_type
from helpers.exercises.judge import Verdict, compare, mistake, random_tensor
from helpers.exercises.networks import Complaint, answer, judge_network
from helpers.exercises.sandbox import call_safely
from helpers.messages import later, say
from helpers.two_facts import all_sums

NUMBERS = 10  # that are added, 0 to 9, in the longer exercise
AT_CHANCE, ENOUGH = 30, 90  # of 100 sums: up to that it may be guessing; right if it has learned
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
NO_GATED = later(
    "No network was handed over yet. Build a `OneWord` for the ten numbers with a gated layer, "
    "train it with `learn_sums`, and put its name in the place of None."
)
LIKE_ONE_WORD = later(
    "Given facts of shape {given}, the network should return logits of shape {wanted}, as "
    "`OneWord` does with `n_kinds = 10`. Yours returned {got}."
)
ADDITIVE = later(
    "It answers {right} of {count} sums correctly. What the second number adds to its logits is "
    "the same for every first number, so both went through linear maps alone, and no training can "
    "help. In a gated layer what `gate` and `up` return is multiplied, number by number."
)
NOT_GATED = later(
    "It answers {right} of {count} sums correctly. Its feed-forward layer has two matrices, as "
    "`FeedForward` has. A gated layer has a third one: `gate` and `up` have a matrix each."
)
AT_RANDOM = later(
    "Its layer is not linear, as it should be. It answers {right} of {count} sums correctly, so it "
    "looks untrained. Train it with `learn_sums(model, 10)`."
)
SUMS_LEFT = later(
    "Its layer is not linear, as it should be. It answers {right} of {count} sums correctly, and "
    "{needed} are needed. It is learning, so train it on."
)
ADDS = later("It answers {right} of {count} sums correctly.")
SQUARE = later(
    "Along any straight line of inputs its layer draws a parabola: linear maps are multiplied, and "
    "there is no other activation."
)
ACTIVATED = later(
    "There is an activation in its layer. Does it learn as well if `gate(x)` and `up(x)` are "
    "multiplied as they are?"
)


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
        # one word, too, and numbers so large that a ceiling on the activation would show
        return case(seed, *((2, 5, 3), (1, 1, 4), (4, 3, 2))[seed % 3], 1 + seed % 2 * 9)

    cases = [case(20, 2, 5, 3), case(21, 3, 5, 2)]

    def with_activation(f):
        return lambda x, w, b, n, c: f(x @ w + b) @ n + c

    mistakes = [
        mistake(
            "There is no activation, so both maps together are one linear map. Apply one to the "
            "hidden units: `torch.relu`.",
            with_activation(lambda hidden: hidden),
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
            "The activation comes too early: you applied it to the word's own components. Widen "
            "first.",
            lambda x, w, b, n, c: (torch.relu(x) @ w + b) @ n + c,
        ),
        mistake(
            "That is GELU. This exercise uses ReLU: `torch.relu`.",
            with_activation(nn.functional.gelu),
        ),
        mistake(
            "That is tanh. This exercise uses ReLU: `torch.relu`.", with_activation(torch.tanh)
        ),
        mistake(
            "That is the sigmoid. This exercise uses ReLU: `torch.relu`.",
            with_activation(torch.sigmoid),
        ),
        mistake(
            "That is a softmax, which ties the hidden units together. An activation works on "
            "each by itself: `torch.relu`.",
            with_activation(lambda hidden: hidden.softmax(-1)),
        ),
        mistake(
            "That is the absolute value. ReLU makes everything below 0 a 0.",
            with_activation(torch.abs),
        ),
        mistake(
            "The first bias is missing: it says from where on the activation lets each hidden unit "
            "through.",
            lambda x, w, b, n, c: torch.relu(x @ w) @ n + c,
        ),
        mistake(
            "The first bias came after the activation. It belongs to the first map: add it before.",
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
                with_activation(torch.relu)(x, w, b, n, c).mean(1, keepdim=True)
                + torch.zeros_like(x)
            ),
        ),
        mistake(SWAPPED, lambda x, w, b, n, c: x @ n),
        mistake(SIDE, lambda x, w, b, n, c: w @ x),
    ]
    right = say("Widen, apply the activation, narrow: for each word alone.")
    return compare(feed_forward, with_activation(torch.relu), cases, mistakes, right, draw=draw)


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


def check_gated(model) -> Verdict:
    """Check a trained network whose gated layer brings two numbers in one word together.

    Shapes: the network takes facts (B, 2) -> logits (B, V), with V = NUMBERS.
    """
    return judge_network(model, None, _ask_gated, NO_GATED)


def _ask_gated(model):
    """Return what to say of such a network; complain of any other."""
    facts, wanted = all_sums(NUMBERS)
    logits = _sum_logits(model, facts)
    right = int((logits.argmax(dim=-1) == wanted).sum())
    told = {"right": right, "count": len(facts)}
    if _is_additive(logits):
        raise Complaint(say(ADDITIVE, **told))
    layer = getattr(model, "feed_forward", None)
    if isinstance(layer, nn.Module) and _has_two_maps(layer):
        raise Complaint(say(NOT_GATED, **told))
    if right <= AT_CHANCE:
        raise Complaint(say(AT_RANDOM, **told))
    if right < ENOUGH:
        raise Complaint(say(SUMS_LEFT, needed=ENOUGH, **told))
    message = say(ADDS, **told)
    if not isinstance(layer, nn.Module):
        return message
    return f"{message} {say(SQUARE) if _is_quadratic(model, layer, facts) else say(ACTIVATED)}"


def _sum_logits(model, facts):
    """Return a network's logits (B, V) of facts (B, 2); complain of other shapes."""
    returned = answer(model, facts.to(next(model.parameters()).device))
    shape = len(facts), NUMBERS
    if isinstance(returned, torch.Tensor) and returned.shape == shape:
        return returned.cpu().double()
    told = {"given": tuple(facts.shape), "wanted": shape, "got": describe_type(returned)}
    raise Complaint(say(LIKE_ONE_WORD, **told))


def _is_additive(logits):
    """Tell whether logits (B, V) of all facts are a part of the first plus one of the second."""
    table = logits.unflatten(0, (NUMBERS, NUMBERS))  # (N, N, V)
    left = table - table[:, :1] - table[:1] + table[:1, :1]
    return bool(left.abs().max() <= 1e-4 * (table - table.mean()).abs().max())


def _has_two_maps(layer):
    """Tell whether a layer's matrices are two, there and back, as in `FeedForward`."""
    shapes = [each.shape for each in layer.parameters() if each.ndim == 2]
    return len(shapes) == 2 and shapes[0] == shapes[1][::-1]


def _is_quadratic(model, layer, facts):
    """Tell whether third differences of a layer vanish along lines through its own inputs."""
    given = []
    hook = layer.register_forward_pre_hook(lambda _, inputs: given.append(inputs[0]))
    try:
        _sum_logits(model, facts)
    finally:
        hook.remove()
    if not given:
        return False
    x, step = given[0], given[0].roll(1, 0)
    line = [call_safely(layer, [x + t * step])[0] for t in range(4)]
    if not all(isinstance(each, torch.Tensor) for each in line):
        return False
    left = line[3] - 3 * line[2] + 3 * line[1] - line[0]
    return bool(left.abs().max() <= 1e-4 * line[3].abs().max())
