"""The instruments of notebook 04: checked against PyTorch, finite differences, counts by hand."""

import math
import time

import pytest
import torch
from DEAD import LookAround, Recaller, SteppedRNN, gradient_by_distance, recall_loss, ripples
from torch import nn

from helpers import limits
from helpers.cost import crossing, forward_backward, longest_chain, median_seconds
from helpers.recall import SYMBOLS, recall_by_distance, symbol_batches


def test_the_stepped_rnn_is_the_rnn_of_torch():
    ours, theirs = SteppedRNN(5), nn.RNN(5, 5, batch_first=True)
    theirs.weight_ih_l0.data, theirs.bias_ih_l0.data = ours.into.weight.data, ours.into.bias.data
    theirs.weight_hh_l0.data = ours.back.weight.data
    nn.init.zeros_(theirs.bias_hh_l0)
    for words in (torch.randn(2, 7, 5), torch.randn(2, 1, 5)):
        torch.testing.assert_close(ours(words), theirs(words)[0])


def test_self_attention_is_the_attention_of_torch():
    layer, words = LookAround(6), torch.randn(2, 5, 6)
    query, key, value = layer.roles(words).chunk(3, dim=-1)
    theirs = nn.functional.scaled_dot_product_attention(query, key, value)
    torch.testing.assert_close(layer(words), theirs)


def test_ripples_follow_who_reads_whom():
    def from_the_left(words, states):
        return words + torch.cat([torch.zeros_like(words[:, :1]), states[:, :-1]], dim=1)

    words = torch.randn(1, 4, 3)
    heard = ripples(from_the_left, words.clone(), 1)
    assert heard.int().tolist() == [[0, 1, 0, 0], [0, 1, 1, 0], [0, 1, 1, 1], [0, 1, 1, 1]]
    assert ripples(lambda words, states: words.mean(1, keepdim=True) + states, words, 2).all()
    assert not ripples(lambda words, states: states, words, 2).any()


def test_ripples_leave_the_words_alone():
    words = torch.randn(1, 4, 3)
    before = words.clone()
    ripples(lambda words, states: words, words, 0)
    assert torch.equal(words, before)


@pytest.mark.parametrize("cell", [nn.RNN, nn.GRU, nn.LSTM])
def test_the_gradient_is_that_of_finite_differences(cell, monkeypatch):
    model, symbols = Recaller(cell, width=5).double(), torch.randint(SYMBOLS, (2, 4))
    directions = torch.randn(2, 5, dtype=torch.double)
    monkeypatch.setattr(torch, "randn_like", lambda like: directions.clone())
    words = model.embed(symbols).detach()
    for n, norm in gradient_by_distance(model, symbols, (0, 1, 3)).items():
        norms = []
        for row, direction in enumerate(directions):
            slopes = []
            for i in range(words.shape[-1]):
                moved = []
                for nudge in (1e-5, -1e-5):
                    nudged = words[row : row + 1].clone()
                    nudged[0, 0, i] += nudge
                    state = model.rnn(nudged)[0][0, n]
                    moved.append((state @ direction / direction.norm()).item())
                slopes.append((moved[0] - moved[1]) / 2e-5)
            norms.append(math.hypot(*slopes))
        assert norm == pytest.approx(sum(norms) / 2, rel=1e-5)


def test_a_recaller_reads_each_row_by_itself_and_nothing_ahead():
    model, (symbols,) = Recaller(nn.GRU), symbol_batches(1, 6)
    assert (len(symbols), model.rnn.hidden_size) == (64, 64)
    logits = model(symbols)
    assert logits.shape == (64, 6, SYMBOLS)
    torch.testing.assert_close(model(symbols[5:6, :4]), logits[5:6, :4])


def test_measuring_the_gradient_leaves_the_model_as_it_was():
    model, (symbols,) = Recaller(nn.RNN, width=5), symbol_batches(1, 4, size=2)
    gradient_by_distance(model, symbols, (1,))
    assert model.answer.weight.dtype == torch.float32
    assert all(parameter.grad is None for parameter in model.parameters())


def test_the_loss_asks_for_the_first_symbol_at_every_step():
    symbols = torch.tensor([[3, 1, 5], [0, 0, 2]])

    def always(wanted):
        return 20.0 * nn.functional.one_hot(wanted, SYMBOLS).expand(2, 3, SYMBOLS)

    assert recall_loss(lambda given: always(given[:, :1]), symbols) < 1e-6
    assert recall_loss(lambda given: always(given), symbols) > 5


def test_recall_is_counted_at_each_distance():
    class Forgets(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(1))

        def forward(self, symbols):
            named = torch.cat([symbols[:, :1].expand(-1, 3), symbols[:, 3:]], dim=1)
            return nn.functional.one_hot(named, SYMBOLS).float()

    found = recall_by_distance(Forgets(), (0, 2, 3, 6))
    assert found[0] == found[2] == 1 and found[3] < 0.3 and found[6] < 0.3


def test_batches_hold_every_symbol_and_differ():
    first, second = symbol_batches(2, 9, size=40)
    assert first.shape == (40, 9) and set(first.flatten().tolist()) == set(range(SYMBOLS))
    assert not torch.equal(first, second)


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
        for layer in (SteppedRNN(4), LookAround(4))
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

    monkeypatch.setattr(limits.time, "perf_counter", lambda: clock[0])
    assert median_seconds({"a": run("a"), "b": run("b")}) == {"a": 2, "b": 4}
    assert order == ["a", "b"] * 4  # they take turns


def test_forward_and_backward_both_run():
    layer, words = SteppedRNN(3), torch.randn(2, 4, 3, requires_grad=True)
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
