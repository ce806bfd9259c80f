"""The site, built once from what is stored: its links, its pictures, and what Chromium says."""

import functools
import json
import os
import re
import shutil
import subprocess
import threading
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from fontTools.ttLib import TTFont

from tests.support.stored_notebooks import EDITIONS, ROOT, paths, read
from tests.support.toys import markdown, notebook
from tools.notebooks.notebook_files import ToolError
from tools.notebooks.records import read_claims
from tools.publish import site
from tools.publish.colab_links import Address
from tools.publish.slides import browser, install

pytestmark = pytest.mark.slow
ADDRESS = Address("me/my.course", tag="v1.0")
FOUND = paths(editions=EDITIONS)
NAMES = [f"{path.parent.name}/{path.stem}" for path in FOUND]
WEB = ("http://", "https://", "mailto:")
GENERATED = ("genindex", "search")  # pages of Sphinx's own


class Page(HTMLParser):
    """A page: its elements as (tag, attributes), its anchors, and its text."""

    def __init__(self, file):
        super().__init__()
        self.file, self.elements, self.text = file, [], []
        self.feed(file.read_text(encoding="utf-8"))
        self.anchors = {a[key] for _, a in self.elements for key in ("id", "name") if key in a}

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, {key: value or "" for key, value in attributes}))

    def handle_data(self, data):
        self.text.append(data)

    def all(self, tag, cls=""):
        return [
            a for t, a in self.elements if t == tag and cls in a.get("class", "").split() + [""]
        ]


@pytest.fixture(scope="session")
def needed():
    """Make sure that Sphinx and npm's packages are there, or say what is missing."""
    try:
        site.check_packages()
        install()
    except ToolError as error:
        pytest.skip(f"The site was not tested: {error}.")


@pytest.fixture(scope="session")
def chromium(needed):
    """Return the path of Chromium, or say what to install."""
    try:
        return browser()
    except ToolError as error:
        pytest.skip(f"The site was not tested in a browser: {error}.")


@pytest.fixture(scope="session")
def folder(needed, tmp_path_factory):
    """Build the site, with an address and a deck, and return its folder."""
    made = tmp_path_factory.mktemp("site")
    deck = made / "slides" / f"{NAMES[0]}.html"
    deck.parent.mkdir(parents=True)
    deck.write_text("<!doctype html><title>A deck</title>", encoding="utf-8")
    return site.build(made / "site", ADDRESS, made / "slides")


@pytest.fixture(scope="session")
def pages(folder):
    """Return every page by its path without .html; decks are no pages."""
    files = [file for file in folder.rglob("*.html") if "_static" not in file.parts]
    found = {file.relative_to(folder).with_suffix("").as_posix(): Page(file) for file in files}
    return {name: page for name, page in found.items() if not name.startswith("slides/")}


def wrong_links(page, folder, pages):
    """Yield each link of a page that leads nowhere, and each request that would leave the site."""
    for tag, attributes in page.elements:
        for key in ("href", "src", "srcset", "action", "data", "poster"):
            link = attributes.get(key, "#")
            if link == "#" or link.startswith("data:"):
                continue
            if link.startswith((*WEB, "//")):
                if (tag, key) != ("a", "href") or not link.startswith(WEB):
                    yield f"<{tag}> asks for {link}"
                continue
            parts = urlsplit(link)
            place = os.path.normpath(page.file.parent / unquote(parts.path))
            target = Path(place) if parts.path else page.file
            name = os.path.relpath(target.with_suffix(""), folder)
            if not target.is_relative_to(folder) or not target.is_file():
                yield f"<{tag}> leads to {link}, which is not there"
            elif name in pages and unquote(parts.fragment or "") not in pages[name].anchors | {""}:
                yield f"<{tag}> leads to {link}, which has no such anchor"


def test_every_link_and_anchor_resolves_and_no_request_leaves(folder, pages):
    told = [
        f"{name}: {w}" for name, page in pages.items() for w in wrong_links(page, folder, pages)
    ]
    assert not told, "\n".join(told)


def test_style_sheets_ask_for_nothing_from_outside(folder):
    for file in folder.rglob("*.css"):
        for link in re.findall(r"url\(\s*['\"]?([^'\")]+)", file.read_text(encoding="utf-8")):
            if not link.startswith(("data:", "#")):
                assert (file.parent / re.split("[?#]", link)[0]).is_file(), f"{file}: {link}"


