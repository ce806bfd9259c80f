"""All checkers: each known mistake gets its own hint, and what learners hand in is judged fairly.

A wrong answer is made from a checker's oracle, so a new checker is tested as soon as it is there.
"""

import ast
import copy
import math
import re
import signal

import pytest
import torch

from helpers.exercises import explain, judge, sandbox
from helpers.exercises.explain import same
from helpers.exercises.judge import compare, random_tensor
from tests.support.checkers import CHECKERS, MODULES, OF_NETWORKS, arguments_of
from tests.support.stored_notebooks import tags

GIVEN = {name: arguments_of(checker) for name, checker in CHECKERS.items()}
EACH = pytest.mark.parametrize("name", CHECKERS)


@pytest.fixture(autouse=True)
def lenient(monkeypatch):
    monkeypatch.delenv("COURSE_STRICT", raising=False)
    monkeypatch.delenv("COURSE_EDITION", raising=False)
    torch.set_num_threads(1)  # as in the notebooks; more are slower on tensors this small


def judged(name, change):
    """Return a checker's verdict on the right answer with a change."""
    oracle = GIVEN[name]["oracle"]
    return CHECKERS[name](lambda *inputs: change(oracle(*inputs)))


def test_checkers_are_found():
    assert len(MODULES) >= 3 and len(CHECKERS) >= 2 * len(MODULES)


def test_check_cells_call_each_checker_with_one_name(notebooks):
    called = set()
    for stored in notebooks:
        for cell in stored.cells:
            if "check" in tags(cell):
                call = ast.parse(cell.source).body[-1].value
                assert [type(each) for each in call.args] == [ast.Name] and not call.keywords
                called.add(call.func.id)
    of_networks = {checker.__name__ for checker in OF_NETWORKS.values()}
    assert called - of_networks == {checker.__name__ for checker in CHECKERS.values()}
    assert called >= of_networks or not called & of_networks  # all of them, once there is one


# --- known mistakes ---


def outcomes(function, cases):
    """Return what a function gives on each case: (value, its exception in one line)."""
    made = [sandbox.call_safely(function, copy.deepcopy(case)) for case in cases]
    return [(value, explain.one_line(error)) for value, error in made]


def alike(first, second):
    """Tell whether two functions had the same outcomes."""
    pairs = zip(first, second, strict=True)
    return all(a[1] == b[1] and (a[1] or same(a[0], b[0])) for a, b in pairs)


def confusions(oracle, cases, mistakes, right, draw, **_):
    """Yield the mistakes of a checker that are taken for the answer or for one another."""
    everything = [*cases, *map(draw, range(judge.DRAWN))]
    wanted = outcomes(oracle, everything)
    made = [(outcomes(make, everything), hint) for make, hint in mistakes]
    for n, (got, hint) in enumerate(made):
        if alike(got, wanted):
            yield f"equals the answer: {hint}"
        for other, other_hint in made[:n]:
            if alike(got, other):
                yield f"is the same mistake: {hint} / {other_hint}"
        message = compare(mistakes[n][0], oracle, cases, mistakes, right, draw=draw).message
        if not message.endswith(hint):
            yield f"gets another hint: {hint} / {message}"
    if any(error for _, error in wanted):
        yield f"the oracle stops: {wanted}"


@pytest.mark.slow
@EACH
def test_each_known_mistake_gets_its_own_hint(name):
    assert list(confusions(**GIVEN[name])) == []


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda x: x + x, "equals the answer"),
        (lambda x: x + 2 * x, "is the same mistake"),
        (lambda x: torch.matmul(x, x), "is the same mistake"),
        (lambda x: None, "gets another hint"),
    ],
)
def test_confused_mistakes_are_told(make, message):
    x = random_tensor(2, 3)
    known = [(lambda x: 3 * x, "Tripled."), (lambda x: x @ x, "Multiplied."), (make, "New.")]
    cases, draw = ((x,), (x[0],)), lambda seed: (random_tensor(2, 3, seed=seed),)
    found = confusions(lambda x: 2 * x, cases, known, "Doubled.", draw)
    assert message in "\n".join(found)


# --- what is wrong in any exercise ---


def raises(_):
    raise ValueError("some words")


def reshaped(value):
    """Return an answer with an axis more."""
    if isinstance(value, tuple):
        return tuple(map(reshaped, value))
    return torch.stack([value, value]) if isinstance(value, torch.Tensor) else [value]


def nan(value):
    """Return an answer with NaN in place of its numbers."""
    if isinstance(value, tuple | list):
        return type(value)(map(nan, value))
    return torch.full_like(value.float(), math.nan) if isinstance(value, torch.Tensor) else math.nan


