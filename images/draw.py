"""Draw every diagram of the course: plain SVG, the same bytes each time.

    python images/draw.py          draws all of them, in English here and in Korean in ko/
    python images/draw.py NAME     draws one

To add a picture: write a function that returns `Drawing(width, height, parts)`, list it in
DIAGRAMS, and give it a title and an alt text in TEXTS. Its words go through `say`, so that
helpers/korean.po holds their Korean; ` | ` is where a line ends. Coordinates are pixels of the
viewBox, y downwards; every shape is placed by its centre unless it says otherwise. Latin text stays
text; a label with Hangul becomes outlines, because many machines have no Korean font.
"""

import math
import os
import runpy
import sys
from contextlib import contextmanager
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

IMAGES = Path(__file__).resolve().parent
ROOT = IMAGES.parent
FONTS = ROOT / "helpers" / "figures" / "fonts"

# read by path, because importing the package would start matplotlib
PALETTE = runpy.run_path(str(ROOT / "helpers" / "figures" / "palette.py"))
COLORS, contrast, darken, tint = (PALETTE[x] for x in ("COLORS", "contrast", "darken", "tint"))
MESSAGES = runpy.run_path(str(ROOT / "helpers" / "messages.py"))
say, later = MESSAGES["say"], MESSAGES["later"]

FOLDERS = {"en": "", "ko": "ko"}  # where an edition's files lie in IMAGES

INK, MUTED, FAINT = COLORS["ink"], COLORS["muted"], COLORS["faint"]
QUERY, KEY, VALUE = COLORS["query"], COLORS["key"], COLORS["value"]
WITH, WITHOUT = COLORS["with attention"], darken(COLORS["without attention"], 3.0)
POSITION = darken(COLORS["position"], 3.3)  # where a word stands
RELU = darken(COLORS["activation"], 3.3, ground=tint(COLORS["activation"], 0.1))

FONT = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"
SCREEN = 1280, 720  # the projector
MIN_TYPE = 20  # pixels on that screen
SHOWN = 880  # pixels wide on a page: what the column of a notebook has room for

SOURCE = ["four", "hundred", "and", "seven", "million"]
TARGET = [("사", "4"), ("억", "10^8"), ("칠", "7"), ("백", "10^2"), ("만", "10^4")]


class Drawing(NamedTuple):
    """A picture: its size and its parts, each a string of SVG, the first at the back."""

    width: int
    height: int
    parts: list


# --- shapes ---------------------------------------------------------------------------------


def number(value):
    """Write a coordinate with at most two decimals."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def tag(name, content=None, **attributes):
    """Write one SVG element; `stroke_width=2` becomes stroke-width="2", None is left out."""
    pairs = ""
    for key, value in attributes.items():
        if value is not None:
            text = value if isinstance(value, str) else number(value)
            pairs += f' {key.replace("_", "-")}="{text}"'
    return f"<{name}{pairs}/>" if content is None else f"<{name}{pairs}>{content}</{name}>"


def words_on(ground):
    """Return what words on that ground are legible in: ink, or else white, or else black."""
    return next(color for color in (INK, "#FFFFFF", "#000000") if contrast(color, ground) >= 4.5)


def is_korean(text):
    """Tell whether a text has Hangul."""
    return any("가" <= character <= "힣" for character in text)


def label(x, y, text, size=24, *, color=INK, bold=False, anchor="middle", room=None):
    """Write text centred on the height y; `h_1` lowers and `10^8` raises one character.

    A colour other than white is darkened as far as words need it. Text with Hangul is drawn as
    outlines, smaller if it is wider than `room`.
    """
    fill = color if color == "#FFFFFF" else darken(color, 4.5, ground=tint(color, 0.18))
    if is_korean(text):
        style = {"color": fill, "bold": bold, "anchor": anchor, "room": room}
        return hangul(x, y, text, size, words=text, **style)
    small, spans, shift = max(MIN_TYPE, round(0.72 * size)), "", 0
    characters = iter(text)
    for character in characters:
        if character in "_^":
            move = size * (0.22 if character == "_" else -0.36)
            spans += tag("tspan", escape(next(characters)), dy=move - shift, font_size=small)
            shift = move
        elif shift:
            spans += tag("tspan", escape(character), dy=-shift)
            shift = 0
        else:
            spans += escape(character)
    weight = "bold" if bold else None
    place = {"x": x, "y": y + 0.35 * size, "font_size": size}
    return tag("text", spans, **place, fill=fill, text_anchor=anchor, font_weight=weight)


@cache
def outlines(weight):
    """Return the Hangul font's glyphs and its character map."""
    font = TTFont(FONTS / f"CourseHangulText-{weight}.woff")
    return font.getGlyphSet(), font.getBestCmap()


def hangul(x, y, text, size=40, *, color=INK, bold=True, anchor="middle", room=None, words=None):
    """Draw Korean text as outlines; `words` says in the file what they read."""
    glyphs, names = outlines("Bold" if bold else "Regular")
    pen_x, paths, small = 0, "", max(math.ceil(100 * MIN_TYPE / size) / 100, 0.72)
    characters = iter(text)
    for character in characters:
        move = {"_": -220, "^": 360}.get(character, 0)
        character = next(characters) if move else character
        if ord(character) not in names:
            raise ValueError(
                f"no {character!r} in the font: add it to tools/maintenance/subset_font.py, run it"
            )
        glyph = glyphs[names[ord(character)]]
        pen = SVGPathPen(glyphs, ntos=lambda value: str(round(value)))
        glyph.draw(pen)
        shift = f"translate({pen_x} {move})" if pen_x or move else None
        if move:
            shift += f" scale({number(small)})"
        if character != " ":
            paths += tag("path", d=pen.getCommands(), transform=shift)
        pen_x += round(glyph.width * (small if move else 1))
    size = min(size, max(MIN_TYPE, 1000 * (room or math.inf) / pen_x))
    scale = size / 1000  # units per em
    left = x - {"start": 0, "middle": 0.5, "end": 1}[anchor] * scale * pen_x
    place = f"translate({number(left)} {number(y + 0.38 * size)})"
    flip = f"scale({scale:.4f} {-scale:.4f})"
    style = {"fill": color, "aria_hidden": "true", "transform": f"{place} {flip}"}
    return tag("g", paths, **style, data_words=words and escape(words))


def token(x, y, text, size=26, *, gloss=None, bold=True, color=INK):
    """Write a word of the source or a syllable of the target, its gloss below."""
    drawn = (hangul if is_korean(text) else label)(x, y, text, size, bold=bold, color=color)
    return drawn + (label(x, y + 0.62 * size + 20, gloss, 26, color=color) if gloss else "")


def box(x, y, width, height, *, fill="#FFFFFF", stroke=INK, radius=6, edge=2):
    """Draw a rounded rectangle."""
    corner = {"x": x - width / 2, "y": y - height / 2, "width": width, "height": height}
    return tag("rect", **corner, rx=radius, fill=fill, stroke=stroke, stroke_width=edge)


def cells(x, y, values, color, *, width=36, height=30, upright=False, size=24, share=0.22):
    """Draw a vector, a cell for each value; None leaves a cell blank, `share` tints it."""
    parts = []
    for place, value in enumerate(values):
        step = place - (len(values) - 1) / 2
        cx, cy = (x, y + step * height) if upright else (x + step * width, y)
        parts.append(box(cx, cy, width, height, fill=tint(color, share), stroke=color, radius=2))
        if value is not None:
            parts.append(label(cx, cy, value, size))
    return "".join(parts)


def table(x, y, rows, color, *, width=11, height=24, columns=4, share=0.22, edge=2):
    """Draw a table of blank cells, all of one tint."""
    left, top = x - width * columns / 2, y - height * rows / 2
    down = (f"M{number(left + width * i)} {number(top)}v{height * rows}" for i in range(1, columns))
    across = (
        f"M{number(left)} {number(top + height * i)}h{width * columns}" for i in range(1, rows)
    )
    rules = tag("path", d="".join((*down, *across)), fill="none", stroke=color, stroke_width=1)
    ground, size = tint(color, share), (width * columns, height * rows)
    return box(x, y, *size, fill=ground, stroke=color, radius=2, edge=edge) + rules


def blank(count):
    """Return the values of a vector whose numbers do not matter."""
    return [None] * count


def line(*points, color=INK, width=3, dash=None, radius=14):
    """Draw a line through the points, its corners rounded."""
    path = f"M{_at(points[0])}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        path += f"L{_at(_towards(corner, before, radius))}"
        path += f"Q{_at(corner)} {_at(_towards(corner, after, radius))}"
    path += f"L{_at(points[-1])}"
    style = {"stroke": color, "stroke_width": width, "stroke_dasharray": dash}
    return tag("path", d=path, fill="none", **style)


def arrow(*points, color=INK, width=3, dash=None, radius=14):
    """Draw a line whose tip touches the last point."""
    head = 9 + 1.5 * width
    tip, neck = points[-1], _towards(points[-1], points[-2], head)
    dx, dy = 0.45 * (tip[0] - neck[0]), 0.45 * (tip[1] - neck[1])
    wings = (neck[0] - dy, neck[1] + dx), (neck[0] + dy, neck[1] - dx)
    corners = " ".join(_at(point) for point in (tip, *wings))
    shaft = line(*points[:-1], neck, color=color, width=width, dash=dash, radius=radius)
    return shaft + tag("polygon", points=corners, fill=color)


def band(top, bottom, width, color):
    """Draw a ribbon of the given thickness, with level ends, from one point down to another."""
    (a, y), (b, z), half = top, bottom, width / 2 * math.dist(top, bottom) / (bottom[1] - top[1])
    corners = (a - half, y), (a + half, y), (b + half, z), (b - half, z)
    return tag("polygon", points=" ".join(map(_at, corners)), fill=color)


