"""Checkers for the exercises of notebook 12, what heads do. Used by that notebook only."""

import functools
from contextlib import suppress

import numpy as np
import torch

from helpers.exercises.explain import describe_type
from helpers.exercises.judge import Report, Verdict, compare, mistake, random_tensor
from helpers.exercises.networks import (
    NOT_A_NUMBER,
    Complaint,
    answer,
    judge_network,
    percent,
    report_network,
)
from helpers.induction import (
    LENGTHS,
    LETTERS,
    SKIP,
    AttentionOnly,
    draw_repeats,
    draw_skips,
    induction,
    previous_token,
    share_guessed,
)
from helpers.messages import later, say

FEW = 12  # strings on which it is tried what a network returns, and whether it looks ahead
STRINGS, LENGTH = 100, 12  # on which heads are measured, and their letters
NEARLY_ALL = 0.95  # of its weight: what a head made by hand gives to the letter just before
PER_LENGTH = 20  # strings of each length that a network has to go on with
LONGER = 26  # letters of strings longer than any in training: the whole alphabet
ENOUGH = 0.95  # share of the letters that a trained network predicts
AT_CHANCE = 0.15  # share up to which it may be guessing among the letters of the string
PER_SKIPS = 40  # strings of each length in the open challenge
SKIP_PERCENT = 95  # of its letters that a network has to predict if it is to count
HARDER = 10  # points in percent by which a share has to be lower to be worth a hint
NOWHERE = later(
    "You read where no query may look, to the right of the whole table's diagonal: there all "
    "weights are 0. Queries are the rows. Keep those from K on first, `weights[:, :, half:]`, and "
    "take a diagonal of the rest."
)
CARRIED = later(
    "What followed in one row is still known in the next. Each row is a text of its own: begin it "
    "with an empty dict."
)
NO_HANDMADE = later(
    "No network was handed over yet. Make the lower heads of an `AttentionOnly(2)` by hand, train "
    "the rest, and put its name in the place of None."
)
LIKE_ATTENTION_ONLY = later(
    "Given letters of shape {given}, the network should return two things, as `AttentionOnly` "
    "does: logits of shape {logits}, and a list of the weights of each layer, of shape {weights}, "
    "where H counts the heads. Yours returned {got}."
)
NOT_SHARES = later(
    "The weights of a query should be 0 or more and sum to 1 over the keys: in yours they sum to "
    "{total:.2f} somewhere. Return the weights after the softmax."
)
OTHER_LAYERS = later(
    "This exercise asks for two layers, `AttentionOnly(2)`. Layers whose weights it returns: {got}."
)
LOOKS_AHEAD = later(
    "Its logits at position {last} change if later letters change, so a query sees the letter that "
    "it is to predict. Does every layer get the causal mask?"
)
UPPER_INSTEAD = later(
    "The heads of the upper layer give nearly all their weight to the letter just before, and "
    "those of the lower layer do not. The lower layer is `layers[0]`: it is to bring to each "
    "position what stands before it, and the upper one needs that."
)
ON_ITSELF = later(
    "Head {head} of the lower layer gives {share:.2f} of its weight to the letter that asks, which "
    "is at distance 0. The letter just before is at distance −1. In which column of `bias` is its "
    "number, if the first is that of −8?"
)
TWO_BACK = later(
    "Head {head} of the lower layer gives {share:.2f} of its weight to the letter two places "
    "before. The letter just before is at distance −1. In which column of `bias` is its number, if "
    "the first is that of −8?"
)
BY_LETTERS = later(
    "Head {head} of the lower layer gives {share:.2f} of its weight to the letter just before, and "
    "{needed} is the least. How much it gives depends on the letters, so they disturb it: set all "
    "its queries to zero, and the number of distance −1 in `bias` far above the others. If both "
    "were so before training, keep them out of it: `requires_grad_(False)`."
)
BY_BIAS = later(
    "Head {head} of the lower layer gives {share:.2f} of its weight to the letter just before, and "
    "{needed} is the least. The letters do not disturb it, so the numbers in `bias` decide: that "
    "of distance −1 has to be far above all others. In which column is it, if the first is that of "
    "−8?"
)
NOT_TRAINED = later(
    "Its lower heads attend to the letter just before, as they should. It predicts {right} of "
    "{count} letters correctly, {percent}%, and guessing among the letters of a string gets "
    "{guessed}%: it is not trained yet. Keep the lower heads fixed, and train the rest for 300 "
    "steps with `learn_to_repeat`."
)
NOT_YET = later(
    "Its lower heads attend to the letter just before, as they should. It predicts {right} of "
    "{count} letters correctly, {percent}%: {needed} are needed. It is learning, so train it on."
)
CONTINUES = later(
    "It predicts {right} of {count} letters correctly, {percent}%, and its lower heads give at "
    "least {share:.2f} of their weight to the letter just before. It predicts {most}% in strings "
    "of {longest} letters, the longest in training, and {longer}% in strings of {letters}."
)
NO_SKIPPER = later(
    "No network was handed over yet. Build one, train it on strings from `draw_skips`, and put its "
    "name in the place of None."
)
LIKE_SKIPPER = later(
    "Given letters of shape {given}, the network should return logits of shape {wanted}, alone or "
    "first of several things. Yours returned {got}."
)
SKIPPED = later(
    "It has {size:,} parameters, and predicts {right} of {count} letters correctly, {percent}%: "
    "{after}% of those just after a Z, and {elsewhere}% of the others."
)
COUNTS = later(
    "It counts: {wanted}% were wanted. The notebook's own network, of two layers, has {own:,} "
    "parameters."
)
GUESSING = later(
    "It does not count yet: {wanted}% are wanted. Guessing among the letters of a string gets "
    "{guessed}%, so it hardly finds any place. Can it go on with strings without a Z? What does it "
    "have to do here that it does not have to do there?"
)
LOST_AFTER_Z = later(
    "It does not count yet: {wanted}% are wanted. Just after a Z it does worse than elsewhere. "
    "There the query is made of a Z. Which letter would it have to know, and which head could "
    "bring it that letter, from one, two or three places before?"
)
TRAIN_ON = later("It does not count yet: {wanted}% are wanted. Train it on, or change what it has.")


