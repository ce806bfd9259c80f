"""Checkers for the exercises of notebook 03, why attention helps. Used by that notebook only."""

import math
import random

import torch
from torch.nn import functional as F

from helpers.exercises.judge import Verdict, compare, mistake, random_tensor
from helpers.exercises.networks import (
    COUNT,
    Complaint,
    draw_batch,
    judge_network,
    mapped,
    percent,
    read,
    require_steps,
    require_trained,
    write,
)
from helpers.messages import later, say
from helpers.tasks import PAD

DIGITS = 5  # of the numbers that the longer exercise's network is to write
LAST_STATE = 2  # tensors in an LSTM's last state, which it hands over beside what it looks back at
PADDING = later(
    "Padding gets up to {share:.2f} of the attention. The real words alone should share it."
)
NOT_UNIFORM = later(
    "The weights are not uniform. In a sentence of {count} words each should get {wanted:.2f}, and "
    "yours get from {least:.2f} to {most:.2f}."
)
NOT_SHARES = later(
    "All words of a sentence get the same weight, but together they get {total:.2f} and not 1. "
    "Divide by the number of real words in the sentence."
)
LONGER_PADDING = later(
    "The weights are uniform over the real words, but with more padding the same sentences get "
    "other logits. The context should be the mean of the real words' states alone."
)
ANOTHER_CONTEXT = later(
    "The weights are uniform, but with other encoder states of the same mean the logits change. "
    "Blend the states with the weights that you return."
)
NO_CONTEXT = later(
    "With other encoder states the logits stay the same. Join the context and the decoder's state "
    "before the prediction, as `AttentionSeq2Seq` does."
)

ONE_WORD_EACH = later(
    "You kept every step. A place that was looked at before is not listed again: leave it out, "
    "wherever it comes back."
)
IN_GROUPS = later(
    "You left out repeats that follow each other, but a place that is looked at again later is "
    "still listed twice. Leave it out, too."
)
SORTED = later(
    "The right places, but sorted from left to right. Keep the order in which they were looked at."
)
PLACES = later(
    "Queries are rows: for each row, find the column of its largest weight, `argmax(dim=-1)`."
)
ALL_ROWS = later(
    "You divided by all rows. A token that no word says has no right place to look at: leave its "
    "row out of the count, too."
)


def _weights_on(looked_at, size, more, seed=0):
    """Return weights (T, S), heaviest at the places looked at: by `more`, before a softmax."""
    scores = random_tensor(len(looked_at), size, seed=seed)
    scores[range(len(looked_at)), looked_at] = scores.amax(dim=-1) + more
    return scores.softmax(dim=-1)


def check_visits(visits) -> Verdict:
    """Check `visits(weights)`, (T, S) -> the places looked at most, each once, in order."""
    sizes = [(6, 5), (4, 7), (1, 3), (6, 5), (5, 1), (9, 4)]
    cases = [(_weights_on([3, 3, 0, 4, 3, 0], 5, 1),), (_weights_on([5, 2, 6, 6, 2], 7, 2),)]

    def draw(seed):
        steps, size = sizes[seed % 6]
        looked_at = random.Random(seed).choices(range(size), k=steps)
        return (_weights_on(looked_at, size, (0.5, 1, 2, 5)[seed % 4], seed),)

    def oracle(weights):
        return list(dict.fromkeys(weights.argmax(dim=-1).tolist()))

    def in_groups(weights):
        steps = weights.argmax(dim=-1).tolist()
        return [s for i, s in enumerate(steps) if i == 0 or steps[i - 1] != s]

    mistakes = [
        mistake(ONE_WORD_EACH, lambda weights: weights.argmax(dim=-1).tolist()),
        mistake(IN_GROUPS, in_groups),
        mistake(SORTED, lambda weights: sorted(oracle(weights))),
        mistake(PLACES, lambda weights: weights.argmax(dim=0).tolist()),
        mistake(PLACES, lambda weights: list(dict.fromkeys(weights.argmax(dim=0).tolist()))),
        mistake(
            "These are the places with the least weight. Take the largest: `argmax`.",
            lambda weights: list(dict.fromkeys(weights.argmin(dim=-1).tolist())),
        ),
        mistake(
            "The right places, from the last to the first.", lambda weights: oracle(weights)[::-1]
        ),
        mistake(
            "These are the largest weights themselves. Find where they stand, with `argmax`.",
            lambda weights: list(dict.fromkeys(weights.max(dim=-1).values.tolist())),
        ),
        mistake(
            "You searched the whole table at once. Each row has a largest weight of its own: "
            "`dim=-1`.",
            lambda weights: [int(weights.argmax())],
        ),
        mistake(
            "That is every step, in a tensor. Make a list, and leave out what came before.",
            lambda weights: weights.argmax(dim=-1),
        ),
        mistake(
            "Tensors of one number each are all different to a dict or a set, even where the "
            "numbers agree. Turn them into numbers first: `.tolist()`.",
            lambda weights: list(dict.fromkeys(weights.argmax(dim=-1))),
        ),
    ]
    right = say("That is the path of the gaze, without going back to what was seen before.")
    return compare(visits, oracle, cases, mistakes, right, draw=draw)


