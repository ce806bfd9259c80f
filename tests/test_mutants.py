"""Six classic attention bugs: a test of shapes sees none of them, the oracle sees them all.

Each mutant is one module of helpers with one line changed. If a line is rewritten so that a mutant
no longer applies, that is said, and the mutant has to be written anew.
"""

import types
from pathlib import Path

import pytest

from tests import oracles, oracles_positions

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
POSITIONS = {
    "sine and cosine at different speeds": (
        "torch.arange(0, width, 2, dtype=torch.float64) / width)",
        "(torch.arange(0, width, 2, dtype=torch.float64) + 1) / width)",
    ),
    "the wrong base": ("10000 ** (", "1000 ** ("),
    "the 2 is missing": ("torch.arange(0, width, 2, dtype", "torch.arange(width // 2, dtype"),
    "hands that get faster": ("10000 ** (-torch", "10000 ** (torch"),
    "sine and cosine swapped": ("[angles.sin(), angles.cos()]", "[angles.cos(), angles.sin()]"),
    "sines and cosines in halves": ("dim=-1).flatten(1).float()", "dim=1).flatten(1).float()"),
    "positions from 1": ("torch.arange(length)[:, None]", "(torch.arange(length) + 1)[:, None]"),
    "one noise for all positions": (
        "torch.stack(rows)",
        "torch.stack([rows[0] for _ in rows])",
    ),
    "one learned code for all": ("weight[:length]", "weight[:1].expand(length, -1)"),
    "learned codes from the end": ("weight[:length]", "weight[-length:]"),
    "distance of the wrong sign": ("positions - asking[:, None]", "asking[:, None] - positions"),
    "not clipped": ("clamp(-self.max_distance, self", "clamp(-99 * self.max_distance, self"),
    "the bias is left out": ("scores + self.bias[:, row]", "scores + 0 * self.bias[:, row]"),
    "one bias for all heads": ("self.bias[:, row]", "self.bias[:1, row]"),
    "queries are the first positions": (
        "asking = positions[key.shape[-2] - query.shape[-2] :]",
        "asking = positions[: query.shape[-2]]",
    ),
    "positions along the batch": (
        "angles = positions[:, None] * frequencies(x.shape[-1]).to(x.device)",
        "angles = torch.arange(len(x)).view(-1, *[1] * (x.ndim - 1)) * frequencies(x.shape[-1])",
    ),
    "turned the other way": (
        "first * cos - second * sin, first * sin + second * cos",
        "first * cos + second * sin, second * cos - first * sin",
    ),
    "not a turn": ("first * cos - second * sin", "first * cos + second * sin"),
    "halves read, neighbours written": (
        "first, second = x[..., 0::2], x[..., 1::2]",
        "first, second = x.chunk(2, dim=-1)",
    ),
    "neighbours read, halves written": ("dim=-1).flatten(-2)", "dim=-2).flatten(-2)"),
    "keys are not turned": (
        "rotate(query, asking), rotate(key, positions)",
        "rotate(query, asking), key",
    ),
    "queries are not turned": (
        "rotate(query, asking), rotate(key, positions)",
        "query, rotate(key, positions)",
    ),
    "rotary and relative without √d": (" / math.sqrt(query.shape[-1])", ""),
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


def positions_survive(module) -> bool:
    """Say whether a module of positions passes every oracle."""
    try:
        for oracle in oracles_positions.ALL:
            oracle(module)
    except (AssertionError, RuntimeError, IndexError):
        return False
    return True


def test_the_original_positions_pass():
    assert positions_survive(mutate("scores", "scores", name="positions"))


@pytest.mark.parametrize("name", POSITIONS)
def test_the_oracles_of_positions_catch(name):
    assert not positions_survive(mutate(*POSITIONS[name], name="positions"))
