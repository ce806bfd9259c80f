"""Charts: the data on the right axes, in the colour of their meaning; refusals in a sentence."""

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex

from helpers.figures.charts import (
    attention_map,
    bars,
    curves,
    dials,
    gaze,
    heatmap,
    heatmap_grid,
    swatches,
)
from helpers.figures.diagrams import diagram
from helpers.figures.palette import COLORS, SERIES, SPARE
from helpers.figures.style import contrast, darken


def texts(labels):
    """Return what matplotlib's texts say."""
    return [label.get_text() for label in labels]


def points(start, stop, y=0.5):
    """Return a series with one point at each whole number."""
    return dict.fromkeys(range(start, stop), y)


# --- curves ---------------------------------------------------------------------------------


def test_curves_draw_every_point_and_name_every_line():
    series = {"with attention": {3: 1.0, 4: 0.9}, "else": {3: 0.5, 4: torch.tensor(0.1)}}
    (ax,) = curves(series, "digits", "match", title="All").axes
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("digits", "match", "All")
    assert ax.lines[0].get_xydata().tolist() == [[3, 1.0], [4, 0.9]]
    assert np.allclose(ax.lines[1].get_xydata(), [[3, 0.5], [4, 0.1]])
    assert texts(ax.get_legend().get_texts()) == ["with attention", "else"]
    assert len({line.get_marker() for line in ax.lines}) == 2  # colour is not the only carrier
    assert ax.get_ylim() == (-0.03, 1.03) and not ax.collections


def test_curves_of_several_values_draw_means_in_a_band():
    series = {"key": {16: [0.2, 0.4], 32: torch.tensor([0.1, 0.3])}, "b": {16: 1.0, 32: 0.5}}
    (ax,) = curves(series, "tokens", "share", log="x").axes
    assert np.allclose(ax.lines[0].get_xydata(), [(16, 0.3), (32, 0.2)])
    (band,) = ax.collections  # none for the line of single values
    corners = {(x, round(y, 6)) for x, y in band.get_paths()[0].vertices}
    assert {(16, 0.2), (16, 0.4), (32, 0.1), (32, 0.3)} <= corners
    assert to_hex(band.get_facecolor()[0]) == COLORS["key"].lower()
    assert band.get_facecolor()[0, 3] < 0.3


@pytest.mark.parametrize(
    ("log", "scales"),
    [("", ("linear", "linear")), ("x", ("log", "linear")), ("xy", ("log", "log"))],
)
def test_curves_go_on_log_axes(log, scales):
    (ax,) = curves({"a": {32: 1e-9, 2048: 0.1}}, "words", "seconds", log=log).axes
    assert (ax.get_xscale(), ax.get_yscale()) == scales
    assert texts(ax.get_xticklabels()) == ["32", "2,048"]
    low, high = ax.get_ylim()
    assert (0 < low < 1e-9 and high > 0.1) if "y" in log else (low, high) == (-0.03, 1.03)


def test_curves_without_limits_show_all_points():
    (ax,) = curves({"a": {1: 5.0, 2: 90.0}}, "x", "y", ylim=None).axes
    assert ax.get_ylim()[0] < 5 and ax.get_ylim()[1] > 90


def test_curves_tick_the_whole_numbers_that_they_have_where_these_are_few():
    def ticks(series):
        return curves({"a": series}, "x", "y").axes[0].get_xticks().tolist()

    assert ticks(dict.fromkeys((1, 3, 7, 1000), 0.5)) == [1, 3, 7, 1000]
    assert ticks(points(0, 16)) == [*range(16)] and ticks(points(0, 17)) != [*range(17)]
    assert ticks({0.5: 0.1, 1: 0.2}) != [0.5, 1]


