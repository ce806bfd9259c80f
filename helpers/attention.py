"""Attention in its final form: four ways to score, the one step that they share, and many heads.

Shapes use the course's axis letters: B batch, H heads, T query positions, S key positions, E model
width, D head width. With heads, (B, H, T, D) takes the place of (B, T, E) all through.
In here: scores, masks, heads. Not in here: recurrent networks, positions, whole blocks.
"""

import math

import torch
from torch import nn

from helpers.language import say


def dot_scores(query, key):
    """Score each query against each key by their dot product.

    Shapes: query (B, T, E), key (B, S, E) -> scores (B, T, S).
    Source: Luong et al. 2015, section 3.1, "dot". Taught in notebook 02.
    """
    return query @ key.mT  # (..., T, S)


def scaled_dot_scores(query, key):
    """Score each query against each key by their dot product divided by √E.

    Shapes: query (B, T, E), key (B, S, E) -> scores (B, T, S).
    Source: Vaswani et al. 2017, equation 1. Taught in notebook 02.
    """
    return query @ key.mT / math.sqrt(query.shape[-1])  # (..., T, S)


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
    scores = score(query, key)  # (..., T, S)
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)  # (..., T, S)
    weights = scores.softmax(dim=-1)  # (..., T, S)
    context = weights @ value  # (..., T, E)
    return context, weights


def causal_mask(n_queries, n_keys=None):
    """Return the mask that lets each position attend to itself and to those before it.

    The queries are the last `n_queries` of the `n_keys` positions; by default they are all of them.
    Shapes: -> mask (T, S), boolean. Raises ValueError for more queries than keys.
    Source: Vaswani et al. 2017, section 3.2.3. Taught in notebook 08.
    """
    n_keys = n_queries if n_keys is None else n_keys
    check_last(n_queries, n_keys)
    keys = torch.arange(n_keys)  # (S)
    queries = keys[n_keys - n_queries :]  # (T)
    return keys <= queries[:, None]  # (T, S)


def split_heads(x, n_heads):
    """Cut the last axis into heads and bring the heads forward.

    Shapes: x (B, T, E) -> (B, H, T, D), where E = H × D. Taught in notebook 05.
    """
    return x.unflatten(-1, (n_heads, -1)).transpose(1, 2)  # (B, H, T, D)


def merge_heads(x):
    """Put the heads side by side again: what undoes `split_heads`.

    Shapes: x (B, H, T, D) -> (B, T, E), where E = H × D. Taught in notebook 05.
    """
    return x.transpose(1, 2).flatten(2)  # (B, T, E)


class MultiHeadAttention(nn.Module):
    """Let every word of `x` ask every word of `memory`, in several heads at once.

    Without `memory`, the words ask one another: self-attention. `score` compares queries with keys.
    Shapes: x (B, T, E), memory (B, S, E), mask as for `attend` with heads, it broadcasts to
    (B, H, T, S); -> output (B, T, E), weights (B, H, T, S). Raises ValueError for a width that the
    heads do not divide, and what `attend` raises.
    Source: Vaswani et al. 2017, section 3.2.2, without biases. Taught in notebook 05.
    """

    def __init__(self, d_model, n_heads=1, score=scaled_dot_scores):
        super().__init__()
        check_heads(d_model, n_heads)
        self.n_heads = n_heads
        self.score = score
        self.to_query = nn.Linear(d_model, d_model, bias=False)
        self.to_key = nn.Linear(d_model, d_model, bias=False)
        self.to_value = nn.Linear(d_model, d_model, bias=False)
        self.to_output = nn.Linear(d_model, d_model, bias=False)

    def forward(self, x, memory=None, mask=None):
        memory = x if memory is None else memory
        query = split_heads(self.to_query(x), self.n_heads)  # (B, H, T, D)
        key = split_heads(self.to_key(memory), self.n_heads)  # (B, H, S, D)
        value = split_heads(self.to_value(memory), self.n_heads)  # (B, H, S, D)
        context, weights = attend(query, key, value, mask, self.score)  # (B, H, T, D)
        return self.to_output(merge_heads(context)), weights


def check_heads(d_model, n_heads):
    """Raise ValueError for a width that the heads cannot share evenly."""
    if d_model % n_heads:
        told = say(
            "{n_heads} heads cannot share a width of {d_model} evenly. Choose a number that "
            "divides it.",
            n_heads=n_heads,
            d_model=d_model,
        )
        raise ValueError(told)


def check_attention_inputs(query, key, value, mask=None):
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
        check_mask(mask, (*query.shape[:-1], key.shape[-2]))


def check_last(n_queries, n_keys):
    """Say clearly that the last `n_queries` of `n_keys` positions do not exist, if they do not.

    Raises ValueError for more queries than keys.
    """
    if n_queries > n_keys:
        told = say(
            "{n_queries} queries cannot be the last of {n_keys} positions. Give n_keys at least as "
            "many as n_queries.",
            n_queries=n_queries,
            n_keys=n_keys,
        )
        raise ValueError(told)


def check_mask(mask, shape):
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