KINDS = {
    "returns None": (lambda right: None, "Your function returned None"),
    "raises": (raises, r"stopped at the line `raise .* with ValueError: some words\. It was given"),
    "wrong type": (lambda right: "words", "yours returned 'words'"),
    "wrong shape": (reshaped, "The shape should be|Return one number|but yours is"),
    "NaN": (nan, "NaN|nan"),
}


@pytest.mark.slow
@EACH
def test_wrong_answers_of_any_kind_are_told(name):
    for kind, (change, words) in KINDS.items():
        verdict = judged(name, change)
        assert not verdict.ok and re.search(words, verdict.message), kind


def loop(*inputs):
    while True:
        pass


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no timer that interrupts")
def test_endless_loops_are_stopped_and_told(monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.02)
    for checker in CHECKERS.values():
        message = checker(loop).message
        assert message.startswith("Your function had not come back after 0.02 seconds")
        assert re.search("was at the line `(while True:|pass)`", message)


def copied(value):
    """Return an answer that shares no memory with the inputs."""
    return value.clone() if isinstance(value, torch.Tensor) else copy.copy(value)


def spoil(value):
    """Edit a tensor or a list where it stands."""
    if isinstance(value, list):
        value.append(value[0])
    elif value.dtype == torch.bool:
        value.logical_not_()
    else:
        value += 1


def editing(oracle, place, later):
    """Return the right answer that edits one of its inputs, or of those of the call before."""
    given = []

    def answer(*inputs):
        right = oracle(*inputs)
        right = tuple(map(copied, right)) if isinstance(right, tuple) else copied(right)
        given.append(inputs)
        if len(given) > later:
            spoil(given[-1 - later][place])
        return right

    return answer


@EACH
def test_edited_inputs_are_told(name):
    oracle, case = GIVEN[name]["oracle"], GIVEN[name]["cases"][0]
    for place in [i for i, value in enumerate(case) if isinstance(value, torch.Tensor | list)]:
        for later in (False, True):
            answer = editing(oracle, place, later)
            assert "in place" in CHECKERS[name](answer).message, f"input {place}"


def right_once(oracle, calls):
    return lambda *inputs: calls.append(1) or (oracle(*inputs) if len(calls) == 1 else None)


def right_once_for_each_case(oracle, calls):
    def answer(*inputs):
        calls.append(inputs)
        return None if any(same(inputs, each) for each in calls[:-1]) else oracle(*inputs)

    return answer


def right_for_the_first_case(oracle, calls):
    return lambda *inputs: calls.append(oracle(*inputs)) or calls[0]


@EACH
def test_answers_that_keep_something_between_calls_are_rejected(name):
    checker, oracle = CHECKERS[name], GIVEN[name]["oracle"]
    assert not checker(right_once(oracle, [])).ok
    assert not checker(right_for_the_first_case(oracle, [])).ok
    assert checker(right_once_for_each_case(oracle, [])).message == judge.KEPT


# --- nearly right ---


