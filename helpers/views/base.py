"""What every interactive view is made of: a piece of HTML that loads nothing, and a plain table.

In here: the class of views, filling a template, tables. Not in here: any view, and what views are
given (`inputs.py`).
"""

import hashlib
import json
import re
from html import escape
from pathlib import Path

FOLDER = Path(__file__).parent


class View:
    """Something that a notebook displays as interactive HTML."""

    def __init__(self, html: str, summary: str):
        self.html, self.summary = html, summary

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.summary})"


def fill(template, data, **parts) -> str:
    """Return the HTML of a view: its template with the data, an id made from them, and `parts`."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    parts["id"] = f"{template.replace('_', '-')}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    parts["data"] = re.sub("[<>&]", lambda sign: f"\\u{ord(sign[0]):04x}", text)
    parts |= {"theme": _file("view.css"), "tools": _file("view.js")}
    return re.sub(r"{{(\w+)}}", lambda name: parts[name[1]], _file(f"{template}.html"))


def _file(name):
    return (FOLDER / name).read_text(encoding="utf-8").rstrip("\n")


def html_table(caption, labels, columns, numbers) -> str:
    """Return a plain table, for where no script runs."""
    return f"<table><caption>{escape(caption)}</caption>\n{table_rows(labels, columns, numbers)}\n</table>"


def table_rows(labels, columns, numbers):
    heads = "".join(f"<th>{escape(column)}</th>" for column in columns)
    rows = [f"<tr><th></th>{heads}</tr>"]
    for label, shares in zip(labels, numbers, strict=True):
        cells = "".join(f"<td>{share:.2f}</td>" for share in shares)
        rows.append(f"<tr><th>{escape(label)}</th>{cells}</tr>")
    return "\n".join(rows)
