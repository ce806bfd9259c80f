"""Every deck, built from the stored notebooks and driven in Chromium, slide by slide."""

import json
import re

import pytest
from nbformat import v4

from tests.publish.test_slide_content import PNG, code, prose
from tests.support.stored_notebooks import EDITIONS, paths, read
from tools.notebooks.notebook_files import METADATA, ToolError, write
from tools.publish import slides
from tools.publish.slide_content import slides_of, total

COUNT, MINUTES, WORDS = range(20, 41), range(20, 101), 60
FOUND = paths(editions=EDITIONS)
LAST = max((path.stem for path in FOUND), default="")


def names(found):
    return [f"{path.parent.name}/{path.stem}" for path in found]


@pytest.fixture(scope="session")
def chromium():
    """Make sure that npm's packages and Chromium are there, or say what to install."""
    try:
        slides.browser()
        slides.install()
    except ToolError as error:
        pytest.skip(f"The decks were not tested: {error}.")


@pytest.fixture(scope="session")
def checked(chromium, tmp_path_factory):
    """Return by name what Chromium says of each deck."""
    folder = tmp_path_factory.mktemp("slides")
    decks = [slides.build(path, folder / path.parent.name) for path in FOUND]
    return dict(zip(names(FOUND), json.loads(slides.drive("check", *decks)), strict=True))


@pytest.fixture(params=FOUND, ids=names(FOUND))
def lecture(request, checked):
    """One notebook, its slides, and what Chromium says of its deck."""
    path = request.param
    return path, slides_of(read(path).node), checked[names([path])[0]]


def complaints(deck):
    """Return in words what Chromium found wrong with a deck."""
    told = [f"the deck {sentence}" for sentence in deck["told"]]
    return told + [f"slide {s['id']} {wrong}" for s in deck["slides"] for wrong in s["wrong"]]


@pytest.mark.slow
def test_chromium_finds_nothing_wrong(lecture):
    _, _, deck = lecture
    assert not complaints(deck), "\n".join(complaints(deck))


@pytest.mark.slow
def test_a_deck_has_every_slide_and_all_its_math(lecture):
    _, expected, deck = lecture
    assert [slide.id for slide in expected] == [seen["id"] for seen in deck["slides"]]
    for slide, seen in zip(expected, deck["slides"], strict=True):
        formulas = [p for p in slide.parts if p.kind == "prose" and "$" in p.content]
        assert seen["math"] >= len(formulas), slide.id


@pytest.mark.parametrize("path", FOUND, ids=names(FOUND))
def test_a_deck_is_a_lecture(path):
    made = slides_of(read(path).node)
    assert len(made) in COUNT
    unsaid = [slide.id for slide in made[:-1] if not slide.minutes]
    assert not unsaid, f"no minutes in the notes of {unsaid}: begin them as in `2 min. Ask: …`"
    assert total(made) in MINUTES
    walls = {slide.id: slide.words for slide in made if slide.words > WORDS}
    assert not walls, f"more than {WORDS} words on a slide: {walls}"
    missing = [slide.id for slide in made if any(p.kind == "missing" for p in slide.parts)]
    assert not missing, (
        f"nothing is stored for a cell on {missing}: run `python course.py notebooks`"
    )


@pytest.mark.slow
def test_a_deck_opens_with_its_title_and_ends_with_the_next(lecture):
    path, _, deck = lecture
    number = int(path.stem[:2])
    first, last = deck["slides"][0], deck["slides"][-1]
    assert first["id"] == "title" and f"{number:02} · " in first["text"]
    assert last["id"] == "next" and (f"{number + 1:02}" in last["text"] or path.stem == LAST)


@pytest.mark.slow
def test_a_lecturers_keys_reach_every_step_and_the_notes(chromium, tmp_path):
    path = next(path for path in FOUND if path.stem == "02_attention")
    made = slides_of(read(path).node)
    found = json.loads(slides.drive("present", slides.build(path, tmp_path)))
    assert found["told"] == found["stolen"] == []
    assert found["seen"] == [[s.id, step] for s in made for step in range(s.steps + 1)]
    assert made[0].notes[0].split("`")[0] in found["notes"]


@pytest.mark.slow
def test_a_handout_has_a_page_for_each_slide(chromium, tmp_path):
    path = FOUND[0]
    pdf = tmp_path / "deck.pdf"
    slides.drive("print", slides.build(path, tmp_path), pdf)
    pages = re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())
    assert len(pages) == len(slides_of(read(path).node))


# --- the checks seen to fail ---

