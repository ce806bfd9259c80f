"""Stored notebooks: valid, run in order, free of errors and of this machine, readable everywhere.

Each rule takes a notebook and yields what is wrong with it. Style of code (line length, names bound
twice) is for ruff, which reads notebooks, too.
"""

import ast
import copy
import json
import re
from urllib.parse import unquote

import pytest
from nbformat import v4, validator

from tests.support.markdown import without_code
from tests.support.stored_notebooks import ROOT, Stored, is_image, strings
from tools.notebooks.form import CODE_APART, shape

SLIDE_TYPES = ("slide", "subslide", "fragment", "skip", "notes", "-")
WIDGET = "application/vnd.jupyter.widget-view+json"
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|home|tmp|work|Users)(?:/|\b)|\b[A-Z]:\\+Users")
FOREIGN = re.compile(  # what loads, runs or sends to something that is not in the output itself
    r"""\b(?:src|srcset|href|action|data)\s*=\s*["']?\s*(?:\w+:)?//"""
    r"""|url\(\s*["']?\s*(?:\w+:)?//|@import|\b(?:fetch|import|importScripts|sendBeacon)\("""
    r"""|\bXMLHttpRequest\b|\b(?:Web|Event)(?:Socket|Source)\b""",
    re.IGNORECASE,
)
BYTES = 1_000_000  # GitHub shows no larger notebook
LINES = 30  # what a screen holds of one cell
ALT = 20  # characters: a shorter text names a picture and does not say what is seen


def is_valid(stored):
    if (stored.node.nbformat, stored.node.nbformat_minor) != (4, 5):
        yield "the format is not 4.5"
    for error in validator.iter_validate(json.loads(json.dumps(stored.node))):
        yield f"not a valid notebook: {error.message}"
    if stored.node.metadata.get("kernelspec", {}).get("name") != "python3":
        yield "the kernel is not python3, which every Jupyter has"
    if (size := stored.path.stat().st_size) > BYTES:
        yield f"the file has {size:,} bytes, more than {BYTES:,}: shrink its figures"


def has_meaningful_ids(stored):
    for name in stored.ids:
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
            yield f"id {name!r} is not kebab-case"
        if re.fullmatch(r"[0-9a-f]{8}(-.*)?", name):
            yield f"id {name!r} is generated: name what the cell does"
        if stored.ids.count(name) > 1:
            yield f"id {name!r} occurs twice"


def is_executed_in_order(stored):
    counts = [cell.execution_count for cell in stored.code]
    if counts != list(range(1, len(counts) + 1)):
        yield f"execution counts are {counts}: store a run from top to bottom, no cell empty"


def ran_cleanly(stored):
    for cell in stored.code:
        for output in cell.outputs:
            if output.output_type == "error":
                yield f"cell {cell.id} stores an error: {output.ename}"
            if output.get("name") == "stderr":
                yield f"cell {cell.id} wrote to stderr: {output.text[:60]!r}"
            if WIDGET in output.get("data", {}):
                yield f"cell {cell.id} shows a widget, which static pages do not: store a figure"


def has_no_machine_path(stored):
    for cell in stored.cells:
        texts = {"source": cell.source}
        for output in cell.get("outputs", []):
            texts |= strings(output)
        for kind, text in texts.items():
            if match := MACHINE_PATH.search(text):
                yield f"cell {cell.id}: a path of this machine in its {kind}: {match[0]}"


def outputs_are_self_contained(stored):
    for cell in stored.code:
        for output in cell.outputs:
            pictures = {kind: str(x) for kind, x in output.get("data", {}).items() if "svg" in kind}
            for kind, text in (strings(output) | pictures).items():
                if "javascript" in kind:
                    yield f"cell {cell.id} stores {kind}: a view brings its script in its HTML"
                if match := FOREIGN.search(text):
                    yield f"cell {cell.id}: its {kind} asks for something outside: {match[0]}"


