"""Networks handed in for the longer exercise of notebook 10: layer norms behind the sums.

RIGHT, WRONG and UNFINISHED are as in `longer_01`. One stack is trained, for some seconds; the
others hold its parameters, or are untrained, or have been trained a little.
"""

import copy
import functools

import torch
from torch import nn

from helpers.attention import MultiHeadAttention, causal_mask
from helpers.corpus import Characters, excerpts, python_manual, split_pieces
from helpers.language_model import LanguageModel, next_token_loss
from helpers.positions import RotaryScores
from helpers.runtime import set_seed
from helpers.seq2seq import Seq2Seq
from helpers.training import train
from helpers.transformer import Block, FeedForward
from tests.exercises.banks.longer_01 import SIZES


class PostNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.attention = MultiHeadAttention(width, score=RotaryScores())
        self.feed_forward = FeedForward(width)
        self.norm_1, self.norm_2 = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x, mask=None):
        context, weights = self.attention(x, mask=mask)
        x = self.norm_1(x + context)
        return self.norm_2(x + self.feed_forward(x)), weights


@functools.cache
def manual():
    """Return the vocabulary of seed 0, and the tokens that are trained on."""
    text, _ = split_pieces(python_manual(), seed=0)
    vocabulary = Characters(text)
    return vocabulary, vocabulary.encode(text)


def passages(steps=100):
    return excerpts(manual()[1], steps, length=32, size=16, seed=0)


def stack(kind=PostNorm, n=16, whole=LanguageModel):
    """Return an untrained stack of so many blocks."""
    set_seed()
    return whole(len(manual()[0]), 32, [kind(32) for _ in range(n)])


@functools.cache
def trained(steps=80, rate=0.003):
    """Return a stack, trained once."""
    model = stack()
    train(model, passages(steps), steps=steps, learning_rate=rate, loss=next_token_loss)
    return model


def dressed(kind=PostNorm, whole=LanguageModel):
    """Return a stack of another class, or of such blocks, with the trained one's parameters."""
    model = stack(kind, whole=whole)
    model.load_state_dict(trained().state_dict())
    return model


# --- right ---


class Several(LanguageModel):
    """Two things in a list, and logits that are all larger by the same number."""

    def forward(self, tokens):
        return [super().forward(tokens) + 7, tokens]


class Alone(PostNorm):
    """It returns x alone, and makes its mask itself."""

    def forward(self, x):
        return super().forward(x, causal_mask(x.shape[1]))[0]


class OneAfterAnother(LanguageModel):
    def __init__(self, vocab_size, d_model, blocks):
        super().__init__(vocab_size, d_model, blocks)
        self.blocks = nn.Sequential(*blocks)

    def forward(self, tokens):
        return self.predict(self.blocks(self.embed(tokens)))


class Named(LanguageModel):
    """Blocks are called by the names of their parameters, the mask first, of four axes."""

    def forward(self, tokens):
        x, mask = self.embed(tokens), causal_mask(tokens.shape[1])[None, None]
        for block in self.blocks:
            x = block(mask=mask, x=x)[0]
        return self.predict(x)


class OwnNorm(nn.Module):
    """A layer norm by hand, scale and shift with three axes."""

    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1, 1, width))
        self.bias = nn.Parameter(torch.zeros(1, 1, width))

    def forward(self, x):
        x = x - x.mean(dim=-1, keepdim=True)
        return (
            self.weight * x / (x.var(dim=-1, correction=0, keepdim=True) + 1e-5).sqrt() + self.bias
        )


def by_hand():
    model = dressed()
    for block in model.blocks:
        for name in ("norm_1", "norm_2"):
            own, old = OwnNorm(32), getattr(block, name)
            own.weight.data[:], own.bias.data[:] = old.weight.data, old.bias.data
            setattr(block, name, own)
    return model


class Dropped(PostNorm):
    """Dropout, which is off when it is judged, and prints."""

    def forward(self, x, mask=None):
        print("given", x.shape)
        x, weights = super().forward(x, mask)
        return nn.functional.dropout(x, 0.5, self.training), weights


