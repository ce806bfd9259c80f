"""Draw every diagram of the course: plain SVG, the same bytes each time.

    python images/draw.py          draws all of them
    python images/draw.py NAME     draws one

To add a picture: write a function that returns `Drawing(width, height, parts)`, list it in
DIAGRAMS, and give it a title and an alt text in TEXTS. Coordinates are pixels of the viewBox, y
downwards; every shape is placed by its centre unless it says otherwise. Latin text stays text;
Hangul becomes outlines, because many machines have no Korean font.
"""

import math
import sys
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

IMAGES = Path(__file__).resolve().parent
FONTS = IMAGES.parent / "helpers" / "fonts"

# Okabe and Ito's colour-blind safe colours; one meaning each, in the whole course
COLORS = {
    "query": "#D55E00",
    "key": "#0072B2",
    "value": "#009E73",
    "with attention": "#0072B2",
    "without attention": "#E69F00",
    "ink": "#333333",
    "muted": "#6E6E6E",
    "faint": "#E8E8E8",
}
INK, MUTED, FAINT = COLORS["ink"], COLORS["muted"], COLORS["faint"]
QUERY, KEY, VALUE = COLORS["query"], COLORS["key"], COLORS["value"]
WITH, WITHOUT = COLORS["with attention"], COLORS["without attention"]

POSITION = "#CC79A7"  # where a word stands

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


def tint(color, share):
    """Mix `share` of the colour into white."""
    parts = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 + share * (part - 255)):02X}" for part in parts)


def label(x, y, text, size=24, *, color=INK, bold=False, anchor="middle"):
    """Write Latin text centred on the height y; `h_1` lowers and `10^8` raises one character."""
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
    return tag("text", spans, **place, fill=color, text_anchor=anchor, font_weight=weight)


@cache
def outlines(weight):
    """Return the Hangul font's glyphs and its character map."""
    font = TTFont(FONTS / f"CourseHangul-{weight}.otf")
    return font.getGlyphSet(), font.getBestCmap()


def hangul(x, y, text, size=40, *, color=INK, bold=True):
    """Draw Korean text, centred, as outlines."""
    glyphs, names = outlines("Bold" if bold else "Regular")
    pen_x, paths = 0, ""
    for character in text:
        if ord(character) not in names:
            raise ValueError(
                f"no {character!r} in the font: add it to tools/subset_font.py, run it"
            )
        glyph = glyphs[names[ord(character)]]
        pen = SVGPathPen(glyphs, ntos=lambda value: str(round(value)))
        glyph.draw(pen)
        shift = f"translate({pen_x} 0)" if pen_x else None
        paths += tag("path", d=pen.getCommands(), transform=shift)
        pen_x += round(glyph.width)
    scale = size / 1000  # units per em
    place = f"translate({number(x - scale * pen_x / 2)} {number(y + 0.38 * size)})"
    flip = f"scale({scale:.4f} {-scale:.4f})"
    return tag("g", paths, fill=color, aria_hidden="true", transform=f"{place} {flip}")


def token(x, y, text, size=26, *, gloss=None, bold=True, color=INK):
    """Write a word of the source or a syllable of the target, its gloss below."""
    korean = any("가" <= character <= "힣" for character in text)
    drawn = (hangul if korean else label)(x, y, text, size, bold=bold, color=color)
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
    look = {"stroke": color, "stroke_width": width, "stroke_dasharray": dash}
    return tag("path", d=path, fill="none", **look)


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


