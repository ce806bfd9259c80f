"""The style of figures: fonts for two languages, an edge for what is pale, figures closed."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib import font_manager

from helpers.figures.palette import COLORS
from helpers.figures.style import (
    FONTS,
    LINE,
    area_style,
    close_figure,
    contrast,
    darken,
    line_style,
    to_array,
    use_style,
)


def test_the_style_is_set_whatever_was_set_before():
    """Hangul can be drawn, minus signs are in the font, the grid lies behind what is drawn."""
    with mpl.rc_context():
        mpl.rcdefaults()
        known = font_manager.fontManager.ttflist
        known[:] = [font for font in known if font.name != "Course Hangul"]
        use_style()
        found = font_manager.findfont("Course Hangul", fallback_to_default=False)
        assert found.startswith(str(FONTS))
        assert plt.rcParams["font.family"] == ["Course Hangul", "DejaVu Sans"]
        assert not plt.rcParams["axes.unicode_minus"]  # which the font of Hangul does not hold
        assert plt.rcParams["text.color"] == plt.rcParams["axes.labelcolor"] == COLORS["ink"]
        assert plt.rcParams["axes.grid"] and plt.rcParams["axes.axisbelow"]
        assert plt.rcParams["axes.facecolor"] == "white" and plt.rcParams["figure.dpi"] == 100
        assert 12 <= plt.rcParams["xtick.labelsize"] <= 14


def test_contrast_and_darken_take_colours_of_matplotlib():
    assert contrast("black") == contrast((1, 1, 1), "black") == pytest.approx(21)
    assert darken("white", 21) == "#000000" and darken((0, 0, 0, 1)) == "#000000"


def test_only_pale_colours_get_an_edge_wider_than_the_line():
    assert line_style(COLORS["key"]) == {"color": COLORS["key"], "lw": LINE}
    assert area_style("black") == {"color": "black"}
    pale = line_style(COLORS["without attention"])
    assert pale["path_effects"][0]._gc["linewidth"] > LINE + 1
    assert pale["markeredgecolor"] == darken(COLORS["without attention"])


def test_close_figure_closes_no_other():
    first, second = plt.figure(), plt.figure()
    assert close_figure(first) is first and plt.get_fignums() == [second.number]
    plt.close(second)


def test_arrays_come_from_tensors_lists_and_arrays():
    for values in (torch.tensor([1.0, 2.0], requires_grad=True), [1, 2], np.array([1, 2])):
        assert to_array(values).tolist() == [1.0, 2.0] and to_array(values).dtype == np.float64
