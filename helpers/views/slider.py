"""Slider: numbers, computed beforehand, for each value of something that has a scale.

In here: the slider over bars or a matrix; where no script runs, two tables show the first and the
last value. Not in here: what computes the numbers.
"""

from collections.abc import Mapping

import numpy as np

from helpers.messages import later, say, show
from helpers.views.base import MAX_BYTES, View, fill, html_table
from helpers.views.inputs import array_in, tokens_in

MAX_VALUES = 64
MAX_BARS, MAX_CELLS = 24, 16  # columns that can be read as bars, and as a matrix


class Slider(View):
    """A view of numbers, as bars or as a matrix, under a slider."""


def slider(
    scale,
    frames,
    columns,
    rows=None,
    *,
    look="bars",
    label=None,
    axes=("", ""),
    title="",
    start=None,
    notes=None,
    shares=False,
) -> Slider:
    """Show how numbers change with something that has a scale: √d, temperature, depth, position.

    `frames` maps each value of `scale`, in order, to its numbers: one for each of `columns`, or one
    such list for each of `rows`. `look` is "bars", a panel for each row, or "matrix". `label` says
    what the numbers are (weights, if left out), `axes` names rows and columns, `start` is the value
    shown first, `notes` has a sentence for each value. `shares` insists that every row sums to one.

    Shapes: each frame (S,) or (T, S), for T rows and S columns, up to 24 columns of bars or 16 of a
    matrix; at most 30 kB in all.
    Raises TypeError for names that are no strings, ValueError for what does not fit together.
    First shown in notebook 00.
    """
    columns, rows = tokens_in("columns", columns), None if rows is None else tokens_in("rows", rows)
    _require_readable(look, len(columns))
    numbers = _read_frames(scale, frames, columns, rows, shares)  # (F, T, S)
    values = [_format_value(value) for value in frames]
    low, high = min(0.0, numbers.min()), max(0.0, numbers.max())
    if low == 0 and 0.5 < high <= 1:
        high = 1.0  # shares stand on their whole scale
    data = {
        "scale": show(str(scale)),
        "values": values,
        "columns": list(map(show, columns)),
        "rows": None if rows is None else list(map(show, rows)),
        "look": look,
        "label": say("weight") if label is None else show(label),
        "axes": list(map(show, axes)),
        "title": show(title),
        "start": 0 if start is None else _find_start(start, frames, scale),
        "notes": _read_notes(notes, values),
        "low": float(f"{low:.4g}"),
        "high": float(f"{high:.4g}"),
        "frames": [[[float(f"{x:.4g}") for x in row] for row in frame] for frame in numbers],
    }
    html = fill(
        "slider", data, _words(), tables="\n".join(_table(data, frame) for frame in (0, -1))
    )
    if (size := len(html.encode())) > MAX_BYTES:
        message = say(
            "The slider would take {size:,} bytes of the notebook, but {most:,} are enough for a "
            "view. Pass fewer values than {count}, or fewer rows or columns.",
            size=size,
            most=MAX_BYTES,
            count=len(values),
        )
        raise ValueError(message)
    summary = say(
        "{scale}: {count} values from {first} to {last}",
        scale=scale,
        count=len(values),
        first=values[0],
        last=values[-1],
    )
    return Slider(html, summary)


def _require_readable(look, columns):
    """Raise ValueError for an unknown look, or more columns than it has room for."""
    limit = {"bars": MAX_BARS, "matrix": MAX_CELLS}.get(look)
    if limit is None:
        message = say('look is {look!r}, but a slider shows "bars" or a "matrix".', look=look)
        raise ValueError(message)
    if columns > limit:
        message = say(
            "There are {columns} columns, but {most} at most can be read as {look}. Pass the "
            "largest few.",
            columns=columns,
            most=limit,
            look=look,
        )
        raise ValueError(message)


