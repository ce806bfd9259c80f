"""Networks handed in for the longer exercise of notebook 01: GRUs in the place of both LSTMs.

RIGHT: a dress, and a function that makes the network. WRONG: part of what it must be told, and a
function that makes it untrained. UNFINISHED: the same, of networks that have been trained a little.
"""

import copy
import functools
import types

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from helpers.seq2seq import Seq2Seq
from helpers.tasks import PAD, number_words_task
from helpers.training import learning_curve

TASK = number_words_task()
SIZES = len(TASK.source_vocab), len(TASK.target_vocab)


class GRUSeq2Seq(Seq2Seq):
    def __init__(self, source_size, target_size, width=128):
        super().__init__(source_size, target_size, width)
        self.encoder = nn.GRU(32, width // 2, batch_first=True, bidirectional=True)
        self.decoder = nn.GRU(32, width, batch_first=True)

    def last_state(self, source):
        lengths = (source != PAD).sum(dim=1).cpu()
        words = self.embed_source(source)
        words = pack_padded_sequence(words, lengths, batch_first=True, enforce_sorted=False)
        return self.encoder(words)[1]

    def read(self, source):
        last = self.last_state(source)
        return None, torch.cat([last[0], last[1]], dim=-1)[None]


def fit(model, digits=5, goal=0.98):
    """Train a network and return it; the goal leaves room above what a checker needs."""
    learning_curve(model, TASK, digits, seed=1, goal=goal)
    return model


@functools.cache
def trained(digits=5, goal=0.98):
    """Return the solution's network, trained once."""
    torch.manual_seed(1)
    return fit(GRUSeq2Seq(*SIZES), digits, goal)


def dressed(kind, *arguments):
    """Return a network of another class with the parameters of the trained one."""
    model = kind(*arguments)
    model.load_state_dict(trained().state_dict())
    return model


# --- right ---


def patched():
    model = Seq2Seq(*SIZES, width=128)
    model.encoder = nn.GRU(32, 64, batch_first=True, bidirectional=True)
    model.decoder = nn.GRU(32, 128, batch_first=True)
    model.last_state = types.MethodType(GRUSeq2Seq.last_state, model)
    model.read = types.MethodType(GRUSeq2Seq.read, model)
    model.load_state_dict(trained().state_dict())
    return model


class Own(nn.Module):
    """Written from the first line, with names of its own, and the state in a tuple of one."""

    def __init__(self, model):
        super().__init__()
        self.words, self.tokens = model.embed_source, model.embed_target
        self.reader, self.writer, self.choose = model.encoder, model.decoder, model.predict

    def encode(self, source):
        lengths = source.ne(PAD).sum(1).cpu()
        packed = pack_padded_sequence(
            self.words(source), lengths, batch_first=True, enforce_sorted=False
        )
        _, ends = self.reader(packed)
        return (ends.transpose(0, 1).flatten(1)[None].contiguous(),)

    def decode(self, target, state):
        states, end = self.writer(self.tokens(target), state[0])
        return [self.choose(states), (end,)]


def cell_of(gru, suffix=""):
    """Return a cell with the parameters of a GRU."""
    cell = nn.GRUCell(gru.input_size, gru.hidden_size)
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        setattr(cell, name, getattr(gru, f"{name}_l0{suffix}"))
    return cell


class Cells(nn.Module):
    """Three cells, in loops; a state stands still where there is padding."""

    def __init__(self, model):
        super().__init__()
        self.words, self.tokens = model.embed_source, model.embed_target
        self.forth, self.back = cell_of(model.encoder), cell_of(model.encoder, "_reverse")
        self.writer, self.choose = cell_of(model.decoder), model.predict

    def encode(self, source):
        ends = []
        for cell, order in ((self.forth, 1), (self.back, -1)):
            h = torch.zeros(len(source), 64)
            for s in range(source.shape[1])[::order]:
                word = source[:, s]
                h = torch.where(word[:, None] != PAD, cell(self.words(word), h), h)
            ends.append(h)
        return torch.cat(ends, dim=-1)

    def decode(self, target, h):
        logits = []
        for token in target.T:
            h = self.writer(self.tokens(token), h)
            logits.append(self.choose(h))
        return torch.stack(logits, dim=1), h


class ByHand(Cells):
    """The cell that writes is not called; its weights are used."""

    def decode(self, target, h):
        cell, logits = self.writer, []
        for token in target.T:
            weights = cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh
            h = torch.gru_cell(self.tokens(token), h, *weights)
            logits.append(self.choose(h))
        return torch.stack(logits, dim=1), h


class Outer(nn.Module):
    """A network that asks the one inside."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def encode(self, source):
        return {"state": self.inner.encode(source), "words": None}

    def decode(self, target, memory):
        logits, memory["state"] = self.inner.decode(target, memory["state"])
        return logits, memory


class Dropped(GRUSeq2Seq):
    def decode(self, target, last):
        words = nn.functional.dropout(self.embed_target(target), 0.5, self.training)
        states, last = self.decoder(words, last)
        return self.predict(states), last

    def forward(self, source, target):
        print("forward")
        return super().forward(source, target)


class Talking(GRUSeq2Seq):
    def encode(self, source):
        print("reading", source.shape)
        torch.manual_seed(0)
        return super().encode(source)


class Deep(GRUSeq2Seq):
    """Two layers that write; both begin with the one state that is handed over."""

    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.decoder = nn.GRU(32, 128, num_layers=2, batch_first=True)

    def encode(self, source):
        return super().encode(source).expand(2, -1, -1).contiguous()


class OneWay(GRUSeq2Seq):
    """One GRU that reads in one direction only, and another width."""

    def __init__(self, *sizes):
        super().__init__(*sizes, 96)
        self.encoder = nn.GRU(32, 96, batch_first=True)

    def encode(self, source):
        return self.last_state(source)


@functools.cache
def one_way():
    return fit(OneWay(*SIZES))


RIGHT = {
    "as in the solution": trained,
    "put in from outside": patched,
    "names of its own": lambda: Own(trained()),
    "cells in loops": lambda: Cells(trained()),
    "a step by hand": lambda: ByHand(trained()),
    "inside another, in a dict": lambda: Outer(trained()),
    "in double precision": lambda: copy.deepcopy(trained()).double(),
    "left in training, with dropout": lambda: dressed(Dropped, *SIZES).train(),
    "prints, and sets a seed": lambda: dressed(Talking, *SIZES),
    "two layers that write": lambda: fit(Deep(*SIZES)),
    "reads one way, 96 wide": one_way,
}


# --- wrong ---


class Small(GRUSeq2Seq):
    def __init__(self):
        super().__init__(*SIZES, width=16)


class OnlyReader(Small):
    """Only the encoder was replaced; `read` makes a pair for the LSTM."""

    def __init__(self):
        super().__init__()
        self.decoder = nn.LSTM(32, 16, batch_first=True)

    def read(self, source):
        states, h = super().read(source)
        return states, (h, torch.zeros_like(h))


class OnlyWriter(Seq2Seq):
    def __init__(self):
        super().__init__(*SIZES, width=16)
        self.decoder = nn.GRU(32, 16, batch_first=True)

    def encode(self, source):
        return super().encode(source)[0]


class OnlyReaderUnfinished(Seq2Seq):
    """Only the encoder was replaced, and nothing else was thought of."""

    def __init__(self):
        super().__init__(*SIZES, width=16)
        self.encoder = nn.GRU(32, 8, batch_first=True, bidirectional=True)

    def read(self, source):
        states, last = self.encoder(self.embed_source(source))
        h, c = (torch.cat([both[0], both[1]], dim=-1)[None] for both in last)
        return states, (h, c)


class Beside(Small):
    """The LSTM stays, unused, beside a GRU of another name."""

    def __init__(self):
        super().__init__()
        self.gru, self.encoder = self.encoder, nn.LSTM(32, 16)

    def last_state(self, source):
        return self.gru(self.embed_source(source))[1]


class Plain(Small):
    """The plainest RNNs in the place of both."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.RNN(32, 8, batch_first=True, bidirectional=True)
        self.decoder = nn.RNN(32, 16, batch_first=True)


class PlainWriter(Small):
    def __init__(self):
        super().__init__()
        self.decoder = nn.RNN(32, 16, batch_first=True)


class PlainReader(Small):
    def __init__(self):
        super().__init__()
        self.encoder = nn.RNN(32, 8, batch_first=True, bidirectional=True)


class Inherited(Seq2Seq):
    def __init__(self):
        super().__init__(*SIZES, width=16)
        self.encoder = nn.GRU(32, 8, batch_first=True, bidirectional=True)
        self.decoder = nn.GRU(32, 16, batch_first=True)


class Pair(Small):
    def read(self, source):
        states, last = self.encoder(self.embed_source(source))
        h, c = (torch.cat([both[0], both[1]], dim=-1)[None] for both in last)
        return states, (h, c)


class NoAxis(Small):
    def read(self, source):
        last = self.last_state(source)
        return None, torch.cat([last[0], last[1]], dim=-1)

    def decode(self, target, last):
        states, last = self.decoder(self.embed_target(target), last)
        return self.predict(states), last


class Misspelt(Small):
    def encode(self, source):
        return self.read(sorce)[1]  # noqa: F821


class Silent(Small):
    def encode(self, source):
        self.read(source)


class Alone(Small):
    def decode(self, target, last):
        return self.predict(self.decoder(self.embed_target(target), last)[0])


class OldState(Small):
    def decode(self, target, last):
        states, _ = self.decoder(self.embed_target(target), last)
        return self.predict(states), last


class FromNothing(Small):
    """Every call of `decode` begins with zeros."""

    def decode(self, target, last):
        states, last = self.decoder(self.embed_target(target))
        return self.predict(states), last


class LastOnly(Small):
    def decode(self, target, last):
        states, last = self.decoder(self.embed_target(target), last)
        return self.predict(states[:, -1]), last


class AllStates(Small):
    def encode(self, source):
        states, _ = self.encoder(self.embed_source(source))
        return states, super().encode(source)

    def decode(self, target, memory):
        logits, last = super().decode(target, memory[1])
        return logits, (memory[0], last)


class Broken(Small):
    def __init__(self):
        super().__init__()
        self.predict.bias.data[3] = torch.nan


WRONG = {
    "Its RNNs are still LSTMs": lambda: Seq2Seq(*SIZES, width=16),
    "There is no `nn.GRU` in it": Plain,
    "the encoder is still an LSTM": OnlyWriter,
    "The encoder is a GRU now, and the decoder is still an LSTM": OnlyReader,
    "the decoder is still an LSTM. Replace it too": OnlyReaderUnfinished,
    "`del gru_model.encoder`": Beside,
    "No GRU runs in `encode`": PlainReader,
    "No GRU runs in `decode`": PlainWriter,
    "`read` takes it for a pair": Pair,
    "a pair, h and c. Rewrite `read`": Inherited,
    "`decode` stopped at the line `states, last = self.decoder(": NoAxis,
    "`encode` stopped at the line `return self.read(sorce)[1]": Misspelt,
    "with NameError: name 'sorce' is not defined.": Misspelt,
    "`encode` returned None": Silent,
    "yours returned a tensor of shape (12, 1, 17)": Alone,
    "should be a tensor of shape (12, 1, 17): yours are a tensor of shape (12, 17)": LastOnly,
    "gives other logits than for all at once": OldState,
    "Begin with the state that comes in": FromNothing,
    "the last state alone": AllStates,
    "are NaN or infinite": Broken,
    "no method `encode`": lambda: nn.GRU(32, 16),
    "no parameters": lambda: nn.Sequential(nn.ReLU()),
    "it looks untrained. Train it first": Small,
}
UNFINISHED = {
    "170 are needed. Train it on": lambda: trained(goal=0.5),
    "It was trained on another length: of numbers of 3 digits": lambda: trained(digits=3),
}
