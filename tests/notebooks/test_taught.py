"""Code that a notebook teaches and helpers hold is one and the same, and is held for a reason.

A cell tagged `teaches:attention.attend` equals `helpers.attention.attend`, docstrings and comments
aside. The Korean notebooks hold the same code.
"""

import ast
import difflib
import re

import nbformat
import pytest

from tests.support.stored_notebooks import ROOT, Stored, tags

DEFINITION = (ast.FunctionDef, ast.ClassDef)
PROMISE = re.compile(r"[Tt]aught\s+in\s+notebook\s+(\d\d)")


def parse(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def taught(stored):
    """Yield each tag that starts like `teaches`, with its cell."""
    for cell in stored.code:
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
    """Return where a cell and the definition that it teaches differ."""
    for tag, cell in taught(stored):
        where = f"{stored} cell {cell.id}, tag {tag}"
        match = re.fullmatch(r"teaches:(\w+)\.(\w+)", tag)
        if not match:
            yield f"{where}: write teaches:module.name"
            continue
        module, name = match.groups()
        path = helpers / f"{module}.py"
        held = path.exists() and definition(parse(path), name)
        shown = definition(ast.parse(cell.source), name)
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
    """Yield (notebook number, module.name) for each docstring with "Taught in notebook NN"."""
    for path in sorted(helpers.rglob("*.py")):
        for node in parse(path).body:
            text = ast.get_docstring(node) or "" if isinstance(node, DEFINITION) else ""
            for number in PROMISE.findall(text):
                yield number, f"{path.stem}.{node.name}"


def promise_complaints(notebooks, helpers):
    """Return which definitions say that a notebook teaches them, and are not taught there."""
    shown = {(stored.name[:2], tag) for stored in notebooks for tag, _ in taught(stored)}
    for number, name in promised(helpers):
        if (number, f"teaches:{name}") not in shown:
            yield f"{name} is said to be taught in {number}: tag its cell teaches:{name}"


def imported(tree):
    """Return what code imports from helpers, as module.name."""
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    froms = [node for node in froms if (node.module or "").startswith("helpers.")]
    return {f"{n.module.split('.')[-1]}.{alias.name}" for n in froms for alias in n.names}


def used_at_home(name, path):
    """Tell whether another definition of its module uses a definition."""
    others = [n for n in parse(path).body if isinstance(n, DEFINITION) and n.name != name]
    names = (node for other in others for node in ast.walk(other))
    return any(isinstance(node, ast.Name) and node.id == name for node in names)


def dead_copies(notebooks, root):
    """Return what helpers hold because a notebook teaches it, and nothing after it imports."""
    folders = "helpers", "tools", "notebooks/runs"
    files = [path for name in folders for path in (root / name).rglob("*.py")]
    files = [path for path in files if "node_modules" not in path.parts]
    wanted = set().union(*(imported(parse(path)) for path in files))
    for stored in reversed(notebooks):  # so that `wanted` holds what later notebooks import
        for name in (tag.removeprefix("teaches:") for tag, _ in taught(stored)):
            module, definition = name.split(".")
            home = root / "helpers" / f"{module}.py"
            if name not in wanted and not used_at_home(definition, home):
                yield f"{stored} teaches {name}, which nothing imports: let the notebook have it"
        wanted.update(*(imported(ast.parse(cell.source)) for cell in stored.code))


@pytest.fixture(scope="module")
def course(notebooks):
    """The English notebooks, in order."""
    return [stored for stored in notebooks if stored.edition == "en"]


def test_taught_code_is_the_code_of_helpers(course):
    assert any(tag for stored in course for tag, _ in taught(stored))
    wrong = [line for stored in course for line in taught_complaints(stored, ROOT / "helpers")]
    assert not wrong, "\n".join(wrong)


def test_helpers_are_taught_where_they_say(course):
    assert list(promised(ROOT / "helpers"))
    wrong = list(promise_complaints(course, ROOT / "helpers"))
    assert not wrong, "\n".join(wrong)


def test_helpers_hold_what_something_later_imports(course):
    wrong = list(dead_copies(course, ROOT))
    assert not wrong, "\n".join(wrong)


# --- the rules seen to fail ---

HELPER = '''
@torch.no_grad()
def attend(query: Tensor, key):
    """Return scores. Taught in notebook 02."""
    return query @ key.mT  # (B, T, S)


class Layer(Module):
    """A layer."""

    def forward(self, x):
        """Return x."""
        return helped(x)


def helped(x):
    return x


helped = checked(helped, require_x)
attend = checked(attend, require_x)
'''
ATTEND = "@torch.no_grad()\ndef attend(query: Tensor, key):\n    return query @ key.mT\n"
LAYER = "class Layer(Module):\n    def forward(self, x):\n        return helped(x)\n"
HELPED = "def helped(x):\n    return x\n"


def toy(folder, source, tag, name="02_toy"):
    (folder / "helpers").mkdir(exist_ok=True)
    (folder / "helpers" / "attention.py").write_text(HELPER, encoding="utf-8")
    cell = nbformat.v4.new_code_cell(source, id="taught", metadata={"tags": [tag]})
    return Stored(folder / f"{name}.ipynb", nbformat.v4.new_notebook(cells=[cell]))


@pytest.mark.parametrize(
    ("source", "tag", "complaint"),
    [
        (ATTEND, "teaches:attention.attend", ""),
        ("x = 1\n" + LAYER, "teaches:attention.Layer", ""),
        (ATTEND, "teach:attention.attend", "write teaches:module.name"),
        (ATTEND, "teaches:lost.attend", "defines no attend"),
        (ATTEND, "teaches:attention.Layer", "the cell defines no Layer"),
        (ATTEND.replace("mT", "T"), "teaches:attention.attend", "+    return query @ key.T"),
        (ATTEND.replace(": Tensor", ""), "teaches:attention.attend", "differs"),
        (LAYER.replace("(x)", "(-x)"), "teaches:attention.Layer", "return helped(-x)"),
    ],
)
def test_code_that_differs_is_found(tmp_path, source, tag, complaint):
    wrong = "\n".join(taught_complaints(toy(tmp_path, source, tag), tmp_path / "helpers"))
    assert complaint in wrong if complaint else wrong == ""


@pytest.mark.parametrize(("tag", "count"), [("teaches:attention.attend", 0), ("other", 1)])
def test_a_definition_that_no_cell_teaches_is_found(tmp_path, tag, count):
    stored = toy(tmp_path, ATTEND, tag)
    assert len(list(promise_complaints([stored], tmp_path / "helpers"))) == count


@pytest.mark.parametrize(
    ("source", "name", "count"),
    [(ATTEND, "attend", 1), (LAYER, "Layer", 0), (HELPED, "helped", 0)],
)
def test_a_definition_that_nothing_imports_is_found(tmp_path, source, name, count):
    stored = toy(tmp_path, source, f"teaches:attention.{name}")
    before = toy(tmp_path, "from helpers.attention import attend", "other", "01_toy")
    after = toy(tmp_path, "from helpers.attention import Layer", "other", "03_toy")
    assert len(list(dead_copies([before, stored, after], tmp_path))) == count
