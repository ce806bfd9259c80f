"""What the models answer depends neither on the precision of floats nor on how many threads."""

import copy

import pytest
import torch

from helpers.attention import (
    MultiHeadAttention,
    SelfAttention,
    attend,
    causal_mask,
    dot_scores,
    scaled_dot_scores,
)
from helpers.encoder_decoder import DecoderBlock, TransformerSeq2Seq
from helpers.positions import RelativeScores, RotaryScores, rotate, sinusoidal_codes
from helpers.recall import AttentionRecaller, Recaller
from helpers.seq2seq import AttentionSeq2Seq, Seq2Seq
from helpers.tasks import make_batch, make_batches, numbers_task
from helpers.training import train
from helpers.transformer import Block, FeedForward, LanguageModel
from tests.support.taught import taught
from tools.notebooks.runs import RUNS, load

scores = load(RUNS / "rates_and_scores.py")
layers = taught("04", "SteppedRNN", "SelfAttention")
B, T, S, E = 3, 5, 7, 8
TASK = numbers_task(lengths=[2, 3, 4], n_train=60)
SIZES = len(TASK.source_vocab), len(TASK.target_vocab)
BATCH = make_batch(TASK, TASK.train[:6])


def words(*shape):
    """Return the same random words at each call."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


SOURCE, MEMORY, TOKENS = words(B, T, E), words(B, S, E), torch.arange(2 * S).view(2, S) % 5
MASK = causal_mask(T)
MODELS = {  # how to build each, and what it is given
    "self-attention of one head": (lambda: SelfAttention(E, 4), (SOURCE, MASK)),
    "multi-head attention": (lambda: MultiHeadAttention(E, 2), (SOURCE, None, MASK)),
    "multi-head, to a memory": (lambda: MultiHeadAttention(E, 2), (SOURCE, MEMORY)),
    "general scores": (lambda: scores.GeneralScores(E), (SOURCE, MEMORY)),
    "additive scores": (lambda: scores.AdditiveScores(E), (SOURCE, MEMORY)),
    "relative scores": (lambda: Block(E, 2, RelativeScores(2, 3)), (SOURCE, MASK)),
    "rotary scores": (lambda: Block(E, 2, RotaryScores()), (SOURCE, MASK)),
    "feed-forward": (lambda: FeedForward(E), (SOURCE,)),
    "block": (lambda: Block(E, 2), (SOURCE, MASK)),
    "decoder block": (lambda: DecoderBlock(E, 2), (SOURCE, MEMORY, MASK)),
    "language model": (lambda: LanguageModel(5, E, [Block(E, 2)], sinusoidal_codes), (TOKENS,)),
    "stepped RNN": (lambda: layers.SteppedRNN(E), (SOURCE,)),
    "self-attention layer": (lambda: layers.SelfAttention(E), (SOURCE,)),
    "recaller": (lambda: Recaller(torch.nn.GRU, E), (TOKENS,)),
    "attention recaller": (lambda: AttentionRecaller(E), (TOKENS,)),
    "without attention": (lambda: Seq2Seq(*SIZES, E), BATCH[:2]),
    "with attention": (lambda: AttentionSeq2Seq(*SIZES, E), BATCH[:2]),
    "Transformer": (lambda: TransformerSeq2Seq(*SIZES, E, 12), BATCH[:2]),
    "Transformer, absolute": (lambda: TransformerSeq2Seq(*SIZES, E, 12, True), BATCH[:2]),
}
EACH = pytest.mark.parametrize("name", MODELS)


def floats(returned):
    """Yield the tensors of floats in what a model returns, within tuples and lists, too."""
    if isinstance(returned, tuple | list):
        for each in returned:
            yield from floats(each)
    elif isinstance(returned, torch.Tensor) and returned.is_floating_point():
        yield returned


def answers(model, given):
    """Return all that a model returns as a list of tensors, and the gradients of its parameters."""
    tensors = list(floats(model(*given)))
    loss = sum((x * x.detach().sin()).sum() for x in tensors)
    gradients = torch.autograd.grad(loss, list(model.parameters()), allow_unused=True)
    return tensors, [g for g in gradients if g is not None]


def in_double(x):
    return x.double() if isinstance(x, torch.Tensor) and x.is_floating_point() else x


@pytest.fixture(autouse=True)
def two_threads_at_most():
    torch.manual_seed(0)
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@EACH
def test_float64_says_what_float32_says_and_stays_float64(name):
    build, given = MODELS[name]
    model = build()
    found = answers(model, given)
    double = answers(copy.deepcopy(model).double(), [in_double(x) for x in given])
    for ours, theirs in zip(found, double, strict=True):
        assert len(ours) == len(theirs) > 0
        for a, b in zip(ours, theirs, strict=True):
            assert a.dtype == torch.float32 and b.dtype == torch.float64
            torch.testing.assert_close(a.double(), b, atol=2e-5, rtol=1e-4)


@EACH
def test_two_threads_say_what_one_says(name):
    build, given = MODELS[name]
    model, found = build(), {}
    for threads in (1, 2):
        torch.set_num_threads(threads)
        found[threads] = answers(model, given)
    torch.testing.assert_close(found[1], found[2], atol=2e-5, rtol=1e-4)


@pytest.mark.parametrize("score", [dot_scores, scaled_dot_scores])
@pytest.mark.parametrize("mask", [None, causal_mask(3, 4)])
def test_gradients_are_those_of_finite_differences(score, mask):
    given = [torch.randn(2, n, 3, dtype=torch.float64, requires_grad=True) for n in (3, 4, 4)]
    assert torch.autograd.gradcheck(lambda q, k, v: attend(q, k, v, mask, score), given)


def test_gradients_through_positions_are_those_of_finite_differences():
    x = torch.randn(2, 5, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: rotate(x, torch.arange(5)), x)
    relative = RelativeScores(1, 2).double()
    torch.nn.init.normal_(relative.bias)
    assert torch.autograd.gradcheck(lambda x: relative(x[:, None], x[:, None]), x)


@pytest.mark.slow
@pytest.mark.parametrize("threads", [1, 2])
def test_training_twice_gives_the_same_weights_in_any_number_of_threads(threads):
    torch.set_num_threads(threads)
    batches = make_batches(TASK, TASK.train, size=16)
    trained = []
    for _ in range(2):
        torch.manual_seed(0)
        model = AttentionSeq2Seq(*SIZES, 16)
        train(model, batches, steps=5)
        trained.append(torch.cat([p.detach().flatten() for p in model.parameters()]))
    assert torch.equal(*trained)
