"""Checkers for the exercises of notebook 02, attention. Used by that notebook only."""

import random

import torch
from torch.nn import functional as F

from helpers.attention import attend, scaled_dot_scores
from helpers.exercises.judge import Verdict, compare, mistake, random_tensor
from helpers.messages import later, say

UPSIDE_DOWN = later(
    "The mask is upside down: True means that a query may attend. Fill where it is False, `~mask`."
)
MISSING_AXIS = later(
    "The scores have an axis for the queries, and what you combine them with has none. If that is "
    "the mask, give it that axis: `mask[:, None]`."
)
WRONG_AXIS = later(
    "One row for each query and one for each word do not line up. The mask's new axis stands for "
    "the queries, `mask[:, None]`, and `query @ key.mT` pairs all with all."
)
ONE_ROW = later(
    "You searched all weights as one long row, and there is a word for each key only. Search each "
    "row: `dim=-1`."
)


def check_attend(attend_masked) -> Verdict:
    """Check `attend_masked(query, key, value, mask)`, which returns the context and the weights.

    Shapes: query (B, T, E), key and value (B, S, E), mask (B, S) -> (B, T, E), (B, T, S).
    """
    sizes = [(2, 3, 5, 6), (3, 2, 4, 5), (4, 5, 2, 3), (1, 1, 6, 2), (2, 3, 5, 6), (2, 4, 1, 3)]

    def draw(seed):
        b, t, s, e = sizes[seed % 6]
        query = random_tensor(b, t, e, seed=seed)
        key, value = random_tensor(2, b, s, e, seed=seed + 50)
        mask = torch.arange(s) < 1 + (3 * torch.arange(b)[:, None] + seed) % s
        if base := (0, 0, -70, 30, 0)[seed % 5]:  # of the scores; the states of padding are zeros
            query[..., 0], key[..., 0] = 1, base
            key, value = key * mask[..., None], value * mask[..., None]
        return query, key, value, mask

    cases = [draw(34), draw(25)]

    def oracle(query, key, value, mask):
        return attend(query, key, value, mask[:, None])

    def zeroed(query, key, value, mask):
        weights = (query @ key.mT).softmax(-1) * mask[:, None]
        return weights @ value, weights

    def hiding(hide, dim=-1):
        def mistaken(query, key, value, mask):
            weights = hide(query @ key.mT, mask).softmax(dim)
            return weights @ value, weights

        return mistaken

    mistakes = [
        mistake(
            "Padding still receives attention. Set its scores to −∞ before the softmax.",
            lambda query, key, value, mask: attend(query, key, value),
        ),
        mistake(UPSIDE_DOWN, hiding(lambda s, mask: s.masked_fill(mask[:, None], -torch.inf))),
        mistake(UPSIDE_DOWN, hiding(lambda s, mask: s.masked_fill(mask[:, None], -1e9))),
        mistake(
            "You masked after the softmax, so the weights of the second sentence no longer sum to "
            "one. Mask the scores instead, with −∞.",
            zeroed,
        ),
        mistake(
            "A score of 0 is not nothing: exp(0) is 1. Only −∞ becomes a weight of 0.",
            hiding(lambda s, mask: s * mask[:, None]),
        ),
        mistake(
            "Your softmax runs over the queries. Each query has one budget to spend on the keys: "
            "the last axis, `dim=-1`.",
            hiding(lambda s, mask: s.masked_fill(~mask[:, None], -torch.inf), dim=-2),
        ),
        mistake(
            "You divided the scores by √E. This notebook uses the plain dot product (the division "
            "is notebook 05's subject).",
            lambda query, key, value, mask: attend(
                query, key, value, mask[:, None], scaled_dot_scores
            ),
        ),
        mistake(
            "You blended the keys. The keys only say where to look: blend the values.",
            lambda query, key, value, mask: attend(query, key, key, mask[:, None]),
        ),
        mistake(
            "The second thing you return is the scores. Return the weights, after the softmax.",
            lambda query, key, value, mask: (
                oracle(query, key, value, mask)[0],
                (query @ key.mT).masked_fill(~mask[:, None], -torch.inf),
            ),
        ),
        mistake(
            "The right two in the wrong order: first the context, then the weights.",
            lambda *inputs: oracle(*inputs)[::-1],
        ),
        mistake(
            "That is the context alone. Return the weights too: `return context, weights`.",
            lambda *inputs: oracle(*inputs)[0],
        ),
        mistake(
            "You added the mask to the scores: True adds 1 and False adds 0, where padding should "
            "get −∞. Use `masked_fill`.",
            hiding(lambda s, mask: s + mask[:, None]),
        ),
        mistake(MISSING_AXIS, hiding(lambda s, mask: s.masked_fill(~mask, -torch.inf))),
        mistake(MISSING_AXIS, hiding(lambda s, mask: s * mask)),
        mistake(WRONG_AXIS, hiding(lambda s, mask: s.masked_fill(~mask[..., None], -torch.inf))),
        mistake(WRONG_AXIS, hiding(lambda s, mask: s * mask[..., None])),
        mistake(
            "Queries and keys are rows in both tensors. Swap the last two axes of the keys: "
            "`query @ key.mT`.",
            lambda query, key, value, mask: query @ key,
        ),
    ]
    right = say("Padding gets exactly nothing, and each row still sums to one.")
    return compare(attend_masked, oracle, cases, mistakes, right, draw=draw)


