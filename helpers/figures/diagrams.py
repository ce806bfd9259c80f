"""The course's diagrams (`images/*.svg`, in Korean `images/ko/*.svg`), shown by a code cell."""

import os
from pathlib import Path

from IPython.display import SVG

from helpers.messages import say

IMAGES = Path(__file__).parents[2] / "images"


def diagram(name: str) -> SVG:
    """Show one of the course's diagrams, in the language of `COURSE_EDITION`.

    Raises ValueError for a name that is not there, and says which are.
    """
    folder = IMAGES / "ko" if os.environ.get("COURSE_EDITION") == "ko" else IMAGES
    file = folder / f"{name}.svg"
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in folder.glob("*.svg")))
        message = say(
            "There is no diagram {name!r}. Choose one of: {known}.", name=name, known=known
        )
        raise ValueError(message)
    return SVG(filename=str(file))
