"""Which position: rows, the loss and the share by hand, training a network that can count."""

import math

import pytest
import torch
from torch import nn

from helpers import which_position
from helpers.which_position import LENGTH, START, draw_rows, position_loss, positions_named


class Counts(nn.Module):
    """Name the position by a learned number for each, whatever the sign; all 0 at the start."""

    def __init__(self):
        super().__init__()
        self.table = nn.Parameter(torch.zeros(LENGTH, LENGTH))

    def forward(self, signs):
        return self.table.expand(len(signs), -1, -1)  # (B, T, V)


def knows(signs):
    """Name every position correctly."""
    return 50.0 * torch.eye(LENGTH).expand(len(signs), -1, -1)  # (B, T, V)


def knows_the_start_alone(signs):
    """Name position 0 where the sign of the start stands, and 1 everywhere else."""
    return nn.functional.one_hot((signs != START).long(), LENGTH)  # (B, T, V)


def test_a_row_is_the_start_and_random_digits():
    signs = draw_rows(torch.Generator().manual_seed(0), 200)
    assert signs.shape == (200, LENGTH) and (signs[:, 0] == START).all()
    assert set(signs[:, 1:].flatten().tolist()) == set(range(START))
    assert torch.equal(signs, draw_rows(torch.Generator().manual_seed(0), 200))


def test_the_loss_of_those_who_know_and_of_those_who_guess():
    signs = draw_rows(torch.Generator().manual_seed(0), 5)
    assert position_loss(knows, signs) < 1e-6
    assert position_loss(Counts(), signs).item() == pytest.approx(math.log(LENGTH))
    turned = position_loss(lambda rows: knows(rows).flip(1), signs)
    assert turned.item() == pytest.approx(50)  # not one position is its own mirror image


def test_the_start_does_not_count():
    assert positions_named(knows) == 1
    assert positions_named(knows_the_start_alone) == pytest.approx(1 / 15)
    assert positions_named(lambda signs: knows(signs).flip(1)) == 0


def test_training_returns_the_same_network_and_it_has_learned():
    model = Counts()
    assert positions_named(model) < 0.1
    assert which_position.learn_positions(model, steps=20, rate=0.1) is model
    assert positions_named(model) == 1
    again = which_position.learn_positions(Counts(), steps=20, rate=0.1)
    assert torch.equal(model.table, again.table)


def test_training_draws_new_rows_by_its_seed():
    seen = []

    class Spy(Counts):
        def forward(self, signs):
            seen.append(signs)
            return super().forward(signs)

    for seed in (0, 0, 1):
        which_position.learn_positions(Spy(), seed, steps=2)
    assert torch.equal(seen[0], seen[2]) and not torch.equal(seen[0], seen[4])
    assert not torch.equal(seen[0], seen[1]) and len(seen[0]) == 64
