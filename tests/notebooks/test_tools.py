import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import v4

from tools.notebooks import execute, kernel, seeds
from tools.notebooks.files import METADATA, ToolError, find, read, write
from tools.notebooks import plaintext as text
from tools.notebooks.records import read_held

SOLUTION = '''<details><summary>Solution</summary>

```python
def softmax(scores):
    """Return shares, $\\frac{e^x}{\\sum e^x}$."""
    return scores.exp() / scores.exp().sum()
```

</details>'''

SOURCES = [
    "# Title\n\nA promise.",
    SOLUTION,
    "$$\n\\begin{aligned}\na &= b \\\\\n c &= d\n\\end{aligned}\n$$",
    "%matplotlib inline\nx = 1  # %% not at the start",
    'text = """\n# %% [code] id=no-cell\n\\# %%\n\\\\# %% x\n"""',
    "    indented first line\n\n\n\nafter blank lines",
    "",
    "한국어 `코드` 😀",
]


ENVIRONMENT = """names = ["TQDM_DISABLE", "COURSE_SEED", "COURSE_STRICT"]
found = [os.environ.get(name) for name in names]
[*found, os.environ.get("MPLBACKEND") == "Agg"]"""


def code(source, id, **metadata):
    return v4.new_code_cell(source, id=id, metadata=metadata)


def markdown(source, id="title", **metadata):
    return v4.new_markdown_cell(source, id=id, metadata=metadata)


def notebook(*cells):
    return v4.new_notebook(cells=list(cells), metadata=METADATA, nbformat_minor=5)


@pytest.fixture
def folder(tmp_path):
    """Return a folder for notebooks that has one edition and no notebook."""
    (tmp_path / "en").mkdir()
    return tmp_path


def put(folder, *cells, stem="01_tiny"):
    path = folder / "en" / f"{stem}.ipynb"
    write(notebook(*cells), path)
    return path


# --- text


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("make", [v4.new_markdown_cell, v4.new_code_cell, v4.new_raw_cell])
def test_text_keeps_a_source(make, source):
    before = notebook(make("first", id="first"), make(source, id="x"), make("last", id="last"))
    assert text.pack(text.unpack(before)) == before


@given(st.lists(st.text(alphabet="# %\\|ax\"'\n[]=", max_size=30), max_size=4))
def test_text_keeps_any_source(sources):
    cells = [code(source.strip("\n"), f"c{i}") for i, source in enumerate(sources)]
    assert text.pack(text.unpack(notebook(*cells))) == notebook(*cells)


@given(
    *[st.text(alphabet="#| %\\a:\n\r한\u2028", max_size=30)] * 3,
    st.sampled_from(["slide_text", "slide_notes", "slide_show"]),
)
def test_text_keeps_any_field_and_the_source_below(value, other, source, key):
    metadata = {key: value, "slide_notes": other}
    before = notebook(markdown(source.replace("\r", "").strip("\n"), **metadata))
    assert text.pack(text.unpack(before)) == before


def test_text_shows_fields_on_lines_of_their_own():
    cell = markdown("Prose.", slide_text="One.\n\n- two", slide_notes="2 min. Ask?", x=1)
    assert text.unpack(notebook(cell)) == (
        '# %% [markdown] id=title meta={"x": 1}\n'
        "#| slide: One.\n#|\n#|   - two\n#| notes: 2 min. Ask?\nProse.\n"
    )


@pytest.mark.parametrize("line", ["#| slides: x", "#|slide: x", "#|   x", "#| note"])
def test_text_names_a_field_that_is_none(line):
    with pytest.raises(ToolError, match="line 2: .* is no field"):
        text.pack(f"# %% [markdown] id=title\n{line}\nProse.\n")


@pytest.mark.parametrize(
    "metadata",
    [
        {"tags": ["claim", "teaches:attention.attend"], "slideshow": {"slide_type": "-"}},
        {"tags": []},
        {"tags": ["two words", "b"]},
        {"slideshow": {}},
        {"slideshow": {"slide_type": ""}},
        {"slideshow": {"slide_type": "slide", "other": 1}},
        {"source_hash": "a1b2", "nested": {"text": ' meta={"x": "한"}\n# %%'}},
    ],
)
def test_text_keeps_metadata(metadata):
    before = notebook(markdown("prose", **metadata), code("1", "one", **metadata))
    assert text.pack(text.unpack(before)) == before


