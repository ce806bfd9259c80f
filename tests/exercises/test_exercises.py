"""Exercises: whole, solvable as printed, and each known mistake gets its own hint.

A check is tried with only the cells that it needs: setup, imports, and those that the check cell
lists in `metadata.needs`; a stub that is needed counts as solved. All runs here in this process, in
the notebook's folder; that the notebook runs as shipped is for nbval.
"""

import ast
import importlib.util
import linecache
import os
import re
import sys
from contextlib import chdir, contextmanager
from textwrap import dedent

import pytest
from IPython.core.inputtransformer2 import TransformerManager
from IPython.display import display

from tests.exercises.banks import KINDS
from tests.support.stored import ROOT, tags

PARTS = ("", "-stub", "-check", "-hint", "-solution")
HEADING = re.compile(r"^#{2,4} .+ (●○○|●●○|●●●) · \d+ ?(min|분)$", re.MULTILINE)
FOLDED = re.compile(r"<details>\s*<summary>[^<]+</summary>\n\n.*\S.*</details>", re.DOTALL)
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PER_NOTEBOOK = (2, 3)
WRONG, HINTS = 10, 4


def exercises(stored):
    """Return the ids of a notebook's exercises: what is before the first known ending."""
    found = [re.sub("-(stub|check|hint|solution)$", "", name) for name in stored.ids]
    return list(dict.fromkeys(name for name in found if name.startswith("exercise-")))


# --- how an exercise is written ---


def defined(source):
    """Return the names of the functions and classes that code defines."""
    nodes = ast.parse(source).body
    return {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}


def solution(stored, exercise):
    """Return the code of a folded solution."""
    return BLOCK.search(stored.cell(f"{exercise}-solution").source)[1]


def form_complaints(stored, exercise):
    """Return what is wrong with how one exercise is written."""
    names = [exercise + part for part in PARTS]
    if missing := [name for name in names if name not in stored.ids]:
        yield f"no cell {', '.join(missing)}"
        return
    if sorted(names, key=stored.ids.index) != names:
        yield f"its cells are not in the order {', '.join(names)}"
    text, stub, check, hint, folded = map(stored.cell, names)
    kinds = [cell.cell_type for cell in (text, stub, check, hint, folded)]
    if kinds != ["markdown", "code", "code", "markdown", "markdown"]:
        yield f"its cells are {', '.join(kinds)}"
        return
    if not HEADING.match(text.source):
        yield "its heading is not like ### Exercise: … ●○○ · 5 min"
    yield from (
        f"no tag {t} on its {t}" for t, c in (("stub", stub), ("check", check)) if t not in tags(c)
    )
    for cell in (hint, folded):
        if not FOLDED.fullmatch(cell.source.strip()):
            yield f"{cell.id} is not <details><summary>…</summary>, an empty line, text, </details>"
    blocks = BLOCK.findall(folded.source)
    if len(blocks) != 1:
        yield f"its solution has {len(blocks)} ```python blocks, not one"
        return
    try:
        if not defined(stub.source) or defined(blocks[0]) != defined(stub.source):
            yield f"the stub defines {defined(stub.source)}, the solution {defined(blocks[0])}"
        last = ast.parse(check.source).body[-1:]
    except SyntaxError as error:
        yield f"stub, solution or check is not Python: {error}"
        return
    if not last or not isinstance(last[0], ast.Expr):
        yield "its check does not end with the verdict"
    for name in check.metadata.get("needs", []):
        if name not in stored.ids or stored.ids.index(name) > stored.ids.index(check.id):
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


class Bench:
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

    def judge(self, answer, strict=False):
        """Return the verdict on an answer; whatever the check raises comes through."""
        space = dict(self.space)
        with kernel_like(self.stored.path.parent, strict):
            execute(answer, f"{self.exercise}-stub", space)
            return execute(self.check.source, self.check.id, space)


def rejection(bench, answer, hint=""):
    """Return why an answer is not turned down as it should be, or an empty string."""
    try:
        verdict = bench.judge(answer)
    except Exception as error:
        return f"the check raised {type(error).__name__}: {error}"
    if not hasattr(verdict, "ok") or not isinstance(getattr(verdict, "message", None), str):
        return f"the check returned {verdict!r}, not a Verdict"
    if verdict.ok:
        return f"the check accepted it: {verdict.message!r}"
    if len(verdict.message.split()) < 3 or "Traceback" in verdict.message:
        return f"the message is not friendly: {verdict.message!r}"
    return "" if hint in verdict.message else f"the message lacks {hint!r}: {verdict.message!r}"


