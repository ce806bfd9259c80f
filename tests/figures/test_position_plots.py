"""Pictures of positions show what they were given, and refuse what does not fit."""

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex, to_rgb

from helpers.figures.position_plots import bands, dials, maps
from helpers.figures.style import COLORS, SPARE, contrast, firm


def test_maps_are_centred_on_zero_each_on_its_own_scale():
    first, second = torch.tensor([[1.0, -3.0], [0.0, 2.0]]), torch.tensor([[0.1, 0.2, 0.5]])
    figure = maps({"a": first, "b": second}, ["number", "place"], "position")
    images = [ax.images[0] for ax in figure.axes if ax.images]
    assert [image.get_clim() for image in images] == [(-3, 3), (-0.5, 0.5)]
    assert np.allclose(images[0].get_array(), first)
    labelled = [(ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) for ax in figure.axes[:2]]
    assert labelled == [("a", "number", "position"), ("b", "place", "position")]


def shades(image, values):
    """Return the colours in which a picture shows these values."""
    return [to_hex(color) for color in image.cmap(image.norm(values))]


def test_below_zero_is_orange_zero_is_white_and_above_is_blue():
    image = maps({"a": [[-2.0, 1.0]]}, ["x"], "y").axes[0].images[0]
    orange, white, blue = shades(image, [-2.0, 0.0, 2.0])
    assert (orange, blue) == (COLORS["query"].lower(), COLORS["key"].lower())
    assert min(to_rgb(white)) > 0.98


def test_maps_of_shares_go_from_0_to_1():
    figure = maps({"weights": torch.eye(3) / 2}, ["key"], "query", signed=False)
    image = figure.axes[0].images[0]
    assert image.get_clim() == (0, 1)
    pale, middle, dark = shades(image, [0.0, 0.5, 1.0])
    assert contrast(pale) < contrast(middle) < contrast(dark)
    assert figure.axes[1].get_ylim() == (0, 1)  # what the colours mean, beside it


@pytest.mark.parametrize(("count", "ticks"), [(16, [*range(16)]), (17, [0, 8, 16])])
def test_every_row_is_counted_or_every_eighth_of_many(count, ticks):
    first, second = (
        maps({"a": array}, ["x"], "y").axes[0]
        for array in (np.ones((count, 2)), np.ones((2, count)))
    )
    assert first.get_yticks().tolist() == second.get_xticks().tolist() == ticks
    assert first.get_xticks().tolist() == second.get_yticks().tolist() == [0, 1]
    assert not any(line.get_visible() for line in first.get_xgridlines())


@pytest.mark.parametrize(
    ("matrices", "labels"), [({"a": [1.0]}, ["x"]), ({"a": torch.eye(2)}, []), ({}, ["x"])]
)
def test_what_is_no_matrix_is_refused(matrices, labels):
    with pytest.raises(ValueError, match="two axes, and one label") as caught:
        maps(matrices, labels, "y")
    shapes = {title: tuple(np.shape(matrix)) for title, matrix in matrices.items()}
    assert f"{shapes} and {len(labels)} labels" in str(caught.value)


def test_dials_draw_every_hand_to_the_rim():
    figure = dials({"one": {"query": (3.0, 4.0), "0": (0.0, 2.0)}, "two": {"key": (-1.0, 0.0)}})
    one, two = figure.axes
    tips = [line.get_xydata()[-1] for line in one.lines[1:]]
    assert np.allclose(tips, [(0.6, 0.8), (0.6, 0.8), (0, 1), (0, 1)])
    assert all(line.get_xydata()[0].tolist() == [0, 0] for line in one.lines[1::2])
    assert [line.get_marker() for line in one.lines[1:]] == ["None", "o"] * 2
    assert np.allclose(np.hypot(*one.lines[0].get_xydata().T), 1)  # the rim, all the way round
    assert np.allclose(one.lines[0].get_xydata()[[0, -1]], (1, 0))
    assert {line.get_color() for line in one.lines[3:]} == {COLORS["key"]}  # of no name of its own
    assert [text.get_text() for text in one.texts] == ["query", "0"]
    assert one.texts[0].get_color() == firm(COLORS["query"]) and two.get_title() == "two"


