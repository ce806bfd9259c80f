"""Longer exercises and open challenges: whole, solved in TEACHING, networks judged fairly.

A longer exercise changes a network and trains it again; its checker judges the network, and its
solution stands in TEACHING.md. A challenge's checker reports, and judges nothing.
"""

import ast
import functools
import re

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from helpers.attention import SelfAttention, attend, causal_mask
from helpers.cipher import LENGTH, Writer, draw_texts, learn_to_write
from helpers.courses import VOCABULARY
from helpers.exercises import judge, nb02, nb04, networks, sandbox
from helpers.exercises.nb01 import check_gru
from helpers.exercises.nb02 import check_bahdanau, report_smallest
from helpers.exercises.nb03 import check_uniform
from helpers.exercises.nb04 import check_gru_recall
from helpers.exercises.nb05 import check_shared
from helpers.exercises.nb06 import check_sets
from helpers.exercises.nb07 import check_gated
from helpers.exercises.nb08 import check_packed
from helpers.exercises.nb09 import check_narrow
from helpers.figures.style import contrast
from helpers.lookups import (
    WhoIsHome,
    all_correct,
    draw_calls,
    feed_forward,
    home_loss,
    lookup_curve,
)
from helpers.recall import Recaller, recall_curve
from helpers.runtime import set_seed
from helpers.seq2seq import AttentionSeq2Seq, Seq2Seq
from helpers.tasks import PAD
from helpers.three_back import ThreeBack
from helpers.training import learning_curve, train
from helpers.two_facts import WIDTH, OneWord, learn_sums
from tests.exercises.banks import (
    longer_01,
    longer_02,
    longer_03,
    longer_04,
    longer_05,
    longer_06,
    longer_07,
    longer_08,
    longer_09,
)
from tests.exercises.banks.longer_01 import SIZES, TASK
from tests.exercises.test_exercises import BLOCK, FOLDED, HEADING, Prepared, execute, rejection
from tests.support.checkers import OF_NETWORKS
from tests.support.stored_notebooks import ROOT, read, tags
from tests.support.toys import code, markdown, put

PARTS = {"longer": ("", "-stub", "-check", "-hint"), "challenge": ("", "-stub", "-check")}
TITLE = re.compile(r"^#{2,4} .+$", re.MULTILINE)
TEACHING = {
    "en": ("TEACHING.md", "## Solutions of the longer exercises"),
    "ko": ("TEACHING.ko.md", "## 긴 연습 문제의 풀이"),
}
# the heading of a solution: ### 01 · longer-gru · what it is about
SOLVED = re.compile(
    r"^### (\d\d) · (longer-[a-z0-9-]+) · [^\n]+\n(.*?)(?=^##+ \d|\Z)", re.DOTALL | re.MULTILINE
)


def named(stored, kind):
    """Return the ids of a notebook's longer exercises, or of its challenges."""
    names = [re.sub("-(stub|check|hint)$", "", name) for name in stored.ids]
    return list(dict.fromkeys(name for name in names if name.startswith(f"{kind}-")))


# --- how they are written ---


def handed_in(source):
    """Return the name that a stub puts None into, or None for another kind of stub."""
    match ast.parse(source).body:
        case [ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=None))]:
            return name
    return None


def form_complaints(stored, name):
    """Yield what is wrong with how a longer exercise or a challenge is written."""
    kind = name.partition("-")[0]
    names = [name + part for part in PARTS[kind]]
    if [each for each in stored.ids if each in names] != names:
        yield f"it wants the cells {', '.join(names)}, in this order"
        return
    text, stub, check, *hint = map(stored.cell, names)
    if not (HEADING if kind == "longer" else TITLE).match(text.source):
        dots = " ●●● · 30 min" if kind == "longer" else ""
        yield f"its heading is not like ### What it is{dots}"
    if "stub" not in tags(stub) or "check" not in tags(check):
        yield "its stub and its check want the tags stub and check"
    given = handed_in(stub.source)
    if not given:
        yield "its stub is not one name with None, as in gru_model = None  # your trained network"
    match ast.parse(check.source).body[-1]:
        case ast.Expr(value=ast.Call(args=[ast.Name(id=taken)], keywords=[])) if taken == given:
            pass
        case _:
            yield "its check does not end with the verdict on what the stub names"
    for cell in hint:
        if not FOLDED.fullmatch(cell.source.strip()):
            yield f"{cell.id} is not <details><summary>…</summary>, an empty line, text, </details>"
    if f"{name}-solution" in stored.ids:
        yield "its solution stands in TEACHING.md, and nowhere else"
    for need in check.metadata.get("needs", []):
        if need not in stored.ids[: stored.ids.index(check.id)]:
            yield f"its check needs the cell {need}, which does not stand before it"


