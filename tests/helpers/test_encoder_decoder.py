"""The Transformer that translates: first PyTorch, then what it must and must not see."""

import pytest
import torch
from torch import nn

from helpers import encoder_decoder as translator
from helpers.attention import causal_mask, scaled_dot_scores
from helpers.numbers_and_dates import number_pair
from helpers.positions import RotaryScores, sinusoidal_codes
from helpers.seq2seq import greedy_decode
from helpers.tasks import END, PAD, START, make_batch, numbers_task
from helpers.training import translate
from tests.helpers.test_mutants import mutate

ABSOLUTE = pytest.mark.parametrize("absolute", [False, True])


@pytest.fixture(scope="module")
def task():
    return numbers_task(n_train=200)


def build(task, absolute=False, module=translator):
    torch.manual_seed(0)
    sizes = len(task.source_vocab), len(task.target_vocab)
    return module.TransformerSeq2Seq(*sizes, d_model=16, d_hidden=12, absolute=absolute).eval()


def theirs_from(ours, d_model, n_heads, d_hidden):
    """Return PyTorch's decoder layer with the weights of our block."""
    theirs = nn.TransformerDecoderLayer(
        d_model, n_heads, d_hidden, 0.0, "gelu", batch_first=True, norm_first=True
    ).to(ours.norm_self.weight.dtype)
    pairs = ((theirs.self_attn, ours.self_attention), (theirs.multihead_attn, ours.cross_attention))
    with torch.no_grad():
        for their, our in pairs:
            their.in_proj_weight.copy_(
                torch.cat([our.to_query.weight, our.to_key.weight, our.to_value.weight])
            )
            their.in_proj_bias.zero_()
            their.out_proj.weight.copy_(our.to_output.weight)
            their.out_proj.bias.zero_()
    theirs.linear1.load_state_dict(ours.feed_forward.widen.state_dict())
    theirs.linear2.load_state_dict(ours.feed_forward.narrow.state_dict())
    for name, norm in (
        ("norm1", ours.norm_self),
        ("norm2", ours.norm_cross),
        ("norm3", ours.norm_feed_forward),
    ):
        getattr(theirs, name).load_state_dict(norm.state_dict())
    return theirs


def decoder_block_equals_pytorch(module, dtype=torch.float64):
    """Assert that a decoder block and PyTorch's layer agree, causal, with padding in the memory."""
    torch.manual_seed(0)
    ours = module.DecoderBlock(8, n_heads=2, d_hidden=12).to(dtype)
    for norm in (ours.norm_self, ours.norm_cross, ours.norm_feed_forward):
        nn.init.normal_(norm.weight), nn.init.normal_(norm.bias)
    theirs = theirs_from(ours, 8, 2, 12)
    x, memory = torch.randn(3, 4, 8, dtype=dtype), torch.randn(3, 6, 8, dtype=dtype)
    real = torch.arange(6) < torch.tensor([[6], [4], [1]])
    wanted = theirs(x, memory, ~causal_mask(4), memory_key_padding_mask=~real)
    got, weights = ours(x, memory, causal_mask(4), real[:, None, None])
    torch.testing.assert_close(got, wanted, atol=1e-10, rtol=0)
    assert weights.shape == (3, 2, 4, 6) and (weights.sum(dim=-1) - 1).abs().max() < 1e-9


def test_the_decoder_block_equals_pytorchs_decoder_layer():
    decoder_block_equals_pytorch(translator)
    assert translator.DecoderBlock(8).self_attention.n_heads == 1


