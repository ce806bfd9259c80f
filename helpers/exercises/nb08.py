"""Checkers for the exercises of notebook 08, masking. Used there only."""

import math

import torch

from helpers.attention import attend, causal_mask, scaled_dot_scores
from helpers.exercises.judge import Verdict, compare, mistake, random_tensor
from helpers.messages import say


def own(n):
    """Return the mask that shows each position itself only: (S, S)."""
    return torch.eye(n, dtype=torch.bool)


def moves(layer, words, least=1e-5, pile=False):
    """Return which outputs move by more than `least` when a word is changed: booleans (T, S)."""
    before, columns, other = layer(words), [], words.clone()
    for s in range(len(words)):
        other = other if pile else words.clone()
        other[s] += 1
        columns.append((layer(other) - before).abs().amax(dim=-1) > least)
    return torch.stack(columns, dim=1)


def check_leak_test(leak_test) -> Verdict:
    """Check `leak_test(layer, words)`, words (S, E) -> leaks and blind, both (T, S), booleans."""

    def attending(words):  # through a causal mask with three leaks and four holes
        batch, mask = words[None], causal_mask(len(words))  # (1, S, E), (S, S)
        mask[[0, 1, 3], [2, 4, 4]] = True
        mask[[2, 3, 4, 4], [0, 1, 1, 3]] = False
        return attend(batch, batch, batch, mask, scaled_dot_scores)[0][0]

    def rounding(words):  # the same, with traces of all words as small as rounding
        return attending(words) + 1e-7 * words.sum()

    def judged(join, **how):
        def answer(layer, words):
            past = causal_mask(len(words)) & ~own(len(words))
            return join(moves(layer, words, **how), past.mT, past)

        return answer

    oracle = judged(lambda moved, future, past: (moved & future, ~moved & past))
    mistakes = [
        mistake(
            "You tell leaks only. A layer that sees nothing but itself would pass your test.",
            judged(lambda moved, future, past: (moved & future, torch.zeros_like(moved))),
        ),
        mistake(
            "You tell blind spots only. A layer without a mask would pass your test.",
            judged(lambda moved, future, past: (torch.zeros_like(moved), ~moved & past)),
        ),
        mistake(
            "The right two in the wrong order: first the leaks, then the blind spots.",
            judged(lambda moved, future, past: (~moved & past, moved & future)),
        ),
        mistake(
            "Earlier and later changed places: it is a leak where s > t, the input being later.",
            judged(lambda moved, future, past: (moved & past, ~moved & future)),
        ),
        mistake(
            "Your grid of moves is transposed: rows are outputs, columns the words you changed.",
            judged(lambda moved, future, past: (moved.mT & future, ~moved.mT & past)),
        ),
        mistake(
            "Both grids are transposed: rows are outputs, columns the words you changed.",
            judged(lambda moved, future, past: ((moved & future).mT, (~moved & past).mT)),
        ),
        mistake(
            "Your leaks include the diagonal. A word may move its own output: s > t is a leak.",
            judged(lambda moved, future, past: (moved & ~past, ~moved & past)),
        ),
        mistake(
            "The second grid shows what the layer sees. Blind is where it does *not* move: `~`.",
            judged(lambda moved, future, past: (moved & future, moved & past)),
        ),
        mistake(
            "The first grid shows what is hidden. A leak is where a later word *does* move it.",
            judged(lambda moved, future, past: (~moved & future, ~moved & past)),
        ),
        mistake(
            "Blind to the future is as it should be: the second grid is about the past only.",
            judged(lambda moved, future, past: (moved & future, ~moved)),
        ),
        mistake(
            "Both halves in one grid: return them apart, `leaks, blind`.",
            judged(lambda moved, future, past: (moved & future) | (~moved & past)),
        ),
        mistake(
            "That is what moves. Return what is wrong with it: leaks, and blind spots.",
            judged(lambda moved, future, past: moved),
        ),
        mistake(
            "Any difference is a move for you, and rounding makes some. Take more than 10⁻⁵.",
            judged(lambda moved, future, past: (moved & future, ~moved & past), least=0),
        ),
        mistake(
            "Your changes pile up: copy `words` anew for every word that you change.",
            judged(lambda moved, future, past: (moved & future, ~moved & past), pile=True),
        ),
    ]
    cases = [(attending, random_tensor(5, 4) / 2), (rounding, random_tensor(6, 3) / 2)]
    right = say("Your test finds a leak, and it is not fooled by a layer that is blind.")
    return compare(leak_test, oracle, cases, mistakes, right)


