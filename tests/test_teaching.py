"""TEACHING.md: its minutes add up, and every section, cell and command that it names exists."""

import re

import pytest

from tests import stored
from tools import readme
from tools.notebooks import ROOT, ToolError, find

TEXT = (ROOT / "TEACHING.md").read_text(encoding="utf-8")
MARKERS = ("seconds", "exercises")
TITLE = r"### Lecture (\d) of (\d) · [^\n]+ · (\d+) minutes\n"
LECTURE = re.compile(TITLE + r"(.*?)(?=\n##|\Z)", re.DOTALL)
ROW = re.compile(r"\| (\d+) \| \[(.+?)\]\(.+?\) \| (.+?) \| (.+?) \|")
SECTION = re.compile(r"\[(\d\d) · ([^\]]+)\]\(([^)]+)\)")
PRICED = re.compile(r"\[([^\]]+)\]\([^)]+\) \((\d+)\)")
CELL = re.compile(r"`(\d\d)/([a-z0-9-]+)`")
COMMAND = re.compile(r"`make ([a-z-]+)")
HOMEWORK = re.compile(r"^Homework, (\d+) minutes: (.+)$", re.MULTILINE)
HEADING = re.compile(r"^#{1,3} (.+?)(?: [●○]+ · \d+ min)?$", re.MULTILINE)
GENERATED = re.compile(r"<!-- (\w+):begin -->.*?<!-- \1:end -->", re.DOTALL)


def by_number():
    """Return the English notebooks by the two digits that their names begin with."""
    notebooks = [stored.read(path) for path in stored.paths(editions=("en",))]
    return {notebook.name[:2]: notebook for notebook in notebooks}


def wrong_names(text, notebooks):
    """Yield each section, cell and command that a text names and that is not there."""
    text = GENERATED.sub("", text)
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
    yield from (f"make {name} is nothing" for name in COMMAND.findall(text) if name not in targets)
    for target in re.findall(r"\]\(([^)#]+)", text):
        if not (ROOT / target).exists():
            yield f"{target} does not exist"


def section_of(notebook, heading):
    """Return the cells under a heading: up to the next one that is as high."""
    levels, headings = [], []
    for cell in notebook.cells:
        found = re.match(r"(#{1,3}) ", cell.source) if cell.cell_type == "markdown" else None
        levels.append(len(found[1]) if found else 9)
        headings.append(HEADING.findall(cell.source)[:1] if found else [])
    begin = headings.index([heading])
    end = next((i for i in range(begin + 1, len(levels)) if levels[i] <= levels[begin]), None)
    return notebook.cells[begin:end]


def wrong_cells(text, notebooks):
    """Yield each row whose cells are not all projected, of its section and in order."""
    for _, section, _, shown in ROW.findall(text):
        number, heading = section.split(" · ", 1)
        cells = section_of(notebooks[number], heading)
        ids = [cell.id for cell in cells if cell.metadata.slideshow.slide_type != "skip"]
        named = [id if n == number else f"{n}/{id}" for n, id in CELL.findall(shown)]
        if not named or [id for id in ids if id in named] != named:
            yield f"{section} does not project {named} in this order"


def wrong_minutes(text, notebooks):
    """Yield where the minutes of a lecture, of what may go, or of homework do not add up."""
    for number, count, claimed, body in LECTURE.findall(text):
        lecture, rows = f"lecture {number} of {count}", ROW.findall(body)
        total = sum(int(minutes) for minutes, *_ in rows)
        if total != int(claimed) or not 75 <= total <= 90:
            yield f"{lecture} takes {total} minutes, not {claimed}, or not 75 to 90"
        for _, section, question, _ in rows:
            if not question.rstrip("*").endswith(("?", ".")):
                yield f"{lecture}, {section}: {question!r} asks nothing"
        for section, minutes in PRICED.findall(body):
            if (minutes, section) not in [(m, s) for m, s, *_ in rows]:
                yield f"{lecture} gives {section} no {minutes} minutes"
        homework = HOMEWORK.findall(body)
        if len(homework) != 1:
            yield f"{lecture} has no homework"
        for claimed, listed in homework:
            found = CELL.findall(listed)
            minutes = [readme.exercises(notebooks[n].node).get(id, (0, 0, 0))[2] for n, id in found]
            if sum(minutes) != int(claimed) or 0 in minutes:
                yield f"the homework of {lecture} takes {minutes}, not {claimed}"