def solutions(edition, text=None):
    """Return the code of each solution in a TEACHING.md, by notebook's number and exercise."""
    file, heading = TEACHING[edition]
    text = (ROOT / file).read_text(encoding="utf-8") if text is None else text
    _, found, rest = text.partition(f"{heading}\n")
    assert found, f"{file} has no section {heading}"
    section = re.split(r"^## ", rest, flags=re.MULTILINE)[0]
    made = {}
    for number, name, body in SOLVED.findall(section):
        blocks = BLOCK.findall(body)
        assert len(blocks) == 1, f"{file}: {number} · {name} has {len(blocks)} ```python blocks"
        made[number, name] = blocks[0]
    return made


def solution_complaints(stored, solved):
    """Yield which of a notebook's longer exercises have no solution, and the other way round."""
    number, names = stored.name[:2], named(stored, "longer")
    there = [name for of, name in solved if of == number]
    yield from (f"{name} has no solution in TEACHING" for name in names if name not in there)
    if names:  # solutions may be written before the cells
        yield from (f"there is no cell {number}/{name}" for name in there if name not in names)


# --- how they run ---


def stub_complaints(prepared):
    """Yield what is wrong when the stub of a longer exercise is run, as shipped and strict."""
    stub = prepared.stored.cell(f"{prepared.exercise}-stub").source
    if wrong := rejection(prepared, stub):
        yield f"its stub: {wrong}"
        return
    try:
        prepared.verdict(stub, strict=True)
        yield "its stub passes under COURSE_STRICT=1"
    except AssertionError:
        return


def solved_complaints(prepared, solution):
    """Yield why a longer exercise is not solved by a solution.

    It finds the task and its sizes, which in a notebook stand in a cell that trains for long.
    """
    prepared.space = {"task": TASK, "sizes": SIZES, **prepared.space}
    try:
        prepared.verdict(solution, strict=True)
    except Exception as error:
        yield f"its solution fails: {type(error).__name__}: {error}"


def challenge_complaints(prepared):
    """Yield what is wrong when the stub of a challenge is run, as shipped and strict."""
    stub = prepared.stored.cell(f"{prepared.exercise}-stub").source
    for strict in (False, True):
        try:
            report = prepared.verdict(stub, strict=strict)
        except Exception as error:
            yield f"its check raised {type(error).__name__}: {error}"
            return
        if not isinstance(report, judge.Report):
            yield f"its check gives a {type(report).__name__}, not a report"
        elif len(report.message.split()) < 3:
            yield f"its report is not friendly: {report.message!r}"


# --- the notebooks, and TEACHING ---


def test_longer_exercises_and_challenges_are_whole(notebook):
    names = [name for kind in PARTS for name in named(notebook, kind)]
    found = [f"{name}: {told}" for name in names for told in form_complaints(notebook, name)]
    found += solution_complaints(notebook, solutions(notebook.edition))
    assert not found, "\n".join(found)


def test_stubs_of_longer_exercises_and_challenges_are_met_kindly(notebook):
    found = []
    for kind, complaints in (("longer", stub_complaints), ("challenge", challenge_complaints)):
        for name in named(notebook, kind):
            found += [f"{name}: {told}" for told in complaints(Prepared(notebook, name))]
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_solutions_of_longer_exercises_pass_in_their_notebooks(english):
    solved, number, found = solutions("en"), english.name[:2], []
    for name in named(english, "longer"):
        prepared = Prepared(english, name)
        found += [f"{name}: {t}" for t in solved_complaints(prepared, solved[number, name])]
    assert not found, "\n".join(found)


