"""Translators against each other: numbers whose length is counted in words, and who is there first.

Shapes use the course's axis letters: B batch, T target and S source positions, V vocabulary.
In here: the task of notebook 10, judging whole sentences, the watch on a training run. Not in here:
models, the training loop, figures.
"""

import copy
import random
import time
import warnings

import torch

from helpers.language import say
from helpers.limits import longest_chain
from helpers.pairs import number_pair
from helpers.tasks import PAD, Task, Vocabulary

DIGITS = 8  # of every test number; they take 5 to 14 words


def numbers_by_words(longest=10, n_train=12_000, n_test=64, seed=0) -> Task:
    """Return the task of numbers in which the length of a test sentence is its number of words.

    All test numbers have 8 digits, and `n_test` of them take each number of words from 5 to 14.
    Training numbers have 1 to 8 digits, many are round, and none takes more than `longest` words
    or stands in the test. Raises ValueError for a longest sentence outside 5 to 14.
    """
    words = range(5, 15)
    if longest not in words:
        told = say(
            "longest is {longest}, but numbers of {digits} digits take {fewest} to {most} words. "
            "Choose one of these, such as 10.",
            longest=longest,
            digits=DIGITS,
            fewest=words[0],
            most=words[-1],
        )
        raise ValueError(told)
    rng = random.Random(f"numbers by words {seed}")
    test = {n: {} for n in words}
    while any(len(found) < n_test for found in test.values()):
        number = _draw(rng, DIGITS, zeros=rng.choice((0, 0.25, 0.5, 0.6)))
        pair = number_pair(number)
        found = test.get(len(pair.source), {})
        if len(found) < n_test:
            found[number] = pair
    held_out = {number for found in test.values() for number in found}
    train = []
    while len(train) < n_train:
        digits = rng.choice((1, 2, *(3, 4, 5) * 2, *(6, 7) * 3, *(DIGITS,) * 4))
        number = _draw(rng, digits, zeros=rng.choice((0, 0.5)))
        pair = number_pair(number)
        if len(pair.source) <= longest and number not in held_out:
            train.append(pair)
    pairs = [*train, *(pair for found in test.values() for pair in found.values())]
    source_vocab = Vocabulary(token for pair in pairs for token in pair.source)
    target_vocab = Vocabulary(token for pair in pairs for token in pair.target)
    return Task(source_vocab, target_vocab, train, {n: [*test[n].values()] for n in words})


def _draw(rng, digits, zeros):
    """Return a number of so many digits, each after the first a 0 with chance `zeros` or more."""
    rest = [0 if rng.random() < zeros else rng.randrange(10) for _ in range(digits - 1)]
    return int("".join(map(str, [rng.randrange(1, 10), *rest])))


@torch.no_grad()
def whole_right(model, batch):
    """Return the share of sentences of which a model, fed the right tokens, gets every next one.

    That equals its exact match when it writes by itself: up to a first mistake, the tokens that it
    would have written are the right ones. Shapes: -> a number. Taught in notebook 10.
    """
    guesses = model(batch.source, batch.target_in).argmax(dim=-1)  # (B, T)
    right = (guesses == batch.target_out) | (batch.target_out == PAD)  # (B, T)
    return right.all(dim=-1).float().mean().item()


class Watch:
    """A loss that notes, every so many steps, how many sentences of a jury are right.

    `right` and `seconds` are dicts by step: the share of whole sentences right, and the seconds up
    to there that the processor worked for this thread, without those that the jury took.
    """

    def __init__(self, loss, jury, every=25):
        self.loss, self.jury, self.every = loss, jury, every
        self.right, self.seconds = {}, {}
        self.step, self.start, self.jury_took = 0, None, 0.0

    def __call__(self, model, batch):
        if self.step % self.every == 0:
            now = time.thread_time()
            self.start = now if self.start is None else self.start
            self.seconds[self.step] = now - self.start - self.jury_took
            self.right[self.step] = whole_right(model, self.jury)
            self.jury_took += time.thread_time() - now
        self.step += 1
        return self.loss(model, batch)

    def first(self, goal=0.95):
        """Return the first noted step with at least `goal` right, or infinity if there is none."""
        return next((step for step, right in self.right.items() if right >= goal), float("inf"))


def sequential_steps(model, loss, batch):
    """Return how many operations wait for one another in one training step's forward pass.

    Recurrent layers are counted step by step, as on paper: not as the one operation into which a
    processor's library may bundle them. Shapes: batch of any size.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some builds of torch warn about a card that is not there
        with torch.backends.mkldnn.flags(enabled=False):
            return longest_chain(loss(copy.deepcopy(model).cpu(), batch.to("cpu")))
