"""The bench computes what it says: rounds, medians, ratios, powers, shares. Not how fast we are."""

import itertools
import statistics
from types import SimpleNamespace

import pandas as pd
import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from helpers.fused import attend_fused
from tests.support.stored import ROOT
from tools.maintenance.bench import __main__ as bench
from tools.maintenance.bench import attention, clock, growth, notebooks, training
from tools.maintenance.bench.clock import Row, compare, ratio_table, rounds, table

QUICK = {"count": 1, "least": 0}


class Clock:
    """A clock that stands still except while something that `takes` seconds runs."""

    def __init__(self):
        self.now = 0.0
        self.log = []

    def __call__(self):
        return self.now

    def takes(self, name, *seconds):
        """Return a function that takes these seconds, in turns."""
        each = itertools.cycle(seconds)

        def run():
            self.log.append(name)
            self.now += next(each)

        return run


def test_rounds_are_seconds_a_call():
    time = Clock()
    runs = {"quick": time.takes("quick", 0.25), "slow": time.takes("slow", 4.0)}
    assert rounds(runs, count=3, least=1, clock=time) == {"quick": [0.25] * 3, "slow": [4.0] * 3}
    # two calls beforehand; in each round four calls and one that does not count, or the one call
    assert time.log.count("quick") == 2 + 3 * (1 + 4)
    assert time.log.count("slow") == 2 + 3


def test_in_each_round_all_take_a_turn_in_changing_order():
    time = Clock()
    rounds({name: time.takes(name, 1.0) for name in "abc"}, count=8, least=1, clock=time)
    turns = [tuple(time.log[i : i + 3]) for i in range(6, len(time.log), 3)]
    assert len(turns) == 8 and all(sorted(turn) == ["a", "b", "c"] for turn in turns)
    assert len(set(turns)) > 2


def test_a_ratio_is_the_median_of_the_rounds_ratios_not_the_ratio_of_medians():
    time = Clock()
    # two calls beforehand, then three rounds: ours takes 3, 8, 5 seconds, theirs 1, 4, 5
    runs = {
        "ours": time.takes("ours", 9, 9, 3, 8, 5),
        "theirs": time.takes("theirs", 9, 9, 1, 4, 5),
    }
    (row,) = compare("T16", runs, [("ours", "theirs", 1.5)], count=3, least=0, clock=time)
    assert row == Row("ours", "T16", 5, "theirs", 4, 2.0, 1.5)
    assert row.ratio == statistics.median([3 / 1, 8 / 4, 5 / 5]) != row.seconds / row.base


@pytest.mark.parametrize(
    ("ratio", "goal", "met"), [(1.5, 1.5, "yes"), (1.51, 1.5, "NO"), (9.0, None, "–")]
)
def test_a_goal_is_met_up_to_its_bound(ratio, goal, met):
    assert Row("ours", "", 1, "theirs", 1, ratio, goal).met == met


def test_the_table_of_ratios_is_aligned_and_counts_the_goals():
    rows = [
        Row("attend", "T16", 0.0012, "theirs", 0.001, 1.2, 1.5),
        Row("attend", "T256", 0.1, "by hand", 0.01, 10.0, None),
        Row("fused", "T16", 0.002, "theirs", 0.001, 2.0, 1.05),
    ]
    assert ratio_table("Attention", rows) == (
        "Attention\n"
        "  ours    sizes      ms  against     ms  ratio  goal  met\n"
        "  attend  T16      1.20  theirs    1.00   1.20  1.50  yes\n"
        "  attend  T256   100.00  by hand  10.00  10.00     –  –\n"
        "  fused   T16      2.00  theirs    1.00   2.00  1.05  NO\n"
        "  1 of 2 goals met"
    )
    assert "goals" not in ratio_table("Attention", rows[1:2])


def test_words_stand_left_and_numbers_right():
    assert table("T", ("a", "b"), [("x", "5%"), ("long", "10%")]).splitlines() == [
        "T",
        "  a       b",
        "  x      5%",
        "  long  10%",
    ]


def test_growth_is_the_power_over_the_last_step():
    assert clock.growth([1, 2, 4], [9, 1, 4]) == pytest.approx(2)
    assert clock.growth([10, 1000], [3, 300]) == pytest.approx(1)


def test_powers_are_told_for_each_layer_and_axis():
    frame = pd.DataFrame(
        [
            ("length", n, layer, n**power / 1e6)
            for layer, power in (("a", 1), ("b", 2))
            for n in (8, 32)
        ],
        columns=["axis", "size", "layer", "seconds"],
    )
    assert growth.powers(frame) == [
        ("a", "length", "8 to 32", "0.01", "0.03", "1.00"),
        ("b", "length", "8 to 32", "0.06", "1.02", "2.00"),
    ]


# --- what is timed is what is told ---


@pytest.mark.parametrize("mask", [None, attention.causal_mask(5)])
def test_all_that_is_compared_gives_the_same(mask):
    given = [torch.randn(2, 3, 5, 4, requires_grad=True) for _ in range(3)]
    outputs = [run() for run in attention._attention_runs(given, mask).values()]
    for output in outputs:
        torch.testing.assert_close(output, scaled_dot_product_attention(*given, mask))
    assert len(outputs) == 4


def test_there_and_back_goes_both_ways_and_there_only_one():
    x = torch.randn(3, requires_grad=True)
    seen = []

    def run():
        y = x * 2
        y.requires_grad and y.register_hook(lambda gradient: seen.append("back"))
        seen.append("there")
        return y

    attention.there(run)()
    assert seen == ["there"]
    attention.there_and_back(run, [x])()
    assert seen == ["there", "there", "back"] and x.grad is None