def test_a_log_axis_with_a_single_power_of_ten_is_labelled_between():
    def labels(low, high):
        figure = curves({"a": {1: low, 2: high}}, "x", "y", log="y")
        figure.canvas.draw()
        return {label.get_text() for label in figure.axes[0].get_yticklabels()}

    assert {"20", "50", "100", "200", "500"} <= labels(12, 600)
    assert not {"20", "50"} & (labels(1, 600) | labels(12, 60))


def test_curves_of_many_points_have_no_markers_and_legends_of_many_lines_stand_beside():
    marks = [curves({"a": points(0, n)}, "x", "y").axes[0].lines[0].get_marker() for n in (64, 65)]
    assert marks == ["o", "None"]
    for count, beside in ((1, None), (5, False), (6, True)):
        (ax,) = curves({str(n): points(0, 3) for n in range(count)}, "x", "y").axes
        box = ax.get_legend() and ax.get_legend().get_bbox_to_anchor()
        assert (box and box.transformed(ax.transAxes.inverted()).x0 > 1) == beside


def test_curves_mark_a_limit_by_a_dashed_line():
    *_, line = curves({"a": points(0, 3)}, "x", "y", limit=1.5).axes[0].lines
    assert line.get_xdata() == [1.5, 1.5] and line.get_linestyle() == "--"
    assert line.get_color() == COLORS["ink"]


@pytest.mark.parametrize("series", [{}, {"a": {}}])
def test_curves_without_points_are_refused(series):
    with pytest.raises(ValueError, match="each line needs points"):
        curves(series, "x", "y")


# --- colours --------------------------------------------------------------------------------


def test_curves_and_bars_take_colours_of_a_meaning_a_name_or_the_next_spare_one():
    names, colors = ["key", "LSTM", "mine", "x", "y"], {"mine": "query"}
    expected = [COLORS["key"], SERIES["LSTM"], COLORS["query"], *SPARE[:2]]
    lines = curves({name: {1: 0.1} for name in names}, "x", "y", colors).axes[0].lines
    assert [line.get_color() for line in lines] == expected
    patches = bars({name: [0.5] for name in names}, ["a"], colors=colors).axes[0].patches
    assert [to_hex(bar.get_facecolor()).upper() for bar in patches] == expected
    assert len({bar.get_hatch() for bar in patches[:4]}) == 4  # colour is not the only carrier
    for draw in (lambda: curves({"a": {1: 0.1}}, "x", "y", {"a": "#E69F00"}),
                 lambda: bars({"a": [1]}, ["x"], colors={"a": "#E69F00"}),
                 lambda: heatmap([[1]], "a", "b", color="#E69F00")):  # fmt: skip
        with pytest.raises(ValueError, match="no colour for '#E69F00'"):
            draw()


def test_pale_colours_get_a_dark_edge():
    pale, name = COLORS["without attention"], "without attention"
    (line,) = curves({name: {1: 0.2, 2: 0.3}}, "x", "y").axes[0].lines
    assert line.get_color() == pale and line.get_markeredgecolor() == darken(pale)
    assert contrast(line.get_path_effects()[0]._gc["foreground"]) >= 4.5
    (bar,) = bars({name: [1.0]}, ["x"]).axes[0].patches
    assert to_hex(bar.get_edgecolor()).upper() == darken(pale)


# --- heat maps ------------------------------------------------------------------------------


