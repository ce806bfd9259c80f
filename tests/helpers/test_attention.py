"""Attention against PyTorch's, then its properties, then its errors."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import attention
from tests.support import oracles
from tools.notebooks.runs import RUNS, load

BOTH_TYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
WITH_AND_WITHOUT_MASK = pytest.mark.parametrize("masked", [True, False])
sizes = st.integers(1, 6)
learned = load(RUNS / "rates_and_scores.py")


@BOTH_TYPES
@WITH_AND_WITHOUT_MASK
@pytest.mark.parametrize("seed", range(3))
def test_attend_equals_pytorch(dtype, masked, seed):
    oracles.attend_equals_sdpa(attention, dtype, masked, seed)
    oracles.weights_equal_sdpa(attention, dtype, masked, seed)


@BOTH_TYPES
def test_learned_scores_equal_their_formulas(dtype):
    oracles.learned_scores_equal_their_formulas(learned, dtype)


@given(b=sizes, t=sizes, s=sizes, e=sizes, d=sizes, seed=st.integers(0, 99))
@settings(deadline=None, max_examples=60)
def test_each_query_spends_one_budget_and_the_context_stays_within_the_values(b, t, s, e, d, seed):
    torch.manual_seed(seed)
    query, key, value = torch.randn(b, t, e), torch.randn(b, s, e), torch.randn(b, s, d)
    mask = torch.rand(b, t, s) > 0.5
    mask[..., 0] = True
    context, weights = attention.attend(query, key, value, mask)
    assert (weights >= 0).all() and torch.allclose(weights.sum(-1), torch.ones(b, t))
    assert (weights[~mask] == 0).all()
    low, high = value.amin(1, keepdim=True), value.amax(1, keepdim=True)
    assert (context >= low - 1e-5).all() and (context <= high + 1e-5).all()


@given(n_padding=st.integers(0, 7), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=30)
def test_padding_never_changes_an_answer(n_padding, seed):
    query, key, value, _ = oracles.inputs(seed=seed)
    mask = torch.arange(5 + n_padding) < 5
    rubbish = 100 * torch.ones(2, n_padding, 4)
    padded_key = torch.cat([key, rubbish], dim=1)
    padded_value = torch.cat([value, 100 * torch.ones(2, n_padding, 6)], dim=1)
    alone, _ = attention.attend(query, key, value)
    padded, _ = attention.attend(query, padded_key, padded_value, mask)
    torch.testing.assert_close(padded, alone)


def test_inputs_are_left_alone():
    given_in = oracles.inputs()
    copies = [tensor.clone() for tensor in given_in]
    attention.attend(*given_in)
    assert all(torch.equal(a, b) for a, b in zip(given_in, copies, strict=True))


def test_the_gradient_flows_to_all_three():
    query, key, value, mask = oracles.inputs(torch.float64)
    for tensor in (query, key, value):
        tensor.requires_grad_()
    assert torch.autograd.gradcheck(
        lambda q, k, v: attention.attend(q, k, v, mask)[0], (query, key, value)
    )


@BOTH_TYPES
@pytest.mark.parametrize("seed", range(3))
def test_multi_head_attention_equals_pytorch(dtype, seed):
    oracles.heads_equal_pytorch(attention, dtype, seed)


@given(b=sizes, t=sizes, h=sizes, d=sizes, seed=st.integers(0, 99))
@settings(deadline=None, max_examples=60)
def test_merging_undoes_splitting_and_heads_keep_to_themselves(b, t, h, d, seed):
    torch.manual_seed(seed)
    x = torch.randn(b, t, h * d)  # (B, T, E)
    heads = attention.split_heads(x, h)
    assert heads.shape == (b, h, t, d) and torch.equal(attention.merge_heads(heads), x)
    head, word = seed % h, seed % t
    assert torch.equal(heads[:, head, word], x[:, word, head * d : (head + 1) * d])


@given(b=sizes, t=sizes, s=sizes, h=sizes, d=sizes, seed=st.integers(0, 99))
@settings(deadline=None, max_examples=60)
def test_many_heads_are_many_attentions_side_by_side(b, t, s, h, d, seed):
    torch.manual_seed(seed)
    layer = attention.MultiHeadAttention(h * d, h)
    x, memory = torch.randn(b, t, h * d), torch.randn(b, s, h * d)
    mask = torch.rand(t, s) > 0.5
    mask[:, 0] = True
    output, weights = layer(x, memory, mask)
    contexts = []
    for head, block in enumerate(torch.arange(h * d).split(d)):
        query, key, value = (
            given @ role.weight[block].T
            for given, role in (
                (x, layer.to_query),
                (memory, layer.to_key),
                (memory, layer.to_value),
            )
        )
        context, alone = attention.attend(query, key, value, mask, attention.scaled_dot_scores)
        torch.testing.assert_close(weights[:, head], alone)
        contexts.append(context)
    torch.testing.assert_close(output, torch.cat(contexts, -1) @ layer.to_output.weight.T)


@given(b=sizes, t=sizes, h=sizes, d=sizes, seed=st.integers(0, 99))
@settings(deadline=None, max_examples=40)
def test_shuffled_words_get_the_same_answers_shuffled(b, t, h, d, seed):
    torch.manual_seed(seed)
    layer, x, order = (
        attention.MultiHeadAttention(h * d, h),
        torch.randn(b, t, h * d),
        torch.randperm(t),
    )
    output, weights = layer(x)
    shuffled, shuffled_weights = layer(x[:, order])
    torch.testing.assert_close(shuffled, output[:, order])
    torch.testing.assert_close(shuffled_weights, weights[:, :, order][..., order])


def test_a_score_of_ones_own_can_take_the_place():
    x = torch.randn(2, 5, 12)
    layer = attention.MultiHeadAttention(12, 3, score=lambda q, k: 0 * (q @ k.mT))
    assert torch.allclose(layer(x)[1], torch.full((2, 3, 5, 5), 0.2))


def test_heads_that_do_not_divide_the_width_are_refused():
    with pytest.raises(ValueError, match="5 heads cannot share a width of 12 evenly"):
        attention.MultiHeadAttention(12, 5)


Q, K, V = torch.ones(2, 3, 4), torch.ones(2, 5, 4), torch.ones(2, 5, 6)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (([1.0], K, V), TypeError, "query is a list.*torch.Tensor"),
        ((torch.ones(4), K, V), ValueError, r"query has shape \(4,\).*\(\.\.\., positions"),
        ((torch.ones(2, 3, 7), K, V), ValueError, "query has width 7 and key has width 4"),
        ((Q, K, torch.ones(2, 9, 6)), ValueError, r"value is \(2, 9, 6\).*its own value"),
        ((Q, K, V, torch.ones(2, 3, 5)), TypeError, "mask is torch.float32.*boolean"),
        ((Q, K, V, [True]), TypeError, "mask is list.*boolean"),
        ((Q, K, V, torch.ones(2, 5, dtype=bool)), ValueError, r"mask has shape \(2, 5\).*mask\[:"),
        ((Q, K, V, torch.ones(3, 2, 3, 5, dtype=bool)), ValueError, "mask has shape"),
        ((Q, K, V, torch.zeros(2, 3, 5, dtype=bool)), ValueError, "hides every key.*at least one"),
    ],
)
def test_bad_input_is_told_what_was_given_and_what_was_needed(arguments, error, said):
    with pytest.raises(error, match="(?s)" + said):
        attention.attend(*arguments)


def test_one_fully_hidden_row_is_enough_to_be_refused():
    mask = torch.ones(2, 3, 5, dtype=bool)
    mask[1, 2] = False
    with pytest.raises(ValueError, match="hides every key from some query"):
        attention.attend(Q, K, V, mask)


# --- what is not said, and what is told ---


def test_heads_are_one_and_no_map_has_a_bias():
    layer = attention.MultiHeadAttention(6)
    assert layer.n_heads == 1
    layers = layer, learned.GeneralScores(6), learned.AdditiveScores(6)
    assert all(name.endswith("weight") for each in layers for name, _ in each.named_parameters())


def test_a_single_sentence_needs_no_batch():
    query, key, value = torch.randn(3, 4), torch.randn(5, 4), torch.randn(5, 6)
    context, weights = attention.attend(query, key, value)
    torch.testing.assert_close(context, (query @ key.T).softmax(-1) @ value)
    assert weights.shape == (3, 5)


@pytest.mark.parametrize("place", ["query", "key", "value"])
def test_an_input_that_is_no_tensor_is_named(place):
    given = {name: torch.randn(2, 3, 4) for name in ("query", "key", "value")} | {place: [1.0]}
    with pytest.raises(TypeError, match=rf"^{place}\b"):
        attention.attend(**given)


def test_shapes_that_do_not_fit_are_told():
    query, key, value = torch.randn(2, 3, 4), torch.randn(2, 5, 6), torch.randn(2, 7, 6)
    with pytest.raises(ValueError, match=r"(?s)\(2, 3, 4\).*\(2, 5, 6\)"):
        attention.attend(query, key, key)
    with pytest.raises(ValueError, match=r"(?s)\(2, 5, 6\).*\(2, 7, 6\)"):
        attention.attend(query[..., :1].expand(2, 3, 6), key, value)
    mask = torch.ones(2, 9, dtype=torch.bool)
    with pytest.raises(ValueError, match=r"(?s)\(2, 9\).*\(2, 3, 5\)"):
        attention.attend(query[..., :1].expand(2, 3, 6), key, key, mask)
