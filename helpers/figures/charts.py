"""One-line figures of numbers: curves, bars, heat maps, attention maps, dials, swatches.

In here: arrays and labels in, a figure out, in the style of `style.py`. Not in here: points in a
plane (`scatter.py`), models, data, anything interactive (`helpers/views/`).
"""

import math
from collections.abc import Mapping, Sequence
from itertools import cycle, repeat

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from helpers.figures.palette import COLORS, SPARE, WORD
from helpers.figures.style import (
    MARKERS,
    area_style,
    close_figure,
    color_of,
    contrast,
    darken,
    line_style,
    to_array,
)
from helpers.messages import say

MAX_MARKERS, MAX_TICKS = 64, 16  # more points than that get no marker, or no tick of their own
MAX_INSIDE = 5  # a legend of more lines stands beside them


def curves(
    series: Mapping[str, Mapping[float, float | Sequence[float]]],
    xlabel: str,
    ylabel: str,
    colors: Mapping[str, str] | None = None,
    title: str = "",
    ylim: tuple[float, float] | None = (-0.03, 1.03),
    log: str = "",
    limit: float | None = None,
) -> Figure:
    """Draw curves: each named series of x to y as a line with a marker of its own and a legend.

    Where y is several values, such as one for each seed, the line goes through their means in a
    band from the smallest to the largest. `colors` gives a name the colour of a meaning in the
    palette; other names get their own colour or a spare one. `log` names the axes with a log
    scale: "x", "y" or "xy"; a log y axis takes its limits from the points. `limit` is an x to mark
    by a dashed line.
    Raises ValueError for no series, or an empty one.
    """
    if not series or not all(series.values()):
        message = say(
            "curves got {series!r}, but each line needs points. Pass {{name: {{x: y}}}}.",
            series=dict(series),
        )
        raise ValueError(message)
    spare = cycle(SPARE)
    shades = [color_of(name, colors, spare) for name in series]
    beside = len(series) > MAX_INSIDE
    figure, ax = plt.subplots(figsize=(9 if beside else 7.5, 4.2), layout="constrained")
    for marker, color, (name, points) in zip(cycle(MARKERS), shades, series.items(), strict=False):
        x, values = list(points), [to_array(y) for y in points.values()]
        style = line_style(color) | {"marker": marker if len(x) <= MAX_MARKERS else None}
        ax.plot(x, [y.mean() for y in values], label=name, **style)
        if any(y.size > 1 for y in values):
            low, high = [y.min() for y in values], [y.max() for y in values]
            ax.fill_between(x, low, high, color=color, alpha=0.2, lw=0)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    for axis in log:
        ax.set(**{f"{axis}scale": "log"})
    if "y" in log and _few_powers_of_ten(series.values()):
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_major_formatter("{x:,g}")
        ax.yaxis.set_minor_formatter(NullFormatter())
    if ylim and "y" not in log:
        ax.set_ylim(*ylim)
    if len(series) > 1:
        place = {"loc": "center left", "bbox_to_anchor": (1.01, 0.5)} if beside else {}
        ax.legend(frameon=True, framealpha=0.9, **place)
    xs = sorted({x for points in series.values() for x in points})
    if len(xs) <= MAX_TICKS and all(float(x).is_integer() for x in xs):
        ax.set_xticks(xs, [f"{int(x):,}" for x in xs])
        ax.minorticks_off()
    if limit is not None:
        ax.axvline(limit, color=COLORS["ink"], ls="--")
    sns.despine(figure)
    return close_figure(figure)


def _few_powers_of_ten(lines):
    """Say whether the values of some lines span more than one power of ten and include fewer than
    two, which alone would be labelled."""
    values = [value for points in lines for y in points.values() for value in to_array(y).flat]
    low, high = math.log10(min(values)), math.log10(max(values))
    return high - low >= 1 and math.floor(high) - math.ceil(low) < 1


