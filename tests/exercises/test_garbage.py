"""Whatever is handed in: no checker raises, hangs, accepts it, or leaves the world changed.

Every checker is found by its name and called as its check cell calls it: with one function.
"""

import ast
import asyncio
import copy
import functools
import gc
import io
import itertools
import math
import os
import random
import re
import signal
import sys
import time
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.exercises import sandbox as guards
from helpers.exercises.explain import same
from helpers.exercises.judge import Verdict, compare
from tests.support.checkers import CHECKERS, overheard
from tests.support.stored import tags

EACH = pytest.mark.parametrize("checker", CHECKERS.values(), ids=CHECKERS)
CALLS = {name: overheard(checker) for name, checker in CHECKERS.items()}
HANGUL = re.compile("[가-힣]")
PROMPT = 2.0  # seconds within which a verdict is there, unless something never ends
PATIENCE = 0.02  # seconds after which what never ends is stopped, in here
TURNS = itertools.cycle(range(3))


def oracle_of(checker):
    """Return the right answer to what a checker asks for."""
    return next(CALLS[name]["oracle"] for name, each in CHECKERS.items() if each is checker)


def cases_of(checker):
    """Return the inputs that a checker tries an answer on."""
    return next(CALLS[name]["cases"] for name, each in CHECKERS.items() if each is checker)


def world():
    """Return what lies outside of a function, and what it might leave changed."""
    state = np.random.get_state()
    return {
        "torch's random numbers": torch.get_rng_state().numpy().tobytes(),
        "NumPy's random numbers": (state[1].tobytes(), *state[2:]),
        "Python's random numbers": random.getstate(),
        "dtype": torch.get_default_dtype(),
        "device": torch.get_default_device(),
        "gradients": torch.is_grad_enabled(),
        "inference": torch.is_inference_mode_enabled(),
        "threads": torch.get_num_threads(),
        "NumPy's errors": np.geterr(),
        "environment": dict(os.environ),
        "streams": (sys.stdin, sys.stdout, sys.stderr),
        "recursion": sys.getrecursionlimit(),
        "warnings": list(warnings.filters),
        "alarm": (signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)),
        "trace": sys.gettrace(),
    }


@pytest.fixture(scope="module", autouse=True)
def warm():
    """Let everything be imported that is imported late, warnings and all."""
    for checker in CHECKERS.values():
        checker(oracle_of(checker)), checker(len)


@pytest.fixture(autouse=True)
def bench(monkeypatch):
    """Be lenient, and let the environment be written to."""
    monkeypatch.delenv("COURSE_STRICT", raising=False)
    monkeypatch.setenv("COURSE_EDITION", "en")
    torch.set_num_threads(1)


@pytest.fixture
def impatient(monkeypatch):
    """Stop early what never ends, and never while rubbish is collected, which cannot be stopped."""
    monkeypatch.setattr(guards, "SECONDS", PATIENCE)
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def welcome(checker, answer, ok=False, editions=("en", "ko")):
    """Yield what is wrong with how a checker meets what is handed in, in both languages.

    `answer` makes what is handed in, from the right answer.
    """
    for edition in editions:
        os.environ["COURSE_EDITION"] = edition
        handed, before = answer(oracle_of(checker)), world()
        started = time.process_time()
        try:
            said = checker(handed)
        except BaseException as error:
            yield f"{checker.__name__}, {edition}: raises {type(error).__name__}: {error}"[:300]
            continue
        finally:
            changed = [name for name, value in world().items() if value != before[name]]
            yield from (f"{checker.__name__}: leaves changed: {name}" for name in changed)
        if time.process_time() - started > PROMPT:
            yield f"{checker.__name__}: {time.process_time() - started:.1f} s"
        if not isinstance(said, Verdict) or said.ok is not ok:
            yield f"{checker.__name__}: {said!r}"[:300]
        elif unfriendly(said.message, edition):
            yield f"{checker.__name__}, {edition}: unfriendly: {said.message!r}"[:600]


