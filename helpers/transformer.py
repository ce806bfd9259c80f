"""The Transformer's parts beside attention, in their final form.

Shapes use the course's axis letters: B batch, T positions, E model width, D hidden units.
In here: what stands around attention. Not in here: attention itself, positions, training.
"""

from torch import nn


class FeedForward(nn.Module):
    """Widen each word's vector, bend it, and narrow it again: for every word alone, alike for all.

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
