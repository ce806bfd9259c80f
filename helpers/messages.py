"""Messages in the reader's language: English in the code, Korean in `korean.po` beside it.

`COURSE_EDITION`, which a notebook's set-up cell sets, decides whenever something is said: `ko` is
Korean, all else English. In here: looking up. Not in here: any message.
"""

import functools
import os
from pathlib import Path

from babel.messages.pofile import read_po

CATALOGUES = {"ko": Path(__file__).with_name("korean.po")}


def say(message: str, **fields) -> str:
    """Return a message in the reader's language, its named fields filled in as `str.format` does.

    Without fields the message is taken as it is, braces and all.
    """
    told = _translations(os.environ.get("COURSE_EDITION", "en")).get(message, message)
    return told.format(**fields) if fields else told


def later(message: str) -> str:
    """Return a message as it is, and mark it as one that `say` will say later."""
    return message


@functools.cache
def _translations(edition):
    """Return what each message is called in an edition; nothing for English and the unknown."""
    if edition not in CATALOGUES:
        return {}
    with CATALOGUES[edition].open("rb") as file:
        return {m.id: m.string for m in read_po(file) if m.id and m.string}
