"""tools.notebooks.reach: which cells a claim needs, and when a hash changes."""

import pytest

from tests.support.toys import code, notebook
from tools.notebooks import reach

HELPERS = {
    "attention.py": """
        '''Attention.'''
        SCALE = 2

        def attend(x):
            '''Return it.'''
            return Heads(x).split()

        class Heads:
            '''Heads.'''
            def split(self):
                return SCALE

        def unused(x):
            return x

        attend = checked(attend)
        """,
    "training.py": "from helpers.attention import attend as look\ndef train(x):\n    look(x)\n",
    "figures/__init__.py": "from helpers.figures.charts import curves\n",
    "figures/charts.py": "def curves(x):\n    return x\n",
    "views/__init__.py": "from helpers.views import slider\n",
    "views/slider.py": "def slide(x):\n    return x\n",
}
IMPORTS = "from helpers.training import train\nfrom helpers.figures import curves\n"


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Return a function that writes a made-up `helpers` with one text replaced by another."""
    monkeypatch.setattr(reach, "ROOT", tmp_path)
    monkeypatch.setattr(reach, "VIEWS", tmp_path / "helpers" / "views")

    def written(before="", after=""):
        for cached in (reach._is_module, reach._module, reach._definition):
            cached.cache_clear()
        for name, text in HELPERS.items():
            path = tmp_path / "helpers" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            lines = [line.removeprefix(8 * " ") for line in text.splitlines()]
            path.write_text("\n".join(lines).replace(before, after), encoding="utf-8")

    written()
    yield written
    for cached in (reach._is_module, reach._module, reach._definition):
        cached.cache_clear()


def toy(claim="assert trained", train="trained = train(3)\ncurves(trained)", imports=IMPORTS):
    """Return a notebook with a claim, a cell that it needs and one that it does not need."""
    return notebook(
        code("import os", "setup"),
        code(imports, "imports"),
        code("other = 1", "other"),
        code(train, "train"),
        code("curves(trained)", "shown"),
        code("def trained(): ...", "answer", "stub"),
        code(claim, "claim-toy"),
    )


def hashed(made):
    return reach.code_hash(reach.claim_code(made, "claim-toy"))


def test_a_claim_needs_the_cells_that_bind_what_it_reads_and_what_they_read():
    assert reach.needed(toy(), "claim-toy") == ["train", "claim-toy"]
    chain = toy(train="trained = train(other)", claim="def now():\n    return trained\nassert now")
    assert reach.needed(chain, "claim-toy") == ["other", "train", "claim-toy"]
    with pytest.raises(KeyError, match="claim-none"):
        reach.needed(toy(), "claim-none")


@pytest.mark.parametrize(
    "fill",
    [
        "trained[0] = 1",
        "trained['a'].b[0] += 1",
        "trained.rate = 1",
        "for key in 'ab':\n    trained[key] = 1",
        "del trained[0]",
        "trained.append(1)",
        "def later():\n    trained[0].update(a=1)\nlater()",
    ],
)
def test_a_claim_needs_the_cells_that_store_into_what_it_reads(fill):
    made = toy()
    made.cells.insert(5, code(fill, "fill"))
    assert reach.needed(made, "claim-toy") == ["train", "fill", "claim-toy"]
    made.cells.append(made.cells.pop(5))  # too late
    assert reach.needed(made, "claim-toy") == ["train", "claim-toy"]


def test_a_cell_that_only_reads_what_a_claim_reads_is_not_needed():
    made = toy()
    made.cells.insert(
        5,
        code(
            "own = {}\nown[trained] = trained[0]\nprint(trained.size)\ntrain(trained)\nos.sync()",
            "reads",
        ),
    )
    made.cells[-1].source += "\nos.getpid()"
    assert reach.needed(made, "claim-toy") == ["train", "claim-toy"]


def test_helpers_are_followed_into_what_they_use(write):
    names = {f"helpers.attention:{name}" for name in ("attend", "Heads", "SCALE")}
    found = reach.claim_code(toy(), "claim-toy").keys()
    assert found == {"train", "claim-toy", "helpers.training:train", *names}


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("SCALE = 2", "SCALE = 3", True),
        ("return SCALE", "return SCALE + 1", True),
        ("checked(attend)", "attend", True),
        ("look(x)", "look(x + 1)", True),
        ("def unused(x):\n    return x", "def unused(x):\n    return 2 * x", False),
        ("'''Return it.'''", "'''Return something.'''", False),
        ("'''Heads.'''", "'''Many heads.'''", False),
        ("return SCALE", "return (SCALE)  # a remark", False),
        ("def curves(x):\n    return x", "def curves(x):\n    return 2 * x", False),
    ],
)
def test_a_claim_is_tied_to_the_code_that_it_reaches_and_to_no_other(write, before, after, changes):
    first = hashed(toy())
    write(before, after)
    assert (hashed(toy()) != first) is changes


def test_figures_count_where_the_claim_itself_uses_them_and_for_outputs(write):
    claim = toy("assert curves(trained)")
    first, shown = hashed(claim), reach.code_hash(reach.output_code(toy()))
    write("def curves(x):\n    return x", "def curves(x):\n    return 2 * x")
    assert hashed(claim) != first
    assert reach.code_hash(reach.output_code(toy())) != shown


def test_outputs_depend_on_the_pages_of_the_views_that_are_used(write):
    plain, viewing = toy(), toy(train="from helpers.views import slider\ntrained = slider.slide(1)")
    before = [reach.output_code(made) for made in (plain, viewing)]
    (reach.VIEWS / "view.css").write_text("p {}", encoding="utf-8")
    after = [reach.output_code(made) for made in (plain, viewing)]
    assert after[0] == before[0] and after[1] == before[1] | {"view.css": "p {}"}


def test_an_imported_module_counts_by_what_is_used_of_it(write):
    made = toy(
        train="trained = module.attend(1)", imports="from helpers import attention as module"
    )
    names = reach.claim_code(made, "claim-toy").keys()
    assert "helpers.attention:attend" in names and "helpers.attention:unused" not in names


def test_what_trains_is_told():
    assert reach.trains({"helpers.training:train": ""})
    assert reach.trains({"cell": reach.plain_code(reach.ast.parse("loss.backward()"))})
    assert not reach.trains({"helpers.attention:attend": "", "cell": "Name(id='trained')"})
