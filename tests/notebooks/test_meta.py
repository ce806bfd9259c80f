"""Tests about tests: each can fail, none is skipped without a word."""

import ast
from types import SimpleNamespace

import pytest

from tests import conftest
from tests.support.stored import ROOT

FILES = sorted((ROOT / "tests").rglob("test_*.py"))
RAISES = ("raises", "warns")
SKIPS = ("skip", "skipif", "xfail", "importorskip")


def name_of(call):
    """Return the last name of what is called, as in torch.testing.assert_close."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def own(function):
    """Yield the nodes of a function, those of the functions within it left out."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from own(node)


def can_fail(test):
    """Tell whether a test asserts, expects an error, or calls a helper that does."""
    calls = [name_of(node) for node in ast.walk(test) if isinstance(node, ast.Call)]
    asserts = any(isinstance(node, ast.Assert) for node in ast.walk(test))
    return asserts or any(n in RAISES or n.startswith(("assert_", "check_")) for n in calls)


def is_constant(test):
    """Tell whether an asserted expression names nothing, or is a tuple, which is always true."""
    names = any(isinstance(node, ast.Name) for node in ast.walk(test))
    return not names or isinstance(test, ast.Tuple)


def is_silent_skip(node):
    """Tell whether a node skips or excuses a test and gives no reason."""
    if isinstance(node, ast.Attribute) and node.attr in SKIPS[:3]:
        return getattr(node.value, "attr", "") == "mark"
    if not isinstance(node, ast.Call) or name_of(node) not in SKIPS:
        return False
    reasons = [k.value for k in node.keywords if k.arg in ("reason", "msg")]
    if name_of(node) == "skip" and node.args:
        reasons.append(node.args[0])
    return not any(not isinstance(r, ast.Constant) or str(r.value or "").strip() for r in reasons)


def hollow_parts(source, filename):
    """Return the tests of a file that cannot fail and the skips that give no reason."""
    tree = ast.parse(source)
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    tests = [function for function in functions if function.name.startswith("test_")]
    if not tests:
        yield f"{filename} holds no test"
    for test in tests:
        if not can_fail(test):
            yield f"{filename}:{test.lineno}: {test.name} asserts nothing"
        for node in own(test):
            if isinstance(node, ast.Return) and node.value is None:
                yield f"{filename}:{node.lineno}: {test.name} may return before it asserts"
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and is_constant(node.test):
            yield f"{filename}:{node.lineno}: assert {ast.unparse(node.test)} tests nothing"
        if id(node) not in called and is_silent_skip(node):
            yield f"{filename}:{node.lineno}: a skip without a reason"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_test_can_fail(path):
    told = list(hollow_parts(path.read_text(encoding="utf-8"), path.name))
    assert not told, "\n".join(told)


def test_this_very_file_is_among_them():
    assert ROOT / "tests" / "test_meta.py" in FILES


@pytest.mark.parametrize("forbidden", [False, True])
def test_a_skipped_test_fails_where_nothing_may_be_skipped(forbidden):
    item = SimpleNamespace(config=SimpleNamespace(getoption=lambda name: forbidden))
    report = SimpleNamespace(skipped=True, outcome="skipped", longrepr=("file", 1, "no browser"))
    hook = conftest.pytest_runtest_makereport(item)
    next(hook)
    with pytest.raises(StopIteration) as done:
        hook.send(report)
    assert done.value.value is report
    assert report.outcome == ("failed" if forbidden else "skipped")
    assert "no browser" in report.longrepr[-1] or "no browser" in report.longrepr


# --- the rules seen to fail ---


@pytest.mark.parametrize(
    "source",
    [
        "def test_x():\n    assert f(1) == 2\n",
        "class TestX:\n    def test_x(self):\n        with raises(OSError):\n            f()\n",
        "def test_x():\n    torch.testing.assert_close(f(1), 2)\n",
        "def test_x():\n    check_shape(f)\n",
        "@pytest.mark.skipif(old, reason='needs 3.12')\ndef test_x():\n    assert f()\n",
        "def test_x():\n    if not gpu:\n        pytest.skip('no GPU here')\n    assert f()\n",
        "def test_x():\n    def g(x):\n        return\n    assert f(g)\n",
    ],
)
def test_a_sound_test_passes(source):
    assert list(hollow_parts(source, "here")) == []


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("def helper():\n    assert f()\n", "holds no test"),
        ("def test_x():\n    f()\n", "asserts nothing"),
        ("def test_x():\n    f()\n\ndef test_y():\n    assert f()\n", "test_x asserts nothing"),
        ("class TestX:\n    def test_x(self):\n        print(1)\n", "asserts nothing"),
        ("def test_x():\n    assert True\n", "assert True tests nothing"),
        ("def test_x():\n    assert 1 + 1 == 2\n", "tests nothing"),
        ("def test_x():\n    assert (f(), 'message')\n", "tests nothing"),
        ("def test_x():\n    if not f():\n        return\n    assert f()\n", "may return"),
        ("def test_x():\n    pytest.skip()\n    assert f()\n", "without a reason"),
        ("def test_x():\n    pytest.skip('')\n    assert f()\n", "without a reason"),
        ("@pytest.mark.skip\ndef test_x():\n    assert f()\n", "without a reason"),
        ("@pytest.mark.skipif(old)\ndef test_x():\n    assert f()\n", "without a reason"),
        ("@pytest.mark.xfail\ndef test_x():\n    assert f()\n", "without a reason"),
        ("gpu = pytest.importorskip('gpu')\ndef test_x():\n    assert gpu\n", "without a reason"),
    ],
)
def test_a_hollow_test_is_told(source, told):
    (said,) = hollow_parts(source, "here")
    assert told in said
