"""Sandbox for learners' functions: a time limit, a limit on what is printed, state put back.

In here: calling a function that may fail, loop or print without end. Not in here: judging it.
"""

import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import numpy as np
import torch

from helpers.messages import say

SECONDS = 5.0  # for one call; a right answer takes milliseconds
CHARACTERS = 10_000  # that are shown of what is printed
STATE = (  # how to read, and how to write back, what a call may change for all that follows
    (torch.get_rng_state, torch.set_rng_state),
    (np.random.get_state, np.random.set_state),
    (random.getstate, random.setstate),
    (torch.is_grad_enabled, torch.set_grad_enabled),
    (torch.get_default_dtype, torch.set_default_dtype),
)


class TooLong(BaseException):
    """Time limit exceeded. `except Exception` in the learner's own loop does not catch it."""


def call_safely(function: Callable, inputs: Sequence) -> tuple:
    """Call a function; return what it returns and what it raises, one of which is None.

    After SECONDS it is stopped, and its error is TooLong. STATE is put back. KeyboardInterrupt
    comes through.
    """
    before = [(write, read()) for read, write in STATE]
    try:
        with _time_limit():
            return function(*inputs), None
    except (Exception, TooLong) as error:
        return None, error
    finally:
        for write, value in before:
            write(value)


@contextmanager
def _time_limit() -> Iterator[None]:
    """Raise TooLong once, after SECONDS; never on Windows, nor outside the main thread."""
    if not hasattr(signal, "setitimer") or threading.current_thread() != threading.main_thread():
        yield
        return

    def stop(*_):
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class _LimitedStream:
    """A stream that shows the first characters, says so where it stops, and drops the rest."""

    def __init__(self, stream, characters: int):
        self.stream, self.left, self.used = stream, characters, False

    def write(self, text: str) -> int:
        self.used, left = True, self.left
        self.left -= len(text)
        if left > 0:
            self.stream.write(text[:left])
            if self.left <= 0:
                end = say("… The rest of what your function prints is left out.")
                self.stream.write(f"{end}\n")
        return len(text)

    def __getattr__(self, name):
        return getattr(self.stream, name)


@contextmanager
def limit_output(characters: int = CHARACTERS) -> Iterator[_LimitedStream]:
    """Show so many characters of what is printed; the stream that is yielded tells if any was."""
    out = _LimitedStream(sys.stdout, characters)
    with redirect_stdout(out), redirect_stderr(_LimitedStream(sys.stderr, characters)):
        yield out
