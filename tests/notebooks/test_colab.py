"""Each notebook opened alone, as on Colab: make test-colab, or COURSE_FULL=1 make test.

The machine is made up, and this is what is real about it and what is not.

- Real: an empty folder with only the notebook in it; the set-up cell's own git clone of an https
  address; pip, which installs what Colab lacks; Colab's versions of NumPy, pandas, Matplotlib,
  seaborn, IPython, ipykernel and ipywidgets (tests/notebooks/colab.txt), in .venv-colab, made once.
- Not real: git is told that the address lies on this disk, where it finds this working tree as one
  commit, after make links has given it an address; the module google.colab is empty; Python is the
  one that runs the tests, torch the one that they have; nothing of Colab's page takes part, so
  that an output counts as shown when the kernel has sent it.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbformat import v4

from tests.support.stored_notebooks import ROOT, is_image, paths, read
from tools import environment
from tools.notebooks.kernel import TRANSPORT
from tools.publish.colab_links import ALONE as NOT_HERE
from tools.publish.colab_links import NOT_FETCHED, Address, set_up

FULL = os.environ.get("COURSE_FULL") == "1"
REASON = "opens each notebook as Colab does, in about five minutes: make test-colab"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not FULL, reason=REASON)]
ADDRESS = Address("no-one/attention-course")
# the Korean notebooks hold the same code, and so one of them speaks for all
ALONE = [*paths(editions=("en",)), *paths(editions=("ko",))[:1]]
VENV, LOCK = ROOT / ".venv-colab", Path(__file__).with_name("colab.txt")
PYTHON = environment.python_of(VENV)
LEFT_OUT = (".git", ".venv*", "slides", "site", "node_modules", "__pycache__", ".*_cache")
QUIET = {
    # or the first figure tells that it looks for fonts
    "MPLCONFIGDIR": str(VENV / "home/matplotlib"),
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "TQDM_DISABLE": "1",
    "GIT_TERMINAL_PROMPT": "0",
}
STARTUP = """import sys, types
for name in ("google", "google.colab"):
    sys.modules[name] = types.ModuleType(name)
"""
PROBE = """from importlib import metadata as _metadata
from matplotlib import font_manager as _fonts, rcParams as _params
_font = _fonts.findfont(_fonts.FontProperties(family=_params["font.family"]))
_names = {names}
{{"font": _font, "versions": {{name: _metadata.version(name) for name in _names}},
 "edition": os.environ["COURSE_EDITION"], "folder": os.listdir()}}"""


def command(*words, **options):
    """Run a command and fail with what it said if it fails."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, f"{' '.join(map(str, words))}:\n{done.stdout}{done.stderr}"
    return done.stdout


