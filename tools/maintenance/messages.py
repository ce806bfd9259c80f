"""Messages of helpers/ and of the diagrams, and their Korean: keep helpers/korean.po in step.

    python -m tools.maintenance.messages

A new message gets an empty translation, to be filled in by hand; one that is gone takes its
translation with it; the others stay as they are, in the order of the code.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from tools.notebooks.notebook_files import ROOT

HELPERS = ROOT / "helpers"
DIAGRAMS = ROOT / "images" / "draw.py"
CATALOGUE = HELPERS / "korean.po"
KEYWORDS = {"say": None, "later": None, "mistake": (1,)}  # whose first argument is a message
HEADER = """\
# What helpers say, in Korean. `make messages` adds what is new; the Korean is written by hand.
msgid ""
msgstr ""
"Language: ko\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


def messages(folder: Path = HELPERS) -> Catalog:
    """Return the messages of all modules below a folder, each with the files that hold it.

    Those of the diagrams come after those of helpers/.
    """
    found = Catalog(locale="ko")
    paths = [(path, path.relative_to(folder)) for path in sorted(folder.rglob("*.py"))]
    if folder == HELPERS:
        paths.append((DIAGRAMS, DIAGRAMS.relative_to(ROOT)))
    for path, place in paths:
        with path.open("rb") as file:
            for line, message, *_ in extract("python", file, keywords=KEYWORDS):
                found.add(message, locations=[(place.as_posix(), line)])
    return found


def translated(path: Path = CATALOGUE) -> Catalog:
    """Return a catalogue as it is stored."""
    with path.open("rb") as file:
        return read_po(file, locale="ko")


def renewed(stored: Catalog, found: Catalog) -> bytes:
    """Return the text of a catalogue that has the messages found, and the translations stored."""
    stored.update(found, no_fuzzy_matching=True)
    text = io.BytesIO()
    write_po(text, stored, width=0, omit_header=True, ignore_obsolete=True, include_lineno=False)
    return HEADER.encode() + text.getvalue()


def main() -> int:
    """Renew the catalogue; say how many messages it has, and how many wait for Korean."""
    CATALOGUE.write_bytes(renewed(translated(), messages()))
    stored = [message for message in translated() if message.id]
    waiting = [message for message in stored if not message.string]
    print(f"{len(stored)} messages; without Korean: {len(waiting)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