def test_both_editions_of_teaching_have_the_same_solutions():
    assert solutions("en") == solutions("ko") and len(solutions("en")) == 9


# what a solution finds in its notebook
SPACE = {
    "functools": functools,
    "torch": torch,
    "nn": nn,
    "pack_padded_sequence": pack_padded_sequence,
    "pad_packed_sequence": pad_packed_sequence,
    "PAD": PAD,
    "attend": attend,
    "Seq2Seq": Seq2Seq,
    "AttentionSeq2Seq": AttentionSeq2Seq,
    "learning_curve": learning_curve,
    "Recaller": Recaller,
    "recall_curve": recall_curve,
    "set_seed": set_seed,
    "SelfAttention": SelfAttention,
    "NextWord": longer_05.NextWord,
    "next_word_loss": longer_05.next_word_loss,
    "VOCABULARY": VOCABULARY,
    "train": train,
    "ThreeBack": ThreeBack,
    "OneWord": OneWord,
    "WIDTH": WIDTH,
    "learn_sums": learn_sums,
    "causal_mask": causal_mask,
    "LENGTH": LENGTH,
    "Writer": Writer,
    "draw_texts": draw_texts,
    "learn_to_write": learn_to_write,
    "WhoIsHome": WhoIsHome,
    "all_correct": all_correct,
    "draw_calls": draw_calls,
    "feed_forward": feed_forward,
    "home_loss": home_loss,
    "lookup_curve": lookup_curve,
    "task": TASK,
    "sizes": SIZES,
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "name", "check", "given"),
    [
        ("01", "longer-gru", check_gru, "gru_model"),
        ("02", "longer-bahdanau", check_bahdanau, "bahdanau_model"),
        ("03", "longer-uniform", check_uniform, "uniform_model"),
        ("04", "longer-gates", check_gru_recall, "gru_model"),
        ("05", "longer-shared", check_shared, "shared_model"),
        ("06", "longer-sets", check_sets, "set_model"),
        ("07", "longer-gated", check_gated, "gated_model"),
        ("08", "longer-packed", check_packed, "packed_writer"),
        ("09", "longer-narrow", check_narrow, "narrow_model"),
    ],
)
def test_the_solutions_in_teaching_are_right(number, name, check, given):
    space = {"__name__": "__main__", "batches": longer_05.lessons(), **SPACE}
    execute(solutions("en")[number, name], name, space)
    verdict = check(space[given])
    assert verdict.ok, verdict.message


# --- networks handed in ---


@pytest.fixture(autouse=True)
def lenient(monkeypatch):
    monkeypatch.delenv("COURSE_STRICT", raising=False)
    monkeypatch.delenv("COURSE_EDITION", raising=False)


BANKS = (
    (check_gru, longer_01),
    (check_bahdanau, longer_02),
    (check_uniform, longer_03),
    (check_gru_recall, longer_04),
    (check_shared, longer_05),
    (check_sets, longer_06),
    (check_gated, longer_07),
    (check_packed, longer_08),
    (check_narrow, longer_09),
)
TOLD = {  # what is said of a right network: of how many, what share, and the least that counts
    check_gru_recall: (r"It names the first symbol of (\d+) of 500 sequences, (\d+)%,", 500, 425),
    check_shared: (r"It names a fitting word after (\d+) of 1536 sentences, (\d+)%,", 1536, 1460),
    check_sets: (
        r"It names the most frequent digit in (\d+) of 500 rows of 16 digits, (\d+)%,",
        500,
        475,
    ),
    check_gated: (r"It answers ((\d+)) of 100 sums correctly\.", 100, 90),  # a share, too
    check_packed: (
        r"It predicts (\d+) of 3000 letters of the cipher correctly, (\d+)%,",
        3000,
        2850,
    ),
    check_narrow: (r"It answers (\d+) of 500 calls correctly, (\d+)%,", 500, 475),
    None: (r"It writes (\d+) of 200 numbers of 5 digits right, (\d+)%\.", 200, 170),
}


