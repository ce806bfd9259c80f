"""Positions for attention: sinusoidal codes, which are added to words, and three kinds of scores.

Shapes use the course's axis letters: B batch, H heads, T query positions, S key positions, E model
width, D head width. Codes (T, E) are added to the words of every sentence (B, T, E). Score modules
take query (B, H, T, D) and key (B, H, S, D); the queries are the last T of the S positions.
In here: positions. Not in here: attention itself, masks, whole blocks.
"""

import math

import torch
from torch import nn

from helpers.attention import scaled_dot_scores
from helpers.require import checked, require_even_width


def frequencies(width):
    """Return how far each pair of numbers turns from one position to the next, in radians.

    Raises ValueError for an odd width.
    Source: Vaswani et al. 2017, section 3.5; Su et al. 2021, equation 15. Taught in notebook 06.
    """
    return 10000 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)


def sinusoidal_codes(length, d_model):
    """Return the sines and cosines of each position, in turns: the hands of many clocks.

    Shapes: -> codes (T, E). Raises ValueError for an odd width.
    Source: Vaswani et al. 2017, section 3.5. Taught in notebook 06.
    """
    angles = torch.arange(length)[:, None] * frequencies(d_model)  # (T, _)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1).float()  # (T, E)


def distances(n_queries, n_keys):
    """Return the position of each key minus that of each query; before the query is negative.

    The queries are the last `n_queries` of the `n_keys` positions.
    Shapes: -> distances (T, S), whole numbers. Taught in notebook 06.
    """
    keys = torch.arange(n_keys)  # (S)
    queries = keys[n_keys - n_queries :]  # (T)
    return keys - queries[:, None]  # (T, S)


class RelativeScores(nn.Module):
    """Scaled dot scores plus a learned bias for each head and distance from query to key.

    A distance beyond `max_distance`, either way, counts as `max_distance`.
    Shapes: query (B, H, T, D), key (B, H, S, D) -> scores (B, H, T, S).
    Source: the bias of Raffel et al. 2020 (T5), section 2.1, with the clipping of Shaw et al. 2018,
    section 3.2, in place of T5's buckets. Notebook 06 has it for one head.
    """

    def __init__(self, n_heads, max_distance):
        super().__init__()
        self.max_distance = max_distance
        self.bias = nn.Parameter(torch.zeros(n_heads, 2 * max_distance + 1))

    def forward(self, query, key):
        scores = query @ key.mT / math.sqrt(query.shape[-1])  # (..., T, S)
        positions = torch.arange(key.shape[-2], device=key.device)  # (S)
        asking = positions[key.shape[-2] - query.shape[-2] :]  # (T)
        distance = positions - asking[:, None]  # (T, S)
        row = distance.clamp(-self.max_distance, self.max_distance) + self.max_distance  # (T, S)
        return scores + self.bias[:, row]  # (..., T, S)


class AlibiScores(nn.Module):
    """Scaled dot scores minus a fixed slope times the distance between query and key.

    Shapes: query (B, T, D), key (B, S, D) -> scores (B, T, S).
    Source: Press et al. 2022 (ALiBi), section 3, one head. Taught in notebook 06.
    """

    def __init__(self, slope):
        super().__init__()
        self.slope = slope

    def forward(self, query, key):
        distance = distances(query.shape[-2], key.shape[-2]).abs()  # (T, S)
        return scaled_dot_scores(query, key) - self.slope * distance  # (B, T, S)


def rotate(x, positions):
    """Turn each pair of numbers of each vector by an angle that grows with its position.

    Pairs are neighbours: (0, 1), (2, 3), … ("interleaved", as in the paper; other code pairs the
    first half of a vector with its second). Shapes: x (..., T, D), positions (T) -> (..., T, D).
    Raises ValueError for an odd width.
    Source: Su et al. 2021 (RoFormer), equation 34. Notebook 06 has it for the CPU.
    """
    angles = positions[:, None] * frequencies(x.shape[-1]).to(x.device)  # (T, _)
    cos, sin = angles.cos().to(x), angles.sin().to(x)  # (T, _), (T, _)
    first, second = x[..., 0::2], x[..., 1::2]  # (..., T, _), (..., T, _)
    turned = first * cos - second * sin, first * sin + second * cos
    return torch.stack(turned, dim=-1).flatten(-2)  # (..., T, _)


class RotaryScores(nn.Module):
    """Scaled dot scores of queries and keys that are turned by their positions; values are not.

    Shapes: query (B, H, T, D), key (B, H, S, D) -> scores (B, H, T, S). Raises ValueError for an
    odd width of the heads.
    Source: Su et al. 2021 (RoFormer), section 3.2.2. Notebook 06 has it for one head.
    """

    def forward(self, query, key):
        positions = torch.arange(key.shape[-2], device=key.device)  # (S)
        asking = positions[key.shape[-2] - query.shape[-2] :]  # (T)
        query, key = rotate(query, asking), rotate(key, positions)  # (..., T, D), (..., S, D)
        return query @ key.mT / math.sqrt(query.shape[-1])  # (..., T, S)


# It is called after a check of what it is given, which says what is wrong.
frequencies = checked(frequencies, require_even_width)
