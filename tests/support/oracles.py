"""What PyTorch's own attention says, as functions that raise AssertionError on any difference.

They take the module under test as an argument, so that `test_mutants.py` can pass a broken one.
"""

import math

import torch
from torch.nn.functional import scaled_dot_product_attention


def inputs(dtype=torch.float32, seed=0):
    """Return query (2, 3, 4), key (2, 5, 4), value (2, 5, 6), mask (2, 3, 5): all sizes differ."""
    generator = torch.Generator().manual_seed(seed)
    query, key, value = (
        torch.randn(*shape, generator=generator, dtype=dtype) / 2
        for shape in ((2, 3, 4), (2, 5, 4), (2, 5, 6))
    )
    mask = torch.rand(2, 3, 5, generator=generator) > 0.4
    mask[..., seed % 5] = True
    return query, key, value, mask


def close(ours, theirs):
    """Assert that two tensors agree up to the rounding of their type."""
    atol = 1e-6 if ours.dtype == torch.float32 else 1e-12
    torch.testing.assert_close(ours, theirs, atol=atol, rtol=0)


def attend_equals_sdpa(attention, dtype=torch.float32, masked=True, seed=0):
    """Values of `attend` with plain and with scaled dot products, with or without a mask."""
    query, key, value, mask = inputs(dtype, seed)
    mask = mask if masked else None
    for score, scale in ((attention.dot_scores, 1.0), (attention.scaled_dot_scores, None)):
        context, _ = attention.attend(query, key, value, mask, score)
        close(context, scaled_dot_product_attention(query, key, value, attn_mask=mask, scale=scale))


def weights_equal_sdpa(attention, dtype=torch.float32, masked=True, seed=0):
    """Weights of `attend`: what SDPA returns when the values are the identity matrix."""
    query, key, _, mask = inputs(dtype, seed)
    mask = mask if masked else None
    identity = torch.eye(5, dtype=dtype).expand(2, 5, 5)
    _, weights = attention.attend(query, key, key, mask)
    close(weights, scaled_dot_product_attention(query, key, identity, attn_mask=mask, scale=1.0))
    close(weights.sum(dim=-1), torch.ones(2, 3, dtype=dtype))


def learned_scores_equal_their_formulas(taught, dtype=torch.float32, seed=0):
    """General and additive scores, pair by pair, from the formulas of the papers."""
    query, key, _, _ = inputs(dtype, seed)
    torch.manual_seed(seed)
    general = taught.GeneralScores(4).to(dtype)
    additive = taught.AdditiveScores(4).to(dtype)
    scores_general, scores_additive = general(query, key), additive(query, key)
    w_query, w_key = additive.from_query.weight, additive.from_key.weight
    for b, t, s in ((0, 0, 0), (0, 2, 4), (1, 1, 3), (1, 2, 0)):
        q, k = query[b, t], key[b, s]
        close(scores_general[b, t, s], k @ (general.between.weight @ q))
        hidden = torch.tanh(w_query @ q + w_key @ k)
        close(scores_additive[b, t, s], additive.to_score.weight[0] @ hidden)


def heads_equal_pytorch(attention, dtype=torch.float32, seed=0):
    """Multi-head attention, its weights copied into PyTorch's: output and weights of each head."""
    generator = torch.Generator().manual_seed(seed)
    x, memory = (
        torch.randn(2, n, 12, generator=generator, dtype=dtype) for n in (5, 7)
    )  # (B, T, E), (B, S, E)
    mask = torch.rand(5, 7, generator=generator) > 0.4
    mask[:, seed % 7] = True
    torch.manual_seed(seed)
    ours = attention.MultiHeadAttention(12, n_heads=3).to(dtype)
    theirs = torch.nn.MultiheadAttention(12, 3, bias=False, batch_first=True, dtype=dtype)
    roles = (ours.to_query, ours.to_key, ours.to_value)
    theirs.in_proj_weight.data = torch.cat([3 * role.weight for role in roles]).detach()
    theirs.out_proj.weight.data = ours.to_output.weight.detach()
    for role in roles:
        role.weight.data *= 3  # so that no softmax is nearly flat
    look = {"average_attn_weights": False}
    for given, masked in ((x, None), (memory, None), (memory, mask)):
        hidden = None if masked is None else ~masked  # there, True hides
        wanted, shares = theirs(x, given, given, attn_mask=hidden, **look)
        output, weights = ours(x, None if given is x else given, masked)
        close(output, wanted)
        close(weights, shares)


def self_attention_equals_sdpa(attention, dtype=torch.float32, seed=0):
    """Self-attention of one head, narrower than the model, with a mask and without one."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(2, 5, 12, generator=generator, dtype=dtype)  # (B, S, E)
    mask = torch.rand(5, 5, generator=generator) > 0.4
    mask[:, seed % 5] = True
    torch.manual_seed(seed)
    layer = attention.SelfAttention(12, 4).to(dtype)
    roles = (layer.to_query, layer.to_key, layer.to_value)
    query, key, value = (x @ (3 * role.weight).T for role in roles)
    for role in roles:
        role.weight.data *= 3  # so that no softmax is nearly flat
    identity = torch.eye(5, dtype=dtype).expand(2, 5, 5)
    for given in (None, mask):
        context, weights = layer(x, given)
        close(context, scaled_dot_product_attention(query, key, value, attn_mask=given))
        close(weights, scaled_dot_product_attention(query, key, identity, attn_mask=given))


def heads_are_blocks(attention):
    """Head h holds the numbers hD to (h+1)D of every word, and merging undoes it."""
    x = torch.arange(2 * 5 * 12.0).view(2, 5, 12)  # (B, T, E)
    heads = attention.split_heads(x, 3)
    for h in range(3):
        close(heads[:, h], x[..., 4 * h : 4 * h + 4])
    close(attention.merge_heads(heads), x)


def feed_forward_equals_pytorch(transformer, activation, dtype=torch.float32, seed=0):
    """Feed-forward: PyTorch's encoder layer with the same weights, its attention silenced."""
    torch.manual_seed(seed)
    layer = transformer.FeedForward(4, 6, activation).to(dtype)
    theirs = torch.nn.TransformerEncoderLayer(
        4, 1, 6, dropout=0.0, activation=activation, batch_first=True, norm_first=True, dtype=dtype
    )
    theirs.linear1.load_state_dict(layer.widen.state_dict())
    theirs.linear2.load_state_dict(layer.narrow.state_dict())
    torch.nn.init.zeros_(theirs.self_attn.out_proj.weight)
    theirs.norm2 = torch.nn.Identity()
    x = torch.randn(2, 5, 4, dtype=dtype)
    close(layer(x) + x, theirs.train()(x))  # theirs keeps what came in; train: no fused kernel


def only_shapes(attention):
    """What a shape test would see: nothing but shapes. Kept to show how little that is."""
    query, key, value, mask = inputs()
    context, weights = attention.attend(query, key, value, mask, attention.scaled_dot_scores)
    assert context.shape == (2, 3, 6) and weights.shape == (2, 3, 5)
    assert math.isfinite(weights.sum().item())
    output, weights = attention.MultiHeadAttention(12, n_heads=3)(torch.ones(2, 5, 12))
    assert output.shape == (2, 5, 12) and weights.shape == (2, 3, 5, 5)
