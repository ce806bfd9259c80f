"""The shipped Hangul font: small, licensed, and enough for every figure."""

import warnings
from datetime import date, timedelta
from pathlib import Path

import matplotlib
import pytest
from babel.dates import format_date
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from matplotlib.figure import Figure
from num2words import num2words

from tests.support import stored_notebooks as stored
from tools.notebooks.shown import catalogue_of
from tools.notebooks.sync import prose

FONTS = Path(__file__).resolve().parents[2] / "helpers" / "figures" / "fonts"
FAMILY = "Course Hangul"
WEIGHTS = ["Regular", "Bold"]


def font_file(weight):
    """Return the path of one weight."""
    return FONTS / f"CourseHangul-{weight}.otf"


def prose_file(weight):
    """Return the path of one weight of the font for prose."""
    return FONTS / f"CourseHangulText-{weight}.woff"


@pytest.fixture
def only_shipped_fonts(monkeypatch):
    """Let matplotlib know the shipped files and its own DejaVu Sans, and no font of the system."""
    manager = font_manager.fontManager
    own = [entry for entry in manager.ttflist if "mpl-data" in entry.fname]
    monkeypatch.setattr(manager, "ttflist", own)
    for weight in WEIGHTS:
        manager.addfont(font_file(weight))
    with matplotlib.rc_context({"font.family": [FAMILY, "DejaVu Sans"]}):
        yield


def heatmap(rows, columns, title, **text):
    """Draw a heat map with these labels and return the figure."""
    figure = Figure(figsize=(4, 4))
    axes = figure.subplots()
    axes.imshow([[0.0] * len(columns)] * len(rows), vmin=-1, vmax=1)
    axes.set_xticks(range(len(columns)), columns, **text)
    axes.set_yticks(range(len(rows)), rows, **text)
    axes.set_title(title, **text)
    return figure


def complaints(figure, tmp_path, kind="png"):
    """Save the figure and return matplotlib's warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        figure.savefig(tmp_path / f"figure.{kind}")
    return [str(warning.message) for warning in caught]


@pytest.mark.parametrize("weight", ["normal", "bold"])
@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_a_heat_map_shows_hangul(only_shipped_fonts, tmp_path, kind, weight):
    """No label of a number or a date is a missing glyph, nor the signs beside it."""
    title = "사억 칠백만 · 일요일: √ × → ← ∞ − ≤ ≥ ² ⁿ ∂ ‖ $\\sqrt{d}$"
    figure = heatmap(list("영일이삼사오육칠팔구"), list("십백천만억조년월일"), title, weight=weight)
    assert complaints(figure, tmp_path, kind) == []


def test_an_absent_syllable_is_noticed(only_shipped_fonts, tmp_path):
    """The test above can fail: a syllable that the font lacks brings a warning."""
    assert any("missing" in line for line in complaints(heatmap("뷁", "뷁", "뷁"), tmp_path))


@pytest.mark.parametrize("weight", WEIGHTS)
def test_matplotlib_takes_hangul_from_the_shipped_file(only_shipped_fonts, weight):
    """The family's name leads to the shipped file, in both weights."""
    wanted = font_manager.FontProperties(
        family=FAMILY, weight=weight.lower().replace("regular", "normal")
    )
    assert Path(font_manager.findfont(wanted, fallback_to_default=False)) == font_file(weight)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_font_has_every_syllable_of_numbers_and_dates(weight):
    """Whatever the two tasks can write, the font can show."""
    numbers = {
        num2words(digit * 10**power, lang="ko") for digit in range(10) for power in range(13)
    }
    days = (date(2026, 1, 1) + timedelta(days=number) for number in range(366))
    dates = {format_date(day, "full", locale="ko") for day in days}
    needed = {character for text in numbers | dates for character in text}
    assert needed <= set(map(chr, TTFont(font_file(weight)).getBestCmap()))


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_prose_font_has_every_syllable_that_the_korean_edition_uses(weight):
    """No deck has to borrow a syllable from a font that may not be there."""
    cells = [c for path in stored.paths(editions=("ko",)) for c in stored.read(path).cells]
    needed = {ch for cell in cells for text in prose(cell).values() for ch in text}
    syllables = {character for character in needed if "가" <= character <= "힣"}
    has = set(map(chr, TTFont(prose_file(weight)).getBestCmap()))
    assert syllables <= has and "뷁" not in has
    assert set("·×−√∞≈○●“”…").union(map(chr, range(0x20, 0x7F))) <= has


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_font_of_figures_has_every_syllable_that_notebooks_show(weight):
    shown = catalogue_of().read_text(encoding="utf-8")
    syllables = {character for character in shown if "가" <= character <= "힣"}
    missing = syllables - set(map(chr, TTFont(font_file(weight)).getBestCmap()))
    assert not missing, f"run tools/maintenance/subset_font.py: no {''.join(sorted(missing))}"


@pytest.mark.parametrize(
    ("file", "family", "most"),
    [
        *[(font_file(weight), FAMILY, 120_000) for weight in WEIGHTS],
        *[(prose_file(weight), f"{FAMILY} Text", 200_000) for weight in WEIGHTS],
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_font_is_small_and_names_no_one_else(file, family, most):
    """A modified font is small, has its own name, and keeps copyright and licence."""
    font = TTFont(file)
    assert file.stat().st_size <= most
    for number in (1, 3, 4, 6):
        assert "Noto" not in font["name"].getDebugName(number)
        assert "Source" not in font["name"].getDebugName(number)
    assert font["name"].getDebugName(1) == family
    assert "Adobe" in font["name"].getDebugName(0)
    assert "SIL Open Font License" in font["name"].getDebugName(13)


def test_the_licence_lies_beside_the_font():
    """Each copy comes with the copyright notice and the licence, as its second condition says."""
    text = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert text.startswith("Copyright 2014-2021 Adobe")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text and "TERMINATION" in text
