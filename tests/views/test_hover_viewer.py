"""The hover viewer: what it contains, what it refuses, and what it does in a browser."""

import json
import re

import numpy as np
import pytest
import torch

from helpers.views.hover_viewer import hover_viewer
from tests.views.test_viewers import Reader, dom_after, needs_browser, softmax

WORDS = ["I", "went", "to", "Stanford", "CS"]
WEIGHTS = softmax(2 * np.random.default_rng(1).normal(0, 1, (5, 5)))
HEADS = np.stack([softmax(2 * np.random.default_rng(h).normal(0, 1, (5, 5))) for h in range(3)])
PAGES = {"first": (WORDS, WEIGHTS), "second": (["만", "천"], [[0.25, 0.75], [0.5, 0.5]])}


def payload(viewer):
    return json.loads(Reader(viewer._repr_html_()).scripts[0][1])


def test_html_is_one_closed_block_with_data_and_one_script():
    reader = Reader(hover_viewer(PAGES)._repr_html_())
    assert reader.open == []
    assert [kind for kind, _ in reader.scripts] == ["application/json", None]
    assert re.fullmatch("hover-viewer-[0-9a-f]{12}", reader.tags[0][1]["id"])


def test_payload_holds_what_was_given():
    first, second = payload(hover_viewer(PAGES))
    assert (first["name"], first["words"], first["start"]) == ("first", WORDS, 4)
    assert np.allclose(first["heads"], [WEIGHTS], atol=1e-4)
    assert (second["heads"], second["start"]) == ([[[0.25, 0.75], [0.5, 0.5]]], 1)


def test_several_heads_are_kept_and_the_first_is_the_table():
    viewer = hover_viewer({"a": (WORDS, HEADS)})
    assert np.allclose(payload(viewer)[0]["heads"], HEADS, atol=1e-4)
    html = viewer._repr_html_()
    assert "a, head 1 of 3: row by row" in html
    assert Reader(html).rows[1][1:] == [f"{w:.2f}" for w in HEADS[0, 0]]
    assert hover_viewer({"a": (WORDS, torch.tensor(HEADS))})._repr_html_() == html


@pytest.mark.parametrize(("heads", "said"), [(1, "a: row"), (2, "a, head 1 of 2: row")])
def test_a_table_says_which_head_it_shows_if_there_are_more(heads, said):
    html = hover_viewer({"a": (WORDS, HEADS[:heads]), "b": (["x"], [[1.0]])})._repr_html_()
    assert f"<table><caption>{said} by row, who looks at whom</caption>\n<tr><th></th>" in html
    assert "</table>\n<table><caption>b: row" in html and "<th>I</th><th>went</th>" in html
    thirds = payload(hover_viewer({"a": (["x"] * 3, [[1 / 3] * 3] * 3)}))[0]["heads"]
    assert thirds == [[[0.3333] * 3] * 3]  # four places, for the page's size


def test_without_scripts_tables_show_every_weight():
    rows = Reader(hover_viewer(PAGES)._repr_html_()).rows
    assert rows[0] == ["", *WORDS]
    assert [row[0] for row in rows[1:6]] == WORDS
    assert [row[1:] for row in rows[1:6]] == [[f"{w:.2f}" for w in row] for row in WEIGHTS]
    assert rows[6:] == [["", "만", "천"], ["만", "0.25", "0.75"], ["천", "0.50", "0.50"]]


def test_tensors_arrays_and_lists_give_the_same_html():
    html = hover_viewer({"a": (WORDS, WEIGHTS)})._repr_html_()
    for same in (torch.tensor(WEIGHTS, requires_grad=True), WEIGHTS.tolist()):
        assert hover_viewer({"a": (tuple(WORDS), same)})._repr_html_() == html
    assert hover_viewer({"b": (WORDS, WEIGHTS)})._repr_html_() != html
    assert repr(hover_viewer(PAGES)) == "HoverViewer('first': 5 words, 'second': 2 words)"