def unfriendly(message, edition):
    """Tell whether a message is too short, too long, raw, or in another language."""
    raw = re.search(r"Traceback|object at 0x|[\ud800-\udfff]", message)
    odd_size = len(message.split()) < 4 or len(message) > 1500
    return raw or odd_size or (edition == "ko") > bool(HANGUL.search(message))


def check_everywhere(answer, **how):
    """Assert that all checkers meet what is handed in as they should, every third in Korean too."""
    told, turn = [], next(TURNS)
    for n, checker in enumerate(CHECKERS.values()):
        editions = ("en", "ko") if n % 3 == turn else ("en",)
        told += welcome(checker, answer, editions=editions, **how)
    assert not told, "\n".join(told)


def test_check_cells_call_each_checker_with_one_function(notebooks):
    called = set()
    for stored in notebooks:
        for cell in stored.cells:
            if "check" in tags(cell):
                call = ast.parse(cell.source).body[-1].value
                assert [type(each) for each in call.args] == [ast.Name] and not call.keywords
                called.add(call.func.id)
    assert called == {checker.__name__ for checker in CHECKERS.values()}


# --- what is no function, or another one ---


class Odd(Exception):
    """A thing that fails whatever it is asked, and an exception that cannot say what it is."""

    def fail(self, *_):
        raise ValueError("odd")

    __str__ = __repr__ = __eq__ = __bool__ = __len__ = __iter__ = __float__ = __index__ = fail
    __array__ = __lt__ = __sub__ = __rsub__ = __format__ = __contains__ = fail
    __hash__ = None


class Masked:
    """A thing that does not even tell its class."""

    @property
    def __class__(self):
        raise RuntimeError("no class")


NO_FUNCTIONS = {
    "None": None,
    "a number": 3,
    "NaN": math.nan,
    "a text": "softmax",
    "a class": dict,
    "a class of modules": torch.nn.Softmax,
    "an exception's class": ValueError,
    "a module": torch,
    "a tensor": torch.ones(2, 3),
    "a list": [1, 2],
    "a generator": (i for i in ()),
    "an odd thing": Odd(),
    "a thing without a class": Masked(),
    "a thing that is not there": NotImplemented,
}


@pytest.mark.parametrize("name", NO_FUNCTIONS)
def test_what_is_no_function_is_told(name):
    check_everywhere(lambda oracle: NO_FUNCTIONS[name])


async def promise(*inputs):
    return None


async def promises(*inputs):
    yield None


def yields(*inputs):
    yield None


class Uncallable:
    def __call__(self):
        return 1


FUNCTIONS = {
    "no parameter": lambda: None,
    "ten parameters": lambda a, b, c, d, e, f, g, h, i, j: a,
    "keywords alone": lambda *, x: x,
    "parameters that are not there": Uncallable(),
    "async": promise,
    "an async generator": promises,
    "a generator": yields,
    "a function of Python": len,
    "a function of PyTorch": torch.linalg.svd,
    "a partial": functools.partial(torch.add, 1, 2),
    "a module": torch.nn.Linear(2, 3),
    "a checker": next(iter(CHECKERS.values())),
}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_of_another_kind_is_told(function):
    check_everywhere(lambda oracle: function)


# --- what comes back ---


class Endless:
    """A thing that never comes back, whatever it is asked."""

    def stay(self, *_):
        while True:
            pass

    __eq__ = __repr__ = __len__ = __iter__ = __bool__ = __float__ = __str__ = stay
    __hash__ = None


class EndlessList(list):
    __len__ = __iter__ = __eq__ = __repr__ = Endless.stay


class Sub(torch.Tensor):
    """A tensor that is proud of being another one."""


class Liar(torch.Tensor):
    """A tensor that is equal to all others."""

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        return True


class Broken(torch.Tensor):
    """A tensor that cannot be worked with."""

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        raise RuntimeError("broken")


def knot():
    tied = []
    tied.append(tied)
    return tied


def deep():
    nest = []
    for _ in range(5_000):
        nest = [nest]
    return nest