def check_induction(followed) -> Verdict:
    """Check `followed(weights)`, of strings written twice: (B, H, T, S) -> (H).

    Strings have K letters, and T = S = 2K − 1, as the last letter is not given.
    """

    def weights(b, h, k, seed):
        n = 2 * k - 1
        scores = random_tensor(b, h, n, n, seed=seed) * (1, 2, 3)[seed % 3]
        return scores.masked_fill(torch.ones(n, n).triu(1) > 0, -torch.inf).softmax(-1)

    cases = [(weights(2, 3, 4, seed=60),), (weights(3, 2, 5, seed=61),)]

    def draw(seed):
        b, h, k = [(2, 3, 4), (3, 4, 5), (1, 2, 3), (2, 3, 4), (4, 1, 6), (5, 3, 2)][seed % 6]
        return (weights(b, h, k, seed=seed),)

    def half(w):
        return (w.shape[2] + 1) // 2

    def rows(w, start=0):
        return w[:, :, half(w) + start :]

    def on(table, offset):
        return table.diagonal(offset, dim1=2, dim2=3)

    def each(weights):  # of the right weights, for each string, head and query
        return on(rows(weights), 1)  # (B, H, K-1)

    def one_too_far(w):
        return torch.stack([w[:, :, half(w) + i, i + 1] for i in range(half(w))]).mean(dim=(0, 1))

    mistakes = [
        mistake(
            "You measured the weight on the place where the letter stood in the first copy. What "
            "followed it stands one place farther on: one column to the right.",
            lambda w: on(rows(w), 0).mean(dim=(0, 2)),
        ),
        mistake(
            "You measured the weight on what stood before the letter in the first copy. What "
            "followed it is one above the diagonal of the rows from K on: `diagonal(1, …)`.",
            lambda w: on(rows(w), -1).mean(dim=(0, 2)),
        ),
        mistake(
            "You went one place too far: two places after the letter of the first copy. What "
            "followed the letter at position i stands at i + 1.",
            lambda w: on(rows(w), 2).mean(dim=(0, 2)),
        ),
        mistake(
            "Your rows begin one too early, with the last letter of the first copy. T is 2K − 1, "
            "so K is `(T + 1) // 2`, and not `T // 2`.",
            lambda w: on(rows(w, -1), 1).mean(dim=(0, 2)),
        ),
        mistake(
            "Your rows begin one too late: the first letter of the second copy asks, too. T is "
            "2K − 1, so K is `(T + 1) // 2`.",
            lambda w: on(rows(w, 1), 1).mean(dim=(0, 2)),
        ),
        mistake(
            "This diagonal has one number too many, the first: there the last letter of the first "
            "copy attends to the first letter. Keep the rows from K on, and take the diagonal of "
            "these.",
            lambda w: on(w, 1 - half(w)).mean(dim=(0, 2)),
        ),
        mistake(NOWHERE, lambda w: on(w, 1).mean(dim=(0, 2))),
        mistake(
            "That is the detector of the notebook, the weight on the position just before. Here "
            "the letters of the second copy ask, and what followed them in the first is meant.",
            lambda w: previous_token(w),
        ),
        mistake(
            "That is the weight on the position just before, in the second copy. What is meant "
            "stands in the first copy, in column i + 1 for the query K + i.",
            lambda w: on(rows(w), half(w) - 1).mean(dim=(0, 2)),
        ),
        mistake(
            "That is the weight of each position on itself. What is meant stands in the first "
            "copy, in column i + 1 for the query K + i.",
            lambda w: on(w, 0).mean(dim=(0, 2)),
        ),
        mistake(
            "That is the weight on the whole first copy. Of each row, one weight is meant: that on "
            "what followed the letter.",
            lambda w: rows(w)[..., : half(w)].sum(-1).mean(dim=(0, 2)),
        ),
        mistake(
            "You added up the weights of all strings and queries. Take the mean over both.",
            lambda w: each(w).sum(dim=(0, 2)),
        ),
        mistake(
            "You took the mean over the strings and added up the queries. Take the mean over both.",
            lambda w: each(w).sum(-1).mean(0),
        ),
        mistake(
            "You divided by K, and there are K − 1 queries: the last letter is not given. `mean` "
            "counts them for you.",
            lambda w: each(w).sum(-1).mean(0) / half(w),
        ),
        mistake(
            "You averaged over the heads, too. Each head has a number of its own: "
            "`mean(dim=(0, 2))`.",
            lambda w: each(w).mean(),
        ),
        mistake(
            "These are numbers for each string and head, (B, H). Take the mean over the strings, "
            "too.",
            lambda w: each(w).mean(-1),
        ),
        mistake(
            "These are numbers for each head and query, (H, K − 1). Take the mean over the "
            "queries, too.",
            lambda w: each(w).mean(0),
        ),
        mistake(
            "These are numbers for each query: you averaged over strings and heads. `diagonal` "
            "puts its own axis last, so strings and queries are `dim=(0, 2)`.",
            lambda w: each(w).mean(dim=(0, 1)),
        ),
        mistake(
            "These are numbers for each string: you averaged over heads and queries. `diagonal` "
            "puts its own axis last, so strings and queries are `dim=(0, 2)`.",
            lambda w: each(w).mean(dim=(1, 2)),
        ),
        mistake(
            "These are all the weights that count, (B, H, K − 1). Take their mean over strings and "
            "queries.",
            lambda w: each(w),
        ),
        mistake(
            "You took the largest weight. The mean over strings and queries is meant.",
            lambda w: each(w).amax(dim=(0, 2)),
        ),
        mistake(
            "Your diagonal runs through strings and heads, the first two axes. That of queries and "
            "keys is meant: `dim1=2, dim2=3`.",
            lambda w: rows(w).diagonal(1).mean(dim=(0, 2)),
        ),
        mistake(
            "Your last query is 2K − 1, and there is none: the strings come without their last "
            "letter, so that K − 1 letters of the second copy ask.",
            one_too_far,
        ),
    ]
    right = say("Now each head has a number: the mean weight that it gives to what followed.")
    return compare(followed, induction, cases, mistakes, right, draw=draw)


