"""tools.notebooks.sync: what the Korean edition copies, what it keeps, what is declared."""

import json

import pytest
from nbformat.v4 import new_output

from tests.support.toys import code, markdown, notebook
from tools.notebooks import execute, plaintext, shown, sync
from tools.notebooks.notebook_files import ROOT, ToolError, find, read, twin, write
from tools.publish.colab_links import Address, set_up, without_marks

VERDICT = """import os


def check(answer):
    return {"en": "Not yet.", "ko": "아직입니다."}[os.environ["COURSE_EDITION"]], answer(), base"""
SHOWING = f"""import sys

sys.path.insert(0, {str(ROOT)!r})
from helpers.measured import measured
from helpers.messages import show

base = show("12 words"), measured("{{share:.0%}} of it.", share=0.5)"""
COLAB = "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://x)"


def toy():
    """Return a notebook of a title, code, a figure, an exercise and a cell that tells."""
    return notebook(
        markdown("# One\n\nIt promises.", "title", slide_notes="1 min. Ask."),
        code("import os\n\nos.environ.setdefault('COURSE_EDITION', 'en')", "setup"),
        code(VERDICT, "imports"),
        code("base = 2", "base"),
        code("told = None", "unneeded"),
        code("1 + 1", "figure", alt="A curve that falls."),
        code("def answer():\n    pass", "exercise-x-stub", "stub"),
        code("check(answer)", "exercise-x-check", "check", needs=["base"]),
        code("print(os.environ['COURSE_EDITION'])", "says"),
    )


@pytest.fixture
def origin(tmp_path, monkeypatch):
    """Return the path of an English notebook as it is stored; there is no address."""
    monkeypatch.setattr(sync, "read_address", Address)
    (tmp_path / "helpers").mkdir()  # the set-up cell looks for it
    path = tmp_path / "notebooks" / "en" / "01_toy.ipynb"
    made = toy()
    for count, cell in enumerate(made.cells[1:], start=1):
        cell.execution_count = count
        cell.outputs = [new_output("execute_result", {"text/plain": "en"}, execution_count=count)]
    write(made, path)
    return path


def cells(path):
    return {cell.id: cell for cell in read(path).cells}


def change(path, id, **changes):
    """Change a stored cell."""
    made = read(path)
    next(cell for cell in made.cells if cell.id == id).update(changes)
    write(made, path)


def translate(path):
    """Write Korean into all cells of the toy's twin."""
    change(
        path, "title", source="# 하나\n\n약속입니다.", metadata={"slide_notes": "1분. 묻습니다."}
    )
    change(path, "figure", metadata={"alt": "내려가는 곡선입니다."})


def test_a_new_notebook_comes_in_english_and_without_outputs(origin):
    target = twin(origin)
    lines = sync.sync(origin)
    assert lines == ["ko/01_toy title: untranslated", "ko/01_toy figure: untranslated"]
    one, other = cells(origin), cells(target)
    assert list(one) == list(other)
    assert other["setup"].source == set_up("ko", Address())
    assert without_marks(other["title"].source) == "# One\n\nIt promises."
    for name in ("imports", "base", "unneeded", "figure", "exercise-x-stub"):
        assert one[name].source == other[name].source and other[name].outputs == []
    before = target.read_bytes(), origin.read_bytes()
    assert sync.sync(origin) == lines
    assert (target.read_bytes(), origin.read_bytes()) == before


def test_twins_lead_to_one_another(origin):
    sync.sync(origin)
    assert "\n\n[한국어](../ko/01_toy.ipynb)" in cells(origin)["title"].source
    assert "\n\n[English](../en/01_toy.ipynb)" in cells(twin(origin))["title"].source


def test_korean_prose_stays_and_code_follows(origin):
    sync.sync(origin)
    translate(twin(origin))
    change(origin, "base", source="base = 3", outputs=[])
    change(origin, "figure", execution_count=9)
    assert sync.sync(origin) == ["ko/01_toy title: stale", "ko/01_toy figure: stale"]
    made = cells(twin(origin))
    assert made["title"].source.startswith("# 하나\n\n약속입니다.")
    assert made["title"].metadata["slide_notes"] == "1분. 묻습니다."
    assert made["figure"].metadata["alt"] == "내려가는 곡선입니다."
    assert made["base"].source == "base = 3" and made["figure"].execution_count == 9


