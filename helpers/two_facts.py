"""A task about two facts: add two numbers and keep the remainder; with two kinds, that is XOR.

Shapes use the course's axis letters. In here: all questions of the task, networks that get both
facts in one word or in two, training them. Not in here: the layers, and the step of training.
"""

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from helpers.attention import SelfAttention
from helpers.training import training_step

WIDTH = 32  # of the networks


def all_sums(n_kinds):
    """Return every pair of numbers below `n_kinds`, and their sum modulo `n_kinds`.

    Shapes: -> facts (B, 2), answers (B), with B = n_kinds².
    """
    numbers = torch.arange(n_kinds)
    facts = torch.cartesian_prod(numbers, numbers)  # (B, 2)
    return facts, facts.sum(dim=1) % n_kinds


class OneWord(nn.Module):
    """Layers of attention over a sentence of one word, whose vector holds both facts.

    A feed-forward layer may follow. Each layer's input is added to its output. Shapes: facts
    (B, 2) -> logits (B, V), with V = n_kinds. Taught in notebook 07.
    """

    def __init__(self, n_kinds, n_layers=1, feed_forward=None):
        super().__init__()
        self.first, self.second = nn.Embedding(n_kinds, WIDTH), nn.Embedding(n_kinds, WIDTH)
        layers = [SelfAttention(WIDTH, WIDTH) for _ in range(n_layers)]
        self.layers, self.feed_forward = nn.ModuleList(layers), feed_forward
        self.readout = nn.Linear(WIDTH, n_kinds)

    def words(self, facts):
        both = self.first(facts[:, 0]) + self.second(facts[:, 1])  # (B, E)
        return both[:, None]  # (B, 1, E)

    def forward(self, facts):
        x = self.words(facts)  # (B, T, E)
        for attention in self.layers:
            x = x + attention(x)[0]
        if self.feed_forward is not None:
            x = x + self.feed_forward(x)
        return self.readout(x[:, -1])  # (B, V)


class ThreeWords(OneWord):
    """The same layers over three words: one for each fact, and one that asks and answers.

    Taught in notebook 07.
    """

    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.asks = nn.Parameter(torch.randn(WIDTH))

    def words(self, facts):
        asks = self.asks.expand(len(facts), -1)  # (B, E)
        words = self.first(facts[:, 0]), self.second(facts[:, 1]), asks
        return torch.stack(words, dim=1)  # (B, 3, E)


def fact_loss(model, questions):
    """Return the cross-entropy of the answers."""
    facts, answers = questions
    return cross_entropy(model(facts), answers)


def learn_sums(model, n_kinds, rate=0.01, most=200, goal=0.1):
    """Train on all questions in every step, until the loss is at or below `goal`; return the steps.

    Adam at a constant rate. Where the goal is not reached in `most` steps, returns None.
    """
    optimizer, questions = torch.optim.Adam(model.parameters(), rate), all_sums(n_kinds)
    for step in range(1, most + 1):
        if training_step(model, questions, optimizer, fact_loss) <= goal:
            return step
    return None


@torch.no_grad()
def correct_sums(model, n_kinds):
    """Return the share of all questions that are answered correctly."""
    facts, answers = all_sums(n_kinds)
    return (model(facts).argmax(dim=-1) == answers).float().mean().item()
