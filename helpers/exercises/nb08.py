"""Checkers for the exercises of notebook 08, masking. Used there only."""

import math
from collections.abc import Callable

import torch
from torch.nn import functional as F

from helpers.attention import attend, causal_mask, scaled_dot_scores
from helpers.cipher import LENGTH, LETTERS, SIGNS, draw_texts
from helpers.exercises.explain import describe_type
from helpers.exercises.judge import Verdict, compare, mistake, random_tensor
from helpers.exercises.networks import NOT_A_NUMBER, Complaint, answer, judge_network, percent
from helpers.messages import later, say

ROWS = 500  # on which the longer exercise's network is judged
AT_CHANCE, ENOUGH = 0.1, 0.95  # shares of the cipher: it may be guessing, it has learned
NO_PACKED = later(
    "No network was handed over yet. Build a `Writer` whose mask also hides the other text, train "
    "it on rows of two texts, and put its name in the place of None."
)
LIKE_WRITER = later(
    "Given signs of shape {given}, the network should return logits of shape {wanted}, alone or "
    "with the weights, as `Writer` does. Yours returned {got}."
)
SEES_AHEAD = later(
    "It predicts {right} of {count} letters of the cipher correctly, {percent}%. But its logits at "
    "position {last} of a row change if later signs change: a query sees the future. Join your "
    "mask and the causal one with `&`."
)
SEES_THE_OTHER = later(
    "It predicts {right} of {count} letters of the cipher correctly, {percent}%. Its logits in the "
    "second text change if the first text is replaced: the second still sees the first. Which keys "
    "belong to the text of their query?"
)
SEES_NO_LETTERS = later(
    "It predicts {right} of {count} letters of the cipher correctly, {percent}%. Its logits in the "
    "cipher are the same whatever the six letters before the bar are: the mask hides them. A query "
    "may see all earlier signs of its own text."
)
NOT_AGAIN = later(
    "It predicts {right} of {count} letters of the cipher correctly, {percent}%. But one and the "
    "same text gets other logits as the second of a row than as the first. Do its positions begin "
    "at 0 again?"
)
UNTAUGHT = later(
    "Its second text does not see the first one, as it should be. It predicts {right} of {count} "
    "letters of the cipher correctly, {percent}%: at chance, which is one in 26. Train it on rows "
    "of two texts."
)
UNREADY = later(
    "Its second text does not see the first one, as it should be. It predicts {right} of {count} "
    "letters of the cipher correctly, {percent}%: {needed} are needed. It is learning, so train it "
    "on."
)
APART = later(
    "It predicts {right} of {count} letters of the cipher correctly, {percent}%, and no logit of "
    "the second text changes if the first one is replaced."
)


def own(n):
    """Return the mask that shows each position itself only: (S, S)."""
    return torch.eye(n, dtype=torch.bool)


def moves(layer, words, least=1e-5, pile=False, change=torch.randn_like, size=torch.amax):
    """Return which outputs move by more than `least` when a word is changed: booleans (T, S)."""
    before, columns, other = layer(words), [], words.clone()
    for s in range(len(words)):
        other = other if pile else words.clone()
        other[s] = change(other[s])
        columns.append(size((layer(other) - before).abs(), dim=-1) > least)
    return torch.stack(columns, dim=1)


def layer_that_sees(sees, width, seed=0, norm="") -> Callable:
    """Return a layer in which word s moves output t where `sees[t, s]`: (S, E) -> (T, E).

    With a layer norm "before" or "after", the moves of one output add up to zero, one number of it
    never moves, and in every other row they are small. Without a norm the layer reads one number of
    each word alone, and writes one alone. In all there are traces as small as rounding.
    """
    weights = sees * (1 + random_tensor(*sees.shape, seed=seed).sigmoid())  # (T, S)
    mix = random_tensor(width, width, seed=seed + 1) / 4
    if norm:
        weights[1::2] *= 1e-3
        mix[:, seed % width] = 0
        mix[:, (seed + 1) % width] -= mix.sum(dim=-1)
    else:
        only = torch.zeros(width, width)
        only[(seed + 2) % width, seed % width] = 1
        mix = only * (1 + mix.abs())

    def layer(words):
        require_words(words, len(sees))
        x = F.layer_norm(words, words.shape[-1:]) if norm == "before" else words
        output = weights @ x @ mix
        output = F.layer_norm(output, output.shape[-1:], eps=1e-12) if norm == "after" else output
        return output + 3e-6 * words.sum().sin()

    return layer


