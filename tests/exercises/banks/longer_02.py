"""Networks handed in for the longer exercise of notebook 02: Bahdanau's wiring of attention.

RIGHT, WRONG and UNFINISHED are as in `longer_01`.
"""

import copy
import functools
import types
from typing import NamedTuple

import torch
from torch import nn

from helpers.attention import attend
from helpers.seq2seq import AttentionSeq2Seq, Seq2Seq
from helpers.tasks import PAD
from tests.exercises.banks.longer_01 import SIZES, fit


class BahdanauSeq2Seq(AttentionSeq2Seq):
    def __init__(self, source_size, target_size, width=128):
        super().__init__(source_size, target_size, width)
        self.cell = nn.LSTMCell(32 + width, width)

    def decode(self, target, memory):
        (h, c), states, mask = memory
        h, c = h[0], c[0]
        logits, looks = [], []
        for word in self.embed_target(target).unbind(dim=1):
            context, weights = attend(h[:, None], states, states, mask[:, None], self.score)
            h, c = self.cell(torch.cat([word, context[:, 0]], dim=-1), (h, c))
            logits.append(self.predict(torch.cat([context[:, 0], h], dim=-1)))
            looks.append(weights)
        memory = (h[None], c[None]), states, mask
        return torch.stack(logits, dim=1), memory, torch.cat(looks, dim=1)


@functools.cache
def trained(digits=5, goal=0.98):
    """Return the solution's network, trained once."""
    torch.manual_seed(1)
    return fit(BahdanauSeq2Seq(*SIZES), digits, goal)


def dressed(kind):
    """Return a network of another class with the parameters of the trained one."""
    model = kind(*SIZES)
    model.load_state_dict(trained().state_dict())
    return model


# --- right ---


def patched():
    model = AttentionSeq2Seq(*SIZES, width=128)
    model.cell = nn.LSTMCell(160, 128)
    model.decode = types.MethodType(BahdanauSeq2Seq.decode, model)
    model.load_state_dict(trained().state_dict())
    return model


class Flat(BahdanauSeq2Seq):
    """Four things in the memory, attention written out, −10⁹ in the place of −∞."""

    def encode(self, source):
        (h, c), states, mask = super().encode(source)
        return [h.squeeze(0), c.squeeze(0), states, mask]

    def decode(self, target, memory):
        h, c, states, mask = memory
        logits, looks = [], []
        for t in range(target.shape[1]):
            scores = torch.einsum("be,bse->bs", h, states).masked_fill(~mask, -1e9)
            shares = scores.softmax(-1)
            context = torch.einsum("bs,bse->be", shares, states)
            h, c = self.cell(torch.cat([self.embed_target(target[:, t]), context], -1), (h, c))
            logits.append(self.predict(torch.cat([context, h], -1)))
            looks.append(shares)
        return [torch.stack(logits, 1), [h, c, states, mask], torch.stack(looks, 1)]


class Layer(BahdanauSeq2Seq):
    """An LSTM that is given one step at a time, in the place of the cell."""

    def __init__(self, model):
        super().__init__(*SIZES)
        self.load_state_dict(model.state_dict())
        self.decoder = nn.LSTM(160, 128, batch_first=True)
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            setattr(self.decoder, f"{name}_l0", getattr(model.cell, name))
        del self.cell

    def decode(self, target, memory):
        last, states, mask = memory
        logits, looks = [], []
        for word in self.embed_target(target).split(1, dim=1):
            context, weights = attend(last[0].transpose(0, 1), states, states, mask[:, None])
            state, last = self.decoder(torch.cat([word, context], dim=-1), last)
            logits.append(self.predict(torch.cat([context, state], dim=-1)))
            looks.append(weights)
        return torch.cat(logits, dim=1), (last, states, mask), torch.cat(looks, dim=1)


class Held(NamedTuple):
    h: torch.Tensor
    c: torch.Tensor
    keys: torch.Tensor
    mask: torch.Tensor


