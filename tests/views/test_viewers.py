"""The step player: what it contains, what it refuses, and what it does in a browser."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import numpy as np
import pytest
import torch

from helpers.views.step_player import step_player

SOURCE = ["four", "hundred", "and", "seven", "million"]
TARGET = ["사", "억", "칠", "<end>"]
GLOSSES = {"사": "4", "억": "10⁸", "칠": "7"}
PREDICTIONS = [[("사", 0.9), ("오", 0.06)], [("억", 0.75)], [], [("<end>", 1.0)]]
BROWSER = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None
)
needs_browser = pytest.mark.skipif(
    BROWSER is None,
    reason="No Chromium was found: install it, for example with `apt-get install chromium`.",
)


def example_scores(n_target=4, n_source=5):
    scores = np.random.default_rng(0).normal(0, 1, (n_target, n_source))
    scores[range(n_target), np.arange(n_target) % n_source] += 4
    return scores


def softmax(scores):
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def make(**changes):
    given = {"source": SOURCE, "target": TARGET, "scores": example_scores()}
    given |= {"glosses": GLOSSES, "predictions": PREDICTIONS} | changes
    if "weights" not in given:
        given["weights"] = softmax(given["scores"])
    return step_player(**given)


class Reader(HTMLParser):
    """Collects an HTML text as a browser's parser would see it."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.rows, self.scripts, self.open = [], [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "script":
            self.scripts.append((dict(attrs).get("type"), ""))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, text):
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += text
        if self.open and self.open[-1] == "script":
            kind, so_far = self.scripts[-1]
            self.scripts[-1] = (kind, so_far + text)


def payload(player):
    return json.loads(Reader(player._repr_html_()).scripts[0][1])


def test_html_is_one_closed_block_with_data_and_one_script():
    reader = Reader(make()._repr_html_())
    assert reader.open == []
    assert [kind for kind, _ in reader.scripts] == ["application/json", None]
    assert [attrs["id"] for _, attrs in reader.tags if "id" in attrs] == [reader.tags[0][1]["id"]]


def test_payload_holds_what_was_given():
    scores = example_scores()
    data = payload(make(scores=scores))
    assert (data["source"], data["target"]) == (SOURCE, TARGET)
    assert np.allclose(data["scores"], scores, atol=1e-3)
    assert np.allclose(data["weights"], softmax(scores), atol=1e-4)
    assert dict(data["glosses"]) == GLOSSES
    assert data["predictions"] == [[list(pair) for pair in pairs] for pairs in PREDICTIONS]
    assert payload(make(predictions=None))["predictions"] is None


def test_without_scripts_a_table_shows_every_weight():
    weights = softmax(example_scores())
    head, *rows = Reader(make(weights=weights)._repr_html_()).rows
    assert head == ["", *SOURCE]
    assert [row[0] for row in rows] == ["사 4", "억 10⁸", "칠 7", "<end>"]
    assert [row[1:] for row in rows] == [[f"{w:.2f}" for w in row] for row in weights]


def test_masked_scores_are_null_in_valid_json():
    scores = example_scores()
    scores[:, -1] = -np.inf
    player = make(scores=scores)
    assert [row[-1] for row in payload(player)["scores"]] == [None] * 4
    assert not re.search("Infinity|NaN", Reader(player._repr_html_()).scripts[0][1])


def test_tensors_arrays_and_lists_give_the_same_html():
    scores = example_scores()
    weights = softmax(scores)
    html = make()._repr_html_()
    tensors = {"scores": torch.tensor(scores, requires_grad=True), "weights": torch.tensor(weights)}
    assert make(**tensors)._repr_html_() == html
    assert make(scores=scores.tolist(), weights=list(weights))._repr_html_() == html
    assert make(source=tuple(SOURCE), target=np.array(TARGET))._repr_html_() == html
    half = torch.tensor([[1.0, 2.0]], dtype=torch.bfloat16)
    step_player(["a", "b"], ["c"], half, half.float().softmax(-1))


def test_same_content_same_html_other_content_other_id():
    first = Reader(make()._repr_html_()).tags[0][1]["id"]
    assert make()._repr_html_() == make()._repr_html_()
    assert re.fullmatch("step-player-[0-9a-f]{12}", first)
    assert first != Reader(make(glosses=None)._repr_html_()).tags[0][1]["id"]
    assert repr(make()) == "StepPlayer(5 source tokens, 4 steps)"


