"""`--no-skips`: a test that is skipped fails where nothing may be skipped."""

from types import SimpleNamespace

import pytest

from tests import conftest


@pytest.mark.parametrize(("no_skips", "outcome"), [(False, "skipped"), (True, "failed")])
def test_a_skipped_test_fails_only_under_no_skips(no_skips, outcome):
    item = SimpleNamespace(config=SimpleNamespace(getoption=lambda name: no_skips))
    report = SimpleNamespace(skipped=True, outcome="skipped", longrepr=("file", 1, "no browser"))
    hook = conftest.pytest_runtest_makereport(item)
    next(hook)
    with pytest.raises(StopIteration):
        hook.send(report)
    assert report.outcome == outcome and "no browser" in str(report.longrepr)