def test_start_may_count_from_the_end():
    pages = {"one": (WORDS, WEIGHTS)}
    assert [payload(hover_viewer(pages, start=n))[0]["start"] for n in (0, 3, -2)] == [0, 3, 3]


def test_html_asks_for_nothing_from_outside():
    html = hover_viewer(PAGES)._repr_html_()
    assert set(re.findall(r"https?://[^\s\"']+", html)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(
        r"@import|url\(|\bsrc=|<link|fetch\(|import\(|innerHTML|\bMath\.random", html
    )


HOSTILE = "</script><script>document.title=1</script><img src=x onerror=document.title=2>"


@pytest.mark.parametrize("token", ["</script><b>", "<!--<script>", "{{data}}", "a&lt;b", HOSTILE])
def test_any_word_stays_text(token):
    viewer = hover_viewer({token: ([token, "b"], [[0.5, 0.5], [0.1, 0.9]])})
    reader = Reader(viewer._repr_html_())
    known = {"div", "style", "table", "caption", "tr", "th", "td", "script"}
    assert {tag for tag, _ in reader.tags} <= known
    assert reader.rows[0][1] == token == payload(viewer)[0]["name"]


@pytest.mark.parametrize(
    ("pages", "error", "told"),
    [
        ({}, ValueError, "no pages"),
        ({"a": ("words", WEIGHTS)}, TypeError, "words is 'words', .* list of strings"),
        ({"a": (WORDS, WEIGHTS[:3])}, ValueError, r"\(3, 5\)"),
        ({"a": (WORDS, HEADS[None])}, ValueError, r"weights has shape \(1, 3, 5, 5\)"),
        ({"a": (WORDS, HEADS[:, :4])}, ValueError, r"\(3, 4, 5\).*\(H, 5, 5\)"),
        ({"a": (WORDS, HEADS[:0])}, ValueError, "1 to 16 heads"),
        ({"a": (WORDS, HEADS * [[[1]], [[1]], [[2]]])}, ValueError, r"weights\[2\]\[0\] sums to 2"),
        (
            {"a": (WORDS, HEADS + [[[0]], [[np.nan]], [[0]]])},
            ValueError,
            r"weights\[1\]\[0, 0\] is nan",
        ),
        ({"a": (["x"] * 500, np.eye(500))}, ValueError, "500 tokens, but a viewer shows 1 to 64"),
        ({"a": (WORDS, 2 * WEIGHTS)}, ValueError, "sums to 2"),
        ({"a": (WORDS, np.log(WEIGHTS))}, ValueError, "0 or more"),
        ({"a": (["x"] * 65, np.eye(65))}, ValueError, "1 to 64"),
        ({"a": (WORDS, np.stack([WEIGHTS] * 17))}, ValueError, "1 to 16 heads"),
        ({"a": (WORDS, 2 * WEIGHTS)}, ValueError, r"^weights\[0\] sums to 2"),
        ({"a": (WORDS, 2 * HEADS[:2])}, ValueError, r"^weights\[0\]\[0\] sums to 2"),
        ({"a": (WORDS, [["a"]])}, ValueError, r"^weights cannot be read as numbers \(could not"),
    ],
)
def test_bad_pages_are_refused_with_what_to_do(pages, error, told):
    with pytest.raises(error, match=told):
        hover_viewer(pages)


def test_as_many_words_and_heads_as_may_be_are_shown():
    (page,) = payload(hover_viewer({"a": (["x"] * 64, np.eye(64))}))
    assert len(page["words"]) == 64
    (page,) = payload(hover_viewer({"a": (WORDS, np.stack([WEIGHTS] * 16))}))
    assert len(page["heads"]) == 16


ACT = """
  const seen = [], words = () => [...document.querySelectorAll('.hv-word button')];
  const note = () => seen.push(document.querySelector('.hv-say').textContent);
  const press = (key) => { document.activeElement.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true })); note(); };
  note();
  words()[0].parentNode.dispatchEvent(new PointerEvent('pointerenter')); note();
  words()[2].focus(); note();
  press('ArrowRight'); press('End'); press('ArrowRight'); press('Home'); press('x');
  document.querySelector('[aria-label="What to show"]').children[1].click(); note();
  words()[1].click(); note();
  document.title = seen.join('|');"""


def sentence(words, weights, asks):
    best = int(np.argmax(weights[asks]))
    stays = " stays with itself" if best == asks else ""
    return (
        f"“{words[asks]}” asks, and looks most at “{words[best]}”: "
        f"{weights[asks][best]:.2f} of its attention{stays}."
    )


@needs_browser
def test_in_a_browser_pointing_keys_and_pages_choose_who_asks(tmp_path):
    seen = re.search("<title>(.*)</title>", dom_after(ACT, tmp_path, hover_viewer(PAGES)))[1]
    asked = (4, 0, 2, 3, 4, 4, 0, 0)
    said = seen.split("|")
    assert said[:8] == [sentence(WORDS, WEIGHTS, asks) for asks in asked]
    assert said[8] == sentence(["만", "천"], PAGES["second"][1], 0)
    assert said[9] == "“천” asks, and looks at all 2 words alike."


@needs_browser
def test_in_a_browser_two_viewers_stand_apart_and_the_tables_go(tmp_path):
    viewer = hover_viewer({"one": (WORDS, WEIGHTS)})
    dom = dom_after("document.querySelector('.hv-word button').click()", tmp_path, viewer, viewer)
    said = re.findall(r'class="hv-say"[^>]*>([^<]*)<', dom)
    assert said == [sentence(WORDS, WEIGHTS, asks) for asks in (0, 4)]
    assert "<table" not in dom and dom.count('aria-pressed="true"') >= 2
    arcs = dom.split('class="course-view hover-viewer')[2].count("<path")
    assert arcs == (WEIGHTS[4] >= 0.005).sum()


@needs_browser
def test_in_a_browser_a_hostile_word_runs_nothing(tmp_path):
    viewer = hover_viewer({HOSTILE: ([HOSTILE, "b"], [[0.5, 0.5], [0.1, 0.9]])})
    dom = dom_after("document.querySelector('.hv-word button').click()", tmp_path, viewer)
    assert "<title>" not in dom and "<img" not in dom


SIDES = """
  const seen = [], note = () => seen.push(document.querySelector('.hv-say').textContent);
  const choose = (label, i) =>
    { document.querySelector(`[aria-label=${label}]`).children[i].click(); note(); };
  const press = (key) => { document.activeElement.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true })); note(); };
  choose('Head', 2); choose('Side', 1);
  document.querySelectorAll('.hv-word button')[0].focus(); note();
  press('ArrowDown'); press('ArrowUp'); press('ArrowUp');
  choose('Side', 0);
  document.title = seen.join('|');"""


@needs_browser
def test_in_a_browser_heads_and_sides_are_chosen_by_button_and_key(tmp_path):
    viewer = hover_viewer({"a": (WORDS, HEADS)}, start=1)
    said = re.search("<title>(.*)</title>", dom_after(SIDES, tmp_path, viewer))[1].split("|")

    def asked(head, word):
        column = HEADS[head][:, word]
        best = int(np.argmax(column))
        who = "itself" if best == word else f"“{WORDS[best]}”"
        return (
            f"Head {head + 1}: “{WORDS[word]}” is looked at most by {who}, with {column[best]:.2f} "
            f"of that word’s attention; {column.round(4).sum():.2f} in all, from 5 words."
        )

    assert said[0] == f"Head 3: {sentence(WORDS, HEADS[2], 1)}"
    assert said[1:6] == [asked(2, 1), asked(2, 0), asked(0, 0), asked(2, 0), asked(1, 0)]
    assert said[6] == f"Head 2: {sentence(WORDS, HEADS[1], 0)}"
