"""Checkers for the exercises of notebook 08, masking. Used there only."""

import math

import torch

from helpers.attention import attend, causal_mask, scaled_dot_scores
from helpers.checks import Verdict, compare, random_tensor


def layer_with(mask, name):
    """Return a self-attention layer over words (S, E), named, that attends where `mask` says."""

    def layer(words):
        return attend(words, words, words, mask(len(words)), scaled_dot_scores)[0]

    layer.__name__ = name
    return layer


def moves(layer, words):
    """Return which outputs move when a word is changed: (T, S), booleans."""
    before, columns = layer(words), []
    for s in range(len(words)):
        other = words.clone()
        other[s] += 1
        columns.append((layer(other) - before).abs().amax(dim=-1) > 1e-5)
    return torch.stack(columns, dim=1)


def strict(n):
    """Return the two halves that a leak test looks at, (T, S): later words, earlier words."""
    future = ~causal_mask(n)
    return future, future.mT


def check_leak_test(leak_test) -> Verdict:
    """Check `leak_test(layer, words)`: does it hide the future, does it see all of the past?"""
    words = random_tensor(5, 4) / 2

    def eye(n):
        return torch.eye(n, dtype=torch.bool)

    def next_too(n):
        return torch.ones(n, n, dtype=torch.bool).tril(1)

    def last_leaks(n):
        return causal_mask(n) | (torch.arange(n) == n - 1) & (torch.arange(n) == n - 2)[:, None]

    def rounded(words):
        return causal(words) + 1e-7 * words.flip(0).cumsum(0).flip(0)

    def no_first(n):
        return (causal_mask(n) & (torch.arange(n) > 0)) | eye(n)

    causal = layer_with(causal_mask, "causal")
    layers = [
        causal,
        layer_with(lambda n: None, "no_mask"),
        layer_with(eye, "only_itself"),
        layer_with(lambda n: causal_mask(n).mT, "transposed"),
        layer_with(next_too, "one_ahead"),
        layer_with(last_leaks, "leaks_at_the_end"),
        layer_with(no_first, "forgets_the_first"),
        layer_with(lambda n: causal_mask(n) & ~causal_mask(n).tril(-2), "only_the_newest_two"),
        rounded,
    ]
    cases = [(layer, words) for layer in layers]

    def judged(looks_ahead, looks_back):
        def answer(layer, words):
            moved = moves(layer, words)
            future, past = strict(len(words))
            return looks_ahead(moved, future), looks_back(moved, past)

        return answer

    def hides(moved, future):
        return not moved[future].any().item()

    def sees(moved, past):
        return moved[past].all().item()

    def exact(layer, words):
        before = layer(words)
        later, earlier = [], []
        for s in range(len(words)):
            other = words.clone()
            other[s] += 1
            moved = (layer(other) != before).any(dim=-1)
            later.append(not moved[:s].any().item())
            earlier.append(moved[s + 1 :].all().item())
        return all(later), all(earlier)

    def only(s):
        def answer(layer, words):
            moved = moves(layer, words)[:, s]
            return not moved[:s].any().item(), moved[s + 1 :].all().item()

        return answer

    own = torch.eye(len(words), dtype=torch.bool)
    oracle = judged(hides, sees)
    mistakes = [
        (
            judged(hides, lambda moved, past: True),
            "The second half is missing: a layer that sees nothing but itself passes your test. "
            "Change an earlier word, and see whether later outputs move.",
        ),
        (
            judged(lambda moved, future: True, sees),
            "The first half is missing: a layer without a mask passes your test. Change a later "
            "word, and see whether earlier outputs stay.",
        ),
        (
            lambda layer, words: oracle(layer, words)[::-1],
            "The right two in the wrong order: first the future, then the past.",
        ),
        (
            judged(lambda moved, future: not hides(moved, future), sees),
            "The first answer is turned round: True means that the future is hidden.",
        ),
        (
            judged(hides, lambda moved, past: not sees(moved, past)),
            "The second answer is turned round: True means that the past is seen.",
        ),
        (
            judged(lambda m, future: hides(m.mT, future), lambda m, past: sees(m.mT, past)),
            "Earlier and later changed places. An output before the changed word must stay: "
            "`moved[:s]`.",
        ),
        (
            judged(hides, lambda moved, past: moved[past].any().item()),
            "One past word that gets through is enough for you. Every later output has to move, "
            "for each of the words: `all`, not `any`.",
        ),
        (
            judged(lambda moved, future: not moved[future].all().item(), sees),
            "One output that stays is enough for you. None may move when a later word is changed: "
            "`not any`, where you have `not all`.",
        ),
        (
            judged(lambda moved, future: hides(moved, future | own), sees),
            "You count the changed word's own output as the past. It may move: it is neither "
            "before nor after. Take `moved[:s]`.",
        ),
        (
            exact,
            "You call it a move when a number differs at all. Rounding can do that: take "
            "differences above 10⁻⁵.",
        ),
        (
            only(len(words) - 1),
            "You changed the last word only. Nothing comes after it, so the past was never "
            "tested. Change each word in turn.",
        ),
        (
            only(0),
            "You changed the first word only. Nothing comes before it, so the future was never "
            "tested. Change each word in turn.",
        ),
        (
            only(len(words) // 2),
            "You changed one word, in the middle. Leaks elsewhere go unseen: change each word in "
            "turn.",
        ),
        (
            lambda layer, words: all(oracle(layer, words)),
            "That is one answer, and two are asked for: a layer may pass one half and fail the "
            "other.",
        ),
        (
            moves,
            "That is the whole grid of what moves. Return two answers: is there nothing where the "
            "input is later, and everything where it is earlier?",
        ),
    ]
    right = "Your test tells a mask that hides the future from one that hides everything."
    return compare(leak_test, oracle, cases, mistakes, right)


def check_diagnose(diagnose) -> Verdict:
    """Check `diagnose(scores, weights)`, both (T, S): which masked softmax made the weights?"""

    def right(scores, mask):
        return scores.masked_fill(~mask, -math.inf).softmax(dim=-1)

    def after(scores, mask):
        return scores.softmax(dim=-1) * mask

    def transposed(scores, mask):
        return right(scores, ~mask | mask & ~causal_before(mask))

    def uniform(scores, mask):
        return mask / mask.sum(dim=-1, keepdim=True)

    def causal_before(mask):
        return mask & torch.cat([mask[:, 1:], torch.zeros(len(mask), 1, dtype=torch.bool)], dim=1)

    makers = {
        "right": right,
        "after the softmax": after,
        "transposed": transposed,
        "uniform": uniform,
    }
    cases = []
    for seed, (t, s) in enumerate([(3, 5), (2, 6), (4, 7)]):
        scores = random_tensor(t, s, seed=seed)
        cases += [(scores, make(scores, causal_mask(t, s))) for make in makers.values()]

    def told(is_ahead=None, is_short=None, is_level=None):
        def answer(scores, weights):
            mask = causal_mask(*scores.shape)
            if (is_ahead or ahead)(weights, mask):
                return "transposed"
            if (is_short or short)(weights, mask):
                return "after the softmax"
            return "uniform" if (is_level or level)(weights, mask) else "right"

        return answer

    def ahead(weights, mask):
        return (weights[~mask] > 0).any()

    def short(weights, mask):
        return ((weights.sum(dim=-1) - 1).abs() > 1e-5).any()

    def level(weights, mask):
        return (weights - uniform(weights, mask)).abs().max() < 1e-5

    def never(weights, mask):
        return False

    def square(weights, mask):
        return (weights.triu(1) > 0).any()

    oracle = told()
    names = list(makers)
    mistakes = [
        (
            told(is_level=never),
            "You take uniform weights for right. They leak nothing and sum to one, but do not "
            "follow the scores: look whether all weights of a row are alike.",
        ),
        (
            told(is_short=never),
            "You take weights for right whose rows do not sum to one. Who masks after the softmax "
            "gives part of each budget away.",
        ),
        (
            told(is_ahead=never),
            "You have missed the transposed mask: it puts weight where the key stands after the "
            "query.",
        ),
        (
            told(is_ahead=square),
            "The queries are the last T of the S positions, so their future does not begin at the "
            "diagonal of the grid: take `~causal_mask(T, S)`.",
        ),
        (
            told(is_short=lambda weights, mask: (weights.sum(dim=-1) != 1).any()),
            "You ask whether rows sum to exactly one. After rounding, a right row may sum to "
            "0.99999994: use `torch.allclose`.",
        ),
        (
            told(is_short=lambda weights, mask: ((weights.sum(dim=0) - 1).abs() > 1e-5).any()),
            "You summed the columns. A query's budget is a row: `dim=-1`.",
        ),
        (
            told(is_short=lambda weights, mask: (weights.sum() - 1).abs() > 1e-5),
            "You summed all weights. Each row is a budget of its own: `dim=-1`.",
        ),
        (
            told(is_level=lambda weights, mask: (weights - 1 / mask.shape[1]).abs().max() < 1e-5),
            "Uniform means 1 over the number of keys that the query may see, not over all keys: "
            "each row has its own share.",
        ),
        (
            lambda scores, weights: (
                "transposed"
                if oracle(scores, weights) == "after the softmax"
                else "after the softmax"
                if oracle(scores, weights) == "transposed"
                else oracle(scores, weights)
            ),
            "You mixed up two of the names. Transposed: weight on the future. After the softmax: "
            "rows that do not sum to one.",
        ),
        (
            lambda scores, weights: oracle(scores, weights) == "right",
            "That is whether it is right. Return one of the four names.",
        ),
        (
            lambda scores, weights: names.index(oracle(scores, weights)),
            "Those are numbers. Return the name, in words.",
        ),
        (
            lambda scores, weights: (
                "ABC"[names.index(oracle(scores, weights)) - 1]
                if oracle(scores, weights) != "right"
                else "right"
            ),
            "Those are the letters of the functions. Return the name of the bug, in words.",
        ),
    ]
    good = "You read the bug off the numbers, without the code."
    return compare(diagnose, oracle, cases, mistakes, good)


def check_writer_mask(writer_mask) -> Verdict:
    """Check `writer_mask(tokens, padding)`, (B, S) tokens -> mask (B, S, S)."""
    first = torch.tensor([[0, 0, 0, 5, 7], [0, 4, 4, 6, 2], [3, 1, 2, 1, 8]])
    second = torch.tensor([[9, 9, 1, 0], [9, 0, 0, 3]])
    cases = [(first, 0), (second, 9)]

    def parts(tokens, padding):
        n = tokens.shape[1]
        return causal_mask(n), (tokens != padding)[:, None], torch.eye(n, dtype=torch.bool)

    def using(join):
        return lambda tokens, padding: join(*parts(tokens, padding))

    oracle = using(lambda causal, real, own: (causal & real) | own)
    mistakes = [
        (
            using(lambda causal, real, own: causal & real),
            "The rows of padding in front are empty: a softmax over nothing. Let every position "
            "see itself: `| torch.eye(…)`.",
        ),
        (
            using(lambda causal, real, own: causal.expand(len(real), *causal.shape)),
            "Padding is still seen. Its keys must be False in every row but its own.",
        ),
        (
            using(lambda causal, real, own: causal),
            "That is one mask, (S, S), and each text of the batch has padding of its own: "
            "`& real[:, None]` makes it (B, S, S).",
        ),
        (
            using(lambda causal, real, own: (real | own).expand(-1, len(own), -1)),
            "Only padding is hidden, and the future is seen. Join with `causal_mask`, by `&`.",
        ),
        (
            using(lambda causal, real, own: real.expand(-1, len(own), -1)),
            "Only padding is hidden. Join with `causal_mask`, by `&`, and let each position see "
            "itself.",
        ),
        (
            using(lambda causal, real, own: (causal & real.mT) | own),
            "You hid the rows of padding, its questions. Hide its columns, the keys: "
            "`real[:, None]`, not `real[..., None]`.",
        ),
        (
            using(lambda causal, real, own: (causal.mT & real) | own),
            "The causal mask is transposed: these rows look ahead.",
        ),
        (
            using(lambda causal, real, own: ~((causal & real) | own)),
            "It is upside down: in this course, True means that a query may attend.",
        ),
        (
            using(lambda causal, real, own: (causal & ~real) | own),
            "You keep the padding and hide the words. Real is where tokens are *not* padding.",
        ),
        (
            using(lambda causal, real, own: causal | real | own),
            "Joined by *or*, each mask undoes the other. A key must be allowed by both: `&`.",
        ),
        (
            using(lambda causal, real, own: causal & (real | own) & ~own),
            "No position may see itself in your mask. The diagonal is allowed, for words too.",
        ),
        (
            using(lambda causal, real, own: ((causal & real) | own).float()),
            "These are ones and zeros. A mask is boolean in this course: leave out the conversion.",
        ),
        (
            using(
                lambda causal, real, own: torch.zeros(len(real), *own.shape).masked_fill(
                    ~((causal & real) | own), -math.inf
                )
            ),
            "That is an additive mask, 0 and −∞. Return True and False: bug C began like this.",
        ),
        (
            lambda tokens, padding: oracle(tokens, 0),
            "You took 0 for padding. Which number it is comes as `padding`.",
        ),
        (
            lambda tokens, padding: causal_mask(tokens.shape[1]) & (tokens != padding),
            "(S, S) and (B, S) do not fit together. Give the second an axis for the queries: "
            "`real[:, None]`.",
        ),
    ]
    right = "No future, no padding, no empty row."
    return compare(writer_mask, oracle, cases, mistakes, right)
