"""Probes: the linear one against ridge regression, gradients against finite differences."""

import math

import pytest
import torch
from torch import nn

from helpers.numbers_and_dates import number_pair
from helpers.probes import (
    blank_each_two,
    blank_each_word,
    linear_probe,
    record_steps,
    with_blank,
    write_by_steps,
)
from helpers.seq2seq import AttentionSeq2Seq, Seq2Seq, greedy_decode
from helpers.tasks import PAD, make_batch, numbers_task
from tests.support.taught import taught

taught_03 = taught("03", "gradient_by_distance")


def test_a_label_that_is_there_is_read_and_one_that_is_not_is_not():
    labels = torch.randint(10, (800,))
    codes = torch.randn(10, 20)
    there = codes[labels] + 0.1 * torch.randn(800, 20)
    assert linear_probe(there, labels) > 0.98
    assert linear_probe(torch.randn(800, 20), labels) < 0.25


def test_it_is_judged_on_rows_that_it_was_not_fitted_on():
    labels = torch.randint(10, (60,))
    assert linear_probe(torch.randn(60, 200), labels) < 0.5  # fits any 30 rows, predicts no other


@pytest.mark.parametrize("seed", range(10))
def test_it_equals_ridge_regression_written_out(seed):
    torch.manual_seed(seed)
    features, labels = 0.1 * torch.randn(40, 3), torch.randint(4, (40,))  # small: the ridge counts
    labels[:4] = torch.arange(4)
    inputs = torch.cat([features, torch.ones(40, 1)], dim=1)
    wanted = torch.nn.functional.one_hot(labels).float()
    root = torch.cat([inputs[:20], 0.1**0.5 * torch.eye(4)])
    readout = torch.linalg.lstsq(root, torch.cat([wanted[:20], torch.zeros(4, 4)])).solution
    right = ((inputs[20:] @ readout).argmax(dim=1) == labels[20:]).float().mean().item()
    assert linear_probe(features, labels) == pytest.approx(right)


def test_four_rows_are_enough():
    assert linear_probe(torch.eye(2).repeat(2, 1), torch.tensor([0, 1, 0, 1])) == 1


@pytest.mark.parametrize(("rows", "labels"), [(10, 9), (3, 3)])
def test_it_says_what_it_needs(rows, labels):
    with pytest.raises(ValueError, match=f"(?s){rows} rows and {labels} labels.*at least 4"):
        linear_probe(torch.randn(rows, 2), torch.zeros(labels, dtype=torch.long))


def test_recorded_steps_are_what_the_model_wrote():
    task = numbers_task(n_train=200)
    torch.manual_seed(0)
    model = AttentionSeq2Seq(len(task.source_vocab), len(task.target_vocab), width=8).eval()
    pair = task.test[5][0]
    steps = record_steps(model, task, pair)
    tokens, weights = greedy_decode(model, make_batch(task, [pair]).source)
    assert steps["source"] == list(pair.source)
    assert steps["target"] == [task.target_vocab.tokens[i] for i in tokens[0]]
    torch.testing.assert_close(steps["weights"], weights[0])
    torch.testing.assert_close(steps["scores"].softmax(dim=-1), steps["weights"])
    best = [predicted[0][0] for predicted in steps["predictions"]]
    assert best == steps["target"]
    assert all(
        len(p) == 3 and sum(chance for _, chance in p) <= 1.0001 for p in steps["predictions"]
    )


SHORT = [number_pair(n) for n in (123, 456, 221)]  # five words each, 4 or 5 syllables


@pytest.fixture
def task():
    return numbers_task(range(1, 4), n_train=300)


def small(kind, task):
    torch.manual_seed(0)
    return kind(len(task.source_vocab), len(task.target_vocab), width=6).double()


def loss_with_nudge(model, batch, s, nudge):
    """Return the losses (B, T) after `nudge` was added to the forward state of word s.

    Independent of the probe: it runs the model's own LSTM in one direction up to s, and on from
    there, with the backward direction read off the two-way LSTM, which a nudge does not reach.
    """
    width = model.encoder.hidden_size
    one_way = nn.LSTM(32, width, batch_first=True).double()
    own = {k: v for k, v in model.encoder.state_dict().items() if not k.endswith("_reverse")}
    one_way.load_state_dict(own)
    words = model.embed_source(batch.source)
    before, (h, c) = one_way(words[:, : s + 1])
    h = h + nudge
    parts = [before[:, :s], h[0][:, None]]
    if s + 1 < words.shape[1]:
        after, (h, c) = one_way(words[:, s + 1 :], (h, c))
        parts.append(after)
    both, (h_both, c_both) = model.encoder(words)
    states = torch.cat([torch.cat(parts, dim=1), both[..., width:]], dim=-1)
    last = (torch.cat([h, h_both[1:]], dim=-1), torch.cat([c, c_both[1:]], dim=-1))
    looks_back = isinstance(model, AttentionSeq2Seq)
    memory = (last, states, batch.source != PAD) if looks_back else last
    logits = model.decode(batch.target_in, memory)[0]
    return nn.functional.cross_entropy(logits.mT, batch.target_out, reduction="none")