def bar(x, base, height, width, color, *, full):
    """Draw a bar that stands on `base`, before a faint one that is `full` high."""
    track = tag("rect", x=x - width / 2, y=base - full, width=width, height=full, fill=FAINT)
    solid = tag("rect", x=x - width / 2, y=base - height, width=width, height=height, fill=color)
    return track + solid


def badge(x, y, text):
    """Draw the number of a step."""
    circle = tag("circle", cx=x, cy=y, r=19, fill=INK)
    return circle + label(x, y, text, 24, color="#FFFFFF", bold=True)


def hourglass(left, neck, right, heights, waist):
    """Draw two rooms joined by a pipe: x ranges, the rooms' top and bottom, the pipe's middle."""
    (top, bottom), (middle, half) = heights, waist
    (a, b), (c, d), (e, f) = left, neck, right
    up, down = middle - half, middle + half
    path = (
        f"M{a + 16} {top}H{b}C{c} {top} {b} {up} {c} {up}H{d}C{e} {up} {d} {top} {e} {top}H{f - 16}"
        f"Q{f} {top} {f} {top + 16}V{bottom - 16}Q{f} {bottom} {f - 16} {bottom}"
        f"H{e}C{d} {bottom} {e} {down} {d} {down}H{c}C{b} {down} {c} {bottom} {b} {bottom}"
        f"H{a + 16}Q{a} {bottom} {a} {bottom - 16}V{top + 16}Q{a} {top} {a + 16} {top}Z"
    )
    room = tag("path", d=path, fill="#F5F5F5", stroke=MUTED, stroke_width=2)
    walls = (line((c, y), (d, y), color=WITHOUT, width=10) for y in (up, down))
    return room + "".join(walls)


def stack(x, y, text, size=24, *, step=32, **style):
    """Write the lines of a text below each other, the whole centred on y."""
    lines = text.split(" | ")
    places = zip(spread(y, step, len(lines)), lines, strict=True)
    return [label(x, height, line, size, **style) for height, line in places]


def two_lines(x, y, text, *, size=24, anchor="middle"):
    """Write a text of two lines, a bold one above a plain one, the pair centred on y."""
    first, second = text.split(" | ")
    lines = label(x, y - 0.62 * size, first, size, bold=True, anchor=anchor)
    return lines + label(x, y + 0.62 * size, second, size, anchor=anchor)


def _at(point):
    return f"{number(point[0])} {number(point[1])}"


def _towards(start, end, distance):
    share = distance / math.dist(start, end)
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def spread(middle, step, count):
    """Return `count` places, `step` apart, around the middle."""
    return [middle + step * (place - (count - 1) / 2) for place in range(count)]


# --- diagrams -------------------------------------------------------------------------------


def attention_what_happen():
    """Notebook 01: everything the decoder gets passes one narrow neck."""
    top, middle, bottom, neck = 36, 282, 462, 637
    out_y, read_y = 86, 415
    encoder, decoder = spread(290, 98, 5), spread(986, 85, 6)
    parts = [hourglass((30, 555), (586, 688), (722, 1250), (top, bottom), (middle, 30))]
    for place, (x, word) in enumerate(zip(encoder, SOURCE, strict=True)):
        last = place == len(SOURCE) - 1
        color, share = (WITHOUT, 0.55) if last else (MUTED, 0.22)
        parts += [
            label(x, middle - 82, f"h_{place + 1}", 28, bold=last),
            cells(x, middle, blank(4), color, upright=True, share=share),
            token(x, read_y, word, 24, bold=False),
            arrow((x, read_y - 20), (x, middle + 63)),
        ]
        if not last:
            parts.append(arrow((x + 20, middle), (encoder[place + 1] - 20, middle)))
    read = ["<start>", *(syllable for syllable, _ in TARGET)]
    for place, (x, word) in enumerate(zip(decoder, read, strict=True)):
        first, last = place == 0, place == len(TARGET)
        parts += [
            arrow((x, middle - 61), (x, out_y + (22 if last else 76))),
            cells(x, middle, blank(4), MUTED, upright=True),
            arrow((x, read_y - 20), (x, middle + 63)),
            token(x, read_y, word, 20 if first else 30, bold=False),
        ]
        if last:
            parts.append(token(x, out_y, "<end>", 20, bold=False))
            continue
        right, after = x + 42.5, decoder[place + 1]
        back = (x + 25, out_y), (right, out_y), (right, read_y), (after - 17, read_y)
        parts += [
            token(x, out_y, TARGET[place][0], 40, gloss=TARGET[place][1]),
            arrow(*back, color=MUTED, width=2, dash="5 5"),
            arrow((x + 20, middle), (after - 20, middle)),
        ]
    parts += [
        arrow((encoder[-1] + 20, middle), (neck - 46, middle), color=WITHOUT, width=5),
        cells(neck, middle, blank(4), WITHOUT, width=22, height=32, share=0.55),
        arrow((neck + 46, middle), (decoder[0] - 20, middle), color=WITHOUT, width=5),
        line((neck, middle + 36), (neck, bottom + 26), color=WITHOUT, width=4),
        line((78, 176), (78, 158), (404, 158), (404, 176), color=MUTED, width=2, radius=8),
        label(241, 132, say("the decoder never sees these"), 24),
        two_lines(neck, 525, say("the last hidden state: | all that gets through"), size=28),
        two_lines(56, 525, say("Encoder RNN | reads the number in English"), anchor="start"),
        two_lines(1224, 525, say("Decoder RNN | writes the number in Korean"), anchor="end"),
    ]
    return Drawing(1280, 585, parts)


NUMBER = "407026090"
ENGLISH = [  # of each group the words, each with its digit and its shift from there, and the unit
    ([("four", 0, -66), ("hundred", 0, 28), ("and", 2, -72), ("seven", 2, 4)], "million"),
    ([("twenty", 4, 0), ("six", 5, 0)], "thousand"),
    ([("and", 7, -74), ("ninety", 7, 4)], None),
]
KOREAN = [  # a digit and the syllables said at it, each with its sound and what it stands for
    (0, [("사", "sa", "4"), ("억", "eok", "10^8")]),
    (2, [("칠", "chil", "7"), ("백", "baek", "10^2")]),
    (4, [("이", "i", "2"), ("만", "man", "10^4")]),
    (6, [("육", "yuk", "6"), ("천", "cheon", "10^3")]),
    (8, [("구", "gu", "9"), ("십", "sip", "10")]),
]
ENGLISH_TOLD = {  # to those who read Korean, who need no sounds of the syllables
    "four": "4",
    "hundred": "헌드레드 (100)",
    "seven": "7",
    "million": "밀리언 (100만)",
    "twenty": "20",
    "six": "6",
    "thousand": "사우전드 (1000)",
    "ninety": "90",
}


def number_groups():
    """Notebook 01: English cuts a number every three digits, Korean every four."""
    korean, columns = edition_told() == "ko", spread(640, 124, len(NUMBER))
    word_y, unit_y, digit_y, syllable_y = 108, 184, 296, 418
    foot = 536 if korean else 564
    parts = []
    for y, color, text in (
        (44, KEY, say("English: groups of 3 digits")),
        (foot, QUERY, say("Korean: groups of 4 digits")),
    ):
        parts += [
            tag("rect", x=30, y=y - 20, width=8, height=40, fill=color),
            label(52, y, text, 30, bold=True, anchor="start"),
        ]
    for place, (x, digit) in enumerate(zip(columns, NUMBER, strict=True)):
        marked = {"fill": tint(QUERY, 0.2), "edge": 5} if place == 0 else {}
        parts += [box(x, digit_y, 92, 76, **marked), label(x, digit_y, digit, 48, bold=True)]
    for color, size, away in ((KEY, 3, -1), (QUERY, 4, 1)):
        level, tips = digit_y + 66 * away, digit_y + 48 * away
        for end in range(len(NUMBER), 0, -size):
            left, right = columns[max(0, end - size)] - 46, columns[end - 1] + 46
            bracket = (left, tips), (left, level), (right, level), (right, tips)
            parts.append(line(*bracket, color=color, width=4, radius=8))
            if end < len(NUMBER):
                cut = (right + 16, level + 14 * away), (right + 16, digit_y - 38 * away)
                parts.append(line(*cut, color=color, width=4, dash="9 6"))
    for (words, unit), middle in zip(ENGLISH, columns[1::3], strict=True):
        for word, place, shift in words:
            x = columns[place] + shift
            parts.append(token(x, word_y, word, 28, bold=False))
            if korean and word in ENGLISH_TOLD:
                parts.append(label(x, word_y + 33, ENGLISH_TOLD[word], 22))
        if unit:
            x = middle - (84 if korean else 0)
            parts += [
                box(x, unit_y, 172, 44, fill=tint(KEY, 0.16), stroke=KEY, radius=22),
                label(x, unit_y - 1, unit, 28, bold=True, color=KEY),
            ]
            if korean:
                parts.append(label(x + 96, unit_y, ENGLISH_TOLD[unit], 22, anchor="start"))
    for place, said in KOREAN:
        for x, (syllable, sound, gloss) in zip(spread(columns[place], 64, 2), said, strict=True):
            if syllable in "억만":
                oval = {"fill": tint(QUERY, 0.16), "stroke": QUERY, "radius": 26}
                parts.append(box(x, syllable_y, 58, 56, **oval))
            parts.append(token(x, syllable_y, syllable, 44, gloss=gloss))
            if not korean:
                parts.append(label(x, syllable_y + 84, sound, 22))
    differ = say(
        "The cuts fall at different digits. "
        "| Where English begins with four hundred, Korean begins with a plain 4."
    )
    parts.append(two_lines(640, foot + 66, differ, size=28))
    return Drawing(1280, foot + 116, parts)