def two_lines(x, y, first, second, *, size=24, anchor="middle"):
    """Write a bold line above a plain one, the pair centred on y."""
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
        label(241, 132, "the decoder never sees these", 24),
        two_lines(neck, 525, "the last hidden state:", "all that gets through", size=28),
        two_lines(56, 525, "Encoder RNN", "reads the number in English", anchor="start"),
        two_lines(1224, 525, "Decoder RNN", "writes the number in Korean", anchor="end"),
    ]
    return Drawing(1280, 585, parts)


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
        label(context, softmax_y, "softmax", 24),
        label(892, score_y, "scores", 24, anchor="start"),
        label(892, weight_y, "weights", 24, anchor="start", color=WITH, bold=True),
        label(892, weight_y + 30, "sum 1.00", 24, anchor="start", color=WITH),
        label(query - 30, 42, "written:", 24, anchor="end"),
        arrow((query, 59), (query, state_y - 21)),
        cells(query, state_y, asked, QUERY, width=46, height=40),
        cells(context, output_y, output, VALUE, width=66, height=44),
        arrow((context + 67, output_y), (query - 121, output_y), color=VALUE),
        cells(query - 60, output_y, output, VALUE, width=60, height=44),
        cells(query + 60, output_y, asked, QUERY, width=60, height=44),
        label((context + query - 54) / 2, output_y + 26, "attention output", 24),
        arrow((query + 122, output_y), (1190, output_y)),
        token(1222, output_y - 4, "칠", 48, gloss="7"),
        two_lines(query + 64, state_y, "The query:", "decoder step t", anchor="start"),
    ]
    for x, (syllable, gloss) in zip((query, query + 70), TARGET[:2], strict=True):
        parts += [token(x, 41, syllable, 30), label(x + 19, 42, gloss, 26, anchor="start")]
    steps = [
        (50, state_y, "Encoder states", "are the values"),
        (50, 192, "Dot products", "with the query"),
        (50, weight_y, "Softmax turns", "scores to weights"),
        (50, 505, "Weighted sum", "of the values"),
        (query - 100, 628, "Join them, predict", "the next token"),
    ]
    for step, (x, y, first, second) in enumerate(steps, start=1):
        parts += [badge(x, y, str(step)), two_lines(x + 32, y, first, second, anchor="start")]
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
        label((left + right) / 2, 46, "keys: the words read", 26, color=KEY),
        arrow((128, top + 6), (128, bottom - 6), color=QUERY),
        label(30, 78, "queries: the", 26, anchor="start", color=QUERY),
        label(30, 110, "tokens written", 26, anchor="start", color=QUERY),
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
            color = "#FFFFFF" if weight > 0.75 else INK
            parts += [
                box(x, y, wide - 4, high - 4, fill=tint(WITH, weight), stroke=FAINT, radius=2),
                label(x, y, f"{weight:.2f}", 26, color=color, bold=weight > 0.5),
            ]
    gold = {"fill": "none", "stroke": QUERY, "edge": 5, "radius": 4}
    for y, said in zip(rows, SAID_BY, strict=True):
        parts += [box(columns[place], y, wide - 9, high - 9, **gold) for place in said]
    note, seven = right + 44, columns[3]
    parts += [
        box(note + 20, rows[0], 40, 36, **gold),
        two_lines(note + 58, rows[0], "outlined: gold,", "the words that say it", anchor="start"),
        line((right + 8, rows[1]), (note - 12, rows[1]), width=2, color=MUTED),
        two_lines(note, rows[1], "no outline:", "no single word says 10^8", anchor="start"),
        line((right + 8, rows[2]), (note - 12, rows[2]), width=2, color=MUTED),
        two_lines(note, rows[2], "a row: one look back;", "its weights sum to 1", anchor="start"),
        line((seven, bottom + 8), (seven, bottom + 26), width=2, color=MUTED),
        label(seven, bottom + 46, "a column: which steps looked at seven", 26),
    ]
    return Drawing(1280, 612, parts)


AGREE = ["The", "keys", "to", "the", "old", "shed", "are"]


def rnn_limit():
    """Notebook 04: news takes a step a word in an RNN, and one step in self-attention."""
    word_y, state_y, subject, verb = 386, 184, 1, len(AGREE) - 1
    parts = [line((640, 30), (640, 574), color=FAINT, width=2)]
    for middle, color, first, second in [
        (326, WITHOUT, "Recurrent network", "one word after another"),
        (954, WITH, "Self-attention", "every word looks at every word"),
    ]:
        recurrent, places = color == WITHOUT, spread(middle, 83, len(AGREE))
        parts += [
            tag("rect", x=middle - 290, y=30, width=8, height=66, fill=color),
            label(middle - 268, 46, first, 30, bold=True, anchor="start"),
            label(middle - 268, 82, second, 26, anchor="start"),
        ]
        for place, (x, word) in enumerate(zip(places, AGREE, strict=True)):
            told = place >= subject if recurrent else place == verb
            share = 0.55 if told else 0.18
            parts += [
                token(x, word_y, word, 26, bold=place in (subject, verb)),
                box(x, state_y, 46, 76, fill=tint(color, share), stroke=color),
                label(x, state_y, str(place + 1) if recurrent else "1", 30, bold=True),
            ]
            start = x, word_y - 24
            if not recurrent:
                if place != subject:
                    faint = tint(MUTED, 0.55)
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
        far = "5 words apart: 5 steps on" if recurrent else "5 words apart: 1 step"
        told = "the number: the round in which" if recurrent else "all states can be computed"
        rest = "this state can be computed" if recurrent else "in the first round"
        parts += [
            label((a + b) / 2, y + 28, far, 28, bold=True),
            label(middle, 532, told, 24),
            label(middle, 564, rest, 24),
        ]
    return Drawing(1280, 600, parts)


