"""Decks of slides: build an offline reveal.js deck from each stored notebook; no cell is run.

    python -m tools.publish.slides                   # all English notebooks, into slides/en/
    python -m tools.publish.slides 01 --edition ko   # Korean ones whose file name begins with 01
    python -m tools.publish.slides --handout         # and each deck printed as a PDF

One deck is one HTML file that asks for nothing: reveal.js, MathJax, fonts and pictures are in it.
The two libraries come from npm, at the versions that tools/publish/deck/package-lock.json pins.
"""

import argparse
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

from nbconvert import HTMLExporter

from helpers.figures.palette import COLORS
from tools.notebooks.notebook_files import ROOT, ToolError, find, name, read
from tools.publish.slide_content import slides_of, total

HERE = Path(__file__).with_name("deck")
MODULES, LOCK = HERE / "node_modules", HERE / "package-lock.json"
STAMP = MODULES / "installed.json"  # a copy of the lock that was installed
FONTS = ROOT / "helpers" / "figures" / "fonts"
TARGET = ROOT / "slides"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WORDS = {
    "en": {
        "course": "Attention, measured",
        "claim": "measured",
        "lecture": "Lecture {}: {} min, {} slides.",
    },
    "ko": {
        "course": "측정으로 배우는 어텐션",
        "claim": "측정값",
        "lecture": "{}강: {}분, 슬라이드 {}장.",
    },
}
HANGUL = {  # the font of an edition's decks: its family, and its files
    "en": ("Course Hangul", "CourseHangul-{}.otf"),
    "ko": ("Course Hangul Text", "CourseHangulText-{}.woff"),
}
STYLES = "reset", "reveal"
WEIGHTS = {"Regular": 400, "Bold": 700}


def build(path: Path, folder: Path) -> Path:
    """Write the deck of one notebook into `folder` and return its path."""
    try:
        html = render(path)
    except ToolError as error:
        raise ToolError(f"{name(path)}: {error}") from None
    deck = folder / f"{path.stem}.html"
    deck.parent.mkdir(parents=True, exist_ok=True)
    deck.write_text(html, encoding="utf-8")
    return deck


def render(path: Path) -> str:
    """Return the deck of one notebook as HTML."""
    notebook, edition = read(path), path.parent.name
    slides = slides_of(notebook)
    exporter = HTMLExporter(
        template_name="template", extra_template_basedirs=[str(HERE)], exclude_anchor_links=True
    )
    resources = {
        "slides": slides,
        "minutes": total(slides),
        "edition": edition,
        "words": WORDS.get(edition, WORDS["en"]),
        "number": path.stem.partition("_")[0],
        "css": styles(edition),
        "scripts": scripts(),
        "link": deck_link,
    }
    return exporter.from_notebook_node(notebook, {"deck": resources})[0]


def styles(edition: str) -> str:
    """Return all style sheets of a deck as one text, the fonts and the palette included."""
    names = {name.replace(" ", "-"): color for name, color in COLORS.items()}
    palette = "".join(f"--{name}: {color}; " for name, color in names.items())
    family, file = HANGUL.get(edition, HANGUL["en"])
    faces = [font_face(family, FONTS / file.format(w), n) for w, n in WEIGHTS.items()]
    sheets = [(MODULES / f"reveal.js/dist/{sheet}.css").read_text("utf-8") for sheet in STYLES]
    own = (HERE / "template" / "deck.css").read_text("utf-8")
    return "\n".join([*sheets, *faces, f":root {{ {palette}}}", own])


def font_face(family: str, file: Path, weight: int) -> str:
    """Return the rule that embeds one file of a font."""
    data = b64encode(file.read_bytes()).decode()
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; '
        f'src: url("data:font/{file.suffix[1:]};base64,{data}"); }}'
    )


def scripts() -> dict[str, str]:
    """Return the libraries of a deck by name, safe within a <script> of HTML."""
    files = {
        "reveal": "reveal.js/dist/reveal.js",
        "notes": "reveal.js/plugin/notes/notes.js",
        "math": "mathjax/es5/tex-svg.js",
    }
    return {key: inline((MODULES / file).read_text("utf-8")) for key, file in files.items()}


def inline(script: str) -> str:
    """Return JavaScript in which no string ends the <script> that holds it."""
    return re.sub(r"<(?=/?script|!--)", r"\\x3c", script, flags=re.IGNORECASE)


def deck_link(html: str) -> str:
    """Return HTML whose links to notebooks lead to their decks."""
    return re.sub(r'(href="[\w./-]+)\.ipynb\b', r"\1.html", html)


def install() -> None:
    """Fetch what package-lock.json pins, unless it is there already."""
    if STAMP.is_file() and STAMP.read_bytes() == LOCK.read_bytes():
        return
    npm = shutil.which("npm")  # on Windows npm.cmd, which only its path starts
    if not npm:
        raise ToolError(
            "npm is missing: install it (Debian, Ubuntu: apt-get install nodejs npm), "
            "or see nodejs.org, and run this again"
        )
    print(f"Fetching reveal.js, MathJax and what tests them into {MODULES.relative_to(ROOT)}")
    command = [npm, "ci", "--ignore-scripts", "--loglevel=error"]
    done = subprocess.run(command, cwd=HERE, stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise ToolError(
            "npm could not fetch what tools/publish/deck/package-lock.json pins; see above"
        )
    shutil.copy(LOCK, STAMP)


def browser() -> str:
    """Return the path of Chromium, or raise ToolError."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        raise ToolError(
            "Chromium is missing: install it (Debian, Ubuntu: apt-get install chromium) "
            "and run this again"
        )
    return found


def drive(task: str, *arguments: str | Path) -> str:
    """Run a task of deck/browser.mjs in Chromium and return what it prints."""
    command = ["node", str(HERE / "browser.mjs"), task, browser(), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise ToolError(f"{task} failed in Chromium: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def main(arguments: list[str] | None = None) -> int:
    """Build the decks asked for, and print them if that is asked; return 1 if one failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.publish.slides", description="Build the decks."
    )
    parser.add_argument("start", nargs="?", default="", help="how the file name begins, as in 01")
    parser.add_argument("--edition", default="en", help="en or ko")
    parser.add_argument("--handout", action="store_true", help="print each deck as a PDF, too")
    options = parser.parse_args(arguments)
    try:
        found = [path for path in find(options.start) if path.parent.name == options.edition]
        if not found:
            raise ToolError(f"the edition {options.edition!r} has no such notebook yet")
        install()
        for path in found:
            deck = build(path, TARGET / options.edition)
            print(deck.relative_to(ROOT), flush=True)
            if options.handout:
                drive("print", deck, deck.with_suffix(".pdf"))
                print(deck.with_suffix(".pdf").relative_to(ROOT), flush=True)
    except ToolError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
