"""course.py makes an environment, runs commands in it, and says in one sentence what is wrong.

Processes are real, in a copy of the launcher whose path has a space and Hangul. In slow tests venv
and pip are real, too. The packages are made up, and write down how they were called.
"""

import ast
import importlib.util
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import venv
import zipfile
from pathlib import Path

import pytest

from tools import environment, launch
from tools.notebooks.notebook_files import ROOT

MAKE = shutil.which("make")
POSIX = os.name == "posix"
NOTED = """
import json, os, sys, time
def note(name):
    try:
        with open("calls", "a", encoding="utf-8") as file:
            called = {"words": [name, *sys.argv[1:]], "variables": dict(os.environ)}
            file.write(json.dumps(called | {"path": sys.path}) + "\\n")
        time.sleep(float(os.environ.get("LASTS", 0)))
    except KeyboardInterrupt:
        sys.exit(5)
    return int(os.environ.get("STATUS", 0))
"""
PACKAGES = {
    f"{name}/__main__.py": f"import sys, noted; sys.exit(noted.note({name!r}))"
    for name in ("ruff", "pytest", "jupyterlab")
} | {"noted.py": NOTED}


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def wheel(folder, files):
    """Write a wheel, made-up 1.0, that holds these files."""
    files, info = dict(files), "made_up-1.0.dist-info"
    files[f"{info}/METADATA"] = "Metadata-Version: 2.1\nName: made-up\nVersion: 1.0\n"
    files[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in files)
    folder.mkdir()
    with zipfile.ZipFile(folder / "made_up-1.0-py3-none-any.whl", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)


