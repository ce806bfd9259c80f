"""Figures of points in a plane and of small tables side by side, and the convex hull of points.

In here: what notebook 07 draws. Not in here: curves, heat maps with labels, bars (see `plots`).
"""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
import torch
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from helpers.figures.style import COLORS, MARKERS, SPARE, finish, firm, to_array
from helpers.language import say


def hull(points):
    """Return the corners of the convex hull of some points, counter-clockwise.

    Shapes: points (N, 2) -> (C, 2). Raises ValueError for anything but at least one point of two
    numbers. Source: Andrew 1979, monotone chain.
    """
    if points.ndim != 2 or points.shape[-1] != 2 or len(points) == 0:
        told = say(
            "hull got points of shape {shape}, but it needs (N, 2), N at least 1. Pass one row of "
            "two numbers for each point.",
            shape=tuple(points.shape),
        )
        raise ValueError(told)
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
    names: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    colors: Mapping[str, str] | None = None,
    labels: Mapping[str, tuple[str, str]] | None = None,
) -> Figure:
    """Draw panels of named groups of points (N, 2) side by side, both axes of one scale.

    `hulls` lists the groups to draw with their convex hull. By panel: `lines` holds the pairs of
    points to join by a dashed line, `names` for a group the words beside its points, `labels` what
    the two axes say.
    Raises ValueError for no panel, one without points, or a group that is not (N, 2).
    """
    if not panels or not all(panel and all(map(len, panel.values())) for panel in panels.values()):
        told = say("planes got no panel, or one without points. Pass {title: {group: points}}.")
        raise ValueError(told)
    figure, axes = plt.subplots(
        1, len(panels), figsize=(5 * len(panels) + 0.5, 4.9), layout="constrained", squeeze=False
    )
    groups = list(dict.fromkeys(group for panel in panels.values() for group in panel))
    looks = dict(zip(groups, zip(MARKERS * 9, SPARE * 9, strict=False), strict=False))
    found = {}
    for ax, (title, panel) in zip(axes[0], panels.items(), strict=True):
        for group, points in panel.items():
            marker, spare = looks[group]
            color = (colors or {}).get(group) or COLORS.get(group) or spare
            found[group] = _cloud(ax, group, points, group in hulls, color, marker)
            for name, point in zip(
                (names or {}).get(title, {}).get(group, ()), points, strict=False
            ):
                at = {"textcoords": "offset points", "xytext": (9, 7), "zorder": 4}
                patch = {"fc": "white", "ec": "none", "pad": 1.5}
                ax.annotate(name, to_array(point), **at, bbox=patch)
        for start, end in (lines or {}).get(title, ()):
            ends = zip(to_array(start), to_array(end), strict=True)
            ax.plot(*ends, "--", color=COLORS["muted"], lw=2, zorder=1)
        _square(ax, np.concatenate([to_array(points) for points in panel.values()]))
        xlabel, ylabel = (labels or {}).get(title, ("first number", "second number"))
        ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    place = {"loc": "outside upper center", "ncols": 4, "frameon": False}
    figure.legend(list(found.values()), list(found), **place)
    sns.despine(figure)
    return finish(figure)


def _cloud(ax, group, points, with_hull, color, marker):
    """Draw one group of points, many of them small, and return what stands for it in a legend."""
    points = to_array(points)
    if points.ndim != 2 or points.shape[1] != 2:
        told = say(
            "The group {group!r} is {shape}, but a plane has two axes. Pass points (N, 2).",
            group=group,
            shape=points.shape,
        )
        raise ValueError(told)
    if with_hull:
        corners = hull(torch.as_tensor(points)).mT
        ax.fill(*corners, facecolor=color, alpha=0.12, zorder=1)
        ax.fill(*corners, facecolor="none", edgecolor=color, lw=2, zorder=2)
    size, alpha, order = (14, 0.5, 2) if len(points) > 40 else (80, 1, 3)
    dots = {"s": size, "zorder": order, "marker": marker, "linewidths": 0.6}
    return ax.scatter(*points.T, **dots, facecolors=to_rgba(color, alpha), edgecolors=firm(color))


def _square(ax, points):
    """Give both axes the same scale and room for all points."""
    low, high = points.min(axis=0), points.max(axis=0)
    middle, half = (low + high) / 2, 0.62 * max(*(high - low), 1e-6)
    ax.set_xlim(middle[0] - half, middle[0] + half)
    ax.set_ylim(middle[1] - half, middle[1] + half)
    ax.set_aspect("equal")


def grids(tables: Mapping[str, Sequence], *, xlabel: str = "", ylabel: str = "") -> Figure:
    """Draw small tables side by side, row 0 at the bottom, each darkest where it is largest.

    Raises ValueError for no table, or one that is not a matrix.
    """
    if not tables or any(to_array(table).ndim != 2 for table in tables.values()):
        raise ValueError(say("grids draws matrices. Pass {title: matrix}, at least one."))
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
