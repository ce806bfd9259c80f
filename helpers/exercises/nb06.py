"""Checkers for the exercises of notebook 06, position. Used by that notebook only."""

import torch

from helpers.exercises.judge import Verdict, compare, mistake, random_tensor
from helpers.messages import later, say
from helpers.positions import sinusoidal_codes

BATCH_AXIS = later(
    "You added the codes along the batch: each sentence got one code, and all its words the same. "
    "Words cannot be told apart then. Count positions, `words.shape[1]`, and let the code's rows "
    "meet the middle axis."
)
ALL_ROWS = later(
    "The table has more rows than the sentence has words. Take as many as there are words: "
    "`codes[: words.shape[1]]`."
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
