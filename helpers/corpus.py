"""Text for a language model: a book that is at hand, or a file of one's own; characters as tokens.

In here: reading, splitting, batches, and prediction by counting. Not in here: models, training.
"""

import random
from collections import Counter
from pathlib import Path

import numpy as np
import torch

from helpers.messages import say

UNKNOWN = "□"
SHORTEST = 50_000  # characters: with fewer there is hardly anything to learn from
COMMON = 50  # a character that training saw less often shares one token with all such


def python_manual(repeats=False):
    """Return the topics of Python's own manual as a list of texts, longest first.

    They come with Python (`pydoc_data.topics`) and differ a little between its versions. Many
    sections are printed under two names: a topic whose paragraphs mostly stand in longer ones is
    left out, unless `repeats`.
    """
    from pydoc_data.topics import topics

    seen, kept = set(), []
    for text in sorted(topics.values(), key=lambda text: (-len(text), text)):
        paragraphs = text.split("\n\n")
        repeated = sum(len(paragraph) for paragraph in paragraphs if paragraph in seen)
        if repeats or 2 * repeated < len(text):
            kept.append(text)
        seen.update(paragraphs)
    return kept


def read_text(path):
    """Return the text of a file in UTF-8.

    Raises FileNotFoundError where there is no file, ValueError for one that is not UTF-8 or that
    holds fewer than 50,000 characters.
    """
    path = Path(path)
    if not path.is_file():
        told = say(
            "There is no file {path!r} in {folder}. Give the path of a text file, or None for "
            "Python's manual.",
            path=str(path),
            folder=Path.cwd(),
        )
        raise FileNotFoundError(told)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        told = say(
            "{name} is not text in UTF-8: it breaks off at byte {place:,}. Open it in an editor "
            "and save it as plain text with the encoding UTF-8.",
            name=path.name,
            place=error.start,
        )
        raise ValueError(told) from None
    if len(text) < SHORTEST:
        told = say(
            "{name} has {given:,} characters, but a model needs at least {needed:,} to learn from. "
            "Choose a longer text: a book has several hundred thousand.",
            name=path.name,
            given=len(text),
            needed=SHORTEST,
        )
        raise ValueError(told)
    return text


def cut(text, size=5_000):
    """Cut a text at blank lines (or else at lines, or anywhere) into pieces of about `size`."""
    ends = [0]
    while ends[-1] + 2 * size < len(text):
        near = ends[-1] + size
        breaks = (text.find(mark, near, near + size) for mark in ("\n\n", "\n"))
        ends.append(next((at for at in breaks if at >= 0), near))
    return [text[a:b] for a, b in zip(ends, [*ends[1:], len(text)], strict=True)]


def split_pieces(pieces, seed=0, share=0.1):
    """Return two texts, to train on and held out: whole pieces, at least `share` of all held out.

    A piece longer than `share` of the whole is never held out. Raises ValueError where nothing
    is left to train on.
    """
    total = sum(map(len, pieces))
    pieces = sorted(pieces)
    random.Random(f"split {seed}").shuffle(pieces)
    kept, held, size = [], [], 0
    for piece in pieces:
        out = size < share * total and len(piece) < share * total
        (held if out else kept).append(piece)
        size += out * len(piece)
    if not kept or size < share * total:
        told = say(
            "{count} pieces cannot be split into {kept:.0%} and {held:.0%}. Cut the text into more "
            "pieces.",
            count=len(pieces),
            kept=1 - share,
            held=share,
        )
        raise ValueError(told)
    return "\n\n".join(kept), "\n\n".join(held)


class Characters:
    """The characters of a text and their ids; id 0 stands for all that it has too rarely."""

    def __init__(self, text):
        common = (character for character, n in Counter(text).items() if n >= COMMON)
        self.tokens = [UNKNOWN, *sorted(common)]
        self.ids = {token: i for i, token in enumerate(self.tokens)}

    def __len__(self):
        return len(self.tokens)

    def encode(self, text):
        """Return the ids of a text, as a tensor (S)."""
        return torch.tensor([self.ids.get(character, 0) for character in text])

    def decode(self, ids):
        """Return the text of ids."""
        return "".join(self.tokens[int(i)] for i in ids)


def excerpts(tokens, count, length=64, size=8, seed=0):
    """Return `count` batches (B, T+1) of `size` excerpts that begin anywhere in the text.

    Raises ValueError for a text that is not longer than one excerpt.
    """
    if len(tokens) < length + 1:
        told = say(
            "The text has {given} tokens, but an excerpt takes {needed}. Give a longer text, or a "
            "smaller length.",
            given=len(tokens),
            needed=length + 1,
        )
        raise ValueError(told)
    windows = tokens.unfold(0, length + 1, 1)  # (S, T+1)
    generator = torch.Generator().manual_seed(seed)
    starts = torch.randint(len(windows), (count, size), generator=generator)
    return [windows[rows] for rows in starts]


def count_bits(train, held, before, vocab_size):
    """Return the bits per character of `held` when predicted by counting in `train`.

    The guess for a character is how often it followed the `before` characters before it, topped
    up with the guess from one character less, as if that had been seen once more for each kind of
    character that followed: (count + kinds · shorter) / (total + kinds). With none before, that is
    topped up with equal chances. Shapes: train (S), held (S).
    Source: Witten and Bell 1991, method C, interpolated.
    """
    train, held = (np.asarray(text, dtype=np.int64) for text in (train, held))
    guess = np.full(len(held) - before, 1 / vocab_size)
    for n in range(before + 1):
        known, seen = _ngrams(train, n, vocab_size)
        asked, wanted = (codes[before - n :] for codes in _ngrams(held, n, vocab_size))
        pairs, counts = np.unique(seen, return_counts=True)
        contexts, totals = np.unique(known, return_counts=True)
        _, kinds = np.unique(pairs // vocab_size, return_counts=True)
        count = _look_up(wanted, pairs, counts)
        total, kind = (_look_up(asked, contexts, values) for values in (totals, kinds))
        guess = np.where(total > 0, (count + kind * guess) / np.maximum(total + kind, 1), guess)
    return float(-np.log2(guess).mean())


def _ngrams(text, before, base):
    """Return a number for each context of `before` characters, and one for it and what follows."""
    size = len(text) - before
    context = np.zeros(size, dtype=np.int64)
    for i in range(before):
        context = context * base + text[i : i + size]
    return context, context * base + text[before:]


def _look_up(wanted, keys, values):
    """Return the value of each wanted key, 0 where there is none; keys are sorted."""
    at = np.searchsorted(keys, wanted).clip(max=len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], 0)