def check_follow(what_followed) -> Verdict:
    """Check `what_followed(letters)`, whole numbers (B, T) -> (B, T), −1 where there is none.

    Nested lists and arrays are taken for tensors.
    """

    def letters(b, t, kinds, seed):
        generator = torch.Generator().manual_seed(seed)
        alphabet = torch.randperm(LETTERS, generator=generator)[:kinds]
        return alphabet[torch.randint(kinds, (b, t), generator=generator)]

    seen = torch.tensor([[7, 3, 7, 7, 0, 7]])  # few enough to be shown with what is wrong
    cases = [(seen,), (letters(2, 9, 3, seed=60),), (letters(3, 8, 4, seed=61),)]

    def draw(seed):
        b, t, kinds = [(1, 6, 3), (3, 7, 2), (2, 9, 4), (1, 6, 2), (4, 1, 2), (3, 14, 6)][seed % 6]
        return (letters(b, t, kinds, seed=seed),)

    def for_each(answer):
        """Return a function that asks, for each position of a row and its last twin, for a number.

        `answer(row, t, twins)` gets the earlier positions of the same letter, of which there is one
        at least.
        """

        def found(letters):
            table = []
            for row in letters.tolist():
                twins = [[s for s in range(t) if row[s] == row[t]] for t in range(len(row))]
                table.append([answer(row, t, before) for t, before in enumerate(twins)])
            return torch.tensor(table)

        return found

    def none(answer, instead=-1):
        return for_each(lambda row, t, twins: answer(row, t, twins) if twins else instead)

    def last(row, t, twins):
        return row[twins[-1] + 1]

    oracle = none(last)

    def noting(look_up, fresh=True):
        """Return a function that keeps in a dict what followed, as the solution does."""

        def found(letters):
            table, followed = [], {}
            for row in letters.tolist():
                followed = {} if fresh else followed
                table.append([look_up(followed, row, t) for t in range(len(row))])
            return torch.tensor(table)

        return found

    def note(followed, row, t):
        if t:
            followed[row[t - 1]] = row[t]

    def looked_up_first(followed, row, t):
        found = followed.get(row[t], -1)
        note(followed, row, t)
        return found

    def strict(followed, row, t):
        note(followed, row, t)
        return followed[row[t]]

    def kept(followed, row, t):
        note(followed, row, t)
        return followed.get(row[t], -1)

    mistakes = [
        mistake(
            "You take the first time that the letter occurred. The last earlier one is meant: what "
            "came then may be another letter.",
            none(lambda row, t, twins: row[twins[0] + 1]),
        ),
        mistake(
            "You count the position itself as earlier, and so you return the next letter of the "
            "text, which is not known yet. Look at the positions before t alone.",
            for_each(lambda row, t, twins: row[t + 1] if t + 1 < len(row) else -1),
        ),
        mistake(
            "You return what stood *before* the earlier occurrence. What followed it is meant, one "
            "place farther on.",
            none(lambda row, t, twins: row[twins[-1] - 1] if twins[-1] else -1),
        ),
        mistake(
            "You return the letter just before each position: the dict is filled the wrong way "
            "round. That `row[t]` followed `row[t - 1]` is to be noted under `row[t - 1]`.",
            for_each(lambda row, t, twins: row[t - 1] if t else -1),
        ),
        mistake(
            "These are positions. Return the letter that stands there.",
            none(lambda row, t, twins: twins[-1] + 1),
        ),
        mistake(
            "These are the positions of the earlier occurrences. Return the letter that stands one "
            "place farther on.",
            none(lambda row, t, twins: twins[-1]),
        ),
        mistake(
            "You return the letter itself. What followed its last earlier occurrence is meant, one "
            "place farther on.",
            none(lambda row, t, twins: row[t]),
        ),
        mistake(
            "You look up the letter before you note that it followed the one before it. In `A A`, "
            "what followed the first `A` is the second: note first, then look up.",
            noting(looked_up_first),
        ),
        mistake(
            "You return −1 where the same letter stands just before. In `A A`, what followed the "
            "first `A` is the second, `A`.",
            none(lambda row, t, twins: last(row, t, twins) if twins[-1] < t - 1 else -1),
        ),
        mistake(
            "Where the letter did not occur before, you return 0, and that is the letter A. Return "
            "−1 there.",
            none(last, instead=0),
        ),
        mistake(
            "A letter that has not occurred before is not in the dict. `followed.get(letter, -1)` "
            "returns −1 then.",
            noting(strict),
        ),
        mistake(CARRIED, noting(kept, fresh=False)),
        mistake(CARRIED, lambda letters: oracle(letters.reshape(1, -1)).reshape(letters.shape)),
        mistake(
            "You went down the columns. Each row is a text.",
            lambda letters: oracle(letters.mT).mT,
        ),
        mistake(
            "You go through each text from its end, so that you find what comes later. Only what "
            "stands before a position is known there.",
            lambda letters: oracle(letters.flip(1)).flip(1),
        ),
        mistake(
            "That is the answer at the last position. Return one for each position, (B, T).",
            lambda letters: oracle(letters)[:, -1],
        ),
        mistake(
            "The first position lacks. Nothing stands before it, so its answer is −1.",
            lambda letters: oracle(letters)[:, 1:],
        ),
        mistake(
            "That is the first row alone. Return all of them: (B, T).",
            lambda letters: oracle(letters)[0],
        ),
        mistake(
            "All answers stand one place too far to the right. At position t the letter at t is "
            "known already, and it is the one to look for.",
            lambda letters: torch.nn.functional.pad(oracle(letters), (1, -1), value=-1),
        ),
    ]
    right = say("That is what the two layers do: look for the letter, and copy what followed it.")
    return compare(_tensor_of(what_followed), oracle, cases, mistakes, right, draw=draw)


