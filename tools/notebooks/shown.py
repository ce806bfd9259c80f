"""Texts that notebooks show in figures and measured sentences, and their Korean.

They stand in notebooks/korean.po, each with the notebooks that show it. Which these are is noted
while a Korean notebook runs (`COURSE_SHOWN`, helpers/messages.py); the Korean is written by hand.
A word of the data that stays as it is, such as a name, is its own translation.
"""

import io
import json
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from tools.notebooks.notebook_files import FOLDER, ROOT

HELPERS = ROOT / "helpers" / "korean.po"
HEADER = """\
# What notebooks show, in Korean. `make notebooks` adds what is new; the Korean is written by hand.
msgid ""
msgstr ""
"Language: ko\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


def catalogue_of(folder: Path = FOLDER) -> Path:
    """Return where the catalogue of the notebooks under a folder lies."""
    return folder / "korean.po"


def translations(stem: str, folder: Path = FOLDER) -> dict[str, str]:
    """Return the texts that a notebook shows and their Korean, empty where it is to be written."""
    found = _read(catalogue_of(folder))
    return {m.id: m.string for m in found if m.id and stem in _notebooks(m)}


def renew(stem: str, noted: Path, folder: Path = FOLDER) -> list[str]:
    """Bring the catalogue into step with what a notebook has shown; return what waits for Korean.

    Texts that no notebook shows any more are dropped, their Korean with them.
    """
    lines = noted.read_text(encoding="utf-8").splitlines() if noted.exists() else []
    said = {message.id for message in _read(HELPERS)}
    texts = [text for text in dict.fromkeys(map(json.loads, lines)) if text not in said]
    stored, entries = _read(catalogue_of(folder)), {}
    for message in stored:
        if message.id:
            others = [name for name in _notebooks(message) if name != stem]
            entries[message.id] = (message.string, others)
    for text in texts:
        korean, others = entries.get(text, ("", []))
        entries[text] = (korean, sorted([*others, stem]))
    made = Catalog(locale="ko")
    shown = [(names, text, korean) for text, (korean, names) in entries.items() if names]
    for names, text, korean in sorted(shown, key=lambda entry: entry[0][0]):
        made.add(text, korean, locations=[(name, 1) for name in names])
    out = io.BytesIO()
    write_po(out, made, width=0, omit_header=True, include_lineno=False)
    catalogue_of(folder).write_bytes(HEADER.encode() + out.getvalue())
    return [text for names, text, korean in shown if stem in names and not korean]


def _read(path):
    """Return a catalogue, an empty one if there is none."""
    if not path.exists():
        return Catalog(locale="ko")
    with path.open("rb") as file:
        return read_po(file, locale="ko")


def _notebooks(message):
    """Return the notebooks that show a text."""
    return [name for name, _ in message.locations]