class Copy:
    """A copy of the launcher: `root` is its folder; `run` runs course.py in it."""

    def __init__(self, folder):
        self.root, wheels, nowhere = folder / "강의 1", folder / "wheels", folder / "nowhere"
        for name in ("course.py", "tools/__init__.py", "tools/environment.py", "tools/launch.py"):
            write(self.root / name, (ROOT / name).read_text(encoding="utf-8"))
        write(self.root / "pyproject.toml", "[tool]\n")
        write(self.root / "requirements.txt", "made-up==1.0\n")
        for edition in ("en", "ko"):
            write(self.root / f"notebooks/{edition}/00_first.ipynb", "")
        wheel(wheels, PACKAGES)
        nowhere.mkdir()
        self.variables = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PIP_", "COURSE_", "PYTHON"))
        } | {
            "PATH": str(nowhere),
            "LC_ALL": "C",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": wheels.as_uri(),
        }

    def start(self, *words, **variables):
        (self.root / "calls").unlink(missing_ok=True)
        return subprocess.Popen(
            [sys.executable, str(self.root / "course.py"), *words],
            cwd=self.root.parent,
            env=self.variables | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    def run(self, *words, **variables):
        """Run a command; return its exit status, what it said on both streams, and the calls."""
        process = self.start(*words, **variables)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err, self.calls()

    def calls(self):
        file = self.root / "calls"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A copy that has no environment yet."""
    return Copy(tmp_path_factory.mktemp("fresh"))


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy whose environment is in step."""
    copy = Copy(tmp_path_factory.mktemp("made"))
    venv.create(copy.root / ".venv")
    python = environment.python_of(copy.root / ".venv")
    ask = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(ask, capture_output=True, encoding="utf-8", check=True).stdout.strip()
    for name, text in PACKAGES.items():
        write(Path(packages) / name, text)
    shutil.copy(copy.root / "requirements.txt", copy.root / ".venv/installed.txt")
    return copy


def told(text):
    """Return what was said, which must be one line."""
    assert text.count("\n") == 1, text
    return text.strip()


# --- the environment ---


@pytest.mark.slow
def test_the_lock_is_installed_once_and_again_when_it_changes(fresh):
    venv.create(fresh.root / ".venv")  # without pip, as if it had been interrupted
    code, out, err, calls = fresh.run("lab")
    assert (code, err, calls[0]["words"][0]) == (0, "", "jupyterlab")
    assert [line.split()[0] for line in out.splitlines()] == ["Making", "Installing", "JupyterLab"]
    assert fresh.run("lint")[:3] == (0, "", "")
    write(fresh.root / "requirements.txt", "# newer\nmade-up==1.0\n")
    code, out, err, _ = fresh.run("lint")
    assert (code, out[:10], err) == (0, "Installing", "")
    assert fresh.run("lint")[:3] == (0, "", "")
    settings = fresh.root / ".venv/share/jupyter/lab/settings/overrides.json"
    (values,) = json.loads(settings.read_text(encoding="utf-8")).values()
    assert values == {"fetchNews": "false", "checkForUpdates": False}


@pytest.mark.slow
def test_a_failed_install_is_tried_again(fresh):
    good = (fresh.root / "requirements.txt").read_text(encoding="utf-8")
    write(fresh.root / "requirements.txt", "made-up==2.0\n")
    for _ in range(2):
        code, _, err, calls = fresh.run("lint")
        assert (code, calls) == (1, [])
        assert told(err).startswith("pip found no made-up==2.0 for this computer and Python 3.")
    closed = {"PIP_NO_INDEX": "0", "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "1"}
    code, _, err, calls = fresh.run("lint", **closed)
    assert (code, calls) == (1, [])
    assert told(err).startswith("pip could not reach the package index: connect to the internet")
    write(fresh.root / "requirements.txt", good)
    code, out, err, _ = fresh.run("lint")  # the stamp of what was there before must have gone
    assert (code, out[:10], err) == (0, "Installing", "")


@pytest.mark.parametrize(
    ("told", "usable"),
    [
        ("home = {home}\nversion = 3.11.7\n", True),
        ("home = {home}\nversion_info = 3.14.0.final.0\n", True),
        ("home = {home}\nversion = 3.10.13\n", False),
        ("home = {home}/gone\nversion = 3.12.1\n", False),
        ("", False),
    ],
)
def test_an_environment_is_used_if_its_python_is_new_enough_and_there(tmp_path, told, usable):
    assert not environment.is_usable(tmp_path)
    write(tmp_path / "pyvenv.cfg", told.format(home=tmp_path))
    assert not environment.is_usable(tmp_path)
    write(environment.python_of(tmp_path), "")
    assert environment.is_usable(tmp_path) == usable


def test_progress_counts_the_packages_of_the_lock(capsys):
    show = environment.progress(3)
    for line in [
        "Collecting anyio==4.16.0 (from -r requirements.txt (line 4))",
        "  Downloading anyio-4.16.0-py3-none-any.whl (107 kB)",
        "Requirement already satisfied: idna==3.20 in ./.venv (from -r requirements.txt (line 9))",
        "Requirement already satisfied: idna>=2.8 in ./.venv (from anyio==4.16.0)",
        "Processing /opt/torch-2.13.0.whl (from -r requirements.txt (line 20))",
        "Installing collected packages: torch, anyio",
    ]:
        show(line)
    shown = [line.strip() for line in capsys.readouterr().out.split("\r")]
    assert shown[1:4] == ["1 of 3: anyio==4.16.0", "2 of 3: idna==3.20", "3 of 3: torch-2.13.0.whl"]
    assert shown[4].startswith("all are there")


def test_nothing_of_the_users_own_reaches_a_command(copy):
    own = {"PYTHONWARNINGS": "error"}
    for name in ("PYTHONPATH", "PYTHONSAFEPATH", "PYTEST_ADDOPTS", "JUPYTER_PATH", "MPLBACKEND"):
        own[name] = str(copy.root.parent)
    _, _, err, (first, _) = copy.run("lint", **own, COURSE_SEED="3", COURSE_EDITION="ko")
    assert err == ""
    found, home = first["variables"], copy.root / ".venv/home"
    assert not found.keys() & {*own, "COURSE_SEED"}
    assert (found["PYTHONUTF8"], found["TQDM_DISABLE"], found["COURSE_EDITION"]) == ("1", "1", "ko")
    kept = [found[f"JUPYTER_{x}_DIR"] for x in ("CONFIG", "DATA", "RUNTIME")]
    kept += [found["IPYTHONDIR"], found["MPLCONFIGDIR"]]
    assert {Path(folder).parent for folder in kept} == {home}
    assert str(copy.root.parent) not in first["path"]
    _, _, _, (called,) = copy.run("lab", COURSE_SEED="3")
    assert called["variables"]["COURSE_SEED"] == "3"


# --- commands ---

RUFF, PYTEST = ["-m", "ruff"], ["-m", "pytest"]
LINT = [
    [*RUFF, "check", "--quiet", "."],
    [*RUFF, "format", "--check", "--quiet", "."],
    ["-c", launch.CONTRACTS],
]
ALL = [*PYTEST, "tests", "notebooks", *launch.NBVAL]
COLAB, RERUN = "tests/notebooks/test_colab.py", "tests/notebooks/test_rerun.py"
RUN = [  # what is typed, the same for make, what is run, and with which variables
    (
        "check --jobs 3",
        "check JOBS=3",
        [*LINT, [*PYTEST, "tests", "-m", "not slow", "-n", "3"]],
        {},
    ),
    ("test", "test", [*LINT, ALL], {}),
    (
        "test --jobs 2 --strict",
        "test JOBS=2 STRICT=1",
        [*LINT, [*ALL, "--no-skips", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]],
        {"COURSE_FULL": "1"},
    ),
    ("test-colab", "test-colab", [[*PYTEST, COLAB]], {"COURSE_FULL": "1"}),
    ("test-rerun 01", "test-rerun NB=01", [[*PYTEST, RERUN, "-k", "en/01"]], {"COURSE_RERUN": "1"}),
    ("lint", "lint", LINT, {}),
    ("format", "format", [[*RUFF, "check", "--quiet", "--fix", "."], [*RUFF, "format", "."]], {}),
    ("figures", "figures", [["images/draw.py"]], {}),
    (
        "handout 01 --edition ko",
        "handout NB=01 EDITION=ko",
        [["-m", "tools.publish.slides", "--handout", "01", "--edition", "ko"]],
        {},
    ),
]
RUN += [
    (words, make, [["-m", module, *words.split()[1:]]], {})
    for words, make, module in [
        ("test-versions --nb 01", "test-versions NB=01", "tools.maintenance.versions"),
        ("mutants attention", "mutants ONLY=attention", "tools.maintenance.mutation"),
        ("notebooks 01", "notebooks NB=01", "tools.notebooks.execute"),
        ("sync", "sync", "tools.notebooks.sync"),
        ("slides 01 --edition ko", "slides NB=01 EDITION=ko", "tools.publish.slides"),
        ("seeds --seeds 0 1 --nb 01", "seeds NB=01 'SEEDS=0 1'", "tools.notebooks.seeds"),
        ("runs budget", "runs ONLY=budget", "tools.notebooks.runs"),
        ("controls 01", "controls NB=01", "tools.notebooks.controls"),
        ("bench --only attention", "bench ONLY=attention", "tools.maintenance.bench"),
        ("bench --notebook 04", "bench NB=04", "tools.maintenance.bench"),
        ("site", "site", "tools.publish.site"),
        ("readme", "readme", "tools.publish.readme"),
        ("messages", "messages", "tools.maintenance.messages"),
        ("links --repo me/it --tag v1", "links REPO=me/it TAG=v1", "tools.publish.colab_links"),
        ("lock --upgrade", "lock UPGRADE=--upgrade", "tools.maintenance.lock"),
    ]
]


class Recorder(launch.Course):
    """A course that writes down what it would run."""

    def __init__(self, status=0, here=True):
        super().__init__("", here)
        self.words, self.given, self.status = [], {}, status

    def run(self, *words, **variables):
        self.words.append([str(word) for word in words])
        self.given |= variables
        return self.status


@pytest.mark.parametrize(("words", "make", "calls", "variables"), RUN, ids=[x[0] for x in RUN])
def test_a_command_runs_what_it_says(words, make, calls, variables):
    course = Recorder()
    name, *given = words.split()
    assert launch.COMMANDS[name].run(course, given) == 0
    assert (course.words, course.given) == (calls, variables)
    for first, second, *_ in (call + [""] for call in calls):
        if first == "-m":
            assert importlib.util.find_spec(second), f"there is no module {second}"
    files = [word for call in calls for word in call if word.endswith(".py")]
    assert all((ROOT / file).is_file() for file in files), files


@pytest.mark.skipif(not MAKE, reason="make is missing, as on Windows, where course.py serves")
def test_make_has_short_names_for_all_commands():
    for words, make, *_ in RUN:
        command = [MAKE, "--no-print-directory", "-n", *shlex.split(make), "PYTHON=a b/python"]
        # `make test JOBS=2` hands its variables on to every make below it, this one too
        shown = subprocess.run(
            command,
            cwd=ROOT,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert shlex.split(shown) == ["a b/python", "course.py", *words.split()], make
    rules = re.findall(
        r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert rules == ["help", *launch.COMMANDS]


def test_a_command_stops_where_a_step_fails(copy):
    for name, steps in {"lint": 1, "check": 1, "test": 1, "figures": 1}.items():
        course = Recorder(status=3)
        assert launch.COMMANDS[name].run(course, []) == 3
        assert len(course.words) == steps
    code, _, err, calls = copy.run("check", STATUS="3")
    assert (code, err, len(calls)) == (3, "", 1)


def test_the_editions_first_notebook_opens_in_jupyterlab(copy):
    code, out, err, (called,) = copy.run("lab", "--edition", "ko", "--", "--no-browser")
    assert (code, err) == (0, "")
    name, *words, last = called["words"]
    assert (name, last) == ("jupyterlab", "--no-browser")
    assert f"--ServerApp.root_dir={copy.root}" in words
    assert "-y" in words  # or JupyterLab asks before it stops
    assert "--LabApp.default_url=/lab/tree/notebooks/ko/00_first.ipynb" in words
    assert "Control-C" in out.splitlines()[-1]


@pytest.mark.skipif(not POSIX, reason="no Control-C can be sent to one group of processes")
def test_control_c_ends_a_command_quietly(copy):
    process = copy.start("lab", LASTS="60")
    while not (copy.root / "calls").exists() and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (5, "")  # as the command itself ends


def test_control_c_while_the_environment_is_made_is_quiet_too(monkeypatch, capsys):
    def interrupted(folder, lock):
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "prepare", interrupted)
    assert launch.main(["figures"]) == 130
    assert capsys.readouterr() == ("", "")


def test_here_runs_with_the_present_python_and_makes_no_environment(copy, monkeypatch):
    monkeypatch.setattr(launch, "ROOT", copy.root)
    monkeypatch.setattr(environment, "prepare", None)
    course = launch.Course("lint", here=True)
    assert (str(course.python), course.folder) == (sys.executable, copy.root / ".venv-here")
    monkeypatch.setattr(launch, "NEEDED_HERE", ("torch", "no_such_package"))
    with pytest.raises(environment.SetupError, match="lacks no_such_package: activate"):
        _ = launch.Course("lint", here=True).python


def test_site_installs_its_own_lock_once(tmp_path, monkeypatch):
    def install(folder, lock, stamp):
        installed.append(lock.name)
        write(stamp, "sphinx==9.0\n")

    installed = []
    monkeypatch.setattr(launch, "ROOT", tmp_path)
    monkeypatch.setattr(launch, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "prepare", lambda folder, lock: None)
    monkeypatch.setattr(environment, "install", install)
    write(tmp_path / "requirements-site.txt", "sphinx==9.0\n")
    for _ in range(2):
        assert launch.site(Recorder(here=False), []) == 0
    assert installed == ["requirements-site.txt"]


def test_clean_removes_what_commands_made(tmp_path, monkeypatch):
    kept = ["helpers/a.py", ".git/__pycache__/a", "notebooks/en/00.ipynb"]
    made = [".venv/a", ".venv-colab/a", "site/a", "helpers/__pycache__/a", "a/.ipynb_checkpoints/a"]
    for name in kept + made:
        write(tmp_path / name, "")
    monkeypatch.setattr(launch, "ROOT", tmp_path)
    assert launch.main(["clean"]) == 0
    left = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(left) == sorted(kept)


# --- what is said when something is wrong ---


def test_the_list_has_a_line_for_each_command_in_ascii():
    shown = launch.listed()
    assert shown.isascii()
    assert [line.split()[0] for line in shown.splitlines()[2:]] == list(launch.COMMANDS)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("tests", "course.py: 'tests' is no command; there are lab, check, test"),
        ("lab --edition fr", "course.py lab: argument --edition: invalid choice: 'fr'"),
        ("check fast", "course.py check: unrecognized arguments: fast"),
        ("test --jobs two", "course.py test: argument --jobs: invalid int value: 'two'"),
    ],
)
def test_what_is_not_known_is_said_before_anything_is_made(words, sentence, monkeypatch, capsys):
    monkeypatch.setattr(environment, "prepare", None)
    assert launch.main(words.split()) == 2
    assert told(capsys.readouterr().err).startswith(sentence)


def test_course_py_parses_on_old_pythons():
    tree = ast.parse((ROOT / "course.py").read_text(encoding="utf-8"), feature_version=(3, 4))
    new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Starred, ast.Nonlocal, ast.Match)
    for node in ast.walk(tree):
        assert not isinstance(node, new), ast.unparse(node)
        if isinstance(node, ast.FunctionDef):
            assert not (node.returns or node.args.kwonlyargs)
            assert not any(each.annotation for each in node.args.args)


