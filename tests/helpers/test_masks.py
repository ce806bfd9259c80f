"""The causal mask: against PyTorch's, then leaks, in both directions, then padding; and mutants."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

from helpers import attention
from helpers.require import require_mask
from tests.helpers.test_mutants import mutate
from tests.support.oracles import close

sizes = st.integers(1, 6)
some = settings(deadline=None, max_examples=40)


# --- what PyTorch and short lists say, of a module ---


def mask_equals_is_causal(module, dtype=torch.float32):
    """Attending with the mask is PyTorch's causal attention, at any length."""
    for n in (1, 2, 5):
        query, key, value = torch.randn(3, 2, n, 4, dtype=dtype).unbind()
        ours, _ = module.attend(query, key, value, module.causal_mask(n), module.scaled_dot_scores)
        close(ours, scaled_dot_product_attention(query, key, value, is_causal=True))


def mask_equals_short_lists(module):
    """The last T queries of S get what they get from lists that end with themselves."""
    for t, s in ((1, 1), (1, 4), (3, 5)):
        query, key, value = torch.randn(2, t, 4), torch.randn(2, s, 4), torch.randn(2, s, 6)
        ours, _ = module.attend(query, key, value, module.causal_mask(t, s))
        for i in range(t):
            n = s - t + i + 1
            alone, _ = module.attend(query[:, i : i + 1], key[:, :n], value[:, :n])
            close(ours[:, i : i + 1], alone)


def heads_equal_torch(module):
    """With the same weights and the mask turned round, the layer is nn.MultiheadAttention."""
    ours = module.MultiHeadAttention(6, n_heads=2)
    theirs = nn.MultiheadAttention(6, 2, bias=False, batch_first=True)
    projections = ours.to_query, ours.to_key, ours.to_value
    theirs.in_proj_weight.data = torch.cat([part.weight.data for part in projections])
    theirs.out_proj.weight.data = ours.to_output.weight.data
    words = torch.randn(3, 5, 6)
    for t in (5, 2):
        mask = module.causal_mask(t, 5)
        output, weights = ours(words[:, -t:], memory=words, mask=mask)
        asked = words[:, -t:], words, words
        wanted = theirs(*asked, attn_mask=~mask, average_attn_weights=False)
        torch.testing.assert_close((output, weights), wanted, atol=1e-5, rtol=0)


ORACLES = (mask_equals_is_causal, mask_equals_short_lists, heads_equal_torch)


@pytest.mark.parametrize("oracle", ORACLES)
def test_the_mask_is_that_of_pytorch_and_of_short_lists(oracle):
    torch.manual_seed(0)
    oracle(attention)
    assert attention.causal_mask(3).dtype == torch.bool


def test_in_double_precision_too():
    torch.manual_seed(0)
    mask_equals_is_causal(attention, torch.float64)
    assert attention.causal_mask(2, 4).int().tolist() == [[1, 1, 1, 0], [1, 1, 1, 1]]


@given(s=sizes, data=st.data())
@some
def test_the_rows_are_the_last_rows_of_the_square(s, data):
    t = data.draw(st.integers(0, s))
    square = torch.ones(s, s, dtype=torch.bool).tril()
    assert torch.equal(attention.causal_mask(t, s), square[s - t :])
    assert torch.equal(attention.causal_mask(s), square)


@pytest.mark.parametrize(("t", "s"), [(3, 2), (1, 0), (7, 5)])
def test_more_queries_than_keys_are_refused(t, s):
    with pytest.raises(ValueError, match=f"{t} queries cannot be the last of {s}.*at least as"):
        attention.causal_mask(t, s)


# --- leaks, in both directions ---


def influence(layer, words, t):
    """Return which of the last `t` outputs move when each word is changed: (T, S), booleans."""
    before, columns = layer(words), []
    for s in range(words.shape[1]):
        other = words.clone()
        other[:, s] = torch.randn_like(other[:, s])  # a norm would subtract what is added to all
        moved = (layer(other) - before).abs().amax(dim=(0, 2)) > 1e-5
        columns.append(moved)
    assert before.shape[1] == t
    return torch.stack(columns, dim=1)


def masked_layer(module, t, n_heads=2):
    """Return a layer that lets the last `t` words ask all words, causally; in double precision."""
    layer = module.MultiHeadAttention(4 * n_heads, n_heads).double().requires_grad_(False)

    def run(words):
        mask = module.causal_mask(t, words.shape[1])
        return layer(words[:, words.shape[1] - t :], memory=words, mask=mask)[0]

    return run


@given(b=st.integers(1, 3), h=st.integers(1, 3), s=sizes, seed=st.integers(0, 99), data=st.data())
@some
def test_the_future_never_leaks_and_the_past_is_always_seen(b, h, s, seed, data):
    t = data.draw(st.integers(1, s))
    torch.manual_seed(seed)
    words = torch.randn(b, s, 4 * h, dtype=torch.float64)
    moved = influence(masked_layer(attention, t, h), words, t)
    past = torch.arange(s) <= torch.arange(s - t, s)[:, None]
    assert not moved[~past].any(), "a later word moved an earlier output"
    assert moved[past].all(), "an earlier word did not move a later output"


