"""Does the gradient explain it? Steps to 95% at 7 digits, and 12 digits after 600 steps, by the
bias with which the LSTMs' forget gates start."""

import random

import torch

from helpers.gates import raise_forget_bias
from helpers.runtime import set_seed
from helpers.seq2seq import AttentionSeq2Seq, Seq2Seq
from helpers.tasks import draw_pairs, make_batch, number_words_task
from helpers.training import exact_match, last_step, learning_curve, side_by_side, training_step

SIDES = {"without attention": Seq2Seq, "with attention": AttentionSeq2Seq}
BIASES = (0, 1, 2, 3)
DIGITS = range(3, 13)


def twelve_digits(model, task, seed, steps=600):
    """Train on numbers of 3 to 12 digits, 64 of one length a step; return exact match at 12."""
    chance = random.Random(f"3 to 12 digits, seed {seed}")
    test = draw_pairs(chance, 12, 200)
    optimizer = torch.optim.Adam(model.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=steps)
    for _ in range(steps):
        pairs = draw_pairs(chance, chance.choice(DIGITS), 64, kept_back=test)
        training_step(model, make_batch(task, pairs), optimizer)
        schedule.step()
    return exact_match(model, task, test)


def run(seed):
    """Return by side and bias the steps at which 95% of 7 digits were right (0: never), and the
    exact match at 12 digits after 600 steps on 3 to 12."""
    task = number_words_task()
    sizes = len(task.source_vocab), len(task.target_vocab)
    seven, twelve = {}, {}
    for side, build in SIDES.items():
        for bias in BIASES:
            set_seed()
            seven[side, bias] = raise_forget_bias(build(*sizes), bias), task, 7, seed
            if bias in (0, 3):
                set_seed()
                twelve[side, bias] = raise_forget_bias(build(*sizes), bias), task, seed
    curves = side_by_side(learning_curve, seven)
    right = side_by_side(twelve_digits, twelve)
    return {
        side: {
            "7 digits": {
                bias: last_step(curves[side, bias])
                if max(curves[side, bias].values()) >= 0.95
                else 0
                for bias in BIASES
            },
            "12 digits": {bias: right[side, bias] for bias in (0, 3)},
        }
        for side in SIDES
    }


def check(results):
    """See that open gates help the network without attention, and that attention still leads."""
    for sides in results.values():
        without, looking_back = sides["without attention"], sides["with attention"]
        assert 0 < without["7 digits"][3] < without["7 digits"][0]
        assert without["7 digits"][3] > 1.4 * looking_back["7 digits"][3] > 0
        assert without["12 digits"][3] < looking_back["12 digits"][3] - 0.4
