"""Checkers of exercises: all of them by name, and what each hands to `compare`."""

import importlib
import sys

import pytest

from tests.support.stored_notebooks import ROOT

MODULES = [
    importlib.import_module(f"helpers.exercises.{path.stem}")
    for path in sorted((ROOT / "helpers" / "exercises").glob("nb*.py"))
]
CHECKERS = {
    f"{module.__name__[-2:]}-{name.removeprefix('check_')}": value
    for module in MODULES
    for name, value in vars(module).items()
    if name.startswith("check_") and value.__module__ == module.__name__
}


def arguments_of(checker):
    """Return what a checker hands to `compare`, by parameter."""
    calls = []
    names = ("answer", "oracle", "cases", "mistakes", "right")
    module = sys.modules[checker.__module__]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "compare", lambda *a: calls.append(dict(zip(names, a, strict=True))))
        checker(None)
    assert len(calls) == 1, f"{checker.__name__} calls compare {len(calls)} times"
    return calls[0]
