"""Networks handed in for the longer exercise of notebook 07: a gated layer.

RIGHT, WRONG and UNFINISHED are as in `longer_01`. Each is trained for a dozen steps.
"""

import functools

import torch
from torch import nn

from helpers.seq2seq import Seq2Seq
from helpers.transformer import FeedForward
from helpers.two_facts import WIDTH, OneWord, learn_sums
from tests.exercises.banks.longer_01 import SIZES


class Gated(nn.Module):
    """The gated layer, with an activation or without."""

    def __init__(self, activation=None):
        super().__init__()
        self.gate, self.up = nn.Linear(WIDTH, 85), nn.Linear(WIDTH, 85)
        self.down, self.activation = nn.Linear(85, WIDTH), activation or nn.Identity()

    def forward(self, x):
        return self.down(self.activation(self.gate(x)) * self.up(x))


def taught(model, steps=200):
    learn_sums(model, 10, most=steps)
    return model


def network(layer=Gated, *sizes, kind=OneWord, steps=200):
    """Return a function that makes a trained network with such a layer."""

    @functools.cache
    def make():
        torch.manual_seed(0)
        return taught(kind(10, 1, layer(*sizes)), steps)

    return make


# --- right ---


class OneLinear(nn.Module):
    """One linear layer makes both factors, side by side, as many models have it."""

    def __init__(self):
        super().__init__()
        self.both, self.down = nn.Linear(WIDTH, 170, bias=False), nn.Linear(85, WIDTH, bias=False)

    def forward(self, x):
        gate, up = self.both(x).chunk(2, dim=-1)
        return self.down(nn.functional.silu(gate) * up)


class Bare(nn.Module):
    """Three parameters without layers."""

    def __init__(self):
        super().__init__()
        made = torch.randn(2, WIDTH, 85) / WIDTH**0.5, torch.randn(85, WIDTH) / 85**0.5
        self.gate, self.up = map(nn.Parameter, made[0])
        self.down = nn.Parameter(made[1])

    def forward(self, x):
        return ((x @ self.gate) * (x @ self.up)) @ self.down


class Pairs(nn.Module):
    """PyTorch's bilinear layer: every product of two numbers of the input has a weight."""

    def __init__(self):
        super().__init__()
        self.bilinear = nn.Bilinear(WIDTH, WIDTH, WIDTH)

    def forward(self, x):
        return self.bilinear(x, x)


class Normed(Gated):
    def __init__(self):
        super().__init__(nn.SiLU())
        self.norm = nn.LayerNorm(WIDTH)

    def forward(self, x):
        return super().forward(self.norm(x))


class Dropped(Gated):
    """Dropout, which is off when it is judged, and prints."""

    def forward(self, x):
        print("reading", x.shape)
        return nn.functional.dropout(super().forward(x), 0.1, self.training)


class Own(nn.Module):
    """A network of its own, without attention, whose factors are the two embeddings."""

    def __init__(self, n_kinds=10, *_):
        super().__init__()
        self.first, self.second = nn.Embedding(n_kinds, 64), nn.Embedding(n_kinds, 64)
        self.readout = nn.Linear(64, n_kinds)

    def forward(self, facts):
        return self.readout(self.first(facts[:, 0]) * self.second(facts[:, 1]))


RIGHT = {
    "no activation": network(),
    "SiLU": network(Gated, nn.SiLU()),
    "ReLU": network(Gated, nn.ReLU()),
    "sigmoid, the first of its kind": network(Gated, nn.Sigmoid()),
    "both factors side by side": network(OneLinear),
    "bare parameters": network(Bare),
    "all products": network(Pairs),
    "after a layer norm": network(Normed),
    "left in training, with dropout": lambda: network(Dropped)().train(),
    "a network of its own": network(kind=Own),
    "inside another": lambda: nn.Sequential(network()()),
    "in double precision": lambda: network()().double(),
}


# --- wrong ---


class Added(Gated):
    def forward(self, x):
        return self.down(self.gate(x) + self.up(x))


class OneAfterAnother(Gated):
    """The factors are put side by side, and not multiplied."""

    def __init__(self):
        super().__init__()
        self.down = nn.Linear(170, WIDTH)

    def forward(self, x):
        return self.down(torch.cat([self.gate(x), self.up(x)], dim=-1))


class Squared(nn.Module):
    """One and the same map twice."""

    def __init__(self):
        super().__init__()
        self.up, self.down = nn.Linear(WIDTH, 85), nn.Linear(85, WIDTH)

    def forward(self, x):
        return self.down(self.up(x) ** 2)


class WordAxis(OneWord):
    def forward(self, facts):
        return super().forward(facts)[:, None]


class WithMore(OneWord):
    def forward(self, facts):
        return super().forward(facts), facts


class Silent(OneWord):
    def forward(self, facts):
        super().forward(facts)


class Misspelt(OneWord):
    def forward(self, facts):
        return self.readout(wrd)  # noqa: F821


class Broken(OneWord):
    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.first.weight.data[0] = torch.nan


def fresh(kind=OneWord, n_kinds=10, layer=Gated):
    """Return a function that makes an untrained network."""
    return lambda: kind(n_kinds, 1, layer())


WRONG = {
    "so it looks untrained. Train it with `learn_sums(model, 10)`": fresh(),
    "and 90 are needed. It is learning, so train it on": network(steps=5),
    "so both went through linear maps alone, and no training can help": network(Added, steps=20),
    "the same for every first number": network(OneAfterAnother, steps=20),
    "what `gate` and `up` return is multiplied": fresh(layer=lambda: None),
    "What the second number adds": fresh(layer=lambda: FeedForward(WIDTH, 85, nn.Identity())),
    "Its feed-forward layer has two matrices, as `FeedForward` has": network(FeedForward, WIDTH),
    "A gated layer has a third one": network(Squared),
    "`forward` stopped with IndexError": fresh(n_kinds=2),
    "Yours returned a tensor of shape (100, 12)": fresh(n_kinds=12),
    "Yours returned a tensor of shape (100, 1, 10)": fresh(WordAxis),
    "Yours returned 2 things": fresh(WithMore),
    "`forward` returned None": fresh(Silent),
    "`forward` stopped at the line `return self.readout(wrd)": fresh(Misspelt),
    "`forward` stopped with TypeError": lambda: Seq2Seq(*SIZES, width=16),
    "are NaN or infinite": fresh(Broken),
    "no parameters": lambda: nn.Sequential(nn.ReLU()),
}
UNFINISHED = {}
