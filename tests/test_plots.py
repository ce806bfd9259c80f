"""Figures show what they were given, with labels on every axis, and refuse what does not fit."""

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex

from helpers.palette import contrast, firm
from helpers.planes import planes
from helpers.plots import COLORS, bars, curves, diagram, gaze, heatmap, swatches
from helpers.position_plots import bands, dials
from images import draw
from tests.test_palette import edge


def test_curves_draw_every_point_and_name_every_line():
    series = {"with attention": {3: 1.0, 4: 0.9}, "else": {3: 0.5, 4: 0.1}}
    figure = curves(series, "digits", "match")
    (ax,) = figure.axes
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("digits", "match")
    assert ax.lines[0].get_xydata().tolist() == [[3, 1.0], [4, 0.9]]
    assert ax.lines[0].get_color() == COLORS["with attention"]
    assert len({line.get_marker() for line in ax.lines}) == 2  # colour is not the only carrier
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["with attention", "else"]


def test_curves_go_on_log_axes_if_told():
    figure = curves({"a": {32: 1e-9, 2048: 0.1}}, "words", "seconds", log="xy")
    (ax,) = figure.axes
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert ax.get_ylim()[0] < 1e-9 and ax.get_ylim()[1] > 0.1
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["32", "2,048"]
    (plain,) = curves({"a": {1: 0.5, 2: 0.1}}, "words", "share").axes
    assert (plain.get_xscale(), plain.get_yscale()) == ("linear", "linear")


@pytest.mark.parametrize("series", [{}, {"a": {}}])
def test_curves_without_points_are_refused(series):
    with pytest.raises(ValueError, match="each line needs points"):
        curves(series, "x", "y")


def test_a_heat_map_has_queries_down_keys_across_and_a_scale_from_0_to_1():
    weights = torch.tensor([[0.9, 0.1, 0.0], [0.2, 0.3, 0.5]])
    figure = heatmap(weights, ["사", "칠"], ["four", "and", "seven"], gold=[[0], [2]])
    ax = figure.axes[0]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["사", "칠"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["four", "and", "seven"]
    mesh = ax.collections[0]
    assert mesh.get_clim() == (0, 1)
    assert np.allclose(mesh.get_array().reshape(2, 3), weights)
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first query is on top
    assert [t.get_text() for t in ax.texts] == ["0.90", "0.10", "0.00", "0.20", "0.30", "0.50"]
    outlined = [p.get_xy() for p in ax.patches if p.get_edgecolor()[:3] != (1, 1, 1)]
    assert outlined == [(0, 0), (2, 1)]


def test_a_transposed_heat_map_is_refused():
    with pytest.raises(ValueError, match="(?s)3 row labels and 2.*transpose"):
        heatmap(np.zeros((2, 3)), ["a", "b", "c"], ["d", "e"])


def test_bars_have_one_height_for_each_label():
    figure = bars({"weights": torch.tensor([0.25, 0.75])}, ["a", "b"], ylabel="share")
    assert [patch.get_height() for patch in figure.axes[0].patches] == [0.25, 0.75]
    with pytest.raises(ValueError, match="(?s)'w' has 3 values.*2 labels"):
        bars({"w": [1, 2, 3]}, ["a", "b"])


def test_swatches_show_colours_and_refuse_what_is_none():
    figure = swatches([[1, 0, 0], [0, 0, 1]], ["red", "blue"])
    assert figure.axes[0].images[0].get_array().shape == (1, 2, 3)
    with pytest.raises(ValueError, match="(?s)1.50, for 1 labels.*from 0 to 1"):
        swatches([[1.5, 0, 0]], ["too red"])


def test_a_diagram_is_found_by_name_and_the_others_are_named():
    assert "<svg" in diagram("attention_process").data
    with pytest.raises(ValueError, match="(?s)no diagram 'nope'.*attention_process"):
        diagram("nope")


def test_diagrams_and_plots_share_one_palette():
    shared = set(draw.COLORS) & set(COLORS)
    assert {"query", "key", "value", "with attention", "without attention"} <= shared
    assert {name: draw.COLORS[name].lower() for name in shared} == {
        name: COLORS[name].lower() for name in shared
    }


def test_figures_draw_pale_colours_with_their_edges():
    pale = {"a": "#E69F00"}
    (line,) = curves({"a": {1: 0.2, 2: 0.3}}, "x", "y", pale).axes[0].lines
    assert line.get_color() == "#E69F00" and line.get_markeredgecolor() == firm("#E69F00")
    assert edge({"path_effects": line.get_path_effects()}) >= 3
    (bar,) = bars({"a": [1.0]}, ["x"], colors=pale).axes[0].patches
    assert to_hex(bar.get_edgecolor()) == firm("#E69F00")
    (line,) = bands({"a": {1: [0.2, 0.3]}}, "x", "y", pale).axes[0].lines
    assert line.get_markeredgecolor() == firm("#E69F00")
    dots = planes({"p": {"a": np.random.default_rng(0).normal(size=(50, 2))}}, colors=pale).axes[0]
    assert to_hex(dots.collections[0].get_edgecolor()[0]) == firm("#E69F00")
    words = dials({"at 1": {"query": (1, 0), "key": (0, 1)}}).axes[0].texts
    assert all(contrast(word.get_color()) >= 4.5 for word in words)


@pytest.mark.parametrize("color", ["key", "value", "without attention"])
def test_the_numbers_of_a_heatmap_stand_out_in_every_cell(color):
    shares = np.linspace(0, 1, 101)[:, None]
    ax = heatmap(shares, [""] * 101, ["all"], color=color, numbers=True).axes[0]
    ground = ax.collections[0].get_facecolors()
    assert all(contrast(n.get_color(), g[:3]) >= 4.5 for n, g in zip(ax.texts, ground, strict=True))
    assert [n.get_text() for n in ax.texts[:2]] == ["0.00", "0.01"]


def test_a_heatmap_without_numbers_has_smaller_cells_so_that_labels_can_be_read():
    wide = [
        heatmap(np.eye(16), "a" * 16, "a" * 16, numbers=n).get_figwidth() for n in (True, False)
    ]
    assert wide[1] < 0.85 * wide[0]


def test_a_gaze_goes_down_in_the_order_of_writing_through_the_heaviest_words():
    weights = torch.tensor([[0.1, 0.2, 0.7], [0.6, 0.3, 0.1]])
    ax = gaze(weights, ["2026", "Sunday"], ["일요일", "and", "2026"]).axes[0]
    assert ax.lines[0].get_xydata().tolist() == [[2, 0], [0, 1]]
    sizes = ax.collections[0].get_sizes()
    assert np.allclose(sizes / sizes.sum(), weights.flatten() / 2)
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first step is on top
    with pytest.raises(ValueError, match=r"(?s)\(2, 3\).*3 tokens were written from 2 words"):
        gaze(weights, ["a", "b", "c"], ["d", "e"])