TOKENS = ["<pad>", "<start>", "<end>", *"구만백사삼십억오육이일천칠팔"]  # what can be written


def reader_and_writer():
    """Notebook 01: the network as it is coded; of all that was read only h and c pass."""
    middle, bend, wall, note = 360, 597, 724, 1146
    back_y, forth_y, word_y, read_y, score_y = middle - 68, middle + 68, 522, 576, 252
    reader, writer, pair = spread(384, 84, 5), spread(950, 66, 6), (636, 674)
    grey = tint(MUTED, 0.78)

    def vector(x, y, numbers, color, share):
        """Draw a column with a cell for every 16 numbers."""
        count = numbers // 16
        column = box(x, y, 30, 17 * count, fill=tint(color, share), stroke=color, radius=2)
        cuts = "".join(f"M{_at((x - 15, at))}h30" for at in spread(y, 17, count - 1))
        return column + tag("path", d=cuts, stroke=color, stroke_width=2)

    parts = [
        tag("rect", x=30, y=24, width=8, height=66, fill=MUTED),
        two_lines(52, 57, say("Reader (encoder) | an LSTM each way, width 64"), anchor="start"),
        tag("rect", x=756, y=24, width=8, height=66, fill=MUTED),
        two_lines(778, 57, say("Writer (decoder) | an LSTM, width 128"), anchor="start"),
        line((wall, 24), (wall, middle - 28), color=WITHOUT, width=10),
        line((wall, middle + 28), (wall, 616), color=WITHOUT, width=10),
        cells(50, 134, blank(1), grey, width=26, height=26, share=0.14),
        label(84, 134, say("one state per word, (B, S, 128): thrown away"), 24, anchor="start"),
        cells(50, 176, blank(1), WITHOUT, width=26, height=26, share=0.55),
        label(84, 176, say("h and c at the end of each reading: kept"), 24, anchor="start"),
    ]
    for place, (x, word) in enumerate(zip(reader, SOURCE, strict=True)):
        first, last, forth, back = place == 0, place == len(SOURCE) - 1, x - 20, x + 20
        if not last:
            after = reader[place + 1]
            parts += [
                arrow((forth + 17, forth_y), (after - 37, forth_y)),
                arrow((after + 3, back_y), (back + 17, back_y)),
                tag("rect", x=back - 6, y=forth_y - 9, width=12, height=18, fill="#FFFFFF"),
            ]
        for at, y, kept in ((forth, forth_y, last), (back, back_y, first)):
            color, share = (WITHOUT, 0.55) if kept else (grey, 0.14)
            parts += [
                arrow((at, word_y - 13), (at, y + 37)),
                vector(at, y, 64, color, share),
            ]
        parts += [
            token(x, read_y, word, 24, bold=False),
            arrow((x, read_y - 20), (x, word_y + 13)),
            cells(x, word_y, blank(2), MUTED, width=32, height=22),
        ]
    start, above, half = reader[0] + 20, back_y - 60, middle - 34
    ends = [
        ((start, back_y - 36), (start, above), (bend, above), (bend, half), (619, half)),
        ((reader[-1] - 3, forth_y), (bend, forth_y), (bend, middle + 34), (619, middle + 34)),
    ]
    parts += [arrow(*points, color=WITHOUT, width=4, radius=8) for points in ends]
    for x, name in zip(pair, "hc", strict=True):
        parts += [
            vector(x, middle, 128, WITHOUT, 0.55),
            label(x, middle - 90, name, 30, bold=True),
        ]
    parts.append(arrow((pair[1] + 17, middle), (writer[0] - 17, middle), color=WITHOUT, width=10))
    tokens = ["<start>", *(syllable for syllable, _ in TARGET), "<end>"]
    for place, x in enumerate(writer):
        read, written, last = tokens[place], tokens[place + 1], place == len(writer) - 1
        if not last:
            parts.append(arrow((x + 17, middle), (writer[place + 1] - 17, middle)))
        parts += [
            token(x, read_y, read, 30 if place else 20, bold=False),
            arrow((x, read_y - 20), (x, word_y + 13)),
            cells(x, word_y, blank(2), MUTED, width=24, height=22),
            arrow((x, word_y - 13), (x, middle + 71)),
            vector(x, middle, 128, INK, 0.22),
            arrow((x, middle - 70), (x, score_y + 4)),
            arrow((x, score_y - 45), (x, 146 if last else 187)),
            token(x, 130, written, 20 if last else 34, gloss=dict(TARGET).get(written)),
        ]
        scores = [4 + (5 * known + 7 * place) % 17 for known in range(len(TOKENS))]
        scores[TOKENS.index(written)] = 40
        bars = list(zip(spread(x, 3, len(TOKENS)), scores, strict=True))
        for best, color, width in ((False, MUTED, 2), (True, INK, 4)):
            d = "".join(f"M{_at((at, score_y))}v-{h}" for at, h in bars if (h == 40) == best)
            parts.append(tag("path", d=d, stroke=color, stroke_width=width))
    for x, y, text in [
        (30, back_y, say("right to left | h, c: 64 each")),
        (30, forth_y, say("left to right | h, c: 64 each")),
        (30, word_y, say("words | (B, S, 32)")),
        (note, score_y - 26, say("17 logits | (B, T, V)")),
        (note, middle, say("states | (B, T, 128)")),
        (note, word_y, say("tokens | (B, T, 32)")),
    ]:
        parts.append(two_lines(x, y, text, size=22, anchor="start"))
    only = say("Nothing else passes from the reader to the writer.")
    parts += [
        label(note, 176, say("highest"), 22, anchor="start"),
        label(note, 276, "predict", 22, anchor="start"),
        *stack(654, middle + 104, say("joined: | (1, B, 128)"), 22, step=28),
        label(640, 648, only, 28, bold=True),
    ]
    return Drawing(1280, 680, parts)


STATES = [(2, -1), (1, 0), (1, -1), (1, 1), (0, 1)]  # one for each source word
DECODER_STATE = (1, 2)


def attend(query, states):
    """Return the scores, the weights and the attention output of one query."""
    scores = [sum(a * b for a, b in zip(query, state, strict=True)) for state in states]
    shares = [math.exp(score) for score in scores]
    weights = [share / sum(shares) for share in shares]
    columns = zip(*states, strict=True)
    output = [sum(w * x for w, x in zip(weights, column, strict=True)) for column in columns]
    return scores, weights, output


def signed(value):
    """Write a whole number with a true minus sign."""
    return str(value).replace("-", "−")


def attention_process():
    """Notebook 02: one decoding step, in five."""
    scores, weights, output = attend(DECODER_STATE, STATES)
    columns, context, query = spread(590, 120, 5), 590, 1015
    state_y, dot_y, score_y, softmax_y = 98, 162, 221, 283
    weight_y, value_y, output_y = 328, 454, 560
    output = [f"{value:.2f}" for value in output]
    asked = [signed(value) for value in DECODER_STATE]
    parts = [
        line((query, state_y + 21), (query, dot_y), (columns[0], dot_y), color=QUERY),
        arrow((query, state_y + 21), (query, output_y - 23), color=QUERY),
    ]
    for place, (x, word) in enumerate(zip(columns, SOURCE, strict=True)):
        state, weight = [signed(value) for value in STATES[place]], weights[place]
        landing = context + 0.24 * (x - context)
        parts += [
            token(x, 46, word, 24, bold=False),
            cells(x, state_y, state, VALUE, width=46, height=40),
            arrow((x, state_y + 21), (x, dot_y - 15), color=VALUE),
            tag("circle", cx=x, cy=dot_y, r=14, fill="#FFFFFF", stroke=INK, stroke_width=2),
            tag("circle", cx=x, cy=dot_y, r=4, fill=INK),
            arrow((x, dot_y + 15), (x, score_y - 21)),
            box(x, score_y, 64, 40),
            label(x, score_y, signed(scores[place]), 26),
            arrow((x, score_y + 21), (x, softmax_y - 20)),
            label(x, weight_y, f"{weight:.2f}", 26, bold=True, color=WITH),
            bar(x, 430, 84 * weight, 56, WITH, full=84),
            label(x - 51, value_y - 1, "×", 26),
            cells(x, value_y, state, VALUE, width=36, height=32, size=22),
            band((x, value_y + 17), (landing, output_y - 23), 2 + 22 * weight, VALUE),
        ]
        if place:
            before = columns[place - 1]
            parts.append(arrow((before + 47, state_y), (x - 47, state_y), width=2))
    parts += [
        box(context, softmax_y, 580, 38, fill=FAINT, radius=19),
        label(context, softmax_y, say("softmax"), 24),
        label(892, score_y, say("scores"), 24, anchor="start"),
        label(892, weight_y, say("weights"), 24, anchor="start", color=WITH, bold=True),
        label(892, weight_y + 30, say("sum 1.00"), 24, anchor="start", color=WITH),
        label(query - 30, 42, say("written:"), 24, anchor="end"),
        arrow((query, 59), (query, state_y - 21)),
        cells(query, state_y, asked, QUERY, width=46, height=40),
        cells(context, output_y, output, VALUE, width=66, height=44),
        arrow((context + 67, output_y), (query - 121, output_y), color=VALUE),
        cells(query - 60, output_y, output, VALUE, width=60, height=44),
        cells(query + 60, output_y, asked, QUERY, width=60, height=44),
        label((context + query - 54) / 2, output_y + 26, say("attention output"), 24),
        arrow((query + 122, output_y), (1190, output_y)),
        token(1222, output_y - 4, "칠", 48, gloss="7"),
        two_lines(query + 64, state_y, say("The query: | decoder step t"), anchor="start"),
    ]
    for x, (syllable, gloss) in zip((query, query + 70), TARGET[:2], strict=True):
        parts += [token(x, 41, syllable, 30), label(x + 19, 42, gloss, 26, anchor="start")]
    steps = [
        (50, state_y, say("Encoder states: | keys and values")),
        (50, 192, say("Dot products | with the query")),
        (50, weight_y, say("Softmax turns | scores to weights")),
        (50, 505, say("Weighted sum | of the values")),
        (query - 100, 628, say("Join them, predict | the next token")),
    ]
    for step, (x, y, text) in enumerate(steps, start=1):
        parts += [badge(x, y, str(step)), two_lines(x + 32, y, text, anchor="start")]
    return Drawing(1280, 680, parts)


