"""What every test shares: shape contracts on, seeds reset, the notebooks as they are stored."""

import copy
import functools
import os
import random

import matplotlib
import numpy as np
import pytest
import torch

from tests.support import shapes
from tests.support import stored_notebooks as stored

# minutes of its own: make test-rerun
collect_ignore = [] if os.environ.get("COURSE_RERUN") == "1" else ["notebooks/test_rerun.py"]

matplotlib.use("Agg")  # here only: an environment variable would reach the notebooks' kernels
shapes.install("helpers")  # before any test imports them
torch.set_num_threads(1)  # one a worker: two threads in each of two workers wait for one another


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


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest, so that at the end no process waits for another."""
    items.sort(key=lambda item: (item.path.name != "test_colab.py", item.path.suffix != ".ipynb"))


def pytest_generate_tests(metafunc):
    """Run a test that takes `notebook` once for each notebook, `english` for each English one."""
    for name, editions in (("notebook", stored.EDITIONS), ("english", ("en",))):
        if name in metafunc.fixturenames:
            paths = stored.paths(editions=editions)
            if not any(path.parent.name == "en" for path in paths):
                raise pytest.UsageError("there is no notebook under notebooks/en to be tested")
            ids = [f"{path.parent.name}/{path.stem}" for path in paths]
            metafunc.parametrize(name, paths, ids=ids, indirect=True)


read_once = functools.cache(stored.read)


@pytest.fixture
def notebook(request):
    """One stored notebook of either edition, which the test may change."""
    return copy.deepcopy(read_once(request.param))


@pytest.fixture
def english(request):
    """One stored notebook of the English edition, which the test may change."""
    return copy.deepcopy(read_once(request.param))


@pytest.fixture(scope="session")
def notebooks():
    """All stored notebooks of both editions, not to be changed."""
    return [read_once(path) for path in stored.paths()]


@pytest.fixture(autouse=True)
def reset_seeds():
    """Start every test from the same random state."""
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)
