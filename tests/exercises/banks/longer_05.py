"""Networks handed in for the longer exercise of notebook 05: queries and keys of one matrix.

RIGHT, WRONG and UNFINISHED are as in `longer_01`. One network is trained, for a second or two; the
others hold its parameters, or are untrained.
"""

import copy
import functools
import random
from typing import NamedTuple

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from helpers.attention import SelfAttention, attend, causal_mask, scaled_dot_scores
from helpers.courses import COUNTRIES, VOCABULARY, draw_sentences, split_courses
from helpers.seq2seq import Seq2Seq
from helpers.training import train
from tests.exercises.banks.longer_01 import SIZES


class NextWord(nn.Module):
    """The network of the notebook."""

    def __init__(self, n_words, width=128, start=0.1):
        super().__init__()
        self.embed = nn.Embedding(n_words, width)
        self.embed.weight.data *= start
        self.attention = SelfAttention(width, width)
        self.predict = nn.Linear(width, n_words)

    def forward(self, words):
        x = self.embed(words)
        context, weights = self.attention(x)
        return self.predict(x + context)[:, -1], weights


def next_word_loss(model, rows):
    return cross_entropy(model(rows[:, :-1])[0], rows[:, -1])


@functools.cache
def lessons(seed=0):
    """Return the batches of the notebook."""
    chance = random.Random(f"lessons {seed}")
    known = split_courses(seed)[1]
    return [draw_sentences(chance, known, 64) for _ in range(400)]


class WithoutItself(SelfAttention):
    def forward(self, x, mask=None):
        others = ~torch.eye(x.shape[1], dtype=torch.bool)
        return super().forward(x, others)


def built(attention=WithoutItself):
    """Return an untrained network of an attention whose queries and keys share a matrix."""
    torch.manual_seed(0)
    model = NextWord(len(VOCABULARY))
    model.attention = attention(128, 128)
    model.attention.to_key = model.attention.to_query
    return model


@functools.cache
def trained():
    """Return the solution's network, trained once, as the notebook trains its own."""
    model = built()
    train(model, lessons(), steps=400, learning_rate=3e-3, loss=next_word_loss)
    return model


def dressed(kind):
    """Return the trained network with another attention, made from the trained one."""
    model = copy.deepcopy(trained())
    model.attention = kind(model.attention)
    return model


# --- right ---


class Both(nn.Module):
    """One matrix under a name of its own, and a large negative score for the word itself."""

    def __init__(self, old):
        super().__init__()
        self.to_both, self.to_value = old.to_query, old.to_value

    def forward(self, x):
        both = self.to_both(x)
        scores = torch.einsum("btd,bsd->bts", both, both) / 128**0.5
        weights = (scores - 1e9 * torch.eye(x.shape[1])).softmax(dim=-1)
        return weights @ self.to_value(x), weights


class Wide(nn.Module):
    """One linear layer makes what is compared and the values, side by side."""

    def __init__(self, old):
        super().__init__()
        self.to_all = nn.Linear(128, 256, bias=False)
        self.to_all.weight.data = torch.cat([old.to_query.weight, old.to_value.weight]).detach()

    def forward(self, x):
        both, value = self.to_all(x).chunk(2, dim=-1)
        mask = torch.ones(x.shape[1], x.shape[1]).fill_diagonal_(0).bool()
        return attend(both, both, value, mask, scaled_dot_scores)


class Bare(nn.Module):
    """Two parameters without layers."""

    def __init__(self, old):
        super().__init__()
        self.both = nn.Parameter(old.to_query.weight.T.detach())
        self.value = nn.Parameter(old.to_value.weight.T.detach())

    def forward(self, x):
        scores = (x @ self.both) @ (x @ self.both).mT / 128**0.5
        scores = scores.masked_fill(torch.eye(x.shape[1]).bool(), -torch.inf)
        return scores.softmax(-1) @ x @ self.value, scores.softmax(-1)


class Tied(WithoutItself):
    """Two layers with one and the same parameter."""

    def __init__(self, old):
        super().__init__(128, 128)
        self.load_state_dict(old.state_dict())
        self.to_key.weight = self.to_query.weight


class Less(Both):
    """A word's score with itself is smaller by 60, and counts."""

    def forward(self, x):
        both = self.to_both(x)
        scores = both @ both.mT / 128**0.5 - 60 * torch.eye(x.shape[1])
        return scores.softmax(-1) @ self.to_value(x), scores.softmax(-1)


class OneHead(Both):
    """The weights have an axis for one head."""

    def forward(self, x):
        context, weights = super().forward(x)
        return context, weights[:, None]


class WordByWord(Both):
    """Each word asks the others in a loop."""

    def forward(self, x):
        both, value, contexts, rows = self.to_both(x), self.to_value(x), [], []
        for t in range(x.shape[1]):
            others = [s for s in range(x.shape[1]) if s != t]
            scores = (both[:, others] @ both[:, t, :, None])[..., 0] / 128**0.5
            row = torch.zeros(x.shape[:2])
            row[:, others] = scores.softmax(dim=-1)
            rows.append(row)
            contexts.append((row[..., None] * value).sum(dim=1))
        return torch.stack(contexts, dim=1), torch.stack(rows, dim=1)


