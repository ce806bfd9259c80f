"""Interactive views: arrays and labels in, something that a notebook displays out.

In here: the step player, the hover viewer, and what all views share. Not in here: sliders
(`sliders.py`), models, and figures that stand still (`plots.py`). A view is one piece of HTML that
loads nothing; where no script runs, a plain table stands in its place.
"""

import hashlib
import json
import re
from html import escape
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent
MAX_TOKENS = 64  # on either side
MAX_HEADS = 16
MAX_PREDICTIONS = 5  # for each step


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
    scores = _table("scores", scores, len(target), len(source))  # (T, S)
    weights = _table("weights", weights, len(target), len(source))  # (T, S)
    _check_scores(scores)
    _check_weights(weights)
    data = {"source": source, "target": target, "weights": weights.round(4).tolist()}
    data["scores"] = np.where(np.isinf(scores), None, scores.round(3)).tolist()  # JSON has no inf
    data["glosses"] = [[token, str(note)] for token, note in (glosses or {}).items()]
    data["predictions"] = None if predictions is None else _predictions(predictions, len(target))
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
        raise ValueError("There are no pages to show. Pass {name: (words, weights)}.")
    data = []
    for name, (words, weights) in pages.items():
        words = tokens_in("words", words)
        heads = _heads(weights, len(words))  # (H, S, S)
        first = len(words) - 1 if start is None else range(len(words))[start]
        page = {"name": str(name), "words": words, "heads": heads.round(4).tolist()}
        data.append(page | {"start": first})
    tables = "\n".join(map(_first_head, data))
    summary = ", ".join(f"{page['name']!r}: {len(page['words'])} words" for page in data)
    return HoverViewer(fill("hover_viewer", data, tables=tables), summary)


def tokens_in(name, given) -> list[str]:
    """Return `given` as 1 to 64 strings; `name` says in an error what it is."""
    tokens = list(given)
    if isinstance(given, str) or not all(isinstance(token, str) for token in tokens):
        raise TypeError(
            f"{name} is {given!r:.60}, but a viewer needs a list of strings, one for each token. "
            "Split the text, or decode ids into tokens first."
        )
    if not 1 <= len(tokens) <= MAX_TOKENS:
        raise ValueError(
            f"{name} has {len(tokens)} tokens, but a viewer shows 1 to {MAX_TOKENS}. "
            "Pass a sentence of that length."
        )
    return [str(token) for token in tokens]


def array_in(name, given) -> np.ndarray:
    """Return `given` as an array of numbers; `name` says in an error what it is."""
    if hasattr(given, "detach"):
        given = given.detach().cpu().double()
    try:
        return np.asarray(given, dtype=float)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(
            f"{name} cannot be read as numbers ({error}), but a viewer needs them row by row. "
            "Pass a tensor, an array or a list of equally long rows."
        ) from None


def _heads(given, size):
    heads = array_in("weights", given)
    if heads.ndim != 3:
        heads = _table("weights", heads, size, size)[None]  # (1, S, S)
    if heads.shape[1:] != (size, size) or not 1 <= len(heads) <= MAX_HEADS:
        raise ValueError(
            f"weights has shape {heads.shape}, but {size} words need (H, S, S) = "
            f"(H, {size}, {size}), with 1 to {MAX_HEADS} heads. "
            "Pass one sentence of the batch, its padding cut off: weights[0, :, :n, :n]."
        )
    for head, table in enumerate(heads):
        _check_weights(table, f"weights[{head}]" if len(heads) > 1 else "weights")
    return heads


def _table(name, given, rows, columns):
    table = array_in(name, given)
    if table.shape != (rows, columns):
        hint = "Pass one row for each target token and cut off the padding."
        if table.shape == (columns, rows):
            hint = f"It looks transposed: pass {name}.T."
        if table.ndim == 3 and table.shape[1:] == (rows, columns):
            hint = f"Pass one sentence of the batch: {name}[0]."
        raise ValueError(
            f"{name} has shape {table.shape}, but {rows} target and {columns} source tokens need "
            f"(T, S) = ({rows}, {columns}). {hint}"
        )
    return table


def _check_scores(scores):
    for t, s in np.argwhere(np.isnan(scores) | (scores == np.inf)):
        raise ValueError(
            f"scores[{t}, {s}] is {scores[t, s]}, but a score is a number, or -inf where masked. "
            "Look for a division by zero or a mask with the wrong sign."
        )


def _check_weights(weights, name="weights"):
    for t, s in np.argwhere(~(weights >= 0)):
        raise ValueError(
            f"{name}[{t}, {s}] is {weights[t, s]:.4g}, but a weight is a share, 0 or more. Pass "
            "what comes out of the softmax (nan there means that a mask hides a whole row)."
        )
    for t in np.flatnonzero(np.abs(weights.sum(axis=1) - 1) > 1e-3):
        raise ValueError(
            f"{name}[{t}] sums to {weights[t].sum():.4g}, but the weights of a step sum to 1. "
            "Take the softmax over the source tokens: scores.softmax(dim=-1)."
        )


def _predictions(given, steps):
    try:
        lists = [[(token, float(chance)) for token, chance in pairs] for pairs in given]
        if len(lists) != steps:
            raise ValueError(f"it has {len(lists)} lists")
        for t, pairs in enumerate(lists):
            chances = [chance for _, chance in pairs]
            falling = chances == sorted(chances, reverse=True)
            if len(pairs) > MAX_PREDICTIONS or not falling or not all(0 <= p <= 1 for p in chances):
                raise ValueError(f"list {t} has the probabilities {chances}")
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"predictions does not fit ({error}), but the player needs {steps} lists, one for each "
            f"target token, of at most {MAX_PREDICTIONS} pairs (token, probability), from 0 to 1, "
            f"the highest first. Take them from probabilities.topk({MAX_PREDICTIONS})."
        ) from None
    for t, pairs in enumerate(lists):
        tokens_in(f"predictions[{t}]", [token for token, _ in pairs] or ["none"])
    return [[(token, round(chance, 4)) for token, chance in pairs] for pairs in lists]


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
