"""The block against PyTorch's, what a language model may see, a cache that changes nothing."""

import pytest
import torch
from torch import nn

from helpers import transformer
from helpers.attention import causal_mask
from helpers.positions import RelativeScores, RotaryScores, sinusoidal_codes
from tests.helpers.test_mutants import mutate, replaced
from tests.support.taught import source_of, taught


def block_and_torch(module, d_model=12, n_heads=3, dtype=torch.float32):
    """Return a block with norms that scale and shift, and PyTorch's layer with its weights."""
    torch.manual_seed(0)
    ours = module.Block(d_model, n_heads).to(dtype)
    theirs = nn.TransformerEncoderLayer(
        d_model, n_heads, 4 * d_model, dropout=0, activation="gelu", batch_first=True,
        norm_first=True, dtype=dtype,
    )  # fmt: skip
    heads, wide = ours.attention, ours.feed_forward
    with torch.no_grad():
        for norm in (ours.norm_attention, ours.norm_feed_forward):
            norm.weight.normal_()
            norm.bias.normal_()
        weights = heads.to_query.weight, heads.to_key.weight, heads.to_value.weight
        theirs.self_attn.in_proj_weight.copy_(torch.cat(weights))
        theirs.self_attn.in_proj_bias.zero_()
        theirs.self_attn.out_proj.weight.copy_(heads.to_output.weight)
        theirs.self_attn.out_proj.bias.zero_()
    theirs.norm1.load_state_dict(ours.norm_attention.state_dict())
    theirs.norm2.load_state_dict(ours.norm_feed_forward.state_dict())
    theirs.linear1.load_state_dict(wide.widen.state_dict())
    theirs.linear2.load_state_dict(wide.narrow.state_dict())
    return ours, theirs


def block_equals_torch(module, dtype=torch.float32, masked=True):
    """The same weights give the same output, with and without a causal mask, also in gradients."""
    ours, theirs = block_and_torch(module, dtype=dtype)
    x = torch.randn(2, 5, 12, dtype=dtype, requires_grad=True)
    mask = causal_mask(5)
    got, weights = ours(x, mask if masked else None)
    wanted = theirs(x, src_mask=~mask if masked else None)
    near = {"atol": 1e-5 if dtype == torch.float32 else 1e-12, "rtol": 0}
    torch.testing.assert_close(got, wanted, **near)
    slopes = [torch.autograd.grad(out.sin().sum(), x)[0] for out in (got, wanted)]
    torch.testing.assert_close(*slopes, atol=100 * near["atol"], rtol=0)
    assert weights.shape == (2, 3, 5, 5)


def model(module, score=None, codes=sinusoidal_codes):
    """Return a small language model of 7 tokens and two blocks."""
    torch.manual_seed(1)
    scores = [{"score": score()} if score else {} for _ in range(2)]
    blocks = [module.Block(8, 2, **each) for each in scores]
    return module.LanguageModel(7, 8, blocks, codes).eval()


def model_obeys_time(module):
    """The future is hidden, the past is seen, and order counts."""
    built, tokens = model(module), torch.tensor([[3, 1, 4, 1, 5, 2]])
    before, _ = built(tokens)
    later, earlier = tokens.clone(), tokens.clone()
    later[0, 4], earlier[0, 1] = 6, 6
    assert torch.equal(built(later)[0][:, :4], before[:, :4]), "the future leaks"
    assert ((built(earlier)[0] - before)[:, 1:].abs().amax(-1) > 1e-4).all(), "the past is hidden"
    built.blocks = built.blocks[:1]  # two blocks find some order in the mask
    swapped, _ = built(tokens[:, [1, 0, 2, 3, 4, 5]])
    assert (swapped - built(tokens)[0])[:, 5].abs().max() > 1e-4, "order does not count"


def cached_text_is_the_same(module, score=RelativeScores):
    """Writing with a cache gives the tokens, and advance the numbers, of the plain way."""
    build = (lambda: score(2, 3)) if score is RelativeScores else score
    built = model(module, build, codes=None)
    for block in built.blocks:
        if score is RelativeScores:
            nn.init.normal_(block.attention.score.bias)
    start, texts = torch.tensor([[3, 1, 4], [1, 5, 2]]), []
    for writer in (module.write, module.write_cached):
        torch.manual_seed(2)
        texts.append(writer(built, start, 20, 0.7))
    assert texts[0].shape == (2, 23) and torch.equal(*texts)
    x, block = torch.randn(2, 6, 8), built.blocks[0]
    whole, _ = block(x, causal_mask(6))
    first, past = module.advance(block, x[:, :2], None)
    second, past = module.advance(block, x[:, 2:5], past)
    third, past = module.advance(block, x[:, 5:], past)
    torch.testing.assert_close(torch.cat([first, second, third], 1), whole, atol=1e-5, rtol=0)
    assert past[0].shape == past[1].shape == (2, 2, 6, 4)


def the_temperature_counts(module):
    """A cold model writes what is likeliest; a hot one writes everything about alike."""
    built = model(module)
    likeliest = built(torch.tensor([[3, 1]]))[0][:, -1].argmax()
    torch.manual_seed(3)
    many = torch.tensor([[3, 1]]).expand(4000, -1)
    assert (module.write(built, many, 1, 1e-4)[:, -1] == likeliest).all()
    even = module.write(built, many, 1, 1e4)[:, -1].bincount(minlength=7) / 4000
    assert (even - 1 / 7).abs().max() < 0.03


