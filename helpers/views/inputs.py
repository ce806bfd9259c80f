"""Input of interactive views: read as lists and arrays, or refused with what to do instead.

In here: tokens, weights, scores, predictions. Not in here: the views.
"""

import numpy as np

from helpers.messages import say

MAX_TOKENS = 64  # on either side
MAX_HEADS = 16
MAX_PREDICTIONS = 5  # for each step


def tokens_in(name, given) -> list[str]:
    """Return `given` as a list of 1 to 64 strings; errors call it `name`."""
    tokens = list(given)
    if isinstance(given, str) or not all(isinstance(token, str) for token in tokens):
        message = say(
            "{name} is {given!r:.60}, but a viewer needs a list of strings, one for each token. "
            "Split the text, or decode ids into tokens first.",
            name=name,
            given=given,
        )
        raise TypeError(message)
    if not 1 <= len(tokens) <= MAX_TOKENS:
        message = say(
            "{name} has {count} tokens, but a viewer shows 1 to {most}. Pass a sentence of that "
            "length.",
            name=name,
            count=len(tokens),
            most=MAX_TOKENS,
        )
        raise ValueError(message)
    return [str(token) for token in tokens]


def array_in(name, given) -> np.ndarray:
    """Return `given` as an array of numbers; errors call it `name`."""
    if hasattr(given, "detach"):
        given = given.detach().cpu().double()
    try:
        return np.asarray(given, dtype=float)
    except (TypeError, ValueError, RuntimeError) as error:
        message = say(
            "{name} cannot be read as numbers ({error}), but a viewer needs them row by row. "
            "Pass a tensor, an array or a list of equally long rows.",
            name=name,
            error=error,
        )
        raise ValueError(message) from None


def heads_in(given, size) -> np.ndarray:
    """Return weights as (H, S, S), for `size` words; a single head gets its axis."""
    heads = array_in("weights", given)
    if heads.ndim != 3:
        heads = table_in("weights", heads, size, size)[None]  # (1, S, S)
    if heads.shape[1:] != (size, size) or not 1 <= len(heads) <= MAX_HEADS:
        message = say(
            "weights has shape {shape}, but {size} words need (H, S, S) = (H, {size}, {size}), "
            "with 1 to {most} heads. Pass one sentence of the batch, its padding cut off: "
            "weights[0, :, :n, :n].",
            shape=heads.shape,
            size=size,
            most=MAX_HEADS,
        )
        raise ValueError(message)
    for head, table in enumerate(heads):
        require_weights(table, f"weights[{head}]" if len(heads) > 1 else "weights")
    return heads


def table_in(name, given, rows, columns) -> np.ndarray:
    """Return `given` as a table (T, S), `rows` by `columns`; errors call it `name`."""
    table = array_in(name, given)
    if table.shape != (rows, columns):
        message = say(
            "{name} has shape {shape}, but {rows} target and {columns} source tokens need "
            "(T, S) = ({rows}, {columns}).",
            name=name,
            shape=table.shape,
            rows=rows,
            columns=columns,
        )
        hint = say("Pass one row for each target token and cut off the padding.")
        if table.shape == (columns, rows):
            hint = say("It looks transposed: pass {name}.T.", name=name)
        if table.ndim == 3 and table.shape[1:] == (rows, columns):
            hint = say("Pass one sentence of the batch: {name}[0].", name=name)
        raise ValueError(f"{message} {hint}")
    return table


def require_scores(scores) -> None:
    """Raise ValueError for a score that is neither a number nor -inf."""
    for t, s in np.argwhere(np.isnan(scores) | (scores == np.inf)):
        message = say(
            "scores[{t}, {s}] is {score}, but a score is a number, or -inf where masked. Look for "
            "a division by zero or a mask with the wrong sign.",
            t=t,
            s=s,
            score=scores[t, s],
        )
        raise ValueError(message)


def require_weights(weights, name="weights") -> None:
    """Raise ValueError for weights below 0, or rows that do not sum to 1."""
    for t, s in np.argwhere(~(weights >= 0)):
        message = say(
            "{name}[{t}, {s}] is {weight:.4g}, but a weight is a share, 0 or more. Pass what comes "
            "out of the softmax (nan there means that a mask hides a whole row).",
            name=name,
            t=t,
            s=s,
            weight=weights[t, s],
        )
        raise ValueError(message)
    for t in np.flatnonzero(np.abs(weights.sum(axis=1) - 1) > 1e-3):
        message = say(
            "{name}[{t}] sums to {total:.4g}, but the weights of a step sum to 1. Take the softmax "
            "over the source tokens: scores.softmax(dim=-1).",
            name=name,
            t=t,
            total=weights[t].sum(),
        )
        raise ValueError(message)


def predictions_in(given, steps) -> list[list[tuple]]:
    """Return `given` as a list for each step, of pairs (token, probability), the highest first."""
    try:
        lists = [[(token, float(chance)) for token, chance in pairs] for pairs in given]
        if len(lists) != steps:
            raise ValueError(say("it has {count} lists", count=len(lists)))
        for t, pairs in enumerate(lists):
            chances = [chance for _, chance in pairs]
            falling = chances == sorted(chances, reverse=True)
            if len(pairs) > MAX_PREDICTIONS or not falling or not all(0 <= p <= 1 for p in chances):
                message = say("list {t} has the probabilities {chances}", t=t, chances=chances)
                raise ValueError(message)
    except (TypeError, ValueError) as error:
        message = say(
            "predictions does not fit ({error}), but the player needs {steps} lists, one for each "
            "target token, of at most {most} pairs (token, probability), from 0 to 1, the highest "
            "first. Take them from probabilities.topk({most}).",
            error=error,
            steps=steps,
            most=MAX_PREDICTIONS,
        )
        raise ValueError(message) from None
    for t, pairs in enumerate(lists):
        tokens_in(f"predictions[{t}]", [token for token, _ in pairs] or ["none"])
    return [[(token, round(chance, 4)) for token, chance in pairs] for pairs in lists]