def check_share_on_gold(share_on_gold) -> Verdict:
    """Check `share_on_gold(weights, alignment)`, (T, S) and T tuples of places -> a float."""
    first = [[50, 20, 10, 10, 5, 5], [10, 10, 25, 45, 5, 5], [30, 20, 20, 15, 10, 5]]
    first += [[10, 20, 22, 33, 8, 7], [19, 21, 16, 14, 19, 11]]
    second = [[5, 12, 43, 40], [30, 20, 22, 28], [60, 1, 14, 25]]
    cases = [
        (torch.tensor(first) / 100, ((0, 1), (3,), (), (0, 1, 3))),
        (torch.tensor(second) / 100, ((), (0, 3))),
    ]

    def draw(seed):
        steps, size = [(4, 6), (2, 4), (7, 3), (4, 6), (1, 6), (9, 5)][seed % 6]
        chance, sharp = random.Random(seed), (0.3, 1, 2, 8)[seed % 4]
        counts = [chance.choice([0, 1, 1, 2, 3]) for _ in range(steps)]
        counts[seed % steps] = 0
        counts[seed % steps - 1] = counts[seed % steps - 1] or 1  # some gold is needed
        alignment = tuple(tuple(sorted(chance.sample(range(size), n))) for n in counts)
        # one row more than the alignment, for the end token
        return (random_tensor(steps + 1, size, seed=seed) * sharp).softmax(dim=-1), alignment

    def rows(weights, alignment):
        return [
            weights[t, list(said)].sum().item() for t, said in enumerate(alignment) if len(said)
        ]

    def oracle(weights, alignment):
        shares = rows(weights, alignment)
        return sum(shares) / len(shares)

    def mean_of_links(weights, alignment):
        links = [weights[t, s].item() for t, said in enumerate(alignment) for s in said]
        return sum(links) / len(links)

    def first_only(weights, alignment):
        shares = [weights[t, said[0]].item() for t, said in enumerate(alignment) if said]
        return sum(shares) / len(shares)

    def hits(weights, alignment):
        looked = [
            float(weights[t].argmax().item() in said) for t, said in enumerate(alignment) if said
        ]
        return sum(looked) / len(looked)

    def mean_in_row(weights, alignment):
        shares = [weights[t, list(said)].mean().item() for t, said in enumerate(alignment) if said]
        return sum(shares) / len(shares)

    mistakes = [
        mistake(ALL_ROWS, lambda weights, said: sum(rows(weights, said)) / len(said)),
        mistake(ALL_ROWS, lambda weights, said: sum(rows(weights, said)) / len(weights)),
        mistake(
            "That is the sum over the rows. Divide it by the number of rows that have gold.",
            lambda weights, alignment: sum(rows(weights, alignment)),
        ),
        mistake(
            "These are the shares of the rows. Return their mean, one number.",
            rows,
        ),
        mistake(
            "You averaged over links. Where two words say a token, their weights add up to the "
            "row's share; then average over rows.",
            mean_of_links,
        ),
        mistake(
            "Where two words say a token, looking at either is right: add their weights, do not "
            "average them.",
            mean_in_row,
        ),
        mistake(
            "You took the first gold word only. A token may be said by several: add them up.",
            first_only,
        ),
        mistake(
            "You counted where the heaviest weight is. Here the weights themselves are asked for.",
            hits,
        ),
        mistake(
            "That is the share that is *not* on gold.",
            lambda weights, alignment: 1 - oracle(weights, alignment),
        ),
        mistake(
            "The weights have been through a softmax already: no second one.",
            lambda weights, alignment: oracle(weights.softmax(dim=-1), alignment),
        ),
        mistake(
            "A tuple ended earlier than you thought. Some tokens have no gold word, or one, and "
            "the last row of the weights has no tuple at all: go through `alignment`.",
            lambda weights, alignment: alignment[len(weights) - 1],
        ),
        mistake(
            "The alignment has rows of different lengths, so it is no index by itself. Go through "
            "it row by row, with `enumerate(alignment)`.",
            lambda weights, alignment: weights[torch.tensor(alignment)],
        ),
        mistake(
            "You used the gold words of one row for all rows. Each row has its own.",
            lambda weights, alignment: weights[:, list(alignment[0])].sum(dim=-1).mean().item(),
        ),
    ]
    right = say("Rows without gold stay out, and looking at any of several gold words is right.")
    return compare(share_on_gold, oracle, cases, mistakes, right, draw=draw)


