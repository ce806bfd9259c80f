"""Attention in its final form: four ways to score, and the one step that they share.

Shapes use the course's axis letters: B batch, T query positions, S key positions, E width.
In here: functions of tensors. Not in here: recurrent networks, positions, multiple heads.
"""

import math

import torch
from torch import nn


def dot_scores(query, key):
    """Score each query against each key by their dot product.

    Shapes: query (B, T, E), key (B, S, E) -> scores (B, T, S).
    Source: Luong et al. 2015, section 3.1, "dot". Taught in notebook 02.
    """
    return query @ key.mT  # (B, T, S)


def scaled_dot_scores(query, key):
    """Score each query against each key by their dot product divided by √E.

    Shapes: query (B, T, E), key (B, S, E) -> scores (B, T, S).
    Source: Vaswani et al. 2017, equation 1. Taught in notebook 02.
    """
    return query @ key.mT / math.sqrt(query.shape[-1])  # (B, T, S)


class GeneralScores(nn.Module):
    """Score each query against each key by a dot product with a learned matrix between them.

    Shapes: query (B, T, E), key (B, S, E) -> scores (B, T, S).
    Source: Luong et al. 2015, section 3.1, "general". Taught in notebook 02.
    """

    def __init__(self, width):
        super().__init__()
        self.between = nn.Linear(width, width, bias=False)

    def forward(self, query, key):
        return self.between(query) @ key.mT  # (B, T, S)


class AdditiveScores(nn.Module):
    """Score each query against each key by a small network with one hidden layer.

    Shapes: query (B, T, E), key (B, S, E) -> scores (B, T, S).
    Source: Bahdanau et al. 2015, appendix A.1.2. Taught in notebook 02.
    """

    def __init__(self, width):
        super().__init__()
        self.from_query = nn.Linear(width, width, bias=False)
        self.from_key = nn.Linear(width, width, bias=False)
        self.to_score = nn.Linear(width, 1, bias=False)

    def forward(self, query, key):
        pairs = self.from_query(query)[:, :, None] + self.from_key(key)[:, None]  # (B, T, S, E)
        return self.to_score(torch.tanh(pairs)).squeeze(-1)  # (B, T, S)


def attend(query, key, value, mask=None, score=dot_scores):
    """Blend the values, each query weighting them by the softmax of its scores against the keys.

    Shapes: query (B, T, E), key (B, S, E), value (B, S, E); mask, boolean and True where a query
    may attend, of any shape that broadcasts to (B, T, S); -> context (B, T, E), weights (B, T, S).
    Raises what `check_attention_inputs` raises. Source: Luong et al. 2015. Taught in notebook 02.
    """
    check_attention_inputs(query, key, value, mask)
    scores = score(query, key)  # (B, T, S)
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)  # (B, T, S)
    weights = scores.softmax(dim=-1)  # (B, T, S)
    context = weights @ value  # (B, T, E)
    return context, weights


def check_attention_inputs(query, key, value, mask=None):
    """Say clearly what is wrong with the tensors handed to attention, if anything is.

    Shapes: query (B, T, E), key (B, S, E), value (B, S, any width), mask -> (B, T, S).
    Raises TypeError for what is not a tensor or not a boolean mask, ValueError for axes that do
    not fit together and for a mask that hides every key from some query.
    """
    for name, tensor in (("query", query), ("key", key), ("value", value)):
        if not isinstance(tensor, torch.Tensor):
            raise TypeError(
                f"{name} is a {type(tensor).__name__}, but attention needs a torch.Tensor. "
                f"Convert it first: torch.tensor({name})."
            )
        if tensor.ndim < 2:
            raise ValueError(
                f"{name} has shape {tuple(tensor.shape)}, but attention needs (..., positions, "
                f"width). Add the missing axis: {name}[None]."
            )
    if query.shape[-1] != key.shape[-1]:
        raise ValueError(
            f"query has width {query.shape[-1]} and key has width {key.shape[-1]}, but a score "
            "compares vectors of one width. Project one of them, or check the order of the axes: "
            f"query is {tuple(query.shape)}, key is {tuple(key.shape)}."
        )
    if key.shape[:-1] != value.shape[:-1]:
        raise ValueError(
            f"key is {tuple(key.shape)} and value is {tuple(value.shape)}, but each key needs its "
            "own value: all axes but the last must agree. Pass one value for each key."
        )
    if mask is not None:
        check_mask(mask, (*query.shape[:-1], key.shape[-2]))


def check_mask(mask, shape):
    """Say clearly what is wrong with an attention mask, if anything is.

    Shapes: mask, boolean, broadcasts to `shape`, which is (B, T, S).
    Raises TypeError for a mask that is not boolean, ValueError for one that does not broadcast to
    `shape` or that hides every key from some query.
    """
    if not isinstance(mask, torch.Tensor) or mask.dtype != torch.bool:
        given = mask.dtype if isinstance(mask, torch.Tensor) else type(mask).__name__
        raise TypeError(
            f"mask is {given}, but attention needs a boolean tensor, True where a query may "
            "attend. Compare to make one, for example tokens != PAD."
        )
    try:
        fits = torch.broadcast_shapes(mask.shape, shape) == torch.Size(shape)
    except RuntimeError:
        fits = False
    if not fits:
        raise ValueError(
            f"mask has shape {tuple(mask.shape)}, but the scores are {tuple(shape)}: "
            "(B, T, S). Give the mask the missing axes, for example mask[:, None, :] to show every "
            "query the same keys."
        )
    if not mask.any(dim=-1).all():
        raise ValueError(
            "mask hides every key from some query, and a softmax over nothing has no answer. "
            "Leave each query at least one True key, or check whether True and False are swapped."
        )
