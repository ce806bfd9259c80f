"""Networks handed in for the longer exercise of notebook 12: previous-token heads made by hand.

RIGHT, WRONG and UNFINISHED are as in `longer_01`. One network is trained, for a second or two; the
others hold its parameters, or are untrained. What is handed in for the open challenge comes last.
"""

import copy
import functools

import torch
from torch import nn
from torch.nn import functional as F

from helpers.attention import causal_mask
from helpers.induction import (
    AttentionOnly,
    draw_skips,
    learn_to_repeat,
)
from helpers.seq2seq import Seq2Seq
from helpers.training import training_step
from tests.exercises.banks.longer_01 import SIZES

BEFORE = 7  # column of `bias` for the distance −1


def by_hand(kind=AttentionOnly, numbers=None, layer=0, silent=True, **sizes):
    """Return an untrained network, one layer of it with numbers for distances, by column.

    Its queries are zero where it is `silent`, and neither is trained.
    """
    torch.manual_seed(0)
    model = kind(2, **sizes)
    chosen = model.layers[layer]
    with torch.no_grad():
        if silent:
            chosen.to_query.weight.zero_()
        for column, number in (numbers or {BEFORE: 20}).items():
            chosen.score.bias[:, column] = number
    chosen.to_query.weight.requires_grad_(False)
    chosen.score.bias.requires_grad_(False)
    return model


@functools.cache
def trained(steps=80):
    """Return a network with lower heads made by hand, the rest trained once."""
    model = by_hand()
    learn_to_repeat(model, steps=steps, every=steps)
    return model


def dressed(kind):
    """Return a network of another class with the parameters of the trained one."""
    model = by_hand(kind)
    model.load_state_dict(trained().state_dict())
    return model


# --- right ---


class Listed(AttentionOnly):
    """Two things in a list, the weights of both layers as one tensor."""

    def forward(self, letters):
        logits, weights = super().forward(letters)
        return [logits, torch.stack(weights)]


class Dropped(AttentionOnly):
    """Dropout, which is off when it is judged, and prints."""

    def forward(self, letters):
        print("letters", letters.shape)
        logits, weights = super().forward(letters)
        return F.dropout(logits, 0.9, self.training), tuple(weights)


class Louder(AttentionOnly):
    """The logits are larger, and all larger by the same number."""

    def forward(self, letters):
        logits, weights = super().forward(letters)
        return 10 * logits + 7, weights


class Inside(nn.Module):
    """The network is a part of another, with another name for its input."""

    def __init__(self):
        super().__init__()
        self.part = copy.deepcopy(trained())

    def forward(self, text):
        return self.part(text)


class Shifted(AttentionOnly):
    """The lower layer needs no scores: it takes the letter before, and the first one itself."""

    def forward(self, letters):
        size = letters.shape[1]
        lower, upper = self.layers
        x = self.embed(letters)
        value = lower.to_value(self.norms[0](x))
        x = x + lower.to_output(torch.cat([value[:, :1], value[:, :-1]], dim=1))
        before = F.one_hot((torch.arange(size) - 1).clamp(min=0), size).float()  # (T, S)
        context, attended = upper(self.norms[1](x), mask=causal_mask(size))
        logits = self.predict(self.norm(x + context))
        return logits, [before.expand(len(letters), 2, -1, -1), attended]


def by_keys():
    """Return the trained network with its queries as they were, and its keys zero."""
    model = copy.deepcopy(trained())
    nn.init.normal_(model.layers[0].to_query.weight)
    nn.init.zeros_(model.layers[0].to_key.weight)
    return model


def lower_all_others():
    """Return the trained network, its number for −1 at zero and all others far below."""
    model = copy.deepcopy(trained())
    model.layers[0].score.bias.data -= model.layers[0].score.bias.data.amax(dim=1, keepdim=True)
    return model


