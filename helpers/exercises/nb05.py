"""Checkers for the exercises of notebook 05, self-attention. Used there only."""

import itertools
import math

import torch
from torch import nn

from helpers.courses import COUNTRIES, NUMBERS, TOPICS, VOCABULARY, fitting, sentence, word_ids
from helpers.exercises.explain import describe_type
from helpers.exercises.judge import Verdict, compare, mistake, random_tensor, random_tensors
from helpers.exercises.networks import Complaint, answer, judge_network, noting, percent
from helpers.messages import later, say

COURSES = list(itertools.product(COUNTRIES, TOPICS, NUMBERS))  # on which it is judged
ENOUGH = 0.95  # share of fitting words, after each ending, of a network that has learned it
AT_FIRST = 0.15  # share up to which it may name one word always: 1 in 8
CAUGHT = 0.2  # weight from which a last word counts as attending to itself
NO_SHARED = later(
    "No network was handed over yet. Build a `NextWord` that makes its keys with the matrix of "
    "its queries, train it, and put its name in the place of None."
)
LIKE_NEXT_WORD = later(
    "Given words of shape {given}, the network should return two things, as `NextWord` does: "
    "logits of shape {logits} and weights of shape {weights}. Yours returned {got}."
)
TWO_MATRICES = later(
    "Its scores are not symmetric: what word t scores for word s is not what s scores for t. With "
    "one matrix for queries and keys they are. Are the keys made with the matrix of the queries?"
)
HIDES_MORE = later(
    "In its weights, no three words attend to one another. Hide from a word nothing but itself."
)
EQUAL = later(
    "Its weights are all equal, so queries and keys decide nothing. Make scores of them, as "
    "`SelfAttention` does."
)
ONE_FOR_ALL = later(
    "Its values are made with that one matrix, too. Leave them a matrix of their own, and train "
    "again."
)
UNTRAINED = later(
    "Its scores are symmetric, as they should be. After `learned` it names a fitting word for "
    "{learned}% of the courses, after `saw` for {saw}%: it looks untrained. Train it as the "
    "notebook trains its network."
)
ITSELF = later(
    "Its scores are symmetric, as they should be. After `{fine}` it names a fitting word for "
    "{good}% of the courses, after `{poor}` for {bad}%. `{poor}` attends to itself with weight "
    "{weight:.2f}. Compare its score for itself with its other scores: why is it so large, and how "
    "can you keep it out of the softmax?"
)
TRAIN_ON = later(
    "Its scores are symmetric, as they should be. After `learned` it names a fitting word for "
    "{learned}% of the courses, after `saw` for {saw}%: {needed}% are needed after each. Train it "
    "again, for as many steps as the notebook's network."
)
SHARES = later(
    "It names a fitting word after {right} of {count} sentences, {percent}%, and it makes its "
    "queries and its keys with one matrix."
)
OPEN = later(
    "Its words may still attend to themselves. Train it from other seeds as well, before you say "
    "that this does no harm."
)


