"""One network for 3 to 12 digits: exact match by digits after 600 steps, and after more."""

import random

import torch

from helpers.runtime import set_seed
from helpers.seq2seq import AttentionSeq2Seq, Seq2Seq
from helpers.tasks import draw_pairs, make_batch, number_words_task
from helpers.training import exact_match, side_by_side, training_step

DIGITS = range(3, 13)
SIDES = {
    "without attention, 4,800 steps": (Seq2Seq, 4_800),
    "without attention, 1,200 steps": (Seq2Seq, 1_200),
    "without attention, 600 steps": (Seq2Seq, 600),
    "with attention, 600 steps": (AttentionSeq2Seq, 600),
}


def photograph(model, task, steps, seed):
    """Train on fresh numbers, each step on 64 of one length; return the exact match by digits."""
    chance = random.Random(f"3 to 12 digits, seed {seed}")
    test = {digits: draw_pairs(chance, digits, 200) for digits in DIGITS}
    optimizer = torch.optim.Adam(model.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=steps)
    for _ in range(steps):
        digits = chance.choice(DIGITS)
        pairs = draw_pairs(chance, digits, 64, kept_back=test[digits])
        training_step(model, make_batch(task, pairs), optimizer)
        schedule.step()
    return {digits: exact_match(model, task, pairs) for digits, pairs in test.items()}


def run(seed):
    """Return the exact match by digits for each side."""
    task = number_words_task()
    sizes = len(task.source_vocab), len(task.target_vocab)
    calls = {}
    for name, (build, steps) in SIDES.items():
        set_seed()
        calls[name] = build(*sizes, 128), task, steps, seed
    return side_by_side(photograph, calls)


def check(results):
    """See the fall after 600 steps, and that more steps lift it."""
    for sides in results.values():
        right = {name: list(by_digits.values()) for name, by_digits in sides.items()}
        assert right["without attention, 600 steps"][0] > 0.9
        assert right["without attention, 600 steps"][-1] < 0.3
        assert right["without attention, 4,800 steps"][-1] > 0.75
        assert min(right["with attention, 600 steps"]) > 0.75
