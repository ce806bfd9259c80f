"""The mutation run finds modules and their tests, and counts; mutmut itself is not run here."""

import pytest

from tools.maintenance import mutation
from tools.maintenance.mutation import Tried
from tools.notebooks.notebook_files import ToolError


def test_the_score_counts_a_mutant_whose_tests_failed_or_hung_and_leaves_out_a_crash():
    fates = [mutation.FATE_OF_CODE.get(code, "no result") for code in (0, 1, 33, None, 36, -11, 1)]
    assert [fates.count(fate) for fate in mutation.FATES] == [2, 1, 2, 2]
    assert Tried(fates, []).score() == "60%"
    assert Tried(["no result"], []).score() == "–"


def test_every_module_is_known_by_its_dotted_name_and_has_tests():
    known = mutation.modules()
    assert {"attention", "figures.charts", "exercises.judge"} <= set(known)
    files = {name: mutation.tests_of(name) for name in known}
    assert all(files.values())
    assert all((mutation.ROOT / file).is_file() for found in files.values() for file in found)


def test_a_module_is_tested_by_the_files_that_import_it():
    assert "tests/helpers/test_positions.py" in mutation.tests_of("positions")
    assert "tests/helpers/test_corpus.py" not in mutation.tests_of("positions")


def test_a_module_without_tests_of_its_own_is_tested_with_those_that_import_it():
    assert "tests/helpers/test_attention.py" in mutation.tests_of("require")


def test_imports_are_found_in_every_form(tmp_path):
    file = tmp_path / "a.py"
    file.write_text(
        "import helpers.cost, torch\nfrom helpers import tasks\n"
        "def f():\n    from helpers.figures.charts import bars\n"
    )
    assert {"cost", "tasks", "figures.charts"} <= mutation.imports(file)
    assert "torch" not in mutation.imports(file)


def test_checkers_of_exercises_are_left_out_unless_asked_for():
    assert not [name for name in mutation.chosen([]) if name.startswith("exercises.nb")]
    assert mutation.chosen(["exercises.nb00"]) == ["exercises.nb00"]
    with pytest.raises(ToolError, match="has no module nowhere; there are .*attention"):
        mutation.chosen(["nowhere"])


def test_a_difference_is_shown_by_its_lines():
    difference = "--- a\n+++ b\n@@ -1 +1 @@\n def f():\n-    return 1\n+    return 2"
    assert mutation.changed_lines(difference) == "-    return 1\n+    return 2"
