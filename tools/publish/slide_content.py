"""Slides of a stored notebook: which cells make which slide, and what each slide shows.

In here: the reading of cells. Not in here: HTML (`slides.py` and its template in `deck/`).
A cell says what is projected of it by its slide type, by three tags and by three fields of its
metadata; docs/maintaining.md lists them under "Decks".
"""

import ast
import math
import re
import struct
from base64 import b64decode, b64encode
from dataclasses import dataclass, field

from nbformat import NotebookNode

from tools.notebooks.form import FURTHER, is_measured
from tools.notebooks.notebook_files import ToolError
from tools.publish.colab_links import without_marks

OUTPUT, CODE, WIDE = "slide-output", "slide-code", "slide-wide"  # the tags
TEXT, NOTES, SHOW = "slide_text", "slide_notes", "slide_show"  # the fields of the metadata
BEGINS = ("slide", "subslide")
HEADING = re.compile(r"\s*(#{1,4}) +(.+?)\s*(?:\n|$)")
MINUTES = re.compile(r"\**(\d+(?:\.\d)?) ?(?:min|분)")
PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
HEIGHT, WIDTH, NARROWEST = 560, 780, 480  # a figure beside text, in pixels of 1280 x 720
ROOM, COLUMNS = 1152, 1120  # what a line of code, and it and a figure, may take
# size of prose in pixels: the letters of that size for which a column has room
SIZES = {42: 75, 38: 120, 34: 180, 30: 230, 28: 300}
CODE_SIZES, LETTER = (19, 28), 0.603  # pixels; a letter's width by its height


@dataclass
class Part:
    """One thing on a slide: `kind` is prose, code, text, table, claim, figure, view or missing.

    `step` is the click that reveals it, None where it is shown from the beginning.
    """

    kind: str
    content: str
    step: int | None = None
    alt: str = ""
    shape: float = 0  # width by height, of a figure


