"""The linear probe finds what is there, and does not find what is not."""

import pytest
import torch

from helpers.probes import linear_probe, record_steps
from helpers.seq2seq import AttentionSeq2Seq, greedy_decode
from helpers.tasks import make_batch, numbers_task


def test_a_label_that_is_there_is_read_and_one_that_is_not_is_not():
    labels = torch.randint(10, (800,))
    codes = torch.randn(10, 20)
    there = codes[labels] + 0.1 * torch.randn(800, 20)
    assert linear_probe(there, labels) > 0.98
    assert linear_probe(torch.randn(800, 20), labels) < 0.25


def test_it_is_judged_on_rows_that_it_was_not_fitted_on():
    labels = torch.randint(10, (60,))
    assert linear_probe(torch.randn(60, 200), labels) < 0.5  # fits any 30 rows, predicts no other


def test_it_equals_ridge_regression_written_out():
    features, labels = torch.randn(40, 3), torch.randint(4, (40,))
    inputs = torch.cat([features, torch.ones(40, 1)], dim=1)
    wanted = torch.nn.functional.one_hot(labels).float()
    root = torch.cat([inputs[:20], 0.1**0.5 * torch.eye(4)])
    readout = torch.linalg.lstsq(root, torch.cat([wanted[:20], torch.zeros(4, 4)])).solution
    right = ((inputs[20:] @ readout).argmax(dim=1) == labels[20:]).float().mean().item()
    assert linear_probe(features, labels) == pytest.approx(right)


@pytest.mark.parametrize(("rows", "labels"), [(10, 9), (3, 3)])
def test_it_says_what_it_needs(rows, labels):
    with pytest.raises(ValueError, match=f"(?s){rows} rows and {labels} labels.*at least 4"):
        linear_probe(torch.randn(rows, 2), torch.zeros(labels, dtype=torch.long))


def test_recorded_steps_are_what_the_model_wrote():
    task = numbers_task(n_train=200)
    torch.manual_seed(0)
    model = AttentionSeq2Seq(len(task.source_vocab), len(task.target_vocab), width=8).eval()
    pair = task.test[5][0]
    steps = record_steps(model, task, pair)
    tokens, weights = greedy_decode(model, make_batch(task, [pair]).source)
    assert steps["source"] == list(pair.source)
    assert steps["target"] == [task.target_vocab.tokens[i] for i in tokens[0]]
    torch.testing.assert_close(steps["weights"], weights[0])
    torch.testing.assert_close(steps["scores"].softmax(dim=-1), steps["weights"])
    best = [predicted[0][0] for predicted in steps["predictions"]]
    assert best == steps["target"]
    assert all(
        len(p) == 3 and sum(chance for _, chance in p) <= 1.0001 for p in steps["predictions"]
    )
