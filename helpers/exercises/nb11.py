"""Checkers for the exercises of notebook 11, full circle. Used by that notebook only."""

import torch

from helpers.attention import attend, causal_mask, dot_scores
from helpers.attention import scaled_dot_scores as scaled
from helpers.exercises.judge import Verdict, compare, mistake, random_tensor
from helpers.messages import later, say

START = 7
UPSIDE_DOWN = later(
    "The mask is upside down: `real` is True where there is a word. Fill where it is False."
)
ZERO = later("A score of 0 is not nothing: exp(0) is 1. Only −∞ becomes a weight of 0.")


def check_cross_attend(cross_attend) -> Verdict:
    """Check `cross_attend(x, memory, real, to_query, to_key, to_value)`, one head.

    Shapes: x (B, T, E), memory (B, S, E), real (B, S), three matrices (E, D) -> (B, T, D).
    """

    def case(seed, real, t, e, d, scale=1):
        b, s = real.shape
        shapes = (b, t, e), (b, s, e), (e, d), (e, d), (e, d)
        x, memory, *matrices = (
            random_tensor(*shape, seed=10 * seed + i) for i, shape in enumerate(shapes)
        )
        return scale * x, memory, real, *(matrix / 2 for matrix in matrices)

    def draw(seed):
        sizes = (2, 3, 5, 4, 6), (3, 1, 4, 5, 2), (1, 4, 7, 3, 5), (4, 2, 1, 3, 5)
        b, t, s, e, d = sizes[seed % 4]
        real = random_tensor(b, s, seed=seed) > 0
        real[:, seed % s] = True  # a word in each text
        return case(seed, real, t, e, d, scale=1 + seed % 3 * 4)  # large scores, too

    read_whole = torch.tensor([[True] * 5, [True, True, True, False, False]])
    padded = torch.tensor([[True] * 4, [True, True, True, False], [False, True, False, False]])
    cases = [case(20, read_whole, 3, 4, 6), case(21, padded, 2, 5, 7)]

    def oracle(x, memory, real, to_query, to_key, to_value):
        query, key, value = x @ to_query, memory @ to_key, memory @ to_value
        return attend(query, key, value, real[:, None], scaled)[0]

    def with_scores(scores_of, dim=-1):
        def mistaken(x, memory, real, to_query, to_key, to_value):
            scores = scores_of(x @ to_query, memory @ to_key, real[:, None])
            return scores.softmax(dim) @ (memory @ to_value)

        return mistaken

    def hidden(scores, real):
        return scores.masked_fill(~real, -torch.inf)

    def masked_after(x, memory, real, to_query, to_key, to_value):
        weights = scaled(x @ to_query, memory @ to_key).softmax(-1) * real[:, None]
        return weights @ (memory @ to_value)

    def weights_alone(x, memory, real, to_query, to_key, to_value):
        return hidden(scaled(x @ to_query, memory @ to_key), real[:, None]).softmax(-1)

    mistakes = [
        mistake(
            "Here what was read asks itself. The queries come from what is being written, `x`.",
            lambda x, memory, real, q, k, v: oracle(memory, memory, real, q, k, v),
        ),
        mistake(
            "You let the words that are written ask each other: self-attention. Keys and values "
            "come from `memory`.",
            lambda x, memory, real, q, k, v: attend(x @ q, x @ k, x @ v, score=scaled)[0],
        ),
        mistake(
            "The mask has a column for each word of `memory`, and so should the scores: the keys "
            "come from `memory`, the queries from `x`.",
            lambda x, memory, real, q, k, v: (
                hidden(scaled(x @ q, x @ k), real[:, None]).softmax(-1) @ (x @ v)
            ),
        ),
        mistake(
            "The two texts changed places: what is written asks, what was read answers.",
            lambda x, memory, real, q, k, v: attend(memory @ q, x @ k, x @ v, score=scaled)[0],
        ),
        mistake(
            "Padding still receives attention. Where `real` is False, set the scores to −∞ before "
            "the softmax.",
            with_scores(lambda q, k, real: scaled(q, k)),
        ),
        mistake(
            UPSIDE_DOWN,
            with_scores(lambda q, k, real: hidden(scaled(q, k), ~real)),
        ),
        mistake(
            UPSIDE_DOWN,
            with_scores(lambda q, k, real: scaled(q, k).masked_fill(real, -1e9)),
        ),
        mistake(ZERO, with_scores(lambda q, k, real: scaled(q, k) * real)),
        mistake(
            ZERO,
            lambda x, memory, real, q, k, v: attend(
                x @ q, (real[..., None] * memory) @ k, (real[..., None] * memory) @ v, score=scaled
            )[0],
        ),
        mistake(
            "You masked after the softmax, so the weights of the second sentence no longer sum to "
            "one. Mask the scores instead, with −∞.",
            masked_after,
        ),
        mistake(
            "The √d is missing. Divide the scores by the square root of the width.",
            with_scores(lambda q, k, real: hidden(dot_scores(q, k), real)),
        ),
        mistake(
            "You divided by d, not by √d. Take the square root of the width.",
            with_scores(lambda q, k, real: hidden(dot_scores(q, k) / q.shape[-1], real)),
        ),
        mistake(
            "You took the width of `x`. The scores are products of queries and keys, so their "
            "width counts: `query.shape[-1]`.",
            lambda x, memory, real, q, k, v: attend(
                x @ q / x.shape[-1] ** 0.5, memory @ k, memory @ v, real[:, None]
            )[0],
        ),
        mistake(
            "Your softmax runs over the queries. Each query has one budget to spend on the source: "
            "the last axis, `dim=-1`.",
            with_scores(lambda q, k, real: hidden(scaled(q, k), real), dim=-2),
        ),
        mistake(
            "You blended `memory` as it is. The values go through their matrix: "
            "`memory @ to_value`.",
            lambda x, memory, real, q, k, v: attend(
                x @ q, memory @ k, memory, real[:, None], scaled
            )[0],
        ),
        mistake(
            "You blended the keys. The keys only say where to look: blend the values.",
            lambda x, memory, real, q, k, v: attend(
                x @ q, memory @ k, memory @ k, real[:, None], scaled
            )[0],
        ),
        mistake(
            "The three matrices are not used. Each role is learned: `x @ to_query` and so on.",
            lambda x, memory, real, q, k, v: attend(x, memory, memory, real[:, None], scaled)[0],
        ),
        mistake(
            "A matrix does not fit what stands on its left. The three are applied as they are, "
            "without a transpose: `x @ to_query`.",
            lambda x, memory, real, q, k, v: oracle(x, memory, real, q.T, k.T, v.T),
        ),
        mistake(
            "Two matrices are swapped: `to_query` belongs to `x`, `to_key` to `memory`.",
            lambda x, memory, real, q, k, v: oracle(x, memory, real, k, q, v),
        ),
        mistake(
            "Only the context is asked for: return that alone.",
            lambda *inputs: (oracle(*inputs), weights_alone(*inputs)),
        ),
        mistake(
            "These are the weights. Blend the values with them: `weights @ value`.", weights_alone
        ),
        mistake(
            "The mask has one row for each sentence, the scores have a query axis in between. Give "
            "the mask that axis: `real[:, None]`.",
            with_scores(lambda q, k, real: hidden(scaled(q, k), real[:, 0])),
        ),
        mistake(
            "(B, T, D) and (B, S, D) do not fit as a product. To compare queries and keys, swap "
            "the last two axes of the keys: `query @ key.mT`.",
            lambda x, memory, real, q, k, v: (x @ q) @ (memory @ k),
        ),
    ]
    right = say("What is written asks, what was read answers: the attention of notebook 02.")
    return compare(cross_attend, oracle, cases, mistakes, right, draw=draw)


