"""The recall task and notebook 04's networks: PyTorch, finite differences, counts by hand."""

import math

import pytest
import torch
from torch import nn

from helpers.recall import (
    SYMBOLS,
    AttentionRecaller,
    Recaller,
    draw_symbols,
    late_loss,
    recall,
    recall_curve,
)
from tests.support.taught import taught

TAUGHT = taught(
    "04", "SteppedRNN", "SelfAttention", "reached", "gradient_by_distance", "recall_loss"
)


def test_the_stepped_rnn_is_the_rnn_of_torch():
    ours, theirs = TAUGHT.SteppedRNN(5), nn.RNN(5, 5, batch_first=True)
    theirs.weight_ih_l0.data, theirs.bias_ih_l0.data = ours.into.weight.data, ours.into.bias.data
    theirs.weight_hh_l0.data = ours.back.weight.data
    nn.init.zeros_(theirs.bias_hh_l0)
    for words in (torch.randn(2, 7, 5), torch.randn(2, 1, 5)):
        torch.testing.assert_close(ours(words), theirs(words)[0])


def test_self_attention_is_the_attention_of_torch():
    layer, words = TAUGHT.SelfAttention(6), torch.randn(2, 5, 6)
    roles = layer.query(words), layer.key(words), layer.value(words)
    theirs = nn.functional.scaled_dot_product_attention(*roles)
    torch.testing.assert_close(layer(words), theirs)


def test_a_change_follows_who_reads_whom():
    def from_the_left(words, states):
        return words + torch.cat([torch.zeros_like(words[:, :1]), states[:, :-1]], dim=1)

    words = torch.randn(1, 4, 3)
    change = TAUGHT.reached(from_the_left, words.clone(), 1)
    assert change.int().tolist() == [[0, 1, 0, 0], [0, 1, 1, 0], [0, 1, 1, 1], [0, 1, 1, 1]]
    assert TAUGHT.reached(
        lambda words, states: words.mean(1, keepdim=True) + states, words, 2
    ).all()
    assert not TAUGHT.reached(lambda words, states: states, words, 2).any()


def test_a_change_leaves_the_words_alone():
    words = torch.randn(1, 4, 3)
    before = words.clone()
    TAUGHT.reached(lambda words, states: words, words, 0)
    assert torch.equal(words, before)


@pytest.mark.parametrize("cell", [nn.RNN, nn.GRU, nn.LSTM])
def test_the_gradient_is_that_of_finite_differences(cell):
    model, symbols = Recaller(cell, width=5).double(), torch.randint(SYMBOLS, (2, 4))
    words = model.embed(symbols).detach()
    for n, norm in TAUGHT.gradient_by_distance(model, symbols, (0, 1, 3)).items():
        norms = []
        for row in range(2):
            slopes = []
            for i in range(words.shape[-1]):
                moved = []
                for nudge in (1e-5, -1e-5):
                    nudged = words[row : row + 1].clone()
                    nudged[0, 0, i] += nudge
                    logits = model.answer(model.rnn(nudged)[0])[0, n]
                    moved.append(logits[symbols[row, 0]].item())
                slopes.append((moved[0] - moved[1]) / 2e-5)
            norms.append(math.hypot(*slopes))
        assert norm == pytest.approx(sum(norms) / 2, rel=1e-5)


def test_a_recaller_reads_each_row_by_itself_and_nothing_ahead():
    model, symbols = Recaller(nn.GRU), draw_symbols(torch.Generator(), 64, 6)
    logits = model(symbols)
    assert logits.shape == (64, 6, SYMBOLS) and model.rnn.hidden_size == 64
    torch.testing.assert_close(model(symbols[5:6, :4]), logits[5:6, :4])


def test_attention_reads_each_row_by_itself_and_every_position():
    model, symbols = AttentionRecaller(longest=6), draw_symbols(torch.Generator(), 8, 6)
    logits = model(symbols)
    assert logits.shape == (8, 1, SYMBOLS)
    torch.testing.assert_close(model(symbols[5:6]), logits[5:6])
    for s in range(6):
        other = symbols.clone()
        other[:, s] = (other[:, s] + 1) % SYMBOLS
        assert not torch.allclose(model(other), logits)
    assert not torch.allclose(model(symbols.flip(1)), logits)  # it knows the order


def test_measuring_the_gradient_leaves_the_model_as_it_was():
    model, symbols = Recaller(nn.RNN, width=5), draw_symbols(torch.Generator(), 2, 4)
    TAUGHT.gradient_by_distance(model, symbols, (1,))
    assert model.answer.weight.dtype == torch.float32
    assert all(parameter.grad is None for parameter in model.parameters())


def test_the_loss_asks_for_the_first_symbol_at_every_step():
    symbols = torch.tensor([[3, 1, 5], [0, 0, 2]])

    def always(wanted):
        return 20.0 * nn.functional.one_hot(wanted, SYMBOLS).expand(2, 3, SYMBOLS)

    assert TAUGHT.recall_loss(lambda given: always(given[:, :1]), symbols) < 1e-6
    assert TAUGHT.recall_loss(lambda given: always(given), symbols) > 5


class Names(nn.Module):
    """Names the symbol at one place of the sequence, at every step, or at the last step only."""

    def __init__(self, place):
        super().__init__()
        self.place = place
        self.sure = nn.Parameter(torch.tensor(20.0))

    def forward(self, symbols):
        wanted = symbols[:, self.place, None].expand_as(symbols)
        return self.sure * nn.functional.one_hot(wanted, SYMBOLS)


def test_the_late_question_asks_for_the_first_symbol_after_the_last():
    symbols = draw_symbols(torch.Generator(), 64, 5)
    assert recall(Names(0), symbols) == 1 and recall(Names(3), symbols) < 0.5
    assert late_loss(Names(0), symbols) < 1e-6 and late_loss(Names(3), symbols) > 5


def test_a_recall_curve_ends_at_the_goal_or_at_the_most():
    assert recall_curve(Names(0), 4, every=2) == {2: 1.0}
    never = recall_curve(Names(2), 4, every=2, most=6)
    assert list(never) == [2, 4, 6] and max(never.values()) < 0.95
    assert recall_curve(Names(2), 4, every=2, most=6) == never


def test_symbols_are_of_every_kind_and_follow_the_generator():
    one, same, other = (draw_symbols(torch.Generator().manual_seed(s), 40, 9) for s in (1, 1, 2))
    assert one.shape == (40, 9) and set(one.flatten().tolist()) == set(range(SYMBOLS))
    assert torch.equal(one, same) and not torch.equal(one, other)