def position_places():
    """Notebook 06: the three places where a position can come into attention."""
    word_y, role_y, score_y, weight_y, last_y = 146, 290, 448, 566, 648
    told = {"stroke": POSITION, "fill": tint(POSITION, 0.28), "edge": 4, "radius": 10}
    parts = [line((x, 30), (x, 672), color=FAINT, width=2) for x in (431, 849)]
    for panel, (middle, first, second) in enumerate(
        [
            (222, "Added to the word", "noise, sinusoidal, learned"),
            (640, "Added to the score", "relative"),
            (1058, "Turning query and key", "rotary"),
        ]
    ):
        query, key, value, dot = middle - 110, middle, middle + 110, middle - 55
        parts += [
            tag("rect", x=middle - 186, y=30, width=8, height=66, fill=POSITION),
            label(middle - 166, 46, first, 30, bold=True, anchor="start"),
            label(middle - 166, 82, second, 26, anchor="start"),
            cells(middle, word_y, blank(4), MUTED, width=30, height=34),
            label(middle + 84, word_y, "word", 26, anchor="start"),
        ]
        start = word_y + 18
        if panel == 0:
            parts += [
                arrow((middle, start), (middle, 184)),
                box(middle, 206, 150, 44, **told),
                label(middle, 206, "+ code", 28, bold=True),
            ]
            start = 228
        for x, color, name in ((query, QUERY, "query"), (key, KEY, "key"), (value, VALUE, "value")):
            parts += [
                arrow((middle, start), (x, role_y - 23), width=2),
                box(x, role_y, 96, 44, fill=tint(color, 0.16), stroke=color),
                label(x, role_y, name, 26, color=color, bold=True),
            ]
            if panel == 2 and x != value:
                parts += [
                    arrow((x, role_y + 23), (x, 344)),
                    box(x, 366, 96, 46, **told),
                    label(x, 366, "turn", 28, bold=True),
                    arrow((x, 389), (dot + (14 if x > dot else -14), score_y - 25)),
                ]
            elif x != value:
                end = dot + (14 if x > dot else -14), score_y - 25
                parts.append(arrow((x, role_y + 23), end))
        parts += [
            box(dot, score_y, 112, 46),
            label(dot, score_y, "score", 26),
            arrow((dot, score_y + 24), (dot, weight_y - 24)),
            box(dot, weight_y, 112, 46, stroke=WITH, fill=tint(WITH, 0.1)),
            label(dot, weight_y, "weight", 26, color=WITH, bold=True),
            arrow((dot, weight_y + 23), (middle + 10, last_y - 20)),
            arrow((value, role_y + 23), (value, weight_y), (middle + 66, last_y - 20), radius=30),
            box(middle + 36, last_y, 128, 38),
            label(middle + 36, last_y, "output", 26),
        ]
        if panel == 1:
            parts += [
                box(dot, 508, 150, 38, **told),
                label(dot, 508, "+ distance", 26, bold=True),
            ]
    return Drawing(1280, 692, parts)


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
        (34, WITHOUT, "Without attention", "one vector has to carry it all"),
        (634, WITH, "With attention", "each step looks back at every word"),
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
    "attention_what_happen": attention_what_happen,
    "attention_process": attention_process,
    "attention_table": attention_table,
    "rnn_limit": rnn_limit,
    "position_places": position_places,
    "banner": banner,
}

