"""Judge of exercises: compare a learner's function with an oracle and name the mistake.

A checker (`nb00.py`, `nb01.py`, …) calls `compare` with small inputs whose axes all differ in size,
a function that draws more of them, an oracle, and well-known wrong answers, each made by `mistake`:
an answer that does the same as one of them, on two cases at least, gets its hint. In here: judging.
Not in here: how answers differ, how a learner's function is called, any exercise.
"""

import copy
import dis
import html
import inspect
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

import torch

from helpers.exercises.explain import (
    IN_PLACE,
    NOTHING,
    as_wanted,
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

DRAWN = 20  # cases that are drawn for each exercise, beside those made by hand
CONFIRMED = 3  # later cases on which a known mistake shows and does what the answer does
FORBIDDEN = later("That is right, and this exercise asks you to do without `{name}`.")
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
        return _framed(str(self), "#00664B" if self.ok else "#A33B00")


@dataclass(frozen=True)
class Report:
    """What an open challenge tells of an answer, which is neither right nor wrong."""

    message: str

    def __str__(self):
        return self.message

    __repr__ = __str__

    def _repr_html_(self):
        return _framed(str(self), "#555555")


def _framed(text, color):
    """Return a message as HTML, its code marked, with a bar of that colour beside it."""
    text = re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))
    return f'<div style="border-left: 4px solid {color}; padding: 0.4em 0.8em">{text}</div>'


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
    *,
    draw: Callable[[int], tuple] | None = None,
    without: Sequence[str] = (),
) -> Verdict:
    """Judge `answer` by calling it and `oracle` on each case; name the mistake if it is known.

    After the cases come DRAWN more, `draw(seed)` of the seeds from 0. Numbers count, their form
    does not (see `explain.as_wanted`). All cases are called twice, to see that nothing is kept in
    between. `without` names what the exercise forbids, such as `softmax`. Returns a Verdict
    whatever `answer` raises, KeyboardInterrupt apart (and see `verdict` on COURSE_STRICT).
    `sandbox.call_safely` says how long an answer may take.
    """
    complaint = _not_a_function(answer)
    if not complaint:
        drawn = [draw(seed) for seed in range(DRAWN)] if draw else []
        complaint = _complaint(answer, oracle, cases, drawn, mistakes) or _used(answer, without)
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


def _used(answer, without):
    """Return what to say of a forbidden name in an answer that is right, or None."""
    code = getattr(inspect.unwrap(answer), "__code__", None)
    found = sorted(set(without) & _names_in(code, code.co_name)) if code else None
    return say(FORBIDDEN, name=found[0]) if found else None


def _names_in(code, own):
    """Return the names that code uses, as attributes, globals, imports or keyword arguments.

    A function that calls itself by its `own` name uses nothing forbidden.
    """
    names = set()
    for step in dis.get_instructions(code):
        if step.opname == "LOAD_GLOBAL" and step.argval == own:
            continue
        if step.opname.startswith(("LOAD_ATTR", "LOAD_METHOD", "LOAD_GLOBAL", "IMPORT")):
            names.add(step.argval)
    for value in code.co_consts:
        if isinstance(value, tuple):
            names |= {name for name in value if isinstance(name, str)}
        elif inspect.iscode(value):
            names |= _names_in(value, own)
    return names


class _Call(NamedTuple):
    """Call of a learner's function: on what, what came of it, and what was wanted."""

    case: tuple
    given: tuple  # the copy of the case that the function got, and may have edited
    got: object  # in the form of `wanted`
    error: BaseException | None
    wanted: object

    def is_right(self):
        """Tell whether the answer is the wanted one, and the inputs are as they were."""
        try:
            return (
                self.error is None and same(self.got, self.wanted) and same(self.given, self.case)
            )
        except Exception:
            return False

    def sizes(self):
        """Return what tells cases of one size from those of another."""
        return tuple("" if isinstance(x, float) else describe_type(x) for x in self.case)


def _call(answer, case, wanted):
    """Call a learner's function on a copy of a case."""
    given = copy.deepcopy(case)
    got, error = call_safely(answer, given)
    with suppress(Exception):  # what cannot be brought into that form is judged as it is
        got = as_wanted(got, wanted)
    return _Call(case, given, got, error, wanted)


def _calls(answer, oracle, cases):
    """Yield a call for each case, when it is asked for."""
    for case in cases:
        yield _call(answer, case, oracle(*copy.deepcopy(case)))