@dataclass
class Slide:
    """One slide: its heading, what is on it, and what the speaker reads."""

    id: str
    heading: str
    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    wide: bool = False
    opens: bool = False  # the first slide of a section
    steps: int = 0

    @property
    def figures(self) -> list[Part]:
        """Return the parts that stand in the right column, where there are two."""
        return [part for part in self.parts if part.kind == "figure"]

    @property
    def others(self) -> list[Part]:
        """Return the parts that are no figures."""
        return [part for part in self.parts if part.kind != "figure"]

    @property
    def longest(self) -> int:
        """Return the letters of the longest line of code or plain text."""
        texts = [part.content for part in self.parts if part.kind in ("code", "text")]
        return max((len(line) for text in texts for line in text.splitlines()), default=0)

    @property
    def columns(self) -> bool:
        """Tell whether the figure stands beside the rest: if there is room, and a rest."""
        flat = any(figure.shape > 2.1 for figure in self.figures)
        views = any(part.kind == "view" for part in self.parts)
        fits = self.figure_width >= NARROWEST
        return bool(self.figures and self.others and fits) and not (self.wide or flat or views)

    @property
    def figure_width(self) -> int:
        """Return how wide the right column is, in pixels: code beside it needs room, too."""
        room = min(WIDTH, COLUMNS - math.ceil(self.longest * LETTER * min(CODE_SIZES)))
        return min([room, *(round(HEIGHT * max(0.8, part.shape)) for part in self.figures)])

    @property
    def airy(self) -> bool:
        """Tell whether the slide holds nothing but prose, and is set in its middle."""
        return all(part.kind == "prose" for part in self.parts)

    @property
    def size(self) -> int:
        """Return the size of the prose in pixels: the less there is, the larger."""
        room = 1 if self.columns else 3 if self.airy else 1.6
        letters = sum(breadth(part.content) for part in self.parts if part.kind == "prose")
        return next((size for size, most in SIZES.items() if letters <= most * room), min(SIZES))

    @property
    def code_size(self) -> int:
        """Return the size of code in pixels: as large as its longest line allows."""
        room = COLUMNS - self.figure_width if self.columns else ROOM
        size = int(room / (LETTER * max(1, self.longest)))
        lines = sum(part.content.count("\n") + 1 for part in self.parts if part.kind == "code")
        size = min(size, 400 // (lines + 1))
        return max(min(CODE_SIZES), min(max(CODE_SIZES), size))

    @property
    def words(self) -> int:
        """Return how many words of prose are projected."""
        prose = (part.content for part in self.parts if part.kind == "prose")
        return sum(len(re.findall(r"\w[\w'’-]*", text)) for text in prose)

    @property
    def minutes(self) -> float:
        """Return the minutes that the slide's notes begin with, 0 where they name none."""
        found = (MINUTES.match(note) for note in self.notes)
        return sum(float(match[1]) for match in found if match)


def breadth(text: str) -> float:
    """Return how many Latin letters a text is as wide as: a syllable of Hangul is as two."""
    return len(text) + len(re.findall("[가-힣]", text))


def slides_of(notebook: NotebookNode) -> list[Slide]:
    """Return the slides of a notebook in order; ToolError where a cell cannot be projected."""
    slides, section = [], ""
    for cell in notebook.cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type", "-")
        if kind == "skip" or FURTHER in cell.metadata.get("tags", []):
            continue
        if kind in BEGINS:
            own, _ = split(cell)
            section = own or "" if kind == "slide" else section
            slides.append(Slide(cell.id, own or section, opens=kind == "slide"))
        if not slides:
            raise ToolError(f"cell {cell.id!r} stands before the first slide: make it one")
        add(slides[-1], cell, kind)
    return slides


def add(slide: Slide, cell: NotebookNode, kind: str) -> None:
    """Add to a slide what one of its cells shows, and the speaker's notes of that cell."""
    if kind == "notes":
        slide.notes.append(cell.source)
        return
    if note := cell.metadata.get(NOTES, "").strip():
        slide.notes.append(note)
    slide.wide |= WIDE in cell.metadata.get("tags", [])
    for i, group in enumerate(groups(cell, kind)):
        if kind == "fragment" or i > 0:
            for part in group:
                part.step = slide.steps
            slide.steps += 1
        slide.parts += group


def groups(cell: NotebookNode, kind: str) -> list[list[Part]]:
    """Return the parts of a cell, grouped by what appears at one click: code, then its output."""
    heading, text = split(cell)
    if heading and kind not in BEGINS:
        text = f"### {heading}\n\n{text}"
    prose, tags = [Part("prose", text)] if text else [], cell.metadata.get("tags", [])
    if cell.cell_type == "markdown":
        return [prose] if prose else []
    code = [] if OUTPUT in tags or is_measured(cell) else [Part("code", shown_code(cell))]
    shown = [] if CODE in tags else [part for o in cell.outputs for part in output_parts(o, cell)]
    if OUTPUT in tags and not shown:
        shown = [
            Part(
                "missing",
                f"Nothing is stored for {cell.id} yet: run the notebook.",
            )
        ]
    return [group for group in (prose + code, shown) if group]


def split(cell: NotebookNode) -> tuple[str, str]:
    """Return the heading and the projected text of a cell: its slide_text, else all its prose."""
    source = without_marks(cell.source) if cell.cell_type == "markdown" else ""
    match = HEADING.match(source)
    body = source[match.end() :] if match else source
    short = cell.metadata.get(TEXT)
    if short is not None:
        own = HEADING.match(short)
        match, body = own or match, short[own.end() :] if own else short
    return (match[2] if match else ""), body.strip()


def shown_code(cell: NotebookNode) -> str:
    """Return a cell's code as projected: the statements that bind a name in slide_show, else all.

    Asserts are left out, and so is a last line that only draws the figure beside it.
    """
    tree, wanted = ast.parse(cell.source), set(cell.metadata.get(SHOW, "").split())
    dropped, silent, known = set(), set(), set()
    for node in parts_of(tree.body):
        known |= bound(node)
        if isinstance(node, ast.Assert):
            silent.update(lines_of(node))
        elif wanted and not wanted & bound(node):
            dropped.update(lines_of(node))
    if missing := wanted - known:
        raise ToolError(f"cell {cell.id!r} defines no {min(missing)!r}, which {SHOW} names")
    last = tree.body[-1]
    draws = any(set(PICTURES) & output.get("data", {}).keys() for output in cell.outputs)
    if draws and isinstance(last, ast.Expr) and len(tree.body) > 1:
        silent.update(lines_of(last))
    return elide(cell.source.splitlines(), dropped, silent)


def parts_of(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements of a cell; in place of a class those within it."""
    return [p for node in body for p in (node.body if isinstance(node, ast.ClassDef) else [node])]


def bound(node: ast.stmt) -> set[str]:
    """Return the names that a statement defines or assigns."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    names = (n for n in ast.walk(node) if isinstance(n, ast.Name))
    return {n.id for n in names if isinstance(n.ctx, ast.Store)}


def lines_of(node: ast.stmt) -> range:
    """Return the numbers of a statement's lines, its decorators included."""
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    return range(first, node.end_lineno + 1)


def elide(lines: list[str], dropped: set[int], silent: set[int]) -> str:
    """Return lines without those whose numbers are dropped, marked by an ellipsis, or silent."""
    kept, gap = [], ""
    for number, line in enumerate(lines, start=1):
        if number in dropped:
            gap = gap or " " * (len(line) - len(line.lstrip())) + "# …"
        elif number not in silent and (line.strip() or not gap):
            kept += [gap] if gap and kept else []
            kept.append(line)
            gap = ""
    return "\n".join(kept).strip("\n")


def output_parts(output: NotebookNode, cell: NotebookNode) -> list[Part]:
    """Return what a slide shows of one output: a view before a figure before plain text."""
    data, alt = output.get("data", {}), cell.metadata.get("alt", "")
    if output.output_type == "stream":
        return [Part("text", output.text.rstrip())]
    if "text/html" in data:
        return [Part("view", data["text/html"])]
    for kind in PICTURES:
        if kind in data:
            return [Part("figure", data_uri(kind, data[kind]), alt=alt, shape=shape(data[kind]))]
    text, marked = plain(data.get("text/plain", "")), data.get("text/markdown", "")
    if rows := marked if marked.startswith("|") else table(text):
        return [Part("table", rows)]
    claim = "claim" in cell.metadata.get("tags", [])
    return [Part("claim" if claim else "text", text)] if text else []


def data_uri(kind: str, data: str) -> str:
    """Return a picture as a data URI, so that the deck needs no second file."""
    encoded = data if kind != PICTURES[0] else b64encode(data.encode()).decode()
    return f"data:{kind};base64,{''.join(encoded.split())}"


def shape(data: str) -> float:
    """Return the width of an SVG or a PNG by its height, 1.6 for anything else."""
    if box := re.search(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', data[:2000]):
        return float(box[1]) / float(box[2])
    if data.startswith("iVBORw0KGgo"):
        width, height = struct.unpack(">II", b64decode(data[:64])[16:24])
        return width / height
    return 1.6


def literal(text: str) -> object:
    """Return the value of a repr, or the text itself where that is no literal."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def plain(text: str) -> str:
    """Return the text of a string's repr, and anything else as it stands."""
    value = literal(text)
    return value if isinstance(value, str) else text


def table(text: str) -> str:
    """Return the repr of a dictionary as a Markdown table, "" for any other text."""
    value = literal(text)
    if not isinstance(value, dict) or not value:
        return ""
    inner = [v if isinstance(v, dict) else None for v in value.values()]
    if None in inner:
        rows = [list(value), ["---"] * len(value), list(value.values())]
    else:
        head = list(dict.fromkeys(key for each in inner for key in each))
        body = [[name, *(each.get(key, "") for key in head)] for name, each in value.items()]
        rows = [["", *head], ["---"] * (len(head) + 1), *body]
    return "\n".join("| " + " | ".join(map(cell_text, row)) + " |" for row in rows)


def cell_text(value: object) -> str:
    """Return what a cell of a table shows: whole numbers with commas, no bar that ends it."""
    shown = f"{value:,}" if isinstance(value, int) else str(value)
    return shown.replace("|", "\\|")


def total(slides: list[Slide]) -> int:
    """Return the minutes of a lecture, rounded up."""
    return math.ceil(sum(slide.minutes for slide in slides))
