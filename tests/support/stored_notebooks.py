"""Notebooks as the tests read them: exactly as they lie on disk, nothing mended while reading."""

from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
EDITIONS = ("en", "ko")


@dataclass(frozen=True)
class Stored:
    """A notebook and the file that holds it."""

    path: Path
    node: NotebookNode

    def __str__(self):
        return f"{self.edition}/{self.name}"

    @property
    def name(self):
        return self.path.stem

    @property
    def edition(self):
        return self.path.parent.name

    @property
    def cells(self):
        return self.node.cells

    @property
    def code(self):
        return [cell for cell in self.cells if cell.cell_type == "code"]

    @property
    def markdown(self):
        return [cell for cell in self.cells if cell.cell_type == "markdown"]

    @property
    def ids(self):
        return [cell.get("id", "") for cell in self.cells]

    def cell(self, name):
        """Return the cell with this id; KeyError where there is none."""
        return dict(zip(self.ids, self.cells, strict=True))[name]


def read(path):
    """Read one notebook."""
    return Stored(path, nbformat.v4.reads(path.read_text(encoding="utf-8")))


def paths(root=ROOT, editions=EDITIONS):
    """Return where the notebooks lie, in order, the English ones first."""
    return [path for e in editions for path in sorted((root / "notebooks" / e).glob("*.ipynb"))]


def tags(cell):
    """Return the tags of a cell."""
    return cell.metadata.get("tags", [])


def strings(output):
    """Return every text that an output holds, pictures left out, by kind."""
    found = {"stream": output.get("text", "")}
    found |= {"error": "\n".join([output.get("evalue", ""), *output.get("traceback", [])])}
    found |= {k: str(v) for k, v in output.get("data", {}).items() if not is_image(k)}
    return {kind: text for kind, text in found.items() if text.strip()}


def is_image(kind):
    """Tell whether a MIME type is a picture's."""
    return kind.startswith("image/")
