"""Input checks for functions that are taught, so that their bodies stay as they are taught.

`checked` puts a check before a function; each `require_*` raises TypeError or ValueError in one
sentence: what was given, what is needed, what to do. In here: checks of what attention, positions
and probes are given. Not in here: the functions themselves.
"""

import functools
import inspect

import torch

from helpers.messages import say


def checked(function, check):
    """Return `function` with `check` called first, on those of its arguments that `check` names."""
    signature, wanted = inspect.signature(function), inspect.signature(check).parameters

    @functools.wraps(function)
    def checks_first(*args, **kwargs):
        try:
            given = signature.bind(*args, **kwargs)
        except TypeError:
            return function(*args, **kwargs)  # which names itself in the error
        given.apply_defaults()
        check(**{name: given.arguments[name] for name in wanted})
        return function(*args, **kwargs)

    return checks_first


def require_attention_inputs(query, key, value, mask=None):
    """Say clearly what is wrong with the tensors handed to attention, if anything is.

    Shapes: query (B, T, E), key (B, S, E), value (B, S, any width), mask -> (B, T, S).
    Raises TypeError for what is not a tensor or not a boolean mask, ValueError for axes that do
    not fit together and for a mask that hides every key from some query.
    """
    for name, tensor in (("query", query), ("key", key), ("value", value)):
        if not isinstance(tensor, torch.Tensor):
            told = say(
                "{name} is a {given}, but attention needs a torch.Tensor. Convert it first: "
                "torch.tensor({name}).",
                name=name,
                given=type(tensor).__name__,
            )
            raise TypeError(told)
        if tensor.ndim < 2:
            told = say(
                "{name} has shape {shape}, but attention needs (..., positions, width). Add the "
                "missing axis: {name}[None].",
                name=name,
                shape=tuple(tensor.shape),
            )
            raise ValueError(told)
    if query.shape[-1] != key.shape[-1]:
        told = say(
            "query has width {asking} and key has width {asked}, but a score compares vectors of "
            "one width. Project one of them, or check the order of the axes: query is {query}, key "
            "is {key}.",
            asking=query.shape[-1],
            asked=key.shape[-1],
            query=tuple(query.shape),
            key=tuple(key.shape),
        )
        raise ValueError(told)
    if key.shape[:-1] != value.shape[:-1]:
        told = say(
            "key is {key} and value is {value}, but each key needs its own value: all axes but the "
            "last must agree. Pass one value for each key.",
            key=tuple(key.shape),
            value=tuple(value.shape),
        )
        raise ValueError(told)
    if mask is not None:
        require_mask(mask, (*query.shape[:-1], key.shape[-2]))


def require_mask(mask, shape):
    """Say clearly what is wrong with an attention mask, if anything is.

    Shapes: mask, boolean, broadcasts to `shape`, which is (B, T, S).
    Raises TypeError for a mask that is not boolean, ValueError for one that does not broadcast to
    `shape` or that hides every key from some query.
    """
    if not isinstance(mask, torch.Tensor) or mask.dtype != torch.bool:
        given = mask.dtype if isinstance(mask, torch.Tensor) else type(mask).__name__
        told = say(
            "mask is {given}, but attention needs a boolean tensor, True where a query may "
            "attend. Compare to make one, for example tokens != PAD.",
            given=given,
        )
        raise TypeError(told)
    if not _broadcasts(mask.shape, shape):
        told = say(
            "mask has shape {given}, but the scores are {wanted}: (B, T, S). Give the mask the "
            "missing axes, for example mask[:, None, :] to show every query the same keys.",
            given=tuple(mask.shape),
            wanted=tuple(shape),
        )
        raise ValueError(told)
    if not _all_see_a_key(mask):
        told = say(
            "mask hides every key from some query, and a softmax over nothing has no answer. "
            "Leave each query at least one True key, or check whether True and False are swapped."
        )
        raise ValueError(told)


def _broadcasts(shape, wanted):
    """Tell whether a tensor of one shape broadcasts to the other, sooner than torch can tell it."""
    pairs = zip(reversed(shape), reversed(wanted), strict=False)
    return len(shape) <= len(wanted) and all(size in (1, axis) for size, axis in pairs)


def _all_see_a_key(mask):
    """Tell whether each query sees a key; mostly all of them see the first, which is soon told."""
    has_first = mask.ndim and mask.shape[-1]
    return bool((has_first and mask.select(-1, 0).all()) or mask.any(dim=-1).all())


def require_heads_share_width(d_model, n_heads):
    """Raise ValueError for a width that the heads cannot share evenly."""
    if d_model % n_heads:
        told = say(
            "{n_heads} heads cannot share a width of {d_model} evenly. Choose a number that "
            "divides it.",
            n_heads=n_heads,
            d_model=d_model,
        )
        raise ValueError(told)


def require_last_positions(n_queries, n_keys=None):
    """Say clearly that the last `n_queries` of `n_keys` positions do not exist, if they do not.

    Raises ValueError for more queries than keys.
    """
    n_keys = n_queries if n_keys is None else n_keys
    if n_queries > n_keys:
        told = say(
            "{n_queries} queries cannot be the last of {n_keys} positions. Give n_keys at least as "
            "many as n_queries.",
            n_queries=n_queries,
            n_keys=n_keys,
        )
        raise ValueError(told)


def require_even_width(width):
    """Raise ValueError for a width that does not fall into pairs of numbers."""
    if width % 2:
        told = say(
            "The width is {width}, but sine and cosine need pairs of numbers. Choose an even one.",
            width=width,
        )
        raise ValueError(told)


def require_probe_inputs(features, labels):
    """Raise ValueError unless there is one label for each row of features, and at least 4 rows.

    Shapes: features (N, E), labels (N).
    """
    if len(features) != len(labels) or len(features) < 4:
        told = say(
            "The probe was given {rows} rows and {labels} labels, but it needs one label for each "
            "row, and at least 4. Pass features (N, E) and labels (N).",
            rows=len(features),
            labels=len(labels),
        )
        raise ValueError(told)