def test_the_names_of_hands_stand_outside_on_their_side():
    points = {"right": (1, 0.1), "left": (-1, 0.1), "up": (0.1, 1), "down": (0.1, -1)}
    (ax,) = dials({"one": points}).axes
    sides = {text.get_text(): text.get_ha() for text in ax.texts}
    assert sides == {"right": "left", "left": "right", "up": "center", "down": "center"}
    for text in ax.texts:
        x, y = text.get_position()
        at = np.array(points[text.get_text()])
        assert 1.1 < np.hypot(x, y) < 1.3 and (x, y) @ at > 0.99 * np.hypot(x, y) * np.hypot(*at)
        assert text.get_va() == "center"
    assert ax.get_aspect() == 1 and not ax.axison
    assert min(*ax.get_xlim(), *ax.get_ylim()) < -1.3 and ax.get_xlim()[1] > 1.5


def test_dials_without_a_clock_are_refused():
    with pytest.raises(ValueError, match="no clocks"):
        dials({})


def test_bands_draw_means_within_the_spread():
    series = {"a": {16: [0.2, 0.4], 32: [0.1, 0.3]}, "b": {16: [1.0], 32: [0.5]}}
    figure = bands(series, "tokens", "share", {"a": "#D55E00"}, log=True)
    (ax,) = figure.axes
    assert np.allclose(ax.lines[0].get_xydata(), [(16, 0.3), (32, 0.2)])
    low_and_high = ax.collections[0].get_paths()[0].vertices
    assert {(16, 0.2), (16, 0.4), (32, 0.1), (32, 0.3)} <= {
        (x, round(y, 9)) for x, y in low_and_high
    }
    assert ax.lines[0].get_color() == "#D55E00" and ax.get_xscale() == "log"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["16", "32"]


def test_bands_of_one_series_have_no_legend_and_few_points_are_marked():
    def drawn(count, **asked):
        points = {x: [0.5, 0.6] for x in range(1, count + 1)}
        return bands({"a": points}, "tokens", "share", **asked).axes[0]

    few, many = drawn(16), drawn(17)
    assert few.get_legend() is None and (few.get_xlabel(), few.get_ylabel()) == ("tokens", "share")
    assert few.lines[0].get_marker() == "o" and many.lines[0].get_marker() == "None"
    assert few.get_xticks().tolist() == [*range(1, 17)] != many.get_xticks().tolist()
    assert few.get_xscale() == "linear" and few.get_ylim() == (-0.03, 1.05)
    low, high = drawn(3, ylim=None).get_ylim()
    assert 0.4 < low < 0.5 and 0.6 < high < 0.7


def test_bands_differ_in_colour_and_form_and_those_of_the_course_have_theirs():
    points = {1: [0.1, 0.2], 2: [0.3, 0.4]}
    ax = bands({"key": points, "x": points, "y": points}, "x", "y").axes[0]
    shown = [line.get_color() for line in ax.lines]
    assert shown == [COLORS["key"], *SPARE[:2]] and len({x.get_marker() for x in ax.lines}) == 3
    areas = [to_hex(area.get_facecolor()[0]) for area in ax.collections]
    assert areas == [color.lower() for color in shown]
    assert all(area.get_facecolor()[0, 3] < 0.3 for area in ax.collections)
    box = ax.get_legend().get_bbox_to_anchor().transformed(ax.transAxes.inverted())
    assert box.x0 > 1  # beside the lines, not on them


@pytest.mark.parametrize("series", [{}, {"a": {}}])
def test_bands_without_points_are_refused(series):
    with pytest.raises(ValueError, match="each line needs points"):
        bands(series, "x", "y")
