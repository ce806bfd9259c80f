"""One look: colours that stand out on white, letters of two languages, edges for what is pale."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib import font_manager

from helpers.figures.style import (
    COLORS,
    FONTS,
    LINE,
    SPARE,
    area_look,
    contrast,
    finish,
    firm,
    line_look,
    to_array,
    use_style,
)

PALE = ("#E69F00", "#56B4E9", "#D9B36C", "#7FCFB5")  # what notebooks draw with, below 3 on white


def edge(look):
    """Return the contrast with white of what a mark ends in: its edge, or else itself."""
    effects = look.get("path_effects")
    color = effects[0]._gc["foreground"] if effects else look.get("edgecolor", look["color"])
    return contrast(color)


def test_the_style_is_set_whatever_was_set_before():
    """Hangul can be drawn, minus signs are in the font, the grid lies behind what is drawn."""
    with mpl.rc_context():
        mpl.rcdefaults()
        known = font_manager.fontManager.ttflist
        before = [font for font in known if font.name == "Course Hangul"]
        known[:] = [font for font in known if font.name != "Course Hangul"]
        use_style()
        found = font_manager.findfont("Course Hangul", fallback_to_default=False)
        assert found.startswith(str(FONTS)) and before
        assert plt.rcParams["font.family"] == ["Course Hangul", "DejaVu Sans"]
        assert not plt.rcParams["axes.unicode_minus"]  # which the font of Hangul does not hold
        assert plt.rcParams["text.color"] == plt.rcParams["axes.labelcolor"] == COLORS["ink"]
        assert plt.rcParams["axes.grid"] and plt.rcParams["axes.axisbelow"]
        assert plt.rcParams["axes.facecolor"] == "white" and plt.rcParams["figure.dpi"] == 100
        assert 12 <= plt.rcParams["xtick.labelsize"] <= 14


def test_contrast_is_that_of_wcag():
    assert contrast("black") == contrast("white", "black") == pytest.approx(21)
    assert contrast("#777777") == pytest.approx(4.48, abs=0.005)  # WebAIM's checker says so
    assert contrast("#0000ff", "#ffff00") == pytest.approx(8.0, abs=0.005)
    assert contrast("#0a0a0a") == pytest.approx(1.05 / (0.05 + 10 / 255 / 12.92))  # nearly black


def test_words_stand_out_on_white():
    assert all(contrast(COLORS[name]) >= 4.5 for name in ("ink", "muted"))
    assert all(4.5 <= contrast(firm(color)) < 21 for color in [*COLORS.values(), *PALE])
    assert firm(COLORS["key"]) == COLORS["key"].lower()  # dark enough as it is


@pytest.mark.parametrize("color", [*COLORS.values(), *SPARE, *PALE])
def test_marks_stand_out_on_white(color):
    assert edge(line_look(color)) >= 3 and edge(area_look(color)) >= 3


def test_only_what_is_pale_gets_an_edge_and_the_edge_is_wider_than_the_line():
    dark = line_look(COLORS["key"])
    assert dark == {"color": COLORS["key"], "lw": LINE} and area_look("black") == {"color": "black"}
    assert line_look("#E69F00")["path_effects"][0]._gc["linewidth"] > LINE + 1


def test_a_finished_figure_is_closed_and_no_other():
    first, second = plt.figure(), plt.figure()
    assert finish(first) is first and plt.get_fignums() == [second.number]
    plt.close(second)


def test_arrays_come_from_tensors_lists_and_arrays():
    for values in (torch.tensor([1.0, 2.0], requires_grad=True), [1, 2], np.array([1, 2])):
        assert to_array(values).tolist() == [1.0, 2.0] and to_array(values).dtype == np.float64
