"""Networks handed in for the longer exercise of notebook 08: two texts in one row.

RIGHT, WRONG and UNFINISHED are as in `longer_01`. Three networks are trained, for some seconds
each; the others hold the parameters of one of them, or are untrained.
"""

import copy
import functools

import torch
from torch import nn

from helpers.attention import causal_mask, scaled_dot_scores
from helpers.cipher import LENGTH, Writer, draw_texts, learn_to_write
from helpers.seq2seq import Seq2Seq
from tests.exercises.banks.longer_01 import SIZES


def own_text(n):
    at = torch.arange(n)
    return causal_mask(n) & (at[:, None] // LENGTH == at // LENGTH)


class Packed(Writer):
    """Positions begin at 0 again with the second text, and the mask is any."""

    def __init__(self, mask=own_text):
        super().__init__(masked=True)
        self.mask = mask

    def forward(self, tokens):
        n = tokens.shape[1]
        x = self.embed(tokens) + self.place(torch.arange(n) % LENGTH)
        context, weights = self.attention(x, self.mask(n))
        x = x + context
        x = x + self.feed_forward(x)
        return self.predict(x), weights


def draw_packed(generator, count):
    letters = torch.randint(26, (count, LENGTH), generator=generator)
    return torch.cat([letters, draw_texts(generator, count)], dim=1)


@functools.cache
def trained(mask=own_text, steps=300):
    """Return a network with this mask, trained once."""
    torch.manual_seed(0)
    model = Packed(mask)
    learn_to_write(model, steps=steps, draw=draw_packed)
    return model


def dressed(kind, *sizes):
    """Return a network of another class with the parameters of the trained one."""
    model = kind(*sizes)
    model.load_state_dict(trained().state_dict())
    return model


# --- right ---


class Alone(Packed):
    """The logits alone."""

    def forward(self, tokens):
        return super().forward(tokens)[0]


class AList(Packed):
    def forward(self, tokens):
        return [*super().forward(tokens), tokens]


class Louder(Packed):
    """The logits are larger, and so is their certainty."""

    def forward(self, tokens):
        logits, weights = super().forward(tokens)
        return 100 * logits, weights


class Dropped(Packed):
    """Dropout, which is off when it is judged, and prints."""

    def forward(self, tokens):
        print("reading", tokens.shape)
        logits, weights = super().forward(tokens)
        return nn.functional.dropout(logits, 0.9, self.training), weights


class TextByText(Packed):
    """Each text goes through the network by itself."""

    def forward(self, tokens):
        parts = [Writer.forward(self, text)[0] for text in tokens.split(LENGTH, dim=1)]
        return torch.cat(parts, dim=1)


class Added(Packed):
    """A large negative number is added to the scores of what is hidden; places are repeated."""

    def forward(self, tokens):
        n = tokens.shape[1]
        x = self.embed(tokens) + self.place.weight.repeat(2, 1)[:n]
        query, key = self.attention.to_query(x), self.attention.to_key(x)
        scores = scaled_dot_scores(query, key) - 1e9 * (~own_text(n)).float()
        x = x + scores.softmax(dim=-1) @ self.attention.to_value(x)
        return self.predict(x + self.feed_forward(x)), None


def by_blocks(n):
    block = causal_mask(LENGTH).float()
    return torch.block_diag(block, block).bool()[:n, :n]


RIGHT = {
    "as in the solution": trained,
    "logits alone": lambda: dressed(Alone),
    "three things in a list": lambda: dressed(AList),
    "larger logits": lambda: dressed(Louder),
    "left in training, with dropout": lambda: dressed(Dropped).train(),
    "text by text": lambda: dressed(TextByText),
    "minus a billion, and places repeated": lambda: dressed(Added),
    "blocks of a mask": lambda: dressed(Packed, by_blocks),
    "inside another": lambda: nn.Sequential(copy.deepcopy(trained())),
    "in double precision": lambda: copy.deepcopy(trained()).double(),
}


# --- wrong ---


def same_text(n):
    at = torch.arange(n)
    return at[:, None] // LENGTH == at // LENGTH


def itself(n):
    return torch.eye(n, dtype=torch.bool)


def texts_of(length):
    """Return a function that makes a mask with texts of another length."""

    def mask(n):
        at = torch.arange(n)
        return causal_mask(n) & (at[:, None] // length == at // length)

    return mask


class Onward(Packed):
    """The positions of the second text are 13 to 25."""

    def __init__(self):
        super().__init__()
        self.place = nn.Embedding(2 * LENGTH, 32)

    def forward(self, tokens):
        n = tokens.shape[1]
        x = self.embed(tokens) + self.place.weight[:n]
        x = x + self.attention(x, own_text(n))[0]
        return self.predict(x + self.feed_forward(x)), None


class Last(Packed):
    def forward(self, tokens):
        logits, weights = super().forward(tokens)
        return logits[:, -1], weights


class Letters(Packed):
    """No logit for the bar."""

    def forward(self, tokens):
        return super().forward(tokens)[0][..., :26]


class Turned(Packed):
    """The weights come first."""

    def forward(self, tokens):
        return super().forward(tokens)[::-1]


class Silent(Packed):
    def forward(self, tokens):
        super().forward(tokens)


class Misspelt(Packed):
    def forward(self, tokens):
        return self.predict(contxt), None  # noqa: F821


class Broken(Packed):
    def __init__(self):
        super().__init__()
        self.embed.weight.data[0] = torch.nan


class TrainedRows(Packed):
    """Its mask fits the rows of training alone."""

    def forward(self, tokens):
        x = self.embed(tokens) + self.place(torch.arange(tokens.shape[1]) % LENGTH)
        return self.predict(x + self.attention(x, own_text(25))[0])


class Empty(Packed):
    """The first sign of each text sees nothing, not even itself."""

    def forward(self, tokens):
        x = self.embed(tokens)
        seen = own_text(x.shape[1]) & ~itself(x.shape[1])
        scores = scaled_dot_scores(x, x).masked_fill(~seen, -torch.inf)
        return self.predict(scores.softmax(dim=-1) @ x)


WRONG = {
    "at chance, which is one in 26. Train it on rows of two texts": Packed,
    "the second still sees the first": lambda: Packed(causal_mask),
    "Which keys belong to the text of their query?": lambda: Packed(texts_of(LENGTH - 1)),
    "Its logits in the second text change": lambda: Packed(texts_of(LENGTH + 1)),
    "a query sees the future": lambda: Packed(same_text),
    "Join your mask and the causal one with `&`": lambda: Packed(
        lambda n: same_text(n) | causal_mask(n)
    ),
    "But its logits at position 2 of a row change": lambda: Packed(lambda n: None),
    "are the same whatever the six letters before the bar are": lambda: Packed(itself),
    "Do its positions begin at 0 again?": Onward,
    "`forward` stopped with RuntimeError": lambda: Writer(masked=True),
    "Yours returned a tensor of shape (500, 27)": Last,
    "Yours returned a tensor of shape (500, 25, 26)": Letters,
    "Yours returned a tensor of shape (500, 25, 25)": Turned,
    "There is NaN (not a number) in the logits": Empty,
    "`forward` stopped at the line `return self.predict(x + self.attention": TrainedRows,
    "`forward` returned None": Silent,
    "`forward` stopped at the line `return self.predict(contxt)": Misspelt,
    "`forward` stopped with TypeError": lambda: Seq2Seq(*SIZES, width=16),
    "are NaN or infinite": Broken,
    "no parameters": lambda: nn.Sequential(nn.ReLU()),
}
UNFINISHED = {
    "Its logits in the second text change": lambda: trained(causal_mask),
    "It is learning, so train it on": lambda: trained(steps=30),
}