def nudged(value, pick):
    """Return an answer that is off by a little at one place."""
    if isinstance(value, tuple | list):
        at = pick % len(value)
        items = [nudged(v, pick // 3) if i == at else v for i, v in enumerate(value)]
        return type(value)(items)
    if isinstance(value, torch.Tensor):
        out = value.detach().clone()
        at = tuple(pick % size for size in out.shape)
        out[at] = nudged(out[at].item(), pick)
        return out
    if isinstance(value, bool | str):
        return not value if isinstance(value, bool) else value + "s"
    return value + 1 if isinstance(value, int) else value + 0.01 * (1 + abs(value))


def on_rows(change, value, pick):
    """Return an answer with the rows of one tensor, or the items of a list, changed."""
    if isinstance(value, tuple):
        at = pick % len(value)
        return tuple(on_rows(change, v, pick) if i == at else v for i, v in enumerate(value))
    if isinstance(value, torch.Tensor) and value.ndim:
        axis = pick % value.ndim
        return torch.stack(change(list(value.unbind(axis))), axis)
    return change(value) if isinstance(value, list) else value


def reversed_rows(value, pick):
    return on_rows(lambda rows: rows[::-1], value, pick)


def without_a_row(value, pick):
    return on_rows(lambda rows: rows[:-1] or 2 * rows, value, pick)


@pytest.mark.slow
@EACH
def test_nearly_right_answers_are_rejected(name):
    oracle, cases = GIVEN[name]["oracle"], GIVEN[name]["cases"]
    rights = [oracle(*copy.deepcopy(case)) for case in cases]
    for change in (nudged, reversed_rows, without_a_row):
        for pick in range(4):
            unchanged = all(same(change(right, pick), right) for right in rights)
            verdict = judged(name, lambda right, change=change, pick=pick: change(right, pick))
            assert verdict.ok is unchanged, f"{change.__name__}, {pick}"
            assert not (unchanged and change is nudged)


# --- inputs ---


def all_cases(name):
    """Return the cases of a checker, made by hand and drawn."""
    return [*GIVEN[name]["cases"], *map(GIVEN[name]["draw"], range(judge.DRAWN))]


@EACH
def test_drawn_cases_differ_and_are_always_the_same(name):
    draw = GIVEN[name]["draw"]
    drawn = [explain.SHOWN.repr((explain.describe_type(case), case)) for case in all_cases(name)]
    assert len(set(drawn)) > judge.DRAWN / 2
    assert same(draw(3), draw(3)) or callable(draw(3)[0])
    sizes = [[*map(explain.describe_type, case)] for case in all_cases(name)]
    assert name in NO_SIZE or sizes.count(sizes[0]) > 2, "draw the first size, too"


@EACH
def test_inputs_are_typed_and_laid_out_as_in_the_notebooks(name):
    for tensor in tensors(all_cases(name)):
        assert tensor.dtype in (torch.float32, torch.int64, torch.bool) and tensor.is_contiguous()


def shaken(value):
    """Return an input with a little added to every real number."""
    if isinstance(value, torch.Tensor) and value.is_floating_point():
        return value + 1e-3 * torch.randn(value.shape, generator=torch.Generator().manual_seed(0))
    return type(value)(map(shaken, value)) if isinstance(value, list | tuple) else value


def is_discrete(value):
    """Tell whether an answer is made of words, whole numbers, and True and False alone."""
    if isinstance(value, torch.Tensor):
        return not value.is_floating_point()
    several = isinstance(value, list | tuple)
    return all(map(is_discrete, value)) if several else not isinstance(value, float)


@EACH
def test_no_question_has_two_answers(name):
    oracle = GIVEN[name]["oracle"]
    for case in all_cases(name):
        right = oracle(*copy.deepcopy(case))
        if name not in EXACT and is_discrete(right):
            assert same(oracle(*map(shaken, copy.deepcopy(case))), right), case


def tensors(value):
    """Yield the tensors in nested tuples and lists."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from tensors(item)


# both axes count the same things, so the checker names the transposed answer instead
# whole ones have no size, or their values are one
NO_SIZE = {"04-speedup", "06-clocks"}  # plain numbers, which are the whole case
EXACT = {"08-diagnose"}  # weights of exactly 0 tell a mask
SQUARE = {"04-distances", "04-step_slope", "05-combined", "12-induction"}


@EACH
def test_axes_of_each_input_differ_in_size(name):
    shapes = [tuple(each.shape) for each in tensors(GIVEN[name]["cases"])]
    assert name in SQUARE or [s for s in shapes if len(set(s)) < len(s)] == []


@pytest.mark.parametrize("name", sorted(SQUARE))
def test_transposed_inputs_are_told_where_axes_are_equal(name):
    oracle, mistakes = GIVEN[name]["oracle"], GIVEN[name]["mistakes"]
    verdict = CHECKERS[name](lambda first, *rest: oracle(first.mT, *rest))
    assert verdict.message in [hint for _, hint in mistakes]


@EACH
def test_inputs_come_in_more_than_one_size(name):
    cases = [tuple(map(explain.describe_type, case)) for case in GIVEN[name]["cases"]]
    assert len(set(cases)) > 1


def others(value):
    """Yield things of the same type that could stand in a value's place."""
    if isinstance(value, torch.Tensor):
        yield ~value if value.dtype == torch.bool else torch.zeros_like(value)
        yield from (value.roll(1, axis) for axis in range(value.ndim))
    elif isinstance(value, list | tuple):
        yield from (value[::-1], value[1:] + value[:1])
    elif callable(value):
        yield lambda *inputs: inputs[0]
        yield lambda *inputs: 0.25
        yield lambda *inputs: (torch.zeros(4), 0)
    else:
        yield value + 1


SIZE_ALONE = {  # inputs whose numbers do not matter
    ("08-leak_test", 1),  # words, which are only changed
    ("08-diagnose", 0),  # scores, which the weights tell, too
}


@pytest.mark.slow
@EACH
def test_every_input_matters(name):
    oracle, case = GIVEN[name]["oracle"], GIVEN[name]["cases"][0]
    for place, value in enumerate(case):
        verdicts = []
        for n in range(len(list(others(value)))):

            def answer(*inputs, place=place, n=n):
                other = list(others(inputs[place]))[n]
                return oracle(*inputs[:place], other, *inputs[place + 1 :])

            verdicts.append(CHECKERS[name](answer))
        assert (name, place) in SIZE_ALONE or not all(v.ok for v in verdicts), f"input {place}"