def check_cost_of_each(cost_of_each) -> Verdict:
    """Check `cost_of_each(chance, words)`: what each word's blank costs, one number a word."""

    def case(words, worths):
        def chance(given):
            given = [given] if isinstance(given, str) else given
            if len(given) != len(words):
                told = later("{given} words were given, not {wanted}: blank, do not cut.")
                raise ValueError(say(told, given=len(given), wanted=len(words)))
            pairs = zip(given, words, worths, strict=True)
            said = [0 if g == "<blank>" else w if g == word else -2 for g, word, w in pairs]
            return 1 / (1 + math.exp(-sum(said)))

        return chance, list(words)

    def draw(seed):
        numbers, n = random.Random(seed), (5, 3, 8, 5, 1, 6)[seed % 6]
        words = numbers.choices(["six", "sixty", "hundred", "and", "-"], k=n)
        return case(words, [numbers.uniform(-0.5, 2) for _ in words])

    cases = [
        case(["six", "hundred", "six", "-", "sixty"], [0.4, 0, 1.7, -0.6, 0.3]),
        case(["twenty", "-", "two"], [1.4, -0.3, 0.8]),
    ]

    def blanked(words, i):
        return [*words[:i], "<blank>", *words[i + 1 :]]

    def oracle(chance, words):
        return [chance(words) - chance(blanked(words, i)) for i in range(len(words))]

    def piling_up(chance, words):
        words, whole, costs = list(words), chance(words), []
        for i in range(len(words)):
            words[i] = "<blank>"
            costs.append(whole - chance(words))
        return costs

    def cut(chance, words):
        return [chance(words) - chance(words[:i] + words[i + 1 :]) for i in range(len(words))]

    def alone(chance, words):
        n = len(words)
        kept = [[w if i == j else "<blank>" for j, w in enumerate(words)] for i in range(n)]
        return [chance(words) - chance(each) for each in kept]

    mistakes = [
        mistake(
            "The blanks pile up: at the last word all the others are gone, too. Start from the "
            "whole sentence each time.",
            piling_up,
        ),
        mistake(
            'A word less was given, so those after the gap moved up. Put "<blank>" in its place.',
            cut,
        ),
        mistake(
            "The sign is turned round: a cost is what is lost, so take before minus after.",
            lambda chance, words: [-cost for cost in oracle(chance, words)],
        ),
        mistake(
            "These are the chances that are left. The cost is what was lost: the chance before "
            "minus the chance after.",
            lambda chance, words: [chance(blanked(words, i)) for i in range(len(words))],
        ),
        mistake(
            "These are ratios. The cost is a difference: before minus after.",
            lambda chance, words: [
                chance(blanked(words, i)) / chance(words) for i in range(len(words))
            ],
        ),
        mistake(
            "You took absolute values. A blank can help: then its cost is below zero.",
            lambda chance, words: [abs(cost) for cost in oracle(chance, words)],
        ),
        mistake(
            "You kept one word and blanked all the others. Blank one and keep the others.",
            alone,
        ),
        mistake(
            "That is the largest cost alone. Return a list, one number for each word.",
            lambda chance, words: max(oracle(chance, words)),
        ),
        mistake(
            "That is the word that costs most. Return a list, one number for each word.",
            lambda chance, words: words[oracle(chance, words).index(max(oracle(chance, words)))],
        ),
        mistake(
            "A word may occur twice in a sentence, and a dict would keep one of them. Return a "
            "list.",
            lambda chance, words: dict(zip(words, oracle(chance, words), strict=True)),
        ),
        mistake(
            "`chance` takes the whole list of words. Give it all of them, one blanked.",
            lambda chance, words: [chance(words) - chance(["<blank>"]) for _ in words],
        ),
    ]
    right = say("This asks the output itself, and needs no weights at all.")
    return compare(cost_of_each, oracle, cases, mistakes, right, draw=draw)


