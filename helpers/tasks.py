"""The translation tasks, ready to train on: vocabularies, a split, batches of tensors.

In here: `numbers_task`, `numbers_by_words`, `dates_task`, `draw_pairs`, `equally_long`,
`make_batches`. Not in here: models, training, and how strings are made (`numbers_and_dates.py`).
"""

import datetime
import random
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import torch

from helpers.messages import say
from helpers.numbers_and_dates import GLOSS, MAX_DIGITS, Pair, date_pair, number_pair

PAD, START, END = 0, 1, 2
SPECIAL = ("<pad>", "<start>", "<end>")
FIRST_DAY, N_DAYS = datetime.date(1970, 1, 1), 36_500
# how many training pairs each number of digits gets, relative to the others: there are few short
# numbers, and the longest have no longer ones to learn from
SHARES = {1: 0.2, 2: 0.5, 3: 1.3, 11: 1.5, 12: 2.2}
DIGITS = 8  # of every test number of `numbers_by_words`; they take 5 to 14 words


class Batch(NamedTuple):
    """One batch as tensors of ids: source (B, S); target_in (B, T) starts with START, target_out
    (B, T) is the same one step later and ends with END; PAD fills up the rest."""

    source: torch.Tensor
    target_in: torch.Tensor
    target_out: torch.Tensor

    def to(self, device) -> "Batch":
        """Return this batch on `device`."""
        return Batch(*(tensor.to(device) for tensor in self))


class Vocabulary:
    """Tokens and their ids; the ids 0, 1, 2 are padding, start and end."""

    def __init__(self, tokens: Iterable[str]):
        self.tokens = [*SPECIAL, *sorted(set(tokens))]
        self.ids = {token: i for i, token in enumerate(self.tokens)}

    def __len__(self) -> int:
        return len(self.tokens)

    def encode(self, tokens: Sequence[str]) -> list[int]:
        """Return the ids of `tokens`. Raises ValueError for a token that was never seen."""
        unknown = [token for token in tokens if token not in self.ids]
        if unknown:
            told = say(
                "{token!r} is not in this vocabulary of {count} tokens. "
                "Use tokens such as {known}.",
                token=unknown[0],
                count=len(self),
                known=", ".join(map(repr, self.tokens[3:7])),
            )
            raise ValueError(told)
        return [self.ids[token] for token in tokens]

    def decode(self, ids: Iterable[int]) -> list[str]:
        """Return the tokens of `ids` up to the first END, leaving out START and PAD."""
        tokens = []
        for i in map(int, ids):
            if i == END:
                break
            if i not in (PAD, START):
                tokens.append(self.tokens[i])
        return tokens


class Task(NamedTuple):
    """A translation task: two vocabularies, training pairs, and held-out test pairs by length.

    The length of a number is its number of digits; all dates count as one length, 8 digits.
    """

    source_vocab: Vocabulary
    target_vocab: Vocabulary
    train: list[Pair]
    test: dict[int, list[Pair]]