class Completion(NamedTuple):
    logits: torch.Tensor
    weights: torch.Tensor


class Dropped(NextWord):
    """Dropout, which is off when it is judged, a NamedTuple, and prints."""

    def forward(self, words):
        print("reading", words.shape)
        x = nn.functional.dropout(self.embed(words), 0.9, self.training)
        context, weights = self.attention(x)
        return Completion(self.predict(x[:, -1] + context[:, -1]), weights)


def dropped():
    model = Dropped(len(VOCABULARY))
    model.attention = built().attention
    model.load_state_dict(trained().state_dict())
    return model.train()


RIGHT = {
    "as in the solution": trained,
    "one matrix under another name": lambda: dressed(Both),
    "one wide layer": lambda: dressed(Wide),
    "bare parameters": lambda: dressed(Bare),
    "two layers with one parameter": lambda: dressed(Tied),
    "weights of one head": lambda: dressed(OneHead),
    "word by word": lambda: dressed(WordByWord),
    "in double precision": lambda: copy.deepcopy(trained()).double(),
    "left in training, with dropout": dropped,
    "not masked, but far less attractive": lambda: dressed(Less),
}


# --- wrong ---


class More(Both):
    """Words attend to themselves: their scores with themselves are larger by 60."""

    def forward(self, x):
        both = self.to_both(x)
        scores = both @ both.mT / 128**0.5 + 60 * torch.eye(x.shape[1])
        return scores.softmax(-1) @ self.to_value(x), scores.softmax(-1)


class Average(SelfAttention):
    """All words get the same weight."""

    def forward(self, x, mask=None):
        weights = torch.full((*x.shape[:2], x.shape[1]), 1 / x.shape[1])
        return weights @ self.to_value(x), weights


class Causal(SelfAttention):
    def forward(self, x, mask=None):
        return super().forward(x, causal_mask(x.shape[1]))


class OneView(SelfAttention):
    """Queries, keys and values are one."""

    def forward(self, x, mask=None):
        view = self.to_query(x)
        return attend(view, view, view, score=scaled_dot_scores)


def fresh(first, second):
    """Return an untrained network in which the second view has the matrix of the first."""
    model = NextWord(len(VOCABULARY))
    setattr(model.attention, second, getattr(model.attention, first))
    return model


class Alone(NextWord):
    def forward(self, words):
        return super().forward(words)[0]


class Turned(NextWord):
    """The weights come first."""

    def forward(self, words):
        return super().forward(words)[::-1]


class Everywhere(NextWord):
    """It names a next word at every position."""

    def forward(self, words):
        x = self.embed(words)
        context, weights = self.attention(x)
        return self.predict(x + context), weights


class LastRow(NextWord):
    """The weights are those of the last word alone."""

    def forward(self, words):
        logits, weights = super().forward(words)
        return logits, weights[:, -1]


class Silent(NextWord):
    def forward(self, words):
        super().forward(words)


class Misspelt(NextWord):
    def forward(self, words):
        return self.predict(contxt), None  # noqa: F821


class Broken(NextWord):
    def __init__(self, n_words):
        super().__init__(n_words)
        self.predict.bias.data[3] = torch.nan


def of(kind):
    """Return an untrained network of a class."""
    return lambda: kind(len(VOCABULARY))


WRONG = {
    "it looks untrained. Train it as the notebook trains": built,
    "Are the keys made with the matrix of the queries?": of(NextWord),
    "not symmetric: what word t scores for word s": lambda: fresh("to_key", "to_value"),
    "one matrix for queries and keys they are": lambda: fresh("to_query", "to_value"),
    "values are made with that one matrix, too": lambda: built(OneView),
    "Its weights are all equal": lambda: built(Average),
    "no three words attend to one another": lambda: built(Causal),
    "weights of shape (768, 8, 8). Yours returned a tensor of shape (768, 66)": of(Alone),
    "Yours returned a tensor of shape (768, 8, 8), a tensor of shape (768, 66)": of(Turned),
    "Yours returned a tensor of shape (768, 8, 66)": of(Everywhere),
    "a tensor of shape (768, 66), a tensor of shape (768, 8)": of(LastRow),
    "`forward` returned None": of(Silent),
    "`forward` stopped at the line `return self.predict(contxt)": of(Misspelt),
    "`forward` stopped at the line `x = self.embed(words)": lambda: NextWord(20),
    "`forward` stopped with TypeError": lambda: Seq2Seq(*SIZES, width=16),
    "are NaN or infinite": of(Broken),
    "no parameters": lambda: nn.Sequential(nn.ReLU()),
}


def half():
    """Return a network that never names the countries of four schools."""
    model = copy.deepcopy(trained())
    for country in list(COUNTRIES.values())[:4]:
        model.predict.bias.data[VOCABULARY.index(country)] = -100
    return model


UNFINISHED = {
    "Compare its score for itself with its other scores": lambda: dressed(More),
    "after `saw` for 50%: 95% are needed after each": half,
}
