"""Every cell can be stopped half-way and run again, and shows the same each time it is run.

    make test-rerun           # with NB=01: that notebook

One kernel for each English notebook; the Korean ones hold the same code. Each cell runs twice in a
row, and the first time it is interrupted, as by the stop button, in the middle of its first
training run, if it has one. When all have run, all run again from the top. Whatever ran to its end
must show the same each time, figures included; only cells that show measured times may differ.
Meanwhile there is no home folder, nothing may be fetched, started, unpickled, or written outside
temporary folders, and the kernel may take no more than 2 GB of memory.
"""

import os
import re
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from tests.notebooks.test_order import bound_by, taken
from tools.notebooks.kernel import kernel

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads the kernel's memory as Linux has it"),
]
CLOCK = re.compile(r"seconds|perf_counter|process_time")
LIMIT = 2_000_000  # kB, of resident memory
# A hook that no one can remove sees what Python opens, starts and asks for.
WATCH = """
import os as _os, signal as _signal, sys as _sys, tempfile as _tempfile
import tqdm as _tqdm

_watch = {"stop": False, "found": []}
_free = (_tempfile.gettempdir(), "/dev/", _os.environ["IPYTHONDIR"], _os.environ["MPLCONFIGDIR"])


def _hook(event, given):
    wrong = event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system")
    wrong = wrong or event in ("os.exec", "os.posix_spawn")
    if event == "pickle.find_class":  # Babel keeps what it knows of a language in such files
        wrong = not given[0].startswith("babel.")
    if event == "open" and isinstance(given[0], str):
        mode, flags = given[1] or "", given[2] or 0
        writes = set(mode) & set("wax+") or flags & (_os.O_WRONLY | _os.O_RDWR | _os.O_CREAT)
        wrong = writes and not _os.path.abspath(given[0]).startswith(_free)
    if wrong and not _sys.is_finalizing():
        _watch["found"].append(f"{event} {given[:2]!r}")


def _halfway(self, n=1, _update=_tqdm.tqdm.update):
    self.seen = getattr(self, "seen", 0) + n  # a bar that is off does not count
    if _watch["stop"] and self.seen >= (self.total or 2) // 2:
        _watch["stop"] = False
        _signal.raise_signal(_signal.SIGINT)
    return _update(self, n)


_tqdm.tqdm.update = _halfway
"""
ARM = "_watch['stop'] = True"
DISARM = "_watch['stop'], _stopped = False, not _watch['stop']\n_stopped"
HOOK = "_sys.addaudithook(_hook)"
REPORT = """
import resource as _resource
print(_resource.getrusage(_resource.RUSAGE_SELF).ru_maxrss)
print(*_watch["found"], sep="\\n")
"""


def timed(stored):
    """Return the ids of cells that show measured times, or take what such a cell bound."""
    found, names = set(), set()
    for cell in [cell for cell in stored.code if cell.id != "imports"]:
        if CLOCK.search(cell.source) or taken(cell.source) & names:
            found.add(cell.id)
            names |= bound_by(cell.source)
    return found


def plan(stored):
    """Return a notebook that runs each cell as the head of this file says."""
    cells = [nbformat.v4.new_code_cell(WATCH, id="watch")]
    for cell in stored.code:
        arm = nbformat.v4.new_code_cell(ARM, id=f"arm-{cell.id}"[:64])
        disarm = nbformat.v4.new_code_cell(DISARM, id=f"disarm-{cell.id}"[:64])
        copies = [
            nbformat.v4.new_code_cell(cell.source, id=f"{kind}-{cell.id}"[:64])
            for kind in ("half", "once")
        ]
        copies[0].metadata["tags"] = ["raises-exception"]
        cells += [arm, copies[0], disarm, *copies[1:]]
        if cell.id == "imports":
            cells.append(nbformat.v4.new_code_cell(HOOK, id="hook"))
    cells += [nbformat.v4.new_code_cell(c.source, id=f"again-{c.id}"[:64]) for c in stored.code]
    cells.append(nbformat.v4.new_code_cell(REPORT, id="report"))
    return nbformat.v4.new_notebook(cells=cells)


def shown(cell):
    """Return all that a cell showed, as one comparable value."""
    return [
        (o.get("name"), o.get("text"), sorted(o.get("data", {}).items()), o.get("ename"))
        for o in cell.outputs
    ]


def rerun_complaints(stored, node):
    """Return what is wrong with a run of `plan`."""
    cells = {cell.id: cell for cell in node.cells}
    free, stops = timed(stored), 0
    for cell in stored.code:
        half, once, again = (cells[f"{kind}-{cell.id}"[:64]] for kind in ("half", "once", "again"))
        stopped = cells[f"disarm-{cell.id}"[:64]].outputs[0]["data"]["text/plain"] == "True"
        stops += stopped
        errors = [o.ename for o in half.outputs if o.output_type == "error"]
        if errors != ["KeyboardInterrupt"] * stopped:
            yield f"{cell.id}: interrupted ({stopped}), it raised {errors}"
        if cell.id in free:
            continue
        for name, first in (("a second", half), ("a later", again)):
            if shown(first) != shown(once) and not (stopped and first is half):
                yield f"{cell.id}: {name} run shows something else"
    trains = any(re.search(r"\btrain(_all)?\(", cell.source) for cell in stored.code)
    if bool(stops) != trains:
        yield f"{stops} cells were interrupted, and it trains: {trains}"
    memory, *reached = cells["report"].outputs[0].text.splitlines()
    yield from (f"reaches out: {line}" for line in filter(None, reached))
    if int(memory) > LIMIT:
        yield f"its kernel took {int(memory) / 1e6:.2f} GB of memory"


def test_a_cell_can_be_stopped_and_run_again(english):
    node = plan(english)
    with kernel(None) as (manager, environment):
        fonts = os.environ.get("MPLCONFIGDIR", environment["IPYTHONDIR"])  # matplotlib's list
        environment |= {"MPLCONFIGDIR": fonts, "HOME": "/nowhere", "PYTHONDONTWRITEBYTECODE": "1"}
        client = NotebookClient(
            node,
            km=manager,
            timeout=300,
            coalesce_streams=True,
            resources={"metadata": {"path": str(english.path.parent)}},
        )
        client.execute(env=environment, cleanup_kc=True)
    wrong = [f"{english} {complaint}" for complaint in rerun_complaints(english, node)]
    assert not wrong, "\n".join(wrong)
