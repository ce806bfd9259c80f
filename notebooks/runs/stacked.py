"""Stacks of blocks with residual, norm, both, neither: 1 to 8 blocks, three rates, 300 steps."""

from torch import nn

from helpers.attention import MultiHeadAttention
from helpers.corpus import Characters, count_bits, python_manual, split_pieces
from helpers.positions import RotaryScores
from helpers.stacks import train_stacks
from helpers.transformer import Block, FeedForward

STEPS, DEPTHS = 300, (1, 2, 4, 8)


class PlainBlock(nn.Module):
    """Attention and a feed-forward layer, and nothing else."""

    def __init__(self, width):
        super().__init__()
        self.attention = MultiHeadAttention(width, score=RotaryScores())
        self.feed_forward = FeedForward(width)

    def forward(self, x, mask=None):
        context, weights = self.attention(x, mask=mask)
        return self.feed_forward(context), weights


class ResidualBlock(PlainBlock):
    """Both layers add to what they are given."""

    def forward(self, x, mask=None):
        context, weights = self.attention(x, mask=mask)
        x = x + context
        return x + self.feed_forward(x), weights


class NormBlock(Block):
    """Both layers read what a layer norm makes of their input, and replace it."""

    def forward(self, x, mask=None):
        context, weights = self.attention(self.norm_attention(x), mask=mask)
        return self.feed_forward(self.norm_feed_forward(context)), weights


KINDS = {
    "plain": PlainBlock,
    "with norm alone": lambda width: NormBlock(width, score=RotaryScores()),
    "with residual": ResidualBlock,
    "with residual and norm": lambda width: Block(width, score=RotaryScores()),
}


def run(seed):
    """Return the bits per character in the last 20 steps by kind, depth and rate."""
    text, _ = split_pieces(python_manual(), seed=seed)
    vocabulary = Characters(text)
    tokens = vocabulary.encode(text)
    bits = {"character frequencies": count_bits(tokens, tokens, 0, len(vocabulary))}
    for kind, block in KINDS.items():
        bits[kind] = {}
        for n in DEPTHS:
            found = train_stacks(block, tokens, len(vocabulary), seed, STEPS, n)
            bits[kind][n] = {str(rate): end for rate, end in found.items()}
    return bits


def best(bits, kind):
    """Return by depth the fewest bits at any rate."""
    return {depth: min(by_rate.values()) for depth, by_rate in bits[kind].items()}


def check(results):
    """See depth pay with a residual, with norm or without, and not without a residual."""
    for bits in results.values():
        found = {kind: best(bits, kind) for kind in KINDS}
        for kind in ("plain", "with norm alone"):
            assert found[kind][8] > max(bits["character frequencies"] - 0.2, found[kind][1] + 0.5)
        for kind in ("with residual", "with residual and norm"):
            assert found[kind][8] < found[kind][1] - 0.2
        assert found["with residual and norm"][8] < found["with residual"][8] + 0.1
