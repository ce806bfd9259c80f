"""Pictures of positions: maps of signed numbers, hands of clocks, lines with their spread.

In here: figures that only the notebook on positions needs. Not in here: models, data, codes.
"""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from helpers.figures.style import COLORS, MARKERS, SPARE, finish, firm, line_look, to_array
from helpers.language import say

# below zero orange, above zero blue: two colours that every eye can tell apart
SIGNED = LinearSegmentedColormap.from_list("signed", [COLORS["query"], "white", COLORS["key"]])


def maps(
    matrices: Mapping[str, Sequence], xlabels: Sequence[str], ylabel: str, signed: bool = True
) -> Figure:
    """Draw matrices side by side, each from minus its largest number to its largest.

    Not `signed`, they go from 0 to 1. Raises ValueError for a matrix that has not two axes, or if
    there is not one label for each.
    """
    arrays = {title: to_array(matrix) for title, matrix in matrices.items()}
    if len(arrays) != len(xlabels) or any(array.ndim != 2 for array in arrays.values()):
        shapes = {title: array.shape for title, array in arrays.items()}
        told = say(
            "maps got {shapes} and {count} labels. Pass {{title: matrix}}, each matrix of two "
            "axes, and one label for each.",
            shapes=shapes,
            count=len(xlabels),
        )
        raise ValueError(told)
    figure, axes = plt.subplots(
        1, len(arrays), figsize=(1.4 + 4.4 * len(arrays), 4.2), layout="constrained", squeeze=False
    )
    for ax, title, xlabel in zip(axes[0], arrays, xlabels, strict=True):
        array = arrays[title]
        low, high = (-np.abs(array).max(), np.abs(array).max()) if signed else (0, 1)
        colors = SIGNED if signed else sns.light_palette(COLORS["key"], as_cmap=True)
        image = ax.imshow(array, aspect="auto", interpolation="nearest", cmap=colors)
        image.set_clim(low, high)
        ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
        for axis, count in ((ax.xaxis, array.shape[1]), (ax.yaxis, array.shape[0])):
            axis.set_ticks(range(0, count, 8 if count > 16 else 1))
        ax.grid(visible=False)
        figure.colorbar(image, ax=ax, fraction=0.05)
    return finish(figure)


def dials(hands: Mapping[str, Mapping[str, Sequence[float]]]) -> Figure:
    """Draw a clock for each title, with a hand from its centre to each named point (x, y).

    Hands named in COLORS get that colour. Raises ValueError for no clock.
    """
    if not hands:
        raise ValueError(say("dials got no clocks. Pass {title: {name: (x, y)}}."))
    size = (2.9 * len(hands), 3.2)
    figure, axes = plt.subplots(1, len(hands), figsize=size, layout="constrained")
    for ax, (title, points) in zip(np.atleast_1d(axes), hands.items(), strict=True):
        around = np.linspace(0, 2 * np.pi, 200)
        ax.plot(np.cos(around), np.sin(around), color=COLORS["muted"], lw=1)
        for name, point in points.items():
            x, y = to_array(point) / np.hypot(*to_array(point))
            color = COLORS.get(name, COLORS["key"])
            ax.plot([0, x], [0, y], color=color, lw=2, solid_capstyle="round")
            ax.plot([x], [y], "o", color=color, ms=6)
            side = "center" if abs(x) < 0.4 else "left" if x > 0 else "right"
            at = {"ha": side, "va": "center", "fontsize": 12, "color": firm(color)}
            ax.text(1.12 * x, 1.18 * y, name, **at)
        ax.set(title=title, xlim=(-1.75, 1.75), ylim=(-1.4, 1.4), aspect="equal")
        ax.axis("off")
    return finish(figure)


def bands(
    series: Mapping[str, Mapping[float, Sequence[float]]],
    xlabel: str,
    ylabel: str,
    colors: Mapping[str, str] | None = None,
    *,
    log: bool = False,
    ylim: tuple[float, float] | None = (-0.03, 1.05),
) -> Figure:
    """Draw each named series of x to values as a line through their means, in a band from the
    least to the largest; few points get markers, and `log` spreads x evenly by factors.

    Raises ValueError for no series, or an empty one.
    """
    if not series or not all(series.values()):
        told = say(
            "bands got {series!r}, but each line needs points. Pass {{name: {{x: values}}}}.",
            series=dict(series),
        )
        raise ValueError(told)
    figure, ax = plt.subplots(figsize=(8, 4.6), layout="constrained")
    spare = iter(SPARE * len(series))
    for marker, (name, points) in zip(MARKERS * len(series), series.items(), strict=False):
        color = (colors or COLORS).get(name) or next(spare)
        values = [to_array(each) for each in points.values()]
        look = line_look(color) | {"marker": marker if len(points) <= 16 else None}
        ax.plot(list(points), [each.mean() for each in values], label=name, **look)
        low, high = ([pick(each) for each in values] for pick in (np.min, np.max))
        ax.fill_between(list(points), low, high, color=color, alpha=0.2, lw=0)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    xs = sorted({x for points in series.values() for x in points})
    if log:
        ax.set_xscale("log", base=2)
    if len(xs) <= 16:
        ax.set_xticks(xs, [f"{x:g}" for x in xs])
        ax.minorticks_off()
    if ylim:
        ax.set_ylim(*ylim)
    if len(series) > 1:
        ax.legend(frameon=True, framealpha=0.9, loc="center left", bbox_to_anchor=(1.01, 0.5))
    sns.despine(figure)
    return finish(figure)
