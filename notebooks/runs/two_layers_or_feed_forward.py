"""Two facts in two words: one to three layers of attention, and one with a feed-forward layer.

Each gets the same two starts, a residual, and the best of three rates: steps to a loss of 0.1.
"""

import torch
from torch import nn

from helpers.runtime import set_seed
from helpers.training import side_by_side
from helpers.transformer import FeedForward
from helpers.two_facts import WIDTH, ThreeWords, learn_sums

STARTS, RATES, MOST = (1.0, 0.3), (0.003, 0.01, 0.03), 600
KINDS = {
    "one layer": (1, None),
    "two layers": (2, None),
    "three layers": (3, None),
    "one layer, no activation": (1, nn.Identity),
    "one layer, ReLU": (1, nn.ReLU),
    "one layer, GELU": (1, nn.GELU),
}


def build(kind, n_kinds, start):
    """Return an untrained network; its words begin `start` times as large as PyTorch's."""
    set_seed()
    n_layers, activation = KINDS[kind]
    feed_forward = FeedForward(WIDTH, activation=activation()) if activation else None
    model = ThreeWords(n_kinds, n_layers, feed_forward)
    with torch.no_grad():
        for words in (model.first.weight, model.second.weight, model.asks):
            words.mul_(start)
    return model


def run(seed):
    """Return parameters by network, and the fewest steps of three rates by task, start, network."""
    calls = {
        (n, start, kind, rate): (build(kind, n, start), n, rate, MOST)
        for n in (2, 10)
        for start in STARTS
        for kind in KINDS
        for rate in RATES
    }
    took = side_by_side(learn_sums, calls)
    steps = {
        n: {
            str(start): {
                kind: min(took[n, start, kind, rate] or MOST + 1 for rate in RATES)
                for kind in KINDS
            }
            for start in STARTS
        }
        for n in (2, 10)
    }
    sizes = {kind: sum(p.numel() for p in build(kind, 10, 1).parameters()) for kind in KINDS}
    return {"parameters": sizes, "steps": steps}


def check(results):
    """See two layers learn both tasks from both starts, and one layer neither."""
    for result in results.values():
        for by_start in result["steps"].values():
            for steps in by_start.values():
                assert max(steps["two layers"], steps["three layers"]) < 300
                assert min(steps["one layer"], steps["one layer, no activation"]) > MOST
