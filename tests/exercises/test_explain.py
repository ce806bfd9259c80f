"""Explanations of wrong answers and errors, one sentence at a time."""

import functools
import math

import pytest
import torch

from helpers.exercises import explain, sandbox
from helpers.exercises.explain import (
    describe_difference,
    describe_error,
    describe_pattern,
    describe_value,
    likely_cause,
    one_line,
    same,
    wrong_type,
)
from helpers.exercises.judge import random_tensor

X = random_tensor(2, 3)
BIG = random_tensor(2, 3, 4)
SQUARE = random_tensor(3, 3, seed=1)
COUNT = torch.tensor([1.0, 2, 0, 4])  # with a place at which 0 / 0 says nothing
MIXED = torch.tensor([True, True, False])


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (0.0, 5e-5, True),
        (0.0, 2e-4, False),
        (1, 2, False),
        (1, "1", False),
        (True, 1, False),
        (True, True, True),
        ("a", "a", True),
        (None, None, True),
        (torch.zeros(2), torch.zeros(2) + 5e-5, True),
        (torch.zeros(2), torch.zeros(2) + 2e-4, False),
        (1e3 * torch.ones(2), 1e3 * torch.ones(2) + 0.05, True),
        (1e3 * torch.ones(2), 1e3 * torch.ones(2) + 0.2, False),
        (X * math.nan, X * math.nan, True),
        (X.double(), X, True),
        (X > 0, (X > 0).float(), False),
        (X + 0j, X, False),
        (X, X[None], False),
        ((X, 1), [X, 1], True),
        ([X, 1], [X], False),
    ],
)
def test_same(one, other, agree):
    assert same(one, other) is same(other, one) is agree


@pytest.mark.parametrize(
    ("got", "wanted", "message"),
    [
        (3, X, "Return a tensor: yours returned 3."),
        ("words", X, "Return a tensor: yours returned 'words'."),
        (len, X, "Return a tensor: yours returned the function len."),
        ((X, X), X, "Return a tensor: yours returned 2 things."),
        ([X, X], X, "yours returned a list of 2; `torch.stack` makes one tensor of a list."),
        (X.flatten(), X, "yours is (6,). The numbers are right, in this order"),
        (X.mT, X, "yours is (3, 2). Rows and columns changed places."),
        (X.mT + 1, X, "yours is (3, 2). Which axis is missing, left over"),
        (X[0], X.sum(), "The shape should be (), and yours is (3,). Return one number."),
        (X > 0, X, "Return numbers such as torch.float32: yours are torch.bool."),
        (X + 0j, X, "Return numbers such as torch.float32: yours are torch.complex64."),
        ((X > 0).float(), X > 0, "Return True and False, torch.bool: yours are torch.float32."),
        (X * math.nan, X, "There is NaN"),
        ("0.5", 0.5, "Return one number: yours returned '0.5'."),
        (True, 0.5, "Return one number: yours returned True."),
        (torch.tensor([0.5]), 0.5, "Return one number: yours returned a tensor of shape (1,)."),
        (math.nan, 0.5, "There is NaN"),
        ((i for i in X), ["a"], "Return a list: yours returned a generator."),
        (X, (X, X), "Return 2 things, separated by commas: yours returned a tensor"),
        ((X, X, X), (X, X), "yours returned 3 things."),
        ((X, None), (X, X), "Return a tensor: yours returned None."),
        (X + 1, X, None),
        (X.double(), X, None),
        (0.6, 0.5, None),
        (["b"], ["a"], None),
        ((X, X + 1), (X, X), None),
    ],
)
def test_wrong_type(got, wanted, message):
    found = wrong_type(got, wanted)
    assert found is None if message is None else message in found


@pytest.mark.parametrize(
    ("got", "wanted", "message"),
    [
        (SQUARE.mT, SQUARE, "Rows and columns changed places."),
        (-SQUARE, SQUARE, "The sign is turned round."),
        (-0.25, 0.25, "The sign is turned round."),
        (3 * SQUARE, SQUARE, "All your numbers are 3 times the right ones."),
        (3 * COUNT, COUNT, "All your numbers are 3 times the right ones."),
        (3 * COUNT[2:], COUNT[2:], None),  # one place says too little
        (3 * COUNT + torch.tensor([0, 0, 0, 0.1]), COUNT, None),
        (COUNT + 0.5, COUNT, "All your numbers are 0.5 larger than the right ones."),
        (COUNT - 0.5, COUNT, "All your numbers are 0.5 smaller than the right ones."),
        (COUNT + torch.tensor([1, 1, 1, 1.1]), COUNT, None),
        (25, 0.25, "That is in percent: divide by 100."),
        (torch.tensor(25.0), torch.tensor(0.25), "That is in percent: divide by 100."),
        (0.75, 0.25, None),  # one number is three times any other
        (~MIXED, MIXED, "Each True should be False, and each False should be True."),
        (MIXED.flip(0), MIXED, None),
        ([torch.tensor(1), 2], [1, 2], "they are tensors: `int`, `float` or `.tolist()`."),
        ([1, 3], [1, 2], None),
    ],
)
def test_pattern_in_a_wrong_answer(got, wanted, message):
    found = describe_pattern(got, wanted)
    assert found is None if message is None else message in found


