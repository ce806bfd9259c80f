"""Checkers for the exercises of notebook 10, the whole block. Used by that notebook only."""

import functools
import math
import os

import torch
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F

from helpers.corpus import Characters, count_bits, python_manual, split_pieces
from helpers.exercises.explain import describe_type
from helpers.exercises.judge import Verdict, compare, mistake, random_tensor
from helpers.exercises.networks import NOT_A_NUMBER, Complaint, answer, judge_network
from helpers.language_model import bits_per_character
from helpers.messages import later, say

STACKED, LENGTH = 16, 32  # blocks of the longer exercise, and positions of an excerpt
ENOUGH = 4.4  # bits per held-out character: a trained stack needs fewer
NEAR = 0.1  # bits by which a stack is to be below the character frequencies to have learned more
COLUMN = later(
    "One number for each position, (B, T), such as a mean, has to be a column to meet (B, T, E): "
    "`keepdim=True`."
)
LESS_ONE = later(
    "Your variance is divided by E − 1. A layer norm divides the sum of the squares by E: "
    "`correction=0`."
)
WHOLE = later(
    "You took mean and variance of the whole tensor. Each position has its own: `dim=-1`."
)
OUTSIDE = later("ε stands inside the root, beside the variance: √(σ² + ε). Yours is outside.")
RMS = later("The mean is not subtracted. Without it, this is an RMSNorm.")
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

NO_STACK = later(
    "No network was handed over yet. Make a stack of {blocks} blocks with the norm behind each "
    "sum, train it, and put its name in the place of None."
)
NO_BLOCKS = later(
    "It has no `blocks`, an `nn.ModuleList`, as `LanguageModel` has. Build it with "
    "`stack(PostNormBlock, {blocks})`."
)
OTHER_DEPTH = later(
    "It has {got} blocks. This exercise asks for {blocks}: `stack(PostNormBlock, {blocks})`."
)
LIKE_STACK = later(
    "Given characters of Python's manual, of shape {given}, the network should return logits of "
    "shape {wanted}, alone or first of several things. Yours returned {got}. (For a text of your "
    "own there is no check: set `my_file = None`, and train again.)"
)
LOOKS_AHEAD = later(
    "Its logits at position {last} change if later characters change: a query sees the future. "
    "Does every block get the mask, and hand it to its attention?"
)
LIKE_BLOCK = later(
    "Given x of shape {given}, block {n} should return a tensor of the same shape, alone or first "
    "of several things. Yours returned {got}."
)
NOT_ASKED = later(
    "Its block {n} did not get x, of shape (B, T, E), when the network was given characters. Does "
    "`forward` go through all of `blocks`?"
)
GROWS = later(
    "If x is {factor:,} times as long, block {n} returns vectors that are {times:,.0f} times as "
    "long. So the stream leaves the block without a norm. Norm each sum: `norm(x + …)`."
)
NO_SUM = later(
    "With all its matrices set to zero, nothing is added to x, and only the norms should be left. "
    "But block {n} then returns the same vector at every position. Is x in both sums, "
    "`norm(x + …)`?"
)
OTHER_NORM = later(
    "What block {n} makes of a text of one character changes if x is {factor:,} times as long. It "
    "does not in a block of two lines, `x = norm(x + attention(x))` and then "
    "`x = norm(x + feed_forward(x))`. What differs in yours?"
)
REPEATED = later(
    "Its blocks share parameters, as in `[block] * {blocks}`, where one block stands in the list "
    "many times. Build each anew, as `stack` does."
)
ONLY_FREQUENCIES = later(
    "Its {blocks} blocks are as they should be. It needs {bits:.2f} bits per held-out character, "
    "and character frequencies alone need {frequencies:.2f}. If it is not trained yet, train it. "
    "If it is, train a new one at a lower rate."
)
NOT_LOW = later(
    "Its {blocks} blocks are as they should be. It needs {bits:.2f} bits per held-out character, "
    "and fewer than {needed} are asked for. Train a new one at another rate, or for 100 steps if "
    "there were fewer."
)
LOW = later(
    "It needs {bits:.2f} bits per held-out character, with the norm behind both sums of all "
    "{blocks} blocks. Character frequencies alone need {frequencies:.2f}."
)


