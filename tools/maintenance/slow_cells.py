"""Slowest cells of a notebook: their seconds by the clock, and those of their kernel's processor.

On a busy machine the processor's seconds tell more; where two cores work at once, they exceed the
clock's. The notebook is run, and nothing is stored.
"""

import time
from pathlib import Path

import psutil  # comes with ipykernel
from jupyter_client import AsyncKernelManager

from tools.notebooks.kernel import run
from tools.notebooks.notebook_files import name, read


def slow_cells(path: Path, count: int = 10) -> str:
    """Run a notebook; return the seconds of all of it and of its `count` slowest cells."""
    cells, start = [], time.perf_counter()
    run(read(path), path.parent, hooks=lambda manager: timing_hooks(manager, cells))
    return table(name(path), time.perf_counter() - start, cells, count)


def timing_hooks(manager: AsyncKernelManager, cells: list) -> dict:
    """Return hooks for nbclient that append (id, seconds, processor seconds) of each code cell."""
    begun = []

    def now():
        taken = psutil.Process(manager.provisioner.pid).cpu_times()
        return time.perf_counter(), taken.user + taken.system

    def start(cell, cell_index):
        begun[:] = now()

    def end(cell, cell_index, execute_reply):
        clock, processor = (b - a for a, b in zip(begun, now(), strict=True))
        cells.append((cell.get("id", f"#{cell_index}"), clock, processor))

    return {"on_cell_execute": start, "on_cell_executed": end}


def table(title: str, total: float, cells: list, count: int) -> str:
    """Return the slowest cells as text, slowest first, then all the others together.

    The others hold, beside the remaining cells, what the kernel took to start and to stop.
    """
    slowest = sorted(cells, key=lambda cell: -cell[1])[:count]
    rows = [f"{title}: {total:.1f} s", f"  {'s':>7} {'processor':>9} {'share':>6}  cell"]
    for cell, seconds, processor in slowest:
        rows.append(f"  {seconds:7.2f} {processor:9.2f} {seconds / total:6.0%}  {cell}")
    rest = total - sum(seconds for _, seconds, _ in slowest)
    return "\n".join([*rows, f"  {rest:7.2f} {'':9} {rest / total:6.0%}  all else", ""])
