"""Pictures of positions show what they were given, and refuse what does not fit."""

import numpy as np
import pytest
import torch

from helpers.palette import COLORS, firm
from helpers.position_plots import bands, dials, maps


def test_maps_are_centred_on_zero_each_on_its_own_scale():
    first, second = torch.tensor([[1.0, -3.0], [0.0, 2.0]]), torch.tensor([[0.1, 0.2, 0.5]])
    figure = maps({"a": first, "b": second}, ["number", "place"], "position")
    images = [ax.images[0] for ax in figure.axes if ax.images]
    assert [image.get_clim() for image in images] == [(-3, 3), (-0.5, 0.5)]
    assert np.allclose(images[0].get_array(), first)
    labelled = [(ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) for ax in figure.axes[:2]]
    assert labelled == [("a", "number", "position"), ("b", "place", "position")]


def test_maps_of_shares_go_from_0_to_1():
    figure = maps({"weights": torch.eye(3) / 2}, ["key"], "query", signed=False)
    assert figure.axes[0].images[0].get_clim() == (0, 1)


@pytest.mark.parametrize(
    ("matrices", "labels"), [({"a": [1.0]}, ["x"]), ({"a": torch.eye(2)}, []), ({}, ["x"])]
)
def test_what_is_no_matrix_is_refused(matrices, labels):
    with pytest.raises(ValueError, match="two axes, and one label"):
        maps(matrices, labels, "y")


def test_dials_draw_every_hand_to_the_rim():
    figure = dials({"one": {"query": (3.0, 4.0), "0": (0.0, 2.0)}, "two": {"key": (-1.0, 0.0)}})
    one, two = figure.axes
    tips = [line.get_xydata()[-1] for line in one.lines[1:]]
    assert np.allclose(tips, [(0.6, 0.8), (0.6, 0.8), (0, 1), (0, 1)])
    assert [text.get_text() for text in one.texts] == ["query", "0"]
    assert one.texts[0].get_color() == firm(COLORS["query"]) and two.get_title() == "two"


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


@pytest.mark.parametrize("series", [{}, {"a": {}}])
def test_bands_without_points_are_refused(series):
    with pytest.raises(ValueError, match="each line needs points"):
        bands(series, "x", "y")
