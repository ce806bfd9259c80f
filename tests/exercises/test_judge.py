"""The judging of exercises: it never raises, and it says what is true. Then all checkers alike."""

import functools
import math
import re

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from helpers.exercises import errors
from helpers.exercises import explain as differences
from helpers.exercises import judge as checks
from helpers.exercises.judge import Verdict, compare, random_tensor, verdict
from helpers.exercises.nb00 import check_blend, check_softmax
from helpers.exercises.nb01 import check_loss, check_share_exact, check_write
from helpers.exercises.nb02 import check_additive, check_attend, check_looks
from helpers.figures.style import contrast
from helpers.tasks import PAD
from tests.support.checkers import CHECKERS, MODULES, overheard

X = random_tensor(2, 3)  # (B, E)
BIG = random_tensor(2, 3, 4)
MISTAKES = [
    (lambda x: 3 * x, "That is three times."),
    (lambda x: x @ x, "That is a matrix product."),
]


@pytest.fixture(autouse=True)
def lenient(monkeypatch):
    """Take strictness away, wherever the tests run."""
    monkeypatch.delenv("COURSE_STRICT", raising=False)
    torch.set_num_threads(1)  # as in every notebook; more only get in each other's way


def judge(answer, oracle=lambda x: 2 * x, cases=((X,),), mistakes=MISTAKES):
    """Judge an answer to a toy exercise: double the numbers."""
    return compare(answer, oracle, cases, mistakes, "Doubled.")


def returning(value):
    return lambda *inputs: value


def raising(error):
    def answer(*inputs):
        raise error

    return answer


# --- what is right ---


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
def test_a_right_answer_is_accepted_in_any_dress(answer):
    assert judge(answer) == Verdict(True, "Doubled.")


def test_whole_numbers_are_numbers_but_true_and_complex_are_not():
    ones = ((torch.ones(2, 3),),)
    assert judge(lambda x: (2 * x).int(), cases=ones).ok
    assert "torch.bool" in judge(lambda x: x > 0, lambda x: x, cases=ones, mistakes=()).message
    assert "torch.complex64" in judge(lambda x: x + x + 0j, cases=ones).message


@pytest.mark.parametrize("got", [0.5, np.float64(0.5), torch.tensor(0.5), 0.5 + 1e-7])
def test_one_number_may_come_as_a_number_or_a_tensor_of_one(got):
    assert judge(returning(got), lambda x: 0.5, mistakes=()).ok


@pytest.mark.parametrize(
    ("got", "told"),
    [
        (0.501, "the answer is 0.5, but yours is 0.501"),
        ("0.5", "Return one number: yours returned '0.5'"),
        ([0.5], "Return one number: yours returned a list of 1"),
        (torch.tensor([0.5]), "Return one number: yours returned a tensor of shape (1,)"),
        (0.5 + 0j, "Return one number: yours returned a complex"),
        (math.nan, "There is NaN"),
    ],
)
def test_one_number_is_no_other_thing(got, told):
    said = judge(returning(got), lambda x: 0.5, mistakes=())
    assert not said.ok and told in said.message


@pytest.mark.parametrize("got", [["a", 1], ("a", 1)])
def test_a_tuple_will_do_for_a_list(got):
    assert judge(returning(got), lambda x: ["a", 1], mistakes=()).ok
    assert judge(returning(got), lambda x: ("a", 1), mistakes=()).ok


def test_what_an_answer_prints_is_left_to_its_writer(capsys):
    def answer(x):
        print("here")
        return 2 * x

    assert judge(answer).ok
    assert capsys.readouterr().out == "here\n"


# --- what is wrong, and how that is said ---


class Odd(Exception):
    """An exception that cannot say what it is, and a thing that cannot be shown or compared."""

    def __str__(self):
        raise ValueError

    __repr__ = __eq__ = __bool__ = __str__
    __hash__ = None


