"""The Transformer's parts beside attention, and the block that they make.

Shapes use the course's axis letters: B batch, H heads, T positions, E model width.
In here: what stands around attention. Not in here: attention itself, positions, whole models.
"""

from torch import nn

from helpers.attention import MultiHeadAttention, scaled_dot_scores


class FeedForward(nn.Module):
    """Widen each word's vector, apply an activation, narrow it: each word alone, all words alike.

    `d_hidden` is 4 times `d_model` unless given; `activation` is a module.
    Shapes: x (B, T, E) -> (B, T, E).
    Source: Vaswani et al. 2017, section 3.3. Taught in notebook 07.
    """

    def __init__(self, d_model, d_hidden=None, activation=None):
        super().__init__()
        self.widen = nn.Linear(d_model, d_hidden or 4 * d_model)
        self.activation = activation or nn.GELU()
        self.narrow = nn.Linear(d_hidden or 4 * d_model, d_model)

    def forward(self, x):
        return self.narrow(self.activation(self.widen(x)))  # (B, T, E)


class Block(nn.Module):
    """One layer of a Transformer: attention between the words, then feed-forward within each.

    Both add to what is there (residual), and both read it through a layer norm (pre-norm).
    Shapes: x (B, T, E), mask as for `MultiHeadAttention` -> x (B, T, E), weights (B, H, T, T).
    Source: Vaswani et al. 2017, section 3.1, with the norm moved to the front as in Radford et al.
    2019 (GPT-2), section 2.3. Taught in notebook 10.
    """

    def __init__(self, d_model, n_heads=1, score=scaled_dot_scores, d_hidden=None):
        super().__init__()
        self.norm_attention = nn.LayerNorm(d_model)
        self.attention = MultiHeadAttention(d_model, n_heads, score)
        self.norm_feed_forward = nn.LayerNorm(d_model)
        self.feed_forward = FeedForward(d_model, d_hidden)

    def forward(self, x, mask=None):
        context, weights = self.attention(self.norm_attention(x), mask=mask)  # (B, T, E)
        x = x + context  # (B, T, E)
        return x + self.feed_forward(self.norm_feed_forward(x)), weights
