"""Run what takes minutes, under three seeds, and store the results for notebooks to show.

    python -m tools.notebooks.runs           # all stored runs whose code has changed
    python -m tools.notebooks.runs budget    # this one, in any case

`notebooks/runs/<name>.py` defines `run(seed)`, which returns what JSON can hold, and
`check(results)`, which asserts on {seed: result}. Both have to pass, or nothing is stored. The file
<name>.json beside it then holds results, seconds and a hash of the code reached.
"""

import argparse
import importlib.util
import json
import os
import sys
import time
from pathlib import Path
from types import ModuleType

from nbformat import v4

from helpers.runtime import set_seed
from helpers.stored_runs import with_whole_keys
from tools.notebooks.notebook_files import FOLDER, ToolError
from tools.notebooks.reach import code_hash, reached

SEEDS = (0, 1, 2)
RUNS = FOLDER / "runs"


def run_files(folder: Path = RUNS) -> dict[str, Path]:
    """Return the files of all stored runs by name."""
    return {path.stem: path for path in sorted(folder.glob("*.py"))}


def run_hash(path: Path) -> str:
    """Return the hash of a run's code and of what it reaches in `helpers`."""
    cell = v4.new_code_cell(path.read_text(encoding="utf-8"), id="run")
    return code_hash(reached(v4.new_notebook(cells=[cell]), ["run"], showing=False))


def is_current(path: Path) -> bool:
    """Tell whether the results of a run were made by its code as it is."""
    stored = path.with_suffix(".json")
    known = json.loads(stored.read_text(encoding="utf-8")) if stored.exists() else {}
    return known.get("code") == run_hash(path) and len(known.get("results", {})) == len(SEEDS)


def load(path: Path) -> ModuleType:
    """Return the module of a run. Raises ToolError if it lacks `run` or `check`."""
    spec = importlib.util.spec_from_file_location(f"stored_run_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("run", "check"):
        if not callable(getattr(module, name, None)):
            raise ToolError(f"{path.name} defines no {name}(…); a stored run has run and check")
    return module


def make(path: Path) -> None:
    """Run a stored run under all seeds, see its assertions hold, and store it."""
    module, results, seconds = load(path), {}, {}
    for seed in SEEDS:
        os.environ["COURSE_SEED"] = str(seed)
        set_seed()
        begun = time.perf_counter()
        results[seed] = json.loads(json.dumps(module.run(seed)), object_hook=with_whole_keys)
        seconds[seed] = round(time.perf_counter() - begun, 1)
        print(f"{path.stem} seed {seed}: {seconds[seed]:.0f} s", flush=True)
    module.check(results)
    stored = {"code": run_hash(path), "seconds": seconds, "results": results}
    text = json.dumps(stored, indent=1)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Make the stored runs asked for; return 1 if an assertion failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.notebooks.runs", description="Make and store runs of minutes."
    )
    parser.add_argument("name", nargs="?", help="of one run; all whose code has changed")
    options = parser.parse_args(arguments)
    known = run_files()
    try:
        if options.name and options.name not in known:
            raise ToolError(f"no run {options.name!r}; there is {', '.join(known) or 'none'}")
        asked = [options.name] if options.name else [n for n in known if not is_current(known[n])]
        for name in asked:
            make(known[name])
    except (ToolError, AssertionError) as error:
        print(f"{parser.prog}: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
