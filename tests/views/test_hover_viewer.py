"""The hover viewer: its data, its tables without scripts, pointing and keys in a browser."""

import re

import numpy as np
import pytest

from helpers.views.hover_viewer import hover_viewer
from tests.support.browser import Reader, dom_after, needs_browser, payload, title_after

WORDS = ["I", "went", "to", "Stanford", "CS"]
HEADS = np.exp(2 * np.random.default_rng(1).normal(0, 1, (3, 5, 5)))
HEADS /= HEADS.sum(axis=-1, keepdims=True)
WEIGHTS = HEADS[0]
PAGES = {"first": (WORDS, WEIGHTS), "second": (["만", "천"], [[0.25, 0.75], [0.5, 0.5]])}


def test_payload_holds_what_was_given():
    first, second = payload(hover_viewer(PAGES))
    assert (first["name"], first["words"], first["start"]) == ("first", WORDS, 4)
    assert np.allclose(first["heads"], [WEIGHTS], atol=1e-4)
    assert (second["heads"], second["start"]) == ([[[0.25, 0.75], [0.5, 0.5]]], 1)
    assert np.allclose(payload(hover_viewer({"a": (WORDS, HEADS)}))[0]["heads"], HEADS, atol=1e-4)
    assert repr(hover_viewer(PAGES)) == "HoverViewer('first': 5 words, 'second': 2 words)"


def test_weights_keep_four_places():
    thirds = payload(hover_viewer({"a": (["x"] * 3, [[1 / 3] * 3] * 3)}))[0]["heads"]
    assert thirds == [[[0.3333] * 3] * 3]


def test_start_may_count_from_the_end():
    pages = {"one": (WORDS, WEIGHTS)}
    assert [payload(hover_viewer(pages, start=n))[0]["start"] for n in (0, 3, -2)] == [0, 3, 3]


def test_without_scripts_tables_show_every_weight():
    rows = Reader(hover_viewer(PAGES)._repr_html_()).rows
    assert rows[0] == ["", *WORDS]
    assert [row[0] for row in rows[1:6]] == WORDS
    assert [row[1:] for row in rows[1:6]] == [[f"{w:.2f}" for w in row] for row in WEIGHTS]
    assert rows[6:] == [["", "만", "천"], ["만", "0.25", "0.75"], ["천", "0.50", "0.50"]]


@pytest.mark.parametrize(("heads", "caption"), [(1, "a: row"), (2, "a, head 1 of 2: row")])
def test_a_table_says_which_head_it_shows_if_there_are_more(heads, caption):
    html = hover_viewer({"a": (WORDS, HEADS[:heads]), "b": (["x"], [[1.0]])})._repr_html_()
    assert f"<caption>{caption} by row, who looks at whom</caption>" in html
    assert "<caption>b: row by row" in html
    assert Reader(html).rows[1][1:] == [f"{w:.2f}" for w in HEADS[0, 0]]


@pytest.mark.parametrize(
    ("pages", "error", "message"),
    [
        ({}, ValueError, "no pages"),
        ({"a": ("words", WEIGHTS)}, TypeError, "words is 'words', .* list of strings"),
        ({"a": (WORDS, WEIGHTS[:3])}, ValueError, r"\(3, 5\)"),
        ({"a": (WORDS, 2 * HEADS)}, ValueError, r"weights\[0\]\[0\] sums to 2"),
    ],
)
def test_bad_pages_are_refused(pages, error, message):
    with pytest.raises(error, match=message):
        hover_viewer(pages)


def sentence(words, weights, asks):
    """Return what the viewer says where this word asks."""
    best = int(np.argmax(weights[asks]))
    stays = " stays with itself" if best == asks else ""
    return (
        f"“{words[asks]}” asks, and looks most at “{words[best]}”: "
        f"{weights[asks][best]:.2f} of its attention{stays}."
    )


@needs_browser
def test_in_a_browser_pointing_keys_and_pages_choose_who_asks(tmp_path):
    script = """
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
    sentences = title_after(script, tmp_path, hover_viewer(PAGES))
    assert sentences[:8] == [sentence(WORDS, WEIGHTS, asks) for asks in (4, 0, 2, 3, 4, 4, 0, 0)]
    assert sentences[8] == sentence(["만", "천"], PAGES["second"][1], 0)
    assert sentences[9] == "“천” asks, and looks at all 2 words alike."


@needs_browser
def test_in_a_browser_two_viewers_are_independent(tmp_path):
    viewer = hover_viewer({"one": (WORDS, WEIGHTS)})
    dom = dom_after("document.querySelector('.hv-word button').click()", tmp_path, viewer, viewer)
    sentences = re.findall(r'class="hv-say"[^>]*>([^<]*)<', dom)
    assert sentences == [sentence(WORDS, WEIGHTS, asks) for asks in (0, 4)]
    assert dom.count('aria-pressed="true"') >= 2
    arcs = dom.split('class="course-view hover-viewer')[2].count("<path")
    assert arcs == (WEIGHTS[4] >= 0.005).sum()


@needs_browser
def test_in_a_browser_heads_and_sides_are_chosen_by_button_and_key(tmp_path):
    script = """
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
    sentences = title_after(script, tmp_path, hover_viewer({"a": (WORDS, HEADS)}, start=1))

    def asked(head, word):
        column = HEADS[head][:, word]
        best = int(np.argmax(column))
        who = "itself" if best == word else f"“{WORDS[best]}”"
        return (
            f"Head {head + 1}: “{WORDS[word]}” is looked at most by {who}, with {column[best]:.2f} "
            f"of that word’s attention; {column.round(4).sum():.2f} in all, from 5 words."
        )

    assert sentences[0] == f"Head 3: {sentence(WORDS, HEADS[2], 1)}"
    assert sentences[1:6] == [asked(2, 1), asked(2, 0), asked(0, 0), asked(2, 0), asked(1, 0)]
    assert sentences[6] == f"Head 2: {sentence(WORDS, HEADS[1], 0)}"
