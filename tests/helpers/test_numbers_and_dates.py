"""Numbers and dates in two languages, and which word says which syllable."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from helpers.numbers_and_dates import date_pair, number_pair, read_korean

UNITS = dict(zip("일이삼사오육칠팔구", range(1, 10), strict=True))
UP_TO_19 = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORDS = {word: n for n, word in enumerate(UP_TO_19)}
WORDS |= {word: 10 * n for n, word in enumerate(TENS, start=2)}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}


def read_english(words):
    """Return the number that English words say, by a reader of our own."""
    total = block = 0
    for w in words:
        if w in WORDS:
            block += WORDS[w]
        elif w == "hundred":
            block *= 100
        elif w in SCALES:
            total, block = total + block * SCALES[w], 0
    return total + block


@given(st.integers(1, 10**12 - 1))
def test_both_sides_say_the_number(number):
    pair = number_pair(number)
    assert read_english(pair.source) == number
    assert read_korean(pair.target) == number


@given(st.one_of(st.integers(0, 10**12 - 1), st.integers(0, 12).map(lambda n: 10**n - (n == 12))))
def test_groups_of_digits_are_said_as_num2words_says_the_whole(number):
    pair = number_pair(number)
    assert pair.source == tuple(num2words(number).replace(",", "").replace("-", " ").split())
    assert pair.target == tuple(num2words(number, lang="ko").replace(" ", ""))


@given(st.integers(1, 10**12 - 1))
def test_the_gold_words_of_a_digit_say_that_digit(number):
    pair = number_pair(number)
    assert len(pair.alignment) == len(pair.target)
    for syllable, words in zip(pair.target, pair.alignment, strict=True):
        if syllable in "만억":
            assert words == ()
        elif syllable in UNITS:
            assert str(UNITS[syllable]) in str(read_english([pair.source[words[0]]]))


def test_a_number_by_hand():
    pair = number_pair(407_000_016)
    assert pair.source == ("four", "hundred", "and", "seven", "million", "and", "sixteen")
    assert pair.target == tuple("사억칠백만십육")
    assert pair.alignment == ((0, 1), (), (3,), (3,), (), (6,), (6,))


@pytest.mark.parametrize(
    ("number", "words", "syllables", "alignment"),
    [
        (10, "ten", "십", ((0,),)),
        (11, "eleven", "십일", ((0,), (0,))),
        (12, "twelve", "십이", ((0,), (0,))),
        (1_100, "one thousand one hundred", "천백", ((0,), (2, 3))),
        (
            *(11_112, "eleven thousand one hundred and twelve", "만천백십이"),
            ((), (0,), (2, 3), (5,), (5,)),
        ),
    ],
)
def test_small_numbers_by_hand(number, words, syllables, alignment):
    assert number_pair(number) == (tuple(words.split()), tuple(syllables), alignment)


@pytest.mark.parametrize("number", [-1, 10**12])
def test_a_number_out_of_range_is_refused(number):
    told = f"(?s){number}.*1 to 12 digits.*Choose one from 0 to 999,999,999,999"
    with pytest.raises(ValueError, match=told):
        number_pair(number)


def test_a_date_by_hand():
    pair = date_pair(datetime.date(2026, 11, 22))
    assert pair.source == ("Sunday", "November", *"222026")
    assert pair.target == tuple("2026년11월22일일요일")
    day, month, year = (2, 3), (1,), (4, 5, 6, 7)
    assert pair.alignment == (
        (4,), (5,), (6,), (7,), year, month, month, month, (2,), (3,), day, (0,), (0,), (0,)
    )  # fmt: skip


@given(st.dates(datetime.date(1970, 1, 1), datetime.date(2069, 12, 31)))
def test_the_digits_of_a_date_are_aligned_with_themselves(day):
    pair = date_pair(day)
    text = "".join(pair.target)
    assert text.startswith(f"{day.year}년{day.month}월{day.day}일") and text.endswith("요일")
    for token, words in zip(pair.target, pair.alignment, strict=True):
        if token.isdigit() and pair.source[words[0]].isdigit():
            assert [pair.source[i] for i in words] == [token]


def test_the_year_is_the_calendar_year_not_the_year_of_the_week():
    last_days = date_pair(datetime.date(2024, 12, 30))  # its ISO week belongs to 2025
    assert "".join(last_days.target[:4]) == "2024"
    assert "".join(last_days.source[-4:]) == "2024"


@pytest.mark.parametrize(("said", "number"), [("영", 0), ("십일", 11), ("일억일", 10**8 + 1)])
def test_korean_by_hand(said, number):
    assert read_korean(said) == number


@pytest.mark.parametrize("syllables", ["이년", ["이", "일이"], ["십백"], ["만억"], [""]])
def test_what_says_no_number_is_refused(syllables):
    told = f"(?s)'{syllables[-1]}' says no number.*Pass syllables of 일이삼사오육칠팔구십백천만억"
    with pytest.raises(ValueError, match=told):
        read_korean(syllables)