# what the decoder's state might be at each step of writing TARGET, and which words say the token
ASKING = [(2, -1), (-2, 1), (1, 2), (0, 1), (-1, 1)]
SAID_BY = [(0, 1), (), (3,), (3,), ()]


def attention_table():
    """Notebook 03: the weights of all steps in one table, and how to read it."""
    left, top, wide, high = 262, 138, 122, 80
    columns = [left + wide * (place + 0.5) for place in range(len(SOURCE))]
    rows = [top + high * (place + 0.5) for place in range(len(TARGET))]
    right, bottom = left + wide * len(SOURCE), top + high * len(TARGET)
    parts = [
        arrow((left + 6, 78), (right - 6, 78), color=KEY),
        label((left + right) / 2, 46, say("keys: the words read"), 26, color=KEY),
        arrow((128, top + 6), (128, bottom - 6), color=QUERY),
        *stack(30, 94, say("queries: the | tokens written"), 26, anchor="start", color=QUERY),
    ]
    for x, word in zip(columns, SOURCE, strict=True):
        parts.append(token(x, top - 26, word, 26))
    for place, (y, (syllable, gloss)) in enumerate(zip(rows, TARGET, strict=True)):
        _, weights, _ = attend(ASKING[place], STATES)
        parts += [
            token(left - 88, y, syllable, 40),
            label(left - 58, y, gloss, 26, anchor="start"),
        ]
        for x, weight in zip(columns, weights, strict=True):
            ground = tint(WITH, weight)
            parts += [
                box(x, y, wide - 4, high - 4, fill=ground, stroke=FAINT, radius=2),
                label(x, y, f"{weight:.2f}", 26, color=words_on(ground), bold=weight > 0.5),
            ]
    gold = {"fill": "none", "stroke": QUERY, "edge": 5, "radius": 4}
    for y, said in zip(rows, SAID_BY, strict=True):
        parts += [box(columns[place], y, wide - 9, high - 9, **gold) for place in said]
    note, seven = right + 44, columns[3]
    parts += [
        box(note + 20, rows[0], 40, 36, **gold),
        two_lines(
            note + 58, rows[0], say("outlined: gold, | the words of its place"), anchor="start"
        ),
        line((right + 8, rows[1]), (note - 12, rows[1]), width=2, color=MUTED),
        two_lines(note, rows[1], say("no outline: | no single word says 10^8"), anchor="start"),
        line((right + 8, rows[2]), (note - 12, rows[2]), width=2, color=MUTED),
        two_lines(
            note, rows[2], say("a row: one look back; | its weights sum to 1"), anchor="start"
        ),
        line((seven, bottom + 8), (seven, bottom + 26), width=2, color=MUTED),
        label(seven, bottom + 46, say("a column: which steps looked at seven"), 26),
    ]
    return Drawing(1280, 612, parts)


def gradient_paths():
    """Notebook 03: two ways by which the error of the last token reaches the first word."""
    state_y, word_y, look_y, loss_y, loss_x, context_x = 378, 486, 196, 70, 1134, 962
    encoder, decoder = spread(300, 144, 4), spread(924, 144, 4)
    states = *encoder, *decoder
    above, below = state_y - 17, state_y + 19  # back, and forward, between two states
    top, first, last = state_y - 39, encoder[0], decoder[-1]
    parts = []
    for x, word in zip(encoder, ["seven", "million", "…", "two"], strict=True):
        parts += [
            token(x, word_y, word, 28, bold=False),
            arrow((x, word_y - 24), (x, state_y + 39), color=MUTED, width=2),
        ]
        if x != first:  # attention reads every state
            parts.append(line((x, top), (x, look_y + 12), color=MUTED, width=2))
    for x, name in zip(states, ["h_1", "h_2", "…", "h_S", "1", "2", "…", "T"], strict=True):
        edge = {"stroke": INK, "edge": 4} if x == first else {"stroke": MUTED}
        parts += [
            box(x, state_y, 76, 76, fill=tint(MUTED, 0.14), **edge),
            label(x, state_y, name, 30, bold=x == first),
        ]
    for before, after in zip(states, states[1:], strict=False):
        parts += [
            arrow((before + 40, below), (after - 40, below), color=MUTED, width=2),
            arrow((after - 40, above), (before + 41, above), color=WITHOUT, width=7),
        ]
    forward = [
        ((first + 13, top), (first + 13, look_y + 12), (context_x - 82, look_y + 12)),
        ((last - 26, top), (last - 26, look_y), (context_x + 82, look_y)),
        ((context_x + 14, look_y - 33), (context_x + 14, loss_y + 18), (loss_x - 107, loss_y + 18)),
        ((last - 4, top), (last - 4, loss_y + 43)),
    ]
    short = [
        ((loss_x - 106, loss_y - 14), (context_x - 14, loss_y - 14), (context_x - 14, look_y - 32)),
        ((context_x - 81, look_y - 14), (first - 13, look_y - 14), (first - 13, top - 2)),
    ]
    parts += [
        *(arrow(*points, color=MUTED, width=2) for points in forward),
        *(arrow(*points, color=WITH, width=7) for points in short),
        arrow((last + 22, loss_y + 42), (last + 22, top), color=WITHOUT, width=7),
        box(loss_x, loss_y, 212, 84, radius=10, edge=3),
        *stack(loss_x, loss_y, say("loss of | the last token"), 26, bold=True),
        box(context_x, look_y, 160, 64, stroke=WITH, edge=3, radius=32, fill=tint(WITH, 0.1)),
        label(context_x, look_y, say("context"), 26),
        label(480, 144, say("through attention: one step"), 28, bold=True, color=WITH),
        label(812, 302, say("through every step between"), 28, bold=True, color=WITHOUT),
        label(300, word_y + 50, say("Encoder"), 26),
        label(924, word_y + 50, say("Decoder: tokens 1 to T"), 26),
    ]
    note = say(
        "h: the hidden state, which attention reads. "
        "| The LSTM's cell state c runs beside it along the long path."
    )
    parts += stack(640, 608, note, 24)
    return Drawing(1280, 660, parts)


AGREE = ["The", "keys", "to", "the", "old", "shed", "are"]


def rnn_limit():
    """Notebook 04: a change takes a step a word in an RNN, and one step in self-attention."""
    word_y, state_y, subject, verb = 386, 184, 1, len(AGREE) - 1
    parts = [line((640, 30), (640, 574), color=FAINT, width=2)]
    for middle, color, first, second in [
        (326, WITHOUT, say("Recurrent network"), say("one word after another")),
        (954, WITH, say("Self-attention"), say("every word attends to every word")),
    ]:
        recurrent, places = color == WITHOUT, spread(middle, 83, len(AGREE))
        parts += [
            tag("rect", x=middle - 290, y=30, width=8, height=66, fill=color),
            label(middle - 268, 46, first, 30, bold=True, anchor="start"),
            label(middle - 268, 82, second, 26, anchor="start"),
        ]
        for place, (x, word) in enumerate(zip(places, AGREE, strict=True)):
            reached = place >= subject if recurrent else place == verb
            share = 0.55 if reached else 0.18
            parts += [
                token(x, word_y, word, 26, bold=place in (subject, verb)),
                box(x, state_y, 46, 76, fill=tint(color, share), stroke=color),
                label(x, state_y, str(place + 1) if recurrent else "1", 30, bold=True),
            ]
            start = x, word_y - 24
            if not recurrent:
                if place != subject:
                    faint = tint(MUTED, 0.85)
                    parts.append(line(start, (places[verb], state_y + 52), color=faint, width=2))
                continue
            ink, wide = (color, 5) if place == subject else (MUTED, 2)
            parts.append(arrow(start, (x, state_y + 41), color=ink, width=wide))
            if place:
                ink, wide = (color, 5) if place > subject else (MUTED, 2)
                before = places[place - 1] + 24, state_y
                parts.append(arrow(before, (x - 25, state_y), color=ink, width=wide))
        if not recurrent:
            start, end = (places[subject], word_y - 24), (places[verb] - 4, state_y + 41)
            parts.append(arrow(start, end, color=color, width=5))
        a, b, y = places[subject], places[verb], 442
        parts.append(line((a, y - 22), (a, y), (b, y), (b, y - 22), color=INK, radius=8))
        far = say("5 words apart: 5 steps on") if recurrent else say("5 words apart: 1 step")
        if recurrent:
            caption = say("the number: the round in which | this state can be computed")
        else:
            caption = say("all states can be computed | in the first round")
        parts += [
            label((a + b) / 2, y + 28, far, 28, bold=True),
            *stack(middle, 548, caption),
        ]
    return Drawing(1280, 600, parts)