STRANGE = {
    "None": lambda: None,
    "the dots of the stub": lambda: ...,
    "a number": lambda: 3,
    "NaN": lambda: math.nan,
    "infinity": lambda: math.inf,
    "a number of a thousand digits": lambda: 10**1000,
    "a complex number": lambda: 0.5j,
    "True": lambda: True,
    "a text": lambda: "0.5",
    "a long text": lambda: "long " * 10**6,
    "half a character": lambda: "\ud800",
    "bytes": lambda: b"\xff",
    "a long list": lambda: [0] * 10**6,
    "a dict": lambda: {"context": 1},
    "a set": lambda: {1, 2},
    "an iterator without end": itertools.count,
    "a ragged list": lambda: [[1.0], [2.0, 3.0]],
    "a list in itself": knot,
    "a deep list": deep,
    "a list of odd things": lambda: [Odd(), Odd(), Odd()],
    "a tuple of odd things": lambda: (Odd(), Odd()),
    "odd": Odd,
    "an odd class": lambda: Odd,
    "without a class": Masked,
    "a module": lambda: math,
    "a function": lambda: len,
    "an array": lambda: np.ones((2, 3)),
    "an array of things": lambda: np.array([None, "a"], dtype=object),
    "an empty tensor": lambda: torch.empty(0),
    "a tensor of one number": lambda: torch.tensor(7.0),
    "a tensor of many axes": lambda: torch.zeros(1, 1, 1, 1, 1, 1, 1),
    "a huge tensor": lambda: torch.zeros(1).expand(10**6, 10**6),
    "a tensor without numbers": lambda: torch.ones(2, 3, device="meta"),
    "a parameter without a shape": torch.nn.UninitializedParameter,
    "a tensor that lies": lambda: torch.ones(2, 3).as_subclass(Liar),
    "a tensor that is broken": lambda: torch.ones(2, 3).as_subclass(Broken),
}


@pytest.mark.parametrize("make", STRANGE.values(), ids=STRANGE)
def test_a_strange_thing_that_comes_back_is_told(make):
    check_everywhere(lambda oracle: lambda *inputs: make())


def mapped(change, value):
    """Return an answer with all its tensors changed; one tensor where it has none."""
    if isinstance(value, torch.Tensor):
        return change(value)
    if isinstance(value, tuple):
        return tuple(mapped(change, item) for item in value)
    return change(torch.tensor([0.25, 0.5]))


def real(tensor):
    return tensor.detach().clone().float()


DISGUISED = {
    "NaN": lambda right: torch.full_like(real(right), math.nan),
    "infinity": lambda right: torch.full_like(real(right), math.inf),
    "one NaN": lambda right: real(right).index_fill(-1, torch.tensor([0]), math.nan),
    "meta": lambda right: right.to("meta"),
    "sparse": lambda right: right.detach().to_sparse(),
    "complex": lambda right: real(right) + 0j,
    "bytes": lambda right: (real(right) * 100).to(torch.uint8) + 7,
    "whole numbers": lambda right: (real(right) * 100).long() + 7,
    "True": lambda right: torch.ones_like(right, dtype=torch.bool),
    "half precision": lambda right: real(right).half() + 1,
    "eight bits": lambda right: (real(right) + 3).to(torch.float8_e4m3fn),
    "asking for a gradient": lambda right: (real(right) + 1).requires_grad_(),
    "a parameter": lambda right: torch.nn.Parameter(real(right) + 1),
    "a subclass": lambda right: (real(right) + 1).as_subclass(Sub),
    "a subclass that lies": lambda right: (real(right) + 1).as_subclass(Liar),
    "a subclass that is broken": lambda right: (real(right) + 1).as_subclass(Broken),
    "all zero": lambda right: torch.zeros_like(real(right)) - 5,
    "an axis more": lambda right: right[None],
    "all axes in one": lambda right: right.reshape(-1, 1, 1),
    "a list": lambda right: [right, right],
    "nested lists": lambda right: right.tolist() if right.ndim else [right.item()],
    "an array": lambda right: right.detach().numpy(),
}


@pytest.mark.parametrize("change", DISGUISED.values(), ids=DISGUISED)
def test_the_shape_of_the_answer_filled_with_something_else_is_told(change):
    check_everywhere(lambda oracle: lambda *inputs: mapped(change, oracle(*inputs)))