@pytest.mark.parametrize(
    "error",
    [
        ValueError("some words"),
        RuntimeError(),
        AssertionError("mine"),
        NotImplementedError(),
        KeyError("key"),
        StopIteration(),
        MemoryError(),
        RecursionError("too deep"),
        SystemExit(1),
        Warning("careful"),
        ExceptionGroup("two", [ValueError(), KeyError()]),
        Odd(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_exception_is_told_by_name(error):
    said = judge(raising(error))
    assert not said.ok and type(error).__name__ in said.message
    assert "It was given 1 input: a tensor of shape (2, 3)." in said.message


def test_an_endless_recursion_is_told():
    def answer(x):
        return answer(x)

    assert "RecursionError" in judge(answer).message


def test_the_learner_can_still_interrupt():
    with pytest.raises(KeyboardInterrupt):
        judge(raising(KeyboardInterrupt()))


def test_of_an_exception_the_first_line_is_told_and_where_it_happened():
    def answer(x):
        doubled = 2 * x
        return helper(doubled)

    def helper(x):
        raise ValueError(words)

    words = "short.\nLong story."
    said = judge(answer).message
    assert "at the line `raise ValueError(words)`" in said
    assert "ValueError: short. It was given" in said and "Long story" not in said


def unbound(x):
    if x.ndim > 5:
        y = x
    return y


def recursive(x):
    return recursive(x)


def learned(x):
    return x.clone().requires_grad_()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (unbound, "That name is read before anything has been put into it."),
        (lambda x: weihgts, "Is it spelled as in the function's first line?"),  # noqa: F821
        (recursive, "A function that calls itself needs a case in which it does not."),
        (lambda: X, "leave the parameters as they were."),
        (lambda x: x(2), "A tensor is no function: `@` multiplies by it"),
        (lambda x: [x, x].sum(), "`torch.stack` makes one tensor of many."),
        (lambda x: x.max(dim=1).exp(), "Those are several things. Take them apart"),
        (lambda x: x.nothing(), None),
        (lambda x: (x, x).sum(), "Those are several things. Take them apart"),
        (lambda x: 2 * x if x else x, "`if`, `and`, `or` and `not` want one True or False."),
        (lambda x: learned(x).mul_(2), "Your function changed its inputs in place"),
        (lambda x: learned(x).numpy(), "NumPy knows none: stay with tensors."),
        (lambda x: x @ x.mT.double(), "`.float()` makes them alike."),
        (lambda x: x + torch.ones(4, 5), "print both of them just before that line."),
        (lambda x: x @ torch.ones(4, 5), "print both of them just before that line."),
        (lambda x: torch.bmm(BIG, BIG), "print both of them just before that line."),
    ],
)
def test_what_an_error_mostly_comes_from_is_told(answer, told):
    said = judge(answer, mistakes=()).message
    given = "It was given 1 input: a tensor of shape (2, 3)."
    assert said.endswith(given) if told is None else f"{given} " in said and told in said


def test_inputs_are_told_one_by_one_where_there_are_more():
    said = judge(lambda x, n: x[9], lambda x, n: x, ((X, 3),), ()).message
    assert said.endswith("It was given 2 inputs: a tensor of shape (2, 3); 3.")
    assert said.startswith("Your function stopped at the line `") and "9]" in said


def test_what_has_no_lines_of_its_own_is_told_without_one():
    said = judge(functools.partial(torch.bmm, BIG), mistakes=()).message
    assert said.startswith("Your function stopped with RuntimeError: ")


def test_a_function_that_took_too_long_is_told_with_its_line():
    def answer(x):
        raise errors.guards.TooLong

    told = "Your function had not come back after 5 seconds and was stopped. Look for a loop that "
    told += "never ends, such as a `while` whose condition stays true."
    line = " It was at the line `raise errors.guards.TooLong`."
    given = " It was given 1 input: a tensor of shape (2, 3)."
    assert judge(answer).message == told + line + given
    stopped = errors.guards.TooLong()
    assert errors.raised(answer, stopped, (X,)) == told + given
    assert errors.raised(len, stopped, (X,)) == told + given


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (None, ""),
        (ValueError(), "ValueError: no message"),
        (ValueError("  \n "), "ValueError: no message"),
        (Odd(), "Odd: no message"),
        (ValueError("One.\nTwo."), "ValueError: One"),
        (ValueError("x" * 300), f"ValueError: {'x' * 199}…"),
    ],
)
def test_an_exception_is_said_in_one_line(error, said):
    assert errors.said(error) == said


