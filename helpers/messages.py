"""Messages in the reader's language: English in the code, Korean in two catalogues.

`COURSE_EDITION`, which a notebook's set-up cell sets, decides whenever something is said: `ko` is
Korean, all else English. What helpers say stands in `helpers/korean.po`, what notebooks show in
figures and measured sentences in `notebooks/korean.po`. In here: looking up. Not in here: any
message.
"""

import functools
import json
import os
import re
from pathlib import Path

from babel.messages.pofile import read_po

HERE = Path(__file__).parent
CATALOGUES = {"ko": (HERE / "korean.po", HERE.parent / "notebooks" / "korean.po")}
NUMBER = re.compile(r"(?<![\w.])[-−+]?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?")
WORD = re.compile("[A-Za-z]{2,}")
# a particle in both its forms, after a value: the first follows a final consonant
PARTICLES = {  # after a consonant, after a vowel
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "과(와)": ("과", "와"),
    "(으)로": ("으로", "로"),
    "(이)": ("이", ""),
}
PARTICLE = re.compile(f"(.)({'|'.join(map(re.escape, PARTICLES))})")
DIGITS = {"0": "영", "1": "일", "2": "이", "3": "삼", "4": "사"}
DIGITS |= {"5": "오", "6": "육", "7": "칠", "8": "팔", "9": "구", "%": "트"}


def say(message: str, **fields) -> str:
    """Return a message in the reader's language, its named fields filled in as `str.format` does.

    Without fields the message is taken as it is, braces and all.
    """
    told = _translations(os.environ.get("COURSE_EDITION", "en")).get(message, message)
    return with_particles(told.format(**fields)) if fields else told


def later(message: str) -> str:
    """Return a message as it is, and mark it as one that `say` will say later."""
    return message


def show(text: str) -> str:
    """Return a text of a figure in the reader's language.

    Its numbers may be any: what is looked up for "12 digits" is "{0} digits". A text that has no
    translation, such as a word of the data, stays as it is.
    """
    known = _translations(os.environ.get("COURSE_EDITION", "en"))
    if text in known:
        note_shown(text)
        return known[text]
    numbers = []
    template = NUMBER.sub(lambda found: numbers.append(found[0]) or f"{{{len(numbers) - 1}}}", text)
    note_shown(template)
    if numbers and template in known:
        return with_particles(known[template].format(*numbers))
    return text


def note_shown(message: str) -> None:
    """Note a text that is shown in the file that `COURSE_SHOWN` names, if it has words."""
    file = os.environ.get("COURSE_SHOWN")
    if file and WORD.search(message):
        with open(file, "a", encoding="utf-8") as out:
            out.write(json.dumps(message) + "\n")


def with_particles(text: str) -> str:
    """Return Korean in which each particle that is given in both its forms has the fitting one.

    `5은(는)` becomes `5는`, `3은(는)` `3은`: a number is read as its last digit.
    """

    def fit(found):
        before, forms = found.groups()
        sound = DIGITS.get(before, before)
        if not "가" <= sound <= "힣":
            return found[0]  # how a Latin letter is read is not known
        final = (ord(sound) - ord("가")) % 28
        after_consonant, after_vowel = PARTICLES[forms]
        vowel_like = not final or (forms == "(으)로" and final == 8)  # 로 stands after ㄹ, too
        return before + (after_vowel if vowel_like else after_consonant)

    return PARTICLE.sub(fit, text)


@functools.cache
def _translations(edition):
    """Return what each message is called in an edition; nothing for English and the unknown."""
    found = {}
    for path in CATALOGUES.get(edition, ()):
        if path.exists():
            with path.open("rb") as file:
                found |= {m.id: m.string for m in read_po(file) if m.id and m.string}
    return found
