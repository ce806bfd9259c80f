"""Checkers for the exercises of notebook 01, the bottleneck. Used by that notebook only."""

import random
from itertools import islice, takewhile

import torch
from torch import nn
from torch.nn import functional as F

from helpers.exercises.judge import Verdict, compare, mistake, random_tensor
from helpers.exercises.networks import (
    COUNT,
    Complaint,
    draw_batch,
    handed_over,
    judge_network,
    noting,
    parts_of,
    percent,
    read,
    require_steps,
    require_trained,
    write,
)
from helpers.messages import later, say
from helpers.seq2seq import Seq2Seq
from helpers.tasks import PAD, START

DIGITS = 5  # of the numbers that the longer exercise's network is to write
BOTH_LSTM = later(
    "Its RNNs are still LSTMs. Put an `nn.GRU` in the place of each: one that reads, one that "
    "writes."
)
NO_GRU = later("There is no `nn.GRU` in it, nor an `nn.GRUCell`. Both RNNs are to be GRUs.")
READER_LSTM = later("The decoder is a GRU now, and the encoder is still an LSTM. Replace it too.")
WRITER_LSTM = later("The encoder is a GRU now, and the decoder is still an LSTM. Replace it too.")
UNUSED_LSTM = later(
    "An LSTM, `{name}`, is still among its parts, and nothing runs through it. Take it out, as in "
    "`del gru_model.{name}`: nothing has to be trained again."
)
NO_GRU_READS = later("No GRU runs in `encode`. Both RNNs are to be GRUs, also the one that reads.")
NO_GRU_WRITES = later(
    "No GRU runs in `decode`. Both RNNs are to be GRUs, also the one that writes."
)
STILL_A_PAIR = later(
    "A GRU's last state is one tensor, and `read` takes it for a pair, h and c. Rewrite `read`: "
    "join `last[0]` and `last[1]`."
)
ALL_STATES = later(
    "`encode` hands over the more numbers, the longer the source is. Here the decoder is to get "
    "the last state alone."
)
IN_ANY_ORDER = later(
    "The right tokens in the wrong order passed, and 오십 (50) is not 십오 (15). Compare the lists "
    "as they are."
)


def check_share_exact(share_exact) -> Verdict:
    """Check `share_exact(written, wanted)`, two lists of words."""
    sizes = (6, 1, 9)

    def parted(*translations):
        return [translation.split() for translation in translations]

    def draw(seed):
        chance = random.Random(seed)
        words = ["오", "십", "오십", "만", "육", "백"]
        wanted = [chance.choices(words, k=chance.randint(1, 4)) for _ in range(sizes[seed % 3])]
        wanted = [*wanted[2:], *wanted[2:4], *wanted[:2]][: len(wanted)]  # some come twice
        # what becomes of a translation; at every fifth seed, mostly nothing
        slips = [list] * (99 if seed % 5 == 4 else 4) + [
            lambda tokens: tokens[:-1],
            lambda tokens: [*tokens, tokens[-1]],
            lambda tokens: ["육", *tokens[1:]],
            lambda tokens: tokens[::-1],
            lambda tokens: ["".join(tokens)],
            lambda tokens: list(chance.choice(wanted)),
        ]
        return [chance.choice(slips)(tokens) for tokens in wanted], list(map(list, wanted))

    # first all is right: later, an answer of 0 would look like that of a known mistake
    all_right = parted("사 백", "칠 백 육", "육", "이 십 이", "오 십", "사 백")
    wanted = parted("사 백", "칠 백 육", "육", "이 십 이", "오 십", "만 육")
    written = parted("사 백", "칠 백", "육 육", "이 이 십", "오십", "육")
    more = parted("오 백 오", "구", "십", "만 백", "육 육 육", "이 만", "오 십", "만 일", "일 십")
    wrong = parted("백 오 오", "십", "구", "만 백", "육 육", "이 만 만", "십 오", "만 일", "구")
    cases = [(list(map(list, all_right)), all_right), (written, wanted), (wrong, more)]

    def oracle(written, wanted):
        return sum(a == b for a, b in zip(written, wanted, strict=True)) / len(wanted)

    def by_token(written, wanted):
        pairs = [(a, b) for w, g in zip(written, wanted, strict=True) for a, b in zip(w, g)]  # noqa: B905
        return sum(a == b for a, b in pairs) / len(pairs)

    def as_far_as_it_goes(written, wanted):
        right = [all(a == b for a, b in zip(w, g)) for w, g in zip(written, wanted, strict=True)]  # noqa: B905
        return sum(right) / len(right)

    mistakes = [
        mistake(
            "That is the share of right tokens. Here one wrong token spoils the whole number: "
            "compare whole lists.",
            by_token,
        ),
        mistake(
            "An answer that is too long or too short passed: `zip` stops at the shorter list. "
            "Compare the lists themselves.",
            as_far_as_it_goes,
        ),
        mistake(
            "That is the share of wrong answers. Count the right ones.",
            lambda w, g: 1 - oracle(w, g),
        ),
        mistake(
            "That is how many are right. Divide by how many there are, to get a share.",
            lambda w, g: sum(a == b for a, b in zip(w, g, strict=True)),
        ),
        mistake(
            "That is a percentage. A share lies between 0 and 1.",
            lambda w, g: 100 * oracle(w, g),
        ),
        mistake(
            "One wrong translation makes your share 0. Compare them one by one, with `zip`, and "
            "divide with `/`, not `//`.",
            lambda w, g: float(w == g),
        ),
        mistake(IN_ANY_ORDER, lambda w, g: oracle(map(sorted, w), list(map(sorted, g)))),
        mistake(IN_ANY_ORDER, lambda w, g: oracle(map(set, w), list(map(set, g)))),
        mistake(
            "You looked for each translation anywhere among the wanted ones. Compare it with the "
            "one at its own place: `zip`.",
            lambda w, g: sum(a in g for a in w) / len(g),
        ),
    ]
    right = say(
        "One wrong token, and the number does not count. This is what every curve here shows."
    )
    return compare(share_exact, oracle, cases, mistakes, right, draw=draw)


