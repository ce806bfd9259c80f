"""The mutation run tells what survived; mutmut itself is not run here."""

import pytest

from tools.maintenance import mutation
from tools.maintenance.mutation import Tried
from tools.notebooks.files import ToolError


def test_only_a_mutant_whose_tests_failed_or_hung_is_noticed():
    codes = {"a": 0, "b": 1, "c": 33, "d": None, "e": 36, "f": -11, "g": 1}
    tried = Tried(mutation.fates(codes), [])
    assert list(map(tried.count, mutation.FATES_SHOWN)) == [2, 1, 2, 2]
    assert tried.score() == "60%"
    assert Tried(mutation.fates({"d": None}), []).score() == "–"


def test_a_module_is_tried_by_the_quick_tests_that_use_it():
    assert mutation.tests_of("positions")[0] == "tests/helpers/test_positions.py"
    for name in mutation.modules([]):
        for file in mutation.tests_of(name):
            assert (mutation.ROOT / file).exists()
            used = file.removeprefix("tests/test_").removesuffix(".py")
            assert used in (name, *mutation.users_of(name)) or used not in mutation.SLOW


def test_a_module_without_tests_of_its_own_is_tried_by_those_of_its_users():
    assert "checks" in mutation.users_of("errors")
    assert mutation.tests_of("errors")[0] == "tests/exercises/test_judge.py"
    assert "tests/views/test_viewers.py" in mutation.tests_of("view_inputs")
    assert all((mutation.ROOT / file).exists() for file in sum(mutation.IN_SOURCE.values(), ()))
    assert all(map(mutation.tests_of, mutation.modules([])))


def test_a_mutant_is_written_into_its_function_or_method():
    source = "def f():\n    return 1\n\n\nclass C:\n    def g(self):\n        return 2\n"
    f = "--- a\n+++ b\n@@ -1,2 +1,2 @@\n def f():\n-    return 1\n+    return None"
    g = "--- a\n+++ b\n@@ -1,2 +1,2 @@\n def g(self):\n-    return 2\n+    return 3"
    assert mutation.mutated(source, f) == source.replace("return 1", "return None")
    assert mutation.mutated(source, g) == source.replace("return 2", "return 3")
    with pytest.raises(ToolError, match="no place, or more than one"):
        mutation.mutated(source + source, f)


def test_the_checkers_of_exercises_are_left_out_unless_asked_for():
    assert not [name for name in mutation.modules([]) if name.startswith("checks_")]
    assert mutation.modules(["checks_00"]) == ["checks_00"]
    with pytest.raises(ToolError, match="nowhere.py is not there; there are attention"):
        mutation.modules(["nowhere"])


def test_a_difference_is_shown_by_its_lines():
    difference = "--- a\n+++ b\n@@ -1 +1 @@\n def f():\n-    return 1\n+    return 2"
    assert mutation.shown(difference) == "-    return 1\n+    return 2"
