"""Site of the course: build it from the stored notebooks; no cell is run.

    python -m tools.publish.site                  # into site/
    python -m tools.publish.site FOLDER           # into another folder

The pages are the README, the notebooks with their outputs, the table of claims and, where they
exist, GLOSSARY.md, TEACHING.md, TEACHING.ko.md and the decks that are built. A page
asks for nothing that is not on the site: fonts and scripts lie beside it. MathJax comes from npm,
at the version that the decks use, and Sphinx from requirements-site.txt.
"""

import argparse
import html
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from nbformat import NotebookNode

from tools.notebooks.notebook_files import ROOT, ToolError, find, name, read, write
from tools.publish.colab_links import Address, badge, read_address, without_marks
from tools.publish.readme import opening
from tools.publish.slides import MODULES, install

HERE = Path(__file__).with_name("pages")
TARGET = ROOT / "site"
DECKS = ROOT / "slides"
FONTS = ROOT / "helpers" / "figures" / "fonts"
NEEDED = {"sphinx": "Sphinx", "myst_nb": "myst-nb", "sphinx_book_theme": "sphinx-book-theme"}
WORDS = {
    "en": {"notebooks": "Notebooks", "colab": "Open on Colab", "deck": "As slides"},
    "ko": {"notebooks": "노트북", "colab": "Colab에서 열기", "deck": "슬라이드로 보기"},
}
# what the site makes of the repository's own pages; below, the order of the menu
PAGES = {
    "README.md": "index",
    "GLOSSARY.md": "glossary",
    "TEACHING.md": "teaching",
    "TEACHING.ko.md": "teaching-ko",
    "CONTRIBUTING.md": "contributing",
    "LICENSE": "license",
}
ORDER = ("claims", "glossary", "teaching", "teaching-ko", "slides", "contributing", "license")
CLAIMS = re.compile(r"^## What is measured\n(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)


def build(target: Path = TARGET, address: Address | None = None, decks: Path = DECKS) -> Path:
    """Build the site into the folder `target`, which is replaced, and return that."""
    check_packages()
    install()
    with tempfile.TemporaryDirectory() as folder:
        stage, made = Path(folder, "pages"), Path(folder, "site")
        address = read_address() if address is None else address
        lay_out(stage, address, built(decks))
        run_sphinx(stage, made, address)
        copy(MODULES / "mathjax/es5/tex-svg.js", made / "_static/mathjax/tex-svg.js")
        shutil.rmtree(made / "_sources", ignore_errors=True)
        for font in FONTS.glob("CourseHangulText-*.woff"):
            copy(font, made / "_static" / font.name)
        for deck in built(decks):
            copy(deck, made / "slides" / deck.relative_to(decks))
        shutil.rmtree(target, ignore_errors=True)
        shutil.move(made, target)
    return target


def check_packages() -> None:
    """Raise ToolError if what the site is built with is not installed."""
    missing = [shown for module, shown in NEEDED.items() if not importlib.util.find_spec(module)]
    if missing:
        raise ToolError(
            f"not installed: {', '.join(missing)}; run `python course.py site`, which installs it"
        )


def built(decks: Path) -> list[Path]:
    """Return the decks that `slides` and `handout` have built."""
    return sorted([*decks.glob("*/*.html"), *decks.glob("*/*.pdf")])


def copy(file: Path, target: Path) -> None:
    """Copy a file, its folder made if need be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, target)


def lay_out(stage: Path, address: Address, decks: list[Path]) -> None:
    """Write into `stage` what Sphinx reads: Markdown and notebooks, joined by a menu."""
    notebooks = find()
    for path in notebooks:
        write(prepare(read(path), path, address, decks), stage / f"{name(path)}.ipynb")
    pages = {made: ROOT / given for given, made in PAGES.items() if (ROOT / given).is_file()}
    texts = {
        made: site_links(file.read_text(encoding="utf-8"), address) for made, file in pages.items()
    }
    found = CLAIMS.search(texts["index"])
    if not found:
        raise ToolError("README.md needs a section `## What is measured`, which becomes a page")
    texts["claims"] = claims_page(found[0])
    texts["index"] = CLAIMS.sub(claims_pointer, texts["index"], count=1)
    if "license" in texts:
        texts["license"] = f"# Licence\n\n{texts['license']}"
    if decks:
        texts["slides"] = decks_page(notebooks, decks)
    texts["index"] += menu(notebooks, [page for page in ORDER if page in texts])
    for made, text in texts.items():
        (stage / f"{made}.md").write_text(text, encoding="utf-8")
    for picture in (ROOT / "images").glob("*.svg"):
        copy(picture, stage / "images" / picture.name)


def prepare(
    notebook: NotebookNode, path: Path, address: Address, decks: list[Path]
) -> NotebookNode:
    """Return a notebook with alternative texts where Sphinx looks for them, no badge, and links to
    the repository's pages as links to what the site makes of them."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for given, made in PAGES.items():
                cell.source = cell.source.replace(f"](../../{given})", f"](../{made}.md)")
        if cell.get("id") == "title":
            parts = [without_marks(cell.source), buttons(path, address, decks)]
            cell.source = "\n\n".join(filter(None, parts))
        if "alt" in cell.metadata:
            cell.metadata["mystnb"] = {"image": {"alt": cell.metadata["alt"]}}
    return notebook


def buttons(path: Path, address: Address, decks: list[Path]) -> str:
    """Return as HTML the ways from a notebook's page to Colab and to its deck."""
    words, links = WORDS.get(path.parent.name, WORDS["en"]), []
    if address.repository:
        place = badge(path, address).rpartition("](")[2].removesuffix(")")
        links.append(f'<a class="course-button" href="{html.escape(place)}">{words["colab"]}</a>')
    deck = f"{name(path)}.html"
    if any(found.match(deck) for found in decks):
        links.append(f'<a class="course-button" href="../slides/{deck}">{words["deck"]}</a>')
    return f'<p class="course-buttons">{" ".join(links)}</p>' if links else ""


def claims_page(section: str) -> str:
    """Return the README's section on claims as a page: unfolded, each notebook under a heading."""
    text = section.replace("## ", "# ", 1)
    text = re.sub(r"<details><summary>(.*?)</summary>", r"## \1", text)
    return text.replace("</details>\n", "")


def claims_pointer(section: re.Match) -> str:
    """Return what stands on the first page in place of the claims."""
    count = len(re.findall(r"^\| (?!Claim \||---)", section[1], re.MULTILINE))
    return (
        f"## What is measured\n\nThe course makes {count} claims. "
        "[The table of claims](claims.md) has each of them with what its cell showed.\n\n"
    )


def decks_page(notebooks: list[Path], decks: list[Path]) -> str:
    """Return the page that leads to the decks, which lie outside of what Sphinx makes."""
    lines = ["# Slides", "", "Each notebook as a lecture, in one file that needs no network.", ""]
    for path in notebooks:
        found = [deck for deck in decks if deck.parent.name == path.parent.name]
        kinds = [deck.suffix for deck in found if deck.stem == path.stem]
        links = [f'<a href="slides/{name(path)}{kind}">{kind[1:].upper()}</a>' for kind in kinds]
        if links:
            lines.append(f"- {opening(read(path), path)[0]}: {', '.join(links)}")
    return "\n".join(lines) + "\n"


def menu(notebooks: list[Path], pages: list[str]) -> str:
    """Return the menu of the site: the notebooks of each edition, then the other pages."""
    groups = {}
    for path in notebooks:
        caption = WORDS.get(path.parent.name, WORDS["en"])["notebooks"]
        groups.setdefault(caption, []).append(name(path))
    groups["More"] = pages
    parts = [
        "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *entries, "```"])
        for caption, entries in groups.items()
    ]
    return "\n\n" + "\n\n".join(parts) + "\n"


def site_links(text: str, address: Address) -> str:
    """Return the repository's Markdown with links to pages of the site; badges become words.

    What is no page is linked where it lies on GitHub, or not at all if nobody knows where that is.
    """

    def lead(found: re.Match) -> str:
        shown, (path, mark, anchor) = found[1], found[2].partition("#")
        if not path or re.match(r"\w+:", path):
            return found[0]
        if notebook := re.fullmatch(r"(?:\./)?notebooks/(\w+/\w+\.ipynb)", path):
            return f"[{shown}]({notebook[1]}{mark}{anchor})"
        if path in PAGES and (ROOT / path).is_file():
            return f"[{shown}]({PAGES[path]}.md{mark}{anchor})"
        place = f"https://github.com/{address.repository}/blob/{address.tag or address.branch}"
        return f"[{shown}]({place}/{path})" if address.repository else shown

    text = re.sub(r"\[!\[Open in Colab\]\(\S+?\)\]\((\S+?)\)", r"[Colab](\1)", text)
    return re.sub(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)", lead, text)


def run_sphinx(stage: Path, target: Path, address: Address) -> None:
    """Run Sphinx, whose warnings are errors."""
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-j", "2"]
    command += ["-c", str(HERE), "-d", str(target.with_name("doctrees"))]
    if address.repository:
        command += [
            "-D",
            f"html_theme_options.repository_url=https://github.com/{address.repository}",
        ]
        command += ["-D", "html_theme_options.use_repository_button=1"]
    settings = {"PYTHONWARNINGS": "ignore", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    done = subprocess.run(
        [*command, str(stage), str(target)],
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        told = done.stderr.strip().replace(f"{stage}/", "")
        raise ToolError(f"Sphinx could not make the site:\n{told}")


def main(arguments: list[str] | None = None) -> int:
    """Build the site and say where it is; return 1 if that failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.publish.site", description="Build the site."
    )
    parser.add_argument("folder", nargs="?", type=Path, default=TARGET)
    target = parser.parse_args(arguments).folder
    try:
        build(target)
    except ToolError as error:
        print(f"python -m tools.publish.site: {error}", file=sys.stderr)
        return 1
    size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
    print(f"The site is {target}, {size / 1e6:.0f} MB: open {target / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
