"""Checkers for the exercises of notebook 02, attention. Used by that notebook only."""

import random

import torch
from torch.nn import functional as F

from helpers.attention import attend, scaled_dot_scores
from helpers.exercises.judge import Report, Verdict, compare, mistake, random_tensor
from helpers.exercises.networks import (
    COUNT,
    Complaint,
    count_right,
    draw_batch,
    judge_network,
    mapped,
    number_words,
    percent,
    read,
    report_network,
    require_steps,
    require_trained,
    write,
)
from helpers.messages import later, say
from helpers.seq2seq import AttentionSeq2Seq
from helpers.tasks import PAD

DIGITS = 5  # of the numbers that the longer exercise's network is to write
CHALLENGE_DIGITS = 7  # of those of the open challenge
CHALLENGE_PERCENT = 95  # that a network has to write right if it is to count
NOT_SHARES = later(
    "The weights of a step should be 0 or more and sum to 1 over the source words: yours sum to "
    "{total:.2f} somewhere. The softmax runs along the last axis."
)
PADDING = later("Padding gets up to {share:.2f} of the attention. Mask its scores with −∞.")
NO_WORD = later(
    "With another token the logits stay the same. The token's embedding goes into the cell, "
    "together with the context."
)
QUERY_AFTER = later(
    "The weights of a step change with the token that is read in it, so the query is the new "
    "state, as in Luong's wiring. In Bahdanau's it is the state before the step."
)
QUERY_STAYS = later(
    "The weights are the same at every step, so the query never changes. It is to be the state "
    "that the step before has left."
)
CONTEXT_OUTSIDE = later(
    "The context never enters the recurrence: with other encoder states, the next step stays the "
    "same. Join the context and the token's embedding as the input of the cell."
)
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
            "is notebook 09's subject).",
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


def check_bahdanau(model) -> Verdict:
    """Check a trained translator whose attention is wired as Bahdanau et al. 2015 did it."""
    return judge_network(model, DIGITS, _ask_bahdanau)


def _ask_bahdanau(model):
    """Return what to say of a trained network in Bahdanau's wiring; complain about any other."""
    batch = draw_batch(model, DIGITS)
    source, target = batch.source, batch.target_in[:, :4]
    require_steps(model, batch, weights=True)
    logits, _, weights = write(model, target, read(model, source), source)
    _require_shares(weights.double(), source != PAD)
    others = [write(model, other, read(model, source), source) for other in _other_ends(target)]
    if not any(_differ(each[0][:, -1], logits[:, -1]) for each in others):
        raise Complaint(say(NO_WORD))
    if any(_differ(each[2], weights, by=1e-4) for each in others):
        raise Complaint(say(QUERY_AFTER))
    if not _differ(weights[:, 1:], weights[:, :1]):
        raise Complaint(say(QUERY_STAYS))
    if not _hears_of_states(model, source, target):
        raise Complaint(say(CONTEXT_OUTSIDE))
    right = require_trained(model, DIGITS)
    return say(
        "It writes {right} of {count} numbers of {digits} digits right, {percent}%. The query is "
        "the state before the step, and the context goes into the next state.",
        right=right,
        count=COUNT,
        digits=DIGITS,
        percent=percent(right),
    )


def _require_shares(weights, words):
    """Complain about weights (B, T, S) that are no shares, or reach beyond the words (B, S)."""
    totals = weights.sum(dim=-1)  # (B, T)
    if weights.min() < 0 or _differ(totals, torch.ones_like(totals), by=1e-3):
        furthest = (totals - 1).abs().argmax()
        raise Complaint(say(NOT_SHARES, total=totals.flatten()[furthest].item()))
    lost = weights.masked_fill(words[:, None], 0).sum(dim=-1).max().item()
    if lost > 1e-4:
        raise Complaint(say(PADDING, share=lost))


def _other_ends(target):
    """Yield the tokens (B, T) with other words in the last place."""
    first, count = 3, len(number_words().target_vocab) - 3  # words begin after PAD, START and END
    for shift in (1, 2, 5):
        other = target.clone()
        other[:, -1] = first + (target[:, -1] + shift) % count
        yield other


def _differ(one, other, by=0.0):
    """Tell whether two tensors differ anywhere by more than `by`, or in being NaN."""
    return not bool(((one - other).abs() <= by).all())


def _hears_of_states(model, source, target):
    """Tell whether a step leaves another state behind where the encoder's states are others.

    They are what has one row of several numbers for each source word in the network's memory. After
    one step the true ones are put back, and a second step tells. Where there are none, as in a
    memory that the network keeps to itself, the answer is yes.
    """

    def holds_states(tensor):
        rows = source.numel()
        wide = source.shape[1] in tensor.shape and tensor.numel() > rows
        return wide and tensor.is_floating_point()

    memory = read(model, source)
    turned = mapped(lambda t: -t if holds_states(t) else t, memory)
    found = []
    mapped(lambda t: found.append(holds_states(t)), memory)
    if not any(found):
        return True
    first, second = target[:, :1], target[:, 1:2]
    _, memory, _ = write(model, first, read(model, source), source)
    _, other, _ = write(model, first, turned, source)
    other = mapped(lambda now, true: true if holds_states(true) else now, other, memory)
    ends = [write(model, second, each, source)[0] for each in (memory, other)]
    return _differ(*ends, by=1e-6)


def report_smallest(model) -> Report:
    """Report how small a translator is, and whether it writes enough numbers to count."""
    return report_network(model, CHALLENGE_DIGITS, _ask_smallest)


def _ask_smallest(model):
    """Return the size of a network and how many numbers it writes right, and if that counts."""
    batch = draw_batch(model, CHALLENGE_DIGITS)
    write(model, batch.target_in[:, :1], read(model, batch.source))
    right = count_right(model, CHALLENGE_DIGITS)
    told = say(
        "It has {size:,} parameters, and writes {right} of {count} numbers of {digits} digits "
        "right, {percent}%.",
        size=_size(model),
        right=right,
        count=COUNT,
        digits=CHALLENGE_DIGITS,
        percent=percent(right),
    )
    if 100 * right < CHALLENGE_PERCENT * COUNT:
        return f"{told} " + say(
            "It does not count yet: {wanted}% are wanted. Train it on, or make it a little larger.",
            wanted=CHALLENGE_PERCENT,
        )
    task = number_words()
    with torch.device("meta"):  # it is counted, not used
        own = AttentionSeq2Seq(len(task.source_vocab), len(task.target_vocab), width=128)
    return f"{told} " + say(
        "It counts: {wanted}% were wanted. The notebook's own network, 128 wide, has {own:,} "
        "parameters.",
        wanted=CHALLENGE_PERCENT,
        own=_size(own),
    )


def _size(model):
    """Return how many parameters a network has."""
    return sum(parameter.numel() for parameter in model.parameters())
