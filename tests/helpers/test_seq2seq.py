"""The two translators: what passes between reader and writer, and that writing is consistent."""

import pytest
import torch

from helpers.attention import dot_scores, scaled_dot_scores
from helpers.numbers_and_dates import number_pair
from helpers.seq2seq import AttentionSeq2Seq, Seq2Seq, greedy_decode
from helpers.tasks import END, PAD, START, make_batch, numbers_task
from tools.notebooks.runs import RUNS, load

WIDTH = 8
learned = load(RUNS / "rates_and_scores.py")


@pytest.fixture(scope="module")
def task():
    return numbers_task(n_train=200)


def build(kind, task, **options):
    torch.manual_seed(0)
    sizes = len(task.source_vocab), len(task.target_vocab)
    return kind(*sizes, width=WIDTH, **options).eval()


KINDS = pytest.mark.parametrize("kind", [Seq2Seq, AttentionSeq2Seq])


def padded(batch, extra):
    """Return the sources of a batch with `extra` more columns of padding."""
    return torch.nn.functional.pad(batch.source, (0, extra), value=PAD)


@KINDS
def test_padding_the_source_changes_nothing(kind, task):
    model, batch = build(kind, task), make_batch(task, task.train[:9])
    logits = model(batch.source, batch.target_in)
    torch.testing.assert_close(logits, model(padded(batch, 6), batch.target_in))
    alone = make_batch(task, task.train[:1])
    torch.testing.assert_close(
        logits[:1, : alone.target_in.shape[1]], model(alone.source, alone.target_in)
    )


@KINDS
def test_a_later_target_token_changes_no_earlier_prediction_but_an_earlier_one_does(kind, task):
    model, batch = build(kind, task), make_batch(task, [number_pair(123_456)])
    before = model(batch.source, batch.target_in)
    changed = batch.target_in.clone()
    changed[0, 4] = 3 + (changed[0, 4] - 2) % (len(task.target_vocab) - 3)
    after = model(batch.source, changed)
    assert torch.equal(before[:, :4], after[:, :4])
    assert (before[:, 4:] - after[:, 4:]).abs().amax(dim=(0, 2)).min() > 1e-6


def test_without_attention_only_the_last_state_gets_through(task):
    model, batch = build(Seq2Seq, task), make_batch(task, [number_pair(987_654)])
    last = model.encode(batch.source)
    assert [tuple(part.shape) for part in last] == [(1, 1, WIDTH)] * 2
    logits, _ = model.decode(batch.target_in, last)
    torch.testing.assert_close(logits, model(batch.source, batch.target_in))


def test_with_attention_every_state_gets_through(task):
    model, batch = build(AttentionSeq2Seq, task), make_batch(task, [number_pair(987_654)])
    last, states, mask = model.encode(batch.source)
    logits, _, weights = model.decode(batch.target_in, (last, states, mask))
    assert weights.shape == (1, batch.target_in.shape[1], batch.source.shape[1])
    for s in range(states.shape[1]):
        moved = states.clone()
        moved[:, s] = torch.randn_like(moved[:, s])
        assert not torch.allclose(model.decode(batch.target_in, (last, moved, mask))[0], logits)


@pytest.mark.parametrize(
    "score",
    [dot_scores, scaled_dot_scores, learned.GeneralScores(WIDTH), learned.AdditiveScores(WIDTH)],
)
def test_every_score_can_be_plugged_in_and_padding_gets_no_weight(score, task):
    model, batch = build(AttentionSeq2Seq, task, score=score), make_batch(task, task.train[:9])
    _, _, weights = model.decode(batch.target_in, model.encode(batch.source))
    padding = (batch.source == PAD)[:, None].expand_as(weights)
    assert padding.any() and (weights[padding] == 0).all()
    torch.testing.assert_close(weights.sum(dim=-1), torch.ones(weights.shape[:2]))


@KINDS
def test_the_decoder_writes_step_by_step_what_it_would_write_at_once(kind, task):
    model, batch = build(kind, task), make_batch(task, task.train[:9])
    tokens, weights = greedy_decode(model, batch.source, max_steps=10)
    fed = torch.cat([torch.full_like(tokens[:, :1], START), tokens[:, :-1]], dim=1)
    at_once = model(batch.source, fed).argmax(dim=-1)
    before_end = ((tokens == END).cumsum(dim=1) - (tokens == END).int()) == 0
    assert torch.equal(tokens[before_end], at_once[before_end])
    assert (tokens[~before_end] == PAD).all()
    assert (weights is None) == (kind is Seq2Seq)


def test_decoding_stops_when_all_have_ended(task):
    model = build(Seq2Seq, task)
    torch.nn.init.zeros_(model.predict.weight)
    model.predict.bias.data = torch.eye(len(task.target_vocab))[END]
    tokens, _ = greedy_decode(model, make_batch(task, task.train[:4]).source)
    assert tokens.tolist() == [[END]] * 4


def test_decoding_for_no_steps_is_refused(task):
    model = build(Seq2Seq, task)
    with pytest.raises(ValueError, match="(?s)max_steps is 0.*Try 32"):
        greedy_decode(model, make_batch(task, task.train[:1]).source, max_steps=0)


def test_the_score_that_is_given_is_the_one_that_is_asked(task):
    model, batch = build(AttentionSeq2Seq, task), make_batch(task, task.test[12][:3])
    before, asked = model(batch.source, batch.target_in), []
    model.score = lambda query, key: asked.append(1) or 3 * dot_scores(query, key)
    assert not torch.allclose(model(batch.source, batch.target_in), before) and asked
