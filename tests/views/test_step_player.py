"""The step player: its data, its table without scripts, and its keys in a browser."""

import re

import numpy as np
import pytest

from helpers.views.step_player import step_player
from tests.support.browser import Reader, dom_after, needs_browser, payload, title_after

SOURCE = ["four", "hundred", "and", "seven", "million"]
TARGET = ["사", "억", "칠", "<end>"]
GLOSSES = {"사": "4", "억": "10⁸", "칠": "7"}
PREDICTIONS = [[("사", 0.9), ("오", 0.06)], [("억", 0.75)], [], [("<end>", 1.0)]]
SCORES = np.random.default_rng(0).normal(0, 1, (4, 5))
SCORES[range(4), range(4)] += 4
WEIGHTS = np.exp(SCORES) / np.exp(SCORES).sum(axis=1, keepdims=True)


def make(**changes):
    given = {"source": SOURCE, "target": TARGET, "scores": SCORES, "weights": WEIGHTS}
    return step_player(**given | {"glosses": GLOSSES, "predictions": PREDICTIONS} | changes)


def test_payload_holds_what_was_given():
    data = payload(make())
    assert (data["source"], data["target"]) == (SOURCE, TARGET)
    assert np.allclose(data["scores"], SCORES, atol=1e-3)
    assert np.allclose(data["weights"], WEIGHTS, atol=1e-4)
    assert dict(data["glosses"]) == GLOSSES
    assert data["predictions"] == [[list(pair) for pair in pairs] for pairs in PREDICTIONS]
    assert payload(make(predictions=None))["predictions"] is None
    assert repr(make()) == "StepPlayer(5 source tokens, 4 steps)"


def test_without_scripts_a_table_shows_every_weight():
    head, *rows = Reader(make()._repr_html_()).rows
    assert head == ["", *SOURCE]
    assert [row[0] for row in rows] == ["사 4", "억 10⁸", "칠 7", "<end>"]
    assert [row[1:] for row in rows] == [[f"{w:.2f}" for w in row] for row in WEIGHTS]


def test_masked_scores_are_null_in_valid_json():
    scores = SCORES.copy()
    scores[:, -1] = -np.inf
    player = make(scores=scores)
    assert [row[-1] for row in payload(player)["scores"]] == [None] * 4
    assert not re.search("Infinity|NaN", Reader(player._repr_html_()).scripts[0][1])


def test_a_usual_sentence_takes_15_to_30_kB():
    source, target = [f"hundred{i}" for i in range(12)], [*"일억이천삼백사십오만육천칠", "<end>"]
    scores = np.random.default_rng(0).normal(size=(len(target), len(source)))
    weights = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    predictions = [[(token, 0.2) for token in "일이삼사오"] for _ in target]
    glosses = dict.fromkeys("일이삼사오육칠팔구십백천만억", "1000")
    more = {"glosses": glosses, "predictions": predictions}
    html = step_player(source, target, scores, weights, **more)._repr_html_()
    assert 15_000 < len(html.encode("utf-8")) < 30_000


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"source": "four"}, TypeError, "source is 'four'"),
        ({"target": []}, ValueError, "target has 0 tokens"),
        ({"scores": SCORES.T}, ValueError, r"pass scores\.T"),
        ({"weights": WEIGHTS.T}, ValueError, r"pass weights\.T"),
        ({"scores": SCORES * np.nan}, ValueError, r"scores\[0, 0\] is nan"),
        ({"weights": SCORES}, ValueError, "softmax"),
        ({"predictions": PREDICTIONS[:3]}, ValueError, "it has 3 lists"),
    ],
)
def test_each_argument_is_checked_under_its_name(changes, error, message):
    with pytest.raises(error, match=message):
        make(**changes)


@needs_browser
def test_in_a_browser_next_twice_leads_to_the_context(tmp_path):
    next_twice = "for (let i of [1, 2]) document.querySelector('.sp-next-stage').click();"
    dom = dom_after(next_twice, tmp_path, make(), make())
    first, second = re.findall(r'class="sp-say"[^>]*>([^<]*)<', dom)
    share = f"{WEIGHTS[0, 0]:.2f}"
    assert first == f"Step 1, context: the values add up to one vector, {share} of it from “four”."
    assert second.startswith("Step 1, scores: the query fits “four” best, with a score of ")
    pages = dom.split('<div class="course-view step-player')[1:]
    assert pages[0].count("<path") == (WEIGHTS[0] >= 0.005).sum() and "<path" not in pages[1]


@needs_browser
def test_in_a_browser_the_token_stays_hidden_until_stage_four(tmp_path):
    keys = ["Left", "Down", *["Right"] * 4, *["Down"] * 2, "Left", "Up", "Other"]
    press = """
      const app = document.querySelector('.sp-app'), seen = [];
      const text = (cell) => (cell.querySelector('span') || cell).textContent || '_';
      for (const key of KEYS) {
        app.dispatchEvent(new KeyboardEvent('keydown', { key: 'Arrow' + key, bubbles: true }));
        seen.push(app.querySelector('.sp-say').textContent.split(':')[0] + ', ' +
          [...app.querySelectorAll('.sp-cell')].map(text).join(''));
      }
      document.title = seen.join('|');"""
    assert title_after(press.replace("KEYS", str(keys)), tmp_path, make(), width=480) == [
        "Step 1, scores, ?___",  # nothing lies before the beginning
        "Step 2, scores, 사?__",
        "Step 2, weights, 사?__",
        "Step 2, context, 사?__",
        "Step 2, token, 사억__",
        "Step 3, scores, 사억?_",
        "Step 4, scores, 사억칠?",
        "Step 4, scores, 사억칠?",  # nor after the end
        "Step 3, token, 사억칠_",
        "Step 2, token, 사억__",
        "Step 2, token, 사억__",
    ]
