"""Controls: in worlds in which claims are false, their assertions are seen to fail."""

import json

import pytest

from tests.support.toys import code, put
from tools.notebooks import controls
from tools.notebooks.controls import Control, complaints, outcome, read_controls
from tools.notebooks.notebook_files import ToolError
from tools.notebooks.reach import trains

QUICK = [control for control in read_controls() if not trains(control.code())]


def test_every_control_did_what_it_is_to_do_on_three_seeds_with_the_code_as_it_is():
    wrong = complaints(read_controls())
    assert not wrong, "\n".join(wrong)


def test_three_kinds_of_claims_have_a_control_that_catches_them():
    assert sum(control.caught for control in read_controls()) >= 3


@pytest.mark.slow
@pytest.mark.parametrize("control", QUICK, ids=str)
def test_worlds_in_which_nothing_is_trained_are_run_again(control):
    assert outcome(control, seed=0) == control.wanted


# --- the tool, on a toy ---

CLAIM = """
[[claim]]
notebook = "01_tiny"
cell = "claim-rate"
text = "."
ko = "."

[[claim.control]]
world = "A low rate."
cell = "rate"
change = "rate = 9"
to = "rate = 1"
"""
UNNEEDED = 'cell = "unneeded"\nchange = "1 / 0"\nto = "other'


@pytest.fixture
def tiny(tmp_path):
    """Return a function that makes a notebook with a claim and one control, with a text changed."""

    def made(before="", after="", rate="rate = 9"):
        (tmp_path / "claims.toml").write_text(CLAIM.replace(before, after), encoding="utf-8")
        claim = code("import os\nassert rate + int(os.environ['COURSE_SEED']) > 5", "claim-rate")
        put(tmp_path, code("1 / 0", "unneeded"), code(rate, "rate"), claim)
        (control,) = read_controls(folder=tmp_path)
        return control

    return made


@pytest.mark.slow
def test_a_claim_that_fails_in_a_false_world_is_caught_and_another_is_not(tiny):
    assert outcome(tiny(), 0) == "caught"
    assert outcome(tiny("rate = 1", "rate = 6"), 0) == "held"
    with pytest.raises(ToolError, match="cell rate stopped with ZeroDivisionError"):
        outcome(tiny("rate = 1", "rate = 1 / 0"), 0)
    with pytest.raises(ToolError, match="cell claim-rate stopped with TypeError"):
        outcome(tiny("rate = 1", "rate = None"), 0)


@pytest.mark.slow
def test_the_command_records_what_happened_and_the_record_is_tied_to_the_code(
    tiny, monkeypatch, capsys
):
    control = tiny()
    folder = control.path.parents[1]
    monkeypatch.setattr(controls, "read_controls", lambda start: [tiny()])
    monkeypatch.setattr(controls, "find", lambda *a, **k: [control.path])
    assert controls.main(["--seeds", "0", "9"]) == 1
    assert "is to be caught, but: {'9': 'held'}" in capsys.readouterr().out
    assert controls.main(["--seeds", "0", "9"]) == 1  # says so again, and runs nothing
    told = capsys.readouterr().out
    assert "is to be caught" in told and "trains nothing" not in told
    assert controls.main(["--seeds", "0", "9", "--again"]) == 1
    assert "trains nothing" in capsys.readouterr().out
    assert complaints([control], [0, 9]) != []
    record = json.loads((folder / "controls.json").read_text(encoding="utf-8"))
    assert record["01_tiny"]["claim-rate"]["A low rate."]["seen"] == {"0": "caught", "9": "held"}
    (folder / "controls.json").unlink()
    assert controls.main(["--seeds", "0"]) == 0 and complaints([control], [0]) == []
    (told,) = complaints([control], [0, 1])
    assert told.endswith("was not run: `python course.py controls 01_tiny`")
    (told,) = complaints([tiny(rate="rate = 9\nmore = 1")], [0])
    assert "was not run" in told
    (told,) = complaints([tiny('rate = 1"', 'rate = 1"\ncaught = false')], [0])
    assert told.endswith("is to be held, but: {'0': 'caught'}")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('change = "rate = 9"', 'change = "rate = 8"', "'rate = 8' stands 0 times in rate, not"),
        ('change = "rate = 9"', 'change = ""', "not once"),
        ('cell = "rate"', 'cell = "gone"', "en/01_tiny has no code cell gone"),
        ('cell = "rate"\nchange = "rate = 9"\nto = "rate', UNNEEDED, "does not need the cell"),
        ('world = "A low rate."', "", "a control of claim-rate: .*world"),
        ('world = "A low rate."', 'world = "."\nseed = 3', "a control of claim-rate: .*seed"),
    ],
)
def test_a_control_that_changes_nothing_is_refused(tiny, before, after, message):
    with pytest.raises(ToolError, match=message):
        tiny(before, after).notebook()


def test_a_control_says_whose_it_is(tiny):
    control = tiny()
    assert isinstance(control, Control) and str(control) == "en/01_tiny claim-rate: A low rate."