def heatmap(
    matrix,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    ylabel: str = "",
    xlabel: str = "",
    title: str = "",
    numbers: bool | None = None,
    gold: Sequence[Sequence[int]] | None = None,
    color: str = "key",
) -> Figure:
    """Draw a heat map of values from 0 to 1: rows down, columns across, NaN left blank.

    `numbers` writes each value into its cell (by default where there are few cells); `gold` lists
    for each row the columns to outline; `color` is a meaning in the palette.
    Raises ValueError for no label, or a matrix without one row and one column for each label.
    """
    _require_values("heatmap", rows, columns)
    matrix = to_array(matrix)
    if matrix.shape != (len(rows), len(columns)):
        message = say(
            "The matrix is {shape}, but there are {rows} row labels and {columns} column labels. "
            "Queries are rows, keys are columns: transpose it?",
            shape=matrix.shape,
            rows=len(rows),
            columns=len(columns),
        )
        raise ValueError(message)
    shades = sns.light_palette(color_of(color), as_cmap=True)
    numbers = matrix.size <= 160 if numbers is None else numbers
    wide, high = (0.6, 0.42) if numbers else (0.45, 0.34)  # of a cell, in inches
    size = (2.2 + wide * len(columns), 1.4 + high * len(rows))
    figure, ax = plt.subplots(figsize=size, layout="constrained")
    _draw_cells(
        ax, matrix, shades, 0, 1,
        annot=numbers, fmt=".2f", annot_kws={"size": 11},
        linewidths=0.5, linecolor="white", cbar_kws={"ticks": [0, 0.5, 1], "fraction": 0.05},
        xticklabels=list(columns), yticklabels=list(rows),
    )  # fmt: skip
    for number, value in zip(ax.texts, matrix[~np.isnan(matrix)], strict=bool(numbers)):
        number.set_color("black" if contrast("black", shades(value)) >= WORD else "white")
    if max(map(len, columns)) > 4:
        plt.setp(ax.get_xticklabels(), rotation=45, ha="right", rotation_mode="anchor")
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    for row, marked in enumerate(gold or []):
        for column in marked:
            ax.add_patch(plt.Rectangle((column, row), 1, 1, fill=False, ec=COLORS["query"], lw=2))
    return close_figure(figure)


def heatmap_grid(tables: Mapping[str, Sequence], *, xlabel: str = "", ylabel: str = "") -> Figure:
    """Draw small heat maps, four in a row, row 0 on top, palest at 0 and darkest at the largest.

    Raises ValueError for no table, or one that is not a matrix.
    """
    arrays = {title: to_array(table) for title, table in tables.items()}
    if not arrays or any(array.ndim != 2 for array in arrays.values()):
        raise ValueError(say("heatmap_grid draws matrices. Pass {title: matrix}, at least one."))
    columns = min(4, len(arrays))
    rows = -(-len(arrays) // columns)
    size = (2.4 * columns + 0.6, 2.6 * rows + 0.4)
    figure, axes = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False)
    for ax in axes.flat[len(arrays) :]:
        ax.set_visible(False)
    colors = sns.light_palette(COLORS["ink"], as_cmap=True)
    for ax, (title, array) in zip(axes.flat, arrays.items(), strict=False):
        look = {"cbar": False, "square": True, "xticklabels": 1, "yticklabels": 1}
        _draw_cells(ax, array, colors, min(0, array.min()), array.max(), **look)
        ax.set_title(title, fontsize=13)
    figure.supxlabel(xlabel, fontsize=14)
    figure.supylabel(ylabel, fontsize=14)
    return close_figure(figure)


def _draw_cells(ax, matrix, colors, low, high, **options):
    """Draw one matrix as coloured cells, row 0 on top, NaN left blank."""
    sns.heatmap(matrix, vmin=low, vmax=high, cmap=colors, ax=ax, **options)
    ax.grid(visible=False)
    ax.set_facecolor("white")
    ax.tick_params(rotation=0)


def attention_map(weights, written, source, gold=None, title: str = "") -> Figure:
    """Draw attention weights (T, S) as a heat map: target tokens down, source tokens across.

    `gold` lists for each written token the source positions to outline.
    """
    labels = {"ylabel": "written (queries)", "xlabel": "source (keys)", "title": title}
    return heatmap(weights, written, source, gold=gold, **labels)


def gaze(weights, written: Sequence[str], source: Sequence[str], title: str = "") -> Figure:
    """Draw a gaze plot of attention weights (T, S): the path from one target token to the next.

    Each row has one dot for each source token, as large as its weight, and the path joins the
    heaviest of one row to the heaviest of the next.
    Raises ValueError for no label, or weights without one row and one column for each label.
    """
    _require_values("gaze", written, source)
    weights = to_array(weights)
    if weights.shape != (len(written), len(source)):
        message = say(
            "The weights are {shape}, but {tokens} tokens were written from {words} words. Pass "
            "weights (T, S).",
            shape=weights.shape,
            tokens=len(written),
            words=len(source),
        )
        raise ValueError(message)
    size = (2.2 + 0.6 * len(source), 1.4 + 0.42 * len(written))
    figure, ax = plt.subplots(figsize=size, layout="constrained")
    rows, columns = np.indices(weights.shape)
    ax.plot(weights.argmax(axis=1), range(len(written)), color=COLORS["query"], lw=1.6)
    ax.scatter(columns, rows, s=260 * weights, color=COLORS["key"], zorder=3)
    ax.set_xticks(range(len(source)), source, rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(written)), written)
    ax.set(xlabel="source (keys)", ylabel="written (queries), in order", title=title)
    ax.set(xlim=(-0.6, len(source) - 0.4), ylim=(len(written) - 0.4, -0.6))
    sns.despine(figure)
    return close_figure(figure)


