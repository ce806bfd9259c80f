"""Run notebooks in fresh kernels and store what they showed.

    python -m tools.notebooks.execute                  # all notebooks of both editions
    python -m tools.notebooks.execute 01 --edition ko  # of the Korean ones those that begin so

A notebook is stored only when it ran to its end, in a form that a second run repeats byte for byte.
The seconds it took go to notebooks/seconds.json, a hash of the code that it reached to
notebooks/outputs.json. A Korean notebook first takes its code from its English twin
(tools/notebooks/sync.py), and what it shows in words is noted in notebooks/korean.po. Then the
README is brought up to date.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tools.notebooks import shown
from tools.notebooks.form import shape
from tools.notebooks.kernel import CellFailed, normalise, run
from tools.notebooks.notebook_files import ToolError, find, name, read, twin, write
from tools.notebooks.records import note_outputs, read_seconds, write_seconds
from tools.notebooks.sync import sync
from tools.publish.readme import renew


def run_and_write(path: Path) -> tuple[float, list[str]]:
    """Run the notebook at `path` and write it there.

    Returns the seconds that it took and, for a Korean one, what it shows that has no Korean yet.
    """
    notebook = read(path)
    shape(notebook)
    with tempfile.TemporaryDirectory() as folder:
        noted = Path(folder) / "shown.jsonl"
        start = time.perf_counter()
        run(notebook, path.parent, shown=noted)
        took = time.perf_counter() - start
        korean = path.parent.name == "ko"
        waiting = shown.renew(path.stem, noted, path.parents[1]) if korean else []
    normalise(notebook)
    write(notebook, path)
    return round(took, 1), waiting


def main(arguments: list[str] | None = None) -> int:
    """Store the notebooks asked for; return 1 if any failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.notebooks.execute",
        description="Run notebooks and store what they showed.",
    )
    parser.add_argument("start", nargs="?", default="", help="how the file name begins, as in 01")
    parser.add_argument("--edition", choices=("en", "ko"), help="one edition only")
    options = parser.parse_args(arguments)
    failed = False
    try:
        for path in find(options.start, edition="en"):
            if options.edition != "ko" and not store(path):
                failed = True
            elif options.edition != "en" and twin(path).exists():
                for line in sync(path):
                    print(line)
                failed |= not store(twin(path))
        renew()
    except (ToolError, CellFailed) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    return 1 if failed else 0


def store(path: Path) -> bool:
    """Store one notebook and its seconds, print how it went, and return whether it ran."""
    try:
        took, waiting = run_and_write(path)
    except CellFailed as failure:
        print(f"{name(path)}, cell {failure.cell}: {failure}", file=sys.stderr)
        print(failure.trace, file=sys.stderr)
        return False
    folder = path.parents[1]
    if path.parent.name == "en":  # the Korean edition runs the same code
        write_seconds(read_seconds(folder) | {name(path): took}, folder)
    note_outputs(path)
    print(f"{name(path)} {took:.1f} s", flush=True)
    if waiting:
        print(f"{len(waiting)} texts wait for their Korean in {shown.catalogue_of(folder).name}")
    return True


if __name__ == "__main__":
    sys.exit(main())
