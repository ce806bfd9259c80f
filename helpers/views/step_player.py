"""Step player: attention one decoding step at a time, as interactive HTML.

In here: `step_player`. Not in here: models; `helpers.probes.record_steps` makes what it shows.
"""

import numpy as np

from helpers.messages import say
from helpers.views.base import View, fill, html_table
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
    html = fill("step_player", data, _words(), table=_table(data))
    summary = say("{source} source tokens, {steps} steps", source=len(source), steps=len(target))
    return StepPlayer(html, summary)


def _table(data):
    notes = dict(data["glosses"])
    labels = [f"{token} {notes[token]}" if token in notes else token for token in data["target"]]
    caption = say("Attention weights: a row for each token written, a column for each source token")
    return html_table(caption, labels, data["source"], data["weights"])


def _words():
    """Return all that the script says, in the reader's language."""
    return {
        "stages": [say("scores"), say("weights"), say("context"), say("token")],
        "toStage": say("Stage {n}, {stage}"),
        "backStage": say("Back one stage"),
        "back": say("← Back"),
        "nextStage": say("Next stage"),
        "next": say("Next →"),
        "stepBefore": say("Previous step"),
        "before": say("↑ step"),
        "stepAfter": say("Next step"),
        "after": say("step ↓"),
        "slider": say("Decoding step"),
        "player": say("Attention, one decoding step at a time"),
        "said": say("Step {n}, {stage}: {sentence}"),
        "wordOf": say("“{word}” ({n} of {count})"),
        "scores": say(
            "the query fits {word} best, with a score of {score}. What share of the attention will "
            "that be?"
        ),
        "weights": say("{share} of the attention is on {word}."),
        "weightsTied": say("{share} of the attention is on each of {count} words."),
        "context": say("the values add up to one vector, {share} of it from {word}."),
        "contextTied": say(
            "{count} words flow in alike, {share} of each, and add up to one vector."
        ),
        "token": say("from its state and the context, the decoder writes {token}."),
        "tokenChance": say(
            "from its state and the context, the decoder writes {token}, to which it gave "
            "probability {chance}."
        ),
        "others": say("{count} others"),
        "inAll": say("{share} in all"),
        "query": say("query"),
        "queryFirst": say("the decoder’s state before it writes, compared with every word’s key"),
        "queryAfter": say("the decoder’s state after {token}, compared with every word’s key"),
        "wordScore": say("{word}: score {score}"),
        "wordWeight": say("{word}: score {score}, weight {weight}"),
        "contextName": say("context"),
        "contextIs": say("the weighted sum of the values"),
        "contextOf": say("context = one vector, the sum of the values of"),
        "tokenName": say("token"),
        "tokenIs": say("from state and context"),
        "written": say("written so far"),
        "stepOf": say("step {n} of {count}"),
        "countOf": say("{n} of {count}"),
        "score": say("score"),
        "weight": say("weight"),
        "value": say("value"),
        "barScore": say("bar:\nscore"),
        "barWeight": say("bar:\n0 to 1"),
    }
