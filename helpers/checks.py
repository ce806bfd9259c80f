"""How exercises are judged: the learner's function in, a verdict that names the mistake out.

A checker (`checks_00.py`, `checks_01.py`, …) calls `compare` with small inputs whose axes all
differ in size, an oracle, and well-known wrong answers: a wrong answer that equals one of them, or
stops with the same error, gets the hint that it deserves. In here: the judging. Not in here: any
exercise.
"""

import copy
import html
import os
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

FEW = 6  # numbers that are shown one by one
NOTHING = (
    "Your function returned None. If you have not begun, begin there; if you have, see that it "
    "ends with `return`."
)
NOT_A_NUMBER = (
    "There is NaN (not a number) in your answer. Look for 0/0, 0 · ∞, ∞/∞ or ∞ − ∞: exp of a large "
    "score is ∞."
)
IN_PLACE = (
    "Your function changed its inputs in place, and the caller still needs them. Compute new ones "
    "(`x = x - 1`, `masked_fill`, `sorted`) instead of writing into the old."
)


@dataclass(frozen=True)
class Verdict:
    """What a checker says: whether the answer is right, and one or two sentences to the learner."""

    ok: bool
    message: str

    def __str__(self):
        return f"{'✓ Right.' if self.ok else '✗ Not yet.'} {self.message}"

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
        return verdict(False, f"{answer.__name__} is a class. Write a function, and pass its name.")
    if not callable(answer):
        kind = type(answer).__name__
        return verdict(False, f"This is a {kind}, not a function: pass its name, without brackets.")
    for case in cases:
        wanted, given = oracle(*copy.deepcopy(case)), copy.deepcopy(case)
        got, error = _outcome(answer, given)
        try:
            complaint = _complaint(answer, got, error, wanted, given, case, mistakes)
        except Exception:  # such as tensors without numbers, or an object whose repr fails
            complaint = (
                f"Your function returned a {type(got).__name__} that cannot be compared with the "
                f"answer. Return {_kind(wanted)}."
            )
        if complaint:
            return verdict(False, complaint)
    return verdict(True, right)


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
        return _raised(answer, error, case) + (f" {hint}" if hint else "")
    edited = None if _same(given, case) else IN_PLACE
    if _same(got, wanted):
        return edited
    if got is None:
        return NOTHING
    hint = _hint(got, error, case, mistakes)
    return hint or _trouble(got, wanted) or edited or _difference(got, wanted, case)


def _hint(got, error, case, mistakes):
    """Return the hint of the first known mistake with this outcome, or None."""
    for make, hint in mistakes:
        made, made_error = _outcome(make, copy.deepcopy(case))
        if _said(error) == _said(made_error) and (error is not None or _same(got, made)):
            return hint
    return None


def _said(error):
    """Return an exception's name and the first line of its message; an empty string for None."""
    if error is None:
        return ""
    try:
        text = str(error).strip() or "no message"
    except Exception:  # an exception that cannot even say what it is
        text = "no message"
    return f"{type(error).__name__}: {text.splitlines()[0].rstrip('.')}"


def _raised(answer, error, case):
    """Describe an exception, the line where it happened, and the inputs that caused it."""
    file = getattr(getattr(answer, "__code__", None), "co_filename", None)
    frames = traceback.extract_tb(error.__traceback__)
    line = next((f.line for f in reversed(frames) if f.filename == file and f.line), None)
    where = f" at the line `{line}`" if line else ""
    many = "1 input" if len(case) == 1 else f"{len(case)} inputs"
    return (
        f"Your function stopped{where} with {_said(error)}. "
        f"It was given {many}: {'; '.join(map(_kind, case))}."
    )


def _trouble(got, wanted):
    """Say what is wrong with the kind of thing that came back, or return None."""
    if isinstance(wanted, tuple):
        if not isinstance(got, list | tuple) or len(got) != len(wanted):
            return f"Return {_kind(wanted)}, separated by commas: yours returned {_kind(got)}."
        return next(filter(None, map(_trouble, got, wanted)), None)
    if isinstance(wanted, list) and not isinstance(got, list | tuple):
        return f"Return a list: yours returned {_kind(got)}."
    if isinstance(wanted, torch.Tensor):
        return _tensor_trouble(got, wanted)
    if isinstance(wanted, float):
        if not isinstance(got, int | float):
            return f"Return one number: yours returned {_kind(got)}."
        return NOT_A_NUMBER if got != got else None
    return None