def test_an_exception_inside_a_library_is_told_at_the_learners_line():
    def answer(x):
        return torch.nn.Linear(7, 7)(x)

    assert "at the line `return torch.nn.Linear(7, 7)(x)` with Runtime" in judge(answer).message


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda: X, "takes 0 positional arguments but 1 was given"),
        (lambda x, y: x, "missing 1 required positional argument: 'y'"),
        (lambda *, x: x, "takes 0 positional arguments"),
    ],
)
def test_a_wrong_number_of_parameters_is_told_with_the_shapes_handed_in(answer, told):
    said = judge(answer).message
    assert told in said and "given 1 input: a tensor of shape (2, 3)" in said


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "This is a NoneType, not a function"),
        (2 * X, "This is a Tensor, not a function: pass its name, without brackets"),
        ("double", "This is a str, not a function"),
        (torch.nn.Softmax, "Softmax is a class. Write a function"),
    ],
)
def test_what_is_no_function_is_told(answer, told):
    assert told in judge(answer).message


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "Your function returned None"),
        (3, "Return a tensor: yours returned 3."),
        ("words", "Return a tensor: yours returned 'words'."),
        ([X, X], "Return a tensor: yours returned a list of 2; `torch.stack`"),
        ((X, X), "Return a tensor: yours returned 2 things."),
        (iter([1]), "yours returned a list_iterator"),
        (X.numpy(), "yours returned a ndarray"),
        (len, "yours returned the function len"),
        (X.mT, "The shape should be (2, 3), and yours is (3, 2)."),
        (X.sum(), "The shape should be (2, 3), and yours is ()."),
        (X * math.nan, "There is NaN"),
        (torch.ones(2, 3, dtype=bool), "torch.bool"),
        (2 * X.to("meta"), "a Tensor that cannot be compared"),
        (X * math.inf, "but yours is"),
        (2 * X + torch.eye(2, 3), "but yours is"),
    ],
)
def test_a_wrong_thing_is_told_as_what_it_is(value, told):
    said = judge(returning(value))
    assert not said.ok and told in said.message


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ((X > 0).float(), "Return True and False, torch.bool: yours are torch.float32."),
        (X * math.nan, "There is NaN"),
        (X + 0j, "Return numbers such as torch.bool: yours are torch.complex64."),
        (X < 0, "but yours is"),
        ((X > 0).mT, "The shape should be (2, 3), and yours is (3, 2)."),
    ],
)
def test_where_true_and_false_are_asked_for_that_is_told(value, told):
    said = judge(returning(value), lambda x: x > 0, mistakes=())
    assert not said.ok and told in said.message
    assert judge(lambda x: x > 0, lambda x: x > 0, mistakes=()).ok


def test_what_an_answer_returns_may_be_as_odd_as_can_be():
    for oracle in (lambda x: x, lambda x: 0.5, lambda x: [1, Odd()], lambda x: (x, x)):
        for value in (Odd(), [1, Odd()], (Odd(), X), X.to_sparse(), X.to("meta")):
            said = judge(returning(value), oracle)
            assert not said.ok and len(said.message) > 20


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (X, "Return 2 things, separated by commas: yours returned a tensor"),
        ((X,), "Return 2 things, separated by commas: yours returned 1 things"),
        ((X, X, X), "yours returned 3 things"),
        ((X, None), "Return a tensor: yours returned None"),
        ((X, BIG), "The shape should be (2, 3), and yours is (2, 3, 4)"),
        ((X, X + 1), "Of what you return, number 2 is not right"),
    ],
)
def test_of_two_things_the_wrong_one_is_told(value, told):
    assert told in judge(returning(value), lambda x: (x, x)).message


def test_one_number_is_asked_for_where_axes_are_left():
    assert "yours is (3,). Return one number." in judge(lambda x: x[0], torch.sum).message
    assert "Return one number" not in judge(lambda x: x[0]).message


def test_in_a_list_too():
    assert "Return a list: yours returned a generator" in (
        judge(lambda x: (i for i in x), lambda x: ["a"]).message
    )
    said = judge(returning(["b"]), lambda x: ["a"]).message
    assert "the answer is ['a'], but yours is ['b']" in said


def test_a_difference_in_a_large_tensor_is_told_with_its_place():
    def answer(x):
        off = torch.zeros(2, 3, 4)
        off[1, 2, 0] = 0.25
        return x + off

    said = judge(answer, lambda x: torch.ones(2, 3, 4), ((torch.ones(2, 3, 4),),), ()).message
    assert "at [1, 2, 0] the answer is 1, but yours is 1.25" in said


def test_a_difference_too_small_for_rounding_is_still_told():
    said = judge(lambda x: 2 * x + 4e-4, cases=((torch.ones(3),),)).message
    assert "the answer is 2, but yours is 2.0004" in said


