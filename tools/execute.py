"""Run notebooks in fresh kernels and store what they showed.

    python -m tools.execute            # all notebooks
    python -m tools.execute 01         # those whose file name begins with 01

A notebook is stored only when it ran to its end, in a form that a second run repeats byte for
byte. The seconds it took go to notebooks/seconds.json; then the README is brought up to date.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from tools.notebooks import METADATA, ToolError, find, name, read, write
from tools.readme import read_seconds, renew, write_seconds

TIMEOUT = 300  # seconds for one cell
TRANSIENT = {  # what editors and kernels leave in a cell's metadata
    "collapsed",
    "deletable",
    "editable",
    "execution",
    "ExecuteTime",
    "scrolled",
    "trusted",
    "vscode",
}


class CellFailed(Exception):
    """A cell that raised, hung or lost its kernel: `cell` is its id, `trace` all it said."""

    def __init__(self, cell: str, error: str, trace: str = ""):
        super().__init__(error)
        self.cell, self.trace = cell, trace


def run(notebook: NotebookNode, folder: Path, seed: int | None = None, go_on: bool = False) -> None:
    """Run a notebook in a fresh kernel that works in `folder`; raise CellFailed where it stops.

    With `go_on`, cells that raise store their error and the run goes on.
    """
    started = ["(start)"]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    with kernel(seed) as (manager, environment):
        client = NotebookClient(
            notebook,
            km=manager,
            timeout=TIMEOUT,
            allow_errors=go_on,
            record_timing=False,
            coalesce_streams=True,
            resources={"metadata": {"path": str(folder)}},
            on_cell_start=lambda cell, cell_index: started.append(cell.get("id", f"#{cell_index}")),
        )
        try:
            client.execute(env=environment, cleanup_kc=True)
        except CellTimeoutError:
            raise CellFailed(started[-1], f"took more than {TIMEOUT} seconds") from None
        except DeadKernelError:
            raise CellFailed(started[-1], "the kernel died") from None
        except CellControlSignal as error:
            raise CellFailed(started[-1], f"{error.ename}: {error.evalue}", str(error)) from None


@contextmanager
def kernel(seed: int | None) -> Iterator[tuple[AsyncKernelManager, dict[str, str]]]:
    """Yield a manager of kernels of this very Python, and the environment to start one in.

    No kernel, startup file, history or choice of backend of the user's own takes part.
    """
    environment = {key: os.environ[key] for key in os.environ if not key.startswith("COURSE_")}
    environment.pop("MPLBACKEND", None)
    environment["TQDM_DISABLE"] = "1"
    if seed is not None:
        environment["COURSE_SEED"] = str(seed)
    with tempfile.TemporaryDirectory() as home:
        environment["IPYTHONDIR"] = home
        manager = AsyncKernelManager(
            kernel_name="python3", transport="ipc", connection_file=f"{home}/kernel.json"
        )
        manager.kernel_spec_manager = KernelSpecManager(kernel_dirs=[])
        yield manager, environment


def normalise(notebook: NotebookNode) -> None:
    """Take out what varies from one editor, kernel or run to the next."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.update(METADATA)
    count = 0
    for cell in notebook.cells:
        for key in TRANSIENT & cell.metadata.keys():
            del cell.metadata[key]
        if cell.cell_type == "code" and cell.source.strip():
            count += 1
            cell.execution_count = count
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = count


def store(path: Path) -> float:
    """Run the notebook at `path`, store it there and return the seconds that it took."""
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
        prog="python -m tools.execute", description="Run notebooks and store what they showed."
    )
    parser.add_argument("start", nargs="?", default="", help="how the file name begins, as in 01")
    options = parser.parse_args(arguments)
    try:
        failed = [path for path in find(options.start) if not stored(path)]
        renew()
    except ToolError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    return 1 if failed else 0


def stored(path: Path) -> bool:
    """Store one notebook and its seconds, tell how it went, and return whether it ran."""
    try:
        took = store(path)
    except CellFailed as failure:
        print(f"{name(path)}, cell {failure.cell}: {failure}", file=sys.stderr)
        print(failure.trace, file=sys.stderr)
        return False
    folder = path.parents[1]
    write_seconds(read_seconds(folder) | {name(path): took}, folder)
    print(f"{name(path)} {took:.1f} s", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
