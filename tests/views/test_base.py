"""Every view: one closed piece of HTML, nothing from outside, any text stays text."""

import re

import numpy as np
import pytest
import torch

from helpers.views.base import View, fill, html_table
from helpers.views.hover_viewer import hover_viewer
from helpers.views.slider import slider
from helpers.views.step_player import step_player
from tests.support.browser import Reader, dom_after, needs_browser, payload

SHARES = [[0.25, 0.75], [0.5, 0.5]]
HOSTILE = "</script><script>document.title=1</script><img src=x onerror=document.title=2>"
TEXTS = ["</script><b>", "<!--<script>", "{{data}}", "a&lt;b", '"\\', "\u2028", HOSTILE]
VIEWS = {
    "step-player": lambda text, shares: step_player(
        [text, "b"], [text, "d"], shares, shares,
        glosses={text: text}, predictions=[[(text, 0.5)], []],
    ),
    "hover-viewer": lambda text, shares: hover_viewer({text: ([text, "b"], shares)}),
    "slider": lambda text, shares: slider(
        text, {1: shares, 2: shares}, [text, "b"], [text, "d"],
        title=text, label=text, axes=(text, text), notes=[text, "n"],
    ),
}  # fmt: skip


@pytest.fixture(params=VIEWS)
def kind(request):
    """The name of a kind of view."""
    return request.param


def test_html_is_one_closed_block_with_data_and_one_script(kind):
    reader = Reader(VIEWS[kind]("a", SHARES)._repr_html_())
    assert reader.open == []
    assert [script_type for script_type, _ in reader.scripts] == ["application/json", None]
    (name,) = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert name == reader.tags[0][1]["id"] and re.fullmatch(f"{kind}-[0-9a-f]{{12}}", name)


def test_html_asks_for_nothing_from_outside(kind):
    html = VIEWS[kind]("a", SHARES)._repr_html_()
    assert set(re.findall(r"https?:[^\s\"']*", html)) <= {"http://www.w3.org/2000/svg"}
    loads = r"@import|url\(|\bsrc=|<link|fetch\(|import\(|innerHTML|\bMath\.random"
    assert not re.search(loads, html)


def test_tensors_arrays_and_lists_give_the_same_html_and_other_data_another_id(kind):
    html = VIEWS[kind]("a", SHARES)._repr_html_()
    tensor = torch.tensor(SHARES, requires_grad=True)
    for same in (SHARES, np.array(SHARES), tensor, tensor.to(torch.bfloat16)):
        assert VIEWS[kind]("a", same)._repr_html_() == html
    other = VIEWS[kind]("b", SHARES)._repr_html_()
    assert Reader(other).tags[0][1]["id"] != Reader(html).tags[0][1]["id"]


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_stays_text(kind, text):
    plain = Reader(VIEWS[kind]("a", SHARES)._repr_html_())
    view = VIEWS[kind](text, SHARES)
    reader = Reader(view._repr_html_())
    assert [tag for tag, _ in reader.tags] == [tag for tag, _ in plain.tags]
    assert reader.rows[0][1] == text and not re.search("[<>&]", reader.scripts[0][1])
    assert str(payload(view)) == str(payload(VIEWS[kind]("a", SHARES))).replace("'a'", repr(text))


@needs_browser
def test_in_a_browser_a_hostile_text_runs_nothing_and_the_table_goes(kind, tmp_path):
    view = VIEWS[kind](HOSTILE, SHARES)
    dom = dom_after("document.querySelectorAll('button')[1].click()", tmp_path, view, view)
    assert "<title>" not in dom and "<img" not in dom
    assert "view-app" in dom and "<caption" not in dom


def test_a_table_holds_its_labels_columns_and_numbers():
    rows = Reader(html_table("a < b", ["사"], ["x", "y"], [[0.126, 1]])).rows
    assert rows == [["", "x", "y"], ["사", "0.13", "1.00"]]


def test_numbers_that_json_does_not_know_are_an_error():
    with pytest.raises(ValueError, match="JSON"):
        fill("slider", {"frames": [np.nan]})


def test_a_view_shows_html_and_prints_its_summary():
    view = View("<div></div>", "two words")
    assert view._repr_html_() == "<div></div>" and repr(view) == "View(two words)"
