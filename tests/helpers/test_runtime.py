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


@pytest.mark.parametrize(
    ("one", "other"), [(3, 67), (2**32 + 1, 2**32 + 2), (0, 2**31), (1, 2**31)]
)
def test_large_seeds_are_seeds_too(one, other):
    drawn = [(set_seed(seed), *draw()) for seed in (one, other, one)]
    assert drawn[0] == drawn[2]
    assert all(a != b for a, b in zip(*drawn[:2], strict=True))


def test_the_default_is_0_and_an_offset_is_added(monkeypatch):
    monkeypatch.delenv("COURSE_SEED", raising=False)
    assert (set_seed(), set_seed(offset=7)) == (0, 7)
    assert torch.get_num_threads() == 1


def test_threads_are_as_many_as_asked_for(monkeypatch):
    monkeypatch.setenv("COURSE_THREADS", "2")
    set_seed()
    assert torch.get_num_threads() == 2
    monkeypatch.delenv("COURSE_THREADS")
    set_seed()
    assert torch.get_num_threads() == 1


@pytest.mark.parametrize("name", ["COURSE_SEED", "COURSE_THREADS"])
@pytest.mark.parametrize("value", ["-1", "three", "1.5", ""])
def test_a_setting_that_is_no_number_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=f"(?s){name} is .*whole number.*Unset {name}"):
        set_seed()


def test_no_threads_are_too_few(monkeypatch):
    monkeypatch.setenv("COURSE_THREADS", "0")
    with pytest.raises(ValueError, match="COURSE_THREADS is '0', .* 1 or more"):
        set_seed()


def test_the_device_is_the_cpu_even_where_there_is_a_gpu(monkeypatch):
    monkeypatch.delenv("COURSE_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert get_device() == torch.device("cpu")


def test_the_device_is_another_where_it_is_asked_for(monkeypatch):
    monkeypatch.setenv("COURSE_DEVICE", "meta")
    assert get_device() == torch.device("meta")


@pytest.mark.parametrize("name", ["gpu", "cuda:99", "", "fpga"])
def test_a_device_that_cannot_compute_is_refused(monkeypatch, name):
    monkeypatch.setenv("COURSE_DEVICE", name)
    with pytest.raises(ValueError, match=f"COURSE_DEVICE is '{name}', .* Unset COURSE_DEVICE"):
        get_device()
