"""Definitions that stand in a notebook alone, read out of it, so that tests can call them.

What a later notebook imports stands in helpers too; all else that a notebook teaches is only there.
"""

import ast
import types

from tests.support import shapes
from tests.support.stored_notebooks import paths, read

DEFINITION = (ast.FunctionDef, ast.ClassDef)
IMPORT = (ast.Import, ast.ImportFrom)


def source_of(number, *names):
    """Return the code of those functions and classes of a notebook, and of the imports they need.

    `number` is that of the notebook, as in "02". Fails for a name that no cell defines.
    """
    (path,) = [path for path in paths(editions=("en",)) if path.stem.startswith(number)]
    cells = [cell.source for cell in read(path).code if cell.id != "setup"]
    nodes = [(node, source) for source in cells for node in ast.parse(source).body]
    found = {node.name: (node, source) for node, source in nodes if isinstance(node, DEFINITION)}
    missing = [name for name in names if name not in found]
    assert not missing, f"notebook {number} defines no {', '.join(missing)}"
    used = {n.id for name in names for n in ast.walk(found[name][0]) if isinstance(n, ast.Name)}
    imports = [needed(node, used) for node, _ in nodes if isinstance(node, IMPORT)]
    return "\n".join([*imports, *(whole(*found[name]) for name in names)]) + "\n"


def needed(node, used):
    """Return the part of an import that binds a used name, as code; nothing if there is none."""
    node.names = [alias for alias in node.names if (alias.asname or alias.name) in used]
    return ast.unparse(node) if node.names else ""


def whole(node, source):
    """Return the code of a definition as it stands there, decorators and comments included."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return "\n".join(source.splitlines()[first - 1 : node.end_lineno])


def module(source, name="taught"):
    """Return code as a module, its shape comments asserted."""
    made = types.ModuleType(name)
    vars(made).update(shapes.RUNTIME)
    exec(compile(shapes.instrument(source, name), name, "exec"), vars(made))
    return made


def taught(number, *names):
    """Return a module that holds those functions and classes of a notebook."""
    return module(source_of(number, *names), f"notebook {number}")
