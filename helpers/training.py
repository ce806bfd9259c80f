"""One short training loop, and what to ask of a trained translator.

In here: `train`, translating, exact match. Not in here: models, data, gradients and timings.
"""

import itertools
import random
import sys
from dataclasses import dataclass

import torch
from torch import nn
from tqdm import tqdm

from helpers.language import say
from helpers.seq2seq import greedy_decode
from helpers.tasks import PAD, make_batch


@dataclass
class History:
    """The loss of every step of one training run; shown as one line."""

    losses: list[float]

    def __repr__(self):
        first, last = self.losses[0], sum(self.losses[-20:]) / len(self.losses[-20:])
        return f"trained for {len(self.losses)} steps: loss {first:.2f} → {last:.3f}"


def batch_loss(model, batch):
    """Return the mean cross-entropy of a batch's target tokens, padding not counted.

    Shapes: -> a scalar. Taught in notebook 01.
    """
    logits = model(batch.source, batch.target_in)  # (B, T, V)
    return nn.functional.cross_entropy(logits.mT, batch.target_out, ignore_index=PAD)


def train(model, batches, *, steps=600, learning_rate=1.5e-2, loss=batch_loss, seed=0):
    """Train `model` in place and return its History; shows progress while it runs.

    Adam with a one-cycle learning rate and clipped gradients; every batch is seen once before any
    is seen again. Raises ValueError for no batches, or fewer than 1 step.
    """
    batches = list(batches)
    if not batches:
        told = say("There are no batches to train on. Make some: make_batches(task, pairs).")
        raise ValueError(told)
    if steps < 1:
        told = say("steps is {steps}, but training takes at least 1 step. Try 600.", steps=steps)
        raise ValueError(told)
    device = next(model.parameters()).device
    batches = [batch.to(device) for batch in batches]
    optimizer = torch.optim.Adam(model.parameters(), learning_rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps)
    losses = []
    model.train()
    for batch in _progress(itertools.islice(_shuffled(batches, seed), steps), steps):
        optimizer.zero_grad()
        now = loss(model, batch)
        now.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(now.item())
    model.eval()
    return History(losses)


def _shuffled(batches, seed):
    """Yield the batches for ever, in a new order each time round."""
    rng = random.Random(f"order {seed}")
    while True:
        yield from rng.sample(batches, len(batches))


def _progress(items, total):
    """Return `items` with a live progress bar that clears itself when done."""
    return tqdm(items, total=total, file=sys.stdout, leave=False, desc="training")


def translate(model, task, pairs):
    """Return the model's own translation of each pair's source, as tuples of tokens."""
    source = make_batch(task, pairs).source.to(next(model.parameters()).device)
    tokens, _ = greedy_decode(model, source)
    return [tuple(task.target_vocab.decode(row)) for row in tokens.tolist()]


def exact_match(model, task, pairs):
    """Return the share of pairs that the model translates without a single wrong token."""
    written = translate(model, task, pairs)
    return sum(w == pair.target for w, pair in zip(written, pairs, strict=True)) / len(pairs)


def accuracy_by_length(model, task):
    """Return the exact match on the held-out pairs of each length of the task, as a dict."""
    return {length: exact_match(model, task, pairs) for length, pairs in task.test.items()}
