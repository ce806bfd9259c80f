"""Commands of the course: `python course.py NAME`, for learners and for maintainers.

Each command is a row of COMMANDS. Those of maintainers hand their options on to a module of tools/;
`--here` runs a command with the present Python, as in an environment of conda, and makes no .venv.
Standard library only. What is printed is ASCII, since not every console shows more.

Run on Linux with Python 3.11. Written for Windows, macOS and conda, and never run there.
"""

import argparse
import functools
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

from tools import environment
from tools.environment import SetupError

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
NBVAL = ("--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=300")
CONTRACTS = "from importlinter.cli import lint_imports_command as lint; lint(['--no-logo'])"
NEEDED_HERE = ("torch", "seaborn", "num2words", "jupyterlab", "pytest", "nbval", "ruff")
CLEANED = (  # what commands have made
    *(".venv", ".venv-*", "slides", "site", "tools/publish/deck/node_modules"),
    *(".pytest_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache"),
)
CORES = os.cpu_count() or 1
INTERRUPTED = 130


class UsageError(Exception):
    """What was given and cannot be taken, and what can, in one sentence."""


class Course:
    """The Python that runs a command, its environment made when first something is run."""

    def __init__(self, name: str, here: bool):
        self.name, self.here = name, here
        self.folder = ROOT / ".venv-here" if here else VENV

    @functools.cached_property
    def python(self) -> Path:
        """Return the Python that has the packages; raise SetupError if it cannot be had."""
        if self.here:
            check_packages()
            return Path(sys.executable)
        environment.prepare(VENV, ROOT / "requirements.txt")
        return environment.python_of(VENV)

    @functools.cached_property
    def variables(self) -> dict[str, str]:
        """Return the environment variables; raise OSError if their folder is read-only."""
        home = self.folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
        found = environment.variables(self.folder)
        if self.name != "lab":
            found["TQDM_DISABLE"] = "1"
            for dropped in ("COURSE_SEED", "COURSE_STRICT"):
                found.pop(dropped, None)
        return found

    def prepare(self) -> None:
        """Make the environment now, so that what it says comes before what the command says."""
        _ = self.python, self.variables

    def run(self, *words: str | Path, **variables: str) -> int:
        """Run Python with these words in the repository's root; return its exit status."""
        command = [str(word) for word in (self.python, *words)]
        given = self.variables | variables
        # Control-C reaches the command, too, and how that ends is its own affair
        before = signal.signal(signal.SIGINT, lambda *_: None)
        try:
            with subprocess.Popen(command, cwd=ROOT, env=given) as process:
                try:
                    code = process.wait()
                except BaseException:
                    process.terminate()
                    raise
        finally:
            signal.signal(signal.SIGINT, before)
        return code if code >= 0 else 128 - code

    def all(self, *commands: tuple[str | Path, ...]) -> int:
        """Run one command after another, up to the first that fails; return its exit status."""
        return next((code for words in commands if (code := self.run(*words))), 0)


def check_packages() -> None:
    """Raise SetupError if the present Python lacks what the course needs."""
    missing = [name for name in NEEDED_HERE if not importlib.util.find_spec(name)]
    if missing:
        raise SetupError(
            f"This Python ({sys.executable}) lacks {', '.join(missing)}: activate an environment "
            "that has them (conda env create -f environment.yml, conda activate attention), or "
            "leave --here out."
        )


class Parser(argparse.ArgumentParser):
    """A parser of options that raises UsageError; what follows `--` is `more`."""

    def read(self, given: list[str]) -> argparse.Namespace:
        """Return the options given."""
        cut = given.index("--") if "--" in given else len(given)
        return self.parse_args(given[:cut], argparse.Namespace(more=given[cut + 1 :]))

    def error(self, message: str) -> NoReturn:
        """Raise UsageError."""
        raise UsageError(f"{self.prog}: {message}; {self.prog} --help says what it takes.")