def check_uniform(model) -> Verdict:
    """Check a trained translator whose attention gives every real source word the same weight."""
    return judge_network(model, DIGITS, _ask_uniform)


def _ask_uniform(model):
    """Return what to say of a trained network with uniform attention; complain about any other."""
    batch = draw_batch(model, DIGITS)
    source, target = batch.source, batch.target_in[:, :4]
    logits, _, weights = write(model, target, read(model, source), source)
    _require_uniform(weights.double(), source != PAD)
    require_steps(model, batch, weights=True)
    longer = F.pad(source, (0, 2), value=PAD)
    if _differ(write(model, target, read(model, longer), longer)[0], logits):
        raise Complaint(say(LONGER_PADDING))
    _require_mean(model, source, target)
    right = require_trained(model, DIGITS)
    return say(
        "It writes {right} of {count} numbers of {digits} digits right, {percent}%. At every step "
        "all real words of a sentence have the same weight, and padding has none.",
        right=right,
        count=COUNT,
        digits=DIGITS,
        percent=percent(right),
    )


def _require_uniform(weights, words):
    """Complain about weights (B, T, S) that are not the same for all of the words (B, S)."""
    lost = weights.masked_fill(words[:, None], 0).sum(dim=-1).max().item()
    if lost > 1e-4:
        raise Complaint(say(PADDING, share=lost))
    counts = words.sum(dim=-1)  # (B)
    most = weights.masked_fill(~words[:, None], -torch.inf).amax(dim=(1, 2))  # (B)
    least = weights.masked_fill(~words[:, None], torch.inf).amin(dim=(1, 2))  # (B)
    if _differ(most, least):
        b = int((most - least).argmax())
        told = {"least": least[b].item(), "most": most[b].item()}
        raise Complaint(say(NOT_UNIFORM, count=int(counts[b]), wanted=1 / int(counts[b]), **told))
    totals = counts * most  # (B)
    if _differ(totals, torch.ones_like(totals)):
        raise Complaint(say(NOT_SHARES, total=totals[(totals - 1).abs().argmax()].item()))


def _require_mean(model, source, target):
    """Complain where the states of the words do not come in by their mean.

    They are what has a vector for each source word in the network's memory. Where there are none,
    as in a memory that holds the mean in their place, nothing is asked.
    """
    words = source != PAD  # (B, S)

    def holds_states(tensor):
        wide = {*words.shape} <= {*tensor.shape} and tensor.numel() > words.numel()
        return wide and tensor.is_floating_point()

    def logits_after(change):
        memory = read(model, source)
        changed = mapped(lambda t: change(t, words) if holds_states(t) else t, memory)
        return write(model, target, changed, source)[0]

    held = []
    mapped(held.append, read(model, source))
    states = [tensor for tensor in held if holds_states(tensor)]
    if not states:
        return
    logits = logits_after(lambda tensor, words: tensor)
    if _differ(logits_after(_with_noise), logits):
        raise Complaint(say(ANOTHER_CONTEXT))
    others = sum(tensor.is_floating_point() for tensor in held) - len(states)
    if others <= LAST_STATE and not _differ(logits_after(_raised), logits, by=1e-6):
        raise Complaint(say(NO_CONTEXT))


def _with_noise(tensor, words):
    """Return states with noise in those of the words (B, S), whose mean stays as it is."""

    def change(states, inside):
        noise = random_tensor(*states.shape, seed=1).to(states) * inside
        return (
            states + noise - noise.sum(dim=1, keepdim=True) / inside.sum(1, keepdim=True) * inside
        )

    return _changed(tensor, words, change)


def _raised(tensor, words):
    """Return states in which those of the words (B, S) are raised by 1."""
    return _changed(tensor, words, lambda states, inside: states + inside)


def _changed(tensor, words, change):
    """Return states, whatever the order of their axes, after a change.

    `change` gets the states (B, S, …) and what is 1 where there is a word, else 0, in their shape.
    """
    axes = tuple(tensor.shape.index(size) for size in words.shape)
    states = tensor.movedim(axes, (0, 1))
    inside = words.reshape(*words.shape, *[1] * (states.dim() - 2)).to(states)
    return change(states, inside).movedim((0, 1), axes)


def _differ(one, other, by=1e-3):
    """Tell whether two tensors differ anywhere by more than `by`, or in being NaN."""
    return not bool(((one - other).abs() <= by).all())
