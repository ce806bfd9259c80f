"""A cell run out of order stops with NameError and never computes something else.

What a cell takes from the notebook it takes by name. If each such name is bound by exactly one
other cell, then either that cell has run, and the name means what it should, or it has not, and
Python says so. That can be read off the code: nothing runs here. That a cell run twice gives the
same is for test_rerun.py. The Korean notebooks hold the same code.
"""

import ast
import symtable
from pathlib import Path

import pytest
from nbformat import v4

from tests.support.stored_notebooks import Stored
from tools.notebooks.reach import bound, taken


def bound_by(source):
    """Return the names that a cell binds."""
    return bound(symtable.symtable(source, "cell", "exec"))


def order_complaints(stored):
    """Return which cells read a name that no other cell binds, or more than one."""
    cells = {cell.id: symtable.symtable(cell.source, "cell", "exec") for cell in stored.code}
    binders = {}
    for name, table in cells.items():
        for variable in bound(table):
            binders.setdefault(variable, []).append(name)
    for cell in stored.code:
        for variable in sorted(taken(cell.source)):
            places = binders.get(variable, [])
            if len(places) != 1:
                where = " and ".join(places) or "no cell"
                yield f"cell {cell.id} takes {variable!r}, which {where} binds: rename one"


def training_complaints(stored):
    """Return which cells train a model that another cell made: run twice, it is trained twice."""
    for cell in stored.code:
        for call in ast.walk(ast.parse(cell.source)):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            if ast.unparse(call.func) in ("train", "train_all"):
                names = {n.id for n in ast.walk(call.args[0]) if isinstance(n, ast.Name)}
                for name in sorted(names & taken(cell.source)):
                    yield f"cell {cell.id} trains {name!r}, made elsewhere: make or copy it here"


def test_every_name_that_a_cell_reads_is_bound_by_one_other_cell(english):
    wrong = [f"{english}: {complaint}" for complaint in order_complaints(english)]
    assert not wrong, "\n".join(wrong)


def test_a_cell_trains_only_models_that_it_makes(english):
    wrong = [f"{english}: {complaint}" for complaint in training_complaints(english)]
    assert not wrong, "\n".join(wrong)


# --- the rules seen to fail ---


def notebook_of(*sources):
    """Return a notebook with a cell for each source: c0, c1, …"""
    cells = [v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(sources)]
    return Stored(Path("notebooks/en/01_tiny.ipynb"), v4.new_notebook(cells=cells))


@pytest.mark.parametrize(
    ("sources", "complaint"),
    [
        (["x = 1", "x = 2", "print(x)"], "cell c2 takes 'x', which c0 and c1 binds"),
        (["x = 1", "x += 1"], "cell c1 takes 'x', which c0 and c1 binds"),
        (["print(y)"], "cell c0 takes 'y', which no cell binds"),
        (["for x in (1,): pass", "x = 2", "def f():\n    return x"], "cell c2 takes 'x'"),
        (["x = 1", "x = 2", "[x for _ in range(2)]"], "cell c2 takes 'x'"),
        (["x = 1", "print(x)"], ""),
        (["x = 1", "x = 2\nprint(x)"], ""),
        (["def f(x):\n    return x", "[x for x in range(2)]", "x = 2"], ""),
        (["for i in range(2):\n    j = i\n    print(j)"], ""),
    ],
)
def test_a_name_that_two_cells_bind_is_found(sources, complaint):
    wrong = "\n".join(order_complaints(notebook_of(*sources)))
    assert complaint in wrong if complaint else wrong == ""


@pytest.mark.parametrize(
    ("sources", "complaint"),
    [
        (["model = M()", "train(model, batches)"], "cell c1 trains 'model', made elsewhere"),
        (["models = {}", "for n in tasks:\n    train_all(models[n], batches)"], "trains 'models'"),
        (["made = M()", "model = copy.deepcopy(made)\ntrain(model, batches)"], ""),
        (["def fit(model):\n    train(model, batches)"], ""),
    ],
)
def test_a_model_made_elsewhere_is_found(sources, complaint):
    wrong = "\n".join(training_complaints(notebook_of(*sources)))
    assert complaint in wrong if complaint else wrong == ""
