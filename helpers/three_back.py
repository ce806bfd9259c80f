"""A task about order alone: name the digit that stood three positions back.

Shapes use the course's axis letters. In here: a network with room for any kind of positions, its
loss, training it from three starts, what share of the answers is correct. Not in here: the kinds
of positions, and the step of training.
"""

import statistics

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from helpers.attention import attend, scaled_dot_scores
from helpers.runtime import set_seed
from helpers.training import side_by_side, training_step

KINDS = 10  # of digits
WIDTH = 32  # of the network
LENGTH = 16  # digits in training
BACK = 3  # how far back the answer stands


class ThreeBack(nn.Module):
    """One head of attention between an embedding and a linear layer, with room for positions.

    `codes(length)` returns a code (T, E) for each position, to be added; `score(query, key)`
    compares. Shapes: digits (B, T) -> logits (B, T, V), with V = KINDS. Taught in notebook 06.
    """

    def __init__(self, codes=None, score=scaled_dot_scores):
        super().__init__()
        self.codes, self.score = codes, score
        self.embed, self.answer = nn.Embedding(KINDS, WIDTH), nn.Linear(WIDTH, KINDS)
        self.to_query = nn.Linear(WIDTH, WIDTH, bias=False)
        self.to_key = nn.Linear(WIDTH, WIDTH, bias=False)
        self.to_value = nn.Linear(WIDTH, WIDTH, bias=False)

    def forward(self, digits):
        x = self.embed(digits)  # (B, T, E)
        if self.codes is not None:
            x = x + self.codes(digits.shape[1])  # (B, T, E)
        query, key, value = self.to_query(x), self.to_key(x), self.to_value(x)
        context, _ = attend(query, key, value, score=self.score)  # (B, T, D)
        return self.answer(context)  # (B, T, V)


def three_back_loss(model, digits):
    """Return the cross-entropy of the answers; the first BACK positions have none."""
    return cross_entropy(model(digits)[:, BACK:].mT, digits[:, :-BACK])


def learn_three_back(model, seed=0, steps=150, rate=0.02):
    """Train in place, on 64 new rows of LENGTH digits a step, with Adam at a constant rate."""
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), rate)
    for _ in range(steps):
        digits = torch.randint(KINDS, (64, LENGTH), generator=generator)  # (B, T)
        training_step(model, digits, optimizer, three_back_loss)


def three_runs(build=ThreeBack):
    """Call `build()` three times, each with a seed of its own; train and return the networks."""
    calls = {}
    for run in range(3):
        seed = set_seed(run)
        calls[run] = build(), seed
    side_by_side(learn_three_back, calls)
    return [model for model, _ in calls.values()]


@torch.no_grad()
def correct_answers(model, length, count=200, seed=0):
    """Return which answers are correct in new rows. Shapes: -> (B, T - BACK), boolean."""
    generator = torch.Generator().manual_seed(1_000 + seed)
    digits = torch.randint(KINDS, (count, length), generator=generator)  # (B, T)
    return model(digits)[:, BACK:].argmax(dim=-1) == digits[:, :-BACK]  # (B, _)


def median_share(models, length):
    """Return the share of correct answers in rows of this length, the median of some networks."""
    return statistics.median(correct_answers(m, length).float().mean().item() for m in models)
