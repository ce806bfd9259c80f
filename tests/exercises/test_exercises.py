"""Exercises in the notebooks: whole, solvable as printed, wrong answers told their own mistake.

A check runs in this process, after only the cells that it needs: setup, imports, and those that the
check cell lists in `metadata.needs`; a stub among them counts as solved. That the notebook runs as
shipped is for nbval.
"""

import ast
import importlib
import linecache
import os
import re
import sys
from contextlib import chdir, contextmanager
from textwrap import dedent

import pytest
from IPython.core.inputtransformer2 import TransformerManager
from IPython.display import display

from helpers.exercises import judge
from helpers.messages import say
from tests.support.checkers import arguments_of
from tests.support.stored_notebooks import ROOT, read, tags
from tests.support.toys import code, markdown, put

PARTS = ("", "-stub", "-check", "-hint", "-solution")
HEADING = re.compile(r"^#{2,4} .+ (●○○|●●○|●●●) · \d+ ?(min|분)$", re.MULTILINE)
FOLDED = re.compile(r"<details>\s*<summary>[^<]+</summary>\n\n.*\S.*</details>", re.DOTALL)
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def exercises(stored):
    """Return the ids of a notebook's exercises."""
    names = [re.sub("-(stub|check|hint|solution)$", "", name) for name in stored.ids]
    return list(dict.fromkeys(name for name in names if name.startswith("exercise-")))


def solution(stored, exercise):
    """Return the code of a folded solution."""
    return BLOCK.search(stored.cell(f"{exercise}-solution").source)[1]


# --- how an exercise is written ---


def defined(source):
    """Return the names of the functions and classes that code defines."""
    nodes = ast.parse(source).body
    return {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}


def form_complaints(stored, exercise):
    """Yield what is wrong with how one exercise is written."""
    names = [exercise + part for part in PARTS]
    if [name for name in stored.ids if name in names] != names:
        yield f"it wants the cells {', '.join(names)}, in this order"
        return
    text, stub, check, hint, folded = map(stored.cell, names)
    if not HEADING.match(text.source):
        yield "its heading is not like ### Exercise: … ●○○ · 5 min"
    if "stub" not in tags(stub) or "check" not in tags(check):
        yield "its stub and its check want the tags stub and check"
    for cell in (hint, folded):
        if not FOLDED.fullmatch(cell.source.strip()):
            yield f"{cell.id} is not <details><summary>…</summary>, an empty line, text, </details>"
    blocks = BLOCK.findall(folded.source)
    if len(blocks) != 1 or not defined(stub.source) or defined(blocks[0]) != defined(stub.source):
        yield "its solution is not one ```python block that defines what the stub defines"
    if not isinstance(ast.parse(check.source).body[-1], ast.Expr):
        yield "its check does not end with the verdict"
    for name in check.metadata.get("needs", []):
        if name not in stored.ids[: stored.ids.index(check.id)]:
            yield f"its check needs the cell {name}, which does not stand before it"


# --- how an exercise runs ---


@contextmanager
def kernel_like(folder, strict):
    """Work in a notebook's folder, as its kernel does, and put everything back."""
    path, before = list(sys.path), dict(os.environ)
    os.environ["COURSE_STRICT"] = "1" if strict else "0"
    try:
        with chdir(folder):
            yield
    finally:
        sys.path[:] = path
        os.environ.clear()
        os.environ.update(before)


def execute(source, name, space):
    """Run code as a cell, and return the value of its last line."""
    source, name = TransformerManager().transform_cell(dedent(source)), f"<{name}>"
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), space)
    return eval(compile(ast.Expression(last.value), name, "eval"), space) if last else None


class Prepared:
    """One exercise, ready for answers: what its check needs has been run."""

    def __init__(self, stored, exercise):
        self.stored, self.exercise = stored, exercise
        self.check = stored.cell(f"{exercise}-check")
        needs = {"setup", "imports", *self.check.metadata.get("needs", [])}
        self.space = {"__name__": "__main__", "display": display, "get_ipython": lambda: None}
        with kernel_like(stored.path.parent, strict=False):
            for cell in stored.cells:
                if cell.id in needs:
                    stub = re.fullmatch("(exercise-.*)-stub", cell.id)
                    source = solution(stored, stub[1]) if stub else cell.source
                    execute(source, cell.id, self.space)

    def verdict(self, answer, strict=False):
        """Return the verdict on an answer; whatever the check raises comes through."""
        space = dict(self.space)
        with kernel_like(self.stored.path.parent, strict):
            execute(answer, f"{self.exercise}-stub", space)
            return execute(self.check.source, self.check.id, space)