def test_long_things_are_cut_short():
    said = judge(returning(["word"] * 999), lambda x: ["a"]).message
    assert len(said) < 500 and said.endswith("….")


@pytest.mark.parametrize(
    "edit",
    [
        lambda x: x.mul_(2),
        lambda x: x.zero_() + 2 * X,
        lambda x: x.resize_(1) * 0 + 2 * X,
        lambda x: x.t_().mul(2).mT,
    ],
)
def test_a_right_answer_that_edits_its_input_is_turned_down(edit):
    assert "changed its inputs in place" in judge(edit).message


def test_a_list_that_is_edited_is_seen():
    def answer(words):
        words.append("end")
        return words[:1]

    said = judge(answer, lambda words: words[:1], ((["a", "b"],),))
    assert "changed its inputs in place" in said.message


def test_an_answer_may_return_its_input():
    assert judge(lambda x: x, lambda x: x.clone(), mistakes=()).ok
    assert not judge(lambda x: x).ok


def test_a_known_mistake_goes_before_shape_nan_and_edits():
    def three_times(x):
        x *= 3
        return x

    mistakes = [
        *MISTAKES,
        (lambda x: x[0], "That is the first row."),
        (lambda x: x / 0 * 0, "You divided by zero."),
    ]
    assert judge(three_times).message == "That is three times."
    assert judge(lambda x: x[0], mistakes=mistakes).message == "That is the first row."
    assert judge(lambda x: x * math.nan, mistakes=mistakes).message == "You divided by zero."


def test_a_known_mistake_that_stops_with_the_same_error_is_named():
    said = judge(lambda x: torch.matmul(x, x)).message
    assert "RuntimeError" in said and said.endswith("That is a matrix product.")
    said = [judge(lambda x: x @ x[:, :2]), judge(raising(RuntimeError("other")))]
    assert [s for s in said if "RuntimeError" not in s.message or "That is" in s.message] == []


def test_the_first_case_that_goes_wrong_is_the_one_that_is_told():
    cases = ((torch.zeros(2, 3),), (torch.ones(2, 3),), (X,))
    assert (
        "[[2.0, 2.0, 2.0], [2.0, 2.0, 2.0]], but yours" in judge(lambda x: x, cases=cases).message
    )


def test_each_call_gets_fresh_inputs():
    before = X.clone()
    judge(lambda x: x.mul_(2))
    judge(lambda x: x, mistakes=[(lambda x: x.zero_(), "Zero.")])
    judge(lambda x: x, lambda x: x.mul_(2))
    assert torch.equal(X, before)


# --- what is right at first sight ---

KEPT, FIXED, CUT_OFF = (str(told) for told in (checks.KEPT, checks.FIXED, checks.CUT_OFF))
TWO = ((X,), (random_tensor(4, 3),))


def remembering(right_calls):
    """Return an answer that is right so many times, and then off by one."""
    calls = []

    def answer(x):
        calls.append(x)
        return 2 * x + (len(calls) > right_calls)

    return answer


@pytest.mark.parametrize("right_calls", [2, 3])
def test_an_answer_that_keeps_something_is_told(right_calls):
    assert judge(remembering(right_calls), cases=TWO).message == KEPT
    assert judge(remembering(4), cases=TWO).ok  # each case is tried twice


@pytest.mark.parametrize("right_calls", [2, 3])
def test_an_answer_that_stops_or_edits_when_called_again_is_told(right_calls):
    calls = []

    def stops(x):
        calls.append(x)
        if len(calls) > right_calls:
            raise ValueError
        return 2 * x

    def edits(x):
        calls.append(x)
        return x.mul_(2).clone() if len(calls) > right_calls else 2 * x

    assert judge(stops, cases=TWO).message == KEPT
    calls.clear()
    assert "changed its inputs in place" in judge(edits, cases=TWO).message


def test_a_number_that_belongs_to_the_first_case_is_told():
    for fixed in (lambda x: x + x[:2], lambda x: 2 * x * (len(x) == 2)):
        said = judge(fixed, cases=TWO).message
        assert said.endswith(f" {FIXED}") and len(said) > len(FIXED) + 20
        assert FIXED not in judge(fixed, cases=TWO[::-1]).message  # it was right on none before
    zeros = ((torch.zeros(2, 3),), (X,))
    assert FIXED not in judge(lambda x: x, cases=zeros, mistakes=()).message  # of one size
    known = [(lambda x: x if len(x) == 4 else 2 * x, "Known.")]
    assert judge(known[0][0], cases=TWO, mistakes=known).message == "Known."

    def edits(x):
        return x.zero_() if len(x) == 4 else 2 * x

    assert judge(edits, cases=TWO, mistakes=()).message == checks.IN_PLACE


