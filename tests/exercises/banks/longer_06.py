"""Networks handed in for the longer exercise of notebook 06: the most frequent digit of a row.

RIGHT, WRONG and UNFINISHED are as in `longer_01`. Three networks are trained, for some seconds
each; the others hold the parameters of one of them, count by hand, or are untrained.
"""

import copy
import functools

import torch
from torch import nn
from torch.nn.functional import cross_entropy, one_hot

from helpers.attention import scaled_dot_scores
from helpers.positions import distances
from helpers.seq2seq import Seq2Seq
from helpers.three_back import WIDTH, ThreeBack
from helpers.training import training_step
from tests.exercises.banks.longer_01 import SIZES


def draw_rows(count, length, generator):
    rows = torch.randint(4, (count, length), generator=generator)
    counts = one_hot(rows, 4).sum(dim=1)
    most = counts.topk(2).values
    clear = most[:, 0] > most[:, 1]
    return rows[clear], counts[clear].argmax(dim=-1)


def most_frequent_loss(model, batch):
    rows, answers = batch
    return cross_entropy(model(rows)[:, -1], answers)


class Learned(nn.Module):
    """Learned codes, of which training reaches the first 16."""

    def __init__(self, rows=128):
        super().__init__()
        self.table = nn.Embedding(rows, WIDTH)

    def forward(self, length):
        return self.table.weight[:length]


@functools.cache
def trained(codes=None, steps=300):
    """Return a network with these codes, trained once on rows of 16."""
    torch.manual_seed(0)
    model = ThreeBack(codes and codes())
    generator = torch.Generator().manual_seed(0)
    optimizer = torch.optim.Adam(model.parameters(), 0.02)
    for _ in range(steps):
        training_step(model, draw_rows(64, 16, generator), optimizer, most_frequent_loss)
    return model


def dressed(kind, *sizes, **settings):
    """Return a network of another class with the parameters of the trained one."""
    model = kind(*sizes, **settings)
    model.load_state_dict(trained().state_dict(), strict=False)
    return model


# --- right ---


class Dropped(ThreeBack):
    """Dropout, which is off when it is judged, and prints."""

    def forward(self, digits):
        print("reading", digits.shape)
        return nn.functional.dropout(super().forward(digits), 0.9, self.training)


class FourAnswers(ThreeBack):
    """Logits of the four digits alone."""

    def forward(self, digits):
        return super().forward(digits)[..., :4]


class Louder(ThreeBack):
    """The logits are larger, and so is their certainty."""

    def forward(self, digits):
        return 100 * super().forward(digits)


class Counting(nn.Module):
    """It counts, without attention; each digit by the weight of its place."""

    def __init__(self, weight=lambda n: torch.ones(n)):
        super().__init__()
        self.weight, self.scale = weight, nn.Parameter(torch.ones(()))

    def forward(self, digits):
        counts = self.counted(one_hot(digits, 4) * self.weight(digits.shape[1])[:, None])
        return self.scale * counts

    def counted(self, ones):
        return ones.cumsum(dim=1)


class UpTo(Counting):
    """It counts up to a few, no further."""

    def __init__(self, most):
        super().__init__()
        self.most = most

    def counted(self, ones):
        return ones.cumsum(dim=1).clamp(max=self.most)


def with_relative(bias):
    """Return the trained network with a number added to the scores of the nearest three."""

    def score(query, key):
        near = distances(query.shape[-2], key.shape[-2]) > -3
        return scaled_dot_scores(query, key) + bias * near

    return dressed(ThreeBack, score=score)


RIGHT = {
    "as in the solution": trained,
    "relative positions that are not used": lambda: with_relative(0),
    "relative positions that matter a little": lambda: with_relative(0.02),
    "codes of zeros": lambda: dressed(ThreeBack, lambda n: torch.zeros(n, WIDTH)),
    "left in training, with dropout": lambda: dressed(Dropped).train(),
    "four answers": lambda: dressed(FourAnswers),
    "larger logits": lambda: dressed(Louder),
    "counting without attention": Counting,
    "inside another": lambda: nn.Sequential(copy.deepcopy(trained())),
    "in double precision": lambda: copy.deepcopy(trained()).double(),
}


# --- wrong ---


class LastAlone(ThreeBack):
    def forward(self, digits):
        return super().forward(digits)[:, -1]


class Turned(ThreeBack):
    """Logits as cross_entropy wants them."""

    def forward(self, digits):
        return super().forward(digits).mT


class WithMore(ThreeBack):
    def forward(self, digits):
        return super().forward(digits), digits


class ThreeAnswers(ThreeBack):
    def forward(self, digits):
        return super().forward(digits)[..., :3]


class Silent(ThreeBack):
    def forward(self, digits):
        super().forward(digits)


class Misspelt(ThreeBack):
    def forward(self, digits):
        return self.answer(contxt)  # noqa: F821


class Broken(ThreeBack):
    def __init__(self):
        super().__init__()
        self.embed.weight.data[0] = torch.nan


def fading(n):
    """Weigh the first 16 places nearly alike, and the others not at all."""
    return torch.where(torch.arange(n) < 16, 1 + 0.01 * torch.arange(n).cos(), 0.0)


WRONG = {
    "A guess is right in a quarter of them, so it looks untrained": ThreeBack,
    "try another seed, or another kind of positions": lambda: ThreeBack(Learned()),
    "95% are needed. It is learning, so train it on": lambda: UpTo(5),
    "so they depend on where a digit stands": lambda: Counting(fading),
    "Shuffling the other digits changes nothing, as it should be": lambda: UpTo(20),
    "stops in rows of 128. Has its table of codes as many rows?": lambda: ThreeBack(Learned(16)),
    "Yours returned a tensor of shape (500, 10)": LastAlone,
    "logits of shape (500, 16, V)": Turned,
    "Yours returned 2 things": WithMore,
    "Yours returned a tensor of shape (500, 16, 3)": ThreeAnswers,
    "`forward` returned None": Silent,
    "`forward` stopped at the line `return self.answer(contxt)": Misspelt,
    "`forward` stopped with TypeError": lambda: Seq2Seq(*SIZES, width=16),
    "are NaN or infinite": Broken,
    "no parameters": lambda: nn.Sequential(nn.ReLU()),
}
UNFINISHED = {
    "no row in training was longer than 16": lambda: trained(Learned),
    "It is learning, so train it on": lambda: trained(steps=25),
}
