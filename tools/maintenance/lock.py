"""Pin the ranges of pyproject.toml in requirements.txt, and the site's in requirements-site.txt.

    python -m tools.maintenance.lock                # pins that still fit stay
    python -m tools.maintenance.lock --upgrade      # all at their newest

torch is pinned exactly, as TORCH. Its local suffix (+cpu) and the CUDA packages that some builds
ask for belong to one machine, so they are taken out: pip adds what a machine needs.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.notebooks.notebook_files import ROOT, ToolError

TORCH = "2.13.0"
LOCK, SITE = "requirements.txt", "requirements-site.txt"
OF_ONE_MACHINE = ("nvidia", "cuda", "triton")
NAMED = {"CUSTOM_COMPILE_COMMAND": "python course.py lock"}  # at the head of the lock


def compiled(lock: str, *options: str) -> list[str]:
    """Return the renewed lines of a lock; raise ToolError if pip-compile fails."""
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder, lock)
        if (ROOT / lock).exists():
            shutil.copy(ROOT / lock, new)  # pip-compile keeps its pins
        command = [sys.executable, "-m", "piptools", "compile", "--quiet", "--strip-extras"]
        command += ["--no-emit-options", "--no-annotate", f"--upgrade-package=torch=={TORCH}"]
        command += [f"--output-file={new}", *options, "pyproject.toml"]
        if subprocess.run(command, cwd=ROOT, env=os.environ | NAMED, check=False).returncode:
            raise ToolError(f"pip-compile could not renew {lock}; see above")
        return tidy(new.read_text(encoding="utf-8"))


def tidy(text: str) -> list[str]:
    """Return the lines of a lock without what belongs to one machine."""
    lines = text.partition("# The following packages")[0].splitlines()
    lines = [re.sub(r"^(torch==[^+ ]+)\+\S*", r"\1", line) for line in lines]
    return [line for line in lines if line.strip("# ") and not line.startswith(OF_ONE_MACHINE)]


def main(arguments: list[str] | None = None) -> int:
    """Renew both locks; return 1 if that fails."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.maintenance.lock", description="Pin the ranges of pyproject.toml."
    )
    parser.add_argument("--upgrade", action="store_true", help="pin all at their newest")
    upgrade = ["--upgrade"] if parser.parse_args(arguments).upgrade else []
    try:
        lines = compiled(LOCK, *upgrade, "--extra=lab", "--extra=test")
        write(LOCK, lines)
        more = compiled(SITE, *upgrade, "--extra=site", f"--constraint={LOCK}")
    except ToolError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    head = f"# Beyond {LOCK}; made by {NAMED['CUSTOM_COMPILE_COMMAND']}."
    write(SITE, [head, *(line for line in more if line not in lines)])
    return 0


def write(lock: str, lines: list[str]) -> None:
    """Write the lines of a lock."""
    (ROOT / lock).write_text("".join(f"{x}\n" for x in lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