def _tensor_of(function):
    """Return a learner's function whose lists and arrays of numbers come as one tensor."""
    if not callable(function) or isinstance(function, type):
        return function

    @functools.wraps(function)
    def answering(*inputs):
        got = function(*inputs)
        with suppress(ValueError, TypeError, RuntimeError):  # what is no table stays as it is
            if isinstance(got, list | tuple) and all(isinstance(r, torch.Tensor) for r in got):
                return torch.stack(list(got))
            return torch.tensor(got) if isinstance(got, list | tuple | np.ndarray) else got
        return got

    return answering


def check_by_hand(model) -> Verdict:
    """Check a trained network of two layers whose lower heads attend to the letter just before.

    Shapes: the network takes letters (B, T) -> logits (B, T, V), and a list of the weights of each
    layer, (B, H, T, S).
    """
    return judge_network(model, None, _ask_by_hand, NO_HANDMADE)


def _ask_by_hand(model):
    """Return what to say of such a network; complain of any other."""
    generator = torch.Generator().manual_seed(120)
    strings = draw_repeats(generator, STRINGS, LENGTH)[:, :-1]  # (B, T)
    mixed = torch.randint(LETTERS, strings.shape, generator=generator)  # (B, T)
    _, layers = _logits_and_weights(model, strings)
    if len(layers) != 2:
        raise Complaint(say(OTHER_LAYERS, got=len(layers)))
    _require_shares(layers)
    _require_no_look_ahead(model, strings[:FEW], lambda *given: _logits_and_weights(*given)[0])
    share = _require_previous_token(layers, _logits_and_weights(model, mixed)[1])
    right = {k: _continued(model, k, generator) for k in (*LENGTHS, LONGER)}
    correct, count = sum(right[k] for k in LENGTHS), sum(_asked(k) for k in LENGTHS)
    told = {"right": correct, "count": count, "percent": percent(correct, count)}
    if correct <= AT_CHANCE * count:
        raise Complaint(say(NOT_TRAINED, guessed=round(100 * share_guessed()), **told))
    if correct < ENOUGH * count:
        raise Complaint(say(NOT_YET, needed=round(ENOUGH * count), **told))
    most, longer = (percent(right[k], _asked(k)) for k in (LENGTHS[-1], LONGER))
    lengths = {"longest": LENGTHS[-1], "letters": LONGER}
    return say(CONTINUES, share=share, most=most, longer=longer, **lengths, **told)