def check_layer_norm(layer_norm) -> Verdict:
    """Check `layer_norm(x, scale, shift, eps=1e-5)`: (B, T, E), (E), (E) -> (B, T, E)."""

    def inputs(b, t, e, *eps, seed=0):
        x = 2 * random_tensor(b, t, e, seed=seed) + 1
        return x, random_tensor(e, seed=seed + 40), random_tensor(e, seed=seed + 80), *eps

    def draw(seed):
        size = (
            (3, 2, 4) if seed % 3 == 0 else ((2, 4, 5), (5, 2, 3), (4, 4, 4), (1, 6, 3))[seed % 4]
        )
        eps = () if seed % 3 == 2 else ((0.5, 2.0, 1e-5)[seed // 3 % 3],)
        x, *others = inputs(*size, *eps, seed=seed + 2)
        x[-1, -1] = float(seed % 5 - 2)  # a position whose components are all equal
        return x, *others

    def oracle(x, scale, shift, eps=1e-5):
        return F.layer_norm(x, x.shape[-1:], scale, shift, eps)

    def mean(x):
        return x.mean(dim=-1, keepdim=True)

    def var(x, correction=0):
        return x.var(dim=-1, correction=correction, keepdim=True)

    def plain(x, eps=1e-5):
        return F.layer_norm(x, x.shape[-1:], eps=eps)

    def over(x, dim, eps):
        spread = x.var(dim=dim, correction=0, keepdim=True) + eps
        return (x - x.mean(dim=dim, keepdim=True)) / spread.sqrt()

    mistakes = [
        mistake(COLUMN, lambda x, g, b, eps=1e-5: g * (x - x.mean(dim=-1)) + b),
        mistake(
            COLUMN,
            lambda x, g, b, eps=1e-5: (
                g * (x - x.mean(dim=-1)) / (x.var(dim=-1, correction=0) + eps).sqrt() + b
            ),
        ),
        mistake(
            COLUMN,
            lambda x, g, b, eps=1e-5: (
                g * (x - mean(x)) / (x.var(dim=-1, correction=0) + eps).sqrt() + b
            ),
        ),
        mistake(
            "You took mean and variance over the positions. A layer norm knows one position at a "
            "time: over its components, `dim=-1`.",
            lambda x, g, b, eps=1e-5: g * over(x, 1, eps) + b,
        ),
        mistake(
            "You took mean and variance over the batch. A layer norm knows one position at a time: "
            "over its components, `dim=-1`.",
            lambda x, g, b, eps=1e-5: g * over(x, 0, eps) + b,
        ),
        mistake(
            "You took mean and variance over all positions of a text. Each position has its own: "
            "`dim=-1`.",
            lambda x, g, b, eps=1e-5: g * over(x, (1, 2), eps) + b,
        ),
        mistake(
            "You took mean and variance over batch and positions, as a batch norm does. A layer "
            "norm knows one position at a time: over its components, `dim=-1`.",
            lambda x, g, b, eps=1e-5: g * over(x, (0, 1), eps) + b,
        ),
        mistake(WHOLE, lambda x, g, b, eps=1e-5: g * over(x, (0, 1, 2), eps) + b),
        mistake(WHOLE, lambda x, g, b, eps=1e-5: g * (x - x.mean()) / (x.var() + eps).sqrt() + b),
        mistake(
            "You divided by the variance. Divide by its root, the standard deviation.",
            lambda x, g, b, eps=1e-5: g * (x - mean(x)) / (var(x) + eps) + b,
        ),
        mistake(
            LESS_ONE,
            lambda x, g, b, eps=1e-5: g * (x - mean(x)) / (var(x, 1) + eps).sqrt() + b,
        ),
        mistake(
            "Two things: `std` divides by E − 1 unless it is told `correction=0`, and ε stands "
            "inside the root, beside the variance.",
            lambda x, g, b, eps=1e-5: g * (x - mean(x)) / (var(x, 1).sqrt() + eps) + b,
        ),
        mistake(
            OUTSIDE,
            lambda x, g, b, eps=1e-5: g * (x - mean(x)) / (var(x).sqrt() + eps) + b,
        ),
        mistake(
            "ε is missing. Where all components of a position are equal, you divide by zero.",
            lambda x, g, b, eps=1e-5: g * (x - mean(x)) / var(x).sqrt() + b,
        ),
        mistake(
            "Your ε is always 10⁻⁵. Use the `eps` that is given.",
            lambda x, g, b, eps=1e-5: g * plain(x) + b,
        ),
        mistake(
            RMS,
            lambda x, g, b, eps=1e-5: g * x / (x.square().mean(-1, keepdim=True) + eps).sqrt() + b,
        ),
        mistake(
            RMS,
            lambda x, g, b, eps=1e-5: g * x / (x.square().mean(-1, keepdim=True) + eps).sqrt(),
        ),
        mistake(
            "You divided x itself. Subtract the mean from it first: x − μ.",
            lambda x, g, b, eps=1e-5: g * x / (var(x) + eps).sqrt() + b,
        ),
        mistake(
            "These are the deviations from the mean. They are not divided yet, by √(σ² + ε).",
            lambda x, g, b, eps=1e-5: g * (x - mean(x)) + b,
        ),
        mistake(
            "You multiplied by the root. Divide by it.",
            lambda x, g, b, eps=1e-5: g * (x - mean(x)) * (var(x) + eps).sqrt() + b,
        ),
        mistake(
            "You divided by the length of the deviations. The variance is the *mean* of their "
            "squares, not the sum.",
            lambda x, g, b, eps=1e-5: g * (x - mean(x)) / (var(x) * x.shape[-1] + eps).sqrt() + b,
        ),
        mistake(
            "Scale and shift are missing: multiply by the one, then add the other.",
            lambda x, g, b, eps=1e-5: plain(x, eps),
        ),
        mistake(
            "The scale is missing. Multiply by it before the shift is added.",
            lambda x, g, b, eps=1e-5: plain(x, eps) + b,
        ),
        mistake(
            "The shift is missing. Add it at the end.",
            lambda x, g, b, eps=1e-5: g * plain(x, eps),
        ),
        mistake(
            "Scale and shift changed places: the scale γ is multiplied, the shift β is added.",
            lambda x, g, b, eps=1e-5: b * plain(x, eps) + g,
        ),
        mistake(
            "You added the shift before you multiplied, so that it is scaled too. The scale comes "
            "first.",
            lambda x, g, b, eps=1e-5: g * (plain(x, eps) + b),
        ),
        mistake(
            "You scaled x before it was normed. Scale and shift come after the division.",
            lambda x, g, b, eps=1e-5: plain(g * x, eps) + b,
        ),
        mistake(
            "You scaled and shifted x before it was normed. Both come after the division.",
            lambda x, g, b, eps=1e-5: plain(g * x + b, eps),
        ),
    ]
    right = say("Each position now has its own mean and variance, whatever stands beside it.")
    cases = [inputs(3, 2, 4, 1e-5), inputs(2, 4, 5, seed=1)]
    return compare(layer_norm, oracle, cases, mistakes, right, draw=draw)


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


def check_post_norm(model) -> Verdict:
    """Check a trained stack of STACKED blocks that have a layer norm behind each of their sums.

    It is asked about held-out pages of Python's manual, split by `COURSE_SEED` as in the notebook.
    Shapes: the network takes tokens (B, T) -> logits (B, T, V), and a block of its `blocks` takes
    x (B, T, E) -> x (B, T, E), each alone or first of several things.
    """
    return judge_network(model, None, _ask_post_norm, say(NO_STACK, blocks=STACKED))


def _ask_post_norm(model):
    """Return what to say of such a network; complain of any other."""
    vocab_size, held, frequencies = _held_out(int(os.environ.get("COURSE_SEED", 0)))
    blocks = getattr(model, "blocks", None)
    if not isinstance(blocks, nn.ModuleList | nn.Sequential):
        raise Complaint(say(NO_BLOCKS, blocks=STACKED))
    if len(blocks) != STACKED:
        raise Complaint(say(OTHER_DEPTH, got=len(blocks), blocks=STACKED))

    def logits_of(tokens):
        return _character_logits(model, tokens, vocab_size)

    tokens = held[: 8 * LENGTH].view(8, LENGTH)  # (B, T)
    logits_of(torch.zeros_like(tokens))  # other characters show in a shape, not in an IndexError
    whole = logits_of(tokens)  # (B, T, V)
    for start in (1, LENGTH // 2, LENGTH - 1):
        changed = torch.cat([tokens[:, :start], (tokens[:, start:] + 1) % vocab_size], dim=1)
        if not torch.allclose(
            logits_of(changed)[:, :start], whole[:, :start], rtol=0, atol=1e-4 * whole.abs().max()
        ):
            raise Complaint(say(LOOKS_AHEAD, last=start - 1))
    _require_post_norm(blocks, logits_of, tokens)
    owned = [{id(each) for each in block.parameters()} for block in blocks]
    if len(set().union(*owned)) < sum(map(len, owned)):
        raise Complaint(say(REPEATED, blocks=STACKED))
    bits = bits_per_character(logits_of, held, LENGTH)
    told = {"blocks": STACKED, "bits": bits, "frequencies": frequencies}
    if not bits < frequencies - NEAR:
        raise Complaint(say(ONLY_FREQUENCIES, **told))
    if bits >= ENOUGH:
        raise Complaint(say(NOT_LOW, needed=ENOUGH, **told))
    return say(LOW, **told)


@functools.cache
def _held_out(seed):
    """Return V, eight passages of the manual's held-out pages in one, and their bits by counting.

    Shapes: -> a number, tokens (S), a number.
    """
    train_text, held_text = split_pieces(python_manual(), seed=seed)
    vocabulary = Characters(train_text)
    whole = vocabulary.encode(held_text)
    held = whole.unfold(0, 1_000, len(whole) // 8).flatten()  # (S)
    counted = count_bits(vocabulary.encode(train_text), held, 0, len(vocabulary))
    return len(vocabulary), held, counted


def _character_logits(model, tokens, vocab_size):
    """Return a network's logits (B, T, V) of tokens (B, T); complain of others."""
    returned = answer(model, tokens.to(next(model.parameters()).device))
    logits, wanted = _first(returned), (*tokens.shape, vocab_size)
    if not isinstance(logits, torch.Tensor) or logits.shape != wanted:
        told = {"given": tuple(tokens.shape), "wanted": wanted, "got": _described(returned)}
        raise Complaint(say(LIKE_STACK, **told))
    if logits.isnan().any():
        raise Complaint(say(NOT_A_NUMBER))
    return logits.cpu()


def _first(returned):
    """Return the first of several things, or what is alone."""
    return returned[0] if isinstance(returned, list | tuple) and returned else returned


def _described(returned):
    """Return what was returned in words, each of several things by itself."""
    several = isinstance(returned, list | tuple) and returned
    return ", ".join(map(describe_type, returned)) if several else describe_type(returned)


def _require_post_norm(blocks, read, tokens):
    """Complain about blocks without a norm behind both sums, or without x in them.

    `read(tokens)` calls the network. Three questions: does what leaves a block grow with what
    enters it; is anything of x left if all matrices are zero; and, where the only position sees
    itself alone, so that attention is linear: does the length of x matter, all biases being zero?
    """
    factor = 1_000
    whole, one = _calls(blocks, read, tokens), _calls(blocks, read, tokens[:, :1])
    for n, block in enumerate(blocks, 1):
        run, x = _alone(n, block, whole)
        times = (run(factor * x).norm() / run(x).norm()).item()
        if not times < 5:
            raise Complaint(say(GROWS, n=n, factor=factor, times=times))
        named = dict(block.named_parameters())
        matrices = (name for name, each in named.items() if sum(k > 1 for k in each.shape) > 1)
        left = run(x, {name: torch.zeros_like(named[name]) for name in matrices})
        if not (left - left.mean(dim=(0, 1))).norm() > 1e-3 * left.norm():
            raise Complaint(say(NO_SUM, n=n))
        run, x = _alone(n, block, one)
        biases = {name: torch.zeros_like(each) for name, each in named.items() if "bias" in name}
        short, long = run(x, biases), run(factor * x, biases)
        if not (long - short).norm() < 0.003 * short.norm():
            raise Complaint(say(OTHER_NORM, n=n, factor=factor))


def _calls(blocks, read, tokens):
    """Return the arguments that each block gets, plain and named, when a network reads tokens."""
    calls = {}

    def note(block, plain, named):
        calls[block] = plain, named

    hooks = [each.register_forward_pre_hook(note, with_kwargs=True) for each in set(blocks)]
    try:
        read(tokens)
    finally:
        for hook in hooks:
            hook.remove()
    return calls


def _alone(n, block, calls):
    """Return block number n as a function of x and of parameters to replace, and an x at random.

    Shapes: x (B, T, E) -> (B, T, E).
    """
    plain, named = calls.get(block, ((), {}))
    given = [each for each in (*plain, *named.values()) if isinstance(each, torch.Tensor)]
    old = next((each for each in given if each.ndim == 3 and each.is_floating_point()), None)
    if old is None:
        raise Complaint(say(NOT_ASKED, n=n))

    def run(x, replaced=()):
        def put(each):
            return x.clone() if each is old else each  # it may be edited in place

        arguments = tuple(map(put, plain)), {name: put(each) for name, each in named.items()}
        returned = answer(lambda: functional_call(block, dict(replaced), *arguments))
        out = _first(returned)
        if not isinstance(out, torch.Tensor) or out.shape != x.shape:
            got = _described(returned)
            raise Complaint(say(LIKE_BLOCK, n=n, given=tuple(x.shape), got=got))
        return out

    return run, random_tensor(*old.shape, seed=n).to(old)
