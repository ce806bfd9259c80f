"""What is said of a function that stopped: which error, at which line, on what, and what it means.

In here: errors of Python and PyTorch. Not in here: what comes back, judging, exercises.
"""

import linecache
import re
import traceback

from helpers.exercises import sandbox as guards
from helpers.exercises.explain import IN_PLACE, brief, kind
from helpers.language import later, say

ENDLESS = later(
    "Your function had not come back after {seconds:g} seconds and was stopped. Look for a loop "
    "that never ends, such as a `while` whose condition stays true."
)
SLIPS = {  # what an error mostly comes from
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


def said(error) -> str:
    """Return an exception's name and the first line of its message; an empty string for None."""
    if error is None:
        return ""
    try:
        lines = str(error).strip().splitlines()
    except Exception:  # an exception that cannot even say what it is
        lines = []
    line = brief(lines[0] if lines else say("no message"))
    return f"{type(error).__name__}: {line.rstrip('.')}"


def raised(answer, error, case) -> str:
    """Describe an exception, the line where it happened, and the inputs that caused it."""
    line = _line(answer, error)
    if isinstance(error, guards.TooLong):
        told = say(ENDLESS, seconds=guards.SECONDS)
        told += " " + say("It was at the line `{line}`.", line=line) if line else ""
    elif line:
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


def slip(error) -> str | None:
    """Say what an error of this kind mostly comes from, or return None."""
    return next((say(told) for known, told in SLIPS.items() if re.search(known, said(error))), None)


def _line(answer, error):
    """Return the learner's line where an exception was raised, or None."""
    file = getattr(getattr(answer, "__code__", None), "co_filename", None)
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        if frame.f_code.co_filename == file and (line := linecache.getline(file, number).strip()):
            return line
    return None