def each_of(*banks):
    """Parametrize a test with a checker, a network's maker, and what stands beside it in a bank."""
    cases = [
        pytest.param(check, make, said, id=f"{check.__name__}: {said}")
        for check, module in BANKS
        for bank in banks
        for said, make in getattr(module, bank).items()
    ]
    return pytest.mark.parametrize(("check", "make", "said"), cases)


def test_the_banks_are_large_enough():
    for _, module in BANKS:
        assert len(module.RIGHT) >= 8 and len(module.WRONG) >= 10


@each_of("WRONG")
def test_a_wrong_network_is_told_its_mistake(check, make, said):
    verdict = check(make())
    assert not verdict.ok and said in verdict.message and "Traceback" not in verdict.message


@pytest.mark.slow
@each_of("UNFINISHED")
def test_an_unfinished_network_is_told_what_to_do(check, make, said):
    verdict = check(make())
    assert not verdict.ok and said in verdict.message


@pytest.mark.slow
@each_of("RIGHT")
def test_a_right_network_is_right_in_any_dress(check, make, said):
    verdict = check(make())
    assert verdict.ok, verdict.message
    told, count, needed = TOLD.get(check, TOLD[None])
    right, share = map(int, re.match(told, verdict.message).groups())
    assert needed <= right <= count and share == 100 * right // count


@pytest.mark.slow
@pytest.mark.parametrize(("width", "make"), [(128, longer_01.trained), (96, longer_01.one_way)])
def test_the_numbers_that_are_handed_over_are_counted(width, make):
    assert f"hands over {width} numbers, half as many" in check_gru(make()).message


SMALL = longer_02.Small
NO_NETWORKS = {
    "No network was handed over yet": None,
    "Small is the class": SMALL,
    "That is the learning curve": {10: 0.25, 20: 0.5},
    "These are a network's parameters alone": SMALL().state_dict(),
    "Hand over the network alone": (SMALL(), {10: 0.25}),
    "A function was handed over, not a network": lambda: SMALL(),
    "A list was handed over": [0.25, 0.5],
    "A str was handed over": "gru_model",
}


@pytest.mark.parametrize("check", OF_NETWORKS.values(), ids=OF_NETWORKS)
@pytest.mark.parametrize("said", NO_NETWORKS)
def test_what_is_no_network_is_named(check, said):
    assert said in check(NO_NETWORKS[said]).message


class Endless(longer_01.Small):
    def encode(self, source):
        while True:
            pass


class Late(longer_01.Small):
    """It fails where a whole batch is written, and not before."""

    def encode(self, source):
        return super().encode(source[:12])


def test_an_endless_loop_is_stopped(monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.02)
    told = check_gru(Endless()).message
    assert told == "`encode` had not come back after 0.02 seconds and was stopped."


class Noting(longer_01.Small):
    """It notes how it is called, and prints without end."""

    called = set()

    def encode(self, source):
        self.called.add((self.training, torch.is_grad_enabled()))
        print("x" * 9_000)
        return super().encode(source)

    def decode(self, target, last):
        last = nn.functional.dropout(last, 0.9, self.training)
        return super().decode(target, last)


def test_a_network_is_called_in_eval_mode_without_gradients_and_its_prints_are_limited(capsys):
    model = Noting().train()
    assert "it looks untrained" in check_gru(model).message
    assert model.called == {(False, False)}
    printed = capsys.readouterr().out
    assert printed.count("x") <= sandbox.CHARACTERS and "is left out" in printed


