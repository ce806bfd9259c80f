"""Where and how a notebook runs: one seed, one device. No models, no data."""

import os
import random

import numpy as np
import torch

from helpers.language import say


def set_seed(offset: int = 0) -> int:
    """Make what follows repeatable; return the seed: `COURSE_SEED` (default 0) + `offset`.

    Seeds Python, NumPy and PyTorch, and keeps PyTorch on one CPU thread. The course's models are
    so small that a second thread hardly helps, and it hurts badly when another program wants the
    core; and one thread adds in the same order on every machine.
    Raises ValueError if `COURSE_SEED` is not a whole number of at least 0.
    """
    given = os.environ.get("COURSE_SEED", "0")
    if not given.isdecimal():
        told = say(
            "COURSE_SEED is {given!r}, but a seed is a whole number, 0 or more. "
            "Unset COURSE_SEED, or set it to a number such as 3.",
            given=given,
        )
        raise ValueError(told)
    seed = int(given) + offset
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    return seed


def get_device() -> torch.device:
    """Return the GPU if PyTorch sees one, else the CPU. Nothing in the course needs a GPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
