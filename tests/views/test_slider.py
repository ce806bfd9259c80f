"""The slider: its data, what it refuses, and keys and buttons in a browser."""

import numpy as np
import pytest

from helpers.views.slider import slider
from tests.support.browser import Reader, needs_browser, payload, title_after

NAMES = ["swallow", "plane", "cat", "train"]
SCORES = np.array([2.0, 1.0, 1.0, 0.0])


def shares(factor):
    positive = np.exp(SCORES * factor)
    return positive / positive.sum()


FRAMES = {factor: shares(factor) for factor in (0, 0.5, 1, 10)}
PAIRS = {factor: [shares(factor), shares(-factor)] for factor in FRAMES}


def make(**changes):
    given = {"scale": "factor", "frames": FRAMES, "columns": NAMES} | changes
    return slider(**given)


def test_payload_holds_what_was_given():
    data = payload(make(frames=PAIRS, rows=["for", "against"], start=1, notes=list("abcd")))
    assert data["values"] == ["0", "0.5", "1", "10"] and data["start"] == 2
    assert (data["columns"], data["rows"], data["notes"]) == (NAMES, ["for", "against"], [*"abcd"])
    assert np.allclose(data["frames"], list(PAIRS.values()), rtol=1e-3)
    assert (data["low"], data["high"]) == (0, 1)
    signed = payload(make(frames={1: SCORES, 2: -SCORES / 4}))
    assert (signed["low"], signed["high"]) == (-0.5, 2)

    data = payload(make())
    assert (data["look"], data["title"], data["rows"], data["notes"]) == ("bars", "", None, None)
    assert payload(make(look="matrix", title="All"))["look"] == "matrix"


@pytest.mark.parametrize(
    ("low", "high", "scale"),
    [
        (0.1, 0.3, (0, 0.3)),
        (0, 0.5, (0, 0.5)),
        (0, 0.51, (0, 1)),
        (0, 1, (0, 1)),
        (0, 1.5, (0, 1.5)),
        (-1, 0.8, (-1, 0.8)),
        (-2, -1, (-2, 0)),
    ],
)
def test_the_axis_holds_zero_and_shares_stand_on_their_whole_scale(low, high, scale):
    data = payload(make(frames={1: [low, high, low, high], 2: [high] * 4}))
    assert (data["low"], data["high"]) == scale


def test_values_have_thousands_separators_or_an_exponent():
    frames = dict.fromkeys([0.125, 1000, 999_999, 1_000_000, 3e7, "all"], SCORES)
    values = ["0.125", "1,000", "999,999", "1e+06", "3e+07", "all"]
    assert payload(make(frames=frames))["values"] == values


def test_without_scripts_two_tables_show_the_first_and_the_last_value():
    titled = make(title="How sure", label="share")._repr_html_()
    assert "<caption>How sure: share at factor = 0<" in titled
    assert Reader(titled).rows[1][0] == ""  # a single row has no name
    html = make(frames=PAIRS, rows=["for", "against"])._repr_html_()
    assert "</table>\n<table><caption>weight at factor = 10<" in html
    head, *rows = Reader(html).rows
    for factor, table in ((0, rows[:2]), (10, rows[3:])):
        assert table == [
            ["for", *(f"{x:.2f}" for x in shares(factor))],
            ["against", *(f"{x:.2f}" for x in shares(-factor))],
        ]
    assert head == rows[2] == ["", *NAMES]
    assert "weight at factor = 0<" in html and "weight at factor = 10<" in html


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"frames": {}}, ValueError, "2 to 64 values of factor"),
        ({"frames": {1: SCORES}}, ValueError, "2 to 64 values"),
        ({"frames": [SCORES, SCORES]}, ValueError, "{value: numbers, …}"),
        ({"frames": dict.fromkeys(range(65), SCORES)}, ValueError, "2 to 64 values"),
        ({"frames": FRAMES | {2: SCORES[:3]}}, ValueError, r"factor = 2 has shape \(3,\).*\(4,\)"),
        ({"rows": ["one"]}, ValueError, r"factor = 0 has shape \(4,\).* 1 rows of 4 need \(1, 4\)"),
        (
            {"frames": FRAMES | {2: [1, 1, np.nan, 1]}},
            ValueError,
            "the frame of factor = 2 holds nan in row 0, column 2",
        ),
        ({"frames": FRAMES | {2: SCORES - np.inf}}, ValueError, "holds -inf"),
        ({"frames": FRAMES | {2: "abcd"}}, ValueError, "frame of factor = 2 cannot be read"),
        (
            {"frames": FRAMES | {2: SCORES / 8}, "shares": True},
            ValueError,
            "row 0 that sums to 0.5",
        ),
        (
            {"frames": PAIRS | {2: [shares(1), SCORES]}, "rows": ["a", "b"], "shares": True},
            ValueError,
            "the frame of factor = 2 has a row 1 that sums to 4, its smallest number 0,",
        ),
        ({"rows": "one"}, TypeError, "rows is 'one'"),
        ({"notes": "one"}, TypeError, "notes is 'one'"),
        ({"frames": FRAMES | {2: SCORES - 0.75}, "shares": True}, ValueError, "number -0.75"),
        ({"columns": "four"}, TypeError, "columns is 'four', .* list of strings"),
        ({"columns": ["x"] * 25}, ValueError, "25 columns, but 24 at most can be read as bars"),
        ({"columns": ["x"] * 17, "look": "matrix"}, ValueError, "16 at most"),
        ({"look": "pie"}, ValueError, "'pie'"),
        ({"start": 7}, ValueError, r"start is 7, which is no value of factor: \[0, 0.5, 1, 10\]"),
        ({"notes": ["one"]}, ValueError, "1 sentences, but there are 4 values"),
    ],
)
def test_bad_input_is_refused(changes, error, message):
    with pytest.raises(error, match=message):
        make(**changes)


