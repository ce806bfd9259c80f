"""Sandbox: what a learner's function raises, how long it takes, what it prints and changes."""

import contextlib
import random
import signal
import sys
import threading
import time

import numpy as np
import pytest
import torch

from helpers.exercises import sandbox
from helpers.exercises.sandbox import TooLong, call_safely, limit_output

needs_timer = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="Windows has no timer that interrupts."
)


def test_result_or_exception_is_returned():
    assert call_safely(lambda a, b: a + b, (1, 2)) == (3, None)
    value, error = call_safely(lambda a: a / 0, (1,))
    assert value is None and isinstance(error, ZeroDivisionError)


def test_keyboard_interrupt_comes_through():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call_safely(interrupted, ())


def loop():
    while True:
        pass


def loop_that_catches_exceptions():
    while True:
        with contextlib.suppress(Exception):
            time.sleep(10)


@needs_timer
@pytest.mark.parametrize("function", [loop, loop_that_catches_exceptions])
def test_endless_loops_are_stopped(function, monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.05)
    start = time.monotonic()
    value, error = call_safely(function, ())
    assert value is None and isinstance(error, TooLong)
    assert time.monotonic() - start < 2


def test_time_limit_is_short_but_ample():
    assert 2 <= sandbox.SECONDS <= 10


@needs_timer
def test_timer_is_stopped_and_its_handler_put_back():
    before = signal.getsignal(signal.SIGALRM)
    assert call_safely(signal.getitimer, (signal.ITIMER_REAL,))[0][0] > 1
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_functions_are_called_without_a_timer_in_another_thread():
    found = []
    thread = threading.Thread(target=lambda: found.append(call_safely(lambda x: x + 1, (1,))))
    thread.start()
    thread.join()
    assert found == [(2, None)]


def test_functions_are_called_without_a_timer_on_windows(monkeypatch):
    monkeypatch.delattr(signal, "setitimer", raising=False)
    assert call_safely(lambda x: x + 1, (1,)) == (2, None)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (lambda: torch.manual_seed(99), lambda: torch.get_rng_state().tolist()),
        (lambda: torch.rand(5), lambda: torch.get_rng_state().tolist()),
        (lambda: np.random.seed(99), lambda: np.random.get_state()[1].tolist()),
        (lambda: random.seed(99), random.getstate),
        (lambda: torch.set_grad_enabled(False), torch.is_grad_enabled),
        (lambda: torch.set_default_dtype(torch.float64), torch.get_default_dtype),
    ],
)
def test_state_is_put_back(change, state):
    before = state()
    call_safely(change, ())
    assert state() == before

    def change_and_fail():
        change()
        raise ValueError

    call_safely(change_and_fail, ())
    assert state() == before


def test_output_is_limited_and_the_cut_is_told(capsys):
    with limit_output(3) as printed:
        assert not printed.used
        print("ab", end="", flush=True)
        assert printed.used and capsys.readouterr().out == "ab"
        print("cde", end="")
        assert capsys.readouterr().out == "c… The rest of what your function prints is left out.\n"
        print("f", end="")
        print("error", file=sys.stderr)
    assert capsys.readouterr() == ("", "err… The rest of what your function prints is left out.\n")
    print("no limit any more")
    assert capsys.readouterr().out == "no limit any more\n"


def test_output_limited_to_nothing_is_silent(capsys):
    with limit_output(0):
        print("nothing")
    assert capsys.readouterr() == ("", "")
