"""Judge, on a toy exercise: right answers are accepted, wrong ones are told their own mistake."""

import functools
import math
import re
import sys
from decimal import Decimal

import numpy as np
import pytest
import torch

from helpers.exercises import explain, judge, sandbox
from helpers.exercises.judge import Verdict, compare, random_tensor, random_tensors, verdict
from helpers.figures.style import contrast

X = random_tensor(2, 3)
TWO_SIZES = ((X,), (random_tensor(4, 3),))
MISTAKES = [
    (lambda x: 3 * x, "That is three times."),
    (lambda x: x @ x, "That is a matrix product."),
]


@pytest.fixture(autouse=True)
def lenient(monkeypatch):
    monkeypatch.delenv("COURSE_STRICT", raising=False)


def drawn(seed):
    """Return numbers of the first size, or of another."""
    return (random_tensor(2 + seed % 2, 3, seed=seed),)


def double(answer, oracle=lambda x: 2 * x, cases=((X,),), mistakes=MISTAKES, draw=drawn, **more):
    """Judge an answer to a toy exercise: double the numbers."""
    draw = draw if isinstance(cases[0][0], torch.Tensor) else None
    return compare(answer, oracle, cases, mistakes, "Doubled.", draw=draw, **more)


def returning(value):
    return lambda *inputs: value


def raising(error):
    def answer(*inputs):
        raise error

    return answer


# --- right answers ---


class Doubling(torch.nn.Module):
    def forward(self, x):
        return 2 * x


@pytest.mark.parametrize(
    "answer",
    [
        lambda x: x + x,
        lambda x: (2 * x).double(),
        lambda x: torch.nn.Parameter(2 * x),
        lambda x: torch.stack([torch.stack([2 * e for e in row]) for row in x]),
        lambda x, scale=2: scale * x,
        lambda *inputs: inputs[0] * 2,
        lambda x: torch.tensor(2 * x.numpy()),
        functools.partial(torch.mul, 2),
        Doubling(),
    ],
)
def test_right_answers_are_accepted_in_any_form(answer):
    assert double(answer) == Verdict(True, "Doubled.")


def test_integers_are_accepted_as_numbers():
    whole = (torch.ones(2, 3),)
    assert double(lambda x: (2 * x).int(), cases=(whole,), draw=lambda seed: whole).ok


@pytest.mark.parametrize("got", [0.5, np.float64(0.5), torch.tensor(0.5), 0.5 + 1e-7])
def test_one_number_may_be_a_float_or_a_tensor_of_one_number(got):
    assert double(returning(got), lambda x: 0.5, mistakes=()).ok


@pytest.mark.parametrize("got", [["a", 1], ("a", 1)])
def test_lists_and_tuples_are_interchangeable(got):
    assert double(returning(got), lambda x: ["a", 1], mistakes=()).ok
    assert double(returning(got), lambda x: ("a", 1), mistakes=()).ok


def test_input_itself_may_be_the_answer():
    assert double(lambda x: x, lambda x: x.clone(), mistakes=()).ok


def test_prints_are_shown_once_for_each_case(capsys):
    assert compare(lambda x: print(x) or x, lambda x: x, ((1,), (2,)), (), "Good.").ok
    assert capsys.readouterr().out == "1\n2\n"


def test_floods_of_prints_are_cut(capsys):
    def answer(x):
        for _ in range(1000):
            print("x" * 1000)
        print("y" * 10**6, file=sys.stderr)
        return 2 * x

    assert double(answer).ok
    for shown in capsys.readouterr():
        assert sandbox.CHARACTERS < len(shown) < sandbox.CHARACTERS + 100
        assert shown.endswith("The rest of what your function prints is left out.\n")


# --- wrong answers ---


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (None, "This is a NoneType, not a function"),
        (2 * X, "This is a Tensor, not a function: pass its name, without brackets"),
        (torch.nn.Softmax, "Softmax is a class. Write a function"),
        (returning(None), explain.NOTHING),
        (returning(3), "Return a tensor: yours returned 3."),
        (lambda x: x.numpy(), "yours returned a ndarray"),
        (lambda x: x > 0, "yours are torch.bool"),
        (lambda x: 2 * x + 0j, "yours are torch.complex64"),
        (lambda x: x.mT, "The shape should be (2, 3), and yours is (3, 2)."),
        (lambda x: x * math.nan, "There is NaN"),
        (lambda x: x * math.inf, "but yours is [[inf"),
        (lambda x: 2 * x + 4e-4, "but yours is"),
        (lambda x: (2 * x).to("meta"), "a Tensor that cannot be compared with the answer. Return"),
    ],
)
def test_wrong_answers_are_described(answer, message):
    assert message in double(answer, mistakes=()).message
    assert not double(answer, mistakes=()).ok


