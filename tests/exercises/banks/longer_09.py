"""Networks handed in for the longer exercise of notebook 09: heads of one component.

RIGHT, WRONG and UNFINISHED are as in `longer_01`. One network is trained, for a second or two, with
all its heads at once; the others hold its parameters, or are untrained.
"""

import copy
import functools

import torch
from torch import nn

from helpers.lookups import (
    WhoIsHome,
    all_correct,
    draw_calls,
    feed_forward,
    home_loss,
    lookup_curve,
)
from helpers.seq2seq import Seq2Seq
from tests.exercises.banks.longer_01 import SIZES


def four_names(generator, count):
    return draw_calls(generator, count, n_asked=4, n_people=8)


class AtOnce(nn.Module):
    """All heads of one component at once, without a loop."""

    def __init__(self, n_heads=32):
        super().__init__()
        self.ask = nn.Embedding(4 * 8, n_heads)
        self.name, self.home = nn.Embedding(8, n_heads), nn.Embedding(2, n_heads)
        self.readout = feed_forward(n_heads, 64, 4)

    def forward(self, asked, at_home):
        query = self.ask(asked + 8 * torch.arange(4)).sum(dim=1)  # (B, H)
        weights = (query[:, :, None] * self.name.weight.T).softmax(dim=-1)  # (B, H, S)
        context = (weights * self.home(at_home).mT).sum(dim=-1)  # (B, H)
        return self.readout(context), weights


@functools.cache
def trained(steps=300):
    """Return a network with all heads at once, trained once."""
    torch.manual_seed(0)
    model = AtOnce()
    lookup_curve(model, four_names, home_loss, all_correct, 0.03, most=steps, every=steps)
    return model


def dressed(kind):
    """Return a network of another class with the parameters of the trained one."""
    model = kind()
    model.load_state_dict(trained().state_dict())
    return model


# --- right ---


def in_a_loop():
    """Return a network as in the notebook, with the parameters of the trained one."""
    model, old = WhoIsHome(32, 4, 8, trained().readout), trained()
    for h, head in enumerate(model.heads):
        for name in ("ask", "name", "home"):
            getattr(head, name).weight.data = getattr(old, name).weight[:, h : h + 1].detach()
    return model


class FourAxes(AtOnce):
    """The weights have an axis for the one query; answers and weights come in a list."""

    def forward(self, asked, at_home):
        answers, weights = super().forward(asked, at_home)
        return [answers, weights[:, :, None]]


class ByMatrices(AtOnce):
    """One-hot vectors in the place of embeddings."""

    def forward(self, asked, at_home):
        one_hot = nn.functional.one_hot(asked + 8 * torch.arange(4), 32).sum(dim=1)
        query = one_hot.float() @ self.ask.weight
        scores = torch.einsum("bh,sh->bhs", query, self.name.weight)
        powers = (scores - scores.amax(-1, keepdim=True)).exp()
        weights = powers / powers.sum(-1, keepdim=True)
        value = torch.where(at_home[..., None] == 1, self.home.weight[1], self.home.weight[0])
        return self.readout(torch.einsum("bhs,bsh->bh", weights, value)), weights


class Dropped(AtOnce):
    """Dropout, which is off when it is judged, and prints."""

    def forward(self, asked, at_home):
        print("asked", asked.shape)
        answers, weights = super().forward(asked, at_home)
        return nn.functional.dropout(answers, 0.9, self.training), weights


class Louder(AtOnce):
    """The logits are larger, and so is their certainty."""

    def forward(self, asked, at_home):
        answers, weights = super().forward(asked, at_home)
        return 10 * answers, weights


class Reversed(AtOnce):
    """The last head comes first."""

    def forward(self, asked, at_home):
        answers, weights = super().forward(asked, at_home)
        return answers, weights.flip(1)


class Inside(nn.Module):
    """The network is a part of another."""

    def __init__(self):
        super().__init__()
        self.part = copy.deepcopy(trained())

    def forward(self, *calls):
        return self.part(*calls)


RIGHT = {
    "all heads at once": trained,
    "in a loop, as in the notebook": in_a_loop,
    "a list, and an axis for the query": lambda: dressed(FourAxes),
    "by matrices": lambda: dressed(ByMatrices),
    "left in training, with dropout": lambda: dressed(Dropped).train(),
    "larger logits": lambda: dressed(Louder),
    "the heads in reverse": lambda: dressed(Reversed),
    "inside another": Inside,
    "in double precision": lambda: copy.deepcopy(trained()).double(),
}


# --- wrong ---


def heads(count, width=32):
    """Return a function that makes an untrained network of so many heads."""
    return lambda: WhoIsHome(count, 4, 8, feed_forward(width, 64, 4), width=width)


class Alone(AtOnce):
    def forward(self, asked, at_home):
        return super().forward(asked, at_home)[0]


class Turned(AtOnce):
    """The weights come first."""

    def forward(self, asked, at_home):
        return super().forward(asked, at_home)[::-1]


class HeadsLast(AtOnce):
    def forward(self, asked, at_home):
        answers, weights = super().forward(asked, at_home)
        return answers, weights.mT


class Averaged(AtOnce):
    """The weights of all heads are averaged."""

    def forward(self, asked, at_home):
        answers, weights = super().forward(asked, at_home)
        return answers, weights.mean(dim=1)


class OneAnswer(AtOnce):
    """It answers for the first name alone."""

    def forward(self, asked, at_home):
        answers, weights = super().forward(asked, at_home)
        return answers[:, :1], weights


class Silent(AtOnce):
    def forward(self, asked, at_home):
        super().forward(asked, at_home)


class Misspelt(AtOnce):
    def forward(self, asked, at_home):
        return self.readout(contxt), None  # noqa: F821


class Broken(AtOnce):
    def __init__(self):
        super().__init__()
        self.ask.weight.data[0] = torch.nan


WRONG = {
    "%: at chance, which is one in sixteen. Train it first": AtOnce,
    "as it should, and answers": heads(32),
    "With H = 4, it answers": heads(4),
    "This exercise asks for 32 heads, each one component wide": heads(8),
    "With H = 1, it answers": heads(1),
    "the scores of one head take more than one component": heads(32, width=64),
    "32 heads share a width of 32: what is the width of one?": heads(32, width=96),
    "where H counts the heads. Yours returned a tensor of shape (500, 4)": Alone,
    "Yours returned a tensor of shape (500, 32, 8), a tensor of shape (500, 4)": Turned,
    "Yours returned a tensor of shape (500, 4), a tensor of shape (500, 8, 32)": HeadsLast,
    "Yours returned a tensor of shape (500, 4), a tensor of shape (500, 8)": Averaged,
    "Yours returned a tensor of shape (500, 1)": OneAnswer,
    "`forward` returned None": Silent,
    "`forward` stopped at the line `return self.readout(contxt)": Misspelt,
    "Yours returned a tensor of shape (500, 2)": lambda: WhoIsHome(32, 4, 8, nn.Linear(32, 2)),
    "Yours returned a tensor of shape (500, 8, ": lambda: Seq2Seq(*SIZES, width=16),
    "are NaN or infinite": Broken,
    "no parameters": lambda: nn.Sequential(nn.ReLU()),
}
UNFINISHED = {"475 are needed. It is learning, so train it on": lambda: trained(steps=60)}
