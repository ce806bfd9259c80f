"""What is said of an answer that is not the one wanted: how it differs, in words.

In here: telling two answers apart, and saying how. Not in here: errors, judging, exercises.
"""

import numbers
from reprlib import Repr

import torch

from helpers.language import later, say

FEW = 6  # numbers that are shown one by one
LONG = 200  # characters that are shown of one thing
SHOWN = Repr()
SHOWN.maxlist = SHOWN.maxtuple = SHOWN.maxdict = SHOWN.maxset = 2 * LONG
SHOWN.maxstring = SHOWN.maxother = SHOWN.maxlong = 2 * LONG
NOTHING = later(
    "Your function returned None. If you have not begun, begin there; if you have, see that it "
    "ends with `return`."
)
NOT_A_NUMBER = later(
    "There is NaN (not a number) in your answer. Look for 0/0, 0 · ∞, ∞/∞ or ∞ − ∞: exp of a large "
    "score is ∞."
)
IN_PLACE = later(
    "Your function changed its inputs in place, and the caller still needs them. Compute new ones "
    "(`x = x - 1`, `masked_fill`, `sorted`) instead of writing into the old."
)

EACH_A_TENSOR = later("The values are right, but they are tensors: `int`, `float` or `.tolist()`.")
UPSIDE_DOWN = later("Each True should be False, and each False should be True.")
TRANSPOSED = later("Rows and columns changed places.")
TURNED = later("The sign is turned round.")
PERCENT = later("That is in percent: divide by 100.")
TIMES = later(
    "All your numbers are {times:.4g} times the right ones. What was multiplied or divided?"
)
LARGER = later("All your numbers are {more:.4g} larger than the right ones.")
SMALLER = later("All your numbers are {more:.4g} smaller than the right ones.")
RESHAPED = later("The numbers are right, in this order: only the shape is not.")


def trouble(got, wanted):
    """Say what is wrong with the kind of thing that came back, or return None."""
    if isinstance(wanted, tuple):
        if not isinstance(got, list | tuple) or len(got) != len(wanted):
            return say(
                "Return {wanted}, separated by commas: yours returned {got}.",
                wanted=kind(wanted),
                got=kind(got),
            )
        return next(filter(None, map(trouble, got, wanted)), None)
    if isinstance(wanted, list) and not isinstance(got, list | tuple):
        return say("Return a list: yours returned {got}.", got=kind(got))
    if isinstance(wanted, torch.Tensor):
        return _tensor_trouble(got, wanted)
    if isinstance(wanted, float):
        if isinstance(got, bool) or not isinstance(got, numbers.Real):
            return say("Return one number: yours returned {got}.", got=kind(got))
        return say(NOT_A_NUMBER) if got != got else None
    return None


def _tensor_trouble(got, wanted):
    """Say what is wrong with the type, the shape or the kind of numbers, or return None."""
    if isinstance(got, list):
        return say(
            "Return a tensor: yours returned {got}; `torch.stack` makes one tensor of a list.",
            got=kind(got),
        )
    if not isinstance(got, torch.Tensor):
        return say("Return a tensor: yours returned {got}.", got=kind(got))
    if got.shape != wanted.shape:
        told = say(
            "The shape should be {wanted}, and yours is {got}.",
            wanted=tuple(wanted.shape),
            got=tuple(got.shape),
        )
        if got.numel() == wanted.numel() and same(got.reshape(wanted.shape), wanted):
            return f"{told} {say(RESHAPED)}"
        if got.ndim > 1 and same(got.mT, wanted):
            return f"{told} {say(TRANSPOSED)}"
        if wanted.ndim:
            return told + " " + say("Which axis is missing, left over, or in another's place?")
        return told + " " + say("Return one number.")
    if got.is_complex() or (got.dtype == torch.bool and wanted.dtype != torch.bool):
        return say(
            "Return numbers such as {wanted}: yours are {got}.", wanted=wanted.dtype, got=got.dtype
        )
    if got.isnan().any():
        return say(NOT_A_NUMBER)
    if wanted.dtype == torch.bool and got.dtype != torch.bool:
        return say("Return True and False, torch.bool: yours are {got}.", got=got.dtype)
    return None


