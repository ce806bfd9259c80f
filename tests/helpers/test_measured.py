"""Measured sentences and tables, in the reader's language."""

import pytest
from IPython.lib.pretty import pretty

from helpers.measured import measured, measured_table

KOREAN = {
    "{name}: {share:.0%} of {n} are correct.": "{name}에서 {n}개 중 {share:.0%}이(가) 맞습니다.",
    "dates": "날짜",
    "exact match": "정확 일치",
    "{0} digits": "{0}자리",
}


@pytest.fixture
def korean(monkeypatch):
    """Let some texts have Korean."""
    monkeypatch.setenv("COURSE_EDITION", "ko")
    monkeypatch.setattr("helpers.messages._translations", lambda edition: KOREAN)


SENTENCE = "{name}: {share:.0%} of {n} are correct."


def test_a_sentence_has_its_values_as_text_and_as_markdown():
    told = measured(SENTENCE, name="dates", share=0.958, n=128)
    assert told == "dates: 96% of 128 are correct."
    assert pretty(told) == repr(told) == str(told)
    assert told._repr_markdown_() == f"> {told}"


def test_a_negative_number_has_a_minus_sign():
    assert measured("From {a:.0f} to {b:.1f} by two-thirds.", a=1, b=-1) == (
        "From 1 to −1.0 by two-thirds."
    )


def test_a_sentence_is_korean_in_the_korean_edition(korean):
    told = measured(SENTENCE, name="dates", share=0.958, n=128)
    assert told == "날짜에서 128개 중 96%가 맞습니다."


def test_a_table_has_a_row_for_each_name():
    told = measured_table({"dates": [0, "0.96"], "3 digits": [1024, "–"]}, ["steps", "exact match"])
    assert told == "dates: steps 0, exact match 0.96; 3 digits: steps 1,024, exact match –"
    assert told._repr_markdown_().splitlines() == [
        "|  | steps | exact match |",
        "| --- | --- | --- |",
        "| dates | 0 | 0.96 |",
        "| 3 digits | 1,024 | – |",
    ]


def test_a_table_is_korean_in_the_korean_edition(korean):
    told = measured_table({"dates": ["0.96"], "3 digits": ["1.00"]}, ["exact match"], "dates")
    assert told._repr_markdown_().splitlines()[0] == "| 날짜 | 정확 일치 |"
    assert told == "날짜: 정확 일치 0.96; 3자리: 정확 일치 1.00"


def test_what_measures_nothing_is_refused():
    with pytest.raises(ValueError, match="a sentence without values. Pass what was measured"):
        measured("It is so.")
    with pytest.raises(KeyError, match="n"):
        measured(SENTENCE, name="dates", share=0.958)
    with pytest.raises(ValueError, match="The row 'a' has 1 values, but there are 2 columns"):
        measured_table({"a": [1]}, ["one", "two"])


def test_what_is_shown_is_noted_even_where_it_has_korean(korean, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_SHOWN", str(tmp_path / "shown"))
    measured(SENTENCE, name="dates", share=0.958, n=128)
    lines = (tmp_path / "shown").read_text(encoding="utf-8").splitlines()
    assert lines == [f'"{SENTENCE}"', '"dates"']