def _until_wrong(calls):
    """Return the calls up to the first that is not right."""
    made = []
    for call in calls:
        made.append(call)
        if not call.is_right():
            break
    return made


def _complaint(answer, oracle, cases, drawn, mistakes):
    """Return what to say about a function, or None if it is right."""
    with limit_output() as printed:
        calls = _until_wrong(_calls(answer, oracle, cases))
    with limit_output(0):
        if calls[-1].is_right():
            calls += _until_wrong(_calls(answer, oracle, drawn))
        if not calls[-1].is_right():
            others = _Others(calls[:-1], _calls(answer, oracle, [*cases, *drawn][len(calls) :]))
            return _judge(_judge_wrong_call, calls[-1], answer, others, mistakes, printed.used)
        calls += [_call(answer, call.case, call.wanted) for call in calls]
    return next(filter(None, (_judge(_judge_afterwards, call) for call in calls[::-1])), None)


class _Others:
    """Calls beside the one that went wrong: right ones before it, and later ones.

    A later call is made when it is first asked for, and only once.
    """

    def __init__(self, before: Sequence[_Call], later: Iterator[_Call]):
        self.before, self._made, self._later = before, [], later

    @property
    def later(self) -> Iterator[_Call]:
        """Later calls, in order."""
        yield from self._made
        for call in self._later:
            self._made.append(call)
            yield call


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


def _judge_wrong_call(call, answer, others, mistakes, printed):
    """Return what to say of the first call that is not right."""
    case, given, got, error, wanted = call
    if isinstance(error, TooLong):
        return describe_error(answer, error, case)
    again = [_call(answer, each.case, each.wanted) for each in others.before[:1]]
    if kept := next(filter(None, map(_judge_afterwards, again)), None):
        return kept
    if error is None and same(got, wanted):
        return say(IN_PLACE)
    if got is None and error is None:
        return say(PRINTED) if printed else say(NOTHING)
    if inspect.iscoroutine(got):
        got.close()
        return say(ASYNC)
    hint = next((hint for make, hint in mistakes if _explains(make, call, others)), None)
    if error is not None:
        cause = hint or _fixed(call, others) or likely_cause(error)
        return " ".join(filter(None, (describe_error(answer, error, case), cause)))
    if hint:
        return hint
    type_message = wrong_type(got, wanted)
    if not type_message and not same(given, case):
        return say(IN_PLACE)
    message = type_message or describe_difference(got, wanted, case)
    return " ".join(filter(None, (message, _fixed(call, others))))


def _judge_afterwards(call):
    """Return what to say of a call when all calls are over, or None if all is still right."""
    if call.error is not None or not same(call.got, call.wanted):
        return say(KEPT)
    return None if same(call.given, call.case) else say(IN_PLACE)


def _explains(make, call, others):
    """Tell whether a known mistake does what the answer does: in a wrong call and in others.

    It has to be right in the calls before, and to show in a later one at least.
    """
    if not all(_does(make, each) for each in (call, *others.before)):
        return False
    shown = 0
    for each in others.later:
        if not _does(make, each):
            return False
        shown += not _is_right(make, each)
        if shown == CONFIRMED:
            break
    return shown > 0


def _does(make, call):
    """Tell whether a known mistake returns or raises what the answer does in a call."""
    made, error = _make(make, call)
    return one_line(error) == one_line(call.error) and (error is not None or same(call.got, made))


def _is_right(make, call):
    """Tell whether a known mistake does not show in a call."""
    made, error = _make(make, call)
    return error is None and same(made, call.wanted)


def _make(make, call):
    """Return what a known mistake returns and what it raises; one of the two is None."""
    try:
        return as_wanted(make(*copy.deepcopy(call.case)), call.wanted), None
    except Exception as error:
        return None, error


def _fixed(call, others):
    """Return FIXED where the answer is right for the size of the first case alone, or None.

    It has to be right on other inputs of the first size, and wrong on others of the size on which
    it failed. Where there is no other input of the first size, an error or a wrong shape will do.
    """
    if not others.before or (first := others.before[0].sizes()) == call.sizes():
        return None
    calls = [*others.before[1:], *others.later]
    right = [each.is_right() for each in calls if each.sizes() == first]
    wrong = [not each.is_right() for each in calls if each.sizes() == call.sizes()]
    shapes = [each.shape for each in (call.got, call.wanted) if isinstance(each, torch.Tensor)]
    plain = call.error is not None or len(set(shapes)) > 1
    return say(FIXED) if all(right + wrong) and (right or plain) else None
