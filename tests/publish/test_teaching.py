"""TEACHING.md, in both editions: what it names exists, minutes add up, the editions agree."""

import functools
import re

import pytest

from tests.support.markdown import differences, english_in
from tests.support.stored_notebooks import paths, read
from tools.notebooks.notebook_files import ROOT, ToolError, find
from tools.publish import readme

FILES = {"en": "TEACHING.md", "ko": "TEACHING.ko.md"}
TEXTS = {edition: (ROOT / file).read_text(encoding="utf-8") for edition, file in FILES.items()}
COUNT = r"(\d+) ?(?:minutes|분)"
LECTURE = re.compile(rf"^### ([^\n]+ · {COUNT})\n(.*?)(?=\n##|\Z)", re.DOTALL | re.MULTILINE)
ROW = re.compile(r"\| (\d+) \| \[(.+?)\]\(.+?\) \| .+? \| .+? \|")
SECTION = re.compile(r"\[(\d\d) · ([^\]]+)\]\(([^)]+)\)")
# what to leave out where time is short
LEFT_OUT = re.compile(r"\[([^\]]+)\]\([^)]+\) \((\d+)분?\)")
CELL = re.compile(r"`(\d\d)/([a-z0-9-]+)`")
COMMAND = re.compile(r"`python course\.py ([a-z-]+)")
HOMEWORK = re.compile(rf"^(?:Homework|숙제), {COUNT}: (.+)$", re.MULTILINE)
EXERCISE = re.compile(r"### (?:Exercise|연습): .+? [●○]+ · (\d+) ?(?:min|분)")
HEADING = re.compile(r"^#{1,3} (.+?)(?: [●○]+ · \d+ ?(?:min|분))?$", re.MULTILINE)
GENERATED = re.compile(r"<!-- (\w+):begin -->.*?<!-- \1:end -->", re.DOTALL)
OWN = (  # what the Korean edition has in place of what the English one has
    (r"\(notebooks/en/", "(notebooks/ko/"),
    (r"\(TEACHING\.ko\.md\)", "(TEACHING.md)"),
    (r"\(README\.md\)", "(README.ko.md)"),
    (r"`python course\.py (lab|slides|handout)`", r"`python course.py \1 --edition ko`"),
    (r"`slides/en/`", "`slides/ko/`"),
)


@functools.cache
def by_number(edition):
    """Return the notebooks of an edition by the two digits that their names begin with."""
    return {path.stem[:2]: read(path) for path in paths(editions=(edition,))}


def wrong_names(text, edition):
    """Yield each section, cell, command and file that a text names and that is not there."""
    notebooks, text = by_number(edition), GENERATED.sub("", text)
    for number, heading, target in SECTION.findall(text):
        notebook = notebooks.get(number)
        if notebook is None or target != f"notebooks/{notebook}.ipynb":
            yield f"{target} is not notebook {number}"
        elif heading not in HEADING.findall("\n".join(c.source for c in notebook.markdown)):
            yield f"{notebook} has no heading {heading!r}"
    for number, cell in CELL.findall(text):
        if number not in notebooks or cell not in notebooks[number].ids:
            yield f"there is no cell {number}/{cell}"
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    yield from (f"there is no command {c}" for c in COMMAND.findall(text) if c not in targets)
    for target in re.findall(r"\]\(([^)#]+)", text):
        if not (ROOT / target).exists():
            yield f"{target} does not exist"


def wrong_minutes(text, edition):
    """Yield where the minutes of a lecture, of what may be left out, or of homework are wrong."""
    notebooks = by_number(edition)
    for lecture, claimed, body in LECTURE.findall(text):
        rows = [(section, int(minutes)) for minutes, section in ROW.findall(body)]
        if (total := sum(minutes for _, minutes in rows)) != int(claimed):
            yield f"{lecture}: the rows take {total} minutes"
        for section, minutes in LEFT_OUT.findall(body):
            if (section, int(minutes)) not in rows:
                yield f"{lecture}: {section} does not take {minutes} minutes"
        for claimed, exercises in HOMEWORK.findall(body):
            sources = [notebooks[n].cell(cell).source for n, cell in CELL.findall(exercises)]
            total = sum(int(EXERCISE.match(source)[1]) for source in sources)
            if total != int(claimed):
                yield f"{lecture}: the homework takes {total} minutes, not {claimed}"