def position_places():
    """Notebook 06: the three places where a position can come into attention."""
    word_y, role_y, score_y, weight_y, last_y = 146, 290, 448, 566, 648
    place_style = {"stroke": POSITION, "fill": tint(POSITION, 0.28), "edge": 4, "radius": 10}
    parts = [line((x, 30), (x, 672), color=FAINT, width=2) for x in (431, 849)]
    for panel, (middle, first, second) in enumerate(
        [
            (222, say("Added to the word"), say("noise, sinusoidal, learned")),
            (640, say("Added to the score"), say("relative")),
            (1058, say("Turning query and key"), say("rotary")),
        ]
    ):
        query, key, value, dot = middle - 110, middle, middle + 110, middle - 55
        parts += [
            tag("rect", x=middle - 186, y=30, width=8, height=66, fill=POSITION),
            label(middle - 166, 46, first, 30, bold=True, anchor="start"),
            label(middle - 166, 82, second, 26, anchor="start"),
            cells(middle, word_y, blank(4), MUTED, width=30, height=34),
            label(middle + 84, word_y, say("word"), 26, anchor="start"),
        ]
        start = word_y + 18
        if panel == 0:
            parts += [
                arrow((middle, start), (middle, 184)),
                box(middle, 206, 150, 44, **place_style),
                label(middle, 206, say("+ code"), 28, bold=True),
            ]
            start = 228
        for x, color, name in (
            (query, QUERY, say("query")),
            (key, KEY, say("key")),
            (value, VALUE, say("value")),
        ):
            parts += [
                arrow((middle, start), (x, role_y - 23), width=2),
                box(x, role_y, 96, 44, fill=tint(color, 0.16), stroke=color),
                label(x, role_y, name, 26, color=color, bold=True),
            ]
            if panel == 2 and x != value:
                parts += [
                    arrow((x, role_y + 23), (x, 344)),
                    box(x, 366, 96, 46, **place_style),
                    label(x, 366, say("rotate"), 28, bold=True),
                    arrow((x, 389), (dot + (14 if x > dot else -14), score_y - 25)),
                ]
            elif x != value:
                end = dot + (14 if x > dot else -14), score_y - 25
                parts.append(arrow((x, role_y + 23), end))
        parts += [
            box(dot, score_y, 112, 46),
            label(dot, score_y, say("score"), 26),
            arrow((dot, score_y + 24), (dot, weight_y - 24)),
            box(dot, weight_y, 112, 46, stroke=WITH, fill=tint(WITH, 0.1)),
            label(dot, weight_y, say("weight"), 26, color=WITH, bold=True),
            arrow((dot, weight_y + 23), (middle + 10, last_y - 20)),
            arrow((value, role_y + 23), (value, weight_y), (middle + 66, last_y - 20), radius=30),
            box(middle + 36, last_y, 128, 38),
            label(middle + 36, last_y, say("output"), 26),
        ]
        if panel == 1:
            parts += [
                box(dot, 508, 150, 38, **place_style),
                label(dot, 508, say("+ distance"), 26, bold=True),
            ]
    return Drawing(1280, 692, parts)


ASKERS = ["Stanford", "CS", "and", "learned"]
FEATURES = [(1, 0, 0), (0, 1, 0), (0, 0, 0), (0, 0, 1)]  # of a school, a subject, a wish to know
VIEWS = {  # the matrices of notebook 05, a row for each feature
    "query": [(0, 1), (1, 0), (1, 3)],
    "key": [(1, 0), (0, 1), (0, 0)],
    "value": [(3, 0), (0, 3), (1, 1)],
}


def view(kind):
    """Return the queries, keys or values of ASKERS."""
    columns = list(zip(*VIEWS[kind], strict=True))
    return [[sum(a * b for a, b in zip(x, c, strict=True)) for c in columns] for x in FEATURES]


def self_attention_compute():
    """Notebook 05: a word asks all words, itself included, in four steps."""
    queries, keys, values = map(view, ("query", "key", "value"))
    asking = len(ASKERS) - 1
    scores, weights, _ = attend(queries[asking], keys)
    output = [sum(w * v[axis] for w, v in zip(weights, values, strict=True)) for axis in (0, 1)]
    columns = spread(792, 240, len(ASKERS))
    view_y, dot_y, score_y, softmax_y, weight_y, value_y, output_y = (
        132,
        216,
        280,
        344,
        394,
        528,
        636,
    )
    asks_at, context = columns[asking] - 76, columns[2]
    parts = [
        line((asks_at, view_y + 19), (asks_at, dot_y), (columns[0], dot_y), color=QUERY, width=4),
        line((asks_at - 14, dot_y), (columns[asking], dot_y), color=QUERY, width=4),
    ]
    for place, (x, word) in enumerate(zip(columns, ASKERS, strict=True)):
        weight, landing = weights[place], context + 0.12 * (x - context)
        parts.append(token(x, 34, word, 30))
        for shift, kind, name, shown in (
            (-76, "query", say("query"), queries),
            (0, "key", say("key"), keys),
            (76, "value", say("value"), values),
        ):
            share = 0.5 if place == asking and kind == "query" else 0.18
            numbers = [str(value) for value in shown[place]]
            parts += [
                label(x + shift, 86, name, 22, color=COLORS[kind]),
                cells(x + shift, view_y, numbers, COLORS[kind], width=33, height=38, share=share),
            ]
        texts = [str(value) for value in values[place]]
        parts += [
            arrow((x, view_y + 20), (x, dot_y - 15), color=KEY),
            tag("circle", cx=x, cy=dot_y, r=14, fill="#FFFFFF", stroke=INK, stroke_width=2),
            tag("circle", cx=x, cy=dot_y, r=4, fill=INK),
            arrow((x, dot_y + 15), (x, score_y - 21)),
            box(x, score_y, 64, 40),
            label(x, score_y, str(scores[place]), 26),
            arrow((x, score_y + 21), (x, softmax_y - 20)),
            label(x, weight_y, f"{weight:.2f}", 26, bold=True, color=WITH),
            bar(x, 496, 84 * weight, 56, WITH, full=84),
            label(x - 54, value_y - 1, "×", 26),
            cells(x, value_y, texts, VALUE, width=38, height=36),
            band((x, value_y + 19), (landing, output_y - 23), 2 + 26 * weight, VALUE),
        ]
    parts += [
        box(792, softmax_y, 880, 38, fill=FAINT, radius=19),
        label(792, softmax_y, say("softmax"), 24),
        cells(context, output_y, [f"{value:.2f}" for value in output], VALUE, width=72, height=44),
        *stack(context + 92, output_y + 16, say("the new vector | of learned"), 26, anchor="start"),
    ]
    steps = [
        (view_y - 12, say("Query, key, value | of every word")),
        (248, say("Similarity: learned’s | query with each key")),
        (weight_y + 20, say("Softmax turns | scores to weights")),
        (output_y - 54, say("Weighted sum | of the values")),
    ]
    for step, (y, text) in enumerate(steps, start=1):
        parts += [badge(36, y, str(step)), two_lines(66, y, text, anchor="start")]
    return Drawing(1280, 688, parts)


SENTENCE = ["I", "went", "to", "Stanford", "CS", "224n", "and", "learned"]
GLANCES = [0.01, 0.02, 0.01, 0.07, 0.82, 0.04, 0.01, 0.02]  # made up


def sample_attention():
    """Notebook 05: what comes after *learned*? It looks at CS."""
    widths = [58, 116, 70, 178, 96, 122, 96, 172]
    gap, word_y, bar_y = 20, 352, 462
    left = 40
    places = []
    for width in widths:
        places.append(left + width / 2)
        left += width + gap
    asking, top = places[-1], word_y - 34
    parts = []
    for x, weight in sorted(zip(places[:-1], GLANCES, strict=False), key=lambda pair: pair[1]):
        peak = top - 34 - 0.24 * (asking - x)
        path = f"M{_at((asking, top))}C{_at((asking, peak))} {_at((x, peak))} {_at((x, top))}"
        color = WITH if weight > 0.5 else tint(WITH, 0.8)
        style = {"stroke": color, "stroke_width": max(2, 26 * weight)}
        parts.append(tag("path", d=path, fill="none", **style))
    for x, width, word, weight in zip(places, widths, SENTENCE, GLANCES, strict=True):
        found = weight > 0.5
        color = QUERY if x == asking else WITH if found else FAINT
        fill = tint(QUERY, 0.22) if x == asking else tint(WITH, weight if found else 0.05)
        parts += [
            box(x, word_y, width, 60, fill=fill, stroke=color, edge=4 if color != FAINT else 2),
            token(x, word_y, word, 36, bold=found or x == asking, color=words_on(fill)),
            bar(x, bar_y + 70, 70 * weight, 44, WITH, full=70),
            label(x, bar_y - 26, f"{weight:.2f}", 26, bold=found, color=WITH),
        ]
    parts += [
        label(1180, word_y, "…?", 48, bold=True),
        label(40, 44, say("What comes after learned?"), 32, bold=True, anchor="start"),
        label(40, 88, say("It asks every word, and attends most to CS."), 28, anchor="start"),
        label(
            40,
            bar_y + 108,
            say("the attention weights of learned, made up for this picture"),
            26,
            anchor="start",
        ),
    ]
    return Drawing(1280, 606, parts)


LEAKY = ["The", "old", "shed", "leaks"]