def _tensor_trouble(got, wanted):
    """Say what is wrong with the type, the shape or the kind of numbers, or return None."""
    if not isinstance(got, torch.Tensor):
        stack = "; `torch.stack` makes one tensor of a list" if isinstance(got, list) else ""
        return f"Return a tensor: yours returned {_kind(got)}{stack}."
    if got.shape != wanted.shape:
        told = f"The shape should be {tuple(wanted.shape)}, and yours is {tuple(got.shape)}."
        ask = "Which axis is missing, left over, or in another's place?"
        return f"{told} {ask if wanted.ndim else 'Return one number.'}"
    if got.is_complex() or (got.dtype == torch.bool and wanted.dtype != torch.bool):
        return f"Return numbers such as {wanted.dtype}: yours are {got.dtype}."
    if got.isnan().any():
        return NOT_A_NUMBER
    if wanted.dtype == torch.bool and got.dtype != torch.bool:
        return f"Return True and False, torch.bool: yours are {got.dtype}."
    return None


def _difference(got, wanted, case):
    """Say where two answers of the same kind differ."""
    if isinstance(wanted, tuple):
        i = next(i for i in range(len(wanted)) if not _same(got[i], wanted[i]))
        told = _difference(got[i], wanted[i], case)
        return f"Of what you return, number {i + 1} is not right. {told}"
    if isinstance(wanted, torch.Tensor) and show(got) == show(wanted):  # large, or nearly equal
        gap = (_numbers(got) - _numbers(wanted)).abs()
        at = [int(i) for i in torch.unravel_index(gap.argmax(), gap.shape)]
        return (
            f"The shape is right, the numbers are not: at {at} the answer is "
            f"{wanted[tuple(at)].item():.6g}, but yours is {got[tuple(at)].item():.6g}."
        )
    return f"Given {show(case)}, the answer is {show(wanted)}, but yours is {show(got)}."


def _numbers(tensor):
    """Return a tensor as plain numbers, wherever and whatever it was."""
    return tensor.cpu().double()


def _same(a, b) -> bool:
    """Say whether two answers agree: tensors and floats up to rounding, the rest exactly."""
    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        if a.shape != b.shape or a.is_complex() != b.is_complex():
            return False
        if a.dtype == torch.bool or b.dtype == torch.bool:
            return a.dtype == b.dtype and torch.equal(a, b)
        return torch.allclose(_numbers(a), _numbers(b), atol=1e-4, rtol=1e-4, equal_nan=True)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(b, float) and isinstance(a, torch.Tensor) and a.ndim == 0:
        a = a.item()
    if isinstance(a, float) or isinstance(b, float):
        return isinstance(a, int | float) and isinstance(b, int | float) and abs(a - b) < 1e-4
    return type(a) is type(b) and (callable(a) or a == b)


def _kind(value) -> str:
    """Name the kind of a value: a tensor by its shape, several things by their number."""
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, tuple):
        return f"{len(value)} things"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, bool | int | float | str) or value is None:
        return show(value)
    if callable(value) and hasattr(value, "__name__"):
        return f"the function {value.__name__}"
    return f"a {type(value).__name__}"


def show(value) -> str:
    """Describe a value in a few words: a small tensor by its numbers, a large one by its shape."""
    if isinstance(value, torch.Tensor) and value.numel() <= FEW:
        return str(_numbers(value).round(decimals=3).tolist())
    if isinstance(value, tuple):
        return ", ".join(map(show, value))
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, torch.Tensor) or callable(value):
        return _kind(value)
    text = repr(value)
    return text if len(text) <= 200 else text[:199] + "…"


def random_tensor(*shape, seed=0):
    """Return small numbers that leave a softmax far from 0 and 1."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
