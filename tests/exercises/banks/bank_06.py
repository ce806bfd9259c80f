"""Wrong answers to the exercises of notebook 06, position."""

from tests.exercises.banks import Wrong

NOT_A_NUMBER = "There is NaN"
SHAPE = "The shape should be"
IN_PLACE = "changed its inputs in place"


def add(label, hint, body):
    """Return a wrong answer to the first exercise: the body of its function."""
    return _wrong(label, hint, "def add_positions(words, codes):", body)


def clocks(label, hint, body):
    """Return a wrong answer to the second exercise."""
    return _wrong(label, hint, "def clocks(length, d_model):", body)


def turn(label, hint, body):
    """Return a wrong answer to the third exercise."""
    return _wrong(label, hint, "def turn_pairs(x, speed):", body)


def _wrong(label, hint, head, body):
    lines = [line.strip("|") for line in body.strip("\n").splitlines()]
    return Wrong(label, hint, "\n".join([head, *(f"    {line}" for line in lines)]))


ANGLES = "angles = torch.arange(length)[:, None] / 10000 ** (torch.arange(0, d_model, 2) / d_model)"
FILL = """codes = torch.zeros(length, d_model)
codes[:, 0::2], codes[:, 1::2] = angles.sin(), angles.cos()
return codes"""
TURNED = """a, b = x[..., 0], x[..., 1]
return torch.stack([a * t.cos() - b * t.sin(), a * t.sin() + b * t.cos()], dim=-1)"""
STEPS = "t = torch.arange(x.shape[1]) * speed"

