"""The feed-forward layer against PyTorch's, then that it works on each word alone."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from helpers import transformer
from tests.helpers.test_mutants import mutate
from tests.support import oracles

sizes = st.integers(1, 6)
ACTIVATIONS = pytest.mark.parametrize("activation", [nn.ReLU(), nn.GELU()])


@ACTIVATIONS
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_feed_forward_equals_pytorch(activation, dtype):
    oracles.feed_forward_equals_pytorch(transformer, activation, dtype)
    assert next(transformer.FeedForward(3).parameters()).dtype == torch.float32


def test_it_widens_four_times_and_uses_gelu_unless_told():
    layer = transformer.FeedForward(3)
    assert layer.widen.weight.shape == (12, 3) and layer.narrow.weight.shape == (3, 12)
    assert isinstance(layer.activation, nn.GELU)
    narrower = transformer.FeedForward(3, 5, nn.Tanh())
    assert narrower.widen.weight.shape == (5, 3) and isinstance(narrower.activation, nn.Tanh)


@given(b=sizes, t=sizes, e=sizes, seed=st.integers(0, 99))
@settings(deadline=None, max_examples=40)
def test_each_word_alone_and_alike_for_all(b, t, e, seed):
    torch.manual_seed(seed)
    layer, x = transformer.FeedForward(e).double(), torch.randn(b, t, e, dtype=torch.double)
    order, which = torch.randperm(t), seed % t
    torch.testing.assert_close(layer(x[:, order]), layer(x)[:, order])
    changed = x.clone()
    changed[:, which] = torch.randn_like(changed[:, which])
    moved = (layer(changed) - layer(x)).abs().amax(dim=(0, 2)).detach()
    assert moved[which] > 0 and moved.sum().item() == pytest.approx(moved[which].item(), abs=1e-12)


def test_without_an_activation_it_is_one_linear_map():
    torch.manual_seed(0)
    x, y = torch.randn(2, 5, 3), torch.randn(2, 5, 3)
    for activation, linear in ((nn.Identity(), True), (nn.ReLU(), False), (nn.GELU(), False)):
        layer = transformer.FeedForward(3, activation=activation)
        middle = (layer(x) + layer(y)) / 2
        assert torch.allclose(layer((x + y) / 2), middle, atol=1e-5) == linear


# --- the oracle seen to fail ---

MUTANTS = {
    "the activation is left out": ("self.activation(self.widen(x))", "self.widen(x)"),
    "bent after narrowing": (
        "self.narrow(self.activation(self.widen(x)))",
        "self.activation(self.narrow(self.widen(x)))",
    ),
    "bent before widening": ("self.activation(self.widen(x))", "self.widen(self.activation(x))"),
    "bent twice": (
        "self.narrow(self.activation(self.widen(x)))",
        "self.activation(self.narrow(self.activation(self.widen(x))))",
    ),
    "the activation is not the one given": ("activation or nn.GELU()", "nn.Tanh()"),
    "with the residual inside": ("return self.narrow(", "return x + self.narrow("),
    "averaged over the words": ("self.widen(x)))", "self.widen(x.mean(1, keepdim=True) + 0 * x)))"),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_the_oracle_catches(name):
    broken = mutate(*MUTANTS[name], name="transformer")
    with pytest.raises(AssertionError):
        oracles.feed_forward_equals_pytorch(broken, nn.ReLU())


def test_a_block_has_one_head_and_the_width_that_it_is_given():
    assert transformer.Block(8).attention.n_heads == 1
    assert transformer.Block(8).feed_forward.widen.weight.shape == (32, 8)
    assert transformer.Block(8, 2, d_hidden=5).feed_forward.widen.weight.shape == (5, 8)


def test_codes_are_added_to_the_embeddings():
    codes = torch.randn(4, 6)
    model = transformer.LanguageModel(3, 6, [], codes=lambda length, width: codes[:length, :width])
    tokens = torch.tensor([[2, 0, 1, 1]])
    expected = model.predict(model.embed(tokens) + codes)
    torch.testing.assert_close(model(tokens)[0], expected)
