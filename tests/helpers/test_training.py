"""The training loop learns, repeats, and measures what it says it measures."""

import math
import random
import sys
import threading
import time

import pytest
import torch
from torch import nn

from helpers import training
from helpers.encoder_decoder import TransformerSeq2Seq
from helpers.numbers_and_dates import number_pair
from helpers.seq2seq import AttentionSeq2Seq, Seq2Seq
from helpers.tasks import (
    PAD,
    draw_pairs,
    make_batch,
    make_batches,
    number_words_task,
    numbers_by_words,
    numbers_task,
)
from helpers.training import (
    History,
    Watch,
    accuracy_by_length,
    batch_loss,
    exact_match,
    last_step,
    learning_curve,
    side_by_side,
    train,
    train_all,
    training_step,
    translate,
    whole_right,
)


@pytest.fixture(scope="module")
def task():
    return numbers_task(lengths=[2, 3], n_train=600)


def small(task):
    torch.manual_seed(0)
    return AttentionSeq2Seq(len(task.source_vocab), len(task.target_vocab), width=32)


@pytest.fixture(scope="module")
def trained(task):
    model = small(task)
    history = train(model, make_batches(task, task.train, size=32), steps=150)
    return model, history


@pytest.mark.slow
def test_training_learns_short_numbers(trained, task):
    model, history = trained
    assert history.losses[0] > 2 and sum(history.losses[-20:]) / 20 < 0.2
    assert exact_match(model, task, task.test[3]) > 0.7
    assert not model.training


@pytest.mark.slow
def test_the_history_is_one_tidy_line(trained):
    _, history = trained
    assert repr(history).startswith("trained for 150 steps: loss ") and "\n" not in repr(history)


def test_training_twice_gives_the_same_weights(task):
    batches = make_batches(task, task.train[:64], size=16)
    first, second = small(task), small(task)
    assert train(first, batches, steps=5).losses == train(second, batches, steps=5).losses
    for a, b in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(a, b)


def test_every_batch_is_seen_once_before_any_is_seen_again(task):
    batches = make_batches(task, task.train[:80], size=16)
    seen = []

    def spy(model, batch):
        seen.append(id(batch.source))
        return batch_loss(model, batch)

    train(small(task), batches, steps=10, loss=spy)
    assert len(batches) == 5 and len(set(seen[:5])) == len(set(seen[5:])) == 5
    assert seen[:5] != seen[5:]


def test_padding_does_not_count_in_the_loss(task):
    model = small(task)
    pairs = [number_pair(20), number_pair(999)]
    batch = make_batch(task, pairs)
    longer = batch._replace(
        target_in=nn.functional.pad(batch.target_in, (0, 4), value=PAD),
        target_out=nn.functional.pad(batch.target_out, (0, 4), value=PAD),
    )
    torch.testing.assert_close(batch_loss(model, batch), batch_loss(model, longer))
    each = [batch_loss(model, make_batch(task, [pair])) for pair in pairs]
    lengths = [len(pair.target) + 1 for pair in pairs]
    by_token = sum(loss * n for loss, n in zip(each, lengths, strict=True)) / sum(lengths)
    torch.testing.assert_close(batch_loss(model, batch), by_token)


def test_exact_match_counts_whole_translations(trained, task):
    model, _ = trained
    pairs = task.test[3]
    written = translate(model, task, pairs)
    right = [pair._replace(target=w) for pair, w in zip(pairs, written, strict=True)]
    spoiled = [pair._replace(target=(*pair.target, "십")) for pair in right[:32]]
    assert exact_match(model, task, right) == 1.0
    assert exact_match(model, task, spoiled + right[32:]) == 1 - 32 / len(pairs)


def test_accuracy_by_length_is_exact_match_for_each_length(trained, task):
    model, _ = trained
    accuracy = accuracy_by_length(model, task)
    assert accuracy == {n: exact_match(model, task, pairs) for n, pairs in task.test.items()}
    assert list(accuracy) == [2, 3]


