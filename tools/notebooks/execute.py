"""Run notebooks in fresh kernels and store what they showed.

    python -m tools.notebooks.execute            # all English notebooks
    python -m tools.notebooks.execute 01         # those whose file name begins with 01

A notebook is stored only when it ran to its end, in a form that a second run repeats byte for
byte. The seconds it took go to notebooks/seconds.json, a hash of the code that it reached to
notebooks/outputs.json. Its Korean twin, if there is one, takes code and outputs from it
(tools/notebooks/sync.py); then the README is brought up to date.
"""

import argparse
import sys
import time
from pathlib import Path

from tools.notebooks.kernel import CellFailed, normalise, run
from tools.notebooks.notebook_files import ToolError, find, name, read, twin, write
from tools.notebooks.records import note_outputs, read_seconds, write_seconds
from tools.notebooks.sync import sync
from tools.publish.readme import renew


def run_and_write(path: Path) -> float:
    """Run the notebook at `path`, write it there and return the seconds that it took."""
    notebook = read(path)
    start = time.perf_counter()
    run(notebook, path.parent)
    took = time.perf_counter() - start
    normalise(notebook)
    write(notebook, path)
    return round(took, 1)


def main(arguments: list[str] | None = None) -> int:
    """Store the notebooks asked for; return 1 if any failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.notebooks.execute",
        description="Run notebooks and store what they showed.",
    )
    parser.add_argument("start", nargs="?", default="", help="how the file name begins, as in 01")
    options = parser.parse_args(arguments)
    try:
        paths = find(options.start, edition="en")
        failed = [path for path in paths if not store(path)]
        twins = [path for path in paths if path not in failed and twin(path).exists()]
        for line in (line for path in twins for line in sync(path)):
            print(line)
        renew()
    except (ToolError, CellFailed) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    return 1 if failed else 0


def store(path: Path) -> bool:
    """Store one notebook and its seconds, print how it went, and return whether it ran."""
    try:
        took = run_and_write(path)
    except CellFailed as failure:
        print(f"{name(path)}, cell {failure.cell}: {failure}", file=sys.stderr)
        print(failure.trace, file=sys.stderr)
        return False
    folder = path.parents[1]
    write_seconds(read_seconds(folder) | {name(path): took}, folder)
    note_outputs(path)
    print(f"{name(path)} {took:.1f} s", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
