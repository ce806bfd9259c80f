"""The style of all figures, set as soon as this is imported, and the colour of each series.

In here: fonts and sizes, the colour of a name, how pale colours get an edge. Not in here: which
colour means what (`palette.py`), figures.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib import font_manager
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter, FuncFormatter

from helpers.figures import palette
from helpers.figures.palette import COLORS, MARK, SERIES, WORD
from helpers.messages import say, show

FONTS = Path(__file__).parent / "fonts"
MARKERS = "osD^vPX"
LINE = 2.2  # points wide


def use_style() -> None:
    """Set the course's look for all figures, with a font that can show Hangul."""
    for file in sorted(FONTS.glob("*.otf")):
        font_manager.fontManager.addfont(file)
    sns.set_theme(context="notebook", style="whitegrid", font_scale=1.1)
    plt.rcParams.update(
        {
            "font.family": ["Course Hangul", "DejaVu Sans"],
            "figure.dpi": 100,
            "axes.unicode_minus": False,
            "text.color": COLORS["ink"],
            "axes.labelcolor": COLORS["ink"],
        }
    )


use_style()


def color_of(
    name: str, colors: Mapping[str, str] | None = None, spare: Iterator[str] | None = None
) -> str:
    """Return the colour of a series: of what `colors` says it means, or else of its own name.

    A name without a meaning gets the next colour of `spare`.
    Raises ValueError for a meaning that is not in the palette.
    """
    meaning = (colors or {}).get(name, name)
    color = COLORS.get(meaning) or SERIES.get(meaning)
    if color is None and meaning == name and spare is not None:
        return next(spare)
    if color is None:
        message = say(
            "The palette has no colour for {meaning!r}. Choose one of: {known}.",
            meaning=meaning,
            known=", ".join(COLORS),
        )
        raise ValueError(message)
    return color


def contrast(one, other="white") -> float:
    """Return the contrast of two colours of matplotlib, from 1 to 21, as WCAG 2.1 defines it."""
    return palette.contrast(to_hex(one), to_hex(other))


def darken(color, minimum: float = WORD) -> str:
    """Return the colour, darkened until its contrast with white is at least `minimum`."""
    return palette.darken(to_hex(color), minimum)


def line_style(color) -> dict:
    """Return how to draw a line of that colour: a pale one gets a dark edge."""
    style = {"color": color, "lw": LINE}
    if contrast(color) < MARK:
        edge = withStroke(linewidth=LINE + 1.6, foreground=darken(color))
        style |= {"path_effects": [edge], "markeredgecolor": darken(color)}
    return style


def area_style(color) -> dict:
    """Return how to fill an area with that colour: a pale one gets a dark edge."""
    return {"color": color} | ({"edgecolor": darken(color)} if contrast(color) < MARK else {})


def close_figure(figure: Figure) -> Figure:
    """Return `figure`, its words in the reader's language, and closed.

    Closed, so that a notebook shows it once: as the value of its cell.
    """
    for text in figure.findobj(Text):
        text.set_text(show(text.get_text()))
    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
        if isinstance(axis.get_major_formatter(), FixedFormatter | FuncFormatter):
            axis.set_ticklabels([show(label.get_text()) for label in axis.get_ticklabels()])
    plt.close(figure)
    return figure


def to_array(values) -> np.ndarray:
    """Return a tensor, a list or an array as a NumPy array of floats."""
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    return np.asarray(values, dtype=float)
