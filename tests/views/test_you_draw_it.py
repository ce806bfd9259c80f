"""You draw it: its data, what it refuses, its tables without scripts, drawing by keys."""

import math

import numpy as np
import pytest
import torch

from helpers.figures.palette import COLORS, SERIES, contrast
from helpers.views.you_draw_it import you_draw_it
from tests.support.browser import Reader, needs_browser, payload, title_after

EXACT = {3: 1.0, 4: 0.94, 5: 0.5, 6: 0.0}
CURVES = {"RNN": EXACT, "GRU": {3: 0.9, 4: 0.8, 5: 0.7, 6: 0.6}}


def make(series=CURVES, **changes):
    return you_draw_it(series, "digits", "exact match", **changes)


def test_payload_holds_what_was_given():
    data = payload(make(title="How far?", given={"LSTM": {3: 1, 9: 0.25}}, log="x"))
    assert (data["xlabel"], data["ylabel"], data["title"]) == ("digits", "exact match", "How far?")
    assert (data["ylim"], data["log"]) == ([0, 1], "x")
    assert [curve["name"] for curve in data["series"]] == ["RNN", "GRU"]
    assert data["series"][0]["points"] == [[x, y] for x, y in EXACT.items()]
    assert [curve["points"] for curve in data["given"]] == [[[3, 1], [9, 0.25]]]
    assert payload(make())["given"] == []
    assert repr(make()) == "YouDrawIt(2 curves to draw)"


def test_points_come_in_the_order_of_x_and_may_be_tensors():
    mixed = {6: torch.tensor(0.25, requires_grad=True), 3: np.float32(0.5), 4.5: 1}
    assert payload(make({"a": mixed}))["series"][0]["points"] == [[3, 0.5], [4.5, 1], [6, 0.25]]


def test_colours_are_those_of_the_palette_and_can_be_told_from_either_paper():
    light, dark = payload(make({"LSTM": EXACT}))["series"][0]["colors"]
    assert light == SERIES["LSTM"] and contrast(light) >= 3
    for name in ("RNN", "comparison", "mine", "width 32"):
        series = {name: EXACT, "yours": EXACT}
        curves = payload(make(series, colors={"mine": "query"}))["series"]
        for curve in curves:
            light, dark = curve["colors"]
            assert contrast(light, "#FFFFFF") >= 3 and contrast(dark, "#1C1F22") >= 4.5
        assert curves[0]["colors"] != curves[1]["colors"]
    assert (
        payload(make({"mine": EXACT}, colors={"mine": "query"}))["series"][0]["colors"][0]
        == (COLORS["query"])
    )


@pytest.mark.parametrize(
    ("ylim", "digits"),
    [((0, 1), 2), ((-0.03, 1.03), 2), ((0, 0.05), 4), ((0, 40), 1), ((0, 5e3), 0)],
)
def test_numbers_are_shown_to_about_a_hundredth_of_the_axis(ylim, digits):
    assert payload(make({"a": {1: 0, 2: ylim[1]}}, ylim=ylim))["digits"] == digits


def test_without_scripts_a_table_shows_what_was_measured():
    view = make(title="How far?", given={"LSTM": dict.fromkeys(EXACT, 1)})
    assert "<caption>How far?: exact match by digits</caption>" in view._repr_html_()
    assert Reader(view._repr_html_()).rows == [
        ["", "3", "4", "5", "6"],
        ["RNN", "1.00", "0.94", "0.50", "0.00"],
        ["GRU", "0.90", "0.80", "0.70", "0.60"],
        ["LSTM", "1.00", "1.00", "1.00", "1.00"],
    ]


def test_curves_with_an_x_of_their_own_have_a_table_of_their_own():
    html = make({"a": {0.5: 10, 1024: 50}, "b": {1: 20, 2: 30}}, ylim=(0, 100))._repr_html_()
    rows = [["", "0.5", "1,024"], ["a", "10", "50"], ["", "1", "2"], ["b", "20", "30"]]
    assert Reader(html).rows == rows and "<caption>exact match by digits</caption>" in html


