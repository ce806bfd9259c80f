"""Every diagram: drawn by the script, described, legible, self-contained and small."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from images import draw

SVG = "{http://www.w3.org/2000/svg}"
NAMES = sorted(draw.DIAGRAMS)
DEJAVU = {
    None: FontProperties(family="DejaVu Sans"),
    "bold": FontProperties(family="DejaVu Sans", weight="bold"),
}


def root(name):
    """Parse a diagram's file."""
    return ET.fromstring((draw.IMAGES / f"{name}.svg").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_what_the_script_draws(name):
    """Nobody edits an SVG by hand, and drawing it again changes nothing."""
    stored = (draw.IMAGES / f"{name}.svg").read_bytes()
    assert stored == draw.svg(name).encode("utf-8")


def test_another_process_draws_the_same():
    """No hash seed gets into the files; and the palette is read without matplotlib."""
    code = "import sys; from images import draw; assert 'matplotlib' not in sys.modules; "
    code += "print(''.join(map(draw.svg, draw.DIAGRAMS)), end='')"
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code],
            cwd=draw.IMAGES.parent,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        drawn = run.stdout.decode("utf-8").replace("\r\n", "\n")
        assert drawn == "".join(map(draw.svg, draw.DIAGRAMS))


def test_every_svg_has_its_function_and_its_texts():
    """No orphan in the folder, and an alt text for each."""
    assert sorted(path.stem for path in draw.IMAGES.glob("*.svg")) == NAMES == sorted(draw.TEXTS)


@pytest.mark.parametrize("name", NAMES)
def test_title_description_and_view_box(name):
    """Screen readers are told what the picture says, and it scales."""
    picture = root(name)
    title, description = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert [title.text, description.text] == list(draw.TEXTS[name])
    assert draw.alt(name) == description.text and len(description.text) > 100
    assert picture.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
    left, top, width, height = map(float, picture.get("viewBox").split())
    shown = float(picture.get("width")), float(picture.get("height"))
    assert (left, top) == (0, 0) and shown[0] == draw.SHOWN  # fits the column of a notebook
    assert abs(shown[0] / shown[1] - width / height) < 0.01


@pytest.mark.parametrize("name", NAMES)
def test_type_is_legible_when_projected(name):
    """Fitted to the projector, no text is smaller than the limit."""
    picture = root(name)
    _, _, width, height = map(float, picture.get("viewBox").split())
    scale = min(draw.SCREEN[0] / width, draw.SCREEN[1] / height)
    sizes = [float(part.get("font-size")) for part in picture.iter() if part.get("font-size")]
    assert all(text.get("font-size") for text in picture.iter(f"{SVG}text"))
    assert scale * min(sizes) >= draw.MIN_TYPE


def parts(name):
    """Return a diagram's texts and filled shapes in the order of drawing: (element, box).

    Texts are as wide as DejaVu Sans sets them, which is wider than Arial and Helvetica: where they
    fit, they fit with the fonts of every machine.
    """
    found = []
    for part in root(name).iter():
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
    return found


def is_text(part):
    return part.tag == f"{SVG}text"


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
@pytest.mark.parametrize("name", NAMES)
def test_texts_have_room_in_a_wide_font(name):
    """No text runs out of the picture, into another one, or over the edge of a shape."""
    _, _, width, height = map(float, root(name).get("viewBox").split())
    shapes = parts(name)
    for place, (part, at) in enumerate(shapes):
        if not is_text(part):
            continue
        text = "".join(part.itertext())
        assert within(at, (0, 0, width, height)), f"{text!r} is cut off: {at}"
        for other, there in shapes[:place] + [s for s in shapes[place:] if not is_text(s[0])]:
            inside = not is_text(other) and within(at, there)
            what = "".join(other.itertext()) or other.attrib
            assert inside or apart(at, there), f"{text!r} runs into {what!r}"


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_words_and_strokes_stand_out(name):
    """Words have the contrast of WCAG AA, 4.5, on what they stand on; coloured strokes 3."""
    shapes, faint = parts(name), {draw.FAINT, "none", None}
    for place, (part, (left, top, right, bottom)) in enumerate(shapes):
        if is_text(part):
            middle = (left + right) / 2, (top + bottom) / 2
            grounds = [
                other.get("fill")
                for other, at in shapes[:place]
                if not is_text(other) and within((*middle, *middle), at)
            ]
            ground = next((g for g in reversed(grounds) if g != "none"), "#FFFFFF")
            found = "".join(part.itertext()), part.get("fill"), ground
            assert draw.contrast(part.get("fill"), ground) >= 4.5, found
    for part in root(name).iter():
        color = part.get("stroke")
        assert color in faint or draw.contrast(color) >= 3, (color, part.attrib)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_comes_from_outside(name):
    """No script, style sheet, picture or address: the file is all there is."""
    text = (draw.IMAGES / f"{name}.svg").read_text(encoding="utf-8")
    used = {part.tag.removeprefix(SVG) for part in root(name).iter()}
    known = {"svg", "title", "desc", "g", "path", "rect", "circle", "polygon", "text", "tspan"}
    assert used <= known
    assert text.count("://") == 1 and "href" not in text and "url(" not in text


@pytest.mark.parametrize("name", NAMES)
def test_hangul_is_outlined_and_small(name):
    """Hangul shows without a Korean font, is named in the description, and costs little."""
    assert (draw.IMAGES / f"{name}.svg").stat().st_size <= 60_000
    texts = "".join("".join(text.itertext()) for text in root(name).iter(f"{SVG}text"))
    assert not any("가" <= character <= "힣" for character in texts)


def test_the_numbers_drawn_belong_together():
    """In attention_process, what is printed is what one gets by hand from what is printed."""
    scores, weights, output = draw.attend(draw.DECODER_STATE, draw.STATES)
    printed = [round(weight, 2) for weight in weights]
    assert sum(printed) == pytest.approx(1, abs=1e-9)
    for axis, value in enumerate(output):
        by_hand = sum(w * state[axis] for w, state in zip(printed, draw.STATES, strict=True))
        assert f"{by_hand:.2f}" == f"{value:.2f}"
    alt = draw.alt("attention_process")
    assert ", ".join(map(draw.signed, scores)) in alt
    assert ", ".join(f"{weight:.2f}" for weight in weights) in alt
    assert f"({', '.join(f'{value:.2f}' for value in output)})" in alt


@pytest.mark.parametrize("ask", [draw.alt, draw.svg])
def test_an_unknown_name_is_refused_with_the_known_ones(ask):
    """The error lists what can be drawn."""
    with pytest.raises(ValueError, match="attention_what_happen, attention_process"):
        ask("atention_proces")


def test_the_command_draws_one_or_complains(tmp_path, monkeypatch, capsys):
    """`draw.py NAME` writes that file alone; an unknown name ends with a message."""
    monkeypatch.setattr(draw, "IMAGES", tmp_path)
    draw.main(["banner"])
    assert [path.name for path in tmp_path.iterdir()] == ["banner.svg"]
    with pytest.raises(SystemExit, match="no diagram 'baner'; choose from: "):
        draw.main(["baner"])