def check_loss(loss) -> Verdict:
    """Check `loss(logits, target)`, (B, T, V), (B, T) -> a scalar."""
    sizes = [(2, 5, 6), (3, 4, 7), (1, 3, 5), (4, 2, 3)]  # of B, T, V
    target = torch.tensor([[4, 3, 2, PAD, PAD], [START, 5, 3, 4, 2]])
    other = torch.tensor([[2, PAD, PAD, PAD], [3, 6, 4, 2], [4, START, 2, PAD]])
    cases = [(random_tensor(2, 5, 6), target), (random_tensor(3, 4, 7, seed=1), other)]

    def draw(seed):
        numbers = torch.Generator().manual_seed(seed)
        b, t, v = sizes[0] if seed % 3 == 1 else sizes[seed % 4]
        lengths = torch.randint(1, t + 1, (b, 1), generator=numbers)
        target = torch.randint(1, v, (b, t), generator=numbers)
        target = target.masked_fill(torch.arange(t) >= lengths, PAD)
        logits = random_tensor(b, t, v, seed=seed) * (1, 1, 1, 4)[seed % 4]
        logits = logits + (0, 0, 30, -70, 0)[seed % 5]
        return logits.requires_grad_(seed == 19), target  # the last as in training

    def each(logits, target):
        return F.cross_entropy(logits.mT, target, reduction="none")

    def of_all(logits, target):
        return (each(logits, target) * (target != PAD)).sum()

    def by_sentence(logits, target):
        real = target != PAD
        return ((each(logits, target) * real).sum(-1) / real.sum(-1)).mean()

    mistakes = [
        mistake(
            "Padding counts in your loss: the model is being taught to write nothing after the "
            "end. Leave out the positions where the target is PAD.",
            lambda logits, target: each(logits, target).mean(),
        ),
        mistake(
            "Padding adds nothing to your sum, but you still divide by its positions too. Divide "
            "by the number of real tokens.",
            lambda logits, target: (each(logits, target) * (target != PAD)).mean(),
        ),
        mistake(
            "That is the sum. It grows with the length of the batch: take the mean over the real "
            "tokens.",
            of_all,
        ),
        mistake(
            "You divided by the number of sentences. Divide by the number of real tokens.",
            lambda logits, target: of_all(logits, target) / len(target),
        ),
        mistake(
            "That is the mean over sentences of their means: a token of a short sentence counts "
            "more. Take one mean over all real tokens.",
            by_sentence,
        ),
        mistake(
            "That is the loss of the padding alone. Keep the places where the target is not PAD: "
            "`!=`.",
            lambda logits, target: each(logits, target)[target == PAD].mean(),
        ),
        mistake(
            "These are the losses of the real tokens, one by one. Take their mean.",
            lambda logits, target: each(logits, target)[target != PAD],
        ),
        mistake(
            "Logits of 0 are not nothing: all tokens are then equally likely, and padding still "
            "counts. Leave it out of the mean.",
            lambda logits, target: each(logits * (target != PAD)[..., None], target).mean(),
        ),
        mistake(
            "You left out START and kept PAD. Compare the target with PAD.",
            lambda logits, target: each(logits, target)[target != START].mean(),
        ),
        mistake(
            "Softmax was taken twice: `cross_entropy` takes logits, before the softmax.",
            lambda logits, target: each(logits.softmax(-1), target)[target != PAD].mean(),
        ),
        mistake(
            "The axes were reshaped where they should have changed places: the values are "
            "scrambled. `logits.mT` swaps the last two axes.",
            lambda logits, target: F.cross_entropy(
                logits.reshape(logits.mT.shape), target, ignore_index=PAD
            ),
        ),
        mistake(
            "`cross_entropy` wants the vocabulary on the second axis, (B, V, T): `logits.mT`.",
            lambda logits, target: F.cross_entropy(logits, target, ignore_index=PAD),
        ),
    ]
    right = say("Padding teaches the model nothing now.")

    def oracle(logits, target):
        return each(logits, target)[target != PAD].mean()

    return compare(loss, oracle, cases, mistakes, right, draw=draw, without=["ignore_index"])


