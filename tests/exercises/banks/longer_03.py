"""Networks handed in for the longer exercise of notebook 03: attention whose weights are uniform.

RIGHT, WRONG and UNFINISHED are as in `longer_01`. One network is trained, in two parts.
"""

import copy
import functools
from typing import NamedTuple

import torch
from torch import nn

from helpers.attention import attend
from helpers.seq2seq import AttentionSeq2Seq, Seq2Seq
from tests.exercises.banks.longer_01 import SIZES, fit


def equal_scores(query, key):
    return query.new_zeros(query.shape[0], query.shape[1], key.shape[1])


@functools.cache
def trained(goal=0.98):
    """Return the solution's network, 64 wide, trained once: halfway first, and then a copy on."""
    if goal > 0.5:
        return fit(copy.deepcopy(trained(0.5)), goal=goal)
    torch.manual_seed(1)
    return fit(AttentionSeq2Seq(*SIZES, width=64, score=equal_scores), goal=goal)


def dressed(kind, **options):
    """Return a network of another class with the parameters of the trained one."""
    model = kind(*SIZES, width=64, **options)
    model.load_state_dict(trained().state_dict())
    return model


# --- right ---


def patched():
    model = dressed(AttentionSeq2Seq)
    model.score = lambda query, key: 0 * (query @ key.mT)
    return model


class Shares(AttentionSeq2Seq):
    """The weights are written down, without scores."""

    def decode(self, target, memory):
        last, states, mask = memory
        queries, last = self.decoder(self.embed_target(target), last)
        shares = mask / mask.sum(dim=-1, keepdim=True)
        weights = shares[:, None].expand(-1, target.shape[1], -1)
        logits = self.predict(torch.cat([weights @ states, queries], dim=-1))
        return logits, (last, states, mask), weights


class Kept(AttentionSeq2Seq):
    """The mean is taken once, when the source is read; the states are not handed on."""

    def encode(self, source):
        last, states, mask = super().encode(source)
        return last, (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True), mask

    def decode(self, target, memory):
        last, mean, mask = memory
        queries, last = self.decoder(self.embed_target(target), last)
        logits = self.predict(torch.cat([mean[:, None].expand_as(queries), queries], dim=-1))
        weights = (1.0 * mask).masked_fill(~mask, -1e9).softmax(-1)
        return [logits, (last, mean, mask), torch.stack([weights] * target.shape[1], dim=1)]


class Beside(Kept):
    """The states are handed on beside their mean, and nothing reads them."""

    def encode(self, source):
        last, mean, mask = super().encode(source)
        return last, mean, mask, self.read(source)[0]

    def decode(self, target, memory):
        logits, first, weights = super().decode(target, memory[:3])
        return logits, (*first, memory[3]), weights


class Summed(AttentionSeq2Seq):
    """The states of padding are zeros, so the sum needs no mask."""

    def decode(self, target, memory):
        last, states, mask = memory
        queries, last = self.decoder(self.embed_target(target), last)
        count = mask.sum(dim=1)[:, None, None]
        mean = states.sum(dim=1, keepdim=True) / count
        logits = self.predict(torch.cat([mean.expand(queries.shape), queries], dim=-1))
        weights = (mask[:, None] / count).repeat(1, target.shape[1], 1)
        return logits, (last, states, mask), weights


class Held(NamedTuple):
    last: tuple
    states: torch.Tensor
    mask: torch.Tensor


class Turned(AttentionSeq2Seq):
    """A NamedTuple with the words on the first axis of the states, one step after another."""

    def encode(self, source):
        last, states, mask = super().encode(source)
        return Held(last, states.transpose(0, 1), mask)

    def decode(self, target, memory):
        last, looks, logits = memory.last, [], []
        for token in target.split(1, dim=1):
            query, last = self.decoder(self.embed_target(token), last)
            weights = torch.where(memory.mask, 1 / memory.mask.sum(dim=1)[:, None], 0.0)
            context = torch.einsum("bs,sbe->be", weights, memory.states)[:, None]
            logits.append(self.predict(torch.cat([context, query], dim=-1)))
            looks.append(weights)
        return torch.cat(logits, 1), memory._replace(last=last), torch.stack(looks, 1)


class Apart(AttentionSeq2Seq):
    """The encoder's states are kept by the network itself."""

    def encode(self, source):
        last, self.states, self.mask = super().encode(source)
        return last

    def decode(self, target, last):
        logits, memory, weights = super().decode(target, (last, self.states, self.mask))
        return logits, memory[0], weights


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


RIGHT = {
    "as in the solution": trained,
    "put in from outside, scores times 0": patched,
    "weights without scores": lambda: dressed(Shares),
    "the mean alone is handed on": lambda: dressed(Kept),
    "the mean, and states that nothing reads": lambda: dressed(Beside),
    "a sum without a mask": lambda: dressed(Summed),
    "a NamedTuple, words first": lambda: dressed(Turned),
    "the states kept apart": lambda: dressed(Apart, score=equal_scores),
    "inside another, in a dict": lambda: Outer(trained()),
    "in double precision": lambda: copy.deepcopy(trained()).double(),
    "left in training": lambda: copy.deepcopy(trained()).train(),
}


