"""A task about position alone: name the position of every digit in a row of random digits.

Shapes use the course's axis letters. In here: rows, the loss, training a network, what
it has right. Not in here: the network, attention, masks, the step of training.
"""

import torch
from torch.nn.functional import cross_entropy

from helpers.training import training_step

START = 10  # the sign at the start of every row; the digits are 0 to 9
LENGTH = 16  # signs in a row


def draw_rows(generator, count):
    """Draw rows of random digits after a sign for the start. Shapes: -> signs (B, T)."""
    signs = torch.randint(START, (count, LENGTH), generator=generator)  # (B, T)
    signs[:, 0] = START
    return signs


def position_loss(model, signs):
    """Return the cross-entropy of each sign's position."""
    wanted = torch.arange(signs.shape[1]).expand(len(signs), -1)  # (B, T)
    return cross_entropy(model(signs).mT, wanted)


def learn_positions(model, seed=0, steps=300, rate=0.003):
    """Train in place on 64 new rows a step, with Adam at a constant rate; return the model."""
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), rate)
    for _ in range(steps):
        training_step(model, draw_rows(generator, 64), optimizer, position_loss)
    return model


@torch.no_grad()
def positions_named(model, seed=0):
    """Return the share of correct positions in new rows, the one of the start left out."""
    signs = draw_rows(torch.Generator().manual_seed(1_000 + seed), 500)  # (B, T)
    correct = model(signs).argmax(dim=-1) == torch.arange(LENGTH)  # (B, T)
    return correct[:, 1:].float().mean().item()