def under_inference(oracle):
    @torch.inference_mode()
    def answer(*inputs):
        return mapped(lambda right: real(right) + 1, oracle(*inputs))

    return answer


def test_a_wrong_answer_made_without_any_record_is_told():
    check_everywhere(under_inference)


SHAPES = st.lists(st.integers(0, 5), max_size=4).map(tuple)
DTYPES = st.sampled_from(
    [torch.float32, torch.float64, torch.float16, torch.int64, torch.bool, torch.complex64]
)
ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(),
    st.binary(),
    st.builds(lambda shape, dtype: torch.ones(shape, dtype=dtype), SHAPES, DTYPES),
    st.builds(lambda shape: torch.full(shape, math.nan), SHAPES),
    st.builds(Odd),
    st.sampled_from([object(), Odd, len, torch, np.ones((2, 3)), torch.eye(2, 3).to_sparse()]),
)
GARBAGE = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(max_size=3), inner, max_size=2),
        st.lists(inner, max_size=4).map(iter),
    ),
    max_leaves=6,
)


@given(GARBAGE, st.sampled_from(list(CHECKERS.values())))
@settings(deadline=None, max_examples=150)
def test_no_garbage_makes_a_checker_raise_or_accept(value, checker):
    for answer in (lambda *inputs: value, raising(ValueError(value))):
        said = checker(answer)
        assert not said.ok and said.message and said._repr_html_().encode()
    if not callable(value):
        assert not checker(value).ok


# --- what is raised ---


def raising(error):
    def answer(*inputs):
        raise error

    return answer


class Own(BaseException):
    """What nobody expects."""


RAISED = (
    ValueError("some words"),
    ValueError("\ud800 {braces} <b>&amp; %s\n\nmore"),
    ValueError("long " * 10**6),
    ValueError(Odd()),
    RuntimeError(),
    AssertionError("mine"),
    NotImplementedError(),
    KeyError("key"),
    StopIteration(),
    StopAsyncIteration(),
    MemoryError(),
    RecursionError("too deep"),
    OverflowError(),
    TimeoutError(),
    SystemExit(1),
    GeneratorExit(),
    asyncio.CancelledError(),
    UserWarning("careful"),
    ExceptionGroup("two", [ValueError(), KeyError()]),
    BaseExceptionGroup("two", [SystemExit(), KeyError()]),
    Own(),
    Odd(),
)


@pytest.mark.parametrize("error", RAISED, ids=lambda error: type(error).__name__)
def test_what_is_raised_is_told(error):
    check_everywhere(lambda oracle: raising(error))


@pytest.mark.parametrize("answer", [raising(KeyboardInterrupt()), lambda *inputs: Interrupting()])
def test_the_learner_can_interrupt_all_checkers(answer):
    for checker in CHECKERS.values():
        before = world()
        with pytest.raises(KeyboardInterrupt):
            checker(answer)
        assert world() == before


class Interrupting(list):
    """A list whose reading is interrupted."""

    def __len__(self):
        raise KeyboardInterrupt

    __iter__ = __repr__ = __len__


# --- what never ends ---


def recursion(*inputs):
    return recursion(*inputs)


def recursion_that_catches(*inputs):
    try:
        return recursion_that_catches(*inputs)
    except ValueError:
        return None


@pytest.mark.parametrize("answer", [recursion, recursion_that_catches])
def test_an_endless_recursion_is_told(answer):
    check_everywhere(lambda oracle: answer)


def loop(*inputs):
    while True:
        pass


def loop_that_catches_all(*inputs):
    while True:
        try:
            torch.ones(3).sum()
        except:  # noqa: E722
            continue


def sleep_that_catches_all(*inputs):
    while True:
        try:
            time.sleep(10)
        except BaseException:
            continue


def loop_that_prints(*inputs):
    while True:
        print("more")


def endless_generator(*inputs):
    return [i for i in itertools.count()]  # noqa: C416


