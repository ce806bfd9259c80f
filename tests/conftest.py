"""What every test shares: shape contracts on, seeds reset, the notebooks as they are stored."""

import os
import random

import matplotlib
import numpy as np
import pytest
import torch

from tests.support import shapes, stored

# minutes of its own: make test-rerun
collect_ignore = [] if os.environ.get("COURSE_RERUN") == "1" else ["test_rerun.py"]

matplotlib.use("Agg")  # here only: an environment variable would reach the notebooks' kernels
shapes.install("helpers")  # before any test imports them


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: runs whole notebooks; leave out with -m 'not slow'")


def pytest_addoption(parser):
    parser.addoption("--no-skips", action="store_true", help="a test that is skipped has failed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Turn what is skipped into a failure, where nothing may be."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and item.config.getoption("--no-skips"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which --no-skips forbids: {report.longrepr[-1]}"
    return report


def pytest_generate_tests(metafunc):
    """Run a test that takes `notebook` (or `english`) once for each; with none, once to fail."""
    for name, editions in (("notebook", stored.EDITIONS), ("english", ("en",))):
        if name in metafunc.fixturenames:
            found = stored.paths(editions=editions)
            ids = [f"{path.parent.name}/{path.stem}" for path in found]
            metafunc.parametrize(name, found or [None], ids=ids or ["none"], indirect=True)


def open_or_fail(path):
    if path is None:
        pytest.fail("there is no notebook under notebooks/en; nothing was tested")
    return stored.read(path)


@pytest.fixture
def notebook(request):
    """One stored notebook of either edition."""
    return open_or_fail(request.param)


@pytest.fixture
def english(request):
    """One stored notebook of the English edition."""
    return open_or_fail(request.param)


@pytest.fixture(scope="session")
def notebooks():
    """All stored notebooks of both editions."""
    found = stored.paths()
    if not any(path.parent.name == "en" for path in found):
        pytest.fail("there is no notebook under notebooks/en; nothing was tested")
    return [stored.read(path) for path in found]


@pytest.fixture(autouse=True)
def reset_seeds():
    """Start every test from the same random state."""
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)