def check_self_attend(attend_to_itself) -> Verdict:
    """Check `attend_to_itself(x, to_query, to_key, to_value)`, one head, scores divided by √D.

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
            "The scores are not divided by √D. D is the width of a query, here 3.",
            lambda x, q, k, v: scored(x, q, k, v, 1),
        ),
        mistake(
            "You divided by D. Divide by its square root.",
            lambda x, q, k, v: scored(x, q, k, v, q.shape[-1]),
        ),
        mistake(
            "You divided by √E, and E is the width of a word's vector. Divide by √D: D is the "
            "width of a query.",
            lambda x, q, k, v: scored(x, q, k, v, math.sqrt(x.shape[-1])),
        ),
        mistake(
            "You multiplied the scores by √D. Divide.",
            lambda x, q, k, v: scored(x, q, k, v, 1 / math.sqrt(q.shape[-1])),
        ),
        mistake(
            "You divided by the square root of the number of words. Divide by √D: D is the width "
            "of a query.",
            lambda x, q, k, v: scored(x, q, k, v, math.sqrt(x.shape[1])),
        ),
        mistake(
            "Your softmax runs over the queries. The weights of one query sum to 1 over the keys, "
            "which are the last axis.",
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
    right = say("Self-attention, from memory.")
    return compare(attend_to_itself, oracle, cases, mistakes, right, draw=draw)


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
            "The order is the other way round. Row t of `upper` says which positions t reads, and "
            "their rows of `lower` say which words those read.",
            lambda lower, upper: lower @ upper,
        ),
        mistake(
            "You multiplied entry by entry. t reaches word s through every position m in between: "
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
            "That is the upper layer alone. What it reads are positions, and each of them is a "
            "blend of words by now.",
            lambda lower, upper: upper,
        ),
        mistake(
            "That is the lower layer alone. What does the upper one do?", lambda lower, upper: lower
        ),
        mistake(
            "You multiplied entry by entry and made the rows sum to 1 again. t reaches s through "
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
        mistake(
            "You mixed half of the identity into each table, as attention rollout does for "
            "residual connections. There are none here: multiply the tables as they are.",
            lambda lower, upper: halved(upper) @ halved(lower),
        ),
    ]

    def halved(table):
        return (table + torch.eye(table.shape[-1])) / 2

    def oracle(lower, upper):
        return upper @ lower

    right = say("Averages of averages: its rows sum to 1 again.")
    return compare(combined, oracle, cases, mistakes, right, draw=draw)


def check_shared(model) -> Verdict:
    """Check a trained network that makes queries and keys with one matrix, and learns both endings.

    Shapes: the network takes words (B, S) -> logits (B, V), weights (B, T, S).
    """
    return judge_network(model, None, _ask_shared, NO_SHARED)


def _ask_shared(model):
    """Return what to say of such a network; complain of any other."""
    found, weights = {}, {}
    for ending in ("learned", "saw"):
        logits, weights[ending] = _next_words(model, ending)
        named = [VOCABULARY[i] for i in logits.argmax(dim=-1).tolist()]
        may = [fitting(course, ending) for course in COURSES]
        found[ending] = sum(word in words for word, words in zip(named, may, strict=True))
    if weights["learned"].std() < 1e-7:
        raise Complaint(say(EQUAL))
    if not _symmetric(weights["learned"]):
        raise Complaint(say(TWO_MATRICES))
    if _one_map(model):
        raise Complaint(say(ONE_FOR_ALL))
    shares = {ending: percent(count, len(COURSES)) for ending, count in found.items()}
    poor, fine = sorted(found, key=found.get)
    own = {ending: table[:, -1, -1].mean().item() for ending, table in weights.items()}
    if found[fine] <= AT_FIRST * len(COURSES) and own[poor] < CAUGHT:
        raise Complaint(say(UNTRAINED, **shares))
    if found[poor] < ENOUGH * len(COURSES):
        if own[poor] < CAUGHT:
            raise Complaint(say(TRAIN_ON, needed=round(100 * ENOUGH), **shares))
        told = {"fine": fine, "good": shares[fine], "poor": poor, "bad": shares[poor]}
        raise Complaint(say(ITSELF, weight=own[poor], **told))
    right, count = sum(found.values()), 2 * len(COURSES)
    message = say(SHARES, right=right, count=count, percent=percent(right, count))
    is_open = any(bool(table.diagonal(dim1=1, dim2=2).any()) for table in weights.values())
    return f"{message} {say(OPEN)}" if is_open else message


def _next_words(model, ending):
    """Return logits (B, V) and weights (B, T, S) of all courses with one ending."""
    words = word_ids([sentence(course, ending) for course in COURSES])
    returned = answer(model, words.to(next(model.parameters()).device))
    given = tuple(words.shape)
    shapes = (given[0], len(VOCABULARY)), (*given, given[1])
    several = isinstance(returned, list | tuple)
    if several and len(returned) == 2 and isinstance(returned[1], torch.Tensor):
        logits, weights = returned
        if weights.ndim == 4 and weights.shape[1] == 1:  # of one head
            weights = weights[:, 0]
        if isinstance(logits, torch.Tensor) and (logits.shape, weights.shape) == shapes:
            return logits, weights.cpu().double()
    got = ", ".join(map(describe_type, returned)) if several else describe_type(returned)
    told = {"given": given, "logits": shapes[0], "weights": shapes[1]}
    raise Complaint(say(LIKE_NEXT_WORD, got=got, **told))


def _symmetric(weights):
    """Tell whether the scores behind the weights (B, T, S) are symmetric, their diagonal apart.

    Softmax takes the same number from all scores of a row, so log w[t, s] - log w[s, t] is a
    number of t less a number of s, and those differences cancel on the way round any three words.
    Complain where no three words tell.
    """
    seen = weights > 1e-30  # what is smaller, float32 rounds
    logs = weights.clamp(min=1e-30).log()
    gaps = logs - logs.mT
    both = seen & seen.mT & ~torch.eye(weights.shape[-1], dtype=torch.bool)
    round_three = gaps[:, :, :, None] + gaps[:, None] + gaps.mT[:, :, None]  # (B, T, S, U)
    known = both[:, :, :, None] & both[:, None] & both[:, :, None]
    if not known.any():
        raise Complaint(say(HIDES_MORE))
    return bool((round_three[known].abs() < 1e-5 + 1e-4 * logs.abs().max()).all())


def _one_map(model):
    """Tell whether one square linear layer, beside the one that predicts, is all that is called."""
    with noting(model) as called:
        _next_words(model, "saw")
    parts = dict(model.named_modules())
    linear = [parts[name] for name in called if isinstance(parts[name], nn.Linear)]
    views = [each for each in linear if each.out_features != len(VOCABULARY)]
    return len(views) == 1 and views[0].in_features == views[0].out_features
