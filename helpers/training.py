"""The training loop, and what to ask of a trained translator.

In here: one step of training, `learning_curve`, `train`, translating, exact match. Not in here:
models, data, gradients and timings.
"""

import itertools
import os
import random
import sys
import threading
import time
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import torch
from torch import nn
from tqdm import tqdm

from helpers.messages import say
from helpers.seq2seq import greedy_decode
from helpers.tasks import PAD, draw_pairs, make_batch


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


def training_step(model, batch, optimizer, loss=batch_loss):
    """Change the model's parameters a little, so that its loss on the batch falls; return the loss.

    Gradients are clipped at a norm of 1 (Pascanu et al. 2013). Taught in notebook 01.
    """
    optimizer.zero_grad()
    value = loss(model, batch)
    value.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return value.item()


def learning_curve(model, task, digits, seed=0, rate=1e-2, goal=0.95, every=10, most=1_500):
    """Train on fresh numbers until `goal` of 200 others are right; return exact match by step.

    Adam at a constant rate, 64 new numbers a step. Taught in notebook 01.
    """
    chance = random.Random(seed)
    test = draw_pairs(chance, digits, 200)
    optimizer = torch.optim.Adam(model.parameters(), rate)
    right = {}
    for step in range(1, most + 1):
        batch = make_batch(task, draw_pairs(chance, digits, 64, kept_back=test))
        training_step(model, batch, optimizer)
        if step % every == 0:
            right[step] = exact_match(model, task, test)
            if right[step] >= goal:
                break
    return right


def last_step(curve):
    """Return the step at which a learning curve, a dict by step, ends."""
    return max(curve)


def side_by_side(function, calls):
    """Call a function once for each tuple of arguments in a dict; return what it returns, by name.

    The calls run at the same time, one to a core, and a bar shows how many have ended. Raises what
    a call raises; those that have not begun then do not begin.
    """
    with _progress(len(calls)) as bar, _pool() as pool:
        runs = {name: pool.submit(function, *arguments) for name, arguments in calls.items()}
        try:
            for run in as_completed(runs.values()):
                run.result()  # raises what the call raised
                bar.update()
        finally:
            pool.shutdown(cancel_futures=True)
        return {name: run.result() for name, run in runs.items()}


def train(model, batches, *, steps=600, learning_rate=1.5e-2, loss=batch_loss, seed=0):
    """Train `model` in place and return its History; shows progress while it runs.

    Adam with a one-cycle learning rate and clipped gradients; every batch is seen once before any
    is seen again. Raises ValueError for no batches, or fewer than 1 step.
    """
    with _progress(steps) as bar:
        return History(_fit(model, batches, bar.update, steps, learning_rate, loss, seed))


def train_all(models, batches, **options):
    """Train the models of a dict side by side, one to a core; return their Histories by name.

    Each gets what `train` would give it alone, to the last bit, unless `loss` or the model draws
    random numbers. `options` are those of `train`; of them and of `batches`, one that is a dict
    holds a value for each name. Raises what `train` raises.
    """
    own = {name: _own({"batches": batches} | options, name) for name in models}
    total = sum(each.setdefault("steps", 600) for each in own.values())
    stopped = threading.Event()
    with _progress(total) as bar, _pool() as pool:

        def tick():
            if stopped.is_set():
                raise CancelledError
            bar.update()

        runs = {n: pool.submit(_fit, model, tick=tick, **own[n]) for n, model in models.items()}
        try:
            for run in as_completed(runs.values()):
                run.result()  # raises what the run raised
        finally:
            stopped.set()  # after an error or an interrupt, nobody waits for the others
            pool.shutdown(cancel_futures=True)
        return {name: History(run.result()) for name, run in runs.items()}


def _fit(model, batches, tick, steps=600, learning_rate=1.5e-2, loss=batch_loss, seed=0):
    """Train as `train` says, call `tick` after each step, and return the losses."""
    batches = list(batches)
    if not batches:
        told = say("There are no batches to train on. Make some: make_batches(task, pairs).")
        raise ValueError(told)
    if steps < 1:
        told = say("steps is {steps}, but training takes at least 1 step. Try 600.", steps=steps)
        raise ValueError(told)
    parameters = list(model.parameters())
    batches = [batch.to(parameters[0].device) for batch in batches]
    optimizer = torch.optim.Adam(parameters, learning_rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps)
    losses = []
    model.train()
    for batch in itertools.islice(_shuffled(batches, seed), steps):
        losses.append(training_step(model, batch, optimizer, loss))
        schedule.step()
        tick()
    model.eval()
    return losses


def _own(options, name):
    """Return the options of one of several models."""
    return {key: v[name] if isinstance(v, dict) else v for key, v in options.items()}


def _pool():
    """Return a thread for each core; PyTorch has as many threads in each as in this one."""
    threads = torch.get_num_threads()
    return ThreadPoolExecutor(os.cpu_count(), "train", torch.set_num_threads, [threads])


def _shuffled(batches, seed):
    """Yield the batches for ever, in a new order each time round."""
    rng = random.Random(f"order {seed}")
    while True:
        yield from rng.sample(batches, len(batches))


def _progress(total):
    """Return a live progress bar that clears itself when done."""
    return tqdm(total=total, file=sys.stdout, leave=False, desc="training")


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


@torch.no_grad()
def whole_right(model, batch):
    """Return the share of sentences of which a model, fed the right tokens, gets every next one.

    That equals its exact match when it writes by itself: up to a first mistake, the tokens that it
    would have written are the right ones. Shapes: -> a number. Taught in notebook 11.
    """
    guesses = model(batch.source, batch.target_in).argmax(dim=-1)  # (B, T)
    right = (guesses == batch.target_out) | (batch.target_out == PAD)  # (B, T)
    return right.all(dim=-1).float().mean().item()


class Watch:
    """A loss that notes, every so many steps, how many sentences of a jury are right.

    `right` and `seconds` are dicts by step: the share of whole sentences right, and the seconds up
    to there that the processor worked for this thread, without those that the jury took.
    """

    def __init__(self, loss, jury, every=25):
        self.loss, self.jury, self.every = loss, jury, every
        self.right, self.seconds = {}, {}
        self.step, self.start, self.jury_took = 0, None, 0.0

    def __call__(self, model, batch):
        if self.step % self.every == 0:
            now = time.thread_time()
            self.start = now if self.start is None else self.start
            self.seconds[self.step] = now - self.start - self.jury_took
            self.right[self.step] = whole_right(model, self.jury)
            self.jury_took += time.thread_time() - now
        self.step += 1
        return self.loss(model, batch)

    def first(self, goal=0.95):
        """Return the first noted step with at least `goal` right, or infinity if there is none."""
        return next((step for step, right in self.right.items() if right >= goal), float("inf"))
