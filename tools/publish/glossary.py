"""Glossary reader: GLOSSARY.md as entries, each a term in two languages and where it is taught.

The file has a table for each first letter, of five columns: the English term, the Korean one, a
sentence in each language, and links to notebooks, the one that introduces the term first. People
edit it; in here it is only read.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from tools.notebooks.notebook_files import ROOT, ToolError

GLOSSARY = ROOT / "GLOSSARY.md"
HEAD = ("Term", "한국어", "In one sentence", "한 문장으로", "Notebook")
LINK = re.compile(r"\[(\d\d)\]\((notebooks/en/(\1_\w+)\.ipynb)\)")
EMPTY = re.compile(r"-{3,}")


@dataclass(frozen=True)
class Entry:
    """A row of the glossary; `notebooks` are stems such as 02_attention."""

    letter: str
    term: str
    korean: str
    sentence: str
    korean_sentence: str
    notebooks: tuple[str, ...]


def read(path: Path = GLOSSARY) -> list[Entry]:
    """Return the entries of a glossary in the order in which they stand."""
    letter, entries = "", []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("## "):
            letter = line[3:].strip()
        if letter and line.startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
            if cells != HEAD and not all(EMPTY.fullmatch(cell) for cell in cells):
                entries.append(entry(letter, cells, f"{path.name}:{number}"))
    return entries


def entry(letter: str, cells: tuple[str, ...], place: str) -> Entry:
    """Return the entry that a row describes; `place` says in errors where it stands."""
    if len(cells) != len(HEAD) or not all(cells):
        raise ToolError(f"{place} has {len(cells)} cells; fill in all of {', '.join(HEAD)}")
    notebooks = tuple(stem for _, _, stem in LINK.findall(cells[-1]))
    if LINK.sub("", cells[-1]).strip(" ,") or not notebooks:
        raise ToolError(
            f"{place} names no notebook in {cells[-1]!r}; "
            "write [02](notebooks/en/02_attention.ipynb)"
        )
    return Entry(letter, *cells[:-1], notebooks)
