"""Step player: attention one decoding step at a time, as interactive HTML.

In here: `step_player`. Not in here: models; `helpers.probes.record_steps` makes what it shows.
"""

import numpy as np

from helpers.views.base import View, fill, table_rows
from helpers.views.inputs import (
    predictions_in,
    require_scores,
    require_weights,
    table_in,
    tokens_in,
)


class StepPlayer(View):
    """A view of one translation, step by step."""


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
    require_scores(scores)
    require_weights(weights)
    data = {"source": source, "target": target, "weights": weights.round(4).tolist()}
    data["scores"] = np.where(np.isinf(scores), None, scores.round(3)).tolist()  # JSON has no inf
    data["glosses"] = [[token, str(note)] for token, note in (glosses or {}).items()]
    data["predictions"] = None if predictions is None else predictions_in(predictions, len(target))
    html = fill("step_player", data, rows=_rows(data))
    return StepPlayer(html, f"{len(source)} source tokens, {len(target)} steps")


def _rows(data):
    notes = dict(data["glosses"])
    labels = [f"{token} {notes[token]}" if token in notes else token for token in data["target"]]
    return table_rows(labels, data["source"], data["weights"])