def test_text_round_trip_of_files_changes_no_byte(tmp_path, capsys):
    stored = notebook(markdown("# Title"), code("1 + 1", "sum"))
    stored.cells[1].outputs = [v4.new_output("execute_result", {"text/plain": "2"})]
    stored.cells[1].execution_count = 1
    stored.metadata["edition"] = "en"
    path = tmp_path / "01.ipynb"
    write(stored, path)
    before = path.read_bytes()
    assert text.main(["unpack", str(path), "-o", str(tmp_path / "01.txt")]) == 0
    assert text.main(["pack", str(tmp_path / "01.txt"), str(path)]) == 0
    assert path.read_bytes() == before
    assert "2 cells; 1 of 1 code cells keep" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("source", "id", "kept"),
    [("1 + 1", "sum", True), ("1 + 2", "sum", False), ("1 + 1", "other", False)],
)
def test_text_keeps_outputs_of_the_same_code_only(source, id, kept):
    stored = notebook(code("1 + 1", "sum"))
    stored.cells[0].outputs = [v4.new_output("stream", text="2")]
    stored.cells[0].execution_count = 7
    (cell,) = text.pack(f"# %% [code] id={id}\n{source}", stored).cells
    assert (len(cell.outputs), cell.execution_count) == ((1, 7) if kept else (0, None))


def test_text_example_in_the_manual_is_valid():
    lines = [line.removeprefix("    ") for line in text.__doc__.split("\n")]
    example = "\n".join(lines[lines.index("# %% [markdown] id=title slide=slide") :])
    packed = text.pack(example.split("\nThe rules")[0])
    assert [cell.id for cell in packed.cells] == ["title", "attend", "next"]
    assert packed.cells[1].metadata["tags"] == ["teaches:attention.attend", "claim"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("# %% [code] id=a\n# %% [code] id=a\n", "line 2: an earlier cell has the id 'a'"),
        ("# %% [code]\n", "line 1: the header has no id"),
        ('# %% [code] id="a"\n', "line 1: the header has the id"),
        ("hello\n# %% [code] id=a\n", "line 1: 'hello' stands before the first cell"),
        ("# %% id=a\n", r"line 1: a header begins `# %% \[markdown\]`"),
        ("# %% [cod] id=a\n", "line 1: a header begins"),
        ("# %%\n", "line 1: a header begins"),
        ("# %% [code] id=a tag=b\n", "line 1: 'tag' is not a field"),
        ("# %% [code] id=a meta={} tags=b\n", "line 1: meta= takes a JSON object and stands last"),
        ("# %% [code] id=a meta=[]\n", "line 1: meta= takes a JSON object"),
    ],
)
def test_text_names_the_mistake(given, message):
    with pytest.raises(ToolError, match=message):
        text.pack(given)


def test_text_refuses_what_it_cannot_hold():
    cell = markdown("![](attachment:a.png)")
    cell.attachments = {"a.png": {"image/png": "AA=="}}
    with pytest.raises(ToolError, match="'title' has attachments"):
        text.unpack(notebook(cell))
    old = v4.new_notebook(nbformat_minor=4)
    old.cells = [nbformat.from_dict({"cell_type": "code", "source": "1", "metadata": {}})]
    with pytest.raises(ToolError, match="a cell has no id: '1'"):
        text.unpack(old)


