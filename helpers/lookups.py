"""Two tasks of looking things up: one value in a list of pairs, and who of those asked is at home.

Shapes use the course's axis letters; K counts the names in a question. In here: drawing questions
with their answers, a network for each task, its loss, what it has right, and learning curves.
Not in here: the step of training.
"""

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from helpers.attention import attend, scaled_dot_scores
from helpers.training import training_step

NAMES = 64  # kinds of names in a list of pairs
VALUES = 16  # kinds of values; guessing is right one time in VALUES


def draw_lists(generator, count, n_pairs=16):
    """Draw lists of names with a value each, and ask for the value of one of the names.

    In a list no name occurs twice. Shapes: -> names (B, S), values (B, S), asked (B), answer (B),
    with B = count and S = n_pairs; whole numbers below NAMES and VALUES.
    """
    shuffled = torch.rand(count, NAMES, generator=generator).argsort(dim=-1)  # (B, N)
    names = shuffled[:, :n_pairs]  # (B, S)
    values = torch.randint(VALUES, (count, n_pairs), generator=generator)  # (B, S)
    place = torch.randint(n_pairs, (count, 1), generator=generator)  # (B, 1)
    return names, values, names.gather(1, place)[:, 0], values.gather(1, place)[:, 0]


def draw_calls(generator, count, n_asked, n_people):
    """Draw who is at home, and the names of some of the people, in the order they are asked for.

    Nobody is asked for twice. Shapes: -> asked (B, K), at_home (B, S), answers (B, K), with
    B = count, K = n_asked and S = n_people; at_home and answers are 0 or 1.
    """
    asked = torch.rand(count, n_people, generator=generator).argsort(dim=-1)[:, :n_asked]  # (B, K)
    at_home = torch.randint(2, (count, n_people), generator=generator)  # (B, S)
    return asked, at_home, at_home.gather(1, asked)


class Lookup(nn.Module):
    """One query for a name, a key for each name of a list, and the value that belongs to it.

    Shapes: names (B, S), values (B, S), asked (B) -> logits (B, V), with V = VALUES.
    Taught in notebook 09.
    """

    def __init__(self, width, score):
        super().__init__()
        self.score = score
        self.query, self.key = nn.Embedding(NAMES, width), nn.Embedding(NAMES, width)
        self.value, self.answer = nn.Embedding(VALUES, width), nn.Linear(width, VALUES)

    def forward(self, names, values, asked):
        query = self.query(asked)[:, None]  # (B, 1, D)
        key, value = self.key(names), self.value(values)  # (B, S, D), (B, S, D)
        context, _ = attend(query, key, value, score=self.score)  # (B, 1, D)
        return self.answer(context)[:, 0]  # (B, V)


def lookup_loss(model, lists):
    """Return the cross-entropy of the values that a list was asked for."""
    names, values, asked, answer = lists
    return cross_entropy(model(names, values, asked), answer)


@torch.no_grad()
def found(model, lists):
    """Return which answers are correct. Shapes: -> (B), boolean."""
    names, values, asked, answer = lists
    return model(names, values, asked).argmax(dim=-1) == answer


def query_gradients(width, score, seed=0):
    """Ask an untrained Lookup 1,000 questions; return the norms of the loss's gradients.

    Shapes: -> with respect to each question's scores (1_000), and to its query (1_000).
    """
    model, scores = Lookup(width, score), []
    names, values, asked, answer = draw_lists(torch.Generator().manual_seed(seed), 1_000)
    query = model.query(asked)[:, None].detach().requires_grad_()  # (B, 1, D)

    def kept(query, key):
        scores.append(score(query, key))
        scores[0].retain_grad()
        return scores[0]

    context, _ = attend(query, model.key(names), model.value(values), score=kept)  # (B, 1, D)
    cross_entropy(model.answer(context[:, 0]), answer, reduction="sum").backward()
    return tuple(each.grad.norm(dim=-1)[:, 0] for each in (scores[0], query))


class Head(nn.Module):
    """One attention head that is asked for some names of people of whom some are at home.

    Its keys know the names alone, its values know who is at home.
    Shapes: asked (B, K), at_home (B, S) -> context (B, 1, D), weights (B, 1, S).
    Taught in notebook 09.
    """

    def __init__(self, n_asked, n_people, width):
        super().__init__()
        self.places = torch.arange(n_asked) * n_people
        self.ask = nn.Embedding(n_asked * n_people, width)
        self.name, self.home = nn.Embedding(n_people, width), nn.Embedding(2, width)

    def forward(self, asked, at_home):
        query = self.ask(asked + self.places).sum(dim=1, keepdim=True)  # (B, 1, D)
        key = self.name.weight.expand(len(asked), -1, -1)  # (B, S, D)
        value = self.home(at_home)  # (B, S, D)
        return attend(query, key, value, score=scaled_dot_scores)


class WhoIsHome(nn.Module):
    """Several heads side by side, and a readout that says of each name whether it is at home.

    Shapes: asked (B, K), at_home (B, S) -> logits (B, K), weights (B, H, S).
    Taught in notebook 09.
    """

    def __init__(self, n_heads, n_asked, n_people, readout, width=32):
        super().__init__()
        heads = [Head(n_asked, n_people, width // n_heads) for _ in range(n_heads)]
        self.heads, self.readout = nn.ModuleList(heads), readout

    def forward(self, asked, at_home):
        looked = [head(asked, at_home) for head in self.heads]
        context = torch.cat([context for context, _ in looked], dim=-1)  # (B, 1, E)
        weights = torch.cat([weights for _, weights in looked], dim=1)  # (B, H, S)
        return self.readout(context[:, 0]), weights


def home_loss(model, calls):
    """Return the mean cross-entropy of the answers at home or not."""
    asked, at_home, answers = calls
    return binary_cross_entropy_with_logits(model(asked, at_home)[0], answers.float())


@torch.no_grad()
def all_correct(model, calls):
    """Return for which questions all answers are correct. Shapes: -> (B), boolean."""
    asked, at_home, answers = calls
    return ((model(asked, at_home)[0] > 0) == answers).all(dim=-1)


def feed_forward(width, n_hidden, n_out):
    """Return two linear layers with a ReLU between them."""
    return nn.Sequential(nn.Linear(width, n_hidden), nn.ReLU(), nn.Linear(n_hidden, n_out))


def lookup_curve(model, draw, loss, correct, rate, most=300, every=20, seed=0):
    """Train on fresh questions; return the share of correct answers to 1,000 others by step.

    Adam at a constant rate, 64 questions a step. `draw(generator, count)` returns questions,
    `loss(model, questions)` their loss, `correct(model, questions)` which answers are correct.
    """
    generator = torch.Generator().manual_seed(seed)
    test = draw(generator, 1_000)
    optimizer = torch.optim.Adam(model.parameters(), rate)
    shares = {}
    for step in range(1, most + 1):
        training_step(model, draw(generator, 64), optimizer, loss)
        if step % every == 0:
            shares[step] = correct(model, test).float().mean().item()
    return shares
