"""How exercises are judged: the learner's function in, a verdict that names the mistake out.

A checker (`checks_00.py`, `checks_01.py`, …) calls `compare` with small inputs whose axes all
differ in size, an oracle, and well-known wrong answers, each made by `mistake`: an answer that
equals one of them, or stops with the same error, gets the hint that it deserves. In here: the
judging. Not in here: how answers differ, any exercise.
"""

import copy
import html
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from helpers.differences import IN_PLACE, NOTHING, difference, kind, raised, said, same, trouble
from helpers.language import say


@dataclass(frozen=True)
class Verdict:
    """What a checker says: whether the answer is right, and one or two sentences to the learner."""

    ok: bool
    message: str

    def __str__(self):
        told = say("✓ Right.") if self.ok else say("✗ Not yet.")
        return f"{told} {self.message}"

    __repr__ = __str__

    def _repr_html_(self):
        color = "#00664B" if self.ok else "#A33B00"
        return (
            f'<div style="border-left: 4px solid {color}; padding: 0.4em 0.8em">'
            f"{html.escape(str(self))}</div>"
        )


def verdict(ok: bool, message: str) -> Verdict:
    """Return a Verdict; with COURSE_STRICT=1, raise AssertionError for one that is not ok."""
    if not ok and os.environ.get("COURSE_STRICT") == "1":
        raise AssertionError(message)
    return Verdict(ok, message)


def compare(
    answer: Callable,
    oracle: Callable,
    cases: Sequence[tuple],
    mistakes: Sequence[tuple[Callable, str]],
    right: str,
) -> Verdict:
    """Judge `answer` by calling it and `oracle` on each case; name the mistake if it is known.

    Numbers count, their dtype does not. Returns a Verdict; never raises, whatever `answer` does,
    except what interrupts it from outside, as KeyboardInterrupt (and see `verdict` on
    COURSE_STRICT).
    """
    if isinstance(answer, type):
        told = say("{name} is a class. Write a function, and pass its name.", name=answer.__name__)
        return verdict(False, told)
    if not callable(answer):
        told = say(
            "This is a {name}, not a function: pass its name, without brackets.",
            name=type(answer).__name__,
        )
        return verdict(False, told)
    for case in cases:
        wanted, given = oracle(*copy.deepcopy(case)), copy.deepcopy(case)
        got, error = _outcome(answer, given)
        try:
            complaint = _complaint(answer, got, error, wanted, given, case, mistakes)
        except Exception:  # such as tensors without numbers, or an object whose repr fails
            complaint = say(
                "Your function returned a {name} that cannot be compared with the answer. "
                "Return {wanted}.",
                name=type(got).__name__,
                wanted=kind(wanted),
            )
        if complaint:
            return verdict(False, complaint)
    return verdict(True, right)


def mistake(hint: str, make: Callable) -> tuple[Callable, str]:
    """Return a well-known wrong answer and its hint, which is said in the reader's language."""
    return make, say(hint)


def _outcome(function, arguments):
    """Return what a function returns and what it raises; one of the two is None."""
    try:
        return function(*arguments), None
    except (Exception, SystemExit) as error:
        return None, error


def _complaint(answer, got, error, wanted, given, case, mistakes):
    """Return what to say about the outcome on one case, or None if it is right."""
    if error is not None:
        hint = _hint(got, error, case, mistakes)
        return raised(answer, error, case) + (f" {hint}" if hint else "")
    edited = None if same(given, case) else say(IN_PLACE)
    if same(got, wanted):
        return edited
    if got is None:
        return say(NOTHING)
    hint = _hint(got, error, case, mistakes)
    return hint or trouble(got, wanted) or edited or difference(got, wanted, case)


def _hint(got, error, case, mistakes):
    """Return the hint of the first known mistake with this outcome, or None."""
    for make, hint in mistakes:
        made, made_error = _outcome(make, copy.deepcopy(case))
        if said(error) == said(made_error) and (error is not None or same(got, made)):
            return hint
    return None


def random_tensor(*shape, seed=0):
    """Return small numbers that leave a softmax far from 0 and 1."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
