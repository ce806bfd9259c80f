"""Stacks of blocks as small language models: the same short training at several rates.

In here: `stack`, its training, the best rates of a stored run. Not in here: blocks, the model.
"""

import math

from helpers.corpus import excerpts
from helpers.language_model import LanguageModel, next_token_loss
from helpers.runtime import set_seed
from helpers.training import train_all

RATES = (0.003, 0.01, 0.03)
WIDTH = 32


def stack(block, depth, vocab_size):
    """Return an untrained language model of `depth` blocks; `block(width)` builds one."""
    set_seed()
    return LanguageModel(vocab_size, WIDTH, [block(WIDTH) for _ in range(depth)])


def train_stacks(block, tokens, vocab_size, seed=0, steps=100, depth=8):
    """Train stacks of one depth at each rate; return the bits per character at the end, by rate.

    All see the same `steps` batches of 16 excerpts of 32 characters. The end is the mean of the
    last 20 steps; where training broke off with NaN, it is infinite. Shapes: tokens (S).
    """
    stacks = {rate: stack(block, depth, vocab_size) for rate in RATES}
    batches = excerpts(tokens, steps, length=32, size=16, seed=seed)
    recipe = {"steps": steps, "loss": next_token_loss, "seed": seed}
    fits = train_all(stacks, batches, learning_rate={rate: rate for rate in stacks}, **recipe)
    ends = {rate: sum(fit.losses[-20:]) / 20 / math.log(2) for rate, fit in fits.items()}
    return {rate: math.inf if math.isnan(end) else end for rate, end in ends.items()}


def best_by_depth(run):
    """Return of a stored run the fewest bits at any rate, of each seed, by kind and depth.

    The run holds the bits by seed, kind of block, depth and rate, and the bits of a model that
    knows character frequencies alone, as one number.
    """
    found = {}
    for bits in run.results.values():
        for kind, by_depth in bits.items():
            if kind != "character frequencies":
                for depth, by_rate in by_depth.items():
                    seeds = found.setdefault(kind, {}).setdefault(depth, [])
                    seeds.append(min(by_rate.values()))
    return found


def mean_by_rate(run, kind, depth):
    """Return of a stored run the bits at each rate, as means over its seeds.

    The run is as for `best_by_depth`. Raises KeyError for a kind or depth that it does not have.
    """
    found = [bits[kind][depth] for bits in run.results.values()]
    return {float(rate): sum(each[rate] for each in found) / len(found) for rate in found[0]}
