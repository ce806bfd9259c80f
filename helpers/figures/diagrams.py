"""The course's diagrams (`images/*.svg`), shown by a code cell and stored with its output."""

from pathlib import Path

from IPython.display import SVG

from helpers.messages import say

IMAGES = Path(__file__).parents[2] / "images"


def diagram(name: str) -> SVG:
    """Show one of the course's diagrams, `images/<name>.svg`.

    Raises ValueError for a name that is not there, and says which are.
    """
    file = IMAGES / f"{name}.svg"
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in IMAGES.glob("*.svg")))
        message = say(
            "There is no diagram {name!r}. Choose one of: {known}.", name=name, known=known
        )
        raise ValueError(message)
    return SVG(filename=str(file))