def _read_frames(scale, frames, columns, rows, shares):
    """Return all frames as one array (F, T, S)."""
    if not isinstance(frames, Mapping) or not 2 <= len(frames) <= MAX_VALUES:
        message = say(
            "A slider needs 2 to {most} values of {scale}, in order. Pass {{value: numbers, …}}.",
            most=MAX_VALUES,
            scale=scale,
        )
        raise ValueError(message)
    tables = []
    for value, given in frames.items():
        name = say("the frame of {scale} = {value}", scale=scale, value=_format_value(value))
        table = array_in(name, given)
        wanted = (len(columns),) if rows is None else (len(rows), len(columns))
        if table.shape != wanted:
            message = later("{name} has shape {given}, but {columns} columns need {wanted}.")
            if rows is not None:
                message = later(
                    "{name} has shape {given}, but {rows} rows of {columns} need {wanted}."
                )
            counts = {"columns": len(columns), "rows": len(rows or ())}
            raise ValueError(say(message, name=name, given=table.shape, wanted=wanted, **counts))
        table = table.reshape(-1, len(columns))  # (T, S)
        _require_numbers(name, table, shares)
        tables.append(table)
    return np.stack(tables)  # (F, T, S)


def _require_numbers(name, table, shares):
    """Raise ValueError for what is no number, or, if they are shares, does not sum to 1."""
    for t, s in np.argwhere(~np.isfinite(table)):
        message = say(
            "{name} holds {number} in row {t}, column {s}, but a slider shows numbers only. Look "
            "for a division by zero, or a mask that hides a whole row.",
            name=name,
            number=table[t, s],
            t=t,
            s=s,
        )
        raise ValueError(message)
    wrong = (np.abs(table.sum(axis=1) - 1) > 1e-3) | (table < 0).any(axis=1)
    for t in np.flatnonzero(wrong & shares):
        message = say(
            "{name} has a row {t} that sums to {total:.4g}, its smallest number {least:.4g}, but "
            "shares are 0 or more and sum to 1. Pass what comes out of the softmax, or leave "
            "shares=True away.",
            name=name,
            t=t,
            total=table[t].sum(),
            least=table[t].min(),
        )
        raise ValueError(message)


def _read_notes(notes, values):
    if notes is None:
        return None
    notes = tokens_in("notes", notes)
    if len(notes) != len(values):
        message = say(
            "notes has {given} sentences, but there are {needed} values. Pass one sentence for "
            "each.",
            given=len(notes),
            needed=len(values),
        )
        raise ValueError(message)
    return list(map(show, notes))


def _find_start(start, frames, scale):
    if start not in frames:
        message = say(
            "start is {start!r}, which is no value of {scale}: {known}.",
            start=start,
            scale=scale,
            known=list(frames),
        )
        raise ValueError(message)
    return list(frames).index(start)


def _format_value(value):
    return value if isinstance(value, str) else f"{value:,g}" if value < 1e6 else f"{value:.0e}"


def _table(data, frame):
    value = data["values"][frame]
    caption = say(
        "{label} at {scale} = {value}", label=data["label"], scale=data["scale"], value=value
    )
    if data["title"]:
        caption = f"{data['title']}: {caption}"
    return html_table(caption, data["rows"] or [""], data["columns"], data["frames"][frame])


def _words():
    """Return all that the script says, in the reader's language."""
    return {
        "back": say("{scale}: one value back"),
        "next": say("{scale}: next value"),
        "range": say("{label}, {low} to {high}"),
        "table": say("{label}, as a table"),
        "by": say("{label} by {scale}"),
        "framed": say("the largest number of each row is framed."),
        "allMost": say("most is “{column}”, {most}"),
        "allAlike": say("all {count} alike, {most}"),
        "rowMost": say("{row}: most is “{column}”, {most}"),
        "rowAlike": say("{row}: all {count} alike, {most}"),
        "how": say("Drag the slider, tap an arrow, or use the arrow keys."),
    }