@pytest.mark.parametrize(
    ("batches", "steps", "said"), [([], 5, "no batches.*make_batches"), (None, 0, "steps is 0")]
)
def test_training_on_nothing_is_refused(task, batches, steps, said):
    batches = make_batches(task, task.train[:8]) if batches is None else batches
    with pytest.raises(ValueError, match="(?s)" + said):
        train(small(task), batches, steps=steps)


# --- several at once ---


def test_models_trained_side_by_side_are_as_if_trained_alone(task):
    batches = make_batches(task, task.train[:128], size=16)
    threads, who = torch.get_num_threads(), {}

    def noting(name):
        def loss(model, batch):
            who.setdefault(name, set()).add((threading.get_ident(), torch.get_num_threads()))
            return batch_loss(model, batch)

        return loss

    models = {name: small(task) for name in "abc"}
    recipe = {"steps": {"a": 6, "b": 4, "c": 6}, "learning_rate": {"a": 1e-2, "b": 1e-2, "c": 1e-3}}
    losses = {name: noting(name) for name in "abc"}
    data = {"a": batches, "b": batches[1:], "c": batches}
    histories = train_all(models, data, seed=3, loss=losses, **recipe)
    assert list(histories) == ["a", "b", "c"]
    for name, model in models.items():
        alone = small(task)
        own = {key: by_name[name] for key, by_name in recipe.items()}
        assert histories[name].losses == train(alone, data[name], seed=3, **own).losses
        assert not model.training
        for a, b in zip(model.parameters(), alone.parameters(), strict=True):
            assert torch.equal(a, b)
        ((thread, inside),) = who[name]
        assert thread != threading.get_ident() and inside == threads
    assert histories["a"].losses != histories["c"].losses
    assert torch.get_num_threads() == threads


def test_all_stop_when_one_fails(task):
    batches = make_batches(task, task.train[:64], size=16)
    begun, counted = threading.Event(), []

    def fails(model, batch):
        begun.wait(60)
        raise ZeroDivisionError("on purpose")

    def counts(model, batch):
        begun.set()
        counted.append(1)
        return batch_loss(model, batch)

    models = {"long": small(task), "failing": small(task)}
    with pytest.raises(ZeroDivisionError, match="on purpose"):
        train_all(models, batches, steps=100_000, loss={"long": counts, "failing": fails})
    assert len(counted) < 10_000


def test_none_at_once_are_none(task):
    assert train_all({}, make_batches(task, task.train[:8])) == {}


# --- a learning curve ---


@pytest.fixture(scope="module")
def words():
    return number_words_task()


def narrow(words):
    torch.manual_seed(0)
    return AttentionSeq2Seq(len(words.source_vocab), len(words.target_vocab), width=32)


def test_a_curve_notes_every_so_many_steps_and_ends_at_its_goal_or_its_most(words, monkeypatch):
    rights = iter((0.1, 0.5, 0.3, 0.6))
    monkeypatch.setattr(training, "exact_match", lambda *given: next(rights))
    recipe = {"every": 2, "most": 7}
    assert learning_curve(narrow(words), words, 3, goal=0.5, **recipe) == {2: 0.1, 4: 0.5}
    assert learning_curve(narrow(words), words, 3, goal=0.7, most=4, every=2) == {2: 0.3, 4: 0.6}


def test_no_test_number_is_trained_on_and_every_step_has_new_ones(words, monkeypatch):
    seen, tested = [], []
    monkeypatch.setattr(training, "make_batch", lambda task, pairs: seen.append(pairs) or pairs)
    monkeypatch.setattr(training, "training_step", lambda *given: None)
    monkeypatch.setattr(training, "exact_match", lambda m, t, pairs: tested.append(pairs) or 0.0)
    model = narrow(words)
    model.forward = None  # nothing is computed
    learning_curve(model, words, 4, seed=3, every=1, most=3)
    assert [len(pairs) for pairs in seen] == [64] * 3 and seen[0] != seen[1]
    assert len(set(tested[0])) == 200 and tested[0] == tested[1] == tested[2]
    assert not set(tested[0]) & {pair for pairs in seen for pair in pairs}


