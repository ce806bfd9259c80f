"""Interactive views: arrays and labels in, something that a notebook displays out.

In here: the step player, the hover viewer, and what all views share. Not in here: what they are
given (`view_inputs.py`), sliders (`sliders.py`), models, and figures that stand still
(`plots.py`). A view is one piece of HTML that loads nothing; where no script runs, a plain table
stands in its place.
"""

import hashlib
import json
import re
from html import escape
from pathlib import Path

import numpy as np

from helpers.language import say
from helpers.view_inputs import (
    check_scores,
    check_weights,
    heads_in,
    predictions_in,
    table_in,
    tokens_in,
)

FOLDER = Path(__file__).parent


class View:
    """Something that a notebook displays as interactive HTML."""

    def __init__(self, html: str, summary: str):
        self.html, self.summary = html, summary

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.summary})"


class StepPlayer(View):
    """One attended translation, step by step."""


class HoverViewer(View):
    """Sentences whose words say what they look at when one points at them."""


def step_player(source, target, scores, weights, *, glosses=None, predictions=None) -> StepPlayer:
    """Show attention one decoding step at a time, as scores, weights, context and token.

    Row t of `scores` (before the softmax, -inf where masked) and of `weights` (after it) belongs to
    the step that wrote token t of `target`. `glosses` maps a token to a short note beneath it;
    `predictions` has, for each step, up to 5 pairs (token, probability), the highest first.

    Shapes: scores (T, S), weights (T, S), for S source and T target tokens, 1 to 64 of each.
    Raises TypeError for tokens that are no strings, ValueError for what does not fit together.
    First shown in notebook 02.
    """
    source, target = tokens_in("source", source), tokens_in("target", target)
    scores = table_in("scores", scores, len(target), len(source))  # (T, S)
    weights = table_in("weights", weights, len(target), len(source))  # (T, S)
    check_scores(scores)
    check_weights(weights)
    data = {"source": source, "target": target, "weights": weights.round(4).tolist()}
    data["scores"] = np.where(np.isinf(scores), None, scores.round(3)).tolist()  # JSON has no inf
    data["glosses"] = [[token, str(note)] for token, note in (glosses or {}).items()]
    data["predictions"] = None if predictions is None else predictions_in(predictions, len(target))
    html = fill("step_player", data, rows=_player_rows(data))
    return StepPlayer(html, f"{len(source)} source tokens, {len(target)} steps")


def hover_viewer(pages, start=None) -> HoverViewer:
    """Show self-attention in sentences, head by head: point at a word, see what it looks at.

    `pages` maps the name of a sentence to a pair (words, weights); row t of the weights is what
    word t looks at. A switch turns the view round: who looks at the word? `start` is the number of
    the word that asks first, the last one unless given.

    Shapes: weights (S, S), or (H, S, S) for H heads, for S words; 1 to 64 words, 1 to 16 heads.
    Raises TypeError for words that are no strings, ValueError for no pages and for what does not
    fit together. First shown in notebook 05.
    """
    if not pages:
        raise ValueError(say("There are no pages to show. Pass {name: (words, weights)}."))
    data = []
    for name, (words, weights) in pages.items():
        words = tokens_in("words", words)
        heads = heads_in(weights, len(words))  # (H, S, S)
        first = len(words) - 1 if start is None else range(len(words))[start]
        page = {"name": str(name), "words": words, "heads": heads.round(4).tolist()}
        data.append(page | {"start": first})
    tables = "\n".join(map(_first_head, data))
    summary = ", ".join(f"{page['name']!r}: {len(page['words'])} words" for page in data)
    return HoverViewer(fill("hover_viewer", data, tables=tables), summary)


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
    return (
        f"<table><caption>{escape(caption)}</caption>\n{_rows(labels, columns, numbers)}\n</table>"
    )


def _player_rows(data):
    notes = dict(data["glosses"])
    labels = [f"{token} {notes[token]}" if token in notes else token for token in data["target"]]
    return _rows(labels, data["source"], data["weights"])


def _first_head(page):
    head = f", head 1 of {len(page['heads'])}" if len(page["heads"]) > 1 else ""
    caption = f"{page['name']}{head}: row by row, who looks at whom"
    return html_table(caption, page["words"], page["words"], page["heads"][0])


def _rows(labels, columns, numbers):
    heads = "".join(f"<th>{escape(column)}</th>" for column in columns)
    rows = [f"<tr><th></th>{heads}</tr>"]
    for label, shares in zip(labels, numbers, strict=True):
        cells = "".join(f"<td>{share:.2f}</td>" for share in shares)
        rows.append(f"<tr><th>{escape(label)}</th>{cells}</tr>")
    return "\n".join(rows)
