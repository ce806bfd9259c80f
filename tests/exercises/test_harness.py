"""The rules for notebooks and exercises: each passes what is good and tells what is bad."""

import os
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.exercises import test_exercises as exercises
from tests.exercises.banks import Wrong
from tests.notebooks import test_notebooks as rules
from tests.support import stored

CHECKER = """
class Verdict:
    def __init__(self, ok, message):
        if not ok and os.environ.get("COURSE_STRICT") == "1":
            raise AssertionError(message)
        self.ok, self.message = ok, message


def check_double(double):
    try:
        got = double(3)
    except Exception as error:
        return Verdict(False, f"Your function raised {type(error).__name__}.")
    if got is None:
        return Verdict(False, "Your function returned None: add a return.")
    if got == 9:
        return Verdict(False, "Do not square it: double it.")
    return Verdict(got == 6, "Well done indeed." if got == 6 else f"Six is right, not {got}.")
"""
SOLUTION = "def double(x):\n    return 2 * x\n"
STUB = "def double(x):\n    ...\n"


def folded(name, text):
    return f"<details><summary>{name}</summary>\n\n{text}\n\n</details>"


def cell(name, source, slide="-", outputs=(), **metadata):
    """Make a cell: code where there is no letter of prose first, with its slide type."""
    metadata = {"slideshow": {"slide_type": slide}} | metadata
    if source[0] in "#*<[" or name == "next":
        return new_markdown_cell(source, id=name, metadata=metadata)
    return new_code_cell(source, id=name, outputs=list(outputs), metadata=metadata)


def exercise(name):
    return [
        cell(f"exercise-{name}", "### Exercise: double it ●○○ · 5 min\n\nWrite it."),
        cell(f"exercise-{name}-stub", STUB.replace("double", name), tags=["stub"]),
        cell(f"exercise-{name}-check", f"check_double({name})", tags=["check"], needs=["judge"]),
        cell(f"exercise-{name}-hint", folded("Hint", "Add it to itself.")),
        cell(
            f"exercise-{name}-solution",
            folded("Solution", f"```python\n{SOLUTION.replace('double', name)}```"),
        ),
    ]


@pytest.fixture
def good(tmp_path):
    """A good notebook, in a repository of its own; put(good) stores it after a change."""
    picture = new_output("display_data", {"image/png": "iVBORw0KGgo="})
    cells = [
        cell("title", "# A toy\n\nOne promise.", "slide"),
        cell("goals", "**You will** double numbers."),
        cell("setup", "import os"),
        cell("imports", "import math"),
        cell("legend", "**B** batch"),
        cell("judge", CHECKER),
        *[cell(f"step-{n}", f"x{n} = math.sqrt({n})") for n in range(1, 10)],
        cell("figure", "x1", outputs=[picture], alt="A curve that falls from one to zero."),
        cell("exercises", "## Exercises"),
        *exercise("double"),
        *exercise("again"),
        cell("recap", "## Recap\n\nSee [this notebook](00_toy.ipynb), [a site](https://x.org)."),
        cell("next", "Nothing."),
    ]
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    node = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    node.nbformat_minor = 5
    for count, code in enumerate((c for c in cells if c.cell_type == "code"), start=1):
        code.execution_count = count
    (tmp_path / "notebooks" / "en").mkdir(parents=True)
    return put(stored.Stored(tmp_path / "notebooks" / "en" / "00_toy.ipynb", node))


def put(notebook):
    """Store a notebook and read it back."""
    notebook.path.write_text(nbformat.v4.writes(notebook.node), encoding="utf-8")
    return stored.read(notebook.path)


# --- hygiene ---


def edit(name, **changes):
    """Return a change that sets attributes of one cell."""
    return lambda nb: nb.cell(name).update(changes)


def mark(name, **changes):
    """Return a change that sets metadata of one cell."""
    return lambda nb: nb.cell(name).metadata.update(changes)