def test_the_tables_hold_every_size_both_masks_and_both_ways():
    rows = attention.attention_rows([(1, 2, 4, 4), (2, 2, 3, 4)], **QUICK)
    assert len(rows) == 2 * 2 * 2 * 3
    assert {row.goal for row in rows if row.what == "attend_fused"} == {attention.WITHOUT}
    rows = attention.heads_rows([(2, 3, 8, 2)], **QUICK)
    assert [row.sizes for row in rows[::2]] == [
        f"B2 T3 E8 H2 {mask} {way}"
        for mask in ("no mask", "causal")
        for way in ("forward", "both ways")
    ]


def test_the_bare_loop_trains_as_train_does():
    """Bare and ours end with the same weights when they see the same batches in the same order."""
    batch = training.draw(4)
    ours, theirs = (training.writer(8) for _ in range(2))
    ours.predict.weight.data *= 50  # gradients long enough to be clipped
    theirs.load_state_dict(ours.state_dict())
    training.quietly(ours, [batch], training.answer_loss, 5, 1e-2)
    training.bare(theirs, [batch], training.answer_loss, 5, 1e-2)
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize("backwards", [True, False])
def test_the_task_is_to_write_the_symbols_again_or_backwards(backwards):
    tokens = training.draw(6, backwards)
    read, mark, answer = tokens.split([16, 1, 16], dim=1)
    assert (mark == 10).all() and read.max() < 10
    assert torch.equal(answer, read.flip(1) if backwards else read)


def test_share_right_counts_whole_answers():
    tokens = training.draw(8)
    logits = torch.nn.functional.one_hot(tokens[:, 1:], 11).float()
    logits[0, 3] = 0  # a slip while reading does not count
    for row, place in ((1, 16), (2, 31)):
        logits[row, place] = torch.nn.functional.one_hot((tokens[row, place + 1] + 1) % 10, 11)
    assert training.share_right(lambda given: (logits, None), tokens) == 6 / 8


def test_a_task_is_met_if_all_is_right_in_time(monkeypatch):
    found = {(True, 0): (1.0, 1.0), (True, 1): (3.0, 1.0), (True, 2): (1.5, 1.0)}
    found |= {(False, 0): (1.0, 1.0), (False, 1): (0.5, 0.999), (False, 2): (0.6, 1.0)}
    monkeypatch.setattr(training, "task_seconds", lambda back, seed, clock: found[back, seed])
    assert training.task_rows() == [
        ("reverse", "1.50", "3.00", "2.00", "1.000", "yes"),
        ("copy", "0.60", "1.00", "2.00", "0.999", "NO"),
    ]


# --- notebooks ---


def test_cells_are_timed_by_the_clock_and_by_the_processor():
    time, processor = Clock(), Clock()
    watch = notebooks.CellClock(time, lambda pid: processor.now if pid == 7 else None)
    hooks = watch.hooks(SimpleNamespace(provisioner=SimpleNamespace(pid=7)))
    for cell, seconds, taken in (({"id": "a"}, 3, 2), ({}, 1, 2)):
        time.now += 5  # between cells
        hooks["on_cell_execute"](cell=cell, cell_index=4)
        time.now += seconds
        processor.now += taken
        hooks["on_cell_executed"](cell=cell, cell_index=4, execute_reply={})
    assert watch.cells == [("a", 3, 2), ("#4", 1, 2)]


def test_the_longest_cells_come_first_and_all_adds_up():
    cells = [("a", 1, 1), ("b", 50, 60), ("c", 30, 30), ("d", 1.5, 1)]
    *rows, last = notebooks.longest(100, cells, least=0.02)
    assert rows == [("b", 50, 60, 0.5), ("c", 30, 30, 0.3), ("2 others", 2.5, 2, 0.025)]
    assert (last[0], last[1], last[3]) == (notebooks.OTHERS, 17.5, 0.175)
    assert [row[0] for row in notebooks.longest(10, cells[1:2])] == ["b", notebooks.OTHERS]


def test_every_part_has_a_name_that_contributing_tells():
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert all(f"`{part.__name__}`" in told for part in bench.PARTS)


def part(name):
    """Return a part of this name."""

    def run():
        return f"table of {name}"

    run.__name__ = name
    return run


def test_one_part_is_run_alone(monkeypatch, capsys):
    monkeypatch.setattr(bench, "PARTS", [part("loop"), part("cache")])
    assert bench.main(["--only", "cache"]) == 0
    assert capsys.readouterr().out == "table of cache\n\n"
    assert bench.main(["--only", "notebooks", "--nb", "77"]) == 1
    assert "begins with '77'" in capsys.readouterr().err


# --- one speed, with generous room ---


def test_attention_without_weights_is_about_as_fast_as_pytorchs():
    given = [torch.randn(4, 4, 128, 32, requires_grad=True) for _ in range(3)]
    runs = {
        "ours": attention.there_and_back(lambda: attend_fused(*given), given),
        "theirs": attention.there_and_back(lambda: scaled_dot_product_attention(*given), given),
    }
    (row,) = compare("", runs, [("ours", "theirs", 1.5)], count=7)
    assert row.met == "yes", f"{row.ratio:.2f} times PyTorch's time; 1.05 is the goal of make bench"