BANK = {
    "exercise-add": [
        add("returns None: no return", "ends with `return`", "words + codes[: words.shape[1]]"),
        add("raises: the whole table", "The table has more rows", "return words + codes"),
        add(
            "raises: as many rows as sentences",
            "The table has more rows",
            "return words + codes[: len(words)]",
        ),
        add(
            "raises: cut along the width, a table of its own",
            "RuntimeError",
            "return words + codes[:, : words.shape[1]]",
        ),
        add(
            "wrong shape: one axis too many",
            SHAPE,
            "return words[:, None] + codes[: words.shape[1]]",
        ),
        add(
            "wrong shape: side by side",
            "You put the codes beside the words",
            "some = codes[: words.shape[1]].expand(len(words), -1, -1)\n"
            "return torch.cat([words, some], dim=-1)",
        ),
        add("wrong shape: the codes alone", SHAPE, "return codes[: words.shape[1]]"),
        add(
            "wrong type: a list",
            "`torch.stack` makes one tensor",
            "return [sentence + codes[: words.shape[1]] for sentence in words]",
        ),
        add(
            "NaN: logarithms to multiply by adding",
            NOT_A_NUMBER,
            "return words + (codes[: words.shape[1]].log()).exp()",
        ),
        add(
            "in place: += on the caller's words",
            IN_PLACE,
            "words += codes[: words.shape[1]]\nreturn words",
        ),
        add(
            "along the batch",
            "You added the codes along the batch",
            "return words + codes[: words.shape[0]].unsqueeze(1)",
        ),
        add(
            "position 0 for all", "All words got the code of position 0", "return words + codes[0]"
        ),
        add(
            "one row by index",
            "an index takes one",
            "return words + codes[words.shape[1]]",
        ),
        add("off by one", "Off by one", "return words + codes[1:][: words.shape[1]]"),
        add(
            "the last rows", "the last rows of the table", "return words + codes[-words.size(1) :]"
        ),
        add(
            "backwards",
            "The codes run backwards",
            "return words + codes[: words.shape[1]].flip(dims=[0])",
        ),
        add("multiplied", "You multiplied", "return codes[: words.shape[1]] * words"),
        add(
            "subtracted",
            "The shape is right, the numbers are not",
            "return words - codes[: words.shape[1]]",
        ),
        add(
            "added twice", "The word is in there twice", "return 2 * words + codes[: words.size(1)]"
        ),
        add("never added", "the codes were never added", "return words.clone()"),
        add(
            "the codes of the right shape",
            "That is the codes alone",
            "return torch.zeros_like(words) + codes[: words.shape[1]]",
        ),
        add(
            "the code counts twice",
            "The shape is right, the numbers are not",
            "return words + 2 * codes[: words.shape[1]]",
        ),
    ],
    "exercise-clocks": [
        clocks("returns None: no return", "ends with `return`", ANGLES + "\n" + FILL[:-12]),
        clocks("raises: pow of a list", "TypeError", "return 10000 ** [0, 2, 4]"),
        clocks(
            "raises: positions and pairs in one row",
            "RuntimeError",
            "angles = torch.arange(length) / 10000 ** (torch.arange(0, d_model, 2) / d_model)\n"
            + FILL,
        ),
        clocks(
            "wrong shape: sines only, half the columns",
            "Half the columns are missing",
            ANGLES + "\nreturn angles.sin()",
        ),
        clocks(
            "wrong shape: transposed",
            "Rows and columns changed places",
            ANGLES + "\n" + FILL.replace("return codes", "return codes.T"),
        ),
        clocks(
            "wrong shape: pairs kept apart",
            SHAPE,
            ANGLES + "\nreturn torch.stack([angles.sin(), angles.cos()], dim=-1)",
        ),
        clocks(
            "wrong type: complex numbers",
            "complex",
            ANGLES + "\nreturn torch.polar(torch.ones_like(angles), angles).repeat(1, 2)",
        ),
        clocks(
            "NaN: position by position, 0 / 0",
            NOT_A_NUMBER,
            ANGLES + "\nangles = angles * angles / angles\n" + FILL,
        ),
        clocks(
            "shifted: the column's own exponent",
            "Sine and cosine of one pair turn at different speeds",
            "i = torch.arange(d_model)\n"
            "a = torch.arange(length)[:, None] / 10000 ** (i / d_model)\n"
            "return torch.where(i % 2 == 0, a.sin(), a.cos())",
        ),
        clocks(
            "the 2 is missing",
            "The exponent is 2i/E, and yours is i/E",
            ANGLES.replace("0, d_model, 2", "d_model // 2") + "\n" + FILL,
        ),
        clocks(
            "the 2 twice",
            "The 2 is in there twice",
            ANGLES.replace("(torch.arange(0", "(2 * torch.arange(0") + "\n" + FILL,
        ),
        clocks(
            "starts at 2/E",
            "The first pair has exponent 0",
            ANGLES.replace("0, d_model, 2", "2, d_model + 1, 2") + "\n" + FILL,
        ),
        clocks(
            "multiplied",
            "the hands get faster, not slower",
            ANGLES.replace("] / 10000", "] * 10000") + "\n" + FILL,
        ),
        clocks("base 1000", "The base is 1000", ANGLES.replace("10000", "1000") + "\n" + FILL),
        clocks(
            "base 100: i/E in disguise",
            "The exponent is 2i/E",
            ANGLES.replace("10000", "100") + "\n" + FILL,
        ),
        clocks(
            "sine and cosine swapped",
            "Sine and cosine changed places",
            ANGLES
            + "\n"
            + FILL.replace("angles.sin(), angles.cos()", "angles.cos(), angles.sin()"),
        ),
        clocks(
            "positions from 1",
            "Your positions start at 1",
            ANGLES.replace("arange(length)", "arange(1, length + 1)") + "\n" + FILL,
        ),
        clocks(
            "halves",
            "All sines, then all cosines",
            ANGLES + "\nreturn torch.cat([angles.sin(), angles.cos()], dim=1)",
        ),
        clocks(
            "only sines",
            "There are only sines",
            ANGLES + "\n" + FILL.replace("cos()", "sin()"),
        ),
        clocks(
            "no sines at all",
            "These are the angles themselves",
            ANGLES + "\n" + FILL.replace("angles.sin(), angles.cos()", "angles, angles"),
        ),
        clocks(
            "in degrees",
            "The shape is right, the numbers are not",
            ANGLES + "\nangles = torch.deg2rad(angles)\n" + FILL,
        ),
    ],
    "exercise-rotate": [
        turn("returns None: no return", "ends with `return`", STEPS + "\nx[..., 0] * t.cos()"),
        turn(
            "raises: a number has no sine",
            "has no attribute",
            "t = 1 * speed\n" + TURNED,
        ),
        turn(
            "raises: the width counted, not the positions",
            "RuntimeError",
            "t = torch.arange(x.shape[-1]) * speed\n" + TURNED,
        ),
        turn(
            "raises: an angle for each number",
            "RuntimeError",
            STEPS + "\nreturn x * t.cos() - x.flip(-1) * t.sin()",
        ),
        turn(
            "wrong shape: the pair is the first axis",
            "The pair is the first axis now",
            STEPS + "\n" + TURNED.replace("dim=-1", "dim=0"),
        ),
        turn(
            "wrong shape: all in one row",
            "All first numbers, then all second ones",
            STEPS + "\n" + TURNED.replace("torch.stack", "torch.cat"),
        ),
        turn(
            "wrong shape: the first number only",
            SHAPE,
            STEPS + "\nreturn x[..., 0] * t.cos() - x[..., 1] * t.sin()",
        ),
        turn(
            "wrong type: two tensors",
            "Return a tensor",
            STEPS + "\n" + TURNED.replace("torch.stack([", "").replace("], dim=-1)", ""),
        ),
        turn(
            "NaN: the angle from the tangent",
            NOT_A_NUMBER,
            STEPS + "\nt = (t.sin() / t * t).asin()\n" + TURNED,
        ),
        turn(
            "in place: x is turned where it lies",
            IN_PLACE,
            STEPS + "\na, b = x[..., 0].clone(), x[..., 1].clone()\n"
            "x[..., 0] = a * t.cos() - b * t.sin()\n"
            "x[..., 1] = a * t.sin() + b * t.cos()\nreturn x",
        ),
        turn(
            "clockwise",
            "You turned clockwise",
            STEPS.replace("* speed", "* -speed") + "\n" + TURNED,
        ),
        turn("two plus", "Both sines have a plus", STEPS + "\n" + TURNED.replace(" - ", " + ")),
        turn(
            "two minus",
            "Both sines have a minus",
            STEPS + "\n" + TURNED.replace("sin() + b", "sin() * -1 + b"),
        ),
        turn(
            "the same angle for all",
            "All positions turned by the same angle",
            "t = torch.tensor(speed)\n" + TURNED,
        ),
        turn(
            "off by one",
            "Off by one: position 0",
            STEPS.replace("arange(x.shape[1])", "arange(1, x.shape[1] + 1)") + "\n" + TURNED,
        ),
        turn(
            "by the place in the batch",
            "by its place in the batch",
            "t = torch.arange(len(x))[:, None] * speed\n" + TURNED,
        ),
        turn("no speed", "The speed is not used", "t = torch.arange(x.shape[1])\n" + TURNED),
        turn("divided", "You divided by the speed", STEPS.replace("*", "/") + "\n" + TURNED),
        turn(
            "degrees",
            "The angle is in radians already",
            STEPS + " * 3.14159265 / 180\n" + TURNED,
        ),
        turn(
            "a code is added",
            "You added the hand of a clock",
            STEPS + "\nreturn x + torch.stack([t.cos(), t.sin()], dim=-1)",
        ),
        turn(
            "the second number from the turned first",
            "after it had been turned",
            STEPS + "\na = x[..., 0] * t.cos() - x[..., 1] * t.sin()\n"
            "b = a * t.sin() + x[..., 1] * t.cos()\nreturn torch.stack([a, b], dim=-1)",
        ),
        turn(
            "the two numbers swapped",
            "changed places",
            STEPS
            + "\n"
            + TURNED.replace("a, b =", "b, a =").replace(
                "x[..., 0], x[..., 1]", "x[..., 1], x[..., 0]"
            )
            + ".flip(-1)",
        ),
        turn(
            "the speed squared",
            "The shape is right, the numbers are not",
            STEPS + " * speed\n" + TURNED,
        ),
    ],
}

EXEMPT = {"exercise-clocks": {"in place": "the inputs are two numbers"}}