def has_alt_text(stored):
    for cell in stored.code:
        kinds = {kind for output in cell.outputs for kind in output.get("data", {})}
        if any(map(is_image, kinds)) and len(str(cell.metadata.get("alt", "")).strip()) < ALT:
            yield f"cell {cell.id} shows a picture: say in metadata.alt what is seen"
        for output in cell.outputs:
            for image in re.findall(r"<img\b[^>]*>", strings(output).get("text/html", "")):
                if not re.search(r"\balt=([\"']).+?\1", image):
                    yield f"cell {cell.id}: an <img> without alt in its HTML"


def code_is_short_and_plain(stored):
    for cell in stored.code:
        count = len([x for x in cell.source.splitlines() if x.strip()])
        if count > LINES and cell.id not in CODE_APART:
            yield f"cell {cell.id} has {count} lines, more than {LINES}"
        try:
            ast.parse(cell.source)
        except SyntaxError:
            yield f"cell {cell.id} is not plain Python: no magics, no shell"


def prose_shows_everywhere(stored):
    """Jupyter shows MyST raw, decks know six types of slide, Colab has only the notebook itself."""
    for cell in stored.cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type")
        if kind not in SLIDE_TYPES:
            yield f"cell {cell.id}: slide_type {kind!r} is not in {', '.join(SLIDE_TYPES)}"
    for cell in stored.markdown:
        if re.search(r"^\s*:::|^\s*(```|~~~)\s*\{", cell.source, re.MULTILINE):
            yield f"cell {cell.id} holds a MyST directive, which Jupyter shows raw"
        for alt, target in re.findall(r"!\[([^\]]*)\]\(([^)\s]+)", without_code(cell.source)):
            if not alt.strip():
                yield f"cell {cell.id}: the picture {target} has no alt text"
            if "://" not in target:
                yield f"cell {cell.id}: {target} shows nothing on Colab: show it from a code cell"


def has_live_links(stored):
    for cell in stored.markdown:
        text = without_code(cell.source)
        links = re.findall(r"\]\(<?([^)\s>]+)", text) + re.findall(r"(?:href|src)=\"([^\"]+)", text)
        for target in links:
            file = unquote(re.split("[#?]", target)[0])
            if re.match(r"[a-z][a-z+.-]*:", target) or not file:
                continue
            if file.startswith("/") or not (stored.path.parent / file).exists():
                yield f"cell {cell.id}: the link {target} leads nowhere"


RULES = (
    *(is_valid, has_meaningful_ids, is_executed_in_order, ran_cleanly, has_no_machine_path),
    *(outputs_are_self_contained, has_alt_text, code_is_short_and_plain),
    *(prose_shows_everywhere, has_live_links),
)


def test_a_notebook_keeps_the_rules(notebook):
    wrong = [f"{notebook}: {complaint}" for rule in RULES for complaint in rule(notebook)]
    assert not wrong, "\n".join(wrong)


def test_a_notebook_is_stored_in_its_computed_form(notebook):
    """Minutes, hidden code of measured sentences, folded headings."""
    shaped = copy.deepcopy(notebook.node)
    shape(shaped)
    changed = [a.id for a, b in zip(notebook.cells, shaped.cells, strict=True) if a != b]
    assert not changed, f"{notebook}: run `python course.py notebooks` for {changed}"


def test_the_set_up_cell_is_the_same_in_all_notebooks_of_an_edition(notebooks):
    sources = {(stored.edition, stored.cell("setup").source) for stored in notebooks}
    assert len(sources) == len({stored.edition for stored in notebooks})


def test_no_notebook_ran_longer_than_a_minute(notebooks):
    seconds = json.loads((ROOT / "notebooks" / "seconds.json").read_text(encoding="utf-8"))
    assert set(seconds) == {str(stored) for stored in notebooks if stored.edition == "en"}
    assert max(seconds.values()) <= 60 and sum(seconds.values()) <= 360


# --- the rules seen to fail ---


