"""Networks handed in for the longer exercise of notebook 04: a GRU that remembers the first symbol.

RIGHT, WRONG and UNFINISHED are as in `longer_01`. One network is trained, for a second or two; the
others hold its parameters, or are made by hand.
"""

import copy
import functools

import torch
from torch import nn

from helpers.recall import SYMBOLS, Recaller, recall_curve
from helpers.seq2seq import Seq2Seq
from tests.exercises.banks.longer_01 import SIZES, cell_of


@functools.cache
def trained():
    """Return the solution's network, trained once."""
    torch.manual_seed(1)
    model = Recaller(nn.GRU)
    with torch.no_grad():
        model.rnn.bias_ih_l0.chunk(3)[1].add_(3)
    recall_curve(model, 33, goal=0.98)
    return model


def dressed(kind):
    """Return a network of another class with the parameters of the trained one."""
    model = kind(nn.GRU)
    model.load_state_dict(trained().state_dict())
    return model


# --- right ---


class LastAlone(Recaller):
    def forward(self, symbols):
        _, last = self.rnn(self.embed(symbols))
        return self.answer(last[0])


class OneStep(Recaller):
    """The last step alone is answered, and its axis stays."""

    def forward(self, symbols):
        states, _ = self.rnn(self.embed(symbols))
        return self.answer(states[:, -1:])


class StepsFirst(Recaller):
    """The steps come first inside."""

    def __init__(self, cell):
        super().__init__(cell)
        self.rnn = cell(16, 64)

    def forward(self, symbols):
        states, _ = self.rnn(self.embed(symbols.T))
        return self.answer(states).transpose(0, 1)


class Cell(nn.Module):
    """A cell in a loop, with names of its own."""

    def __init__(self, model):
        super().__init__()
        self.look_up, self.step, self.name = model.embed, cell_of(model.rnn), model.answer

    def forward(self, x):
        h = torch.zeros(len(x), 64)
        for symbol in x.T:
            h = self.step(self.look_up(symbol), h)
        return self.name(h)


class ByHand(Cell):
    """The gates are written out."""

    def forward(self, x):
        h = torch.zeros(len(x), 64)
        for symbol in x.T:
            given = self.look_up(symbol) @ self.step.weight_ih.T + self.step.bias_ih
            kept = h @ self.step.weight_hh.T + self.step.bias_hh
            (r, z, n), (hr, hz, hn) = given.chunk(3, dim=-1), kept.chunk(3, dim=-1)
            z = (z + hz).sigmoid()
            h = (1 - z) * (n + (r + hr).sigmoid() * hn).tanh() + z * h
        return self.name(h)


class Dropped(Recaller):
    """Dropout, which is off when it is judged, and prints."""

    def forward(self, symbols):
        print("reading", symbols.shape)
        states, _ = self.rnn(self.embed(symbols))
        return self.answer(nn.functional.dropout(states, 0.9, self.training))


class First(nn.Module):
    """No recurrence: the first symbol is looked up. `known` of the symbols have logits."""

    def __init__(self, known=SYMBOLS):
        super().__init__()
        logits = torch.eye(SYMBOLS)
        logits[known:] = logits[0]
        self.logits = nn.Embedding.from_pretrained(logits, freeze=False)

    def forward(self, symbols):
        return self.logits(symbols[:, 0])


RIGHT = {
    "as in the solution": trained,
    "an answer after the last symbol alone": lambda: dressed(LastAlone),
    "one step that is answered": lambda: dressed(OneStep),
    "the steps first": lambda: dressed(StepsFirst),
    "a cell in a loop": lambda: Cell(trained()),
    "the gates by hand": lambda: ByHand(trained()),
    "inside another": lambda: nn.Sequential(trained()),
    "in double precision": lambda: copy.deepcopy(trained()).double(),
    "left in training, with dropout": lambda: dressed(Dropped).train(),
    "no recurrent network": First,
}


# --- wrong ---


class Fresh(Recaller):
    """As PyTorch starts it; untrained."""

    def __init__(self):
        super().__init__(nn.GRU, width=16)


class BatchSecond(Fresh):
    """The network goes along the batch."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(16, 16)


class Latest(First):
    """It names the last symbol."""

    def forward(self, symbols):
        return self.logits(symbols[:, -1])


class Symbols(First):
    def forward(self, symbols):
        return symbols[:, 0]


class Named(Fresh):
    """It returns the symbols that it names."""

    def forward(self, symbols):
        return super().forward(symbols).argmax(dim=-1)


class ForLoss(Fresh):
    """The axes are those that cross_entropy wants."""

    def forward(self, symbols):
        return super().forward(symbols).mT


class StepsOut(StepsFirst):
    """The steps come first, and stay there."""

    def __init__(self):
        super().__init__(nn.GRU)

    def forward(self, symbols):
        return super().forward(symbols).transpose(0, 1)


class WithState(Fresh):
    def forward(self, symbols):
        states, last = self.rnn(self.embed(symbols))
        return self.answer(states), last


class States(Fresh):
    def forward(self, symbols):
        return self.rnn(self.embed(symbols))[0]


class OneTooMany(First):
    """It has a ninth answer."""

    def __init__(self):
        super().__init__()
        self.logits = nn.Embedding(SYMBOLS, SYMBOLS + 1)


class Probability(Fresh):
    def forward(self, symbols):
        return super().forward(symbols)[:, -1].softmax(dim=-1).amax(dim=-1)


class Silent(Fresh):
    def forward(self, symbols):
        super().forward(symbols)


class Misspelt(Fresh):
    def forward(self, symbols):
        return self.answer(stats)  # noqa: F821


class OneHot(Fresh):
    """It wants symbols as vectors, not as numbers."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(SYMBOLS, 16, batch_first=True)

    def forward(self, symbols):
        return self.answer(self.rnn(symbols)[0])


class Of64(Fresh):
    """It begins with a state for batches of 64."""

    def forward(self, symbols):
        return self.answer(self.rnn(self.embed(symbols), torch.zeros(1, 64, 16))[0])


class Broken(Fresh):
    def __init__(self):
        super().__init__()
        self.rnn.bias_ih_l0.data[20] = torch.nan


WRONG = {
    "%: at chance, which is one in eight": Fresh,
    "which sign keeps most of the state?": Latest,
    "which slice of `bias_ih_l0` is its bias": lambda: Recaller(nn.LSTM),
    "changes with the other sequences of the batch": BatchSecond,
    "of which the last step counts. Yours returned a tensor of shape (500, 33).": Named,
    "(500, 8), or of shape (500, 33, 8)": Symbols,
    "returned a tensor of shape (500, 8, 33)": ForLoss,
    "returned a tensor of shape (33, 500, 8)": StepsOut,
    "returned 2 things": WithState,
    "returned a tensor of shape (500, 33, 16)": States,
    "returned a tensor of shape (500, 9)": OneTooMany,
    "returned a tensor of shape (500,)": Probability,
    "`forward` returned None": Silent,
    "`forward` stopped at the line `return self.answer(stats)": Misspelt,
    "`forward` stopped at the line `return self.answer(self.rnn(symbols)[0])` with": OneHot,
    "`forward` stopped at the line `return self.answer(self.rnn(self.embed(symbols), torch": Of64,
    "`forward` stopped with TypeError": lambda: Seq2Seq(*SIZES, width=16),
    "are NaN or infinite": Broken,
    "no parameters": lambda: nn.Sequential(nn.ReLU()),
    "425 are needed. It is learning, so train it on": lambda: First(known=4),
}
UNFINISHED = {"%: 425 are needed": lambda: First(known=5)}