def test_a_curve_repeats_with_its_seed_at_its_rate(words, monkeypatch):
    rates = []

    def noting(model, batch, optimizer):
        rates.append(optimizer.param_groups[0]["lr"])
        return training_step(model, batch, optimizer)

    once = learning_curve(narrow(words), words, 3, seed=1, every=2, most=4)
    monkeypatch.setattr(training, "training_step", noting)
    assert once == learning_curve(narrow(words), words, 3, seed=1, rate=1e-2, every=2, most=4)
    assert rates == [1e-2] * 4


@pytest.mark.slow
def test_a_curve_rises_to_its_goal_on_numbers_it_has_not_seen(words):
    model = narrow(words)
    curve = learning_curve(model, words, 3, goal=0.9, most=600)
    assert curve[last_step(curve)] == max(curve.values()) >= 0.9 and curve[10] < 0.2


def test_a_step_clips_changes_and_returns_the_loss_before(words):
    model = narrow(words)
    batch = make_batch(words, draw_pairs(random.Random(0), 3, 8))
    before = batch_loss(model, batch).item()
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    old = [p.clone() for p in model.parameters()]
    assert training_step(model, batch, optimizer, lambda m, b: 1e4 * batch_loss(m, b)) / 1e4 == (
        pytest.approx(before)
    )
    moved = torch.cat([(p - o).flatten() for p, o in zip(model.parameters(), old, strict=True)])
    assert moved.norm().item() == pytest.approx(1.0, rel=1e-3)
    assert training_step(model, batch, optimizer) != before  # the old gradient is forgotten
    assert all(p.grad.isfinite().all() for p in model.parameters() if p.grad is not None)


def test_calls_side_by_side_return_by_name_and_one_error_ends_them():
    assert side_by_side(pow, {"a": (2, 3), "b": (3, 2)}) == {"a": 8, "b": 9}
    assert side_by_side(pow, {}) == {}
    begun = []

    def call(n):
        begun.append(n)
        if n == 0:
            raise ZeroDivisionError("on purpose")
        time.sleep(0.05)

    with pytest.raises(ZeroDivisionError, match="on purpose"):
        side_by_side(call, {n: (n,) for n in range(200)})
    assert len(begun) < 100


# --- to the letter ---


class Slope(nn.Module):
    """One number; its loss is steep enough for the clipping to matter."""

    def __init__(self):
        super().__init__()
        self.at = nn.Parameter(torch.tensor([3.0, -2.0]))


def steep(model, batch):
    return 40 * (model.at * batch).square().sum()


BATCHES = [torch.tensor([1.0, x]) for x in (0.5, 2.0, -1.0)]


def test_training_makes_the_calls_that_it_says_it_makes():
    def fading(model, batch):  # the gradient is clipped at first, and later it is not
        return steep(model, batch) / 100

    ours, plain, rate = Slope(), Slope(), 0.6
    losses = train(ours, BATCHES[:1], steps=12, learning_rate=rate, loss=fading).losses
    optimizer = torch.optim.Adam(plain.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=12)
    norms = []
    for loss_was in losses:
        optimizer.zero_grad()
        loss = fading(plain, BATCHES[0])
        loss.backward()
        assert loss.item() == pytest.approx(loss_was)
        norms.append(nn.utils.clip_grad_norm_(plain.parameters(), 1.0).item())
        optimizer.step()
        schedule.step()
    assert norms[0] > 1.5 and norms[-1] < 1
    torch.testing.assert_close(ours.at, plain.at)


@pytest.mark.slow
def test_what_is_not_said_is_600_steps_one_rate_and_seed_0(monkeypatch):
    bars = []
    bar = training.tqdm
    monkeypatch.setattr(training, "tqdm", lambda **how: bars.append(how) or bar(**how))
    alone, told, both = Slope(), Slope(), {"a": Slope(), "b": Slope()}
    losses = train(alone, BATCHES, loss=steep).losses
    recipe = {"steps": 600, "learning_rate": 1.5e-2, "seed": 0}
    assert losses == train(told, BATCHES, loss=steep, **recipe).losses
    assert len(losses) == 600
    assert {name: h.losses for name, h in train_all(both, BATCHES, loss=steep).items()} == {
        "a": losses,
        "b": losses,
    }
    assert [how["total"] for how in bars] == [600, 600, 1200]
    assert all(how["file"] is sys.stdout and how["leave"] is False for how in bars)
    other = train(Slope(), BATCHES, loss=steep, steps=9, seed=1).losses
    assert other != train(Slope(), BATCHES, loss=steep, steps=9, seed=0).losses