def require_words(words, length):
    """Raise ValueError if a layer is given anything but its words, (S, E)."""
    if words.ndim != 2 or len(words) != length:
        message = say(
            "layer takes all {length} words of one text, (S, E), and was given a tensor of shape "
            "{shape}.",
            length=length,
            shape=tuple(words.shape),
        )
        raise ValueError(message)


def check_leak_test(leak_test) -> Verdict:
    """Check `leak_test(layer, words)`, words (S, E) -> leaks and blind, both (T, S), booleans."""

    def layer(words):  # attends through a causal mask with three leaks and four holes
        require_words(words, 5)
        batch, mask = words[None], causal_mask(len(words))  # (1, S, E), (S, S)
        mask[[0, 1, 3], [2, 4, 4]] = True
        mask[[2, 3, 4, 4], [0, 1, 1, 3]] = False
        return attend(batch, batch, batch, mask, scaled_dot_scores)[0][0]

    def draw(seed):
        n, width = (5, 7) if seed % 3 == 0 else (6, 8)
        sees = causal_mask(n) ^ (random_tensor(n, n, seed=seed) > 0.5)
        words = random_tensor(n, width, seed=seed + 2)
        return layer_that_sees(
            sees, width, seed, ("", "before", "after", "before")[seed % 4]
        ), words

    def judged(join, **how):
        def answer(layer, words):
            past = causal_mask(len(words)) & ~own(len(words))
            with torch.random.fork_rng():
                torch.manual_seed(0)
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
        mistake(
            "A layer that begins with a layer norm undoes your change, such as one number that is "
            "added to all of a word, or multiplied with all. Put random numbers in the word's "
            "place.",
            judged(
                lambda moved, future, past: (moved & future, ~moved & past),
                change=lambda word: word + 1,
            ),
        ),
        mistake(
            "An output has moved as soon as *one* of its numbers has. You ask it of all of them.",
            judged(lambda moved, future, past: (moved & future, ~moved & past), size=torch.amin),
        ),
    ]
    unmasked = layer_that_sees(torch.ones(6, 6), 8, norm="before")
    cases = [(layer, random_tensor(5, 7) / 2), (unmasked, random_tensor(6, 8) / 2)]
    right = say("Your test finds a leak, and it is not fooled by a layer that is blind.")
    return compare(leak_test, oracle, cases, mistakes, right, draw=draw)


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

    def draw(seed):
        t, s = (3, 5) if seed % 3 == 0 else (2 + seed % 4, 6 + seed % 4)
        scores, mask = random_tensor(t, s, seed=seed), causal_mask(t, s)
        scores[:, -1] += 2  # a weight that is missed when it is hidden too late
        order = (100 * random_tensor(4 + seed % 3, seed=seed)).long() % 4  # with repeats
        return scores, [makers[names[n]](scores, mask) for n in order]

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
    return compare(diagnose, oracle, cases, mistakes, said, draw=draw)


def check_writer_mask(writer_mask) -> Verdict:
    """Check `writer_mask(tokens, padding)`, (B, S) tokens -> mask (B, S, S)."""
    first = torch.tensor([[0, 0, 0, 5, 7], [0, 4, 4, 6, 2], [3, 1, 2, 1, 8]])
    cases = [(first, 0), (torch.tensor([[9, 9, 1, 0], [9, 0, 0, 3]]), 9)]

    def draw(seed):
        b, s = (3, 5) if seed % 3 == 0 else (1 + seed % 4, 6 + seed % 3)
        padding = 0 if seed % 3 == 0 else 10 + seed % 2
        tokens = 1 + random_tensor(b, s, seed=seed).argsort()  # never the padding
        in_front = random_tensor(b, s, seed=seed).argsort(dim=-1)[:, :1]  # 0 to S - 1 places
        return tokens.masked_fill(torch.arange(s) < in_front, padding), padding

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
    return compare(writer_mask, oracle, cases, mistakes, right, draw=draw)


