"""Shape comments are contracts: in helpers during every test, in notebooks by running them."""

import ast
import importlib
import inspect
import re
import sys
from textwrap import dedent

import nbformat
import pytest
import torch

from tests.support import shapes
from tests.support.stored_notebooks import ROOT
from tools.notebooks import kernel

MODULES = sorted((ROOT / "helpers").rglob("*.py"))


def run(source, **given):
    """Run code with its contracts on and return its names."""
    space = {"torch": torch, **shapes.RUNTIME, **given}
    exec(compile(shapes.instrument(dedent(source), "here"), "here", "exec"), space)
    return space


def broken(source, **given):
    """Return the message with which code breaks its contract."""
    with pytest.raises(AssertionError) as caught:
        run(source, **given)
    return str(caught.value)


# --- what a contract says ---


@pytest.mark.parametrize(
    ("comment", "read"),
    [
        ("# (B, T, S)", (("B", "T", "S"),)),
        ("# (B, T, S) before softmax", (("B", "T", "S"),)),
        ("#(B,T+1, 2*E,E//H)", (("B", "T+1", "2*E", "E//H"),)),
        ("# (..., T, 32)", (("...", "T", "32"),)),
        ("# (B)", (("B",),)),
        ("# (B,)", (("B",),)),
        ("# ()", ((),)),
        ("# (B, T, V), ...", (("B", "T", "V"), None)),
        ("# ..., (B, T)", (None, ("B", "T"))),
        ("# (B, T), (see below)", (("B", "T"),)),
        ("# (1) first", ()),
        ("# (one, two)", ()),
        ("# ...", ()),
        ("# scores (B, T)", ()),
    ],
)
def test_comments_are_read(comment, read):
    assert shapes.read_comment(comment) == read


@pytest.mark.parametrize("comment", ["# (B, time, E)", "# (b, t)", "# [B, T]", "# (2E, T)"])
def test_near_misses_are_found(comment):
    (complaint,) = shapes.complaints(f"x = 1  {comment}\n", "here")
    assert "is no shape" in complaint


@pytest.mark.parametrize(
    "line",
    [
        "f(x)  # (B, T)",
        "if x:  # (B, T)\n    pass",
        "x = [\n    y,  # (B, T)\n]",
        "a, b[0] = x  # (B, T)",
        "def f(x):  # (B, T)\n    pass",
    ],
)
def test_contracts_out_of_reach_are_found(line):
    assert ["cannot be checked" in each for each in shapes.complaints(line, "here")] == [True]


# --- what a contract does ---


def test_right_comments_pass():
    source = """
    x = torch.zeros(2, 3, 4)  # (B, T, E)
    y = x @ x.mT  # (B, T, T)
    wide = torch.cat([x, x], dim=-1)  # (B, T, 2*E) both
    h, c = x[0], x[1]  # (T, E), (T, E)
    first, rest = x[:, 0], "any"  # (B, E)
    any, last = "any", x[:, -1]  # ..., (B, E)
    B, T, E = x.shape  # (B, T, E)
    x += 1  # (..., E)
    total = x.sum()  # ()
    """
    assert run(source)["wide"].shape == (2, 3, 8)
    assert shapes.count(dedent(source)) == 9


@pytest.mark.parametrize(
    "line",
    [
        "y = x  # (B, T)",  # rank
        "y = x  # (B, T, B)",  # two sizes of one letter
        "y = x  # (B, T, 5)",  # a number
        "y = x  # (B, T, 2*B+1)",  # arithmetic
        "y = x  # (..., 2*E, T)",  # no whole size
        "y = x  # ()",
        "h, c = x[0], x[0, 0]  # (E)",  # one tuple speaks of the first
        "h, c = x[0], x[0, 0]  # ..., (T, E)",
        "h, c = x[0], x[0, 0]  # (T, E), (T)",
        "h, c = x[0], x[0]  # (T, E), (T, E), (T, E)",  # too many
        "y = 'text'  # (B, T)",
        "x.kept = x[0]  # (A, B, C)",
        "x[0] = 1  # (B)",
        "x += 1  # (E)",
        "y: object = x  # (E)",
        "y = (\n    x\n)  # (B, T)",  # the last line of the statement
    ],
)
def test_wrong_comments_are_caught(line):
    assert "comment" in broken(line, x=torch.zeros(2, 3, 4))


