"""Which code a cell reaches: the cells that it needs, and what they use of `helpers`, as a hash.

Each name that a cell reads is bound by one other cell (tests/notebooks/test_order.py), so the cells
that a claim needs can be read off the code: those that bind what it reads, and those before it that
store into that. So can the functions and classes of `helpers` that those cells use, and what these
use in turn. Comments, docstrings and layout do not count, and neither do the set-up and imports
cells themselves.
"""

import ast
import builtins
import hashlib
import symtable
from collections.abc import Iterable, Iterator
from functools import cache

from nbformat import NotebookNode

from tools.notebooks.notebook_files import ROOT

KNOWN = set(dir(builtins)) | {"__name__", "__class__", "display", "get_ipython"}
ALWAYS = ("setup", "imports")  # run before any cell
VIEWS = ROOT / "helpers" / "views"
# figures, views, sentences and their translation: no claim depends on what these make
DRAWING = ("helpers.figures", "helpers.views")
WORDING = ("helpers.measured", "helpers.messages")


def bound(table: symtable.SymbolTable) -> set[str]:
    """Return the names that code binds at its top level."""
    return {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
    }


def taken(source: str) -> set[str]:
    """Return the names that a cell reads before it has bound them itself."""
    needed, own = set(), set()
    for statement in ast.parse(source).body:
        table = symtable.symtable(ast.unparse(statement), "cell", "exec")
        here = bound(table)
        late = here if isinstance(statement, ast.For | ast.With | ast.FunctionDef) else set()
        needed |= _read(table) - own - late - KNOWN
        if isinstance(statement, ast.AugAssign):
            needed |= here - own
        own |= here
    return needed


def _read(table):
    """Return the names that code looks up at its top level or, as globals, from within."""
    names = {s.get_name() for s in table.get_symbols() if s.is_referenced()}
    waiting = list(table.get_children())
    while waiting:
        inner = waiting.pop()
        names |= {s.get_name() for s in inner.get_symbols() if s.is_global() and s.is_referenced()}
        waiting += inner.get_children()
    return names - {"__class__"}


def filled(source: str) -> set[str]:
    """Return the names, bound by other cells, into whose values a cell stores.

    These are names whose item or attribute is assigned to or deleted, and names of which a method
    is called as a statement by itself, as in `losses.append(2)`.
    """
    roots = set()
    for node in ast.walk(ast.parse(source)):
        part = node
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            part = node.value.func
        elif not isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
            continue
        while isinstance(part, ast.Attribute | ast.Subscript):
            part = part.value
            if isinstance(part, ast.Name):
                roots.add(part.id)
    return roots & taken(source)


def code_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """Return the code cells of a notebook by id, without exercises."""
    return {
        cell.get("id", str(n)): cell
        for n, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and not {"stub", "check"} & set(cell.metadata.get("tags", []))
    }


def needed(notebook: NotebookNode, cell_id: str) -> list[str]:
    """Return the ids of the cells that a cell needs, itself the last, without set-up and imports.

    Raises KeyError where there is no such cell.
    """
    cells = code_cells(notebook)
    binders, imports = {}, set()
    for name, cell in cells.items():
        binds = bound(symtable.symtable(cell.source, "cell", "exec"))
        if name in ALWAYS:
            imports |= binds
        for variable in binds | filled(cell.source) - imports:  # module.run() stores nothing
            binders.setdefault(variable, []).append(name)
        if name == cell_id:
            break  # what stands below has not run
    found, waiting = set(), [cell_id]
    while waiting:
        name = waiting.pop()
        if name not in found and name not in ALWAYS:
            found.add(name)
            waiting += [n for v in taken(cells[name].source) for n in binders.get(v, [])]
    return [name for name in cells if name in found]


# --- what is reached of helpers ---


class _Module:
    """A module of `helpers`: the statements that bind each name, and where imported names lie."""

    def __init__(self, name: str):
        self.name = name
        path = ROOT.joinpath(*name.split("."))
        self.path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        self.bindings, self.imports = {}, {}
        for node in ast.parse(self.path.read_text(encoding="utf-8")).body:
            self.imports |= imported(node)
            for variable in bound(symtable.symtable(ast.unparse(node), "module", "exec")):
                self.bindings.setdefault(variable, []).append(node)


def imported(node: ast.AST) -> dict[str, tuple[str, str]]:
    """Return what a statement imports from `helpers`: name -> module and the name in it.

    The name in it is empty where a module is imported.
    """
    if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "helpers":
        pairs = [(alias.asname or alias.name, node.module, alias.name) for alias in node.names]
        return {a: (f"{m}.{n}", "") if _is_module(f"{m}.{n}") else (m, n) for a, m, n in pairs}
    if isinstance(node, ast.Import):
        return {a.asname: (a.name, "") for a in node.names if a.asname and _is_module(a.name)}
    return {}


