"""What leads out of a notebook: its set-up cell, its Colab badge, the link to its twin.

The address stands in pyproject.toml, under [tool.course], and nowhere else; `make links` carries it
to where it is needed. As long as none is set there are no badges, and on Colab the set-up cell
says how to set one. The link leads to the same notebook in the other edition, if there is one.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from string import Template

from nbformat import NotebookNode

from tools.notebooks.files import ROOT, ToolError, name, twin

PROJECT = ROOT / "pyproject.toml"
COLAB = "https://colab.research.google.com"
IMAGE = f"![Open in Colab]({COLAB}/assets/colab-badge.svg)"
LANGUAGES = {"en": "English", "ko": "한국어"}
SWITCH = rf"\[(?:{'|'.join(LANGUAGES.values())})\]\(\.\./\w+/\w+\.ipynb\)"
MARKS = re.compile(rf"\[{re.escape(IMAGE)}\]\(\S+\)(?: · {SWITCH})?|{SWITCH}")
WIDTH = 100  # of a line of code
NO_ADDRESS = "No address is set: run `make links REPO=owner/name` in a clone, push, then reopen."
NOT_FETCHED = "The course could not be fetched: check the connection and the address, then rerun."
LOCAL = Template("""\
import os
import sys

os.environ.setdefault("COURSE_EDITION", "$edition")
if "google.colab" in sys.modules:
    sys.exit("$sentence")
sys.path.insert(0, os.path.abspath("../.."))  # helpers/ is two folders up""")
FETCHED = Template("""\
import os, sys  # noqa: E401, I001

os.environ.setdefault("COURSE_EDITION", "$edition")
get = "git clone --depth 1 ${tag}https://github.com/$repository repo"
if "google.colab" in sys.modules and os.system(f"({get}; python repo/tools/colab.py) 2>/dev/null"):
    sys.exit("$sentence")
sys.path.insert(0, os.path.abspath("repo" if "google.colab" in sys.modules else "../.."))""")


@dataclass(frozen=True)
class Address:
    """Where the course lies on GitHub: owner/name or nothing, its default branch, a tag or none."""

    repository: str = ""
    branch: str = "main"
    tag: str = ""

    def __post_init__(self):
        for key, form in (
            ("repository", r"([A-Za-z0-9-]+/[A-Za-z0-9._-]+)?"),
            ("branch", r"[A-Za-z0-9_][A-Za-z0-9._/-]*"),
            ("tag", r"([A-Za-z0-9_][A-Za-z0-9._/-]*)?"),
        ):
            if not re.fullmatch(form, getattr(self, key)):
                example = {"repository": "owner/name", "branch": "main", "tag": "v1.0"}[key]
                raise ToolError(f"{getattr(self, key)!r} is no {key}; write one such as {example}")


def read_address(project: Path = PROJECT) -> Address:
    """Return the address that pyproject.toml gives."""
    course = tomllib.loads(project.read_text(encoding="utf-8")).get("tool", {}).get("course", {})
    try:
        return Address(**course)
    except TypeError:
        raise ToolError(
            "[tool.course] in pyproject.toml holds repository, branch and tag, and nothing else"
        ) from None


def write_address(address: Address, project: Path = PROJECT) -> None:
    """Store an address in pyproject.toml, whose other lines and comments stay."""
    text = project.read_text(encoding="utf-8")
    for key in ("repository", "branch", "tag"):
        line = rf'(?ms)(^\[tool\.course\]$[^\[]*?^{key} = )"[^"\n]*"'
        if not re.search(line, text):
            raise ToolError(f'pyproject.toml needs a line `{key} = ""` under [tool.course]')
        value = f'"{getattr(address, key)}"'
        text = re.sub(line, lambda found, value=value: found[1] + value, text, count=1)
    project.write_text(text, encoding="utf-8")


def on_github(url: str) -> str:
    """Return the owner/name in an address of GitHub, however it is written, or nothing."""
    known = (
        r"(?:https?://(?:[^@/]+@)?|ssh://git@|git@)github\.com[:/]([^/\s]+/[^/\s]+?)(?:\.git)?/?"
    )
    found = re.fullmatch(known, url.strip())
    return found[1] if found else ""


def set_up(edition: str, address: Address) -> str:
    """Return the source of an edition's set-up cell.

    Everywhere it names the edition and puts the repository's root on sys.path; on Colab it first
    fetches the tag, or the default branch if there is none, and runs tools/colab.py from it.
    """
    if not address.repository:
        return LOCAL.substitute(edition=edition, sentence=NO_ADDRESS)
    tag = f"-b {address.tag} " if address.tag else ""
    source = FETCHED.substitute(
        edition=edition, sentence=NOT_FETCHED, tag=tag, repository=address.repository
    )
    over = max(map(len, source.splitlines())) - WIDTH
    if over > 0:
        given = " at ".join(filter(None, (address.repository, address.tag)))
        raise ToolError(
            f"{given} is {over} characters too long for a line of the set-up cell: "
            "give the repository or the tag a shorter name"
        )
    return source


def badge(path: Path, address: Address) -> str:
    """Return the badge that opens a notebook on Colab, or nothing without an address."""
    if not address.repository:
        return ""
    place = (
        f"{address.repository}/blob/{address.tag or address.branch}/notebooks/{name(path)}.ipynb"
    )
    return f"[{IMAGE}]({COLAB}/github/{place})"


def switch(path: Path) -> str:
    """Return the link from a notebook to its twin in the other edition, or nothing without one."""
    other = twin(path)
    if not other.exists():
        return ""
    return f"[{LANGUAGES[other.parent.name]}](../{name(other)}.ipynb)"


def marks(path: Path, address: Address) -> str:
    """Return the line of a title cell that is not prose: the badge and the link to the twin."""
    return " · ".join(filter(None, [badge(path, address), switch(path)]))


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
