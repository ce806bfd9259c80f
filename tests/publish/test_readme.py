"""The README's map and claims are made from the notebooks, never typed."""

import pytest
from nbformat import v4

from tests.notebooks.test_editions import facts, levels
from tools.notebooks import records, sync
from tools.notebooks.files import METADATA, ROOT, ToolError, find, name, write
from tools.publish import readme
from tools.publish.address import Address, read_address

TITLE = "# 01 Tiny\n\n[![Colab](x.svg)](y)\n\n*How much | fits?* Two\nlines.\n\nMore."
SEEDS = [0, 1, 2, 3, 4]
MARKERS = ("map", "colab", "claims")


def title(source=TITLE):
    return v4.new_markdown_cell(source, id="title")


def claim(id="claim-one", shown="'a | 0.93'", source="assert rate"):
    output = v4.new_output("execute_result", {"text/plain": shown})
    return v4.new_code_cell(source, id=id, outputs=[output], metadata={"tags": ["claim"]})


@pytest.fixture
def folder(tmp_path):
    """Return a folder for notebooks with one edition, and a registry of two claims of 01_tiny."""
    (tmp_path / "en").mkdir()
    entry = '[[claim]]\nnotebook = "01_tiny"\ncell = "{}"\ntext = "It is so."\nko = "그렇습니다."\n'
    entries = (entry.format(cell) for cell in ("claim-one", "claim-two"))
    (tmp_path / "claims.toml").write_text("\n".join(entries))
    return tmp_path


def put(folder, *cells, stem="01_tiny", edition="en"):
    path = folder / edition / f"{stem}.ipynb"
    write(v4.new_notebook(cells=list(cells), metadata=METADATA, nbformat_minor=5), path)
    return path


def english():
    return find(edition="en")


def test_seconds_are_sorted_and_those_of_lost_notebooks_dropped(folder):
    put(folder, stem="02_b")
    put(folder, stem="01_a")
    records.write_seconds({"en/02_b": 2.0, "en/01_a": 1.0, "en/00_gone": 9.0}, folder)
    assert list(records.read_seconds(folder).items()) == [("en/01_a", 1.0), ("en/02_b", 2.0)]


def test_map_gives_link_promise_and_time(folder):
    paths = [put(folder, title()), put(folder, title(), stem="02_next")]
    records.write_seconds({"en/01_tiny": 5.1}, folder)
    first, second = readme.the_map(paths, Address()).splitlines()[2:]
    assert first == (
        "| [01 Tiny](notebooks/en/01_tiny.ipynb) | *How much \\| fits?* Two lines. | about 10 s |"
    )
    assert second.endswith("| – |")


def test_map_has_badges_once_there_is_an_address(folder):
    path = put(folder, title())
    head, _, row = readme.the_map([path], Address("me/course")).splitlines()
    assert head.endswith("| Runs in | On Colab |")
    assert row.endswith("/github/me/course/blob/main/notebooks/en/01_tiny.ipynb) |")
    assert "[![" not in readme.the_map([path], Address())


@pytest.mark.parametrize(("edition", "badge"), [("en", "badge"), ("ko", "배지")])
def test_the_readme_says_how_colab_is_reached(edition, badge):
    paths = find(edition=edition)
    assert "make links REPO=owner/name" in readme.on_colab(paths, Address())
    assert badge in readme.on_colab(paths, Address("me/course"))
    assert "make links" not in readme.on_colab(paths, Address("me/course"))


def test_a_korean_notebook_has_the_seconds_the_seeds_and_the_exercises_of_its_twin(folder):
    source = "### 연습: 이름 ●○○ · 5분\n\n쓰세요."
    exercise = v4.new_markdown_cell(source, id="exercise-name")
    cells = [title("# 하나\n\n약속입니다."), claim(), exercise]
    english, path = put(folder, *cells), put(folder, *cells, edition="ko")
    records.write_seconds({"en/01_tiny": 5.1}, folder)
    records.write_held(english, {"claim-one": SEEDS})
    assert "| [하나](notebooks/ko/01_tiny.ipynb) | 약속입니다. | 약 10초 |" in readme.the_map(
        [path], Address()
    )
    claims = readme.the_claims([path])
    assert "<summary>하나 (주장 2개)</summary>" in claims
    assert r"| 그렇습니다. | `a \| 0.93` | 0–4 |" in claims
    assert "| 하나 |" not in claims and "| 그렇습니다. | – | – |" in claims
    assert "| [하나](notebooks/ko/01_tiny.ipynb) | 약 10초 |" in readme.the_seconds([path])
    assert "| 이름 ●○○ 5분 | 5 |" in readme.the_exercises([path])


def exercise(name="soft | max", dots="●●○", minutes=6):
    text = f"### Exercise: {name} {dots} · {minutes} min\n\nWrite it."
    return v4.new_markdown_cell(text, id=f"exercise-{minutes}")


