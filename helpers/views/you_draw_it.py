"""You draw it: axes on which the reader draws a curve before the measured one is uncovered.

In here: `you_draw_it`; where no script runs, tables show what was measured. Not in here: what
measures, figures of curves (`helpers/figures/charts.py`).
"""

from collections.abc import Mapping
from itertools import cycle
from math import floor, isfinite, log10

from helpers.figures.palette import MARK, SPARE, WORD, contrast, darken, tint
from helpers.figures.style import color_of
from helpers.messages import say, show
from helpers.views.base import MAX_BYTES, View, fill, html_table
from helpers.views.inputs import array_in

MAX_SERIES, MAX_GIVEN = 4, 3  # together as many as there are shapes of markers
MAX_POINTS = 200  # of all curves together
DARK_PAPER = "#1C1F22"  # --paper of view.css, where the page is dark


class YouDrawIt(View):
    """A view of axes: the reader draws, then compares."""


def you_draw_it(
    series, xlabel, ylabel, *, ylim=(0, 1), log="", title="", colors=None, given=None
) -> YouDrawIt:
    """Let the reader draw the curve they expect, and then uncover the measured one over it.

    `series` maps one to four names to what was measured, {x: y}; each is drawn by itself, at its
    own x. `given` has up to three more such curves, which are shown from the start. `log` is "x"
    for a logarithmic x axis; `colors` gives a name the colour of a meaning in the palette.

    Shapes: each y is one number within `ylim`; 2 to 200 points in all; at most 30 kB.
    Raises TypeError for what is no dict and names that are no strings, ValueError for values that
    cannot be shown.
    """
    if log not in ("", "x"):
        message = say(
            'log is {log!r}, but the x axis is linear, "", or logarithmic, "x". Pass one of these.',
            log=log,
        )
        raise ValueError(message)
    ylim = _read_ylim(ylim)
    measured = _read_curves("series", series, MAX_SERIES, ylim, log)
    known = _read_curves("given", given, MAX_GIVEN, ylim, log) if given else {}
    _require_few([*measured.values(), *known.values()])
    spare = cycle(SPARE)
    data = {
        "title": show(str(title)),
        "xlabel": show(str(xlabel)),
        "ylabel": show(str(ylabel)),
        "ylim": ylim,
        "log": log,
        "digits": min(6, max(0, 2 - floor(log10(ylim[1] - ylim[0])))),
        "series": [_curve(name, points, colors, spare) for name, points in measured.items()],
        "given": [_curve(name, points, colors, spare) for name, points in known.items()],
    }
    html = fill("you_draw_it", data, _words(), tables=_tables(data))
    if (size := len(html.encode())) > MAX_BYTES:
        message = say(
            "The view would take {size:,} bytes of the notebook, but {most:,} are enough for one. "
            "Pass fewer points, or shorter names.",
            size=size,
            most=MAX_BYTES,
        )
        raise ValueError(message)
    return YouDrawIt(html, say("{count} curves to draw", count=len(measured)))


def _read_ylim(ylim):
    """Return the ends of the y axis as two floats."""
    try:
        low, high = map(float, ylim)
        fits = low < high < float("inf") and isfinite(low)
    except (TypeError, ValueError):
        fits = False
    if not fits:
        message = say(
            "ylim is {ylim!r}, but an axis needs two finite numbers, the lower one first. Pass "
            "ylim=(0, 1), for example.",
            ylim=ylim,
        )
        raise ValueError(message)
    return [low, high]


def _read_curves(argument, curves, most, ylim, log):
    """Return {name: [[x, y], …]} with the points in the order of x; errors call it `argument`."""
    if not isinstance(curves, Mapping):
        message = say(
            "{argument} is {given!r:.60}, but curves come as a dict. Pass {{name: {{x: y}}}}.",
            argument=argument,
            given=curves,
        )
        raise TypeError(message)
    if not 1 <= len(curves) <= most:
        message = say(
            "{argument} has {count} curves, but one view takes 1 to {most}. Pass "
            "{{name: {{x: y}}}}, and put further curves into a view of their own.",
            argument=argument,
            count=len(curves),
            most=most,
        )
        raise ValueError(message)
    return {
        name: _read_points(_curve_name(argument, name), points, ylim, log)
        for name, points in curves.items()
    }


def _curve_name(argument, name):
    """Return what errors call a curve: series['GRU']."""
    if not isinstance(name, str) or not name:
        message = say(
            "{argument} has a curve called {name!r}, but a name is a string that is not empty. "
            "Pass {{name: {{x: y}}}} with such names.",
            argument=argument,
            name=name,
        )
        raise TypeError(message)
    return f"{argument}[{name!r}]"


