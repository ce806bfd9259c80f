"""What is recorded beside the notebooks: seconds, claims, and the seeds on which each claim held.

All of it concerns the English edition: the Korean one has the same code and shows the same outputs.
"""

import hashlib
import json
import re
import tomllib
from pathlib import Path

from nbformat import NotebookNode

from tools.notebooks.notebook_files import FOLDER, ToolError, read


def read_seconds(folder: Path = FOLDER) -> dict[str, float]:
    """Return the seconds that each notebook under `folder` took when it was last stored."""
    return _json(folder / "seconds.json")


def write_seconds(seconds: dict[str, float], folder: Path = FOLDER) -> None:
    """Store the seconds of those notebooks that exist under `folder`."""
    kept = {key: value for key, value in seconds.items() if (folder / f"{key}.ipynb").exists()}
    _store(kept, folder / "seconds.json")


def read_claims(folder: Path = FOLDER) -> list[dict[str, str]]:
    """Return the registry: the notebook, the cell and the text of each claim, in order."""
    registry = folder / "claims.toml"
    if not registry.exists():
        raise ToolError(f"{registry} is missing; it lists each claim's notebook, cell and text")
    return tomllib.loads(registry.read_text(encoding="utf-8")).get("claim", [])


def read_held(path: Path) -> dict[str, list[int]]:
    """Return the seeds on which each claim of a notebook held, as long as its code is the same."""
    record = _json(path.parents[1] / "seeds.json").get(path.stem, {})
    return record.get("held", {}) if record.get("code") == code_hash(read(path)) else {}


def write_held(path: Path, held: dict[str, list[int]]) -> None:
    """Store the seeds on which each claim of a notebook held, beside the hash of its code."""
    file = path.parents[1] / "seeds.json"
    _store(_json(file) | {path.stem: {"code": code_hash(read(path)), "held": held}}, file)


def code_hash(notebook: NotebookNode) -> str:
    """Return eight hexadecimal digits that change when the code of a notebook does.

    Set-up and exercises are left out: no claim depends on them.
    """
    left_out = {"stub", "check"}
    sources = [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code"
        and cell.get("id") != "setup"
        and not left_out & set(cell.metadata.get("tags", []))
    ]
    return hashlib.sha256("\n\0".join(sources).encode()).hexdigest()[:8]


def _json(file):
    """Return what a file of JSON holds, or nothing if there is no such file."""
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _store(values, file):
    """Store values as JSON that differs by few lines when few values do."""
    text = json.dumps(values, indent=1, sort_keys=True)
    text = re.sub(r"\[[\s\d,]*\]", lambda found: " ".join(found[0].split()), text)
    file.write_text(text + "\n", encoding="utf-8")