ENDLESS = {
    "a loop": loop,
    "a loop that catches all": loop_that_catches_all,
    "a sleep that catches all": sleep_that_catches_all,
    "a loop that prints": loop_that_prints,
    "a list without end": endless_generator,
    "a thing without end": lambda *inputs: Endless(),
    "a list that is endless to read": lambda *inputs: EndlessList([1]),
    "an error without end": raising(type("Stuck", (Exception,), {"__str__": Endless.stay})()),
}


@pytest.mark.parametrize("answer", ENDLESS.values(), ids=ENDLESS)
def test_what_never_ends_is_stopped(answer, impatient, capsys):
    check_everywhere(lambda oracle: answer)


def test_a_loop_that_never_ends_is_told_with_its_line(impatient):
    told = [checker(loop).message for checker in CHECKERS.values()]
    first = f"Your function had not come back after {PATIENCE} seconds and was stopped."
    assert [t for t in told if not t.startswith(first) or "was at the line `" not in t] == []


def test_the_time_that_an_answer_has_is_short_and_enough():
    assert 2 <= guards.SECONDS <= 10


# --- what is printed ---


@EACH
def test_of_what_is_printed_a_page_is_shown_and_no_more(checker, capsys):
    oracle = oracle_of(checker)

    def answer(*inputs):
        for _ in range(200):
            print("x" * 10_000)
        print("y" * 5_000_000, file=sys.stderr)
        return oracle(*inputs)

    assert checker(answer).ok
    out, err = capsys.readouterr()
    for shown in (out, err):
        assert guards.ROOM <= len(shown) < guards.ROOM + 200
        assert shown.endswith("The rest of what your function prints is left out.\n")


def test_what_is_printed_is_shown_once_for_each_case(capsys):
    cases = ((1,), (2,))
    said = compare(lambda x: print(x) or x, lambda x: x, cases, (), "Good.")
    assert said.ok and capsys.readouterr() == ("1\n2\n", "")


# --- what is left behind ---


def no_gradients():
    torch.no_grad().__enter__()


def all_of_the_environment():
    os.environ.clear()


def own_stream():
    sys.stdout = sys.stderr = io.StringIO()


def another_alarm():
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, 30)


LEFT_BEHIND = {
    "a dtype": lambda: torch.set_default_dtype(torch.float64),
    "a device": lambda: torch.set_default_device("meta"),
    "no gradients": lambda: torch.set_grad_enabled(False),
    "no gradients, entered": no_gradients,
    "threads": lambda: torch.set_num_threads(3),
    "torch's seed": lambda: torch.manual_seed(99),
    "torch's random numbers": lambda: torch.rand(5),
    "NumPy's seed": lambda: np.random.seed(99),
    "Python's seed": lambda: random.seed(99),
    "NumPy's errors": lambda: np.seterr(all="ignore"),
    "strictness": lambda: os.environ.update(COURSE_STRICT="1"),
    "an edition": lambda: os.environ.update(COURSE_EDITION="xx"),
    "no environment": all_of_the_environment,
    "a stream": own_stream,
    "a closed stream": lambda: sys.stdout.close(),
    "a limit": lambda: sys.setrecursionlimit(5000),
    "warnings": lambda: warnings.simplefilter("ignore"),
    "an alarm": another_alarm,
}
NEEDS_GRADIENTS = ("no gradients", "no gradients, entered")


@pytest.mark.parametrize("name", LEFT_BEHIND)
def test_what_an_answer_leaves_behind_is_put_back(name):
    def leaving(oracle, comes_back):
        def answer(*inputs):
            LEFT_BEHIND[name]()
            return oracle(*inputs) if comes_back else None

        return answer

    check_everywhere(lambda oracle: leaving(oracle, False))
    if name not in (*NEEDS_GRADIENTS, "a device", "a dtype"):
        check_everywhere(lambda oracle: leaving(oracle, True), ok=True)


def test_a_warning_is_shown_and_is_no_mistake():
    def warning(x):
        warnings.warn("careful", stacklevel=1)
        return x

    with pytest.warns(UserWarning, match="careful"):
        assert compare(warning, lambda x: x, ((1,),), (), "Good.").ok


# --- what is kept from call to call ---


