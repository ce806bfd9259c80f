"""How the seconds of attention grow with length, batch and width: numbers, and a plot of them."""

import statistics
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
import torch
from torch import nn

from helpers.attention import MultiHeadAttention
from helpers.fused import FusedMultiHeadAttention
from tools.maintenance.bench.attention import there_and_back
from tools.maintenance.bench.clock import growth, rounds

AXES = {  # what grows, and what stays
    "length": (64, 128, 256, 512, 1024),
    "batch": (1, 4, 16, 64),
    "width": (32, 64, 128, 256, 512),
}
STAYS = {"length": 128, "batch": 4, "width": 64}
WEIGHTS, NO_WEIGHTS = "with weights", "without weights"


def run_layer(layer, x, **options):
    """Return a function that runs self-attention on x forward and backward."""
    inputs = (x, x, x) if isinstance(layer, nn.MultiheadAttention) else (x,)
    return there_and_back(lambda: layer(*inputs, **options)[0], [x, *layer.parameters()])


def measure(axes=AXES, **options):
    """Return a frame of median seconds, forward and backward: axis, size, layer, seconds."""
    found = []
    for axis, sizes in axes.items():
        for size in sizes:
            length, batch, width = (STAYS | {axis: size}).values()
            x = torch.randn(batch, length, width, requires_grad=True)
            theirs = nn.MultiheadAttention(width, 4, bias=False, batch_first=True)
            runs = {
                f"ours, {WEIGHTS}": run_layer(MultiHeadAttention(width, 4), x),
                f"PyTorch's, {WEIGHTS}": run_layer(theirs, x, average_attn_weights=False),
                f"ours, {NO_WEIGHTS}": run_layer(FusedMultiHeadAttention(width, 4), x),
                f"PyTorch's, {NO_WEIGHTS}": run_layer(theirs, x, need_weights=False),
            }
            for name, times in rounds(runs, **options).items():
                found.append((axis, size, name, statistics.median(times)))
    return pd.DataFrame(found, columns=["axis", "size", "layer", "seconds"])


def powers(frame):
    """Return rows (layer, axis, first and last seconds in ms, power over the last step)."""
    rows = []
    for (axis, layer), part in frame.groupby(["axis", "layer"], sort=False):
        sizes, seconds = part["size"].tolist(), part["seconds"].tolist()
        ends = (f"{1000 * seconds[i]:.2f}" for i in (0, -1))
        span = f"{sizes[0]} to {sizes[-1]}"
        rows.append((layer, axis, span, *ends, f"{growth(sizes, seconds):.2f}"))
    return rows


def plot(frame, path: Path):
    """Draw the seconds against each axis, on log scales, and store the picture."""
    sns.set_theme(context="notebook", style="whitegrid", palette="colorblind")
    halves = frame["layer"].str.split(", ", expand=True)
    grid = sns.relplot(
        frame.assign(whose=halves[0], weights=halves[1]),
        kind="line",
        x="size",
        y="seconds",
        hue="whose",
        style="weights",
        col="axis",
        markers=["o", "o"],
        facet_kws={"sharex": False},
        height=4,
    )
    grid.set(xscale="log", yscale="log")
    for axis, panel in grid.axes_dict.items():
        others = ", ".join(f"{name} {n}" for name, n in STAYS.items() if name != axis)
        panel.set(title=f"growth with {axis} ({others})", xlabel=axis)
        panel.set_xticks(AXES[axis], AXES[axis])
        panel.minorticks_off()
    grid.axes.flat[0].set_ylabel("seconds, forward and backward")
    path.parent.mkdir(exist_ok=True)
    grid.savefig(path, dpi=120)
    plt.close(grid.figure)
