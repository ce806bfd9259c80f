"""Figures show what they were given, with labels on every axis, and refuse what does not fit."""

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex

from helpers.figures.charts import COLORS, attention_map, bars, curves, gaze, heatmap, swatches
from helpers.figures.diagrams import diagram
from helpers.figures.position_plots import bands, dials
from helpers.figures.scatter import planes
from helpers.figures.style import SPARE, contrast, firm
from images import draw
from tests.figures.test_style import edge


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


def test_curves_show_shares_whole_and_all_else_as_far_as_it_goes():
    far = {"a": {1: 5.0, 2: 90.0}}
    limits = [ax.get_ylim() for ax in curves(far, "x", "y", title="All").axes]
    assert limits == [(-0.03, 1.03)]
    (ax,) = curves(far, "x", "y", ylim=None, title="All").axes
    assert ax.get_ylim()[0] < 5 and ax.get_ylim()[1] > 90
    assert ax.get_title() == "All" and ax.get_legend() is None  # one line needs no name
    (ax,) = curves({"a": {1: 0.5, 10: 0.7}}, "x", "y", log="x").axes
    assert (ax.get_xscale(), ax.get_yscale(), ax.get_ylim()) == ("log", "linear", (-0.03, 1.03))
    assert curves({"a": {1: 0.5}}, "x", "y").axes[0].get_title() == ""


def test_curves_count_their_axis_by_the_whole_numbers_that_they_have():
    def ticks(points):
        return curves({"a": points}, "x", "y").axes[0].get_xticks().tolist()

    few, many = dict.fromkeys((1, 3, 7, 1000), 0.5), dict.fromkeys(range(17), 0.5)
    assert ticks(few) == [1, 3, 7, 1000] and ticks(dict.fromkeys(range(16), 0.5)) == [*range(16)]
    assert ticks(many) != list(many) and ticks({0.5: 0.1, 1: 0.2}) != [0.5, 1]


def test_colours_that_are_asked_for_are_used_and_others_are_spare():
    series = {"key": {1: 0.1}, "mine": {1: 0.2}, "x": {1: 0.3}, "y": {1: 0.4}}
    lines = curves(series, "x", "y", {"mine": "red"}).axes[0].lines
    assert [line.get_color() for line in lines] == [COLORS["key"], "red", *SPARE[:2]]
    values = {name: [0.5] for name in series}
    drawn = bars(values, ["a"], colors={"mine": "red"}).axes[0].patches
    shown = [to_hex(bar.get_facecolor()) for bar in drawn]
    assert shown == [color.lower() for color in (COLORS["key"], "#FF0000", *SPARE[:2])]
    assert len({bar.get_hatch() for bar in drawn}) == 4  # colour is not the only carrier


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


def test_a_heat_map_says_what_its_axes_are_and_leaves_blank_what_is_not_there():
    shares = np.array([[0.5, np.nan], [1.0, 0.25]])
    figure = heatmap(shares, "ab", "cd", ylabel="rows", xlabel="columns", title="Shares")
    ax, bar = figure.axes
    assert (ax.get_ylabel(), ax.get_xlabel(), ax.get_title()) == ("rows", "columns", "Shares")
    assert [t.get_text() for t in ax.texts] == ["0.50", "1.00", "0.25"]
    assert bar.get_yticks().tolist() == [0, 0.5, 1]
    blank = ax.collections[0].get_facecolors()[1]
    assert blank[3] == 0 and to_hex(ax.get_facecolor()) == "#ffffff"
    plain = heatmap(shares / 2 + 0.1, "ab", "cd").axes[0]
    assert plain.get_ylabel() == plain.get_xlabel() == plain.get_title() == ""
    assert plain.collections[0].get_clim() == (0, 1)  # whatever numbers there are
    darkness = [heatmap([[s]], "a", "b").axes[0].collections[0] for s in (0, 0.5, 1)]
    sums = [mesh.get_facecolors()[0, :3].sum() for mesh in darkness]
    assert sums[0] > sums[1] > sums[2]


def test_a_heat_map_of_few_cells_has_numbers_and_one_of_many_has_none():
    counts = [len(heatmap(np.zeros((n, 16)), "a" * n, "a" * 16).axes[0].texts) for n in (10, 11)]
    assert counts == [160, 0]
    assert not heatmap(np.zeros((2, 2)), "ab", "ab", numbers=False).axes[0].texts


@pytest.mark.parametrize(("word", "slant"), [("four", 0), ("seven", 45)])
def test_long_words_lean_and_short_ones_stand(word, slant):
    ax = heatmap([[0.1, 0.9]], ["seventeen"], ["a", word]).axes[0]
    assert {label.get_rotation() for label in ax.get_xticklabels()} == {slant}
    assert {label.get_rotation() for label in ax.get_yticklabels()} == {0}
    assert {label.get_ha() for label in ax.get_xticklabels()} == {"right" if slant else "center"}