def give(cell_id, kind, **content):
    """Return a change that gives one cell an output."""
    return lambda nb: nb.cell(cell_id).outputs.append(new_output(kind, **content))


def insert(at, *made):
    """Return a change that inserts cells."""
    return lambda nb: nb.cells.__setitem__(slice(at, at), list(made))


def swap(nb):
    nb.cells[0], nb.cells[1] = nb.cells[1], nb.cells[0]


def unslide(nb):
    nb.cells[0].metadata.slideshow.slide_type = "-"


def lengthen(*names, lines):
    """Return a change that gives cells this many lines."""
    return lambda nb: [nb.cell(name).update(source="x = 1\n" * lines) for name in names]


IMAGE = {"data": {"image/svg+xml": "<svg/>"}}
HTML = {"data": {"text/html": "<div><img src='data:x'></div>"}}
WIDGET = {"data": {rules.WIDGET: {}, "text/plain": "slider"}}

BROKEN = [
    (rules.is_valid, lambda nb: nb.node.update(nbformat_minor=4), "4.5"),
    (rules.is_valid, edit("step-1", execution_count="one"), "not a valid notebook"),
    (rules.is_valid, lambda nb: nb.cells[2].pop("id"), "not a valid notebook"),
    (rules.is_small, edit("goals", source="x" * 1_000_001), "shrink"),
    (rules.has_kernel, lambda nb: nb.node.metadata.clear(), "not python3"),
    (rules.has_kernel, lambda nb: nb.node.metadata.kernelspec.update(name="lab"), "not python3"),
    (rules.has_no_machine_path, edit("step-1", source='open("/root/x")'), "/root/"),
    (rules.has_no_machine_path, edit("goals", source="see /home/me"), "/home/"),
    (rules.has_no_machine_path, edit("step-1", source=r"'C:\\Users\me'"), "Users"),
    (rules.has_no_machine_path, give("step-1", "stream", text="in /tmp/x"), "stream: /tmp/"),
    (
        rules.has_no_machine_path,
        give("step-1", "display_data", data={"text/html": "/work"}),
        "html",
    ),
    (rules.has_no_machine_path, give("step-1", "error", traceback=["at /tmp/x"]), "/tmp/"),
    (rules.has_meaningful_ids, edit("step-1", id="3fa85f64"), "generated"),
    (rules.has_meaningful_ids, edit("step-1", id="Step_1"), "kebab"),
    (rules.has_meaningful_ids, edit("step-1", id="step-2"), "twice"),
    (rules.has_required_cells, edit("legend", id="letters"), "missing: legend"),
    (rules.has_required_cells, swap, "title first"),
    (rules.has_required_cells, lambda nb: nb.cells.reverse(), "order"),
    (rules.has_no_empty_cell, insert(99, new_code_cell("", id="last")), "last is empty"),
    (rules.has_no_empty_cell, edit("goals", source="\n"), "goals is empty"),
    (rules.has_enough_code, lambda nb: nb.cells.__delitem__(slice(2, 7)), "code cells"),
    (rules.has_enough_code, insert(9, *[new_code_cell("1")] * 40), "code cells"),
    (rules.has_slides, lambda nb: nb.cells[3].metadata.clear(), "slide_type None"),
    (rules.has_slides, mark("goals", slideshow={"slide_type": "page"}), "'page'"),
    (rules.has_slides, unslide, "no cell starts a slide"),
    (rules.is_executed_in_order, edit("step-1", execution_count=None), "execution counts"),
    (rules.is_executed_in_order, edit("step-1", execution_count=99), "execution counts"),
    (rules.ran_cleanly, give("step-1", "error", ename="ValueError"), "stores an error"),
    (rules.ran_cleanly, give("step-1", "stream", name="stderr", text="warn"), "stderr"),
    (rules.ran_cleanly, give("step-1", "display_data", **WIDGET), "widget"),
    *(
        (rules.brings_all_it_shows, give("step-1", "display_data", data={kind: text}), told)
        for kind, text, told in (
            ("application/javascript", "alert(1)", "stores application/javascript"),
            ("text/html", '<script src="https://x.org/a.js"></script>', 'src="https://'),
            ("text/html", "<link rel=stylesheet href=//x.org/a.css>", "href=//"),
            ("text/html", "<script>fetch('/a')</script>", "fetch("),
            ("text/html", "<style>@import 'a.css'</style>", "@import"),
            ("text/html", "<style>p {background: url(http://x.org/a.png)}</style>", "url(http://"),
            ("text/markdown", "<img alt='a curve' src='http://x.org/a.png'>", "src='http://"),
            ("image/svg+xml", "<image xlink:href='https://x.org/a.png'/>", "href='https://"),
        )
    ),
    (rules.has_alt_text, mark("figure", alt="Figure."), "metadata.alt"),
    (rules.has_alt_text, mark("figure", alt=["A list", "is no text at all"]), "metadata.alt"),
    (rules.has_alt_text, give("step-1", "display_data", **IMAGE), "metadata.alt"),
    (rules.has_alt_text, give("step-1", "display_data", **HTML), "<img> without alt"),
    (rules.imports_at_the_top, edit("step-1", source="import sys"), "step-1 imports"),
    (rules.imports_at_the_top, edit("step-1", source="def f():\n    from a import b"), "imports"),
    (rules.is_plain_python, edit("step-1", source="%time x"), "plain Python"),
    (rules.has_short_cells, lengthen("step-1", lines=31), "31 lines"),
    (rules.has_short_cells, lengthen("step-1", "step-2", lines=19), "step-1, step-2"),
    (rules.has_short_lines, edit("step-1", source="x = 1\n" + "y" * 101), "line 2 has 101"),
    (rules.defines_once, edit("step-1", source="def double(x): pass"), "defines double again"),
    (rules.has_plain_markdown, edit("goals", source=":::{note}\nx\n:::"), "MyST"),
    (rules.has_plain_markdown, edit("goals", source="```{note}\nx\n```"), "MyST"),
    (rules.has_steady_headings, edit("goals", source="### Deep"), "jumps from level 1 to 3"),
    (rules.has_steady_headings, edit("goals", source="# Second"), "jumps"),
    (rules.has_live_links, edit("goals", source="[lost](99_lost.ipynb)"), "leads nowhere"),
    (rules.has_live_links, edit("goals", source='<a href="lost.md">x</a>'), "leads nowhere"),
    (rules.has_live_links, edit("goals", source="[x](/notebooks/en/x.ipynb)"), "leads nowhere"),
    (rules.has_live_links, edit("goals", source="![](https://x.org/a.svg)"), "no alt text"),
    (rules.has_live_links, edit("goals", source="![a curve](00_toy.ipynb)"), "Colab"),
]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_a_good_notebook_passes(good, rule):
    assert list(rule(good)) == []