def test_outputs_stay_until_their_code_changes(origin):
    sync.sync(origin)
    result = new_output("execute_result", {"text/plain": "하나"}, execution_count=5)
    for name in ("base", "figure"):
        change(twin(origin), name, outputs=[result])
    change(origin, "base", source="base = 3")
    sync.sync(origin)
    made = cells(twin(origin))
    assert made["base"].outputs == [] and made["figure"].outputs == [result]


def test_a_cell_declared_rendered_is_stale_once_the_english_changes(origin):
    sync.sync(origin)
    translate(twin(origin))
    assert sync.declare(origin, []) == 2
    assert sync.sync(origin) == []
    change(origin, "base", source="base = 4")
    assert sync.sync(origin) == []
    change(origin, "figure", metadata={"alt": "A curve that rises."})
    assert sync.sync(origin) == ["ko/01_toy figure: stale"]
    assert sync.declare(origin, ["figure"]) == 1
    assert sync.sync(origin) == []
    change(origin, "title", source="# One\n\nIt promises more.")
    assert sync.sync(origin) == ["ko/01_toy title: stale"]


def test_badge_and_link_make_nothing_stale(origin):
    sync.sync(origin)
    translate(twin(origin))
    sync.declare(origin, [])
    change(
        origin,
        "title",
        source=f"# One\n\nIt promises.\n\n{COLAB} · [한국어](../ko/01_toy.ipynb)",
    )
    assert sync.sync(origin) == []
    assert "colab" not in cells(origin)["title"].source


def test_new_and_lost_cells_are_named(origin):
    sync.sync(origin)
    translate(twin(origin))
    sync.declare(origin, [])
    made = read(origin)
    made.cells[3:5] = [markdown("More words.", "more")]
    made.cells[-2].metadata.pop("needs")
    write(made, origin)
    change(origin, "imports", source=VERDICT.replace(", base", ""))
    assert sync.sync(origin) == [
        "ko/01_toy base: gone",
        "ko/01_toy unneeded: gone",
        "ko/01_toy more: untranslated",
    ]
    assert list(cells(twin(origin))) == list(cells(origin))
    assert sync.sync(origin) == ["ko/01_toy more: untranslated"]


def test_a_field_that_the_twin_lost_goes_and_one_that_it_got_comes(origin):
    sync.sync(origin)
    translate(twin(origin))
    sync.declare(origin, [])
    change(origin, "title", metadata={"slide_text": "Short."})
    assert sync.sync(origin) == ["ko/01_toy title: untranslated"]
    metadata = cells(twin(origin))["title"].metadata
    assert metadata["slide_text"] == "Short." and "slide_notes" not in metadata


@pytest.mark.parametrize(
    ("wanted", "message"),
    [([], "no Korean in title, figure: write it"), (["figure"], "in figure"), (["no"], "cell no")],
)
def test_a_cell_without_korean_cannot_be_declared(origin, wanted, message):
    sync.sync(origin)
    with pytest.raises(ToolError, match=message):
        sync.declare(origin, wanted)
    change(twin(origin), "title", source="# One\n\n하나.", metadata={"slide_notes": "1 min. Ask."})
    with pytest.raises(ToolError, match="in title"):
        sync.declare(origin, ["title"])


def test_cells_without_words_need_no_korean(origin):
    made = read(origin)
    made.cells.insert(1, markdown("$$\n\\text{softmax}(x)\n$$\n\n`code`", "formula"))
    write(made, origin)
    assert "ko/01_toy formula: stale" in sync.sync(origin)
    assert sync.declare(origin, ["formula"]) == 1


