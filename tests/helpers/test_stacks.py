"""Stacks of blocks: as deep as asked, the same start and batches for all, the best rate found."""

import math

import pytest
import torch
from torch import nn

from helpers import stacks
from helpers.corpus import excerpts
from helpers.language_model import next_token_loss
from helpers.stored_runs import StoredRun
from helpers.training import History, train


class Shift(nn.Module):
    """The smallest block: a bias that is added."""

    def __init__(self, width):
        super().__init__()
        self.bias = nn.Parameter(torch.randn(width))

    def forward(self, x, mask=None):
        return x + self.bias, None


def test_a_stack_has_blocks_of_its_own_and_always_the_same_start():
    first, second = (stacks.stack(Shift, 3, 7) for _ in range(2))
    assert len(first.blocks) == len(set(map(id, first.blocks))) == 3
    assert first.embed.weight.shape == (7, stacks.WIDTH) == (7, 32)
    assert all(map(torch.equal, first.parameters(), second.parameters()))
    assert isinstance(first.norm, nn.Identity)


@pytest.mark.parametrize("depth", [1, 2])
def test_all_rates_are_trained_as_one_alone_would_be(depth, monkeypatch):
    monkeypatch.setattr(stacks, "RATES", (0.01, 0.1))
    tokens = torch.randint(7, (500,), generator=torch.Generator().manual_seed(0))
    ends = stacks.train_stacks(Shift, tokens, 7, seed=3, steps=25, depth=depth)
    assert list(ends) == [0.01, 0.1]
    batches = excerpts(tokens, 25, length=32, size=16, seed=3)
    for rate, bits in ends.items():
        alone = stacks.stack(Shift, depth, 7)
        recipe = {"steps": 25, "learning_rate": rate, "loss": next_token_loss, "seed": 3}
        losses = train(alone, batches, **recipe).losses
        assert bits == pytest.approx(sum(losses[-20:]) / 20 / math.log(2))
    assert min(ends.values()) < math.log2(7) + 0.2


def test_a_training_that_broke_off_counts_as_infinite(monkeypatch):
    ends = iter([math.nan, 2.0, 1.0])

    def train_all(models, batches, **options):
        assert all(len(model.blocks) == 8 for model in models.values())
        return {name: History([next(ends)] * 30) for name in models}

    monkeypatch.setattr(stacks, "train_all", train_all)
    bits = stacks.train_stacks(Shift, torch.arange(100) % 7, 7)
    assert [end * math.log(2) for end in bits.values()] == pytest.approx([math.inf, 2.0, 1.0])


def test_the_best_of_a_stored_run_is_that_of_each_seed():
    first = {"plain": {1: {"0.1": 3.0, "0.2": 2.0}, 4: {"0.1": 4.0, "0.2": 5.0}}}
    second = {"plain": {1: {"0.1": 1.0, "0.2": 2.5}, 4: {"0.1": 4.5, "0.2": 4.2}}}
    results = {0: first | {"character frequencies": 4.7}, 1: second}
    run = StoredRun("toy", results, {0: 1.0, 1: 1.0})
    assert stacks.best_by_depth(run) == {"plain": {1: [2.0, 1.0], 4: [4.0, 4.2]}}


def test_means_by_rate_are_over_the_seeds():
    seeds = {
        0: {"plain": {8: {"0.1": 1.0, "1.0": 2.0}}},
        5: {"plain": {8: {"0.1": 2.0, "1.0": 6.0}}},
    }
    run = StoredRun("toy", seeds, {0: 1.0, 5: 1.0})
    assert stacks.mean_by_rate(run, "plain", 8) == {0.1: 1.5, 1.0: 4.0}
    with pytest.raises(KeyError):
        stacks.mean_by_rate(run, "plain", 4)