def once(oracle):
    """Make an answer that is right the first time, and then no more."""
    calls = []

    def answer(*inputs):
        calls.append(1)
        return oracle(*inputs) if len(calls) == 1 else None

    return answer


def each_case_once(oracle):
    """Make an answer that is right the first time that it sees a case."""
    calls = []

    def answer(*inputs):
        calls.append(inputs)
        return mapped(lambda x: x[None], oracle(*inputs)) if seen(calls) else oracle(*inputs)

    return answer


def seen(calls):
    return any(same(calls[-1], before) for before in calls[:-1])


def test_an_answer_that_is_right_once_is_not_right():
    check_everywhere(once)


def test_an_answer_that_is_right_once_for_each_case_is_not_right():
    check_everywhere(each_case_once)


def test_an_answer_that_knows_the_first_case_by_heart_is_not_right():
    def by_heart(oracle):
        known = []

        def answer(*inputs):
            known.append(oracle(*inputs))
            return known[0]

        return answer

    check_everywhere(by_heart)


def spoil(value):
    """Edit a tensor or a list where it stands; tell whether there was anything to edit."""
    if isinstance(value, torch.Tensor) and value.numel():
        with torch.no_grad():
            value.logical_not_() if value.dtype == torch.bool else value.add_(1)
        return True
    if isinstance(value, list):
        value.append(value[0]) if value else value.append(0)
        return True
    return False


def editable(checker):
    """Return the places of the inputs that an answer could edit."""
    kinds = (torch.Tensor, list)
    return [i for i, value in enumerate(cases_of(checker)[0]) if isinstance(value, kinds)]


@EACH
def test_every_input_that_is_edited_is_seen(checker):
    for i in editable(checker):

        def at_once(oracle, i=i):
            def answer(*inputs):
                out = mapped_copy(oracle(*inputs))
                spoil(inputs[i])
                return out

            return answer

        def later(oracle, i=i):
            kept = []

            def answer(*inputs):
                if kept:
                    spoil(kept[-1][i])
                kept.append(inputs)
                return mapped_copy(oracle(*inputs))

            return answer

        for make in (at_once, later):
            assert list(welcome(checker, make)) == []
            os.environ["COURSE_EDITION"] = "en"
            assert "in place" in checker(make(oracle_of(checker))).message


def mapped_copy(value):
    """Return an answer that shares no memory with the inputs."""
    if isinstance(value, torch.Tensor):
        return value.clone()
    if isinstance(value, list | tuple):
        return type(value)(map(mapped_copy, value))
    return value


# --- what is nearly right ---