def lines(text):
    """Return the lines of a text that are not empty, each with its number and if it is code."""
    found, code = [], False
    for number, line in enumerate(text.splitlines(), start=1):
        code ^= line.startswith("```")
        if line.strip():
            found.append((number, line, code))
    return found


def sections(line, edition):
    """Return which cells the headings stand in that a line names, in order."""
    for number, heading, _ in SECTION.findall(line):
        notebook = by_number(edition)[number]
        yield [cell.id for cell in notebook.markdown if heading in HEADING.findall(cell.source)]


def edition_differences(english, korean):
    """Yield where the two editions have another structure, other cells or other numbers."""
    for old, new in OWN:
        english = re.sub(old, new, english)
    given, made = lines(english), lines(korean)
    if len(given) != len(made):
        yield f"{len(made)} lines with text, not {len(given)}"
    for (_, one, code), (number, other, _) in zip(given, made, strict=False):
        yield from (f"line {number}: {each}" for each in differences(one, other))
        if CELL.findall(one) != CELL.findall(other):
            yield f"line {number}: cells {CELL.findall(other)}, not {CELL.findall(one)}"
        if [*sections(one, "en")] != [*sections(other, "ko")]:
            yield f"line {number}: its sections are not those of its twin"
        runs = [] if code else english_in(other)
        yield from (f"line {number}: is this English? {run!r}" for run in runs)
        if code and one != other:
            yield f"line {number}: its code is not that of its twin"


@pytest.mark.parametrize("edition", FILES)
@pytest.mark.parametrize("rule", [wrong_names, wrong_minutes])
def test_names_and_minutes_are_right(rule, edition):
    assert len(LECTURE.findall(TEXTS[edition])) == len(HOMEWORK.findall(TEXTS[edition])) > 0
    wrong = list(rule(TEXTS[edition], edition))
    assert not wrong, "\n".join(wrong)


def test_the_korean_edition_has_the_structure_of_the_english_one():
    wrong = list(edition_differences(TEXTS["en"], TEXTS["ko"]))
    assert not wrong, "\n".join(wrong)


def test_the_english_tables_are_those_that_readme_writes():
    assert readme.update_teaching(TEXTS["en"], find(edition="en")) == TEXTS["en"]
    with pytest.raises(ToolError, match=r"TEACHING\.md has no place for the seconds"):
        readme.update_teaching("no markers", find(edition="en"))


# --- the rules seen to fail ---


@pytest.mark.parametrize(
    ("rule", "old", "new", "complaint"),
    [
        (wrong_names, "· One number, two languages]", "· One]", "no heading 'One'"),
        (wrong_names, "en/02_attention.ipynb", "en/02.ipynb", "02.ipynb is not notebook 02"),
        (wrong_names, "`01/width`", "`01/widths`", "there is no cell 01/widths"),
        (wrong_names, "course.py slides`", "course.py deck`", "there is no command deck"),
        (wrong_names, "(GLOSSARY.md)", "(TERMS.md)", "TERMS.md does not exist"),
        (wrong_minutes, "| 7 | [01", "| 8 | [01", "80 minutes: the rows take 81 minutes"),
        (wrong_minutes, "attention_helps.ipynb) (4)", "x) (5)", "does not take 5 minutes"),
        (wrong_minutes, "Homework, 22", "Homework, 23", "takes 22 minutes, not 23"),
    ],
)
def test_a_wrong_name_or_number_is_found(rule, old, new, complaint):
    assert old in TEXTS["en"]
    assert complaint in "\n".join(rule(TEXTS["en"].replace(old, new, 1), "en"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("## 숙제\n", "", "lines with text, not"),
        ("## 숙제\n", "### 숙제\n", "headings of levels [3], not [2]"),
        ("| 5 | [01", "| 6 | [01", "numbers: lacks ['5'], has ['6']"),
        ("`01/carry`, `01/groups`", "`01/groups`, `01/carry`", "cells [('01', 'groups'), ("),
        ("[01 · 수 하나, 두 언어]", "[01 · 연습]", "its sections are not those"),
        ("습관 하나면 됩니다.", "Ask before you show it", "is this English?"),
        ("gru_curve = learning", "curve = learning", "its code is not that of its twin"),
    ],
)
def test_a_difference_between_the_editions_is_found(old, new, complaint):
    assert old in TEXTS["ko"]
    found = "\n".join(edition_differences(TEXTS["en"], TEXTS["ko"].replace(old, new, 1)))
    assert complaint in found