def check_no_peeking(prepare) -> Verdict:
    """Check `prepare(target, start)`: what the decoder reads, and its mask.

    Shapes: target (B, T) -> (B, T), (T, T).
    """
    target = torch.tensor([[4, 5, 6, 3], [8, 9, 4, 5], [6, 3, 0, 0]])
    cases = [(target, START), (torch.tensor([[5, 4, 3, 9, 8]]), 1)]

    def draw(seed):
        b, t, start = ((3, 4, START), (1, 5, 1), (4, 1, 2), (5, 3, 0))[seed % 4]
        return torch.randint(10, (b, t), generator=torch.Generator().manual_seed(seed)), start

    def shift(target, start):
        first = torch.full_like(target[:, :1], start)
        return torch.cat([first, target[:, :-1]], dim=1)

    def oracle(target, start):
        return shift(target, start), causal_mask(target.shape[1])

    def everything(target):
        return torch.ones(target.shape[1], target.shape[1], dtype=torch.bool)

    def wrapped(target, start):
        return target.roll(1, dims=1), causal_mask(target.shape[1])

    def other_way(target, start):
        last = torch.full_like(target[:, :1], start)
        return torch.cat([target[:, 1:], last], dim=1), causal_mask(target.shape[1])

    def longer(target, start):
        first = torch.full_like(target[:, :1], start)
        return torch.cat([first, target], dim=1), causal_mask(target.shape[1] + 1)

    def overwritten(target, start):
        read = target.clone()
        read[:, 0] = start
        return read, causal_mask(target.shape[1])

    both = later(
        "It still peeks, in both ways: shift the target by one, and hide the future with `tril`."
    )
    mistakes = [
        mistake(both, lambda target, start: (target, everything(target))),
        mistake(
            "The mask is right, and it still peeks: step t reads `target[:, t]`, its own answer. "
            "Shift the target by one.",
            lambda target, start: (target, causal_mask(target.shape[1])),
        ),
        mistake(
            "The shift is right, and it still peeks: step t may look at step t + 1, and there its "
            "answer is read. Hide what comes later, with `tril`.",
            lambda target, start: (shift(target, start), everything(target)),
        ),
        mistake(
            "Your mask shows the future and hides the past. Row t is the step that looks: keep "
            "what is at or below the diagonal, `tril`.",
            lambda target, start: (shift(target, start), causal_mask(target.shape[1]).T),
        ),
        mistake(
            "Your mask is upside down: True is where a step may look.",
            lambda target, start: (shift(target, start), ~causal_mask(target.shape[1])),
        ),
        mistake(
            "No step may look at itself in your mask, so the first has nothing to look at at all. "
            "After the shift, the token that it reads is an earlier one, and allowed.",
            lambda target, start: (shift(target, start), everything(target).tril(-1)),
        ),
        mistake(
            "You hid the answer with the mask instead of shifting. Then the first step has nothing "
            "to look at, and a residual connection carries the answer past any mask. Shift.",
            lambda target, start: (target, everything(target).tril(-1)),
        ),
        mistake(
            "`roll` brings the last token round to the front. There `start` belongs.",
            wrapped,
        ),
        mistake(
            "You shifted the other way: step t now reads token t + 1. Put `start` in front.",
            other_way,
        ),
        mistake(
            "You put `start` over the first token, and all the others still stand where they are "
            "predicted. Shift them by one.",
            overwritten,
        ),
        mistake(
            "It is one step too long: nobody reads the last token. Leave it out, `[:, :-1]`.",
            longer,
        ),
        mistake(
            "The right two in the wrong order: first what is read, then the mask.",
            lambda target, start: oracle(target, start)[::-1],
        ),
        mistake(
            "That is what the decoder reads. Return the mask too: `return read, mask`.",
            lambda target, start: oracle(target, start)[0],
        ),
        mistake(
            "The mask should be boolean, True where a step may look. Yours holds numbers.",
            lambda target, start: (shift(target, start), causal_mask(target.shape[1]).float()),
        ),
        mistake(
            "The first token is 0 for you. It should be `start`, whatever number that is.",
            lambda target, start: (shift(target, 0), causal_mask(target.shape[1])),
        ),
    ]
    right = say("No step can see its answer, neither in what it reads nor by looking ahead.")
    return compare(prepare, oracle, cases, mistakes, right, draw=draw)
