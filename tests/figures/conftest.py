"""What every test of figures checks: none is left open, not even one that was refused."""

import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def no_open_figure():
    """Fail a test after which a figure is open: a notebook would show it a second time."""
    yield
    numbers = plt.get_fignums()
    plt.close("all")
    assert not numbers
