"""What a notebook teaches is what helpers hold: the same code, docstrings aside."""

import ast
import difflib
import re

import nbformat
import pytest

from tests.support.stored import ROOT, Stored, tags

DEFINITION = (ast.FunctionDef, ast.ClassDef)


def taught(stored):
    """Yield each tag that starts like `teaches`, with its cell."""
    for cell in stored.cells:
        yield from ((tag, cell) for tag in tags(cell) if tag.startswith("teach"))


def definition(tree, name):
    """Return the top-level function or class of this name, or None."""
    found = [node for node in tree.body if isinstance(node, DEFINITION) and node.name == name]
    return found[-1] if found else None


def bare(node):
    """Return the code of a definition without docstrings and comments."""
    for inner in ast.walk(node):
        if isinstance(inner, DEFINITION) and ast.get_docstring(inner, clean=False) is not None:
            inner.body = inner.body[1:] or [ast.Pass()]
    return ast.unparse(node)


def taught_complaints(stored, helpers):
    """Return where a teaching cell and its helper part ways."""
    for tag, cell in taught(stored):
        where = f"{stored} cell {cell.id}, tag {tag}"
        match = re.fullmatch(r"teaches:(\w+)\.(\w+)", tag)
        if not match:
            yield f"{where}: write teaches:module.name"
            continue
        module, name = match.groups()
        path = helpers / f"{module}.py"
        held = path.exists() and definition(ast.parse(path.read_text(encoding="utf-8")), name)
        shown = cell.cell_type == "code" and definition(ast.parse(cell.source), name)
        if not held:
            yield f"{where}: helpers/{module}.py defines no {name}"
        elif not shown:
            yield f"{where}: the cell defines no {name}"
        elif bare(held) != bare(shown):
            files = f"helpers/{module}.py", f"{stored} cell {cell.id}"
            sides = bare(held).splitlines(), bare(shown).splitlines()
            diff = "\n".join(difflib.unified_diff(*sides, *files, lineterm=""))
            yield f"{where}: the code differs\n{diff}"


def promised(helpers):
    """Yield (notebook number, module, name) for each docstring with "Taught in notebook NN"."""
    for path in sorted(helpers.glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            text = ast.get_docstring(node) or "" if isinstance(node, DEFINITION) else ""
            for number in re.findall(r"[Tt]aught\s+in\s+notebook\s+(\d\d)", text):
                yield number, path.stem, node.name


def promise_complaints(stored, helpers):
    """Return which helpers say that this notebook teaches them, and are not taught there."""
    shown = {tag for tag, _ in taught(stored)}
    for number, module, name in promised(helpers):
        if stored.name.startswith(number) and f"teaches:{module}.{name}" not in shown:
            yield f"{stored}: {name} says it is taught here: tag its cell teaches:{module}.{name}"


def test_taught_code_is_the_code_of_helpers(notebook):
    told = list(taught_complaints(notebook, ROOT / "helpers"))
    assert not told, "\n".join(told)


def test_helpers_are_taught_where_they_say(notebook):
    told = list(promise_complaints(notebook, ROOT / "helpers"))
    assert not told, "\n".join(told)


def test_something_is_taught(notebooks):
    assert any(tag for stored in notebooks for tag, _ in taught(stored)), "no tag teaches:…"
    assert list(promised(ROOT / "helpers")), 'no docstring says "Taught in notebook NN."'


# --- the rules seen to fail ---

HELPER = '''
@torch.no_grad()
@cache
def attend(query: Tensor, key):
    """Return scores. Taught in notebook 02."""
    return query @ key.mT  # (B, T, S)


class Layer(Module):
    """A layer."""

    def forward(self, x):
        """Return x."""
        return x
'''
TAUGHT = (
    "@torch.no_grad()\n@cache\ndef attend(query: Tensor, key):\n    return query @ key.mT\n",
    "class Layer(Module):\n    def forward(self, x):\n        return x\n",
)


def toy(tmp_path, source, tag):
    (tmp_path / "attention.py").write_text(HELPER)
    cell = nbformat.v4.new_code_cell(source, id="taught", metadata={"tags": [tag]})
    return Stored(tmp_path / "02_toy.ipynb", nbformat.v4.new_notebook(cells=[cell]))


@pytest.mark.parametrize(
    ("source", "tag", "told"),
    [
        (TAUGHT[0], "teaches:attention.attend", ""),
        ("x = 1\n" + TAUGHT[1], "teaches:attention.Layer", ""),
        (TAUGHT[0], "teaches:attention", "write teaches:module.name"),
        (TAUGHT[0], "teach:attention.attend", "write teaches:module.name"),
        (TAUGHT[0], "teaches:lost.attend", "defines no attend"),
        (TAUGHT[0], "teaches:attention.lost", "defines no lost"),
        (TAUGHT[0], "teaches:attention.Layer", "the cell defines no Layer"),
        (TAUGHT[0].replace("mT", "T"), "teaches:attention.attend", "+    return query @ key.T"),
        (TAUGHT[0].replace(": Tensor", ""), "teaches:attention.attend", "differs"),
        (TAUGHT[0].replace("@cache\n", ""), "teaches:attention.attend", "-@cache"),
        ("@cache\n" + TAUGHT[0].replace("@cache\n", ""), "teaches:attention.attend", "differs"),
        (TAUGHT[1].replace("return x", "return -x"), "teaches:attention.Layer", "return -x"),
    ],
)
def test_a_parted_pair_is_told(tmp_path, source, tag, told):
    said = "\n".join(taught_complaints(toy(tmp_path, source, tag), tmp_path))
    assert told in said if told else said == ""


@pytest.mark.parametrize(("tag", "count"), [("teaches:attention.attend", 0), ("other", 1)])
def test_a_broken_promise_is_told(tmp_path, tag, count):
    told = list(promise_complaints(toy(tmp_path, TAUGHT[0], tag), tmp_path))
    assert len(told) == count
