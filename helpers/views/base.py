"""Interactive views, what they share: the class, the HTML template, the plain table.

A view is one piece of HTML that loads nothing from outside; where no script runs, its table is
shown. In here: `View`, `fill`, `html_table`. Not in here: any view, reading their input
(`inputs.py`).
"""

import hashlib
import json
import re
from html import escape
from pathlib import Path

FOLDER = Path(__file__).parent
MAX_BYTES = 30_000  # of a view whose data could be large


class View:
    """A view: a notebook displays it as HTML, and plain text shows its `summary`."""

    def __init__(self, html: str, summary: str):
        self.html, self.summary = html, summary

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.summary})"


def fill(template, data, words=None, **parts) -> str:
    """Return the HTML of a view: `<template>.html` with each {{name}} replaced.

    The names are `data` and `words` (as JSON, safe inside a script), `id` (made from both: same
    data, same HTML), `theme` and `tools` (view.css and view.js), and those of `parts`. `words` has
    all that the script says, by `say`, so that a template holds no language of its own.
    """
    data, words = _to_json(data), _to_json(words or {})
    digest = hashlib.sha256(f"{data}{words}".encode()).hexdigest()[:12]
    parts |= {"id": f"{template.replace('_', '-')}-{digest}", "data": data, "words": words}
    parts |= {"theme": _read("view.css"), "tools": _read("view.js")}
    return re.sub(r"{{(\w+)}}", lambda match: parts[match[1]], _read(f"{template}.html"))


def _to_json(data):
    """Return data as JSON that ends no script."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return re.sub("[<>&]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _read(name):
    """Return a file of this folder without indentation and comments, which no notebook needs."""
    text = (FOLDER / name).read_text(encoding="utf-8").rstrip("\n")
    return re.sub("^ +|  // .*$", "", text, flags=re.M)


def html_table(caption, labels, columns, numbers, digits=2) -> str:
    """Return a table as HTML, for where no script runs: names of columns, then rows of numbers.

    Shapes: numbers (T, S), for T labels and S columns; each is shown with `digits` decimals.
    """
    heads = "".join(f"<th>{escape(column)}</th>" for column in columns)
    rows = [f"<caption>{escape(caption)}</caption>", f"<tr><th></th>{heads}</tr>"]
    for label, row in zip(labels, numbers, strict=True):
        cells = "".join(f"<td>{number:.{digits}f}</td>" for number in row)
        rows.append(f"<tr><th>{escape(label)}</th>{cells}</tr>")
    return "<table>" + "\n".join(rows) + "\n</table>"
