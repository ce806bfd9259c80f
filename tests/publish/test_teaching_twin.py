"""TEACHING.ko.md says what TEACHING.md says: line by line the same tables, cells and numbers."""

import re
from pathlib import Path

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from tests.notebooks import test_editions
from tests.publish.test_teaching import CELL, HEADING, SECTION, TEXTS, by_number
from tests.support import stored
from tests.support.stored import ROOT

ENGLISH, KOREAN = TEXTS["en"], TEXTS["ko"]
MARKS = re.compile(r"#+ |- |\d+\. |<!-- .*|\||")
OWN = (  # what stands in the Korean edition for what the English one has
    (r"\(notebooks/en/", "(notebooks/ko/"),
    (r"\(TEACHING\.ko\.md\)", "(TEACHING.md)"),
    (r"\(README\.md\)", "(README.ko.md)" if (ROOT / "README.ko.md").exists() else "(README.md)"),
    (r"`make (lab|slides|handout)`", r"`make \1 EDITION=ko`"),
    (r"`slides/en/`", "`slides/ko/`"),
)
PROSE = (
    test_editions.has_no_raw_asterisks,
    test_editions.addresses_nobody,
    test_editions.leaves_no_english,
)


def lines(text):
    """Return the lines of a text that are not empty, each with its number."""
    return [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]


def with_korean_links(text):
    """Return English text with the links and the commands that the Korean edition has."""
    for given, made in OWN:
        text = re.sub(given, made, text)
    return text


def sections(line, edition):
    """Return which cells the headings that a line names stand in, in order."""
    found = []
    for number, heading, _ in SECTION.findall(line):
        notebook = by_number(edition)[number]
        ids = [cell.id for cell in notebook.markdown if heading in HEADING.findall(cell.source)]
        found.append((number, ids))
    return found


def differences(english, korean):
    """Yield where the two texts do not say the same."""
    given, made = lines(english), lines(korean)
    if len(given) != len(made):
        yield f"it has {len(made)} lines with text, its twin {len(given)}"
    for (_, one), (number, other) in zip(given, made, strict=False):
        place = f"line {number}"
        if MARKS.match(one)[0] != MARKS.match(other)[0]:
            yield f"{place} begins {other[:12]!r}, its twin {one[:12]!r}"
        wanted, found = (test_editions.facts(x) for x in (with_korean_links(one), other))
        for kind in wanted:
            if wanted[kind] != found[kind]:
                yield f"{place}: {kind}: {[*found[kind]]}, in its twin {[*wanted[kind]]}"
        if CELL.findall(one) != CELL.findall(other):
            yield f"{place}: cells: {CELL.findall(other)}, in its twin {CELL.findall(one)}"
        if sections(one, "en") != sections(other, "ko"):
            yield f"{place}: its sections are not those of its twin"


def as_notebook(text, edition):
    """Return Markdown as a notebook of one cell, for rules on prose."""
    node = new_notebook(cells=[new_markdown_cell(text, id="text")])
    return stored.Stored(Path(edition, "TEACHING.md"), node)


def test_it_says_what_its_twin_says():
    told = list(differences(ENGLISH, KOREAN))
    assert not told, "\n".join(told)


@pytest.mark.parametrize("rule", PROSE, ids=lambda rule: rule.__name__)
def test_its_prose_is_korean(rule):
    told = list(rule(as_notebook(ENGLISH, "en"), as_notebook(KOREAN, "ko")))
    assert not told, "\n".join(told)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("## 숙제\n", "", "lines with text, its twin"),
        ("## 숙제\n", "### 숙제\n", "begins '### 숙제', its twin '## Homework'"),
        ("- **슬라이드.**", "**슬라이드.**", "its twin '- **Decks.**'"),
        ("| 5 | [01", "| 6 | [01", "numbers: ['6', '01'], in its twin ['5', '01']"),
        ("쿼리가 300개", "쿼리가 삼백 개", "numbers: "),
        ("`01/probe-map` |", "`01/probe` |", "cells: [('01', 'probe')], in its twin [('01', 'pr"),
        ("`01/carry`, `01/pair`", "`01/pair`, `01/carry`", "cells: "),
        ("`make handout EDITION=ko`", "`make handout`", "inline code: "),
        ("(GLOSSARY.md)", "(README.md)", "links: ['README.md'], in its twin ['GLOSSARY.md']"),
        ("[03 · 2 · 사람이 읽는 방식에 더 가깝다]", "[03 · 연습]", "its sections are not"),
        ("| 절 |", "| 절 | |", "columns of tables: "),
    ],
)
def test_a_difference_is_told(old, new, told):
    assert old in KOREAN
    found = list(differences(ENGLISH, KOREAN.replace(old, new, 1)))
    assert any(told in each for each in found), found


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("**보여 주기 전에.**라고", "shows an asterisk"),
        ("당신은", "addresses the reader"),
        ("Ask before you show it", "is this English?"),
    ],
)
def test_prose_that_is_not_right_is_told(new, told):
    text = KOREAN.replace("습관 하나면 됩니다.", new, 1)
    assert text != KOREAN
    pair = as_notebook(ENGLISH, "en"), as_notebook(text, "ko")
    assert any(told in each for rule in PROSE for each in rule(*pair))
