"""Every diagram, in both languages: drawn by the script, described, legible and small."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from math import inf

import pytest
from fontTools.misc.transform import Transform
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path import parse_path
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from images import draw

SVG = "{http://www.w3.org/2000/svg}"
NAMES = sorted(draw.DIAGRAMS)
EVERY = pytest.mark.parametrize(
    ("name", "edition"), [(name, edition) for edition in ("en", "ko") for name in NAMES]
)
LATIN = re.compile("[A-Za-z]+")
# what stays in Latin letters in Korean: words and tokens of the data, names, and signs of formulas
DATA = """
    four hundred and seven million start end, The keys to the old shed are leaks,
    I went to Stanford CS n and learned, do not look ahead, RNN RoPE ReLU GELU, h hS t exp,
    twenty six thousand ninety two, LSTM predict c B S T V, x E H D Q K W O WQ WK WV WO
"""
DEJAVU = {
    None: FontProperties(family="DejaVu Sans"),
    "bold": FontProperties(family="DejaVu Sans", weight="bold"),
}


def root(name, edition="en"):
    """Parse a diagram's file."""
    return ET.fromstring(draw.stored(name, edition).read_text(encoding="utf-8"))


@EVERY
def test_the_file_is_what_the_script_draws(name, edition):
    """Nobody edits an SVG by hand, and drawing it again changes nothing."""
    stored = draw.stored(name, edition).read_bytes()
    assert stored == draw.svg(name, edition).encode("utf-8")


def test_another_process_draws_the_same():
    """No hash seed gets into the files; and the palette is read without matplotlib."""
    code = "import sys; from images import draw; assert 'matplotlib' not in sys.modules; "
    code += "print(''.join(draw.svg(n, e) for e in draw.FOLDERS for n in draw.DIAGRAMS), end='')"
    wanted = "".join(draw.svg(n, e) for e in draw.FOLDERS for n in draw.DIAGRAMS)
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code],
            cwd=draw.IMAGES.parent,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        assert run.stdout.decode("utf-8").replace("\r\n", "\n") == wanted


def test_every_svg_has_its_function_and_its_texts():
    """No orphan in either folder, and an alt text for each."""
    assert sorted(draw.TEXTS) == NAMES
    for folder in (draw.IMAGES, draw.IMAGES / "ko"):
        assert sorted(path.stem for path in folder.glob("*.svg")) == NAMES


@EVERY
def test_title_description_and_view_box(name, edition):
    """Screen readers are told what the picture says, and it scales."""
    picture = root(name, edition)
    title, description = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert (title.text, description.text) == draw.texts(name, edition)
    assert len(description.text) > 100
    assert picture.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
    left, top, width, height = map(float, picture.get("viewBox").split())
    shown = float(picture.get("width")), float(picture.get("height"))
    assert (left, top) == (0, 0) and shown[0] == draw.SHOWN  # fits the column of a notebook
    assert abs(shown[0] / shown[1] - width / height) < 0.01


@EVERY
def test_type_is_legible_when_projected(name, edition):
    """Fitted to the projector, no text is smaller than the limit."""
    picture = root(name, edition)
    _, _, width, height = map(float, picture.get("viewBox").split())
    scale = min(draw.SCREEN[0] / width, draw.SCREEN[1] / height)
    sizes = [float(part.get("font-size")) for part in picture.iter() if part.get("font-size")]
    for part in filter(is_text, picture.iter(f"{SVG}g")):
        sizes += [1000 * placed(part).transform(placed(path)).xx for path in part]
    assert all(text.get("font-size") for text in picture.iter(f"{SVG}text"))
    assert scale * min(sizes) >= draw.MIN_TYPE


def placed(part):
    """Return an element's transform."""
    matrix = Transform()
    for kind, numbers in re.findall(r"(\w+)\(([^)]*)\)", part.get("transform", "")):
        matrix = getattr(matrix, kind)(*map(float, numbers.split()))
    return matrix


def ink(part):
    """Return the box that the outlines of a label fill."""
    box = inf, inf, -inf, -inf
    for path in part:
        pen = BoundsPen(None)
        parse_path(path.get("d"), TransformPen(pen, placed(part).transform(placed(path))))
        box = (*map(min, box[:2], pen.bounds[:2]), *map(max, box[2:], pen.bounds[2:]))
    return box


def parts(name, edition):
    """Return a diagram's texts and filled shapes in the order of drawing: (element, box).

    Texts are as wide as DejaVu Sans sets them, which is wider than Arial and Helvetica: where they
    fit, they fit with the fonts of every machine. Outlined texts are as wide as they are drawn.
    """
    found = []
    for part in root(name, edition).iter():
        kind, of = part.tag.removeprefix(SVG), lambda key, part=part: float(part.get(key, 0))
        if kind == "rect" and (of("x") or of("y")):
            found.append((part, (of("x"), of("y"), of("x") + of("width"), of("y") + of("height"))))
        if kind == "circle":
            x, y, r = of("cx"), of("cy"), of("r")
            found.append((part, (x - r, y - r, x + r, y + r)))
        if kind == "text":
            size, text = of("font-size"), "".join(part.itertext())
            wide = TextPath((0, 0), text, size=size, prop=DEJAVU[part.get("font-weight")])
            width = wide.get_extents().width
            left = of("x") - {"start": 0, "middle": 0.5, "end": 1}[part.get("text-anchor")] * width
            found.append((part, (left, of("y") - 0.73 * size, left + width, of("y"))))
        if kind == "g" and is_text(part):
            found.append((part, ink(part)))
    return found


def words(part):
    """Return what a text says, set or outlined."""
    return part.get("data-words", "".join(part.itertext()))


