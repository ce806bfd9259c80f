"""What a learner's function may do to all else: the clock, the page, what is put back."""

import contextlib
import signal
import sys
import threading
import time

import pytest
import torch

from helpers.exercises import sandbox as guards
from helpers.exercises.sandbox import TooLong, outcome, page

needs_clock = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="Windows has no clock that interrupts."
)


@pytest.fixture
def ringing():
    """Return a list to which a clock of one's own writes, and put the clock away afterwards."""
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(True))
    yield rung
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_what_comes_back_or_is_raised_is_returned():
    assert outcome(lambda a, b: a + b, (1, 2)) == (3, None)
    value, error = outcome(lambda a: a / 0, (1,))
    assert value is None and isinstance(error, ZeroDivisionError)


@needs_clock
def test_a_clock_that_ran_before_runs_on(ringing):
    handler = signal.getsignal(signal.SIGALRM)
    signal.setitimer(signal.ITIMER_REAL, 100, 7)
    assert outcome(time.sleep, (0.05,)) == (None, None)
    left, every = signal.getitimer(signal.ITIMER_REAL)
    assert 95 < left < 99.96 and every == 7
    assert signal.getsignal(signal.SIGALRM) is handler and not ringing


@needs_clock
def test_a_clock_that_was_due_in_between_rings_afterwards(ringing):
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    assert outcome(time.sleep, (0.1,)) == (None, None)
    time.sleep(0.1)
    assert ringing


@needs_clock
def test_no_clock_is_left_behind():
    before = signal.getsignal(signal.SIGALRM)
    assert outcome(lambda: 1, ()) == (1, None)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is before and sys.gettrace() is None


@needs_clock
def test_one_that_goes_on_after_it_was_stopped_is_stopped_again_at_once(monkeypatch):
    def stubborn():
        with contextlib.suppress(BaseException):
            time.sleep(10)
        time.sleep(10)

    monkeypatch.setattr(guards, "SECONDS", 0.02)
    start = time.monotonic()
    assert isinstance(outcome(stubborn, ())[1], TooLong)
    assert time.monotonic() - start < 0.8


def test_a_clock_that_was_stopped_stays_over():
    alarm = guards._Alarm()
    assert not alarm.over
    alarm.set(5)
    alarm.stop()
    assert alarm.over is True
    assert alarm.trip(sys._getframe(), "line", None) == alarm.trip  # and raises no more


def test_in_another_thread_a_function_is_called_without_a_clock():
    found = []
    thread = threading.Thread(target=lambda: found.append(outcome(lambda x: x + 1, (1,))))
    thread.start()
    thread.join()
    assert found == [(2, None)]


@pytest.mark.parametrize(("before", "after"), [("meta", "cpu"), ("cpu", "meta")])
def test_the_device_on_which_tensors_are_made_is_put_back(before, after):
    torch.set_default_device(before)
    try:
        outcome(torch.set_default_device, (after,))
        assert torch.get_default_device() == torch.device(before)
        assert torch.ones(1).device.type == before
    finally:
        torch.set_default_device(None)


def test_a_page_is_full_when_its_last_character_is_used(capsys):
    with page(room=3) as shown:
        assert not shown.used
        print("ab", end="")
        assert shown.used and capsys.readouterr().out == "ab"
        print("c", end="")
        assert capsys.readouterr().out.startswith("c… The rest")
        print("d", end="")
        assert capsys.readouterr().out == ""
    with page(room=0):
        print("nothing")
    assert capsys.readouterr().out == ""


def test_a_page_is_else_like_the_stream_that_it_stands_for():
    encoding, error = sys.stdout.encoding, sys.stderr.encoding
    with page():
        assert sys.stdout.encoding == encoding and sys.stderr.encoding == error
        assert sys.stdout.write("") == 0 and sys.stdout.writable()
        sys.stdout.close()
    print("The stream is open.")
