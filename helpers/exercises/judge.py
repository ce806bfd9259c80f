"""Judge of exercises: compare a learner's function with an oracle and name the mistake.

A checker (`nb00.py`, `nb01.py`, …) calls `compare` with small inputs whose axes all differ in size,
an oracle, and well-known wrong answers, each made by `mistake`: an answer that equals one of them,
or stops with the same error, gets its hint. In here: judging. Not in here: how answers differ, how
a learner's function is called, any exercise.
"""

import copy
import html
import inspect
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch

from helpers.exercises.explain import (
    IN_PLACE,
    NOTHING,
    describe_difference,
    describe_error,
    describe_type,
    likely_cause,
    one_line,
    same,
    wrong_type,
)
from helpers.exercises.sandbox import TooLong, call_safely, limit_output
from helpers.messages import later, say

NO_FUNCTION = later("This is a {name}, not a function: pass its name, without brackets.")
PRINTED = later(
    "Your function printed something and returned None. What is printed is only seen: `return` it."
)
ASYNC = later("With `async def`, a call returns a promise and computes nothing. Write plain `def`.")
KEPT = later(
    "Called once, your function is right; called again, it is not. What does it keep in between? A "
    "list or tensor that is a default value, or stands outside of the function, is the same one in "
    "every call."
)
FIXED = later(
    "With the inputs before these it was right: does a size or a number stand in it that belongs "
    "to those?"
)


@dataclass(frozen=True)
class Verdict:
    """Verdict on an answer: whether it is right, and one or two sentences to the learner."""

    ok: bool
    message: str

    def __str__(self):
        mark = say("✓ Right.") if self.ok else say("✗ Not yet.")
        return f"{mark} {self.message}"

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

    Numbers count, their dtype does not. All cases are called twice, to see that nothing is kept in
    between. Returns a Verdict whatever `answer` raises, KeyboardInterrupt apart (and see `verdict`
    on COURSE_STRICT). `sandbox.call_safely` says how long an answer may take.
    """
    complaint = _not_a_function(answer) or _complaint(answer, oracle, cases, mistakes)
    return verdict(not complaint, complaint or right)


def mistake(hint: str, make: Callable) -> tuple[Callable, str]:
    """Return a well-known wrong answer and its hint, which is said in the reader's language."""
    return make, say(hint)


def random_tensor(*shape, seed=0) -> torch.Tensor:
    """Return small random numbers, which leave a softmax far from 0 and 1."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def random_tensors(*shapes) -> tuple[torch.Tensor, ...]:
    """Return a tensor of small random numbers for each shape, no two alike."""
    return tuple(random_tensor(*shape, seed=i) / 2 for i, shape in enumerate(shapes))


def _not_a_function(answer):
    """Return what to say to a learner who passed no function, or None."""
    if isinstance(answer, type):
        return say("{name} is a class. Write a function, and pass its name.", name=answer.__name__)
    return None if callable(answer) else say(NO_FUNCTION, name=type(answer).__name__)


class _Call(NamedTuple):
    """Call of a learner's function: on what, what came of it, and what was wanted."""

    case: tuple
    given: tuple  # the copy of the case that the function got, and may have edited
    got: object
    error: BaseException | None
    wanted: object


def _call(answer, case, wanted):
    """Call a learner's function on a copy of a case."""
    given = copy.deepcopy(case)
    return _Call(case, given, *call_safely(answer, given), wanted)


def _complaint(answer, oracle, cases, mistakes):
    """Return what to say about a function, or None if it is right."""
    calls = []
    with limit_output() as printed:
        for case in cases:
            call = _call(answer, case, oracle(*copy.deepcopy(case)))
            sizes = [list(map(describe_type, each.case)) for each in (call, *calls)]
            right_before = any(size != sizes[0] for size in sizes)
            message = _judge(_judge_first_call, call, answer, mistakes, printed.used, right_before)
            if message:
                return message
            calls.append(call)
    with limit_output(0):
        calls += [_call(answer, call.case, call.wanted) for call in calls]
    return next(filter(None, (_judge(_judge_afterwards, call) for call in calls[::-1])), None)


def _judge(judge, call, *rest):
    """Return what a judge says of a call, also where the answer fails when it is compared."""
    try:
        return judge(call, *rest)
    except Exception:
        return say(
            "Your function returned a {name} that cannot be compared with the answer. Return "
            "{wanted}.",
            name=type(call.got).__name__,
            wanted=describe_type(call.wanted),
        )


def _judge_first_call(call, answer, mistakes, printed, right_before):
    """Return what to say of the first call on a case, or None if it is right.

    `right_before` tells that the function was right on a case of another size.
    """
    case, given, got, error, wanted = call
    if isinstance(error, TooLong):
        return describe_error(answer, error, case)
    edited = None if same(given, case) else say(IN_PLACE)
    if error is None and same(got, wanted):
        return edited
    if got is None and error is None:
        return say(PRINTED) if printed else say(NOTHING)
    if inspect.iscoroutine(got):
        got.close()
        return say(ASYNC)
    hint = _hint(got, error, case, mistakes)
    fixed = say(FIXED) if right_before else None
    if error is not None:
        cause = hint or fixed or likely_cause(error)
        return " ".join(filter(None, (describe_error(answer, error, case), cause)))
    message = hint or wrong_type(got, wanted) or edited or describe_difference(got, wanted, case)
    return f"{message} {fixed}" if fixed and not hint and not edited else message


def _judge_afterwards(call):
    """Return what to say of a call when all calls are over, or None if all is still right."""
    if call.error is not None or not same(call.got, call.wanted):
        return say(KEPT)
    return None if same(call.given, call.case) else say(IN_PLACE)


def _hint(got, error, case, mistakes):
    """Return the hint of the first known mistake that returns or raises the same, or None."""
    line = one_line(error)
    for make, hint in mistakes:
        made, made_error = _make(make, case)
        if line == one_line(made_error) and (error is not None or same(got, made)):
            return hint
    return None


def _make(make, case):
    """Return what a known mistake returns and what it raises; one of the two is None."""
    try:
        return make(*copy.deepcopy(case)), None
    except Exception as error:
        return None, error
