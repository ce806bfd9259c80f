"""How exercises are judged: the learner's function in, a verdict that names the mistake out.

A checker (`checks_00.py`, `checks_01.py`, …) calls `compare` with small inputs whose axes all
differ in size, an oracle, and well-known wrong answers, each made by `mistake`: an answer that
equals one of them, or stops with the same error, gets the hint that it deserves. In here: the
judging. Not in here: how answers differ, how a learner's function is held in check, any exercise.
"""

import copy
import html
import inspect
import os
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch

from helpers.exercises.errors import raised, said, slip
from helpers.exercises.explain import IN_PLACE, NOTHING, difference, kind, same, trouble
from helpers.exercises.sandbox import TooLong, outcome, page
from helpers.language import later, say

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
CUT_OFF = later(
    "The numbers are right, but no gradient comes through them, and training needs one. Look for "
    "`.item()`, `.detach()`, `torch.tensor(…)`, `no_grad` or a loop over plain numbers."
)


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

    Numbers count, their dtype does not. All cases are called twice, to see that nothing is kept in
    between. Returns a Verdict; never raises, whatever `answer` does, except what interrupts it from
    outside, as KeyboardInterrupt (and see `verdict` on COURSE_STRICT). `guards.outcome` says how
    long an answer may take.
    """
    complaint, error = outcome(_no_function, (answer,))
    if error is not None:  # a thing that does not even say what it is
        complaint = say(NO_FUNCTION, name=type(answer).__name__)
    complaint = complaint or _complaint(answer, oracle, cases, mistakes)
    return verdict(not complaint, complaint or right)


def mistake(hint: str, make: Callable) -> tuple[Callable, str]:
    """Return a well-known wrong answer and its hint, which is said in the reader's language."""
    return make, say(hint)


def learning(*inputs) -> tuple:
    """Return inputs as training hands them over: their real numbers ask for a gradient."""
    return tuple(
        x.clone().requires_grad_() if isinstance(x, torch.Tensor) and x.is_floating_point() else x
        for x in inputs
    )


def random_tensor(*shape, seed=0):
    """Return small numbers that leave a softmax far from 0 and 1."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def drawn(*shapes):
    """Return small numbers of each of these shapes, all different."""
    return tuple(random_tensor(*shape, seed=i) / 2 for i, shape in enumerate(shapes))


def _no_function(answer):
    """Return what to say to a learner who passed no function, or None."""
    if isinstance(answer, type):
        return say("{name} is a class. Write a function, and pass its name.", name=answer.__name__)
    return None if callable(answer) else say(NO_FUNCTION, name=type(answer).__name__)


class _Call(NamedTuple):
    """One call of a learner's function: on what, what came of it, and what was wanted."""

    case: tuple
    given: tuple  # the copy of the case that the function got, and may have edited
    got: object
    error: BaseException | None
    wanted: object


def _complaint(answer, oracle, cases, mistakes):
    """Return what to say about a function, or None if it is right."""
    calls = []
    with page() as shown:
        for case in cases:
            call = _call(answer, case, oracle(*copy.deepcopy(case)))
            known = any(list(map(kind, each.case)) != list(map(kind, case)) for each in calls)
            told = _judged(_first, call, answer, mistakes, shown.used, known)
            if told:
                return told
            calls.append(call)
    with page(room=0):
        calls += [_call(answer, call.case, call.wanted) for call in calls]
    return next(filter(None, (_judged(_last, call) for call in calls[::-1])), None)


def _call(answer, case, wanted):
    """Call a learner's function on a copy of a case."""
    given = copy.deepcopy(case)
    return _Call(case, given, *outcome(answer, given), wanted)


def _judged(judge, call, *rest):
    """Return what a judge says of a call, also where what came back cannot even be looked at."""
    with warnings.catch_warnings(action="ignore"), torch._C.DisableTorchFunctionSubclass():
        told, problem = outcome(judge, (call, *rest))
    if problem is None:
        return told
    if call.error is not None:
        return say("Your function stopped with {error}.", error=type(call.error).__name__)
    return say(
        "Your function returned a {name} that cannot be compared with the answer. Return {wanted}.",
        name=type(call.got).__name__,
        wanted=kind(call.wanted),
    )


def _first(call, answer, mistakes, printed, known):
    """Return what to say of the first call on a case, or None if it is right.

    `known` tells that the function was right on a case of another size.
    """
    case, given, got, error, wanted = call
    if isinstance(error, TooLong):
        return raised(answer, error, case)
    edited = None if same(given, case) else say(IN_PLACE)
    if error is None and same(got, wanted):
        return edited or (say(CUT_OFF) if _learns(wanted) and not _learns(got) else None)
    if got is None and error is None:
        return say(PRINTED) if printed else say(NOTHING)
    if inspect.iscoroutine(got):
        got.close()
        return say(ASYNC)
    hint = _hint(got, error, case, mistakes)
    fixed = say(FIXED) if known else None
    if error is not None:
        return " ".join(filter(None, (raised(answer, error, case), hint or fixed or slip(error))))
    told = hint or trouble(got, wanted) or edited or difference(got, wanted, case)
    return f"{told} {fixed}" if fixed and not hint and not edited else told


def _last(call):
    """Return what to say of a call when all calls are over, or None if all is still right."""
    if call.error is not None or not same(call.got, call.wanted):
        return say(KEPT)
    return None if same(call.given, call.case) else say(IN_PLACE)


def _learns(value):
    """Tell whether a gradient finds its way through everything that was returned."""
    if isinstance(value, list | tuple):
        return all(map(_learns, value))
    return isinstance(value, torch.Tensor) and value.requires_grad


def _hint(got, error, case, mistakes):
    """Return the hint of the first known mistake with this outcome, or None."""
    told = said(error)
    for make, hint in mistakes:
        made, made_error = _made(make, case)
        if told == said(made_error) and (error is not None or same(got, made)):
            return hint
    return None


def _made(make, case):
    """Return what a known mistake returns and what it raises; one of the two is None."""
    try:
        return make(*copy.deepcopy(case)), None
    except Exception as error:
        return None, error