def test_the_sites_font_has_every_syllable_of_its_pages(folder, pages):
    used = {c for page in pages.values() for text in page.text for c in text if "가" <= c <= "힣"}
    for file in re.findall(r'url\("(.*?)"\)', (folder / "_static/course.css").read_text("utf-8")):
        has = {chr(code) for code in TTFont(folder / "_static" / file).getBestCmap()}
        assert len(used) > 300 and not used - has, "".join(sorted(used - has))


@pytest.mark.parametrize("name", NAMES)
def test_a_notebooks_page_holds_all_of_it(pages, name):
    page, notebook = pages[name], read(FOUND[NAMES.index(name)])
    markdown = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert len(page.all("div", "cell_input")) == len(notebook.code)
    folds = [fold for fold in page.all("details") if "admonition" not in fold.get("class", "")]
    assert len(folds) == markdown.count("<details>") > 0  # beside the code of measured sentences
    assert not [a for a in page.all("details") if "open" in a]
    drawn = [
        c
        for c in notebook.code
        if any("image/" in str(o.get("data", {}).keys()) for o in c.outputs)
    ]
    shown = [image["alt"] for image in page.all("img") if "_images/" in image["src"]]
    assert shown == [cell.metadata["alt"] for cell in drawn]


def test_every_picture_has_an_alternative_text(pages):
    assert not [(n, i) for n, page in pages.items() for i in page.all("img") if not i.get("alt")]


def test_badges_become_links_to_colab(folder, pages):
    for name in NAMES:
        links = [a["href"] for a in pages[name].all("a", "course-button")]
        place = f"/github/me/my.course/blob/v1.0/notebooks/{name}.ipynb"
        assert links[0].endswith(place)
        assert ("slides" in str(links)) == (name == NAMES[0])
    assert not [page for page in pages.values() if "colab-badge" in page.file.read_text("utf-8")]


def test_notebooks_lead_to_one_another_within_the_site(pages):
    for name in NAMES:
        links = [a["href"] for a in pages[name].all("a")]
        assert not [link for link in links if ".ipynb" in link and "colab" not in link]
    assert "01_bottleneck.html" in [a["href"] for a in pages["en/02_attention"].all("a")]


def test_the_claims_are_a_page(pages):
    rows = len(pages["claims"].all("tr")) - len(pages["claims"].all("thead"))
    assert rows == len(read_claims())
    assert f"{rows} claims" in "".join(pages["index"].text)


def test_a_korean_page_says_that_it_is_korean(pages):
    for name, page in pages.items():
        korean = name.startswith("ko/") or name == "teaching-ko"
        assert page.all("html")[0]["lang"] == ("ko" if korean else "en"), name


def test_every_page_is_in_the_menu(pages):
    menu = {a["href"].split("#")[0] for a in pages["claims"].all("a", "reference")}
    wanted = {f"{name}.html" for name in pages if name not in (*GENERATED, "claims")}
    assert wanted <= menu | {"index.html"}


# --- in Chromium ---


def drive(chromium, base, names):
    """Return what Chromium says of pages, in light and in dark."""
    command = ["node", str(site.HERE / "browser.mjs"), chromium, base, *names]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def seen(chromium, folder, pages):
    """Return what Chromium says of every page, opened as a file, in light and in dark."""
    return drive(chromium, f"{folder.as_uri()}/", [f"{name}.html" for name in sorted(pages)])


def test_pages_open_without_a_request_outside_or_an_error(seen, pages):
    assert len(seen) == 2 * len(pages)
    assert not [
        (s["page"], s["scheme"], s["told"], s["broken"]) for s in seen if s["told"] or s["broken"]
    ]


def test_axe_finds_no_barrier(seen):
    assert not [(s["page"], s["scheme"], s["barriers"]) for s in seen if s["barriers"]]


def test_pages_are_light_or_dark_as_the_system_is(seen):
    assert all(s["theme"] == s["scheme"] for s in seen)
    assert len({(s["scheme"], s["ground"]) for s in seen}) == 2


def test_math_is_set(seen, pages):
    assert not [(s["page"], s["unset"], s["wrong"]) for s in seen if s["unset"] or s["wrong"]]
    with_math = {
        f"{name}.html"
        for name, page in pages.items()
        if page.all("span", "math") or page.all("div", "math")
    }
    assert {s["page"] for s in seen if s["math"]} == with_math > {"en/05_self_attention.html"}