@pytest.mark.parametrize(
    ("right", "told"),
    [
        ({5: 200}, ""),
        ({5: 170}, ""),
        ({5: 169}, "writes 169 of 200 numbers of 5 digits right, 84%: 170 are needed. Train it on"),
        ({5: 11}, "writes 11 of 200 numbers of 5 digits right, 5%: 170 are needed. Train it on"),
        ({5: 10}, "writes 10 of 200 numbers of 5 digits right: it looks untrained"),
        ({5: 0, 4: 42}, "writes 0 of 200 numbers of 5 digits right: it looks untrained"),
        ({5: 99, 4: 45}, "of numbers of 4 digits it writes 90% right, of those of 5 digits 49%"),
        ({5: 0, 7: 50, 4: 45}, "of numbers of 7 digits it writes 100% right"),
        ({5: 100, 4: 50}, "writes 100 of 200 numbers of 5 digits right, 50%: 170 are needed"),
    ],
)
def test_how_much_it_writes_right_decides_what_is_told(monkeypatch, right, told):
    monkeypatch.setattr(networks, "count_right", lambda model, n, count=200: right.get(n, 0))
    if not told:
        assert networks.require_trained(SMALL(), 5) == right[5]
        return
    with pytest.raises(networks.Complaint) as complaint:
        networks.require_trained(SMALL(), 5)
    assert told in str(complaint.value)


def test_an_error_in_writing_is_told():
    assert check_gru(Late()).message.startswith("`greedy_decode` stopped with")


@pytest.mark.parametrize("check", OF_NETWORKS.values(), ids=OF_NETWORKS)
def test_judging_leaves_no_trace(check):
    model, before = SMALL().train(), torch.get_rng_state()
    model.embed_source.eval()
    weights = [parameter.clone() for parameter in model.parameters()]
    check(model)
    assert model.training and not model.embed_source.training and torch.is_grad_enabled()
    assert torch.equal(torch.get_rng_state(), before)
    assert all(map(torch.equal, weights, model.parameters()))
    assert not any(part._forward_pre_hooks for part in model.modules())


def test_judging_a_recaller_leaves_no_trace():
    model, before = longer_04.Fresh().train(), torch.get_rng_state()
    assert "at chance" in check_gru_recall(model).message
    assert model.training and torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    ("chance", "needed", "told"),
    [(0.5, 0.9, "at chance"), (0.498, 0.9, "train it on"), (0.2, 0.502, "251 are needed")],
)
def test_how_much_is_remembered_decides_what_is_told(monkeypatch, chance, needed, told):
    model = longer_04.First(known=4)  # it is right about 250 of 500
    monkeypatch.setattr(nb04, "NEEDED", 0.5)
    assert check_gru_recall(model).ok
    monkeypatch.setattr(nb04, "AT_CHANCE", chance)
    monkeypatch.setattr(nb04, "NEEDED", needed)
    assert told in check_gru_recall(model).message


def test_a_wrong_network_raises_where_that_is_asked_for(monkeypatch):
    monkeypatch.setenv("COURSE_STRICT", "1")
    for check, _ in BANKS:
        with pytest.raises(AssertionError, match="^No network was handed over yet"):
            check(None)
    assert report_smallest(None).message.startswith("No network was handed over yet")


def test_a_memory_is_taken_apart_and_counted():
    h, states = torch.ones(1, 3, 4), torch.ones(3, 5, 4)
    memory = {"last": (h, h), "held": longer_02.Held(h[0], None, states, states > 0)}
    turned = networks.mapped(lambda x: -x, {**memory, "held": memory["held"][:1]})
    assert torch.equal(turned["last"][1], -h) and turned["held"][0].sum() == -12
    assert isinstance(networks.mapped(lambda x: x, memory)["held"], longer_02.Held)
    assert networks.handed_over(memory, sentences=3) == 4 + 4 + 5 * 4


@pytest.mark.parametrize(("right", "wanted"), [(199, 99), (200, 100), (179, 89), (0, 0)])
def test_percent_is_rounded_down(right, wanted):
    assert networks.percent(right) == wanted


# --- the open challenge ---


@pytest.fixture
def writing(monkeypatch):
    """Return a function that sets how many numbers any network writes right."""
    return lambda right: monkeypatch.setattr(nb02, "count_right", lambda model, digits: right)


