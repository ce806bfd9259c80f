"""Renew what the README says of the notebooks: the map, Colab, and the claims with their numbers.

    python -m tools.readme

And in TEACHING.md, how long the notebooks run, and their exercises with minutes.

The map gives each notebook's title, its promise and the seconds it took. The claims come from
notebooks/claims.toml, the numbers from the stored outputs, the seeds from notebooks/seeds.json,
and the Colab badges from the address in pyproject.toml. Nothing in these places is typed by hand.
"""

import ast
import hashlib
import json
import math
import re
import sys
import tomllib
from pathlib import Path

from nbformat import NotebookNode

from tools.address import Address, badge, read_address
from tools.notebooks import FOLDER, ROOT, ToolError, find, name, read

README, TEACHING = ROOT / "README.md", ROOT / "TEACHING.md"
EXERCISE = re.compile(r"### Exercise: (.+?) ([●○]+) · (\d+) min")
BADGE = ("[![", "![", "<")  # a paragraph that begins so is no prose
ON_COLAB = (
    "Google Colab runs each notebook in the browser, by itself, with nothing to install. Its set-up"
    " cell fetches this repository and the packages that Colab lacks; that takes seconds, and what "
    "Colab has stays as it is."
)
TO_COLAB = "Follow the badge beside a notebook in the map, sign in, and choose *Runtime → Run all*."
NO_COLAB = (
    "This copy does not say where it lies on GitHub, so it has no badges yet: "
    "`make links REPO=owner/name` writes them."
)


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


def the_map(notebooks: list[Path], address: Address) -> str:
    """Return a Markdown table of the notebooks: a link, what each promises, how long it runs.

    With an address there is a column of Colab badges too.
    """
    rows = [["Notebook", "What it shows", "Runs in", "On Colab"], ["---"] * 4]
    for path in notebooks:
        title, promise = opening(read(path), path)
        took = about(read_seconds(path.parents[1]).get(name(path)))
        link = f"[{title}](notebooks/{name(path)}.ipynb)"
        rows.append([link, promise, took, badge(path, address)])
    columns = 4 if address.repository else 3
    return "".join(f"| {' | '.join(row[:columns])} |\n" for row in rows)


def on_colab(address: Address) -> str:
    """Return the paragraphs on Colab: how to open a notebook there, or what is missing for it."""
    return f"\n{ON_COLAB}\n\n{TO_COLAB if address.repository else NO_COLAB}\n\n"


def about(seconds: float | None) -> str:
    """Return a time rounded up to five seconds, or a dash for none."""
    return "–" if seconds is None else f"about {5 * math.ceil(seconds / 5)} s"


def opening(notebook: NotebookNode, path: Path) -> tuple[str, str]:
    """Return the heading and the first paragraph of prose of a notebook's title cell."""
    source = next((cell.source for cell in notebook.cells if cell.get("id") == "title"), "")
    heading = re.match(r"# (.+)", source)
    body = re.sub(r"^#.*$", "", source, flags=re.MULTILINE)
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", body)]
    prose = [text for text in paragraphs if text and not text.startswith(BADGE)]
    if not heading or not prose:
        raise ToolError(
            f"{name(path)} needs a cell with the id title: a line `# Heading`, then its promise"
        )
    return heading[1].strip(), _cell(prose[0])


def the_claims(notebooks: list[Path]) -> str:
    """Return a folded table for each notebook: the claim, what was measured, the seeds it held."""
    parts = []
    for path in notebooks:
        notebook, held = read(path), read_held(path)
        title, _ = opening(notebook, path)
        listed = [c for c in read_claims(path.parents[1]) if c["notebook"] == path.stem]
        noun = "claim" if len(listed) == 1 else "claims"
        rows = ["| Claim | Measured | Holds on seeds |", "| --- | --- | --- |"]
        for claim in listed:
            shown, seeds = measured(notebook, claim["cell"]), ranges(held.get(claim["cell"], []))
            rows.append(f"| {_cell(claim['text'])} | {_cell(shown)} | {seeds} |")
        head = f"<details><summary>{title} ({len(listed)} {noun})</summary>"
        link = f"[Open the notebook](notebooks/{name(path)}.ipynb)"
        parts.append("\n".join([head, "", *rows, "", link, "", "</details>", ""]))
    return "\n" + "\n".join(parts) + "\n"


def measured(notebook: NotebookNode, cell_id: str) -> str:
    """Return the value that a claim's cell stored as its result, or a dash if there is none."""
    for cell in notebook.cells:
        if cell.get("id") == cell_id and cell.cell_type == "code":
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    return _plain(output.data.get("text/plain", "–"))
    return "–"


