"""What the tools share: finding, reading and writing notebooks in one stored form."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
EDITIONS = ("en", "ko")  # a notebook of one has its twin in the other
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}


class ToolError(Exception):
    """A mistake in what a tool was given, described in one sentence."""


def find(start: str = "", folder: Path = FOLDER, edition: str = "*") -> list[Path]:
    """Return the notebooks whose file name begins with `start`, in order: all, or an edition's."""
    paths = sorted(folder.glob(f"{edition}/*.ipynb"))
    found = [path for path in paths if path.stem.startswith(start)]
    if not found:
        wanted = f"begins with {start!r}" if start else "is a notebook"
        names = ", ".join(sorted({path.stem for path in paths})) or "no notebook at all"
        raise ToolError(f"nothing under {folder.name}/ {wanted}; there is {names}")
    return found


def twin(path: Path) -> Path:
    """Return where the same notebook lies, or would lie, in the other edition."""
    one, other = EDITIONS
    return path.parents[1] / (other if path.parent.name == one else one) / path.name


def name(path: Path) -> str:
    """Return how the tools call a notebook: its edition and its stem, as in en/00_warm_up."""
    return f"{path.parent.name}/{path.stem}"


def read(path: Path) -> NotebookNode:
    """Read a notebook of format 4.5."""
    if not path.is_file():
        raise ToolError(f"{path} is not a file; give the path of a notebook")
    return nbformat.read(path, as_version=4)


def write(notebook: NotebookNode, path: Path) -> None:
    """Check a notebook against the format and store it."""
    nbformat.validate(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
