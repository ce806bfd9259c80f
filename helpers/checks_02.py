"""Checkers for the exercises of notebook 02, attention. Used by that notebook only."""

import torch

from helpers.attention import attend, scaled_dot_scores
from helpers.checks import Verdict, compare, random_tensor


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

    def over(fill, dim, scale=1.0):
        def mistaken(query, key, value, mask):
            scores = (query @ key.mT / scale).masked_fill(~mask[:, None], fill)
            weights = scores.softmax(dim)
            return weights @ value, weights

        return mistaken

    mistakes = [
        (
            lambda query, key, value, mask: attend(query, key, value),
            "Padding still receives attention. Set its scores to −∞ before the softmax.",
        ),
        (
            lambda query, key, value, mask: over(-torch.inf, -1)(query, key, value, ~mask),
            "The mask is upside down: True means that a query may attend. Fill where it is False, "
            "`~mask`.",
        ),
        (
            zeroed,
            "You masked after the softmax, so the weights of the second sentence no longer sum to "
            "one. Mask the scores instead, with −∞.",
        ),
        (
            over(0.0, -1),
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
    ]

    def oracle(weights, words):
        return [words[i] for i in weights.argmax(-1)]

    right = "You can now read, step by step, where the model looks."
    return compare(looks, oracle, cases, mistakes, right)