def ranges(numbers: list[int]) -> str:
    """Return numbers as text, runs of three or more shortened: 0–4, 7."""
    runs = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [f"{r[0]}–{r[-1]}" if len(r) > 2 else ", ".join(map(str, r)) for r in runs]
    return ", ".join(parts) or "–"


def the_seconds(notebooks: list[Path]) -> str:
    """Return a Markdown table of how long all cells of each notebook run together."""
    rows = ["| Notebook | All cells |", "| --- | --- |"]
    for path in notebooks:
        took = about(read_seconds(path.parents[1]).get(name(path)))
        rows.append(f"| {_link(path)} | {took} |")
    return "\n" + "\n".join(rows) + "\n\n"


def exercises(notebook: NotebookNode) -> dict[str, tuple[str, str, int]]:
    """Return the title, the dots and the minutes of each exercise, by its cell's id."""
    found = ((cell.get("id"), EXERCISE.match(cell.source)) for cell in notebook.cells)
    return {id: (hit[1], hit[2], int(hit[3])) for id, hit in found if hit}


def the_exercises(notebooks: list[Path]) -> str:
    """Return a Markdown table of the exercises of each notebook and the minutes they take."""
    rows = ["| Notebook | Exercises | Minutes |", "| --- | --- | --- |"]
    for path in notebooks:
        found = exercises(read(path)).values()
        told = "; ".join(f"{_cell(title)} {dots} {minutes} min" for title, dots, minutes in found)
        rows.append(f"| {_link(path)} | {told} | {sum(m for *_, m in found)} |")
    return "\n" + "\n".join(rows) + "\n\n"


def update(text: str, notebooks: list[Path], address: Address) -> str:
    """Return the README's text with what stands between its markers made anew."""
    parts = {
        "map": the_map(notebooks, address),
        "colab": on_colab(address),
        "claims": the_claims(notebooks),
    }
    return fill(text, parts, README.name)


def update_teaching(text: str, notebooks: list[Path]) -> str:
    """Return TEACHING.md's text with what stands between its markers made anew."""
    parts = {"seconds": the_seconds(notebooks), "exercises": the_exercises(notebooks)}
    return fill(text, parts, TEACHING.name)


def fill(text: str, parts: dict[str, str], file: str) -> str:
    """Return a file's text with each part in its place, between two lines that mark it."""
    for marker, made in parts.items():
        place = rf"(?<=<!-- {marker}:begin -->\n).*?(?=<!-- {marker}:end -->)"
        if not re.search(place, text, re.DOTALL):
            raise ToolError(
                f"{file} has no place for the {marker}: give it a line `<!-- {marker}:begin -->`"
                f" and, below it, a line `<!-- {marker}:end -->`"
            )
        text = re.sub(place, lambda _, made=made: made, text, count=1, flags=re.DOTALL)
    return text


def renew() -> None:
    """Bring README and TEACHING.md up to date with the notebooks as they are stored."""
    english = find(edition="en")
    made = {
        README: update(_text(README), english, read_address()),
        TEACHING: update_teaching(_text(TEACHING), english),
    }
    for file, text in made.items():
        file.write_text(text, encoding="utf-8")


def _plain(shown):
    """Return the text of a string's repr, and anything else as it stands, on one line."""
    try:
        value = ast.literal_eval(shown)
    except (ValueError, SyntaxError):
        value = shown
    return " ".join((value if isinstance(value, str) else shown).split())


def _text(file):
    """Return what a file holds, or nothing if there is no such file."""
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _link(path):
    """Return a link that shows the title of a notebook."""
    title, _ = opening(read(path), path)
    return f"[{title}](notebooks/{name(path)}.ipynb)"


def _cell(text):
    """Return text that is safe in a cell of a Markdown table."""
    return text.replace("|", r"\|").replace("<", "&lt;")


def _json(file):
    """Return what a file of JSON holds, or nothing if there is no such file."""
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _store(values, file):
    """Store values as JSON that differs by few lines when few values do."""
    text = json.dumps(values, indent=1, sort_keys=True)
    text = re.sub(r"\[[\s\d,]*\]", lambda found: " ".join(found[0].split()), text)
    file.write_text(text + "\n", encoding="utf-8")


def main() -> int:
    """Renew both files; return 1 if that cannot be done."""
    try:
        renew()
    except ToolError as error:
        print(f"python -m tools.readme: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
