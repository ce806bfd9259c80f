"""One palette and one style for all figures of the course, set as soon as this is imported.

In here: what colours mean, how they stand out, the look, a figure made ready to be shown. Not in
here: figures.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib import font_manager
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

FONTS = Path(__file__).parent / "fonts"

# one colour, one meaning, in every notebook (Okabe and Ito 2008, safe for colour-blind readers)
COLORS = {
    "query": "#D55E00",
    "key": "#0072B2",
    "value": "#009E73",
    "with attention": "#0072B2",
    "without attention": "#E69F00",
    "score": "#6E6E6E",
    "share": "#0072B2",
    "weights": "#0072B2",
    "ink": "#333333",
    "muted": "#6E6E6E",
    "faint": "#E8E8E8",
}
SPARE = ("#CC79A7", "#009E73", "#D55E00", "#56B4E9", "#000000")
MARKERS = "osD^vPX"
LINE = 2.2  # points wide
MARK, WORD = 3.0, 4.5  # the contrast that WCAG 2.1 AA asks of a mark, and of a word


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


def contrast(one, other="white") -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG defines it."""
    rgb = np.array([to_rgb(one), to_rgb(other)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    dark, bright = sorted(0.05 + linear @ (0.2126, 0.7152, 0.0722))
    return float(bright / dark)


def firm(color, least: float = WORD) -> str:
    """Return the colour, darkened until its contrast with white is `least`."""
    while contrast(color) < least:
        color = 0.98 * np.array(to_rgb(color))
    return to_hex(color)


def line_look(color) -> dict:
    """Return how a line of that colour is drawn: with a firm edge where it is pale by itself."""
    look = {"color": color, "lw": LINE}
    if contrast(color) < MARK:
        edge = withStroke(linewidth=LINE + 1.6, foreground=firm(color))
        look |= {"path_effects": [edge], "markeredgecolor": firm(color)}
    return look


def area_look(color) -> dict:
    """Return how an area of that colour is drawn: with a firm edge where it is pale by itself."""
    return {"color": color} | ({"edgecolor": firm(color)} if contrast(color) < MARK else {})


def finish(figure: Figure) -> Figure:
    """Return `figure`, closed, so that a notebook shows it once: as the value of its cell."""
    plt.close(figure)
    return figure


def to_array(values) -> np.ndarray:
    """Return a tensor, a list or an array as a NumPy array of floats."""
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    return np.asarray(values, dtype=float)