def test_gold_is_outlined_in_one_colour_and_not_filled():
    ax = heatmap(np.zeros((2, 3)), "ab", "cde", gold=[[1, 2], []]).axes[0]
    boxes = [(patch.get_xy(), patch.get_width(), patch.get_height()) for patch in ax.patches]
    assert boxes == [((1, 0), 1, 1), ((2, 0), 1, 1)]
    assert {to_hex(patch.get_edgecolor()) for patch in ax.patches} == {COLORS["query"].lower()}
    assert not any(patch.get_fill() for patch in ax.patches)


def test_an_attention_map_has_what_was_written_down_and_the_source_across():
    ax = attention_map([[0.9, 0.1]], ["사"], ["four", "and"], gold=[[0]], title="Where").axes[0]
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("written (queries)", "source (keys)")
    assert ax.get_title() == "Where" and len(ax.patches) == 1
    assert [t.get_text() for t in ax.get_xticklabels()] == ["four", "and"]


@pytest.mark.parametrize(
    ("draw", "told"),
    [
        (heatmap, "3 row labels and 2 column labels.*transpose"),
        (gaze, "3 tokens were written from 2 words"),
    ],
)
def test_a_transposed_heat_map_is_refused(draw, told):
    with pytest.raises(ValueError, match=told):
        draw(np.zeros((2, 3)), "abc", "de")


@pytest.mark.parametrize(
    ("draw", "given"),
    [
        (heatmap, (np.zeros((0, 0)), "", "")),
        (heatmap, (np.zeros((0, 3)), "", "abc")),
        (gaze, (np.zeros((3, 0)), "abc", "")),
        (bars, ({}, ["a"])),
        (bars, ({"w": []}, [])),
        (swatches, ([], [])),
        (swatches, ([], ["a"])),
    ],
)
def test_figures_of_nothing_are_refused(draw, given):
    with pytest.raises(ValueError, match=f"^{draw.__name__} got nothing to draw"):
        draw(*given)


def test_bars_have_one_height_for_each_label():
    figure = bars({"weights": torch.tensor([0.25, 0.75])}, ["a", "b"], ylabel="share")
    assert [patch.get_height() for patch in figure.axes[0].patches] == [0.25, 0.75]
    with pytest.raises(ValueError, match="(?s)'w' has 3 values.*2 labels"):
        bars({"w": [1, 2, 3]}, ["a", "b"])


def test_bars_of_one_label_stand_side_by_side_around_it_each_with_its_number():
    heights = {"x": [0.25, 1.0], "y": [0.5, 0.75]}
    figure = bars(heights, ["a", "b"], ylabel="share", xlabel="of", title="Two")
    (ax,) = figure.axes
    assert (ax.get_ylabel(), ax.get_xlabel(), ax.get_title()) == ("share", "of", "Two")
    places = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    assert np.allclose(places, [(-0.4, 0), (0.6, 1), (0, 0.4), (1, 1.4)])
    assert ax.get_xticks().tolist() == [0, 1]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "b"]
    assert [number.get_text() for number in ax.texts] == ["0.25", "1.00", "0.50", "0.75"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["x", "y"]
    assert ax.get_ylim()[1] > 1.05  # room for the number on top
    assert not bars({"x": [1.0]}, ["a"]).legends
    plain = bars({name: [1.0] for name in "vwxyz"}, ["a"]).axes[0]
    assert plain.get_ylabel() == plain.get_xlabel() == plain.get_title() == ""
    assert plain.patches[4].get_x() + plain.patches[4].get_width() == pytest.approx(0.4)
    counts = [len(bars({"x": [1.0] * n}, ["a"] * n).axes[0].texts) for n in (16, 17)]
    assert counts == [16, 0]


def test_figures_grow_with_what_there_is_to_read():
    def widths(make):
        return [make("abc" * n).get_figwidth() for n in (1, 4)]

    for make in (
        lambda names: bars({"x": [1.0] * len(names)}, names),
        lambda names: bars({"x": [1.0] * len(names), "y": [1.0] * len(names)}, names),
        lambda names: swatches(np.ones((len(names), 3)), names),
        lambda names: gaze(np.eye(len(names)), names, names),
        lambda names: heatmap(np.eye(len(names)), names, names),
    ):
        narrow, wide = widths(make)
        assert 1.3 * narrow < wide < 20


def test_swatches_show_colours_and_refuse_what_is_none():
    figure = swatches([[1, 0, 0], [0, 0, 1]], ["red", "blue"])
    (ax,) = figure.axes
    assert ax.images[0].get_array().tolist() == [[[1, 0, 0], [0, 0, 1]]]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["red", "blue"]
    assert ax.get_xticks().tolist() == [0, 1] and not len(ax.get_yticks())
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
    assert np.allclose(
        ax.collections[0].get_offsets(), [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]
    )
    assert [label.get_text() for label in ax.get_xticklabels()] == ["일요일", "and", "2026"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["2026", "Sunday"]
    assert (ax.get_xlabel(), ax.get_title()) == ("source (keys)", "")
    assert ax.get_ylabel() == "written (queries), in order"
    (low, high), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert low < 0 < 2 < high and top < 0 < 1 < bottom
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first step is on top