@pytest.mark.parametrize(
    ("got", "wanted", "message"),
    [
        (3, 0.5, "Given 2, 'a', the answer is 0.5, but yours is 3."),
        (-0.5, 0.5, "the answer is 0.5, but yours is -0.5. The sign is turned round."),
        (["b"], ["a"], "the answer is ['a'], but yours is ['b']."),
        ((0.5, 3), (0.5, 0.5), "number 2 is not right. Given 2, 'a', the answer is 0.5"),
        (2.0004 * torch.ones(3), 2 * torch.ones(3), "the answer is 2, but yours is 2.0004"),
    ],
)
def test_difference(got, wanted, message):
    assert message in describe_difference(got, wanted, (2, "a"))


def test_difference_in_a_large_tensor_is_told_at_the_largest_gap():
    wanted = torch.full((2, 4), 9.0)
    got = wanted - torch.tensor([[0.0, 0, 0.5, 0], [0, 8, 0, 0]])
    assert "at [1, 1] the answer is 9, but yours is 1." in describe_difference(got, wanted, ())


def test_values_are_shown_in_a_few_words():
    assert describe_value((1, ("a", ()), 1 / 3)) == "(1, ('a', ()), 0.333333)"
    assert describe_value([0.1 * 3, True]) == "[0.3, True]"
    assert describe_value([X, X]) == "a list of 2"
    assert describe_value(MIXED) == "[True, True, False]"
    assert describe_value(BIG) == "a tensor of shape (2, 3, 4)"
    shown = describe_value(["word"] * 999)
    assert len(shown) == explain.LONG and shown.endswith("…")


# --- errors ---


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (None, ""),
        (ValueError(), "ValueError: no message"),
        (ValueError("  \n "), "ValueError: no message"),
        (ValueError("One.\nTwo."), "ValueError: One"),
        (ValueError("x" * 300), f"ValueError: {'x' * 199}…"),
    ],
)
def test_one_line(error, line):
    assert one_line(error) == line


def unbound(x):
    if x.ndim > 5:
        y = x
    return y


def recursive(x):
    return recursive(x)


def trained(x):
    return x.clone().requires_grad_()


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (unbound, "That name is read before anything has been put into it."),
        (lambda x: weihgts, "Is it spelled as in the function's first line?"),  # noqa: F821
        (recursive, "A function that calls itself needs a case in which it does not."),
        (lambda: X, "leave the parameters as they were."),
        (lambda x, y: X, "leave the parameters as they were."),
        (lambda x: x(2), "A tensor is no function: `@` multiplies by it"),
        (lambda x: [x, x].sum(), "`torch.stack` makes one tensor of many."),
        (lambda x: x.max(dim=1).exp(), "Those are several things. Take them apart"),
        (lambda x: (x, x).sum(), "Those are several things. Take them apart"),
        (lambda x: 2 * x if x else x, "`if`, `and`, `or` and `not` want one True or False."),
        (lambda x: trained(x).mul_(2), "Your function changed its inputs in place"),
        (lambda x: trained(x).numpy(), "NumPy knows none: stay with tensors."),
        (lambda x: x @ x.mT.double(), "`.float()` makes them alike."),
        (lambda x: x + torch.ones(4, 5), "print both of them just before that line."),
        (lambda x: x @ torch.ones(4, 5), "print both of them just before that line."),
        (lambda x: torch.bmm(BIG, BIG), "print both of them just before that line."),
        (lambda x: x.nothing(), None),
    ],
)
def test_likely_cause_of_an_error(answer, cause):
    with pytest.raises(Exception) as caught:
        answer(X)
    found = likely_cause(caught.value)
    assert found is None if cause is None else cause in found


def error_of(answer, *inputs):
    """Return how the exception that an answer raises is described."""
    try:
        answer(*inputs)
    except (Exception, sandbox.TooLong) as error:
        return describe_error(answer, error, inputs)


def test_error_inside_a_library_is_told_at_the_learners_line():
    def answer(x):
        return torch.nn.Linear(7, 7)(x)

    message = error_of(answer, X)
    assert "at the line `return torch.nn.Linear(7, 7)(x)` with RuntimeError" in message


def test_error_in_a_function_without_source_is_told_without_a_line():
    assert error_of(functools.partial(torch.bmm, BIG), X).startswith(
        "Your function stopped with RuntimeError: "
    )


def test_inputs_of_an_error_are_told_one_by_one():
    message = error_of(lambda x, n: x[9], X, 3)
    assert message.endswith("It was given 2 inputs: a tensor of shape (2, 3); 3.")


def test_time_limit_is_told_in_seconds(monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.25)
    message = describe_error(len, sandbox.TooLong(), (X,))
    assert message.startswith("Your function had not come back after 0.25 seconds")
