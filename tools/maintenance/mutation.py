"""Break the helpers in small ways, one at a time, and see whether a test notices: mutation testing.

    python -m tools.maintenance.mutation                         # every module but the checkers of exercises
    python -m tools.maintenance.mutation attention positions     # these

mutmut makes the mutants and runs the quick tests of the module on each, in a copy of the
repository. It is installed into `.venv-mutation`, which sees the packages of `.venv`. Lines that
hold nothing but text, such as a part of a message, are not mutated. A module that mutmut cannot
run is written with each mutant in place, and tested by pytest alone. Prints a table, and every
mutant that survived as a difference: a test is missing, or the change changes nothing.
"""

import argparse
import json
import os
import queue
import re
import shutil
import site
import subprocess
import sys
import tempfile
import textwrap
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tools.notebooks.files import ROOT, ToolError

MUTMUT = "mutmut==3.8.1"
SLOW = {  # tests that run much, or read the source, and say little of one function
    *("bench", "colab", "exercises", "garbage", "harness", "mutants", "notebooks", "rerun"),
    *("language", "layers", "runtime", "shapes", "site", "slides", "taught", "tools"),
    *("viewer_homes", "viewers"),
}
IN_SOURCE = {  # what these do with frames and clocks, mutmut's wrappers would disturb; their tests
    "guards": ("tests/exercises/test_sandbox.py", "tests/exercises/test_judge.py", "tests/exercises/test_garbage.py"),
}
CONFIG = """
[tool.mutmut]
source_paths = ["helpers"]
only_mutate = ["helpers/{module}.py"]
also_copy = {beside}
do_not_mutate_patterns = ['^\\s+f?"[^"]*",?$']
pytest_add_cli_args = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
pytest_add_cli_args_test_selection = {tests}
process_isolation = "forkserver"
"""
ALONE = {"OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1", "PYTHONDONTWRITEBYTECODE": "1"}
STUCK, PATIENCE = 12, 300  # seconds for one test and for one mutant, where pytest runs alone
TIMEOUT = 36  # mutmut's code for a mutant that takes too long
KILLED, LATE, SURVIVED = "killed", "too long", "survived"
FATES = {1: KILLED, 3: KILLED, **dict.fromkeys((TIMEOUT, 24, -24, 152, 255), LATE)}
FATES |= dict.fromkeys((0, 5, 33), SURVIVED)  # all tests passed, or none is there
FATES_SHOWN = (KILLED, LATE, SURVIVED, "no result")


class Tried(NamedTuple):
    """What became of the mutants of one module, and the differences of those that survived."""

    fates: dict[str, str]
    differences: list[str]

    def count(self, fate: str) -> int:
        """Return how many met this fate."""
        return list(self.fates.values()).count(fate)

    def score(self) -> str:
        """Return the share of mutants that a test noticed, of those that have a result."""
        noticed = self.count(KILLED) + self.count(LATE)
        return f"{noticed / known:.0%}" if (known := noticed + self.count(SURVIVED)) else "–"


def modules(asked: list[str]) -> list[str]:
    """Return the modules asked for, or all but the checkers of exercises."""
    known = sorted(path.stem for path in (ROOT / "helpers").glob("*.py") if path.stat().st_size)
    for name in asked:
        if name not in known:
            raise ToolError(f"helpers/{name}.py is not there; there are {', '.join(known)}")
    return asked or [name for name in known if not name.startswith("checks_")]


def tests_of(module: str) -> list[str]:
    """Return the quick test files that use a module, its own first.

    A module without a file of its own is tested by those of the modules that import it.
    """
    has_its_own = (ROOT / f"tests/test_{module}.py").exists()
    names = [module] if has_its_own else [module, *users_of(module)]
    own = [ROOT / f"tests/test_{name}.py" for name in names]
    any_of = "|".join(names)
    uses = re.compile(rf"^from helpers(\.| import .*\b)({any_of})\b", re.MULTILINE)
    others = [
        path
        for path in sorted((ROOT / "tests").glob("test_*.py"))
        if path.stem[5:] not in SLOW and uses.search(path.read_text(encoding="utf-8"))
    ]
    return [f"tests/{path.name}" for path in dict.fromkeys([*own, *others]) if path.exists()]


def users_of(module: str) -> list[str]:
    """Return the modules that import a module, but for the checkers of exercises."""
    uses = re.compile(rf"^from helpers(\.| import .*\b){module}\b", re.MULTILINE)
    return [
        name
        for name in modules([])
        if uses.search((ROOT / f"helpers/{name}.py").read_text(encoding="utf-8"))
    ]


def environment() -> Path:
    """Make the environment with mutmut in it, if need be, and return its Python."""
    folder = ROOT / ".venv-mutation"
    python = folder / "bin/python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        (packages,) = folder.glob("lib/python*/site-packages")
        (packages / "course.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", MUTMUT]
    if subprocess.run(pip, check=False).returncode:
        raise ToolError(f"pip could not install {MUTMUT}; see above")
    return python


def fates(meta: dict[str, int | None]) -> dict[str, str]:
    """Return each mutant's fate by its exit code, as mutmut counts them; a crash counts as none."""
    return {mutant: FATES.get(code, "no result") for mutant, code in meta.items()}


