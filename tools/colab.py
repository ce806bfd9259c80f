"""Install what the course needs and Colab lacks. The set-up cell of a notebook runs this there.

    python repo/tools/colab.py

pyproject.toml says what the course needs. What Colab already has stays exactly as it is.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from importlib import metadata
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
ALSO_KEPT = ("ipywidgets",)  # no dependency of ours, but Colab's own pages rest on it


def needed(project: Path = PROJECT) -> dict[str, str]:
    """Return the dependencies of the course: the name and the range of each."""
    lines = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
    return {re.match(r"[A-Za-z0-9._-]+", line)[0]: line for line in lines}


def version(name: str) -> str | None:
    """Return the version of an installed package, or None."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def install(ranges: list[str], pins: list[str]) -> int:
    """Install packages with pip, the pinned ones staying as they are; return pip's status."""
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder, "constraints.txt")
        constraints.write_text("\n".join(pins), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--constraint"]
        return subprocess.run([*command, str(constraints), *ranges], check=False).returncode


def main() -> int:
    """Install the dependencies that are absent; return 0 if all are there in the end."""
    ranges = needed()
    there = {name: version(name) for name in (*ranges, *ALSO_KEPT)}
    absent = [ranges[name] for name in ranges if there[name] is None]
    pins = [f"{name}=={number}" for name, number in there.items() if number is not None]
    return install(absent, pins) if absent else 0


if __name__ == "__main__":
    sys.exit(main())
