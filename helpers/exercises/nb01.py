"""Checkers for the exercises of notebook 01, the bottleneck. Used by that notebook only."""

from itertools import islice, takewhile

import torch
from torch.nn import functional as F

from helpers.exercises.judge import Verdict, compare, mistake, random_tensor
from helpers.messages import say
from helpers.tasks import PAD, START


def check_share_exact(share_exact) -> Verdict:
    """Check `share_exact(written, wanted)`, two lists of words."""
    written = ["사백", "칠백육", "칠만육", "이십", "삼천일", "팔", "오십", "육", "구"]
    wanted = ["사백", "칠백구", "칠만육", "이", "삼천", "팔천", "십오", "구", "육"]
    written, wanted = list(map(list, written)), list(map(list, wanted))
    cases = [(written, wanted), (written[:1], wanted[:1]), (written[1:2], wanted[1:2])]

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
        mistake(
            "The right tokens in the wrong order passed, and 오십 (50) is not 십오 (15). Compare "
            "the lists as they are.",
            lambda w, g: oracle(map(sorted, w), list(map(sorted, g))),
        ),
        mistake(
            "You looked for each translation anywhere among the wanted ones. Compare it with the "
            "one at its own place: `zip`.",
            lambda w, g: sum(a in g for a in w) / len(g),
        ),
    ]
    right = say(
        "One wrong token, and the number does not count. This is what every curve here shows."
    )
    return compare(share_exact, oracle, cases, mistakes, right)


def check_loss(loss) -> Verdict:
    """Check `loss(logits, target)`, (B, T, V), (B, T) -> a scalar."""
    target = torch.tensor([[4, 3, 2, PAD, PAD], [START, 5, 3, 4, 2]])
    other = torch.tensor([[2, PAD, PAD, PAD], [3, 6, 4, 2], [4, START, 2, PAD]])
    cases = [(random_tensor(2, 5, 6), target), (random_tensor(3, 4, 7, seed=1), other)]

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

    return compare(loss, oracle, cases, mistakes, right)


class _Step:
    """A made-up network of 4 tokens for greedy decoding, which ends a loop that does not end."""

    __name__ = "step"
    rows = torch.tensor(
        [[0, 1, 9, 2], [3, 0, 1, 8], [9, 2, 0, 4], [1, 7, 5, 0], [2, 9, 3, 6]]
    ).float()

    def __init__(self):
        self.calls = 0

    def __call__(self, token, state):
        self.calls += 1
        if self.calls > 50:
            raise RuntimeError(say("step was called 50 times."))
        return self.rows[int(token + state) % len(self.rows)].clone(), state + 1


def check_write(write) -> Verdict:
    """Check `write(step, state, start, end, max_steps)` -> tokens."""
    cases = [(_Step(), 0, 3, 2, 8), (_Step(), 1, 1, 3, 8), (_Step(), 4, 0, 2, 3)]

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
            lambda *a: oracle(*a[:4], 1),
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
            lambda *a: oracle(*a[:4], a[4] - 1),
        ),
        mistake(
            "The tokens are right, but each is a tensor. Make whole numbers of them: "
            "`int(scores.argmax())`.",
            lambda *a: list(map(torch.tensor, oracle(*a))),
        ),
    ]
    right = say("That is greedy decoding: the model now reads its own words, mistakes and all.")
    return compare(write, oracle, cases, mistakes, right)
