"""Mutation testing: break the helpers in small ways, one at a time, and see whether a test fails.

    python -m tools.maintenance.mutation                           # all but exercises' checkers
    python -m tools.maintenance.mutation attention figures.charts  # these modules of helpers/

mutmut makes the mutants and runs the tests that import the module on each, in a copy of the
repository. It is installed into `.venv-mutation`, which sees the packages of `.venv`; it does not
run on Windows. It leaves functions with a decorator alone, and, as told here, lines that hold
nothing but text, such as a part of a message. Prints a table, and as a difference every mutant that
survived: a test is missing, or the change changes nothing.
"""

import argparse
import ast
import functools
import json
import os
import shutil
import site
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import NamedTuple

from tools.environment import python_of
from tools.notebooks.notebook_files import ROOT, ToolError

MUTMUT = "mutmut==3.8.1"
HELPERS = ROOT / "helpers"
TESTS = ROOT / "tests"
FAMILIES = ("helpers", "figures", "views", "exercises")
LEFT_OUT = {  # tests that read the source of helpers, start processes, or open a browser
    *("test_exercises", "test_fonts", "test_images", "test_messages", "test_mutants"),
    *("test_runtime", "test_shapes", "test_browser"),
}
CONFIG = """
[tool.mutmut]
source_paths = ["helpers"]
only_mutate = ["{file}"]
also_copy = {beside}
do_not_mutate_patterns = ['^\\s+f?"[^"]*",?$']
pytest_add_cli_args = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
pytest_add_cli_args_test_selection = {tests}
process_isolation = "forkserver"
"""
ALONE = {"OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1", "PYTHONDONTWRITEBYTECODE": "1"}
KILLED, LATE, SURVIVED, UNKNOWN = FATES = ("killed", "too long", "survived", "no result")
FATE_OF_CODE = {  # exit codes that mutmut notes; a crash is no result
    **dict.fromkeys((1, 3), KILLED),
    **dict.fromkeys((24, -24, 36, 152, 255), LATE),
    **dict.fromkeys((0, 5, 33), SURVIVED),  # all tests passed, or none is there
}


class Tried(NamedTuple):
    """What became of the mutants of one module, and the differences of those that survived."""

    fates: list[str]
    differences: list[str]

    def score(self) -> str:
        """Return the share of mutants that a test noticed, of those that have a result."""
        noticed = self.fates.count(KILLED) + self.fates.count(LATE)
        known = noticed + self.fates.count(SURVIVED)
        return f"{noticed / known:.0%}" if known else "–"


def modules() -> dict[str, Path]:
    """Return the file of each module of helpers/ by its dotted name, as in figures.charts."""
    files = sorted(path for path in HELPERS.rglob("*.py") if path.name != "__init__.py")
    return {".".join(path.relative_to(HELPERS).with_suffix("").parts): path for path in files}


def chosen(asked: list[str]) -> list[str]:
    """Return the modules asked for, or all but the checkers of exercises."""
    known = modules()
    for name in asked:
        if name not in known:
            raise ToolError(f"helpers/ has no module {name}; there are {', '.join(known)}")
    return asked or [name for name in known if not name.startswith("exercises.nb")]


@functools.cache
def imports(path: Path) -> set[str]:
    """Return the modules of helpers/ that a file imports, by their dotted names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name.removeprefix("helpers.") for name in found if name.startswith("helpers.")}


def tests_of(module: str) -> list[str]:
    """Return the test files that import a module.

    A module without a test file of its own, such as `require`, is tested with those that import it,
    and one that no test imports by all tests of its family.
    """
    own, known = f"test_{module.rpartition('.')[2]}", modules()
    files = [path for family in FAMILIES for path in sorted((TESTS / family).glob("test_*.py"))]
    wanted = {module}
    if own not in {path.stem for path in files}:
        wanted |= {name for name in chosen([]) if module in imports(known[name])}
    kept = [path for path in files if path.stem == own or path.stem not in LEFT_OUT]
    found = [path for path in kept if wanted & imports(path)]
    found = found or [path for path in files if path.parent.name == module.partition(".")[0]]
    return [path.relative_to(ROOT).as_posix() for path in found]


def environment() -> Path:
    """Make the environment with mutmut in it, if need be, and return its Python."""
    if os.name == "nt":
        raise ToolError("mutmut does not run on Windows; use Linux, macOS or WSL")
    folder = ROOT / ".venv-mutation"
    python = python_of(folder)
    if not python.exists():
        venv.create(folder, with_pip=True)
        (packages,) = folder.glob("lib/python*/site-packages")
        (packages / "course.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", MUTMUT]
    if subprocess.run(pip, check=False).returncode:
        raise ToolError(f"pip could not install {MUTMUT}; see above")
    return python


def attempt(module: str, python: Path) -> Tried:
    """Run the mutants of one module in a copy of the repository."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    files = [file for file in listed.stdout.split("\0") if (ROOT / file).is_file()]
    mutated = modules()[module].relative_to(ROOT).as_posix()
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place)
        for file in files:
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, copy / file)
        beside = sorted({file.split("/")[0] for file in files} - {"helpers", "tests"})
        config = CONFIG.format(file=mutated, beside=beside, tests=tests_of(module))
        with (copy / "pyproject.toml").open("a", encoding="utf-8") as project:
            project.write(config)
        log = mutmut(copy, python, "run", "--max-children", str(os.cpu_count()))
        noted = copy / "mutants" / f"{mutated}.meta"
        codes = json.loads(noted.read_text("utf-8"))["exit_code_by_key"] if noted.exists() else {}
        if not any(code is not None for code in codes.values()):
            told = log.stdout[-3000:] + log.stderr
            raise ToolError(f"mutmut tried no mutant of {module}:\n{told}")
        fates = {mutant: FATE_OF_CODE.get(code, UNKNOWN) for mutant, code in codes.items()}
        survived = [mutant for mutant, fate in fates.items() if fate == SURVIVED]
        differences = [mutmut(copy, python, "show", mutant).stdout for mutant in survived]
        return Tried(list(fates.values()), differences)


def mutmut(copy: Path, python: Path, *asked: str) -> subprocess.CompletedProcess:
    """Run mutmut in a copy of the repository, one thread in each of its processes."""
    command, env = [python, "-m", "mutmut", *asked], os.environ | ALONE
    return subprocess.run(
        command, cwd=copy, env=env, capture_output=True, encoding="utf-8", check=False
    )


def changed_lines(difference: str) -> str:
    """Return the lines of a difference that were taken out and put in."""
    lines = difference.splitlines()
    return "\n".join(x for x in lines if x[:1] in "+-" and x[:3] not in ("+++", "---"))


def main(arguments: list[str] | None = None) -> int:
    """Try the modules asked for; return 1 if one could not be tried."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.maintenance.mutation",
        description="See whether the tests notice a mutant.",
    )
    parser.add_argument("modules", nargs="*", help="of helpers/, as in attention figures.charts")
    options = parser.parse_args(arguments)
    try:
        wanted, python = chosen(options.modules), environment()
        heads = ("mutants", *FATES, "score")
        print(f"{'module':20}", *(f"{head:>9}" for head in heads), flush=True)
        for name in wanted:
            tried = attempt(name, python)
            counts = (len(tried.fates), *map(tried.fates.count, FATES), tried.score())
            print(f"{name:20}", *(f"{count:>9}" for count in counts), flush=True)
            for difference in tried.differences:
                print(f"  helpers.{name}\n{changed_lines(difference)}", flush=True)
    except ToolError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