def lab(course: Course, given: list[str]) -> int:
    """Open the first notebook of an edition in JupyterLab."""
    parser = Parser("course.py lab", epilog="What follows -- is handed to JupyterLab.")
    parser.add_argument("--edition", choices=("en", "ko"), default="en")
    options = parser.read(given)
    first = min((ROOT / "notebooks" / options.edition).glob("*.ipynb")).relative_to(ROOT)
    words = ["--log-level=WARN", "-y", f"--ServerApp.root_dir={ROOT}"]  # -y: Control-C asks nothing
    words += [f"--LabApp.default_url=/lab/tree/{first.as_posix()}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words.append("--allow-root")
    course.prepare()
    print(
        "JupyterLab opens in the browser, or at the address below; Control-C here stops it.",
        flush=True,
    )
    return course.run("-m", "jupyterlab", *words, *options.more)


def lint(course: Course, given: list[str]) -> int:
    """Check style and the import contracts of pyproject.toml, if there are any."""
    Parser("course.py lint").read(given)
    ruff = ("-m", "ruff")
    commands = [(*ruff, "check", "--quiet", "."), (*ruff, "format", "--check", "--quiet", ".")]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if "importlinter" in project["tool"]:
        commands.append(("-c", CONTRACTS))
    return course.all(*commands)


def check(course: Course, given: list[str]) -> int:
    """Check style and contracts and run the quick tests, but no notebook."""
    parser = Parser("course.py check", epilog="What follows -- is handed to pytest.")
    parser.add_argument("--jobs", type=int, default=min(CORES, 8), help="processes (all cores)")
    options = parser.read(given)
    words = ["-m", "pytest", "tests", "-m", "not slow", "-n", str(options.jobs), *options.more]
    return lint(course, []) or course.run(*words)


def test(course: Course, given: list[str]) -> int:
    """Check style and contracts and run all tests and every notebook of both editions."""
    parser = Parser("course.py test", epilog="What follows -- is handed to pytest.")
    parser.add_argument("--jobs", type=int, default=1, help="files side by side (1)")
    parser.add_argument("--strict", action="store_true", help="a test that is skipped has failed")
    options = parser.read(given)
    words = ["-m", "pytest", "tests", "notebooks", *NBVAL]
    words += ["--no-skips"] if options.strict else []
    if options.jobs > 1:  # in the order of tests/conftest.py: what takes longest first
        words += ["-n", str(options.jobs), "--dist", "loadfile", "--no-loadscope-reorder"]
    full = {"COURSE_FULL": "1"} if options.strict else {}
    return lint(course, []) or course.run(*words, *options.more, **full)


def test_colab(course: Course, given: list[str]) -> int:
    """Open each notebook alone, as on Colab."""
    options = Parser("course.py test-colab", epilog="What follows -- is handed to pytest.").read(
        given
    )
    words = ["-m", "pytest", "tests/notebooks/test_colab.py", *options.more]
    return course.run(*words, COURSE_FULL="1")


def test_rerun(course: Course, given: list[str]) -> int:
    """Stop cells half-way and run all of them twice."""
    parser = Parser("course.py test-rerun", epilog="What follows -- is handed to pytest.")
    parser.add_argument("start", nargs="?", help="how the file name begins, as in 01")
    options = parser.read(given)
    words = ["-m", "pytest", "tests/notebooks/test_rerun.py"]
    words += ["-k", f"en/{options.start}"] if options.start else []
    return course.run(*words, *options.more, COURSE_RERUN="1")


def site(course: Course, given: list[str]) -> int:
    """Install what the site is built with, then build it."""
    python, lock, stamp = course.python, ROOT / "requirements-site.txt", course.folder / "site.txt"
    if not course.here and not environment.is_installed(lock, stamp):
        environment.install(python.parents[1], lock, stamp)
    return course.run("-m", "tools.publish.site", *given)


def mend(course: Course, given: list[str]) -> int:
    """Mend style where that is safe."""
    Parser("course.py format").read(given)
    course.run("-m", "ruff", "check", "--quiet", "--fix", ".")
    return course.run("-m", "ruff", "format", ".")


def clean(course: Course, given: list[str]) -> int:
    """Remove what commands have made, and what Python and Jupyter left."""
    Parser("course.py clean").read(given)
    made = [path for pattern in CLEANED for path in ROOT.glob(pattern)]
    for name in ("__pycache__", ".ipynb_checkpoints"):
        made += [path for path in ROOT.rglob(name) if ".git" not in path.relative_to(ROOT).parts]
    for path in filter(Path.exists, made):
        shutil.rmtree(path)
    return 0


def module(*words: str) -> Callable[[Course, list[str]], int]:
    """Return a command that runs Python with these words and with the options given."""
    return lambda course, given: course.run(*words, *given)


class Command(NamedTuple):
    """A command: what it does, for the list, and the function that does it."""

    does: str
    run: Callable[[Course, list[str]], int]


COMMANDS = {
    "lab": Command("open the first notebook in JupyterLab (--edition ko)", lab),
    "check": Command("lint and quick tests, no notebook: under a minute", check),
    "test": Command("lint, all tests, every notebook (--jobs 2, --strict: skip none)", test),
    "test-colab": Command("open each notebook alone, as on Colab: minutes", test_colab),
    "test-rerun": Command("stop cells half-way, run all of them twice (01)", test_rerun),
    "test-versions": Command(
        "try the oldest and the newest packages that pyproject.toml admits (--nb 01)",
        module("-m", "tools.maintenance.versions"),
    ),
    "mutants": Command(
        "break the helpers in small ways, see if tests notice (attention)",
        module("-m", "tools.maintenance.mutation"),
    ),
    "notebooks": Command(
        "run and store the notebooks in both editions (01: those that begin so)",
        module("-m", "tools.notebooks.execute"),
    ),
    "sync": Command(
        "bring the Korean notebooks into step, list what is to be translated (01)",
        module("-m", "tools.notebooks.sync"),
    ),
    "slides": Command(
        "build the lecture decks (01 --edition ko)", module("-m", "tools.publish.slides")
    ),
    "handout": Command(
        "build the lecture decks and print them as PDF (01 --edition ko)",
        module("-m", "tools.publish.slides", "--handout"),
    ),
    "site": Command("build the course as a site, in site/ (needs npm)", site),
    "seeds": Command(
        "check every claim under other seeds (--seeds 0 1 2 --nb 01 --threads 2, or --draw 5)",
        module("-m", "tools.notebooks.seeds"),
    ),
    "runs": Command(
        "make the stored runs whose code has changed: minutes (budget: this one)",
        module("-m", "tools.notebooks.runs"),
    ),
    "controls": Command(
        "see claims fail in worlds in which they are false (01)",
        module("-m", "tools.notebooks.controls"),
    ),
    "bench": Command(
        "measure speed against PyTorch (--only attention, --notebook 04)",
        module("-m", "tools.maintenance.bench"),
    ),
    "readme": Command(
        "renew what README and TEACHING take from the notebooks",
        module("-m", "tools.publish.readme"),
    ),
    "messages": Command(
        "renew helpers/korean.po, the list of what helpers say",
        module("-m", "tools.maintenance.messages"),
    ),
    "links": Command(
        "write the address into notebooks and README (--repo owner/name --tag v1.0)",
        module("-m", "tools.publish.colab_links"),
    ),
    "lint": Command("check style and import contracts, change nothing", lint),
    "format": Command("mend style where that is safe", mend),
    "figures": Command("draw every diagram again", module("images/draw.py")),
    "lock": Command(
        "pin the ranges of pyproject.toml (--upgrade: at their newest)",
        module("-m", "tools.maintenance.lock"),
    ),
    "clean": Command("remove all that these commands have made", clean),
}


def listed() -> str:
    """Return the list of commands."""
    rows = [f"  {name:14} {command.does}\n" for name, command in COMMANDS.items()]
    usage = "python course.py COMMAND, on Windows py course.py COMMAND; --here makes no .venv.\n\n"
    return usage + "".join(rows)


def main(words: list[str]) -> int:
    """Run the command that the words name; return its exit status."""
    here = "--here" in words
    name, *given = [word for word in words if word != "--here"] or ["help"]
    try:
        if name in ("help", "-h", "--help"):
            print(listed(), end="")
            return 0
        if name not in COMMANDS:
            raise UsageError(f"course.py: {name!r} is no command; there are {', '.join(COMMANDS)}.")
        return COMMANDS[name].run(Course(name, here), given)
    except (UsageError, SetupError) as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    except OSError as error:
        print(environment.explain(str(error), f"course.py {name} failed"), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
