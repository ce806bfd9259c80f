"""The palette: which colour stands for what, in notebooks and in diagrams, and the contrast of two.

In here: colours as "#RRGGBB", plain Python alone, so that `images/draw.py` can read it without
matplotlib. Not in here: how a line or a bar of that colour is drawn (`style.py`).
Source of the first eight: Okabe and Ito 2008, safe for colour-blind readers.
"""

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILION, PINK, GREY = "#0072B2", "#D55E00", "#CC79A7", "#6E6E6E"
PALE_ORANGE, DARK_ORANGE = "#D9B36C", "#7A4F00"
PALE_GREEN, DARK_GREEN = "#7FCFB5", "#00523B"

# what a colour means, in every notebook, diagram and deck
COLORS = {
    "query": VERMILION,
    "key": BLUE,
    "value": GREEN,
    "with attention": BLUE,
    "without attention": ORANGE,
    "score": GREY,
    "share": BLUE,
    "weights": BLUE,
    "position": PINK,
    "activation": PINK,
    "comparison": BLACK,
    "ink": "#333333",
    "muted": GREY,
    "faint": "#E8E8E8",
}

# the colour of a series by its name; where a part is studied, blue has it and orange lacks it
SERIES = {
    # recurrent networks, what replaces them, and the models that have both
    "RNN": ORANGE,
    "GRU": PINK,
    "LSTM": GREEN,
    "self-attention": BLUE,
    "RNN + attention": BLUE,
    "Transformer": GREEN,
    "Transformer, sinusoidal": PINK,
    "width 32": PALE_ORANGE,
    "width 64": ORANGE,
    "width 128": DARK_ORANGE,
    "three seeds": ORANGE,
    "3 to 5 digits": ORANGE,
    "6 and 7 digits": ORANGE,
    "whole numbers": ORANGE,
    "3 digits": PALE_ORANGE,
    "5 digits": ORANGE,
    "7 digits": DARK_ORANGE,
    "600 steps": PALE_ORANGE,
    "1,200 steps": ORANGE,
    "4,800 steps": DARK_ORANGE,
    "without attention, 600 steps": PALE_ORANGE,
    "without attention, 4,800 steps": DARK_ORANGE,
    "with attention, 600 steps": BLUE,
    "without, forget bias 0": DARK_ORANGE,
    "without, forget bias 1": ORANGE,
    "without, forget bias 2": PALE_ORANGE,
    "without, forget bias 3": GREY,
    "with attention, forget bias 0": BLUE,
    "with attention, forget bias 3": SKY,
    "LSTM, forget bias 3": PALE_GREEN,
    # scores and alignments
    "dot": BLUE,
    "general": PINK,
    "additive": GREEN,
    "undivided": ORANGE,
    "divided by √D": BLUE,
    "attention": BLUE,
    "best of 8 heads": GREEN,
    "last block, mean": PALE_GREEN,
    "diagonal": PINK,
    "uniform": GREY,
    # positions
    "none": GREY,
    "noise": SKY,
    "sinusoidal": ORANGE,
    "learned codes": PINK,
    "relative": GREEN,
    "rotary": BLUE,
    # nonlinearity
    "short queries": SKY,
    "long queries": BLUE,
    "+ feed-forward": PINK,
    "+ residual": ORANGE,
    "+ both": BLACK,
    "off": BLACK,
    "on": PINK,
    "ReLU": PINK,
    "GELU": SKY,
    # masks
    "with mask": BLUE,
    "without mask": ORANGE,
    "the floor": GREY,
    # blocks and caches
    "plain": ORANGE,
    "residual": BLUE,
    "residual, low rate": SKY,
    "residual, high rate": BLUE,
    "residual + norm": DARK_GREEN,
    "residual + norm, low rate": GREEN,
    "residual + norm, high rate": DARK_GREEN,
    "character frequencies": GREY,
    "cache": BLUE,
    "no cache": ORANGE,
}

SPARE = (PINK, GREEN, VERMILION, SKY, BLACK)  # for series of no meaning, in this order

MARK, WORD = 3.0, 4.5  # the contrast that WCAG 2.1 AA asks of a mark, and of a word


def contrast(one: str, other: str = "#FFFFFF") -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2.1 defines it."""
    dark, bright = sorted(0.05 + _luminance(color) for color in (one, other))
    return bright / dark


def tint(color: str, share: float) -> str:
    """Return a mix of `share` of the colour, from 0 to 1, and white."""
    return _hex(round(255 + share * (part - 255)) for part in _parts(color))


def darken(color: str, minimum: float = WORD, ground: str = "#FFFFFF") -> str:
    """Return the colour, darkened until its contrast with `ground` is at least `minimum`."""
    parts = _parts(color)
    while contrast(color, ground) < minimum:
        parts = [0.98 * part for part in parts]
        color = _hex(map(round, parts))
    return color


def _parts(color):
    return [int(color[i : i + 2], 16) for i in (1, 3, 5)]


def _hex(parts):
    return "#" + "".join(f"{part:02X}" for part in parts)


def _luminance(color):
    shares = [part / 255 for part in _parts(color)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