@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: (x, x), lambda x: [x, x]])
def test_an_answer_that_no_gradient_comes_through_is_told(wrap):
    cases = (checks.learning(X),)

    def oracle(x):
        return wrap(2 * x)

    assert judge(lambda x: wrap(2 * x.detach()), oracle, cases).message == CUT_OFF
    assert judge(lambda x: wrap(x + x), oracle, cases).ok
    assert judge(lambda x: wrap(2 * x.detach()), oracle).ok  # where nobody asks for one


def test_what_is_printed_and_what_waits_is_not_returned(capsys):
    def answer(x):
        print(2 * x)

    async def promise(x):
        return 2 * x

    assert judge(answer).message == checks.PRINTED and capsys.readouterr().out
    assert judge(promise).message == checks.ASYNC
    assert judge(returning(None)).message == checks.NOTHING


def test_the_inputs_of_the_case_are_told():
    said = judge(lambda n: n + 2, lambda n: n / 4, ((2,),), ()).message
    assert said == "Given 2, the answer is 0.5, but yours is 4."


def test_what_cannot_even_be_asked_is_told():
    class Meta(type):
        @property
        def __name__(cls):
            raise ValueError

    class Unsayable(Exception):
        def __str__(self):
            raise SystemExit

    assert judge(Meta("Class", (), {})).message.startswith("This is a Meta, not a function")
    assert judge(raising(Unsayable())).message == "Your function stopped with Unsayable."
    said = judge(returning(2 * X.to("meta"))).message
    assert said.endswith("with the answer. Return a tensor of shape (2, 3).")


def test_inputs_of_a_checker_are_small_all_different_and_always_the_same():
    one, other = checks.drawn((2, 3), (2, 3))
    assert torch.equal(one, X / 2) and torch.equal(other, random_tensor(2, 3, seed=1) / 2)
    floats, whole, text = checks.learning(X, torch.tensor([1, 2]), "text")
    assert floats.requires_grad and torch.equal(floats, X) and not X.requires_grad
    assert not whole.requires_grad and text == "text"


# --- how answers differ ---

SQUARE = random_tensor(3, 3, seed=1)
COUNT = torch.tensor([1.0, 2, 0, 4])  # with a place at which 0 / 0 says nothing
MIXED = torch.tensor([True, True, False])


@pytest.mark.parametrize(
    ("got", "wanted", "told"),
    [
        (SQUARE.mT, SQUARE, "Rows and columns changed places."),
        (-SQUARE, SQUARE, "The sign is turned round."),
        (-SQUARE[0, 0].item(), SQUARE[0, 0].item(), "The sign is turned round."),
        (3 * SQUARE, SQUARE, "All your numbers are 3 times the right ones."),
        (3 * COUNT, COUNT, "All your numbers are 3 times the right ones."),
        (SQUARE / 2, SQUARE, "All your numbers are 0.5 times the right ones."),
        (COUNT[1:] * 3, COUNT[1:], None),  # two places say too little
        (3 * COUNT + torch.tensor([0, 0, 0, 0.1]), COUNT, None),
        (COUNT + 0.5, COUNT, "All your numbers are 0.5 larger than the right ones."),
        (COUNT - 0.5, COUNT, "All your numbers are 0.5 smaller than the right ones."),
        (COUNT + torch.tensor([1, 1, 1, 1.1]), COUNT, None),
        (SQUARE.flip(0), SQUARE, None),
        (25, 0.25, "That is in percent: divide by 100."),
        (torch.tensor(25.0), torch.tensor(0.25), "That is in percent: divide by 100."),
        (0.75, 0.25, None),  # one number is three times any other
        (25 * torch.ones(3), torch.ones(3) / 4, "All your numbers are 100 times the right ones."),
        (~MIXED, MIXED, "Each True should be False, and each False should be True."),
        (MIXED.flip(0), MIXED, None),
        ([torch.tensor(1), 2], [1, 2], "they are tensors: `int`, `float` or `.tolist()`."),
        ([1, torch.tensor([2])], [1, 2], None),
        ([1, 3], [1, 2], None),
    ],
)
def test_what_a_wrong_answer_has_to_do_with_the_right_one(got, wanted, told):
    said = differences.relation(got, wanted)
    assert said is None if told is None else told in said
    if not isinstance(wanted, list):
        whole = differences.difference(got, wanted, (1, "x"))
        assert whole.endswith(f". {said}" if told else ".")


