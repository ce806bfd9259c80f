"""GLOSSARY.md: sorted, in both languages, and each term occurs in the notebooks that it names."""

import re

import pytest

from tests.support.stored_notebooks import read
from tools.notebooks.notebook_files import ToolError, find
from tools.publish import glossary

ROW = "## B\n\n| {} | 배치 | Some sentences. | 문장 묶음입니다. | {} |\n"
LINK = "[01](notebooks/en/01_bottleneck.ipynb)"


@pytest.fixture(scope="module")
def texts():
    """What each English notebook says, prose and code, by its name."""
    notebooks = {path.stem: read(path) for path in find(edition="en")}
    return {name: "\n".join(c.source for c in nb.cells) for name, nb in notebooks.items()}


def occurs(term, text):
    """Tell whether a text has a term, written in one word or in several."""
    pattern = re.escape(term).replace(r"\ ", r"[\s_-]*").replace(r"\-", r"[\s_-]*")
    pattern = rf"(?<![^\W_]){pattern}(?:s|es|d)?(?![^\W_])"
    return re.search(pattern, text.replace("*", ""), re.IGNORECASE)


def complaints(entries, texts):
    """Yield what is wrong with a glossary."""
    terms = [entry.term.casefold() for entry in entries]
    pairs = zip(terms, sorted(terms), strict=True)
    yield from (f"not sorted: {term!r}" for term, wanted in pairs if term != wanted)
    for names in (terms, [entry.korean for entry in entries]):
        yield from (f"{name!r} stands twice" for name in set(names) if names.count(name) > 1)
    for entry in entries:
        if entry.letter != entry.term[0].upper():
            yield f"{entry.term!r} stands under {entry.letter!r}"
        wanted = entry.term  # in the first notebook; in a further one its last word will do
        for name in entry.notebooks:
            if name not in texts or not occurs(wanted, texts[name]):
                yield f"{name} does not say {wanted!r}"
            wanted = entry.term.split()[-1]
        if re.search("[가-힣]", entry.sentence) or not re.search("[가-힣]", entry.korean_sentence):
            yield f"{entry.term!r}: no sentence in each language"


def test_the_glossary_is_sorted_and_names_notebooks_that_say_its_terms(texts):
    wrong = list(complaints(glossary.read(), texts))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("| batch |", "| zbatch |", "not sorted: "),
        ("| context | 컨텍스트 |", "| context | 어텐션 |", "'어텐션' stands twice"),
        ("| batch |", "| bat |", "01_bottleneck does not say 'bat'"),
        ("## H", "## h", "'head' stands under 'h'"),
        ("한 글 안의 단어들이 서로를 바라보는 어텐션입니다.", "Attention.", "in each language"),
    ],
)
def test_a_fault_is_found(old, new, complaint, texts, tmp_path):
    text = glossary.GLOSSARY.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "GLOSSARY.md"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(complaint in each for each in complaints(glossary.read(path), texts))


def test_a_row_is_read_with_all_its_notebooks(tmp_path):
    path = tmp_path / "GLOSSARY.md"
    head = "| " + " | ".join(glossary.HEAD) + " |\n| --- | --- | --- | --- | --- |\n"
    row = ROW.format("batch", f"{LINK}, [02](notebooks/en/02_attention.ipynb)")
    text = f"| a table | before |\n\n{row.replace('| batch', head + '| batch')}"
    path.write_text(text, encoding="utf-8")
    (entry,) = glossary.read(path)
    assert (entry.letter, entry.term, entry.korean) == ("B", "batch", "배치")
    assert entry.notebooks == ("01_bottleneck", "02_attention")


@pytest.mark.parametrize(
    ("term", "links", "message"),
    [
        ("", LINK, "GLOSSARY.md:3 has 5 cells; fill in all of Term, 한국어"),
        ("batch", f"{LINK} and more", "names no notebook"),
        ("batch", LINK.replace("01_", "02_"), "names no notebook"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(term, links, message, tmp_path):
    path = tmp_path / "GLOSSARY.md"
    path.write_text(ROW.format(term, links), encoding="utf-8")
    with pytest.raises(ToolError, match=message):
        glossary.read(path)
