"""Mutants: bugs that real attention code has shipped, each caught by an oracle and not by shapes.

Each mutant is one module of helpers, or one definition of a notebook, with one line changed. If a
line is rewritten so that a mutant no longer applies, that is said, and it has to be written anew.
"""

import types

import pytest

from tests.support import oracles, oracles_positions
from tests.support.stored_notebooks import ROOT
from tests.support.taught import source_of
from tools.notebooks.runs import RUNS

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
HEADS = {
    "heads cut by a view, without the transpose": (
        "x.unflatten(-1, (n_heads, -1)).transpose(1, 2)",
        "x.reshape(len(x), n_heads, x.shape[1], -1)",
    ),
    "heads dealt out in turn": (
        "x.unflatten(-1, (n_heads, -1)).transpose(1, 2)",
        "x.unflatten(-1, (-1, n_heads)).permute(0, 3, 1, 2)",
    ),
    "heads merged by a view, without the transpose": (
        "x.transpose(1, 2).flatten(2)",
        "x.reshape(len(x), x.shape[2], -1)",
    ),
    "heads merged in turn": ("x.transpose(1, 2).flatten(2)", "x.permute(0, 2, 3, 1).flatten(2)"),
    "√ of the model width, not of a head's": (
        "attend(query, key, value, mask, self.score)",
        "attend(query, key, value, mask, lambda q, k: q @ k.mT / math.sqrt(x.shape[-1]))",
    ),
    "heads without √d": (
        "attend(query, key, value, mask, self.score)",
        "attend(query, key, value, mask)",
    ),
    "heads without the mask": (
        "attend(query, key, value, mask, self.score)",
        "attend(query, key, value, None, self.score)",
    ),
    "query and key projections swapped": ("self.to_query(x)", "self.to_key(x)"),
    "values not projected": ("self.to_value(memory)", "memory"),
    "the output not projected": ("self.to_output(merge_heads(context))", "merge_heads(context)"),
    "keys from the words that ask": (
        "memory = x if memory is None else memory",
        "memory = x if memory is None else x.mean(1, keepdim=True) + 0 * memory",
    ),
}
ONE_HEAD = {
    "self-attention without √d": (
        "attend(query, key, value, mask, scaled_dot_scores)",
        "attend(query, key, value, mask)",
    ),
    "self-attention without its mask": (
        "attend(query, key, value, mask, scaled_dot_scores)",
        "attend(query, key, value, None, scaled_dot_scores)",
    ),
    "queries and keys of one matrix": (
        "self.to_query(x), self.to_key(x), self.to_value(x)",
        "self.to_query(x), self.to_query(x), self.to_value(x)",
    ),
    "the words that ask are those that are asked, swapped": (
        "self.to_query(x), self.to_key(x), self.to_value(x)",
        "self.to_key(x), self.to_query(x), self.to_value(x)",
    ),
}
MORE = {
    "0 instead of −∞": ("-math.inf", "0.0"),
    "the weights are not used": ("context = weights @ value", "context = weights * 0 @ value"),
}
LEARNED = {
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


def replaced(source, old, new):
    """Return the module that `source` makes with `old`, which must be there, replaced by `new`."""
    assert old in source, f"{old!r} is not in the code any more: write this mutant anew"
    made = types.ModuleType("mutant")
    exec(compile(source.replace(old, new), "mutant", "exec"), vars(made))
    return made


def mutate(old, new, name="attention"):
    """Return a module of helpers with `old` replaced by `new`."""
    return replaced((ROOT / f"helpers/{name}.py").read_text(encoding="utf-8"), old, new)


def survives(module) -> bool:
    """Say whether a module passes every oracle."""
    try:
        oracles.attend_equals_sdpa(module)
        oracles.weights_equal_sdpa(module)
        oracles.self_attention_equals_sdpa(module)
        oracles.heads_are_blocks(module)
        oracles.heads_equal_pytorch(module)
    except (AssertionError, RuntimeError):
        return False
    return True


def test_the_original_passes():
    assert survives(mutate("scores", "scores"))


@pytest.mark.parametrize("name", [*MUTANTS, *ONE_HEAD, *HEADS, *MORE])
def test_the_oracle_catches(name):
    assert not survives(mutate(*(MUTANTS | ONE_HEAD | HEADS | MORE)[name]))


@pytest.mark.parametrize("name", [*MUTANTS, *HEADS])
def test_a_test_of_shapes_does_not_catch(name):
    oracles.only_shapes(mutate(*(MUTANTS | HEADS)[name]))


@pytest.mark.parametrize("name", LEARNED)
def test_the_oracle_catches_learned_scores(name):
    source = (RUNS / "rates_and_scores.py").read_text(encoding="utf-8")
    with pytest.raises(AssertionError):
        oracles.learned_scores_equal_their_formulas(replaced(source, *LEARNED[name]))


CODES = {
    "one learned code for all": (
        "LearnedPositions",
        ("weight[:length]", "weight[:1].expand(length, -1)"),
        oracles_positions.learned_codes_differ,
    ),
    "learned codes from the end": (
        "LearnedPositions",
        ("weight[:length]", "weight[-length:]"),
        oracles_positions.learned_codes_differ,
    ),
}


@pytest.mark.parametrize("name", CODES)
def test_the_oracle_catches_codes(name):
    taught, change, oracle = CODES[name]
    with pytest.raises(AssertionError):
        oracle(replaced(source_of("06", taught), *change))


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