class _Step:
    """A made-up network for greedy decoding, which ends a loop that does not end."""

    __name__ = "step"

    def __init__(self, seed, tokens=5):
        self.calls, states = 0, 7
        self.scores = random_tensor(states, tokens, tokens, seed=seed) + (0, 0, -70, 30)[seed % 4]

    def __call__(self, token, state):
        self.calls += 1
        if self.calls > 50:
            raise RuntimeError(say("step was called 50 times."))
        states, tokens, _ = self.scores.shape
        token = int(token) % tokens
        return self.scores[state, token].clone(), (3 * state + token + 1) % states


def check_write(write) -> Verdict:
    """Check `write(step, state, start, end, max_steps)` -> tokens."""
    first = 0, 3, 2, 8  # state, start, end, max_steps
    cases = [(_Step(1), *first), (_Step(38), 1, 1, 3, 8), (_Step(4), 4, 0, 2, 3)]

    def draw(seed):
        if seed % 3 == 0:
            return _Step(seed + 23), *first
        tokens, (start, end) = 4 + seed % 4, random.Random(seed).sample(range(4), 2)
        return _Step(seed + 23, tokens), seed % 7, start, end, (1, 6, 12, 0, 9)[seed % 5]

    def endless(step, state, token, feed=True, carry=True, pick=torch.argmax):
        while True:
            scores, new = step(token, state)
            best = int(pick(scores))
            yield best
            token, state = best if feed else token, new if carry else state

    def oracle(step, state, start, end, max_steps, **wrong):
        tokens = islice(endless(step, state, start, **wrong), max_steps)
        return list(takewhile(lambda token: token != end, tokens))

    def no_stop(step, state, start, end, max_steps):
        return list(islice(endless(step, state, start), max_steps))

    def with_end(step, state, start, end, max_steps):
        tokens = no_stop(step, state, start, end, max_steps)
        return tokens[: tokens.index(end) + 1] if end in tokens else tokens

    mistakes = [
        mistake(
            "Every step was given the start token. Give the next step the token that was just "
            "written.",
            lambda *a: oracle(*a, feed=False),
        ),
        mistake(
            "Every step started from the same state. Keep the state that `step` returns, and pass "
            "it on.",
            lambda *a: oracle(*a, carry=False),
        ),
        mistake("You wrote on after the end token. Stop as soon as it comes.", no_stop),
        mistake(
            "You left the end token out, and wrote on after it. Stop as soon as it comes: `break`.",
            lambda *a: [token for token in no_stop(*a) if token != a[3]],
        ),
        mistake(
            "The end token itself is in your answer. It is a signal, not a word: leave it out.",
            with_end,
        ),
        mistake(
            "You took the smallest score. Greedy takes the largest: `argmax`.",
            lambda *a: oracle(*a, pick=torch.argmin),
        ),
        mistake(
            "You wrote the largest score itself. A token is its position: `argmax`.",
            lambda *a: oracle(*a, pick=torch.max),
        ),
        mistake(
            "The start token is in your answer. Nobody wrote it: begin with an empty list.",
            lambda *a: [a[2], *oracle(*a)],
        ),
        mistake(
            "You returned after the first token. See that `return` stands after the loop, not in "
            "it.",
            lambda *a: oracle(*a)[:1],
        ),
        mistake(
            "Your loop goes on until the end token, and it may never come. Stop after `max_steps` "
            "too.",
            lambda step, state, start, end, max_steps: oracle(step, state, start, end, 10**9),
        ),
        mistake(
            "One token too many: count the tokens that are written, at most `max_steps`.",
            lambda *a: oracle(*a[:4], a[4] + 1),
        ),
        mistake(
            "One token too few: `max_steps` tokens may be written, and the start is not one.",
            lambda *a: oracle(*a[:4], max(0, a[4] - 1)),
        ),
        mistake(
            "The tokens are right, but each is a tensor. Make whole numbers of them: "
            "`int(scores.argmax())`.",
            lambda *a: list(map(torch.tensor, oracle(*a))),
        ),
    ]
    right = say("That is greedy decoding: the model now reads its own words, mistakes and all.")
    return compare(write, oracle, cases, mistakes, right, draw=draw)


