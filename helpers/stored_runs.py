"""Stored runs: what takes minutes of training, computed beforehand and shown as it was stored.

`notebooks/runs/<name>.py` has the code of a run, `python course.py runs <name>` runs it under three
seeds, sees its assertions hold, and stores the results beside it with their seconds and a hash of
the code. A notebook shows them and asserts nothing on them. In here: reading. Not in here: running
(`tools/notebooks/runs.py`).
"""

import functools
import json
import operator
from pathlib import Path

from helpers.messages import say

RUNS = Path(__file__).parents[1] / "notebooks" / "runs"


class StoredRun:
    """Results of a stored run: `results[seed]`, and the `seconds` that each took."""

    def __init__(self, name: str, results: dict[int, object], seconds: dict[int, float]):
        self.name, self.results, self.seconds = name, results, seconds

    def __repr__(self) -> str:
        return say(
            "Stored run {name}: seeds {seeds}, about {seconds:.0f} seconds each on two cores.",
            name=self.name,
            seeds=", ".join(map(str, self.results)),
            seconds=max(self.seconds.values()),
        )

    def _repr_markdown_(self) -> str:
        return f"> {self!r}"


def stored_run(name: str) -> StoredRun:
    """Return the results of a stored run; keys that are whole numbers are numbers again.

    Raises ValueError for a name of which nothing is stored, and says which there are.
    """
    file = RUNS / f"{name}.json"
    if not file.is_file():
        message = say(
            "There is no stored run {name!r}. Choose one of: {known}.",
            name=name,
            known=", ".join(sorted(path.stem for path in RUNS.glob("*.json"))) or "–",
        )
        raise ValueError(message)
    stored = json.loads(file.read_text(encoding="utf-8"), object_hook=with_whole_keys)
    return StoredRun(name, stored["results"], stored["seconds"])


def by_seed(run: StoredRun, *keys) -> str:
    """Return the number that stands under these keys for each seed of a run, all in one line."""
    found = [functools.reduce(operator.getitem, keys, result) for result in run.results.values()]
    return " ".join(f"{number:.2f}" for number in found)


def with_whole_keys(values):
    """Return a dictionary with whole numbers in place of texts that are such numbers."""
    return {int(key) if key.isdecimal() else key: value for key, value in values.items()}