def check_additive(additive_scores) -> Verdict:
    """Check `additive_scores(query, key, from_query, from_key, to_score)`, Bahdanau's scores.

    Shapes: query (B, T, E), key (B, S, E), two matrices (E, D), vector (D,) -> scores (B, T, S).
    """
    # of B, T, S, E, D
    sizes = [(2, 3, 5, 4, 6), (1, 4, 2, 3, 5), (3, 1, 4, 2, 5), (2, 3, 5, 4, 6), (2, 4, 1, 5, 3)]

    def draw(seed):
        b, t, s, e, d = sizes[seed % 5]
        scale = (0.5, 0.5, 0.5, 2)[seed % 4]  # tanh nearly straight, and at its ends
        shapes = (b, t, e), (b, s, e), (e, d), (e, d), (d,)
        return tuple(random_tensor(*x, seed=9 * seed + i) * scale for i, x in enumerate(shapes))

    cases = [draw(20), draw(21)]

    def pairs(query, key, from_query, from_key):
        return (query @ from_query)[:, :, None] + (key @ from_key)[:, None]

    def oracle(query, key, from_query, from_key, to_score):
        return torch.tanh(pairs(query, key, from_query, from_key)) @ to_score

    mistakes = [
        mistake(
            "There is no tanh. Without it the query adds the same number to every score, and the "
            "softmax cancels it: all queries would look at the same place.",
            lambda q, k, wq, wk, v: pairs(q, k, wq, wk) @ v,
        ),
        mistake(
            "You multiplied the two projections. Additive scores add them, pair by pair.",
            lambda q, k, wq, wk, v: (q @ wq) @ (k @ wk).mT,
        ),
        mistake(
            "You summed the hidden units evenly. `to_score` says how much each counts.",
            lambda q, k, wq, wk, v: torch.tanh(pairs(q, k, wq, wk)).sum(-1),
        ),
        mistake(
            "The two matrices are swapped: `from_query` belongs to the query.",
            lambda q, k, wq, wk, v: torch.tanh(pairs(q, k, wk, wq)) @ v,
        ),
        mistake(
            "These are weights already. Return the scores, before the softmax.",
            lambda q, k, wq, wk, v: oracle(q, k, wq, wk, v).softmax(-1),
        ),
        mistake(
            "tanh came before the addition, so query and key never meet inside it. Add first.",
            lambda q, k, wq, wk, v: (
                (torch.tanh(q @ wq)[:, :, None] + torch.tanh(k @ wk)[:, None]) @ v
            ),
        ),
        mistake(
            "tanh came after `to_score`, on one number. It belongs before, on each hidden unit.",
            lambda q, k, wq, wk, v: (pairs(q, k, wq, wk) @ v).tanh(),
        ),
        mistake(
            "One tanh too many: `to_score` comes last, and a score may be larger than 1.",
            lambda q, k, wq, wk, v: oracle(q, k, wq, wk, v).tanh(),
        ),
        mistake(
            "That is the sigmoid. Bahdanau's network has a tanh, which lies between −1 and 1.",
            lambda q, k, wq, wk, v: pairs(q, k, wq, wk).sigmoid() @ v,
        ),
        mistake(
            "That is relu. Bahdanau's network has a tanh.",
            lambda q, k, wq, wk, v: pairs(q, k, wq, wk).relu() @ v,
        ),
        mistake(
            "Queries and keys changed places. Queries are the rows: (B, T, S).",
            lambda q, k, wq, wk, v: oracle(q, k, wq, wk, v).mT,
        ),
        mistake(
            "The hidden units are still there, each times its `to_score`. Add them up: `@`.",
            lambda q, k, wq, wk, v: pairs(q, k, wq, wk).tanh() * v,
        ),
        mistake(
            "There are T queries and S keys, so the two do not fit as they are. Give each the "
            "other's axis: (B, T, 1, D) and (B, 1, S, D).",
            lambda q, k, wq, wk, v: (q @ wq + k @ wk).tanh() @ v,
        ),
    ]
    right = say("Each pair of query and key went through one small network.")
    return compare(additive_scores, oracle, cases, mistakes, right, draw=draw)