def toy(folder, *cells):
    """Return a stored notebook of a set-up cell and the cells given, and its path."""
    node = v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python"}})
    node.nbformat_minor = 5
    node.cells = [v4.new_code_cell("import os", id="setup"), *cells]
    for count, cell in enumerate(node.cells, start=1):
        cell.metadata.setdefault("slideshow", {"slide_type": "-"})
        if cell.cell_type == "code":
            cell.execution_count = count
    path = folder / "00_toy.ipynb"
    path.write_text(v4.writes(node), encoding="utf-8")
    return Stored(path, node)


def shows(kind, text, **metadata):
    """Return a code cell that shows one piece of data."""
    outputs = [v4.new_output("display_data", {kind: text})]
    return v4.new_code_cell("look()", id="look", outputs=outputs, metadata=metadata)


def says(text, **metadata):
    return v4.new_markdown_cell(text, id="text", metadata=metadata)


def prints(**output):
    return v4.new_code_cell("run()", id="run", outputs=[v4.new_output(**output)])


SOUND = """[here](00_toy.ipynb#part), [mail](mailto:a@x.org), `[no link](lost.md)`, and/work

```python
# [no link](lost.md)
```

![a badge](https://x.org/badge.svg)"""


def test_a_sound_notebook_passes(tmp_path):
    picture = shows("image/png", "iVBORw0KGgo=", alt="A curve that falls from one to zero.")
    stored = toy(tmp_path, picture)
    stored.cells.append(says(SOUND, slideshow={"slide_type": "slide"}))
    assert [complaint for rule in RULES for complaint in rule(stored)] == []


@pytest.mark.parametrize(
    ("rule", "cell", "complaint"),
    [
        (is_valid, says("x" * BYTES), "shrink"),
        (has_meaningful_ids, v4.new_code_cell("1", id="3fa85f64"), "generated"),
        (has_meaningful_ids, v4.new_code_cell("1", id="setup"), "twice"),
        (is_executed_in_order, says("x"), "execution counts are [1, 3]"),
        (ran_cleanly, prints(output_type="error", ename="ValueError"), "stores an error"),
        (ran_cleanly, prints(output_type="stream", name="stderr", text="warns"), "stderr"),
        (ran_cleanly, shows(WIDGET, {}), "widget"),
        (has_no_machine_path, says("see /home/me"), "/home/"),
        (has_no_machine_path, prints(output_type="stream", text="in /tmp/x"), "stream: /tmp/"),
        (has_no_machine_path, shows("text/html", r"C:\Users\me"), "html: C:"),
        (outputs_are_self_contained, shows("application/javascript", "1"), "its HTML"),
        (outputs_are_self_contained, shows("text/html", "<script src=//x.org/a.js>"), "src=//"),
        (outputs_are_self_contained, shows("text/html", "<script>fetch('/a')</script>"), "fetch("),
        (outputs_are_self_contained, shows("image/svg+xml", '<a href="https://x"/>'), "https://"),
        (has_alt_text, shows("image/png", "iVBORw0KGgo=", alt="Figure."), "metadata.alt"),
        (has_alt_text, shows("text/html", "<img src='data:x'>"), "<img> without alt"),
        (code_is_short_and_plain, v4.new_code_cell("x = 1\n" * 31, id="long"), "31 lines"),
        (code_is_short_and_plain, v4.new_code_cell("%time x", id="time"), "plain Python"),
        (prose_shows_everywhere, says("x", slideshow={"slide_type": "page"}), "'page'"),
        (prose_shows_everywhere, says("```{note}\nx\n```"), "MyST"),
        (prose_shows_everywhere, says("![](https://x.org/a.svg)"), "no alt text"),
        (prose_shows_everywhere, says("![a curve](00_toy.ipynb)"), "Colab"),
        (has_live_links, says("[lost](99_lost.ipynb)"), "leads nowhere"),
        (has_live_links, says('<a href="/notebooks/x.ipynb">x</a>'), "leads nowhere"),
    ],
)
def test_what_breaks_a_rule_is_found(rule, cell, complaint, tmp_path):
    stored = toy(tmp_path, cell, v4.new_code_cell("1", id="last"))
    assert complaint in "\n".join(rule(stored))