def difference(got, wanted, case) -> str:
    """Say where two answers of the same kind differ, and what they have in common."""
    if isinstance(wanted, tuple):
        i = next(i for i in range(len(wanted)) if not same(got[i], wanted[i]))
        told = say("Of what you return, number {place} is not right.", place=i + 1)
        return f"{told} {difference(got[i], wanted[i], case)}"
    if isinstance(wanted, torch.Tensor) and show(got) == show(wanted):  # large, or nearly equal
        gap = (_numbers(got) - _numbers(wanted)).abs()
        at = [int(i) for i in torch.unravel_index(gap.argmax(), gap.shape)]
        told = say(
            "The shape is right, the numbers are not: at {at} the answer is {wanted:.6g}, but "
            "yours is {got:.6g}.",
            at=at,
            wanted=wanted[tuple(at)].item(),
            got=got[tuple(at)].item(),
        )
    else:
        told = say(
            "Given {case}, the answer is {wanted}, but yours is {got}.",
            case=show(case),
            wanted=show(wanted),
            got=show(got),
        )
    return " ".join(filter(None, (told, relation(got, wanted))))


def relation(got, wanted):
    """Say what a wrong answer has to do with the right one as a whole, or return None."""
    if isinstance(wanted, list):
        items = [x.item() if isinstance(x, torch.Tensor) and x.ndim == 0 else x for x in got]
        return say(EACH_A_TENSOR) if same(items, wanted) else None
    if not isinstance(wanted, torch.Tensor):
        got, wanted = torch.tensor(float(got)), torch.tensor(float(wanted))
    if wanted.dtype == torch.bool:
        return say(UPSIDE_DOWN) if same(got, ~wanted) else None
    if wanted.ndim > 1 and same(got, wanted.mT):
        return say(TRANSPOSED)
    got, wanted = _numbers(got).flatten(), _numbers(wanted).flatten()
    if same(got, -wanted):
        return say(TURNED)
    if wanted.numel() == 1:
        return say(PERCENT) if same(got, 100 * wanted) else None
    if times := _steady(got / wanted):
        return say(TIMES, times=times)
    if more := _steady(got - wanted):
        return say(LARGER, more=more) if more > 0 else say(SMALLER, more=-more)
    return None


def _steady(gaps):
    """Return the number that stands wherever there is one, at three places or more, or None."""
    gaps = gaps[~gaps.isnan()]
    steady = len(gaps) > 2 and (gaps - gaps[0]).abs().max() < 1e-3 * gaps[0].abs()
    return gaps[0].item() if steady else None


def _numbers(tensor):
    """Return a tensor as plain numbers, wherever and whatever it was."""
    return tensor.detach().cpu().to(torch.complex128 if tensor.is_complex() else torch.float64)


def same(a, b) -> bool:
    """Say whether two answers agree: tensors and floats up to rounding, the rest exactly."""
    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        if a.shape != b.shape or a.is_complex() != b.is_complex():
            return False
        if a.dtype != b.dtype and torch.bool in (a.dtype, b.dtype):
            return False
        return torch.allclose(_numbers(a), _numbers(b), atol=1e-4, rtol=1e-4, equal_nan=True)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(b, float) and isinstance(a, torch.Tensor) and a.ndim == 0:
        a = a.item()
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, numbers.Integral) and isinstance(b, numbers.Integral):
        return a == b
    if isinstance(a, float) or isinstance(b, float):
        return isinstance(a, numbers.Real) and isinstance(b, numbers.Real) and abs(a - b) < 1e-4
    return type(a) is type(b) and (callable(a) or a == b)


def kind(value) -> str:
    """Name the kind of a value: a tensor by its shape, several things by their number."""
    if isinstance(value, torch.Tensor):
        return say("a tensor of shape {shape}", shape=tuple(value.shape))
    if isinstance(value, tuple):
        return say("{count} things", count=len(value))
    if isinstance(value, list):
        return say("a list of {count}", count=len(value))
    if isinstance(value, bool | int | float | str) or value is None:
        return show(value)
    if callable(value) and hasattr(value, "__name__"):
        return say("the function {name}", name=value.__name__)
    return say("a {name}", name=type(value).__name__)


def show(value) -> str:
    """Describe a value in a few words: a small tensor by its numbers, a large one by its shape."""
    if isinstance(value, torch.Tensor) and value.numel() <= FEW:
        return str(_numbers(value).round(decimals=3).tolist())
    if isinstance(value, tuple):
        return ", ".join(map(show, value))
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, torch.Tensor) or callable(value):
        return kind(value)
    if isinstance(value, list) and any(isinstance(item, torch.Tensor) for item in value[:LONG]):
        return kind(value)
    return brief(SHOWN.repr(value))


def brief(text: str) -> str:
    """Return a text that fits into a sentence: a long one is cut short."""
    text = text if len(text) <= LONG else text[: LONG - 1] + "…"
    return text.encode("utf-8", "replace").decode()