def test_in_another_shape_the_same_numbers_are_known_again():
    for got, told in [
        (X.flatten(), "The numbers are right, in this order: only the shape is not."),
        (X[None], "The numbers are right, in this order: only the shape is not."),
        (X.mT, "Rows and columns changed places."),
        (X.mT + 1, "Which axis is missing, left over, or in another's place?"),
        (X[0], "Which axis is missing, left over, or in another's place?"),
    ]:
        shapes = f"The shape should be (2, 3), and yours is {tuple(got.shape)}."
        assert differences.trouble(got, X) == f"{shapes} {told}"


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (0.0, 5e-5, True),
        (0.0, 2e-4, False),
        (1, 1.00005, True),
        (1, 1.0, True),
        (1, "1", False),
        (True, 1, False),
        (1, True, False),
        (True, True, True),
        (torch.zeros(2), torch.zeros(2) + 5e-5, True),
        (torch.zeros(2), torch.zeros(2) + 2e-4, False),
        (1e3 * torch.ones(2), 1e3 * torch.ones(2) + 0.05, True),
        (1e3 * torch.ones(2), 1e3 * torch.ones(2) + 0.2, False),
        (X + 1j * X, X + 0j, False),
        (X + 0j, X, False),
        ((X, 1), [X, 1], True),
    ],
)
def test_what_is_the_same(one, other, agree):
    assert differences.same(one, other) is differences.same(other, one) is agree


def test_what_is_shown_fits_into_a_sentence():
    shown = differences.show
    assert shown((1, "a", 0.25)) == "1, 'a', 0.25"
    assert shown((len, [X, X])) == "the function len, a list of 2"
    assert differences.brief("x" * 200) == "x" * 200
    assert differences.brief("x" * 201) == "x" * 199 + "…"
    assert differences.brief("\ud800!") == "?!"  # half of a letter, which no stream takes
    said = differences.difference(3, 0.5, (2, "a"))
    assert said.startswith("Given 2, 'a', the answer is 0.5, but yours is 3.")
    said = differences.difference((0.5, 3), (0.5, 0.5), (2, "a"))
    assert "number 2 is not right. Given 2, 'a', the answer is 0.5" in said


def test_the_place_that_is_told_is_where_the_gap_is_largest():
    wanted = torch.full((2, 4), 9.0)
    got = wanted - torch.tensor([[0.0, 0, 0.5, 0], [0, 8, 0, 0]])
    assert "at [1, 1] the answer is 9, but yours is 1." in differences.difference(got, wanted, ())


# --- the verdict ---


def test_a_verdict_speaks_in_text_and_not_by_colour_alone():
    right, wrong = Verdict(True, "Good."), Verdict(False, "Bad.")
    assert str(right) == repr(right) == "✓ Right. Good."
    assert str(wrong) == repr(wrong) == "✗ Not yet. Bad."
    assert str(right) in right._repr_html_() and str(wrong) in wrong._repr_html_()
    green, red = (re.search("solid (#[0-9A-F]{6});", v._repr_html_())[1] for v in (right, wrong))
    assert green != red and all(contrast(color) > 4.5 for color in (green, red))


def test_the_html_of_a_verdict_escapes_its_text():
    page = judge(raising(ValueError('<script>"x" & y</script>')))._repr_html_()
    assert "<script>" not in page and "&lt;script&gt;" in page and "&amp; y" in page


def test_strict_verdicts_raise_unless_right(monkeypatch):
    monkeypatch.setenv("COURSE_STRICT", "1")
    assert judge(lambda x: 2 * x).ok and verdict(True, "fine").ok
    with pytest.raises(AssertionError, match="^That is three times.$"):
        judge(lambda x: 3 * x)
    with pytest.raises(AssertionError, match="not a function"):
        judge(None)
    with pytest.raises(AssertionError, match="is a class"):
        judge(torch.nn.Linear)
    with pytest.raises(AssertionError, match="stopped .*ValueError"):
        judge(raising(ValueError()))
    with pytest.raises(AssertionError, match="cannot be compared"):
        judge(returning(X.to("meta")))
    monkeypatch.setenv("COURSE_STRICT", "0")
    assert not judge(lambda x: 3 * x).ok


