"""Attention in its final form: two scores, the step that they share, masks, and many heads.

Shapes use the course's axis letters: B batch, H heads, T query positions, S key positions, E model
width, D head width. With heads, (B, H, T, D) takes the place of (B, T, E) all through.
In here: scores, masks, heads. Not in here: recurrent networks, positions, whole blocks.
"""

import math

import torch
from torch import nn

from helpers.require import (
    checked,
    require_attention_inputs,
    require_heads_share_width,
    require_last_positions,
)


def dot_scores(query, key):
    """Score each query against each key by their dot product.

    Shapes: query (B, T, E), key (B, S, E) -> scores (B, T, S).
    Source: Luong et al. 2015, section 3.1, "dot". Taught in notebook 02.
    """
    return query @ key.mT  # (..., T, S)


def scaled_dot_scores(query, key):
    """Score each query against each key by their dot product divided by √E.

    Shapes: query (B, T, E), key (B, S, E) -> scores (B, T, S).
    Source: Vaswani et al. 2017, equation 1. Taught in notebook 02.
    """
    return query @ key.mT / math.sqrt(query.shape[-1])  # (..., T, S)


def attend(query, key, value, mask=None, score=dot_scores):
    """Blend the values, each query weighting them by the softmax of its scores against the keys.

    Shapes: query (B, T, E), key (B, S, E), value (B, S, E); mask, boolean and True where a query
    may attend, of any shape that broadcasts to (B, T, S); -> context (B, T, E), weights (B, T, S).
    Raises what `require_attention_inputs` raises. Source: Luong et al. 2015. Taught in notebook 02.
    """
    scores = score(query, key)  # (..., T, S)
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)  # (..., T, S)
    weights = scores.softmax(dim=-1)  # (..., T, S)
    context = weights @ value  # (..., T, E)
    return context, weights


class SelfAttention(nn.Module):
    """Let every word ask every other, with a query, a key and a value made of each.

    Shapes: x (B, S, E), mask as for `attend` -> context (B, S, D), weights (B, S, S), with
    E = d_model and D = d_head. Raises what `attend` raises.
    Source: Vaswani et al. 2017, section 3.2, one head, no biases. Taught in notebook 05.
    """

    def __init__(self, d_model, d_head):
        super().__init__()
        self.to_query = nn.Linear(d_model, d_head, bias=False)
        self.to_key = nn.Linear(d_model, d_head, bias=False)
        self.to_value = nn.Linear(d_model, d_head, bias=False)

    def forward(self, x, mask=None):
        query, key, value = self.to_query(x), self.to_key(x), self.to_value(x)
        return attend(query, key, value, mask, scaled_dot_scores)


def causal_mask(n_queries, n_keys=None):
    """Return the mask that lets each position attend to itself and to those before it.

    The queries are the last `n_queries` of the `n_keys` positions; by default they are all of them.
    Shapes: -> mask (T, S), boolean. Raises ValueError for more queries than keys.
    Source: Vaswani et al. 2017, section 3.2.3. Taught in notebook 08.
    """
    n_keys = n_queries if n_keys is None else n_keys
    keys = torch.arange(n_keys)  # (S)
    queries = keys[n_keys - n_queries :]  # (T)
    return keys <= queries[:, None]  # (T, S)


def split_heads(x, n_heads):
    """Cut the last axis into heads and bring the heads forward.

    Shapes: x (B, T, E) -> (B, H, T, D), where E = H × D. Taught in notebook 09.
    """
    return x.unflatten(-1, (n_heads, -1)).transpose(1, 2)  # (B, H, T, D)


def merge_heads(x):
    """Put the heads side by side again: what undoes `split_heads`.

    Shapes: x (B, H, T, D) -> (B, T, E), where E = H × D. Taught in notebook 09.
    """
    return x.transpose(1, 2).flatten(2)  # (B, T, E)


class MultiHeadAttention(nn.Module):
    """Let every word of `x` ask every word of `memory`, in several heads at once.

    Without `memory`, the words ask one another: self-attention. `score` compares queries with keys.
    Shapes: x (B, T, E), memory (B, S, E), mask as for `attend` with heads, it broadcasts to
    (B, H, T, S); -> output (B, T, E), weights (B, H, T, S). Raises ValueError for a width that the
    heads do not divide, and what `attend` raises.
    Source: Vaswani et al. 2017, section 3.2.2, without biases. Taught in notebook 09.
    """

    def __init__(self, d_model, n_heads=1, score=scaled_dot_scores):
        super().__init__()
        self.n_heads = n_heads
        self.score = score
        self.to_query = nn.Linear(d_model, d_model, bias=False)
        self.to_key = nn.Linear(d_model, d_model, bias=False)
        self.to_value = nn.Linear(d_model, d_model, bias=False)
        self.to_output = nn.Linear(d_model, d_model, bias=False)

    def forward(self, x, memory=None, mask=None):
        memory = x if memory is None else memory
        query = split_heads(self.to_query(x), self.n_heads)  # (B, H, T, D)
        key = split_heads(self.to_key(memory), self.n_heads)  # (B, H, S, D)
        value = split_heads(self.to_value(memory), self.n_heads)  # (B, H, S, D)
        context, weights = attend(query, key, value, mask, self.score)  # (B, H, T, D)
        return self.to_output(merge_heads(context)), weights


# Each of these is called after a check of what it is given, which says what is wrong.
attend = checked(attend, require_attention_inputs)
causal_mask = checked(causal_mask, require_last_positions)
MultiHeadAttention.__init__ = checked(MultiHeadAttention.__init__, require_heads_share_width)
