"""The recall task: name the first symbol of a sequence after all that has been read since.

In here: its data, two networks for it, one recurrent and one with attention, how often a model is
right, and learning curves. Not in here: other models, the optimizer's loop.
"""

import torch
from torch import nn

from helpers.attention import attend, scaled_dot_scores
from helpers.training import training_step

SYMBOLS = 8  # kinds of symbols; guessing is right one time in SYMBOLS


def draw_symbols(generator, count, length):
    """Draw random symbols for the recall task.

    Shapes: -> (count, length), whole numbers below SYMBOLS.
    """
    return torch.randint(SYMBOLS, (count, length), generator=generator)


class Recaller(nn.Module):
    """A recurrent network that says after each symbol which one was the first.

    Shapes: symbols (B, S) -> logits (B, S, V). Taught in notebook 04.
    """

    def __init__(self, cell, width=64):
        super().__init__()
        self.embed = nn.Embedding(SYMBOLS, 16)
        self.rnn = cell(16, width, batch_first=True)
        self.answer = nn.Linear(width, SYMBOLS)

    def forward(self, symbols):
        states, _ = self.rnn(self.embed(symbols))  # (B, S, E)
        return self.answer(states)  # (B, S, V)


class AttentionRecaller(nn.Module):
    """One learned query that attends to all symbols, and no recurrence.

    Shapes: symbols (B, S) -> logits (B, 1, V). Raises what PyTorch raises for more than `longest`
    symbols. Taught in notebook 04.
    """

    def __init__(self, width=64, longest=129):
        super().__init__()
        self.embed = nn.Embedding(SYMBOLS, width)
        self.position = nn.Embedding(longest, width)
        self.query = nn.Parameter(torch.randn(width))
        self.answer = nn.Linear(width, SYMBOLS)

    def forward(self, symbols):
        states = self.embed(symbols) + self.position.weight[: symbols.shape[1]]  # (B, S, E)
        query = self.query.expand(len(symbols), 1, -1)  # (B, 1, E)
        context, _ = attend(query, states, states, score=scaled_dot_scores)  # (B, 1, E)
        return self.answer(context)  # (B, 1, V)


def late_loss(model, symbols):
    """Return the cross-entropy of the answer after the last symbol.

    Shapes: symbols (B, S) -> a scalar. Taught in notebook 04.
    """
    return nn.functional.cross_entropy(model(symbols)[:, -1], symbols[:, 0])


def recall_curve(model, length, seed=0, rate=1e-2, goal=0.95, every=10, most=400):
    """Train on the question after the last symbol; return the share of right answers by step.

    Adam at a constant rate on 64 fresh sequences a step, until `goal` of 512 others are right.
    Taught in notebook 04.
    """
    generator = torch.Generator().manual_seed(seed)
    test = draw_symbols(generator, 512, length)  # (B, S)
    optimizer = torch.optim.Adam(model.parameters(), rate)
    right = {}
    for step in range(1, most + 1):
        training_step(model, draw_symbols(generator, 64, length), optimizer, late_loss)
        if step % every == 0:
            right[step] = recall(model, test)
            if right[step] >= goal:
                break
    return right


@torch.no_grad()
def recall(model, symbols):
    """Return how often the model is right about the first symbol, after the last one.

    Shapes: symbols (B, S) -> a number.
    """
    return (model(symbols)[:, -1].argmax(dim=-1) == symbols[:, 0]).float().mean().item()