TEXTS = {  # name: (title, alt text)
    "attention_what_happen": (
        "What happens at the bottleneck",
        "An encoder RNN reads the five words four hundred and seven million, one at a time, into "
        "the states h1 to h5. Only the last state, h5, passes the narrow neck to the decoder RNN, "
        "which writes 사 (4), 억 (10⁸), 칠 (7), 백 (10²), 만 (10⁴) and <end>, reading each token "
        "back as its next input. Whatever does not fit into that one vector is lost.",
    ),
    "attention_process": (
        "One decoding step with attention",
        "Five steps. 1: the five encoder states of four hundred and seven million are the values; "
        "the decoder state, after writing 사 억 (4, 10⁸), is the query. 2: the dot product of the "
        "query with each state gives the scores 0, 1, −1, 3, 2. 3: softmax turns them into the "
        "weights 0.03, 0.09, 0.01, 0.64, 0.23, which sum to 1; the word seven has the most. 4: the "
        "states, each times its weight, add up to the attention output (0.80, 0.83). 5: joined "
        "with the decoder state, it predicts the next token, 칠 (7).",
    ),
    "attention_table": (
        "The attention table",
        "A table of attention weights. Columns are the words read, four hundred and seven million; "
        "rows are the syllables written, 사 (4), 억 (10⁸), 칠 (7), 백 (10²), 만 (10⁴). Every row "
        "sums to 1. The row of 칠 has 0.64 at seven, and 사 has 0.83 at four. Outlined are the "
        "words that say each token: four and hundred for 사, seven for 칠 and 백; no word says 억 "
        "or 만.",
    ),
    "rnn_limit": (
        "Two limits of a recurrent network",
        "The sentence The keys to the old shed are, twice. Left, a recurrent network: its seven "
        "states are numbered 1 to 7, the round in which each can be computed, and what was read at "
        "keys is passed on five times before it reaches are. Right, self-attention: all states are "
        "numbered 1, for all can be computed in the first round, and one arrow leads from keys to "
        "are.",
    ),
    "position_places": (
        "Three places where a position can come in",
        "Attention three times, from word to query, key and value, to score and weight; each time "
        "another step is marked. Left, noise, sinusoidal and learned positions: a code is added to "
        "the word, so that query, key and value all carry it. Middle, relative positions: a number "
        "for the distance is added to the score. Right, rotary positions: query and key are turned "
        "before they meet; the value is not.",
    ),
    "banner": (
        "Without and with attention",
        "Left, without attention: the words four hundred and seven million squeeze through one "
        "narrow vector, from which all of 사 억 칠 백 만 (4, 10⁸, 7, 10², 10⁴) is written. Right, "
        "with attention: the step that writes 칠 (7) looks back at the state of every word, by "
        "arrows of different thickness; the thickest goes to seven.",
    ),
}


# --- files ----------------------------------------------------------------------------------


def alt(name):
    """Return the alt text of a diagram; ValueError if there is no such diagram."""
    _check(name)
    return TEXTS[name][1]


def svg(name):
    """Return a diagram as the text of an SVG file; ValueError if there is no such diagram."""
    _check(name)
    width, height, parts = DIAGRAMS[name]()
    title, description = TEXTS[name]
    names = f"{name}-title {name}-desc"
    content = [
        tag("title", escape(title), id=f"{name}-title"),
        tag("desc", escape(description), id=f"{name}-desc"),
        tag("rect", width=width, height=height, rx=18, fill="#FFFFFF"),
        *parts,
    ]
    head = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height}"}
    size = {"width": SHOWN, "height": round(height * SHOWN / width)}
    body = "\n".join(["", *content, ""])
    return (
        tag("svg", body, **head, **size, role="img", aria_labelledby=names, font_family=FONT) + "\n"
    )


def draw(name):
    """Write one diagram to its file."""
    path = IMAGES / f"{name}.svg"
    path.write_text(svg(name), encoding="utf-8", newline="\n")
    return path


def _check(name):
    if name not in DIAGRAMS:
        raise ValueError(f"there is no diagram {name!r}; choose from: {', '.join(DIAGRAMS)}")


def main(names):
    """Draw the named diagrams, or all."""
    try:
        for name in names or DIAGRAMS:
            print(draw(name).name)
    except ValueError as error:
        sys.exit(f"draw.py: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
