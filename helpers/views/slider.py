"""Sliders: pre-drawn numbers for each value of something that has a scale.

In here: the slider over bars or a matrix. Not in here: what computes the numbers, and the other
views (`step_player.py`, `hover_viewer.py`). Where no script runs, two tables show the first and the last value.
"""

from collections.abc import Mapping

import numpy as np

from helpers.language import later, say
from helpers.views.base import View, fill, html_table
from helpers.views.inputs import array_in, tokens_in

MAX_BYTES = 30_000
MAX_VALUES = 64
MAX_BARS, MAX_CELLS = 24, 16  # columns that can be read as bars, and as a matrix


class Slider(View):
    """Numbers under a slider."""


def slider(
    scale,
    frames,
    columns,
    rows=None,
    *,
    look="bars",
    label="weight",
    axes=("", ""),
    title="",
    start=None,
    notes=None,
    shares=False,
) -> Slider:
    """Show how numbers change with something that has a scale: √d, temperature, depth, position.

    `frames` maps each value of `scale`, in order, to its numbers: one for each of `columns`, or one
    such list for each of `rows`. `look` is "bars", a panel for each row, or "matrix". `label` says
    what the numbers are, `axes` names rows and columns, `start` is the value shown first, `notes`
    has a sentence for each value. `shares` insists that every row sums to one.

    Shapes: each frame (S,) or (T, S), for T rows and S columns, up to 24 columns of bars or 16 of a
    matrix; at most 30 kB in all.
    Raises TypeError for names that are no strings, ValueError for what does not fit together.
    First shown in notebook 00.
    """
    columns, rows = tokens_in("columns", columns), None if rows is None else tokens_in("rows", rows)
    _check_look(look, len(columns))
    numbers = _numbers(scale, frames, columns, rows, shares)  # (F, T, S)
    values = [_shown(value) for value in frames]
    low, high = min(0.0, numbers.min()), max(0.0, numbers.max())
    if low == 0 and 0.5 < high <= 1:
        high = 1.0  # shares stand on their whole scale
    data = {
        "scale": str(scale),
        "values": values,
        "columns": columns,
        "rows": rows,
        "look": look,
        "label": label,
        "axes": list(axes),
        "title": title,
        "start": 0 if start is None else _place(start, frames, scale),
        "notes": _notes(notes, values),
        "low": float(f"{low:.4g}"),
        "high": float(f"{high:.4g}"),
        "frames": [[[float(f"{x:.4g}") for x in row] for row in frame] for frame in numbers],
    }
    html = fill("slider", data, tables="\n".join(_table(data, frame) for frame in (0, -1)))
    if (size := len(html.encode())) > MAX_BYTES:
        told = say(
            "The slider would take {size:,} bytes of the notebook, but {most:,} are enough for a "
            "view. Pass fewer values than {count}, or fewer rows or columns.",
            size=size,
            most=MAX_BYTES,
            count=len(values),
        )
        raise ValueError(told)
    return Slider(html, f"{scale}: {len(values)} values from {values[0]} to {values[-1]}")


def _check_look(look, columns):
    most = {"bars": MAX_BARS, "matrix": MAX_CELLS}.get(look)
    if most is None:
        raise ValueError(
            say('look is {look!r}, but a slider shows "bars" or a "matrix".', look=look)
        )
    if columns > most:
        told = say(
            "There are {columns} columns, but {most} at most can be read as {look}. Pass the "
            "largest few.",
            columns=columns,
            most=most,
            look=look,
        )
        raise ValueError(told)


def _numbers(scale, frames, columns, rows, shares):
    if not isinstance(frames, Mapping) or not 2 <= len(frames) <= MAX_VALUES:
        told = say(
            "A slider needs 2 to {most} values of {scale}, in order. Pass {{value: numbers, …}}.",
            most=MAX_VALUES,
            scale=scale,
        )
        raise ValueError(told)
    tables = []
    for value, given in frames.items():
        name = say("the frame of {scale} = {value}", scale=scale, value=_shown(value))
        table = array_in(name, given)
        wanted = (len(columns),) if rows is None else (len(rows), len(columns))
        if table.shape != wanted:
            told = later("{name} has shape {given}, but {columns} columns need {wanted}.")
            if rows is not None:
                told = later(
                    "{name} has shape {given}, but {rows} rows of {columns} need {wanted}."
                )
            counts = {"columns": len(columns), "rows": len(rows or ())}
            raise ValueError(say(told, name=name, given=table.shape, wanted=wanted, **counts))
        table = table.reshape(-1, len(columns))  # (T, S)
        _check(name, table, shares)
        tables.append(table)
    return np.stack(tables)  # (F, T, S)


def _check(name, table, shares):
    for t, s in np.argwhere(~np.isfinite(table)):
        told = say(
            "{name} holds {number} in row {t}, column {s}, but a slider shows numbers only. Look "
            "for a division by zero, or a mask that hides a whole row.",
            name=name,
            number=table[t, s],
            t=t,
            s=s,
        )
        raise ValueError(told)
    wrong = (np.abs(table.sum(axis=1) - 1) > 1e-3) | (table < 0).any(axis=1)
    for t in np.flatnonzero(wrong & shares):
        told = say(
            "{name} has a row {t} that sums to {total:.4g}, its smallest number {least:.4g}, but "
            "shares are 0 or more and sum to 1. Pass what comes out of the softmax, or leave "
            "shares=True away.",
            name=name,
            t=t,
            total=table[t].sum(),
            least=table[t].min(),
        )
        raise ValueError(told)


def _notes(notes, values):
    if notes is None:
        return None
    notes = tokens_in("notes", notes)
    if len(notes) != len(values):
        told = say(
            "notes has {given} sentences, but there are {needed} values. Pass one sentence for "
            "each.",
            given=len(notes),
            needed=len(values),
        )
        raise ValueError(told)
    return notes


def _place(start, frames, scale):
    if start not in frames:
        told = say(
            "start is {start!r}, which is no value of {scale}: {known}.",
            start=start,
            scale=scale,
            known=list(frames),
        )
        raise ValueError(told)
    return list(frames).index(start)


def _shown(value):
    return value if isinstance(value, str) else f"{value:,g}" if value < 1e6 else f"{value:.0e}"


def _table(data, frame):
    caption = f"{data['title'] + ': ' if data['title'] else ''}{data['label']} at "
    caption += f"{data['scale']} = {data['values'][frame]}"
    return html_table(caption, data["rows"] or [""], data["columns"], data["frames"][frame])