@pytest.mark.parametrize("command", [["unpack", "no.ipynb"], ["pack", "no.txt", "no.ipynb"]])
def test_text_names_an_unknown_file(command, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert text.main(command) == 1
    assert f"{command[1]} is not a file" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


# --- execute


def test_execute_stores_the_same_bytes_twice(folder, monkeypatch, tmp_path_factory):
    startup = tmp_path_factory.mktemp("ipython") / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("leaked = True")
    monkeypatch.setenv("IPYTHONDIR", str(startup.parents[1]))
    monkeypatch.setenv("COURSE_SEED", "3")
    monkeypatch.setenv("COURSE_STRICT", "1")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    path = put(
        folder,
        markdown("# Title"),
        code("import os, sys\nprint('a')\nprint('b')", "imports", collapsed=True),
        code("", "empty"),
        code("assert 'leaked' not in globals()\nos.path.basename(os.getcwd())", "where"),
        code(ENVIRONMENT, "env"),
        code("print('x', end='\\r'); print('y', file=sys.stderr)", "streams"),
    )
    assert execute.stored(path)
    first = path.read_bytes()
    assert execute.stored(path)
    assert path.read_bytes() == first
    cells = {cell.id: cell for cell in read(path).cells}
    counts = [cells[id].execution_count for id in ("imports", "empty", "where", "env", "streams")]
    assert counts == [1, None, 2, 3, 4]
    assert [output.text for output in cells["imports"].outputs] == ["a\nb\n"]
    assert cells["where"].outputs[0].data["text/plain"] == "'en'"
    assert cells["env"].outputs[0].data["text/plain"] == "['1', None, None, False]"
    assert all(not cell.metadata for cell in cells.values())
    assert read(path).metadata == METADATA
    assert list(json.loads((folder / "seconds.json").read_text())) == ["en/01_tiny"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 / 0", "en/01_tiny, cell bad: ZeroDivisionError: division by zero"),
        ("import time; time.sleep(60)", "en/01_tiny, cell bad: took more than 2 seconds"),
        ("import os; os._exit(1)", "en/01_tiny, cell bad: the kernel died"),
    ],
)
def test_execute_leaves_a_failing_notebook_alone(folder, capsys, monkeypatch, source, message):
    monkeypatch.setattr(kernel, "TIMEOUT", 2)
    path = put(folder, code("1", "good"), code(source, "bad"), code("2", "after"))
    before = path.read_bytes()
    assert not execute.stored(path)
    assert message in capsys.readouterr().err
    assert path.read_bytes() == before
    assert not (folder / "seconds.json").exists()


def test_find_says_what_there_is(folder):
    put(folder, stem="01_a")
    put(folder, stem="02_b")
    assert [path.stem for path in find("02", folder)] == ["02_b"]
    with pytest.raises(ToolError, match="begins with '03'; there is 01_a, 02_b"):
        find("03", folder)


# --- seeds


def test_seeds_shows_and_notes_which_claim_fails_under_which_seed(folder, capsys):
    claim = '[[claim]]\nnotebook = "{}"\ncell = "{}"\ntext = "."\n'
    registry = folder / "claims.toml"
    wanted = [("01_tiny", "holds"), ("01_tiny", "breaks"), ("01_tiny", "gone"), ("02_b", "no")]
    registry.write_text("\n".join(claim.format(*each) for each in wanted))
    path = put(
        folder,
        code("import os\nseed = int(os.environ['COURSE_SEED'])", "setup"),
        code("assert seed < 9", "holds"),
        code("assert seed < 1, 'too big'", "breaks"),
        code("1 / (1 - seed)", "other"),
    )
    before = path.read_bytes()
    assert not seeds.check(path, [0, 1])
    shown = capsys.readouterr().out.splitlines()
    assert [line.split() for line in shown[:5]] == [
        ["en/01_tiny", "0", "1"],
        ["holds", "pass", "pass"],
        ["breaks", "pass", "FAIL"],
        ["gone", "no", "cell", "no", "cell"],
        ["other", "pass", "FAIL"],
    ]
    assert "  seed 1, cell breaks: AssertionError: too big" in shown
    assert path.read_bytes() == before

    assert read_held(path) == {"holds": [0, 1], "breaks": [0], "gone": []}

    registry.write_text("\n".join(claim.format(*each) for each in wanted[:2]))
    assert seeds.check(path, [0])
    assert not seeds.check(path, [2])
    assert read_held(path) == {"holds": [0, 1, 2], "breaks": [0]}
    put(folder, code("import os\nseed = 0", "setup"), code("assert True", "holds"))
    assert read_held(path) == {}


def test_seeds_marks_what_a_dead_kernel_left_undone(folder):
    path = put(folder, code("import os; os._exit(1)", "dies"), code("assert True", "claim"))
    results, errors = seeds.outcomes(path, 0)
    assert results == {"dies": "FAIL", "claim": "not run"}
    assert errors == {"dies": "the kernel died"}


def test_stored_form_is_valid_and_complete(folder):
    with pytest.raises(nbformat.ValidationError):
        write(notebook(code("1", "not a valid id")), folder / "en" / "03.ipynb")
    assert not (folder / "en" / "03.ipynb").exists()