def test_a_small_network_that_writes_enough_counts(writing):
    writing(190)
    model, before = SMALL(), torch.get_rng_state()
    told = report_smallest(model)
    assert torch.equal(torch.get_rng_state(), before)
    size = sum(parameter.numel() for parameter in SMALL().parameters())
    own = sum(p.numel() for p in AttentionSeq2Seq(*SIZES, width=128).parameters())
    assert isinstance(told, judge.Report) and repr(told) == told.message
    assert told.message == (
        f"It has {size:,} parameters, and writes 190 of 200 numbers of 7 digits right, 95%. It "
        f"counts: 95% were wanted. The notebook's own network, 128 wide, has {own:,} parameters."
    )


def test_one_that_does_not_write_enough_does_not_count(writing):
    writing(189)
    told = report_smallest(Seq2Seq(*SIZES, width=8)).message
    assert "189 of 200 numbers of 7 digits right, 94%. It does not count yet: 95%" in told


@pytest.mark.slow
def test_a_trained_network_gets_a_report():
    told = report_smallest(longer_02.trained()).message
    assert re.match(r"It has [\d,]+ parameters, and writes \d+ of 200 numbers of 7 digits", told)


@pytest.mark.parametrize("make", [longer_01.Misspelt, longer_01.Alone, longer_01.Broken])
def test_a_report_tells_what_does_not_run_as_a_checker_does(make):
    assert report_smallest(make()).message == check_gru(make()).message


def test_a_report_is_framed_in_a_colour_of_its_own():
    page = judge.Report("Pass `x` < 2.")._repr_html_()
    color = re.search("solid (#[0-9A-F]{6});", page)[1]
    assert "<code>x</code> &lt; 2." in page and contrast(color) > 4.5
    assert (
        color not in judge.Verdict(True, "")._repr_html_() + judge.Verdict(False, "")._repr_html_()
    )


# --- the rules seen to fail ---

CHECKERS = """
from helpers.exercises.judge import Report, verdict


def check_five(model):
    if model is None:
        return verdict(False, "Nothing was handed over yet.")
    return verdict(model == five, "Five it is, indeed.")


def report_least(model):
    return Report(f"It is {model} at the least.")
"""
CELLS = {
    "setup": code("import os", "setup"),
    "imports": code(CHECKERS, "imports"),
    "value": code("five = 5", "value"),
    "longer-five": markdown("### Longer exercise: five ●●● · 30 min", "longer-five"),
    "longer-five-stub": code("mine = None  # your five", "longer-five-stub", "stub"),
    "longer-five-check": code("check_five(mine)", "longer-five-check", "check", needs=["value"]),
    "longer-five-hint": markdown(
        "<details><summary>Hint</summary>\n\nAdd.\n\n</details>", "longer-five-hint"
    ),
    "challenge-least": markdown("### Open challenge: the least", "challenge-least"),
    "challenge-least-stub": code("least = None  # yours", "challenge-least-stub", "stub"),
    "challenge-least-check": code("report_least(least)", "challenge-least-check", "check"),
}
GUIDE = """# Teaching

## Solutions of the longer exercises

Words.

### 01 · longer-five · What five is

Count.

```python
mine = 2 + 3
```

## The day before

```python
mine = 0
```
"""


@pytest.fixture
def toy(tmp_path):
    """Return a function that stores a sound notebook with one cell changed, and reads it."""

    def changed(name="setup", source="import os", **metadata):
        cells = {key: cell.copy() for key, cell in CELLS.items()}
        cells[name].source = source
        cells[name].metadata = {**cells[name].metadata, **metadata}
        return read(put(tmp_path, *cells.values()))

    return changed


def test_a_sound_longer_exercise_has_no_complaints(toy):
    stored, solved = toy(), solutions("en", GUIDE)
    assert named(stored, "longer") == ["longer-five"]
    assert named(stored, "challenge") == ["challenge-least"]
    assert solved == {("01", "longer-five"): "mine = 2 + 3\n"}
    five, least = Prepared(stored, "longer-five"), Prepared(stored, "challenge-least")
    found = [
        told
        for name in ("longer-five", "challenge-least")
        for told in form_complaints(stored, name)
    ]
    found += [
        *stub_complaints(five),
        *solved_complaints(five, "mine = 5"),
        *challenge_complaints(least),
    ]
    assert [*found, *solution_complaints(stored, solved)] == []


