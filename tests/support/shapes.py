"""Shape comments as contracts: `scores = query @ key.mT  # (B, T, S)` becomes an assertion.

A contract is a trailing comment that starts with a tuple of axes: capital letters, whole numbers,
`_` (any size), or letters and numbers joined by + - * // (`2*E`, `T+1`); `...` stands for any
number of axes, `(B)` is a tuple of one, `()` a scalar. What follows the parenthesis is prose.

It holds for the assignment or the `return` that ends on its line; in a signature, for the
parameters on that line; in a class body, for that field of every new object (parameters and fields
may be None). Where there are several values it speaks of the first, several tuples speak of the
first values in order, and `...` of none: `_, weights = ...  # ..., (B, T, S)`.

A letter keeps its size within one call of a function, one run of a cell, one new object. Letters
that are new in a loop are forgotten after each round.
"""

import ast
import copy
import functools
import importlib.machinery
import importlib.util
import inspect
import io
import re
import sys
import tokenize
from contextlib import contextmanager

AXIS = r"(?:[A-Z]|\d+)"
ENTRY = re.compile(rf"_|\.\.\.|{AXIS}(?:\s*(?:[-+*]|//)\s*{AXIS})*")
ITEM = re.compile(r"\s*(?:\(([^()]*)\)|\.\.\.)")
SIMPLE = ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return


# --- at run time: self-contained, for these also travel into a notebook's kernel ---


def check_shape(value, contracts, axes, where):
    """Return `axes` with the letters that the shape of `value` binds, or raise AssertionError."""
    is_shape = isinstance(value, tuple | list) and all(isinstance(n, int) for n in value)
    values = [value] if is_shape or not isinstance(value, tuple | list) else value
    if len(contracts) > len(values):
        raise AssertionError(
            f"{where}: the comment tells {len(contracts)} shapes, for {len(values)} values"
        )
    for each, contract in zip(values, contracts, strict=False):
        if contract is not None:
            axes = bind_axes(each, contract, axes, where)
    return axes


def bind_axes(value, contract, axes, where):
    """Return `axes` extended by one contract, or raise AssertionError that tells both shapes."""
    said = f"{where}: the comment says ({', '.join(contract)})"
    shape = value if isinstance(value, tuple | list) else getattr(value, "shape", None)
    if shape is None:
        raise AssertionError(f"{said}, but a {type(value).__name__} has no shape")
    shape, entries, axes = tuple(shape), list(contract), dict(axes)
    if "..." in entries:
        at = entries.index("...")
        entries[at : at + 1] = ["_"] * (len(shape) - len(entries) + 1)
    if len(entries) != len(shape):
        raise AssertionError(f"{said}, but the shape is {shape}")
    for entry, size in sorted(zip(entries, shape, strict=True), key=lambda pair: len(pair[0])):
        known = {letter: axes[letter] for letter in re.findall("[A-Z]", entry) if letter in axes}
        new = sorted(set(re.findall("[A-Z]", entry)) - known.keys())
        if len(new) > 1 or new and "//" in entry:
            raise AssertionError(f"{said}: state {', '.join(new)} on an earlier line, or write _")
        if new:  # the size that solves the entry for its one new letter
            low, high = (eval(entry, {**axes, new[0]: n}) for n in (0, 1))
            axes[new[0]] = (size - low) // ((high - low) or 1)
        if entry != "_" and eval(entry, dict(axes)) != size:
            because = "".join(f"; {letter} is {n} here" for letter, n in known.items())
            raise AssertionError(f"{said}, but the shape is {shape}{because}")
    return axes


def check_fields(contracts, where):
    """Decorate a class so that the fields of every new object keep their contracts."""

    def decorate(cls):
        made = cls.__init__

        @functools.wraps(made)
        def init(self, *args, **kwargs):
            if made is not object.__init__:
                made(self, *args, **kwargs)
            axes = {}
            for name, (contract, line) in contracts.items():
                value = getattr(self, name, None)
                if value is not None:
                    axes = check_shape(value, contract, axes, f"{where}:{line}")

        cls.__init__ = init
        return cls

    return decorate


RUNTIME = {"__check_shape__": check_shape, "__check_fields__": check_fields}


# --- reading comments ---


