"""GLOSSARY.md is complete, sorted, and says of each term the notebook that introduces it."""

import re

import pytest

from tests.support import stored
from tools.notebooks.files import ToolError
from tools.publish import glossary

ROW = "## B\n\n| {} | 배치 | Some sentences. | 문장 묶음입니다. | {} |\n"
LINK = "[01](notebooks/en/01_bottleneck.ipynb)"

# Bold prose is a term where it has at most three words. Not: in goals, recap, next and exercises,
# which repeat; at the head of a list item or in a table, where it is a heading; single letters,
# which name axes and suspects; sentences and what introduces them.
REPEATS = re.compile(r"goals|recap|next|exercise.*")
ITEM = re.compile(r"\s*(?:[-*]|\d+\.)\s+\*\*.*|\s*\|.*")
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
NUMBERED = re.compile(r"\d\. (?:the )?(.+?)\.?")
EMPHASIS = """
add, add a code, all, angle between them, at every step, average, before, between,
by elimination, can, cast, characters, counting, department, distance, earlier, false, first,
folds, four, honest, how alike, how many, in one word, last, later, learning, may, may attend,
mixed, names, not, not like one, one, one look, predict, relative, school, second, shares, state,
sum,
teacher, the middle fades, training, trains, turn, who, within, write, a clock, after,
halves throughout, within the groups
"""
EMPHASIS = {" ".join(text.split()) for text in EMPHASIS.split(",")}
ALIASES = {  # as it stands in bold: as it stands in the glossary
    "absolute": "absolute position",
    "saturated": "saturated softmax",
    "feed-forward network": "feed-forward layer",
    "rotary": "rotary position",
    "sinusoidal": "sinusoidal code",
}


def bold_terms(notebook):
    """Return the terms that a notebook sets in bold, in order, lower case."""
    return [ALIASES.get(text, text) for text in in_bold(notebook) if text not in EMPHASIS]


def in_bold(notebook):
    """Yield what by the rule above is a term, or is on the list of emphasis."""
    for cell in notebook.markdown:
        lines = [] if REPEATS.fullmatch(cell.id) else cell.source.split("\n")
        prose = "\n".join(line for line in lines if not ITEM.fullmatch(line))
        for found in BOLD.findall(prose):
            text = " ".join(found.casefold().split())
            numbered = NUMBERED.fullmatch(text)
            text = numbered[1] if numbered else text
            short = len(text.split()) <= 3 and not text.endswith((".", ":", "?", "!"))
            if short and len(re.findall(r"[a-z]", text)) > 1:
                yield text


def occurs(term, notebook):
    """Tell whether a notebook says a term, in prose or code, written in one word or in several."""
    pattern = re.escape(term).replace(r"\ ", r"[\s_-]*").replace(r"\-", r"[\s_-]*")
    text = "\n".join(cell.source for cell in notebook.cells).replace("*", "")
    return re.search(rf"(?<![^\W_]){pattern}(?:s|es|d)?(?![^\W_])", text, re.IGNORECASE)


def complaints(entries, notebooks):
    """Yield what is wrong with a glossary, given the English notebooks in order."""
    terms = [entry.term.casefold() for entry in entries]
    by_term, by_name = dict(zip(terms, entries, strict=True)), {n.name: n for n in notebooks}
    introduced = set()
    for notebook in notebooks:
        for text in bold_terms(notebook):
            term = text if text in by_term else text.removesuffix("s")
            if term not in by_term:
                yield f"{notebook} introduces {text!r}, which the glossary does not have"
            elif term not in introduced and by_term[term].notebooks[0] != notebook.name:
                yield f"{term!r} is introduced in {notebook}, not {by_term[term].notebooks[0]}"
            introduced.add(term)
    if terms != sorted(terms):
        yield f"not sorted: {next(b for a, b in zip(terms, terms[1:], strict=False) if a > b)!r}"
    for kind, names in (("term", terms), ("Korean term", [entry.korean for entry in entries])):
        yield from (f"{kind} {n!r} stands twice" for n in sorted(set(names)) if names.count(n) > 1)
    for entry in entries:
        yield from unsound(entry, by_name)


