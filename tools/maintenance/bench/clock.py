"""The bench's stopwatch, and its tables of ratios.

A ratio is the median over rounds, in each of which all take a turn: so a busy moment of the machine
hits all alike. Times are the processor's, not the clock's, for the same reason.
"""

import math
import random
import statistics
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One comparison: seconds a call, those of what it is measured against, and a goal, if any."""

    what: str
    sizes: str
    seconds: float
    against: str
    base: float
    ratio: float
    goal: float | None = None

    @property
    def met(self):
        """Return yes or NO, and a dash where there is no goal."""
        return "–" if self.goal is None else "yes" if self.ratio <= self.goal else "NO"


def rounds(runs, count=9, least=0.02, clock=time.process_time):
    """Time the functions of a dict in turns; return for each a list of `count` seconds a call.

    In each round each is called as often as takes about `least` seconds; where that is more than
    once, after one call that does not count: it finds caches and memory as the one before left
    them. The order changes from round to round.
    """
    calls = {}
    for name, run in runs.items():
        run()
        start = clock()
        run()
        calls[name] = max(1, math.ceil(least / max(clock() - start, 1e-6)))
    times = {name: [] for name in runs}
    for i in range(count):
        for name in random.Random(i).sample(list(runs), len(runs)):
            run = runs[name]
            if calls[name] > 1:
                run()
            start = clock()
            for _ in range(calls[name]):
                run()
            times[name].append((clock() - start) / calls[name])
    return times


def compare(sizes, runs, pairs, **options):
    """Time `runs` and return a Row for each of `pairs`: (name, name of the base, goal or None)."""
    times = rounds(runs, **options)
    return [
        Row(
            what=name,
            sizes=sizes,
            seconds=statistics.median(times[name]),
            against=base,
            base=statistics.median(times[base]),
            ratio=statistics.median(a / b for a, b in zip(times[name], times[base], strict=True)),
            goal=goal,
        )
        for name, base, goal in pairs
    ]


def growth(lengths, seconds):
    """Return the power of the length with which seconds grow over the last doubling or so."""
    (a, b), (s, t) = lengths[-2:], seconds[-2:]
    return math.log(t / s) / math.log(b / a)


def table(title, head, rows):
    """Return rows of texts below a head, aligned: the first column to the left, numbers right."""
    lines = [list(map(str, row)) for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    numeric = [all(_is_number(row[i]) for row in lines[1:]) for i in range(len(head))]
    shown = [
        "  ".join(
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in lines
    ]
    return "\n".join([title, *("  " + line for line in shown)])


def _is_number(text):
    """Tell whether a cell is to stand on the right: a number, a share or a dash."""
    return text.rstrip("%").replace(".", "").replace("-", "").isdigit() or text in ("–", "nan")


def ratio_table(title, rows):
    """Return Rows as aligned text, in milliseconds, with how many goals were met below."""
    head = ("ours", "sizes", "ms", "against", "ms", "ratio", "goal", "met")
    texts = [
        (
            *(row.what, row.sizes, f"{1000 * row.seconds:.2f}"),
            *(row.against, f"{1000 * row.base:.2f}", f"{row.ratio:.2f}"),
            *("–" if row.goal is None else f"{row.goal:.2f}", row.met),
        )
        for row in rows
    ]
    asked = [row for row in rows if row.goal is not None]
    told = f"  {sum(row.met == 'yes' for row in asked)} of {len(asked)} goals met"
    return table(title, head, texts) + ("\n" + told if asked else "")