def test_all_that_is_named_exists():
    told = list(wrong_names(TEXT, by_number()))
    assert not told, "\n".join(told)


def test_the_minutes_add_up():
    told = list(wrong_minutes(TEXT, by_number()))
    assert not told, "\n".join(told)


def test_there_are_plans_for_one_two_and_four_lectures():
    plans = [(int(number), int(count)) for number, count, *_ in LECTURE.findall(TEXT)]
    assert plans == [(n, count) for count in (1, 2, 4) for n in range(1, count + 1)]
    assert len(re.findall(r"^### Lecture", TEXT, re.M)) == len(plans)


def test_a_row_shows_projected_cells_of_its_section_in_order():
    told = list(wrong_cells(TEXT, by_number()))
    assert not told, "\n".join(told)


def test_every_notebook_has_its_stumbling_blocks_and_its_long_cells():
    stumble = TEXT.split("## Where students stumble")[1].split("\n## ")[0]
    live = TEXT.split("## What to run live")[1].split("\n## ")[0]
    numbers = set(by_number())
    assert set(re.findall(r"\b\d\d(?=[ ,][^|]*\|)", stumble)) >= numbers
    assert {number for number, _ in CELL.findall(live)} >= numbers - {"00"}


def test_its_tables_are_in_step_with_the_notebooks():
    english = find(edition="en")
    assert readme.update_teaching(TEXT, english) == TEXT, "run make readme"
    assert set(GENERATED.findall(TEXT)) == set(MARKERS)


def test_the_readme_leads_to_both():
    text = GENERATED.sub("", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert "](TEACHING.md)" in text and "](GLOSSARY.md)" in text


def test_no_exercise_is_missed():
    for notebook in by_number().values():
        headings = [id for id in notebook.ids if f"{id}-stub" in notebook.ids]
        assert list(readme.exercises(notebook.node)) == headings and headings


# --- the rules seen to fail ---


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "· Carry this number]",
            "· Carry that number]",
            "en/01_bottleneck has no heading 'Carry that",
        ),
        ("notebooks/en/02_attention.ipynb", "notebooks/en/02.ipynb", "02.ipynb is not notebook 02"),
        ("`01/curve`", "`01/curves`", "there is no cell 01/curves"),
        ("`01/curve`", "`11/curve`", "there is no cell 11/curve"),
        ("`make slides`", "`make deck`", "make deck is nothing"),
        ("(GLOSSARY.md)", "(TERMS.md)", "TERMS.md does not exist"),
        ("| 5 | [01", "| 6 | [01", "lecture 1 of 1 takes 81 minutes, not 80"),
        ("| `01/curve` |", "| `02/curve` |", "does not project ['02/curve']"),
        ("`05/loop-picture`, `05/picture`", "`05/picture`, `05/loop-picture`", "in this order"),
        ("`02/dates-map`", "`02/map`", "does not project ['map']"),
        ("`02/dates-map`", "`02/dates`", "does not project ['dates']"),
        ("· 80 minutes", "· 81 minutes", "lecture 1 of 1 takes 80 minutes, not 81"),
        ("Softmax along the wrong axis: would a shape tell you?", "Softmax", "asks nothing"),
        (
            "cause?](notebooks/en/03_why_attention_helps.ipynb) (4)",
            "cause?](x) (5)",
            "no 5 minutes",
        ),
        ("Homework, 22", "Homework, 23", "the homework of lecture 1 of 1 takes [6, 8, 8], not 23"),
        ("Homework, 22 minutes:", "Homework:", "lecture 1 of 1 has no homework"),
        ("`00/exercise-softmax`", "`00/softmax-by-hand`", "takes [0, 8, 8], not 22"),
    ],
)
def test_a_fault_is_told(old, new, told):
    assert old in TEXT
    text, notebooks = TEXT.replace(old, new, 1), by_number()
    faults = [fault for rule in (wrong_names, wrong_minutes) for fault in rule(text, notebooks)]
    if not faults:
        faults = list(wrong_cells(text, notebooks))
    assert any(told in fault for fault in faults), faults


def test_a_place_that_is_missing_is_told():
    english = find(edition="en")
    with pytest.raises(ToolError, match=r"TEACHING\.md has no place for the seconds"):
        readme.update_teaching("no markers", english)
