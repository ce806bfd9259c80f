"""Where a word stands, as far as its vector tells: words that are equal, at different places.

Shapes use the course's axis letters: B texts, S source positions, E model width, V vocabulary.
In here: how alike the vectors of equal words are, their means by place, dates whose year digits
are exchanged. Not in here: models, training.
"""

import torch
from torch.nn import functional as F

from helpers.tasks import FIRST_DAY, N_DAYS

YEARS = range(FIRST_DAY.year, FIRST_DAY.year + N_DAYS // 365)


def likeness(vectors, words):
    """Return the mean cosine of the vectors of equal words in one row, at different places.

    Shapes: vectors (B, S, E), words (B, S) of token ids -> a number. With B and S exchanged in
    both, it compares equal words at one place of different rows.
    """
    directions = F.normalize(vectors, dim=-1)  # (B, S, E)
    cosines = directions @ directions.mT  # (B, S, S)
    equal = words[:, :, None] == words[:, None]  # (B, S, S)
    others = ~torch.eye(words.shape[1], dtype=torch.bool)  # (S, S)
    return cosines[equal & others].mean().item()


def means_by_place(vectors, words):
    """Return the mean vector of each word at each place, NaN where it never stands.

    Shapes: vectors (B, S, E), words (B, S) of token ids -> (V, S, E), where V is 1 more than the
    largest id.
    """
    stands = F.one_hot(words).to(vectors)  # (B, S, V)
    sums = torch.einsum("bsv,bse->vse", stands, vectors)  # (V, S, E)
    return sums / stands.sum(dim=0).T[..., None]  # (V, S, E)


def means_anywhere(vectors, words):
    """Return the mean vector of each word, wherever it stands, NaN for one that never does.

    Shapes: vectors (B, S, E), words (B, S) of token ids -> (V, E), where V is 1 more than the
    largest id.
    """
    in_a_column = vectors.flatten(0, 1)[:, None], words.flatten()[:, None]  # (_, 1, E), (_, 1)
    return means_by_place(*in_a_column)[:, 0]  # (V, E)


def exchange_years(pairs):
    """Return the dates whose target has the last two year digits exchanged, by index of the date.

    Dates in which these digits are equal, or make a year that is not one of the task's, are left
    out. The sources stay as they are.
    """
    made = {}
    for i, pair in enumerate(pairs):
        *begin, tens, units = pair.source[-4:]
        if tens != units and int("".join((*begin, units, tens))) in YEARS:
            target = (*pair.target[:2], units, tens, *pair.target[4:])
            made[i] = pair._replace(target=target)
    return made
