"""Checkers for the exercises of notebook 10, the whole block. Used by that notebook only."""

import math

import torch

from helpers.exercises.judge import Verdict, compare, mistake, random_tensor
from helpers.messages import later, say

REPLACED = later(
    "A layer's output is what it *adds* to the stream: `x + …`. Yours replaces the stream."
)
POST = later(
    "You normed the sum. That is the block of 2017, post-norm. In pre-norm, what attention and "
    "feed-forward *read* is normed, and the stream itself never is."
)
NORMED_STREAM = later(
    "You added to the normed stream. The norm is only for the layer to read: `x + layer(norm(x))`, "
    "with the plain x in front."
)

ZERO = later("A logit of 0 is not nothing: exp(0) is 1. Only −∞ becomes a chance of 0.")


def check_block(wire_block) -> Verdict:
    """Check `wire_block(x, norm_1, attention, norm_2, feed_forward)`, a pre-norm block.

    Shapes: x (B, T, E), four functions of such a tensor -> (B, T, E).
    """

    def case(seed, b, t, e, scale=1):
        mix = random_tensor(t, t, seed=300 + seed).softmax(dim=-1)
        bend = random_tensor(e, e, seed=400 + seed)

        def norm(gain):
            return lambda x: torch.nn.functional.layer_norm(x, (e,)) * gain

        return (
            scale * random_tensor(b, t, e, seed=seed),
            norm(random_tensor(e, seed=100 + seed)),
            lambda x: mix @ x,
            norm(random_tensor(e, seed=200 + seed)),
            lambda x: (x @ bend).tanh(),
        )

    def draw(seed):
        return case(seed, *((3, 2, 4), (1, 4, 5), (2, 1, 3))[seed % 3], 1 + seed % 2 * 4)

    def oracle(x, n1, a, n2, f):
        x = x + a(n1(x))
        return x + f(n2(x))

    def first(x, n1, a):
        return x + a(n1(x))

    def normed_stream(x, n1, a, n2, f):
        x = n1(x)
        x = n2(x + a(x))
        return x + f(x)

    def half_normed_stream(x, n1, a, n2, f):
        x = n1(x)
        x = x + a(x)
        return x + f(n2(x))

    mistakes = [
        mistake(REPLACED, lambda x, n1, a, n2, f: f(n2(a(n1(x))))),
        mistake(REPLACED, lambda x, n1, a, n2, f: f(a(x))),
        mistake(
            "The second residual is missing: what feed-forward returns is added to the stream too.",
            lambda x, n1, a, n2, f: f(n2(first(x, n1, a))),
        ),
        mistake(
            "The first residual is missing: what attention returns is added to the stream too.",
            lambda x, n1, a, n2, f: a(n1(x)) + f(n2(a(n1(x)))),
        ),
        mistake(POST, lambda x, n1, a, n2, f: (lambda y: n2(y + f(y)))(n1(x + a(x)))),
        mistake(
            "There is no norm. Each layer reads the stream through one: `attention(norm_1(x))`.",
            lambda x, n1, a, n2, f: (lambda y: y + f(y))(x + a(x)),
        ),
        mistake(
            "The second norm is missing: feed-forward reads the stream through `norm_2`.",
            lambda x, n1, a, n2, f: (lambda y: y + f(y))(first(x, n1, a)),
        ),
        mistake(
            "The first norm is missing: attention reads the stream through `norm_1`.",
            lambda x, n1, a, n2, f: (lambda y: y + f(n2(y)))(x + a(x)),
        ),
        mistake(NORMED_STREAM, normed_stream),
        mistake(NORMED_STREAM, half_normed_stream),
        mistake(NORMED_STREAM, lambda x, n1, a, n2, f: (lambda y: y + f(y))(n2(first(x, n1, a)))),
        mistake(
            "Feed-forward read the x from before attention. It works on what attention has just "
            "brought: use the new stream (blocks that do both at once exist; this is not one).",
            lambda x, n1, a, n2, f: first(x, n1, a) + f(n2(x)),
        ),
        mistake(
            "The second line starts from the old x, so what attention added is lost from the "
            "stream. Add to the new one.",
            lambda x, n1, a, n2, f: x + f(n2(first(x, n1, a))),
        ),
        mistake(
            "Feed-forward came first. Attention gathers, then feed-forward works on what it "
            "gathered.",
            lambda x, n1, a, n2, f: (lambda y: y + a(n1(y)))(x + f(n2(x))),
        ),
        mistake(
            "The two norms changed places. They have numbers of their own: `norm_1` goes with "
            "attention.",
            lambda x, n1, a, n2, f: (lambda y: y + f(n1(y)))(x + a(n2(x))),
        ),
        mistake(
            "You used `norm_1` twice. Feed-forward has a norm of its own, `norm_2`.",
            lambda x, n1, a, n2, f: (lambda y: y + f(n1(y)))(first(x, n1, a)),
        ),
        mistake(
            "`attention` returns the new tensor alone here, so `[0]` takes the batch's first text. "
            "Leave it out.",
            lambda x, n1, a, n2, f: (lambda y: y + f(n2(y)))(x + a(n1(x))[0]),
        ),
        mistake(
            "That is the first half. Feed-forward is still to come, in a line of the same form.",
            lambda x, n1, a, n2, f: first(x, n1, a),
        ),
    ]
    right = say("Two lines, one form: the stream, plus what a layer makes of the normed stream.")
    cases = [case(20, 3, 2, 4), case(21, 1, 4, 5)]
    return compare(wire_block, oracle, cases, mistakes, right, draw=draw)


