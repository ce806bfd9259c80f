"""Slides made from cells: what is projected, when it appears, what the speaker's notes are."""

import pytest
from nbformat import v4

from tools.notebooks.notebook_files import ToolError
from tools.publish.slide_content import shown_code, slides_of

PNG = {  # 2 x 1 pixels
    "image/png": "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGNkYGBgZmAAAAAW"
    "AAUrQH4HAAAAAElFTkSuQmCC"
}


def cell(make, source, id, kind, tags=(), **metadata):
    metadata |= {"slideshow": {"slide_type": kind}, "tags": list(tags)}
    return make(source, id=id, metadata=metadata)


def prose(source, id="title", kind="slide", **metadata):
    return cell(v4.new_markdown_cell, source, id, kind, **metadata)


def code(source, id, kind, *shown, tags=(), **metadata):
    made = cell(v4.new_code_cell, source, id, kind, tags, **metadata)
    made.outputs = [v4.new_output("execute_result", data=data) for data in shown]
    return made


def slides(*cells):
    return slides_of(v4.new_notebook(cells=list(cells)))


def shown(slide):
    return [(part.kind, part.content, part.step) for part in slide.parts]


def test_slides_begin_at_slides_and_subslides_and_keep_the_section_in_view():
    one, two, three = slides(
        prose("## Scores\n\nWhat fits?"),
        prose("left out", "a", "skip"),
        prose("And then?", "b", "subslide"),
        prose("### Shares\n\nOf what?", "c", "subslide"),
        prose("## More\n\nSo.", "d", "-"),
    )
    assert [s.heading for s in (one, two, three)] == ["Scores", "Scores", "Shares"]
    assert [s.opens for s in (one, two, three)] == [True, False, False]
    assert shown(one) == [("prose", "What fits?", None)]
    assert shown(three)[1:] == [("prose", "### More\n\nSo.", None)]


def test_each_fragment_is_a_click_and_code_comes_before_what_it_shows():
    (slide,) = slides(
        prose("Look:"),
        code("x = 1\nx", "a", "-", {"text/plain": "1"}),
        prose("So.", "b", "fragment"),
        code("y = 2\ny", "c", "fragment", {"text/plain": "2"}),
    )
    assert [(kind, step) for kind, _, step in shown(slide)] == [
        ("prose", None),
        ("code", None),
        ("text", 0),
        ("prose", 1),
        ("code", 2),
        ("text", 3),
    ]


def test_short_text_stands_in_for_the_prose_and_keeps_its_heading():
    first, second, third = slides(
        prose("## Long\n\nWords and words.", slide_text="Few."),
        prose("## Long\n\nWords.", "b", slide_text="## Short\n\nFew."),
        code("x = 1", "c", "subslide", slide_text="Read:"),
    )
    assert [s.heading for s in (first, second, third)] == ["Long", "Short", "Short"]
    assert shown(first) == shown(second) == [("prose", "Few.", None)]
    assert shown(third) == [("prose", "Read:", None), ("code", "x = 1", None)]
    (empty,) = slides(prose("## Head\n\nWords.", slide_text=""))
    assert (empty.heading, empty.parts) == ("Head", [])


def test_tags_choose_code_or_output():
    (slide,) = slides(
        prose("Both:"),
        code("x = 1\nx", "a", "-", {"text/plain": "'one'"}, tags=["slide-output", "claim"]),
        code("y = 2\ny", "b", "-", {"text/plain": "2"}, tags=["slide-code"]),
        code("z = 3", "c", "-", tags=["slide-output"]),
    )
    kinds = [(kind, content) for kind, content, _ in shown(slide)]
    assert kinds[:3] == [("prose", "Both:"), ("claim", "one"), ("code", "y = 2\ny")]
    assert kinds[3][0] == "missing" and "Nothing is stored for c" in kinds[3][1]


def test_notes_are_collected_and_their_minutes_added():
    (slide,) = slides(
        prose("A.", slide_notes="2 min. Ask."),
        prose("B.", "b", "fragment", slide_notes="Then say."),
        prose("**1.5 min** more.", "c", "notes"),
    )
    assert slide.notes == ["2 min. Ask.", "Then say.", "**1.5 min** more."]
    assert slide.minutes == 3.5 and len(slide.parts) == 2
    assert slides(prose("글.", slide_notes="2분. 묻습니다."))[0].minutes == 2


