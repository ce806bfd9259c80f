"""tools.notebooks.form: minutes, hidden code, folded headings."""

import copy

import pytest

from tests.support.toys import code, markdown, notebook
from tools.notebooks.form import core_words, is_measured, minutes, shape, without_minutes
from tools.publish.slide_content import slides_of

WORDS = " ".join(["word"] * 300)
SLIDE = {"slideshow": {"slide_type": "slide"}}


def toy(goals="**Time** about 7 minutes to read; seconds to run."):
    """Return a notebook of five minutes, a claim, an exercise and something that goes further."""
    return notebook(
        markdown(goals, "goals", **SLIDE),
        code(WORDS.replace(" ", "\n"), "setup"),
        markdown(WORDS, "core"),
        code("assert share > 0.9\nmeasured('{share}', share=share)", "claim-one", "claim"),
        markdown("### Exercise " + WORDS, "exercise-x"),
        markdown("## Going further\n\n" + WORDS, "more", tags=["further"], **SLIDE),
    )


def test_the_core_leaves_out_set_up_hidden_code_exercises_and_what_goes_further():
    made = toy()
    assert core_words(made) == 300 + 9 and minutes(made) == 5
    assert minutes(notebook(markdown("word"))) == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("exercises", 0),
        ("exercise-softmax-hint", 0),
        ("longer-gru", 0),
        ("longer-gru-stub", 0),
        ("challenge-smallest", 0),
        ("think", 0),
        ("think-width", 0),
        ("thinker", 1),
        ("longer", 0),
        ("longest", 1),
        ("xor-think", 1),
    ],
)
def test_the_core_leaves_out_what_asks_the_reader_for_something(name, words):
    assert core_words(notebook(markdown("word", name))) == words


@pytest.mark.parametrize(
    ("goals", "stated"),
    [
        ("**Time** about 7 minutes to read.", "**Time** about 5 minutes to read."),
        ("**걸리는 시간** 읽는 데 40분쯤.", "**걸리는 시간** 읽는 데 5분쯤."),
        ("**Time** about half an hour.", "**Time** about half an hour."),
    ],
)
def test_minutes_are_stated(goals, stated):
    made = toy(goals)
    shape(made)
    assert made.cells[0].source == stated
    assert without_minutes(stated) == without_minutes(goals)


def test_the_code_of_a_measured_sentence_is_hidden_and_shaping_twice_changes_nothing():
    made = toy()
    shape(made)
    claim = made.cells[3]
    assert claim.source.startswith("# @title Measured · 측정\nassert")
    assert claim.metadata == {
        "tags": ["claim", "hide-input"],
        "jupyter": {"source_hidden": True},
        "cellView": "form",
    }
    again = copy.deepcopy(made)
    shape(again)
    assert again == made


def test_other_claims_and_other_cells_show_their_code():
    for cell in (
        code("assert x\nf'{x}'", "claim-x", "claim"),
        code("measured('{x}', x=1)", "x"),
        markdown("measured(x)", "text", tags=["claim"]),
    ):
        assert not is_measured(cell)
        made = notebook(copy.deepcopy(cell))
        shape(made)
        assert made.cells == [cell]


def test_what_goes_further_is_folded_and_left_out_of_decks():
    made = toy()
    shape(made)
    assert made.cells[5].metadata["jp-MarkdownHeadingCollapsed"] is True
    assert "jp-MarkdownHeadingCollapsed" not in made.cells[2].metadata
    (slide,) = slides_of(made)
    assert slide.id == "goals" and [part.kind for part in slide.parts].count("code") == 1
