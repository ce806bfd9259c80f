"""Measure how fast the course is, and hold it against its goals.

    python -m tools.maintenance.bench                               # all but the notebooks, about two minutes
    python -m tools.maintenance.bench --only attention              # one part
    python -m tools.maintenance.bench --only notebooks --nb 04      # where the seconds of a notebook go

Prints a table for each part. `growth` also draws bench/growth.png. Ratios are medians of rounds in
which all take turns, in seconds of processor, so that they can be read on a busy machine, too.
"""

import argparse
import sys

import torch

from tools.maintenance.bench.clock import ratio_table, table
from tools.notebooks.files import ROOT, ToolError, find, name
from tools.notebooks.kernel import CellFailed

COURSE, WISH = 240, 120  # seconds for the whole course: promised, and hoped for


def attention():
    """Return the table of our attention against PyTorch's."""
    from tools.maintenance.bench.attention import attention_rows

    return ratio_table("Attention (scaled_dot_product returns no weights)", attention_rows())


def heads():
    """Return the table of our heads against PyTorch's."""
    from tools.maintenance.bench.attention import heads_rows

    return ratio_table("Heads, against nn.MultiheadAttention", heads_rows())


def loop():
    """Return the table of the training loop."""
    from tools.maintenance.bench.training import loop_rows

    return ratio_table("The training loop", loop_rows())


def tasks():
    """Return the table of the seconds to 100%."""
    from tools.maintenance.bench.training import task_rows

    head = ("task", "median s", "longest s", "goal s", "least share right", "met")
    return table("16 symbols of 10, on 3 seeds, by the clock", head, task_rows())


def cache():
    """Return the table of writing with a cache."""
    from tools.maintenance.bench.attention import cache_rows

    return ratio_table("Writing, keys and values remembered or not", cache_rows(count=3))


def growth():
    """Return the table of growth, and draw it."""
    from tools.maintenance.bench.growth import measure, plot, powers

    frame, path = measure(count=5), ROOT / "bench/growth.png"
    plot(frame, path)
    head = ("layer", "axis", "sizes", "first ms", "last ms", "power at the end")
    shown = table("Growth of self-attention, forward and backward", head, powers(frame))
    return f"{shown}\n  drawn in {path.relative_to(ROOT)}"


def stored():
    """Return the table of the seconds that each notebook took when it was stored."""
    from tools.notebooks.records import read_seconds

    seconds = read_seconds(ROOT / "notebooks")
    total = sum(seconds.values())
    rows = [(n, f"{s:.1f}", f"{s / total:.0%}") for n, s in seconds.items()]
    shown = table("Notebooks, when they were stored", ("notebook", "s", "share"), rows)
    met = f"{'yes' if total <= COURSE else 'NO'}; {WISH} s: {'yes' if total <= WISH else 'NO'}"
    return f"{shown}\n  all: {total:.0f} s; within {COURSE} s: {met}"


def notebooks(start):
    """Yield for each notebook whose name begins so a table of its longest cells."""
    from tools.maintenance.bench.notebooks import cell_seconds, longest

    for path in find(start, edition="en"):
        total, cells = cell_seconds(path)
        rows = [(c, f"{s:.2f}", f"{p:.2f}", f"{q:.0%}") for c, s, p, q in longest(total, cells)]
        yield table(f"{name(path)}: {total:.1f} s", ("cell", "s", "processor s", "share"), rows)


PARTS = (attention, heads, loop, tasks, cache, growth, stored)


def main(arguments: list[str] | None = None) -> int:
    """Measure what is asked for; return 1 if it cannot be measured."""
    names = [part.__name__ for part in PARTS]
    parser = argparse.ArgumentParser(
        prog="python -m tools.maintenance.bench", description="Measure how fast the course is."
    )
    parser.add_argument("--only", choices=[*names, "notebooks"], help="one part")
    parser.add_argument("--nb", default="", help="how the file name begins, as in 01")
    options = parser.parse_args(arguments)
    torch.manual_seed(0)
    torch.set_num_threads(1)  # as in the notebooks
    try:
        if options.only == "notebooks":
            for shown in notebooks(options.nb):
                print(shown, end="\n\n", flush=True)
        for part in PARTS:
            if options.only in (None, part.__name__):
                print(part(), end="\n\n", flush=True)
    except (ToolError, CellFailed) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
