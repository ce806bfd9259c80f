"""Four names of eight are asked for, with one head and with four: three rates each, 3,000 steps."""

import functools

from helpers.lookups import (
    WhoIsHome,
    all_correct,
    draw_calls,
    feed_forward,
    home_loss,
    lookup_curve,
)
from helpers.runtime import set_seed
from helpers.training import side_by_side

RATES = {1: (0.003, 0.01, 0.03), 4: (0.01, 0.03, 0.1)}
STEPS = (200, 600, 3_000)


def run(seed):
    """Return by number of heads and rate the share with all answers correct after so many steps."""
    draw = functools.partial(draw_calls, n_asked=4, n_people=8)
    calls = {}
    for n_heads, rates in RATES.items():
        for rate in rates:
            set_seed()
            model = WhoIsHome(n_heads, 4, 8, feed_forward(32, 64, 4))
            task = draw, home_loss, all_correct, rate
            calls[n_heads, rate] = model, *task, max(STEPS), 100, seed
    curves = side_by_side(lookup_curve, dict(reversed(calls.items())))  # the longest first
    return {
        n_heads: {str(r): {n: curves[n_heads, r][n] for n in STEPS} for r in rates}
        for n_heads, rates in RATES.items()
    }


def check(results):
    """See four heads arrive in 600 steps, and one head stay behind them at each of its rates."""
    for by_heads in results.values():
        one, four = by_heads[1], by_heads[4]
        assert four["0.03"][600] > 0.9
        assert all(shares[600] < 0.6 for shares in one.values())
        assert all(shares[3_000] < four["0.03"][600] for shares in one.values())
