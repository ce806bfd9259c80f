"""Costs: chains of operations, seconds, crossings, against counts by hand."""

import math
import time

import pytest
import torch

from helpers import cost
from helpers.cost import (
    crossing,
    forward_backward,
    longest_chain,
    median_seconds,
    sequential_steps,
)
from helpers.encoder_decoder import TransformerSeq2Seq
from helpers.seq2seq import AttentionSeq2Seq, Seq2Seq
from helpers.tasks import make_batch, numbers_by_words
from helpers.training import batch_loss
from tests.support.taught import taught

layers = taught("04", "SteppedRNN", "SelfAttention")


def test_the_longest_chain_is_counted():
    x = torch.ones(3, requires_grad=True)  # its own place to collect gradients is one more
    assert longest_chain(x.exp()) == 2
    assert longest_chain(x.exp().exp().exp() + x) == 5
    deep = x
    for _ in range(3000):  # deeper than Python's recursion
        deep = deep.exp()
    assert longest_chain(deep) == 3001


def test_the_chain_grows_in_an_rnn_and_not_in_attention():
    chains = {
        layer: [longest_chain(layer(torch.randn(1, n, 4))) for n in (4, 8, 16)]
        for layer in (layers.SteppedRNN(4), layers.SelfAttention(4))
    }
    (a, b, c), attention = chains.values()
    assert c - b == 2 * (b - a) > 0 and len(set(attention)) == 1


def test_a_tensor_without_a_graph_is_refused():
    with pytest.raises(ValueError, match="(?s)no grad_fn.*no_grad"):
        longest_chain(torch.ones(2))


def test_the_median_counts_and_the_first_call_does_not(monkeypatch):
    clock, durations = [0.0], {"a": [9, 1, 5, 2], "b": [7, 4, 4, 8]}
    order = []

    def run(name):
        def take():
            clock[0] += durations[name].pop(0)
            order.append(name)

        return take

    monkeypatch.setattr(cost.time, "perf_counter", lambda: clock[0])
    assert median_seconds({"a": run("a"), "b": run("b")}) == {"a": 2, "b": 4}
    assert order == ["a", "b"] * 4  # they take turns


def test_forward_and_backward_both_run():
    layer, words = layers.SteppedRNN(3), torch.randn(2, 4, 3, requires_grad=True)
    start = time.perf_counter()
    forward_backward(layer, words)()
    assert time.perf_counter() > start
    assert words.grad is not None and layer.back.weight.grad is not None


def test_a_crossing_is_found_between_two_lengths():
    steady = {n: 100.0 * n for n in (32, 128, 512, 2048)}
    squared = {n: float(n**2) for n in steady}
    assert crossing(squared, steady) == pytest.approx(100)
    assert crossing({n: n / 2 for n in steady}, steady) == math.inf
    assert crossing({**squared, 128: 12800.0}, steady) == pytest.approx(128)
    bumpy = {16: 9e9, 32: 1.0, 128: 99999.0, 512: 99999.0, 2048: 999999.0}
    assert 32 < crossing(bumpy, {16: 1.0, **steady}) < 128  # one busy moment does not decide
    assert crossing({n: 2 * s for n, s in steady.items()}, steady) == 32
    meets = dict(zip(steady, (0.5, 0.5, 0.5, 1), strict=True))  # as slow only at the last length
    assert crossing({n: meets[n] * s for n, s in steady.items()}, steady) == pytest.approx(2048)
    dips = dict(zip(steady, (2, 1, 2, 0.5), strict=True))
    assert crossing({n: dips[n] * s for n, s in steady.items()}, steady) == math.inf
    touches = dict(zip(steady, (2, 1, 2, 2), strict=True))  # as slow is not below
    assert crossing({n: touches[n] * s for n, s in steady.items()}, steady) == 32


@pytest.mark.parametrize("quick", [{32: 1.0}, {32: 9.0, 128: 1.0}, {}])
def test_curves_of_other_lengths_are_refused(quick):
    steady = {64: 3.0, 32: 2.0} if quick else {}
    with pytest.raises(ValueError, match="(?s)need the same.*each length") as caught:
        crossing(quick, steady)
    assert f"lengths {sorted(quick)} and {sorted(steady)}," in str(caught.value)


def test_what_has_to_wait_grows_with_the_length_in_an_rnn_only():
    task = numbers_by_words(n_train=300, n_test=1)
    sizes = len(task.source_vocab), len(task.target_vocab)
    short, long = (make_batch(task, task.test[n][:1]) for n in (5, 14))
    for kind in (Seq2Seq, AttentionSeq2Seq):
        model = kind(*sizes)
        assert sequential_steps(model, batch_loss, long) > 1.4 * sequential_steps(
            model, batch_loss, short
        )
    model = TransformerSeq2Seq(*sizes)
    assert sequential_steps(model, batch_loss, long) == sequential_steps(model, batch_loss, short)