def test_the_message_names_comment_shape_and_place():
    message = broken("y = x  # (B, T, E)\nz = y.mT  # (B, T, E)", x=torch.zeros(2, 3, 4))
    assert message == "here:2: the comment says (B, T, E), but the shape is (2, 4, 3); T is 3 here"


def test_letters_bind_anew_in_every_call():
    source = """
    def twice(x):
        '''Say what it does.'''
        x = x * 2  # (B, T)
        return x + x  # (B, T)

    twice(torch.zeros(2, 3))
    twice(torch.zeros(4, 5))
    """
    assert run(source)["twice"].__doc__ == "Say what it does."


def test_a_letter_keeps_its_size_within_a_call():
    source = "def f(x):\n    y = x  # (B, T)\n    return x.mT  # (B, T)\n"
    twice = run(source)["f"]
    assert twice(torch.zeros(2, 2)).shape == (2, 2)
    with pytest.raises(AssertionError, match=r"here:3: .* \(3, 2\); B is 2 here"):
        twice(torch.zeros(2, 3))


def test_a_nested_function_has_letters_of_its_own():
    source = "def f(x):\n    def g(y):\n        return y[0]  # (T)\n    return g(x)  # (T)\n"
    assert run(source)["f"](torch.zeros(2, 3)).shape == (3,)
    assert "cannot" not in "".join(shapes.complaints(source, "here"))


def test_letters_that_are_new_in_a_loop_are_forgotten_after_each_round():
    source = """
    def f(sizes):
        x = torch.zeros(2, 9)  # (B, E)
        for n in sizes:
            y = x[:, :n]  # (B, T)
            z = y + y  # (B, T)
        while sizes.pop() > 1:
            z = x[:, :1]  # (B, T)
        return x  # (B, T)
    """
    assert run(source)["f"]([3, 4, 1]).shape == (2, 9)
    with pytest.raises(AssertionError, match="here:6"):
        run(source.replace("z = y + y", "z = y[:, 1:]"))["f"]([3, 4, 1])
    with pytest.raises(AssertionError, match="here:5"):
        run(source.replace("x[:, :n]", "x[:n]"))["f"]([3, 4, 1])


def test_parameters_are_checked_unless_none():
    source = "def f(\n    x,  # (B, T)\n    mask=None,  # (T, T)\n):\n    return x  # (B, T)\n"
    f = run(source)["f"]
    assert f(torch.zeros(2, 3), torch.zeros(3, 3)).shape == (2, 3)
    assert f(torch.zeros(2, 3)).shape == (2, 3)
    with pytest.raises(AssertionError, match="here:3"):
        f(torch.zeros(2, 3), torch.zeros(2, 2))


@pytest.mark.parametrize("kind", ["NamedTuple", "dataclass"])
def test_fields_are_checked_when_an_object_is_made(kind):
    head = {"NamedTuple": "class P(NamedTuple):", "dataclass": "@dataclass\nclass P:"}[kind]
    source = (
        "from typing import NamedTuple\nfrom dataclasses import dataclass\n"
        f"{head}\n    x: object  # (B, S)\n    y: object = None  # (B, T)\n"
    )
    made = run(source)["P"]
    assert made(torch.zeros(2, 3), torch.zeros(2, 5)).y.shape == (2, 5)
    assert made(torch.zeros(2, 3)).y is None
    with pytest.raises(AssertionError, match=r"here:\d: .* B is 2 here"):
        made(torch.zeros(2, 3), torch.zeros(3, 5))


def test_two_unknown_letters_ask_for_one():
    assert "state B, H on an earlier line" in broken("y = x  # (B*H, T)", x=torch.zeros(6, 2))