@pytest.mark.parametrize(
    ("cell", "source", "metadata", "complaint"),
    [
        ("longer-five", "### Longer exercise: five", {}, "heading"),
        ("challenge-least", "The least.", {}, "heading"),
        ("longer-five-stub", "mine = None", {"tags": []}, "the tags stub and check"),
        ("longer-five-stub", "def mine(): ...", {}, "not one name with None"),
        ("longer-five-stub", "mine = 5", {}, "not one name with None"),
        ("challenge-least-check", "report_least(mine)", {}, "what the stub names"),
        ("longer-five-check", "told = check_five(mine)", {}, "end with the verdict"),
        (
            "longer-five-check",
            "check_five(mine)",
            {"needs": ["longer-five-hint"]},
            "needs the cell",
        ),
        ("longer-five-hint", "Add.", {}, "hint is not <details>"),
    ],
)
def test_a_badly_written_longer_exercise_is_found(toy, cell, source, metadata, complaint):
    stored = toy(cell, source, **metadata)
    name = cell.removesuffix("-stub").removesuffix("-check").removesuffix("-hint")
    assert complaint in "\n".join(form_complaints(stored, name))


def test_a_cell_that_lacks_or_is_over_is_found(toy):
    stored = toy()
    stored.cells.append(markdown("Five.", "longer-five-solution"))
    assert "stands in TEACHING.md" in "\n".join(form_complaints(stored, "longer-five"))
    del stored.cells[stored.ids.index("longer-five-hint")]
    assert "in this order" in "\n".join(form_complaints(stored, "longer-five"))


def test_a_solution_that_lacks_or_is_over_is_found(toy):
    stored = toy()
    assert [*solution_complaints(stored, {})] == ["longer-five has no solution in TEACHING"]
    solved = dict.fromkeys([("01", "longer-five"), ("01", "longer-six"), ("02", "longer-x")], "")
    assert [*solution_complaints(stored, solved)] == ["there is no cell 01/longer-six"]


def test_a_guide_without_a_solution_where_one_should_be_is_found():
    with pytest.raises(AssertionError, match="has no section ## Solutions"):
        solutions("en", "# Teaching")
    for text, count in ((GUIDE.replace("mine = 2", "```\n```python\nmine = 2"), 2), (GUIDE, 0)):
        text = text if count else text.replace("```python\nmine = 2", "```\nmine = 2")
        with pytest.raises(AssertionError, match=f"01 · longer-five has {count} ```python blocks"):
            solutions("en", text)


@pytest.mark.parametrize(
    ("name", "source", "complaint"),
    [
        ("imports", CHECKERS.replace("Nothing was handed over yet.", "No"), "not friendly"),
        ("longer-five-stub", "mine = 5", "the check accepted it"),
        (
            "imports",
            CHECKERS.replace("return verdict(F", "raise ValueError(F"),
            "raised ValueError",
        ),
    ],
)
def test_a_stub_that_is_met_badly_is_found(toy, name, source, complaint):
    prepared = Prepared(toy(name, source), "longer-five")
    assert complaint in "\n".join(stub_complaints(prepared))


def test_a_stub_that_passes_strictly_is_found(toy):
    lax = CHECKERS.replace("import Report, verdict", "import Report, Verdict as verdict")
    prepared = Prepared(toy("imports", lax), "longer-five")
    assert [*stub_complaints(prepared)] == ["its stub passes under COURSE_STRICT=1"]


def test_a_solution_that_fails_is_found(toy):
    (told,) = solved_complaints(Prepared(toy(), "longer-five"), "mine = 6")
    assert told.startswith("its solution fails: AssertionError: Five it is")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("return Report(f", "return verdict(False, f", "raised AssertionError"),
        ("return Report(f", "return str(f", "gives a str, not a report"),
        ('f"It is {model} at the least."', '""', "not friendly"),
    ],
)
def test_a_challenge_that_judges_or_is_rude_is_found(toy, old, new, complaint):
    prepared = Prepared(toy("imports", CHECKERS.replace(old, new)), "challenge-least")
    assert complaint in "\n".join(challenge_complaints(prepared))
