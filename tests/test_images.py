"""Every diagram: drawn by the script, described, legible, self-contained and small."""

import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from images import draw

SVG = "{http://www.w3.org/2000/svg}"
NAMES = sorted(draw.DIAGRAMS)


def root(name):
    """Parse a diagram's file."""
    return ET.fromstring((draw.IMAGES / f"{name}.svg").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_what_the_script_draws(name):
    """Nobody edits an SVG by hand, and drawing it again changes nothing."""
    stored = (draw.IMAGES / f"{name}.svg").read_bytes()
    assert stored == draw.svg(name).encode() == draw.svg(name).encode()


def test_another_process_draws_the_same():
    """No hash seed, date or locale gets into the files."""
    code = "from images import draw; print(''.join(map(draw.svg, draw.DIAGRAMS)), end='')"
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code],
            cwd=draw.IMAGES.parent,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        assert run.stdout.decode().replace("\r\n", "\n") == "".join(map(draw.svg, draw.DIAGRAMS))


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


@pytest.mark.parametrize("name", NAMES)
def test_nothing_comes_from_outside(name):
    """No script, style sheet, picture or address: the file is all there is."""
    text = (draw.IMAGES / f"{name}.svg").read_text(encoding="utf-8")
    used = {part.tag.removeprefix(SVG) for part in root(name).iter()}
    assert used <= {
        "svg",
        "title",
        "desc",
        "g",
        "path",
        "rect",
        "circle",
        "polygon",
        "text",
        "tspan",
    }
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
    told = draw.alt("attention_process")
    assert ", ".join(map(draw.signed, scores)) in told
    assert ", ".join(f"{weight:.2f}" for weight in weights) in told
    assert f"({', '.join(f'{value:.2f}' for value in output)})" in told


@pytest.mark.parametrize("ask", [draw.alt, draw.svg])
def test_an_unknown_name_is_told_the_known_ones(ask):
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
