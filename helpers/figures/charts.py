"""One-line figures: arrays and labels in, a figure out, in the style of `palette.py`.

In here: curves, heat maps, bars. Not in here: models, data, anything interactive.
"""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.figure import Figure

from helpers.figures.style import (
    COLORS,
    MARKERS,
    SPARE,
    WORD,
    area_look,
    contrast,
    finish,
    line_look,
    to_array,
)
from helpers.language import say


def curves(
    series: Mapping[str, Mapping[float, float]],
    xlabel: str,
    ylabel: str,
    colors: Mapping[str, str] | None = None,
    title: str = "",
    ylim: tuple[float, float] | None = (-0.03, 1.03),
    log: str = "",
) -> Figure:
    """Draw each named series of x to y as a line with a marker of its own, named in a legend.

    A series named in COLORS gets that colour. `log` names the axes with a log scale: "x", "y" or
    "xy"; a log y axis takes its limits from the points.
    Raises ValueError for no series, or an empty one.
    """
    if not series or not all(series.values()):
        told = say(
            "curves got {series!r}, but each line needs points. Pass {{name: {{x: y}}}}.",
            series=dict(series),
        )
        raise ValueError(told)
    figure, ax = plt.subplots(figsize=(7.5, 4.2), layout="constrained")
    spare = iter(SPARE * len(series))
    for marker, (name, points) in zip(MARKERS * len(series), series.items(), strict=False):
        color = (colors or COLORS).get(name) or COLORS.get(name) or next(spare)
        ax.plot(*zip(*points.items(), strict=True), marker=marker, label=name, **line_look(color))
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    for axis in log:
        ax.set(**{f"{axis}scale": "log"})
    if ylim and "y" not in log:
        ax.set_ylim(*ylim)
    if len(series) > 1:
        ax.legend(frameon=True, framealpha=0.9)
    xs = sorted({x for points in series.values() for x in points})
    if len(xs) <= 16 and all(float(x).is_integer() for x in xs):
        ax.set_xticks(xs, [f"{int(x):,}" for x in xs])
        ax.minorticks_off()
    sns.despine(figure)
    return finish(figure)


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
    """Draw a matrix of values from 0 to 1: rows down, columns across, NaN left blank.

    `numbers` writes each value into its cell (by default where there are few cells); `gold` lists
    for each row the columns to outline.
    Raises ValueError for no label, or a matrix without one row and one column for each label.
    """
    _refuse_nothing("heatmap", rows, columns)
    matrix = to_array(matrix)
    if matrix.shape != (len(rows), len(columns)):
        told = say(
            "The matrix is {shape}, but there are {rows} row labels and {columns} column labels. "
            "Queries are rows, keys are columns: transpose it?",
            shape=matrix.shape,
            rows=len(rows),
            columns=len(columns),
        )
        raise ValueError(told)
    numbers = matrix.size <= 160 if numbers is None else numbers
    wide, high = (0.6, 0.42) if numbers else (0.45, 0.34)  # of a cell, in inches
    size = (2.2 + wide * len(columns), 1.4 + high * len(rows))
    figure, ax = plt.subplots(figsize=size, layout="constrained")
    shades = sns.light_palette(COLORS[color], as_cmap=True)
    sns.heatmap(
        matrix, vmin=0, vmax=1, cmap=shades, ax=ax,
        annot=numbers, fmt=".2f", annot_kws={"size": 11}, mask=np.isnan(matrix),
        linewidths=0.5, linecolor="white", cbar_kws={"ticks": [0, 0.5, 1], "fraction": 0.05},
        xticklabels=list(columns), yticklabels=list(rows),
    )  # fmt: skip
    for number, value in zip(ax.texts, matrix[~np.isnan(matrix)], strict=bool(numbers)):
        number.set_color("black" if contrast("black", shades(value)) >= WORD else "white")
    ax.grid(visible=False)
    ax.set_facecolor("white")
    slanted = max(map(len, columns)) > 4
    ax.tick_params(axis="x", rotation=45 if slanted else 0)
    if slanted:
        plt.setp(ax.get_xticklabels(), ha="right", rotation_mode="anchor")
    ax.tick_params(axis="y", rotation=0)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    for row, marked in enumerate(gold or []):
        for column in marked:
            ax.add_patch(plt.Rectangle((column, row), 1, 1, fill=False, ec=COLORS["query"], lw=2))
    return finish(figure)


