"""Two tasks of looking things up: one value in a list of pairs, and who of those asked is at home.

In here: drawing their questions and answers. Not in here: models, training.
"""

import torch

NAMES = 64  # kinds of names in a list of pairs
VALUES = 16  # kinds of values; guessing is right one time in VALUES


def draw_lists(generator, count, n_pairs=16):
    """Draw lists of names with a value each, and ask for the value of one of the names.

    In a list no name occurs twice. Shapes: -> names (B, S), values (B, S), asked (B), answer (B),
    with B = count and S = n_pairs; whole numbers below NAMES and VALUES.
    """
    shuffled = torch.rand(count, NAMES, generator=generator).argsort(dim=-1)  # (B, NAMES)
    names = shuffled[:, :n_pairs]  # (B, S)
    values = torch.randint(VALUES, (count, n_pairs), generator=generator)  # (B, S)
    place = torch.randint(n_pairs, (count, 1), generator=generator)  # (B, 1)
    return names, values, names.gather(1, place)[:, 0], values.gather(1, place)[:, 0]


def draw_calls(generator, count, n_asked, n_people):
    """Draw who is at home, and the names of some of the people, in the order they are asked for.

    Nobody is asked for twice. Shapes: -> asked (B, K), at_home (B, S), answers (B, K), with
    B = count, K = n_asked and S = n_people; at_home and answers are 0 or 1.
    """
    asked = torch.rand(count, n_people, generator=generator).argsort(dim=-1)[:, :n_asked]  # (B, K)
    at_home = torch.randint(2, (count, n_people), generator=generator)  # (B, S)
    return asked, at_home, at_home.gather(1, asked)