def test_printing_instead_of_returning_is_told(capsys):
    assert double(lambda x: print(2 * x)).message == judge.PRINTED
    assert capsys.readouterr().out


def test_async_functions_are_told():
    async def answer(x):
        return 2 * x

    assert double(answer).message == judge.ASYNC


def test_exceptions_are_told_with_line_and_inputs():
    def answer(x):
        doubled = 2 * x
        return helper(doubled)

    def helper(x):
        raise ValueError("short.\nLong story.")

    assert double(answer).message == (
        'Your function stopped at the line `raise ValueError("short.\\nLong story.")` with '
        "ValueError: short. It was given 1 input: a tensor of shape (2, 3)."
    )


@pytest.mark.parametrize("error", [ValueError(), StopIteration(), AssertionError(), MemoryError()])
def test_no_exception_of_an_answer_comes_through(error):
    assert type(error).__name__ in double(raising(error)).message


def test_keyboard_interrupt_comes_through():
    with pytest.raises(KeyboardInterrupt):
        double(raising(KeyboardInterrupt()))


def test_time_limit_is_told_with_the_line_and_nothing_else():
    def answer(x):
        if len(x) == 4:
            raise sandbox.TooLong
        return 2 * x

    message = double(answer, cases=TWO_SIZES).message
    assert message.startswith("Your function had not come back after 5 seconds and was stopped.")
    assert message.endswith(
        "It was at the line `raise sandbox.TooLong`. "
        "It was given 1 input: a tensor of shape (4, 3)."
    )


def test_first_wrong_case_is_the_one_that_is_told():
    cases = ((torch.zeros(2, 3),), (torch.ones(2, 3),), (X,))
    assert "answer is [[2.0, 2.0, 2.0]" in double(lambda x: x, cases=cases).message


def test_bug_in_an_oracle_comes_through():
    with pytest.raises(ZeroDivisionError):
        double(lambda x: x, lambda x: 1 / 0)


# --- known mistakes ---


def three_times_in_place(x):
    x *= 3
    return x


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda x: 3 * x, "That is three times."),
        (three_times_in_place, "That is three times."),
        (lambda x: x[0], "That is the first row."),
        (lambda x: x * math.nan, "You divided by zero."),
    ],
)
def test_hint_of_a_known_mistake_goes_before_shape_nan_and_edits(answer, hint):
    more = [
        (lambda x: x[0], "That is the first row."),
        (lambda x: x / 0 * 0, "You divided by zero."),
    ]
    assert double(answer, mistakes=[*MISTAKES, *more]).message == hint


def test_hint_of_a_known_mistake_is_given_for_the_same_error_only():
    same = double(lambda x: torch.matmul(x, x)).message
    assert "RuntimeError" in same and same.endswith("That is a matrix product.")
    for answer in (lambda x: x @ x[:, :2], raising(RuntimeError("other"))):
        other = double(answer).message
        assert "RuntimeError" in other and "That is" not in other


def test_likely_cause_is_told_where_no_mistake_is_known():
    message = double(lambda x: x @ x, mistakes=()).message
    assert message.endswith("Two shapes do not fit: print both of them just before that line.")


# --- several calls ---


@pytest.mark.parametrize(
    "edit",
    [
        lambda x: x.mul_(2),
        lambda x: x.zero_() + 2 * X,
        lambda x: x.resize_(1) * 0 + 2 * X,
        lambda x: x.t_().mul(2).mT,
    ],
)
def test_right_answers_that_edit_their_input_are_rejected(edit):
    assert double(edit).message == explain.IN_PLACE


def test_edits_in_the_first_case_are_told_before_a_mistake_in_the_second():
    message = double(lambda x: x.mul_(2).clone() if len(x) == 2 else x, cases=TWO_SIZES).message
    assert message == explain.IN_PLACE