def _logits_and_weights(model, letters):
    """Return logits (B, T, V) and the weights (B, H, T, S) of each layer; complain of others."""
    returned = answer(model, letters.to(next(model.parameters()).device))
    size = letters.shape[1]
    if isinstance(returned, list | tuple) and len(returned) == 2:
        logits, weights = returned
        stacked = isinstance(weights, torch.Tensor) and weights.ndim == 5
        if (stacked or isinstance(weights, list | tuple)) and _are_tensors(logits, *weights):
            tables = (
                each.shape == (len(letters), *each.shape[1:2], size, size) for each in weights
            )
            if logits.shape == (*letters.shape, LETTERS) and all(tables):
                if logits.isnan().any():
                    raise Complaint(say(NOT_A_NUMBER))
                return logits.cpu(), [each.cpu() for each in weights]
    shapes = {"given": tuple(letters.shape), "logits": (*letters.shape, LETTERS)}
    shapes["weights"] = f"({len(letters)}, H, {size}, {size})"
    raise Complaint(say(LIKE_ATTENTION_ONLY, got=_described(returned), **shapes))


def _are_tensors(*values):
    return all(isinstance(each, torch.Tensor) for each in values)


def _described(returned):
    """Name what a network returned, and what is in a list of it."""
    if not isinstance(returned, list | tuple):
        return describe_type(returned)
    inside = (
        f"[{_described(r)}]" if isinstance(r, list | tuple) else describe_type(r) for r in returned
    )
    return ", ".join(inside)