def losses_equal_their_formulas(taught):
    """The loss in nats, and the bits of a text, position by position."""
    built, tokens = model(transformer), torch.randint(7, (29,))
    logits, _ = built(tokens[None, :8])
    chances = logits[0].log_softmax(-1)
    by_hand = -sum(chances[i, tokens[i + 1]] for i in range(8)) / 8
    torch.testing.assert_close(taught.next_token_loss(built, tokens[None, :9]), by_hand)
    bits = []
    for start in range(0, 29 - 8, 4):
        chances = built(tokens[None, start : start + 8])[0][0].softmax(-1).log2()
        bits += [-chances[i, tokens[start + i + 1]].item() for i in range(4, 8)]
    assert abs(taught.bits_per_character(built, tokens, 8) - sum(bits) / len(bits)) < 1e-5


ORACLES = [
    block_equals_torch,
    model_obeys_time,
    cached_text_is_the_same,
    the_temperature_counts,
]


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.__name__)
def test_the_original_passes(oracle):
    oracle(transformer)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("masked", [True, False])
def test_a_block_equals_pytorch(dtype, masked):
    block_equals_torch(transformer, dtype, masked)


@pytest.mark.parametrize("score", [RelativeScores, RotaryScores])
def test_a_cache_gives_the_same_text_with_every_relative_position(score):
    cached_text_is_the_same(transformer, score)


def test_codes_may_be_learned_and_may_be_left_out():
    tokens = torch.tensor([[3, 1, 4]])
    learned = taught("06", "LearnedPositions").LearnedPositions(5, 8)
    built = model(transformer, codes=lambda length, width: learned(length))
    assert built(tokens)[0].shape == (1, 3, 7)
    logits, weights = model(transformer, codes=None)(tokens)
    assert logits.shape == (1, 3, 7) and [w.shape for w in weights] == 2 * [(1, 2, 3, 3)]


MUTANTS = {
    "no residual around attention": ("x = x + context", "x = context"),
    "no residual around feed-forward": ("return x + self.feed_forward", "return self.feed_forward"),
    "no norm before attention": ("self.attention(self.norm_attention(x)", "self.attention((x)"),
    "no norm before feed-forward": ("self.feed_forward(self.norm_feed_forward(x))",
                                    "self.feed_forward(x)"),
    "the norm behind the sum": ("x = x + context  # (B, T, E)\n        return",
                                "x = self.norm_attention(x + context)\n        return"),
    "the norms swapped": ("self.attention(self.norm_attention(x)",
                          "self.attention(self.norm_feed_forward(x)"),
    "the block drops its mask": ("mask=mask)", "mask=None)"),
    "one head whatever is asked": ("MultiHeadAttention(d_model, n_heads, score)",
                                   "MultiHeadAttention(d_model, 1, score)"),
    "no activation": ("self.activation(self.widen(x))", "self.widen(x)"),
    "the model drops its mask": ("block(x, mask)", "block(x)"),
    "positions are not added": ("x = x + self.codes(*x.shape[1:]).to(x)", "pass"),
    "one block only": ("for block in self.blocks:\n            x, seen",
                       "for block in self.blocks[:0]:\n            x, seen"),
    "multiplied by the temperature": ("(logits[:, -1] / temperature)",
                                      "(logits[:, -1] * temperature)"),
    "no temperature": ("(logits[:, -1] / temperature)", "(logits[:, -1])"),
    "writes from the first position": ("(logits[:, -1] /", "(logits[:, 0] /"),
    "the cache is forgotten": ("if past is not None:", "if False:"),
    "old keys, new values": ("torch.cat([past[1], value], dim=2)", "past[1]"),
    "the cache comes last": ("torch.cat([past[0], key]", "torch.cat([key, past[0]]"),
    "advance drops its mask": ("key, value, mask, attention.score)",
                               "key, value, None, attention.score)"),
    "advance drops the positions": ("value, mask, attention.score)",
                                    "value, mask, scaled_dot_scores)"),
    "the cached writer has no temperature": ("(model.predict(x[:, -1]) / temperature)",
                                             "(model.predict(x[:, -1]))"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", MUTANTS)
def test_the_oracles_catch(name):
    mutant, caught = mutate(*MUTANTS[name], name="transformer"), []
    for oracle in ORACLES:
        try:
            oracle(mutant)
        except (AssertionError, RuntimeError, ValueError):
            caught.append(oracle.__name__)
    assert caught, f"{name} survives"


LOSSES = {
    "the loss is about the same token": ("logits.mT, tokens[:, 1:]", "logits.mT, tokens[:, :-1]"),
    "nats, not bits": (" / math.log(2)", ""),
    "the first half counts": ("logits[:, half:].mT, some[:, half + 1 :]",
                              "logits[:, :half].mT, some[:, 1 : half + 1]"),
}  # fmt: skip


def test_the_losses_of_notebook_10_equal_their_formulas():
    losses_equal_their_formulas(taught("10", "next_token_loss", "bits_per_character"))


@pytest.mark.parametrize("name", LOSSES)
def test_the_formulas_catch(name):
    source = source_of("10", "next_token_loss", "bits_per_character")
    with pytest.raises((AssertionError, RuntimeError)):
        losses_equal_their_formulas(replaced(source, *LOSSES[name]))
