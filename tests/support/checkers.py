"""Checkers of exercises: all of them by name, and what each of a function hands to `compare`."""

import importlib
import inspect
import sys

import pytest

from helpers.exercises.judge import compare
from tests.support.stored_notebooks import ROOT

SIGNATURE = inspect.signature(compare)
MODULES = [
    importlib.import_module(f"helpers.exercises.{path.stem}")
    for path in sorted((ROOT / "helpers" / "exercises").glob("nb*.py"))
]
FUNCTIONS = {
    f"{module.__name__[-2:]}-{name.removeprefix('check_')}": value
    for module in MODULES
    for name, value in vars(module).items()
    if name.startswith(("check_", "report_")) and value.__module__ == module.__name__
}
OF_NETWORKS = {  # of longer exercises and open challenges
    name: function
    for name, function in FUNCTIONS.items()
    if [*inspect.signature(function).parameters] == ["model"]
}
CHECKERS = {name: each for name, each in FUNCTIONS.items() if name not in OF_NETWORKS}


def arguments_of(checker):
    """Return what a checker hands to `compare`, by parameter."""
    calls = []
    module = sys.modules[checker.__module__]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "compare", lambda *a, **k: calls.append(SIGNATURE.bind(*a, **k)))
        checker(None)
    assert len(calls) == 1, f"{checker.__name__} calls compare {len(calls)} times"
    return calls[0].arguments
