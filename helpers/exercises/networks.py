"""Judge of trained networks: what was handed over, how it runs, how many numbers it writes right.

`judge_network` calls a checker's own questions, a function that takes the network, returns what to
say of a right one and raises Complaint about any other. Nothing is trained here. In here: what such
questions are made of. Not in here: any exercise.
"""

import functools
import random
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from linecache import getline
from pathlib import Path

import torch
from torch import nn

from helpers.exercises import sandbox
from helpers.exercises.explain import describe_type, one_line
from helpers.exercises.judge import Report, Verdict, verdict
from helpers.exercises.sandbox import TooLong, call_safely, limit_output
from helpers.messages import later, say
from helpers.tasks import Batch, Task, draw_pairs, make_batch, number_words_task
from helpers.training import exact_match

COUNT = 200  # numbers that a network is to write
NEEDED = 0.85  # share of them that a trained network writes right
UNTRAINED = 0.05  # up to that share it looks as if nothing had been trained
OTHERS = (2, 3, 4, 5, 6, 7, 8)  # digits on which it may have been trained instead
AT_A_TIME = 50  # numbers that are written in one call, which has a time limit
FEW = 12  # numbers on which the wiring is tried: more than a source has words
OURS = (str(Path(torch.__file__).parent), str(Path(__file__).parents[1]))
NO_NETWORK = later(
    "No network was handed over yet. Build it, train it on numbers of {digits} digits with "
    "`learning_curve(model, task, {digits})`, and put its name in the place of None."
)
A_CLASS = later(
    "{name} is the class. Build a network of it, `{name}(…)`, train it, and hand that over."
)
A_CURVE = later("That is the learning curve. Hand over the network that was trained.")
PARAMETERS_ALONE = later(
    "These are a network's parameters alone. Hand over the network that holds them."
)
WITH_MORE = later("The network comes together with something else. Hand over the network alone.")
NO_MODULE = later("A {name} was handed over, not a network, which is an `nn.Module`.")
NO_PARAMETERS = later("It has no parameters, so there is nothing in it that could be trained.")
NOT_FINITE = later(
    "Some of its parameters are NaN or infinite: the training broke off. Build it anew, and train "
    "it again."
)
NO_METHOD = later(
    "It has no method `{name}`, and greedy decoding calls `encode(source)`, then "
    "`decode(target, memory)` at every step."
)
TOO_LONG = later("`{name}` had not come back after {seconds:g} seconds and was stopped.")
STOPPED_AT = later("`{name}` stopped at the line `{line}` with {error}.")
STOPPED = later("`{name}` stopped with {error}.")
RETURNED_NONE = later("`{name}` returned None: see that it ends with `return`.")
TWO_THINGS = later(
    "`decode` is to return the logits and the state after them: yours returned {got}."
)
THREE_THINGS = later(
    "`decode` is to return three things, the logits, the memory and the weights: yours returned "
    "{got}."
)
LOGITS = later("The logits that `decode` returns should be {wanted}: yours are {got}.")
WEIGHTS = later("The weights that `decode` returns should be {wanted}: yours are {got}.")
NOT_A_NUMBER = later(
    "There is NaN (not a number) in the logits. Softmax gives it where all scores are −∞, as with "
    "a mask that is upside down."
)
STEPS = later(
    "For one token at a time, `decode` gives other logits than for all at once, and writing goes "
    "one at a time. Begin with the state that comes in, and return the one after the last token."
)
OTHER_LENGTH = later(
    "It was trained on another length: of numbers of {other} digits it writes {far}% right, of "
    "those of {digits} digits {percent}%. Train it on {digits}: "
    "`learning_curve(model, task, {digits})`."
)
TRAIN_FIRST = later(
    "It is built as it should be, and writes {right} of {count} numbers of {digits} digits right: "
    "it looks untrained. Train it first: `learning_curve(model, task, {digits})`."
)
TRAIN_ON = later(
    "It is built as it should be, and writes {right} of {count} numbers of {digits} digits right, "
    "{percent}%: {needed} are needed. Train it on: "
    "`learning_curve(model, task, {digits}, goal=0.98)`."
)


class Complaint(Exception):
    """What to say to a learner about a network that is not right."""


def judge_network(
    model, digits: int | None, ask: Callable[[nn.Module], str], missing: str = NO_NETWORK
) -> Verdict:
    """Judge a network by a checker's own questions.

    `ask(model)` returns what to say of a right one, or raises Complaint; meanwhile the network is
    in eval mode and no gradient is kept. `missing` is said where nothing was handed over; it may
    name the digits of the numbers that the network is to write. Returns a Verdict whatever the
    learner's code raises, KeyboardInterrupt apart (and see `verdict` on COURSE_STRICT).
    """
    complaint, right = _asked(model, digits, ask, missing)
    return verdict(not complaint, complaint or right)