def numbers_task(
    lengths: Iterable[int] = range(1, MAX_DIGITS + 1),
    n_train: int = 16_000,
    n_test: int = 128,
    seed: int = 0,
) -> Task:
    """Return the task of saying in Korean a number that is written out in English.

    `lengths` are numbers of digits. Each has up to `n_test` test numbers, at most a quarter of all
    there are, which never occur in training; the nine 1-digit numbers have none. Training numbers
    are drawn with repetition, so that short ones recur.
    Raises ValueError for no lengths, one outside 1 to 12, or fewer training pairs than lengths.
    """
    lengths = sorted(set(lengths))
    if not lengths:
        told = say("lengths is empty, but a task needs at least one. Try range(1, 13).")
        raise ValueError(told)
    for digits in (lengths[0], lengths[-1]):
        if not 1 <= digits <= MAX_DIGITS:
            told = say(
                "A number of {digits} digits was asked for, but this task has 1 to {most}. "
                "Choose lengths from range(1, {end}).",
                digits=digits,
                most=MAX_DIGITS,
                end=MAX_DIGITS + 1,
            )
            raise ValueError(told)
    _require_size(n_train, at_least=len(lengths))
    rng = random.Random(f"numbers {seed}")
    shares = [SHARES.get(digits, 1.0) for digits in lengths]
    train, test = [], {}
    for digits, share in zip(lengths, shares, strict=True):
        numbers = range(10 ** (digits - 1), 10**digits)
        held_out = rng.sample(numbers, min(n_test, len(numbers) // 4)) if digits > 1 else []
        if held_out:
            test[digits] = [number_pair(number) for number in held_out]
        kept_back, wanted = set(held_out), max(1, round(n_train * share / sum(shares)))
        drawn = []
        while len(drawn) < wanted:
            number = rng.choice(numbers)
            if number not in kept_back:
                drawn.append(number_pair(number))
        train += drawn
    return _task(train, test)


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
    return _task(train, {n: [*test[n].values()] for n in words})


def number_words_task() -> Task:
    """Return the task of numbers of any length with its two vocabularies alone.

    It holds no pairs: `draw_pairs` draws fresh ones.
    """
    numbers = (*range(1, 20), *range(20, 100, 10), 101, 1_001, 1_001_000, 1_000_000_000)
    task = _task([number_pair(number) for number in numbers], {})
    return task._replace(train=[])


def draw_pairs(
    chance: random.Random, digits: int, count: int, kept_back: Sequence[Pair] = ()
) -> list[Pair]:
    """Draw `count` different numbers of so many digits, none of them kept back, as pairs.

    Raises ValueError for digits outside 1 to 12, or more numbers than there are.
    """
    there_are = 9 * 10 ** (digits - 1) if digits > 0 else 0
    if not 1 <= digits <= MAX_DIGITS or count > there_are - len(set(kept_back)):
        told = say(
            "{count} numbers of {digits} digits were asked for, {kept} kept back. This course has "
            "numbers of 1 to {most} digits: choose another length, or fewer numbers.",
            count=count,
            digits=digits,
            kept=len(set(kept_back)),
            most=MAX_DIGITS,
        )
        raise ValueError(told)
    drawn, kept_back = {}, set(kept_back)
    while len(drawn) < count:
        number = chance.randrange(10 ** (digits - 1), 10**digits)
        pair = number_pair(number)
        if pair not in kept_back:
            drawn[number] = pair
    return list(drawn.values())


def equally_long(pairs: Sequence[Pair]) -> list[Pair]:
    """Return those pairs that have the most source tokens, and of them those with the most target
    tokens, so that distances in them can be compared."""
    most = max((len(pair.source), len(pair.target)) for pair in pairs)
    return [pair for pair in pairs if (len(pair.source), len(pair.target)) == most]


def dates_task(n_train: int = 4_000, n_test: int = 256, seed: int = 0) -> Task:
    """Return the task of translating a full date, of the hundred years from 1970 on.

    Test dates are held out as dates, so that no other spelling of one can occur in training.
    Raises ValueError for no training pairs, or for more pairs than there are days.
    """
    _require_size(n_train, at_least=1)
    if n_train + n_test > N_DAYS:
        told = say(
            "{n_train} training and {n_test} test dates were asked for, but there are {n_days:,} "
            "days to choose from. Ask for fewer.",
            n_train=n_train,
            n_test=n_test,
            n_days=N_DAYS,
        )
        raise ValueError(told)
    days = random.Random(f"dates {seed}").sample(range(N_DAYS), n_train + n_test)
    pairs = [date_pair(FIRST_DAY + datetime.timedelta(days=day)) for day in days]
    return _task(pairs[n_test:], {8: pairs[:n_test]})


def make_batch(task: Task, pairs: Sequence[Pair]) -> Batch:
    """Return `pairs` as one batch of ids, padded on the right.

    Raises ValueError for no pairs, and for a token that is not in the task's vocabularies.
    """
    if not pairs:
        raise ValueError(say("There are no pairs to make a batch of. Pass at least one."))
    sources = [task.source_vocab.encode(pair.source) for pair in pairs]
    targets = [task.target_vocab.encode(pair.target) for pair in pairs]
    starting, ending = [[START, *ids] for ids in targets], [[*ids, END] for ids in targets]
    return Batch(_pad(sources), _pad(starting), _pad(ending))


def spell_out(task: Task, batch: Batch) -> str:
    """Return a batch as text: each row's ids and the tokens they stand for, Korean with glosses."""
    vocabularies = task.source_vocab, task.target_vocab, task.target_vocab
    lines = []
    for name, ids, vocabulary in zip(batch._fields, batch, vocabularies, strict=True):
        lines.append(name)
        for row in ids.tolist():
            tokens = [vocabulary.tokens[i] for i in row]
            glossed = [f"{token} {GLOSS.get(token, '')}".strip() for token in tokens]
            lines.append(f"  {row}  {', '.join(glossed)}")
    return "\n".join(lines)


def make_batches(task: Task, pairs: Sequence[Pair], size: int = 64, seed: int = 0) -> list[Batch]:
    """Return all `pairs` in batches of `size`, made into tensors once, like lengths together.

    Raises ValueError for no pairs, or a size below 1.
    """
    if size < 1:
        told = say("size is {size}, but a batch holds at least 1 pair. Try 64.", size=size)
        raise ValueError(told)
    pairs = list(pairs)
    random.Random(f"batches {seed}").shuffle(pairs)  # a new order within each length
    pairs.sort(key=lambda pair: (len(pair.source), len(pair.target)))
    starts = range(0, max(len(pairs), 1), size)
    return [make_batch(task, pairs[start : start + size]) for start in starts]


def _draw(rng, digits, zeros):
    """Return a number of so many digits, each after the first a 0 with chance `zeros` or more."""
    rest = [0 if rng.random() < zeros else rng.randrange(10) for _ in range(digits - 1)]
    return int("".join(map(str, [rng.randrange(1, 10), *rest])))


def _pad(rows):
    """Return lists of ids as one tensor, filled up with PAD on the right."""
    longest = max(map(len, rows))
    return torch.tensor([row + [PAD] * (longest - len(row)) for row in rows])


def _task(train, test):
    """Return a task whose vocabularies hold every token of its pairs."""
    pairs = [*train, *(pair for pairs in test.values() for pair in pairs)]
    source_vocab = Vocabulary(token for pair in pairs for token in pair.source)
    target_vocab = Vocabulary(token for pair in pairs for token in pair.target)
    return Task(source_vocab, target_vocab, train, test)


def _require_size(n_train, at_least):
    """Raise ValueError for a task with too few training pairs."""
    if n_train < at_least:
        told = say(
            "n_train is {n_train}, but this task needs at least {at_least} training pairs. "
            "Leave it out for the usual number.",
            n_train=n_train,
            at_least=at_least,
        )
        raise ValueError(told)