def check_gru(model) -> Verdict:
    """Check a trained Seq2Seq whose two LSTMs have been replaced by GRUs."""
    return judge_network(model, DIGITS, _ask_gru)


def _ask_gru(model):
    """Return what to say of a trained network of two GRUs; complain about any other."""
    batch = draw_batch(model, DIGITS)
    _require_grus(model, batch)
    require_steps(model, batch)
    memory = read(model, batch.source)
    longer = read(model, F.pad(batch.source, (0, 1), value=PAD))
    handed = handed_over(memory, len(batch.source))
    if handed_over(longer, len(batch.source)) > handed:
        raise Complaint(say(ALL_STATES))
    right = require_trained(model, DIGITS)
    return say(
        "It writes {right} of {count} numbers of {digits} digits right, {percent}%. Its encoder "
        "hands over {handed} numbers, half as many as an LSTM of that width, which has c beside h.",
        right=right,
        count=COUNT,
        digits=DIGITS,
        percent=percent(right),
        handed=handed,
    )


def _require_grus(model, batch):
    """Complain where not both RNNs are GRUs, and where they do not run."""
    lstms, grus = parts_of(model, nn.LSTM, nn.LSTMCell), parts_of(model, nn.GRU, nn.GRUCell)
    others = parts_of(model, nn.RNN, nn.RNNCell)
    if not grus:
        raise Complaint(say(BOTH_LSTM) if lstms else say(NO_GRU))
    with noting(model) as reading:
        memory, error = _tried(read, model, batch.source)
    with noting(model) as writing:
        if not error:
            _, error = _tried(write, model, batch.target_in[:, :1], memory)
    if lstms & reading:
        raise Complaint(say(READER_LSTM))
    if lstms & writing:
        raise Complaint(say(WRITER_LSTM))
    if error:
        lost = _lost_sentences(memory, len(batch.source))
        inherited = getattr(type(model), "read", None) is Seq2Seq.read
        raise Complaint(f"{error} {say(STILL_A_PAIR)}" if lost or inherited else str(error))
    if lstms:
        raise Complaint(say(UNUSED_LSTM, name=min(lstms)))
    # weights of a GRU may also be used without calling it
    for running, message in ((reading, NO_GRU_READS), (writing, NO_GRU_WRITES)):
        if not grus & running and (others & running or len(grus) == 1):
            raise Complaint(say(message))


def _lost_sentences(memory, sentences):
    """Tell whether a memory is a pair of tensors without a row for each sentence.

    That is what becomes of a GRU's one state where it is taken apart as an LSTM's two.
    """
    pair = isinstance(memory, tuple) and len(memory) == 2
    return pair and all(
        isinstance(each, torch.Tensor) and sentences not in each.shape for each in memory
    )


def _tried(run, *arguments):
    """Return what `run` returns and its Complaint; one of the two is None."""
    try:
        return run(*arguments), None
    except Complaint as complaint:
        return None, complaint
