"""The Transformer's parts beside attention, and the language model that they make.

Shapes use the course's axis letters: B batch, H heads, T query and S key positions, E model width,
V vocabulary; and D, in attention the width of a head.
In here: what stands around attention. Not in here: attention itself, positions, training.
"""

import torch
from torch import nn

from helpers.attention import (
    MultiHeadAttention,
    attend,
    causal_mask,
    merge_heads,
    scaled_dot_scores,
    split_heads,
)


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


class LanguageModel(nn.Module):
    """Predict every next token from the tokens up to it: embed, run the blocks masked, predict.

    `codes(T, E)`, if given, are added to the embeddings; without, positions are up to the blocks.
    Shapes: tokens (B, T) -> logits (B, T, V), and for each block weights (B, H, T, T).
    Source: Radford et al. 2018 (GPT), section 3.1. Taught in notebook 10.
    """

    def __init__(self, vocab_size, d_model, blocks, codes=None):
        super().__init__()
        self.embed = nn.Embedding(vocab_size, d_model)
        self.codes = codes
        self.blocks = nn.ModuleList(blocks)
        self.predict = nn.Linear(d_model, vocab_size)

    def forward(self, tokens):
        x, weights = self.embed(tokens), []  # (B, T, E), ...
        if self.codes:
            x = x + self.codes(*x.shape[1:]).to(x)  # (B, T, E)
        mask = causal_mask(tokens.shape[1]).to(tokens.device)  # (T, T)
        for block in self.blocks:
            x, seen = block(x, mask)  # (B, T, E), (B, H, T, T)
            weights.append(seen)
        return self.predict(x), weights


@torch.no_grad()
def write(model, tokens, n, temperature=1.0):
    """Return `tokens` and `n` more, each drawn from the model's own chances.

    A low temperature favours what is likely, a high one evens the chances out.
    Shapes: tokens (B, T) -> (B, T+n). Taught in notebook 10.
    """
    for _ in range(n):
        logits, _ = model(tokens)  # (B, T, V)
        chances = (logits[:, -1] / temperature).softmax(dim=-1)  # (B, V)
        tokens = torch.cat([tokens, chances.multinomial(1)], dim=1)  # (B, T+1)
    return tokens


def advance(block, x, past):
    """Run a `Block` on the newest positions alone, the keys and values of the others remembered.

    `past` holds the keys and values of all earlier positions, or is None where there are none.
    Shapes: x (B, T, E), past two of (B, H, S, D) -> x (B, T, E), past two of (B, H, S+T, D).
    Taught in notebook 10.
    """
    attention, normed = block.attention, block.norm_attention(x)  # ..., (B, T, E)
    query = split_heads(attention.to_query(normed), attention.n_heads)  # (B, H, T, D)
    key = split_heads(attention.to_key(normed), attention.n_heads)  # (B, H, T, D)
    value = split_heads(attention.to_value(normed), attention.n_heads)  # (B, H, T, D)
    if past is not None:
        key, value = torch.cat([past[0], key], dim=2), torch.cat([past[1], value], dim=2)
    mask = causal_mask(query.shape[2], key.shape[2]).to(x.device)  # (T, S)
    context, _ = attend(query, key, value, mask, attention.score)  # (B, H, T, D)
    x = x + attention.to_output(merge_heads(context))  # (B, T, E)
    return x + block.feed_forward(block.norm_feed_forward(x)), (key, value)


@torch.no_grad()
def write_cached(model, tokens, n, temperature=1.0):
    """Return what `write` returns, computing each token's keys and values once.

    The model's blocks are `Block`s; positions stand in their scores, none are added.
    Shapes: tokens (B, T) -> (B, T+n). Taught in notebook 10.
    """
    pasts, new = [None] * len(model.blocks), tokens
    for _ in range(n):
        x = model.embed(new)  # (B, T, E), T is 1 from the second round on
        for i, block in enumerate(model.blocks):
            x, pasts[i] = advance(block, x, pasts[i])
        chances = (model.predict(x[:, -1]) / temperature).softmax(dim=-1)  # (B, V)
        new = chances.multinomial(1)  # (B, 1)
        tokens = torch.cat([tokens, new], dim=1)
    return tokens