# --- wrong ---


class Small(AttentionSeq2Seq):
    """The solution with a place to go wrong; untrained."""

    def __init__(self, score=equal_scores):
        super().__init__(*SIZES, width=16, score=score)

    def shares(self, mask):
        return mask / mask.sum(dim=-1, keepdim=True)

    def blend(self, weights, queries, states, mask):
        return weights @ states

    def decode(self, target, memory):
        last, states, mask = memory
        queries, last = self.decoder(self.embed_target(target), last)
        weights = self.shares(mask)[:, None].expand(-1, target.shape[1], -1)
        context = self.blend(weights, queries, states, mask)
        logits = self.predict(torch.cat([context, queries], dim=-1))
        return logits, (last, states, mask), weights


class EveryPlace(Small):
    def shares(self, mask):
        return torch.ones_like(mask, dtype=torch.float) / mask.shape[-1]


class PaddingAlone(Small):
    def shares(self, mask):
        return super().shares(~mask).nan_to_num(0.0)


class UpsideDown(AttentionSeq2Seq):
    """The scores are equal, and the mask is upside down: the longest sentence has no padding."""

    def __init__(self):
        super().__init__(*SIZES, width=16, score=equal_scores)

    def encode(self, source):
        last, states, mask = super().encode(source)
        return last, states, ~mask


class ByPlaces(Small):
    """Padding gets nothing, and its share is lost."""

    def shares(self, mask):
        return mask / mask.shape[-1]


class Ones(Small):
    def shares(self, mask):
        return 1.0 * mask


class LastWord(Small):
    def shares(self, mask):
        last = mask.sum(dim=-1, keepdim=True) - 1
        return (torch.arange(mask.shape[-1]) == last).float()


class Falling(Small):
    """The first words get more than the last."""

    def shares(self, mask):
        return super().shares(mask.cumsum(-1).flip(-1) * mask)


class AlongSteps(AttentionSeq2Seq):
    """The softmax of equal scores runs along the steps that are written."""

    def __init__(self):
        super().__init__(*SIZES, width=16)

    def decode(self, target, memory):
        last, states, mask = memory
        queries, last = self.decoder(self.embed_target(target), last)
        scores = equal_scores(queries, states)
        weights = scores.softmax(dim=1).masked_fill(~mask[:, None], 0)
        logits = self.predict(torch.cat([weights @ states, queries], dim=-1))
        return logits, (last, states, mask), weights


class Pretended(Small):
    """The weights that are returned are uniform; the context comes from others."""

    def blend(self, weights, queries, states, mask):
        return attend(9 * queries, states, states, mask[:, None])[0]


class LastState(Small):
    def blend(self, weights, queries, states, mask):
        return states[:, :1].expand_as(queries)


class OfAllPlaces(Small):
    """The context is the mean over all places, padding counted."""

    def blend(self, weights, queries, states, mask):
        return states.mean(dim=1, keepdim=True).expand_as(queries)


class QueriesTwice(Small):
    """The context is left out of the prediction."""

    def blend(self, weights, queries, states, mask):
        return queries


class NotJoined(Small):
    def decode(self, target, memory):
        last, states, mask = memory
        queries, last = self.decoder(self.embed_target(target), last)
        return self.predict(queries), (last, states, mask), self.shares(mask)[:, None]


class OneRow(Small):
    """The weights are one row for all steps."""

    def decode(self, target, memory):
        logits, memory, weights = super().decode(target, memory)
        return logits, memory, weights[:, 0]


class WithoutWeights(Small):
    def decode(self, target, memory):
        return super().decode(target, memory)[:2]


class OldState(Small):
    def decode(self, target, memory):
        logits, _, weights = super().decode(target, memory)
        return logits, memory, weights


class Divided(Small):
    """Padding is divided by nothing."""

    def shares(self, mask):
        return (0 / (1.0 * mask)).softmax(-1)


WRONG = {
    "The weights are not uniform. In a sentence of": lambda: AttentionSeq2Seq(*SIZES, width=16),
    "each should get 0.": Falling,
    "yours get from 0.00 to 1.00": LastWord,
    "Padding gets up to": EveryPlace,
    "The real words alone should share it": PaddingAlone,
    "check whether True and False are swapped": UpsideDown,
    "together they get 0.": ByPlaces,
    "and not 1. Divide by the number of real words": Ones,
    "together they get 2.00 and not 1": AlongSteps,
    "other encoder states of the same mean": Pretended,
    "Blend the states with the weights that you return": LastState,
    "with more padding the same sentences get other logits": OfAllPlaces,
    "With other encoder states the logits stay the same": QueriesTwice,
    "`decode` stopped at the line `return self.predict(queries)": NotJoined,
    "The weights that `decode` returns should be a tensor of shape (12, 4,": OneRow,
    "three things, the logits, the memory and the weights: yours returned 2": WithoutWeights,
    "three things": lambda: Seq2Seq(*SIZES, width=16),
    "gives other logits than for all at once": OldState,
    "There is NaN (not a number) in the logits": Divided,
    "it looks untrained. Train it first": Small,
}
UNFINISHED = {"170 are needed. Train it on": lambda: trained(0.5)}
