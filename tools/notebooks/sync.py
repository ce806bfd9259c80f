"""Keep the Korean edition in step with the English one.

    python -m tools.notebooks.sync                # all notebooks
    python -m tools.notebooks.sync 02             # those whose name begins with 02
    python -m tools.notebooks.sync --rendered 02  # all cells of 02 say in Korean what they should
    python -m tools.notebooks.sync --rendered 02 curve-question map  # these two cells do

A Korean notebook has the cells of its English twin, in order; code and metadata are copied. Its
own are the prose (Markdown, and `slide_text`, `slide_notes` and `alt` of any cell), the set-up
cell, and the outputs, which tools/notebooks/execute.py stores: a cell whose code has changed loses
its own.

Each Korean cell with prose has in its metadata, as `renders`, a hash of the English prose that it
says in Korean. Where that has changed the cell is stale: mend the Korean, then declare the cell
rendered. A new cell comes in English, and counts as untranslated.
"""

import argparse
import hashlib
import json
import re
import sys
from copy import deepcopy
from pathlib import Path

from nbformat import NotebookNode

from tools.notebooks.form import shape, without_minutes
from tools.notebooks.notebook_files import ToolError, find, name, read, twin, write
from tools.publish.colab_links import link, read_address, relink, without_marks
from tools.publish.readme import renew
from tools.publish.slide_content import NOTES, TEXT

FIELDS = (TEXT, NOTES, "alt")  # of the metadata: prose, and so different in each edition
RENDERS = "renders"
NO_PROSE = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\]\([^)]*\)|<[^>]*>", re.DOTALL)
HANGUL, WORD = re.compile("[가-힣]"), re.compile("[A-Za-z]{3,}")


def prose(cell: NotebookNode) -> dict[str, str]:
    """Return the prose of a cell by its place: Markdown without its marks, and the fields."""
    text = without_minutes(without_marks(cell.source))
    found = {"source": text} if cell.cell_type == "markdown" else {}
    return found | {key: cell.metadata[key] for key in FIELDS if key in cell.metadata}


def digest(cell: NotebookNode) -> str:
    """Return eight hexadecimal digits that change when the prose of a cell does."""
    text = json.dumps(prose(cell), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def merge(english: NotebookNode, korean: NotebookNode | None) -> NotebookNode:
    """Return the English notebook with the prose and the outputs that the Korean one has."""
    former = {cell.id: cell for cell in korean.cells} if korean else {}
    made = deepcopy(english)
    for cell in made.cells:
        old = former.get(cell.id)
        if cell.cell_type == "code":
            known = old is not None and old.cell_type == "code" and old.source == cell.source
            cell.outputs = old.outputs if known else []
            number(cell)
        if old is None or old.cell_type != cell.cell_type:
            continue
        if cell.cell_type == "markdown":
            cell.source = old.source
        for key in (RENDERS, *FIELDS):
            if key in old.metadata and (key == RENDERS or key in cell.metadata):
                cell.metadata[key] = old.metadata[key]
        if not prose(cell):
            cell.metadata.pop(RENDERS, None)
    return made


def number(cell: NotebookNode) -> None:
    """Give the results of a cell the execution count of the cell."""
    for output in cell.outputs:
        if output.output_type == "execute_result":
            output.execution_count = cell.execution_count


def lacking(english: NotebookNode, korean: NotebookNode) -> list[str]:
    """Return the places where the English twin has words, and the Korean cell no Korean."""
    given, made = prose(english), prose(korean)
    worded = [key for key, text in given.items() if WORD.search(NO_PROSE.sub(" ", text))]
    return [k for k in worded if made.get(k) == given[k] or not HANGUL.search(made.get(k, ""))]


def state(english: NotebookNode, korean: NotebookNode) -> str:
    """Return what is to be done about the prose of a Korean cell, or nothing."""
    if not prose(english):
        return ""
    if lacking(english, korean):
        return "untranslated"
    return "" if korean.metadata.get(RENDERS) == digest(english) else "stale"


def unfinished(english: NotebookNode, korean: NotebookNode, path: Path) -> list[str]:
    """Return a line for each cell of a Korean notebook that is stale or untranslated."""
    pairs = zip(english.cells, korean.cells, strict=True)
    states = [(one.id, state(one, other)) for one, other in pairs]
    return [f"{name(path)} {cell}: {found}" for cell, found in states if found]


def sync(path: Path) -> list[str]:
    """Make or renew the twin of an English notebook; return what is to be done, line by line."""
    english, target = read(path), twin(path)
    former = read(target) if target.exists() else None
    korean = merge(english, former)
    link(korean, target, read_address())
    shape(korean)
    if korean != former:
        write(korean, target)
    relink([path, target], read_address())
    kept = {cell.id for cell in korean.cells}
    gone = [cell.id for cell in former.cells if cell.id not in kept] if former else []
    lines = [f"{name(target)} {cell}: gone" for cell in gone]
    return lines + unfinished(english, korean, target)


def left_over(start: str) -> list[str]:
    """Return a line for each Korean notebook that has no English twin."""
    there = [path for path in find(start) if path.parent.name != "en" and not twin(path).exists()]
    return [f"{name(path)}: gone from the English edition; remove it" for path in there]


def declare(path: Path, wanted: list[str]) -> int:
    """Note that cells of a Korean notebook, or all, render their twins; return how many."""
    english, korean = ({cell.id: cell for cell in read(p).cells} for p in (path, twin(path)))
    if unknown := [cell for cell in wanted if cell not in english or cell not in korean]:
        raise ToolError(f"{name(twin(path))} and its twin have no cell {', '.join(unknown)}")
    pairs = [(english[key], korean[key]) for key in wanted or english if key in korean]
    pairs = [(one, other) for one, other in pairs if prose(one)]
    if bare := [one.id for one, other in pairs if lacking(one, other)]:
        raise ToolError(
            f"{name(twin(path))} has no Korean in {', '.join(bare)}: "
            "write it, with tools.notebooks.plaintext or in JupyterLab, then declare it"
        )
    notebook = read(twin(path))
    hashes = {one.id: digest(one) for one, _ in pairs}
    for cell in notebook.cells:
        if cell.id in hashes:
            cell.metadata[RENDERS] = hashes[cell.id]
    write(notebook, twin(path))
    return len(hashes)


def main(arguments: list[str] | None = None) -> int:
    """Bring Korean notebooks into step, or declare cells rendered; return 1 if that failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.notebooks.sync", description="Keep the Korean edition in step."
    )
    parser.add_argument("start", nargs="?", default="", help="how the file name begins, as in 01")
    parser.add_argument("cells", nargs="*", help="with --rendered: the ids of cells, or all")
    parser.add_argument("--rendered", action="store_true", help="the Korean says what it should")
    options = parser.parse_args(arguments)
    try:
        if options.cells and not options.rendered:
            raise ToolError("only --rendered takes the ids of cells")
        paths = find(options.start, edition="en")
        if options.rendered:
            counts = {twin(p): declare(p, options.cells) for p in paths if twin(p).exists()}
            print(*(f"{name(path)}: {count} cells" for path, count in counts.items()), sep="\n")
        else:
            lines = [line for path in paths for line in sync(path)] + left_over("")
            print(*(lines or ["Every Korean cell is in step with its English twin."]), sep="\n")
            renew()
    except ToolError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
