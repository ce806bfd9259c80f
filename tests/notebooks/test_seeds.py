"""tools.notebooks.seeds: which claim fails under which seed is shown and recorded."""

import datetime

import pytest

from tests.support.toys import code, put
from tools.notebooks import seeds
from tools.notebooks.records import read_draws, read_held

pytestmark = pytest.mark.slow  # each run starts a kernel
CLAIM = '[[claim]]\nnotebook = "{}"\ncell = "{}"\ntext = "."\n'


def test_a_claim_that_fails_under_a_seed_is_shown_and_noted(tmp_path, capsys):
    registry = tmp_path / "claims.toml"
    wanted = [("01_tiny", "holds"), ("01_tiny", "breaks"), ("01_tiny", "gone"), ("02_b", "no")]
    registry.write_text("\n".join(CLAIM.format(*each) for each in wanted), encoding="utf-8")
    path = put(
        tmp_path,
        code("import os\nseed = int(os.environ['COURSE_SEED'])", "setup"),
        code("assert seed < 9", "holds"),
        code("assert seed < 1, 'too big'", "breaks"),
        code("1 / (1 - seed)", "other"),
    )
    before = path.read_bytes()
    assert not seeds.check(path, [0, 1])
    shown = capsys.readouterr().out.splitlines()
    assert [line.split() for line in shown[:5]] == [
        ["en/01_tiny", "0", "1"],
        ["holds", "pass", "pass"],
        ["breaks", "pass", "FAIL"],
        ["gone", "no", "cell", "no", "cell"],
        ["other", "pass", "FAIL"],
    ]
    assert "  seed 1, cell breaks: AssertionError: too big" in shown
    assert path.read_bytes() == before
    assert read_held(path) == {"holds": [0, 1], "breaks": [0]}

    registry.write_text("\n".join(CLAIM.format(*each) for each in wanted[:2]), encoding="utf-8")
    assert seeds.check(path, [0])
    assert not seeds.check(path, [2])
    assert read_held(path) == {"holds": [0, 1, 2], "breaks": [0]}
    put(tmp_path, code("import os\nseed = 0", "setup"), code("assert True", "holds"))
    assert read_held(path) == {}


def test_drawn_seeds_are_noted_with_the_date_and_tried(tmp_path, monkeypatch, capsys):
    (tmp_path / "notebooks").mkdir()
    path, tried = tmp_path / "notebooks/en/01_tiny.ipynb", []
    monkeypatch.setattr(seeds, "find", lambda *given, **options: [path])
    monkeypatch.setattr(seeds, "renew", lambda: None)
    monkeypatch.setattr(seeds, "check", lambda path, seeds, threads: tried.append(seeds) or False)
    assert seeds.main(["--draw", "5"]) == 1 and seeds.main(["--draw", "3"]) == 1
    first, second = read_draws(path)
    assert [first["seeds"], second["seeds"]] == tried and [*map(len, tried)] == [5, 3]
    assert min(tried[0]) > 9 and len(set(tried[0])) == 5 and tried[0] == sorted(tried[0])
    assert datetime.date.fromisoformat(first["date"]) == datetime.date.today()


def test_cells_after_a_dead_kernel_count_as_not_run(tmp_path):
    path = put(tmp_path, code("import os; os._exit(1)", "dies"), code("assert True", "claim"))
    results, errors = seeds.outcomes(path, 0)
    assert results == {"dies": "FAIL", "claim": "not run"}
    assert errors == {"dies": "the kernel died"}
