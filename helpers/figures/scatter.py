"""Scatter plots of named groups of points, side by side, and the convex hull of points.

In here: points in a plane. Not in here: curves, bars, heat maps (`charts.py`).
"""

from collections.abc import Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
import torch
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from helpers.figures.palette import COLORS, SPARE
from helpers.figures.style import MARKERS, close_figure, color_of, darken, to_array
from helpers.messages import say


def convex_hull(points):
    """Return the corners of the convex hull of some points, counter-clockwise.

    Shapes: points (N, 2) -> (C, 2). Raises ValueError for anything but at least one point of two
    numbers. Source: Andrew 1979, monotone chain.
    """
    if points.ndim != 2 or points.shape[-1] != 2 or len(points) == 0:
        message = say(
            "convex_hull got points of shape {shape}, but it needs (N, 2), N at least 1. Pass one "
            "row of two numbers for each point.",
            shape=tuple(points.shape),
        )
        raise ValueError(message)
    ordered = sorted(set(map(tuple, points.tolist())))
    if len(ordered) > 2:
        ordered = _turn_left(ordered)[:-1] + _turn_left(ordered[::-1])[:-1]
    return torch.tensor(ordered, dtype=points.dtype)


def _turn_left(points):
    """Return the chain of points from first to last that leaves all others on its left."""
    chain = []
    for x, y in points:
        while len(chain) > 1:
            (a, b), (c, d) = chain[-2:]
            if (c - a) * (y - b) - (d - b) * (x - a) > 0:
                break
            chain.pop()
        chain.append((x, y))
    return chain


def scatter_panels(
    panels: Mapping[str, Mapping[str, Sequence]],
    *,
    hulls: Sequence[str] = (),
    lines: Mapping[str, Sequence] | None = None,
    names: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    colors: Mapping[str, str] | None = None,
    labels: Mapping[str, tuple[str, str]] | None = None,
) -> Figure:
    """Draw scatter plots side by side: named groups of points (N, 2), both axes of one scale.

    `hulls` lists the groups to draw with their convex hull. By panel: `lines` holds the pairs of
    points to join by a dashed line, `names` for a group the words beside its points, `labels` what
    the two axes say. `colors` gives a group the colour of a meaning in the palette.
    Raises ValueError for no panel, one without points, or a group that is not (N, 2).
    """
    _require_points(panels)
    groups = list(dict.fromkeys(group for panel in panels.values() for group in panel))
    spare, legend = cycle(SPARE), {}
    shades = {group: color_of(group, colors, spare) for group in groups}
    markers = dict(zip(groups, cycle(MARKERS), strict=False))
    size = (5 * len(panels) + 0.5, 4.9)
    figure, axes = plt.subplots(1, len(panels), figsize=size, layout="constrained", squeeze=False)
    for ax, (title, panel) in zip(axes[0], panels.items(), strict=True):
        for group, points in panel.items():
            style = {"color": shades[group], "marker": markers[group]}
            legend[group] = _draw_group(ax, to_array(points), group in hulls, **style)
            words = (names or {}).get(title, {}).get(group, ())
            for name, point in zip(words, points, strict=False):
                at = {"textcoords": "offset points", "xytext": (9, 7), "zorder": 4}
                patch = {"fc": "white", "ec": "none", "pad": 1.5}
                ax.annotate(name, to_array(point), **at, bbox=patch)
        for start, end in (lines or {}).get(title, ()):
            ends = zip(to_array(start), to_array(end), strict=True)
            ax.plot(*ends, "--", color=COLORS["muted"], lw=2, zorder=1)
        _set_square_limits(ax, np.concatenate([to_array(points) for points in panel.values()]))
        xlabel, ylabel = (labels or {}).get(title, ("first number", "second number"))
        ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    place = {"loc": "outside upper center", "ncols": 4, "frameon": False}
    figure.legend(list(legend.values()), list(legend), **place)
    sns.despine(figure)
    return close_figure(figure)


def _require_points(panels):
    """Raise ValueError for no panel, one without points, or a group that is not (N, 2)."""
    if not panels or not all(panel and all(map(len, panel.values())) for panel in panels.values()):
        message = say(
            "scatter_panels got no panel, or one without points. Pass {title: {group: points}}."
        )
        raise ValueError(message)
    for group, points in (pair for panel in panels.values() for pair in panel.items()):
        shape = to_array(points).shape
        if len(shape) != 2 or shape[1] != 2:
            message = say(
                "The group {group!r} is {shape}, but a plane has two axes. Pass points (N, 2).",
                group=group,
                shape=shape,
            )
            raise ValueError(message)


def _draw_group(ax, points, with_hull, color, marker):
    """Draw one group of points, small where they are many, and return it for the legend."""
    if with_hull:
        corners = convex_hull(torch.as_tensor(points)).mT
        ax.fill(*corners, facecolor=color, alpha=0.12, zorder=1)
        ax.fill(*corners, facecolor="none", edgecolor=color, lw=2, zorder=2)
    size, alpha, order = (14, 0.5, 2) if len(points) > 40 else (80, 1, 3)
    dots = {"s": size, "zorder": order, "marker": marker, "linewidths": 0.6}
    return ax.scatter(*points.T, **dots, facecolors=to_rgba(color, alpha), edgecolors=darken(color))


def _set_square_limits(ax, points):
    """Give both axes the same scale and room for all points."""
    low, high = points.min(axis=0), points.max(axis=0)
    middle, half = (low + high) / 2, 0.62 * max(*(high - low), 1e-6)
    ax.set_xlim(middle[0] - half, middle[0] + half)
    ax.set_ylim(middle[1] - half, middle[1] + half)
    ax.set_aspect("equal")
