"""tools.notebooks.execute and kernel: a run is stored whole and repeatable, or not at all."""

import json

import nbformat
import pytest

from tests.support.toys import code, markdown, notebook, put
from tools.notebooks import execute, kernel
from tools.notebooks.notebook_files import METADATA, ToolError, find, read, write

ENVIRONMENT = """names = ["TQDM_DISABLE", "COURSE_SEED", "COURSE_STRICT"]
found = [os.environ.get(name) for name in names]
[*found, os.environ.get("MPLBACKEND") == "Agg"]"""


@pytest.mark.slow
def test_a_notebook_run_twice_is_stored_as_the_same_bytes(tmp_path, monkeypatch, tmp_path_factory):
    startup = tmp_path_factory.mktemp("ipython") / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("leaked = True", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(startup.parents[1]))
    monkeypatch.setenv("COURSE_SEED", "3")
    monkeypatch.setenv("COURSE_STRICT", "1")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    path = put(
        tmp_path,
        markdown("# Title"),
        code("import os, sys\nprint('a', flush=True)\nprint('b')", "imports", collapsed=True),
        code("", "empty"),
        code("assert 'leaked' not in globals()\nos.path.basename(os.getcwd())", "where"),
        code(ENVIRONMENT, "env"),
        code("print('x', end='\\r'); print('y', file=sys.stderr)", "streams"),
    )
    assert execute.store(path)
    first = path.read_bytes()
    assert execute.store(path)
    assert path.read_bytes() == first
    cells = {cell.id: cell for cell in read(path).cells}
    counts = [cells[id].execution_count for id in ("imports", "empty", "where", "env", "streams")]
    assert counts == [1, None, 2, 3, 4]
    assert [output.text for output in cells["imports"].outputs] == ["a\nb\n"]
    assert cells["where"].outputs[0].data["text/plain"] == "'en'"
    assert cells["env"].outputs[0].data["text/plain"] == "['1', None, None, False]"
    assert all(not cell.metadata for cell in cells.values())
    assert read(path).metadata == METADATA
    assert list(json.loads((tmp_path / "seconds.json").read_text("utf-8"))) == ["en/01_tiny"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 / 0", "en/01_tiny, cell bad: ZeroDivisionError: division by zero"),
        ("import time; time.sleep(60)", "en/01_tiny, cell bad: took more than 2 seconds"),
        ("import os; os._exit(1)", "en/01_tiny, cell bad: the kernel died"),
    ],
)
def test_a_notebook_that_fails_is_left_alone(tmp_path, capsys, monkeypatch, source, message):
    monkeypatch.setattr(kernel, "TIMEOUT", 2)
    path = put(tmp_path, code("1", "good"), code(source, "bad"), code("2", "after"))
    before = path.read_bytes()
    assert not execute.store(path)
    assert message in capsys.readouterr().err
    assert path.read_bytes() == before
    assert not (tmp_path / "seconds.json").exists()


def test_notebooks_are_found_by_how_their_names_begin(tmp_path):
    put(tmp_path, stem="01_a")
    put(tmp_path, stem="02_b")
    assert [path.stem for path in find("02", tmp_path)] == ["02_b"]
    with pytest.raises(ToolError, match="begins with '03'; there is 01_a, 02_b"):
        find("03", tmp_path)


def test_an_invalid_notebook_is_not_stored(tmp_path):
    made = notebook(code("1", "one"))
    made.cells[0].id = "not a valid id"
    with pytest.raises(nbformat.ValidationError):
        write(made, tmp_path / "03.ipynb")
    assert not (tmp_path / "03.ipynb").exists()
