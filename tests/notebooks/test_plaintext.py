"""tools.notebooks.plaintext: a notebook unpacked to text and packed again is the same notebook."""

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import v4

from tests.support.toys import code, markdown, notebook
from tools.notebooks import plaintext
from tools.notebooks.notebook_files import ToolError, write

SOURCES = [
    "# Title\n\nA promise.",
    "$$\n\\begin{aligned}\na &= b \\\\\n c &= d\n\\end{aligned}\n$$",
    "%matplotlib inline\nx = 1  # %% not at the start",
    'text = """\n# %% [code] id=no-cell\n\\# %%\n\\\\# %% x\n"""',
    "    indented first line\n\n\n\nafter blank lines",
    "",
    "한국어 `코드` 😀",
]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("make", [v4.new_markdown_cell, v4.new_code_cell, v4.new_raw_cell])
def test_a_source_comes_back(make, source):
    before = notebook(make("first", id="first"), make(source, id="x"), make("last", id="last"))
    assert plaintext.pack(plaintext.unpack(before)) == before


@given(st.lists(st.text(alphabet="# %\\|ax\"'\n[]=", max_size=30), max_size=4))
def test_any_source_comes_back(sources):
    cells = [code(source.strip("\n"), f"c{i}") for i, source in enumerate(sources)]
    assert plaintext.pack(plaintext.unpack(notebook(*cells))) == notebook(*cells)


@given(
    *[st.text(alphabet="#| %\\a:\n\r한\u2028", max_size=30)] * 3,
    st.sampled_from(["slide_text", "slide_notes", "slide_show"]),
)
def test_any_field_and_the_source_below_it_come_back(value, other, source, key):
    metadata = {key: value, "slide_notes": other}
    before = notebook(markdown(source.replace("\r", "").strip("\n"), **metadata))
    assert plaintext.pack(plaintext.unpack(before)) == before


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
def test_metadata_come_back(metadata):
    before = notebook(markdown("prose", **metadata), code("1", "one", **metadata))
    assert plaintext.pack(plaintext.unpack(before)) == before


def test_fields_stand_on_lines_of_their_own():
    cell = markdown("Prose.", slide_text="One.\n\n- two", slide_notes="2 min. Ask?", x=1)
    assert plaintext.unpack(notebook(cell)) == (
        '# %% [markdown] id=title meta={"x": 1}\n'
        "#| slide: One.\n#|\n#|   - two\n#| notes: 2 min. Ask?\nProse.\n"
    )


def test_the_example_of_the_manual_is_valid():
    lines = [line.removeprefix("    ") for line in plaintext.__doc__.split("\n")]
    example = "\n".join(lines[lines.index("# %% [markdown] id=title slide=slide") :])
    packed = plaintext.pack(example.split("\nThe rules")[0])
    assert [cell.id for cell in packed.cells] == ["title", "attend", "next"]
    assert packed.cells[1].metadata["tags"] == ["teaches:attention.attend", "claim"]


def test_a_file_unpacked_and_packed_keeps_every_byte(tmp_path, capsys):
    stored = notebook(markdown("# Title"), code("1 + 1", "sum"))
    stored.cells[1].outputs = [v4.new_output("execute_result", {"text/plain": "2"})]
    stored.cells[1].execution_count = 1
    stored.metadata["edition"] = "en"
    path, text = tmp_path / "01.ipynb", tmp_path / "01.txt"
    write(stored, path)
    before = path.read_bytes()
    assert plaintext.main(["unpack", str(path), "-o", str(text)]) == 0
    assert plaintext.main(["pack", str(text), str(path)]) == 0
    assert path.read_bytes() == before
    assert "2 cells; 1 of 1 code cells keep" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("source", "id", "kept"),
    [("1 + 1", "sum", True), ("1 + 2", "sum", False), ("1 + 1", "other", False)],
)
def test_outputs_stay_with_the_same_code_only(source, id, kept):
    stored = notebook(code("1 + 1", "sum"))
    stored.cells[0].outputs = [v4.new_output("stream", text="2")]
    stored.cells[0].execution_count = 7
    (cell,) = plaintext.pack(f"# %% [code] id={id}\n{source}", stored).cells
    assert (len(cell.outputs), cell.execution_count) == ((1, 7) if kept else (0, None))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# %% [code] id=a\n# %% [code] id=a\n", "line 2: an earlier cell has the id 'a'"),
        ("# %% [code]\n", "line 1: the header has no id"),
        ('# %% [code] id="a"\n', "line 1: the header has the id"),
        ("hello\n# %% [code] id=a\n", "line 1: 'hello' stands before the first cell"),
        ("# %% [cod] id=a\n", r"line 1: a header begins `# %% \[markdown\]`"),
        ("# %% [code] id=a tag=b\n", "line 1: 'tag' is not a field"),
        ("# %% [code] id=a meta={} tags=b\n", "line 1: meta= takes a JSON object and stands last"),
        ("# %% [code] id=a\n#| slides: x\n", "line 2: .* is no field"),
        ("# %% [code] id=a\n#|   x\n", "line 2: .* is no field"),
    ],
)
def test_a_mistake_is_named_with_its_line(text, message):
    with pytest.raises(ToolError, match=message):
        plaintext.pack(text)


def test_what_text_cannot_hold_is_refused():
    cell = markdown("![](attachment:a.png)")
    cell.attachments = {"a.png": {"image/png": "AA=="}}
    with pytest.raises(ToolError, match="'title' has attachments"):
        plaintext.unpack(notebook(cell))
    old = v4.new_notebook(nbformat_minor=4)
    old.cells = [nbformat.from_dict({"cell_type": "code", "source": "1", "metadata": {}})]
    with pytest.raises(ToolError, match="a cell has no id: '1'"):
        plaintext.unpack(old)


@pytest.mark.parametrize("command", [["unpack", "no.ipynb"], ["pack", "no.txt", "no.ipynb"]])
def test_a_file_that_is_not_there_is_named_and_nothing_written(
    command, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert plaintext.main(command) == 1
    assert f"{command[1]} is not a file" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
