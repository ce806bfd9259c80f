"""Explanations of wrong answers and errors: how an answer differs, what an error comes from.

In here: comparing two answers, and every sentence about a wrong one that no known mistake explains.
Not in here: calling functions, judging, exercises.
"""

import inspect
import linecache
import numbers
import re
import traceback
from decimal import Decimal
from reprlib import Repr

import numpy as np
import torch

from helpers.exercises import sandbox
from helpers.messages import later, say

FEW = 6  # numbers that are shown one by one
LONG = 200  # characters that are shown of one thing
SHOWN = Repr()
SHOWN.maxlist = SHOWN.maxtuple = SHOWN.maxdict = SHOWN.maxset = 2 * LONG
SHOWN.maxstring = SHOWN.maxother = 2 * LONG
NOTHING = later(
    "Your function returned None. If you have not written it yet, write it in the cell above; if "
    "you have, see that it ends with `return`."
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
CUT_OFF = later(
    "The number is right, but no gradient comes back through it, so nothing could learn from it. "
    "Stay with tensors: `.item()`, `float` and `.detach()` cut the gradient off."
)
NOT_WHOLE = later("The values are right, but they are not whole numbers: `int` makes them so.")
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


def as_wanted(got, wanted):
    """Return an answer in the form of the wanted one, or as it is where that would lose something.

    One number may come as a float, a Decimal, an array or a tensor of one number; several things as
    a tuple, a list or one tensor; a word as NumPy's.
    """
    if isinstance(wanted, tuple):
        if isinstance(got, torch.Tensor) and got.ndim and len(got) == len(wanted):
            got = got.unbind()
        several = isinstance(got, list | tuple) and len(got) == len(wanted)
        return tuple(map(as_wanted, got, wanted)) if several else got
    if isinstance(wanted, list):
        floats = all(isinstance(item, float) for item in wanted)
        if isinstance(got, np.ndarray | torch.Tensor) and got.ndim == 1 and floats:
            got = got.tolist()
        elif isinstance(got, np.ndarray) and got.ndim == 1:
            got = list(got)
        if not wanted or not isinstance(got, list | tuple):
            return got
        return list(map(as_wanted, got, [*wanted, *wanted[-1:] * len(got)]))
    if isinstance(wanted, str):
        return str(got) if isinstance(got, np.str_) else got
    if isinstance(wanted, bool | int):
        return got.item() if isinstance(got, np.bool_ | np.integer) else got
    if isinstance(wanted, float):
        number = _one_number(got)
        return got if number is None else number
    if isinstance(wanted, torch.Tensor) and not wanted.ndim and _one_number(got) is not None:
        return got.reshape(()) if isinstance(got, torch.Tensor) else torch.tensor(_one_number(got))
    return got


def _one_number(value):
    """Return a number in any dress as a float, or None if it is something else."""
    if isinstance(value, torch.Tensor | np.ndarray | np.generic):
        size = value.numel() if isinstance(value, torch.Tensor) else value.size
        if size != 1 or "bool" in str(value.dtype) or "complex" in str(value.dtype):
            return None
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, numbers.Real | Decimal):
        return None
    return float(value)


def same(got, wanted) -> bool:
    """Compare two answers: tensors and floats up to rounding, the rest exactly.

    Where whole numbers are wanted, floats are not the same; a loss that lost its gradient is not
    the same as one that has it.
    """
    if isinstance(got, torch.Tensor) and isinstance(wanted, torch.Tensor):
        if got.shape != wanted.shape or _wrong_dtype(got, wanted):
            return False
        if wanted.requires_grad and not got.requires_grad:
            return False
        return torch.allclose(_plain(got), _plain(wanted), atol=1e-4, rtol=1e-4, equal_nan=True)
    if isinstance(got, list | tuple) and isinstance(wanted, list | tuple):
        return len(got) == len(wanted) and all(map(same, got, wanted))
    if isinstance(got, bool) or isinstance(wanted, bool):
        return got is wanted
    if isinstance(got, numbers.Integral) and isinstance(wanted, numbers.Integral):
        return got == wanted
    if isinstance(got, numbers.Real) and isinstance(wanted, float):
        return got == wanted or abs(got - wanted) < 1e-4 * (1 + abs(wanted))
    return type(got) is type(wanted) and (callable(got) or got == wanted)


