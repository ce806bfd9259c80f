"""Where and how a notebook runs: one seed, one device. No models, no data."""

import os
import random

import numpy as np
import torch

from helpers.messages import say


def set_seed(offset: int = 0) -> int:
    """Make what follows repeatable; return the seed: `COURSE_SEED` (default 0) + `offset`.

    Seeds Python, NumPy and PyTorch, and keeps PyTorch on one CPU thread (`COURSE_THREADS`). The
    course's models are so small that a second thread hardly helps, and it hurts badly when another
    program wants the core; and one thread adds in the same order on every machine.
    Raises ValueError if `COURSE_SEED` is not a whole number of at least 0, or `COURSE_THREADS` of
    at least 1.
    """
    seed = _setting("COURSE_SEED", 0) + offset
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)
    torch.set_num_threads(_setting("COURSE_THREADS", 1))
    return seed


def _setting(name: str, default: int) -> int:
    """Return a setting of the environment, or its default, which is also the least it may be."""
    given = os.environ.get(name, str(default))
    if not given.isdecimal() or int(given) < default:
        told = say(
            "{name} is {given!r}, but it must be a whole number, {least} or more. "
            "Unset {name}, or set it to a number such as 3.",
            name=name,
            given=given,
            least=default,
        )
        raise ValueError(told)
    return int(given)


def get_device() -> torch.device:
    """Return the CPU, or the device that `COURSE_DEVICE` names, such as `cuda`.

    Nothing in the course needs a GPU, and no claim was seen on one.
    Raises ValueError if PyTorch cannot compute on that device.
    """
    name = os.environ.get("COURSE_DEVICE", "cpu")
    try:
        return torch.zeros(1, device=name).device
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        told = say(
            "COURSE_DEVICE is {name!r}, but PyTorch cannot compute there. Unset COURSE_DEVICE, or "
            "set it to a device of this machine such as cpu.",
            name=name,
        )
        raise ValueError(told) from error
