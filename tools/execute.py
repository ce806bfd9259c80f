"""Run notebooks in fresh kernels and store what they showed.

    python -m tools.execute            # all notebooks
    python -m tools.execute 01         # those whose file name begins with 01
    python -m tools.execute --map      # none: only bring the README's map up to date

A notebook is stored only when it ran to its end, in a form that a second run repeats byte for
byte. The seconds it took go to notebooks/seconds.json and from there into the README's map.
"""

import argparse
import json
import math
import os
import re
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

from tools.notebooks import FOLDER, METADATA, ROOT, ToolError, find, name, read, write

TIMEOUT = 300  # seconds for one cell
README = ROOT / "README.md"
MAP = re.compile(r"(?<=<!-- map:begin -->\n).*?(?=<!-- map:end -->)", re.DOTALL)
BADGE = ("[![", "![", "<")  # a paragraph that begins so is no prose
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


def read_seconds(folder: Path = FOLDER) -> dict[str, float]:
    """Return the seconds that each notebook under `folder` took when it was last stored."""
    file = folder / "seconds.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def write_seconds(seconds: dict[str, float], folder: Path = FOLDER) -> None:
    """Store the seconds of those notebooks that exist under `folder`."""
    kept = {key: value for key, value in seconds.items() if (folder / f"{key}.ipynb").exists()}
    text = json.dumps(kept, indent=1, sort_keys=True) + "\n"
    (folder / "seconds.json").write_text(text, encoding="utf-8")


def readme_map(seconds: dict[str, float], notebooks: list[Path]) -> str:
    """Return a Markdown table of the notebooks: a link, what each promises, how long it runs."""
    rows = ["| Notebook | What it shows | Runs in |", "| --- | --- | --- |"]
    for path in notebooks:
        title, promise = opening(read(path), path)
        link = f"[{title}](notebooks/{name(path)}.ipynb)"
        rows.append(f"| {link} | {promise} | {about(seconds, path)} |")
    return "\n".join(rows) + "\n"


def about(seconds: dict[str, float], path: Path) -> str:
    """Return a notebook's time, rounded up to five seconds, or a dash if it was never stored."""
    took = seconds.get(name(path))
    return "–" if took is None else f"about {5 * math.ceil(took / 5)} s"


def opening(notebook: NotebookNode, path: Path) -> tuple[str, str]:
    """Return the heading and the first paragraph of prose of a notebook's title cell."""
    source = next((cell.source for cell in notebook.cells if cell.get("id") == "title"), "")
    heading = re.match(r"# (.+)", source)
    body = re.sub(r"^#.*$", "", source, flags=re.MULTILINE)
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", body)]
    prose = [text for text in paragraphs if text and not text.startswith(BADGE)]
    if not heading or not prose:
        raise ToolError(
            f"{name(path)} needs a cell with the id title: a line `# Heading`, then its promise"
        )
    return heading[1].strip(), prose[0].replace("|", r"\|")


def update_map(text: str, seconds: dict[str, float], notebooks: list[Path]) -> str:
    """Return the README's text with the map between its two markers made anew."""
    if not MAP.search(text):
        raise ToolError(
            "README.md has no place for the map: give it a line `<!-- map:begin -->` and, "
            "below it, a line `<!-- map:end -->`"
        )
    table = readme_map(seconds, notebooks)
    return MAP.sub(lambda _: table, text, count=1)


def main(arguments: list[str] | None = None) -> int:
    """Store the notebooks asked for; return 1 if any failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.execute", description="Run notebooks and store what they showed."
    )
    parser.add_argument("start", nargs="?", default="", help="how the file name begins, as in 01")
    parser.add_argument("--map", action="store_true", help="only renew the README's map")
    options = parser.parse_args(arguments)
    try:
        failed = [] if options.map else [p for p in find(options.start) if not stored(p)]
        text = README.read_text(encoding="utf-8") if README.exists() else ""
        english = [path for path in find() if path.parent.name == "en"]
        README.write_text(update_map(text, read_seconds(), english), encoding="utf-8")
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