def _wrong_dtype(got, wanted):
    """Tell whether numbers are not of the wanted kind: boolean, whole, real or complex."""
    if got.dtype == wanted.dtype:
        return False
    if torch.bool in (got.dtype, wanted.dtype) or got.is_complex() != wanted.is_complex():
        return True
    return got.is_floating_point() and not wanted.is_floating_point()


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
        exact = not value.is_floating_point() and not value.is_complex()
        return str((value if exact else _plain(value).round(decimals=3)).tolist())
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, torch.Tensor) or callable(value):
        return describe_type(value)
    if isinstance(value, list | tuple) and any(isinstance(v, torch.Tensor) for v in value[:LONG]):
        return describe_type(value)
    return _shorten(SHOWN.repr(_rounded(value)))


def _rounded(value):
    """Return a value with the floats in it rounded to what is worth reading."""
    if isinstance(value, list):
        return [_rounded(item) for item in value[:LONG]]
    if type(value) is tuple:
        return tuple(_rounded(item) for item in value[:LONG])
    return float(f"{value:.6g}") if isinstance(value, float) else value


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
        for place, message in enumerate(map(wrong_type, got, wanted), start=1):
            if message:
                which = say("Of what you return, number {place} is not right.", place=place)
                return f"{which} {message}"
        return None
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
    if got.isnan().any():
        return say(NOT_A_NUMBER)
    if wanted.dtype == torch.bool and got.dtype != torch.bool:
        return say("Return True and False, torch.bool: yours are {got}.", got=got.dtype)
    if _wrong_dtype(got, wanted):
        return say(
            "Return numbers such as {wanted}: yours are {got}.", wanted=wanted.dtype, got=got.dtype
        )
    if wanted.requires_grad and not got.requires_grad:
        return say(CUT_OFF)
    return None


def describe_difference(got, wanted, case) -> str:
    """Show where two answers of the same type differ, and name a simple pattern in all of it."""
    if isinstance(wanted, tuple):
        i = next(i for i in range(len(wanted)) if not same(got[i], wanted[i]))
        message = say("Of what you return, number {place} is not right.", place=i + 1)
        return f"{message} {describe_difference(got[i], wanted[i], case)}"
    if isinstance(wanted, torch.Tensor) and describe_value(got) == describe_value(wanted):
        # the numbers are not shown, or too near to differ when they are
        gap = (_plain(got) - _plain(wanted)).abs().nan_to_num(torch.inf)
        gap[got == wanted] = 0  # ∞ − ∞ is no gap
        at = [int(i) for i in torch.unravel_index(gap.argmax(), gap.shape)]
        message = say(
            "The shape is right, the numbers are not: at {at} the answer is {wanted}, but yours is "
            "{got}.",
            at=at,
            wanted=describe_value(wanted[tuple(at)].item()),
            got=describe_value(got[tuple(at)].item()),
        )
    else:
        message = say(
            "Given {case}, the answer is {wanted}, but yours is {got}.",
            case=", ".join(map(describe_value, case)),
            wanted=describe_value(wanted),
            got=describe_value(got),
        )
    return " ".join(filter(None, (message, describe_pattern(got, wanted))))


def describe_pattern(got, wanted) -> str | None:
    """Name a simple pattern in a wrong answer: transposed, negated, scaled, shifted; or None."""
    if isinstance(wanted, list):
        items = [x.item() if isinstance(x, torch.Tensor) and x.ndim == 0 else x for x in got]
        if same(items, wanted):
            return say(EACH_A_TENSOR)
        whole = [int(x) if isinstance(x, float) and x.is_integer() else x for x in got]
        return say(NOT_WHOLE) if same(whole, wanted) else None
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
    if (times := _constant(got / wanted)) and abs(times - 1) > 0.01:
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
    file = getattr(getattr(inspect.unwrap(answer), "__code__", None), "co_filename", None)
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        if frame.f_code.co_filename == file and (line := linecache.getline(file, number).strip()):
            return line
    return None
