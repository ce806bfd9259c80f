"""The benchmark runs, names what it compares, and compares like with like; not how fast we are."""

import copy
from types import SimpleNamespace

import pytest
import torch

from helpers.seq2seq import AttentionSeq2Seq
from helpers.tasks import make_batches, numbers_task
from tools.maintenance import bench, slow_cells

TINY = {  # for each comparison a size, and the columns of its table
    bench.attention: ((1, 2, 3, 4), "attend", "PyTorch's, no weights"),
    bench.heads: ((2, 3, 8, 2), "MultiHeadAttention", "nn.MultiheadAttention"),
    bench.training: (AttentionSeq2Seq, "train", "its calls alone"),
    bench.cache: (3, "write_cached", "write"),
}


@pytest.mark.slow
@pytest.mark.parametrize("part", bench.PARTS, ids=lambda part: part.__name__)
def test_each_comparison_prints_its_name_its_columns_and_its_row(part):
    size, *columns = TINY[part]
    shown = bench.compare(part, [size], seconds=0.001)
    row = getattr(size, "__name__", str(size))
    assert all(name in shown for name in (part.__name__, row, *columns, "times as long"))


def test_both_kinds_of_attention_have_the_same_gradients():
    ours, theirs = bench.attention((2, 2, 5, 4)).values()
    torch.testing.assert_close(ours(), theirs())


@pytest.mark.slow
def test_the_bare_loop_trains_as_train_does():
    """On one batch, which both see at every step, they end with the same weights."""
    task = numbers_task(n_train=100)
    batches = make_batches(task, task.train)[:1]
    ours = AttentionSeq2Seq(len(task.source_vocab), len(task.target_vocab))
    theirs = copy.deepcopy(ours)
    bench.train_quietly(ours, batches, steps=5, learning_rate=0.1)
    bench.bare_loop(theirs, batches, steps=5, learning_rate=0.1)
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.equal(a, b)


def test_cells_are_timed_by_the_clock_and_by_the_processor(monkeypatch):
    clock = {"seconds": 0.0, "processor": 0.0}
    times = SimpleNamespace(perf_counter=lambda: clock["seconds"])
    monkeypatch.setattr(slow_cells, "time", times)
    taken = SimpleNamespace(cpu_times=lambda: SimpleNamespace(user=clock["processor"], system=1.0))
    monkeypatch.setattr(slow_cells.psutil, "Process", {7: taken}.get)
    cells = []
    hooks = slow_cells.timing_hooks(SimpleNamespace(provisioner=SimpleNamespace(pid=7)), cells)
    for cell, seconds, processor in (({"id": "a"}, 3, 2), ({}, 1, 2)):
        clock["seconds"] += 5  # between cells
        hooks["on_cell_execute"](cell=cell, cell_index=4)
        clock["seconds"] += seconds
        clock["processor"] += processor
        hooks["on_cell_executed"](cell=cell, cell_index=4, execute_reply={})
    assert cells == [("a", 3, 2), ("#4", 1, 2)]


def test_the_slowest_cells_come_first_and_the_seconds_add_up():
    cells = [("a", 1, 1), ("b", 50, 60), ("c", 30, 30)]
    shown = slow_cells.table("en/04", 100, cells, count=2).splitlines()
    assert [line.split()[-1] for line in shown[2:4]] == ["b", "c"]
    assert [line.split()[0] for line in shown[2:5]] == ["50.00", "30.00", "20.00"]


def test_a_notebook_that_is_not_there_is_an_error(capsys):
    assert bench.main(["--notebook", "77"]) == 1
    assert "begins with '77'" in capsys.readouterr().err
