"""Convex hulls against their definition; scatter plots with their groups, hulls and words."""

import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from helpers.figures.palette import COLORS, SERIES, SPARE
from helpers.figures.scatter import convex_hull, scatter_panels
from helpers.figures.style import darken


@given(n=st.integers(1, 12), seed=st.integers(0, 99), whole=st.booleans())
@settings(deadline=None, max_examples=60)
def test_the_hull_has_all_points_on_its_left(n, seed, whole):
    torch.manual_seed(seed)
    points = torch.randint(-2, 3, (n, 2)).double() if whole else torch.randn(n, 2).double()
    corners = convex_hull(points)
    assert all(any(torch.equal(corner, point) for point in points) for corner in corners)
    edges, ways = corners.roll(-1, 0) - corners, points[:, None] - corners
    assert (edges[:, 0] * ways[..., 1] - edges[:, 1] * ways[..., 0] >= -1e-9).all()
    turns = edges[:, 0] * edges.roll(-1, 0)[:, 1] - edges[:, 1] * edges.roll(-1, 0)[:, 0]
    assert len(corners) < 3 or (turns > 0).all()


def test_the_hull_of_a_square_with_points_in_and_on_it():
    square = torch.tensor([[0.0, 0], [2, 0], [2, 2], [0, 2]])
    more = torch.tensor([[1.0, 1], [1, 0], [2, 1], [0, 0]])
    assert torch.equal(convex_hull(torch.cat([more, square])), square)
    assert torch.equal(convex_hull(square[:1]), square[:1])
    assert torch.equal(convex_hull(square[2:].flip(0)), square[[3, 2]])


@pytest.mark.parametrize("points", [torch.zeros(3), torch.zeros(0, 2), torch.zeros(4, 3)])
def test_a_hull_of_no_points_in_a_plane_is_refused(points):
    message = f"points of shape {tuple(points.shape)}, but it needs (N, 2), N at least 1"
    with pytest.raises(ValueError, match=re.escape(message)):
        convex_hull(points)


def test_panels_have_their_groups_hulls_lines_and_names():
    corners = torch.tensor([[0.0, 0], [2, 0], [0, 2]])
    panels = {"before": {"a": corners, "b": corners[:1] + 1}, "after": {"a": 2 * corners}}
    figure = scatter_panels(
        panels, hulls=["a"], lines={"after": [corners[:2]]}, colors={"a": "comparison"},
        names={"before": {"a": ["p", "q", "r"]}}, labels={"after": ("right", "up")},
    )  # fmt: skip
    before, after = figure.axes
    assert (before.get_title(), after.get_title()) == ("before", "after")
    assert [t.get_text() for t in before.texts] == ["p", "q", "r"] and not after.texts
    assert len(before.patches) == len(after.patches) == 2
    assert len(after.lines) == 1 and (after.get_xlabel(), after.get_ylabel()) == ("right", "up")
    assert [t.get_text() for t in figure.legends[0].get_texts()] == ["a", "b"]
    for ax in (before, after):
        (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
        assert right - left == pytest.approx(high - low)
    assert after.get_xlim()[1] > 4


def test_a_line_joins_its_points_and_a_name_stands_beside_its_own():
    figure = scatter_panels(
        {"p": {"a": [[1.0, 2.0], [3.0, 4.0]]}},
        lines={"p": [([1, 2], [3, 5])]}, names={"p": {"a": ["first"]}},
    )  # fmt: skip
    (ax,) = figure.axes
    (line,), (name,) = ax.lines, ax.texts
    assert line.get_xydata().tolist() == [[1, 2], [3, 5]] and line.get_linestyle() == "--"
    assert line.get_color() == COLORS["muted"] and line.get_zorder() == 1  # behind the points
    assert list(name.xy) == [1, 2] and name.get_anncoords() == "offset points"
    assert min(name.xyann) > 4 and name.get_bbox_patch().get_facecolor() == (1, 1, 1, 1)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("first number", "second number")


def test_both_axes_show_one_length_centred_on_the_points():
    wide = torch.tensor([[100.0, -7], [104, -6]])
    for points in (wide, wide.flip(1), 1e-3 * wide):
        (ax,) = scatter_panels({"p": {"a": points}}).axes
        for (low, high), axis in zip((ax.get_xlim(), ax.get_ylim()), points.T, strict=True):
            spread = (points[1] - points[0]).abs().max().item()
            assert (low + high) / 2 == pytest.approx(axis.mean().item())
            assert 1.1 * spread < high - low < 1.5 * spread
    (ax,) = scatter_panels({"p": {"a": [[1.0, 1.0]]}}).axes  # a single point has no spread
    assert ax.get_xlim()[0] < 1 < ax.get_xlim()[1] < 1.01


def test_groups_differ_in_colour_and_marker():
    near = [[0.0, 0], [1, 0], [0, 1]]
    panels = {"p": dict.fromkeys(("key", "x", "y"), near)}
    figure = scatter_panels(panels, hulls="x", colors={"y": "RNN"})
    (ax,) = figure.axes
    key, x, y = ax.collections
    shown = [to_hex(group.get_facecolor()[0]) for group in (key, x, y)]
    assert shown == [color.lower() for color in (COLORS["key"], SPARE[0], SERIES["RNN"])]
    assert to_hex(y.get_edgecolor()[0]).upper() == darken(SERIES["RNN"])
    forms = {tuple(map(tuple, group.get_paths()[0].vertices)) for group in (key, x, y)}
    assert len(forms) == 3
    area, edge = ax.patches
    assert to_hex(area.get_facecolor()) == to_hex(edge.get_edgecolor()) == SPARE[0].lower()
    assert area.get_facecolor()[3] < 0.2 and edge.get_facecolor()[3] == 0
    assert max(area.get_zorder(), edge.get_zorder()) < x.get_zorder()
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["key", "x", "y"]


def test_many_points_are_small_and_transparent():
    (ax,) = scatter_panels({"p": {"few": torch.rand(40, 2), "many": torch.rand(41, 2)}}).axes
    few, many = ax.collections
    assert many.get_sizes()[0] < few.get_sizes()[0] / 3
    assert many.get_facecolor()[0, 3] == 0.5 and few.get_facecolor()[0, 3] == 1
    assert many.get_zorder() < few.get_zorder()


NOTHING, FLAT = "without points. Pass", r"The group 'a' is \(3,\), but a plane has two axes. Pass"


@pytest.mark.parametrize(
    ("panels", "message"),
    [
        ({}, NOTHING),
        ({"p": {}}, NOTHING),
        ({"p": {"a": []}}, NOTHING),
        ({"p": {"a": torch.zeros(3)}}, FLAT),
    ],
)
def test_panels_without_points_are_refused(panels, message):
    with pytest.raises(ValueError, match=message):
        scatter_panels(panels)