def unsound(entry, by_name):
    """Yield what is wrong with one entry, whatever the others are."""
    if entry.letter != entry.term[0].upper():
        yield f"{entry.term!r} stands under {entry.letter!r}"
    wanted = entry.term  # in the first notebook; in a further one its last word will do
    for name in entry.notebooks:
        if name not in by_name or not occurs(wanted, by_name[name]):
            yield f"{name} does not say {wanted!r}"
        wanted = entry.term.split()[-1]
    if not re.fullmatch(r"[^가-힣]+\.", entry.sentence):
        yield f"{entry.term!r}: no English sentence"
    if not re.fullmatch(r".*[가-힣].*니다\.", entry.korean_sentence):
        yield f"{entry.term!r}: no Korean sentence in the polite form"


@pytest.fixture(scope="module")
def english_notebooks():
    return [stored.read(path) for path in stored.paths(editions=("en",))]


def test_the_glossary_is_complete_and_sound(english_notebooks):
    told = list(complaints(glossary.read(), english_notebooks))
    assert not told, "\n".join(told)


def test_no_exception_is_left_over(english_notebooks):
    bold = {text for notebook in english_notebooks for text in in_bold(notebook)}
    assert bold >= EMPHASIS and set(ALIASES) <= bold
    assert not EMPHASIS & {entry.term.casefold() for entry in glossary.read()}


def test_korean_terms_are_found_by_the_english_one():
    korean = glossary.korean_by_term()
    assert korean["attention"] == "어텐션" and korean["query"] == "쿼리"
    assert len(korean) == len(glossary.read()) > 100


# --- the rules seen to fail ---


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("| mask | 마스크 |", "| masque | 마스크 |", "introduces 'mask', which the glossary"),
        ("| context | 컨텍스트 |", "| context | 어텐션 |", "Korean term '어텐션' stands twice"),
        ("| batch |", "| attention |", "term 'attention' stands twice"),
        ("| batch |", "| zbatch |", "not sorted: 'bits per character'"),
        ("| batch |", "| bat |", "01_bottleneck does not say 'bat'"),
        ("## H", "## h", "'head' stands under 'h'"),
        ("한 글 안의 단어들이 서로를 바라보는 어텐션입니다.", "어텐션이다.", "the polite form"),
        ("A word such as *thousand*", "수 *thousand*", "'scale word': no English sentence"),
        (
            "[08](notebooks/en/08_masking",
            "[07](notebooks/en/07_nonlinearity",
            "07_nonlinearity does",
        ),
        (
            "[02](notebooks/en/02_attention.ipynb) |\n| attention output",
            "[03](notebooks/en/03_why_attention_helps.ipynb) |\n| attention output",
            "'attention' is introduced in en/02_attention, not 03",
        ),
    ],
)
def test_a_fault_is_told(old, new, told, english_notebooks, tmp_path):
    text = glossary.GLOSSARY.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "GLOSSARY.md"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(told in each for each in complaints(glossary.read(path), english_notebooks))


def test_a_row_is_read_with_all_its_notebooks(tmp_path):
    path = tmp_path / "GLOSSARY.md"
    head = "| " + " | ".join(glossary.HEAD) + " |\n| --- | --- | --- | --- | --- |\n"
    row = ROW.format("batch", f"{LINK}, [02](notebooks/en/02_attention.ipynb)")
    path.write_text(f"| a table | before |\n\n{row.replace('| batch', head + '| batch')}")
    (entry,) = glossary.read(path)
    assert (entry.letter, entry.term, entry.korean) == ("B", "batch", "배치")
    assert entry.notebooks == ("01_bottleneck", "02_attention")


@pytest.mark.parametrize(
    ("term", "links", "told"),
    [
        ("", LINK, "GLOSSARY.md:3 has 5 cells; fill in all of Term, 한국어"),
        ("a | b", LINK, "has 6 cells"),
        ("batch", "01", "names no notebook in '01'"),
        ("batch", f"{LINK} and more", "names no notebook"),
        ("batch", LINK.replace("01_", "02_"), "names no notebook"),
    ],
)
def test_a_row_that_cannot_be_read_is_told(term, links, told, tmp_path):
    path = tmp_path / "GLOSSARY.md"
    path.write_text(ROW.format(term, links))
    with pytest.raises(ToolError, match=told):
        glossary.read(path)
