"""Hygiene of stored notebooks. Each rule yields complaints; test_harness.py sees each complain."""

import ast
import json
import math
import re
from urllib.parse import unquote

import pytest
from nbformat import validator

from tests.support.stored import ROOT, is_image, strings, tags

REQUIRED = ("title", "goals", "setup", "imports", "legend", "recap", "next")
SLIDE_TYPES = ("slide", "subslide", "fragment", "skip", "notes", "-")
WIDGET = "application/vnd.jupyter.widget-view+json"
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|home|tmp|work)(?:/|\b)|\b[A-Z]:\\+Users")
FOREIGN = re.compile(  # what loads, runs or sends to something that is not in the output itself
    r"""\b(?:src|srcset|href|action|data)\s*=\s*["']?\s*(?:\w+:)?//"""
    r"""|url\(\s*["']?\s*(?:\w+:)?//|@import|\b(?:fetch|import|importScripts|sendBeacon)\("""
    r"""|\bXMLHttpRequest\b|\b(?:Web|Event)(?:Socket|Source)\b""",
    re.IGNORECASE,
)
BYTES = 1_000_000
CELLS = range(15, 46)
LINES_P95, LINES_MAX, WIDTH = 18, 30, 100
ALT = 20


def prose(source):
    """Return Markdown without its code, fenced or inline."""
    source = re.sub(r"^(```+|~~~+).*?^\1\s*$", "", source, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", source)


def parse(cell):
    """Return the syntax tree of a code cell, or None where it is not plain Python."""
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        return None


# --- the file ---


def is_valid(stored):
    if (stored.node.nbformat, stored.node.nbformat_minor) != (4, 5):
        yield "the format is not 4.5"
    for error in validator.iter_validate(json.loads(json.dumps(stored.node))):
        yield f"not a valid notebook: {error.message}"


def is_small(stored):
    if (size := stored.path.stat().st_size) > BYTES:
        yield f"the file has {size:,} bytes, more than {BYTES:,}: shrink its figures"


def has_kernel(stored):
    kernel = stored.node.metadata.get("kernelspec", {})
    if (kernel.get("name"), kernel.get("language")) != ("python3", "python"):
        yield f"the kernel is {kernel}, not python3 of language python"


def has_no_machine_path(stored):
    for cell in stored.cells:
        texts = {"source": cell.source}
        for output in cell.get("outputs", []):
            texts |= strings(output)
        for kind, text in texts.items():
            if match := MACHINE_PATH.search(text):
                yield f"cell {cell.id}: a path of this machine in its {kind}: {match[0]}"


# --- cells ---


def has_meaningful_ids(stored):
    for name in stored.ids:
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
            yield f"id {name!r} is not kebab-case"
        if re.fullmatch(r"[0-9a-f]{8}(-.*)?", name):
            yield f"id {name!r} is generated: name what the cell does"
        if stored.ids.count(name) > 1:
            yield f"id {name!r} occurs twice"


def has_required_cells(stored):
    places = [stored.ids.index(name) for name in REQUIRED if name in stored.ids]
    if missing := [name for name in REQUIRED if name not in stored.ids]:
        yield f"these cells are missing: {', '.join(missing)}"
    if places != sorted(places) or stored.ids[:1] != ["title"]:
        yield f"the order is {', '.join(REQUIRED)}, with title first of all"


def has_no_empty_cell(stored):
    for cell in stored.cells:
        if not cell.source.strip():
            yield f"cell {cell.id} is empty"


def has_enough_code(stored):
    if len(stored.code) not in CELLS:
        yield f"{len(stored.code)} code cells, not {CELLS[0]} to {CELLS[-1]}"


def has_slides(stored):
    kinds = []
    for cell in stored.cells:
        kinds.append(cell.metadata.get("slideshow", {}).get("slide_type"))
        if kinds[-1] not in SLIDE_TYPES:
            yield f"cell {cell.id}: slide_type {kinds[-1]!r} is not in {', '.join(SLIDE_TYPES)}"
    if "slide" not in kinds:
        yield "no cell starts a slide"


# --- outputs ---


def is_executed_in_order(stored):
    counts = [cell.execution_count for cell in stored.code if cell.source.strip()]
    if counts != list(range(1, len(counts) + 1)):
        yield f"execution counts are {counts}: store a run from top to bottom"


def ran_cleanly(stored):
    for cell in stored.code:
        for output in cell.outputs:
            if output.output_type == "error":
                yield f"cell {cell.id} stores an error: {output.ename}"
            if output.get("name") == "stderr":
                yield f"cell {cell.id} wrote to stderr: {output.text[:60]!r}"
            if WIDGET in output.get("data", {}):
                yield f"cell {cell.id} shows a widget, which static pages do not: store a figure"


def brings_all_it_shows(stored):
    for cell in stored.cells:
        for output in cell.get("outputs", []):
            pictures = {kind: str(x) for kind, x in output.get("data", {}).items() if "svg" in kind}
            for kind, text in (strings(output) | pictures).items():
                if "javascript" in kind:
                    yield f"cell {cell.id} stores {kind}: a view brings its script in its HTML"
                if match := FOREIGN.search(text):
                    yield f"cell {cell.id}: its {kind} asks for something outside: {match[0]}"


def has_alt_text(stored):
    for cell in stored.code:
        kinds = {kind for output in cell.outputs for kind in output.get("data", {})}
        alt = cell.metadata.get("alt", "")
        if any(map(is_image, kinds)) and (not isinstance(alt, str) or len(alt.strip()) < ALT):
            yield f"cell {cell.id} shows a picture: say in metadata.alt what is seen"
        for output in cell.outputs:
            html = strings(output).get("text/html", "")
            for image in re.findall(r"<img\b[^>]*>", html):
                if not re.search(r"\balt=([\"']).+?\1", image):
                    yield f"cell {cell.id}: an <img> without alt in its HTML"


# --- code ---


def imports_at_the_top(stored):
    for cell in stored.code:
        tree = None if cell.id in ("setup", "imports") else parse(cell)
        if tree and any(isinstance(n, ast.Import | ast.ImportFrom) for n in ast.walk(tree)):
            yield f"cell {cell.id} imports: move that to the imports cell"


def is_plain_python(stored):
    for cell in stored.code:
        if cell.id != "setup" and parse(cell) is None:
            yield f"cell {cell.id} is not plain Python: no magics, no shell, no slips"


def has_short_cells(stored):
    counts = {c.id: len([x for x in c.source.splitlines() if x.strip()]) for c in stored.code}
    for name, count in counts.items():
        if count > LINES_MAX:
            yield f"cell {name} has {count} lines, more than {LINES_MAX}"
    long = [name for name, count in counts.items() if count > LINES_P95]
    if len(long) > len(counts) - math.ceil(0.95 * len(counts)):
        yield f"more than one cell in twenty is over {LINES_P95} lines: {', '.join(long)}"


def has_short_lines(stored):
    for cell in stored.code:
        for number, line in enumerate(cell.source.splitlines(), start=1):
            if len(line) > WIDTH:
                yield f"cell {cell.id}, line {number} has {len(line)} characters, over {WIDTH}"


def defines_once(stored):
    first = {}
    for cell in stored.code:
        tree = parse(cell)
        for node in tree.body if tree else []:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                if node.name in first:
                    yield f"cell {cell.id} defines {node.name} again, after cell {first[node.name]}"
                first[node.name] = cell.id


# --- prose ---


def has_plain_markdown(stored):
    for cell in stored.markdown:
        if re.search(r"^\s*:::|^\s*(```|~~~)\s*\{", cell.source, re.MULTILINE):
            yield f"cell {cell.id} holds a MyST directive, which Jupyter shows raw"


def has_steady_headings(stored):
    level = 0
    for cell in stored.markdown:
        for marks, text in re.findall(r"^(#{1,6}) +(.*)", prose(cell.source), re.MULTILINE):
            if len(marks) > level + 1 or (len(marks) == 1 and level):
                yield f"cell {cell.id}: heading {text!r} jumps from level {level} to {len(marks)}"
            level = len(marks)
    if not level:
        yield "there is no heading"


def has_live_links(stored):
    for cell in stored.markdown:
        text = prose(cell.source)
        images = re.findall(r"!\[([^\]]*)\]\(([^)\s]+)", text)
        for alt, target in images:
            if not alt.strip():
                yield f"cell {cell.id}: the picture {target} has no alt text"
            if "://" not in target:
                yield f"cell {cell.id}: {target} shows nothing on Colab: show it from a code cell"
        links = re.findall(r"\]\(<?([^)\s>]+)", text) + re.findall(r"(?:href|src)=\"([^\"]+)", text)
        for target in links:
            file = unquote(re.split("[#?]", target)[0])
            if re.match(r"[a-z][a-z+.-]*:", target) or not file:
                continue
            if file.startswith("/") or not (stored.path.parent / file).exists():
                yield f"cell {cell.id}: the link {target} leads nowhere"


RULES = (
    *(is_valid, is_small, has_kernel, has_no_machine_path),
    *(has_meaningful_ids, has_required_cells, has_no_empty_cell, has_enough_code, has_slides),
    *(is_executed_in_order, ran_cleanly, brings_all_it_shows, has_alt_text),
    *(imports_at_the_top, is_plain_python, has_short_cells, has_short_lines, defines_once),
    *(has_plain_markdown, has_steady_headings, has_live_links),
)


def setup_complaints(notebooks):
    """Return which notebooks of one edition differ in their set-up cell from the first."""
    first = {}
    for stored in notebooks:
        source = next((cell.source for cell in stored.cells if cell.id == "setup"), None)
        name, expected = first.setdefault(stored.edition, (stored, source))
        if source is None or source != expected:
            yield f"{stored}: the set-up cell is not that of {name}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_notebook(notebook, rule):
    told = [f"{notebook}: {complaint}" for complaint in rule(notebook)]
    assert not told, "\n".join(told)


def test_the_set_up_cell_is_the_same_everywhere(notebooks):
    told = list(setup_complaints(notebooks))
    assert not told, "\n".join(told)


def test_claims_stubs_and_checks_are_code(notebook):
    wrong = [c.id for c in notebook.markdown if {"claim", "stub", "check"} & set(tags(c))]
    assert not wrong, f"{notebook}: tags of code cells on prose: {', '.join(wrong)}"


def test_no_notebook_ran_longer_than_a_minute(notebooks):
    seconds = json.loads((ROOT / "notebooks" / "seconds.json").read_text(encoding="utf-8"))
    assert set(seconds) == {str(stored) for stored in notebooks if stored.edition == "en"}
    assert max(seconds.values()) <= 60 and sum(seconds.values()) <= 240