def test_seconds_and_exercises_get_a_table_each(folder):
    paths = [put(folder, title(), exercise(), exercise("more", "●○○", 12))]
    paths.append(put(folder, title(), stem="02_next"))
    records.write_seconds({"en/01_tiny": 5.1}, folder)
    first, second = readme.the_seconds(paths).split("\n")[3:5]
    assert first == "| [01 Tiny](notebooks/en/01_tiny.ipynb) | about 10 s |"
    assert second.endswith("| – |")
    first, second = readme.the_exercises(paths).split("\n")[3:5]
    assert first.endswith("| soft \\| max ●●○ 6 min; more ●○○ 12 min | 18 |")
    assert second.endswith("|  | 0 |")


def test_map_needs_a_title_cell(folder):
    with pytest.raises(ToolError, match="en/01_tiny needs a cell with the id title"):
        readme.the_map([put(folder, title("no heading"))], Address())


def test_claims_give_text_number_and_seeds(folder):
    path = put(folder, title(), claim(), claim("claim-two", "0.5"))
    records.write_held(path, {"claim-one": SEEDS, "claim-two": [1, 0, 7]})
    made = readme.the_claims([path])
    assert "<summary>01 Tiny (2 claims)</summary>" in made
    assert "| It is so. | a \\| 0.93 | 0–4 |\n| It is so. | 0.5 | 0, 1, 7 |\n" in made


def test_claims_show_what_is_not_known(folder):
    path = put(folder, title(), v4.new_code_cell("1", id="claim-one"))
    assert readme.the_claims([path]).count("| It is so. | – | – |") == 2
    (folder / "claims.toml").unlink()
    with pytest.raises(ToolError, match="claims.toml is missing"):
        readme.the_claims([path])


@pytest.mark.parametrize(
    ("change", "known"),
    [
        (claim(shown="'other output'"), True),
        (claim(source="assert other"), False),
        (v4.new_code_cell("new", id="setup"), True),
        (v4.new_code_cell("new", id="stub", metadata={"tags": ["stub"]}), True),
        (v4.new_code_cell("new", id="other"), False),
        (v4.new_markdown_cell("new", id="prose"), True),
    ],
)
def test_seeds_are_forgotten_when_the_code_that_claims_changes(folder, change, known):
    path = put(folder, title(), claim())
    records.write_held(path, {"claim-one": SEEDS})
    put(folder, title(), *([claim()] if change.id != "claim-one" else []), change)
    assert records.read_held(path) == ({"claim-one": SEEDS} if known else {})


def test_all_goes_between_its_markers(folder):
    path = put(folder, title("# One\n\nA promise."), claim())
    places = [f"<!-- {m}:begin -->\nformer\n<!-- {m}:end -->\n" for m in MARKERS]
    after = readme.update("Intro\n" + "Between\n".join(places) + "Outro\n", [path], Address())
    assert after.startswith("Intro\n<!-- map:begin -->\n| Notebook")
    assert "| – |\n<!-- map:end -->\nBetween\n<!-- colab:begin -->\n\nGoogle" in after
    assert "<!-- colab:end -->\nBetween\n<!-- claims:begin -->\n\n<details>" in after
    assert after.endswith("</details>\n\n<!-- claims:end -->\nOutro\n")
    assert "former" not in after and readme.update(after, [path], Address()) == after
    for place, missing in zip(places, MARKERS, strict=True):
        with pytest.raises(ToolError, match=f"no place for the {missing}"):
            readme.update("".join(places).replace(place, ""), [path], Address())


@pytest.mark.parametrize(("file", "edition"), [("README.md", "en"), ("README.ko.md", "ko")])
def test_the_readme_is_in_step_with_the_notebooks(file, edition):
    stored = (ROOT / file).read_text(encoding="utf-8")
    assert readme.update(stored, find(edition=edition), read_address()) == stored, "run make readme"


def test_every_notebook_has_its_seconds():
    assert {name(path) for path in english()} <= set(records.read_seconds()), "run make notebooks"


def test_the_two_readmes_have_the_same_parts_and_lead_to_each_other():
    one, other = ((ROOT / f).read_text("utf-8") for f in ("README.md", "README.ko.md"))
    assert "\n\n[한국어](README.ko.md)\n\n" in one and "\n\n[English](README.md)\n\n" in other
    assert levels(one) == levels(other)
    mine, theirs = facts(one), facts(other)
    twins = {"README.ko.md": "README.md", "README.md": "README.ko.md"}
    twins |= {"TEACHING.ko.md": "TEACHING.md"}
    links = {twins.get(k, k.replace("notebooks/ko", "notebooks/en")) for k in theirs["links"]}
    assert links == set(mine["links"]) and theirs["pictures"] == mine["pictures"]
    assert theirs["folds"] == mine["folds"]
    assert theirs["columns of tables"] == mine["columns of tables"]
    assert "당신" not in other and sync.HANGUL.search(other)


def test_every_claim_was_seen_to_hold_on_ten_seeds():
    claims = [(claim["notebook"], claim["cell"]) for claim in records.read_claims()]
    held = {path.stem: records.read_held(path) for path in english()}
    missing = {
        stem: cell
        for stem, cell in claims
        if stem in held and not set(range(10)) <= set(held[stem].get(cell, []))
    }
    assert not missing, f"run make seeds for {', '.join(missing)}: the code is not what was tried"
