"""Try the course with the oldest and with the newest packages that pyproject.toml admits.

    python -m tools.maintenance.versions                    # both
    python -m tools.maintenance.versions oldest --nb 00     # one, and only notebooks that begin so

Makes a virtual environment for each in `.venv-oldest` or `.venv-newest`, anew each time, installs
into it what the course and its tests need, and runs there the quick tests of `helpers/` and every
English notebook. torch is the one of requirements.txt throughout. Prints the versions tried.
"""

import argparse
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

from packaging.requirements import Requirement

from tools.environment import python_of
from tools.launch import NBVAL
from tools.notebooks.notebook_files import ROOT, ToolError

SETS = ("oldest", "newest")
TESTS = ("tests/helpers", "tests/figures", "tests/views", "tests/exercises")


def requirements(which: str, project: Path = ROOT / "pyproject.toml") -> list[str]:
    """Return what to install: lower bounds exactly for `oldest`, the ranges for `newest`."""
    if which not in SETS:
        raise ToolError(f"{which!r} is no set of packages; say {' or '.join(SETS)}")
    read = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    listed = [Requirement(line) for line in read["dependencies"]]
    listed += [Requirement(line) for line in read["optional-dependencies"]["test"]]
    wanted = []
    for one in listed:
        if one.name != "torch":
            text = re.sub(">=", "==", str(one)) if which == "oldest" else str(one)
            wanted.append(text)
    return [torch_pin(), *wanted]


def torch_pin() -> str:
    """Return the line of requirements.txt that pins torch."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith("torch=="))


def make(which: str) -> Path:
    """Make the environment of one set and return its Python."""
    folder = ROOT / f".venv-{which}"
    venv.create(folder, clear=True, with_pip=True)
    python = python_of(folder)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.run([*pip, *requirements(which)], check=False).returncode:
        raise ToolError(f"pip could not install the {which} packages; see above")
    return python


def try_out(which: str, start: str = "") -> bool:
    """Run unit tests and notebooks with one set of packages; return whether all passed."""
    python = make(which)
    told = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True
    ).stdout
    names = {Requirement(line).name for line in requirements(which)}
    print(f"{which}:", *(x for x in told.split() if x.split("==")[0].lower() in names), flush=True)
    books = sorted((ROOT / "notebooks/en").glob(f"{start}*.ipynb"))
    words = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow"]
    words += [*NBVAL, *TESTS, *books]
    # warnings of packages that we do not choose are not ours to mend
    return subprocess.run([*words, "-W", "default"], cwd=ROOT, check=False).returncode == 0


def main(arguments: list[str] | None = None) -> int:
    """Try the sets asked for; return 1 if anything failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.maintenance.versions",
        description="Try the course with the oldest and the newest packages.",
    )
    parser.add_argument("which", nargs="*", default=SETS, help=" or ".join(SETS))
    parser.add_argument("--nb", default="", help="how the file name begins, as in 01")
    options = parser.parse_args(arguments)
    try:
        passed = {which: try_out(which, options.nb) for which in options.which}
    except ToolError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    for which, fine in passed.items():
        print(f"{which}: {'all passed' if fine else 'FAILED'}")
    return 0 if all(passed.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