@cache
def _is_module(name: str) -> bool:
    """Tell whether a dotted name is a module or package of `helpers`."""
    path = ROOT.joinpath(*name.split("."))
    return name.startswith("helpers") and (path.is_dir() or path.with_suffix(".py").exists())


@cache
def _module(name: str) -> _Module:
    return _Module(name)


def _uses(node: ast.AST, imports: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield what code uses of the names that are imported from `helpers`: module and name."""
    parts = {}
    for part in ast.walk(node):
        imports = imports | imported(part)
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            parts[part.value] = part.attr
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in imports:
            module, name = imports[part.id]
            yield module, name or parts.get(part, "")


def reached(notebook: NotebookNode, ids: Iterable[str], showing: bool = True) -> dict[str, str]:
    """Return the code that cells reach, by a name: the cells, and definitions in `helpers`.

    Without `showing`, what makes figures, views and sentences is left out, unless the last cell
    uses a figure's function by itself.
    """
    cells = code_cells(notebook)
    imports = {}
    for name in ALWAYS:
        if name in cells:
            for node in ast.walk(ast.parse(cells[name].source)):
                imports |= imported(node)
    found, waiting = {}, []
    for n, name in enumerate(ids := list(ids)):
        tree = ast.parse(cells[name].source)
        found[name] = plain_code(tree)
        uses = list(_uses(tree, imports))
        left = WORDING if n == len(ids) - 1 else DRAWING + WORDING
        waiting += [use for use in uses if showing or not use[0].startswith(left)]
    while waiting:
        module, name = waiting.pop()
        if f"{module}:{name}" not in found:
            code, uses = _definition(module, name)
            found[f"{module}:{name}"] = code
            waiting += [use for use in uses if showing or not use[0].startswith(WORDING)]
    return found


@cache
def _definition(module: str, name: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the code that binds a name in a module, and what it uses in turn.

    An empty name stands for the whole module; a name that the module only imports has no code.
    """
    at = _module(module)
    if name in at.imports:
        return "", [at.imports[name]]
    nodes = at.bindings.get(name) or [node for each in at.bindings.values() for node in each]
    names = {n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)}
    uses = [(module, n) for n in names & at.bindings.keys() - at.imports.keys()]
    uses += [use for node in nodes for use in _uses(node, at.imports)]
    return "\n".join(map(plain_code, nodes)), uses


def claim_code(notebook: NotebookNode, cell_id: str) -> dict[str, str]:
    """Return the code that decides whether a claim holds: that which its cell reaches."""
    return reached(notebook, needed(notebook, cell_id), showing=False)


def output_code(notebook: NotebookNode) -> dict[str, str]:
    """Return the code that decides what a notebook shows, and the pages of the views it uses.

    How messages are looked up is left out: it changes nothing in English, and which Korean they
    have is for `records`.
    """
    found = reached(notebook, code_cells(notebook).keys() - set(ALWAYS))
    code = {name: text for name, text in found.items() if not name.startswith("helpers.messages")}
    views = {name.split(":")[0].split(".")[-1] for name in code if name.startswith("helpers.views")}
    for page in sorted(VIEWS.glob("*.*")):
        shared = page.suffix in (".css", ".js") and views
        if shared or (page.suffix == ".html" and page.stem in views):
            code[page.name] = page.read_text(encoding="utf-8")
    return code


def code_hash(code: dict[str, str]) -> str:
    """Return eight hexadecimal digits that change when any of the code does."""
    text = "\n\0".join(f"{name}\n{source}" for name, source in sorted(code.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def trains(code: dict[str, str]) -> bool:
    """Tell whether code trains anything."""
    return any(name.startswith("helpers.training:train") for name in code) or any(
        "backward" in source for source in code.values()
    )


def plain_code(tree: ast.AST) -> str:
    """Return code without comments, docstrings and layout, alike in all versions of Python."""
    if isinstance(tree, ast.AST):
        parts = []
        for field, value in ast.iter_fields(tree):
            if field == "body" and isinstance(value, list):
                value = value[_has_docstring(value) :]
            if value not in (None, [], "") and field not in ("kind", "ctx", "type_comment"):
                parts.append(f"{field}={plain_code(value)}")
        return f"{type(tree).__name__}({', '.join(parts)})"
    if isinstance(tree, list):
        return f"[{', '.join(map(plain_code, tree))}]"
    return repr(tree)


def _has_docstring(body: list[ast.stmt]) -> bool:
    """Tell whether a body begins with a string alone."""
    first = body[0] if body else None
    return isinstance(first, ast.Expr) and isinstance(getattr(first.value, "value", None), str)
