"""Our attention against PyTorch's, and generation with a cache against without.

Scores and weights are a tensor (B, H, T, S). Who returns them has to write and read it, forward and
backward; PyTorch's kernel never makes it, but returns no weights either.
"""

import math

import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

from helpers.attention import MultiHeadAttention, attend, causal_mask, scaled_dot_scores
from helpers.fused import FusedMultiHeadAttention, attend_fused
from helpers.positions import RotaryScores
from helpers.transformer import Block, LanguageModel, write, write_cached
from tools.maintenance.bench.clock import compare

WITH_WEIGHTS, WITHOUT = 1.5, 1.05  # the goals
ATTENTION = ((64, 4, 16, 16), (32, 4, 64, 16), (8, 4, 128, 32), (4, 8, 256, 32), (1, 8, 512, 64))
HEADS = ((64, 16, 48, 4), (32, 64, 64, 4), (8, 128, 128, 4), (4, 256, 128, 8), (2, 512, 256, 8))


def plain(query, key, value, bias=None):
    """Return the context by hand: no checks, and a mask that is already numbers to add."""
    scores = query @ key.mT / math.sqrt(query.shape[-1])  # (B, H, T, S)
    weights = (scores if bias is None else scores + bias).softmax(dim=-1)  # (B, H, T, S)
    return weights @ value  # (B, H, T, D)


def there(function):
    """Return a function that calls this one without gradients."""
    return torch.no_grad()(function)


def there_and_back(function, leaves):
    """Return a function that calls this one and goes back to the gradients of `leaves`."""

    def run():
        torch.autograd.grad(function().sum(), leaves)

    return run


def both_ways(sizes, runs, leaves, pairs, **options):
    """Return the rows of a comparison, forward alone, and forward and backward."""
    forward = {name: there(run) for name, run in runs.items()}
    backward = {name: there_and_back(run, leaves[name]) for name, run in runs.items()}
    rows = compare(f"{sizes} forward", forward, pairs, **options)
    return rows + compare(f"{sizes} both ways", backward, pairs, **options)


def attention_rows(shapes=ATTENTION, **options):
    """Return how `attend` and `attend_fused` compare, for (B, H, T, D), without and with a mask."""
    pairs = [
        ("attend", "scaled_dot_product", WITH_WEIGHTS),
        ("attend", "by hand, unchecked", None),
        ("attend_fused", "scaled_dot_product", WITHOUT),
    ]
    rows = []
    for shape in shapes:
        given = [torch.randn(shape, requires_grad=True) for _ in range(3)]
        for mask in (None, causal_mask(shape[2])):
            runs = _attention_runs(given, mask)
            leaves = dict.fromkeys(runs, given)
            rows += both_ways(_sizes("BHTD", shape, mask), runs, leaves, pairs, **options)
    return rows


def _attention_runs(given, mask):
    """Return the functions to be timed; the mask that is added is made beforehand."""
    bias = None if mask is None else torch.zeros(mask.shape).masked_fill(~mask, -math.inf)
    return {
        "attend": lambda: attend(*given, mask, scaled_dot_scores)[0],
        "attend_fused": lambda: attend_fused(*given, mask),
        "scaled_dot_product": lambda: scaled_dot_product_attention(*given, mask),
        "by hand, unchecked": lambda: plain(*given, bias),
    }


def heads_rows(shapes=HEADS, **options):
    """Return how our heads compare with nn.MultiheadAttention, for (B, T, E, H)."""
    pairs = [
        ("MultiHeadAttention", "with weights", WITH_WEIGHTS),
        ("FusedMultiHeadAttention", "without", WITHOUT),
    ]
    rows = []
    for n_batch, length, width, heads in shapes:
        x = torch.randn(n_batch, length, width, requires_grad=True)
        layers = (
            MultiHeadAttention(width, heads),
            FusedMultiHeadAttention(width, heads),
            nn.MultiheadAttention(width, heads, bias=False, batch_first=True),
        )
        for mask in (None, causal_mask(length)):
            runs, leaves = _heads_runs(layers, x, mask)
            sizes = _sizes("BTEH", (n_batch, length, width, heads), mask)
            rows += both_ways(sizes, runs, leaves, pairs, **options)
    return rows


def _heads_runs(layers, x, mask):
    """Return the functions to be timed, and for each what it takes gradients of."""
    ours, fused, theirs = layers
    hidden = None if mask is None else ~mask
    asked = {"attn_mask": hidden, "average_attn_weights": False}
    runs = {
        "MultiHeadAttention": lambda: ours(x, mask=mask)[0],
        "FusedMultiHeadAttention": lambda: fused(x, mask=mask)[0],
        "with weights": lambda: theirs(x, x, x, **asked)[0],
        "without": lambda: theirs(x, x, x, attn_mask=hidden, need_weights=False)[0],
    }
    layers = dict(zip(runs, (*layers, theirs), strict=True))
    return runs, {name: [x, *layer.parameters()] for name, layer in layers.items()}


def _sizes(letters, shape, mask):
    """Return sizes as text, as in B64 H4 T16 D16 causal."""
    named = " ".join(f"{letter}{n}" for letter, n in zip(letters, shape, strict=True))
    return f"{named} {'no mask' if mask is None else 'causal'}"


def cache_rows(lengths=(32, 128, 256), **options):
    """Return how long writing n tokens takes with a cache against without, two blocks, width 64."""
    model = LanguageModel(96, 64, [Block(64, 4, RotaryScores()) for _ in range(2)]).eval()
    start = torch.zeros(1, 1, dtype=torch.long)
    rows = []
    for n in lengths:
        runs = {"cached": lambda n=n: write_cached(model, start, n)}
        runs["every token anew"] = lambda n=n: write(model, start, n)
        rows += compare(f"{n} tokens", runs, [("cached", "every token anew", None)], **options)
    return rows
