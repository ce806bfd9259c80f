"""Explanations of wrong answers and errors: how an answer differs, what an error comes from.

In here: comparing two answers, and every sentence about a wrong one that no known mistake explains.
Not in here: calling functions, judging, exercises.
"""

import linecache
import numbers
import re
import traceback
from reprlib import Repr

import torch

from helpers.exercises import sandbox
from helpers.messages import later, say

FEW = 6  # numbers that are shown one by one
LONG = 200  # characters that are shown of one thing
SHOWN = Repr()
SHOWN.maxlist = SHOWN.maxtuple = SHOWN.maxdict = SHOWN.maxset = 2 * LONG
SHOWN.maxstring = SHOWN.maxother = 2 * LONG
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
ENDLESS = later(
    "Your function had not come back after {seconds:g} seconds and was stopped. Look for a loop "
    "that never ends, such as a `while` whose condition stays true."
)
LIKELY_CAUSES = {  # by a pattern in the error's name and first line
    "UnboundLocalError": later("That name is read before anything has been put into it."),
    "NameError": later(
        "Is it spelled as in the function's first line? What a function needs comes through its "
        "parameters."
    ),
    "RecursionError": later("A function that calls itself needs a case in which it does not."),
    "positional argument": later(
        "The check calls it as its first line stood in the exercise: leave the parameters as they "
        "were."
    ),
    "'Tensor' object is not callable": later(
        "A tensor is no function: `@` multiplies by it, and `[ ]` picks from it."
    ),
    "'list' object has no attribute": later(
        "A tensor can do that and a list cannot: `torch.stack` makes one tensor of many."
    ),
    "'(tuple|torch.return_types.*)' object has no attribute": later(
        "Those are several things. Take them apart, as in `first, second = …`."
    ),
    "Boolean value of Tensor": later(
        "`if`, `and`, `or` and `not` want one True or False. For a whole tensor there are `.any()` "
        "and `.all()`, and `&`, `|` and `~` for each number by itself."
    ),
    "leaf Variable that requires grad": IN_PLACE,
    "that requires grad": later(
        "Training sends a gradient through these tensors, and NumPy knows none: stay with tensors."
    ),
    "expected scalar type|same dtype|expected m1 and m2": later(
        "The two tensors hold numbers of different kinds: `.float()` makes them alike."
    ),
    "size of tensor a|cannot be multiplied|[Ee]xpected size for": later(
        "Two shapes do not fit: print both of them just before that line."
    ),
}


# --- values ---


def same(a, b) -> bool:
    """Compare two answers: tensors and floats up to rounding, the rest exactly."""
    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        if a.shape != b.shape or a.is_complex() != b.is_complex():
            return False
        if a.dtype != b.dtype and torch.bool in (a.dtype, b.dtype):
            return False
        return torch.allclose(_plain(a), _plain(b), atol=1e-4, rtol=1e-4, equal_nan=True)
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


def describe_type(value) -> str:
    """Name the type of a value: a tensor by its shape, several things by their number."""
    if isinstance(value, torch.Tensor):
        return say("a tensor of shape {shape}", shape=tuple(value.shape))
    if isinstance(value, tuple):
        return say("{count} things", count=len(value))
    if isinstance(value, list):
        return say("a list of {count}", count=len(value))
    if isinstance(value, bool | int | float | str) or value is None:
        return describe_value(value)
    if callable(value) and hasattr(value, "__name__"):
        return say("the function {name}", name=value.__name__)
    return say("a {name}", name=type(value).__name__)


def describe_value(value) -> str:
    """Show a value in a few words: a small tensor by its numbers, a large one by its shape."""
    if isinstance(value, torch.Tensor) and value.numel() <= FEW:
        return str(_plain(value).round(decimals=3).tolist())
    if isinstance(value, tuple):
        return ", ".join(map(describe_value, value))
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, torch.Tensor) or callable(value):
        return describe_type(value)
    if isinstance(value, list) and any(isinstance(item, torch.Tensor) for item in value[:LONG]):
        return describe_type(value)
    return _shorten(SHOWN.repr(value))


def _shorten(text):
    """Return a text that fits into a sentence."""
    return text if len(text) <= LONG else text[: LONG - 1] + "…"


def _plain(tensor):
    """Return a tensor in double precision, on the CPU, without a gradient."""
    return tensor.detach().cpu().to(torch.complex128 if tensor.is_complex() else torch.float64)


# --- wrong answers ---


def wrong_type(got, wanted) -> str | None:
    """Explain a wrong type, shape or dtype, or NaN; return None if there is nothing of these."""
    if isinstance(wanted, tuple):
        if not isinstance(got, list | tuple) or len(got) != len(wanted):
            return say(
                "Return {wanted}, separated by commas: yours returned {got}.",
                wanted=describe_type(wanted),
                got=describe_type(got),
            )
        return next(filter(None, map(wrong_type, got, wanted)), None)
    if isinstance(wanted, list) and not isinstance(got, list | tuple):
        return say("Return a list: yours returned {got}.", got=describe_type(got))
    if isinstance(wanted, torch.Tensor):
        return _wrong_tensor(got, wanted)
    if isinstance(wanted, float):
        if isinstance(got, bool) or not isinstance(got, numbers.Real):
            return say("Return one number: yours returned {got}.", got=describe_type(got))
        return say(NOT_A_NUMBER) if got != got else None
    return None