def attention_map(weights, written, source, gold=None, title: str = "") -> Figure:
    """Draw attention weights (T, S): what was written down, what was looked at across.

    `gold` lists for each written token the source positions to outline.
    """
    labels = {"ylabel": "written (queries)", "xlabel": "source (keys)", "title": title}
    return heatmap(weights, written, source, gold=gold, **labels)


def gaze(weights, written: Sequence[str], source: Sequence[str], title: str = "") -> Figure:
    """Draw where each step of writing looks: a row of dots, each as large as its word's weight,
    and a line from one row's largest to the next row's.

    Raises ValueError for no label, or weights without one row and one column for each label.
    """
    _refuse_nothing("gaze", written, source)
    weights = to_array(weights)
    if weights.shape != (len(written), len(source)):
        told = say(
            "The weights are {shape}, but {tokens} tokens were written from {words} words. Pass "
            "weights (T, S).",
            shape=weights.shape,
            tokens=len(written),
            words=len(source),
        )
        raise ValueError(told)
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
    return finish(figure)


def bars(
    values: Mapping[str, Sequence[float]],
    labels: Sequence[str],
    *,
    ylabel: str = "",
    xlabel: str = "",
    title: str = "",
    colors: Mapping[str, str] | None = None,
) -> Figure:
    """Draw one group of bars for each label, one bar in it for each named list of values.

    Raises ValueError for no list or no label, or a list without one value for each label.
    """
    _refuse_nothing("bars", values, labels)
    for name, heights in values.items():
        if len(heights) != len(labels):
            told = say(
                "{name!r} has {given} values, but there are {needed} labels. Give each label one "
                "value.",
                name=name,
                given=len(heights),
                needed=len(labels),
            )
            raise ValueError(told)
    wide = max(5, 0.7 * len(labels) + 2, min(9, 0.6 * len(labels) * len(values)))
    figure, ax = plt.subplots(figsize=(wide, 3.4), layout="constrained")
    width, spare = 0.8 / len(values), iter(SPARE * len(values))
    hatches = ("", "//", "..", "xx")
    for i, (name, heights) in enumerate(values.items()):
        color = (colors or COLORS).get(name) or COLORS.get(name) or next(spare)
        at = np.arange(len(labels)) + (i - (len(values) - 1) / 2) * width
        look = area_look(color) | {"hatch": hatches[i % 4], "label": name}
        drawn = ax.bar(at, to_array(heights), width, **look)
        if len(values) * len(labels) <= 16:
            ax.bar_label(drawn, fmt="%.2f", padding=2, fontsize=11)
    ax.set_xticks(np.arange(len(labels)), list(labels))
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    ax.margins(y=0.15)
    if len(values) > 1:
        figure.legend(loc="outside upper center", ncols=len(values), frameon=False)
    ax.grid(axis="x", visible=False)
    sns.despine(figure)
    return finish(figure)


def swatches(colors, labels: Sequence[str]) -> Figure:
    """Draw a row of colours, each with its label beneath.

    Shapes: colors (S, 3), red, green and blue from 0 to 1. Raises ValueError for anything else.
    """
    _refuse_nothing("swatches", colors, labels)
    colors = to_array(colors)
    if colors.shape != (len(labels), 3) or colors.min() < 0 or colors.max() > 1:
        told = say(
            "The colours are {shape}, from {least:.2f} to {most:.2f}, for {count} labels. Pass one "
            "(red, green, blue) for each label, from 0 to 1.",
            shape=colors.shape,
            least=colors.min(),
            most=colors.max(),
            count=len(labels),
        )
        raise ValueError(told)
    figure, ax = plt.subplots(figsize=(1.3 * len(labels) + 0.4, 1.9), layout="constrained")
    ax.imshow(colors[None], aspect="auto")
    ax.set_xticks(range(len(labels)), labels)
    ax.set_yticks([])
    ax.set_xticks(np.arange(len(labels) + 1) - 0.5, minor=True)
    ax.grid(visible=False)
    ax.grid(which="minor", color="white", lw=6)
    sns.despine(figure, left=True, bottom=True)
    return finish(figure)


def _refuse_nothing(name, *given):
    """Raise ValueError if any of the things that a figure is drawn from is empty."""
    if not all(map(len, given)):
        told = say("{name} got nothing to draw. Pass values and labels, at least one.", name=name)
        raise ValueError(told)