class InHalves(PostNorm):
    """One function for both sums, in place."""

    def half(self, x, layer, norm):
        x = x.clone()
        x += layer(x)
        return norm(x)

    def forward(self, x, mask=None):
        x = self.half(x, lambda x: self.attention(x, mask=mask)[0], self.norm_1)
        return self.half(x, self.feed_forward, self.norm_2), None


RIGHT = {
    "as in the solution": trained,
    "two things in a list": lambda: dressed(whole=Several),
    "blocks of one tensor, one after another": lambda: dressed(Alone, OneAfterAnother),
    "called by name": lambda: dressed(whole=Named),
    "norms by hand": by_hand,
    "left in training, with dropout": lambda: dressed(Dropped).train(),
    "in two halves": lambda: dressed(InHalves),
    "frozen": lambda: copy.deepcopy(trained()).requires_grad_(False),
    "in double precision": lambda: copy.deepcopy(trained()).double(),
}


# --- wrong ---


class Residual(PostNorm):
    """No norm at all."""

    def forward(self, x, mask=None):
        x = x + self.attention(x, mask=mask)[0]
        return x + self.feed_forward(x), None


class Plain(PostNorm):
    """Neither a norm nor a sum."""

    def forward(self, x, mask=None):
        return self.feed_forward(self.attention(x, mask=mask)[0]), None


class NormedBranches(PostNorm):
    """What is added is normed, and not the sum."""

    def forward(self, x, mask=None):
        x = x + self.norm_1(self.attention(x, mask=mask)[0])
        return x + self.norm_2(self.feed_forward(x)), None


class NoFirstSum(PostNorm):
    def forward(self, x, mask=None):
        x = self.norm_1(self.attention(x, mask=mask)[0])
        return self.norm_2(x + self.feed_forward(x)), None


class NoSecondSum(PostNorm):
    def forward(self, x, mask=None):
        x = self.norm_1(x + self.attention(x, mask=mask)[0])
        return self.norm_2(self.feed_forward(x)), None


class LastAlone(PostNorm):
    """The first sum has no norm."""

    def forward(self, x, mask=None):
        x = x + self.attention(x, mask=mask)[0]
        return self.norm_2(x + self.feed_forward(x)), None


class OneInFront(PostNorm):
    """The first norm is in front, the second behind."""

    def forward(self, x, mask=None):
        x = x + self.attention(self.norm_1(x), mask=mask)[0]
        return self.norm_2(x + self.feed_forward(x)), None


class OldX(PostNorm):
    """The feed-forward layer reads the x from before attention."""

    def forward(self, x, mask=None):
        new = self.norm_1(x + self.attention(x, mask=mask)[0])
        return self.norm_2(new + self.feed_forward(x)), None


class TurnedBlock(PostNorm):
    """The weights come first."""

    def forward(self, x, mask=None):
        return super().forward(x, mask)[::-1]


class Turned(LanguageModel):
    def forward(self, tokens):
        x, mask = self.embed(tokens), causal_mask(tokens.shape[1])
        for block in self.blocks:
            _, x = block(x, mask)
        return self.predict(x)


class Masked(LanguageModel):
    """Its mask is any."""

    def mask(self, n):
        return None

    def forward(self, tokens):
        x = self.embed(tokens)
        for block in self.blocks:
            x, _ = block(x, self.mask(tokens.shape[1]))
        return self.predict(x)


class OneAhead(Masked):
    def mask(self, n):
        return torch.ones(n, n, dtype=torch.bool).tril(1)


class Half(LanguageModel):
    """It goes through half of its blocks."""

    def forward(self, tokens):
        x, mask = self.embed(tokens), causal_mask(tokens.shape[1])
        for block in self.blocks[:8]:
            x, _ = block(x, mask)
        return self.predict(x)


class InAList(LanguageModel):
    def __init__(self, vocab_size, d_model, blocks):
        super().__init__(vocab_size, d_model, [])
        del self.blocks
        self.blocks = blocks


