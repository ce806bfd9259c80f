"""The cipher's writer with a finite number over the future's scores: five numbers, two rates."""

from helpers.cipher import FilledAttention, Writer, learn_to_write, predicted
from helpers.runtime import set_seed
from helpers.training import side_by_side

FILLS, RATES, STEPS = (-5, -10, -20, -100, -10_000), (0.01, 0.03), 2_000


def build(fill):
    """Return an untrained writer that writes `fill` over the scores of the future."""
    set_seed()
    model = Writer(masked=True)
    model.attention = FilledAttention(32, fill)
    return model


def learn(model, rate, seed):
    """Return the share of random letters that a trained writer predicts; guessing has 1 in 26."""
    learn_to_write(model, seed, STEPS, rate)
    _, correct = predicted(model, seed=seed)  # (B, S - 1)
    return correct[:, :5].float().mean().item()


def run(seed):
    """Return by number and rate the share of random letters that are predicted after training."""
    calls = {(fill, rate): (build(fill), rate, seed) for fill in FILLS for rate in RATES}
    shares = side_by_side(learn, calls)
    return {f"{fill:,}": {str(rate): shares[fill, rate] for rate in RATES} for fill in FILLS}


def check(results):
    """See the future leak through the smallest number, and not through the largest."""
    for by_fill in results.values():
        assert min(by_fill["-5"].values()) > 0.15
        assert max(by_fill["-10,000"].values()) < 0.1
