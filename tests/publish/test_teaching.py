"""TEACHING.md, in both editions: minutes add up; sections, cells and commands exist."""

import functools
import re

import pytest

from tests.support import stored
from tools.notebooks.files import ROOT, ToolError, find
from tools.publish import readme

FILES = {"en": "TEACHING.md", "ko": "TEACHING.ko.md"}
TEXTS = {key: (ROOT / file).read_text(encoding="utf-8") for key, file in FILES.items()}
CHAPTERS = {  # of stumbling blocks, and of what to run live
    "en": ("Where students stumble", "What to run live"),
    "ko": ("걸리기 쉬운 곳", "그 자리에서 실행할 것"),
}
MARKERS = ("seconds", "exercises")
TITLE = r"### Lecture (\d) of (\d) · [^\n]+ · (\d+) minutes\n"
LECTURE = re.compile(TITLE + r"(.*?)(?=\n##|\Z)", re.DOTALL)
KOREAN_TITLE = re.compile(r"^### (\d)회 중 (\d)회 · (.+) · (\d+)분$", re.MULTILINE)
ROW = re.compile(r"\| (\d+) \| \[(.+?)\]\(.+?\) \| (.+?) \| (.+?) \|")
SECTION = re.compile(r"\[(\d\d) · ([^\]]+)\]\(([^)]+)\)")
PRICED = re.compile(r"\[([^\]]+)\]\([^)]+\) \((\d+)분?\)")
CELL = re.compile(r"`(\d\d)/([a-z0-9-]+)`")
COMMAND = re.compile(r"`make ([a-z-]+)")
HOMEWORK = re.compile(r"^(?:Homework|숙제), (\d+) ?(?:minutes|분): (.+)$", re.MULTILINE)
HEADING = re.compile(r"^#{1,3} (.+?)(?: [●○]+ · \d+ ?(?:min|분))?$", re.MULTILINE)
EXERCISE = re.compile(r"### (?:Exercise|연습): (.+? [●○]+) · (\d+) ?(?:min|분)")
GENERATED = re.compile(r"<!-- (\w+):begin -->.*?<!-- \1:end -->", re.DOTALL)


@functools.cache
def by_number(edition="en"):
    """Return the notebooks of an edition by the two digits that their names begin with."""
    notebooks = [stored.read(path) for path in stored.paths(editions=(edition,))]
    return {notebook.name[:2]: notebook for notebook in notebooks}


def lectures(text):
    """Return of each lecture its number, how many there are, its minutes and its body."""
    return LECTURE.findall(KOREAN_TITLE.sub(r"### Lecture \2 of \1 · \3 · \4 minutes", text))


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


def exercises(notebook):
    """Return the title, with its dots, and the minutes of each exercise of a notebook, by id."""
    found = ((cell.id, EXERCISE.match(cell.source)) for cell in notebook.markdown)
    return {id: (hit[1], int(hit[2])) for id, hit in found if hit}


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
    for number, count, claimed, body in lectures(text):
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
            minutes = [exercises(notebooks[n]).get(id, ("", 0))[1] for n, id in found]
            if sum(minutes) != int(claimed) or 0 in minutes:
                yield f"the homework of {lecture} takes {minutes}, not {claimed}"


@pytest.fixture(params=FILES)
def edition(request):
    """Return each edition."""
    return request.param


@pytest.mark.parametrize("rule", [wrong_names, wrong_minutes, wrong_cells])
def test_what_it_says_of_the_notebooks_is_so(rule, edition):
    told = list(rule(TEXTS[edition], by_number(edition)))
    assert not told, "\n".join(told)


def test_there_are_plans_for_one_two_and_four_lectures(edition):
    plans = [(int(number), int(count)) for number, count, *_ in lectures(TEXTS[edition])]
    assert plans == [(n, count) for count in (1, 2, 4) for n in range(1, count + 1)]
    assert len(re.findall(r"^### ", TEXTS[edition], re.M)) == len(plans)