def test_more_than_30_kB_are_refused():
    numbers = np.random.default_rng(0).random((16, 16))
    frames = dict.fromkeys(range(60), numbers)
    with pytest.raises(ValueError, match=r"would take \d+,\d+ bytes .* fewer values than 60"):
        slider("x", frames, ["a"] * 16, ["b"] * 16, look="matrix")


def test_64_values_are_shown():
    assert len(payload(make(frames=dict.fromkeys(range(64), SCORES)))["values"]) == 64


def test_shares_may_be_off_by_rounding():
    frames = {f: (x * 1.0005).astype(np.float16) for f, x in FRAMES.items()}
    assert payload(make(frames=frames, shares=True))["values"][-1] == "10"


@needs_browser
def test_in_a_browser_keys_buttons_and_the_slider_change_the_value(tmp_path):
    script = """
      const view = document.querySelector('.slider-view'), seen = [];
      const input = view.querySelector('input'), [back, next] = view.querySelectorAll('button');
      const note = () => seen.push(view.querySelector('.sv-say').textContent);
      const press = (key) =>
        { input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })); note(); };
      note();
      press('ArrowLeft'); press('ArrowRight'); press('End'); press('ArrowUp'); press('Home');
      next.click(); next.click(); back.click(); note();
      input.value = 2; input.dispatchEvent(new Event('input')); note();
      seen.push(input.getAttribute('aria-valuetext'));
      document.title = seen.join('|');"""
    shown = title_after(script, tmp_path, make())
    texts = {0: "all 4 alike, 0.25."}
    for f in (0.5, 1, 10):
        texts[f] = f"most is “swallow”, {shares(f)[0]:.2f}."
    order = [0, 0, 0.5, 10, 10, 0, 0.5, 1]
    assert shown == [*(f"factor = {f} {texts[f]}" for f in order), "factor = 1"]


@needs_browser
@pytest.mark.parametrize("look", ["bars", "matrix"])
def test_in_a_browser_bars_and_cells_hold_the_numbers(tmp_path, look):
    frames = {1: [SCORES, -SCORES], 2: [SCORES * 2, SCORES * 0]}
    view = slider("x", frames, NAMES, ["up", "down"], look=look, notes=["one", "two"], start=2)
    script = """
      const numbers = '%s';
      document.title = [...document.querySelectorAll(numbers)].map((n) => n.textContent) + ' ' +
        document.querySelector('.sv-say').textContent;"""
    numbers = {"bars": ".sv-bars > :nth-child(3n):not(.sv-head)", "matrix": "td:not(:first-child)"}
    script %= numbers[look]
    (title,) = title_after(script, tmp_path, view)
    assert title.split(" ", 1) == ["4.00,2.00,2.00,0.00,0.00,0.00,0.00,0.00", "x = 2 two"]
