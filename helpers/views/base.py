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


class View:
    """A view: a notebook displays it as HTML, and plain text shows its `summary`."""

    def __init__(self, html: str, summary: str):
        self.html, self.summary = html, summary

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.summary})"


def fill(template, data, **parts) -> str:
    """Return the HTML of a view: `<template>.html` with each {{name}} replaced.

    The names are `data` (as JSON, safe inside a script), `id` (made from the data: same data, same
    HTML), `theme` and `tools` (view.css and view.js), and those of `parts`.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    parts["id"] = f"{template.replace('_', '-')}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    parts["data"] = re.sub("[<>&]", lambda match: f"\\u{ord(match[0]):04x}", text)
    parts |= {"theme": _read("view.css"), "tools": _read("view.js")}
    return re.sub(r"{{(\w+)}}", lambda match: parts[match[1]], _read(f"{template}.html"))


def _read(name):
    return (FOLDER / name).read_text(encoding="utf-8").rstrip("\n")


def html_table(caption, labels, columns, numbers) -> str:
    """Return a table as HTML, for where no script runs."""
    rows = table_rows(labels, columns, numbers)
    return f"<table><caption>{escape(caption)}</caption>\n{rows}\n</table>"


def table_rows(labels, columns, numbers) -> str:
    """Return the rows of such a table: the columns' names, then a label and numbers (T, S)."""
    heads = "".join(f"<th>{escape(column)}</th>" for column in columns)
    rows = [f"<tr><th></th>{heads}</tr>"]
    for label, row in zip(labels, numbers, strict=True):
        cells = "".join(f"<td>{number:.2f}</td>" for number in row)
        rows.append(f"<tr><th>{escape(label)}</th>{cells}</tr>")
    return "\n".join(rows)