def solution_complaints(bench):
    """Return what is wrong when the folded solution is handed in, checks made strict."""
    try:
        verdict = bench.judge(solution(bench.stored, bench.exercise), strict=True)
    except Exception as error:
        yield f"{bench.exercise}: its solution fails: {type(error).__name__}: {error}"
        return
    if getattr(verdict, "ok", None) is not True:
        yield f"{bench.exercise}: its solution gets {verdict!r}"


def stub_complaints(bench):
    """Return what is wrong when the stub is handed in as shipped."""
    stub = bench.stored.cell(f"{bench.exercise}-stub").source
    if wrong := rejection(bench, stub):
        yield f"{bench.exercise}: the stub as shipped: {wrong}"
        return
    try:
        bench.judge(stub, strict=True)
    except AssertionError:
        return
    except Exception as error:
        yield f"{bench.exercise}: with COURSE_STRICT=1 the stub raises {type(error).__name__}"
        return
    yield f"{bench.exercise}: with COURSE_STRICT=1 the stub passes"


def bank_complaints(exercise, bank, exempt):
    """Return what is missing from the wrong answers to an exercise."""
    labels = [wrong.label for wrong in bank]
    for kind in KINDS:
        excuse = exempt.get(kind, "")
        if not any(label.startswith(kind) for label in labels) and len(excuse.split()) < 3:
            yield f"{exercise}: no wrong answer of the kind {kind!r}, and no reason in EXEMPT"
    if len(bank) < WRONG or len(set(labels)) < len(labels):
        yield f"{exercise}: {len(set(labels))} wrong answers of different labels, under {WRONG}"
    if len({wrong.hint for wrong in bank}) < HINTS:
        yield f"{exercise}: fewer than {HINTS} different hints"
    for wrong in bank:
        if len(wrong.hint.strip()) < 3:
            yield f"{exercise}: the hint of {wrong.label!r} says nothing: {wrong.hint!r}"


def answer_complaints(bench, bank):
    """Return which wrong answers get by, or get another mistake's hint."""
    english = bench.stored.edition == "en"  # other editions answer in their own words
    for wrong in bank:
        if told := rejection(bench, wrong.source, wrong.hint if english else ""):
            yield f"{bench.exercise}, {wrong.label}: {told}"


def load_bank(stored):
    """Return the wrong answers for a notebook and the exempt kinds, by exercise."""
    module = f"tests.exercises.banks.bank_{stored.name[:2]}"
    if importlib.util.find_spec(module) is None:
        pytest.fail(f"{stored} has no bank of wrong answers: write {module.replace('.', '/')}.py")
    bank = importlib.import_module(module)
    return bank.BANK, getattr(bank, "EXEMPT", {})


# --- the tests ---


def test_exercises_are_whole(notebook):
    names = exercises(notebook)
    told = [f"{notebook} {n}: {c}" for n in names for c in form_complaints(notebook, n)]
    assert len(names) in PER_NOTEBOOK, f"{notebook} has {len(names)} exercises, not two or three"
    assert not told, "\n".join(told)


def test_solutions_pass_and_stubs_are_met_kindly(notebook):
    told = []
    for name in exercises(notebook):
        bench = Bench(notebook, name)
        told += [*solution_complaints(bench), *stub_complaints(bench)]
    assert exercises(notebook) and not told, "\n".join(told)


def test_wrong_answers_get_their_own_hints(notebook):
    bank, exempt = load_bank(notebook)
    told = []
    for name in exercises(notebook):
        told += bank_complaints(name, bank.get(name, []), exempt.get(name, {}))
        told += answer_complaints(Bench(notebook, name), bank.get(name, []))
    assert list(bank) == exercises(notebook), f"{notebook} and its bank list other exercises"
    assert not told, "\n".join(told)


def test_no_bank_is_left_over(notebooks):
    banks = {path.stem[-2:] for path in (ROOT / "tests" / "banks").glob("bank_*.py")}
    assert banks <= {stored.name[:2] for stored in notebooks}, "a bank without a notebook"