def test_the_leak_test_sees_through_a_layer_norm():
    """Ten unmasked layers that begin with a layer norm: all fifteen leaks in each are found."""
    for seed in range(10):
        torch.manual_seed(seed)
        norm, heads, words = nn.LayerNorm(8), attention.MultiHeadAttention(8, 2), torch.randn(6, 8)

        def layer(x, norm=norm, heads=heads):
            return heads(norm(x[None]))[0]  # (1, T, E)

        leaks = influence(lambda x, layer=layer: layer(x[0]), words[None], 6).triu(1)
        assert leaks.sum() == 15
        one_more = [words + torch.eye(6)[:, [s]] for s in range(6)]
        gaps = torch.stack([(layer(x) - layer(words)).abs().amax() for x in one_more])
        assert (gaps < 1e-5).all(), "what is added to a whole word should be invisible here"


# --- padding ---


@given(before=st.integers(0, 5), after=st.integers(0, 5), n=sizes, seed=st.integers(0, 99))
@some
def test_padding_on_either_side_never_changes_an_answer(before, after, n, seed):
    torch.manual_seed(seed)
    layer, words = attention.MultiHeadAttention(8, 2).double(), torch.randn(2, n, 8).double()
    alone, _ = layer(words, mask=attention.causal_mask(n))
    rubbish = 100 * torch.randn(2, before + after, 8).double()
    padded = torch.cat([rubbish[:, :before], words, rubbish[:, before:]], dim=1)
    real = torch.arange(before + n + after)
    real = (real >= before) & (real < before + n)
    mask = (attention.causal_mask(len(real)) & real) | torch.eye(len(real), dtype=torch.bool)
    torch.testing.assert_close(layer(padded, mask=mask)[0][:, real], alone)


def test_padding_in_front_is_seen_by_the_causal_mask_alone_and_its_rows_are_empty_with_both():
    torch.manual_seed(0)
    layer, words = attention.MultiHeadAttention(8, 2), torch.randn(1, 5, 8)
    causal, real = attention.causal_mask(5), torch.tensor([False, True, True, True, True])
    alone, _ = layer(words[:, 1:], mask=attention.causal_mask(4))
    assert (layer(words, mask=causal)[0][:, 1:] - alone).abs().max() > 1e-3
    with pytest.raises(ValueError, match="softmax over nothing has no answer"):
        layer(words, mask=causal & real)


# --- mutants ---

MUTANTS = {
    "turned round, the future is seen": ("keys <= queries", "keys >= queries"),
    "the diagonal is hidden": ("keys <= queries", "keys < queries"),
    "itself and nothing else": ("keys <= queries", "keys == queries"),
    "one step ahead is seen": ("queries[:, None]  #", "queries[:, None] + 1  #"),
    "all is seen": ("keys <= queries[:, None]", "keys < n_keys + queries[:, None]"),
    "the queries are the first": ("keys[n_keys - n_queries :]", "keys[:n_queries]"),
    "the keys are forgotten": ("keys[n_keys - n_queries :]", "keys[-1:].repeat(n_queries)"),
    "transposed": ("keys <= queries[:, None]", "(keys <= queries[:, None]).mT"),
    "additive": ("return keys <= queries[:, None]", "return 1.0 * (keys <= queries[:, None])"),
    "heads leave the mask out": (
        "(query, key, value, mask, self",
        "(query, key, value, None, self",
    ),
}


def survives(module):
    """Say whether a module passes every oracle."""
    torch.manual_seed(0)
    try:
        for oracle in ORACLES:
            oracle(module)
    except (AssertionError, RuntimeError, TypeError, ValueError):
        return False
    return True


def test_the_original_survives():
    assert survives(mutate("keys", "keys"))


@pytest.mark.parametrize("name", MUTANTS)
def test_the_oracles_catch(name):
    assert not survives(mutate(*MUTANTS[name]))


def test_a_leak_test_in_one_direction_is_passed_by_a_layer_that_is_blind():
    blind = mutate(*MUTANTS["itself and nothing else"])
    torch.manual_seed(0)
    moved = influence(masked_layer(blind, 5), torch.randn(1, 5, 8).double(), 5)
    assert not moved.triu(1).any() and not moved.tril(-1).any()


def test_an_additive_mask_read_as_ones_and_zeros_passes_every_property_but_not_the_oracle():
    """Weights that are uniform over the past leak nothing and sum to one: bug C of notebook 08."""
    torch.manual_seed(0)
    mask, scores = attention.causal_mask(4), torch.randn(4, 4)
    additive = torch.zeros(4, 4).masked_fill(~mask, -math.inf)
    weights = (scores + (1 - additive) * -1e9).softmax(dim=-1)
    assert torch.equal(weights > 0, mask)
    torch.testing.assert_close(weights, mask / mask.sum(dim=-1, keepdim=True))
    right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
    assert (weights - right).abs().max() > 0.1


# --- what is refused, told in another way ---

shapes = st.lists(st.integers(0, 3), max_size=3).map(tuple)


def accepted(mask, shape):
    """Tell whether require_mask lets a mask pass."""
    try:
        require_mask(mask, shape)
    except ValueError:
        return False
    return True


@some
@given(shapes, st.lists(st.integers(0, 3), min_size=1, max_size=3), st.data())
def test_a_mask_passes_if_torch_broadcasts_it_and_each_row_has_a_key(given_shape, scores, data):
    numbers = st.lists(
        st.booleans(), min_size=math.prod(given_shape), max_size=math.prod(given_shape)
    )
    mask = torch.tensor(data.draw(numbers), dtype=torch.bool).view(given_shape)
    try:
        fits = torch.broadcast_shapes(given_shape, scores) == torch.Size(scores)
    except RuntimeError:
        fits = False
    assert accepted(mask, scores) == (fits and bool(mask.any(dim=-1).all()))
