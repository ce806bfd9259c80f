"""Run claims in worlds in which they are false, to see their assertions fail there.

    python -m tools.notebooks.controls 07 --seeds 0 1 2

A claim in notebooks/claims.toml names such worlds, each by one change of one cell:

    [[claim.control]]
    world = "Untrained: a single step."
    cell = "train"
    change = "steps=400"
    to = "steps=1"

The cells that the claim needs are run with that change, and the assertion in the claim's own cell
has to fail. `caught = false` marks a claim whose assertion is known to hold there too, until it is
rewritten. What happened on which seed goes to notebooks/controls.json, with a hash of the code
reached, and is not run again with the same code unless `--again` asks for it; the tests run again
the worlds in which nothing is trained.
"""

import argparse
import copy
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from tools.notebooks.kernel import CellFailed, run
from tools.notebooks.notebook_files import FOLDER, ToolError, find, name, read
from tools.notebooks.reach import ALWAYS, claim_code, code_cells, code_hash, needed, trains
from tools.notebooks.records import read_claims, read_controlled, write_controlled

SEEDS = (0, 1, 2)
CAUGHT, HELD = "caught", "held"  # the assertion failed there, or held


@dataclass(frozen=True)
class Control:
    """A world in which a claim is false: what is changed, in which cell, of which notebook."""

    path: Path
    claim: str
    world: str
    cell: str
    change: str
    to: str
    caught: bool = True

    def __str__(self):
        return f"{name(self.path)} {self.claim}: {self.world}"

    @property
    def wanted(self) -> str:
        """What is to happen in this world: the assertion fails, unless it is marked otherwise."""
        return CAUGHT if self.caught else HELD

    def notebook(self) -> NotebookNode:
        """Return the notebook of this world: the cells that the claim needs, one of them changed.

        Raises ToolError if what is to be changed does not stand in that cell exactly once, or if
        the claim does not need that cell.
        """
        notebook = copy.deepcopy(read(self.path))
        cells = code_cells(notebook)
        for cell in {self.claim, self.cell} - cells.keys():
            raise ToolError(f"{self}: {name(self.path)} has no code cell {cell}")
        source = cells[self.cell].source
        if source.count(self.change) != 1:
            times = source.count(self.change)
            raise ToolError(
                f"{self}: {self.change!r} stands {times} times in {self.cell}, not once"
            )
        cells[self.cell].source = source.replace(self.change, self.to)
        ids = needed(notebook, self.claim)
        if self.cell not in ids:
            raise ToolError(f"{self}: the claim does not need the cell {self.cell}")
        notebook.cells = [cell for key, cell in cells.items() if key in (*ALWAYS, *ids)]
        return notebook

    def code(self) -> dict[str, str]:
        """Return the code that decides what happens in this world."""
        return claim_code(self.notebook(), self.claim)


def read_controls(start: str = "", folder: Path = FOLDER) -> list[Control]:
    """Return the controls of the English notebooks whose file name begins with `start`, in order.

    Raises ToolError for a control with a field too many or too few.
    """
    controls = []
    for claim in read_claims(folder):
        for given in claim.get("control", []):
            path = folder / "en" / f"{claim['notebook']}.ipynb"
            try:
                controls.append(Control(path, claim["cell"], **given))
            except TypeError as error:
                raise ToolError(f"a control of {claim['cell']}: {error}") from None
    return [control for control in controls if control.path.stem.startswith(start)]


def outcome(control: Control, seed: int) -> str:
    """Run the claim in a control's world; return CAUGHT or HELD.

    Raises ToolError if anything but the claim's own assertion stops it.
    """
    try:
        run(control.notebook(), control.path.parent, seed=seed)
    except CellFailed as failure:
        if failure.cell == control.claim and str(failure).startswith("AssertionError"):
            return CAUGHT
        raise ToolError(f"{control}: cell {failure.cell} stopped with {failure}") from None
    return HELD


def complaints(controls: Sequence[Control], seeds: Sequence[int] = SEEDS) -> list[str]:
    """Return which controls were not seen, with the code as it is, to do what they are to do."""
    found = []
    for control in controls:
        seen = read_controlled(
            control.path, control.claim, control.world, code_hash(control.code())
        )
        missing = [seed for seed in seeds if str(seed) not in seen]
        others = {seed: how for seed, how in seen.items() if how != control.wanted}
        if missing:
            found.append(f"{control} was not run: `python course.py controls {control.path.stem}`")
        if others:
            found.append(f"{control} is to be {control.wanted}, but: {others}")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run the controls asked for; return 1 if any did not do what it is to do."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.notebooks.controls",
        description="Run claims in worlds in which they are false.",
    )
    parser.add_argument("start", nargs="?", default="", help="how the file name begins, as in 01")
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS))
    parser.add_argument("--again", action="store_true", help="run also what is already recorded")
    options = parser.parse_args(arguments)
    try:
        find(options.start, edition="en")
        controls = read_controls(options.start)
        for control in controls:
            begun = time.perf_counter()
            code = code_hash(control.code())
            known = read_controlled(control.path, control.claim, control.world, code)
            if not options.again and all(str(seed) in known for seed in options.seeds):
                continue
            seen = {str(seed): outcome(control, seed) for seed in options.seeds}
            write_controlled(control.path, control.claim, control.world, code, seen)
            kind = "trains" if trains(control.code()) else "trains nothing"
            took = time.perf_counter() - begun
            print(f"{control} {seen}, {kind}, {took:.0f} s", flush=True)
        wrong = complaints(controls, options.seeds)
    except ToolError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