def test_every_notebook_has_its_stumbling_blocks_and_its_long_cells(edition):
    stumble, live = (
        TEXTS[edition].split(f"\n## {name}\n")[1].split("\n## ")[0] for name in CHAPTERS[edition]
    )
    numbers = set(by_number())
    assert set(re.findall(r"\b\d\d(?=[ ,][^|]*\|)", stumble)) >= numbers
    assert {number for number, _ in CELL.findall(live)} >= numbers - {"00"}


def wrong_tables(text, notebooks):
    """Yield what the tables of seconds and of exercises do not say of the notebooks."""
    parts = {found[1]: found[0].splitlines() for found in GENERATED.finditer(text)}
    if set(parts) != set(MARKERS):
        yield f"it has places for {[*parts]}, not for {[*MARKERS]}"
    for notebook in notebooks.values():
        heading = HEADING.findall(notebook.cell("title").source)[0]
        link = f"| [{heading}](notebooks/{notebook}.ipynb) |"
        found = exercises(notebook).values()
        words = [f"{title} {minutes}" for title, minutes in found]
        wanted = {"seconds": [], "exercises": [*words, f"| {sum(m for _, m in found)} |"]}
        for marker, rows in parts.items():
            row = "".join(row for row in rows if row.startswith(link))
            lacking = [word for word in [link, *wanted[marker]] if word not in row]
            yield from (f"{marker}: {notebook} has no {word!r}" for word in lacking)


def test_its_tables_are_in_step_with_the_notebooks(edition):
    told = list(wrong_tables(TEXTS[edition], by_number(edition)))
    assert not told, "\n".join(told)
    if edition == "en":
        assert readme.update_teaching(TEXTS["en"], find(edition="en")) == TEXTS["en"], "make readme"


def test_each_readme_leads_to_both():
    readmes = [ROOT / "README.md", *ROOT.glob("README.ko.md")]
    for file, teaching in zip(readmes, FILES.values(), strict=False):
        text = GENERATED.sub("", file.read_text(encoding="utf-8"))
        assert f"]({teaching})" in text and "](GLOSSARY.md)" in text, file.name


def test_no_exercise_is_missed():
    for notebook in [*by_number("en").values(), *by_number("ko").values()]:
        headings = [id for id in notebook.ids if f"{id}-stub" in notebook.ids]
        assert list(exercises(notebook)) == headings and headings


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
        ("· 이 수를 담아 보세요]", "· 수를 담아 보세요]", "ko/01_bottleneck has no heading '수를"),
        ("notebooks/ko/02_attention", "notebooks/en/02_attention", "is not notebook 02"),
        ("· 80분", "· 81분", "lecture 1 of 1 takes 80 minutes, not 81"),
        ("bottleneck.ipynb) (5분)", "bottleneck.ipynb) (4분)", "no 4 minutes"),
        ("숙제, 22분", "숙제, 23분", "the homework of lecture 1 of 1 takes [6, 8, 8], not 23"),
        ("모양을 보면 알 수 있을까요?", "모양", "asks nothing"),
        ("섞기 ●○○ 3분", "섞기 ●○○ 4분", "exercises: ko/00_warm_up has no '섞기 ●○○ 3'"),
        ("; 섞기 ●○○ 3분 | 9 |", " | 6 |", "exercises: ko/00_warm_up has no '| 9 |'"),
        ("| [01 · 병목]", "| [01 · 목]", "seconds: ko/01_bottleneck has no '| [01 · 병목]"),
        ("<!-- seconds:begin -->", "", "it has places for ['exercises'], not for"),
    ],
)
def test_a_fault_is_told(old, new, told):
    edition = "en" if old in TEXTS["en"] else "ko"
    assert old in TEXTS[edition]
    text, notebooks = TEXTS[edition].replace(old, new, 1), by_number(edition)
    faults = [
        f for rule in (wrong_names, wrong_minutes, wrong_tables) for f in rule(text, notebooks)
    ]
    if not faults:
        faults = list(wrong_cells(text, notebooks))
    assert any(told in fault for fault in faults), faults


def test_a_place_that_is_missing_is_told():
    english = find(edition="en")
    with pytest.raises(ToolError, match=r"TEACHING\.md has no place for the seconds"):
        readme.update_teaching("no markers", english)