def check_looks(looks) -> Verdict:
    """Check `looks(weights, words)`, (T, S) and S words -> T words."""
    date = [[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.1, 0.1], [0.2, 0.5, 0.2, 0.1]]
    time = [[0.1, 0.1, 0.8], [0.5, 0.2, 0.3], [0.1, 0.2, 0.7], [0.2, 0.5, 0.3], [0.6, 0.3, 0.1]]
    cases = [
        (torch.tensor(date), ["Sunday", "November", "22", "2026"]),
        (torch.tensor(time), ["ten", "to", "two"]),
    ]

    def draw(seed):
        t, s = [(3, 4), (5, 3), (1, 6), (3, 4), (7, 5), (4, 1)][seed % 6]
        sharp = (0.3, 1, 3, 8)[seed % 4]
        weights = (random_tensor(t, s, seed=seed) * sharp).softmax(-1)
        best = F.one_hot(weights.argmax(-1), s)  # which noise must not change
        words = random.Random(seed).choices(["two", "hundred", "forty", "and"], k=s)
        return (weights + 0.1 * best) / 1.1, words

    mistakes = [
        mistake(
            "These are the words that get the least attention. Take the largest weight: `argmax`.",
            lambda weights, words: [words[i] for i in weights.argmin(-1)],
        ),
        mistake(
            "These are positions. Look up which words stand there: `words[i]`.",
            lambda weights, words: weights.argmax(-1).tolist(),
        ),
        mistake(
            "There is one answer for each source word. Queries are the rows: take the largest of "
            "each row, `dim=-1`.",
            lambda weights, words: [words[i] for i in weights.argmax(0)],
        ),
        mistake(
            "You took the largest weight of all. Take the largest of each row.",
            lambda weights, words: words[int(weights.argmax()) % len(words)],
        ),
        mistake(ONE_ROW, lambda weights, words: words[weights.argmax()]),
        mistake(
            "A list takes one position at a time: `[words[i] for i in positions]`.",
            lambda weights, words: words[weights.argmax(-1)],
        ),
        mistake(
            "These are positions, in a tensor. Look up which words stand there: `words[i]`.",
            lambda weights, words: weights.argmax(-1),
        ),
        mistake(
            "These are the largest weights themselves. Find where they stand, with `argmax`, and "
            "look up the words.",
            lambda weights, words: weights.max(-1).values.tolist(),
        ),
        mistake(
            "The first row is right, and all others repeat it. Each row has its own largest.",
            lambda weights, words: [words[weights[0].argmax()]] * len(weights),
        ),
        mistake(
            "The right words, from the last row to the first. Keep the order of the rows.",
            lambda weights, words: [words[i] for i in weights.argmax(-1)][::-1],
        ),
    ]

    def oracle(weights, words):
        return [words[i] for i in weights.argmax(-1)]

    right = say("You can now read, step by step, where the model looks.")
    return compare(looks, oracle, cases, mistakes, right, draw=draw)