def test_badge_and_link_are_not_projected():
    badge = (
        "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://x)"
    )
    for line in (badge, f"{badge} · [한국어](../ko/01_x.ipynb)", "[English](../en/01_x.ipynb)"):
        (slide,) = slides(prose(f"# Title\n\nA promise.\n\n{line}"))
        assert [part.content for part in slide.parts] == ["A promise."]


def test_a_figure_has_its_alt_text_and_stands_beside_what_there_is_room_for():
    drawn = {"alt": "Two pixels.", "tags": ["slide-output"]}
    beside, alone, flat, wide = slides(
        prose("Look:"),
        code("x = 1\nplot(x)", "a", "-", PNG, alt="Two pixels."),
        code("x", "b", "slide", PNG, **drawn),
        prose("Look:", "c"),
        code("x", "d", "-", PNG | {"image/svg+xml": '<svg viewBox="0 0 30 10"/>'}, **drawn),
        prose("Look:", "e"),
        code("x", "f", "-", PNG, alt="Two pixels.", tags=["slide-output", "slide-wide"]),
    )
    assert [s.columns for s in (beside, alone, flat, wide)] == [True, False, False, False]
    figure = beside.figures[0]
    assert (figure.alt, figure.shape, figure.step) == ("Two pixels.", 2, 0)
    assert figure.content.startswith("data:image/png;base64,iVBOR")
    assert flat.figures[0].content.startswith("data:image/svg+xml;base64,")
    assert beside.parts[1].content == "x = 1"  # the line that only draws is left out


def test_long_code_leaves_no_room_for_a_figure_beside_it():
    line = "x = " + " + ".join(["1"] * 20)
    short, long = (
        slides(code(f"{source}\nplot(x)", "a", "slide", PNG))[0] for source in ("x = 1", line)
    )
    assert short.columns and not long.columns
    assert long.code_size < short.code_size


def test_dictionaries_are_tables():
    nested = "{'RNN': {32: 1011, 128: 3}, 'a|b': {32: 16}}"
    (slide,) = slides(
        code("x", "a", "slide", {"text/plain": "{'four': 0.5}"}, {"text/plain": nested})
    )
    assert [content for kind, content, _ in shown(slide) if kind == "table"] == [
        "| four |\n| --- |\n| 0.5 |",
        "|  | 32 | 128 |\n| --- | --- | --- |\n| RNN | 1,011 | 3 |\n| a\\|b | 16 |  |",
    ]


MODEL = """class Model:
    def __init__(self):
        self.x = 1

    def encode(self, source):
        return source

    @property
    def decode(self):
        return self.x"""


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("encode", "class Model:\n    # …\n    def encode(self, source):\n        return source"),
        ("__init__", "class Model:\n    def __init__(self):\n        self.x = 1"),
        (
            "decode",
            "class Model:\n    # …\n    @property\n    def decode(self):\n        return self.x",
        ),
        ("", MODEL),
    ],
)
def test_code_shows_the_definitions_that_are_named(wanted, expected):
    assert shown_code(code(MODEL, "a", "-", slide_show=wanted)) == expected


def test_code_shows_the_assignments_that_are_named_and_no_asserts():
    source = "a = 1\nb = 2\nassert a < b\nc, d = 3, 4\nb"
    assert shown_code(code(source, "a", "-")) == "a = 1\nb = 2\nc, d = 3, 4\nb"
    assert shown_code(code(source, "a", "-", slide_show="b d")) == "b = 2\nc, d = 3, 4"


def test_what_cannot_be_projected_is_an_error():
    with pytest.raises(ToolError, match="'a' stands before the first slide"):
        slides(prose("x", "a", "fragment"))
    with pytest.raises(ToolError, match="'a' defines no 'z', which slide_show names"):
        shown_code(code("x = 1", "a", "-", slide_show="x z"))


def test_little_prose_is_set_large_and_a_syllable_counts_as_two_letters():
    sizes = [slides(prose("word " * n))[0].size for n in (5, 60, 90, 130, 400)]
    assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) >= 4
    latin, hangul = slides(prose("word" * 70)), slides(prose("글자" * 70))
    assert latin[0].size == hangul[0].size < slides(prose("글자" * 35))[0].size


def test_words_are_those_that_are_projected():
    (slide,) = slides(
        prose("## A head\n\nNobody's *long* prose, 1 to 3.", slide_text="It's few-worded: 12."),
        code("many = words", "a", "-"),
    )
    assert slide.words == 3