def check_packed(model) -> Verdict:
    """Check a trained network that writes two texts in one row, each without a look at the other.

    Shapes: the network takes tokens (B, T) -> logits (B, T, V), alone or first of several things.
    """
    return judge_network(model, None, _ask_packed, NO_PACKED)


def _ask_packed(model):
    """Return what to say of such a network; complain of any other."""
    generator = torch.Generator().manual_seed(80)
    letters = torch.randint(26, (2, ROWS, LENGTH), generator=generator)  # two texts of (B, S)
    text, other = draw_texts(generator, ROWS), draw_texts(generator, ROWS)  # (B, S), (B, S)

    def logits_of(first, second):
        return _sign_logits(model, torch.cat([first, second], dim=1))

    logits = logits_of(letters[0], text[:, :-1])  # (B, T, V), as in training
    whole = logits_of(letters[0], text)  # (B, T+1, V), with the last sign
    count = ROWS * LETTERS
    right = int((logits[:, -LETTERS:].argmax(dim=-1) == text[:, -LETTERS:]).sum())
    told = {"right": right, "count": count, "percent": percent(right, count)}
    row, changed = torch.cat([letters[0], text], dim=1), torch.cat([letters[1], other], dim=1)
    for start in (3, LENGTH, LENGTH + LETTERS + 2):  # in the first text, at the second, in its end
        mixed = torch.cat([row[:, :start], changed[:, start:]], dim=1)
        if _differ(_sign_logits(model, mixed)[:, :start], whole[:, :start]):
            raise Complaint(say(SEES_AHEAD, last=start - 1, **told))
    if _differ(logits_of(letters[1], text)[:, LENGTH:], whole[:, LENGTH:]):
        raise Complaint(say(SEES_THE_OTHER, **told))
    twice = logits_of(text, text)
    if _differ(twice[:, :LENGTH], twice[:, LENGTH:]):
        raise Complaint(say(NOT_AGAIN, **told))
    renamed = torch.cat([(text[:, :LETTERS] + 1) % 26, text[:, LETTERS:]], dim=1)
    cipher = slice(-LETTERS - 1, -1)  # where it is predicted
    if not _differ(logits_of(letters[0], renamed)[:, cipher], whole[:, cipher]):
        raise Complaint(say(SEES_NO_LETTERS, **told))
    if right <= AT_CHANCE * count:
        raise Complaint(say(UNTAUGHT, **told))
    if right < ENOUGH * count:
        raise Complaint(say(UNREADY, needed=round(ENOUGH * count), **told))
    return say(APART, **told)


def _sign_logits(model, tokens):
    """Return a network's logits (B, T, V) of tokens (B, T); complain of others."""
    returned = answer(model, tokens.to(next(model.parameters()).device))
    several = isinstance(returned, list | tuple) and len(returned) > 0
    logits, wanted = returned[0] if several else returned, (*tokens.shape, len(SIGNS))
    if not isinstance(logits, torch.Tensor) or logits.shape != wanted:
        got = ", ".join(map(describe_type, returned)) if several else describe_type(returned)
        raise Complaint(say(LIKE_WRITER, given=tuple(tokens.shape), wanted=wanted, got=got))
    if logits.isnan().any():
        raise Complaint(say(NOT_A_NUMBER))
    return logits.cpu()


def _differ(first, second):
    """Tell whether two tensors differ by more than rounding."""
    return not torch.allclose(first, second, rtol=0, atol=1e-4 * second.abs().max().item())