def rejection(prepared, answer, hint=""):
    """Return why an answer is not rejected as it should be, or an empty string."""
    try:
        verdict = prepared.verdict(answer)
    except Exception as error:
        return f"the check raised {type(error).__name__}: {error}"
    if verdict.ok:
        return f"the check accepted it: {verdict.message!r}"
    if len(verdict.message.split()) < 3 or "Traceback" in verdict.message:
        return f"the message is not friendly: {verdict.message!r}"
    return "" if hint in verdict.message else f"the message lacks {hint!r}: {verdict.message!r}"


def run_complaints(prepared):
    """Yield what is wrong when the solution and the stub are handed in, as shipped and strict."""
    try:
        prepared.verdict(solution(prepared.stored, prepared.exercise), strict=True)
    except Exception as error:
        yield f"its solution fails: {type(error).__name__}: {error}"
    stub = prepared.stored.cell(f"{prepared.exercise}-stub").source
    if wrong := rejection(prepared, stub):
        yield f"its stub: {wrong}"
        return
    try:
        prepared.verdict(stub, strict=True)
        yield "its stub passes under COURSE_STRICT=1"
    except AssertionError:
        return


def bank_complaints(prepared, bank):
    """Yield which wrong answers pass, or get another mistake's hint."""
    for hint, answer in bank.items():
        if wrong := rejection(prepared, answer, hint):
            yield f"{hint}: {wrong}"


def right_complaints(prepared, bank):
    """Yield which right answers are turned down."""
    for dress, answer in bank.items():
        try:
            prepared.verdict(answer, strict=True)
        except Exception as error:
            yield f"{dress}: {type(error).__name__}: {error}"


def unknown_complaints(prepared, bank, hints):
    """Yield which wrong answers pass, or get a hint although none of the hints fits."""
    for wrong, answer in bank.items():
        if told := rejection(prepared, answer):
            yield f"{wrong}: {told}"
        elif claimed := [hint for hint in hints if hint in prepared.verdict(answer).message]:
            yield f"{wrong}: {claimed[0]!r} claims it"


def banks_of(stored):
    """Return the module with the answers to the exercises of a notebook."""
    return importlib.import_module(f"tests.exercises.banks.bank_{stored.name[:2]}")


def hints_of(prepared):
    """Return the hints for the known mistakes of an exercise."""
    name = ast.parse(prepared.check.source).body[-1].value.func.id
    mistakes = arguments_of(prepared.space[name])["mistakes"]
    return [hint for _, hint in mistakes] + [say(judge.FIXED)]


# --- the tests ---


def test_exercises_are_whole(notebook):
    names = exercises(notebook)
    found = [f"{name}: {told}" for name in names for told in form_complaints(notebook, name)]
    assert len(names) >= 2 and not found, "\n".join(found)


def test_solutions_pass_and_stubs_are_met_kindly(notebook):
    names = exercises(notebook)
    found = [f"{n}: {told}" for n in names for told in run_complaints(Prepared(notebook, n))]
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_answers_in_the_banks_are_judged_fairly(english):
    banks, found = banks_of(english), []
    for bank in (banks.RIGHT, banks.WRONG, banks.UNKNOWN):
        assert list(bank) == exercises(english), "the bank and the notebook have other exercises"
    for name in exercises(english):
        prepared = Prepared(english, name)
        assert len(banks.RIGHT[name]) >= 8 and len(banks.UNKNOWN[name]) >= 4, name
        complaints = [
            *right_complaints(prepared, banks.RIGHT[name]),
            *bank_complaints(prepared, banks.WRONG[name]),
            *unknown_complaints(prepared, banks.UNKNOWN[name], hints_of(prepared)),
        ]
        found += [f"{name}: {told}" for told in complaints]
    assert not found, "\n".join(found)


def test_each_bank_has_a_notebook(notebooks):
    banks = {path.stem[-2:] for path in (ROOT / "tests/exercises/banks").glob("bank_*.py")}
    assert banks == {stored.name[:2] for stored in notebooks}


# --- the rules seen to fail ---

CHECKER = """
class Verdict:
    def __init__(self, ok, message):
        if not ok and os.environ.get("COURSE_STRICT") == "1":
            raise AssertionError(message)
        self.ok, self.message = ok, message


def check_double(double):
    got = double(3)
    if got is None:
        return Verdict(False, "Your function returned None: add a return.")
    if got == 9:
        return Verdict(False, "Do not square it: double it.")
    return Verdict(got == 6, "Well done indeed." if got == 6 else f"Six is right, not {got}.")
"""
STUB, SOLUTION = "def double(x):\n    ...\n", "def double(x):\n    return 2 * x\n"
SOLVED = "<details><summary>Solution</summary>\n\n```python\n{}```\n\n</details>"