def check_diagnose(diagnose) -> Verdict:
    """Check `diagnose(scores, suspects)`: scores (T, S), weights (T, S) each -> a name each."""

    def right(scores, mask):
        return scores.masked_fill(~mask, -math.inf).softmax(dim=-1)

    def ahead(scores, mask):
        return right(scores, causal_mask(scores.shape[1]).mT[-len(scores) :])

    makers = {
        "uniform": lambda scores, mask: mask / mask.sum(dim=-1, keepdim=True),
        "right": right,
        "after the softmax": lambda scores, mask: scores.softmax(dim=-1) * mask,
        "transposed": ahead,
    }
    names, cases = list(makers), []
    for t, s, order in (3, 5, 1), (6, 8, -1):
        scores, mask = random_tensor(t, s, seed=t), causal_mask(t, s)
        cases.append((scores, [makers[n](scores, mask) for n in names[::order]]))

    def told(future=None, short=None, level=None):
        def name(scores, weights):
            mask = causal_mask(*scores.shape)
            if (future or (lambda w: w[~mask].any()))(weights):
                return "transposed"
            if (short or (lambda w: ((w.sum(-1) - 1).abs() > 1e-5).any()))(weights):
                return "after the softmax"
            even = (weights - makers["uniform"](scores, mask)).abs().max() < 1e-5
            return "uniform" if (level or (lambda w: even))(weights) else "right"

        return lambda scores, suspects: [name(scores, weights) for weights in suspects]

    def renamed(*new):
        return lambda *given: [new[names.index(name)] for name in oracle(*given)]

    oracle = told()
    truth, letters = renamed(False, True, False, False), renamed("C", "right", "A", "B")
    mistakes = [
        mistake(
            "You take uniform weights for right, and they do not follow the scores.",
            told(level=lambda weights: False),
        ),
        mistake(
            "You take weights for right whose rows do not sum to one.",
            told(short=lambda weights: False),
        ),
        mistake(
            "You missed the transposed mask: weight where the key stands after the query.",
            told(future=lambda weights: False),
        ),
        mistake(
            "The queries are the last T of the S positions: take `~causal_mask(T, S)`.",
            told(future=lambda weights: weights.triu(1).any()),
        ),
        mistake(
            "You ask for sums of exactly one, and rounding may make it 0.9999999: `allclose`.",
            told(short=lambda weights: (weights.sum(-1) != 1).any()),
        ),
        mistake(
            "You do not sum the rows. A query's budget is a row: `dim=-1`.",
            told(short=lambda weights: ((weights.sum(0) - 1).abs() > 1e-5).any()),
        ),
        mistake(
            "You mixed up two names. Transposed is the one with weight on the future.",
            renamed("uniform", "right", "transposed", "after the softmax"),
        ),
        mistake("That is True or False. Return one of the names.", truth),
        mistake("These are letters. Return the names of the bugs.", letters),
        mistake(
            "That is one name. Return a list, a name for each.", lambda *given: oracle(*given)[0]
        ),
    ]
    said = say("You read the bug off the numbers alone.")
    return compare(diagnose, oracle, cases, mistakes, said)


def check_writer_mask(writer_mask) -> Verdict:
    """Check `writer_mask(tokens, padding)`, (B, S) tokens -> mask (B, S, S)."""
    first = torch.tensor([[0, 0, 0, 5, 7], [0, 4, 4, 6, 2], [3, 1, 2, 1, 8]])
    cases = [(first, 0), (torch.tensor([[9, 9, 1, 0], [9, 0, 0, 3]]), 9)]

    def using(join):
        def mask(tokens, padding):
            n, real = tokens.shape[1], tokens != padding
            return join(causal_mask(n), real[:, None], own(n))

        return mask

    oracle = using(lambda past, real, own: (past & real) | own)
    mistakes = [
        mistake(
            "The rows of padding in front are empty. Let each position see itself: `| eye`.",
            using(lambda past, real, own: past & real),
        ),
        mistake(
            "Padding is still seen. Its keys must be False in every row but its own.",
            using(lambda past, real, own: past.expand(len(real), -1, -1)),
        ),
        mistake(
            "That is one mask for all texts, and each has padding of its own: `& real[:, None]`.",
            using(lambda past, real, own: past),
        ),
        mistake(
            "Only padding is hidden, and the future is seen. Join with `causal_mask`, by `&`.",
            using(lambda past, real, own: real | own),
        ),
        mistake(
            "You hid the rows of padding, its questions. Hide its columns: `real[:, None]`.",
            using(lambda past, real, own: (past & real.mT) | own),
        ),
        mistake(
            "The causal mask is transposed: these rows look ahead.",
            using(lambda past, real, own: (past.mT & real) | own),
        ),
        mistake(
            "It is upside down: in this course, True means that a query may attend.",
            using(lambda past, real, own: ~((past & real) | own)),
        ),
        mistake(
            "You keep the padding and hide the words. Real is what is *not* padding.",
            using(lambda past, real, own: (past & ~real) | own),
        ),
        mistake(
            "Joined by *or*, each mask undoes the other. A key must be allowed by both: `&`.",
            using(lambda past, real, own: past | real | own),
        ),
        mistake(
            "No position may see itself in your mask. The diagonal is allowed, for words too.",
            using(lambda past, real, own: past & real & ~own),
        ),
        mistake(
            "These are ones and zeros. A mask is boolean in this course: do not convert it.",
            using(lambda past, real, own: ((past & real) | own).float()),
        ),
        mistake(
            "That is an additive mask, 0 and −∞. Return True and False: bug C began like this.",
            using(lambda p, r, o: torch.zeros(()).masked_fill(~((p & r) | o), -math.inf)),
        ),
        mistake("Padding is not always 0: use `padding`.", lambda tokens, _: oracle(tokens, 0)),
        mistake(
            "(S, S) and (B, S) do not fit together. Give the second a query axis: `[:, None]`.",
            lambda tokens, padding: causal_mask(tokens.shape[1]) & (tokens != padding),
        ),
    ]
    right = say("No future, no padding, no empty row.")
    return compare(writer_mask, oracle, cases, mistakes, right)
