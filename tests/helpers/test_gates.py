"""The forget gates of PyTorch's LSTM: one cell by hand."""

import torch
from torch import nn

from helpers.gates import raise_forget_bias
from helpers.seq2seq import Seq2Seq


def test_only_the_forget_gate_is_opened():
    lstm = nn.LSTM(3, 2, batch_first=True)
    for parameter in lstm.parameters():
        nn.init.zeros_(parameter)  # every gate is one half, and what is added is zero
    state = torch.zeros(1, 1, 2), torch.ones(1, 1, 2)
    words = torch.randn(1, 1, 3)  # (B, S, 3)
    _, (_, half) = lstm(words, state)
    assert raise_forget_bias(lstm, 3) is lstm
    _, (_, kept) = lstm(words, state)
    torch.testing.assert_close(half, torch.full((1, 1, 2), 0.5))
    torch.testing.assert_close(kept, torch.sigmoid(torch.full((1, 1, 2), 3.0)))


def test_every_lstm_of_a_translator_is_opened_and_nothing_else():
    model, other = Seq2Seq(9, 9, 8), Seq2Seq(9, 9, 8)
    other.load_state_dict(model.state_dict())
    raise_forget_bias(other, 1)
    for (name, one), two in zip(model.named_parameters(), other.parameters(), strict=True):
        moved = (two - one).detach()
        if "bias_ih" in name:
            assert moved.reshape(4, -1).sum(dim=1).tolist() == [0, len(one) / 4, 0, 0]
        else:
            assert torch.equal(one, two)
    assert sum("bias_ih" in name for name, _ in model.named_parameters()) == 3
