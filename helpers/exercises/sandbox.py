"""What a learner's function may do to all else: take some seconds, print a page, and no more.

In here: calling it, stopping it, and putting back what it changed. Not in here: any judging.
"""

import os
import random
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from types import FrameType

import numpy as np
import torch

from helpers.language import say

SECONDS = 5.0  # for one call; a right answer takes milliseconds
ROOM = 10_000  # characters that are shown of what is printed


class TooLong(BaseException):
    """What stops a function that does not come back: `except Exception` does not catch it."""


def outcome(function: Callable, inputs: Sequence) -> tuple:
    """Return what a function returns and what it raises; one of the two is None.

    Nothing that it raises comes through, but for KeyboardInterrupt. After SECONDS it is stopped,
    and then its error is TooLong. What it changed of STATE and of how warnings are shown is put
    back.

    It is stopped in the main thread of Linux and macOS. Not stopped are: anything on Windows or in
    another thread; one call into C that takes for ever, as `list(itertools.count())`; loops within
    loops that each catch all that is raised; and what a debugger looks at.
    """
    before = [(write, read()) for read, write in STATE]
    alarm = _Alarm()
    with warnings.catch_warnings():
        try:
            alarm.set(SECONDS)
            return function(*inputs), None
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit, GeneratorExit, and what learners think up
            return None, error
        finally:
            alarm.stop()
            for write, value in before:
                write(value)


class _Alarm:
    """A clock that raises TooLong in whatever runs when the time is up, until it is stopped.

    Where that is caught, it rings again and raises at lines too, which may stand beside the `try`.
    """

    def __init__(self):
        main = threading.current_thread() is threading.main_thread()
        self.works = main and hasattr(signal, "setitimer")
        self.over, self.luck = False, random.Random(0)

    def set(self, seconds: float):
        if self.works:
            self.start = time.monotonic()
            self.handler = signal.signal(signal.SIGALRM, self.ring)
            self.timer = signal.setitimer(signal.ITIMER_REAL, seconds, 0.001)

    def ring(self, _: int, frame: FrameType):
        ours = frame.f_code.co_filename == __file__
        if self.over or ours or sys.gettrace() not in (None, self.trip):  # a debugger's
            return
        sys.settrace(self.trip)
        while frame and frame.f_code.co_filename != __file__:
            frame.f_trace, frame = self.trip, frame.f_back
        raise TooLong

    def trip(self, frame: FrameType, event: str, _):
        ours = frame.f_code.co_filename == __file__
        if event == "line" and not self.over and not ours and self.luck.random() < 0.5:
            raise TooLong
        return self.trip

    def stop(self):
        self.over = True
        if self.works:
            if sys.gettrace() == self.trip:
                sys.settrace(None)
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self.handler)
            left, every = self.timer  # of a clock that ran before
            left = max(left - (time.monotonic() - self.start), 1e-6) if left else 0
            signal.setitimer(signal.ITIMER_REAL, left, every)


def _put_environment(before):
    if before != dict(os.environ):
        os.environ.clear()
        os.environ.update(before)


def _put_threads(before):
    if before != torch.get_num_threads():
        torch.set_num_threads(before)


def _put_device(before):
    if before != torch.get_default_device():
        torch.set_default_device(None if before.type == "cpu" else before)


STATE = (  # how to read, and how to write back, what lies outside of a function
    (torch.get_default_device, _put_device),
    (torch.get_default_dtype, torch.set_default_dtype),
    (torch.is_grad_enabled, torch.set_grad_enabled),
    (torch.get_num_threads, _put_threads),
    (torch.get_rng_state, torch.set_rng_state),
    (np.random.get_state, np.random.set_state),
    (np.geterr, lambda before: np.seterr(**before)),
    (random.getstate, random.setstate),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (lambda: dict(os.environ), _put_environment),
)


class _Page:
    """A stream that shows the first ROOM characters, says so where it stops, and drops the rest."""

    def __init__(self, stream, room: int):
        self.stream, self.room, self.used = stream, room, False

    def write(self, text: str) -> int:
        self.used, room = True, self.room
        if room > 0:
            self.room -= len(text)
            self.stream.write(text[:room])
            if self.room <= 0:
                self.stream.write(
                    say("… The rest of what your function prints is left out.") + "\n"
                )
        return len(text)

    def close(self):
        """Leave the stream open: others print on it, too."""

    def __getattr__(self, name):
        return getattr(self.stream, name)


@contextmanager
def page(room: int | None = None):
    """Show what is printed, up to ROOM characters; with a room of 0, nothing at all."""
    room = ROOM if room is None else room
    with redirect_stdout(_Page(sys.stdout, room)) as out, redirect_stderr(_Page(sys.stderr, room)):
        yield out
