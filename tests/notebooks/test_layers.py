"""Helpers are layered: imports run strictly downwards, and every module says what it holds."""

import ast
import re
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.support.stored import ROOT

LAYERS = (
    "language palette",
    "runtime plots pairs view_inputs guards",
    "viewers attention positions tasks text position_plots planes",
    "sliders seq2seq transformer fused differences",
    "training probes limits translator errors",
    "checks races",
    r"checks_\d\d",  # the exercises of one notebook
)
LINES = 260


def layer(module):
    """Return the number of the layer that a module belongs to, or None."""
    patterns = [(n, name) for n, names in enumerate(LAYERS) for name in names.split()]
    return next((n for n, name in patterns if re.fullmatch(name, module)), None)


def imported(tree):
    """Yield the helpers modules that code imports, at its top or within a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(filter(None, ["helpers" if node.level else "", node.module]))
            names = [f"{base}.{a.name}" for a in node.names] if base == "helpers" else [base]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("helpers."))


def module_complaints(name, source):
    """Return what is wrong with one module: its imports, its docstrings, its length."""
    tree = ast.parse(source)
    here = layer(name)
    if here is None:
        yield f"helpers/{name}.py has no layer: give it one in STYLE.md and in {__name__}"
        return
    for other in sorted(set(imported(tree))):
        there = layer(other)
        if there is None or there >= here:
            yield f"helpers/{name}.py (layer {here}) imports {other} (layer {there}): not downwards"
    if not ast.get_docstring(tree):
        yield f"helpers/{name}.py has no docstring: say what is in it and what is not"
    for node in tree.body:
        public = not getattr(node, "name", "_").startswith("_")
        if public and not ast.get_docstring(node):
            yield f"helpers/{name}.py: {node.name} has no docstring: specify it in one sentence"
    if (lines := len(source.splitlines())) > LINES:
        yield f"helpers/{name}.py has {lines} lines, more than {LINES}: split it"


def cycle(sources):
    """Return the modules that import each other in a circle, or nothing."""
    graph = {name: set(imported(ast.parse(source))) for name, source in sources.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def package_complaints(folder):
    """Return what is wrong with the package as a whole."""
    sources = {p.stem: p.read_text(encoding="utf-8") for p in folder.glob("*.py")}
    if sources.pop("__init__", None) != "":
        yield "helpers/__init__.py is to be there and to be empty"
    if not sources:
        yield "helpers/ holds no module; nothing was tested"
    if deeper := sorted(str(p.relative_to(folder)) for p in folder.glob("*/**/*.py")):
        yield f"helpers/ is flat, but holds {', '.join(deeper)}"
    if circle := cycle(sources):
        yield f"these import each other in a circle: {' > '.join(circle)}"
    for name, source in sorted(sources.items()):
        yield from module_complaints(name, source)


def test_helpers_are_layered():
    told = list(package_complaints(ROOT / "helpers"))
    assert not told, "\n".join(told)


# --- the rules seen to fail ---

GOOD = {
    "__init__": "",
    "runtime": '"""Seeds."""\n\n\ndef seed():\n    """Set the seed."""\n',
    "attention": '"""Attention."""\nimport torch\nfrom helpers import runtime\n',
    "checks": '"""Judges."""\nfrom helpers.attention import attend\nimport helpers.runtime\n',
    "checks_07": '"""Exercises."""\nfrom .checks import compare\n\n\ndef _own():\n    pass\n',
}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, ""),
        ({"__init__": "x = 1\n"}, "__init__.py is to be there and to be empty"),
        ({"utils": '"""Any."""\n'}, "utils.py has no layer"),
        ({"attention": '"""A."""\nfrom helpers.exercises.judge import x\n'}, "(layer 2) imports checks"),
        ({"attention": '"""A."""\nfrom helpers import tasks\n'}, "imports tasks (layer 2)"),
        ({"attention": '"""A."""\nfrom . import training\n'}, "imports training (layer 4)"),
        ({"attention": '"""A."""\ndef f():\n    """F."""\n    import helpers.probes\n'}, "probes"),
        ({"attention": '"""A."""\nimport helpers.lost\n'}, "imports lost (layer None)"),
        ({"runtime": '"""R."""\nfrom helpers.attention import x\n'}, "in a circle"),
        ({"runtime": "x = 1\n"}, "runtime.py has no docstring"),
        ({"runtime": '"""R."""\ndef seed():\n    pass\n'}, "seed has no docstring"),
        ({"runtime": '"""R."""\nclass Seed:\n    pass\n'}, "Seed has no docstring"),
        ({"runtime": '"""R."""\n' + "x = 1\n" * LINES}, "261 lines"),
        ({"deep/runtime": '"""R."""\n'}, "is flat"),
    ],
)
def test_a_broken_package_is_told(tmp_path, change, told):
    for name, source in (GOOD | change).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.py").write_text(source)
    said = "\n".join(package_complaints(tmp_path))
    assert told in said if told else said == ""


def test_an_empty_package_is_told(tmp_path):
    assert len(list(package_complaints(tmp_path))) == 2