WRONG = {
    "long": (["Line.\n\n" * 30], "slide long is"),
    "grey": (['<p style="color:#aaa">Pale words on white.</p>'], "contrast"),
    "small": (['<p style="font-size:12px">Fine print.</p>'], "is set in 12px"),
    "math": (["The sum $x^2^3$."], "has math that MathJax cannot read"),
    "unset": (["<p class='mathjax_ignore'>A formula: $x^2$.</p>"], "shows math that was not set"),
    "over": (['<p style="margin-bottom:-60px">One over</p>', "the other."], "lies upon"),
    "beyond": (['<p style="margin-left:1200px">Away, far away.</p>'], "lies beyond the slide"),
    "foot": (['<p style="margin-top:555px">Down here.</p>'], "runs into the foot"),
}


@pytest.fixture(scope="session")
def spoilt(chromium, tmp_path_factory):
    """Return what Chromium says of a deck in which every slide has its own mistake."""
    folder = tmp_path_factory.mktemp("spoilt") / "en"
    cells = [prose("# Title\n\nPromise.")]
    for name, (texts, _) in WRONG.items():
        cells.append(prose(texts[0], name))
        cells += [prose(text, f"{name}-{i}", "-") for i, text in enumerate(texts[1:])]
    cells.append(code("x", "nameless", "slide", PNG, tags=["slide-output"]))
    wide = code("x", "wide", "slide", tags=["slide-code"])
    wide.source = f"x = {'1' * 150}"
    view = '<img alt="not reachable" src="http://127.0.0.1:9/x.png"><script>oops()</script>'
    cells += [wide, code("x", "view", "slide", {"text/html": view}, tags=["slide-output"])]
    notebook = v4.new_notebook(cells=cells, metadata=METADATA, nbformat_minor=5)
    write(notebook, folder / "01_spoilt.ipynb")
    deck = slides.build(folder / "01_spoilt.ipynb", folder)
    return complaints(json.loads(slides.drive("check", deck))[0])


SPOILT = [(name, sentence) for name, (_, sentence) in WRONG.items()] + [
    ("nameless", "has a picture without alt text"),
    ("wide", "<pre> x = 1111"),
    ("the deck", "asks for http://127.0.0.1:9/x.png"),
    ("the deck", "error: oops is not defined"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "sentence"), SPOILT)
def test_a_mistake_on_a_slide_is_found(spoilt, name, sentence):
    assert any(name in told and sentence in told for told in spoilt), "\n".join(spoilt)


# --- what needs no browser ---


def test_what_comes_from_npm_is_pinned_and_no_registry_is_named():
    lock = json.loads(slides.LOCK.read_text(encoding="utf-8"))
    packages = [package for name, package in lock["packages"].items() if name]
    assert all(re.match("sha512-", package["integrity"]) for package in packages)
    assert not [package for package in packages if "resolved" in package]
    assert "://" not in slides.LOCK.read_text(encoding="utf-8")
    asked = json.loads((slides.HERE / "package.json").read_text(encoding="utf-8"))
    versions = [*asked["dependencies"].values(), *asked["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (slides.browser, "Chromium is missing: install it .*apt-get install chromium"),
        (slides.install, "npm is missing: install it .*apt-get install nodejs npm"),
    ],
)
def test_what_is_missing_is_told_in_one_sentence(monkeypatch, tmp_path, call, message):
    monkeypatch.setattr(slides.shutil, "which", lambda name: None)
    monkeypatch.setattr(slides, "STAMP", tmp_path / "none")
    with pytest.raises(ToolError, match=message) as told:
        call()
    assert "\n" not in str(told.value)


def test_no_string_in_a_library_ends_its_script():
    script = slides.inline('a = "</script><!-- <SCRIPT>"; b < script')
    assert script == r'a = "\x3c/script>\x3c!-- \x3cSCRIPT>"; b < script'


@pytest.mark.slow
def test_a_deck_is_the_same_when_built_again(chromium, tmp_path):
    one, two = (slides.build(FOUND[0], tmp_path / part).read_bytes() for part in "ab")
    assert one == two and len(one) < 4_000_000


def test_links_to_notebooks_lead_to_decks():
    html = '<a href="01_bottleneck.ipynb">next</a> <a href="x.html">x</a>'
    assert slides.deck_link(html) == html.replace(".ipynb", ".html")


def test_an_edition_without_such_a_notebook_is_told(capsys):
    assert slides.main(["00", "--edition", "xx"]) == 1
    assert "the edition 'xx' has no such notebook yet" in capsys.readouterr().err