def test_a_heatmap_has_rows_down_columns_across_and_a_scale_from_0_to_1():
    weights = torch.tensor([[0.9, 0.1, 0.0], [0.2, 0.3, 0.5]])
    labels = {"ylabel": "queries", "xlabel": "keys", "title": "Weights"}
    ax, bar = heatmap(weights, ["사", "칠"], ["four", "and", "seven"], **labels).axes
    assert (ax.get_ylabel(), ax.get_xlabel(), ax.get_title()) == tuple(labels.values())
    assert texts(ax.get_yticklabels()) == ["사", "칠"]
    assert texts(ax.get_xticklabels()) == ["four", "and", "seven"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first row is on top
    mesh = ax.collections[0]
    assert np.allclose(mesh.get_array().reshape(2, 3), weights)
    assert mesh.get_clim() == (0, 1) and bar.get_yticks().tolist() == [0, 0.5, 1]
    assert texts(ax.texts) == ["0.90", "0.10", "0.00", "0.20", "0.30", "0.50"]


def test_a_heatmap_leaves_nan_blank():
    ax = heatmap([[0.5, np.nan], [1.0, 0.25]], "ab", "cd").axes[0]
    assert texts(ax.texts) == ["0.50", "1.00", "0.25"]
    assert ax.collections[0].get_facecolors()[1, 3] == 0
    assert to_hex(ax.get_facecolor()) == "#ffffff"


def test_a_heatmap_outlines_gold():
    ax = heatmap(np.zeros((2, 3)), "ab", "cde", gold=[[1, 2], []]).axes[0]
    boxes = [(patch.get_xy(), patch.get_width(), patch.get_height()) for patch in ax.patches]
    assert boxes == [((1, 0), 1, 1), ((2, 0), 1, 1)]
    assert {to_hex(patch.get_edgecolor()) for patch in ax.patches} == {COLORS["query"].lower()}
    assert not any(patch.get_fill() for patch in ax.patches)


def test_a_heatmap_has_numbers_where_cells_are_few_and_is_smaller_without():
    counts = [len(heatmap(np.zeros((n, 16)), "a" * n, "a" * 16).axes[0].texts) for n in (10, 11)]
    assert counts == [160, 0]
    wide, narrow = (heatmap(np.eye(9), "a" * 9, "a" * 9, numbers=n) for n in (True, False))
    assert not narrow.axes[0].texts and narrow.get_figwidth() < 0.9 * wide.get_figwidth()


@pytest.mark.parametrize("color", ["key", "value", "without attention"])
def test_the_numbers_of_a_heatmap_stand_out_in_every_cell(color):
    shares = np.linspace(0, 1, 101)[:, None]
    ax = heatmap(shares, [""] * 101, ["all"], color=color, numbers=True).axes[0]
    grounds = ax.collections[0].get_facecolors()
    pairs = list(zip(ax.texts, grounds, strict=True))
    assert all(contrast(number.get_color(), ground[:3]) >= 4.5 for number, ground in pairs)
    assert to_hex(grounds[100]).upper() == COLORS[color]
    assert grounds[0, :3].sum() > grounds[50, :3].sum() > grounds[100, :3].sum()


@pytest.mark.parametrize(("word", "angle"), [("four", 0), ("seven", 45)])
def test_long_column_labels_are_rotated(word, angle):
    ax = heatmap([[0.1, 0.9]], ["seventeen"], ["a", word]).axes[0]
    assert {label.get_rotation() for label in ax.get_xticklabels()} == {angle}
    assert {label.get_rotation() for label in ax.get_yticklabels()} == {0}
    assert {label.get_ha() for label in ax.get_xticklabels()} == {"right" if angle else "center"}


@pytest.mark.slow
def test_a_heatmap_grid_has_row_0_on_top_and_is_darkest_where_it_is_largest():
    table = torch.arange(40.0).reshape(4, 10)
    figure = heatmap_grid({f"unit {n}": n + table for n in range(6)}, xlabel="b", ylabel="a")
    shown = [ax for ax in figure.axes if ax.get_visible()]
    assert [ax.get_title() for ax in shown] == [f"unit {n}" for n in range(6)]
    assert len({round(ax.get_position().y0, 2) for ax in shown}) == 2  # four in a row
    assert (figure.get_supxlabel(), figure.get_supylabel()) == ("b", "a")
    mesh, (low, high) = shown[0].collections[0], shown[0].get_ylim()
    assert low > high and np.allclose(mesh.get_array().reshape(4, 10), table)
    pale, middle, dark = (contrast(mesh.cmap(mesh.norm(x))) for x in (0.0, 20.0, 39.0))
    assert pale < middle < dark
    assert {ax.collections[0].get_clim()[0] for ax in shown} == {0}  # an influence of 0 is pale
    assert texts(shown[0].get_xticklabels()) == list(map(str, range(10)))
    assert texts(shown[0].get_yticklabels()) == ["0", "1", "2", "3"]


@pytest.mark.parametrize("tables", [{}, {"a": torch.zeros(3)}])
def test_a_heatmap_grid_of_no_matrix_is_refused(tables):
    with pytest.raises(ValueError, match="heatmap_grid draws matrices"):
        heatmap_grid(tables)


# --- attention ------------------------------------------------------------------------------


def test_an_attention_map_has_target_tokens_down_and_the_source_across():
    ax = attention_map([[0.9, 0.1]], ["사"], ["four", "and"], gold=[[0]], title="Where").axes[0]
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("written (queries)", "source (keys)")
    assert ax.get_title() == "Where" and len(ax.patches) == 1
    assert texts(ax.get_xticklabels()) == ["four", "and"]


def test_a_gaze_plot_joins_the_heaviest_words_in_the_order_of_writing():
    weights = torch.tensor([[0.1, 0.2, 0.7], [0.6, 0.3, 0.1]])
    ax = gaze(weights, ["2026", "Sunday"], ["일요일", "and", "2026"]).axes[0]
    assert ax.lines[0].get_xydata().tolist() == [[2, 0], [0, 1]]
    dots = ax.collections[0]
    assert dots.get_offsets().tolist() == [[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1]]
    assert np.allclose(dots.get_sizes() / dots.get_sizes().sum(), weights.flatten() / 2)
    assert texts(ax.get_xticklabels()) == ["일요일", "and", "2026"]
    assert texts(ax.get_yticklabels()) == ["2026", "Sunday"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("source (keys)", "written (queries), in order")
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left < 0 < 2 < right and top < 0 < 1 < bottom  # the first step is on top


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (heatmap, "3 row labels and 2 column labels.*transpose"),
        (gaze, "3 tokens were written from 2 words"),
    ],
)
def test_transposed_weights_are_refused(draw, message):
    with pytest.raises(ValueError, match=message):
        draw(np.zeros((2, 3)), "abc", "de")