def test_edited_lists_are_noticed():
    def answer(words):
        words.append("end")
        return words[:1]

    message = double(answer, lambda words: words[:1], ((["a", "b"],),)).message
    assert message == explain.IN_PLACE


def test_each_call_gets_its_own_copy_of_the_inputs():
    before = X.clone()
    double(lambda x: x.mul_(2))
    double(lambda x: x, mistakes=[(lambda x: x.zero_(), "Zero.")])
    double(lambda x: x, lambda x: x.mul_(2))
    assert torch.equal(X, before)


def right_at_first(calls, then):
    """Return an answer that is right in so many calls, and then does something else."""
    count = 0

    def answer(x):
        nonlocal count
        count += 1
        return 2 * x if count <= calls else then(x)

    return answer


@pytest.mark.parametrize("calls", [2, 3])
def test_all_cases_are_tried_twice(calls):
    wrong = right_at_first(calls, lambda x: 2 * x + 1)
    stops = right_at_first(calls, lambda x: x.nothing)
    edits = right_at_first(calls, lambda x: x.mul_(2).clone())
    assert double(wrong, cases=TWO_SIZES).message == judge.KEPT
    assert double(stops, cases=TWO_SIZES).message == judge.KEPT
    assert double(edits, cases=TWO_SIZES).message == explain.IN_PLACE
    once = 2 + judge.DRAWN
    again = right_at_first(once, lambda x: 2 * x + 1)
    assert double(again, cases=TWO_SIZES).message == judge.KEPT
    assert double(right_at_first(2 * once, lambda x: x), cases=TWO_SIZES).ok


def test_sizes_of_the_first_case_in_the_code_are_suspected():
    for answer in (lambda x: x + x[:2], lambda x: 2 * x * (len(x) == 2)):
        message = double(answer, cases=TWO_SIZES).message
        assert message.endswith(f" {judge.FIXED}") and message != judge.FIXED
        assert judge.FIXED not in double(answer, cases=TWO_SIZES[::-1]).message  # never right


def test_sizes_are_not_suspected_where_another_reason_is_known():
    one_size = ((torch.zeros(2, 3),), (X,))
    assert judge.FIXED not in double(lambda x: x, cases=one_size, mistakes=()).message

    def known(x):
        return 2 * x if len(x) == 2 else x

    def edits(x):
        return x.zero_() if len(x) == 4 else 2 * x

    assert double(known, cases=TWO_SIZES, mistakes=[(known, "Known.")]).message == "Known."
    assert double(edits, cases=TWO_SIZES, mistakes=()).message == explain.IN_PLACE


def test_random_tensors_differ_and_are_always_the_same():
    one, other = random_tensors((2, 3), (2, 3))
    assert torch.equal(one, X / 2) and torch.equal(other, random_tensor(2, 3, seed=1) / 2)


# --- one value in many forms ---


def total(answer, wanted=6.0):
    """Judge an answer that is to return one number, whatever it is given."""
    return double(answer, lambda x: wanted, mistakes=())


@pytest.mark.parametrize(
    "got",
    [6, 6.0, np.float32(6), np.array(6.0), np.array([6.0]), torch.tensor([[6.0]]), Decimal(6)],
)
def test_one_number_is_accepted_in_any_form(got):
    assert total(returning(got)).ok
    assert total(returning(got), torch.tensor(6.0)).ok


@pytest.mark.parametrize("got", ["6", True, [6.0], torch.tensor([6.0, 6.0]), 6 + 0j, None])
def test_what_is_no_number_is_not(got):
    assert not total(returning(got)).ok


@pytest.mark.parametrize(
    ("got", "wanted", "message"),
    [
        ([np.str_("a"), "b"], ["a", "b"], None),
        (("a", "b"), ["a", "b"], None),
        (np.array(["a", "b"]), ["a", "b"], None),
        (torch.tensor([0.5, 1.0]), [0.5, 1.0], None),
        ([torch.tensor(0.5), 1], [0.5, 1.0], None),
        (torch.stack([X, X]), (X, X), None),
        ([np.int64(1), 2], [1, 2], None),
        ([1.0, 2.0], [1, 2], "they are not whole numbers"),
        ([torch.tensor(1), 2], [1, 2], "but they are tensors"),
        (torch.ones(2), torch.ones(2).long(), "numbers such as torch.int64: yours are"),
        ((X, X + 1), (X, X), "Of what you return, number 2 is not right."),
        ((X, X[0]), (X, X), "number 2 is not right. The shape should be (2, 3)"),
    ],
)
def test_several_things_are_accepted_in_any_form(got, wanted, message):
    judged = double(returning(got), lambda x: wanted, mistakes=())
    assert judged.ok is (message is None) and (message or "") in judged.message


