"""The slider: what it contains, what it refuses, and what it does in a browser."""

import json
import re

import numpy as np
import pytest
import torch

from helpers.views.slider import slider
from tests.views.test_viewers import Reader, dom_after, needs_browser

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


def payload(view):
    return json.loads(Reader(view._repr_html_()).scripts[0][1])


def test_html_is_one_closed_block_with_data_and_one_script():
    reader = Reader(make()._repr_html_())
    assert reader.open == []
    assert [kind for kind, _ in reader.scripts] == ["application/json", None]
    assert re.fullmatch("slider-[0-9a-f]{12}", reader.tags[0][1]["id"])
    assert repr(make()) == "Slider(factor: 4 values from 0 to 10)"


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
    ("least", "most", "scale"),
    [
        (0.1, 0.3, (0, 0.3)),
        (0, 0.5, (0, 0.5)),
        (0, 0.51, (0, 1)),  # shares stand on their whole scale
        (0, 1, (0, 1)),
        (0, 1.5, (0, 1.5)),
        (-1, 0.8, (-1, 0.8)),
        (-2, -1, (-2, 0)),
    ],
)
def test_numbers_stand_on_zero(least, most, scale):
    data = payload(make(frames={1: [least, most, least, most], 2: [most] * 4}))
    assert (data["low"], data["high"]) == scale


def test_values_are_shown_as_one_would_write_them():
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


def test_tensors_arrays_and_lists_give_the_same_html():
    for same in (torch.tensor, list):
        assert make(frames={f: same(x) for f, x in FRAMES.items()}).html == make().html
    assert make(title="other").html[:200] != make().html[:200]


def test_html_asks_for_nothing_from_outside_and_is_small():
    html = make()._repr_html_()
    assert len(html.encode()) < 15_000
    assert not re.search(
        r"https?:|@import|url\(|\bsrc=|<link|fetch\(|import\(|innerHTML|\bMath\.random", html
    )


HOSTILE = "</script><script>document.title=1</script><img src=x onerror=document.title=2>"


@pytest.mark.parametrize("text", ["</script><b>", "<!--<script>", "{{data}}", HOSTILE])
def test_any_name_stays_text(text):
    view = make(scale=text, columns=[text, *NAMES[1:]], title=text, label=text)
    reader = Reader(view._repr_html_())
    known = {"div", "style", "table", "caption", "tr", "th", "td", "script"}
    assert {tag for tag, _ in reader.tags} <= known
    assert reader.rows[0][1] == text == payload(view)["scale"]


@pytest.mark.parametrize(
    ("changes", "error", "told"),
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
        ({"frames": FRAMES | {2: SCORES}, "shares": True}, ValueError, "row 0 that sums to 4"),
        ({"frames": FRAMES | {2: SCORES - 0.75}, "shares": True}, ValueError, "number -0.75"),
        ({"columns": "four"}, TypeError, "columns is 'four', .* list of strings"),
        ({"columns": [1, 2, 3, 4]}, TypeError, "list of strings"),
        ({"columns": ["x"] * 500}, ValueError, "500 tokens"),
        ({"columns": ["x"] * 25}, ValueError, "25 columns, but 24 at most can be read as bars"),
        ({"columns": ["x"] * 17, "look": "matrix"}, ValueError, "16 at most"),
        ({"look": "pie"}, ValueError, "'pie'"),
        ({"start": 7}, ValueError, r"start is 7, which is no value of factor: \[0, 0.5, 1, 10\]"),
        ({"notes": ["one"]}, ValueError, "1 sentences, but there are 4 values"),
    ],
)
def test_bad_input_is_refused_in_words(changes, error, told):
    with pytest.raises(error, match=told):
        make(**changes)


def test_too_much_for_a_notebook_is_refused():
    numbers = np.random.default_rng(0).random((16, 16))
    frames = dict.fromkeys(range(60), numbers)
    with pytest.raises(ValueError, match=r"would take \d+,\d+ bytes .* fewer values than 60"):
        slider("x", frames, ["a"] * 16, ["b"] * 16, look="matrix")


def test_as_many_values_as_may_be_are_shown():
    assert len(payload(make(frames=dict.fromkeys(range(64), SCORES)))["values"]) == 64


def test_shares_may_be_off_by_rounding():
    frames = {f: (x * 1.0005).astype(np.float16) for f, x in FRAMES.items()}
    assert payload(make(frames=frames, shares=True))["values"][-1] == "10"


ACT = """
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


@needs_browser
def test_in_a_browser_keys_buttons_and_the_slider_change_the_value(tmp_path):
    dom = dom_after(ACT, tmp_path, make())
    said = re.search("<title>(.*)</title>", dom)[1].split("|")
    texts = {0: "all 4 alike, 0.25."}
    for f in (0.5, 1, 10):
        texts[f] = f"most is “swallow”, {shares(f)[0]:.2f}."
    order = [0, 0, 0.5, 10, 10, 0, 0.5, 1]
    assert said == [*(f"factor = {f} {texts[f]}" for f in order), "factor = 1"]
    assert "<table" not in dom


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
    title = re.search("<title>(.*)</title>", dom_after(script, tmp_path, view))[1]
    assert title.split(" ", 1) == ["4.00,2.00,2.00,0.00,0.00,0.00,0.00,0.00", "x = 2 two"]


@needs_browser
def test_in_a_browser_a_hostile_name_runs_nothing(tmp_path):
    view = make(scale=HOSTILE, title=HOSTILE, columns=[HOSTILE, *NAMES[1:]])
    dom = dom_after("document.querySelectorAll('button')[1].click()", tmp_path, view)
    assert "<title>" not in dom and "<img" not in dom