@pytest.mark.parametrize(
    ("rule", "change", "told"), BROKEN, ids=lambda x: getattr(x, "__name__", x)
)
def test_a_bad_notebook_is_told(good, rule, change, told):
    change(good)
    assert told in "\n".join(rule(put(good)))


def test_each_rule_has_been_seen_to_fail():
    assert {rule for rule, _, _ in BROKEN} == set(rules.RULES)


@pytest.mark.parametrize(
    "source",
    [
        "`[a link](lost.md)` in code",
        "```python\n# a comment, no heading\n[x](lost.md)\n```",
        "[mail](mailto:a@x.org), [here](#recap), [file](00_toy.ipynb#recap)",
        "and/work, https://x.org/home/ and /workshop",
        "## Section\n\n### Part\n\n## Section",
        "![a badge](https://x.org/badge.svg)",
    ],
)
def test_sound_prose_passes(good, source):
    good.cell("goals").source = source
    assert [told for rule in rules.RULES for told in rule(put(good))] == []


def test_a_set_up_cell_of_its_own_is_told(good):
    other = put(good)
    assert list(rules.setup_complaints([good, other])) == []
    other.cell("setup").source += "  # mine"
    assert len(list(rules.setup_complaints([good, other]))) == 1
    other.cell("setup").id = "set-up"
    assert len(list(rules.setup_complaints([other]))) == 1


