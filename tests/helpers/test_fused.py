"""Attention without weights gives what attention with weights gives: outputs, gradients, errors."""

import pytest
import torch
from helpers.fused import FusedMultiHeadAttention, attend_fused

from helpers.attention import MultiHeadAttention, attend, causal_mask, scaled_dot_scores
from helpers.transformer import Block

B, H, T, S, D = 3, 2, 5, 7, 4
MASKS = {
    "none": None,
    "causal": causal_mask(T, S),
    "padding": (torch.arange(S) < torch.tensor([[3], [7], [1]]))[:, None, None],
    "each its own": torch.rand(B, H, T, S, generator=torch.Generator().manual_seed(1)) > 0.4,
}
MASKS["each its own"][..., 2] = True  # nobody is left without a key


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def inputs(dtype, heads=True):
    """Return query, key and value with axes of different sizes."""
    shapes = (T, D), (S, D), (S, D)
    lead = (B, H) if heads else (B,)
    return [torch.randn(*lead, *shape, dtype=dtype, requires_grad=True) for shape in shapes]


def gradients(output, leaves):
    """Return the gradients of an uneven sum of the output."""
    return torch.autograd.grad((output * output.detach().sin()).sum(), leaves)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", MASKS)
def test_attend_fused_is_attend_without_the_weights(name, dtype):
    given, mask = inputs(dtype), MASKS[name]
    expected, _ = attend(*given, mask, scaled_dot_scores)
    context = attend_fused(*given, mask)
    torch.testing.assert_close(context, expected)
    torch.testing.assert_close(gradients(context, given), gradients(expected, given))


def test_attend_fused_needs_no_heads():
    given = inputs(torch.float32, heads=False)
    mask = MASKS["padding"][:, 0]
    torch.testing.assert_close(
        attend_fused(*given, mask), attend(*given, mask, scaled_dot_scores)[0]
    )


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda q, k, v: (q[..., 1:], k, v, None), ValueError),
        (lambda q, k, v: (q, k, v[..., 1:, :], None), ValueError),
        (lambda q, k, v: (q, k, v, torch.ones(T, S)), TypeError),
        (lambda q, k, v: (q, k, v, torch.zeros(T, S, dtype=torch.bool)), ValueError),
        (lambda q, k, v: (q, k, v, torch.ones(T + 1, S, dtype=torch.bool)), ValueError),
        (lambda q, k, v: (q.tolist(), k, v, None), TypeError),
    ],
)
def test_attend_fused_refuses_what_attend_refuses(spoil, error):
    given = spoil(*inputs(torch.float32))
    with pytest.raises(error) as expected:
        attend(*given)
    with pytest.raises(error) as told:
        attend_fused(*given)
    assert str(told.value) == str(expected.value)


@pytest.mark.parametrize("to_memory", [False, True])
@pytest.mark.parametrize("name", ["none", "causal", "padding"])
def test_fused_heads_answer_as_heads_do(name, to_memory):
    plain, fused = MultiHeadAttention(H * D, H), FusedMultiHeadAttention(H * D, H)
    fused.load_state_dict(plain.state_dict())
    x = torch.randn(B, T if to_memory else S, H * D, requires_grad=True)
    memory = torch.randn(B, S, H * D) if to_memory else None
    mask = causal_mask(x.shape[1], S) if name == "causal" else MASKS[name]
    expected, _ = plain(x, memory, mask)
    output, weights = fused(x, memory, mask)
    assert weights is None
    torch.testing.assert_close(output, expected)
    mine = gradients(output, [x, *fused.parameters()])
    torch.testing.assert_close(mine, gradients(expected, [x, *plain.parameters()]))


def test_one_head_is_the_default_as_without_fusing():
    fused, plain = FusedMultiHeadAttention(D), MultiHeadAttention(D)
    assert fused.n_heads == plain.n_heads == 1


def test_fused_heads_fit_into_a_block():
    block = Block(H * D, H)
    x = torch.randn(B, S, H * D)
    expected, _ = block(x, causal_mask(S))
    fused = FusedMultiHeadAttention(H * D, H)
    fused.load_state_dict(block.attention.state_dict())
    block.attention = fused
    torch.testing.assert_close(block(x, causal_mask(S))[0], expected)
