"""Every claim of the course is an assertion in a notebook that shows its number."""

import ast
import re
import tomllib

import nbformat
import pytest

from tests.support.markdown import NUMBER
from tests.support.stored_notebooks import ROOT, Stored, paths, strings, tags

REGISTRY = ROOT / "notebooks" / "claims.toml"


def read_registry():
    return tomllib.loads(REGISTRY.read_text(encoding="utf-8")).get("claim", [])


def registry_complaints(claims):
    """Return what is wrong with the registry by itself."""
    for claim in claims:
        if claim.keys() - {"exact", "control"} != {"notebook", "cell", "text", "ko"}:
            yield f"{claim}: a claim has notebook, cell, text and ko"
            return
        if not re.fullmatch(r"claim(-[a-z0-9]+)+", claim["cell"]):
            yield f"{claim['cell']!r} is not claim-… in kebab-case"
        if not re.fullmatch(r"[A-Z].*\w\.", claim["text"]):
            yield f"{claim['cell']}: {claim['text']!r} is not a sentence"
        if not re.fullmatch(r".*[가-힣]\.", claim["ko"]):
            yield f"{claim['cell']}: {claim['ko']!r} is not a Korean sentence"
        if sorted(NUMBER.findall(claim["text"])) != sorted(NUMBER.findall(claim["ko"])):
            yield f"{claim['cell']}: the two editions of the claim have other numbers"
    names = [claim["notebook"] for claim in claims]
    course = [path.stem for path in paths(editions=("en",))]
    if [*dict.fromkeys(names)] != course or names != sorted(names):
        yield f"the notebooks are not {', '.join(course)}, in this order"
    cells = [(claim["notebook"], claim["cell"]) for claim in claims]
    texts = [claim["text"] for claim in claims]
    for kind, values in (("cell", cells), ("text", texts)):
        yield from (
            f"the {kind} {v} occurs twice" for v in sorted(set(values)) if values.count(v) > 1
        )


def shown(cell):
    """Return the text that a cell stores, without tags and names like <Figure size 640x480>."""
    texts = [strings(o) for o in cell.outputs if o.output_type != "error"]
    return re.sub(r"<[^>]*>", "", "\n".join(text for kinds in texts for text in kinds.values()))


def cell_complaints(cell):
    """Return what keeps a cell from proving and showing its claim."""
    if "claim" not in tags(cell):
        yield "it has no tag claim"
    if cell.cell_type != "code":
        yield "it is no code cell"
        return
    tree = ast.parse(cell.source)
    asserts = [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    if not any(isinstance(n, ast.Name) for a in asserts for n in ast.walk(a.test)):
        yield "it asserts nothing about a name"
    if not tree.body or not isinstance(tree.body[-1], ast.Expr):
        yield "it does not end with an expression"
    elif isinstance(tree.body[-1].value, ast.Constant):
        yield "it ends with a constant"
    if not re.search(r"\d", shown(cell)):
        yield "its stored output shows no number"


def notebook_complaints(stored, claims):
    """Return what is wrong with the claims of one notebook."""
    listed = [claim["cell"] for claim in claims if claim["notebook"] == stored.name]
    if not listed:
        yield f"{stored}: no claim in {REGISTRY.name}"
    for name in listed:
        if name not in stored.ids:
            yield f"{stored}: no cell {name}, which {REGISTRY.name} lists"
        else:
            yield from (f"{stored} cell {name}: {c}" for c in cell_complaints(stored.cell(name)))
    for cell in stored.cells:
        if cell.id not in listed and ("claim" in tags(cell) or cell.id.startswith("claim-")):
            yield f"{stored} cell {cell.id} claims something that {REGISTRY.name} does not list"


def test_the_registry_is_sound():
    wrong = list(registry_complaints(read_registry()))
    assert not wrong, "\n".join(wrong)


def test_the_claims_of_a_notebook_are_asserted_and_shown(english):
    wrong = list(notebook_complaints(english, read_registry()))
    assert not wrong, "\n".join(wrong)


# --- the rules seen to fail ---


def claim_cell(source="assert rate > 0.8\nf'{rate:.2f}'", text="0.93", **changes):
    output = nbformat.v4.new_output("execute_result", {"text/plain": text})
    return nbformat.v4.new_code_cell(
        source,
        **{"id": "claim-toy", "outputs": [output], "metadata": {"tags": ["claim"]}} | changes,
    )


@pytest.mark.parametrize(
    ("cell", "complaint"),
    [
        (claim_cell(), ""),
        (claim_cell(metadata={}), "no tag claim"),
        (claim_cell("assert 1 < 2\nrate"), "asserts nothing about a name"),
        (claim_cell("assert rate > 0.8"), "end with an expression"),
        (claim_cell("assert rate > 0.8\n'0.9'"), "ends with a constant"),
        (claim_cell(text="<Figure size 640x480 with 1 Axes>"), "shows no number"),
        (claim_cell(id="claim-other"), "no cell claim-toy"),
        (claim_cell(id="other"), "cell other claims something"),
        (nbformat.v4.new_markdown_cell("0.9", id="claim-toy"), "no code cell"),
    ],
)
def test_a_claim_that_proves_nothing_is_found(tmp_path, cell, complaint):
    stored = Stored(tmp_path / "00_toy.ipynb", nbformat.v4.new_notebook(cells=[cell]))
    claims = [{"notebook": "00_toy", "cell": "claim-toy", "text": "It works."}]
    wrong = "\n".join(notebook_complaints(stored, claims))
    assert complaint in wrong if complaint else wrong == ""


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda claims: claims.clear(), "the notebooks are not"),
        (lambda claims: claims.append(claims.pop(0)), "in this order"),
        (lambda claims: claims.append(claims[-1]), "occurs twice"),
        (lambda claims: claims[0].update(text="no sentence"), "is not a sentence"),
        (lambda claims: claims[0].update(cell="curve"), "is not claim-"),
        (lambda claims: claims[0].pop("ko"), "a claim has"),
        (lambda claims: claims[0].update(ko="Attention."), "not a Korean sentence"),
        (lambda claims: claims[0].update(ko="3자리에서 0.81 이상입니다."), "other numbers"),
    ],
)
def test_a_fault_of_the_registry_is_found(change, complaint):
    claims = read_registry()
    change(claims)
    assert complaint in "\n".join(registry_complaints(claims))
