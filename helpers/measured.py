"""Measured sentences: what a claim's cell shows, a sentence that can be read alone, or a table.

The sentence is a template, looked up in the catalogue of the reader's language, and the values are
filled in. In here: sentence and table. Not in here: what is measured, figures.
"""

import re
from collections.abc import Mapping, Sequence

from helpers.messages import note_shown, say, show


class Measured(str):
    """A sentence or a table with measured values: text in one line, Markdown in a notebook."""

    markdown: str

    def __new__(cls, text: str, markdown: str):
        """Return the text, and keep the Markdown beside it."""
        made = super().__new__(cls, text)
        made.markdown = markdown
        return made

    def __repr__(self) -> str:
        return str(self)

    def _repr_markdown_(self) -> str:
        return self.markdown


def measured(sentence: str, **values) -> Measured:
    """Return a measured sentence in the reader's language, its named values filled in.

    Words among the values are looked up too. Raises ValueError for a sentence without values, and
    KeyError for a field without one.
    """
    if not values:
        message = say(
            "measured got a sentence without values. Pass what was measured by name, as in "
            "measured('{share:.0%} of the answers are correct.', share=0.97)."
        )
        raise ValueError(message)
    note_shown(sentence)
    told = say(sentence, **{k: show(v) if isinstance(v, str) else v for k, v in values.items()})
    told = re.sub(r"(?<!\w)-(?=\d)", "−", told)
    return Measured(told, f"> {told}")


def measured_table(rows: Mapping[str, Sequence], columns: Sequence[str], corner="") -> Measured:
    """Return measured values as a small table: a name and its values in each row.

    Values are texts or whole numbers, rounded as they are to be read. Raises ValueError if a row
    has not one value for each column.
    """
    for name, values in rows.items():
        if len(values) != len(columns):
            message = say(
                "The row {name!r} has {given} values, but there are {needed} columns. Give each "
                "column one value.",
                name=name,
                given=len(values),
                needed=len(columns),
            )
            raise ValueError(message)
    head = [show(text) if text else "" for text in (corner, *columns)]
    body = [[show(name), *(show(v) if isinstance(v, str) else f"{v:,}" for v in values)]
            for name, values in rows.items()]  # fmt: skip
    lines = ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *body)]
    told = "; ".join(
        f"{row[0]}: " + ", ".join(f"{c} {v}" for c, v in zip(head[1:], row[1:], strict=True))
        for row in body
    )
    return Measured(told, "\n".join(lines))
