"""Address of the course on GitHub, and what carries it: set-up cells, Colab badges, READMEs.

    python -m tools.publish.colab_links                                # as pyproject.toml says
    python -m tools.publish.colab_links --repo owner/name --tag v1.0   # a new address, or a release
    python -m tools.publish.colab_links --repo none                    # no address, no badges

The address stands in pyproject.toml, under [tool.course]; what carries it is written here and never
by hand. Without an address there are no badges, and nothing is fetched on Colab.
A tag stays as long as the repository does; `--tag none` removes it. Notebooks keep their outputs.
"""

import argparse
import re
import sys
import tomllib
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from string import Template

from nbformat import NotebookNode

from tools.notebooks.notebook_files import ROOT, ToolError, find, name, read, twin, write

PROJECT = ROOT / "pyproject.toml"
COLAB = "https://colab.research.google.com"
IMAGE = f"![Open in Colab]({COLAB}/assets/colab-badge.svg)"
LANGUAGES = {"en": "English", "ko": "한국어"}
SWITCH = rf"\[(?:{'|'.join(LANGUAGES.values())})\]\(\.\./\w+/\w+\.ipynb\)"
MARKS = re.compile(rf"\[{re.escape(IMAGE)}\]\(\S+\)(?: · {SWITCH})?|{SWITCH}")
FORMS = {  # what each part may be, since a shell on Colab is given it; an example
    "repository": (r"([A-Za-z0-9-]+/[A-Za-z0-9._-]+)?", "owner/name"),
    "branch": (r"[A-Za-z0-9_][A-Za-z0-9._/-]*", "main"),
    "tag": (r"([A-Za-z0-9_][A-Za-z0-9._/-]*)?", "v1.0"),
}
ALONE = {  # said where the folder helpers is not found
    "en": "The course is missing here. Open this notebook from the course's own folder.",
    "ko": "강의 파일이 없습니다. 강의 폴더를 통째로 받아 그 안에서 노트북을 여세요.",
}
NOT_FETCHED = {
    "en": "The course is missing here. Check the connection, or open it from {at}.",
    "ko": "강의 파일이 없습니다. 연결을 확인하거나 {at}에서 통째로 받아 여세요.",
}
LOCAL = Template("""\
import os
import sys

os.environ.setdefault("COURSE_EDITION", "$edition")
if not os.path.isdir("../../helpers"):
    sys.exit("$sentence")
sys.path.insert(0, os.path.abspath("../.."))""")
FETCHED = Template("""\
import os, sys  # noqa: E401, I001

os.environ.setdefault("COURSE_EDITION", "$edition")
at = "github.com/$repository"
get = f"git clone --depth 1 ${tag}https://{at} repo"
home = "repo" if "google.colab" in sys.modules else "../.."
failed = home == "repo" and os.system(f"({get}; python repo/tools/colab.py) 2>/dev/null")
if failed or not os.path.isdir(f"{home}/helpers"):
    sys.exit(f"$sentence")
sys.path.insert(0, os.path.abspath(home))""")


@dataclass(frozen=True)
class Address:
    """Where the course lies on GitHub: owner/name or nothing, its default branch, a tag or none."""

    repository: str = ""
    branch: str = "main"
    tag: str = ""

    def __post_init__(self):
        for key, (form, example) in FORMS.items():
            if not re.fullmatch(form, getattr(self, key)):
                raise ToolError(f"{getattr(self, key)!r} is no {key}; write one such as {example}")


def read_address(text: str | None = None) -> Address:
    """Return the address that pyproject.toml, or its text, gives."""
    text = PROJECT.read_text(encoding="utf-8") if text is None else text
    try:
        return Address(**tomllib.loads(text).get("tool", {}).get("course", {}))
    except TypeError:
        raise ToolError(
            "[tool.course] in pyproject.toml holds repository, branch and tag, and nothing else"
        ) from None


def with_address(text: str, address: Address) -> str:
    """Return the text of pyproject.toml with another address; comments and other lines stay."""
    before, head, after = text.partition("[tool.course]\n")
    for key in FORMS:
        line = f'{key} = "{getattr(address, key)}"'
        after = re.sub(rf'^{key} = "[^"\n]*"', line, after, count=1, flags=re.MULTILINE)
    if read_address(before + head + after) != address:
        raise ToolError('pyproject.toml needs `repository = ""`, … under [tool.course]')
    return before + head + after


