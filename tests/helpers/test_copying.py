"""The copy task: a copier made by hand, training, and the merge that is handed over."""

import torch

from helpers.attention import merge_heads
from helpers.copying import LENGTH, Copier, copied, copy_loss, learn_to_copy


def test_a_copier_uses_the_merge_that_it_is_given():
    seen = []

    def spy(x):
        seen.append(x.shape)
        return merge_heads(x)

    torch.manual_seed(0)
    model = Copier(spy)
    logits = model(torch.randint(10, (3, 5)))
    assert logits.shape == (3, 5, 10) and seen == [(3, 4, 5, 8)]
    assert copy_loss(model, torch.randint(10, (3, 5))).ndim == 0


def test_training_learns_to_copy_and_says_how_well():
    torch.manual_seed(0)
    untrained = Copier(merge_heads)
    assert copied(untrained, LENGTH) < 0.5
    torch.manual_seed(0)
    model = learn_to_copy(merge_heads, steps=150)
    assert copied(model, LENGTH) > 0.9
    torch.manual_seed(0)
    again = learn_to_copy(merge_heads, steps=150)
    assert copied(again, LENGTH, seed=5) == copied(model, LENGTH, seed=5)


def test_a_perfect_copier_copies_everything():
    def perfect(digits):
        return torch.nn.functional.one_hot(digits, 10).float()

    assert copied(perfect, 6) == 1.0