# --- bars, dials, swatches, diagrams --------------------------------------------------------


def test_bars_of_one_label_stand_side_by_side_around_it_each_with_its_number():
    heights = {"x": torch.tensor([0.25, 1.0]), "y": [0.5, 0.75]}
    figure = bars(heights, ["a", "b"], ylabel="share", xlabel="of", title="Two")
    (ax,) = figure.axes
    assert (ax.get_ylabel(), ax.get_xlabel(), ax.get_title()) == ("share", "of", "Two")
    assert [bar.get_height() for bar in ax.patches] == [0.25, 1.0, 0.5, 0.75]
    places = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    assert np.allclose(places, [(-0.4, 0), (0.6, 1), (0, 0.4), (1, 1.4)])
    assert ax.get_xticks().tolist() == [0, 1] and texts(ax.get_xticklabels()) == ["a", "b"]
    assert texts(ax.texts) == ["0.25", "1.00", "0.50", "0.75"]
    assert texts(figure.legends[0].get_texts()) == ["x", "y"]
    assert ax.get_ylim()[1] > 1.05  # room for the number on top


def test_bars_of_large_numbers_are_labelled_without_decimals():
    large, small = (bars({"a": [value, 0]}, ["x", "y"]).axes[0].texts for value in (1246.67, 2.345))
    assert [text.get_text() for text in large] == ["1,247", "0"]
    assert [text.get_text() for text in small] == ["2.35", "0.00"]


def test_bars_of_one_list_have_no_legend_and_many_bars_no_numbers():
    assert not bars({"x": [1.0]}, ["a"]).legends
    counts = [len(bars({"x": [1.0] * n}, ["a"] * n).axes[0].texts) for n in (16, 17)]
    assert counts == [16, 0]


