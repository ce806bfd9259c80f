import re
import subprocess

import pytest

from tools.notebooks.files import ROOT

# a Python that knows only what tools/venv.sh asks of it, and notes each call of pip
FAKE = """#!/bin/sh
case "$*" in
    *'version_info <'*) exit {old} ;;
    *version_info*) echo {version} ;;
    *ensurepip*) exit {bare} ;;
    '-m venv '*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    '-m pip '*) echo pip >> '{folder}/calls'; [ ! -e '{folder}/broken' ] ;;
esac
"""


@pytest.fixture
def venv(tmp_path):
    """Return a function that runs tools/venv.sh with a made-up Python; also its folder."""
    (tmp_path / "lock.txt").write_text("torch==2.13.0\n")

    def run(version="3.12", bare=0):
        old = int(tuple(map(int, version.split("."))) < (3, 11))
        fake = tmp_path / "python"
        fake.write_text(FAKE.format(old=old, version=version, bare=bare, folder=tmp_path))
        fake.chmod(0o755)
        command = ["sh", str(ROOT / "tools/venv.sh"), "venv", "lock.txt"]
        environment = {"PATH": "/usr/bin:/bin", "PYTHON": str(fake)}
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    run.folder = tmp_path
    return run


def calls(venv):
    file = venv.folder / "calls"
    return file.read_text().count("pip") if file.exists() else 0


def test_venv_installs_once_and_again_when_the_lock_changes(venv):
    for lock, expected in [("a==1", 1), ("a==1", 1), ("a==2", 2), ("a==2", 2)]:
        (venv.folder / "lock.txt").write_text(lock)
        made = venv()
        assert made.returncode == 0, made.stderr
        assert calls(venv) == expected
    assert made.stdout == ""


def test_venv_tries_again_after_a_failed_install(venv):
    (venv.folder / "broken").touch()
    for expected in (1, 2):
        made = venv()
        assert made.returncode == 1
        assert "pip could not install lock.txt" in made.stderr
        assert calls(venv) == expected
    (venv.folder / "broken").unlink()
    assert venv().returncode == 0
    (venv.folder / "broken").touch()
    (venv.folder / "lock.txt").write_text("b==1")
    assert venv().returncode == 1  # a stale stamp must go even if it was once right
    (venv.folder / "lock.txt").write_text("torch==2.13.0\n")
    assert venv().returncode == 1


@pytest.mark.parametrize(
    ("python", "message"),
    [
        ({"version": "3.9"}, "Python 3.11 or newer is needed, but {} is 3.9: install it"),
        ({"bare": 1}, "{} lacks the venv module: install it (Debian, Ubuntu: apt install"),
    ],
)
def test_venv_says_in_one_sentence_what_is_missing(venv, python, message):
    made = venv(**python)
    assert made.returncode == 1
    assert made.stderr.startswith(message.format(venv.folder / "python"))
    assert made.stderr.count("\n") == 1
    assert not (venv.folder / "venv").exists()


def test_help_lists_every_target():
    command = ["make", "--no-print-directory"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    phony = re.search(r"^\.PHONY: (.*) \$\(VENV\)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert [line.split()[1] for line in shown.splitlines()] == phony[1].split()