class LastCharacter(LanguageModel):
    def forward(self, tokens):
        return super().forward(tokens)[:, -1]


class Silent(LanguageModel):
    def forward(self, tokens):
        super().forward(tokens)


class Misspelt(PostNorm):
    def forward(self, x, mask=None):
        return self.norm_1(contxt), None  # noqa: F821


class NoNumber(PostNorm):
    """The first position sees nothing, not even itself."""

    def forward(self, x, mask=None):
        scores = (x @ x.mT).masked_fill(~mask.tril(-1), -torch.inf)
        return self.norm_1(x + scores.softmax(dim=-1) @ x), None


class PyTorchs(nn.Module):
    """PyTorch's own layer, which has the norm behind the sum unless it is told otherwise."""

    def __init__(self, width, norm_first=False):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(width, 4, norm_first=norm_first, batch_first=True)

    def forward(self, x, mask):
        return self.layer(x, src_mask=~mask), None


def pre_norm(width):
    return Block(width, score=RotaryScores())


def mixed():
    """Return a stack whose third block is pre-norm."""
    model = stack()
    model.blocks[2] = pre_norm(32)
    return model


def repeated():
    block = PostNorm(32)
    return stack(lambda _: block)


def broken():
    model = stack()
    model.blocks[3].norm_1.weight.data[0] = torch.nan
    return model


def with_characters(n):
    return lambda: LanguageModel(n, 32, [PostNorm(32) for _ in range(16)])


WRONG = {
    "Its 16 blocks are as they should be. It needs": stack,
    "If it is not trained yet, train it": lambda: stack(PyTorchs),
    "If x is 1,000 times as long, block 1 returns vectors that are": lambda: stack(pre_norm),
    "times as long. So the stream leaves the block": lambda: stack(
        lambda width: PyTorchs(width, True)
    ),
    "If x is 1,000 times as long, block 3 returns": mixed,
    "So the stream leaves the block without a norm": lambda: stack(Residual),
    "Norm each sum: `norm(x + …)`": lambda: stack(NormedBranches),
    "the stream leaves the block without a norm. Norm each sum": lambda: stack(Plain),
    "block 1 then returns the same vector at every position": lambda: stack(NoFirstSum),
    "Is x in both sums, `norm(x + …)`?": lambda: stack(NoSecondSum),
    "What block 1 makes of a text of one character changes": lambda: stack(LastAlone),
    "It does not in a block of two lines": lambda: stack(OneInFront),
    "What differs in yours?": lambda: stack(OldX),
    "Its blocks share parameters": repeated,
    "It has 8 blocks. This exercise asks for 16": lambda: stack(n=8),
    "It has 0 blocks": lambda: stack(n=0),
    "It has no `blocks`, an `nn.ModuleList`": lambda: stack(whole=InAList),
    "Build it with `stack(PostNormBlock, 16)`": lambda: Seq2Seq(*SIZES, width=16),
    "Its logits at position 0 change if later characters change": lambda: stack(whole=Masked),
    "a query sees the future": lambda: stack(whole=OneAhead),
    "Its block 9 did not get x": lambda: stack(whole=Half),
    "block 1 should return a tensor of the same shape": lambda: stack(TurnedBlock, whole=Turned),
    "first of several things. Yours returned a tensor of shape (8, ": lambda: stack(
        whole=LastCharacter
    ),
    "Yours returned a tensor of shape (8, 32, 50)": with_characters(50),
    "For a text of your own there is no check": with_characters(200),
    "There is NaN (not a number) in the logits": lambda: stack(NoNumber),
    "`forward` returned None": lambda: stack(whole=Silent),
    "`forward` stopped at the line `return self.norm_1(contxt)": lambda: stack(Misspelt),
    "are NaN or infinite": broken,
    "no parameters": lambda: nn.Sequential(nn.ReLU()),
}
UNFINISHED = {
    "fewer than 4.4 are asked for. Train a new one at another rate": lambda: trained(steps=40),
    "If it is, train a new one at a lower rate": lambda: trained(steps=20, rate=0.03),
}