def test_bars_without_one_value_for_each_label_are_refused():
    with pytest.raises(ValueError, match="(?s)'w' has 3 values.*2 labels"):
        bars({"w": [1, 2, 3]}, ["a", "b"])


def test_dials_draw_every_hand_to_the_rim():
    figure = dials({"one": {"query": (3.0, 4.0), "0": (0.0, 2.0)}, "two": {"key": (-1.0, 0.0)}})
    one, two = figure.axes
    assert np.allclose(np.hypot(*one.lines[0].get_xydata().T), 1)  # the rim
    hands = one.lines[1::2]
    assert np.allclose(
        [hand.get_xydata() for hand in hands], [[(0, 0), (0.6, 0.8)], [(0, 0), (0, 1)]]
    )
    assert [hand.get_color() for hand in hands] == [COLORS["query"], COLORS["key"]]
    assert texts(one.texts) == ["query", "0"] and two.get_title() == "two"
    assert all(contrast(text.get_color()) >= 4.5 for text in one.texts)
    assert one.get_aspect() == 1 and not one.axison


def test_the_names_of_hands_stand_outside_on_their_side():
    hands = {"right": (1, 0.1), "left": (-1, 0.1), "up": (0.1, 1), "down": (0.1, -1)}
    (ax,) = dials({"one": hands}).axes
    sides = {text.get_text(): text.get_ha() for text in ax.texts}
    assert sides == {"right": "left", "left": "right", "up": "center", "down": "center"}
    for text in ax.texts:
        place, hand = np.array(text.get_position()), np.array(hands[text.get_text()])
        assert 1.1 < np.hypot(*place) < 1.3
        assert place @ hand > 0.99 * np.hypot(*place) * np.hypot(*hand)


def test_dials_without_a_clock_are_refused():
    with pytest.raises(ValueError, match="no clocks"):
        dials({})


def test_swatches_show_colours_and_refuse_what_is_none():
    (ax,) = swatches([[1, 0, 0], [0, 0, 1]], ["red", "blue"]).axes
    assert ax.images[0].get_array().tolist() == [[[1, 0, 0], [0, 0, 1]]]
    assert texts(ax.get_xticklabels()) == ["red", "blue"]
    assert ax.get_xticks().tolist() == [0, 1] and not len(ax.get_yticks())
    with pytest.raises(ValueError, match="(?s)1.50, for 1 labels.*from 0 to 1"):
        swatches([[1.5, 0, 0]], ["too red"])


def test_a_diagram_is_found_by_name_and_an_unknown_name_is_refused():
    assert "<svg" in diagram("attention_process").data
    with pytest.raises(ValueError, match="(?s)no diagram 'nope'.*attention_process"):
        diagram("nope")


def test_a_diagram_is_the_one_of_the_readers_edition(monkeypatch, tmp_path):
    english = diagram("banner").data
    monkeypatch.setenv("COURSE_EDITION", "ko")
    assert "<title" in english and ' lang="ko"' in diagram("banner").data
    (tmp_path / "banner.svg").write_text(english, encoding="utf-8")
    monkeypatch.setattr("helpers.figures.diagrams.IMAGES", tmp_path)
    with pytest.raises(ValueError, match="banner"):  # no English in place of what is missing
        diagram("banner")


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


@pytest.mark.parametrize(
    "draw",
    [
        lambda names: bars({"x": [1.0] * len(names)}, names),
        lambda names: bars({"x": [1.0] * len(names), "y": [1.0] * len(names)}, names),
        lambda names: swatches(np.ones((len(names), 3)), names),
        lambda names: gaze(np.eye(len(names)), names, names),
        lambda names: heatmap(np.eye(len(names)), names, names),
    ],
)
def test_figures_grow_with_their_labels(draw):
    narrow, wide = (draw("abc" * n).get_figwidth() for n in (1, 4))
    assert 1.3 * narrow < wide < 20
