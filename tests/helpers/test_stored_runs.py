"""Stored runs as notebooks read them."""

import json

import pytest

from helpers import stored_runs
from helpers.stored_runs import StoredRun, by_seed, stored_run


def test_whole_numbers_are_numbers_again_and_a_run_says_its_seeds(tmp_path, monkeypatch):
    monkeypatch.setattr(stored_runs, "RUNS", tmp_path)
    stored = {"code": "0", "seconds": {0: 93.4, 1: 95.2}, "results": {0: {600: 0.5}, 1: {"a": [1]}}}
    (tmp_path / "budget.json").write_text(json.dumps(stored), encoding="utf-8")
    made = stored_run("budget")
    assert made.results == {0: {600: 0.5}, 1: {"a": [1]}} and made.seconds == {0: 93.4, 1: 95.2}
    told = "Stored run budget: seeds 0, 1, about 95 seconds each on two cores."
    assert (repr(made), made._repr_markdown_()) == (told, f"> {told}")
    with pytest.raises(ValueError, match="no stored run 'other'. Choose one of: budget"):
        stored_run("other")


def test_numbers_of_all_seeds_in_one_line():
    run = StoredRun("budget", {0: {"a": {600: 0.5}}, 1: {"a": {600: 0.256}}}, {0: 1.0, 1: 1.0})
    assert by_seed(run, "a", 600) == "0.50 0.26"
    with pytest.raises(KeyError):
        by_seed(run, "b", 600)
