"""The Transformer that translates: the decoder's block, and encoder and decoder together.

Shapes use the course's axis letters: B batch, H heads, T target and S source positions, E model
width, V vocabulary.
In here: what notebook 11 adds to the blocks of 10. Not in here: those blocks, training.
"""

import torch
from torch import nn

from helpers.attention import MultiHeadAttention, causal_mask, scaled_dot_scores
from helpers.positions import RotaryScores, sinusoidal_codes
from helpers.tasks import PAD
from helpers.transformer import Block, FeedForward


class DecoderBlock(nn.Module):
    """One layer of a decoder: attention to what was written, to what was read, then feed-forward.

    The first is self-attention; the second, cross-attention, takes queries from `x`, and keys and
    values from `memory`. Norms and residuals as in `Block`; `score` is that of self-attention.
    Shapes: x (B, T, E), memory (B, S, E), masks as for `MultiHeadAttention`
    -> x (B, T, E), weights of the cross-attention (B, H, T, S).
    Source: Vaswani et al. 2017, section 3.1, in pre-norm form. Taught in notebook 11.
    """

    def __init__(self, d_model, n_heads=1, score=scaled_dot_scores, d_hidden=None):
        super().__init__()
        self.norm_self = nn.LayerNorm(d_model)
        self.self_attention = MultiHeadAttention(d_model, n_heads, score)
        self.norm_cross = nn.LayerNorm(d_model)
        self.cross_attention = MultiHeadAttention(d_model, n_heads)
        self.norm_feed_forward = nn.LayerNorm(d_model)
        self.feed_forward = FeedForward(d_model, d_hidden)

    def forward(self, x, memory, mask=None, memory_mask=None):
        context, _ = self.self_attention(self.norm_self(x), mask=mask)  # (B, T, E)
        x = x + context  # (B, T, E)
        asking = self.norm_cross(x)  # (B, T, E)
        context, weights = self.cross_attention(asking, memory, memory_mask)  # (B, T, E)
        x = x + context  # (B, T, E)
        return x + self.feed_forward(self.norm_feed_forward(x)), weights


def place(words, absolute):
    """Return words with sinusoidal codes added if `absolute`, else as they are.

    Shapes: words (B, T, E) -> (B, T, E). Taught in notebook 11.
    """
    return words + sinusoidal_codes(*words.shape[1:]).to(words) if absolute else words


class Reader(nn.Module):
    """The encoder: blocks in which the source words look at one another, all of them at all.

    `sizes` are those of `Block`. Shapes: source (B, S) of token ids, mask -> memory (B, S, E).
    Source: Vaswani et al. 2017, section 3.1, in pre-norm form. Taught in notebook 11.
    """

    def __init__(self, source_size, d_model, absolute=False, **sizes):
        super().__init__()
        self.absolute = absolute
        self.embed = nn.Embedding(source_size, d_model)
        self.blocks = nn.ModuleList(Block(d_model, **sizes) for _ in range(2))
        self.norm = nn.LayerNorm(d_model)

    def forward(self, source, mask):
        x = place(self.embed(source), self.absolute)  # (B, S, E)
        for block in self.blocks:
            x, _ = block(x, mask)  # (B, S, E)
        return self.norm(x)  # (B, S, E)


class TransformerSeq2Seq(nn.Module):
    """A translator without recurrence: blocks that read, and decoder blocks that write.

    Positions are rotary, or sinusoidal codes if `absolute`. `decode` returns with the logits the
    state for the next call (what was read, and all that was written), and the weights of the last
    cross-attention, the mean of its heads.
    Shapes: source (B, S) and target (B, T) are token ids -> logits (B, T, V).
    Source: Vaswani et al. 2017. Taught in notebook 11.
    """

    def __init__(self, source_size, target_size, d_model=48, d_hidden=72, absolute=False):
        super().__init__()
        score = scaled_dot_scores if absolute else RotaryScores()
        sizes = {"n_heads": 4, "score": score, "d_hidden": d_hidden}
        self.absolute = absolute
        self.reader = Reader(source_size, d_model, absolute, **sizes)
        self.embed = nn.Embedding(target_size, d_model)
        self.blocks = nn.ModuleList(DecoderBlock(d_model, **sizes) for _ in range(2))
        self.norm = nn.LayerNorm(d_model)
        self.predict = nn.Linear(d_model, target_size)

    def encode(self, source):
        mask = (source != PAD)[:, None, None]  # (B, 1, 1, S)
        return self.reader(source, mask), mask, source[:, :0]

    def decode(self, target, state):
        memory, mask, written = state
        written = torch.cat([written, target], dim=1)  # (B, T)
        causal = causal_mask(written.shape[1]).to(target.device)  # (T, T)
        x = place(self.embed(written), self.absolute)  # (B, T, E)
        for block in self.blocks:
            x, weights = block(x, memory, causal, mask)  # (B, T, E)
        new = slice(-target.shape[1], None)
        logits = self.predict(self.norm(x[:, new]))
        return logits, (memory, mask, written), weights.mean(dim=1)[:, new]

    def forward(self, source, target):
        return self.decode(target, self.encode(source))[0]  # (B, T, V)
