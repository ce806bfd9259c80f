"""A language model of blocks: its loss, its bits per character, and how it writes.

Shapes use the course's axis letters: B batch, H heads, T query and S key positions, E model width,
V vocabulary; and D, in attention the width of a head.
In here: what makes a stack of blocks a language model. Not in here: the blocks, texts, training.
"""

import torch
from torch import nn

from helpers.attention import attend, causal_mask, merge_heads, split_heads


class LanguageModel(nn.Module):
    """Predict every next token from the tokens up to it: embed, run the blocks masked, predict.

    Positions are up to the blocks. `norm` reads what leaves the last block; without one, nothing
    is changed there. Shapes: tokens (B, T) -> logits (B, T, V).
    Source: Radford et al. 2018 (GPT), section 3.1; the norm as in Radford et al. 2019 (GPT-2),
    section 2.3. Taught in notebook 10.
    """

    def __init__(self, vocab_size, d_model, blocks, norm=None):
        super().__init__()
        self.embed = nn.Embedding(vocab_size, d_model)
        self.blocks, self.norm = nn.ModuleList(blocks), norm or nn.Identity()
        self.predict = nn.Linear(d_model, vocab_size)

    def forward(self, tokens):
        x = self.embed(tokens)  # (B, T, E)
        mask = causal_mask(tokens.shape[1])  # (T, S)
        for block in self.blocks:
            x, _ = block(x, mask)  # (B, T, E)
        return self.predict(self.norm(x))  # (B, T, V)


def next_token_loss(model, tokens):
    """Return the mean cross-entropy, in nats, of each token but the first, given those before it.

    Shapes: tokens (B, T+1) -> a scalar. Taught in notebook 10.
    """
    logits = model(tokens[:, :-1])  # (B, T, V)
    return nn.functional.cross_entropy(logits.mT, tokens[:, 1:])


@torch.no_grad()
def chances_of(model, tokens, length=64):
    """Return the chance of each token, given at least half of `length` and less than all before it.

    The text is cut into excerpts that overlap by half, and the second half of each counts. So the
    first chance is that of token `length // 2 + 1`, and the others follow one by one.
    Shapes: tokens (S) -> (_).
    """
    half, chances = length // 2, []
    for some in tokens.unfold(0, length + 1, half).split(64):
        logits = model(some[:, :-1])[:, half:]  # (B, T, V)
        wanted = some[:, half + 1 :, None]  # (B, T, 1)
        chances.append(logits.softmax(dim=-1).gather(-1, wanted).flatten())
    return torch.cat(chances)


def bits_per_character(model, tokens, length=64):
    """Return the mean bits of a text's tokens: −log₂ of their `chances_of`, on average.

    Shapes: tokens (S) -> a number.
    """
    return -chances_of(model, tokens, length).log2().mean().item()


@torch.no_grad()
def write(model, tokens, n, temperature=1.0):
    """Return `tokens` and `n` more, each drawn from the model's own chances.

    A low temperature favours what is likely, a high one evens the chances out.
    Shapes: tokens (B, T) -> (B, T+n). Taught in notebook 10.
    """
    for _ in range(n):
        logits = model(tokens)  # (B, T, V)
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
    mask = causal_mask(query.shape[2], key.shape[2])  # (T, S)
    context, _ = attend(query, key, value, mask, attention.score)  # (B, H, T, D)
    x = x + attention.to_output(merge_heads(context))  # (B, T, E)
    return x + block.feed_forward(block.norm_feed_forward(x)), (key, value)


@torch.no_grad()
def write_cached(model, tokens, n, temperature=1.0):
    """Return what `write` returns, computing each token's keys and values once.

    The model's blocks are `Block`s.
    Shapes: tokens (B, T) -> (B, T+n). Taught in notebook 10.
    """
    pasts, new = [None] * len(model.blocks), tokens
    for _ in range(n):
        x = model.embed(new)  # (B, T, E), T is 1 from the second round on
        for i, block in enumerate(model.blocks):
            x, pasts[i] = advance(block, x, pasts[i])
        logits = model.predict(model.norm(x[:, -1]))  # (B, V)
        chances = (logits / temperature).softmax(dim=-1)  # (B, V)
        new = chances.multinomial(1)  # (B, 1)
        tokens = torch.cat([tokens, new], dim=1)
    return tokens
