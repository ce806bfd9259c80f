"""Checkers for the exercises of notebook 06, position. Used by that notebook only."""

import torch

from helpers.exercises.explain import describe_type
from helpers.exercises.judge import Verdict, compare, mistake, random_tensor
from helpers.exercises.networks import Complaint, answer, judge_network, percent
from helpers.messages import later, say
from helpers.positions import sinusoidal_codes

DIGITS = 4  # kinds of digits, of which one is the most frequent
ROWS = 500  # of each length, on which the longer exercise's network is judged
SHORT, LONG = 16, 128  # digits in training, and far beyond it
AT_CHANCE = 0.5  # share of rows of SHORT up to which it may be guessing: 1 in 4
ENOUGH = {SHORT: 0.95, LONG: 0.9}  # share of rows of each length that is asked for
BATCH_AXIS = later(
    "You added the codes along the batch: each sentence got one code, and all its words the same. "
    "Words cannot be told apart then. Count positions, `words.shape[1]`, and let the code's rows "
    "meet the middle axis."
)
ALL_ROWS = later(
    "The table has more rows than the sentence has words. Take as many as there are words: "
    "`codes[: words.shape[1]]`."
)
NO_SETS = later(
    "No network was handed over yet. Train a `ThreeBack` to say which of the four digits is the "
    "most frequent in a row, and put its name in the place of None."
)
LIKE_THREE_BACK = later(
    "Given digits of shape {given}, the network should return logits of shape {wanted}, as "
    "`ThreeBack` does, where V is 4 or more. Yours returned {got}."
)
STOPS = later(
    "It names the most frequent digit in {right} of {count} rows of {short} digits, and stops in "
    "rows of {long}. Has its table of codes as many rows?"
)
GUESSES = later(
    "It names the most frequent digit in {right} of {count} rows of {short} digits, {percent}%. A "
    "guess is right in a quarter of them, so it looks untrained. If it was trained, something is "
    "in its way: try another seed, or another kind of positions."
)
LEARNING = later(
    "It names the most frequent digit in {right} of {count} rows of {short} digits, {percent}%: "
    "{needed}% are needed. It is learning, so train it on."
)
ORDERED = later(
    "It names the most frequent digit in {right} of {count} rows of {short} digits, {percent}%, "
    "and in rows of {long} in {far}%: {needed}% are needed. Its logits change if the other digits "
    "are shuffled, so they depend on where a digit stands, and no row in training was longer than "
    "{short}. Does the question depend on it?"
)
CLOSER = later(
    "It names the most frequent digit in {right} of {count} rows of {short} digits, {percent}%, "
    "and in rows of {long} in {far}%: {needed}% are needed. Shuffling the other digits changes "
    "nothing, as it should be. In long rows the shares of the four digits are closer to one "
    "another, so train it on."
)
NAMES = later(
    "It names the most frequent digit in {right} of {count} rows of {short} digits, {percent}%, "
    "and in rows of {long} in {far}%."
)
UNMOVED = later("If all digits but the last are shuffled, its logits do not change.")
MOVED = later(
    "If all digits but the last are shuffled, its logits change all the same, although the answer "
    "does not depend on the order."
)