def check_bits(bits_of) -> Verdict:
    """Check `bits_of(chances, text)`, the mean bits: (T, V), (T) -> a tensor of one number."""

    def case(seed, t, v, scale=2):
        text = torch.randint(v, (t,), generator=torch.Generator().manual_seed(seed))
        return (scale * random_tensor(t, v, seed=100 + seed)).softmax(-1), text

    def draw(seed):  # no chance so small that 10⁻⁹ beside it shows
        return case(seed, *((5, 3), (1, 4), (6, 7))[seed % 3])

    cases = [case(20, 5, 3, scale=1), case(21, 6, 4, scale=1)]

    def came(chances, text):
        return chances[torch.arange(len(text)), text]

    def oracle(chances, text):
        return -came(chances, text).log2().mean()

    mistakes = [
        mistake(
            "These are nats, from the natural logarithm. Bits have base 2: `log2`.",
            lambda c, t: -came(c, t).log().mean(),
        ),
        mistake(
            "The sign: the logarithm of a chance is negative, and what it costs is positive.",
            lambda c, t: came(c, t).log2().mean(),
        ),
        mistake(
            "That is the whole text. Per character: the mean, not the sum.",
            lambda c, t: -came(c, t).log2().sum(),
        ),
        mistake(
            "That is what each character cost. Take the mean of them.",
            lambda c, t: -came(c, t).log2(),
        ),
        mistake(
            "You took the mean of the chances first. Each character costs its own bits: logarithm "
            "first, then the mean.",
            lambda c, t: -came(c, t).mean().log2(),
        ),
        mistake(
            "That is the mean chance. A chance *p* costs −log₂ p bits.",
            lambda c, t: came(c, t).mean(),
        ),
        mistake(
            "You averaged over all characters that could have come. Only the one that came counts.",
            lambda c, t: -c.log2().mean(),
        ),
        mistake(
            "`chances[:, text]` picks every column for every row. Go along both axes together: "
            "`chances[torch.arange(len(text)), text]`.",
            lambda c, t: -c[:, t].log2().mean(),
        ),
        mistake(
            "`chances[text]` picks rows, and rows are positions. The characters are the columns.",
            lambda c, t: -c[t].log2().mean(),
        ),
        mistake(
            "That is the entropy, what the model *expected* to pay. Count what it paid: the bits "
            "of the character that came.",
            lambda c, t: -(c * c.log2()).sum(dim=-1).mean(),
        ),
        mistake(
            "That is 2 to the power of it, the perplexity. Leave it as bits.",
            lambda c, t: 2 ** (-came(c, t).log2().mean()),
        ),
        mistake(
            "`cross_entropy` takes logits, and does its own softmax. These are chances already.",
            lambda c, t: torch.nn.functional.cross_entropy(c, t) / math.log(2),
        ),
    ]
    right = say(
        "A file of this text, packed with this model, has that many bits for each character."
    )
    return compare(bits_of, oracle, cases, mistakes, right, draw=draw)