def test_a_text_can_be_packed_over_the_korean_notebook(origin, tmp_path):
    sync.sync(origin)
    source = plaintext.unpack(read(origin)).replace("It promises.", "약속입니다.")
    source = source.replace("1 min. Ask.", "1분. 묻습니다.")
    source = source.replace("A curve that falls.", "내려가는 곡선입니다.")
    (tmp_path / "01.txt").write_text(source, encoding="utf-8")
    twin(origin).unlink()
    assert plaintext.main(["pack", str(tmp_path / "01.txt"), str(twin(origin))]) == 0
    assert sync.sync(origin) == ["ko/01_toy title: stale", "ko/01_toy figure: stale"]
    sync.declare(origin, [])
    assert sync.sync(origin) == []
    assert cells(twin(origin))["setup"].source == set_up("ko", Address())


def test_the_commands_print_a_line_for_each_cell(origin, monkeypatch, capsys):
    monkeypatch.setattr(sync, "find", lambda start="", edition="*": find(start, folder, edition))
    monkeypatch.setattr(sync, "renew", lambda: None)
    folder = origin.parents[1]
    (folder / "ko").mkdir()
    write(notebook(), folder / "ko" / "02_lost.ipynb")
    assert sync.main(["01"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "ko/01_toy title: untranslated"
    assert lines[-1] == "ko/02_lost: gone from the English edition; remove it"
    translate(twin(origin))
    assert sync.main(["--rendered", "01", "title"]) == 0
    assert capsys.readouterr().out == "ko/01_toy: 1 cells\n"
    assert sync.main(["--rendered"]) == 0 and sync.main([]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == lines[-1:]
    assert sync.main(["01", "title"]) == 1
    assert "only --rendered takes the ids of cells" in capsys.readouterr().err


@pytest.mark.slow
def test_execute_stores_both_editions_in_kernels(origin, monkeypatch, capsys):
    folder = origin.parents[1]
    monkeypatch.setattr(execute, "find", lambda start, edition: find(start, folder, edition))
    monkeypatch.setattr(execute, "renew", lambda: None)
    assert execute.main(["01"]) == 0 and not twin(origin).exists()
    sync.sync(origin)
    change(origin, "base", source=SHOWING)
    capsys.readouterr()
    assert execute.main(["01"]) == 0
    told = capsys.readouterr().out
    assert "ko/01_toy title: untranslated" in told
    assert "2 texts wait for their Korean in korean.po" in told
    made = cells(twin(origin))
    assert made["base"].source == SHOWING and made["says"].outputs[0].text == "ko\n"
    assert "아직입니다" in str(made["exercise-x-check"].outputs)
    assert "Not yet" in str(cells(origin)["exercise-x-check"].outputs)
    assert shown.translations("01_toy", folder) == {"{0} words": "", "{share:.0%} of it.": ""}
    assert execute.main(["01", "--edition", "ko"]) == 0
    assert "en/01_toy" not in capsys.readouterr().out


# --- the catalogue of what is shown ---


def test_texts_come_and_go_with_the_notebooks_that_show_them(tmp_path):
    def note(*texts):
        path = tmp_path / "noted"
        path.write_text("".join(json.dumps(text) + "\n" for text in texts), encoding="utf-8")
        return path

    assert shown.renew("01_a", note("one", "two", "one"), tmp_path) == ["one", "two"]
    file = shown.catalogue_of(tmp_path)
    text = file.read_text(encoding="utf-8").replace('"two"\nmsgstr ""', '"two"\nmsgstr "둘"')
    file.write_text(text, encoding="utf-8")
    assert shown.renew("02_b", note("two", "three"), tmp_path) == ["three"]
    assert shown.translations("01_a", tmp_path) == {"one": "", "two": "둘"}
    assert shown.translations("02_b", tmp_path) == {"two": "둘", "three": ""}
    assert shown.renew("01_a", note(), tmp_path) == []
    assert shown.translations("01_a", tmp_path) == {}
    assert shown.translations("02_b", tmp_path) == {"two": "둘", "three": ""}
    assert shown.renew("02_b", tmp_path / "nothing", tmp_path) == []
    assert 'msgid "two"' not in file.read_text(encoding="utf-8")
