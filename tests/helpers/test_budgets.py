"""What a stored run got right at its best rate: a run by hand, and mutants."""

import pytest

from helpers import budgets
from helpers.stored_runs import StoredRun
from tests.helpers.test_mutants import mutate


def found(seconds, by_steps):
    """Return what one rate found; the averaged parameters are better at step 20, not before."""
    right = {n: [{"validation": v, 5: a, 6: b}] for n, (v, a, b) in by_steps.items()}
    for n, (last,) in right.items():
        if n == 20:
            right[n] = [{"validation": last["validation"] - 0.3, 5: 0.9, 6: 0.9}, last]
        else:
            right[n] = [last, {"validation": last["validation"] - 0.3, 5: 0.9, 6: 0.9}]
    return {"seconds": seconds, "right": right}


def result(shift=0.0):
    low = found(0.1, {10: (0.3, 0.2, 0.4), 20: (0.9, 0.5 + shift, 0.7)})
    high = found(0.3, {10: (0.5, 0.1, 0.1), 20: (0.8, 1.0, 1.0)})
    return {"dates": {"one": {"0.1": low, "0.2": high}, "other": {"0.1": found(0.4, {
        10: (0, 0, 0), 20: (1, 1, 1)})}}}  # fmt: skip


RUN = StoredRun("toy", {0: result(), 7: result(0.1)}, {0: 1.0, 7: 1.0})


def the_rate_is_chosen_on_validation_at_each_budget(module):
    assert module.shares_right(RUN, "dates", "one", 10, [5, 6]) == pytest.approx([0.1, 0.1])
    assert module.shares_right(RUN, "dates", "one", 20, [5, 6]) == pytest.approx([0.6, 0.65])
    assert module.shares_right(RUN, "dates", "one", 20, [6]) == pytest.approx([0.7, 0.7])


def the_best_rates_are_those_of_the_validation(module):
    assert module.best_rates(RUN, "dates", "one", 10) == ["0.2", "0.2"]
    assert module.best_rates(RUN, "dates", "one", 20) == ["0.1", "0.1"]


def the_seconds_are_the_mean(module):
    assert module.step_seconds(RUN, "dates", "one") == pytest.approx(0.2)
    assert module.step_seconds(RUN, "dates", "other") == pytest.approx(0.4)


def rows_are_means_over_seeds(module):
    assert module.mean_shares(RUN, "dates", 20, [5]) == ["0.55", "1.00"]
    assert module.step_times(RUN, "dates", "one") == ["1.0", "2.0"]
    assert module.step_times(RUN, "dates", "other") == ["0.5", "1.0"]


def steps_are_those_of_the_best_rate(module):
    sides = {"a": {0.1: 30, 0.2: 0}, "b": {0.1: 90, 0.2: 20}, "c": {0.1: 0, 0.2: 0}}
    results = {0: sides, 1: {**sides, "b": {0.1: 0, 0.2: 50}}}
    assert module.best_steps(results, ["a", "b"]) == "30 30"
    assert module.best_steps(results, ["b", "c"]) == "20 50"
    assert module.best_steps(results, ["c"]) == "– –"
    results = {0: {"d": {0.1: 10, 0.2: 70}}, 1: {"d": {0.1: 0, 0.2: 80}}}
    assert module.best_steps(results, ["d"]) == "70 80"


CHECKS = (
    the_rate_is_chosen_on_validation_at_each_budget,
    the_seconds_are_the_mean,
    rows_are_means_over_seeds,
    the_best_rates_are_those_of_the_validation,
    steps_are_those_of_the_best_rate,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_budgets(check):
    check(budgets)


@pytest.mark.parametrize(
    ("number", "old", "new"),
    [
        (0, 'pair[1]["validation"]', "pair[1][5]"),
        (0, "max(rights", "min(rights"),
        (0, "sum(chosen) / len(chosen)", "max(chosen)"),
        (0, 'each["right"][steps]]', 'each["right"][steps][:1]]'),
        (1, "sum(seconds) / len(seconds)", "sum(seconds)"),
        (2, "sum(shares) / len(shares)", "max(shares)"),
        (2, "kind) / one", "kind) / 1"),
        (3, "max(rights", "min(rights"),
        (4, "steps.count(0), ", ""),
        (4, "min(runs", "max(runs"),
    ],
)
def test_a_mutant_is_caught(number, old, new):
    with pytest.raises(AssertionError):
        CHECKS[number](mutate(old, new, name="budgets"))


def test_the_table_has_each_network_and_each_seed_beside_the_other():
    table = budgets.budget_table(RUN, "dates", (10, 20), [5, 6], "one")
    assert table.splitlines() == [
        "one: 10 steps 0.10 0.10, 20 steps 0.60 0.65, time of a step 1.0; "
        "other: 10 steps 0.00 0.00, 20 steps 1.00 1.00, time of a step 2.0"
    ]
