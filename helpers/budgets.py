"""Stored runs of several networks at several rates: what each got right at its best one.

Such a run holds, by seed, task, network and rate, the seconds of a step and what was `right` after
so many steps, with the last parameters and with averaged ones: {steps: [{"validation": share,
length: share}, …]}. In here: the best of these by the validation pairs, and tables. Not in here:
training, what is run (`notebooks/runs/race.py`).
"""

from collections.abc import Iterable

from helpers.measured import Measured, measured_table
from helpers.stored_runs import StoredRun


def shares_right(
    run: StoredRun, task: str, kind: str, steps: int, lengths: Iterable[int]
) -> list[float]:
    """Return for each seed the mean share right over some lengths of the test.

    Rate and parameters, the last or averaged, are those that were best on the validation pairs.
    """
    shares = []
    for _, best in _best(run, task, kind, steps):
        chosen = [best[length] for length in lengths]
        shares.append(sum(chosen) / len(chosen))
    return shares


def best_rates(run: StoredRun, task: str, kind: str, steps: int) -> list[str]:
    """Return for each seed the rate that was best on the validation pairs after so many steps."""
    return [rate for rate, _ in _best(run, task, kind, steps)]


def _best(run, task, kind, steps):
    """Yield for each seed the best rate and what was right with it, on validation and by length."""
    for result in run.results.values():
        found = result[task][kind].items()
        rights = [(rate, right) for rate, each in found for right in each["right"][steps]]
        yield max(rights, key=lambda pair: pair[1]["validation"])


def step_seconds(run: StoredRun, task: str, kind: str) -> float:
    """Return the mean seconds that the processor spent on one step, over seeds and rates."""
    results = (result[task][kind].values() for result in run.results.values())
    seconds = [found["seconds"] for founds in results for found in founds]
    return sum(seconds) / len(seconds)


def mean_shares(run: StoredRun, task: str, steps: int, lengths: Iterable[int]) -> list[str]:
    """Return the share right of each network, as a mean over seeds: a row of a table."""
    kinds = next(iter(run.results.values()))[task]
    by_kind = [shares_right(run, task, kind, steps, lengths) for kind in kinds]
    return [f"{sum(shares) / len(shares):.2f}" for shares in by_kind]


def step_times(run: StoredRun, task: str, unit: str) -> list[str]:
    """Return the time of a step of each network, that of `unit` being 1: a row of a table."""
    kinds, one = next(iter(run.results.values()))[task], step_seconds(run, task, unit)
    return [f"{step_seconds(run, task, kind) / one:.1f}" for kind in kinds]


def best_steps(results: dict, sides: Iterable[str]) -> str:
    """Return for each seed the steps of one of the sides at its best rate, – for none.

    The best has arrived on the most seeds, and then in the fewest steps. `results` has them by
    seed, side and rate; 0 stands for a run that did not arrive.
    """
    seeds = list(results.values())
    runs = [[seed[side][rate] for seed in seeds] for side in sides for rate in seeds[0][side]]
    best = min(runs, key=lambda steps: (steps.count(0), sum(steps)))
    return " ".join(str(steps or "–") for steps in best)


def budget_table(
    run: StoredRun, task: str, budgets: Iterable[int], lengths: Iterable[int], unit: str
) -> Measured:
    """Return a table of the share right by network and steps, each seed's beside the others'.

    The last column has the time of a step, that of the network `unit` being 1.
    """
    kinds, rows = next(iter(run.results.values()))[task], {}
    for kind, seconds in zip(kinds, step_times(run, task, unit), strict=True):
        found = [shares_right(run, task, kind, steps, lengths) for steps in budgets]
        rows[kind] = [" ".join(f"{share:.2f}" for share in shares) for shares in found] + [seconds]
    columns = [*(f"{steps} steps" for steps in budgets), "time of a step"]
    return measured_table(rows, columns, corner=task)
