"""Benchmark of the course's code against PyTorch's own, by torch.utils.benchmark.

    python -m tools.maintenance.bench                    # every comparison, two minutes or so
    python -m tools.maintenance.bench --only attention   # one of them
    python -m tools.maintenance.bench --notebook 04      # the slowest cells of a notebook instead

A comparison prints a table, a row for each size, and how many times as long the first column takes
as the second. Seconds are those that the processor worked, on one thread: a busy machine disturbs
them less. Goals: our heads within 1.5 times PyTorch's, `train` within 1.05 times its own calls.
Weights are a tensor (B, H, T, S). Code that returns them has to write and read it, forward and
backward; `scaled_dot_product_attention` returns none and never makes it.
"""

import argparse
import contextlib
import functools
import io
import sys
import time

import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention
from torch.utils.benchmark import Compare, Measurement, Timer

from helpers.attention import MultiHeadAttention, attend, causal_mask, scaled_dot_scores
from helpers.encoder_decoder import TransformerSeq2Seq
from helpers.positions import RotaryScores
from helpers.seq2seq import AttentionSeq2Seq
from helpers.tasks import make_batches, numbers_task
from helpers.training import batch_loss, train
from helpers.transformer import Block, LanguageModel, write, write_cached
from tools.maintenance.slow_cells import slow_cells
from tools.notebooks.kernel import CellFailed
from tools.notebooks.notebook_files import ToolError, find

# Each part takes a size and returns the two functions to be timed, by name: ours, then the other.


def attention(size):
    """Return `attend` and PyTorch's kernel, forward and backward, for a size (B, H, T, D)."""
    inputs = [torch.randn(size, requires_grad=True) for _ in range(3)]  # (B, H, T, D)
    mask = causal_mask(size[2])  # (T, S)
    return {
        "attend": gradients(lambda: attend(*inputs, mask, scaled_dot_scores)[0], inputs),
        "PyTorch's, no weights": gradients(
            lambda: scaled_dot_product_attention(*inputs, mask), inputs
        ),
    }


def heads(size):
    """Return our heads and PyTorch's, both with weights, for a size (B, T, E, H)."""
    n_batch, length, width, n_heads = size
    x = torch.randn(n_batch, length, width, requires_grad=True)  # (B, T, E)
    mask = causal_mask(length)  # (T, S)
    ours = MultiHeadAttention(width, n_heads)
    theirs = nn.MultiheadAttention(width, n_heads, bias=False, batch_first=True)
    options = {"attn_mask": ~mask, "average_attn_weights": False}
    return {
        "MultiHeadAttention": gradients(lambda: ours(x, mask=mask)[0], [x, *ours.parameters()]),
        "nn.MultiheadAttention": gradients(
            lambda: theirs(x, x, x, **options)[0], [x, *theirs.parameters()]
        ),
    }


def gradients(function, leaves):
    """Return a function that calls `function` and computes the gradients of `leaves`."""
    return lambda: torch.autograd.grad(function().sum(), leaves)


def training(model_class, steps=10):
    """Return `train` and the calls of PyTorch that it makes, for a model of the course."""
    task = numbers_task(n_train=1_000)
    batches = make_batches(task, task.train)[:steps]
    sizes = len(task.source_vocab), len(task.target_vocab)
    return {
        "train": functools.partial(train_quietly, model_class(*sizes), batches, steps),
        "its calls alone": functools.partial(bare_loop, model_class(*sizes), batches, steps),
    }


def train_quietly(model, batches, steps, learning_rate=1e-3):
    """Train with `train`, whose progress bar works but is not shown."""
    with contextlib.redirect_stdout(io.StringIO()):
        train(model, batches, steps=steps, learning_rate=learning_rate)


def bare_loop(model, batches, steps, learning_rate=1e-3):
    """Train with the calls of PyTorch that `train` makes, in their order, and with nothing else."""
    optimizer = torch.optim.Adam(model.parameters(), learning_rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps)
    for i in range(steps):
        optimizer.zero_grad()
        batch_loss(model, batches[i % len(batches)]).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()


def cache(n_tokens):
    """Return writing with a cache of keys and values and without, two blocks of width 64."""
    model = LanguageModel(96, 64, [Block(64, 4, RotaryScores()) for _ in range(2)]).eval()
    start = torch.zeros(1, 1, dtype=torch.long)  # (B, T)
    return {
        "write_cached": functools.partial(write_cached, model, start, n_tokens),
        "write": functools.partial(write, model, start, n_tokens),
    }


PARTS = {
    attention: [(64, 4, 16, 16), (8, 4, 128, 32), (1, 8, 512, 64)],
    heads: [(64, 16, 48, 4), (8, 128, 128, 4), (2, 512, 256, 8)],
    training: [AttentionSeq2Seq, TransformerSeq2Seq],
    cache: [32, 128, 256],
}


def compare(part, sizes, seconds=1.0) -> str:
    """Time what `part` returns for each size, about `seconds` each; return the table and ratios."""
    measured, ratios = [], []
    for size in sizes:
        row = getattr(size, "__name__", str(size))
        first, second = (
            timed(run, part.__name__, row, n, seconds) for n, run in part(size).items()
        )
        measured += [first, second]
        ratios.append(f"{first.median / second.median:.2f}")
    return f"{Compare(measured)}\nThe first takes {', '.join(ratios)} times as long.\n"


def timed(run, table: str, row: str, column: str, seconds: float) -> Measurement:
    """Call a function for about `seconds`; return its times, with its place in the table."""
    place = {"label": table, "sub_label": row, "description": column}
    timer = Timer("run()", timer=time.process_time, globals={"run": run}, **place)
    return timer.blocked_autorange(min_run_time=seconds)


def main(arguments: list[str] | None = None) -> int:
    """Print the comparisons or the slowest cells asked for; return 1 if a notebook does not run."""
    parts = {part.__name__: part for part in PARTS}
    parser = argparse.ArgumentParser(
        prog="python -m tools.maintenance.bench", description="Measure speed against PyTorch's."
    )
    parser.add_argument("--only", choices=parts, help="one comparison")
    parser.add_argument("--notebook", help="how the file name begins, as in 04: its slowest cells")
    options = parser.parse_args(arguments)
    torch.manual_seed(0)
    try:
        if options.notebook is not None:
            for path in find(options.notebook, edition="en"):
                print(slow_cells(path), flush=True)
        else:
            for part in [parts[options.only]] if options.only else PARTS:
                print(compare(part, PARTS[part]), flush=True)
    except (ToolError, CellFailed) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