MANY = dict.fromkeys(range(201), 0.5)
HALF = dict.fromkeys(range(101), 0.5)
REFUSED = {
    "no series": ({"series": {}}, ValueError, "series has 0 curves, .* takes 1 to 4"),
    "five": ({"series": dict.fromkeys("abcde", EXACT)}, ValueError, "5 curves, .* of their own"),
    "four given": ({"given": dict.fromkeys("abcd", EXACT)}, ValueError, "given has 4 .* 1 to 3"),
    "no dict": ({"series": [EXACT]}, TypeError, "series is .*come as a dict"),
    "no curve": ({"series": {"a": [1, 2]}}, TypeError, r"series\['a'\] is \[1, 2\], .*\{x: y\}"),
    "no points": ({"series": {"a": {}}}, ValueError, r"series\['a'\] has 0 points, .* 2 or more"),
    "one point": ({"given": {"a": {1: 0}}}, ValueError, r"given\['a'\] has 1 points"),
    "201 points": ({"series": {"a": MANY}}, ValueError, "201 points in all, but 200 at most"),
    "101 and 101": ({"series": dict.fromkeys("ab", HALF)}, ValueError, "202 points"),
    "NaN": ({"series": {"a": EXACT | {5: math.nan}}}, ValueError, "value nan at x = 5, .*finite"),
    "infinite x": ({"series": {"a": {1: 0, math.inf: 1}}}, ValueError, "x = inf, .*finite"),
    "above": ({"series": {"a": EXACT | {9: 1.2}}}, ValueError, "1.2 at x = 9, .* 0 to 1. Pass"),
    "below": ({"given": {"a": {1: 0, 2: -1}}}, ValueError, "has the value -1 at x = 2"),
    "x of 0 on a log axis": (
        {"series": {"a": {0: 0, 1: 1}}, "log": "x"}, ValueError, "x = 0, .*positive.*pass log=",
    ),
    "y on a log axis": ({"log": "xy"}, ValueError, "log is 'xy'"),
    "no string": ({"series": {3: EXACT}}, TypeError, "called 3, but a name is a string"),
    "an empty name": ({"series": {"": EXACT}}, TypeError, "a curve called ''"),
    "seeds": ({"series": {"a": {1: [0, 1], 2: [1, 1]}}}, ValueError, "at x = 1, .*Pass the mean"),
    "words for x": ({"series": {"a": {"one": 0, "two": 1}}}, ValueError, "cannot be read"),
    "ylim reversed": ({"ylim": (1, 0)}, ValueError, r"ylim is \(1, 0\), .*lower one first"),
    "ylim of one": ({"ylim": (0,)}, ValueError, "two finite numbers"),
    "ylim infinite": ({"ylim": (0, math.inf)}, ValueError, "two finite numbers"),
    "an unknown meaning": ({"colors": {"RNN": "lilac"}}, ValueError, "no colour for 'lilac'"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_drawn_is_refused(changes, error, message):
    with pytest.raises(error, match=message):
        make(**changes)


def test_200_points_four_curves_and_three_to_compare_are_shown():
    points = {1000 + x: 0.123456 for x in range(50)}
    assert len(make(dict.fromkeys("abcd", points)).html.encode()) < 30_000
    few = make(dict.fromkeys("abcd", EXACT), given=dict.fromkeys("efg", EXACT))
    assert len(payload(few)["given"]) == 3 and len(few.html.encode()) < 22_000


def test_more_than_30_kB_are_refused():
    with pytest.raises(ValueError, match=r"would take \d+,\d+ bytes .* 30,000 .* shorter names"):
        make({"a" * 20_000: EXACT})


PRESS = """
  const view = document.querySelector('.you-draw-it'), area = view.querySelector('.yd-scene');
  const seen = [], note = () => seen.push(view.querySelector('.yd-say').textContent);
  const press = (key) =>
    { area.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })); note(); };
  const buttons = [...view.querySelectorAll('button')];
  const click = (text) => { buttons.find((node) => node.textContent === text).click(); note(); };
"""


@needs_browser
def test_in_a_browser_keys_draw_and_the_distances_are_told(tmp_path):
    script = (
        PRESS
        + """
      note(); press('ArrowRight'); press('ArrowUp'); press('PageDown'); press('PageDown');
      press('End'); for (let n = 0; n < 8; n++) press('PageDown');
      click('GRU'); click('Show what was measured'); press('ArrowUp'); press('Home'); click('RNN');
      press('ArrowRight'); click('Start anew'); press('ArrowRight');
      document.title = seen.join('|');"""
    )
    told = title_after(script, tmp_path, make())
    at = "RNN, digits = {}: ".format
    assert told[1:6] == [
        at(4) + "nothing drawn yet.",
        at(4) + "you drew 0.52.",
        at(4) + "you drew 0.42.",
        at(4) + "you drew 0.32.",
        at(6) + "nothing drawn yet.",
    ]
    assert told[10] == at(6) + "you drew 0.00." == told[13]  # it stops at the end of the axis
    far = (abs(0.32 - EXACT[4]) + abs(0 - EXACT[6])) / 2
    result = f"RNN: your curve was {far:.2f} away on average. You drew 2 of 4 points."
    result += " GRU: you drew nothing."
    assert told[14] == told[0] and told[15] == result
    assert told[16] == result + "GRU, digits = 6: you drew nothing, measured was 0.60."
    assert told[17] == result + "GRU, digits = 3: you drew nothing, measured was 0.90."
    assert told[19] == result + at(4) + "you drew 0.32, measured was 0.94."
    assert told[20] == told[0] and told[21] == at(4) + "nothing drawn yet."


@needs_browser
@pytest.mark.parametrize(
    ("xs", "log", "width", "labels"),
    [
        (range(3, 13), "", 390, [str(x) for x in range(3, 13)]),
        ([1, 4, 16, 64, 256, 1024, 4096, 16384, 65536], "x", 390, ["1", "4", "16", "65,536"]),
        (range(1, 181), "", 900, ["1", "50", "100", "180"]),
        ([2**k / 8 for k in range(30)], "x", 900, ["0.125", "1", "1,000", "67,108,864"]),
        ([0.001, 0.01, 0.1], "x", 390, ["0.001", "0.01", "0.1"]),
    ],
)
def test_in_a_browser_the_first_and_the_last_x_are_labelled(tmp_path, xs, log, width, labels):
    view = make({"a": dict.fromkeys(xs, 0.5)}, log=log)
    script = """
      const found = [...document.querySelectorAll('.yd-scene text[text-anchor=middle]')];
      const boxes = found.map((node) => node.getBoundingClientRect());
      const close = boxes.slice(1).some((box, i) => box.left < boxes[i].right + 4);
      document.title = [close, ...found.map((node) => node.textContent)].join('|');"""
    close, *seen = title_after(script, tmp_path, view, width=width)
    assert close == "false"  # no two overlap
    assert (seen[0], seen[-1]) == (labels[0], labels[-1]) and set(labels) <= set(seen)