def test_one_step_is_enough():
    assert len(train(Slope(), BATCHES, loss=steep, steps=1).losses) == 1


def test_a_history_tells_the_first_loss_and_the_mean_of_the_last_20():
    history = History([9.0, 5.0, 100.0] + [0.5] * 10 + [0.25] * 10)
    assert repr(history) == "trained for 23 steps: loss 9.00 → 0.375"


def test_what_has_not_begun_does_not_begin_when_one_fails(monkeypatch):
    monkeypatch.setattr(training.os, "cpu_count", lambda: 1)
    begun = []

    def fails(model, batch):
        raise ZeroDivisionError("on purpose")

    def begins(model, batch):
        begun.append(1)
        return steep(model, batch)

    models = {name: Slope() for name in "abcdef"}
    losses = dict.fromkeys(models, begins) | {"a": fails}
    with pytest.raises(ZeroDivisionError):
        train_all(models, BATCHES, steps=50, loss=losses)
    assert len(begun) < 60  # at most the next one, which had begun already


@pytest.fixture(scope="module")
def by_words():
    return numbers_by_words(n_train=300, n_test=6)


def build(kind, task, seed=0):
    torch.manual_seed(seed)
    return kind(len(task.source_vocab), len(task.target_vocab)).eval()


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


def test_one_wrong_token_loses_its_sentence_and_padding_never_does(by_words):
    batch = make_batch(by_words, [by_words.test[5][0], by_words.test[14][0], *by_words.train[:2]])
    short = (batch.target_out[0] != 0).sum().item()
    assert whole_right(Parrot(batch, []), batch) == 1
    assert whole_right(Parrot(batch, [(1, 3), (1, 5)]), batch) == 0.75
    assert whole_right(Parrot(batch, [(0, short)]), batch) == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Seq2Seq, AttentionSeq2Seq, TransformerSeq2Seq])
def test_whole_sentences_with_the_teacher_equal_exact_match_alone(kind, by_words):
    model = build(kind, by_words)
    easy = [pair for pair in by_words.train if len(pair.source) <= 2]
    train(model, make_batches(by_words, easy, size=16), steps=40, learning_rate=1e-2)
    share = whole_right(model, make_batch(by_words, easy))
    assert share > 0 and abs(share - exact_match(model, by_words, easy)) < 1e-6


def test_the_watch_notes_every_so_many_steps_and_passes_the_loss_on(by_words):
    batch = make_batch(by_words, by_words.train[:8])
    model = build(Seq2Seq, by_words)
    watch = Watch(batch_loss, batch, every=2)
    losses = [watch(model, batch).item() for _ in range(5)]
    assert losses == [batch_loss(model, batch).item()] * 5
    assert list(watch.right) == list(watch.seconds) == [0, 2, 4]
    assert watch.seconds[0] == 0 and 0 <= watch.seconds[2] <= watch.seconds[4]
    assert watch.first() == math.inf
    watch.right = {0: 0.1, 2: 0.95, 4: 0.99}
    assert watch.first() == 2 and watch.first(0.99) == 4


def test_the_watch_counts_no_second_of_the_jury(monkeypatch):
    clock = [100.0]

    def working(model, batch, seconds):
        clock[0] += seconds
        return 1.0

    monkeypatch.setattr(training.time, "thread_time", lambda: clock[0])
    monkeypatch.setattr(training, "whole_right", lambda *_: working(*_, seconds=10))
    watch = Watch(lambda *_: working(*_, seconds=2), jury=None)
    for _ in range(76):
        watch(None, None)
    assert watch.seconds == {0: 0, 25: 50, 50: 100, 75: 150}