def is_text(part):
    """Tell whether an element is a label; a token in Hangul, which is data, is none."""
    return part.tag == f"{SVG}text" or "data-words" in part.attrib


def apart(one, other):
    """Tell whether two boxes share no more than a pixel."""
    return (
        min(one[2], other[2]) - max(one[0], other[0]) < 1
        or min(one[3], other[3]) - max(one[1], other[1]) < 1
    )


def within(inner, outer):
    """Tell whether one box lies in another, but for a pixel."""
    low = inner[0] > outer[0] - 1 and inner[1] > outer[1] - 1
    return low and inner[2] < outer[2] + 1 and inner[3] < outer[3] + 1


@pytest.mark.slow
@EVERY
def test_texts_have_room_in_a_wide_font(name, edition):
    """No text runs out of the picture, into another one, or over the edge of a shape."""
    _, _, width, height = map(float, root(name, edition).get("viewBox").split())
    shapes = parts(name, edition)
    for place, (part, at) in enumerate(shapes):
        if not is_text(part):
            continue
        text = words(part)
        assert within(at, (0, 0, width, height)), f"{text!r} is cut off: {at}"
        for other, there in shapes[:place] + [s for s in shapes[place:] if not is_text(s[0])]:
            inside = not is_text(other) and within(at, there)
            what = words(other) or other.attrib
            assert inside or apart(at, there), f"{text!r} runs into {what!r}"


@pytest.mark.slow
@EVERY
def test_words_and_strokes_stand_out(name, edition):
    """Words have the contrast of WCAG AA, 4.5, on what they stand on; coloured strokes 3."""
    shapes, faint = parts(name, edition), {draw.FAINT, "none", None}
    for place, (part, (left, top, right, bottom)) in enumerate(shapes):
        if is_text(part):
            middle = (left + right) / 2, (top + bottom) / 2
            grounds = [
                other.get("fill")
                for other, at in shapes[:place]
                if not is_text(other) and within((*middle, *middle), at)
            ]
            ground = next((g for g in reversed(grounds) if g != "none"), "#FFFFFF")
            found = words(part), part.get("fill"), ground
            assert draw.contrast(part.get("fill"), ground) >= 4.5, found
    for part in root(name, edition).iter():
        color = part.get("stroke")
        assert color in faint or draw.contrast(color) >= 3, (color, part.attrib)


@EVERY
def test_nothing_comes_from_outside(name, edition):
    """No script, style sheet, picture or address: the file is all there is."""
    text = draw.stored(name, edition).read_text(encoding="utf-8")
    used = {part.tag.removeprefix(SVG) for part in root(name, edition).iter()}
    known = {"svg", "title", "desc", "g", "path", "rect", "circle", "polygon", "text", "tspan"}
    assert used <= known
    assert text.count("://") == 1 and "href" not in text and "url(" not in text


@EVERY
def test_hangul_is_outlined_and_small(name, edition):
    """Hangul shows without a Korean font, is named in the description, and costs little."""
    assert draw.stored(name, edition).stat().st_size <= 60_000
    assert not any(map(draw.is_korean, map(words, root(name, edition).iter(f"{SVG}text"))))


@pytest.mark.parametrize("name", NAMES)
def test_all_that_a_korean_diagram_says_is_korean(name):
    """In the picture, its title and its description no English is left but data and names."""
    picture = root(name, "ko")
    title, description = draw.texts(name, "ko")
    assert picture.get("lang") == "ko" and root(name).get("lang") is None
    assert draw.is_korean(title) and description.endswith("니다.")
    for text in (title, description, *map(words, filter(is_text, picture.iter()))):
        assert set(LATIN.findall(text)) <= set(LATIN.findall(DATA)), text


def test_the_numbers_drawn_belong_together():
    """In attention_process, what is printed is what one gets by hand from what is printed."""
    scores, weights, output = draw.attend(draw.DECODER_STATE, draw.STATES)
    printed = [round(weight, 2) for weight in weights]
    assert sum(printed) == pytest.approx(1, abs=1e-9)
    for axis, value in enumerate(output):
        by_hand = sum(w * state[axis] for w, state in zip(printed, draw.STATES, strict=True))
        assert f"{by_hand:.2f}" == f"{value:.2f}"
    for edition in draw.FOLDERS:
        _, alt = draw.texts("attention_process", edition)
        assert ", ".join(map(draw.signed, scores)) in alt
        assert ", ".join(f"{weight:.2f}" for weight in weights) in alt
        assert f"({', '.join(f'{value:.2f}' for value in output)})" in alt


@pytest.mark.parametrize("before", [None, "en", "ko"])
def test_drawing_leaves_the_edition_as_it_was(monkeypatch, before):
    """What is said after drawing is said in the reader's language, as before."""
    monkeypatch.setenv("COURSE_EDITION", before or "")
    if before is None:
        monkeypatch.delenv("COURSE_EDITION")
    draw.svg("banner", "ko" if before != "ko" else "en")
    assert os.environ.get("COURSE_EDITION") == before


@pytest.mark.parametrize("ask", [draw.texts, draw.svg])
def test_an_unknown_name_is_refused_with_the_known_ones(ask):
    """The error lists what can be drawn."""
    with pytest.raises(ValueError, match="attention_what_happen, attention_process"):
        ask("atention_proces")


def test_the_command_draws_one_or_complains(tmp_path, monkeypatch, capsys):
    """`draw.py NAME` writes that diagram's two files; an unknown name ends with a message."""
    monkeypatch.setattr(draw, "IMAGES", tmp_path)
    draw.main(["banner"])
    files = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.svg")]
    assert sorted(files) == capsys.readouterr().out.split() == ["banner.svg", "ko/banner.svg"]
    with pytest.raises(SystemExit, match="no diagram 'baner'; choose from: "):
        draw.main(["baner"])
