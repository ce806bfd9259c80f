"""Six classic attention bugs: a test of shapes sees none of them, the oracle sees them all.

Each mutant is one module of helpers with one line changed. If a line is rewritten so that a mutant
no longer applies, that is said, and the mutant has to be written anew.
"""

import types
from pathlib import Path

import pytest

from tests import oracles

MUTANTS = {
    "the √d is left out": (" / math.sqrt(query.shape[-1])", ""),
    "divided by d, not √d": ("math.sqrt(query.shape[-1])", "query.shape[-1]"),
    "softmax over the queries": ("softmax(dim=-1)", "softmax(dim=-2)"),
    "the mask is upside down": ("masked_fill(~mask", "masked_fill(mask"),
    "the mask is left out": ("if mask is not None:\n        scores", "if False:\n        scores"),
    "masked after the softmax": (
        "weights = scores.softmax(dim=-1)",
        "weights = score(query, key).softmax(dim=-1) * (1 if mask is None else mask)",
    ),
}
MORE = {
    "0 instead of −∞": ("-math.inf", "0.0"),
    "the weights are not used": ("context = weights @ value", "context = weights * 0 @ value"),
    "no tanh": ("torch.tanh(pairs)", "pairs"),
    "general without its matrix": ("self.between(query) @", "query @"),
    "additive, projections swapped": (
        "self.from_query(query)[:, :, None] + self.from_key(key)",
        "self.from_key(query)[:, :, None] + self.from_query(key)",
    ),
}


def mutate(old, new, name="attention"):
    """Return a module of helpers with `old` replaced by `new`; fail if `old` is not there."""
    source = Path(f"helpers/{name}.py").read_text(encoding="utf-8")
    assert old in source, f"{old!r} is not in helpers/{name}.py any more: write this mutant anew"
    module = types.ModuleType("mutant")
    exec(compile(source.replace(old, new), "mutant", "exec"), module.__dict__)
    return module


def survives(module) -> bool:
    """Say whether a module passes every oracle."""
    try:
        oracles.attend_equals_sdpa(module)
        oracles.weights_equal_sdpa(module)
        oracles.learned_scores_equal_their_formulas(module)
    except (AssertionError, RuntimeError):
        return False
    return True


def test_the_original_passes():
    assert survives(mutate("scores", "scores"))


@pytest.mark.parametrize("name", [*MUTANTS, *MORE])
def test_the_oracle_catches(name):
    assert not survives(mutate(*(MUTANTS | MORE)[name]))


@pytest.mark.parametrize("name", MUTANTS)
def test_a_test_of_shapes_does_not_catch(name):
    oracles.only_shapes(mutate(*MUTANTS[name]))
    assert name in MUTANTS
