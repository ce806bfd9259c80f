"""The copy task: write the digits that were read, with one layer of attention and four heads.

In here: a network whose heads are merged by a function of one's own, its training, what it copies.
Not in here: the layer.
"""

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from helpers.attention import MultiHeadAttention, attend, scaled_dot_scores, split_heads
from helpers.training import training_step

LENGTH = 8  # digits in training


class Copier(nn.Module):
    """Multi-head attention between an embedding with positions and a linear layer.

    `merge` puts the heads together, (B, H, T, D) -> (B, T, E). Shapes: digits (B, T), T up to
    LENGTH -> logits (B, T, 10).
    """

    def __init__(self, merge):
        super().__init__()
        self.digit, self.position = nn.Embedding(10, 32), nn.Embedding(LENGTH, 32)
        self.layer, self.merge, self.answer = MultiHeadAttention(32, 4), merge, nn.Linear(32, 10)

    def forward(self, digits):
        x = self.digit(digits) + self.position.weight[: digits.shape[1]]  # (B, T, E)
        views = self.layer.to_query, self.layer.to_key, self.layer.to_value
        query, key, value = (split_heads(view(x), self.layer.n_heads) for view in views)
        context, _ = attend(query, key, value, score=scaled_dot_scores)  # (B, H, T, D)
        return self.answer(self.layer.to_output(self.merge(context)))  # (B, T, 10)


def copy_loss(model, digits):
    """Return the cross-entropy of each digit at its own position."""
    return cross_entropy(model(digits).mT, digits)


def learn_to_copy(merge, seed=0, steps=300):
    """Return a Copier with this `merge`, trained on 64 random rows of LENGTH digits a step."""
    generator = torch.Generator().manual_seed(seed)
    model = Copier(merge)
    optimizer = torch.optim.Adam(model.parameters(), 3e-3)
    for _ in range(steps):
        digits = torch.randint(10, (64, LENGTH), generator=generator)  # (B, T)
        training_step(model, digits, optimizer, copy_loss)
    return model


@torch.no_grad()
def copied(model, length, seed=0):
    """Return the share of digits that a Copier copies correctly, in rows of this length."""
    generator = torch.Generator().manual_seed(1_000 + seed)
    digits = torch.randint(10, (500, length), generator=generator)  # (B, T)
    return (model(digits).argmax(dim=-1) == digits).float().mean().item()