def _read_points(name, points, ylim, log):
    """Return the points of one curve as [[x, y], …], in the order of x."""
    if not isinstance(points, Mapping):
        message = say(
            "{name} is {given!r:.60}, but a curve is a dict from x to y. Pass {{x: y}}.",
            name=name,
            given=points,
        )
        raise TypeError(message)
    if len(points) < 2:
        message = say(
            "{name} has {count} points, but a curve needs 2 or more. Pass all that was measured, "
            "as {{x: y}}.",
            name=name,
            count=len(points),
        )
        raise ValueError(message)
    read = []
    for x, y in zip(array_in(name, list(points)), points.values(), strict=True):
        y = array_in(name, y)
        if y.shape:
            message = say(
                "{name} has values of shape {shape} at x = {x:g}, but each x needs one number. "
                "Pass the mean over the seeds.",
                name=name,
                shape=y.shape,
                x=x,
            )
            raise ValueError(message)
        read.append([float(x), float(y)])
    for x, y in read:
        _require_on_axes(name, x, y, ylim, log)
    return sorted(read)


def _require_on_axes(name, x, y, ylim, log):
    """Raise ValueError for a point that has no place on the axes."""
    message = None
    if not (isfinite(x) and isfinite(y)):
        message = say(
            "{name} has the value {y:g} at x = {x:g}, but a curve needs finite numbers. Look for a "
            "division by zero, or leave the point out.",
            name=name,
            x=x,
            y=y,
        )
    elif not ylim[0] <= y <= ylim[1]:
        message = say(
            "{name} has the value {y:g} at x = {x:g}, but the y axis goes from {low:g} to "
            "{high:g}. Pass a ylim that holds all values.",
            name=name,
            x=x,
            y=y,
            low=ylim[0],
            high=ylim[1],
        )
    elif log == "x" and x <= 0:
        message = say(
            "{name} has a point at x = {x:g}, but a logarithmic axis shows positive x only. Leave "
            'the point out, or pass log="".',
            name=name,
            x=x,
        )
    if message:
        raise ValueError(message)


def _require_few(curves):
    if (count := sum(map(len, curves))) > MAX_POINTS:
        message = say(
            "There are {count} points in all, but {most} at most can be drawn and read. Pass every "
            "second or every tenth of them.",
            count=count,
            most=MAX_POINTS,
        )
        raise ValueError(message)


def _curve(name, points, colors, spare):
    """Return a curve as the script takes it: its name, points, and colour on light and on dark."""
    color = color_of(name, colors, spare)
    points = [
        [int(x) if x.is_integer() else float(f"{x:.6g}"), float(f"{y:.6g}")] for x, y in points
    ]
    return {"name": show(name), "points": points, "colors": [darken(color, MARK), _lighten(color)]}


def _lighten(color):
    """Return the colour, mixed with white until it can be told from the dark paper."""
    parts = (tint(color, share / 20) for share in range(20, 0, -1))
    return next(paler for paler in parts if contrast(paler, DARK_PAPER) >= WORD)


def _tables(data):
    """Return what was measured as tables, one for all curves that have the same x."""
    caption = say("{ylabel} by {xlabel}", ylabel=data["ylabel"], xlabel=data["xlabel"])
    if data["title"]:
        caption = f"{data['title']}: {caption}"
    groups = {}
    for curve in data["series"] + data["given"]:
        groups.setdefault(tuple(x for x, _ in curve["points"]), []).append(curve)
    tables = []
    for xs, curves in groups.items():
        rows = [[y for _, y in curve["points"]] for curve in curves]
        names = [curve["name"] for curve in curves]
        columns = [f"{x:,}" if isinstance(x, int) else f"{x:.4g}" for x in xs]
        tables.append(html_table(caption, names, columns, rows, data["digits"]))
    return "\n".join(tables)


def _words():
    """Return all that the script says, in the reader's language."""
    return {
        "start": say("Draw the curve that you expect. Then show what was measured."),
        "show": say("Show what was measured"),
        "anew": say("Start anew"),
        "which": say("Curve to draw"),
        "by": say("{ylabel} by {xlabel}"),
        "area": say(
            "Drawing area. Left and right arrow: choose a point. Up and down arrow, Page Up, Page "
            "Down: move it."
        ),
        "how": say("Draw with finger or mouse. Keys: ← → choose a point, ↑ ↓ move it."),
        "yours": say("your curve"),
        "measured": say("measured"),
        "point": say("{series}, {xlabel} = {x}: you drew {y}."),
        "empty": say("{series}, {xlabel} = {x}: nothing drawn yet."),
        "both": say("{series}, {xlabel} = {x}: you drew {y}, measured was {truth}."),
        "only": say("{series}, {xlabel} = {x}: you drew nothing, measured was {truth}."),
        "away": say("Your curve was {distance} away on average."),
        "awayOf": say("{series}: your curve was {distance} away on average."),
        "part": say("You drew {drawn} of {all} points."),
        "none": say("You drew nothing."),
        "noneOf": say("{series}: you drew nothing."),
    }