# --- exercises ---


def block(source):
    return folded("Solution", f"```python\n{source}```")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda nb: None, ""),
        (edit("exercise-double-hint", id="hint"), "no cell exercise-double-hint"),
        (edit("exercise-double", id="double"), "no cell exercise-double"),
        (lambda nb: nb.cells.reverse(), "not in the order"),
        (edit("exercise-double", source="### Exercise: double ·5 min"), "heading"),
        (edit("exercise-double", source="### Exercise: double ●○○"), "heading"),
        (edit("exercise-double", source="### Exercise: double ●○○○ · 5 min"), "heading"),
        (edit("exercise-double", cell_type="code"), "its cells are code"),
        (mark("exercise-double-stub", tags=[]), "no tag stub"),
        (mark("exercise-double-check", tags=["stub"]), "no tag check"),
        (edit("exercise-double-hint", source="Add it."), "hint is not <details>"),
        (edit("exercise-double-hint", source=folded("Hint", "")), "hint is not <details>"),
        (edit("exercise-double-solution", source="x"), "0 ```python blocks"),
        (edit("exercise-double-solution", source=block("") * 2), "2 ```python blocks"),
        (edit("exercise-double-solution", source=block("def twice(x): 1\n")), "the stub defines"),
        (edit("exercise-double-solution", source=block("def double(\n")), "is not Python"),
        (edit("exercise-double-stub", source="double = None"), "the stub defines"),
        (edit("exercise-double-check", source="v = check_double(double)"), "with the verdict"),
        (mark("exercise-double-check", needs=["lost"]), "needs the cell lost"),
        (mark("exercise-double-check", needs=["recap"]), "needs the cell recap"),
    ],
)
def test_a_botched_exercise_is_told(good, change, told):
    change(good)
    assert exercises.exercises(good) == ["exercise-double", "exercise-again"] or told
    said = "\n".join(exercises.form_complaints(good, "exercise-double"))
    assert told in said if told else said == ""


def test_korean_headings_are_read():
    assert exercises.HEADING.match("### 연습: 두 배 ●●○ · 5분")


def test_a_sound_exercise_runs_and_leaves_no_trace(good):
    before = dict(os.environ), list(sys.path), os.getcwd()
    bench = exercises.Bench(good, "exercise-double")
    assert list(exercises.solution_complaints(bench)) == []
    assert list(exercises.stub_complaints(bench)) == []
    assert (dict(os.environ), list(sys.path), os.getcwd()) == before


def test_a_stub_that_is_needed_counts_as_solved(good):
    good.cell("exercise-again-check").metadata.needs = ["judge", "exercise-double-stub"]
    assert exercises.Bench(good, "exercise-again").space["double"](3) == 6


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            edit("exercise-double-solution", source=block(SOLUTION.replace("2", "3"))),
            "fails: Asser",
        ),
        (edit("exercise-double-solution", source=block("def double(x): 1/0\n")), "fails: Asser"),
        (edit("exercise-double-check", source="double(3)"), "gets 6"),
        (edit("exercise-double-stub", source=SOLUTION), "as shipped: the check accepted it"),
        (edit("exercise-double-check", source="assert double(3) == 6\n1"), "the check raised"),
        (edit("exercise-double-check", source="double(3) == 6"), "not a Verdict"),
        (edit("judge", source=CHECKER.replace("STRICT", "LAX")), "STRICT=1 the stub passes"),
        (
            edit("judge", source=CHECKER.replace("raise Assertion", "raise Value")),
            "STRICT=1 the stub raises ValueError",
        ),
        (
            edit("judge", source=CHECKER.replace("returned None: add a return", "no")),
            "",
        ),
        (
            edit(
                "judge", source=CHECKER.replace("Your function returned None: add a return", "No")
            ),
            "not friendly",
        ),
    ],
)
def test_an_exercise_that_goes_wrong_is_told(good, change, told):
    change(good)
    bench = exercises.Bench(good, "exercise-double")
    said = "\n".join([*exercises.solution_complaints(bench), *exercises.stub_complaints(bench)])
    assert told in said if told else said == ""