MUTANTS = {
    "no causal mask": ("self.norm_self(x), mask=mask", "self.norm_self(x)"),
    "no padding mask": ("asking, memory, memory_mask", "asking, memory"),
    "cross-attention to itself": ("asking, memory, memory_mask", "asking"),
    "masks swapped": ("self.norm_self(x), mask=mask", "self.norm_self(x), mask=~mask"),
    "no residual": ("x = x + context", "x = context"),
    "no norm": ("self.norm_cross(x)", "x"),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_the_oracle_catches(name):
    with pytest.raises((AssertionError, ValueError)):
        decoder_block_equals_pytorch(mutate(*MUTANTS[name], name="encoder_decoder"))
    assert name in MUTANTS


@ABSOLUTE
def test_padding_the_source_changes_nothing(absolute, task):
    model, batch = build(task, absolute), make_batch(task, task.train[:9])
    logits = model(batch.source, batch.target_in)
    padded = nn.functional.pad(batch.source, (0, 5), value=PAD)
    torch.testing.assert_close(model(padded, batch.target_in), logits)
    alone = make_batch(task, task.train[:1])
    torch.testing.assert_close(
        logits[:1, : alone.target_in.shape[1]], model(alone.source, alone.target_in)
    )


def hides_the_future_and_shows_the_past(model, task):
    batch = make_batch(task, [number_pair(123_456)])
    before, changed = model(batch.source, batch.target_in), batch.target_in.clone()
    changed[0, 4] = 3 + (changed[0, 4] - 2) % (len(task.target_vocab) - 3)
    after = model(batch.source, changed)
    torch.testing.assert_close(before[:, :4], after[:, :4], atol=1e-6, rtol=0)
    assert (before[:, 4:] - after[:, 4:]).abs().amax(dim=(0, 2)).min() > 1e-6


@ABSOLUTE
def test_a_later_target_token_changes_no_earlier_prediction_but_an_earlier_one_does(absolute, task):
    model = build(task, absolute)
    hides_the_future_and_shows_the_past(model, task)
    assert model.absolute is absolute


def test_without_the_causal_mask_the_future_leaks(task):
    masked, open_ = "block(x, memory, causal, mask)", "block(x, memory, None, mask)"
    peeking = mutate(masked, open_, "encoder_decoder")
    with pytest.raises(AssertionError):
        hides_the_future_and_shows_the_past(build(task, module=peeking), task)


@ABSOLUTE
def test_decoding_step_by_step_equals_decoding_at_once(absolute, task):
    model, batch = build(task, absolute), make_batch(task, task.train[:9])
    at_once, _, weights = model.decode(batch.target_in, model.encode(batch.source))
    state, steps, looks = model.encode(batch.source), [], []
    for token in batch.target_in.split(1, dim=1):
        logits, state, look = model.decode(token, state)
        steps.append(logits)
        looks.append(look)
    torch.testing.assert_close(torch.cat(steps, dim=1), at_once, atol=1e-5, rtol=0)
    torch.testing.assert_close(torch.cat(looks, dim=1), weights, atol=1e-5, rtol=0)
    torch.testing.assert_close(state[2], batch.target_in)


def test_it_writes_through_the_same_loop_as_the_others(task):
    model, pairs = build(task), task.train[:5]
    batch = make_batch(task, pairs)
    tokens, weights = greedy_decode(model, batch.source, max_steps=6)
    assert weights.shape == (5, tokens.shape[1], batch.source.shape[1])
    fed = torch.cat([torch.full_like(tokens[:, :1], START), tokens[:, :-1]], dim=1)
    before_end = ((tokens == END).cumsum(dim=1) - (tokens == END).int()) == 0
    at_once = model(batch.source, fed).argmax(dim=-1)
    assert torch.equal(tokens[before_end], at_once[before_end])
    assert len(translate(model, task, pairs)) == 5


@ABSOLUTE
def test_the_order_of_the_source_matters(absolute, task):
    model, batch = build(task, absolute), make_batch(task, [number_pair(123_456)])
    turned = model(batch.source.flip(1), batch.target_in)
    assert (turned - model(batch.source, batch.target_in)).abs().max() > 1e-3
    blind = mutate("else RotaryScores()", "else scaled_dot_scores", "encoder_decoder")
    model = build(task, module=blind)
    turned = model(batch.source.flip(1), batch.target_in)
    torch.testing.assert_close(turned, model(batch.source, batch.target_in), atol=1e-5, rtol=0)


def test_words_get_sinusoidal_codes_only_where_places_are_absolute():
    words = torch.randn(2, 5, 8)
    assert translator.place(words, absolute=False) is words
    torch.testing.assert_close(
        translator.place(words, absolute=True) - words,
        sinusoidal_codes(5, 8).expand(2, 5, 8),
    )


@ABSOLUTE
def test_a_translator_is_built_as_it_says(task, absolute):
    model = translator.TransformerSeq2Seq(5, 6, absolute=absolute)
    blocks = [*model.reader.blocks, *model.blocks]
    assert len(model.reader.blocks) == len(model.blocks) == 2
    assert model.absolute is model.reader.absolute is absolute
    for block in blocks:
        attention = getattr(block, "attention", None) or block.self_attention
        assert attention.n_heads == 4 and block.feed_forward.widen.weight.shape == (72, 48)
        assert (attention.score is scaled_dot_scores) is absolute
        assert isinstance(attention.score, RotaryScores) is not absolute
    assert {b.cross_attention.n_heads for b in model.blocks} == {4}


def test_a_translator_is_rotary_unless_told():
    assert not translator.TransformerSeq2Seq(5, 6).absolute
    assert not translator.Reader(5, 8).absolute
