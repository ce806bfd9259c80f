"""Positions against the formulas of the papers, then their properties, then their errors."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import positions
from helpers.attention import MultiHeadAttention, attend, causal_mask, scaled_dot_scores
from tests.support import oracles_positions
from tests.support.oracles_positions import vectors
from tests.support.taught import taught

codes_of_06 = taught("06", "LearnedPositions")
LearnedPositions = codes_of_06.LearnedPositions
seeds = st.integers(0, 99)
MANY = settings(deadline=None, max_examples=40)


def relative(n_heads=1, most=3, seed=0):
    """Return relative scores that have learned something."""
    module = positions.RelativeScores(n_heads, most).double()
    with torch.no_grad():
        module.bias.copy_(vectors(n_heads, 2 * most + 1, seed=seed))
    return module


@pytest.mark.parametrize("oracle", oracles_positions.ALL, ids=lambda oracle: oracle.__name__)
def test_what_the_papers_say(oracle):
    oracle(positions)


def test_learned_codes_differ():
    oracles_positions.learned_codes_differ(codes_of_06)


@pytest.mark.parametrize(("n_queries", "n_keys", "most"), [(1, 1, 1), (1, 7, 3), (5, 5, 9)])
def test_scores_of_other_sizes(n_queries, n_keys, most):
    oracles_positions.relative_scores_are_looked_up(positions, n_queries, n_keys, most)
    oracles_positions.rotary_scores_are_complex_products(positions, n_queries, n_keys)
    assert positions.RotaryScores()(vectors(1, 1, n_queries, 2), vectors(1, 1, n_keys, 2)).ndim == 4


# --- distances, and scores that fall with them ---


def test_distances_of_three_by_hand():
    by_hand = [[0, 1, 2], [-1, 0, 1], [-2, -1, 0]]  # before the query is negative
    assert positions.distances(3, 3).tolist() == by_hand
    assert positions.distances(2, 3).tolist() == by_hand[1:]
    assert positions.distances(1, 3).tolist() == by_hand[2:]


def test_alibi_lowers_equal_scores_by_the_distance():
    query, key = torch.tensor([[[2.0], [2.0], [2.0]]]), torch.tensor([[[1.0], [1.0], [1.0]]])
    by_hand = [[2.0, 1.5, 1.0], [1.5, 2.0, 1.5], [1.0, 1.5, 2.0]]
    assert positions.AlibiScores(0.5)(query, key).tolist() == [by_hand]


@pytest.mark.parametrize(("n_queries", "n_keys"), [(1, 1), (5, 5), (2, 7), (1, 4)])
def test_alibi_scores_are_scaled_products_minus_slope_times_distance(n_queries, n_keys):
    query, key = vectors(2, n_queries, 4), vectors(2, n_keys, 4, seed=1)
    scores = positions.AlibiScores(0.3)(query, key)
    assert scores.shape == (2, n_queries, n_keys)
    for t in range(n_queries):
        at = t + n_keys - n_queries  # the queries are the last of the positions
        for s in range(n_keys):
            plain = (query[:, t] * key[:, s]).sum(dim=-1) / 2
            torch.testing.assert_close(scores[:, t, s], plain - 0.3 * abs(at - s))


def test_the_last_queries_get_their_alibi_scores_among_all():
    query, key = vectors(2, 7, 4), vectors(2, 7, 4, seed=1)
    score = positions.AlibiScores(0.3)
    torch.testing.assert_close(score(query[:, 5:], key), score(query, key)[:, 5:])


def test_attention_with_alibi_is_not_equivariant():
    x, order = vectors(1, 5, 4), torch.arange(5).roll(1)
    for slope, equivariant in ((0.0, True), (0.5, False)):
        score = positions.AlibiScores(slope)
        outputs, _ = attend(x, x, x, score=score)
        shuffled, _ = attend(x[:, order], x[:, order], x[:, order], score=score)
        assert torch.allclose(shuffled, outputs[:, order]) == equivariant


# --- equivariance: with each scheme and without ---


def schemes(length, width, seed):
    """Return for each scheme a layer (B, T, E) -> (B, T, E), in double precision."""
    torch.manual_seed(seed)
    learned = LearnedPositions(length, width)
    codes = {
        "random": vectors(length, width, seed=seed + 1),
        "sinusoidal": positions.sinusoidal_codes(length, width),
        "learned": learned(length).detach(),
    }
    scores = {"relative": relative(2, 3, seed), "rotary": positions.RotaryScores()}

    def layer(code, score):
        attention = MultiHeadAttention(width, 2, score).double()
        return lambda x: attention(x + code)[0]

    made = {"none": layer(0, scaled_dot_scores)}
    made |= {name: layer(code.double(), scaled_dot_scores) for name, code in codes.items()}
    return made | {name: layer(0, score) for name, score in scores.items()}


@given(b=st.integers(1, 3), t=st.integers(2, 9), pairs=st.integers(1, 4), seed=seeds)
@MANY
def test_attention_is_equivariant_without_positions_and_not_with(b, t, pairs, seed):
    x = vectors(b, t, 4 * pairs, seed=seed)
    order = torch.arange(t).roll(1)  # never as it was
    for name, layer in schemes(t, 4 * pairs, seed).items():
        with torch.no_grad():
            gap = (layer(x[:, order]) - layer(x)[:, order]).abs().max()
        assert gap < 1e-10 if name == "none" else gap > 1e-7, name


def test_a_causal_mask_alone_gives_order_away():
    torch.manual_seed(0)
    attention, x, order = MultiHeadAttention(8).double(), vectors(1, 5, 8), torch.arange(5).flip(0)
    mask = causal_mask(5)
    shuffled = attention(x[:, order], mask=mask)[0]
    assert (shuffled - attention(x, mask=mask)[0][:, order]).abs().max() > 0.01


# --- what depends on the distance alone ---


@given(t=st.integers(1, 50), shift=st.integers(0, 500), pairs=st.integers(1, 8), seed=seeds)
@MANY
def test_turned_products_depend_on_the_distance_alone(t, shift, pairs, seed):
    query, key = vectors(2, t, 2 * pairs, seed=seed), vectors(2, t, 2 * pairs, seed=seed + 1)
    here, there = torch.arange(t), torch.arange(t) + shift
    near = positions.rotate(query, here) @ positions.rotate(key, here).mT
    far = positions.rotate(query, there) @ positions.rotate(key, there).mT
    torch.testing.assert_close(far, near, atol=1e-9, rtol=0)


@given(t=st.integers(1, 50), pairs=st.integers(1, 8), seed=seeds)
@MANY
def test_turning_keeps_lengths_adds_up_and_leaves_position_0_alone(t, pairs, seed):
    x, a, b = vectors(3, t, 2 * pairs, seed=seed), torch.arange(t), torch.arange(t).flip(0)
    turned = positions.rotate(x, a)
    torch.testing.assert_close(turned.norm(dim=-1), x.norm(dim=-1))
    torch.testing.assert_close(positions.rotate(turned, b), positions.rotate(x, a + b))
    torch.testing.assert_close(positions.rotate(turned, -a), x)
    assert torch.equal(turned[:, :1], x[:, :1])


@given(length=st.integers(2, 60), pairs=st.integers(1, 16))
@MANY
def test_sinusoidal_codes_meet_by_distance_and_have_one_length(length, pairs):
    codes = positions.sinusoidal_codes(length, 2 * pairs).double()
    products = codes @ codes.mT
    for distance in range(length):
        diagonal = products.diagonal(distance)
        assert (diagonal - diagonal[0]).abs().max() < 1e-4
    torch.testing.assert_close(
        codes.norm(dim=-1), torch.full((length,), float(pairs) ** 0.5).double()
    )


def test_the_next_sinusoidal_code_is_the_last_one_turned():
    codes = positions.sinusoidal_codes(30, 8).double()
    clockwise = positions.rotate(codes[:-3], torch.full((27,), -3))  # hands turn clockwise
    torch.testing.assert_close(clockwise, codes[3:], atol=1e-6, rtol=0)


@given(t=st.integers(1, 8), more=st.integers(0, 8), most=st.integers(1, 9), seed=seeds)
@MANY
def test_the_last_queries_get_the_same_scores_as_among_all(t, more, most, seed):
    query, key = vectors(1, 2, t + more, 4, seed=seed), vectors(1, 2, t + more, 4, seed=seed + 1)
    for score in (relative(2, most, seed), positions.RotaryScores()):
        alone = score(query[:, :, more:], key)
        torch.testing.assert_close(alone, score(query, key)[:, :, more:])


@given(t=st.integers(2, 12), most=st.integers(1, 4), seed=seeds)
@MANY
def test_beyond_the_clip_all_distances_are_alike(t, most, seed):
    zero = torch.zeros(1, 1, t, 2, dtype=torch.float64)
    bias = relative(1, most, seed)(zero, zero)[0, 0]
    assert all(len(set(bias.diagonal(n).tolist())) == 1 for n in range(-t + 1, t))
    assert len(set(bias.flatten().tolist())) == min(2 * t - 1, 2 * most + 1)


def test_at_birth_a_bias_says_nothing():
    query, key = vectors(1, 2, 3, 4), vectors(1, 2, 5, 4)
    scores = positions.RelativeScores(2, 4)(query, key)
    torch.testing.assert_close(scores, scaled_dot_scores(query, key))


# --- types, gradients, errors ---


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_types_and_inputs_are_kept(dtype):
    query, key = vectors(1, 2, 3, 4).to(dtype), vectors(1, 2, 5, 4).to(dtype)
    before = query.clone()
    for score in (positions.RotaryScores(), positions.RelativeScores(2, 3).to(dtype)):
        assert score(query, key).dtype == dtype
    assert torch.equal(query, before) and positions.sinusoidal_codes(3, 4).dtype == torch.float32


def test_gradients_arrive():
    query, key = vectors(1, 2, 3, 4).requires_grad_(), vectors(1, 2, 3, 4, seed=1).requires_grad_()
    for score in (positions.RotaryScores(), relative(2)):
        assert torch.autograd.gradcheck(score, (query, key))
    module = relative(2)
    module(query, key).sum().backward()
    assert (module.bias.grad != 0).any()


def test_what_training_does_not_reach_gets_no_gradient():
    learned = LearnedPositions(6, 4)
    learned(2).sum().backward()
    assert (learned.table.weight.grad[:2] == 1).all() and (learned.table.weight.grad[2:] == 0).all()


@pytest.mark.parametrize(
    "call",
    [
        lambda: positions.sinusoidal_codes(4, 5),
        lambda: positions.rotate(torch.ones(1, 4, 5), torch.arange(4)),
        lambda: positions.RotaryScores()(torch.ones(1, 1, 4, 5), torch.ones(1, 1, 4, 5)),
    ],
)
def test_an_odd_width_is_refused(call):
    with pytest.raises(ValueError, match="The width is 5.*even"):
        call()
