"""One query looks up one of 16 names, with √D, without it, and with a smaller start instead."""

import torch

from helpers.attention import dot_scores, scaled_dot_scores
from helpers.lookups import Lookup, draw_lists, found, lookup_curve, lookup_loss
from helpers.runtime import set_seed
from helpers.training import side_by_side

WIDTHS, RATES, STEPS = (64, 256), (0.01, 0.03, 0.1), (300, 1_000, 3_000)


@torch.no_grad()
def started_smaller(width):
    """Return a network without the division whose first scores have variance 1 all the same."""
    model = Lookup(width, dot_scores)
    for vectors in (model.query, model.key):
        vectors.weight *= width**-0.25  # twice in a product: √width
    return model


SIDES = {
    "undivided": lambda width: Lookup(width, dot_scores),
    "divided by √D": lambda width: Lookup(width, scaled_dot_scores),
    "undivided, smaller start": started_smaller,
}


def run(seed):
    """Return by width, way and rate the share of correct answers after so many steps."""
    calls = {}
    for width in WIDTHS:
        for name, build in SIDES.items():
            for rate in RATES:
                set_seed()
                task = draw_lists, lookup_loss, found, rate
                calls[width, name, rate] = build(width), *task, max(STEPS), 100, seed
    curves = side_by_side(lookup_curve, dict(reversed(calls.items())))  # the widest first
    return {
        width: {
            name: {str(r): {n: curves[width, name, r][n] for n in STEPS} for r in RATES}
            for name in SIDES
        }
        for width in WIDTHS
    }


def check(results):
    """See the division and the smaller start learn at their best rate, and the rest lag behind."""
    for by_width in results.values():
        for width, by_way in by_width.items():
            best = {
                name: {n: max(shares[n] for shares in by_rate.values()) for n in STEPS}
                for name, by_rate in by_way.items()
            }
            assert best["divided by √D"][300] > 0.97
            assert best["undivided, smaller start"][300] > 0.97
            assert best["undivided"][300] < (0.9 if width == 64 else 0.7)
            assert best["undivided"][3_000] < 0.98
