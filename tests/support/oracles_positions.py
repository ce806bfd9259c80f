"""What the papers say of positions, as functions that raise AssertionError on any difference.

They take the module under test as an argument, so that `test_mutants.py` can pass a broken one.
Everything here is computed number by number, or with complex numbers, not with the code's tensors.
"""

import cmath
import math

import torch

from tests.support.oracles import close

# sin and cos of 1, 2 and of 0.01, 0.02: Vaswani et al. 2017, section 3.5, for a width of 4
PUBLISHED = [
    [0, 1, 0, 1],
    [0.8414709848, 0.5403023059, 0.0099998333, 0.9999500004],
    [0.9092974268, -0.4161468365, 0.0199986667, 0.9998000067],
]


def vectors(*shape, seed=0):
    """Return random numbers in double precision."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def sinusoidal_codes_are_published(positions):
    """The formula of the paper, number by number, and its values at a width of 4."""
    close(positions.sinusoidal_codes(3, 4), torch.tensor(PUBLISHED))
    codes = positions.sinusoidal_codes(20, 6)
    for t in range(20):
        for i in range(3):
            angle = t / 10000 ** (2 * i / 6)
            wanted = torch.tensor([math.sin(angle), math.cos(angle)])
            close(codes[t, 2 * i : 2 * i + 2], wanted)


def rotate_is_a_complex_product(positions, width=6):
    """Each pair of neighbours, as a complex number, times e to the i times its angle."""
    x, places = vectors(2, 5, width), torch.tensor([0, 1, 7, 100, 3])
    turned = positions.rotate(x, places)
    for b in range(2):
        for row, t in enumerate(places.tolist()):
            for i in range(width // 2):
                angle = t * 10000 ** (-2 * i / width)
                z = complex(*x[b, row, 2 * i : 2 * i + 2].tolist()) * cmath.exp(1j * angle)
                wanted = torch.tensor([z.real, z.imag], dtype=torch.float64)
                close(turned[b, row, 2 * i : 2 * i + 2], wanted)


def relative_scores_are_looked_up(positions, n_queries=4, n_keys=6, most=2):
    """Pair by pair: the dot product over √D, plus the number of the clipped distance."""
    query, key = vectors(2, 3, n_queries, 4), vectors(2, 3, n_keys, 4, seed=1)
    module = positions.RelativeScores(3, most).double()
    with torch.no_grad():
        module.bias.copy_(vectors(3, 2 * most + 1, seed=2))
    scores = module(query, key)
    assert scores.shape == (2, 3, n_queries, n_keys)
    for h in range(3):
        for t in range(n_queries):
            for s in range(n_keys):
                at = t + n_keys - n_queries  # the queries are the last of the positions
                distance = max(-most, min(most, s - at))
                plain = (query[1, h, t] * key[1, h, s]).sum() / 2
                close(scores[1, h, t, s], plain + module.bias[h, distance + most])


def rotary_scores_are_complex_products(positions, n_queries=4, n_keys=6):
    """Pair by pair: the real part of q · conj(k) · e to the i times the angle of the distance."""
    query, key = vectors(2, 3, n_queries, 4), vectors(2, 3, n_keys, 4, seed=1)
    scores = positions.RotaryScores()(query, key)
    for t in range(n_queries):
        for s in range(n_keys):
            distance, total = t + n_keys - n_queries - s, 0.0
            for i in range(2):
                q = complex(*query[1, 2, t, 2 * i : 2 * i + 2].tolist())
                k = complex(*key[1, 2, s, 2 * i : 2 * i + 2].tolist())
                turn = cmath.exp(1j * distance * 10000 ** (-2 * i / 4))
                total += (q * k.conjugate() * turn).real
            close(scores[1, 2, t, s], torch.tensor(total / 2, dtype=torch.float64))


def sinusoidal_codes_differ(positions):
    """Sinusoidal codes: a row for each position, no two alike."""
    rows_differ(positions.sinusoidal_codes(9, 6))


def learned_codes_differ(positions):
    """Learned codes: the first rows of a table, no two alike."""
    learned = positions.LearnedPositions(9, 6)
    rows_differ(learned(9))
    close(learned(4), learned.table.weight[:4])


def rows_differ(codes):
    """Assert that there are 9 codes of 6 numbers, any two of them apart."""
    assert codes.shape == (9, 6)
    apart = torch.cdist(codes.double(), codes.double()) + torch.eye(9)
    assert apart.min() > 0.1


ALL = (
    sinusoidal_codes_are_published,
    rotate_is_a_complex_product,
    relative_scores_are_looked_up,
    rotary_scores_are_complex_products,
    sinusoidal_codes_differ,
)
