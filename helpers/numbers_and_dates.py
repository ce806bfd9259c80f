"""Real strings in two languages, made on the spot: numbers and dates, with their gold alignments.

In here: pairs of tokens. Not in here: vocabularies, splits, tensors. Words come from `num2words`,
date formats and month names from CLDR by `babel`.
"""

import datetime
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from babel.dates import format_date, get_date_format, tokenize_pattern
from num2words import num2words

from helpers.messages import say

# what each Korean number syllable says, for readers who do not read Korean
GLOSS = dict(zip("일이삼사오육칠팔구", "123456789", strict=True))
GLOSS |= {"십": "10", "백": "10²", "천": "10³", "만": "10⁴", "억": "10⁸"}
MAX_DIGITS = 12  # from 13 digits on, both languages need a further word: trillion, 조


class Pair(NamedTuple):
    """A source and its translation, in tokens, and for each target token the source positions that
    it renders (an empty tuple where the source has no such word)."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    alignment: tuple[tuple[int, ...], ...]


# --- numbers: "four hundred and seven" -> "사백칠" ---


def number_pair(number: int) -> Pair:
    """Return `number` in English words and in Korean syllables, with the gold alignment.

    Raises ValueError for a number outside 0 to 999,999,999,999.
    """
    if not 0 <= number < 10**MAX_DIGITS:
        told = say(
            "{number} does not fit this course, whose numbers have 1 to {digits} digits. "
            "Choose one from 0 to {largest:,}.",
            number=number,
            digits=MAX_DIGITS,
            largest=10**MAX_DIGITS - 1,
        )
        raise ValueError(told)
    source, target = _english_words(number), _korean_syllables(number)
    said = _english_places(source)
    alignment = tuple(
        tuple(s for s, places in enumerate(said) if place in places)
        for place in _korean_places(target)
    )
    return Pair(source, target, alignment)


def read_korean(syllables: Sequence[str]) -> int:
    """Return the number that Korean syllables say, whether or not they are the usual way to say it.

    Raises ValueError for a syllable that is not in a number.
    """
    total = block = digit = 0
    for syllable in syllables:
        if syllable not in (*GLOSS, "영"):
            told = say(
                "{syllable!r} says no number in Korean. Pass syllables of {known}.",
                syllable=syllable,
                known="".join(GLOSS),
            )
            raise ValueError(told)
        if syllable in "일이삼사오육칠팔구":
            digit = int(GLOSS[syllable])
        elif syllable in "십백천":
            block, digit = block + (digit or 1) * 10 ** (1 + "십백천".index(syllable)), 0
        elif syllable in "만억":
            total += (block + digit or 1) * 10 ** (4 if syllable == "만" else 8)
            block = digit = 0
    return total + block + digit


def _english_words(number: int) -> tuple[str, ...]:
    """Return the words of num2words, which is asked once for each group of three digits."""
    words = ()
    for power, scale in ((9, "billion"), (6, "million"), (3, "thousand"), (0, "")):
        group = number // 10**power % 1000
        if group or number == power == 0:
            joined = ("and",) if words and not power and group < 100 else ()
            words += joined + _group(group, "en") + ((scale,) if scale else ())
    return words


def _korean_syllables(number: int) -> tuple[str, ...]:
    """Return the syllables of num2words, which is asked once for each group of four digits."""
    syllables = ()
    for power, scale in ((8, "억"), (4, "만"), (0, "")):
        group = number // 10**power % 10_000
        if group or number == power == 0:
            said = () if group == 1 and scale == "만" else _group(group, "ko")
            syllables += said + ((scale,) if scale else ())
    return syllables


@cache
def _group(number: int, language: str) -> tuple[str, ...]:
    """Return a number below 10,000 in English words or in Korean syllables."""
    said = num2words(number, lang=language)
    return tuple(said.replace("-", " ").split() if language == "en" else said.replace(" ", ""))


def _english_places(words: Sequence[str]) -> list[tuple[int, ...]]:
    """Return for each word the decimal places that it says: none for "million" and "and"."""
    scales = ("thousand", "million", "billion")
    said, group, before_hundred = [], 0, False
    for word in reversed(words):  # from the right, where the places are counted from
        place = 3 * group
        if word in scales:
            group = 1 + scales.index(word)
            said.append(())
        elif word == "and":
            said.append(())
        elif word == "hundred" or before_hundred:
            said.append((place + 2,))
        elif word.endswith("ty") or word == "ten":
            said.append((place + 1,))
        elif word.endswith("teen") or word in ("eleven", "twelve"):
            said.append((place + 1, place))  # one word, two digits
        else:
            said.append((place,))
        before_hundred = word == "hundred"
    return said[::-1]


def _korean_places(syllables: Sequence[str]) -> list[int | None]:
    """Return for each syllable the decimal place that it says: None for 만 and 억."""
    said, group, power = [], 0, 0
    for syllable in reversed(syllables):
        if syllable in "만억":
            group, power = 1 + "만억".index(syllable), 0
            said.append(None)
        else:
            if syllable in "십백천":
                power = 1 + "십백천".index(syllable)
            said.append(4 * group + power)
    return said[::-1]


# --- dates: "Sunday, November 22, 2026" -> "2026년 11월 22일 일요일" ---


def date_pair(day: datetime.date) -> Pair:
    """Return `day` as English and as Korean tokens, with the gold alignment of CLDR's patterns.

    English tokens are words and digits, Korean tokens are syllables and digits.
    """
    source, source_fields = _date_tokens(day, "en")
    target, target_fields = _date_tokens(day, "ko")
    alignment = tuple(
        tuple(s for s, source_field in enumerate(source_fields) if _same_part(source_field, field))
        for field in target_fields
    )
    return Pair(source, target, alignment)


def _same_part(source_field, field):
    """Say whether two tokens say the same: digit for digit, where both are digits."""
    (name, digit), (target_name, target_digit) = source_field, field
    return name == target_name and (None in (digit, target_digit) or digit == target_digit)


def _date_tokens(day, language):
    """Return the tokens of `day`, and for each the field it is from and which digit of it it is."""
    tokens, fields = [], []
    for kind, part in _date_pattern(language):
        if kind == "field":
            name, width = part
            text = format_date(day, name * width, locale=language)
            whole_word = text.isalpha() and language == "en"
            pieces = [text] if whole_word else list(text)
        else:  # "년 ", ", ": belongs to the field before it
            pieces = [piece for piece in part if piece.isalpha()]
        for i, piece in enumerate(pieces):
            tokens.append(piece)
            fields.append((name, i if piece.isdigit() else None))
    return tuple(tokens), fields


@cache
def _date_pattern(language):
    """Return CLDR's pattern for a full date, in pieces (`y`, the year; not `Y`, the week's)."""
    return tokenize_pattern(get_date_format("full", locale=language).pattern)