def _require_shares(layers):
    """Complain about weights, (B, H, T, S) of each layer, that are no shares."""
    for weights in layers:
        totals = weights.sum(dim=-1)  # (B, H, T)
        furthest = totals.flatten()[(totals - 1).abs().argmax()].item()
        if not (weights.min() >= 0 and abs(furthest - 1) < 1e-3):
            raise Complaint(say(NOT_SHARES, total=furthest))


def _require_no_look_ahead(model, letters, logits_of):
    """Complain about logits that change if later letters change. Shapes: letters (B, T)."""
    whole = logits_of(model, letters)  # (B, T, V)
    for start in (1, letters.shape[1] // 2):
        others = (letters[:, start:] + 1) % LETTERS
        logits = logits_of(model, torch.cat([letters[:, :start], others], dim=1))
        gap = (logits[:, :start] - whole[:, :start]).abs().max()
        if not gap <= 1e-4 * whole.abs().max():
            raise Complaint(say(LOOKS_AHEAD, last=start - 1))


def _require_previous_token(layers, layers_of_mixed):
    """Return the least mean weight that a lower head gives to the letter just before.

    Complain where that is less than nearly all. It is measured in strings and in mixed letters.
    Shapes: weights of each layer (B, H, T, S).
    """
    lower, upper = (
        torch.minimum(*map(previous_token, pair))
        for pair in zip(layers, layers_of_mixed, strict=True)
    )  # (H), (H)
    head = int(lower.argmin())
    share = lower[head].item()
    if share >= NEARLY_ALL:
        return share
    if upper.min() >= NEARLY_ALL:
        raise Complaint(say(UPPER_INSTEAD))
    weights = layers[0][:, head]  # (B, T, S)
    for back, message in ((0, ON_ITSELF), (2, TWO_BACK)):
        mean = weights.diagonal(-back, dim1=1, dim2=2).mean().item()
        if mean > 0.5:
            raise Complaint(say(message, head=head + 1, share=mean))
    by_letters = bool(weights.std(dim=0).max() > 1e-3)
    message = BY_LETTERS if by_letters else BY_BIAS
    raise Complaint(say(message, head=head + 1, share=share, needed=NEARLY_ALL))


def _continued(model, length, generator):
    """Return how many letters are predicted in new strings of one length, of so many asked."""
    letters = draw_repeats(generator, PER_LENGTH, length)  # (B, 2K)
    logits, _ = _logits_and_weights(model, letters[:, :-1])
    return int((logits[:, length:].argmax(dim=-1) == letters[:, length + 1 :]).sum())


def _asked(length):
    """Return how many letters of strings of one length are asked."""
    return PER_LENGTH * (length - 1)


def report_skip(model) -> Report:
    """Report how many letters a network predicts where some are to be skipped, and its size.

    Shapes: the network takes letters (B, T) -> logits (B, T, V), alone or first of several things.
    """
    return report_network(model, None, _ask_skip, NO_SKIPPER)


def _ask_skip(model):
    """Return the size of a network and how many letters it predicts, and if that counts."""
    generator = torch.Generator().manual_seed(121)
    few, _ = draw_skips(generator, FEW, LENGTH)
    _require_no_look_ahead(model, few, _logits)
    found = []
    for length in LENGTHS:
        letters, asked = draw_skips(generator, PER_SKIPS, length)  # (B, T + 1), (B, T + 1)
        right = _logits(model, letters[:, :-1]).argmax(dim=-1) == letters[:, 1:]  # (B, T)
        after = letters[:, :-1] == SKIP  # (B, T)
        found.append(torch.stack([right, after])[:, asked[:, 1:]])
    right, after = torch.cat(found, dim=1)
    shares = {"after": _percent(right[after]), "elsewhere": _percent(right[~after])}
    told = {"right": int(right.sum()), "count": len(right), "percent": _percent(right)}
    size = sum(parameter.numel() for parameter in model.parameters())
    message = say(SKIPPED, size=size, **told, **shares)
    if told["right"] >= SKIP_PERCENT * len(right) / 100:
        with torch.device("meta"):  # it is counted, not used
            own = sum(parameter.numel() for parameter in AttentionOnly(2).parameters())
        return f"{message} " + say(COUNTS, wanted=SKIP_PERCENT, own=own)
    if shares["after"] <= shares["elsewhere"] - HARDER:
        return f"{message} " + say(LOST_AFTER_Z, wanted=SKIP_PERCENT)
    if told["right"] <= 2 * share_guessed() * len(right):
        guessed = round(100 * share_guessed())
        return f"{message} " + say(GUESSING, wanted=SKIP_PERCENT, guessed=guessed)
    return f"{message} " + say(TRAIN_ON, wanted=SKIP_PERCENT)


def _percent(right):
    """Return the share of True in percent, rounded down."""
    return percent(int(right.sum()), len(right))


def _logits(model, letters):
    """Return a network's logits (B, T, V), alone or first of several things; complain of others."""
    returned = answer(model, letters.to(next(model.parameters()).device))
    several = isinstance(returned, list | tuple) and returned
    logits, wanted = returned[0] if several else returned, (*letters.shape, LETTERS)
    if not isinstance(logits, torch.Tensor) or logits.shape != wanted:
        given = tuple(letters.shape)
        raise Complaint(say(LIKE_SKIPPER, given=given, wanted=wanted, got=_described(returned)))
    if logits.isnan().any():
        raise Complaint(say(NOT_A_NUMBER))
    return logits.cpu()