@pytest.mark.parametrize("there", [True, False], ids=["a newer one is there", "none is"])
def test_an_old_python_says_which_is_needed_and_what_to_do(copy, tmp_path, there):
    advice = "install one"
    write(tmp_path / "python3.14", "")
    (tmp_path / "python3.14").chmod(0o755)  # a stand-in, which does not run
    if there and POSIX:
        (tmp_path / "python3.13").symlink_to(sys.executable)
        advice = "run python3.13 course.py, or make PYTHON=python3.13."
    pretend = "import runpy, sys; sys.version_info = (3, 9, 6, 'final', 0); "
    pretend += "runpy.run_path('course.py', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", pretend],
        cwd=copy.root,
        env=copy.variables | {"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    said = told(done.stderr)
    needed = "Python 3.11 or newer is needed, but this is Python 3.9"
    assert done.returncode == 1
    assert said.startswith(f"{needed} ({sys.executable}): {advice}")


FAILED = "ERROR: Could not install packages due to an OSError: "
NO_ROOM = f"{FAILED}[Errno 28] No space left on device\n"
IN_USE = f"{FAILED}[WinError 5] Access is denied: 'C:\\course\\.venv\\python.exe'\n"
LONG = f"{FAILED}[Errno 2] No such file or directory: 'C:\\course\\a'\nHINT: This error might "
LONG += "have occurred since this system does not have Windows Long Path support enabled.\n"
NO_NETWORK = """WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, \
status=None)) after connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.\
HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno 111] Connection \
refused')': /simple/anyio/
ERROR: Could not find a version that satisfies the requirement anyio==4.16.0 (from versions: none)
ERROR: No matching distribution found for anyio==4.16.0
"""
CUT_OFF = "ReadTimeoutError: HTTPSConnectionPool(host='files', port=443): Read timed out.\n"
NO_WHEEL = "ERROR: No matching distribution found for torch==2.13.0\n"
READ_ONLY = "Error: [Errno 30] Read-only file system: '/course/.venv'\n"
NOT_MINE = "Error: [Errno 13] Permission denied: '/course/.venv'\n"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (NO_ROOM, "The disk is full ("),
        (NO_NETWORK, "pip could not reach the package index: connect"),
        (CUT_OFF, "pip could not reach the package index: connect"),
        (NO_WHEEL, "pip found no torch==2.13.0 for this computer and Python 3."),
        (IN_USE, "Windows does not let files in "),
        (LONG, "The path "),
        (READ_ONLY, "Nothing can be written to "),
        (NOT_MINE, "Nothing can be written to "),
    ],
)
def test_a_known_cause_is_told_in_one_sentence(said, sentence):
    found = environment.explain(f"Collecting anyio==4.16.0\n{said}", "pip failed")
    assert found.startswith(sentence)
    assert "\n" not in found
    assert found.endswith(".")


def test_an_unknown_cause_is_told_in_its_own_words():
    assert environment.explain("a\nb\n", "pip failed").splitlines() == [
        "a",
        "b",
        "pip failed: see above, mend it, then run the command again.",
    ]


def test_a_python_without_venv_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    package = "python{}.{}-venv".format(*sys.version_info)
    with pytest.raises(environment.SetupError, match=f"lacks the module ensurepip: .*{package}"):
        environment.create(tmp_path / ".venv")
    assert not (tmp_path / ".venv").exists()


def test_a_file_in_the_place_of_the_environment_is_left_alone(tmp_path):
    write(tmp_path / ".venv", "mine")
    with pytest.raises(environment.SetupError, match="is a file, and a folder of that name"):
        environment.create(tmp_path / ".venv")
    assert (tmp_path / ".venv").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_written_to_is_told_of(tmp_path, monkeypatch, capsys):
    def refuse(**options):
        raise PermissionError(13, "Permission denied", "/course")

    monkeypatch.setattr(launch, "ROOT", tmp_path)
    monkeypatch.setattr(launch.tempfile, "TemporaryFile", refuse)
    assert launch.main(["--here", "figures"]) == 1
    assert told(capsys.readouterr().err).startswith("Nothing can be written to ")