def test_a_bug_in_a_checker_is_not_the_learners_fault():
    with pytest.raises(ZeroDivisionError):
        judge(lambda x: x, lambda x: 1 / 0)


# --- all checkers alike ---

EACH = pytest.mark.parametrize("checker", CHECKERS.values(), ids=CHECKERS)


def outcomes(function, cases):
    """Return what a function gives on each case: (value, what its exception says)."""
    made = [checks._made(function, case) for case in cases]
    return [(value, checks.said(error)) for value, error in made]


def alike(first, second):
    """Tell whether two functions had the same outcomes."""
    pairs = zip(first, second, strict=True)
    return all(a[1] == b[1] and (a[1] or checks.same(a[0], b[0])) for a, b in pairs)


def blind_spots(oracle, cases, mistakes, right, **_):
    """Return the mistakes of a checker that it mixes up with the answer or with each other."""
    wanted = outcomes(oracle, cases)
    made = [(outcomes(make, cases), hint) for make, hint in mistakes]
    for n, (got, hint) in enumerate(made):
        if alike(got, wanted):
            yield f"equals the answer: {hint}"
        for other, other_hint in made[:n]:
            if alike(got, other):
                yield f"is the same mistake: {hint} / {other_hint}"
        message = compare(mistakes[n][0], oracle, cases, mistakes, right).message
        if not message.endswith(hint):
            yield f"gets another hint: {hint} / {message}"
    if any(said for _, said in wanted):
        yield f"the oracle stops: {wanted}"


def test_checkers_are_found():
    assert len(MODULES) >= 3 and len(CHECKERS) >= 2 * len(MODULES)


@EACH
def test_each_mistake_differs_from_the_answer_and_from_all_others(checker):
    assert list(blind_spots(**overheard(checker))) == []


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        (lambda x: x + x, "equals the answer"),
        (lambda x: x + 2 * x, "is the same mistake"),
        (lambda x: torch.matmul(x, x), "is the same mistake"),
        (lambda x: 3 * x if x.ndim > 1 else x, "gets another hint"),
    ],
)
def test_a_mistake_that_is_mixed_up_is_told(mistake, told):
    cases = ((X,), (X[0],))
    told_all = blind_spots(lambda x: 2 * x, cases, [*MISTAKES, (mistake, "New.")], "Doubled.")
    assert told in "\n".join(told_all)


@EACH
def test_hints_are_sentences(checker):
    call = overheard(checker)
    said = [call["right"], *(hint for _, hint in call["mistakes"])]
    assert len(said) > 6
    assert [s for s in said if len(s.split()) < 5 or s[-1] not in ".?!" or "  " in s] == []