def read_tuple(inner):
    """Return the axes between two parentheses, or None where they hold prose."""
    axes = [axis.strip() for axis in inner.split(",")]
    if axes[-1] == "":
        axes.pop()
    good = all(ENTRY.fullmatch(axis) for axis in axes) and axes.count("...") < 2
    alone = "," not in inner and axes and not re.search("[A-Z]", inner)  # "(1) first" is prose
    return tuple(axes) if good and not alone else None


def read_comment(comment):
    """Return the contracts that a comment starts with, None for `...`; empty for prose."""
    text, found = comment.lstrip("# "), []
    while item := ITEM.match(text):
        axes = None if item[1] is None else read_tuple(item[1])
        if item[1] is not None and axes is None:
            break
        found.append(axes)
        text = text[item.end() :].lstrip()
        if not text.startswith(","):
            break
        text = text[1:]
    return tuple(found) if any(axes is not None for axes in found) else ()


def is_near_miss(comment):
    """Tell whether a comment looks like a contract that nothing can read, as (B, time, E)."""
    item = re.match(r"#\s*[(\[]([^()\[\]]*)[)\]]", comment)
    parts = [part.strip() for part in item[1].split(",")] if item else []
    letters = [part for part in parts if re.fullmatch("[A-Z]", part)]
    small = len(parts) > 1 and all(re.fullmatch("[A-Za-z]", part) for part in parts)
    return not read_comment(comment) and bool(letters or small)


def trailing_comments(source):
    """Return the comments that stand behind code, by line."""
    lines = source.splitlines()
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = [token for token in tokens if token.type == tokenize.COMMENT]
    return {t.start[0]: t.string for t in comments if lines[t.start[0] - 1][: t.start[1]].strip()}


# --- rewriting code ---


class Contracts(ast.NodeTransformer):
    """Adds an assertion behind each statement whose last line carries a contract."""

    def __init__(self, source, filename):
        self.comments = trailing_comments(source)
        self.contracts = {n: c for n, text in self.comments.items() if (c := read_comment(text))}
        self.filename, self.used = filename, set()

    def rewrite(self, tree):
        tree = self.visit(tree)
        if self.used:
            self.insert(tree, [])
        return ast.fix_missing_locations(tree)

    def insert(self, node, checks):
        """Start a body with no letters known, behind its docstring and __future__ imports."""
        start = int(ast.get_docstring(node, clean=False) is not None)
        while start < len(node.body) and getattr(node.body[start], "module", "") == "__future__":
            start += 1
        node.body[start:start] = [*ast.parse("__axes__ = {}").body, *checks]

    def check(self, name, line, at):
        """Return the statement that checks the value called `name`."""
        where = f"{self.filename}:{line}"
        call = f"__check_shape__({name}, {self.contracts[line]!r}, __axes__, {where!r})"
        statement = ast.parse(f"__axes__ = {call}").body[0]
        self.used.add(line)
        for node in ast.walk(statement):
            ast.copy_location(node, at)
        return statement

    def visit(self, node):
        line = getattr(node, "end_lineno", None)
        if not isinstance(node, SIMPLE) or line not in self.contracts or node.value is None:
            return super().visit(node)
        if isinstance(node, ast.Return):
            keep = ast.Assign([ast.Name("__value__", ast.Store())], node.value)
            node.value = ast.Name("__value__", ast.Load())
            return [ast.copy_location(keep, node), self.check("__value__", line, node), node]
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if isinstance(target, ast.Tuple) and not all(isinstance(e, ast.Name) for e in target.elts):
            return node
        return [node, self.check(ast.unparse(target), line, node)]

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        checks = []
        for arg in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]:
            line = arg.end_lineno
            if node.lineno < line < node.body[0].lineno and line in self.contracts:
                guard = ast.parse(f"if {arg.arg} is not None: pass").body[0]
                guard.body = [self.check(arg.arg, line, arg)]
                checks.append(ast.copy_location(guard, arg))
        if checks or is_checked(node):
            self.insert(node, checks)
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_For(self, node):
        self.generic_visit(node)
        if not is_checked(node):
            return node
        known = f"__axes_{node.lineno}__"
        node.body[:0] = ast.parse(f"__axes__ = {known}").body
        before, after = ast.parse(f"{known} = __axes__\n__axes__ = {known}").body
        return [before, node, after]

    visit_While = visit_For

    def visit_ClassDef(self, node):
        fields = {}
        for field in node.body:
            if isinstance(field, ast.AnnAssign) and field.end_lineno in self.contracts:
                fields[field.target.id] = self.contracts.pop(field.end_lineno), field.end_lineno
        self.generic_visit(node)
        if fields:
            decorator = ast.parse(f"__check_fields__({fields!r}, {self.filename!r})", mode="eval")
            node.decorator_list.insert(0, decorator.body)
            self.contracts.update({line: contract for contract, line in fields.values()})
            self.used.update(line for _, line in fields.values())
        return node


