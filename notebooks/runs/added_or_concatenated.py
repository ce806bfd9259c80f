"""Three back with codes added to the digits' vectors or beside them: steps to 95%, equal widths."""

import torch
from torch import nn

from helpers.attention import SelfAttention
from helpers.positions import sinusoidal_codes
from helpers.runtime import set_seed
from helpers.three_back import KINDS, LENGTH, correct_answers, three_back_loss
from helpers.training import side_by_side, training_step

WIDTHS, RATES, MOST = (4, 8, 16, 32), (0.01, 0.03), 600


class Reader(nn.Module):
    """One head of attention over digits and codes that are added, or stand side by side."""

    def __init__(self, width, added, learned):
        super().__init__()
        size = width if added else width // 2
        codes = torch.randn(LENGTH, size) if learned else sinusoidal_codes(LENGTH, size)
        self.codes = nn.Parameter(codes, requires_grad=learned)
        self.embed, self.attention = nn.Embedding(KINDS, size), SelfAttention(width, width)
        self.added, self.answer = added, nn.Linear(width, KINDS)

    def forward(self, digits):
        words, codes = self.embed(digits), self.codes.expand(len(digits), -1, -1)  # (B, T, _)
        x = words + codes if self.added else torch.cat([words, codes], dim=-1)  # (B, T, E)
        return self.answer(self.attention(x)[0])  # (B, T, V)


def steps_needed(model, rate, seed):
    """Return after how many steps 95% of the answers are correct; MOST + 1 if not in MOST."""
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), rate)
    for step in range(1, MOST + 1):
        digits = torch.randint(KINDS, (64, LENGTH), generator=generator)  # (B, T)
        training_step(model, digits, optimizer, three_back_loss)
        if step % 10 == 0 and correct_answers(model, LENGTH).float().mean() >= 0.95:
            return step
    return MOST + 1


def run(seed):
    """Return the steps needed by kind of codes, way and width, at the better of the two rates."""
    calls = {}
    for kind in ("learned", "sinusoidal"):
        for way in ("added", "side by side"):
            for width in WIDTHS:
                for rate in RATES:
                    set_seed()
                    model = Reader(width, way == "added", kind == "learned")
                    calls[kind, way, width, rate] = model, rate, seed
    steps = side_by_side(steps_needed, calls)
    return {
        kind: {
            way: {width: min(steps[kind, way, width, rate] for rate in RATES) for width in WIDTHS}
            for way in ("added", "side by side")
        }
        for kind in ("learned", "sinusoidal")
    }


def check(results):
    """See neither way far ahead of the other from width 16 on."""
    for by_kind in results.values():
        for by_way in by_kind.values():
            for width in (16, 32):
                assert max(way[width] for way in by_way.values()) <= 120