def test_a_number_that_lost_its_gradient_is_told():
    given = X.clone().requires_grad_()
    judged = functools.partial(double, oracle=lambda x: x.sum(), cases=((given,),), draw=None)
    assert judged(lambda x: x.mean() * 6).ok
    assert judged(lambda x: x.sum().item()).message == explain.CUT_OFF
    assert judged(lambda x: x.detach().sum()).message == explain.CUT_OFF


# --- what an exercise forbids ---


def doubled(x, softmax):
    return 2 * x


def softmax(x):
    return softmax(x[:1]) if len(x) > 9 else 2 * x


@pytest.mark.parametrize(
    ("answer", "used"),
    [
        (lambda x: 2 * x + 0 * x.softmax(-1), True),
        (lambda x: 2 * x + 0 * torch.nn.functional.softmax(x, dim=-1), True),
        (lambda x: [2 * x + 0 * y.softmax(0) for y in x][0], True),
        (lambda x: doubled(x, softmax=True), True),
        (lambda x: 2 * x, False),
        (softmax, False),
        (Doubling(), False),
        (functools.partial(torch.mul, 2), False),
    ],
)
def test_a_forbidden_name_is_told_once_the_answer_is_right(answer, used):
    verdict = double(answer, without=("softmax",))
    assert verdict.ok is not used
    if used:
        assert verdict.message == judge.FORBIDDEN.format(name="softmax")
    wrong = double(lambda x: x.softmax(-1), without=("softmax",))
    assert "the answer is" in wrong.message


# --- hints ---


def test_a_hint_that_fits_one_case_alone_is_not_given():
    by_chance = [(lambda x: x + 2 if len(x) == 2 else x + 3, "You added two.")]
    assert "You added" not in double(lambda x: x + 2, mistakes=by_chance).message
    steady = [(lambda x: x + 2, "You added two.")]
    assert double(lambda x: x + 2, mistakes=steady).message == "You added two."


def test_a_hint_is_not_given_where_the_mistake_shows_and_the_answer_is_right():
    late = [(lambda x: x, "You returned the input.")]
    answer = right_at_first(1, lambda x: x)
    assert "You returned" not in double(answer, cases=TWO_SIZES, mistakes=late).message


def test_a_decorated_answer_is_told_its_own_line():
    @torch.no_grad()
    def answer(x):
        return x.nothing

    assert "stopped at the line `return x.nothing`" in double(answer).message


# --- the verdict ---


def test_verdicts_say_in_text_whether_the_answer_is_right():
    right, wrong = Verdict(True, "Good."), Verdict(False, "Bad.")
    assert str(right) == repr(right) == "✓ Right. Good."
    assert str(wrong) == repr(wrong) == "✗ Not yet. Bad."
    assert str(right) in right._repr_html_() and str(wrong) in wrong._repr_html_()
    green, red = (re.search("solid (#[0-9A-F]{6});", v._repr_html_())[1] for v in (right, wrong))
    assert green != red and all(contrast(color) > 4.5 for color in (green, red))


def test_verdicts_escape_html():
    page = double(raising(ValueError('<script>"x" & y</script>')))._repr_html_()
    assert "<script>" not in page and "&lt;script&gt;" in page and "&amp; y" in page


def test_strict_verdicts_raise_unless_right(monkeypatch):
    monkeypatch.setenv("COURSE_STRICT", "1")
    assert double(lambda x: 2 * x).ok and verdict(True, "fine").ok
    for answer, message in (
        (lambda x: 3 * x, "^That is three times.$"),
        (None, "not a function"),
        (raising(ValueError()), "stopped .*ValueError"),
        (returning(X.to("meta")), "cannot be compared"),
    ):
        with pytest.raises(AssertionError, match=message):
            double(answer)
    monkeypatch.setenv("COURSE_STRICT", "0")
    assert not double(lambda x: 3 * x).ok