@pytest.fixture
def toy(tmp_path):
    """Return a function that stores a sound notebook with these cells changed, and reads it."""
    sound = {
        "setup": code("import os", "setup"),
        "imports": code("import math", "imports"),
        "judge": code(CHECKER, "judge"),
        "exercise-double": markdown("### Exercise: double it ●○○ · 5 min", "exercise-double"),
        "exercise-double-stub": code(STUB, "exercise-double-stub", "stub"),
        "exercise-double-check": code(
            "check_double(double)", "exercise-double-check", "check", needs=["judge"]
        ),
        "exercise-double-hint": markdown(
            "<details><summary>Hint</summary>\n\nAdd.\n\n</details>", "exercise-double-hint"
        ),
        "exercise-double-solution": markdown(SOLVED.format(SOLUTION), "exercise-double-solution"),
    }

    def changed(name="setup", source="import os", **metadata):
        sound[name].source = source
        sound[name].metadata.update(metadata)
        return read(put(tmp_path, *sound.values()))

    return changed


def test_sound_exercise_has_no_complaints(toy):
    stored = toy()
    assert exercises(stored) == ["exercise-double"]
    prepared = Prepared(stored, "exercise-double")
    bank = {"Do not square it": "def double(x):\n    return x * x"}
    found = *form_complaints(stored, "exercise-double"), *run_complaints(prepared)
    assert [*found, *bank_complaints(prepared, bank)] == []


@pytest.mark.parametrize(
    ("part", "source", "metadata", "complaint"),
    [
        ("", "### Exercise: double it · 5 min", {}, "heading"),
        ("-stub", STUB, {"tags": []}, "the tags stub and check"),
        ("-hint", "Add.", {}, "hint is not <details>"),
        ("-solution", SOLVED.format("def twice(x): 1\n"), {}, "defines what the stub defines"),
        ("-check", "verdict = check_double(double)", {}, "end with the verdict"),
        ("-check", "check_double(double)", {"needs": ["exercise-double-hint"]}, "needs the cell"),
    ],
)
def test_badly_written_exercise_is_found(toy, part, source, metadata, complaint):
    stored = toy(f"exercise-double{part}", source, **metadata)
    assert complaint in "\n".join(form_complaints(stored, "exercise-double"))


def test_exercise_without_a_cell_is_found(toy):
    stored = toy()
    stored.cells.pop(-2)
    assert "in this order" in "\n".join(form_complaints(stored, "exercise-double"))


@pytest.mark.parametrize(
    ("name", "source", "complaint"),
    [
        ("exercise-double-solution", SOLVED.format("def double(x): 1\n"), "its solution fails"),
        ("exercise-double-stub", SOLUTION, "the check accepted it"),
        ("exercise-double-stub", "def double(x):\n    1 / 0", "the check raised ZeroDivision"),
        ("judge", CHECKER.replace("STRICT", "LAX"), "passes under COURSE_STRICT=1"),
        ("judge", CHECKER.replace("Your function returned None: add a return", "No"), "friendly"),
    ],
)
def test_exercise_that_runs_badly_is_found(toy, name, source, complaint):
    prepared = Prepared(toy(name, source), "exercise-double")
    assert complaint in "\n".join(run_complaints(prepared))


@pytest.mark.parametrize(
    ("hint", "answer", "complaint"),
    [
        ("Six", SOLUTION, "accepted it"),
        ("Six", "def double(x):\n    return x * x", "lacks 'Six'"),
        ("Six", "def double(", "raised SyntaxError"),
    ],
)
def test_leaky_bank_is_found(toy, hint, answer, complaint):
    prepared = Prepared(toy(), "exercise-double")
    assert complaint in "\n".join(bank_complaints(prepared, {hint: answer}))


def test_unfair_judging_is_found(toy):
    prepared = Prepared(toy(), "exercise-double")
    right = {"by adding": "def double(x):\n    return x + x", "rough": "def double(x): return 7"}
    assert list(right_complaints(prepared, right)) == [
        "rough: AssertionError: Six is right, not 7."
    ]
    unknown = {"seven": right["rough"], "six": SOLUTION, "squared": "def double(x): return x * x"}
    passed, claimed = unknown_complaints(prepared, unknown, ["Do not square it"])
    assert "six: the check accepted it" in passed and claimed.startswith("squared: 'Do not square")


def test_stubs_that_a_check_needs_count_as_solved(toy):
    stored = toy("exercise-double-check", "double(3)", needs=["exercise-double-stub"])
    assert Prepared(stored, "exercise-double").space["double"](3) == 6


def test_running_an_exercise_leaves_no_trace(toy):
    before = dict(os.environ), list(sys.path), os.getcwd()
    Prepared(toy(), "exercise-double").verdict("os.environ['A'] = 'b'\n" + SOLUTION)
    assert (dict(os.environ), list(sys.path), os.getcwd()) == before
