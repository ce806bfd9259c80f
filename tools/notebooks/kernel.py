"""Run a notebook's cells in a fresh kernel, and bring what it leaves into a form that repeats.

In here: one run. Not in here: which notebooks are run, and what becomes of the result.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from tools.notebooks.notebook_files import METADATA

TIMEOUT = 300  # seconds for one cell
TRANSPORT = "tcp" if os.name == "nt" else "ipc"  # ipc takes no port, and Windows lacks it
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
    """A cell that raised, hung or lost its kernel: `cell` is its id, `trace` the traceback."""

    def __init__(self, cell: str, error: str, trace: str = ""):
        super().__init__(error)
        self.cell, self.trace = cell, trace


def run(
    notebook: NotebookNode,
    folder: Path,
    seed: int | None = None,
    go_on: bool = False,
    hooks: Callable[[AsyncKernelManager], dict] = lambda manager: {},
    threads: int | None = None,
    shown: Path | None = None,
) -> None:
    """Run a notebook in a fresh kernel that works in `folder`; raise CellFailed where it stops.

    `shown` is a file to which the texts of figures and measured sentences are added.

    With `go_on`, cells that raise store their error and the run goes on. `hooks` is given the
    kernel's manager and returns what else nbclient is to call, such as `on_cell_executed`.
    """
    started = ["(start)"]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    with kernel(seed, threads, shown) as (manager, environment):
        client = NotebookClient(
            notebook,
            km=manager,
            timeout=TIMEOUT,
            allow_errors=go_on,
            record_timing=False,
            coalesce_streams=True,
            resources={"metadata": {"path": str(folder)}},
            on_cell_start=lambda cell, cell_index: started.append(cell.get("id", f"#{cell_index}")),
            **hooks(manager),
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
def kernel(
    seed: int | None, threads: int | None = None, shown: Path | None = None
) -> Iterator[tuple[AsyncKernelManager, dict[str, str]]]:
    """Yield a manager of kernels of this very Python, and the environment to start one in.

    No kernel, startup file, history or choice of backend of the user's own takes part.
    """
    environment = {key: os.environ[key] for key in os.environ if not key.startswith("COURSE_")}
    environment.pop("MPLBACKEND", None)
    environment["TQDM_DISABLE"] = "1"
    settings = {"COURSE_SEED": seed, "COURSE_THREADS": threads, "COURSE_SHOWN": shown}
    for key, value in settings.items():
        if value is not None:
            environment[key] = str(value)
    with tempfile.TemporaryDirectory() as home:
        environment["IPYTHONDIR"] = home
        manager = AsyncKernelManager(
            kernel_name="python3", transport=TRANSPORT, connection_file=f"{home}/kernel.json"
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