BANK = [
    Wrong("returns None", "add a return", STUB),
    Wrong("raises", "raised ValueError", "def double(x):\n    raise ValueError"),
    Wrong("wrong shape", "not [3, 3]", "def double(x):\n    return [x, x]"),
    Wrong("NaN", "not nan", "def double(x):\n    return float('nan')"),
    Wrong("in place", "Six", "def double(x):\n    x += 1\n    return x"),
    Wrong("squared", "Do not square", "def double(x):\n    return x * x"),
    Wrong("one more", "not 4", "def double(x):\n    return x + 1"),
    Wrong("halved", "not 1.5", "def double(x):\n    return x / 2"),
    Wrong("unchanged", "not 3", "def double(x):\n    return x"),
    Wrong("quadrupled", "not 12", "def double(x):\n    return 4 * x"),
]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda bank: None, ""),
        (lambda bank: bank.clear(), "under 10"),
        (lambda bank: bank.pop(), "under 10"),
        (lambda bank: bank.append(bank[0]), "under 10"),
        (lambda bank: bank.pop(3), "of the kind 'NaN'"),
        (lambda bank: bank.append(Wrong("right", "Six", SOLUTION)), "accepted it"),
        (lambda bank: bank.append(Wrong("other", "squares", BANK[5].source)), "lacks 'squares'"),
        (lambda bank: bank.append(Wrong("other", "", BANK[5].source)), "says nothing"),
        (lambda bank: bank.append(Wrong("other", "Six", "def double(")), "raised SyntaxError"),
        (
            lambda bank: bank.__setitem__(slice(None), [w._replace(hint="Six") for w in bank]),
            "fewer than 4",
        ),
    ],
)
def test_a_leaky_bank_is_told(good, change, told):
    bank = list(BANK)
    change(bank)
    bench = exercises.Bench(good, "exercise-double")
    said = "\n".join(
        [
            *exercises.bank_complaints("exercise-double", bank, {}),
            *exercises.answer_complaints(bench, bank),
        ]
    )
    assert told in said if told else said == ""


@pytest.mark.parametrize(("reason", "count"), [("the inputs are numbers", 0), ("no", 1)])
def test_an_exempt_kind_needs_a_reason(reason, count):
    bank = [wrong for wrong in BANK if wrong.label != "in place"]
    bank.append(Wrong("negated", "not -6", "def double(x):\n    return -2 * x"))
    told = exercises.bank_complaints("exercise-double", bank, {"in place": reason})
    assert len(list(told)) == count


def test_another_edition_need_not_hold_english_words(good):
    korean = good.path.parents[1] / "ko"
    korean.mkdir()
    other = put(stored.Stored(korean / "00_toy.ipynb", good.node))
    bench = exercises.Bench(other, "exercise-double")
    assert not list(exercises.answer_complaints(bench, [BANK[0]._replace(hint="lost")]))
    assert list(exercises.answer_complaints(bench, [Wrong("right", "Six", SOLUTION)]))


def test_a_missing_bank_fails(good):
    with pytest.raises(pytest.fail.Exception, match="no bank of wrong answers"):
        exercises.load_bank(stored.Stored(good.path.with_stem("99_toy"), good.node))