class ByHand(BahdanauSeq2Seq):
    """The cell written out, the memory a NamedTuple, the words on the first axis."""

    def encode(self, source):
        (h, c), states, mask = super().encode(source)
        return Held(h[0], c[0], states.transpose(0, 1), mask)

    def decode(self, target, memory):
        h, c, keys, mask = memory
        out = []
        for word in self.embed_target(target).unbind(dim=1):
            scores = (keys * h).sum(-1).T.masked_fill(~mask, float("-inf"))
            weights = scores.softmax(-1)
            context = (weights.T[..., None] * keys).sum(0)
            given = torch.cat([word, context], dim=-1)
            cell = self.cell
            gates = given @ cell.weight_ih.T + cell.bias_ih + h @ cell.weight_hh.T + cell.bias_hh
            i, f, g, o = gates.chunk(4, dim=-1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            out.append((self.predict(torch.cat([context, h], dim=-1)), weights))
        logits, weights = (torch.stack(each, dim=1) for each in zip(*out, strict=True))
        return logits, memory._replace(h=h, c=c), weights


class Apart(BahdanauSeq2Seq):
    """The encoder's states are kept by the network itself."""

    def encode(self, source):
        last, self.states, self.mask = super().encode(source)
        return last

    def decode(self, target, last):
        logits, memory, weights = super().decode(target, (last, self.states, self.mask))
        return logits, memory[0], weights


class Added(BahdanauSeq2Seq):
    """The mask is held as what is added to the scores: 0 or −∞."""

    def encode(self, source):
        last, states, mask = super().encode(source)
        return last, states, torch.zeros(mask.shape).masked_fill(~mask, -torch.inf)

    def decode(self, target, memory):
        last, states, added = memory
        self.score = lambda query, key: query @ key.mT + added[:, None]
        anywhere = torch.ones_like(added, dtype=torch.bool)
        logits, (last, *_), weights = super().decode(target, (last, states, anywhere))
        return logits, (last, states, added), weights


class Outer(nn.Module):
    """A network that asks the one inside, and changes its memory in place."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def encode(self, source):
        last, states, mask = self.inner.encode(source)
        return {"last": last, "states": states, "keys": 1 * states, "mask": mask}

    def decode(self, target, memory):
        given = memory["last"], memory["states"], memory["mask"]
        logits, (memory["last"], _, _), weights = self.inner.decode(target, given)
        return logits, memory, weights


class OneState(BahdanauSeq2Seq):
    """A GRUCell, which has one state, and a prediction from that state alone."""

    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.cell, self.predict = nn.GRUCell(160, 128), nn.Linear(128, sizes[1])
        del self.decoder

    def encode(self, source):
        (h, _), states, mask = super().encode(source)
        return h[0], states, mask

    def decode(self, target, memory):
        h, states, mask = memory
        logits, looks = [], []
        for word in self.embed_target(target).unbind(dim=1):
            context, weights = attend(h[:, None], states, states, mask[:, None])
            h = self.cell(torch.cat([context[:, 0], word], dim=-1), h)
            logits.append(self.predict(h))
            looks.append(weights[:, 0])
        return torch.stack(logits, dim=1), (h, states, mask), torch.stack(looks, dim=1)


class Additive(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.from_query, self.from_key = nn.Linear(width, width), nn.Linear(width, width)
        self.to_score = nn.Linear(width, 1)

    def forward(self, query, key):
        pairs = self.from_query(query)[:, :, None] + self.from_key(key)[:, None]
        return self.to_score(pairs.tanh()).squeeze(-1)


def additive():
    model = BahdanauSeq2Seq(*SIZES, width=64)
    model.score = Additive(64)
    return fit(model)


RIGHT = {
    "as in the solution": trained,
    "put in from outside": patched,
    "four things in the memory": lambda: dressed(Flat),
    "an LSTM, step by step": lambda: Layer(trained()),
    "a cell by hand": lambda: dressed(ByHand),
    "the states kept apart": lambda: dressed(Apart),
    "a mask that is added": lambda: dressed(Added),
    "inside another, in a dict": lambda: Outer(trained()),
    "in double precision": lambda: copy.deepcopy(trained()).double(),
    "left in training": lambda: copy.deepcopy(trained()).train(),
    "a GRUCell, predicting from its state alone": lambda: fit(OneState(*SIZES)),
    "Bahdanau's own scores, 64 wide": additive,
}


# --- wrong ---


class Small(BahdanauSeq2Seq):
    """The solution with one place to go wrong in each method; untrained."""

    def __init__(self):
        super().__init__(*SIZES, width=16)

    def given(self, word, context):
        return torch.cat([word, context], dim=-1)

    def look(self, h, states, mask):
        return attend(h[:, None], states, states, mask[:, None])

    def query(self, h, first):
        return h

    def left(self, h, c, memory):
        return (h[None], c[None]), *memory[1:]

    def decode(self, target, memory):
        (h, c), states, mask = memory
        h, c = h[0], c[0]
        first, logits, looks = h, [], []
        for word in self.embed_target(target).unbind(dim=1):
            context, weights = self.look(self.query(h, first), states, mask)
            h, c = self.cell(self.given(word, context[:, 0]), (h, c))
            logits.append(self.predict(torch.cat([context[:, 0], h], dim=-1)))
            looks.append(weights)
        return torch.stack(logits, dim=1), self.left(h, c, memory), torch.cat(looks, dim=1)


class LuongInSteps(Small):
    """The context goes into the recurrence, one step late; the query is the new state."""

    def encode(self, source):
        last, states, mask = super().encode(source)
        return last, states, mask, torch.zeros(len(source), 16)

    def decode(self, target, memory):
        (h, c), states, mask, context = memory
        h, c = h[0], c[0]
        logits, looks = [], []
        for word in self.embed_target(target).unbind(dim=1):
            h, c = self.cell(torch.cat([word, context], dim=-1), (h, c))
            looked, weights = self.look(h, states, mask)
            context = looked[:, 0]
            logits.append(self.predict(torch.cat([context, h], dim=-1)))
            looks.append(weights)
        memory = (h[None], c[None]), states, mask, context
        return torch.stack(logits, dim=1), memory, torch.cat(looks, dim=1)


class WordAlone(Small):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(32, 16)

    def given(self, word, context):
        return word


class ContextInMemory(WordAlone):
    """The context is carried along, and nothing reads it."""

    def encode(self, source):
        last, states, mask = super().encode(source)
        return last, states, mask, torch.zeros(len(source), 16)

    def decode(self, target, memory):
        logits, memory, weights = super().decode(target, memory[:3])
        return logits, (*memory, (weights @ memory[1])[:, -1]), weights


class ContextAlone(Small):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(16, 16)

    def given(self, word, context):
        return context


class Unmasked(Small):
    def look(self, h, states, mask):
        return attend(h[:, None], states, states)


class MaskedLate(Small):
    def look(self, h, states, mask):
        _, weights = attend(h[:, None], states, states)
        weights = weights * mask[:, None]
        return weights @ states, weights


class Scores(Small):
    def look(self, h, states, mask):
        context, _ = super().look(h, states, mask)
        return context, h[:, None] @ states.mT


class WrongAxis(Small):
    def look(self, h, states, mask):
        weights = (h[:, None] @ states.mT).softmax(dim=1)
        return weights @ states, weights


class FirstQuery(Small):
    """The query is the encoder's last state, at every step; it is handed on."""

    def encode(self, source):
        last, states, mask = super().encode(source)
        return last, states, mask, last[0][0]

    def decode(self, target, memory):
        *memory, self.first = memory
        logits, memory, weights = super().decode(target, memory)
        return logits, (*memory, self.first), weights

    def query(self, h, first):
        return self.first


class OldState(Small):
    def left(self, h, c, memory):
        return memory


class NoStates(Small):
    def left(self, h, c, memory):
        return h[None], c[None]


class Narrow(Small):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(32, 16)


class Flattened(Small):
    def decode(self, target, memory):
        logits, memory, weights = super().decode(target, memory)
        return logits, memory, weights.flatten(1)


class Swapped(Small):
    def decode(self, target, memory):
        logits, memory, weights = super().decode(target, memory)
        return logits, weights, memory


class WithoutWeights(Small):
    def decode(self, target, memory):
        return super().decode(target, memory)[:2]


class UpsideDown(Small):
    def look(self, h, states, mask):
        scores = (h[:, None] @ states.mT).masked_fill(mask[:, None], -torch.inf)
        return scores.softmax(-1) @ states, scores.softmax(-1)


class MaskedAll(Small):
    def encode(self, source):
        states, last = self.read(source)
        return last, states, source == PAD


WRONG = {
    "the new state, as in Luong's wiring": lambda: AttentionSeq2Seq(*SIZES, width=16),
    "In Bahdanau's it is the state before the step": LuongInSteps,
    "The context never enters the recurrence": WordAlone,
    "the next step stays the same": ContextInMemory,
    "With another token the logits stay the same": ContextAlone,
    "Padding gets up to": Unmasked,
    "a mask that is upside down": UpsideDown,
    "`decode` stopped at the line `return attend(h[:, None]": MaskedAll,
    "sum to 0.": MaskedLate,
    "0 or more and sum to 1": Scores,
    "The softmax runs along the last axis": WrongAxis,
    "the query never changes": FirstQuery,
    "gives other logits than for all at once": OldState,
    "return three things, the logits, the memory and the weights: yours returned 2 things": (
        WithoutWeights
    ),
    "three things": lambda: Seq2Seq(*SIZES, width=16),
    "`decode` stopped at the line `(h, c), states, mask = memory` with ValueError": NoStates,
    "`decode` stopped at the line `h, c = self.cell(self.given(": Narrow,
    "The weights that `decode` returns should be a tensor of shape (12, 3,": Flattened,
    "yours are 3 things": Swapped,
    "it looks untrained. Train it first": Small,
}
UNFINISHED = {
    "170 are needed. Train it on": lambda: trained(goal=0.5),
    "It was trained on another length: of numbers of 3 digits": lambda: trained(digits=3),
}
