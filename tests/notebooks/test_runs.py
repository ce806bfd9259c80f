"""Stored runs: made under three seeds by the code as it is, and their assertions hold."""

import json

import pytest

from helpers import stored_runs
from helpers.stored_runs import stored_run
from tools.notebooks import runs
from tools.notebooks.notebook_files import ToolError

STORED = runs.run_files()
TOY = """
from helpers.runtime import set_seed


def run(seed):
    return {"steps": {100: 0.5 + seed / 10, 200: 1.0}, "seed": set_seed()}


def check(results):
    assert all(result["steps"][200] > result["steps"][100] for result in results.values())
    assert [result["seed"] for result in results.values()] == [0, 1, 2]
"""


def test_stored_runs_were_made_by_their_code_as_it_is():
    stale = [name for name, path in STORED.items() if not runs.is_current(path)]
    assert not stale, f"run `python course.py runs`: the code of {', '.join(stale)} changed"


def test_the_assertions_of_stored_runs_hold_for_what_is_stored():
    for name, path in STORED.items():
        runs.load(path).check(stored_run(name).results)


# --- the tool, on a toy ---


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """Return a function that writes a run, with one text replaced by another."""
    monkeypatch.setenv("COURSE_SEED", "7")  # put back afterwards
    monkeypatch.setattr(stored_runs, "RUNS", tmp_path)
    monkeypatch.setattr(runs, "run_files", lambda: {"toy": tmp_path / "toy.py"})

    def write(before="", after=""):
        (tmp_path / "toy.py").write_text(TOY.replace(before, after), encoding="utf-8")
        return tmp_path / "toy.py"

    return write


def test_a_run_is_stored_with_seeds_seconds_and_the_hash_of_its_code(toy, capsys):
    path = toy()
    assert not runs.is_current(path)
    assert runs.main(["toy"]) == 0 and runs.is_current(path)
    assert "toy seed 2: 0 s" in capsys.readouterr().out
    made = stored_run("toy")
    assert made.results[1] == {"steps": {100: 0.6, 200: 1.0}, "seed": 1}
    assert runs.main([]) == 0 and capsys.readouterr().out == ""
    toy("# a remark", "")
    assert runs.is_current(path)
    toy("0.5", "0.6")
    assert not runs.is_current(path)


def test_a_run_whose_assertions_fail_is_not_stored(toy, capsys):
    path = toy("200: 1.0", "200: 0.1")
    assert runs.main([]) == 1 and "AssertionError" in capsys.readouterr().err
    assert not path.with_suffix(".json").exists()


def test_what_is_missing_is_told(toy, capsys):
    with pytest.raises(ToolError, match=r"toy.py defines no check\(…\)"):
        runs.load(toy("def check", "def verify"))
    assert runs.main(["other"]) == 1
    assert "no run 'other'; there is toy" in capsys.readouterr().err


def test_a_run_cut_short_counts_as_not_made(toy):
    path = toy()
    runs.make(path)
    stored = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    del stored["results"]["2"]
    path.with_suffix(".json").write_text(json.dumps(stored), encoding="utf-8")
    assert not runs.is_current(path)
