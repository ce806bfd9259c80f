"""The palette: contrast by its definition, one place for all colours, one colour for a name."""

import re

import pytest

from helpers.figures import palette
from helpers.figures.palette import COLORS, SERIES, SPARE, contrast, darken, tint
from helpers.figures.style import area_style, color_of, line_style
from images import draw

HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})\b", re.IGNORECASE)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000") == contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777") == pytest.approx(4.48, abs=0.005)  # as WebAIM's checker gives it
    assert contrast("#0000FF", "#FFFF00") == pytest.approx(8.0, abs=0.005)
    assert contrast("#0A0A0A") == pytest.approx(1.05 / (0.05 + 10 / 255 / 12.92))  # nearly black


@pytest.mark.parametrize("ground", ["#FFFFFF", tint("#E69F00", 0.18)])
@pytest.mark.parametrize("minimum", [3.0, 4.5])
def test_darken_stops_as_soon_as_the_contrast_is_enough(minimum, ground):
    for color in {*COLORS.values(), *SERIES.values(), *SPARE}:
        dark = darken(color, minimum, ground)
        assert contrast(dark, ground) >= minimum
        if dark != color:
            assert contrast(dark, ground) < 1.1 * minimum
    assert darken("#0072B2") == "#0072B2"  # dark enough as it is


def test_tint_mixes_a_colour_into_white():
    assert tint("#0072B2", 1) == "#0072B2" and tint("#0072B2", 0) == "#FFFFFF"
    assert tint("#000000", 0.2) == "#CCCCCC"


def edge_of(style):
    """Return the colour that a mark meets the page with: that of its edge, or else its own."""
    effects = style.get("path_effects")
    return effects[0]._gc["foreground"] if effects else style.get("edgecolor", style["color"])


@pytest.mark.parametrize("color", sorted({*COLORS.values(), *SERIES.values(), *SPARE}))
def test_marks_of_every_colour_stand_out_on_white(color):
    assert contrast(edge_of(line_style(color)).upper()) >= 3
    assert contrast(edge_of(area_style(color)).upper()) >= 3


def test_a_name_has_the_colour_of_its_meaning_or_a_spare_one():
    spare = iter(SPARE)
    assert color_of("query", spare=spare) == COLORS["query"]
    assert color_of("LSTM", spare=spare) == SERIES["LSTM"]
    assert color_of("mine", {"mine": "query"}, spare) == COLORS["query"]
    assert color_of("RNN", {"RNN": "LSTM"}, spare) == SERIES["LSTM"]
    assert [color_of(name, {"mine": "query"}, spare) for name in ("x", "y")] == [*SPARE[:2]]


@pytest.mark.parametrize("colors", [{"mine": "#E69F00"}, {"mine": "red"}, {"mine": "qeury"}])
def test_a_meaning_that_is_not_in_the_palette_is_refused(colors):
    meaning = colors["mine"]
    with pytest.raises(ValueError, match=f"no colour for '{meaning}'. Choose one of: query, key"):
        color_of("mine", colors, iter(SPARE))
    with pytest.raises(ValueError, match="no colour for 'mine'"):
        color_of("mine")


def test_diagrams_and_figures_share_one_palette():
    assert draw.COLORS == palette.COLORS and not set(COLORS) & set(SERIES)


def test_no_notebook_holds_a_colour(notebooks):
    found = [
        f"{notebook} {cell.id}: {HEX.findall(cell.source)}"
        for notebook in notebooks
        for cell in notebook.code
        if HEX.search(cell.source)
    ]
    assert not found, f"Give the series a meaning of helpers/figures/palette.py instead: {found}"


def test_every_series_of_the_palette_is_in_a_notebook(notebooks):
    """A series that a notebook renames would get a spare colour without a word."""
    code = "\n".join(cell.source for notebook in notebooks for cell in notebook.code)
    for name in SERIES:
        pattern = re.sub(r"\d+", r"(\\d+|{\\w+})", re.escape(name))  # an f-string may fill it in
        assert re.search(rf"[\"']{pattern}[\"']", code), name