def self_attention_ff():
    """Notebook 07: attention between the words, feed-forward within each, in turns."""
    columns, wide = spread(430, 152, len(LEAKY)), 620
    word_y, vector_y, out_y = 676, 626, 102
    parts = []
    for low, feed_y, number_of in [(594, 424, "1"), (374, 204, "2")]:
        high = low - 112
        middle = (low + high) / 2
        parts += [
            box(430, middle, wide, 112, fill=tint(WITH, 0.07), stroke=WITH, radius=12),
            badge(56, middle, "1"),
            badge(56, feed_y, "2"),
        ]
        for start in columns:
            for end in columns:
                parts.append(line((start, low), (end, high), color=tint(WITH, 0.8), width=2))
        for x in columns:
            parts += [
                arrow((x, low + 16), (x, low)) if number_of == "1" else "",
                arrow((x, high), (x, feed_y + 31)),
                box(x, feed_y, 128, 60, fill=tint(RELU, 0.3), stroke=RELU, edge=3, radius=10),
                *stack(x, feed_y, say("feed- | forward"), step=28),
                arrow((x, feed_y - 31), (x, (374 if number_of == "1" else out_y + 17))),
            ]
        parts += [
            box(430, middle, 214, 42, fill="#FFFFFF", stroke=WITH, radius=21),
            label(430, middle, say("self-attention"), 26, bold=True, color=WITH),
        ]
    for x, word in zip(columns, LEAKY, strict=True):
        parts += [
            token(x, word_y, word, 28),
            cells(x, vector_y, blank(4), MUTED, width=24, height=28),
            cells(x, out_y, blank(4), MUTED, width=24, height=28),
        ]
    middle, units = 1036, 12
    rows = {"in": 596, "hidden": 478, "bent": 268, "out": 150}
    parts += [
        line((columns[-1] + 66, 420), (800, 385), color=RELU, width=2, dash="6 6"),
        line((columns[-1] + 66, 428), (800, 463), color=RELU, width=2, dash="6 6"),
        box(middle, 371, 472, 548, fill=tint(RELU, 0.08), stroke=RELU, edge=3, radius=16),
        cells(middle, rows["in"], blank(4), MUTED, width=32, height=32),
        cells(middle, rows["hidden"], blank(units), RELU, width=32, height=32, share=0.1),
        cells(middle, rows["bent"], blank(units), RELU, width=32, height=32, share=0.5),
        cells(middle, rows["out"], blank(4), MUTED, width=32, height=32),
    ]
    widen, narrow = say("linear: widen"), say("linear: narrow")
    for low, high in (("in", "hidden"), ("bent", "out")):
        below, above = rows[low] - 17, rows[high] + 17
        starts = spread(middle, 32, 4 if low == "in" else units)
        ends = spread(middle, 32, units if low == "in" else 4)
        for start in starts:
            for end in ends:
                parts.append(line((start, below), (end, above), color=tint(INK, 0.6), width=1))
        parts += [
            box(middle, (below + above) / 2, 236, 38, radius=19),
            label(middle, (below + above) / 2, widen if low == "in" else narrow),
        ]
    for x in spread(middle, 32, units):
        parts.append(arrow((x, rows["hidden"] - 17), (x, rows["bent"] + 17), color=RELU, width=2))
    parts.append(box(middle, 373, 380, 104, stroke=RELU, edge=3, radius=12))
    for x, smooth in ((middle - 128, False), (middle + 54, True)):
        steps = [step / 8 for step in range(-24, 17)]
        gate = [0.5 * (1 + math.erf(v / math.sqrt(2))) if smooth else v > 0 for v in steps]
        curve = [(x + 14 * v, 387 - 20 * v * g) for v, g in zip(steps, gate, strict=True)]
        parts += [
            line((x - 44, 387), (x + 34, 387), color=MUTED, width=1),
            line((x, 398), (x, 338), color=MUTED, width=1),
            line(*curve, color=INK, width=4, radius=0.5),
            label(x + 44, 384, "GELU" if smooth else "ReLU", 26, bold=True, anchor="start"),
        ]
    parts += [
        badge(56, 36, "1"),
        two_lines(88, 36, say("Attention: between the words | it averages"), anchor="start"),
        badge(580, 36, "2"),
        two_lines(612, 36, say("Feed-forward: within each word | not linear"), anchor="start"),
        two_lines(middle, 676, say("each word alone, | the same weights for all")),
        label(middle - 22, 337, say("activation"), 22),
    ]
    return Drawing(1280, 712, parts)


PEEK = ["do", "not", "look", "ahead"]
PEEK_SCORES = [(1, 0, 2, 1), (0, 1, 1, 2), (2, 0, 1, 3), (0, 2, 1, 1)]  # queries down, keys across


def self_attention_masking():
    """Notebook 08: lists that end with the past, or −∞ over the future: the same weights."""
    side, top, count = 74, 200, len(PEEK)
    rows = [top + side * (place + 0.5) for place in range(count)]
    lists, middle, square = (spread(x, side, count) for x in (312, 705, 1098))
    below, left = top + side * count + 50, lists[0] - side / 2
    written_over = say("exp(−∞) = 0: written over | before the softmax")
    parts = [
        tag("rect", x=30, y=24, width=8, height=66, fill=WITHOUT),
        two_lines(
            52, 57, say("The slow way: shorter lists | one step after another"), anchor="start"
        ),
        tag("rect", x=950, y=24, width=8, height=66, fill=WITH),
        two_lines(972, 57, say("The parallel way: −∞ | all rows at once"), anchor="start"),
        label(705, 41, say("The same weights"), 28, bold=True),
        label(705, 75, say("every row sums to 1"), 24),
    ]
    for columns in (lists, middle, square):
        for x, word in zip(columns, PEEK, strict=True):
            parts.append(token(x, top - 24, word, 24, color=KEY, bold=False))
    parts += [
        label(left - 16, top - 24, say("queries"), 24, color=QUERY, anchor="end"),
        label(left, top - 60, say("scores of the keys"), 24, color=KEY, anchor="start"),
        label(square[0] - 37, top - 60, say("scores of the keys"), 24, color=KEY, anchor="start"),
        label(middle[0] - 37, top - 60, say("weights"), 24, color=WITH, bold=True, anchor="start"),
    ]
    for t, (y, word) in enumerate(zip(rows, PEEK, strict=True)):
        past = [math.exp(score) for score in PEEK_SCORES[t][: t + 1]]
        parts += [
            label(left - 16, y - 13, word, 24, bold=True, color=QUERY, anchor="end"),
            label(left - 16, y + 15, say("step {step}", step=t + 1), 20, anchor="end"),
        ]
        for s in range(count):
            seen, score = s <= t, signed(PEEK_SCORES[t][s])
            share = past[s] / sum(past) if seen else 0
            if seen:
                style = {"fill": tint(WITHOUT, 0.3), "stroke": WITHOUT, "radius": 2}
                parts += [box(lists[s], y, side - 6, side - 6, **style), label(lists[s], y, score)]
            style = {"fill": tint(WITH, share), "stroke": WITH if seen else FAINT, "radius": 2}
            on = words_on(style["fill"]) if seen else MUTED
            parts += [
                box(middle[s], y, side - 6, side - 6, **style),
                label(middle[s], y, f"{share:.2f}" if seen else "0", 24, color=on),
            ]
            style = {"fill": tint(WITH, 0.14) if seen else INK, "stroke": WITH if seen else INK}
            ink = INK if seen else "#FFFFFF"
            parts += [
                box(square[s], y, side - 6, side - 6, radius=2, **style),
                label(square[s], y, score if seen else "−∞", 26, color=ink, bold=not seen),
            ]
    for start, end in ((lists[-1] + 50, middle[0] - 48), (square[0] - 50, middle[-1] + 48)):
        y = top + side * count / 2
        parts += [
            arrow((start, y), (end, y), width=4),
            label((start + end) / 2, y - 26, say("softmax"), 24, room=96),
        ]
    parts += [
        *stack(left, below, say("a list ends where | the past ends"), anchor="start"),
        *stack(705, below, say("nothing from the future | either way")),
        *stack(square[0] - 37, below, written_over, anchor="start"),
    ]
    return Drawing(1280, 596, parts)


NEXT = [
    (0.2, 0.6, 0.15, 0.05),
    (0.1, 0.15, 0.65, 0.1),
    (0.7, 0.1, 0.05, 0.15),
    (0.15, 0.05, 0.2, 0.6),
]


def self_attention_process():
    """Notebook 10: from tokens to the chances of the next token, with a block that is repeated."""
    read, places, note = AGREE[:4], spread(400, 160, 4), 800
    word_y, embed_y, attend_y, forward_y, chance_y, next_y = 636, 540, 410, 282, 132, 44
    parts = [
        box(400, 342, 700, 262, fill="#F7F7F7", stroke=MUTED, radius=14),
        tag("rect", x=70, y=372, width=660, height=76, rx=8, fill=tint(WITH, 0.12)),
        tag("rect", x=70, y=246, width=660, height=72, rx=8, fill=tint(VALUE, 0.14)),
    ]
    for place, (x, word) in enumerate(zip(places, read, strict=True)):
        for before in places[:place]:
            sloped = (before, attend_y + 28), (x - 3, attend_y - 24)
            parts.append(line(*sloped, color=tint(WITH, 0.85), width=2))
        parts += [
            token(x, word_y, word, 28, bold=False),
            arrow((x, word_y - 24), (x, embed_y + 24)),
            cells(x, embed_y, blank(4), MUTED, width=26, height=36),
            arrow((x, embed_y - 20), (x, attend_y + 42)),
            line((x, attend_y + 36), (x, attend_y - 28), color=WITH, width=4),
            arrow((x, attend_y - 38), (x, forward_y + 36)),
            cells(x, forward_y, blank(5), VALUE, width=24, height=34, share=0.4),
            arrow((x, forward_y - 36), (x, chance_y + 48)),
        ]
        for at, share in zip(spread(x, 24, 4), NEXT[place], strict=True):
            best = share == max(NEXT[place])
            color = WITH if best else tint(WITH, 0.8)
            parts.append(bar(at, chance_y + 40, 74 * share, 18, color, full=74))
        parts.append(token(x, next_y, AGREE[place + 1], 28))
    for y, text in [
        (embed_y, say("Embeddings + position | which token, and where: 01, 06")),
        (attend_y, say("Masked self-attention | each looks back, none ahead: 05, 08")),
        (forward_y, say("Feed-forward | each works alone: 07")),
        (chance_y - 8, say("Next-token probabilities | one guess at every position: 01")),
    ]:
        parts.append(two_lines(note, y, text, size=26, anchor="start"))
    loop = (750, 230), (774, 230), (774, 456), (752, 456)
    parts += [
        arrow(*loop, color=INK, width=4),
        label(note, 346, say("repeat: out of one, into the next"), 24, anchor="start"),
        label(note, word_y, say("Tokens read so far"), 26, bold=True, anchor="start"),
        label(note, next_y, say("the likeliest next token"), 24, anchor="start"),
    ]
    return Drawing(1280, 680, parts)


