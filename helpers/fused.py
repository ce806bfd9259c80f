"""Attention for when nobody asks for the weights: the same answers from PyTorch's own kernel.

The kernel goes through the keys in blocks, so that scores and weights never stand in memory as a
whole. Shapes are those of `helpers.attention`.
In here: what `attend` and `MultiHeadAttention` do, without weights. Not in here: other scores than
the scaled dot product.
"""

from torch.nn.functional import scaled_dot_product_attention

from helpers.attention import (
    MultiHeadAttention,
    check_attention_inputs,
    merge_heads,
    split_heads,
)


def attend_fused(query, key, value, mask=None):
    """Return the context of `attend` with `scaled_dot_scores`, the weights never made.

    Shapes: query (B, H, T, D), key (B, H, S, D), value (B, H, S, D), mask as for `attend`
    -> context (B, H, T, D). Raises what `attend` raises.
    Source: Dao et al. 2022 (FlashAttention), as PyTorch has it.
    """
    check_attention_inputs(query, key, value, mask)
    return scaled_dot_product_attention(query, key, value, mask)  # (..., T, D)


class FusedMultiHeadAttention(MultiHeadAttention):
    """`MultiHeadAttention` with None in place of the weights; the parameters are the same.

    Shapes: x (B, T, E), memory (B, S, E), mask as for `MultiHeadAttention` -> output (B, T, E).
    Raises what `MultiHeadAttention` raises. Source: Vaswani et al. 2017, section 3.2.2.
    """

    def __init__(self, d_model, n_heads=1):
        super().__init__(d_model, n_heads)

    def forward(self, x, memory=None, mask=None):
        memory = x if memory is None else memory
        query = split_heads(self.to_query(x), self.n_heads)  # (B, H, T, D)
        key = split_heads(self.to_key(memory), self.n_heads)  # (B, H, S, D)
        value = split_heads(self.to_value(memory), self.n_heads)  # (B, H, S, D)
        context = attend_fused(query, key, value, mask)  # (B, H, T, D)
        return self.to_output(merge_heads(context)), None
