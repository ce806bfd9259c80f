"""Where a word stands, as far as its vector tells: words that are equal, at different places.

Shapes use the course's axis letters: B dates, N other dates, S source positions, E model width, V
vocabulary.
In here: the means of vectors by word and place, a memory of dates in which such means stand, dates
whose year digits are exchanged, the share written right. Not in here: models, training.
"""

import torch
from torch.nn import functional as F

from helpers.tasks import FIRST_DAY, N_DAYS, make_batch
from helpers.training import whole_right

DIGITS = slice(2, None)  # a weekday and a month stand before them
YEARS = range(FIRST_DAY.year, FIRST_DAY.year + N_DAYS // 365)


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


def mean_memories(memory, words, seen_memory, seen_words):
    """Return the memory of dates of eight words three times, with mean vectors in it.

    The means are those of other dates. First, every word has its mean at its place. Second, only
    the digits are replaced, each by its mean at any place, scaled to the mean length of vectors.
    Third, the last two digits alone have their means at each other's place.
    Shapes: memory (B, S, E), words (B, S), seen_memory (N, S, E), seen_words (N, S) -> three
    tensors (B, S, E).
    """
    by_place = means_by_place(seen_memory, seen_words)  # (V, S, E)
    anywhere = means_anywhere(seen_memory[:, DIGITS], seen_words[:, DIGITS])  # (V, E)
    anywhere = F.normalize(anywhere, dim=-1) * seen_memory.norm(dim=-1).mean()
    own_place = by_place[words, torch.arange(words.shape[1])]  # (B, S, E)
    any_place, exchanged = memory.clone(), memory.clone()
    any_place[:, DIGITS] = anywhere[words[:, DIGITS]]
    exchanged[:, -2] = by_place[words[:, -2], -1]
    exchanged[:, -1] = by_place[words[:, -1], -2]
    return own_place, any_place, exchanged


def right_from(memory, translator, task, pairs):
    """Return the share of pairs that a translator writes right from this memory.

    Their sources have one length. Shapes: memory (B, S, E), where B is the number of pairs.
    """

    def rewritten(source, target):
        return translator.decode(target, (memory, None, source[:, :0]))[0]

    return whole_right(rewritten, make_batch(task, pairs))


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
