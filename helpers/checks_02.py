"""Checkers for the exercises of notebook 02, attention. Used by that notebook only."""

import torch

from helpers.attention import attend, scaled_dot_scores
from helpers.checks import Verdict, compare, random_tensor

UPSIDE_DOWN = (
    "The mask is upside down: True means that a query may attend. Fill where it is False, `~mask`."
)
MISSING_AXIS = (
    "The mask has one row for each sentence, the scores have a query axis in between. Give the "
    "mask that axis: `mask[:, None]`."
)
WRONG_AXIS = (
    "The mask's new axis is in the wrong place: it stands for the queries, the middle axis of the "
    "scores, `mask[:, None]`."
)
ONE_ROW = (
    "You searched all weights as one long row, and there is a word for each key only. Search each "
    "row: `dim=-1`."
)


def check_attend(attend_masked) -> Verdict:
    """Check `attend_masked(query, key, value, mask)`, which returns the context and the weights.

    Shapes: query (B, T, E), key and value (B, S, E), mask (B, S) -> (B, T, E), (B, T, S).
    """
    query, key, value = (random_tensor(2, n, 4, seed=n) / 2 for n in (3, 5, 5))
    value = value.flip(1)  # not the keys
    mask = torch.tensor([[True] * 5, [True, True, True, False, False]])
    cases = [(query, key, value, mask)]

    def oracle(query, key, value, mask):
        return attend(query, key, value, mask[:, None])

    def zeroed(query, key, value, mask):
        weights = (query @ key.mT).softmax(-1) * mask[:, None]
        return weights @ value, weights

    def added(query, key, value, mask):
        weights = (query @ key.mT + mask[:, None]).softmax(-1)
        return weights @ value, weights

    def over(fill, dim=-1, hides=torch.logical_not):
        def mistaken(query, key, value, mask):
            scores = (query @ key.mT).masked_fill(hides(mask)[:, None], fill)
            weights = scores.softmax(dim)
            return weights @ value, weights

        return mistaken

    mistakes = [
        (
            lambda query, key, value, mask: attend(query, key, value),
            "Padding still receives attention. Set its scores to −∞ before the softmax.",
        ),
        (over(-torch.inf, hides=torch.clone), UPSIDE_DOWN),
        (over(-1e9, hides=torch.clone), UPSIDE_DOWN),
        (
            zeroed,
            "You masked after the softmax, so the weights of the second sentence no longer sum to "
            "one. Mask the scores instead, with −∞.",
        ),
        (
            over(0.0),
            "A score of 0 is not nothing: exp(0) is 1. Only −∞ becomes a weight of 0.",
        ),
        (
            over(-torch.inf, -2),
            "Your softmax runs over the queries. Each query has one budget to spend on the keys: "
            "the last axis, `dim=-1`.",
        ),
        (
            lambda query, key, value, mask: attend(
                query, key, value, mask[:, None], scaled_dot_scores
            ),
            "You divided the scores by √E. This notebook uses the plain dot product (the division "
            "is notebook 05's subject).",
        ),
        (
            lambda query, key, value, mask: attend(query, key, key, mask[:, None]),
            "You blended the keys. The keys only say where to look: blend the values.",
        ),
        (
            lambda query, key, value, mask: (
                oracle(query, key, value, mask)[0],
                (query @ key.mT).masked_fill(~mask[:, None], -torch.inf),
            ),
            "The second thing you return is the scores. Return the weights, after the softmax.",
        ),
        (
            lambda *inputs: oracle(*inputs)[::-1],
            "The right two in the wrong order: first the context, then the weights.",
        ),
        (
            lambda *inputs: oracle(*inputs)[0],
            "That is the context alone. Return the weights too: `return context, weights`.",
        ),
        (
            added,
            "You added the mask to the scores: True adds 1 and False adds 0, where padding should "
            "get −∞. Use `masked_fill`.",
        ),
        (lambda query, key, value, mask: (query @ key.mT).masked_fill(~mask, 0), MISSING_AXIS),
        (lambda query, key, value, mask: query @ key.mT * mask, MISSING_AXIS),
        (
            lambda query, key, value, mask: (query @ key.mT).masked_fill(mask[..., None], 0),
            WRONG_AXIS,
        ),
        (lambda query, key, value, mask: query @ key.mT * mask[..., None], WRONG_AXIS),
        (
            lambda query, key, value, mask: query @ key,
            "Queries and keys are rows in both tensors. Swap the last two axes of the keys: "
            "`query @ key.mT`.",
        ),
    ]
    right = "Padding gets exactly nothing, and each row still sums to one."
    return compare(attend_masked, oracle, cases, mistakes, right)