HEADS = [  # of each head the shade that marks it, and for each word the word that it looks at
    (0.1, (0, 0, 1)),
    (0.22, (0, 1, 2)),
    (0.36, (2, 2, 2)),
]


def many_heads():
    """Notebook 09: attention several times, side by side, each on its own columns."""
    words, high = 3, 24
    middle, blocks, lanes = 346, spread(348, 54, len(HEADS)), spread(346, 160, len(HEADS))
    views = zip(spread(middle, 100, 3), "QKV", (QUERY, KEY, VALUE), strict=True)
    merged, merged_y, out_x, mix_y, out_y = spread(984, 54, len(HEADS)), 104, 1170, 256, 384
    parts = [
        *stack(90, middle - 86, say("the words’ | vectors x"), 24, bold=True),
        table(90, middle, words, MUTED, columns=12),
        label(90, middle + 62, "(T, E)", 24),
    ]
    for x, (share, _), name in zip(blocks, HEADS, "123", strict=True):
        ground = tint(MUTED, share)
        parts += [
            box(x, middle, 50, 302, fill=ground, stroke="none", radius=8),
            badge(x, middle - 178, name),
        ]
    for y, name, color in views:
        parts += [
            arrow((158, middle + 0.16 * (y - middle)), (183, y), width=2),
            box(212, y, 56, 46, stroke=color),
            label(212, y, f"W_{name}", 26, color=color, bold=True),
            arrow((241, y), (267, y), width=2),
            *(table(x, y, words, color) for x in blocks),
        ]
    for x in spread(348, 54, 2):
        parts.append(line((x, middle - 168), (x, middle + 162), dash="8 6"))
    parts += [
        label(348, 40, say("cut into heads"), 26, bold=True),
        label(348, middle + 186, "Q, K, V: (T, E)", 24),
        label(685, 40, say("attention, head by head"), 26, bold=True),
    ]
    notes = (
        say("attends to the word before"),
        say("attends to itself"),
        say("attends to the last word"),
    )
    for place, (y, (share, looks), note) in enumerate(zip(lanes, HEADS, notes, strict=True)):
        row = y + 24
        parts += [
            arrow((431, middle + 0.2 * (y - middle)), (487, y), width=3),
            box(685, y, 390, 146, fill=tint(MUTED, share), stroke="none", radius=12),
            badge(518, y - 44, str(place + 1)),
            label(550, y - 44, note, 24, anchor="start"),
            table(526, row, words, QUERY),
            table(580, row, words, KEY),
            arrow((606, row), (638, row)),
            table(678, row, words, WITH, width=high, columns=words, share=0),
        ]
        for asks, answers in enumerate(looks):
            at = 678 + high * (answers - 1), row + high * (asks - 1)
            parts.append(box(*at, high - 2, high - 2, fill=WITH, stroke=WITH, radius=1, edge=1))
        parts += [
            label(734, row, "×", 28),
            table(776, row, words, VALUE),
            label(814, row, "=", 28),
            table(848, row, words, VALUE, share=0.5),
            arrow((872, row), (merged[place], row), (merged[place], merged_y + 40)),
            box(merged[place], merged_y, 50, 80, fill=tint(MUTED, share), stroke="none"),
            table(merged[place], merged_y, words, VALUE, share=0.5),
        ]
    for x, text, color in (
        (526, "Q", QUERY),
        (580, "K", KEY),
        (678, say("weights"), WITH),
        (776, "V", VALUE),
        (848, say("context"), INK),
    ):
        parts.append(label(x, 90, text, 24, color=color, bold=True))
    foot = lanes[-1] + 98
    parts += [
        label(553, foot, "(H, T, D)", 24),
        label(678, foot, "(H, T, S)", 24),
        label(844, foot, "(H, T, D)", 24),
        label(984, 40, say("side by side"), 26, bold=True),
        label(1116, merged_y - 24, "(T, E)", 24),
        line((1064, merged_y), (out_x, merged_y), (out_x, mix_y - 23)),
        box(out_x, mix_y, 64, 46),
        label(out_x, mix_y, "W_O", 26, bold=True),
        arrow((out_x, mix_y + 24), (out_x, out_y - 38)),
        table(out_x, out_y, words, INK, columns=12),
        label(out_x, out_y + 66, say("mixed by W_O"), 26, bold=True),
        label(out_x, out_y + 102, "(T, E)", 24),
    ]
    return Drawing(1280, 634, parts)


def banner():
    """README: without attention one vector carries all, with it every step looks back."""
    rows, words, syllables = spread(258, 54, 5), (106, 692), (478, 1104)
    middle, states, neck = rows[2], 800, 295
    _, weights, _ = attend(DECODER_STATE, STATES)
    parts = [
        hourglass((34, 186), (244, 346), (404, 566), (116, 400), (middle, 28)),
        line((166, rows[0]), (176, rows[0]), (176, rows[-1]), (166, rows[-1]), color=WITHOUT),
        arrow((176, middle), (neck - 46, middle), color=WITHOUT, width=5),
        cells(neck, middle, blank(4), WITHOUT, width=22, height=30, share=0.55),
        arrow((neck + 46, middle), (432, middle), color=WITHOUT, width=5),
        line((442, rows[0]), (432, rows[0]), (432, rows[-1]), (442, rows[-1]), color=WITHOUT),
        line((600, 28), (600, 396), color=FAINT, width=2),
        box(1122, middle, 116, 50, stroke=WITH, edge=3, radius=10, fill=tint(WITH, 0.1)),
    ]
    for y, weight in zip(rows, weights, strict=True):
        parts += [
            cells(states, y, blank(4), VALUE, width=20, height=28),
            arrow((1062, middle), (states + 44, y), color=WITH, width=2 + 14 * weight),
        ]
    for x, color, first, second in [
        (34, WITHOUT, say("Without attention"), say("one vector has to carry it all")),
        (634, WITH, say("With attention"), say("each step looks back at every word")),
    ]:
        parts += [
            tag("rect", x=x, y=24, width=8, height=66, fill=color),
            label(x + 22, 40, first, 30, bold=True, anchor="start"),
            label(x + 22, 76, second, 26, anchor="start"),
        ]
    for y, word, (syllable, gloss) in zip(rows, SOURCE, TARGET, strict=True):
        for x in words:
            parts.append(token(x, y, word, 28, bold=False))
        for x in syllables:
            parts += [token(x, y, syllable, 36), label(x + 28, y, gloss, 28, anchor="start")]
    return Drawing(1200, 424, parts)


DIAGRAMS = {
    "number_groups": number_groups,
    "reader_and_writer": reader_and_writer,
    "attention_what_happen": attention_what_happen,
    "attention_process": attention_process,
    "attention_table": attention_table,
    "gradient_paths": gradient_paths,
    "rnn_limit": rnn_limit,
    "position_places": position_places,
    "self_attention_compute": self_attention_compute,
    "sample_attention": sample_attention,
    "self_attention_ff": self_attention_ff,
    "self_attention_masking": self_attention_masking,
    "self_attention_process": self_attention_process,
    "many_heads": many_heads,
    "banner": banner,
}