def test_a_usual_sentence_takes_15_to_30_kB():
    scores = example_scores(14, 12)
    predictions = [[(token, 0.2) for token in "일이삼사오"] for _ in range(14)]
    html = step_player(
        [f"hundred{i}" for i in range(12)],
        list("일억이천삼백사십오만육천칠") + ["<end>"],
        scores,
        softmax(scores),
        glosses=dict.fromkeys("일이삼사오육칠팔구십백천만억", "1000"),
        predictions=predictions,
    )._repr_html_()
    assert 15_000 < len(html.encode()) < 30_000


def test_html_asks_for_nothing_from_outside():
    html = make()._repr_html_()
    assert set(re.findall(r"https?://[^\s\"']+", html)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(
        r"@import|url\(|\bsrc=|<link|fetch\(|import\(|innerHTML|\bMath\.random", html
    )


@pytest.mark.parametrize(
    "token",
    [
        "</script><b>",
        "<!--<script>",
        "{{data}}",
        "a&lt;b",
        '"\\',
        "<img src=x onerror=alert(1)>",
        "\u2028",
    ],
)
def test_any_token_stays_text(token):
    plain = [tag for tag, _ in Reader(make()._repr_html_()).tags]
    player = make(
        source=[token, *SOURCE[1:]],
        target=[token, *TARGET[1:]],
        glosses={token: token},
        predictions=[[(token, 0.5)], [], [], []],
    )
    reader = Reader(player._repr_html_())
    assert [tag for tag, _ in reader.tags] == plain
    assert reader.rows[0][1] == token and reader.rows[1][0] == f"{token} {token}"
    data = payload(player)
    assert data["source"][0] == data["target"][0] == data["predictions"][0][0][0] == token
    assert data["glosses"] == [[token, token]]
    assert not re.search("[<>&]", reader.scripts[0][1])


def changed(array, place, value):
    array = array.copy()
    array[place] = value
    return array


SCORES, WEIGHTS = example_scores(), softmax(example_scores())
REFUSED = {
    "scores transposed": (
        {"scores": SCORES.T, "weights": WEIGHTS},
        r"\(5, 4\).*\(4, 5\).*scores\.T",
    ),
    "weights transposed": ({"weights": WEIGHTS.T}, r"weights.*\(5, 4\).*weights\.T"),
    "a batch": ({"weights": WEIGHTS[None]}, r"\(1, 4, 5\).*weights\[0\]"),
    "a step too few": (
        {"weights": WEIGHTS[1:]},
        r"\(3, 5\), .*4 target and 5 source.* Pass one row for each target token and cut off",
    ),
    "a batch of something else": ({"weights": WEIGHTS[None, 1:]}, "cut off the padding"),
    "ragged rows": ({"scores": [[1.0], [1.0, 2.0]], "weights": WEIGHTS}, "scores cannot be read"),
    "words for scores": ({"scores": [["a"] * 5] * 4, "weights": WEIGHTS}, "scores cannot be read"),
    "NaN score": (
        {"scores": changed(SCORES, (1, 2), np.nan), "weights": WEIGHTS},
        r"\[1, 2\] is nan",
    ),
    "+inf score": (
        {"scores": changed(SCORES, (1, 2), np.inf), "weights": WEIGHTS},
        r"\[1, 2\] is inf",
    ),
    "NaN weight": ({"weights": changed(WEIGHTS, (3, 0), np.nan)}, r"weights\[3, 0\] is nan"),
    "negative weight": ({"weights": changed(WEIGHTS, (0, 4), -0.1)}, r"weights\[0, 4\] is -0\.1"),
    "scores as weights": ({"weights": SCORES}, "softmax"),
    "softmax over the target": ({"weights": softmax(SCORES.T).T}, r"sums to .*dim=-1"),
    "a sum of 1.002": (
        {"weights": changed(WEIGHTS, 2, WEIGHTS[2] * 1.002)},
        r"weights\[2\] sums to 1\.002",
    ),
    "no source": ({"source": []}, "source has 0 tokens.*1 to 64"),
    "no target": ({"target": []}, "target has 0 tokens"),
    "a long source": ({"source": ["a"] * 65}, "source has 65 tokens"),
    "too few predictions": ({"predictions": PREDICTIONS[:3]}, "it has 3 lists.*needs 4"),
    "six predictions": ({"predictions": [[("a", 0.1)] * 6] + [[]] * 3}, "list 0.*at most 5"),
    "probability over 1": ({"predictions": [[("a", 1.2)]] + [[]] * 3}, r"\[1\.2\]"),
    "probability under 0": ({"predictions": [[("a", -0.1)]] + [[]] * 3}, r"\[-0\.1\]"),
    "probability NaN": ({"predictions": [[("a", np.nan)]] + [[]] * 3}, r"\[nan\]"),
    "lowest first": ({"predictions": [[("a", 0.1), ("b", 0.2)]] + [[]] * 3}, "highest first"),
    "no pairs": ({"predictions": [["ab", "c"]] + [[]] * 3}, r"pairs \(token, probability\)"),
}


@pytest.mark.parametrize(("changes", "message"), REFUSED.values(), ids=REFUSED)
def test_bad_numbers_are_refused_with_what_to_do(changes, message):
    with pytest.raises(ValueError, match=message):
        make(**{"weights": WEIGHTS} | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"source": "four"},
        {"source": [4, "hundred", "and", "seven", "million"]},
        {"target": [None, "억", "칠", "<end>"]},
        {"target": torch.arange(4)},
        {"predictions": [[(4, 0.5)], [], [], []]},
    ],
)
def test_tokens_that_are_no_strings_are_refused(changes):
    (name,) = changes
    with pytest.raises(TypeError, match="list of strings, one for each token") as caught:
        make(**changes)
    assert re.match(rf"{name}(\[0\])? is ", str(caught.value))


