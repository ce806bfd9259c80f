"""Steps to 95% at 7 digits, without attention and with three kinds of scores, at three rates."""

import torch
from torch import nn

from helpers.attention import dot_scores
from helpers.runtime import set_seed
from helpers.seq2seq import AttentionSeq2Seq, Seq2Seq
from helpers.tasks import number_words_task
from helpers.training import learning_curve, side_by_side


class GeneralScores(nn.Module):
    """Score each query against each key by a dot product with a learned matrix between.

    Shapes: query (B, T, E), key (B, S, E) -> scores (B, T, S).
    Source: Luong et al. 2015, section 3.1, "general".
    """

    def __init__(self, width):
        super().__init__()
        self.between = nn.Linear(width, width, bias=False)

    def forward(self, query, key):
        return self.between(query) @ key.mT  # (B, T, S)


class AdditiveScores(nn.Module):
    """Score each query against each key by a small network with one hidden layer.

    Shapes: query (B, T, E), key (B, S, E) -> scores (B, T, S).
    Source: Bahdanau et al. 2015, appendix A.1.2.
    """

    def __init__(self, width):
        super().__init__()
        self.from_query = nn.Linear(width, width, bias=False)
        self.from_key = nn.Linear(width, width, bias=False)
        self.to_score = nn.Linear(width, 1, bias=False)

    def forward(self, query, key):
        pairs = self.from_query(query)[:, :, None] + self.from_key(key)[:, None]  # (B, T, S, E)
        return self.to_score(torch.tanh(pairs)).squeeze(-1)  # (B, T, S)


RATES = (5e-3, 1e-2, 2e-2)
SCORES = {"dot": lambda width: dot_scores, "general": GeneralScores, "additive": AdditiveScores}


def run(seed):
    """Return for each side and rate the steps at which 95% were right, 0 if they never were."""
    task = number_words_task()
    sizes = len(task.source_vocab), len(task.target_vocab)
    calls = {}
    for name in ("without attention", *SCORES):
        for rate in RATES:
            set_seed()
            if name in SCORES:
                model = AttentionSeq2Seq(*sizes, 128, SCORES[name](128))
            else:
                model = Seq2Seq(*sizes, 128)
            calls[name, rate] = model, task, 7, seed, rate
    learned = side_by_side(learning_curve, calls)
    steps = {call: max(curve) if max(curve.values()) >= 0.95 else 0
             for call, curve in learned.items()}  # fmt: skip
    return {
        name: {str(rate): steps[name, rate] for rate in RATES}
        for name in ("without attention", *SCORES)
    }


def check(results):
    """See attention need fewer steps, each side at its own best rate."""
    for sides in results.values():
        best = {name: min(filter(None, steps.values())) for name, steps in sides.items()}
        assert best["without attention"] > 2 * best["dot"]
        assert best["without attention"] > 1.3 * max(best["general"], best["additive"])
