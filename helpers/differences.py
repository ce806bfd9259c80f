"""What is said of an answer that is not the one wanted: how it differs, in words.

In here: telling two answers apart, and saying how. Not in here: judging, exercises, hints.
"""

import traceback

import torch

from helpers.language import later, say

FEW = 6  # numbers that are shown one by one
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


def said(error) -> str:
    """Return an exception's name and the first line of its message; an empty string for None."""
    if error is None:
        return ""
    try:
        text = str(error).strip() or say("no message")
    except Exception:  # an exception that cannot even say what it is
        text = say("no message")
    return f"{type(error).__name__}: {text.splitlines()[0].rstrip('.')}"


def raised(answer, error, case) -> str:
    """Describe an exception, the line where it happened, and the inputs that caused it."""
    file = getattr(getattr(answer, "__code__", None), "co_filename", None)
    frames = traceback.extract_tb(error.__traceback__)
    line = next((f.line for f in reversed(frames) if f.filename == file and f.line), None)
    if line:
        told = say(
            "Your function stopped at the line `{line}` with {error}.", line=line, error=said(error)
        )
    else:
        told = say("Your function stopped with {error}.", error=said(error))
    count, inputs = len(case), "; ".join(map(kind, case))
    if count == 1:
        given = say("It was given 1 input: {inputs}.", inputs=inputs)
    else:
        given = say("It was given {count} inputs: {inputs}.", count=count, inputs=inputs)
    return f"{told} {given}"


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
        if not isinstance(got, int | float):
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
        if wanted.ndim:
            ask = say("Which axis is missing, left over, or in another's place?")
        else:
            ask = say("Return one number.")
        return f"{told} {ask}"
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
    """Say where two answers of the same kind differ."""
    if isinstance(wanted, tuple):
        i = next(i for i in range(len(wanted)) if not same(got[i], wanted[i]))
        told = say("Of what you return, number {place} is not right.", place=i + 1)
        return f"{told} {difference(got[i], wanted[i], case)}"
    if isinstance(wanted, torch.Tensor) and show(got) == show(wanted):  # large, or nearly equal
        gap = (_numbers(got) - _numbers(wanted)).abs()
        at = [int(i) for i in torch.unravel_index(gap.argmax(), gap.shape)]
        return say(
            "The shape is right, the numbers are not: at {at} the answer is {wanted:.6g}, but "
            "yours is {got:.6g}.",
            at=at,
            wanted=wanted[tuple(at)].item(),
            got=got[tuple(at)].item(),
        )
    return say(
        "Given {case}, the answer is {wanted}, but yours is {got}.",
        case=show(case),
        wanted=show(wanted),
        got=show(got),
    )


def _numbers(tensor):
    """Return a tensor as plain numbers, wherever and whatever it was."""
    return tensor.cpu().double()


def same(a, b) -> bool:
    """Say whether two answers agree: tensors and floats up to rounding, the rest exactly."""
    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        if a.shape != b.shape or a.is_complex() != b.is_complex():
            return False
        if a.dtype == torch.bool or b.dtype == torch.bool:
            return a.dtype == b.dtype and torch.equal(a, b)
        return torch.allclose(_numbers(a), _numbers(b), atol=1e-4, rtol=1e-4, equal_nan=True)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(b, float) and isinstance(a, torch.Tensor) and a.ndim == 0:
        a = a.item()
    if isinstance(a, float) or isinstance(b, float):
        return isinstance(a, int | float) and isinstance(b, int | float) and abs(a - b) < 1e-4
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
    text = repr(value)
    return text if len(text) <= 200 else text[:199] + "…"