def test_views_answer_to_keys(seen):
    stored = {f"{name}.html": str(read(path).node) for name, path in zip(NAMES, FOUND, strict=True)}
    wanted = {page: text.count('class="course-view') for page, text in stored.items()}
    assert sum(wanted.values()) >= 6
    assert {s["page"]: s["views"] for s in seen if s["views"]} == {
        page: [True] * count for page, count in wanted.items() if count
    }


def test_search_finds_notebooks(chromium, folder):
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}/"
        found = drive(chromium, base, ["search.html?q=rotary"])
        server.shutdown()
    for s in found:
        assert not s["told"], s["told"]
        assert any("06 · Position" in title for title in s["found"]), s["found"]


def test_a_spoilt_page_is_told(chromium, folder, pages, tmp_path):
    spoilt = tmp_path.resolve() / "site"
    (spoilt / "en").mkdir(parents=True)
    shutil.copytree(folder / "_static", spoilt / "_static")
    text = pages["index"].file.read_text(encoding="utf-8")
    bad = (
        '<article class="bd-article"><p style="color:#aaa;background:#fff">Pale words.</p>'
        '<img src="gone.png"><div style="width:900px">wide</div>'
        '<a href="index.html#nowhere">there</a><script src="http://127.0.0.1:9/x.js"></script>'
        "<script>oops()</script>"
    )
    text = text.replace('<article class="bd-article">', bad, 1)
    (spoilt / "index.html").write_text(text, encoding="utf-8")
    seen = drive(chromium, f"{spoilt.as_uri()}/", ["index.html"])
    told = " ".join(seen[0]["told"] + seen[0]["barriers"] + seen[0]["broken"])
    for part in (
        "asks for http://127.0.0.1:9/x.js",
        "oops is not defined",
        "gone.png",
        "px wide on a phone",
        "Images must have alternative text",
        "minimum color contrast ratio",
    ):
        assert part in told, f"{part} not in {told}"
    page = Page(spoilt / "index.html")
    links = " ".join(wrong_links(page, spoilt, {"index": page}))
    assert "asks for http://127.0.0.1:9/x.js" in links
    assert "gone.png, which is not there" in links
    assert "index.html#nowhere, which has no such anchor" in links


# --- what needs neither Sphinx nor a browser ---


def test_without_an_address_or_decks_there_are_no_buttons(tmp_path):
    site.lay_out(tmp_path, Address(), [])
    assert not [
        file for file in tmp_path.rglob("*.ipynb") if b"course-button" in file.read_bytes()[:99999]
    ]
    assert not (tmp_path / "slides.md").exists()
    assert "{toctree}" in (tmp_path / "index.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("[one](notebooks/en/01_x.ipynb#a)", "[one](en/01_x.ipynb#a)"),
        ("[how](CONTRIBUTING.md#a)", "[how](contributing.md#a)"),
        ("[![Open in Colab](https://a)](https://b)", "[Colab](https://b)"),
        ("[web](https://a) and [here](#b)", "[web](https://a) and [here](#b)"),
        ("![alt](images/banner.svg)", "![alt](images/banner.svg)"),
        ("[a test](tests/x.py)", "[a test](https://github.com/me/my.course/blob/v1.0/tests/x.py)"),
    ],
)
def test_links_lead_to_pages(given, made):
    assert site.site_links(given, ADDRESS) == made


def test_a_link_to_no_page_is_left_out_without_an_address():
    assert site.site_links("see [a test](tests/x.py)", Address()) == "see a test"


def test_missing_packages_are_told_in_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(site, "NEEDED", {"no_such_module": "Sphinx"})
    assert site.main(["nowhere"]) == 1
    told = capsys.readouterr().err
    assert told == (
        "python -m tools.publish.site: not installed: Sphinx; "
        "run `python course.py site`, which installs it\n"
    )


def test_a_warning_of_sphinx_is_told(needed, tmp_path):
    (tmp_path / "stage").mkdir()
    (tmp_path / "stage/index.md").write_text("# Title\n\n[gone](gone.md)\n")
    with pytest.raises(ToolError, match="could not make the site:\n.*gone.md"):
        site.run_sphinx(tmp_path / "stage", tmp_path / "made", Address())


def test_a_link_of_a_notebook_to_a_page_of_the_repository_leads_to_the_page_of_the_site():
    made = notebook(markdown("A solution stands in [TEACHING](../../TEACHING.md).", "longer-x"))
    prepared = site.prepare(made, ROOT / "notebooks/en/01_tiny.ipynb", Address(), [])
    assert prepared.cells[0].source == "A solution stands in [TEACHING](../teaching.md)."
