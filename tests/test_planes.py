"""Hulls against a definition, and the figures of planes."""

import matplotlib.pyplot as plt
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.planes import grids, hull, planes


@given(n=st.integers(1, 12), seed=st.integers(0, 99), whole=st.booleans())
@settings(deadline=None, max_examples=60)
def test_the_hull_goes_round_all_points_to_the_left(n, seed, whole):
    torch.manual_seed(seed)
    points = torch.randint(-2, 3, (n, 2)).double() if whole else torch.randn(n, 2).double()
    corners = hull(points)
    assert all(any(torch.equal(corner, point) for point in points) for corner in corners)
    edges, ways = corners.roll(-1, 0) - corners, points[:, None] - corners
    assert (edges[:, 0] * ways[..., 1] - edges[:, 1] * ways[..., 0] >= -1e-9).all()
    turns = edges[:, 0] * edges.roll(-1, 0)[:, 1] - edges[:, 1] * edges.roll(-1, 0)[:, 0]
    assert len(corners) < 3 or (turns > 0).all()


def test_the_hull_of_a_square_with_points_in_and_on_it():
    square = torch.tensor([[0.0, 0], [2, 0], [2, 2], [0, 2]])
    more = torch.tensor([[1.0, 1], [1, 0], [2, 1], [0, 0]])
    assert torch.equal(hull(torch.cat([more, square])), square)
    assert torch.equal(hull(square[:1]), square[:1])


@pytest.mark.parametrize("points", [torch.zeros(3), torch.zeros(0, 2), torch.zeros(4, 3)])
def test_a_hull_of_something_else_is_refused(points):
    with pytest.raises(ValueError, match=r"needs \(N, 2\), N at least 1"):
        hull(points)


def test_planes_draw_their_groups_hulls_lines_and_names():
    corners = torch.tensor([[0.0, 0], [2, 0], [0, 2]])
    panels = {"before": {"a": corners, "b": corners[:1] + 1}, "after": {"a": 2 * corners}}
    figure = planes(
        panels, hulls=["a"], lines={"after": [corners[:2]]}, colors={"a": "#000000"},
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
    assert after.get_xlim()[1] > 4 and not plt.get_fignums()


@pytest.mark.parametrize("panels", [{}, {"p": {"a": torch.zeros(3)}}])
def test_planes_of_nothing_or_of_no_points_are_refused(panels):
    with pytest.raises(ValueError, match="Pass"):
        planes(panels)
    plt.close("all")


def test_grids_draw_each_table_with_its_first_row_at_the_bottom():
    figure = grids({f"unit {n}": torch.eye(4) * n for n in range(6)}, xlabel="b", ylabel="a")
    shown = [ax for ax in figure.axes if ax.get_visible()]
    assert [ax.get_title() for ax in shown] == [f"unit {n}" for n in range(6)]
    assert all(ax.images[0].origin == "lower" for ax in shown) and not plt.get_fignums()


@pytest.mark.parametrize("tables", [{}, {"a": torch.zeros(3)}])
def test_grids_of_no_matrix_are_refused(tables):
    with pytest.raises(ValueError, match="grids draws matrices"):
        grids(tables)