def check_additive(additive_scores) -> Verdict:
    """Check `additive_scores(query, key, from_query, from_key, to_score)`, Bahdanau's scores.

    Shapes: query (B, T, E), key (B, S, E), two matrices (E, D), vector (D,) -> scores (B, T, S).
    """
    sizes = [(2, 3, 4), (2, 5, 4), (4, 6), (4, 6), (6,)]
    cases = [tuple(random_tensor(*size, seed=i) / 2 for i, size in enumerate(sizes))]

    def pairs(query, key, from_query, from_key):
        return (query @ from_query)[:, :, None] + (key @ from_key)[:, None]

    def oracle(query, key, from_query, from_key, to_score):
        return torch.tanh(pairs(query, key, from_query, from_key)) @ to_score

    mistakes = [
        (
            lambda q, k, wq, wk, v: pairs(q, k, wq, wk) @ v,
            "There is no tanh. Without it the query adds the same number to every score, and the "
            "softmax cancels it: all queries would look at the same place.",
        ),
        (
            lambda q, k, wq, wk, v: (q @ wq) @ (k @ wk).mT,
            "You multiplied the two projections. Additive scores add them, pair by pair.",
        ),
        (
            lambda q, k, wq, wk, v: torch.tanh(pairs(q, k, wq, wk)).sum(-1),
            "You summed the hidden units evenly. `to_score` says how much each counts.",
        ),
        (
            lambda q, k, wq, wk, v: torch.tanh(pairs(q, k, wk, wq)) @ v,
            "The two matrices are swapped: `from_query` belongs to the query.",
        ),
        (
            lambda q, k, wq, wk, v: oracle(q, k, wq, wk, v).softmax(-1),
            "These are weights already. Return the scores, before the softmax.",
        ),
        (
            lambda q, k, wq, wk, v: (
                (torch.tanh(q @ wq)[:, :, None] + torch.tanh(k @ wk)[:, None]) @ v
            ),
            "tanh came before the addition, so query and key never meet inside it. Add first.",
        ),
        (
            lambda q, k, wq, wk, v: (pairs(q, k, wq, wk) @ v).tanh(),
            "tanh came after `to_score`, on one number. It belongs before, on each hidden unit.",
        ),
        (
            lambda q, k, wq, wk, v: oracle(q, k, wq, wk, v).tanh(),
            "One tanh too many: `to_score` comes last, and a score may be larger than 1.",
        ),
        (
            lambda q, k, wq, wk, v: pairs(q, k, wq, wk).sigmoid() @ v,
            "That is the sigmoid. Bahdanau's network has a tanh, which lies between −1 and 1.",
        ),
        (
            lambda q, k, wq, wk, v: pairs(q, k, wq, wk).relu() @ v,
            "That is relu. Bahdanau's network has a tanh.",
        ),
        (
            lambda q, k, wq, wk, v: oracle(q, k, wq, wk, v).mT,
            "Queries and keys changed places. Queries are the rows: (B, T, S).",
        ),
        (
            lambda q, k, wq, wk, v: pairs(q, k, wq, wk).tanh() * v,
            "The hidden units are still there, each times its `to_score`. Add them up: `@`.",
        ),
        (
            lambda q, k, wq, wk, v: q @ wq + k @ wk,
            "There are T queries and S keys, so they do not add up as they are. Give each the "
            "other's axis: (B, T, 1, D) and (B, 1, S, D).",
        ),
    ]
    right = "Each pair of query and key went through one small network."
    return compare(additive_scores, oracle, cases, mistakes, right)


def check_looks(looks) -> Verdict:
    """Check `looks(weights, words)`, (T, S) and S words -> T words."""
    weights = torch.tensor([[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.1, 0.1], [0.2, 0.5, 0.2, 0.1]])
    words = ["Sunday", "November", "22", "2026"]
    cases = [(weights, words)]
    mistakes = [
        (
            lambda weights, words: [words[i] for i in weights.argmin(-1)],
            "These are the words that get the least attention. Take the largest weight: `argmax`.",
        ),
        (
            lambda weights, words: weights.argmax(-1).tolist(),
            "These are positions. Look up which words stand there: `words[i]`.",
        ),
        (
            lambda weights, words: [words[i] for i in weights.argmax(0)],
            "There is one answer for each source word. Queries are the rows: take the largest of "
            "each row, `dim=-1`.",
        ),
        (
            lambda weights, words: words[int(weights.argmax()) % len(words)],
            "You took the largest weight of all. Take the largest of each row.",
        ),
        (lambda weights, words: words[weights.argmax()], ONE_ROW),
        (
            lambda weights, words: words[weights.argmax(-1)],
            "A list takes one position at a time: `[words[i] for i in positions]`.",
        ),
        (
            lambda weights, words: weights.argmax(-1),
            "These are positions, in a tensor. Look up which words stand there: `words[i]`.",
        ),
        (
            lambda weights, words: weights.max(-1).values.tolist(),
            "These are the largest weights themselves. Find where they stand, with `argmax`, and "
            "look up the words.",
        ),
        (
            lambda weights, words: [words[weights[0].argmax()]] * len(weights),
            "The first row is right, and all others repeat it. Each row has its own largest.",
        ),
        (
            lambda weights, words: [words[i] for i in weights.argmax(-1)][::-1],
            "The right words, from the last row to the first. Keep the order of the rows.",
        ),
    ]

    def oracle(weights, words):
        return [words[i] for i in weights.argmax(-1)]

    right = "You can now read, step by step, where the model looks."
    return compare(looks, oracle, cases, mistakes, right)
