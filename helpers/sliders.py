"""Sliders: pre-drawn numbers for each value of something that has a scale.

In here: the slider over bars or a matrix. Not in here: what computes the numbers, and the other
views (`viewers.py`). Where no script runs, two tables show the first and the last value.
"""

from collections.abc import Mapping

import numpy as np

from helpers.viewers import View, array_in, fill, html_table, tokens_in

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
        raise ValueError(
            f"The slider would take {size:,} bytes of the notebook, but {MAX_BYTES:,} are enough "
            f"for a view. Pass fewer values than {len(values)}, or fewer rows or columns."
        )
    return Slider(html, f"{scale}: {len(values)} values from {values[0]} to {values[-1]}")


def _check_look(look, columns):
    most = {"bars": MAX_BARS, "matrix": MAX_CELLS}.get(look)
    if most is None:
        raise ValueError(f'look is {look!r}, but a slider shows "bars" or a "matrix".')
    if columns > most:
        raise ValueError(
            f"There are {columns} columns, but {most} at most can be read as {look}. "
            "Pass the largest few."
        )


def _numbers(scale, frames, columns, rows, shares):
    if not isinstance(frames, Mapping) or not 2 <= len(frames) <= MAX_VALUES:
        raise ValueError(
            f"A slider needs 2 to {MAX_VALUES} values of {scale}, in order. "
            "Pass {value: numbers, …}."
        )
    tables = []
    for value, given in frames.items():
        name = f"the frame of {scale} = {_shown(value)}"
        table = array_in(name, given)
        wanted = (len(columns),) if rows is None else (len(rows), len(columns))
        if table.shape != wanted:
            raise ValueError(
                f"{name} has shape {table.shape}, but {len(columns)} columns"
                f"{'' if rows is None else f' and {len(rows)} rows'} need {wanted}."
            )
        table = table.reshape(-1, len(columns))  # (T, S)
        _check(name, table, shares)
        tables.append(table)
    return np.stack(tables)  # (F, T, S)


def _check(name, table, shares):
    for t, s in np.argwhere(~np.isfinite(table)):
        raise ValueError(
            f"{name} holds {table[t, s]} in row {t}, column {s}, but a slider shows numbers only. "
            "Look for a division by zero, or a mask that hides a whole row."
        )
    wrong = (np.abs(table.sum(axis=1) - 1) > 1e-3) | (table < 0).any(axis=1)
    for t in np.flatnonzero(wrong & shares):
        raise ValueError(
            f"{name} has a row {t} that sums to {table[t].sum():.4g}, its smallest number "
            f"{table[t].min():.4g}, but shares are 0 or more and sum to 1. Pass what comes out of "
            "the softmax, or leave shares=True away."
        )


def _notes(notes, values):
    if notes is None:
        return None
    notes = tokens_in("notes", notes)
    if len(notes) != len(values):
        raise ValueError(
            f"notes has {len(notes)} sentences, but there are {len(values)} values. "
            "Pass one sentence for each."
        )
    return notes


def _place(start, frames, scale):
    if start not in frames:
        raise ValueError(f"start is {start!r}, which is no value of {scale}: {list(frames)}.")
    return list(frames).index(start)


def _shown(value):
    return value if isinstance(value, str) else f"{value:,g}" if value < 1e6 else f"{value:.0e}"


def _table(data, frame):
    caption = f"{data['title'] + ': ' if data['title'] else ''}{data['label']} at "
    caption += f"{data['scale']} = {data['values'][frame]}"
    return html_table(caption, data["rows"] or [""], data["columns"], data["frames"][frame])