def check_add_positions(add_positions) -> Verdict:
    """Check `add_positions(words, codes)`, which gives every position of a sentence its code.

    Shapes: words (B, T, E), codes (S, E) -> (B, T, E).
    """
    cases = [(random_tensor(2, 3, 6), random_tensor(5, 6, seed=1))]
    cases += [(random_tensor(3, 4, 7), random_tensor(6, 7, seed=1))]

    def draw(seed):
        batch, words, left, width = 1 + seed % 4, 1 + seed % 7, seed // 2 % 4, 1 + seed % 5
        if seed % 3 == 0:
            batch, words, left, width = 2, 3, 2, 6
        codes = random_tensor(words + left, width, seed=seed + 20)
        return random_tensor(batch, words, width, seed=seed), codes

    mistakes = [
        mistake(BATCH_AXIS, lambda words, codes: words + codes[: len(words), None]),
        mistake(ALL_ROWS, lambda words, codes: words + codes),
        mistake(ALL_ROWS, lambda words, codes: words + codes[: len(words)]),
        mistake(
            "All words got the code of position 0. Each position needs its own row.",
            lambda words, codes: words + codes[0],
        ),
        mistake(
            "All words got one and the same row. A slice, `codes[: words.shape[1]]`, takes the "
            "first rows; an index takes one.",
            lambda words, codes: words + codes[words.shape[1]],
        ),
        mistake(
            "Off by one: the first word stands at position 0 and gets row 0.",
            lambda words, codes: words + codes[1 : words.shape[1] + 1],
        ),
        mistake(
            "These are the last rows of the table. Every sentence starts at position 0, so take "
            "the first.",
            lambda words, codes: words + codes[-words.shape[1] :],
        ),
        mistake(
            "The codes run backwards: the first word gets row 0.",
            lambda words, codes: words + codes[: words.shape[1]].flip(0),
        ),
        mistake(
            "You multiplied. Add the code to the word.",
            lambda words, codes: words * codes[: words.shape[1]],
        ),
        mistake(
            "The word is in there twice. Add the code to it once, and nothing else.",
            lambda words, codes: words + words + codes[: words.shape[1]],
        ),
        mistake(
            "That is the codes alone: which word stands there is lost. Add the two.",
            lambda words, codes: codes[: words.shape[1]].expand_as(words),
        ),
        mistake(
            "The words came back as they were: the codes were never added.",
            lambda words, codes: words,
        ),
        mistake(
            "You put the codes beside the words. That can work, but it makes the model twice as "
            "wide. Here they are added.",
            lambda words, codes: torch.cat([words, codes[: words.shape[1]].expand_as(words)], -1),
        ),
    ]

    def oracle(words, codes):
        return words + codes[: words.shape[1]]

    right = say("One code for each position, the same in every sentence.")
    return compare(add_positions, oracle, cases, mistakes, right, draw=draw)


