"""Every view in Chromium: in exported HTML, a deck and JupyterLab, by keys, in dark and light."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from nbconvert import HTMLExporter
from nbformat import sign, v4, write

from helpers.views.hover_viewer import hover_viewer
from helpers.views.slider import slider
from helpers.views.step_player import step_player
from helpers.views.you_draw_it import you_draw_it
from tools.notebooks.notebook_files import METADATA, ToolError
from tools.publish import slides

pytestmark = pytest.mark.slow
DARK, LIGHT = "rgb(28, 31, 34)", "rgb(255, 255, 255)"
KINDS = ["step-player", "hover-viewer", "hover-viewer", "slider-view", "slider-view"]
KINDS += ["you-draw-it", "you-draw-it"]
STUBBED = ["require.min.js", "/mathjax/", "mermaid"]  # nbconvert's own wishes
DRIVER = Path(__file__).parents[1] / "support" / "browser_draw.mjs"
NUMBER = ["nine", "hundred", "and", "eighty", "seven"]
SOURCE = [*NUMBER, "thousand", *NUMBER, "million", *NUMBER, "billion", "two", "hundred"]  # 20 words
TARGET = [*"구천팔백칠십육만오천사백삼십", "<end>"]
MEASURED = {"RNN": {n: round(max(0, 1 - 0.03 * (n - 3) ** 2), 2) for n in range(3, 13)}}
KNOWN = {"RNN + attention": {3: 1.0, 12: 0.98}}
WIDTHS = [4**k for k in range(9)]
FOUR = {
    name: {width: share**k for k, width in enumerate(WIDTHS)}
    for name, share in {"dot": 0.6, "general": 0.7, "additive": 0.8, "q · k / √d": 0.9}.items()
}
SENTENCE = ["I", "went", "to", "Stanford", "CS", "224n", "and", "learned"]


def softmax(*shape, sharp=2.0):
    scores = sharp * np.random.default_rng(0).normal(size=shape)
    weights = np.exp(scores)
    return scores, weights / weights.sum(axis=-1, keepdims=True)


def views():
    scores, weights = softmax(len(TARGET), len(SOURCE))
    guesses = [
        [(token, 0.6), ("오", 0.2), ("십", 0.1), ("이", 0.06), ("일", 0.04)] for token in TARGET
    ]
    long = [f"{word}{i}" for i in range(3) for word in ("many", "words", "wrap", "here", "too")]
    shares = {t: softmax(2, 8, sharp=1 / t)[1] for t in (0.1, 0.3, 1, 3)}
    maps = {t: softmax(8, 8, sharp=1 / t)[1] for t in (0.1, 1, 10)}
    return [
        step_player(SOURCE, TARGET, scores, weights, glosses={"구": "9"}, predictions=guesses),
        hover_viewer({"one": (SENTENCE, softmax(4, 8, 8)[1]), "two": (["a"], [[1.0]])}),
        hover_viewer({"long": (long, softmax(15, 15)[1])}),
        slider("d", shares, SENTENCE, ["q · k", "q · k / √d"], title="One query", shares=True),
        slider("temperature", maps, SENTENCE, SENTENCE, look="matrix", axes=("queries", "keys")),
        you_draw_it(MEASURED, "digits", "exact match", given=KNOWN, title="How far does it carry?"),
        you_draw_it(FOUR, "width", "cosine with word 1", ylim=(-0.2, 1), log="x"),
    ]


def notebook(shown):
    slide = {"slideshow": {"slide_type": "slide"}}
    cells = [v4.new_markdown_cell("# Views\n\nA page of them.", id="title", metadata=slide)]
    for i, html in enumerate(shown):
        data = {"text/html": html, "text/plain": "a view"}
        output = v4.new_output("execute_result", data=data, execution_count=1)
        more = slide | {"tags": ["slide-output"], "slide_text": f"## View {i}"}
        made = {"metadata": more, "execution_count": 1, "outputs": [output]}
        cells.append(v4.new_code_cell("show()", id=f"view-{i}", **made))
    return v4.new_notebook(cells=cells, metadata=METADATA, nbformat_minor=5)


@pytest.fixture(scope="module")
def chromium():
    """Make sure that npm's packages and Chromium are there, or say what to install."""
    try:
        slides.browser()
        slides.install()
    except ToolError as error:
        pytest.skip(f"The views were not tested in a browser: {error}.")


