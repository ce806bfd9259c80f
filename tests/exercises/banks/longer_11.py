"""Networks handed in for the longer exercise of notebook 11: an encoder without positions.

RIGHT, WRONG and UNFINISHED are as in `longer_01`. One network is trained, for a few seconds; the
others hold its parameters, or are untrained.
"""

import copy
import functools

import torch
from torch import nn

from helpers.attention import scaled_dot_scores
from helpers.encoder_decoder import Encoder, TransformerSeq2Seq
from helpers.runtime import set_seed
from helpers.seq2seq import AttentionSeq2Seq, Seq2Seq
from helpers.tasks import dates_task, make_batch, make_batches
from helpers.training import match_by_step, whole_right
from helpers.transformer import Block


@functools.cache
def dates():
    """Return the task of seed 0."""
    return dates_task(n_train=4_256, n_test=1_024, seed=0)


SIZES = len(dates().source_vocab), len(dates().target_vocab)


@functools.cache
def batches():
    return make_batches(dates(), dates().train[256:], seed=0)


def right_on_dates(model):
    return whole_right(model, make_batch(dates(), dates().test[8]))


def without_order(kind=TransformerSeq2Seq):
    """Return an untrained translator whose encoder has no positions."""
    set_seed()
    model = kind(*SIZES, 32, 72)
    model.encoder = Encoder(SIZES[0], 32, n_heads=4, d_hidden=72)
    return model


@functools.cache
def trained(steps=250):
    """Return such a translator, trained once."""
    model = without_order()
    match_by_step(model, batches(), right_on_dates, 0.006, (steps,))
    return model


def dressed(kind=TransformerSeq2Seq):
    """Return a translator of another class with the parameters of the trained one."""
    model = without_order(kind)
    model.load_state_dict(trained().state_dict())
    return model


# --- right ---


class Several(TransformerSeq2Seq):
    """Logits that are all larger by the same number, and the state, in a list."""

    def forward(self, source, target):
        state = self.encode(source)
        logits, state, weights = self.decode(target, state)
        return [logits + 7, state, weights]


class Dropped(TransformerSeq2Seq):
    """Dropout, which is off when it is judged, and prints."""

    def forward(self, source, target):
        print("source", source.shape)
        return nn.functional.dropout(super().forward(source, target), 0.9, self.training)


class Inside(nn.Module):
    """The network is a part of another, with other names for its inputs."""

    def __init__(self):
        super().__init__()
        self.part = copy.deepcopy(trained())

    def forward(self, dates, written):
        return self.part(dates, written)


class Louder(TransformerSeq2Seq):
    """The logits are larger, and so is their certainty."""

    def forward(self, source, target):
        return 10 * super().forward(source, target)


class Sorted(TransformerSeq2Seq):
    """It sorts the words before it reads them, so that positions tell nothing."""

    def forward(self, source, target):
        return super().forward(source.sort(dim=1, descending=True).values, target)


def blocks_exchanged():
    """Return the trained translator, its encoder's blocks made anew one by one."""
    model = TransformerSeq2Seq(*SIZES, 32, 72)
    for i in range(2):
        model.encoder.blocks[i] = Block(32, 4, scaled_dot_scores, 72)
    model.load_state_dict(trained().state_dict())
    return model


RIGHT = {
    "as in the solution": trained,
    "three things in a list": lambda: dressed(Several),
    "left in training, with dropout": lambda: dressed(Dropped).train(),
    "inside another": Inside,
    "larger logits": lambda: dressed(Louder),
    "the words sorted first": lambda: dressed(Sorted),
    "the blocks exchanged": blocks_exchanged,
    "frozen": lambda: copy.deepcopy(trained()).requires_grad_(False),
    "in double precision": lambda: copy.deepcopy(trained()).double(),
}


# --- wrong ---


class OneAhead(TransformerSeq2Seq):
    """Each position sees the next one, too."""

    def decode(self, target, state):
        memory, mask, written = state
        x = self.embed(target)
        seen = torch.ones(target.shape[1], target.shape[1], dtype=torch.bool).tril(1)
        for block in self.blocks:
            x, weights = block(x, memory, seen, mask)
        return self.predict(self.norm(x)), state, weights


class Open(OneAhead):
    def decode(self, target, state):
        memory, mask, written = state
        x = self.embed(target)
        for block in self.blocks:
            x, weights = block(x, memory, None, mask)
        return self.predict(self.norm(x)), state, weights


class Blind(TransformerSeq2Seq):
    """The memory is all zeros."""

    def encode(self, source):
        memory, mask, written = super().encode(source)
        return 0 * memory, mask, written


class First(TransformerSeq2Seq):
    """It reads the first word alone."""

    def encode(self, source):
        return super().encode(source[:, :1])


class Added(TransformerSeq2Seq):
    """Its scores know no positions, and the memory does."""

    def encode(self, source):
        memory, mask, written = super().encode(source)
        return memory + torch.arange(source.shape[1])[:, None] / 8, mask, written


class Turned(TransformerSeq2Seq):
    def forward(self, source, target):
        logits, state, weights = self.decode(target, self.encode(source))
        return weights, logits


class LastToken(TransformerSeq2Seq):
    def forward(self, source, target):
        return super().forward(source, target)[:, -1]


class Silent(TransformerSeq2Seq):
    def forward(self, source, target):
        super().forward(source, target)


class Misspelt(TransformerSeq2Seq):
    def forward(self, source, target):
        return self.predict(contxt)  # noqa: F821


class NoNumber(TransformerSeq2Seq):
    """An average over no words at all."""

    def encode(self, source):
        memory, mask, written = super().encode(source)
        return memory + memory[:, :0].mean(dim=1, keepdim=True), mask, written


def broken():
    model = without_order()
    model.encoder.embed.weight.data[0] = torch.nan
    return model


def in_order():
    set_seed()
    return TransformerSeq2Seq(*SIZES, 32, 72)


WRONG = {
    "dates right: it looks untrained. Train it for 400 steps": without_order,
    "so the encoder has positions. `RotaryScores()` is such a score": in_order,
    "Give its blocks `scaled_dot_scores`": lambda: Seq2Seq(*SIZES, width=16),
    "and so is every RNN's order of reading": lambda: AttentionSeq2Seq(*SIZES, width=16),
    "If the words of the source are shuffled, its logits change by": lambda: without_order(Added),
    "its logits change by up to": lambda: without_order(First),
    "Its logits at position 0 change if later target tokens change": lambda: without_order(Open),
    "In training it can then copy. See to the causal mask": lambda: without_order(OneAhead),
    "Its logits are the same whatever the source is": lambda: without_order(Blind),
    "Yours returned a tensor of shape (12, 15, 8), a tensor of": lambda: without_order(Turned),
    "it should return logits, a tensor of shape (12, 15, ": lambda: without_order(LastToken),
    "It is to be built for the dates, with `vocab_sizes`": lambda: TransformerSeq2Seq(
        SIZES[0], 40, 32, 72
    ),
    "`forward` stopped with IndexError": lambda: TransformerSeq2Seq(9, 9, 32, 72),
    "There is NaN (not a number) in the logits": lambda: without_order(NoNumber),
    "`forward` returned None": lambda: without_order(Silent),
    "`forward` stopped at the line `return self.predict(contxt)": lambda: without_order(Misspelt),
    "are NaN or infinite": broken,
    "no parameters": lambda: nn.Sequential(nn.ReLU()),
}
UNFINISHED = {"62 are needed. Train it on": lambda: trained(steps=75)}