TEXTS = {  # name: (title, alt text)
    "number_groups": (
        later("Where English and Korean cut a number"),
        later(
            "The number 407,026,090, one box per digit. Above, brackets of three digits and the "
            "English words: four hundred and seven million over 407, twenty six thousand over 026, "
            "and ninety over 090. Below, brackets of four digits, counted from the right, and the "
            "Korean syllables: 사 (sa, 4) 억 (eok, 10⁸) under 4; 칠 (chil, 7) 백 (baek, 10²) 이 "
            "(i, 2) 만 (man, 10⁴) under 0702; 육 (yuk, 6) 천 (cheon, 10³) 구 (gu, 9) 십 (sip, 10) "
            "under 6090. No cut above is also a cut below, so the words cannot be translated one "
            "by one: where English begins with four hundred, Korean begins with a plain 4."
        ),
    ),
    "reader_and_writer": (
        later("A reader, a writer, and what passes between them"),
        later(
            "Left, the reader: each of the words four hundred and seven million becomes an "
            "embedding of 32 numbers. One LSTM of width 64 reads them from left to right, another "
            "from right to left. Their states at the single words are grey, for they are thrown "
            "away. Only the h and c with which each reading ends are kept, 64 numbers each; they "
            "are joined to one pair h, c of 128 numbers each. A thick arrow takes this pair "
            "through the only gap in a wall; nothing else passes. "
            "Right, the writer: an LSTM of width 128 starts from the pair and reads <start>, 사, "
            "억, 칠, 백, 만. At each step a linear layer, predict, gives every one of the 17 "
            "tokens a score, its logit, and the token with the highest is written: 사 (4), 억 "
            "(10⁸), 칠 (7), 백 (10²), 만 (10⁴), <end>."
        ),
    ),
    "attention_what_happen": (
        later("What happens at the bottleneck"),
        later(
            "An encoder RNN reads the five words four hundred and seven million, one at a time, "
            "into the states h1 to h5. Only the last state, h5, passes the narrow neck to the "
            "decoder RNN, which writes 사 (4), 억 (10⁸), 칠 (7), 백 (10²), 만 (10⁴) and <end>, "
            "reading each token back as its next input. All that the decoder gets of the number is "
            "in that one vector."
        ),
    ),
    "attention_process": (
        later("One decoding step with attention"),
        later(
            "Five steps. 1: the five encoder states of four hundred and seven million are the "
            "keys and the values; the decoder state, after writing 사 억 (4, 10⁸), is the query. "
            "2: the dot product of the query with each state gives the scores 0, 1, −1, 3, 2. 3: "
            "softmax turns them into the weights 0.03, 0.09, 0.01, 0.64, 0.23, which sum to 1; the "
            "word seven has the most. 4: the states, each times its weight, add up to the "
            "attention output (0.80, 0.83). 5: joined with the decoder state, it predicts the next "
            "token, 칠 (7)."
        ),
    ),
    "attention_table": (
        later("The attention table"),
        later(
            "A table of attention weights. Columns are the words read, four hundred and seven "
            "million; rows are the syllables written, 사 (4), 억 (10⁸), 칠 (7), 백 (10²), 만 "
            "(10⁴). Every row sums to 1. The row of 칠 has 0.64 at seven, and 사 has 0.83 at four. "
            "Outlined are the words that say each token: four and hundred for 사, seven for 칠 and "
            "백; no word says 억 or 만."
        ),
    ),
    "gradient_paths": (
        later("Two paths from the last token back to the first word"),
        later(
            "A translator at work, and two paths by which the error of the last token reaches the "
            "state of the first word: back through every step of writing and reading, or through "
            "attention in one step. Left, the encoder: the words seven, million, …, two, each "
            "with its hidden state, h1, h2, …, hS, joined from left to right. Right, the decoder: "
            "it starts from hS, and its states for the tokens 1 to T are joined in the same way. "
            "At the top right a box, the loss of the last token. The long path leads from there "
            "down to the last state of the decoder, back through each of its states to hS, and "
            "back through each state of the encoder to h1. The short path leads to the context of "
            "the last token and from there straight to h1."
        ),
    ),
    "rnn_limit": (
        later("Two limits of a recurrent network"),
        later(
            "The sentence The keys to the old shed are, twice. Left, a recurrent network: its "
            "seven states are numbered 1 to 7, the round in which each can be computed, and what "
            "was read at keys is passed on five times before it reaches are. Right, "
            "self-attention: all states are numbered 1, for all can be computed in the first "
            "round, and one arrow leads from keys to are."
        ),
    ),
    "position_places": (
        later("Three places where a position can come in"),
        later(
            "Attention three times, from word to query, key and value, to score and weight; each "
            "time another step is marked. Left, noise, sinusoidal and learned positions: a code "
            "is added to the word, so that query, key and value all carry it. Middle, relative "
            "positions: a number for the distance is added to the score. Right, rotary positions: "
            "query and key are rotated before they meet; the value is not."
        ),
    ),
    "self_attention_compute": (
        later("Self-attention, computed"),
        later(
            "Self-attention for the words Stanford, CS, and, learned, in four steps. 1: from each "
            "word come a query, a key and a value, three different pairs of numbers. 2: the query "
            "of learned, (1, 3), meets every key by a dot product, which gives the scores 1, 3, "
            "0, 0. 3: softmax turns them into the weights 0.11, 0.81, 0.04, 0.04. 4: the values, "
            "each times its weight, add up to the new vector of learned, (0.37, 2.47), mostly the "
            "value of CS."
        ),
    ),
    "sample_attention": (
        later("What does learned look at?"),
        later(
            "The sentence I went to Stanford CS 224n and learned, with a question mark after it. "
            "Arcs of different thickness lead from learned to every word before it; the thickest "
            "by far goes to CS, which is highlighted, with a weight of 0.82. Stanford has 0.07, "
            "224n 0.04, every other word 0.02 or less. The weights are made up for this picture "
            "and sum to 1."
        ),
    ),
    "self_attention_ff": (
        later("Self-attention and feed-forward take turns"),
        later(
            "The words The old shed leaks pass upwards through two layers. In each, "
            "self-attention joins every word to every word, and averages; then a "
            "feed-forward box of its own works on each word. One box is enlarged: a linear map "
            "widens the word's vector from 4 numbers to 12, an activation, ReLU or GELU, is "
            "applied to each number, and a second linear map narrows them to 4 again. All words "
            "share the same weights."
        ),
    ),
    "self_attention_masking": (
        later("Masking: two ways to hide the future"),
        later(
            "Three grids for the words do, not, look, ahead; queries are rows, keys are columns. "
            "Left, the slow way: in step 1 the list of scores holds one key, in step 2 two, in "
            "step 3 three, in step 4 four, a staircase. Right, the parallel way: a full square of "
            "scores, in which all above the diagonal is −∞. An arrow marked softmax leads from "
            "each to the same weights in the middle: a triangle whose rows sum to 1, and 0 above "
            "the diagonal."
        ),
    ),
    "self_attention_process": (
        later("The whole process of self-attention"),
        later(
            "From the bottom up. The tokens The, keys, to, the are read; each becomes an "
            "embedding plus its position (notebooks 01 and 06). Then a block: masked "
            "self-attention, where each position looks at itself and at those before it, never "
            "ahead (05, 08), and feed-forward, where each works alone (07). The block is "
            "repeated: its output is the next block's input. At the top, at every position, stand "
            "the probabilities of the next token; the likeliest are keys, to, the, old."
        ),
    ),
    "many_heads": (
        later("Many heads, side by side"),
        later(
            "Several attentions run side by side, each on its own part of the columns; then what "
            "they bring is joined and mixed. Left, the vectors x of three words, 12 columns wide. "
            "Three matrices turn them into Q, K and V, each 12 columns wide too, and two vertical "
            "cuts through all three make three parts of 4 columns, one for each of the heads 1, 2 "
            "and 3. Middle, one row for each head: its Q and K give its own small map of weights, "
            "and the map times its V gives its context, 4 columns wide. The maps differ: head 1 "
            "attends to the word before, head 2 to the word itself, head 3 to the last word. "
            "Right, the "
            "three contexts stand side by side in one table of 12 columns, and the matrix W_O "
            "mixes these columns to the output, 12 columns wide like x."
        ),
    ),
    "banner": (
        later("Without and with attention"),
        later(
            "Left, without attention: the words four hundred and seven million squeeze through "
            "one narrow vector, from which all of 사 억 칠 백 만 (4, 10⁸, 7, 10², 10⁴) is written. "
            "Right, with attention: the step that writes 칠 (7) looks back at the state of every "
            "word, by arrows of different thickness; the thickest goes to seven."
        ),
    ),
}


# --- files ----------------------------------------------------------------------------------


@contextmanager
def told_in(edition):
    """Let `say` speak the language of an edition for a while."""
    before = os.environ.get("COURSE_EDITION")
    os.environ["COURSE_EDITION"] = edition
    try:
        yield
    finally:
        os.environ.pop("COURSE_EDITION")
        if before is not None:
            os.environ["COURSE_EDITION"] = before


def edition_told():
    """Return the edition in whose language `say` speaks."""
    return os.environ.get("COURSE_EDITION", "en")


def texts(name, edition="en"):
    """Return a diagram's title and alt text; ValueError if there is no such diagram."""
    _check(name)
    with told_in(edition):
        return tuple(map(say, TEXTS[name]))


def svg(name, edition="en"):
    """Return a diagram as the text of an SVG file; ValueError if there is no such diagram."""
    title, description = texts(name, edition)
    with told_in(edition):
        width, height, parts = DIAGRAMS[name]()
    names = f"{name}-title {name}-desc"
    content = [
        tag("title", escape(title), id=f"{name}-title"),
        tag("desc", escape(description), id=f"{name}-desc"),
        tag("rect", width=width, height=height, rx=18, fill="#FFFFFF"),
        *parts,
    ]
    head = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height}"}
    size = {"width": SHOWN, "height": round(height * SHOWN / width)}
    said = {"role": "img", "aria_labelledby": names, "lang": None if edition == "en" else edition}
    body = "\n".join(["", *content, ""])
    return tag("svg", body, **head, **size, **said, font_family=FONT) + "\n"


def stored(name, edition="en"):
    """Return the file of a diagram in an edition."""
    return IMAGES / FOLDERS[edition] / f"{name}.svg"


def draw(name, edition="en"):
    """Write one diagram to its file."""
    path, text = stored(name, edition), svg(name, edition)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _check(name):
    if name not in DIAGRAMS:
        raise ValueError(f"there is no diagram {name!r}; choose from: {', '.join(DIAGRAMS)}")


def main(names):
    """Draw the named diagrams, or all, in both editions."""
    try:
        for name in names or DIAGRAMS:
            for edition in FOLDERS:
                print(draw(name, edition).relative_to(IMAGES).as_posix())
    except ValueError as error:
        sys.exit(f"draw.py: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
