"""Vocabularies, splits and batches."""

import datetime
import random
from collections import Counter

import pytest
import torch

from helpers import tasks
from helpers.numbers_and_dates import date_pair, number_pair, read_korean
from helpers.tasks import (
    END,
    FIRST_DAY,
    N_DAYS,
    PAD,
    SHARES,
    START,
    Vocabulary,
    _draw,
    dates_task,
    draw_pairs,
    make_batch,
    make_batches,
    number_words_task,
    numbers_by_words,
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
    told = (
        "'trillion' is not in this vocabulary of 8 tokens. Use tokens such as 'a', 'b', 'c', 'd'."
    )
    with pytest.raises(ValueError) as caught:
        Vocabulary("abcde").encode(["a", "trillion"])
    assert str(caught.value) == told


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


def pairs_of(make):
    """Return a maker of the training and test pairs of a small task."""
    return lambda **asked: make(n_train=90, n_test=10, **asked)[2:]


def batches(**asked):
    task = dates_task(n_train=200)
    return [batch.source.tolist() for batch in make_batches(task, task.train, **asked)]


@pytest.mark.parametrize("make", [pairs_of(numbers_task), pairs_of(dates_task), batches])
def test_the_same_seed_gives_the_same_and_another_another(make):
    assert make(seed=1) == make(seed=1) != make(seed=2)
    assert make() == make(seed=0)


@pytest.mark.slow
def test_a_task_is_as_large_as_asked_for_and_as_the_course_says():
    numbers = numbers_task()
    assert len(numbers.train) == pytest.approx(16_000, abs=6)  # shares of 12 lengths are rounded
    assert {len(pairs) for digits, pairs in numbers.test.items() if digits > 2} == {128}
    dates = dates_task()
    assert (len(dates.train), list(map(len, dates.test.values()))) == (4_000, [256])
    assert list(map(len, batches())) == [64, 64, 64, 8]


def test_every_number_has_its_digits_and_its_share():
    """Of three lengths, each gets what SHARES says; all two-digit numbers are drawn or held out."""
    task = numbers_task([2, 4, 12], n_train=3_700)
    total = SHARES[2] + 1 + SHARES[12]
    known = {number_pair(n).source: 2 for n in range(10, 100)}
    known |= {number_pair(n).source: 4 for n in range(1_000, 10_000)}
    counts = Counter(known.get(pair.source, 12) for pair in task.train)
    assert counts == {2: 3_700 * 0.5 / total, 4: 3_700 / total, 12: 3_700 * 2.2 / total}
    two = {pair.source for pair in [*task.train, *task.test[2]]} & set(list(known)[:90])
    assert len(two) == 90 and len(task.test[2]) == 22  # a quarter
    assert all("billion" in pair.source for pair in task.test[12])
    least = numbers_task(n_train=12)  # as many as there are lengths
    assert len(least.train) == 13 and len({len(pair.target) for pair in least.train}) > 4


def test_every_day_can_be_asked_for(monkeypatch):
    assert (FIRST_DAY + datetime.timedelta(days=N_DAYS - 1)).year == 2069  # a hundred years
    monkeypatch.setattr(tasks, "N_DAYS", 400)
    with pytest.raises(ValueError, match="145 training and 256 test dates"):
        dates_task(n_train=145)
    task = dates_task(n_train=144)
    made = {pair.target for pair in [*task.train, *task.test[8]]}
    assert made == {date_pair(FIRST_DAY + datetime.timedelta(days=i)).target for i in range(400)}
    assert len(dates_task(n_train=1).train) == 1


def test_a_batch_may_hold_one_pair(numbers):
    for count in (1, 2):
        made = make_batches(numbers, numbers.train[:count], size=1)
        assert [len(batch.source) for batch in made] == [1] * count


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
        (lambda: numbers_task(lengths=[0, 3]), "0 digits was asked for.*1 to 12.*range.1, 13"),
        (lambda: numbers_task(lengths=[13]), "13 digits was asked for.*1 to 12.*range.1, 13"),
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


@pytest.fixture(scope="module")
def by_words():
    return numbers_by_words(n_train=300, n_test=6)


def test_numbers_by_words_have_lengths_in_words_and_all_test_numbers_have_eight_digits(by_words):
    assert list(by_words.test) == list(range(5, 15))
    for n, pairs in by_words.test.items():
        assert len(pairs) == 6 and {len(pair.source) for pair in pairs} == {n}
        assert all(10**7 <= read_korean(pair.target) < 10**8 for pair in pairs)


def test_numbers_by_words_train_on_short_ones_holds_every_word_and_no_test_number(by_words):
    held_out = {pair.source for pairs in by_words.test.values() for pair in pairs}
    assert len(by_words.train) == 300 and max(len(pair.source) for pair in by_words.train) == 10
    assert not held_out & {pair.source for pair in by_words.train}
    full = numbers_by_words(n_train=3_000, n_test=1)
    words = {word for pair in full.train for word in pair.source}
    assert words == set(full.source_vocab.tokens[3:])
    assert {len(str(read_korean(pair.target))) for pair in full.train} == set(range(1, 9))


def test_numbers_by_words_repeat_with_the_seed(by_words):
    train = [
        [pair.source for pair in numbers_by_words(n_train=300, n_test=6, seed=n).train]
        for n in (0, 1)
    ]
    assert train[0] == [pair.source for pair in by_words.train] != train[1]


@pytest.mark.parametrize("longest", [4, 15])
def test_a_longest_sentence_that_cannot_be_is_refused(longest):
    told = f"longest is {longest}, but numbers of 8 digits take 5 to 14 words.*such as 10"
    with pytest.raises(ValueError, match=told):
        numbers_by_words(longest)


def test_numbers_by_words_are_as_many_as_the_course_says():
    task = numbers_by_words()
    assert len(task.train) == 12_000 and {len(pairs) for pairs in task.test.values()} == {64}
    assert len(task.target_vocab) == 16  # nine digits, four units, three marks


def test_training_has_more_long_numbers_than_short_and_many_round_ones():
    """With all lengths allowed: shares of digits as they are drawn, and three zeros in ten."""
    pairs = numbers_by_words(longest=14, n_train=4_000, n_test=1).train
    said = [str(read_korean(pair.target)) for pair in pairs]
    shares = [sum(len(number) == n for number in said) / 4_000 for n in range(1, 9)]
    assert shares == pytest.approx([n / 18 for n in (1, 1, 2, 2, 2, 3, 3, 4)], abs=0.02)
    rest = "".join(number[1:] for number in said)
    assert rest.count("0") / len(rest) == pytest.approx((0.1 + 0.55) / 2, abs=0.03)


def test_a_number_is_drawn_digit_by_digit():
    rng = random.Random(0)
    evenly, zeros = ([str(_draw(rng, 4, share)) for _ in range(2_000)] for share in (0, 1))
    assert {number[0] for number in evenly} == set("123456789")
    assert {number[1:] for number in zeros} == {"000"}
    counts = Counter("".join(number[1:] for number in evenly))
    assert len(counts) == 10 and max(counts.values()) < 1.2 * min(counts.values())


def test_a_batch_is_spelt_out_with_its_ids_and_glosses():
    words = number_words_task()
    told = tasks.spell_out(words, make_batch(words, [number_pair(42), number_pair(5)]))
    assert told.splitlines()[0] == "source" and len(told.splitlines()) == 9
    assert "forty, two" in told and "five, <pad>" in told
    assert "<start>, 사 4, 십 10, 이 2" in told and "사 4, 십 10, 이 2, <end>" in told


# --- numbers drawn fresh ---


def test_the_task_of_number_words_knows_every_word_and_holds_no_pairs():
    words, usual = number_words_task(), numbers_task()
    assert words.source_vocab.tokens == usual.source_vocab.tokens
    assert words.target_vocab.tokens == usual.target_vocab.tokens
    assert words.train == [] and words.test == {}


@pytest.mark.parametrize("digits", [1, 2, 7, 12])
def test_drawn_pairs_are_different_of_their_length_and_not_kept_back(digits):
    chance = random.Random(1)
    kept = draw_pairs(chance, digits, 4)
    drawn = draw_pairs(chance, digits, 5, kept_back=kept)
    numbers = [read_korean(pair.target) for pair in drawn]
    assert len(set(drawn)) == 5 and not set(drawn) & set(kept)
    assert all(len(str(n)) == digits and number_pair(n) in drawn for n in numbers)
    assert drawn != draw_pairs(chance, digits, 5)
    assert kept == draw_pairs(random.Random(1), digits, 4)


@pytest.mark.parametrize(
    ("digits", "count", "kept"), [(0, 1, 0), (13, 1, 0), (1, 10, 0), (1, 5, 5), (2, 91, 0)]
)
def test_numbers_that_are_not_there_are_refused(digits, count, kept):
    kept = draw_pairs(random.Random(0), 1, kept)
    with pytest.raises(ValueError, match=f"{count} numbers of {digits} digits .* 1 to 12 digits"):
        draw_pairs(random.Random(0), digits, count, kept)


def test_equally_long_pairs_are_those_of_the_longest_shape():
    pairs = [number_pair(n) for n in (700, 123, 456, 111, 221)]
    longest = tasks.equally_long(pairs)
    assert longest == [number_pair(456), number_pair(221)]  # 111 says no one before 백 and 십