def check_top_k(top_k) -> Verdict:
    """Check `top_k(logits, k)`: (B, V) -> chances (B, V), zero for all but the k largest."""

    def draw(seed):  # logits that are all far below 0, or far above, have the same softmax
        b, v, k = ((3, 5, 2), (2, 7, 3), (1, 6, 1), (4, 3, 2))[seed % 4]
        return 3 * random_tensor(b, v, seed=seed) + (-70, 0, 30)[seed % 3], k

    cases = [(random_tensor(3, 5, seed=20), 2), (random_tensor(2, 7, seed=21), 3)]

    def kept(logits, k):
        return logits >= logits.topk(k).values[:, -1:]

    def oracle(logits, k):
        return logits.masked_fill(~kept(logits, k), -torch.inf).softmax(dim=-1)

    def one_limit(logits, k):
        limit = logits.flatten().topk(k).values[-1]
        return logits.masked_fill(logits < limit, -torch.inf).softmax(dim=-1)

    mistakes = [
        mistake(
            "The rows no longer sum to one: you set chances to zero after the softmax. Set the "
            "*logits* of the others to −∞ before it.",
            lambda x, k: x.softmax(-1) * kept(x, k),
        ),
        mistake(ZERO, lambda x, k: (x * kept(x, k)).softmax(-1)),
        mistake(
            "Upside down: you removed the k largest and kept the others.",
            lambda x, k: x.masked_fill(kept(x, k), -torch.inf).softmax(-1),
        ),
        mistake(
            "You kept the k smallest. `topk` finds the largest.",
            lambda x, k: x.masked_fill(x > -(-x).topk(k).values[:, -1:], -torch.inf).softmax(-1),
        ),
        mistake(
            "One too few: the k-th largest is itself among the best k. Remove what is *less* than "
            "the limit.",
            lambda x, k: x.masked_fill(x <= x.topk(k).values[:, -1:], -torch.inf).softmax(-1),
        ),
        mistake(
            "Nothing was removed. All but the k largest need a chance of exactly 0.",
            lambda x, k: x.softmax(-1),
        ),
        mistake(
            "The right chances, but which characters do they belong to? Keep all V places, with "
            "zeros in between.",
            lambda x, k: x.topk(k).values.softmax(-1),
        ),
        mistake(
            "These are still logits. Chances come out of the softmax.",
            lambda x, k: x.masked_fill(~kept(x, k), -torch.inf),
        ),
        mistake(
            "Your softmax runs over the batch. Each row has its own budget: `dim=-1`.",
            lambda x, k: x.masked_fill(~kept(x, k), -torch.inf).softmax(0),
        ),
        mistake(
            "You took the k largest of the whole batch. Each row has its own k: "
            "`topk(k).values[:, -1:]`.",
            one_limit,
        ),
        mistake(
            "You searched down the columns. The k best are among the characters of a row.",
            lambda x, k: x.masked_fill(x < x.topk(k, dim=0).values[-1:], -torch.inf).softmax(-1),
        ),
        mistake(
            "`topk(k).values` is (B, k). You need its last column, and it has to stay a column: "
            "`[:, -1:]`.",
            lambda x, k: x.masked_fill(x < x.topk(k).values, -torch.inf).softmax(-1),
        ),
        mistake(
            "One number for each row, (B), such as a limit or a sum, has to be a column to meet "
            "(B, V): `[:, -1:]` or `keepdim=True`.",
            lambda x, k: x.masked_fill(x < x.topk(k).values[:, -1], -torch.inf).softmax(-1),
        ),
    ]
    right = say("Nonsense has a chance of exactly nothing now, and every row still sums to one.")
    return compare(top_k, oracle, cases, mistakes, right, draw=draw)
