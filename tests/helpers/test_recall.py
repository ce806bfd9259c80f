"""The recall task and notebook 04's networks: PyTorch, finite differences, counts by hand."""

import math

import pytest
import torch
from torch import nn

from helpers.recall import SYMBOLS, recall_by_distance, symbol_batches
from tests.support.taught import taught

TAUGHT = taught(
    "04", "SteppedRNN", "LookAround", "ripples", "Recaller", "recall_loss", "gradient_by_distance"
)


def test_the_stepped_rnn_is_the_rnn_of_torch():
    ours, theirs = TAUGHT.SteppedRNN(5), nn.RNN(5, 5, batch_first=True)
    theirs.weight_ih_l0.data, theirs.bias_ih_l0.data = ours.into.weight.data, ours.into.bias.data
    theirs.weight_hh_l0.data = ours.back.weight.data
    nn.init.zeros_(theirs.bias_hh_l0)
    for words in (torch.randn(2, 7, 5), torch.randn(2, 1, 5)):
        torch.testing.assert_close(ours(words), theirs(words)[0])


def test_self_attention_is_the_attention_of_torch():
    layer, words = TAUGHT.LookAround(6), torch.randn(2, 5, 6)
    query, key, value = layer.roles(words).chunk(3, dim=-1)
    theirs = nn.functional.scaled_dot_product_attention(query, key, value)
    torch.testing.assert_close(layer(words), theirs)


def test_ripples_follow_who_reads_whom():
    def from_the_left(words, states):
        return words + torch.cat([torch.zeros_like(words[:, :1]), states[:, :-1]], dim=1)

    words = torch.randn(1, 4, 3)
    heard = TAUGHT.ripples(from_the_left, words.clone(), 1)
    assert heard.int().tolist() == [[0, 1, 0, 0], [0, 1, 1, 0], [0, 1, 1, 1], [0, 1, 1, 1]]
    assert TAUGHT.ripples(
        lambda words, states: words.mean(1, keepdim=True) + states, words, 2
    ).all()
    assert not TAUGHT.ripples(lambda words, states: states, words, 2).any()


def test_ripples_leave_the_words_alone():
    words = torch.randn(1, 4, 3)
    before = words.clone()
    TAUGHT.ripples(lambda words, states: words, words, 0)
    assert torch.equal(words, before)


@pytest.mark.parametrize("cell", [nn.RNN, nn.GRU, nn.LSTM])
def test_the_gradient_is_that_of_finite_differences(cell, monkeypatch):
    model, symbols = TAUGHT.Recaller(cell, width=5).double(), torch.randint(SYMBOLS, (2, 4))
    directions = torch.randn(2, 5, dtype=torch.double)
    monkeypatch.setattr(torch, "randn_like", lambda like: directions.clone())
    words = model.embed(symbols).detach()
    for n, norm in TAUGHT.gradient_by_distance(model, symbols, (0, 1, 3)).items():
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
    model, (symbols,) = TAUGHT.Recaller(nn.GRU), symbol_batches(1, 6)
    assert (len(symbols), model.rnn.hidden_size) == (64, 64)
    logits = model(symbols)
    assert logits.shape == (64, 6, SYMBOLS)
    torch.testing.assert_close(model(symbols[5:6, :4]), logits[5:6, :4])


def test_measuring_the_gradient_leaves_the_model_as_it_was():
    model, (symbols,) = TAUGHT.Recaller(nn.RNN, width=5), symbol_batches(1, 4, size=2)
    TAUGHT.gradient_by_distance(model, symbols, (1,))
    assert model.answer.weight.dtype == torch.float32
    assert all(parameter.grad is None for parameter in model.parameters())


def test_the_loss_asks_for_the_first_symbol_at_every_step():
    symbols = torch.tensor([[3, 1, 5], [0, 0, 2]])

    def always(wanted):
        return 20.0 * nn.functional.one_hot(wanted, SYMBOLS).expand(2, 3, SYMBOLS)

    assert TAUGHT.recall_loss(lambda given: always(given[:, :1]), symbols) < 1e-6
    assert TAUGHT.recall_loss(lambda given: always(given), symbols) > 5


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