def louder_than_letters():
    """Return the trained network with queries as they were, and a number that drowns them."""
    model = copy.deepcopy(trained())
    nn.init.normal_(model.layers[0].to_query.weight, std=0.01)
    model.layers[0].score.bias.data[:, BEFORE] = 50
    return model


@functools.cache
def four_heads():
    model = by_hand(n_heads=4, d_model=48)
    learn_to_repeat(model, steps=80, every=80)
    return model


RIGHT = {
    "as in the solution": trained,
    "in a list, the weights as one tensor": lambda: dressed(Listed),
    "left in training, with dropout": lambda: dressed(Dropped).train(),
    "larger logits": lambda: dressed(Louder),
    "inside another": Inside,
    "shifted, without scores": lambda: dressed(Shifted),
    "the keys are zero": by_keys,
    "all other numbers far below": lower_all_others,
    "a number that drowns the letters": louder_than_letters,
    "four heads, wider": four_heads,
    "frozen": lambda: copy.deepcopy(trained()).requires_grad_(False),
    "in double precision": lambda: copy.deepcopy(trained()).double(),
}


# --- wrong ---


def with_layers(n):
    return lambda: AttentionOnly(n)


def one_head():
    """Return a network with one of its lower heads made by hand."""
    model = by_hand()
    model.layers[0].score.bias.data[1] = 0
    return model


class Alone(AttentionOnly):
    def forward(self, letters):
        return super().forward(letters)[0]


class Turned(AttentionOnly):
    """The weights come first."""

    def forward(self, letters):
        return super().forward(letters)[::-1]


class UpperAlone(AttentionOnly):
    """The weights of the upper layer alone, in no list."""

    def forward(self, letters):
        logits, weights = super().forward(letters)
        return logits, weights[1]


class UpperInAList(AttentionOnly):
    def forward(self, letters):
        logits, weights = super().forward(letters)
        return logits, weights[1:]


class Averaged(AttentionOnly):
    """The weights of all heads are averaged."""

    def forward(self, letters):
        logits, weights = super().forward(letters)
        return logits, [each.mean(dim=1) for each in weights]


class LastLetter(AttentionOnly):
    def forward(self, letters):
        logits, weights = super().forward(letters)
        return logits[:, -1], weights


class OneNumber(AttentionOnly):
    def forward(self, letters):
        logits, weights = super().forward(letters)
        return logits, weights[0].mean()


class Scored(AttentionOnly):
    """What it returns as weights is scores."""

    def forward(self, letters):
        logits, weights = super().forward(letters)
        return logits, [8 * each.log().clamp(min=-9) for each in weights]


class Masked(AttentionOnly):
    """Its mask is any."""

    def mask(self, n):
        return None

    def forward(self, letters):
        x, weights = self.embed(letters), []
        for norm, layer in zip(self.norms, self.layers, strict=True):
            context, attended = layer(norm(x), mask=self.mask(letters.shape[1]))
            x = x + context
            weights.append(attended)
        return self.predict(self.norm(x)), weights


class OneAhead(Masked):
    def mask(self, n):
        return torch.ones(n, n, dtype=torch.bool).tril(1)


class Silent(AttentionOnly):
    def forward(self, letters):
        super().forward(letters)


class Misspelt(AttentionOnly):
    def forward(self, letters):
        return self.predict(contxt), []  # noqa: F821


class NoNumber(AttentionOnly):
    """An average over no letters at all."""

    def forward(self, letters):
        logits, weights = super().forward(letters)
        return logits + logits[:, :0].mean(dim=1, keepdim=True), weights


def broken():
    model = by_hand()
    model.embed.weight.data[0] = torch.nan
    return model


