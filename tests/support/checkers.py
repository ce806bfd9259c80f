"""All checkers of exercises, found by what they are called, and what each of them compares."""

import importlib
import sys

import pytest

from tests.support.stored import ROOT

MODULES = [
    importlib.import_module(f"helpers.{path.stem}")
    for path in sorted((ROOT / "helpers").glob("checks_*.py"))
]
CHECKERS = {
    f"{module.__name__[-2:]}-{name}": value
    for module in MODULES
    for name, value in vars(module).items()
    if name.startswith("check_") and value.__module__ == module.__name__
}


def overheard(checker):
    """Return what a checker hands to `compare`, by parameter."""
    calls = []
    names = ("answer", "oracle", "cases", "mistakes", "right")
    module = sys.modules[checker.__module__]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "compare", lambda *a: calls.append(dict(zip(names, a, strict=True))))
        checker(None)
    assert len(calls) == 1, f"{checker.__name__} calls compare {len(calls)} times"
    return calls[0]