def tensors(value):
    """Yield the tensors in nested tuples and lists."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from tensors(item)


# square by nature: both axes count the same things, so each names the transposed answer instead
SQUARE = {
    "check_distances": "who reads whom, (S, S)",
    "check_step_slope": "the weights from state to state, (E, E)",
    "check_combined": "positions by positions, (B, S, S)",
}


@EACH
def test_the_axes_of_each_input_differ_in_size(checker):
    cases = [] if checker.__name__ in SQUARE else overheard(checker)["cases"]
    shapes = [tuple(t.shape) for t in tensors(cases)]
    assert [shape for shape in shapes if len(set(shape)) < len(shape)] == []


@pytest.mark.parametrize("name", SQUARE)
def test_where_axes_are_equal_the_transposed_answer_is_named(name):
    checker = next(c for c in CHECKERS.values() if c.__name__ == name)
    oracle = overheard(checker)["oracle"]
    said = checker(lambda first, *rest: oracle(first.mT, *rest))
    assert not said.ok and not said.message.startswith("Given")


@EACH
def test_a_checker_called_twice_says_the_same(checker):
    oracle = overheard(checker)["oracle"]

    def wreck(*inputs):
        out = oracle(*inputs)
        for item in inputs:
            for tensor in tensors(item):
                tensor.zero_()
            if isinstance(item, list):
                item.clear()
        return out

    before = [checker(answer) for answer in (oracle, wreck, len)]
    assert [checker(answer) for answer in (oracle, wreck, len)] == before
    assert before[0].ok and not before[2].ok


# --- other ways to be right ---


def softmax_by_loop(scores):
    out = torch.empty_like(scores)
    for i, row in enumerate(scores):
        powers = [math.exp(float(s - row.max())) for s in row]
        out[i] = torch.tensor([p / sum(powers) for p in powers])
    return out


def blend_by_loop(weights, values):
    out = torch.zeros(weights.shape[0], values.shape[1])
    for t in range(weights.shape[0]):
        for s in range(values.shape[0]):
            out[t] += weights[t, s] * values[s]
    return out


def write_with_while(step, state, start, end, max_steps):
    written = [start]
    while len(written) <= max_steps:
        scores, state = step(torch.tensor(written[-1]), state)
        written.append(scores.argmax().item())
        if written[-1] == end:
            return written[1:-1]
    return written[1:]


def write_and_wipe_the_scores(step, state, start, end, max_steps):
    token, written = start, []
    for _ in range(max_steps):
        scores, state = step(token, state)
        token = int(scores.argmax())
        scores.copy_(-torch.arange(4))
        if token == end:
            break
        written.append(token)
    return written


def attend_by_hand(query, key, value, mask):
    scores = torch.einsum("bte,bse->bts", query, key).double()
    powers = scores.exp() * mask.unsqueeze(1)
    weights = powers / powers.sum(-1, keepdim=True)
    return torch.einsum("bts,bse->bte", weights, value.double()), weights


def attend_with_a_large_number(query, key, value, mask):
    scores = query @ key.transpose(1, 2)
    scores[~mask[:, None].expand_as(scores)] = -1e9
    weights = F.softmax(scores, dim=2)
    return [torch.bmm(weights, value), weights]


def additive_by_loop(query, key, from_query, from_key, to_score):
    out = torch.zeros(len(query), query.shape[1], key.shape[1])
    for b in range(len(query)):
        for t, q in enumerate(query[b]):
            for s, k in enumerate(key[b]):
                out[b, t, s] = torch.tanh(q @ from_query + k @ from_key) @ to_score
    return out


@pytest.mark.parametrize(
    ("checker", "answer"),
    [
        (check_softmax, softmax_by_loop),
        (check_softmax, lambda scores: (scores - scores.logsumexp(-1, keepdim=True)).exp()),
        (check_softmax, lambda scores: F.softmax(scores.double(), dim=1)),
        (check_blend, blend_by_loop),
        (check_blend, lambda weights, values: torch.einsum("ts,sd->td", weights, values)),
        (check_blend, lambda weights, values: (weights[..., None] * values).sum(dim=1)),
        (check_blend, lambda weights, values: (values.T @ weights.T).T),
        (check_share_exact, lambda a, b: np.mean([x == y for x, y in zip(a, b, strict=True)])),
        (check_share_exact, lambda a, b: sum(map(list.__eq__, a, b)) / len(a)),
        (
            check_share_exact,
            lambda a, b: (
                torch.tensor(["".join(x) == "".join(y) for x, y in zip(a, b, strict=True)])
                .float()
                .mean()
            ),
        ),
        (check_loss, lambda x, y: F.cross_entropy(x.flatten(0, 1), y.flatten(), ignore_index=PAD)),
        (
            check_loss,
            lambda x, y: (
                -x.log_softmax(-1).gather(-1, y[..., None])[..., 0][y != PAD].sum()
                / (y != PAD).sum()
            ),
        ),
        (check_write, write_with_while),
        (check_write, write_and_wipe_the_scores),
        (check_attend, attend_by_hand),
        (check_attend, attend_with_a_large_number),
        (check_additive, additive_by_loop),
        (
            check_additive,
            lambda q, k, wq, wk, v: torch.einsum(
                "btsd,d->bts", torch.tanh((q @ wq).unsqueeze(2) + (k @ wk).unsqueeze(1)), v
            ),
        ),
        (check_looks, lambda weights, words: [words[row.argmax()] for row in weights]),
        (check_looks, lambda weights, words: tuple(map(words.__getitem__, weights.max(1).indices))),
    ],
)
def test_a_solution_of_another_kind_is_accepted(checker, answer, monkeypatch):
    monkeypatch.setenv("COURSE_STRICT", "1")
    assert checker(answer).ok