WRONG = {
    "it is not trained yet. Keep the lower heads fixed": by_hand,
    "guessing among the letters of a string gets 9%": lambda: by_hand(n_heads=4, d_model=48),
    "so they disturb it: set all its queries to zero": with_layers(2),
    "How much it gives depends on the letters": lambda: by_hand(numbers={9: 20}, silent=False),
    "the numbers in `bias` decide": lambda: by_hand(numbers={BEFORE: 3}),
    "The letters do not disturb it": lambda: by_hand(numbers={9: 20}),
    "that of distance −1 has to be far above all others": lambda: by_hand(numbers={-1: 20}),
    "Head 2 of the lower layer gives": one_head,
    "of its weight to the letter that asks": lambda: by_hand(numbers={8: 20}),
    "of its weight to the letter two places before": lambda: by_hand(numbers={6: 20}),
    "The heads of the upper layer give nearly all": lambda: by_hand(layer=1),
    "Layers whose weights it returns: 1.": with_layers(1),
    "Layers whose weights it returns: 3.": with_layers(3),
    "This exercise asks for two layers, `AttentionOnly(2)`": lambda: by_hand(UpperInAList),
    "where H counts the heads. Yours returned a tensor of shape (100, 23, 26)": lambda: by_hand(
        Alone
    ),
    "Yours returned [a tensor of shape (100, 2, 23, 23), ": lambda: by_hand(Turned),
    "Yours returned a tensor of shape (100, 23, 26), a tensor of shape (100, 2,": lambda: by_hand(
        UpperAlone
    ),
    "(100, 23, 26), [a tensor of shape (100, 23, 23), ": lambda: by_hand(Averaged),
    "Yours returned a tensor of shape (100, 26), [": lambda: by_hand(LastLetter),
    "a tensor of shape (100, 23, 26), a tensor of shape ()": lambda: by_hand(OneNumber),
    "Return the weights after the softmax": lambda: by_hand(Scored),
    "Its logits at position 0 change if later letters change": lambda: by_hand(Masked),
    "Does every layer get the causal mask?": lambda: by_hand(OneAhead),
    "`forward` returned None": lambda: by_hand(Silent),
    "`forward` stopped at the line `return self.predict(contxt)": lambda: by_hand(Misspelt),
    "There is NaN (not a number) in the logits": lambda: by_hand(NoNumber),
    "are NaN or infinite": broken,
    "`forward` stopped with TypeError": lambda: Seq2Seq(*SIZES, width=16),
    "no parameters": lambda: nn.Sequential(nn.ReLU()),
}


@functools.cache
def untouched():
    """Return a network trained as a whole, whose lower heads are not made by hand."""
    torch.manual_seed(0)
    model = AttentionOnly(2)
    learn_to_repeat(model, steps=150, every=150)
    return model


UNFINISHED = {
    "2090 are needed. It is learning, so train it on": lambda: trained(steps=35),
    "so they disturb it": untouched,
}


# --- the open challenge ---


class OwnSkipper(AttentionOnly):
    """Logits alone, and no weights."""

    def forward(self, letters):
        return super().forward(letters)[0]


def skip_loss(model, drawn):
    """Return the cross-entropy of the letters that are asked."""
    letters, asked = drawn
    logits = model(letters[:, :-1])
    logits = logits if isinstance(logits, torch.Tensor) else logits[0]
    return F.cross_entropy(logits[asked[:, 1:]], letters[:, 1:][asked[:, 1:]])


def learn_to_skip(model, steps, rate=0.01):
    generator = torch.Generator().manual_seed(0)
    optimizer = torch.optim.Adam(model.parameters(), rate)
    for _ in range(steps):
        training_step(model, draw_skips(generator, 64), optimizer, skip_loss)
    return model


@functools.cache
def skipper(steps=150):
    """Return a network of two layers that learns to skip, as its lower heads know where to look.

    Of the lower heads, one attends to the letter just before; the other is the nearer the better.
    """
    torch.manual_seed(0)
    model = OwnSkipper(2)
    lower = model.layers[0]
    with torch.no_grad():
        lower.to_query.weight[:16] = 0
        lower.score.bias[0, BEFORE] = 20
        lower.score.bias[1] = torch.arange(17) * 2.0 - 16
    lower.score.bias.requires_grad_(False)
    return learn_to_skip(model, steps)