def check_clocks(clocks) -> Verdict:
    """Check `clocks(length, d_model)`, the sinusoidal codes (T, E) of Vaswani et al. 2017."""
    cases = [(7, 6), (5, 10)]

    def draw(seed):
        return (1, 2, 9, 40, 100)[seed % 5], 2 + 2 * (seed % 8)

    def made(exponent=lambda i, width: 2 * i / width, base=10000.0, first=torch.sin, start=0):
        def mistaken(length, d_model):
            i = torch.arange(d_model // 2)
            angles = torch.arange(start, start + length)[:, None] / base ** exponent(i, d_model)
            second = torch.cos if first is torch.sin else torch.sin
            return torch.stack([first(angles), second(angles)], dim=-1).flatten(1)

        return mistaken

    def angles_of(length, d_model):
        return torch.arange(length)[:, None] / 10000 ** (torch.arange(0, d_model, 2) / d_model)

    def shifted(length, d_model):
        i = torch.arange(d_model)
        angles = torch.arange(length)[:, None] / 10000.0 ** (i / d_model)
        return torch.where(i % 2 == 0, angles.sin(), angles.cos())

    mistakes = [
        mistake(
            "Sine and cosine of one pair turn at different speeds: column 2i + 1 has an exponent "
            "of its own. Both columns of a pair use the same 2i.",
            shifted,
        ),
        mistake(
            "The exponent is 2i/E, and yours is i/E: your last hands are far too fast.",
            made(lambda i, width: i / width),
        ),
        mistake(
            "The 2 is in there twice: `torch.arange(0, d_model, 2)` is 2i already.",
            made(lambda i, width: 4 * i / width),
        ),
        mistake(
            "The exponents start at 2/E. The first pair has exponent 0: it turns one radian a "
            "step.",
            made(lambda i, width: (2 * i + 2) / width),
        ),
        mistake(
            "You multiplied by 10000^(2i/E) instead of dividing: the hands get faster, not slower.",
            made(lambda i, width: -2 * i / width),
        ),
        mistake("The base is 1000. The paper's is 10000.", made(base=1000.0)),
        mistake(
            "Sine and cosine changed places: the even columns are the sines.",
            made(first=torch.cos),
        ),
        mistake("Your positions start at 1. The first word stands at position 0.", made(start=1)),
        mistake(
            "All sines, then all cosines. That is a fair code too, but the formula takes turns: "
            "sine in the even columns, cosine in the odd ones.",
            lambda length, d_model: torch.cat(
                [angles_of(length, d_model).sin(), angles_of(length, d_model).cos()], dim=1
            ),
        ),
        mistake(
            "There are only sines. The odd columns are cosines.",
            lambda length, d_model: angles_of(length, d_model).repeat_interleave(2, dim=1).sin(),
        ),
        mistake(
            "These are the angles themselves. Take their sines and cosines.",
            lambda length, d_model: angles_of(length, d_model).repeat_interleave(2, dim=1),
        ),
        mistake(
            "Half the columns are missing: each angle gives a sine and a cosine.",
            lambda length, d_model: angles_of(length, d_model).sin(),
        ),
        mistake(
            "Rows and columns changed places: positions are rows.",
            lambda length, d_model: sinusoidal_codes(length, d_model).T,
        ),
    ]
    right = say("Each pair of columns is one hand, from fast to slow.")
    return compare(clocks, sinusoidal_codes, cases, mistakes, right, draw=draw)


def check_rotate(turn_pairs) -> Verdict:
    """Check `turn_pairs(x, speed)`, which turns the pair at position t by t times the speed.

    Shapes: x (B, T, 2) -> (B, T, 2).
    """
    cases = [(random_tensor(3, 5, 2), 1.7), (random_tensor(4, 3, 2, seed=1), 0.5)]

    def draw(seed):
        batch, words = 1 + seed % 4, (1, 2, 5, 9, 40)[seed % 5]
        speed = (0.02, -0.7, 3.1)[seed // 2 % 3]
        if seed % 3 == 0:
            batch, words, speed = 3, 5, 1.7
        return random_tensor(batch, words, 2, seed=seed + 20), speed

    def turned(x, angles):
        first, second, cos, sin = x[..., 0], x[..., 1], angles.cos(), angles.sin()
        return torch.stack([first * cos - second * sin, first * sin + second * cos], dim=-1)

    def by(angle):
        return lambda x, speed: turned(x, angle(x, speed))

    def places(x, axis=1):
        return torch.arange(x.shape[axis], dtype=x.dtype)

    def signs(a, b):
        def mistaken(x, speed):
            angles, first, second = places(x) * speed, x[..., 0], x[..., 1]
            cos, sin = angles.cos(), angles.sin()
            return torch.stack([first * cos + a * second * sin, b * first * sin + second * cos], -1)

        return mistaken

    def one_after_the_other(x, speed):
        angles = places(x) * speed
        first = x[..., 0] * angles.cos() - x[..., 1] * angles.sin()
        return torch.stack([first, first * angles.sin() + x[..., 1] * angles.cos()], dim=-1)

    mistakes = [
        mistake("You turned clockwise. (1, 0) is to move towards (0, 1).", signs(1, -1)),
        mistake(
            "Both sines have a plus. That is no turning: lengths change. One of them has a minus.",
            signs(1, 1),
        ),
        mistake(
            "Both sines have a minus. That is no turning: lengths change. One of them has a plus.",
            signs(-1, -1),
        ),
        mistake(
            "All positions turned by the same angle. Position t turns by t times the speed.",
            by(lambda x, speed: torch.tensor(speed)),
        ),
        mistake(
            "Off by one: position 0 does not turn at all.",
            by(lambda x, speed: (places(x) + 1) * speed),
        ),
        mistake(
            "You turned each sentence by its place in the batch. All sentences turn alike, their "
            "positions do not: count along axis 1.",
            by(lambda x, speed: places(x, 0)[:, None] * speed),
        ),
        mistake(
            "The speed is not used: the angle is t times the speed.", by(lambda x, speed: places(x))
        ),
        mistake(
            "You divided by the speed. The angle is t times the speed.",
            by(lambda x, speed: places(x) / speed),
        ),
        mistake(
            "The angle is in radians already.",
            by(lambda x, speed: torch.deg2rad(places(x) * speed)),
        ),
        mistake(
            "You added the hand of a clock to each pair: that is a sinusoidal code. Turn the pair "
            "itself.",
            lambda x, speed: (
                x + torch.stack([(places(x) * speed).cos(), (places(x) * speed).sin()], -1)
            ),
        ),
        mistake(
            "The second number was computed from the first one after it had been turned. Keep "
            "the old one until both are done.",
            one_after_the_other,
        ),
        mistake(
            "The two numbers of each pair changed places.",
            lambda x, speed: turned(x, places(x) * speed).flip(-1),
        ),
        mistake(
            "The pair is the first axis now. Stack along the last: `dim=-1`.",
            lambda x, speed: turned(x, places(x) * speed).movedim(-1, 0),
        ),
        mistake(
            "All first numbers, then all second ones, in one row. `torch.stack(…, dim=-1)` keeps "
            "them as pairs.",
            lambda x, speed: torch.cat(list(turned(x, places(x) * speed).unbind(-1)), dim=-1),
        ),
    ]

    def oracle(x, speed):
        return turned(x, places(x) * speed)

    right = say("Every pair keeps its length, and position t is turned by t times the speed.")
    return compare(turn_pairs, oracle, cases, mistakes, right, draw=draw)


def check_sets(model) -> Verdict:
    """Check a trained network that names the most frequent digit, in rows of any length.

    Shapes: the network takes digits (B, T) -> logits (B, T, V), of which the last T counts.
    """
    return judge_network(model, None, _ask_sets, NO_SETS)


def _ask_sets(model):
    """Return what to say of such a network; complain of any other."""
    right = _names_right(model, SHORT)
    told = {"right": right, "count": ROWS, "percent": percent(right, ROWS)}
    told |= {"short": SHORT, "long": LONG}
    try:
        in_long = _names_right(model, LONG)
    except Complaint as complaint:
        raise Complaint(f"{say(STOPS, **told)} {complaint}") from complaint
    if right <= AT_CHANCE * ROWS:
        raise Complaint(say(GUESSES, **told))
    if right < ENOUGH[SHORT] * ROWS:
        raise Complaint(say(LEARNING, needed=round(100 * ENOUGH[SHORT]), **told))
    told["far"], moved = percent(in_long, ROWS), _depends_on_order(model)
    if in_long < ENOUGH[LONG] * ROWS:
        told["needed"] = round(100 * ENOUGH[LONG])
        raise Complaint(say(ORDERED, **told) if moved else say(CLOSER, **told))
    return f"{say(NAMES, **told)} {say(MOVED) if moved else say(UNMOVED)}"


def _draw_sets(length):
    """Return rows without a tie, and the most frequent digit of each. Shapes: -> (B, T), (B)."""
    generator = torch.Generator().manual_seed(60 + length)
    rows = torch.randint(DIGITS, (3 * ROWS, length), generator=generator)  # (B, T)
    counts = torch.nn.functional.one_hot(rows, DIGITS).sum(dim=1)  # (B, V)
    most = counts.topk(2).values  # (B, 2)
    clear = most[:, 0] > most[:, 1]  # (B)
    return rows[clear][:ROWS], counts[clear].argmax(dim=-1)[:ROWS]


def _names_right(model, length):
    """Return in how many rows of this length the network names the most frequent digit."""
    rows, wanted = _draw_sets(length)
    return int((_last_logits(model, rows).argmax(dim=-1) == wanted).sum())


def _last_logits(model, rows):
    """Return a network's logits (B, V) at the last of the digits (B, T); complain of others."""
    returned = answer(model, rows.to(next(model.parameters()).device))
    is_tensor = isinstance(returned, torch.Tensor) and returned.ndim == 3
    if is_tensor and returned.shape[:2] == rows.shape and returned.shape[2] >= DIGITS:
        return returned[:, -1].cpu()
    wanted = f"({rows.shape[0]}, {rows.shape[1]}, V)"
    told = {"given": tuple(rows.shape), "wanted": wanted, "got": describe_type(returned)}
    raise Complaint(say(LIKE_THREE_BACK, **told))


def _depends_on_order(model):
    """Tell whether shuffling all digits but the last changes the logits at the last."""
    rows, _ = _draw_sets(SHORT)
    order = torch.randperm(SHORT - 1, generator=torch.Generator().manual_seed(6))
    shuffled = torch.cat([rows[:, order], rows[:, -1:]], dim=1)
    before, after = _last_logits(model, rows), _last_logits(model, shuffled)
    return not torch.allclose(before, after, rtol=0, atol=1e-4 * before.abs().max().item())
