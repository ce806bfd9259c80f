"""Figures of points in a plane and of small tables side by side, and the convex hull of points.

In here: what notebook 07 draws. Not in here: curves, heat maps with labels, bars (see `plots`).
"""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import seaborn as sns
import torch
from matplotlib.figure import Figure

from helpers.plots import COLORS, MARKERS, SPARE, finish, to_array


def hull(points):
    """Return the corners of the convex hull of some points, counter-clockwise.

    Shapes: points (N, 2) -> (C, 2). Raises ValueError for anything but at least one point of two
    numbers. Source: Andrew 1979, monotone chain.
    """
    if points.ndim != 2 or points.shape[-1] != 2 or len(points) == 0:
        raise ValueError(
            f"hull got points of shape {tuple(points.shape)}, but it needs (N, 2), N at least 1. "
            "Pass one row of two numbers for each point."
        )
    ordered = sorted(set(map(tuple, points.tolist())))
    if len(ordered) > 2:
        ordered = _turn_left(ordered)[:-1] + _turn_left(ordered[::-1])[:-1]
    return torch.tensor(ordered, dtype=points.dtype)


def _turn_left(points):
    """Return those points of a walk from first to last that leave all others on the left."""
    chain = []
    for x, y in points:
        while len(chain) > 1:
            (a, b), (c, d) = chain[-2:]
            if (c - a) * (y - b) - (d - b) * (x - a) > 0:
                break
            chain.pop()
        chain.append((x, y))
    return chain


def planes(
    panels: Mapping[str, Mapping[str, Sequence]],
    *,
    hulls: Sequence[str] = (),
    lines: Mapping[str, Sequence] | None = None,
    names: Mapping[str, Sequence[str]] | None = None,
    colors: Mapping[str, str] | None = None,
    labels: Mapping[str, tuple[str, str]] | None = None,
) -> Figure:
    """Draw panels of named groups of points (N, 2) side by side, one unit the same length all over.

    `hulls` lists the groups to draw with their convex hull, `lines` gives for a panel the pairs of
    points to join by a dashed line, `names` for a group a word beside each point, `labels` for a
    panel what its two axes say.
    Raises ValueError for no panel, or a group that is not (N, 2).
    """
    if not panels:
        raise ValueError("planes got no panel to draw. Pass {title: {group: points}}.")
    figure, axes = plt.subplots(
        1, len(panels), figsize=(5.2 * len(panels) + 0.6, 4.6), layout="constrained", squeeze=False
    )
    spare = dict(zip((g for p in panels.values() for g in p), SPARE * 9, strict=False))
    for ax, (title, groups) in zip(axes[0], panels.items(), strict=True):
        for marker, (group, points) in zip(MARKERS * 9, groups.items(), strict=False):
            points = to_array(points)
            if points.ndim != 2 or points.shape[1] != 2:
                raise ValueError(
                    f"The group {group!r} is {points.shape}, but a plane has two axes. "
                    "Pass points (N, 2)."
                )
            color = (colors or {}).get(group) or COLORS.get(group) or spare[group]
            if group in hulls:
                corners = hull(torch.as_tensor(points))
                ax.fill(*corners.mT, facecolor=color, alpha=0.12, zorder=1)
                ax.fill(*corners.mT, facecolor="none", edgecolor=color, lw=2, zorder=2)
            small = len(points) > 40
            ax.scatter(
                *points.T, s=14 if small else 80, alpha=0.5 if small else 1, color=color,
                marker=marker, label=group, zorder=2 if small else 3, linewidths=0,
            )  # fmt: skip
            for (x, y), name in zip(points, (names or {}).get(group, ()), strict=False):
                near = {"textcoords": "offset points", "xytext": (8, 6), "zorder": 4}
                ax.annotate(name, (x, y), **near)
        for start, end in (lines or {}).get(title, ()):
            ax.plot(*zip(start, end, strict=True), "--", color=COLORS["muted"], lw=2, zorder=1)
        xlabel, ylabel = (labels or {}).get(title, ("first number", "second number"))
        ax.set(title=title, xlabel=xlabel, ylabel=ylabel, aspect="equal")
        ax.set_adjustable("datalim")
        ax.margins(0.12)
    handles, found = axes[0][0].get_legend_handles_labels()
    for ax in axes[0][1:]:
        for handle, name in zip(*ax.get_legend_handles_labels(), strict=True):
            if name not in found:
                handles, found = [*handles, handle], [*found, name]
    figure.legend(handles, found, loc="outside upper center", ncols=4, frameon=False)
    sns.despine(figure)
    return finish(figure)


def grids(tables: Mapping[str, Sequence], *, xlabel: str = "", ylabel: str = "") -> Figure:
    """Draw small tables side by side, row 0 at the bottom, each darkest where it is largest.

    Raises ValueError for no table, or one that is not a matrix.
    """
    if not tables or any(to_array(table).ndim != 2 for table in tables.values()):
        raise ValueError("grids draws matrices. Pass {title: matrix}, at least one.")
    wide = min(4, len(tables))
    high = -(-len(tables) // wide)
    size = (2.4 * wide + 0.6, 2.6 * high + 0.4)
    figure, axes = plt.subplots(high, wide, figsize=size, layout="constrained", squeeze=False)
    for ax in axes.flat[len(tables) :]:
        ax.set_visible(False)
    shades = sns.light_palette(COLORS["ink"], as_cmap=True)
    for ax, (title, table) in zip(axes.flat, tables.items(), strict=False):
        ax.imshow(to_array(table), origin="lower", cmap=shades)
        ax.set_title(title, fontsize=13)
        ticks = [range(0, size, 3) for size in to_array(table).shape]
        ax.set_yticks(ticks[0])
        ax.set_xticks(ticks[1])
        ax.grid(visible=False)
    figure.supxlabel(xlabel, fontsize=14)
    figure.supylabel(ylabel, fontsize=14)
    sns.despine(figure, left=True, bottom=True)
    return finish(figure)