def pins():
    """Return the versions that the made-up Colab has, by name."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


class Colab:
    """A made-up Colab: `folder` holds what it is made of, `tree` the course with an address."""

    def __init__(self, folder):
        self.folder, self.tree, self.started = folder, folder / "tree", 0
        shutil.copytree(ROOT, self.tree, ignore=shutil.ignore_patterns(*LEFT_OUT))
        address = [sys.executable, "-m", "tools.publish.colab_links", "--repo", ADDRESS.repository]
        command(*address, cwd=self.tree)
        self.publish()
        kernel = {"argv": [str(PYTHON), "-m", "ipykernel", "-f", "{connection_file}"]}
        kernel |= {"display_name": "Python 3", "language": "python"}
        self.put("kernels/python3/kernel.json", json.dumps(kernel))
        self.put("ipython/profile_default/startup/00.py", STARTUP)

    def put(self, name, text):
        """Write a file and the folders above it."""
        (self.folder / name).parent.mkdir(parents=True)
        (self.folder / name).write_text(text, encoding="utf-8")

    def publish(self):
        """Put the tree, as one commit, where git will look for the address."""
        author = "-c", "user.name=Course", "-c", "user.email=course@localhost"
        command("git", "init", "-q", "-b", "main", self.tree)
        command("git", "add", "-A", cwd=self.tree)
        command("git", *author, "commit", "-qm", "The course", cwd=self.tree)
        command("git", "clone", "-q", "--bare", self.tree, self.folder / "on" / ADDRESS.repository)

    def environment(self, online):
        """Return the environment of a kernel, whose git finds the address only if `online`."""
        mine = {k: v for k, v in os.environ.items() if not k.startswith(("COURSE_", "MPL"))}
        host = (self.folder / ("on" if online else "off")).as_uri()
        settings = {
            f"url.{host}/.insteadOf": "https://github.com/",
            "protocol.file.allow": "always",
        }
        for number, (key, value) in enumerate(settings.items()):
            mine |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        mine |= {"GIT_CONFIG_COUNT": str(len(settings)), "IPYTHONDIR": f"{self.folder}/ipython"}
        return mine | QUIET | {"PATH": f"{PYTHON.parent}{os.pathsep}{mine['PATH']}"}

    def run(self, notebook, online=True):
        """Run a notebook, given as its node, alone in an empty folder; return the folder."""
        self.started += 1
        place = self.folder / f"content-{self.started}"
        place.mkdir()
        nbformat.write(notebook, place / "notebook.ipynb")
        specs = KernelSpecManager(
            kernel_dirs=[str(self.folder / "kernels")], ensure_native_kernel=False
        )
        with tempfile.TemporaryDirectory() as home:
            manager = AsyncKernelManager(
                kernel_name="python3", transport=TRANSPORT, connection_file=f"{home}/kernel.json"
            )
            manager.kernel_spec_manager = specs
            client = NotebookClient(notebook, km=manager, timeout=300, allow_errors=True)
            client.coalesce_streams = True
            client.resources = {"metadata": {"path": str(place)}}
            client.execute(env=self.environment(online), cleanup_kc=True)
        return place


@pytest.fixture(scope="module")
def colab(tmp_path_factory):
    """Return a made-up Colab, its packages as on the first day."""
    environment.prepare(VENV, LOCK)
    command(PYTHON, "-m", "pip", "uninstall", "-qy", "num2words", "sacrebleu")
    return Colab(tmp_path_factory.mktemp("colab"))


def cell_of(edition, address, **cell):
    """Return a notebook of one set-up cell."""
    return v4.new_notebook(cells=[v4.new_code_cell(set_up(edition, address), id="setup", **cell)])


def pictures(cell):
    """Return the kinds of picture that a cell shows, in order; HTML counts if it draws one."""
    shown = []
    for output in cell.outputs:
        data = output.get("data", {})
        shown += [kind for kind in sorted(data) if is_image(kind)]
        shown += ["html"] * any(mark in data.get("text/html", "") for mark in ("<svg", "<img"))
    return shown


def complaints(cell):
    """Yield what went wrong in a cell: an error, or a word on stderr such as a missing glyph."""
    for output in cell.outputs:
        if output.output_type == "error":
            yield f"cell {cell.id}: {output.ename}: {output.evalue}"
        elif output.get("name") == "stderr":
            yield f"cell {cell.id} wrote to stderr: {output.text[:200]}"


def test_what_colab_lacks_is_absent_at_first_and_installed_by_the_set_up_cell(colab):
    listing = [PYTHON, "-m", "pip", "list", "--format=freeze"]
    before = dict(line.split("==") for line in command(*listing).split())
    assert not {"num2words", "sacrebleu"} & set(before)
    notebook = cell_of("en", ADDRESS)
    place = colab.run(notebook)
    assert notebook.cells[0].outputs == []
    assert (place / "repo" / "helpers").is_dir()
    after = dict(line.split("==") for line in command(*listing).split())
    assert {"num2words", "sacrebleu"} <= set(after)
    assert {name: after.get(name) for name in before} == before  # nothing was upgraded


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (Address(), NOT_HERE["en"]),
        (ADDRESS, NOT_FETCHED["en"].format(at=f"github.com/{ADDRESS.repository}")),
    ],
)
def test_a_failure_is_explained_in_one_sentence(colab, address, sentence):
    notebook = cell_of("en", address)
    colab.run(notebook, online=False)
    errors = [out for out in notebook.cells[0].outputs if out.output_type == "error"]
    assert [(error.ename, error.evalue) for error in errors] == [("SystemExit", sentence)]
    traceback = "\n".join(errors[0].traceback)
    assert traceback.count("\n") <= 3 and "git clone" not in traceback


def test_the_set_up_cell_may_run_twice(colab):
    notebook = cell_of("ko", ADDRESS)
    notebook.cells.append(v4.new_code_cell(notebook.cells[0].source, id="again"))
    notebook.cells.append(v4.new_code_cell("import helpers.figures.charts", id="use"))
    colab.run(notebook)
    assert [cell.outputs for cell in notebook.cells] == [[], [], []]


@pytest.mark.parametrize("path", ALONE, ids=[f"{p.parent.name}/{p.stem}" for p in ALONE])
def test_a_notebook_alone(colab, path):
    notebook = read(path)
    path = colab.tree / notebook.path.relative_to(ROOT)
    node = nbformat.read(path, as_version=4)
    names = ["num2words", "sacrebleu", *pins()]
    node.cells.append(v4.new_code_cell(PROBE.format(names=names), id="what-is-there"))
    place = colab.run(node)
    code = [cell for cell in node.cells if cell.cell_type == "code"]
    wrong = [each for cell in code for each in complaints(cell)]
    assert not wrong, f"{notebook}: {wrong[0]}"
    stored = {cell.id: pictures(cell) for cell in notebook.code if cell.execution_count}
    shown = {cell.id: pictures(cell) for cell in code if cell.id in stored}
    assert shown == stored
    found = eval(code[-1].outputs[0].data["text/plain"])
    assert Path(found["font"]).parent == place / "repo" / "helpers" / "figures" / "fonts"
    assert sorted(found["folder"]) == ["notebook.ipynb", "repo"]
    assert found["edition"] == notebook.edition
    versions = {name: found["versions"][name].split("+")[0] for name in pins()}
    assert versions == pins()  # +cpu is how a build of torch is named
