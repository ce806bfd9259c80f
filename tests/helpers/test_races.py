"""The race of notebook 10: its numbers, its jury, its watch, and what has to wait."""

import math
import random
from collections import Counter

import pytest
import torch
from helpers.races import _draw
from torch import nn

from helpers import races
from helpers.cost import sequential_steps
from helpers.encoder_decoder import TransformerSeq2Seq
from helpers.numbers_and_dates import read_korean
from helpers.seq2seq import AttentionSeq2Seq, Seq2Seq
from helpers.tasks import make_batch, make_batches, numbers_by_words
from helpers.training import Watch, batch_loss, exact_match, train, whole_right


@pytest.fixture(scope="module")
def task():
    return numbers_by_words(n_train=300, n_test=6)


def build(kind, task, seed=0):
    torch.manual_seed(seed)
    return kind(len(task.source_vocab), len(task.target_vocab)).eval()


def test_lengths_are_words_and_all_test_numbers_have_eight_digits(task):
    assert list(task.test) == list(range(5, 15))
    for n, pairs in task.test.items():
        assert len(pairs) == 6 and {len(pair.source) for pair in pairs} == {n}
        assert all(10**7 <= read_korean(pair.target) < 10**8 for pair in pairs)


def test_training_is_short_holds_every_word_and_no_test_number(task):
    held_out = {pair.source for pairs in task.test.values() for pair in pairs}
    assert len(task.train) == 300 and max(len(pair.source) for pair in task.train) == 10
    assert not held_out & {pair.source for pair in task.train}
    full = numbers_by_words(n_train=3_000, n_test=1)
    words = {word for pair in full.train for word in pair.source}
    assert words == set(full.source_vocab.tokens[3:])
    assert {len(str(read_korean(pair.target))) for pair in full.train} == set(range(1, 9))


def test_the_same_seed_gives_the_same_task_and_another_another(task):
    assert numbers_by_words(n_train=300, n_test=6) == task or [
        pair.source for pair in numbers_by_words(n_train=300, n_test=6).train
    ] == [pair.source for pair in task.train]
    assert numbers_by_words(n_train=300, n_test=6, seed=1).train != task.train


@pytest.mark.parametrize("longest", [4, 15])
def test_a_longest_sentence_that_cannot_be_is_refused(longest):
    told = f"longest is {longest}, but numbers of 8 digits take 5 to 14 words.*such as 10"
    with pytest.raises(ValueError, match=told):
        numbers_by_words(longest)


def test_the_task_is_as_large_as_the_course_says():
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


class Parrot(nn.Module):
    """A translator that gets every token right but those where it is told to err."""

    def __init__(self, batch, wrong):
        super().__init__()
        self.batch, self.wrong = batch, wrong

    def forward(self, source, target):
        logits = nn.functional.one_hot(self.batch.target_out, 20).float()
        for row, column in self.wrong:
            logits[row, column] = 1 - logits[row, column]
        return logits


def test_one_wrong_token_loses_its_sentence_and_padding_never_does(task):
    batch = make_batch(task, [task.test[5][0], task.test[14][0], *task.train[:2]])
    short = (batch.target_out[0] != 0).sum().item()
    assert whole_right(Parrot(batch, []), batch) == 1
    assert whole_right(Parrot(batch, [(1, 3), (1, 5)]), batch) == 0.75
    assert whole_right(Parrot(batch, [(0, short)]), batch) == 1


@pytest.mark.parametrize("kind", [Seq2Seq, AttentionSeq2Seq, TransformerSeq2Seq])
def test_whole_sentences_with_the_teacher_equal_exact_match_alone(kind, task):
    model = build(kind, task)
    easy = [pair for pair in task.train if len(pair.source) <= 2]
    train(model, make_batches(task, easy, size=16), steps=40, learning_rate=1e-2)
    share = whole_right(model, make_batch(task, easy))
    assert share > 0 and abs(share - exact_match(model, task, easy)) < 1e-6


def test_the_watch_notes_every_so_many_steps_and_passes_the_loss_on(task):
    batch = make_batch(task, task.train[:8])
    model = build(Seq2Seq, task)
    watch = Watch(batch_loss, batch, every=2)
    losses = [watch(model, batch).item() for _ in range(5)]
    assert losses == [batch_loss(model, batch).item()] * 5
    assert list(watch.right) == list(watch.seconds) == [0, 2, 4]
    assert watch.seconds[0] == 0 and 0 <= watch.seconds[2] <= watch.seconds[4]
    assert watch.first() == math.inf
    watch.right = {0: 0.1, 2: 0.95, 4: 0.99}
    assert watch.first() == 2 and watch.first(0.99) == 4


def test_the_watch_counts_no_second_of_the_jury(monkeypatch, task):
    clock = [100.0]

    def working(model, batch, seconds):
        clock[0] += seconds
        return 1.0

    monkeypatch.setattr(races.time, "thread_time", lambda: clock[0])
    monkeypatch.setattr(races, "whole_right", lambda *_: working(*_, seconds=10))
    watch = Watch(lambda *_: working(*_, seconds=2), jury=None)
    for _ in range(76):
        watch(None, None)
    assert watch.seconds == {0: 0, 25: 50, 50: 100, 75: 150}


def test_what_has_to_wait_grows_with_the_length_in_an_rnn_only(task):
    short, long = (make_batch(task, task.test[n][:1]) for n in (5, 14))
    for kind in (Seq2Seq, AttentionSeq2Seq):
        model = build(kind, task)
        assert sequential_steps(model, batch_loss, long) > 1.4 * sequential_steps(
            model, batch_loss, short
        )
    model = build(TransformerSeq2Seq, task)
    assert sequential_steps(model, batch_loss, long) == sequential_steps(model, batch_loss, short)
