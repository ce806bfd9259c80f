"""README and TEACHING take their tables from the notebooks; the numbers are never typed."""

import pytest
from nbformat import v4

from tests.support import toys
from tests.support.markdown import facts, levels
from tools.notebooks import records
from tools.notebooks.notebook_files import ROOT, ToolError, find, name, write
from tools.publish import readme
from tools.publish.colab_links import Address, read_address

TITLE = "# 01 Tiny\n\n[![Colab](x.svg)](y)\n\n*How much | fits?* Two\nlines.\n\nMore."
SEEDS = [0, 1, 2, 3, 4]
MARKERS = ("map", "colab", "claims")
RENEW = "run `python course.py readme`"


def claim(id="claim-one", shown="'a | 0.93'", source="assert rate"):
    output = v4.new_output("execute_result", {"text/plain": shown})
    return v4.new_code_cell(source, id=id, outputs=[output], metadata={"tags": ["claim"]})


@pytest.fixture
def folder(tmp_path):
    """Return a folder for notebooks, with a registry of two claims of 01_tiny."""
    entry = '[[claim]]\nnotebook = "01_tiny"\ncell = "{}"\ntext = "It is so."\nko = "그렇습니다."\n'
    entries = (entry.format(cell) for cell in ("claim-one", "claim-two"))
    (tmp_path / "claims.toml").write_text("\n".join(entries), encoding="utf-8")
    return tmp_path


def put(folder, *cells, stem="01_tiny", edition="en"):
    path = folder / edition / f"{stem}.ipynb"
    write(toys.notebook(*cells), path)
    return path


def test_seconds_are_sorted_and_those_of_lost_notebooks_dropped(folder):
    put(folder, stem="02_b")
    put(folder, stem="01_a")
    records.write_seconds({"en/02_b": 2.0, "en/01_a": 1.0, "en/00_gone": 9.0}, folder)
    assert list(records.read_seconds(folder).items()) == [("en/01_a", 1.0), ("en/02_b", 2.0)]


def test_the_map_has_link_promise_and_time_and_with_an_address_a_badge(folder):
    paths = [put(folder, toys.markdown(TITLE)), put(folder, toys.markdown(TITLE), stem="02_next")]
    records.write_seconds({"en/01_tiny": 5.1}, folder)
    first, second = readme.the_map(paths, Address()).splitlines()[2:]
    assert first == (
        "| [01 Tiny](notebooks/en/01_tiny.ipynb) | *How much \\| fits?* Two lines. | about 10 s |"
    )
    assert second.endswith("| – |")
    row = readme.the_map(paths, Address("me/course")).splitlines()[2]
    assert row.endswith("/github/me/course/blob/main/notebooks/en/01_tiny.ipynb) |")
    with pytest.raises(ToolError, match="en/01_tiny needs a cell with the id title"):
        readme.the_map([put(folder, toys.markdown("no heading"))], Address())


@pytest.mark.parametrize(("edition", "badge"), [("en", "badge"), ("ko", "배지")])
def test_the_readme_says_how_colab_is_reached(edition, badge):
    paths = find(edition=edition)
    assert "course.py links" in readme.on_colab(paths, Address())
    told = readme.on_colab(paths, Address("me/course"))
    assert badge in told and "course.py links" not in told


def test_a_korean_notebook_has_the_seconds_and_the_seeds_of_its_twin(folder):
    exercise = toys.markdown("### 연습: 이름 ●○○ · 5분\n\n쓰세요.", id="exercise-name")
    cells = [toys.markdown("# 하나\n\n약속입니다."), claim(), exercise]
    english, path = put(folder, *cells), put(folder, *cells, edition="ko")
    records.write_seconds({"en/01_tiny": 5.1}, folder)
    records.write_held(english, {"claim-one": SEEDS})
    assert "| 약속입니다. | 약 10초 |" in readme.the_map([path], Address())
    claims = readme.the_claims([path])
    assert "<summary>하나 (주장 2개)</summary>" in claims
    assert r"| 그렇습니다. | `a \| 0.93` | 0–4 |" in claims and "| 그렇습니다. | – | – |" in claims
    assert "| 약 10초 |" in readme.the_seconds([path])
    assert "| 이름 ●○○ 5분 | 5 |" in readme.the_exercises([path])


def test_the_minutes_of_a_notebooks_exercises_are_added(folder):
    texts = (
        "### Exercise: soft | max ●●○ · 6 min\n\nDo.",
        "### Exercise: more ●○○ · 12 min\n\nDo.",
    )
    cells = [toys.markdown(text, id=f"e-{len(text)}") for text in texts]
    made = readme.the_exercises([put(folder, toys.markdown(TITLE), *cells)])
    assert "| soft \\| max ●●○ 6 min; more ●○○ 12 min | 18 |" in made


