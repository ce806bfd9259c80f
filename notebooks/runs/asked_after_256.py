"""Asked only at the end which symbol was the first, after 256 more: steps to 95%, three rates."""

import torch
from torch import nn

from helpers.attention import attend, scaled_dot_scores
from helpers.recall import AttentionRecaller, Recaller, recall_curve
from helpers.runtime import set_seed
from helpers.training import side_by_side
from helpers.transformer import Block

RATES = (3e-3, 1e-2, 3e-2)
LENGTH = 257  # symbols: the one that is asked for, and 256 more
MOST = 600  # steps


@torch.no_grad()
def started(cell):
    """Return a recaller whose gates start for memories of up to LENGTH steps.

    The second of the gates keeps the state, in an LSTM (forget) as in a GRU (update).
    Source: Tallec and Ollivier 2018, section 2.2, "chrono initialization".
    """
    model = Recaller(cell)
    for name, bias in model.rnn.named_parameters():
        if "bias" in name:
            bias.zero_()
    gates = model.rnn.bias_ih_l0.chunk(4 if cell is nn.LSTM else 3)
    gates[1].copy_(torch.log(1 + torch.rand(len(gates[1])) * (LENGTH - 2)))
    if cell is nn.LSTM:
        gates[0].copy_(-gates[1])
    return model


class GRUAttentionRecaller(Recaller):
    """A GRU, and one learned query that attends to all its states.

    Shapes: symbols (B, S) -> logits (B, 1, V).
    """

    def __init__(self):
        super().__init__(nn.GRU)
        self.query = nn.Parameter(torch.randn(64))

    def forward(self, symbols):
        states, _ = self.rnn(self.embed(symbols))  # (B, S, E)
        query = self.query.expand(len(symbols), 1, -1)  # (B, 1, E)
        context, _ = attend(query, states, states, score=scaled_dot_scores)  # (B, 1, E)
        return self.answer(context)  # (B, 1, V)


class BlockRecaller(AttentionRecaller):
    """A Transformer block that reads all symbols, and the learned query on top of it.

    Shapes: symbols (B, S) -> logits (B, 1, V).
    """

    def __init__(self):
        super().__init__(longest=LENGTH)
        self.block, self.norm = Block(64), nn.LayerNorm(64)

    def forward(self, symbols):
        x = self.embed(symbols) + self.position.weight[: symbols.shape[1]]  # (B, S, E)
        x, _ = self.block(x)  # (B, S, E)
        states = self.norm(x)  # (B, S, E)
        query = self.query.expand(len(symbols), 1, -1)  # (B, 1, E)
        context, _ = attend(query, states, states, score=scaled_dot_scores)  # (B, 1, E)
        return self.answer(context)  # (B, 1, V)


SIDES = {
    "GRU": lambda: Recaller(nn.GRU),
    "GRU, started for the length": lambda: started(nn.GRU),
    "LSTM, started for the length": lambda: started(nn.LSTM),
    "GRU + attention": GRUAttentionRecaller,
    "one Transformer block": BlockRecaller,
    "attention": lambda: AttentionRecaller(longest=LENGTH),
}


def run(seed):
    """Return by side and rate the steps at which 95% were right, 0 if they never were."""
    calls = {}
    for name, build in SIDES.items():
        for rate in RATES:
            set_seed()
            calls[name, rate] = build(), LENGTH, seed, rate, 0.95, 10, MOST
    curves = side_by_side(recall_curve, calls)
    steps = {key: max(c) if max(c.values()) >= 0.95 else 0 for key, c in curves.items()}
    return {name: {str(rate): steps[name, rate] for rate in RATES} for name in SIDES}


def check(results):
    """See attention arrive, and an LSTM started for the length need over ten times its steps."""
    for sides in results.values():
        fewest = min(steps for steps in sides["attention"].values() if steps)
        assert fewest < MOST / 10 and any(sides["one Transformer block"].values())
        for steps in sides["LSTM, started for the length"].values():
            assert (steps or MOST) > 10 * fewest
