"""Maps of words: vectors in, a figure with one dot for each word out.

In here: several views of the same words, side by side. Not in here: any other figure (`plots.py`).
"""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns

from helpers.plots import COLORS, MARKERS, SPARE, finish, to_array

PALETTE = (COLORS["key"], COLORS["without attention"], *SPARE)


def flatten(vectors):
    """Return the two directions in which the rows differ most, as coordinates.

    Shapes: vectors (S, E) -> (S, 2), with zeros where there are fewer than two directions.
    Source: principal components, Pearson 1901.
    """
    centred = to_array(vectors) - to_array(vectors).mean(axis=0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    flat = np.zeros((len(centred), 2))
    kept = min(2, len(sizes))
    flat[:, :kept] = left[:, :kept] * sizes[:kept]
    return flat


def word_maps(
    views: Mapping[str, object], words: Sequence[str], kinds: Mapping[str, Sequence[str]], mark=""
) -> plt.Figure:
    """Draw the words as dots, once for each view, near where their vectors are alike.

    `views` maps a panel's title to vectors, a row for each word; `kinds` maps a kind to its words,
    which share a colour; the word `mark` is named in every panel.
    Shapes: each view (S, any width). Raises ValueError for views with another number of rows, and
    for words of no kind.
    """
    found = {word for members in kinds.values() for word in members}
    if missing := sorted(set(words) - found):
        raise ValueError(f"These words have no kind: {', '.join(missing)}. Add them to `kinds`.")
    figure, axes = plt.subplots(1, len(views), figsize=(4 * len(views), 4.4), layout="constrained")
    for ax, (title, vectors) in zip(np.atleast_1d(axes), views.items(), strict=True):
        if len(vectors) != len(words):
            raise ValueError(
                f"{title!r} has {len(vectors)} rows for {len(words)} words. Give each word one."
            )
        places = dict(zip(words, flatten(vectors), strict=True))
        for (kind, members), color, marker in zip(kinds.items(), PALETTE, MARKERS, strict=False):
            dots = np.array([places[word] for word in members if word in places])
            ax.scatter(*dots.T, s=70, color=color, marker=marker, label=kind, alpha=0.75)
        if mark in places:
            look = {"facecolor": "none", "edgecolor": COLORS["ink"], "linewidth": 2}
            ax.scatter(*places[mark], s=230, **look)
            ax.annotate(mark, places[mark], xytext=(11, 11), textcoords="offset points", size=14)
        ax.set(title=title, xticks=[], yticks=[], aspect="equal", adjustable="datalim")
        ax.margins(0.18)
    handles, labels = np.atleast_1d(axes)[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(kinds), frameon=False)
    sns.despine(figure, left=True, bottom=True)
    return finish(figure)
