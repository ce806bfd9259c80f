"""The training loop against the bare calls of PyTorch that it makes, and seconds to 100%.

Two tasks on sequences of 16 symbols of 10, drawn at random: write them again, or backwards. A
language model reads the symbols and a mark, and writes the 16 that are asked for.
"""

import contextlib
import copy
import functools
import io
import random
import statistics
import time

import torch
from torch import nn

from helpers.encoder_decoder import TransformerSeq2Seq
from helpers.positions import LearnedPositions
from helpers.runtime import set_seed
from helpers.seq2seq import AttentionSeq2Seq
from helpers.tasks import make_batches, numbers_task
from helpers.training import batch_loss, train
from helpers.transformer import Block, LanguageModel
from tools.maintenance.bench.clock import compare

LOOP, SECONDS = 1.05, 2.0  # the goals
LENGTH, SYMBOLS = 16, 10
RECIPE = {"steps": 200, "learning_rate": 1e-2}


# --- the loop ---


def bare(model, batches, loss, steps, learning_rate):
    """Train with the calls of PyTorch that `train` makes, in order, and with nothing else."""
    optimizer = torch.optim.Adam(model.parameters(), learning_rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps)
    for i in range(steps):
        optimizer.zero_grad()
        loss(model, batches[i % len(batches)]).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()


def barest(model, batches, loss, steps, learning_rate):
    """Train with what no training can do without: no schedule, no clipping."""
    optimizer = torch.optim.Adam(model.parameters(), learning_rate)
    for i in range(steps):
        optimizer.zero_grad()
        loss(model, batches[i % len(batches)]).backward()
        optimizer.step()


def quietly(model, batches, loss, steps, learning_rate):
    """Train with `train`, its progress bar alive, but shown to nobody."""
    with contextlib.redirect_stdout(io.StringIO()):
        train(model, batches, steps=steps, learning_rate=learning_rate, loss=loss)


def loop_rows(steps=25, **options):
    """Return what `train` costs beyond the calls that it makes, for three models of the course."""
    set_seed()
    task = numbers_task(n_train=4_000)
    sizes = len(task.source_vocab), len(task.target_vocab)
    batches = make_batches(task, task.train)
    batches = random.Random(0).sample(batches, steps)  # lengths mixed, as in training
    models = {
        "RNN + attention": (AttentionSeq2Seq(*sizes), batches, batch_loss),
        "Transformer": (TransformerSeq2Seq(*sizes), batches, batch_loss),
        "writer of 16": (writer(), [draw(32) for _ in range(steps)], answer_loss),
    }
    pairs = [("train", "the same calls", LOOP), ("train", "no schedule, no clip", None)]
    rows = []
    for name, (model, data, loss) in models.items():
        loops = {"train": quietly, "the same calls": bare, "no schedule, no clip": barest}
        runs = {
            how: functools.partial(loop, copy.deepcopy(model), data, loss, steps, 1e-3)
            for how, loop in loops.items()
        }
        rows += compare(f"{name}, {steps} steps", runs, pairs, **options)
    return rows


# --- seconds to 100% ---


class Codes(nn.Module):
    """Learned positions, asked as a `LanguageModel` asks."""

    def __init__(self, length, width):
        super().__init__()
        self.learned = LearnedPositions(length, width)

    def forward(self, length, width):
        return self.learned(length)  # (T, E)


def writer(width=32):
    """Return a language model of one block with one head."""
    codes = Codes(2 * LENGTH, width)
    return LanguageModel(SYMBOLS + 1, width, [Block(width)], codes)


def draw(size, backwards=True):
    """Return sequences (B, 33): the symbols, a mark, and the symbols again or backwards."""
    symbols = torch.randint(SYMBOLS, (size, LENGTH))  # (B, T)
    mark = torch.full((size, 1), SYMBOLS)
    return torch.cat([symbols, mark, symbols.flip(1) if backwards else symbols], dim=1)


def answer_loss(model, tokens):
    """Return the mean cross-entropy of the symbols after the mark."""
    logits, _ = model(tokens[:, :-1])  # (B, T, V)
    return nn.functional.cross_entropy(logits[:, LENGTH:].mT, tokens[:, LENGTH + 1 :])


@torch.no_grad()
def share_right(model, tokens):
    """Return the share of sequences that the model writes without a mistake, by itself.

    It is fed the right symbols: up to a first mistake those are what it would have written.
    """
    logits, _ = model(tokens[:, :-1])  # (B, T, V)
    right = logits[:, LENGTH:].argmax(dim=-1) == tokens[:, LENGTH + 1 :]  # (B, T)
    return right.all(dim=-1).float().mean().item()


def task_seconds(backwards, seed, clock=time.perf_counter):
    """Draw, build and train; return the seconds and the share right of 1,000 held-out sequences."""
    set_seed(seed)
    start = clock()
    batches = [draw(32, backwards) for _ in range(RECIPE["steps"])]
    model = writer()
    with contextlib.redirect_stdout(io.StringIO()):
        train(model, batches, loss=answer_loss, seed=seed, **RECIPE)
    seconds = clock() - start
    return seconds, share_right(model, draw(1_000, backwards))


def task_rows(seeds=range(3), clock=time.perf_counter):
    """Return rows (task, median and longest seconds, goal, least share right, met) over seeds."""
    rows = []
    for name, backwards in (("reverse", True), ("copy", False)):
        seconds, shares = zip(*(task_seconds(backwards, s, clock) for s in seeds), strict=True)
        met = min(shares) == 1.0 and statistics.median(seconds) <= SECONDS
        times = statistics.median(seconds), max(seconds), SECONDS
        texts = [f"{second:.2f}" for second in times]
        rows.append((name, *texts, f"{min(shares):.3f}", "yes" if met else "NO"))
    return rows