def judged(folder, *jobs):
    """Return what Chromium says of each job (see tools/publish/deck/views.mjs)."""
    (folder / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    command = ["node", str(slides.HERE / "views.mjs"), slides.browser(), folder / "jobs.json"]
    done = subprocess.run(command, capture_output=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8")
    return json.loads(done.stdout)


def page_of(file, *shown):
    head = "<!doctype html><html lang='en'><meta charset='utf-8'><title>Views</title>"
    phone = "<meta name='viewport' content='width=device-width, initial-scale=1'>"
    file.write_text(f"{head}{phone}{''.join(shown)}", encoding="utf-8")
    return file.as_uri()


PAGES = {  # what the page is, what it is shown with, and the paper it then has
    "plain page": ("bare", {"width": 1100}, LIGHT),
    "system dark": ("bare", {"width": 720, "dark": True}, DARK),
    "phone": ("bare", {"width": 390, "dark": True}, DARK),
    "site light, system dark": ("bare", {"width": 900, "dark": True, "theme": "light"}, LIGHT),
    "site dark, system light": ("bare", {"width": 390, "theme": "dark"}, DARK),
    "exported": ("light", {"dark": True, "width": 720}, LIGHT),
    "exported dark": ("dark", {"width": 1000}, DARK),
    "deck": ("deck", {"deck": True, "dark": True}, LIGHT),
}


@pytest.fixture(scope="module")
def pages(chromium, tmp_path_factory):
    """Return the addresses of all views: on a bare page, exported, dark or light, in a deck."""
    folder = tmp_path_factory.mktemp("pages")
    shown = [view._repr_html_() for view in views()]
    pages = {"bare": page_of(folder / "bare.html", *shown)}
    (folder / "en").mkdir()
    write(notebook(shown), folder / "en" / "01_views.ipynb")
    pages["deck"] = slides.build(folder / "en" / "01_views.ipynb", folder).as_uri()
    for theme in ("light", "dark"):
        html, _ = HTMLExporter(template_name="lab", theme=theme).from_notebook_node(notebook(shown))
        (folder / f"{theme}.html").write_text(html, encoding="utf-8")
        pages[theme] = (folder / f"{theme}.html").as_uri()
    return pages


@pytest.fixture(scope="module")
def results(pages, tmp_path_factory):
    """Return what Chromium says of the views in each of PAGES."""
    jobs = [
        {"url": pages[page], "stubbed": STUBBED, "count": len(KINDS)} | how
        for page, how, _ in PAGES.values()
    ]
    return dict(zip(PAGES, judged(tmp_path_factory.mktemp("judged"), *jobs), strict=True))


@pytest.mark.parametrize("page", PAGES)
def test_views_work_by_keys_and_in_the_colours_of_the_page(results, page):
    assert results[page]["bad"] == []
    assert results[page]["seen"] == [[kind, PAGES[page][2]] for kind in KINDS]


@pytest.fixture
def jupyterlab(tmp_path):
    """Start JupyterLab, dark, on a trusted notebook of all views; return the page's address."""
    path = tmp_path / "work" / "views.ipynb"
    settings = tmp_path / "settings" / "overrides.json"
    for file in (path, settings):
        file.parent.mkdir()
    made = notebook([view._repr_html_() for view in views()])
    write(made, path)
    sign.NotebookNotary(data_dir=str(tmp_path)).sign(made)
    theme = {"@jupyterlab/apputils-extension:themes": {"theme": "JupyterLab Dark"}}
    settings.write_text(json.dumps(theme), encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--ServerApp.port={port}", f"--ServerApp.root_dir={path.parent}"]
    command += ["--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=", "--LabApp.news_url="]
    command += [f"--LabApp.app_settings_dir={settings.parent}"]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    kept = {name: str(tmp_path) for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "HOME")}
    kept |= {"JUPYTER_CONFIG_DIR": str(tmp_path / "none"), "IPYTHONDIR": str(tmp_path / "ipython")}
    log = (tmp_path / "lab.log").open("w", encoding="utf-8")
    server = subprocess.Popen(command, env=os.environ | kept, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/api", server, log.name)
        yield f"http://127.0.0.1:{port}/lab/tree/views.ipynb?reset"
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def wait_for(address, server, log):
    for _ in range(120):
        try:
            return urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, OSError):
            if server.poll() is not None:
                break
            time.sleep(0.5)
    with open(log, encoding="utf-8") as file:
        pytest.fail(f"JupyterLab did not answer at {address}:\n{file.read()[-3000:]}")


def test_views_work_in_jupyterlab(chromium, jupyterlab, tmp_path):
    job = {"url": jupyterlab, "count": len(KINDS), "width": 1200, "height": 4000}
    (found,) = judged(tmp_path, job)
    assert found["bad"] == []
    assert found["seen"] == [[kind, DARK] for kind in KINDS]


# --- drawing ---

LINE = [["3", "0.8"], ["12", "0.2"]]  # a stroke from 0.8 at 3 digits to 0.2 at 12, by the labels
DRAWN = {n: 0.8 - 0.6 * (n - 3) / 9 for n in MEASURED["RNN"]}
AWAY = np.mean([abs(DRAWN[n] - y) for n, y in MEASURED["RNN"].items()])
READ = [["key", "Home"], *[["read"], ["key", "ArrowRight"]] * 9, ["read"]]  # point by point
SHOW, ANEW = [["click", ".yd-show"], ["read"]], [["click", ".yd-show + button"], ["read"]]
PLACES = {
    "plain page": {"page": "bare"},
    "phone": {"page": "bare", "width": 390, "touch": True},
    "exported": {"page": "light", "width": 720},
    "deck": {"page": "deck", "deck": True, "width": 1280},
    "deck, by touch": {"page": "deck", "deck": True, "width": 1280, "touch": True},
    "deck, half as large": {"page": "deck", "deck": True, "width": 640, "height": 360},
}


def drawn(folder, *jobs):
    """Return what was read, and what went wrong, in each job of tests/support/browser_draw.mjs."""
    (folder / "acts.json").write_text(json.dumps(jobs), encoding="utf-8")
    command = ["node", str(DRIVER), slides.browser(), str(slides.HERE), folder / "acts.json"]
    done = subprocess.run(command, capture_output=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8")
    return json.loads(done.stdout)


def values(read):
    """Return the numbers that a view has told, one from each of its sentences."""
    return [float(re.search(r"you drew (\d\.\d\d)", one["said"])[1]) for one in read]


def job(pages, page, acts, **how):
    return {"url": pages[page], "acts": acts, "stubbed": STUBBED} | how


@pytest.fixture(scope="module")
def strokes(pages, tmp_path_factory):
    """Return, for each of PLACES, what is read before, after a stroke, uncovered, and anew."""
    jobs = []
    for how in PLACES.values():
        stroke = ["touch" if how.get("touch") else "mouse", LINE]
        up = ["touch", [["7", "0.4"], ["7", "1.0"]]] if how.get("touch") else ["focus", ".yd-scene"]
        acts = [["read"], ["focus", ".yd-scene"], ["read"], stroke, ["read"], up, stroke]
        acts += [["read"], ["focus", ".yd-scene"], *READ, *SHOW, *ANEW]
        jobs.append(job(pages, acts=acts, **how))
    return dict(zip(PLACES, drawn(tmp_path_factory.mktemp("drawn"), *jobs), strict=True))


@pytest.mark.parametrize("place", PLACES)
def test_a_stroke_sets_the_points_that_it_crosses(strokes, place):
    assert values(strokes[place]["read"][4:14]) == pytest.approx(list(DRAWN.values()), abs=0.011)


@pytest.mark.parametrize("place", PLACES)
def test_drawing_neither_scrolls_nor_turns_the_page(strokes, place):
    assert strokes[place]["bad"] == []
    assert len({read["place"] for read in strokes[place]["read"][1:14]}) == 1


@pytest.mark.parametrize("place", PLACES)
def test_what_was_measured_is_neither_seen_nor_told_before_it_is_shown(strokes, place):
    *before, shown, anew = strokes[place]["read"]
    assert {read["measured"] for read in before} == {0} and shown["measured"] == 1
    told = re.search(r"Your curve was (\d\.\d\d) away on average\.$", shown["said"])
    assert float(told[1]) == pytest.approx(AWAY, abs=0.011)
    for read in before:
        assert "away" not in read["all"] and "0.97" not in read["all"]  # measured at 4 digits
    assert shown["animation"] == "none,yd-uncover,none"
    assert before[0]["animation"] == "none,none,none"
    assert anew["measured"] == 0 and anew["said"].startswith("Draw the curve that you expect.")


def test_without_motion_a_drawing_or_a_mouse_it_is_shown_at_once(chromium, pages, tmp_path):
    keys = [["focus", ".yd-show"], ["key", " "], ["read"], ["focus", ".yd-scene"]]
    keys += [["key", "ArrowRight", 3], ["read"]]
    for page in ("bare", "deck"):
        how = {"still": True, "deck": page == "deck"}
        (found,) = drawn(tmp_path, job(pages, page, [["read"], *keys], **how))
        start, shown, point = found["read"]
        assert found["bad"] == [] and shown["animation"] == "none,none,none"
        assert (start["measured"], shown["measured"], shown["said"]) == (0, 1, "You drew nothing.")
        told = "RNN, digits = 6: you drew nothing, measured was 0.73."
        assert point["said"].endswith(told) and point["place"] == shown["place"]
        if page == "deck":  # the button's own key turns no page
            assert start["place"] == shown["place"]


def test_of_several_curves_the_one_that_is_chosen_is_drawn(chromium, tmp_path):
    page = page_of(tmp_path / "four.html", views()[-1]._repr_html_())
    tab = "[aria-pressed]:nth-child({})".format
    acts = [["mouse", [["1", "0.75"], ["65,536", "0.25"]]], ["click", tab(3)]]
    acts += [["mouse", [["65,536", "0.25"], ["1", "0.75"]]], ["read"], *SHOW]  # from right to left
    (found,) = drawn(tmp_path, {"url": page, "acts": acts, "width": 390})
    before, shown = found["read"]
    assert found["bad"] == [] and (before["measured"], shown["measured"]) == (0, 4)
    assert before["said"] == "additive, width = 1: you drew 0.75."
    line = np.linspace(0.75, 0.25, 9)
    far = [
        np.mean(np.abs(np.array([*FOUR[name].values()]) - y))
        for name, y in (("dot", line), ("additive", line))
    ]
    numbers = [float(n) for n in re.findall(r"was (\d\.\d\d) away", shown["said"])]
    assert numbers == pytest.approx(far, abs=0.011)
    assert (
        "general: you drew nothing." in shown["said"] and "√d: you drew nothing." in shown["said"]
    )


def test_drawing_works_in_jupyterlab(chromium, jupyterlab, tmp_path):
    acts = [["read"], ["mouse", LINE], ["read"], *READ, *SHOW]
    job = {"url": jupyterlab, "acts": acts, "count": len(KINDS), "width": 1200, "height": 1000}
    (found,) = drawn(tmp_path, job)
    start, stroke, *points, shown = found["read"]
    assert found["bad"] == [] and (start["measured"], shown["measured"]) == (0, 1)
    assert values(points) == pytest.approx(list(DRAWN.values()), abs=0.011)
    assert {read["place"] for read in points} == {stroke["place"]}  # keys change no cell
    assert float(re.search(r"was (\d\.\d\d) away", shown["said"])[1]) == pytest.approx(
        AWAY, abs=0.011
    )


# --- the checks seen to fail ---

BROKEN = {
    "pale words": ("--quiet: light-dark(#4a4a4a", "--quiet: light-dark(#aaa", "contrast"),
    "a slider without a name": ('input.setAttribute("aria-label", data.scale);', "", "label"),
    "no keys": ("if (!act) return;", "return event.preventDefault();", "does not answer"),
    "too wide": (".slider-view { max-width: 960px", ".sv-app { width: 3000px", "px wide in"),
    "an error": ("go(at);\n", "go(at);\n lost();\n", "lost is not defined"),
    "a request": ("go(at);\n", "go(at);\n fetch('http://127.0.0.1:9/x');\n", "asks for http://1"),
}


def test_a_broken_view_is_reported(chromium, tmp_path):
    html = views()[3]._repr_html_()
    if any(old not in html for old, _, _ in BROKEN.values()):
        pytest.fail("the slider no longer has what this test breaks")
    pages = [
        page_of(tmp_path / f"{i}.html", html.replace(old, new).replace("“", " "))
        for i, (old, new, _) in enumerate(BROKEN.values())
    ]
    results = judged(tmp_path, *({"url": page} for page in pages))
    for (name, (_, _, complaint)), found in zip(BROKEN.items(), results, strict=True):
        assert any(complaint in text for text in found["bad"]), f"{name}: {found['bad']}"
