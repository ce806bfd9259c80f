"""Vocabularies, splits and batches."""

import pytest
import torch

from helpers.pairs import number_pair
from helpers.tasks import (
    END,
    PAD,
    START,
    Vocabulary,
    dates_task,
    make_batch,
    make_batches,
    numbers_task,
)


@pytest.fixture(scope="module")
def numbers():
    return numbers_task(n_train=1500)


def test_a_vocabulary_goes_there_and_back():
    vocab = Vocabulary(["b", "a", "b"])
    assert len(vocab) == 5 and vocab.encode(["a", "b"]) == [3, 4]
    assert vocab.decode([START, 3, 4, PAD, END, 3]) == ["a", "b"]


def test_an_unknown_token_is_named():
    with pytest.raises(ValueError, match="(?s)'trillion' is not in this vocabulary.*Use tokens"):
        Vocabulary(["one", "two"]).encode(["one", "trillion"])


def test_the_vocabularies_are_those_of_the_course():
    task = numbers_task()
    assert (len(task.source_vocab) - 3, len(task.target_vocab) - 3) == (32, 14)


def test_no_test_pair_is_in_training(numbers):
    train = {pair.source for pair in numbers.train}
    held_out = [pair for pairs in numbers.test.values() for pair in pairs]
    assert sorted(numbers.test) == list(range(2, 13))
    assert not any(pair.source in train for pair in held_out)
    assert len({pair.source for pair in held_out}) == len(held_out)
    dates = dates_task(n_train=500, n_test=100)
    assert not {p.source for p in dates.train} & {p.source for p in dates.test[8]}


def test_the_same_seed_gives_the_same_task_and_another_another():
    first, again, other = (numbers_task(n_train=100, seed=seed) for seed in (1, 1, 2))
    assert first.train == again.train and first.test == again.test
    assert first.train != other.train


def test_test_numbers_have_as_many_digits_as_they_say(numbers):
    for digits, pairs in numbers.test.items():
        wanted = {number_pair(n).source for n in (10 ** (digits - 1), 10**digits - 1)}
        shortest, longest = sorted(map(len, wanted))
        assert all(len(pair.source) <= longest for pair in pairs)
        assert len(pairs) <= 9 * 10 ** (digits - 1) // 4 and shortest >= 1


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: numbers_task(lengths=[]), "lengths is empty.*range"),
        (lambda: numbers_task(lengths=[0, 3]), "0 digits was asked for.*1 to 12"),
        (lambda: numbers_task(lengths=[13]), "13 digits was asked for.*1 to 12"),
        (lambda: numbers_task(n_train=3), "n_train is 3.*at least 12"),
        (lambda: dates_task(n_train=0), "n_train is 0.*at least 1"),
        (lambda: dates_task(n_train=40_000), "40000 training and 256.*36,500"),
        (lambda: make_batch(numbers_task([2], 50), []), "no pairs.*at least one"),
        (lambda: make_batches(numbers_task([2], 50), []), "no pairs.*at least one"),
        (lambda: make_batches(numbers_task([2], 50), [number_pair(11)], size=0), "size is 0"),
    ],
)
def test_bad_requests_are_explained(make, said):
    with pytest.raises(ValueError, match="(?s)" + said):
        make()


def test_a_batch_is_padded_on_the_right_and_shifted_by_one(numbers):
    pairs = [number_pair(7), number_pair(123_456)]
    batch = make_batch(numbers, pairs)
    assert batch.source.shape == (2, 11) and batch.target_in.shape == batch.target_out.shape
    assert batch.source[0].tolist() == numbers.source_vocab.encode(["seven"]) + [PAD] * 10
    assert (batch.target_in[:, 0] == START).all()
    for row_in, row_out, pair in zip(batch.target_in, batch.target_out, pairs, strict=True):
        n = len(pair.target)
        assert torch.equal(row_in[1 : n + 1], row_out[:n]) and row_out[n] == END
        assert (row_out[n + 1 :] == PAD).all()
        assert tuple(numbers.target_vocab.decode(row_out)) == pair.target


def test_batches_hold_every_pair_once_and_like_lengths_together(numbers):
    batches = make_batches(numbers, numbers.train, size=32)
    rows = [tuple(row[row != PAD].tolist()) for batch in batches for row in batch.source]
    wanted = [tuple(numbers.source_vocab.encode(pair.source)) for pair in numbers.train]
    assert sorted(rows) == sorted(wanted)
    waste = [(batch.source == PAD).float().mean().item() for batch in batches]
    assert sum(waste) / len(waste) < 0.05