@pytest.mark.parametrize("kind", [Seq2Seq, AttentionSeq2Seq])
def test_gradients_equal_finite_differences(task, kind):
    model, batch = small(kind, task), make_batch(task, SHORT[:1])
    norms = list(taught_03.gradient_by_distance(model, batch).values())
    step, width = 1e-5, model.encoder.hidden_size
    for s in range(batch.source.shape[1]):
        slopes = []
        for i in range(width):
            nudge = torch.zeros(width, dtype=torch.float64)
            nudge[i] = step
            up, down = (loss_with_nudge(model, batch, s, sign * nudge) for sign in (1, -1))
            slopes.append((up - down)[0, -1].item() / (2 * step))  # of the last token
        assert norms[s] == pytest.approx(math.hypot(*slopes), rel=1e-6, abs=1e-10)


@pytest.mark.parametrize("kind", [Seq2Seq, AttentionSeq2Seq])
def test_reading_by_steps_changes_nothing(task, kind):
    model, batch = small(kind, task), make_batch(task, SHORT)
    losses, errors, _ = write_by_steps(model, batch)
    logits = model(batch.source, batch.target_in).detach().requires_grad_()
    direct = nn.functional.cross_entropy(logits.mT, batch.target_out, reduction="none")
    real = batch.target_out != PAD
    assert torch.allclose(losses[real], direct[real])
    (gradient,) = torch.autograd.grad(direct.sum(), logits)
    assert torch.allclose(errors[real], gradient.norm(dim=-1)[real])
    assert losses[~real].isnan().all() and errors[~real].isnan().all() and not real.all()


def test_distances_are_not_mixed_up_by_sources_of_different_lengths(task):
    batch = make_batch(task, [number_pair(7), number_pair(123)])
    with pytest.raises(ValueError, match="(?s)differ in length.*same number of words"):
        write_by_steps(small(Seq2Seq, task), batch)


def test_distance_counts_the_steps_from_a_word_to_the_last_token(task):
    batch = make_batch(task, [SHORT[0]])
    words, tokens = batch.source.shape[1], batch.target_out.shape[1]
    for kind in (Seq2Seq, AttentionSeq2Seq):
        norms = taught_03.gradient_by_distance(small(kind, task), batch)
        assert list(norms) == [words - s + tokens - 1 for s in range(words)]
        losses, _, states = write_by_steps(small(kind, task).double(), batch)
        assert all(norm > 0 for norm in norms.values()) and len(states) == len(norms)


class Echo(nn.Module):
    """Writes, at step t, what stands at place t of the source, as surely as its embedding says."""

    def __init__(self, size):
        super().__init__()
        self.embed_source = nn.Embedding.from_pretrained(9 * torch.eye(size, 32))

    def encode(self, source):
        assert ((source != PAD).sum(dim=1) >= 1).all()
        return self.embed_source(source)

    def decode(self, target, words):
        logits = words[:, : target.shape[1], : self.embed_source.embedding_dim]
        missing = target.shape[1] - logits.shape[1]
        return nn.functional.pad(logits, (0, 0, 0, max(missing, 0))), words


def test_a_blanked_word_costs_the_token_that_depends_on_it_and_no_other(task):
    task = task._replace(target_vocab=task.source_vocab)
    pairs = [SHORT[0]._replace(target=SHORT[0].source), number_pair(7)._replace(target=("seven",))]
    lost = blank_each_word(Echo(len(task.source_vocab)), task, pairs)
    n = len(pairs[0].source)
    assert lost.shape == (2, n + 1, n)
    assert (lost[0, :n].diagonal() > 0.9).all()
    off = lost[0, :n][~torch.eye(n, dtype=torch.bool)]
    assert off.abs().max() < 1e-6
    assert lost[0, n:].isnan().all()
    assert lost[1, 0, 0] > 0.9 and lost[1, 0, 1:].isnan().all() and lost[1, 1:].isnan().all()


def test_two_blanked_words_cost_the_tokens_that_depend_on_either(task):
    task = task._replace(target_vocab=task.source_vocab)
    pairs = [SHORT[0]._replace(target=SHORT[0].source)]
    echo, n = Echo(len(task.source_vocab)), len(SHORT[0].source)
    both = blank_each_two(echo, task, pairs)
    assert list(both) == [(a, b) for a in range(n) for b in range(a + 1, n)]
    alone = blank_each_word(echo, task, pairs)
    for (a, b), lost in both.items():
        assert lost.shape == (1, n + 1) and lost[0, n].isnan()
        torch.testing.assert_close(lost[0, :n], alone[0, :n, a] + alone[0, :n, b])


def test_the_blank_word_is_new_and_all_zeros(task):
    model, blank = with_blank(Echo(7))
    assert blank == 7 and model.embed_source.weight.shape == (8, 32)
    assert not model.embed_source.weight[7].any() and model.embed_source.weight[:7].any(dim=1).all()


def test_blanking_leaves_the_model_as_it_was(task):
    model = small(AttentionSeq2Seq, task)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    lost = blank_each_word(model, task, SHORT)
    assert lost.shape == (3, 6, len(SHORT[0].source))
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


def test_a_blanked_word_is_hidden_from_attention(task):
    model = small(AttentionSeq2Seq, task)
    one, blank = with_blank(model)
    batch = make_batch(task, SHORT[:1])
    source = batch.source.clone()
    source[0, 2] = blank
    last, states, mask = one.encode(source)
    mask[0, 2] = False
    logits = one.decode(batch.target_in, (last, states, mask))[0]
    whole = one.decode(batch.target_in, one.encode(batch.source))[0]
    right = batch.target_out[..., None]
    lost = (whole.softmax(-1) - logits.softmax(-1)).gather(-1, right)[..., 0]
    n = len(SHORT[0].target)
    torch.testing.assert_close(
        blank_each_word(model, task, SHORT[:1])[0, :n, 2], lost[0, :n].detach()
    )