def _wrong_tensor(got, wanted):
    """Explain what is wrong where a tensor is wanted, its numbers apart, or return None."""
    if isinstance(got, list):
        return say(
            "Return a tensor: yours returned {got}; `torch.stack` makes one tensor of a list.",
            got=describe_type(got),
        )
    if not isinstance(got, torch.Tensor):
        return say("Return a tensor: yours returned {got}.", got=describe_type(got))
    if got.shape != wanted.shape:
        message = say(
            "The shape should be {wanted}, and yours is {got}.",
            wanted=tuple(wanted.shape),
            got=tuple(got.shape),
        )
        if got.numel() == wanted.numel() and same(got.reshape(wanted.shape), wanted):
            return f"{message} {say(RESHAPED)}"
        if got.ndim > 1 and same(got.mT, wanted):
            return f"{message} {say(TRANSPOSED)}"
        if wanted.ndim:
            return message + " " + say("Which axis is missing, left over, or in another's place?")
        return message + " " + say("Return one number.")
    if got.is_complex() or (got.dtype == torch.bool and wanted.dtype != torch.bool):
        return say(
            "Return numbers such as {wanted}: yours are {got}.", wanted=wanted.dtype, got=got.dtype
        )
    if got.isnan().any():
        return say(NOT_A_NUMBER)
    if wanted.dtype == torch.bool and got.dtype != torch.bool:
        return say("Return True and False, torch.bool: yours are {got}.", got=got.dtype)
    return None


def describe_difference(got, wanted, case) -> str:
    """Show where two answers of the same type differ, and name a simple pattern in all of it."""
    if isinstance(wanted, tuple):
        i = next(i for i in range(len(wanted)) if not same(got[i], wanted[i]))
        message = say("Of what you return, number {place} is not right.", place=i + 1)
        return f"{message} {describe_difference(got[i], wanted[i], case)}"
    if isinstance(wanted, torch.Tensor) and describe_value(got) == describe_value(wanted):
        # the numbers are not shown, or too near to differ when they are
        gap = (_plain(got) - _plain(wanted)).abs()
        at = [int(i) for i in torch.unravel_index(gap.argmax(), gap.shape)]
        message = say(
            "The shape is right, the numbers are not: at {at} the answer is {wanted:.6g}, but "
            "yours is {got:.6g}.",
            at=at,
            wanted=wanted[tuple(at)].item(),
            got=got[tuple(at)].item(),
        )
    else:
        message = say(
            "Given {case}, the answer is {wanted}, but yours is {got}.",
            case=describe_value(case),
            wanted=describe_value(wanted),
            got=describe_value(got),
        )
    return " ".join(filter(None, (message, describe_pattern(got, wanted))))


def describe_pattern(got, wanted) -> str | None:
    """Name a simple pattern in a wrong answer: transposed, negated, scaled, shifted; or None."""
    if isinstance(wanted, list):
        items = [x.item() if isinstance(x, torch.Tensor) and x.ndim == 0 else x for x in got]
        return say(EACH_A_TENSOR) if same(items, wanted) else None
    if not isinstance(wanted, torch.Tensor):
        got, wanted = torch.tensor(float(got)), torch.tensor(float(wanted))
    if wanted.dtype == torch.bool:
        return say(UPSIDE_DOWN) if same(got, ~wanted) else None
    if wanted.ndim > 1 and same(got, wanted.mT):
        return say(TRANSPOSED)
    got, wanted = _plain(got).flatten(), _plain(wanted).flatten()
    if same(got, -wanted):
        return say(TURNED)
    if wanted.numel() == 1:
        return say(PERCENT) if same(got, 100 * wanted) else None
    if times := _constant(got / wanted):
        return say(TIMES, times=times)
    if more := _constant(got - wanted):
        return say(LARGER, more=more) if more > 0 else say(SMALLER, more=-more)
    return None


def _constant(gaps):
    """Return the number that stands at all places, NaN apart, three at least; or None."""
    gaps = gaps[~gaps.isnan()]
    constant = len(gaps) > 2 and (gaps - gaps[0]).abs().max() < 1e-3 * gaps[0].abs()
    return gaps[0].item() if constant else None


# --- errors ---


def one_line(error: BaseException | None) -> str:
    """Return an exception's name and the first line of its message; an empty string for None."""
    if error is None:
        return ""
    lines = str(error).strip().splitlines()
    line = _shorten(lines[0] if lines else say("no message"))
    return f"{type(error).__name__}: {line.rstrip('.')}"


def describe_error(answer, error, case) -> str:
    """Describe an exception, the learner's line where it happened, and the inputs."""
    line = _line(answer, error)
    if isinstance(error, sandbox.TooLong):
        message = say(ENDLESS, seconds=sandbox.SECONDS)
        message += " " + say("It was at the line `{line}`.", line=line) if line else ""
    elif line:
        message = say(
            "Your function stopped at the line `{line}` with {error}.",
            line=line,
            error=one_line(error),
        )
    else:
        message = say("Your function stopped with {error}.", error=one_line(error))
    count, inputs = len(case), "; ".join(map(describe_type, case))
    if count == 1:
        given = say("It was given 1 input: {inputs}.", inputs=inputs)
    else:
        given = say("It was given {count} inputs: {inputs}.", count=count, inputs=inputs)
    return f"{message} {given}"


def likely_cause(error: BaseException) -> str | None:
    """Say what an error of this kind mostly comes from, or return None."""
    line = one_line(error)
    return next((say(c) for known, c in LIKELY_CAUSES.items() if re.search(known, line)), None)


def _line(answer, error):
    """Return the learner's line where an exception was raised, or None."""
    file = getattr(getattr(answer, "__code__", None), "co_filename", None)
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        if frame.f_code.co_filename == file and (line := linecache.getline(file, number).strip()):
            return line
    return None
