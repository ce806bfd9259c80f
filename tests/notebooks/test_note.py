"""Everything that the lecture note that the course grew from says is in a cell of the core."""

import re
import tomllib

import pytest

from tests.support.stored_notebooks import EDITIONS, ROOT, Stored, tags
from tests.support.toys import code, markdown, notebook
from tools.notebooks.form import ASKS, FURTHER

TABLE = ROOT / "notebooks" / "note.toml"
PICTURE = re.compile(r"그림: (\S+)")
PICTURES = {
    *("attention_what_happen", "attention_process", "attention_table", "rnn_limit"),
    *("self_attention_compute", "sample_attention", "self_attention_ff"),
    *("self_attention_masking", "self_attention_process"),
}
DRAWN = {"attention_table": r"\b(attention_map|heatmap)\("}  # may be a figure of real weights


def read_table():
    return tomllib.loads(TABLE.read_text(encoding="utf-8")).get("said", [])


def picture(entry):
    """Return the name of the picture that an entry is about, or None."""
    named = PICTURE.fullmatch(entry["note"])
    return named and named[1]


def table_complaints(said):
    """Return what is wrong with the table by itself."""
    for entry in said:
        if entry.keys() != {"note", "cells"}:
            yield f"{entry}: an entry has note and cells"
            return
        if not entry["note"].strip():
            yield f"{entry}: its note is empty"
        if not entry["cells"]:
            yield f"{entry['note']!r} has no cell"
    notes = [" ".join(entry["note"].split()) for entry in said]
    yield from (f"{note!r} occurs twice" for note in sorted(set(notes)) if notes.count(note) > 1)
    named = {picture(entry) for entry in said} - {None}
    yield from (f"the picture {name} has no entry" for name in sorted(PICTURES - named))
    yield from (f"the note has no picture {name}" for name in sorted(named - PICTURES))


def shows(cell, name):
    """Tell whether a cell draws the diagram of this name, or the picture itself."""
    ways = rf"""\bdiagram\((["']){name}\1""", DRAWN.get(name)
    return cell.cell_type == "code" and any(re.search(way, cell.source) for way in ways if way)


def cell_complaints(stored, said):
    """Return what is wrong with the cells that the table names in one notebook."""
    for entry in said:
        for cell_name in entry["cells"]:
            notebook_name, _, name = cell_name.partition(":")
            if notebook_name != stored.name:
                continue
            where = f"{stored} cell {name}, named for {entry['note']!r},"
            if name not in stored.ids:
                yield f"{where} does not exist"
                continue
            cell = stored.cell(name)
            if ASKS.match(name):
                yield f"{where} is an exercise or a question"
            if FURTHER in tags(cell):
                yield f"{where} goes further than the core"
            if picture(entry) and not shows(cell, picture(entry)):
                yield f"{where} does not show that picture"


def notebook_complaints(names, said):
    """Return which cells of the table are of a notebook that is none of the names."""
    for cell in (cell for entry in said for cell in entry["cells"]):
        if not re.fullmatch(r"[^:]+:[^:]+", cell):
            yield f"{cell!r} is not notebook:cell"
        elif cell.partition(":")[0] not in names:
            yield f"{cell}: there is no such notebook"


def test_the_table_is_sound(notebooks):
    said = read_table()
    editions = ({n.name for n in notebooks if n.edition == edition} for edition in EDITIONS)
    wrong = *table_complaints(said), *notebook_complaints(set.intersection(*editions), said)
    assert not wrong, "\n".join(wrong)


def test_what_the_note_says_is_in_cells_of_the_core(notebook):
    wrong = list(cell_complaints(notebook, read_table()))
    assert not wrong, "\n".join(wrong)


# --- the rules seen to fail ---


def small_table():
    said = [{"note": f"그림: {name}", "cells": ["00_toy:map"]} for name in sorted(PICTURES)]
    return [*said, {"note": "병목현상을 해결한다.", "cells": ["00_toy:claim-curve"]}]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda said: None, ""),
        (lambda said: said[0].pop("cells"), "an entry has note and cells"),
        (lambda said: said[0].update(note=" "), "its note is empty"),
        (lambda said: said[0].update(cells=[]), "has no cell"),
        (lambda said: said.append({"note": "병목현상을  해결한다.", "cells": ["a:b"]}), "twice"),
        (lambda said: said.pop(0), "the picture attention_process has no entry"),
        (lambda said: said[0].update(note="그림: banner"), "the note has no picture banner"),
    ],
)
def test_a_fault_of_the_table_is_found(change, complaint):
    said = small_table()
    change(said)
    wrong = "\n".join(table_complaints(said))
    assert complaint in wrong if complaint else wrong == ""


@pytest.mark.parametrize(
    ("cell", "complaint"),
    [
        ("00_toy:claim-curve", ""),
        ("01_toy:claim-curve", "no such notebook"),
        ("claim-curve", "is not notebook:cell"),
    ],
)
def test_a_cell_of_no_notebook_is_found(cell, complaint):
    wrong = "\n".join(notebook_complaints({"00_toy"}, [{"note": "Attention", "cells": [cell]}]))
    assert complaint in wrong if complaint else wrong == ""


@pytest.mark.parametrize(
    ("note", "cell", "complaint"),
    [
        ("병목현상을 해결한다.", "claim-curve", ""),
        ("병목현상을 해결한다.", "claim-other", "does not exist"),
        ("병목현상을 해결한다.", "exercise-curve-stub", "is an exercise"),
        ("병목현상을 해결한다.", "think-curve", "is an exercise or a question"),
        ("병목현상을 해결한다.", "angle", "goes further"),
        ("그림: rnn_limit", "limit", ""),
        ("그림: rnn_limit", "prose", "does not show that picture"),
        ("그림: rnn_limit", "table", "does not show that picture"),
        ("그림: rnn_limit", "map", "does not show that picture"),
        ("그림: attention_table", "table", ""),
        ("그림: attention_table", "map", ""),
        ("그림: attention_table", "limit", "does not show that picture"),
    ],
)
def test_a_cell_that_cannot_show_what_the_note_says_is_found(tmp_path, note, cell, complaint):
    made = notebook(
        code("assert share > 0.9\nshare", "claim-curve", "claim"),
        code("def curve():\n    ...", "exercise-curve-stub", "stub"),
        markdown("Why does it fall?", "think-curve"),
        code("curves(points)", "angle", "further"),
        code('diagram("rnn_limit")', "limit"),
        markdown('diagram("rnn_limit")', "prose"),
        code('diagram("attention_table")', "table"),
        code("attention_map(weights, rows, columns)", "map"),
    )
    stored = Stored(tmp_path / "00_toy.ipynb", made)
    said = [{"note": note, "cells": [f"00_toy:{cell}", "01_other:unread"]}]
    wrong = "\n".join(cell_complaints(stored, said))
    assert complaint in wrong if complaint else wrong == ""