def report_network(
    model, digits: int | None, ask: Callable[[nn.Module], str], missing: str = NO_NETWORK
) -> Report:
    """Return what `ask(model)` says, or its Complaint, as a report that judges nothing."""
    return Report("".join(_asked(model, digits, ask, missing)))


def _asked(model, digits, ask, missing):
    """Return a complaint about a network, and what to say of a right one; one of them is empty."""
    try:
        _require_network(model, digits, missing)
        with _evaluating(model), limit_output(), torch.no_grad():
            return "", ask(model)
    except Complaint as complaint:
        return str(complaint), ""


def _require_network(model, digits, missing):
    """Complain about anything but a network with finite parameters."""
    if model is None:
        raise Complaint(say(missing, digits=digits))
    if isinstance(model, type):
        raise Complaint(say(A_CLASS, name=model.__name__))
    if isinstance(model, dict):
        tensors = any(isinstance(value, torch.Tensor) for value in model.values())
        raise Complaint(say(PARAMETERS_ALONE) if tensors else say(A_CURVE))
    if isinstance(model, list | tuple) and any(isinstance(each, nn.Module) for each in model):
        raise Complaint(say(WITH_MORE))
    if not isinstance(model, nn.Module):
        raise Complaint(say(NO_MODULE, name=type(model).__name__))
    parameters = list(model.parameters())
    if not parameters:
        raise Complaint(say(NO_PARAMETERS))
    if not all(parameter.isfinite().all() for parameter in parameters):
        raise Complaint(say(NOT_FINITE))