def bars(
    values: Mapping[str, Sequence[float]],
    labels: Sequence[str],
    *,
    ylabel: str = "",
    xlabel: str = "",
    title: str = "",
    colors: Mapping[str, str] | None = None,
) -> Figure:
    """Draw bars: one group for each label, and in it one bar for each named list of values.

    `colors` gives a name the colour of a meaning in the palette.
    Raises ValueError for no list or no label, or a list without one value for each label.
    """
    _require_values("bars", values, labels)
    for name, heights in values.items():
        if len(heights) != len(labels):
            message = say(
                "{name!r} has {given} values, but there are {needed} labels. Give each label one "
                "value.",
                name=name,
                given=len(heights),
                needed=len(labels),
            )
            raise ValueError(message)
    spare = cycle(SPARE)
    shades = [color_of(name, colors, spare) for name in values]
    wide = max(5, 0.7 * len(labels) + 2, min(9, 0.6 * len(labels) * len(values)))
    figure, ax = plt.subplots(figsize=(wide, 3.4), layout="constrained")
    width = 0.8 / len(values)
    hatches = ("", "//", "..", "xx")
    for i, (name, heights) in enumerate(values.items()):
        at = np.arange(len(labels)) + (i - (len(values) - 1) / 2) * width
        style = area_style(shades[i]) | {"hatch": hatches[i % 4], "label": name}
        group = ax.bar(at, to_array(heights), width, **style)
        if len(values) * len(labels) <= 16:
            fmt = "{:.2f}" if max(map(abs, heights)) < 10 else "{:,.0f}"
            ax.bar_label(group, fmt=fmt, padding=2, fontsize=11)
    ax.set_xticks(np.arange(len(labels)), list(labels))
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    ax.margins(y=0.15)
    if len(values) > 1:
        figure.legend(loc="outside upper center", ncols=len(values), frameon=False)
    ax.grid(axis="x", visible=False)
    sns.despine(figure)
    return close_figure(figure)


def swatches(colors, labels: Sequence[str]) -> Figure:
    """Draw swatches: a row of colours, each with its label beneath.

    Shapes: colors (S, 3), red, green and blue from 0 to 1. Raises ValueError for anything else.
    """
    _require_values("swatches", colors, labels)
    colors = to_array(colors)
    if colors.shape != (len(labels), 3) or colors.min() < 0 or colors.max() > 1:
        message = say(
            "The colours are {shape}, from {least:.2f} to {most:.2f}, for {count} labels. Pass one "
            "(red, green, blue) for each label, from 0 to 1.",
            shape=colors.shape,
            least=colors.min(),
            most=colors.max(),
            count=len(labels),
        )
        raise ValueError(message)
    figure, ax = plt.subplots(figsize=(1.3 * len(labels) + 0.4, 1.9), layout="constrained")
    ax.imshow(colors[None], aspect="auto")
    ax.set_xticks(range(len(labels)), labels)
    ax.set_yticks([])
    ax.set_xticks(np.arange(len(labels) + 1) - 0.5, minor=True)
    ax.grid(visible=False)
    ax.grid(which="minor", color="white", lw=6)
    sns.despine(figure, left=True, bottom=True)
    return close_figure(figure)


def dials(hands: Mapping[str, Mapping[str, Sequence[float]]]) -> Figure:
    """Draw dials: a circle for each title, with a hand from its centre towards each point (x, y).

    A name of the palette gets its colour, any other that of a key. Raises ValueError for no dial.
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
            color = color_of(name, spare=repeat(COLORS["key"]))
            ax.plot([0, x], [0, y], color=color, lw=2, solid_capstyle="round")
            ax.plot([x], [y], "o", color=color, ms=6)
            side = "center" if abs(x) < 0.4 else "left" if x > 0 else "right"
            at = {"ha": side, "va": "center", "fontsize": 12, "color": darken(color)}
            ax.text(1.12 * x, 1.18 * y, name, **at)
        ax.set(title=title, xlim=(-1.75, 1.75), ylim=(-1.4, 1.4), aspect="equal")
        ax.axis("off")
    return close_figure(figure)


def _require_values(name, *given):
    """Raise ValueError if any of the things that a figure is drawn from is empty."""
    if not all(map(len, given)):
        message = say(
            "{name} got nothing to draw. Pass values and labels, at least one.",
            name=name,
        )
        raise ValueError(message)
