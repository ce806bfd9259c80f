"""One seed, one thread, one device."""

import random

import numpy as np
import pytest
import torch

from helpers.runtime import get_device, set_seed


def draw():
    return random.random(), np.random.rand(), torch.rand(1).item()


def test_the_same_seed_repeats_and_another_does_not(monkeypatch):
    drawn = {}
    for name, value in {"first": "3", "again": "3", "other": "4"}.items():
        monkeypatch.setenv("COURSE_SEED", value)
        assert set_seed() == int(value)
        drawn[name] = draw()
    assert drawn["first"] == drawn["again"]
    assert all(a != b for a, b in zip(drawn["first"], drawn["other"], strict=True))


def test_the_default_is_0_and_an_offset_is_added(monkeypatch):
    monkeypatch.delenv("COURSE_SEED", raising=False)
    assert (set_seed(), set_seed(offset=7)) == (0, 7)
    assert torch.get_num_threads() == 1


@pytest.mark.parametrize("value", ["-1", "three", "1.5", ""])
def test_a_seed_that_is_no_number_is_refused(monkeypatch, value):
    monkeypatch.setenv("COURSE_SEED", value)
    with pytest.raises(ValueError, match="(?s)COURSE_SEED is .*whole number.*Unset"):
        set_seed()


def test_the_device_is_one_that_tensors_can_go_to():
    assert torch.zeros(1, device=get_device()).sum() == 0
    assert get_device().type == ("cuda" if torch.cuda.is_available() else "cpu")
