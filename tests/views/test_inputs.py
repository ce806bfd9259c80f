"""What views are given: read as lists and arrays, or refused with what to do instead."""

import re

import numpy as np
import pytest
import torch

from helpers.views.inputs import (
    array_in,
    heads_in,
    predictions_in,
    require_scores,
    require_weights,
    table_in,
    tokens_in,
)

SHARES = np.array([[0.25, 0.75], [0.5, 0.5], [1.0, 0.0]])


def changed(array, place, value):
    """Return a copy of the array with another value in one place."""
    array = array.copy()
    array[place] = value
    return array


@pytest.mark.parametrize("given", [["a", "b"], ("a", "b"), np.array(["a", "b"]), {"a": 1, "b": 2}])
def test_tokens_are_a_list_of_strings(given):
    tokens = tokens_in("source", given)
    assert tokens == ["a", "b"] and {type(token) for token in tokens} == {str}


@pytest.mark.parametrize("given", ["four", [4, "hundred"], [None], torch.arange(4)])
def test_tokens_that_are_no_strings_are_refused(given):
    with pytest.raises(TypeError, match="^source is .* list of strings, one for each token"):
        tokens_in("source", given)


def test_1_to_64_tokens_are_read_and_others_refused():
    assert len(tokens_in("source", ["x"] * 64)) == 64
    for count in (0, 65):
        with pytest.raises(ValueError, match=f"source has {count} tokens.*1 to 64"):
            tokens_in("source", ["x"] * count)


@pytest.mark.parametrize("given", [[[1.0], [1.0, 2.0]], [["a"]], ["abc"], object()])
def test_what_cannot_be_read_as_numbers_is_refused(given):
    with pytest.raises(ValueError, match=r"^scores cannot be read as numbers \("):
        array_in("scores", given)


TABLES = {
    "transposed": (SHARES.T, r"scores has shape \(2, 3\).*\(3, 2\).*pass scores\.T"),
    "a batch": (SHARES[None], r"\(1, 3, 2\).*Pass one sentence of the batch: scores\[0\]"),
    "a step too few": (SHARES[1:], "3 target and 2 source.*one row for each target token"),
    "a batch of something else": (SHARES[None, 1:], "cut off the padding"),
}


@pytest.mark.parametrize(("given", "message"), TABLES.values(), ids=TABLES)
def test_a_table_of_another_shape_is_refused(given, message):
    assert table_in("scores", torch.tensor(SHARES), 3, 2).tolist() == SHARES.tolist()
    with pytest.raises(ValueError, match=message):
        table_in("scores", given, 3, 2)


def test_scores_are_numbers_or_minus_infinity():
    require_scores(changed(SHARES, (1, 0), -np.inf))
    for wrong in (np.nan, np.inf):
        with pytest.raises(ValueError, match=rf"^scores\[1, 0\] is {wrong}, but a score is"):
            require_scores(changed(SHARES, (1, 0), wrong))


WEIGHTS = {
    "NaN": (changed(SHARES, (2, 0), np.nan), r"weights\[2, 0\] is nan.*mask hides a whole row"),
    "negative": (changed(SHARES, (0, 1), -0.1), r"weights\[0, 1\] is -0\.1.*0 or more"),
    "a sum of 1.002": (changed(SHARES, 1, [0.501, 0.501]), r"weights\[1\] sums to 1\.002"),
    "softmax over the target": (np.full((3, 2), 1 / 3), r"sums to 0.6667.*softmax\(dim=-1\)"),
}


@pytest.mark.parametrize(("weights", "message"), WEIGHTS.values(), ids=WEIGHTS)
def test_weights_that_are_no_softmax_are_refused(weights, message):
    with pytest.raises(ValueError, match=message):
        require_weights(weights)


def test_weights_may_be_off_by_rounding():
    require_weights(SHARES * 1.0009)
    require_weights(np.array([[1 / 3] * 3], dtype=np.float16))


def test_a_single_head_gets_its_axis_and_1_to_16_heads_are_read():
    square = np.array([[0.25, 0.75], [0.5, 0.5]])
    assert heads_in(square, 2).tolist() == [square.tolist()]
    assert heads_in([square] * 16, 2).shape == (16, 2, 2)


HEADS = {
    "too few rows": (SHARES[:1], r"\(1, 2\)"),
    "a batch": (np.eye(2)[None, None], r"weights has shape \(1, 1, 2, 2\)"),
    "not square": (SHARES[None], r"\(1, 3, 2\).*\(H, 2, 2\)"),
    "none": (np.zeros((0, 2, 2)), "1 to 16 heads"),
    "17": (np.stack([np.eye(2)] * 17), "1 to 16 heads"),
    "one head, wrong": (2 * np.eye(2), r"^weights\[0\] sums to 2"),
    "second head wrong": (np.eye(2) * [[[1]], [[2]]], r"^weights\[1\]\[0\] sums to 2"),
}


@pytest.mark.parametrize(("given", "message"), HEADS.values(), ids=HEADS)
def test_heads_that_do_not_fit_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        heads_in(given, 2)


def test_predictions_keep_four_places_and_may_be_certain():
    given = [[("a", 1.0), ("b", 0.0)], [("c", torch.tensor(2 / 3))], []]
    assert predictions_in(given, 3) == [[("a", 1.0), ("b", 0.0)], [("c", 0.6667)], []]


PREDICTIONS = {
    "too few": ([[]], "it has 1 lists.*needs 2 lists"),
    "six": ([[("a", 0.1)] * 6, []], "list 0 has the probabilities.*at most 5"),
    "over 1": ([[("a", 1.2)], []], r"\[1\.2\]"),
    "under 0": ([[("a", -0.1)], []], r"\[-0\.1\]"),
    "NaN": ([[("a", np.nan)], []], r"\[nan\]"),
    "lowest first": ([[], [("a", 0.1), ("b", 0.2)]], "list 1 .*highest first"),
    "no pairs": ([["ab", "c"], []], r"pairs \(token, probability\)"),
}


@pytest.mark.parametrize(("given", "message"), PREDICTIONS.values(), ids=PREDICTIONS)
def test_predictions_that_do_not_fit_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        predictions_in(given, 2)


def test_predicted_tokens_are_strings():
    with pytest.raises(TypeError, match=re.escape("predictions[1] is ")):
        predictions_in([[], [(4, 0.5)]], 2)