def nudged(value, pick):
    """Return an answer that is off by a little at one place."""
    if isinstance(value, tuple | list):
        at = pick % len(value)
        items = [nudged(v, pick // 7) if i == at else v for i, v in enumerate(value)]
        return type(value)(items)
    if isinstance(value, torch.Tensor):
        out = value.detach().clone()
        at = tuple(pick % size for size in out.shape)
        out[at] = nudged(out[at].item(), pick)
        return out
    if isinstance(value, bool | str):
        return not value if isinstance(value, bool) else value + "s"
    return value + 1 if isinstance(value, int) else value + 0.01 * (1 + abs(value))


def scaled(value, pick):
    """Return an answer that is larger by one per cent."""
    if isinstance(value, tuple | list):
        return type(value)(scaled(item, pick) for item in value)
    real = isinstance(value, float) or (torch.is_tensor(value) and value.is_floating_point())
    return value * 1.01 if real else value


def swapped(value, pick):
    """Return an answer with two rows or items in each other's place."""
    if isinstance(value, tuple):
        return tuple(swapped(v, pick) if i == pick % len(value) else v for i, v in enumerate(value))
    size = value.shape[pick % value.ndim] if torch.is_tensor(value) and value.ndim else 0
    size = len(value) if isinstance(value, list) else size
    if size < 2:
        return value
    order, first = list(range(size)), pick % size
    second = (first + 1 + pick % (size - 1)) % size
    order[first], order[second] = second, first
    if isinstance(value, list):
        return [value[i] for i in order]
    return value.index_select(pick % value.ndim, torch.tensor(order))


def shortened(value, pick):
    """Return an answer without its last row or item."""
    if isinstance(value, tuple):
        items = enumerate(value)
        return tuple(shortened(v, pick) if i == pick % len(value) else v for i, v in items)
    if isinstance(value, list):
        return value[:-1]
    if torch.is_tensor(value) and value.ndim:
        return value.narrow(pick % value.ndim, 0, value.shape[pick % value.ndim] - 1)
    return value


def turned(value, pick):
    """Return an answer with its last two axes swapped, or its items from the last to the first."""
    if isinstance(value, tuple):
        return tuple(turned(v, pick) if i == pick % len(value) else v for i, v in enumerate(value))
    if isinstance(value, list):
        return value[::-1]
    return value.mT if torch.is_tensor(value) and value.ndim > 1 else value


CHANGES = (nudged, scaled, swapped, shortened, turned)


def results(checker, answer):
    """Return what an answer gives on each case of a checker."""
    return [answer(*copy.deepcopy(case)) for case in cases_of(checker)]


def differs(checker, answer):
    """Tell whether an answer differs from the right one on any case."""
    pairs = zip(results(checker, answer), results(checker, oracle_of(checker)), strict=True)
    return not all(same(got, wanted) for got, wanted in pairs)


def nearly(checker, change, pick):
    """Return an answer that is the right one with a change."""
    oracle = oracle_of(checker)
    return lambda *inputs: change(oracle(*inputs), pick)


@given(st.sampled_from(list(CHECKERS.values())), st.sampled_from(CHANGES), st.integers(0, 10**6))
@settings(deadline=None, max_examples=400)
def test_what_is_nearly_right_is_not_right(checker, change, pick):
    answer = nearly(checker, change, pick)
    assert checker(answer).ok is not differs(checker, answer)


@EACH
def test_the_changes_change_every_answer(checker):
    works = {c for c in CHANGES if any(differs(checker, nearly(checker, c, n)) for n in range(9))}
    assert nudged in works and len(works) > 1
    wanted = results(checker, oracle_of(checker))[0]
    if not isinstance(wanted, float) and not (torch.is_tensor(wanted) and wanted.ndim == 0):
        assert {swapped, shortened} <= works


# --- what does not look at its inputs ---


def others(value):
    """Yield things of the same kind that could stand in a value's place."""
    if isinstance(value, torch.Tensor):
        yield from (~value,) if value.dtype == torch.bool else (torch.zeros_like(value),)
        yield from (value.roll(1, axis) for axis in range(value.ndim))
    elif isinstance(value, list | tuple):
        yield from (value[::-1], value[1:] + value[:1])
    elif callable(value):
        yield lambda *inputs: inputs[0]
        yield lambda *inputs: 0.25
        yield lambda *inputs: (torch.zeros(4), 0)
    else:
        yield value + 1


def with_other(oracle, place, n):
    """Make an answer that puts something else in the place of one input."""

    def answer(*inputs):
        inputs = list(inputs)
        inputs[place] = list(others(inputs[place]))[n]
        return oracle(*inputs)

    return answer


SIZE_ALONE = (  # inputs whose numbers do not matter, but how many there are
    ("check_leak_test", 1),  # words, which are only changed
    ("check_diagnose", 0),  # scores, which the weights tell, too
)


@EACH
def test_every_input_matters(checker):
    case, oracle = cases_of(checker)[0], oracle_of(checker)
    for place, value in enumerate(case):
        if (checker.__name__, place) in SIZE_ALONE:
            continue
        said = [checker(with_other(oracle, place, n)) for n in range(len(list(others(value))))]
        assert not all(each.ok for each in said), f"input {place} of {checker.__name__}"


@EACH
def test_inputs_come_in_more_than_one_size(checker):
    sizes = {tuple(map(size, case)) for case in cases_of(checker)}
    assert len(sizes) > 1 or checker.__name__ in ("check_speedup",)


def size(value):
    """Return how large a value is, as far as it can be large."""
    if isinstance(value, torch.Tensor):
        return tuple(value.shape)
    return len(value) if isinstance(value, list | tuple) else value
