"""How exercises are judged: the learner's function in, a verdict that names the mistake out.

A checker (`checks_00.py`, `checks_01.py`, …) calls `compare` with small inputs whose axes all
differ in size, an oracle, and well-known wrong answers: a wrong answer that equals one of them gets
the hint that it deserves. In here: the judging. Not in here: any exercise.
"""

import copy
import html
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch


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

    Returns a Verdict; never raises, whatever `answer` does (but see `verdict` on COURSE_STRICT).
    """
    if not callable(answer):
        return verdict(False, f"This is a {type(answer).__name__}, not a function: pass its name.")
    for case in cases:
        given = copy.deepcopy(case)
        try:
            got = answer(*given)
        except (Exception, SystemExit) as error:
            return verdict(False, _raised(error, case))
        trouble = _trouble(got, oracle(*case)) or _edited(given, case)
        if trouble:
            return verdict(False, trouble)
        if not _same(got, oracle(*case)):
            return verdict(False, _name_mistake(got, case, oracle, mistakes))
    return verdict(True, right)


def _raised(error, case):
    """Describe an exception, and the shapes that caused it."""
    what = str(error) or "no message"
    return f"Your function stopped with {type(error).__name__}: {what}. It was given {show(case)}."


def _trouble(got, wanted):
    """Say what is wrong with the kind of thing that came back, or return None."""
    if got is None:
        return (
            "Your function returned None. If you have not begun, begin there; if you have, "
            "see that it ends with `return`."
        )
    if isinstance(wanted, tuple):
        if not isinstance(got, tuple) or len(got) != len(wanted):
            return f"Return {len(wanted)} things, separated by commas: yours returned {show(got)}."
        return next(filter(None, map(_trouble, got, wanted)), None)
    if isinstance(wanted, torch.Tensor):
        if not isinstance(got, torch.Tensor):
            return f"Return a tensor: yours returned a {type(got).__name__}."
        if got.shape != wanted.shape:
            return (
                f"The shape should be {tuple(wanted.shape)}, and yours is {tuple(got.shape)}. "
                "Which axis went missing, or changed place?"
            )
        if got.is_floating_point() and got.isnan().any():
            return (
                "There is NaN (not a number) in your answer. Look for 0/0, ∞/∞ or ∞ − ∞: "
                "exp of a large score is ∞."
            )
    return None


def _edited(given, case):
    """Say so if the function changed its own inputs, else return None."""
    if _same(given, case):
        return None
    return (
        "Your function changed its inputs in place, and the caller still needs them. "
        "Compute new tensors (`x = x - 1`, `masked_fill`) instead of writing into old ones."
    )


def _name_mistake(got, case, oracle, mistakes):
    """Return the hint of the first known mistake that gives what `got` is, else the difference."""
    for make, hint in mistakes:
        try:
            if _same(got, make(*copy.deepcopy(case))):
                return hint
        except (ValueError, RuntimeError):  # this mistake is not possible on this case
            continue
    return f"Given {show(case)}, the answer is {show(oracle(*case))}, but yours is {show(got)}."


def _same(a, b) -> bool:
    """Say whether two answers agree: tensors and floats up to rounding, the rest exactly."""
    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        if a.shape != b.shape:
            return False
        if a.dtype == torch.bool or b.dtype == torch.bool:
            return a.dtype == b.dtype and torch.equal(a, b)
        return torch.allclose(a.double(), b.double(), atol=1e-5, rtol=1e-5, equal_nan=True)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, float) or isinstance(b, float):
        return isinstance(a, int | float) and isinstance(b, int | float) and abs(a - b) < 1e-5
    return type(a) is type(b) and (callable(a) or a == b)


def show(value) -> str:
    """Describe a value in a few words: a small tensor by its numbers, a large one by its shape."""
    if isinstance(value, torch.Tensor):
        if value.numel() > 6:
            return f"a tensor of shape {tuple(value.shape)}"
        return str(value.detach().double().round(decimals=3).tolist())
    if isinstance(value, tuple):
        return ", ".join(map(show, value))
    return f"{value:.3f}" if isinstance(value, float) else repr(value)


def random_tensor(*shape, seed=0):
    """Return small numbers that leave a softmax far from 0 and 1."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
