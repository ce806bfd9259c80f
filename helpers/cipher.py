"""A writer that learns a cipher: six random letters, a bar, and each three or five places on.

Shapes use the course's axis letters; V counts the signs. In here: texts, a small Transformer that
predicts the next sign, its loss, training, writing on its own. Not in here: attention, masks, the
step of training.
"""

import math
import string

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from helpers.attention import SelfAttention, causal_mask, scaled_dot_scores
from helpers.training import training_step
from helpers.transformer import FeedForward

SIGNS = string.ascii_lowercase + "|"
LETTERS = 6  # of the plain text, and of its cipher
LENGTH = 2 * LETTERS + 1  # signs in a text
FLOOR = (LETTERS - 1) * math.log(26) / (LENGTH - 1)  # the least loss without a look ahead
SHIFTS = torch.tensor([3, 5] * (LETTERS // 2))  # places on in the alphabet, letter by letter


def draw_texts(generator, count):
    """Draw random letters, and write the bar and their cipher after them.

    Shapes: -> tokens (B, S), with B = count and S = LENGTH; indices into SIGNS.
    """
    plain = torch.randint(26, (count, LETTERS), generator=generator)  # (B, _)
    bar = torch.full((count, 1), SIGNS.index("|"))  # (B, 1)
    return torch.cat([plain, bar, (plain + SHIFTS) % 26], dim=1)  # (B, S)


def spell(tokens):
    """Return the signs of one text as a string."""
    return "".join(SIGNS[i] for i in tokens)


class Writer(nn.Module):
    """One layer of attention and one feed-forward layer that predict the next sign of a text.

    Shapes: tokens (B, T) -> logits (B, T, V), weights (B, T, S). Taught in notebook 08.
    """

    def __init__(self, masked, width=32):
        super().__init__()
        self.masked = masked
        self.embed, self.place = nn.Embedding(len(SIGNS), width), nn.Embedding(LENGTH, width)
        self.attention, self.feed_forward = SelfAttention(width, width), FeedForward(width)
        self.predict = nn.Linear(width, len(SIGNS))

    def forward(self, tokens):
        n = tokens.shape[1]
        x = self.embed(tokens) + self.place.weight[:n]  # (B, T, E)
        mask = causal_mask(n) if self.masked else None
        context, weights = self.attention(x, mask)  # (B, T, E), (B, T, S)
        x = x + context
        x = x + self.feed_forward(x)
        return self.predict(x), weights


class FilledAttention(SelfAttention):
    """Self-attention that writes a finite number over the scores of what is hidden.

    Shapes: x (B, S, E), mask (T, S) -> context (B, T, E), weights (B, T, S), with T = S.
    Taught in notebook 08.
    """

    def __init__(self, width, fill):
        super().__init__(width, width)
        self.fill = fill

    def forward(self, x, mask):
        scores = scaled_dot_scores(self.to_query(x), self.to_key(x))  # (B, T, S)
        weights = scores.masked_fill(~mask, self.fill).softmax(dim=-1)  # (B, T, S)
        return weights @ self.to_value(x), weights


def next_sign_loss(model, texts):
    """Return the cross-entropy of each next sign."""
    logits, _ = model(texts[:, :-1])  # (B, T, V)
    return cross_entropy(logits.mT, texts[:, 1:])


def learn_to_write(model, seed=0, steps=300, rate=0.01, draw=draw_texts):
    """Train in place on 64 new texts a step, with Adam at a constant rate; return the losses."""
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), rate)
    return [
        training_step(model, draw(generator, 64), optimizer, next_sign_loss) for _ in range(steps)
    ]


@torch.no_grad()
def predicted(model, count=500, seed=0):
    """Return new texts, and which of their next signs a model predicts, the true text being given.

    Shapes: -> texts (B, S), correct (B, S - 1), boolean, with B = count and S = LENGTH.
    """
    texts = draw_texts(torch.Generator().manual_seed(1_000 + seed), count)  # (B, S)
    logits, _ = model(texts[:, :-1])  # (B, T, V)
    return texts, logits.argmax(dim=-1) == texts[:, 1:]


@torch.no_grad()
def write(model, tokens, count=LETTERS):
    """Let the model go on by itself: each sign that it predicts is read in the next step.

    Shapes: tokens (B, T) -> (B, T + count).
    """
    for _ in range(count):
        logits, _ = model(tokens)  # (B, T, V)
        tokens = torch.cat([tokens, logits[:, -1:].argmax(dim=-1)], dim=1)  # (B, T + 1)
    return tokens
