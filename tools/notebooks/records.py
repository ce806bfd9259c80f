"""What is recorded beside the notebooks: seconds, claims, seeds, and which code made the outputs.

Claims and seeds concern the English edition: the Korean one has the same code.
"""

import json
import re
import tomllib
from pathlib import Path

from tools.notebooks.notebook_files import FOLDER, ToolError, name, read
from tools.notebooks.reach import claim_code, code_cells, code_hash, output_code
from tools.notebooks.shown import translations

DRAWN = "drawn"  # in seeds.json: the draws of seeds, by notebook


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
    """Return the seeds on which each claim of a notebook held with the code that it reaches now."""
    record, notebook = _json(path.parents[1] / "seeds.json").get(path.stem, {}), read(path)
    cells = code_cells(notebook)
    return {
        cell: noted["held"]
        for cell, noted in record.items()
        if cell in cells and noted["code"] == code_hash(claim_code(notebook, cell))
    }


def write_held(path: Path, held: dict[str, list[int]]) -> None:
    """Store the seeds on which each claim of a notebook held, beside the hash of its code."""
    file, notebook = path.parents[1] / "seeds.json", read(path)
    cells = code_cells(notebook)
    record = {
        cell: {"code": code_hash(claim_code(notebook, cell)), "held": seeds}
        for cell, seeds in held.items()
        if cell in cells
    }
    _store(_json(file) | {path.stem: record}, file)


def note_draw(path: Path, date: str, seeds: list[int]) -> None:
    """Store which seeds were drawn for a notebook on a date, before what comes of them is known."""
    file = path.parents[1] / "seeds.json"
    record = _json(file)
    draws = record.setdefault(DRAWN, {}).setdefault(path.stem, [])
    draws.append({"date": date, "seeds": seeds})
    _store(record, file)


def read_draws(path: Path) -> list[dict]:
    """Return the draws of seeds for a notebook, in their order: date and seeds of each."""
    return _json(path.parents[1] / "seeds.json").get(DRAWN, {}).get(path.stem, [])


def read_controlled(path: Path, claim: str, world: str, code: str) -> dict[str, str]:
    """Return what happened to a claim in a control's world, by seed, if with this code."""
    record = _json(path.parents[1] / "controls.json").get(path.stem, {})
    noted = record.get(claim, {}).get(world, {})
    return noted["seen"] if noted.get("code") == code else {}


def write_controlled(path: Path, claim: str, world: str, code: str, seen: dict[str, str]) -> None:
    """Store what happened to a claim in a control's world, beside the hash of the code.

    Worlds that the claim no longer names are forgotten.
    """
    file, claims = path.parents[1] / "controls.json", read_claims(path.parents[1])
    record, kept = _json(file), {}
    for listed in claims:
        of_notebook = record.get(listed["notebook"], {}).get(listed["cell"], {})
        worlds = {given["world"] for given in listed.get("control", [])} & of_notebook.keys()
        if worlds:
            noted = {each: of_notebook[each] for each in sorted(worlds)}
            kept.setdefault(listed["notebook"], {})[listed["cell"]] = noted
    before = read_controlled(path, claim, world, code)
    worlds = kept.setdefault(path.stem, {}).setdefault(claim, {})
    worlds[world] = {"code": code, "seen": before | seen}
    _store(kept, file)


def outputs_are_current(path: Path) -> bool:
    """Tell whether a notebook's outputs were made by the code, and the words, as they are now."""
    return _json(path.parents[1] / "outputs.json").get(name(path)) == _output_hash(path)


def note_outputs(path: Path) -> None:
    """Store which code, and which words, made the outputs of a notebook that has just run."""
    file = path.parents[1] / "outputs.json"
    _store(_json(file) | {name(path): _output_hash(path)}, file)


def _output_hash(path):
    """Return the hash of what a notebook's outputs are made of."""
    code = output_code(read(path))
    if path.parent.name == "ko":
        words = translations(path.stem, path.parents[1])
        code |= {"korean.po": json.dumps(words, sort_keys=True)}
    return code_hash(code)


def _json(file):
    """Return what a file of JSON holds, or nothing if there is no such file."""
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _store(values, file):
    """Store values as JSON that differs by few lines when few values do."""
    text = json.dumps(values, indent=1, sort_keys=True)
    text = re.sub(r"\[[\s\d,]*\]", lambda found: " ".join(found[0].split()), text)
    file.write_text(text + "\n", encoding="utf-8")
