"""Make a virtual environment and install a lock into it, with clear sentences where that fails.

`prepare` makes `.venv`, or brings it in step with requirements.txt; where nothing is to be done it
takes milliseconds. Standard library only, since nothing else is installed yet. What is printed is
ASCII, since not every console shows more.

Run on Linux with Python 3.11, and with a short lock on 3.12 and 3.13. Written for Windows and
macOS, and never run there.
"""

import filecmp
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

NEEDED = (3, 11)
DROPPED = (  # of the user's own settings, what would change the course
    *("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHONSAFEPATH"),
    *("PYTEST_ADDOPTS", "JUPYTER_PATH", "MPLBACKEND", "MATPLOTLIBRC"),
)
NO_NEWS = {  # JupyterLab neither asks about news nor looks for updates
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    }
}
PIP_TAKES = re.compile(r"(?:Collecting|Requirement already satisfied:) (\S+==\S+)|Processing (\S+)")
AGAIN = "then run the command again"
CAUSES = (  # what pip, venv or the system say, and the sentence for it; the first that fits is said
    (
        r"Errno (?:28|122)\b|WinError (?:39|112)\b|No space left",
        "The disk is full ({free} are free beside the course, {temporary} in {temp}), and .venv "
        f"takes 2 GB, with PyTorch's CUDA build several more: make room, {AGAIN}.",
    ),
    (
        r"Windows Long Path",
        "The path {root} is too long for Windows: move the course to a shorter one, such as "
        f"C:\\course, {AGAIN}.",
    ),
    (
        r"WinError (?:5|32)\b|Errno 13\b.*\w:\\",
        "Windows does not let files in {root} be changed: close JupyterLab and what else uses "
        f"them, or, if the folder is read-only, copy the course to one of your own; {AGAIN}.",
    ),
    (
        r"Errno (?:1|13|30)\b|Permission denied|Read-only file system",
        "Nothing can be written to {root}, which is read-only for you: copy the course to a folder "
        f"of your own, {AGAIN} there.",
    ),
    (
        r"ConnectionError|NameResolutionError|Timeout(?:Error)?\b|ProxyError|SSLError|"
        r"ConnectionReset|ProtocolError|Network is unreachable|connection-",
        "pip could not reach the package index: connect to the internet (behind a proxy, set "
        f"HTTPS_PROXY), {AGAIN}; what was downloaded is kept.",
    ),
    (
        r"No matching distribution found for (?P<package>[\w.=-]+)",
        "pip found no {package} for this computer and Python {python}: check the internet "
        "connection, run course.py by a 64-bit Python 3.11 to 3.14, or take conda, as README says.",
    ),
)


class SetupError(Exception):
    """What keeps the environment from being made, and what to do, in one sentence."""


def prepare(folder: Path, lock: Path) -> None:
    """Make the environment `folder`, or bring it in step with `lock`.

    Its installed.txt is a copy of the lock that was installed. It is written last, so that an
    install that failed is tried again.

    Raises:
        SetupError: if that fails.
    """
    stamp = folder / "installed.txt"
    if is_usable(folder) and is_installed(lock, stamp):
        return
    if not is_usable(folder) or run([python_of(folder), "-m", "pip", "--version"], folder)[0]:
        create(folder)
    install(folder, lock, stamp)