def test_classes_and_future_imports_keep_working():
    source = '''
    """A module."""
    from __future__ import annotations

    class Layer(torch.nn.Module):
        """A layer."""

        def __init__(self, width):
            super().__init__()
            self.kept = torch.zeros(width)  # (E)

        @torch.no_grad()
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            __private = x + self.kept  # (B, E)
            return __private.mT  # (B, E)
    '''
    layer = run(source)["Layer"](3)
    assert layer(torch.zeros(3, 3)).shape == (3, 3)
    with pytest.raises(AssertionError, match="the shape is"):
        layer(torch.zeros(2, 3))


def test_code_without_contracts_is_left_alone():
    source = "def f(x):\n    return x\n"
    assert ast.dump(shapes.instrument(source, "here")) == ast.dump(ast.parse(source))


# --- helpers ---


def test_an_import_turns_contracts_on_and_leaves_no_trace(tmp_path, monkeypatch):
    package = tmp_path / "toy_package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "toy.py").write_text(
        "def turn(x):\n    y = x  # (B, T)\n    return y.mT  # (B, T)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with shapes.instrumented_helpers("toy_package"):
        toy = importlib.import_module("toy_package.toy")
        with pytest.raises(AssertionError, match=r"toy\.py:3: the comment says \(B, T\)"):
            toy.turn(torch.zeros(2, 3))
    assert "toy_package" not in sys.modules and not list(package.rglob("*.pyc"))
    plain = importlib.import_module("toy_package.toy")
    assert plain.turn(torch.zeros(2, 3)).shape == (3, 2)
    shapes.forget("toy_package")


def test_helpers_are_tested_with_their_contracts_on():
    attention = importlib.import_module("helpers.attention")
    assert isinstance(attention.__loader__, shapes.Loader)
    assert "__axes__" in inspect.unwrap(attention.attend).__code__.co_varnames


def test_helpers_hold_contracts_and_each_can_be_checked():
    sources = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in MODULES
    }
    assert shapes.count(sources["helpers/attention.py"]) > 0
    wrong = [line for name in sources for line in shapes.complaints(sources[name], name)]
    assert not wrong, "\n".join(wrong)


# --- notebooks ---


def contract_complaints(stored):
    """Return what is wrong with the shape comments of a notebook."""
    cells = {cell.id: cell.source for cell in stored.code}
    if not any(shapes.count(source) for source in cells.values()):
        yield f"{stored} states no shape: end a line where the axes change with # (B, T, E)"
    prose = "\n".join(cell.source for cell in stored.markdown)
    for name, source in cells.items():
        yield from shapes.complaints(source, f"{stored} cell {name}")
        for letter in sorted(shapes.letters(source)):
            if not re.search(rf"(\*\*|`){letter}\1", prose):
                yield f"{stored} cell {name} uses axis {letter}: say what **{letter}** counts"


def run_notebook(notebook, folder):
    """Run a copy of a notebook with its contracts on; a broken one raises CellFailed."""
    made = shapes.instrument_notebook(notebook)
    kernel.run(made, folder)
    return made


@pytest.mark.slow
def test_a_notebook_runs_with_its_contracts_on(tmp_path):
    cells = [
        nbformat.v4.new_code_cell("%time\nimport numpy as np", id="imports"),
        nbformat.v4.new_code_cell("x = np.zeros((2, 3))  # (B, T)\nx.shape", id="right"),
        nbformat.v4.new_code_cell("x = np.zeros((4, 3))  # (B, T)", id="anew"),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    made = run_notebook(notebook, tmp_path)
    assert made.cells[2].outputs[0].data["text/plain"] == "(2, 3)"
    assert made.cells[3].outputs == []
    cells.append(nbformat.v4.new_code_cell("y = x.T  # (B, T)\nz = x  # (B, T)", id="wrong"))
    with pytest.raises(kernel.CellFailed, match="cell wrong:2: the comment"):
        run_notebook(nbformat.v4.new_notebook(cells=cells), tmp_path)


@pytest.mark.slow
def test_a_notebook_states_its_shapes(notebook):
    wrong = list(contract_complaints(notebook))
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_the_contracts_of_a_notebook_hold(english):
    made = run_notebook(english.node, english.path.parent)
    assert "__check_shape__" in "".join(cell.source for cell in made.cells[1:])
