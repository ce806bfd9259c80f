"""Three back with two layers, each with feed-forward and a causal mask, 2,000 steps."""

import torch
from torch import nn

from helpers.attention import attend, causal_mask, scaled_dot_scores
from helpers.positions import AlibiScores, RelativeScores, RotaryScores, sinusoidal_codes
from helpers.runtime import set_seed
from helpers.three_back import KINDS, LENGTH, WIDTH, correct_answers, three_back_loss
from helpers.training import side_by_side, training_step
from helpers.transformer import FeedForward

LENGTHS, STEPS, RATE = (16, 32, 64, 128), (600, 2_000), 0.01
SCHEMES = {
    "none": (None, lambda: scaled_dot_scores),
    "sinusoidal": (lambda length: sinusoidal_codes(length, WIDTH), lambda: scaled_dot_scores),
    "relative": (None, lambda: RelativeScores(1, 8)),
    "rotary": (None, RotaryScores),
    "ALiBi": (None, lambda: AlibiScores(0.5)),
}


class Layer(nn.Module):
    """Attention that hides what comes later, then a feed-forward layer, each added to its input."""

    def __init__(self, score):
        super().__init__()
        self.score, self.feed_forward = score, FeedForward(WIDTH)
        self.to_query = nn.Linear(WIDTH, WIDTH, bias=False)
        self.to_key = nn.Linear(WIDTH, WIDTH, bias=False)
        self.to_value = nn.Linear(WIDTH, WIDTH, bias=False)

    def forward(self, x):
        query, key, value = self.to_query(x), self.to_key(x), self.to_value(x)
        context, _ = attend(query, key, value, causal_mask(x.shape[1]), self.score)  # (B, T, D)
        x = x + context
        return x + self.feed_forward(x)


class TwoLayers(nn.Module):
    """Two layers between an embedding and a linear layer."""

    def __init__(self, codes, score):
        super().__init__()
        self.codes, self.layers = codes, nn.Sequential(Layer(score()), Layer(score()))
        self.embed, self.answer = nn.Embedding(KINDS, WIDTH), nn.Linear(WIDTH, KINDS)

    def forward(self, digits):
        x = self.embed(digits)  # (B, T, E)
        if self.codes is not None:
            x = x + self.codes(digits.shape[1])  # (B, T, E)
        return self.answer(self.layers(x))  # (B, T, V)


def learn(model, seed):
    """Return the share of correct answers by number of steps and length."""
    generator = torch.Generator().manual_seed(seed)
    optimizer, shares = torch.optim.Adam(model.parameters(), RATE), {}
    for step in range(1, max(STEPS) + 1):
        digits = torch.randint(KINDS, (64, LENGTH), generator=generator)  # (B, T)
        training_step(model, digits, optimizer, three_back_loss)
        if step in STEPS:
            shares[step] = {n: correct_answers(model, n).float().mean().item() for n in LENGTHS}
    return shares


def run(seed):
    """Return the share of correct answers by scheme, number of steps and length."""
    calls = {}
    for name, (codes, score) in SCHEMES.items():
        set_seed()
        calls[name] = TwoLayers(codes, score), seed
    return side_by_side(learn, calls)


def check(results):
    """See ALiBi hold its share at eight times the length, and rotary positions lose it."""
    for by_scheme in results.values():
        alibi, rotary = by_scheme["ALiBi"][2_000], by_scheme["rotary"][2_000]
        assert alibi[16] > 0.85 and alibi[128] > alibi[16] - 0.1
        assert rotary[16] > 0.95 and rotary[128] < 0.75
