"""Interactive views: arrays and labels in, something that a notebook displays out.

In here: the step player. Not in here: models, and figures that stand still (`plots.py`). A view is
one piece of HTML that loads nothing; where no script runs, a plain table stands in its place.
"""

import hashlib
import json
import re
from html import escape
from pathlib import Path

import numpy as np

TEMPLATE = Path(__file__).with_name("step_player.html")
MAX_TOKENS = 64  # on either side
MAX_PREDICTIONS = 5  # for each step


class StepPlayer:
    """One attended translation, which a notebook displays as interactive HTML."""

    def __init__(self, html: str, summary: str):
        self.html, self.summary = html, summary

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"StepPlayer({self.summary})"


def step_player(source, target, scores, weights, *, glosses=None, predictions=None) -> StepPlayer:
    """Show attention one decoding step at a time, as scores, weights, context and token.

    Row t of `scores` (before the softmax, -inf where masked) and of `weights` (after it) belongs to
    the step that wrote token t of `target`. `glosses` maps a token to a short note beneath it;
    `predictions` has, for each step, up to 5 pairs (token, probability), the highest first.

    Shapes: scores (T, S), weights (T, S), for S source and T target tokens, 1 to 64 of each.
    Raises TypeError for tokens that are no strings, ValueError for what does not fit together.
    First shown in notebook 02.
    """
    source, target = _tokens("source", source), _tokens("target", target)
    scores = _table("scores", scores, len(target), len(source))  # (T, S)
    weights = _table("weights", weights, len(target), len(source))  # (T, S)
    _check_numbers(scores, weights)
    data = {"source": source, "target": target, "weights": weights.round(4).tolist()}
    data["scores"] = np.where(np.isinf(scores), None, scores.round(3)).tolist()  # JSON has no inf
    data["glosses"] = [[token, str(note)] for token, note in (glosses or {}).items()]
    data["predictions"] = None if predictions is None else _predictions(predictions, len(target))
    return StepPlayer(_fill(data), f"{len(source)} source tokens, {len(target)} steps")


def _tokens(name, given):
    tokens = list(given)
    if isinstance(given, str) or not all(isinstance(token, str) for token in tokens):
        raise TypeError(
            f"{name} is {given!r:.60}, but the player needs a list of strings, one for each token. "
            "Split the text, or decode ids into tokens first."
        )
    if not 1 <= len(tokens) <= MAX_TOKENS:
        raise ValueError(
            f"{name} has {len(tokens)} tokens, but the player shows 1 to {MAX_TOKENS}. "
            "Pass a sentence of that length."
        )
    return [str(token) for token in tokens]


def _table(name, given, rows, columns):
    if hasattr(given, "detach"):
        given = given.detach().cpu().double()
    try:
        table = np.asarray(given, dtype=float)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(
            f"{name} cannot be read as numbers ({error}), but the player needs {rows} rows of "
            f"{columns}. Pass a tensor, an array or a list of equally long rows."
        ) from None
    if table.shape != (rows, columns):
        hint = "Pass one row for each target token and cut off the padding."
        if table.shape == (columns, rows):
            hint = f"It looks transposed: pass {name}.T."
        if table.shape[1:] == (rows, columns):
            hint = f"Pass one sentence of the batch: {name}[0]."
        raise ValueError(
            f"{name} has shape {table.shape}, but {rows} target and {columns} source tokens need "
            f"(T, S) = ({rows}, {columns}). {hint}"
        )
    return table


def _check_numbers(scores, weights):
    for t, s in np.argwhere(np.isnan(scores) | (scores == np.inf)):
        raise ValueError(
            f"scores[{t}, {s}] is {scores[t, s]}, but a score is a number, or -inf where masked. "
            "Look for a division by zero or a mask with the wrong sign."
        )
    for t, s in np.argwhere(~(weights >= 0)):
        raise ValueError(
            f"weights[{t}, {s}] is {weights[t, s]:.4g}, but a weight is a share, 0 or more. Pass "
            "what comes out of the softmax (nan there means that a mask hides a whole row)."
        )
    for t in np.flatnonzero(np.abs(weights.sum(axis=1) - 1) > 1e-3):
        raise ValueError(
            f"weights[{t}] sums to {weights[t].sum():.4g}, but the weights of a step sum to 1. "
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
        _tokens(f"predictions[{t}]", [token for token, _ in pairs] or ["none"])
    return [[(token, round(chance, 4)) for token, chance in pairs] for pairs in lists]


def _fill(data):
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    parts = {
        "id": "step-player-" + hashlib.sha256(text.encode()).hexdigest()[:12],
        "rows": _html_rows(data),
        "data": re.sub("[<>&]", lambda sign: f"\\u{ord(sign[0]):04x}", text),
    }
    return re.sub(r"{{(\w+)}}", lambda name: parts[name[1]], TEMPLATE.read_text(encoding="utf-8"))


def _html_rows(data):
    notes = dict(data["glosses"])
    heads = "".join(f"<th>{escape(token)}</th>" for token in data["source"])
    rows = [f"<tr><th></th>{heads}</tr>"]
    for token, weights in zip(data["target"], data["weights"], strict=True):
        label = escape(f"{token} {notes[token]}" if token in notes else token)
        cells = "".join(f"<td>{weight:.2f}</td>" for weight in weights)
        rows.append(f"<tr><th>{label}</th>{cells}</tr>")
    return "\n".join(rows)
