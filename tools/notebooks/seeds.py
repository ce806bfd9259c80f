"""Check that every claim holds under other seeds.

    python -m tools.notebooks.seeds --seeds 0 1 2 --nb 01
    python -m tools.notebooks.seeds --draw 5 --nb 01    # seeds that nobody has chosen

Runs the English notebooks once per seed, stores no notebook, and prints a table: a row for each
claim of notebooks/claims.toml and for any other cell that raised, a column for each seed. Which
claim held on which seed goes to notebooks/seeds.json, and from there into the README; so do the
seeds that `--draw` has drawn, with the date, whatever came of them. Claims marked
`exact`, identities and counts, are left out, because seeds replicate nothing there. With
`--threads 2` PyTorch works in two threads, and nothing is noted anywhere.
"""

import argparse
import datetime
import random
import sys
import time
from pathlib import Path

from tools.notebooks.kernel import CellFailed, run
from tools.notebooks.notebook_files import ToolError, find, name, read
from tools.notebooks.records import note_draw, read_claims, read_held, write_held
from tools.publish.readme import renew

PASS, FAIL, NOT_RUN, NO_CELL = "pass", "FAIL", "not run", "no cell"


def outcomes(path: Path, seed: int, threads: int = 1) -> tuple[dict[str, str], dict[str, str]]:
    """Run a notebook under one seed; return each code cell's outcome, and what went wrong in it."""
    notebook = read(path)
    errors = {}
    try:
        run(notebook, path.parent, seed=seed, go_on=True, threads=threads)
    except CellFailed as failure:
        errors[failure.cell] = str(failure)
    results = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                errors[cell.id] = f"{output.ename}: {output.evalue}".strip()
        ran = cell.execution_count is not None
        results[cell.id] = FAIL if cell.id in errors else PASS if ran else NOT_RUN
    return results, errors


def rows(claimed: list[str], runs: list[dict[str, str]]) -> dict[str, list[str]]:
    """Return a row of outcomes for each claim and for each other cell that failed in some run."""
    others = dict.fromkeys(
        cell for results in runs for cell, outcome in results.items() if outcome == FAIL
    )
    wanted = [*claimed, *(cell for cell in others if cell not in claimed)]
    return {cell: [results.get(cell, NO_CELL) for results in runs] for cell in wanted}


def table(title: str, found: dict[str, list[str]], seeds: list[int]) -> str:
    """Return the rows of one notebook as aligned text."""
    width = max([len(title), *(len(cell) for cell in found)])
    head = f"{title:{width}}" + "".join(f"{seed:>9}" for seed in seeds)
    lines = [f"{cell:{width}}" + "".join(f"{x:>9}" for x in row) for cell, row in found.items()]
    return "\n".join([head, *lines])


def check(path: Path, seeds: list[int], threads: int = 1) -> bool:
    """Run one notebook under each seed, print its table, and return whether all of it passed.

    What held in one thread is stored, with what held before on other seeds with the same code.
    """
    claims = [c for c in read_claims(path.parents[1]) if c["notebook"] == path.stem]
    claimed, exact = [c["cell"] for c in claims], {c["cell"] for c in claims if c.get("exact")}
    runs, notes = [], []
    for seed in seeds:
        start = time.perf_counter()
        results, errors = outcomes(path, seed, threads)
        runs.append(results)
        notes += [f"  seed {seed}, cell {cell}: {error}" for cell, error in errors.items()]
        print(f"{name(path)} seed {seed}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
    found = rows(claimed, runs)
    print(table(name(path), found, seeds), *notes, sep="\n", end="\n\n", flush=True)
    if threads == 1:
        before = read_held(path)
        for cell in claimed:
            kept = {seed for seed in before.get(cell, []) if seed not in seeds}
            held = {seed for seed, how in zip(seeds, found[cell], strict=True) if how == PASS}
            before[cell] = sorted(kept | held)
        write_held(path, {cell: before[cell] for cell in claimed if cell not in exact})
    return not notes and all(x == PASS for row in found.values() for x in row)


def main(arguments: list[str] | None = None) -> int:
    """Check the notebooks asked for; return 1 if anything failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.notebooks.seeds",
        description="Check that every claim holds under other seeds.",
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=list(range(10)))
    parser.add_argument("--draw", type=int, default=0, help="how many seeds to draw, above 9")
    parser.add_argument("--nb", default="", help="how the file name begins, as in 01")
    parser.add_argument("--threads", type=int, default=1, help="of PyTorch; stored only with 1")
    options = parser.parse_args(arguments)
    try:
        english, seeds = find(options.nb, edition="en"), options.seeds
        if options.draw:
            seeds = sorted(random.SystemRandom().sample(range(10, 100_000), options.draw))
            for path in english:
                note_draw(path, datetime.date.today().isoformat(), seeds)
        passed = [check(path, seeds, options.threads) for path in english]
        renew()
    except ToolError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