def test_claims_have_text_value_and_seeds_and_a_dash_for_what_is_not_known(folder):
    path = put(folder, toys.markdown(TITLE), claim(), toys.code("1", id="claim-two"))
    records.write_held(path, {"claim-one": [1, 0, 7], "claim-two": SEEDS})
    made = readme.the_claims([path])
    assert "<summary>01 Tiny (2 claims)</summary>" in made
    assert "| It is so. | a \\| 0.93 | 0, 1, 7 |\n| It is so. | – | 0–4 |\n" in made
    (folder / "claims.toml").unlink()
    with pytest.raises(ToolError, match="claims.toml is missing"):
        readme.the_claims([path])


@pytest.mark.parametrize(
    ("change", "known"),
    [
        (claim(shown="'other output'"), True),
        (claim(source="assert other"), False),
        (toys.code("new", "setup"), True),
        (toys.code("new", "answer", "stub"), True),
        (toys.code("new", "other"), True),
        (claim(source="# a remark\nassert  rate"), True),
        (toys.code("rate = 2", "rate"), False),
        (toys.code("from helpers.runtime import set_seed as rate", "imports"), False),
        (toys.markdown("new", id="prose"), True),
    ],
    ids=["output", "claim", "set-up", "exercise", "other", "remark", "needed", "helper", "prose"],
)
def test_seeds_are_forgotten_when_the_code_that_claims_changes(folder, change, known):
    path = put(folder, toys.markdown(TITLE), toys.code("rate = 1", "rate"), claim())
    records.write_held(path, {"claim-one": SEEDS})
    kept = [c for c in (toys.code("rate = 1", "rate"), claim()) if c.id != change.id]
    put(folder, toys.markdown(TITLE), *kept, change)
    assert records.read_held(path) == ({"claim-one": SEEDS} if known else {})


def test_each_part_goes_between_its_markers(folder):
    path = put(folder, toys.markdown("# One\n\nA promise."), claim())
    places = [f"<!-- {m}:begin -->\nformer\n<!-- {m}:end -->\n" for m in MARKERS]
    after = readme.update("Intro\n" + "Between\n".join(places) + "Outro\n", [path], Address())
    assert after.startswith("Intro\n<!-- map:begin -->\n| Notebook")
    assert "<!-- map:end -->\nBetween\n<!-- colab:begin -->\n" in after
    assert after.endswith("</details>\n\n<!-- claims:end -->\nOutro\n")
    assert "former" not in after and readme.update(after, [path], Address()) == after
    with pytest.raises(ToolError, match="no place for the colab"):
        readme.update("".join(places).replace(places[1], ""), [path], Address())


@pytest.mark.parametrize(("file", "edition"), [("README.md", "en"), ("README.ko.md", "ko")])
def test_the_readme_is_in_step_with_the_notebooks(file, edition):
    stored = (ROOT / file).read_text(encoding="utf-8")
    assert readme.update(stored, find(edition=edition), read_address()) == stored, RENEW


def test_every_notebook_has_its_seconds():
    names = {name(path) for path in find(edition="en")}
    assert names <= set(records.read_seconds()), "run `python course.py notebooks`"


def test_the_two_readmes_have_the_same_parts_and_lead_to_each_other():
    one, other = ((ROOT / f).read_text("utf-8") for f in ("README.md", "README.ko.md"))
    assert "\n\n[한국어](README.ko.md)\n\n" in one and "\n\n[English](README.md)\n\n" in other
    assert levels(one) == levels(other)
    mine, theirs = facts(one), facts(other)
    twins = {"README.ko.md": "README.md", "README.md": "README.ko.md"}
    twins |= {"TEACHING.ko.md": "TEACHING.md"}
    links = {twins.get(k, k.replace("notebooks/ko", "notebooks/en")) for k in theirs["links"]}
    assert links == set(mine["links"])
    korean = {k.replace("images/", "images/ko/"): count for k, count in mine["pictures"].items()}
    assert theirs["pictures"] == korean
    for kind in ("folds", "columns of tables"):
        assert theirs[kind] == mine[kind], kind


def test_every_claim_that_is_not_exact_was_seen_to_hold_on_ten_seeds():
    held = {path.stem: records.read_held(path) for path in find(edition="en")}
    missing = {
        claim["notebook"]: claim["cell"]
        for claim in records.read_claims()
        if not claim.get("exact")
        and not set(range(10)) <= set(held[claim["notebook"]].get(claim["cell"], []))
    }
    assert not missing, f"run `python course.py seeds` for {', '.join(missing)}: the code changed"


def test_claims_held_on_the_seeds_that_were_drawn_last():
    fell = {}
    for path in find(edition="en"):
        held = records.read_held(path)
        for draw in records.read_draws(path)[-1:]:
            claims = [c for c in records.read_claims() if c["notebook"] == path.stem]
            for claim in (c["cell"] for c in claims if not c.get("exact")):
                if missing := sorted(set(draw["seeds"]) - set(held.get(claim, []))):
                    fell[claim] = missing
    assert not fell, f"claims that fell, or whose code has changed since the draw: {fell}"


def test_stored_outputs_were_made_by_the_code_as_it_is():
    stale = [name(path) for path in find(edition="en") if not records.outputs_are_current(path)]
    assert not stale, f"run `python course.py notebooks` for {', '.join(stale)}: the code changed"
