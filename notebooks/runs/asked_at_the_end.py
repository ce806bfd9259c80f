"""Asked only at the end which symbol was the first: steps to 95%, after 32 and after 128 more."""

import torch
from torch import nn

from helpers.gates import raise_forget_bias
from helpers.recall import AttentionRecaller, Recaller, recall_curve
from helpers.runtime import set_seed
from helpers.training import side_by_side

RATES = (3e-3, 1e-2, 3e-2)
MOST = {32: 400, 128: 1_500}  # steps, by the number of symbols after the first


@torch.no_grad()
def started_for(length):
    """Return a recaller whose LSTM starts with gates for memories of up to `length` steps.

    Source: Tallec and Ollivier 2018, section 2.2, "chrono initialization".
    """
    model = Recaller(nn.LSTM)
    for name, bias in model.rnn.named_parameters():
        if "bias" in name:
            bias.zero_()
    gate = model.rnn.bias_ih_l0.chunk(4)  # input, forget, cell, output
    gate[1].copy_(torch.log(1 + torch.rand(len(gate[1])) * (length - 2)))
    gate[0].copy_(-gate[1])
    return model


SIDES = {
    "GRU": lambda length: Recaller(nn.GRU),
    "LSTM": lambda length: Recaller(nn.LSTM),
    "LSTM, forget bias 3": lambda length: raise_forget_bias(Recaller(nn.LSTM), 3),
    "LSTM, started for the length": started_for,
    "attention": lambda length: AttentionRecaller(),
}


def run(seed):
    """Return by length, side and rate the steps at which 95% were right, 0 if they never were."""
    calls = {}
    for length, most in MOST.items():
        for name, build in SIDES.items():
            for rate in RATES:
                set_seed()
                options = length + 1, seed, rate, 0.95, 10, most
                calls[length, name, rate] = build(length), *options
    curves = side_by_side(recall_curve, dict(reversed(calls.items())))  # the longest first
    steps = {key: max(c) if max(c.values()) >= 0.95 else 0 for key, c in curves.items()}
    return {
        length: {name: {str(r): steps[length, name, r] for r in RATES} for name in SIDES}
        for length in MOST
    }


def check(results):
    """See attention arrive at both lengths, open gates help, and the gap grow with the length."""
    for by_length in results.values():
        near, far = by_length[32], by_length[128]
        assert 0 < near["attention"]["0.01"] < 200 and 0 < far["attention"]["0.01"] < 200
        assert not any(near["LSTM"].values()) and not any(far["LSTM"].values())
        assert 0 < near["LSTM, forget bias 3"]["0.01"] < 300
        started = [steps for steps in far["LSTM, started for the length"].values() if steps]
        assert all(steps > 4 * far["attention"]["0.01"] for steps in started)