def set_up(edition: str, address: Address) -> str:
    """Return the source of an edition's set-up cell.

    Everywhere it names the edition and puts the repository's root on sys.path; on Colab it first
    fetches the tag, or the default branch if there is none, and runs tools/colab.py from it. Where
    the course's files are not found, it ends with one sentence.
    """
    if not address.repository:
        return LOCAL.substitute(edition=edition, sentence=ALONE[edition])
    tag = f"-b {address.tag} " if address.tag else ""
    return FETCHED.substitute(
        edition=edition, sentence=NOT_FETCHED[edition], tag=tag, repository=address.repository
    )


def badge(path: Path, address: Address) -> str:
    """Return the badge that opens a notebook on Colab, or nothing without an address."""
    if not address.repository:
        return ""
    at = f"{address.repository}/blob/{address.tag or address.branch}"
    return f"[{IMAGE}]({COLAB}/github/{at}/notebooks/{name(path)}.ipynb)"


def marks(path: Path, address: Address) -> str:
    """Return the line of a title cell that is not prose: badge, and link to the other edition."""
    other = twin(path)
    link = f"[{LANGUAGES[other.parent.name]}](../{name(other)}.ipynb)" if other.exists() else ""
    return " · ".join(filter(None, [badge(path, address), link]))


def without_marks(source: str) -> str:
    """Return the source of a title cell without that line: what a translation renders."""
    parts = re.split(r"\n{2,}", source)
    return "\n\n".join(part for part in parts if not MARKS.fullmatch(part))


def with_marks(source: str, line: str) -> str:
    """Return the source of a title cell with this line, or none, below its promise."""
    parts = without_marks(source).split("\n\n")
    prose = [n for n, part in enumerate(parts) if re.sub(r"^#.*$", "", part, flags=re.M).strip()]
    place = prose[0] + 1 if prose else len(parts)
    return "\n\n".join(filter(None, [*parts[:place], line, *parts[place:]]))


def link(notebook: NotebookNode, path: Path, address: Address) -> None:
    """Give a notebook its set-up cell, its badge and its link; all else stays as it is."""
    cells = {cell.get("id"): cell for cell in notebook.cells}
    for wanted, kind in (("title", "markdown"), ("setup", "code")):
        if wanted not in cells or cells[wanted].cell_type != kind:
            raise ToolError(f"{name(path)} needs a {kind} cell with the id {wanted}")
    cells["title"].source = with_marks(cells["title"].source, marks(path, address))
    cells["setup"].source = set_up(path.parent.name, address)


def relink(paths: list[Path], address: Address) -> list[Path]:
    """Link notebooks, all of them or, after a ToolError, none; return those that changed."""
    changed = {}
    for path in paths:
        notebook = read(path)
        before = deepcopy(notebook)
        link(notebook, path, address)
        if notebook != before:
            changed[path] = notebook
    for path, notebook in changed.items():
        write(notebook, path)
    return list(changed)


def choose(stored: Address, repo: str = "", tag: str = "") -> Address:
    """Return the address to write: as asked, else as stored; a new repository has no tag yet."""
    repository = "" if repo == "none" else repo or stored.repository
    kept = stored.tag if repository == stored.repository else ""
    return replace(stored, repository=repository, tag="" if tag == "none" else tag or kept)


def main(arguments: list[str] | None = None) -> int:
    """Write the address everywhere and say which it is; return 1 if that cannot be done."""
    from tools.publish.readme import renew  # here, since that module imports this one

    parser = argparse.ArgumentParser(
        prog="python -m tools.publish.colab_links",
        description="Write the course's address everywhere.",
    )
    parser.add_argument("--repo", default="", help="owner/name on GitHub, or none")
    parser.add_argument("--tag", default="", help="the tag that Colab fetches, or none")
    options = parser.parse_args(arguments)
    try:
        address = choose(read_address(), options.repo, options.tag)
        project = with_address(PROJECT.read_text(encoding="utf-8"), address)
        changed = relink(find(), address)
        PROJECT.write_text(project, encoding="utf-8")
        renew()
    except ToolError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    at = f"tag {address.tag}" if address.tag else f"branch {address.branch}"
    told = f"The address is {address.repository}, {at}" if address.repository else "No address"
    print(f"{told} ({len(changed)} notebooks changed).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