def is_checked(node):
    """Tell whether any statement below `node` has become a check."""
    return any(getattr(below, "id", "") == "__axes__" for below in ast.walk(node))


def instrument(source, filename):
    """Return the syntax tree of `source` with every contract an assertion (see RUNTIME)."""
    return Contracts(source, filename).rewrite(ast.parse(source, filename))


def count(source):
    """Return how many contracts of `source` are checked when it runs."""
    contracts = Contracts(source, "")
    contracts.rewrite(ast.parse(source))
    return len(contracts.used)


def letters(source):
    """Return the axis letters that the contracts of `source` use."""
    found = Contracts(source, "").contracts.values()
    return {a for c in found for axes in c for entry in axes or () for a in entry if a.isupper()}


def complaints(source, filename):
    """Return what keeps a comment that looks like a contract from being one."""
    contracts = Contracts(source, filename)
    contracts.rewrite(ast.parse(source))
    stray = sorted(contracts.contracts.keys() - contracts.used)
    for line, text in contracts.comments.items():
        if is_near_miss(text):
            yield f"{filename}:{line}: {text!r} is no shape: write capital letters, as # (B, T, E)"
    for line in stray:
        yield (
            f"{filename}:{line}: {contracts.comments[line]!r} cannot be checked: "
            "put it on the last line of an assignment or a return"
        )


# --- helpers, instrumented as they are imported ---


class Loader(importlib.machinery.SourceFileLoader):
    """Loads a module with its contracts on, and leaves no bytecode behind."""

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        source = importlib.util.decode_source(self.get_data(path))
        return compile(instrument(source, path), path, "exec")

    def exec_module(self, module):
        vars(module).update(RUNTIME)
        super().exec_module(module)


class Finder:
    """Finds the modules of one package for Loader; stands first in sys.meta_path."""

    def __init__(self, package):
        self.package = package

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] != self.package:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = Loader(name, spec.origin)
        return spec


def forget(package):
    """Drop a package and its modules from sys.modules, so that the next import reads them anew."""
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]


def install(package="helpers"):
    """Instrument every later import of `package` and return the finder that does it."""
    forget(package)
    finder = Finder(package)
    sys.meta_path.insert(0, finder)
    return finder


@contextmanager
def instrumented_helpers(package="helpers"):
    """Instrument imports of `package` within a with block; afterwards all is as before."""
    before = {name: sys.modules[name] for name in sys.modules if name.split(".")[0] == package}
    finder = install(package)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        forget(package)
        sys.modules.update(before)


# --- notebooks ---


def runtime_source():
    """Return the code that defines RUNTIME in a kernel, under names that no cell uses."""
    parts = [inspect.getsource(part) for part in (check_shape, bind_axes, check_fields)]
    source = "import functools\nimport re\n\n" + "\n".join(parts)
    names = [f"{name} = __shapes__[{value.__name__!r}]" for name, value in RUNTIME.items()]
    return "\n".join(["__shapes__ = {}", f"exec({source!r}, __shapes__)", *names])


def instrument_notebook(notebook):
    """Return a copy of a notebook whose cells check their contracts when they run."""
    made = copy.deepcopy(notebook)
    first = {"id": "shapes", "cell_type": "code", "source": runtime_source(), "metadata": {}}
    for cell in made.cells:
        if cell.cell_type == "code" and has_contracts(cell.source):
            cell.source = ast.unparse(instrument(cell.source, f"cell {cell.id}"))
    made.cells.insert(0, type(made)(first, outputs=[], execution_count=None))
    return made


def has_contracts(source):
    """Tell whether a cell that is plain Python holds a contract; a cell with magics holds none."""
    try:
        return count(source) > 0
    except (SyntaxError, tokenize.TokenError):
        return False
