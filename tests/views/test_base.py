"""Every view: one closed piece of HTML, nothing from outside, any text stays text."""

import re

import numpy as np
import pytest
import torch

from helpers import messages
from helpers.views.base import FOLDER, View, fill, html_table
from helpers.views.hover_viewer import hover_viewer
from helpers.views.slider import slider
from helpers.views.step_player import step_player
from helpers.views.you_draw_it import you_draw_it
from tests.support.browser import Reader, dom_after, needs_browser, payload, title_after

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
    "you-draw-it": lambda text, shares: you_draw_it(
        {text: {1: shares[0][0], 2: shares[0][1]}, "b": {3: 1, 4: 0}}, text, text,
        title=text, given={text: {1: shares[1][0], 2: shares[1][1]}},
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
    assert any(text in row for row in reader.rows) and not re.search("[<>&]", reader.scripts[0][1])
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


def test_a_table_has_as_many_decimals_as_are_asked_for():
    assert Reader(html_table("a", ["b"], ["x"], [[12.345]], digits=0)).rows[1] == ["b", "12"]


def test_numbers_that_json_does_not_know_are_an_error():
    with pytest.raises(ValueError, match="JSON"):
        fill("slider", {"frames": [np.nan]})


def test_a_view_shows_html_and_prints_its_summary():
    view = View("<div></div>", "two words")
    assert view._repr_html_() == "<div></div>" and repr(view) == "View(two words)"


# --- the reader's language ---

TEMPLATES = sorted([*FOLDER.glob("*.html"), *FOLDER.glob("*.js")])
SENTENCE = re.compile(r"(?<![\w-])[A-Za-z]{2,} [a-z]{2,}(?![\w-])")  # no names of classes


def sentences(template):
    """Return what of a template looks like English: in its text, and in strings of its script."""
    template = re.sub(r"<style>.*?</style>|  // .*?$", "", template, flags=re.S | re.M)
    script = re.findall(r"<script>(.*)</script>", template, flags=re.S) or [template]
    strings = re.findall(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`", script[0])
    text = re.sub("<[^>]*>", " ", template.replace(script[0], "")) if "<" in template[:1] else ""
    return [found for part in [*strings, text] for found in SENTENCE.findall(part)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_a_sentence_of_its_own(path):
    assert sentences(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "template",
    [
        '<div><script>\n  make("", "Start anew", "button");\n</script></div>',
        "<div><script>say.textContent = `${x}: all ${n} words alike`;</script></div>",
        "<div><p>Nothing here\n</p><script></script></div>",
        "  const tell = () => 'most is seen';",
    ],
)
def test_a_sentence_in_a_template_is_found(template):
    assert sentences(template)
    assert not sentences(template.replace("Start anew", "view-row sv-row").replace(" ", ""))


class Pretended:
    """A catalogue in which every message is in Hangul, its fields kept."""

    def get(self, message, default=None):
        return re.sub(r"[A-Za-z]+(?![^{]*})", "가", message)

    def __contains__(self, message):
        return True

    __getitem__ = get


def views_in_hangul():
    """Make views to which callers pass no Latin letter: what is seen of them is the views' own."""
    two, tied = ["가", "나"], [[1 / 6] * 6] * 2
    rows = {1: [[1, 0]] * 4, 2: [[0, 1]] * 4}
    curve = {1: 0, 2: 1}
    return [
        step_player(two, two, SHARES, SHARES, predictions=[[("가", 0.5)], []]),
        step_player(["가"] * 6, two, [[0] * 6] * 2, tied),
        hover_viewer({"다": (two, [SHARES, SHARES[::-1]]), "라": (["마"], [[1]])}),
        hover_viewer({"다": (two, SHARES)}),
        slider("다", {1: SHARES, 2: SHARES}, two, two),
        slider("다", {1: SHARES[0], 2: SHARES[1]}, two),
        slider("다", rows, two, [*"다라마바"], look="matrix"),
        you_draw_it({"가": curve}, "나", "다", given={"라": curve}),
        you_draw_it({"가": curve, "나": curve}, "다", "라"),
    ]


LATIN = """
  const seen = new Set();
  const note = () => document.querySelectorAll('.view-app, .view-app *').forEach((node) => {
    const own = [...node.childNodes].filter((part) => part.nodeType === 3).map((part) => part.data);
    const told = ['aria-label', 'aria-valuetext', 'title'].map((name) => node.getAttribute(name));
    for (const text of [...own, ...told]) if (/[A-Za-z]{2}/.test(text || '')) seen.add(text);
  });
  for (const view of document.querySelectorAll('.course-view')) {
    for (let turn of [1, 2]) for (const node of [...view.querySelectorAll('button')]) {
      node.click(); note();
      for (const key of ['ArrowRight', 'ArrowUp', 'ArrowLeft', 'End']) {
        const press = new KeyboardEvent('keydown', { key, bubbles: true });
        view.querySelector('[tabindex="0"]').dispatchEvent(press); note();
      }
    }
  }
  document.title = [...seen].join('|').replace(/\\n/g, ' ');"""


@needs_browser
def test_in_a_browser_all_that_a_view_says_comes_from_the_catalogue(monkeypatch, tmp_path):
    monkeypatch.setattr(messages, "_translations", lambda edition: Pretended())
    views = views_in_hangul()
    tables = re.sub(
        r"<(style|script).*?</\1>|<[^>]*>", " ", "".join(v.html for v in views), flags=re.S
    )
    assert re.findall("[A-Za-z]+", tables + "".join(view.summary for view in views)) == []
    assert "가" in tables
    assert title_after(LATIN, tmp_path, *views) == [""]
    monkeypatch.undo()
    assert "Start anew" in title_after(LATIN, tmp_path, *views_in_hangul())
