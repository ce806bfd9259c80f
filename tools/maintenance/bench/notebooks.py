"""Where the seconds of a notebook go, cell by cell.

A cell has two times: seconds by the clock, and seconds of processor that its kernel took. On a busy
machine the second tell more; where two cores work at once, they are more than the first.
"""

import time
from pathlib import Path

import psutil  # comes with ipykernel

from tools.notebooks.files import read
from tools.notebooks.kernel import run

OTHERS = "between cells, start, stop"


def processor_seconds(pid):
    """Return how many seconds of processor a process has taken so far."""
    taken = psutil.Process(pid).cpu_times()
    return taken.user + taken.system


class CellClock:
    """Hooks of nbclient that note, for each code cell, its seconds and its processor's.

    `cells` holds (id, seconds, processor seconds) in the order of running.
    """

    def __init__(self, clock=time.perf_counter, processor=processor_seconds):
        self.clock, self.processor, self.cells = clock, processor, []

    def hooks(self, manager):
        """Return the hooks for a notebook that runs in this manager's kernel."""

        def now():
            return self.clock(), self.processor(manager.provisioner.pid)

        def start(cell, cell_index):
            self.begun = now()

        def end(cell, cell_index, execute_reply):
            wall, processor = (b - a for a, b in zip(self.begun, now(), strict=True))
            self.cells.append((cell.get("id", f"#{cell_index}"), wall, processor))

        return {"on_cell_execute": start, "on_cell_executed": end}


def cell_seconds(path: Path):
    """Run a notebook, store nothing; return its seconds, and those of each code cell as above."""
    watch, notebook, start = CellClock(), read(path), time.perf_counter()
    run(notebook, path.parent, hooks=watch.hooks)
    return time.perf_counter() - start, watch.cells


def longest(total, cells, least=0.02):
    """Return rows (cell, seconds, processor seconds, share of all), those of most seconds first.

    Cells below the share `least` are one row together; the last row is what no cell took.
    """
    rows = sorted(cells, key=lambda cell: -cell[1])
    shown = [row for row in rows if row[1] >= least * total]
    rest = rows[len(shown) :]
    if rest:
        _, walls, processors = zip(*rest, strict=True)
        shown.append((f"{len(rest)} others", sum(walls), sum(processors)))
    shown.append((OTHERS, total - sum(wall for _, wall, _ in cells), float("nan")))
    return [(*row, row[1] / total) for row in shown]