@contextmanager
def _evaluating(model) -> Iterator[None]:
    """Put a network in eval mode, and every part of it back into its own."""
    modes = [(part, part.training) for part in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for part, mode in modes:
            part.training = mode


# --- running it ---


@functools.cache
def number_words() -> Task:
    """Return the task whose vocabularies the networks were built for."""
    return number_words_task()


def draw_batch(model: nn.Module, digits: int) -> Batch:
    """Return FEW numbers as a batch, on the network's device; some sources have padding."""
    pairs = draw_pairs(random.Random(f"{digits} digits, wiring"), digits, FEW)
    return make_batch(number_words(), pairs).to(next(model.parameters()).device)


def read(model: nn.Module, source: torch.Tensor):
    """Return what the network's `encode` returns; complain where it fails.

    Shapes: source (B, S) -> any.
    """
    return _call(model, "encode", source)


def write(model: nn.Module, target: torch.Tensor, memory, source: torch.Tensor | None = None):
    """Return logits, memory and weights of the network's `decode`; complain where they are not so.

    Weights are asked for where there is a `source`, and are else None.
    Shapes: target (B, T), source (B, S) -> logits (B, T, V), any, weights (B, T, S).
    """
    returned = _call(model, "decode", target, memory)
    several = isinstance(returned, list | tuple)
    if source is None and not (several and len(returned) >= 2):
        raise Complaint(say(TWO_THINGS, got=describe_type(returned)))
    if source is not None and not (several and len(returned) == 3):
        raise Complaint(say(THREE_THINGS, got=describe_type(returned)))
    logits, memory, *weights = returned
    _require_shape(LOGITS, logits, (*target.shape, len(number_words().target_vocab)))
    if logits.isnan().any():
        raise Complaint(say(NOT_A_NUMBER))
    if source is None:
        return logits, memory, None
    _require_shape(WEIGHTS, weights[0], (*target.shape, source.shape[1]))
    return logits, memory, weights[0]


def _require_shape(message, got, shape):
    """Complain, in the words of `message`, about what is no tensor of that shape."""
    if not isinstance(got, torch.Tensor) or got.shape != shape:
        wanted = say("a tensor of shape {shape}", shape=shape)
        raise Complaint(say(message, wanted=wanted, got=describe_type(got)))


def require_steps(model: nn.Module, batch: Batch, weights: bool = False) -> None:
    """Complain about a `decode` that goes one token at a time otherwise than all at once."""
    source, target = batch.source, batch.target_in[:, :3]
    asked = source if weights else None
    whole, _, _ = write(model, target, read(model, source), asked)
    memory = read(model, source)
    for t in range(target.shape[1]):
        logits, memory, _ = write(model, target[:, t : t + 1], memory, asked)
        if not torch.allclose(logits, whole[:, t : t + 1], atol=1e-3, rtol=1e-3):
            raise Complaint(say(STEPS))


def answer(model: nn.Module, *inputs):
    """Return what the network returns when it is called; complain where it fails."""
    return _returned(model, "forward", inputs)


def _call(model, name, *inputs):
    """Return what a method of the network returns; complain where it fails."""
    method = getattr(model, name, None)
    if not callable(method):
        raise Complaint(say(NO_METHOD, name=name))
    return _returned(method, name, inputs)


def _returned(function, name, inputs):
    """Return what a function returns; complain, under a name, where it fails."""
    returned, error = call_safely(function, inputs)
    _require_no_error(name, error)
    if returned is None:
        raise Complaint(say(RETURNED_NONE, name=name))
    return returned


def _require_no_error(name, error):
    """Complain about an error, in one sentence with the learner's line where it happened."""
    if error is None:
        return
    if isinstance(error, TooLong):
        raise Complaint(say(TOO_LONG, name=name, seconds=sandbox.SECONDS))
    if line := _own_line(error):
        raise Complaint(say(STOPPED_AT, name=name, line=line, error=one_line(error)))
    raise Complaint(say(STOPPED, name=name, error=one_line(error)))


def _own_line(error):
    """Return the last line that an error passed and that is neither the course's nor PyTorch's."""
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        file = frame.f_code.co_filename
        if not file.startswith(OURS) and (line := getline(file, number).strip()):
            return line
    return None


# --- what it holds, and what it hands over ---


def parts_of(model: nn.Module, *kinds: type) -> set[str]:
    """Return the names of the network's parts that are of one of these kinds."""
    return {name for name, part in model.named_modules() if isinstance(part, kinds)}


@contextmanager
def noting(model: nn.Module) -> Iterator[set[str]]:
    """Yield the names of the network's parts that have been called in this block."""
    called = set()
    hooks = [
        part.register_forward_pre_hook(lambda *_, name=name: called.add(name))
        for name, part in model.named_modules()
    ]
    try:
        yield called
    finally:
        for hook in hooks:
            hook.remove()


def mapped(function: Callable, memory, *others):
    """Return a memory, tensors in tuples, lists and dicts, with `function` applied to each tensor.

    Where there are `others` of the same form, it gets their tensors too.
    """
    if isinstance(memory, torch.Tensor):
        return function(memory, *others)
    if isinstance(memory, dict):
        return {k: mapped(function, v, *(each[k] for each in others)) for k, v in memory.items()}
    if isinstance(memory, list | tuple):
        made = [mapped(function, *each) for each in zip(memory, *others, strict=True)]
        named = hasattr(memory, "_fields")  # a NamedTuple
        return type(memory)(*made) if named else type(memory)(made)
    return memory


def handed_over(memory, sentences: int) -> int:
    """Return how many numbers a memory holds for each sentence, masks and repetitions apart."""
    held = {}
    mapped(lambda tensor: held.update({id(tensor): tensor}), memory)
    return sum(t.numel() for t in held.values() if t.dtype != torch.bool) // sentences


# --- what it writes ---


def count_right(model: nn.Module, digits: int, count: int = COUNT) -> int:
    """Return how many of so many numbers, drawn by a seed of our own, the network writes right."""
    pairs = draw_pairs(random.Random(f"{digits} digits, for the check"), digits, count)
    right = 0
    for start in range(0, count, AT_A_TIME):
        some = pairs[start : start + AT_A_TIME]
        share, error = call_safely(exact_match, (model, number_words(), some))
        _require_no_error("greedy_decode", error)
        right += round(share * len(some))
    return right


def percent(right: int, count: int = COUNT) -> int:
    """Return a share in percent, rounded down: what falls short of a mark does not look like it."""
    return 100 * right // count


def require_trained(model: nn.Module, digits: int) -> int:
    """Return how many of COUNT numbers the network writes right; complain of fewer than NEEDED."""
    right, needed = count_right(model, digits), round(NEEDED * COUNT)
    if right >= needed:
        return right
    told = {"right": right, "count": COUNT, "digits": digits, "percent": percent(right)}
    if right < COUNT / 2:
        others = {n: percent(count_right(model, n, 50), 50) for n in OTHERS if n != digits}
        other = max(others, key=others.get)
        if others[other] >= 100 * NEEDED:
            far = {"other": other, "far": others[other]}
            raise Complaint(say(OTHER_LENGTH, digits=digits, percent=percent(right), **far))
    if right <= UNTRAINED * COUNT:
        del told["percent"]
        raise Complaint(say(TRAIN_FIRST, **told))
    raise Complaint(say(TRAIN_ON, needed=needed, **told))