def test_a_chance_of_0_or_1_is_one_and_four_places_are_kept():
    predictions = [[("a", 1.0), ("b", 0.0)], [("c", 2 / 3)], [], []]
    kept = payload(make(predictions=predictions))["predictions"]
    assert kept == [[["a", 1.0], ["b", 0.0]], [["c", 0.6667]], [], []]


def test_rows_that_sum_to_one_within_a_thousandth_pass():
    for weights in (WEIGHTS * 1.0009, WEIGHTS.astype(np.float16)):
        assert "sp-app" in make(weights=weights)._repr_html_()


def dom_after(script, folder, *players, width=1100):
    """Return the page of `players` after `script`, as Chromium writes it out."""
    blocks = "".join(player._repr_html_() for player in players)
    page = folder / "page.html"
    extra = f"<script>addEventListener('load', () => {{ {script} }});</script>"
    page.write_text(f"<!doctype html><meta charset='utf-8'>{blocks}{extra}", encoding="utf-8")
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000"]
    command += [f"--user-data-dir={folder / 'profile'}", f"--window-size={width},800", "--dump-dom"]
    done = subprocess.run([*command, page.as_uri()], capture_output=True, timeout=60, check=True)
    return done.stdout.decode()


def said(dom):
    """Return the sentences that the players in a page say."""
    return re.findall(r'class="sp-say"[^>]*>([^<]*)<', dom)


@needs_browser
def test_in_a_browser_next_twice_leads_to_the_context(tmp_path):
    player = make()
    next_twice = "for (let i of [1, 2]) document.querySelector('.sp-next-stage').click();"
    dom = dom_after(next_twice, tmp_path, player, player)
    first, second = said(dom)
    share = f"{WEIGHTS[0, 0]:.2f}"
    assert first == f"Step 1, context: the values add up to one vector, {share} of it from “four”."
    assert second.startswith("Step 1, scores: the query fits “four” best, with a score of ")
    assert "<table" not in dom
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
    dom = dom_after(press.replace("KEYS", str(keys)), tmp_path, make(), width=480)
    seen = re.search("<title>(.*)</title>", dom)[1].split("|")
    assert seen == [
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


@needs_browser
def test_in_a_browser_a_hostile_token_runs_nothing(tmp_path):
    hostile = "</script><script>document.title=1</script><img src=x onerror=document.title=2>"
    player = make(source=[hostile, *SOURCE[1:]], glosses={hostile: hostile})
    dom = dom_after("document.querySelector('.sp-next-stage').click()", tmp_path, player)
    assert "<title>" not in dom and "<img" not in dom
    assert said(dom)[0].startswith("Step 1, weights: ")