def attempt(module: str, python: Path) -> Tried:
    """Run the mutants of one module in a copy of the repository."""
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place)
        for file in filter(os.path.isfile, tracked):
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, copy / file)
        beside = sorted({file.split("/")[0] for file in tracked} - {"helpers", "tests"})
        config = CONFIG.format(module=module, beside=beside, tests=tests_of(module))
        with (copy / "pyproject.toml").open("a", encoding="utf-8") as project:
            project.write(config)
        if module in IN_SOURCE:
            return attempt_in_source(module, python, copy)
        log = mutmut(copy, python, "run", "--max-children", str(os.cpu_count()))
        codes = codes_of(module, copy)
        if not any(code is not None for code in codes.values()):
            told = log.stdout[-3000:] + log.stderr
            raise ToolError(f"mutmut tried no mutant of {module}:\n{told}")
        found = fates(codes)
        survived = [mutant for mutant, fate in found.items() if fate == SURVIVED]
        return Tried(found, [mutmut(copy, python, "show", mutant).stdout for mutant in survived])


def mutmut(copy: Path, python: Path, *asked: str) -> subprocess.CompletedProcess:
    """Run mutmut in a copy of the repository, one thread in each of its processes."""
    command, env = [python, "-m", "mutmut", *asked], os.environ | ALONE
    return subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)


def codes_of(module: str, copy: Path) -> dict[str, int | None]:
    """Return the exit code that mutmut noted for each mutant; None if it was not tried."""
    meta = copy / f"mutants/helpers/{module}.py.meta"
    return json.loads(meta.read_text("utf-8"))["exit_code_by_key"] if meta.exists() else {}


def attempt_in_source(module: str, python: Path, copy: Path) -> Tried:
    """Write each mutant of a module into a copy of the repository, and run the tests there."""
    mutmut(copy, python, "run", "none*")  # makes the mutants, and runs none of them
    mutants = codes_of(module, copy)
    differences = {mutant: mutmut(copy, python, "show", mutant).stdout for mutant in mutants}
    if not differences:
        raise ToolError(f"mutmut made no mutant of {module}")
    shutil.rmtree(copy / "mutants")
    copies = queue.SimpleQueue()
    for i in range(os.cpu_count()):
        shutil.copytree(copy, copy / f"copies/{i}", ignore=shutil.ignore_patterns("copies"))
        copies.put(copy / f"copies/{i}")
    source = (copy / f"helpers/{module}.py").read_text(encoding="utf-8")
    pytest = ["-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    pytest += ["-o", f"faulthandler_timeout={STUCK}", "-o", "faulthandler_exit_on_timeout=true"]

    def code(difference: str) -> int:
        place = copies.get()
        try:
            mutant = mutated(source, difference)
            (place / f"helpers/{module}.py").write_text(mutant, encoding="utf-8")
            command, env = [python, *pytest, *IN_SOURCE[module]], os.environ | ALONE
            run = subprocess.run(command, cwd=place, env=env, capture_output=True, timeout=PATIENCE)
            return int(run.returncode != 0)  # a signal that nobody caught is noticed, too
        except subprocess.TimeoutExpired:
            return TIMEOUT
        finally:
            copies.put(place)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        codes = pool.map(code, differences.values())
        found = fates(dict(zip(differences, codes, strict=True)))
    return Tried(found, [differences[m] for m, fate in found.items() if fate == SURVIVED])


def mutated(source: str, difference: str) -> str:
    """Return a source with a difference put into it, whose lines may be those of a method."""
    lines = difference.split("\n@@", 1)[1].splitlines()[1:]
    for indent in ("", "    "):
        was, now = (
            textwrap.indent("\n".join(x[1:] for x in lines if x[:1] != sign), indent)
            for sign in "+-"
        )
        if source.count(was) == 1:
            return source.replace(was, now)
    raise ToolError(f"no place, or more than one, for this mutant:\n{difference}")


def shown(difference: str) -> str:
    """Return the lines of a difference that were taken out and put in."""
    lines = difference.splitlines()
    return "\n".join(x for x in lines if x[:1] in "+-" and x[:3] not in ("+++", "---"))


def main(arguments: list[str] | None = None) -> int:
    """Try the modules asked for; return 1 if one could not be tried."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.maintenance.mutation", description="See whether the tests notice a mutant."
    )
    parser.add_argument("modules", nargs="*", help="of helpers/, as in attention")
    options = parser.parse_args(arguments)
    try:
        wanted = modules(options.modules)
        python = environment()
        heads = ("mutants", *FATES_SHOWN, "score")
        print(f"{'module':16}", *(f"{head:>9}" for head in heads), flush=True)
        for name in wanted:
            tried = attempt(name, python)
            counts = (len(tried.fates), *map(tried.count, FATES_SHOWN), tried.score())
            print(f"{name:16}", *(f"{count:>9}" for count in counts), flush=True)
            for difference in tried.differences:
                print(f"  helpers/{name}.py\n{shown(difference)}", flush=True)
    except ToolError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