def python_of(folder: Path) -> Path:
    """Return the Python of an environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_usable(folder: Path) -> bool:
    """Return whether an environment has a Python that is new enough and still installed."""
    try:
        told = (folder / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    version = re.search(r"^version(?:_info)? *= *(\d+)\.(\d+)", told, re.MULTILINE)
    home = re.search(r"^home *= *(.*?) *$", told, re.MULTILINE)
    return (
        python_of(folder).exists()
        and bool(version and (int(version[1]), int(version[2])) >= NEEDED)
        and bool(home and Path(home[1]).is_dir())
    )


def is_installed(lock: Path, stamp: Path) -> bool:
    """Return whether a stamp says that a lock was installed."""
    return stamp.is_file() and filecmp.cmp(lock, stamp, shallow=False)


def create(folder: Path) -> None:
    """Make an empty environment with the Python that runs this; raise SetupError if that fails."""
    version = "{}.{}".format(*sys.version_info)
    if folder.exists() and not folder.is_dir():
        raise SetupError(
            f"{folder} is a file, and a folder of that name is needed: move it away, {AGAIN}."
        )
    missing = [name for name in ("venv", "ensurepip") if not importlib.util.find_spec(name)]
    if missing:
        raise SetupError(
            f"This Python ({sys.executable}) lacks the module {' and '.join(missing)}: install it "
            f"(Debian, Ubuntu: apt install python{version}-venv), {AGAIN}."
        )
    print(f"Making {folder.name} with Python {version}", flush=True)
    venv = [sys.executable, "-m", "venv", "--clear", "--without-pip", folder]
    code, told = run(venv, folder)
    if not code:  # in a step of its own, since venv would hide what this says
        code, told = run([python_of(folder), "-m", "ensurepip", "--default-pip"], folder)
    if code:
        shutil.rmtree(folder, ignore_errors=True)
        raise SetupError(explain(told, f"{folder.name} could not be made"))


def install(folder: Path, lock: Path, stamp: Path) -> None:
    """Install a lock, then copy it to `stamp`; raise SetupError if that fails."""
    count = lock.read_text(encoding="utf-8").count("==")
    print(f"Installing {count} packages: minutes the first time, seconds after", flush=True)
    try:
        stamp.unlink(missing_ok=True)
        pip = [python_of(folder), "-m", "pip", "install", "--disable-pip-version-check"]
        pip += ["--no-input", "--progress-bar=off", "-r", lock]
        show = progress(count) if sys.stdout.isatty() else None
        code, told = run(pip, folder, show)
        if show:
            print()
        if code:
            raise SetupError(explain(told, f"pip could not install {lock.name}"))
        settings = folder / "share/jupyter/lab/settings/overrides.json"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(json.dumps(NO_NEWS), encoding="utf-8")
        # matplotlib looks for fonts once; doing it here keeps its notice out of the notebooks
        run([python_of(folder), "-W", "ignore", "-c", "import matplotlib.font_manager"], folder)
        shutil.copyfile(lock, stamp)
    except OSError as error:
        raise SetupError(explain(str(error), f"{folder.name} could not be made")) from None


def progress(count: int) -> Callable[[str], None]:
    """Return a function that takes pip's lines and shows, on one line, how far it has come."""
    seen = 0

    def show(line: str) -> None:
        nonlocal seen
        if found := PIP_TAKES.match(line):
            seen += 1
            name = found[1] or Path(found[2]).name
            print(f"\r{f'  {seen} of {count}: {name}':60.60}", end="", flush=True)
        elif line.startswith("Installing collected packages"):
            print(f"\r{'  all are there; now they are unpacked':60}", end="", flush=True)

    return show


def run(command: list, folder: Path, show: Callable[[str], None] | None = None) -> tuple[int, str]:
    """Run a command for an environment; return its exit status and all that it said."""
    words = [str(word) for word in command]
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    coding = {"encoding": "utf-8", "errors": "replace"}
    told = []
    try:
        with subprocess.Popen(words, env=variables(folder), **streams, **coding) as process:
            try:
                for line in process.stdout:
                    told.append(line)
                    if show:
                        show(line)
            except BaseException:  # Control-C
                process.terminate()
                raise
    except OSError as error:
        return 1, str(error)
    return process.returncode, "".join(told)


def variables(folder: Path) -> dict[str, str]:
    """Return the environment variables for what runs in an environment.

    Nothing of the user's own Python, Jupyter, IPython and matplotlib reaches the course, nor the
    course theirs: what these keep is kept in the folder.
    """
    mine = {name: value for name, value in os.environ.items() if name not in DROPPED}
    home = folder / "home"
    return mine | {
        "JUPYTER_CONFIG_DIR": str(home / "jupyter"),
        "JUPYTER_DATA_DIR": str(home / "share"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONUTF8": "1",
        "PIP_USER": "0",  # a setting of their own that pip refuses in an environment
    }


def explain(told: str, failed: str) -> str:
    """Return one sentence for what pip, venv or the system said, or that and what `failed`."""
    root, temp = Path(__file__).resolve().parents[1], tempfile.gettempdir()
    for pattern, sentence in CAUSES:
        if found := re.search(pattern, told):
            return sentence.format(
                root=root,
                temp=temp,
                free=free(root),
                temporary=free(temp),
                python="{}.{}".format(*sys.version_info),
                **found.groupdict(),
            )
    last = "".join(f"{line}\n" for line in told.splitlines()[-20:])
    return f"{last}{failed}: see above, mend it, {AGAIN}."


def free(folder: Path | str) -> str:
    """Return how much room a disk has, as in 3.1 GB."""
    return f"{shutil.disk_usage(folder).free / 1e9:.1f} GB"
