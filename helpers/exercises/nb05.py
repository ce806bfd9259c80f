"""Checkers for the exercises of notebook 05, self-attention. Used there only."""

import math

import torch

from helpers.attention import merge_heads, split_heads
from helpers.exercises.judge import Verdict, compare, mistake, random_tensor, random_tensors
from helpers.messages import say


def check_self_attend(attend_to_itself) -> Verdict:
    """Check `attend_to_itself(x, to_query, to_key, to_value)`, one head with √d.

    Shapes: x (B, S, E), all three matrices (E, D) -> (B, S, D), (B, S, S).
    """
    cases = [
        random_tensors((2, 5, 6), (6, 3), (6, 3), (6, 3)),
        random_tensors((3, 7, 5), (5, 2), (5, 2), (5, 2)),
    ]

    def draw(seed):
        batch, words = 1 + seed % 4, 1 + seed % 7
        width, head = (2, 4, 5, 6, 8)[seed % 5], (3, 7)[seed % 2]
        if seed % 3 == 0:
            batch, words, width, head = 2, 5, 6, 3
        spread = (0.5, 1, 1)[seed // 2 % 3]  # scores of some units, or of tens
        matrices = [spread * random_tensor(width, head, seed=seed + n) for n in (20, 40, 60)]
        return random_tensor(batch, words, width, seed=seed), *matrices

    def scored(x, q, k, v, by):
        return weighted((x @ q @ (x @ k).mT / by).softmax(-1), x @ v)

    def weighted(weights, value):
        return weights @ value, weights

    def oracle(x, q, k, v):
        return scored(x, q, k, v, math.sqrt(q.shape[-1]))

    mistakes = [
        mistake(
            "The scores are not divided by √d. Here d is 3, the width of a query.",
            lambda x, q, k, v: scored(x, q, k, v, 1),
        ),
        mistake(
            "You divided by d. Divide by its square root.",
            lambda x, q, k, v: scored(x, q, k, v, q.shape[-1]),
        ),
        mistake(
            "You divided by √E, the model's width. A score adds up D products: the d in √d is the "
            "width of the query.",
            lambda x, q, k, v: scored(x, q, k, v, math.sqrt(x.shape[-1])),
        ),
        mistake(
            "You multiplied the scores by √d. Divide.",
            lambda x, q, k, v: scored(x, q, k, v, 1 / math.sqrt(q.shape[-1])),
        ),
        mistake(
            "You divided by the square root of the number of words. The d in √d is the width of "
            "the query.",
            lambda x, q, k, v: scored(x, q, k, v, math.sqrt(x.shape[1])),
        ),
        mistake(
            "Your softmax runs over the queries. Each query has one budget for all keys: the last "
            "axis.",
            lambda x, q, k, v: weighted(
                (x @ q @ (x @ k).mT / math.sqrt(q.shape[-1])).softmax(1), x @ v
            ),
        ),
        mistake(
            "You blended the words themselves. Blend their values, `x @ to_value`.",
            lambda x, q, k, v: (
                oracle(x, q, k, v)[1] @ x,
                oracle(x, q, k, v)[1],
            ),
        ),
        mistake(
            "Queries and keys changed places: `to_query` belongs to the word that asks, the row.",
            lambda x, q, k, v: oracle(x, k, q, v),
        ),
        mistake(
            "Your keys are made with `to_query`. They have a matrix of their own, `to_key`.",
            lambda x, q, k, v: oracle(x, q, q, v),
        ),
        mistake(
            "Your queries are made with `to_key`. They have a matrix of their own, `to_query`.",
            lambda x, q, k, v: oracle(x, k, k, v),
        ),
        mistake(
            "The two are in the wrong order: first the context, then the weights.",
            lambda x, q, k, v: oracle(x, q, k, v)[::-1],
        ),
        mistake(
            "That is the context alone. Return the weights too: `return context, weights`.",
            lambda x, q, k, v: oracle(x, q, k, v)[0],
        ),
        mistake(
            "The second thing you return is the scores. Return the weights, after the softmax.",
            lambda x, q, k, v: (
                oracle(x, q, k, v)[0],
                x @ q @ (x @ k).mT / math.sqrt(q.shape[-1]),
            ),
        ),
        mistake(
            "You compared the words as they are. Compare queries, `x @ to_query`, with keys, "
            "`x @ to_key`.",
            lambda x, q, k, v: weighted(
                (x @ x.mT / math.sqrt(x.shape[-1])).softmax(-1),
                x @ v,
            ),
        ),
        mistake(
            "Each query meets each key: transpose the last two axes of the keys, `key.mT`.",
            lambda x, q, k, v: (x @ q) @ (x @ k),
        ),
    ]
    right = say("Self-attention, from memory, and with the right d.")
    return compare(attend_to_itself, oracle, cases, mistakes, right, draw=draw)


def check_split(cut_into_heads) -> Verdict:
    """Check `cut_into_heads(x, n_heads)`, (B, T, E) -> (B, H, T, D)."""
    cases = [(random_tensor(2, 6, 12), 3), (random_tensor(3, 7, 10, seed=1), 2)]

    def draw(seed):
        batch, words, heads, width = 1 + seed % 2, 1 + seed % 7, 1 + seed % 4, 1 + seed % 5
        if seed % 3 == 0:
            batch, words, heads, width = 2, 6, 3, 4
        return random_tensor(batch, words, heads * width, seed=seed), heads

    mistakes = [
        mistake(
            "The shape is right, and the words are scrambled: the numbers lie in memory word by "
            "word. Cut the last axis first, then move the heads forward.",
            lambda x, n: x.reshape(len(x), n, x.shape[1], -1),
        ),
        mistake(
            "You dealt the numbers out in turn, like cards. Head h gets a block: numbers hD to "
            "(h+1)D.",
            lambda x, n: x.unflatten(-1, (-1, n)).permute(0, 3, 1, 2),
        ),
        mistake(
            "The heads are cut, but stand behind the words: (B, T, H, D). Swap the two axes: "
            "`transpose(1, 2)`.",
            lambda x, n: x.unflatten(-1, (n, -1)),
        ),
        mistake(
            "You made pieces of `n_heads` numbers. There are `n_heads` pieces, D numbers each, and "
            "the heads come before the words.",
            lambda x, n: x.unflatten(-1, (-1, n)),
        ),
        mistake(
            "Heads and width changed places: there are `n_heads` heads, each of width E / H.",
            lambda x, n: split_heads(x, x.shape[-1] // n),
        ),
        mistake(
            "The heads come first of all: (H, B, T, D). The batch stays in front: `dim=1`.",
            lambda x, n: torch.stack(x.chunk(n, -1)),
        ),
        mistake(
            "The heads come last: (B, T, D, H). They belong right after the batch.",
            lambda x, n: torch.stack(x.chunk(n, -1), dim=-1),
        ),
        mistake(
            "The last two axes changed places: each head holds T words of D numbers.",
            lambda x, n: split_heads(x, n).mT,
        ),
        mistake(
            "You cut the axis of the words. Each head sees all words: cut the last axis.",
            lambda x, n: torch.stack(x.chunk(n, 1), dim=1),
        ),
        mistake(
            "The heads are in reverse. Head 0 gets the first D numbers of each word.",
            lambda x, n: split_heads(x, n).flip(1),
        ),
        mistake(
            "These are the heads, in a list. Make one tensor of them: `torch.stack(…, dim=1)`.",
            lambda x, n: list(x.chunk(n, -1)),
        ),
        mistake(
            "`cat` put the heads one after another along the words. `stack` gives them an axis.",
            lambda x, n: torch.cat(x.chunk(n, -1), dim=1),
        ),
        mistake(
            "Each head got all numbers of every word. Each gets a part of them, E / H.",
            lambda x, n: x[:, None].expand(-1, n, -1, -1),
        ),
        mistake(
            "Cutting comes first: the last axis into `n_heads` pieces.",
            lambda x, n: merge_heads(x),
        ),
    ]
    right = say("Each head sees all words, and its own part of each.")
    without = ("unflatten", "Unflatten")
    return compare(cut_into_heads, split_heads, cases, mistakes, right, draw=draw, without=without)


def check_combined(combined) -> Verdict:
    """Check `combined(lower, upper)`, the weights of two layers as one, all (B, S, S)."""

    def weights(batch, size, seed, spread=2.0):
        scores = (random_tensor(batch, size, size, seed=seed + n) for n in (20, 40))
        return tuple((spread * each).softmax(-1) for each in scores)

    def draw(seed):
        batch, size = (2, 4) if seed % 3 == 0 else (1 + seed % 2, 1 + seed % 5)
        return weights(batch, size, seed, spread=(0.5, 2, 8)[seed // 2 % 3])

    cases = [weights(2, 4, seed=0), weights(3, 5, seed=0)]
    mistakes = [
        mistake(
            "The order is the other way round: position t first asks the *upper* table whom it "
            "reads, and these ask the lower one.",
            lambda lower, upper: lower @ upper,
        ),
        mistake(
            "You multiplied place by place. t reaches word s through every position m in between: "
            "add up over m, with `@`.",
            lambda lower, upper: lower * upper,
        ),
        mistake(
            "That is the mean of the two tables. The second layer reads what the first one made: "
            "multiply them.",
            lambda lower, upper: (lower + upper) / 2,
        ),
        mistake(
            "You added the tables, and rows now sum to 2. Multiply them, with `@`.",
            lambda lower, upper: lower + upper,
        ),
        mistake(
            "One softmax too many: the rows of a product of weights sum to 1 already.",
            lambda lower, upper: (upper @ lower).softmax(-1),
        ),
        mistake(
            "Rows and columns changed places: row t is the position, column s the word.",
            lambda lower, upper: (upper @ lower).mT,
        ),
        mistake(
            "`lower` is transposed. Its rows are the positions that `upper` reads, as they should.",
            lambda lower, upper: upper @ lower.mT,
        ),
        mistake(
            "`upper` is transposed. Its rows are the positions in the end, as they should.",
            lambda lower, upper: upper.mT @ lower,
        ),
        mistake(
            "That is the upper layer alone: whom it reads, not of what.", lambda lower, upper: upper
        ),
        mistake(
            "That is the lower layer alone. What does the upper one do?", lambda lower, upper: lower
        ),
        mistake(
            "You multiplied place by place and made the rows sum to 1 again. t reaches s through "
            "every position in between: that is `@`.",
            lambda lower, upper: (lower * upper) / (lower * upper).sum(-1, keepdim=True),
        ),
        mistake(
            "The positions were added up. There is a row for each of them.",
            lambda lower, upper: (upper @ lower).sum(1),
        ),
        mistake(
            "That is the first sentence alone. `@` does all of the batch at once.",
            lambda lower, upper: upper[0] @ lower[0],
        ),
    ]

    def oracle(lower, upper):
        return upper @ lower

    right = say("Averages of averages: its rows sum to 1 again.")
    return compare(combined, oracle, cases, mistakes, right, draw=draw)
