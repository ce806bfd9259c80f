"""The cipher: texts and the floor by hand, who sees what, masks of a finite number, writing."""

import math

import pytest
import torch
from torch import nn

from helpers import cipher
from helpers.attention import SelfAttention, causal_mask
from helpers.cipher import FLOOR, LENGTH, LETTERS, SIGNS, FilledAttention, Writer, draw_texts

BAR = SIGNS.index("|")


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def spelled(text):
    """Return a text as tokens (1, S)."""
    return torch.tensor([[SIGNS.index(sign) for sign in text]])


def knows_the_cipher(tokens):
    """Predict the bar and the cipher as well as can be, and any letter as likely as any other."""
    logits = torch.full((*tokens.shape, len(SIGNS)), -50.0)
    for t in range(tokens.shape[1]):
        if t < LETTERS - 1:
            logits[:, t, :26] = 0.0
        elif t == LETTERS - 1:
            logits[:, t, BAR] = 0.0
        else:
            plain = tokens[:, t - LETTERS]
            shift = (3, 5)[(t - LETTERS) % 2]
            logits[torch.arange(len(tokens)), t, (plain + shift) % 26] = 0.0
    return logits, None


def test_a_text_is_six_letters_a_bar_and_each_letter_three_or_five_places_on():
    texts = draw_texts(generator(), 200)
    assert texts.shape == (200, LENGTH) and (texts[:, LETTERS] == BAR).all()
    assert torch.equal(texts[:, LETTERS + 1 :: 2], (texts[:, :LETTERS:2] + 3) % 26)
    assert torch.equal(texts[:, LETTERS + 2 :: 2], (texts[:, 1:LETTERS:2] + 5) % 26)
    assert set(texts[:, :LETTERS].flatten().tolist()) == set(range(26))  # z becomes c
    assert torch.equal(texts, draw_texts(generator(), 200))
    assert cipher.spell(spelled("abcxyz|dgfcbe")[0]) == "abcxyz|dgfcbe"


def test_the_floor_is_what_the_best_of_writers_reaches():
    assert pytest.approx(5 * math.log(26) / 12) == FLOOR
    texts = draw_texts(generator(), 50)
    assert cipher.next_sign_loss(knows_the_cipher, texts).item() == pytest.approx(FLOOR, abs=1e-4)


def test_a_masked_writer_does_not_see_the_future_and_sees_the_past():
    torch.manual_seed(0)
    text, changed = spelled("abcxyz|dgfcbe"), spelled("abcxyz|qgfcbe")
    for masked in (True, False):
        model = Writer(masked)
        moved = (model(changed)[0] - model(text)[0]).abs().amax(dim=-1)[0]  # (T)
        assert (moved[:7].max() == 0) == masked and moved[7:].min() > 1e-4


def test_filled_with_minus_infinity_it_is_self_attention_with_the_mask():
    torch.manual_seed(0)
    plain, x, mask = SelfAttention(8, 8), torch.randn(2, 5, 8), causal_mask(5)
    for fill in (-math.inf, -5):
        filled = FilledAttention(8, fill)
        filled.load_state_dict(plain.state_dict())
        gaps = [(a - b).abs().max() for a, b in zip(filled(x, mask), plain(x, mask), strict=True)]
        assert max(gaps) < 1e-6 if fill == -math.inf else min(gaps) > 1e-4


def test_a_finite_number_can_be_undercut():
    filled = FilledAttention(2, -5).requires_grad_(False)
    filled.to_query.weight.copy_(-10 * torch.eye(2))
    filled.to_key.weight.copy_(torch.eye(2))
    _, weights = filled(torch.ones(1, 3, 2), causal_mask(3))
    assert weights[0, 0, 1:].sum() > 0.99  # all scores are −14, and those of the future −5


def test_predictions_are_counted_with_the_true_text_given():
    texts, correct = cipher.predicted(knows_the_cipher, count=300)
    assert texts.shape == (300, LENGTH) and correct.shape == (300, LENGTH - 1)
    assert correct[:, 5:].all() and correct[:, :5].float().mean() < 0.15
    assert not torch.equal(texts, cipher.predicted(knows_the_cipher, 300, seed=1)[0])


def test_writing_appends_signs_one_by_one_and_reads_them_again():
    given = spelled("abcxyz|")
    assert cipher.spell(cipher.write(knows_the_cipher, given)[0]) == "abcxyz|dgfcbe"
    assert cipher.spell(cipher.write(knows_the_cipher, given, count=2)[0]) == "abcxyz|dg"

    def next_letter(tokens):
        return 1.0 * nn.functional.one_hot((tokens + 1) % 26, len(SIGNS)), None

    assert cipher.spell(cipher.write(next_letter, spelled("ax"), count=4)[0]) == "axyzab"


def test_training_lowers_the_loss_on_the_texts_that_are_drawn():
    def always_a(drawn, count):
        assert drawn.initial_seed() == 3
        return spelled("aaaaaa|dddddd").expand(count, -1)

    torch.manual_seed(0)
    losses = cipher.learn_to_write(Writer(masked=True), seed=3, steps=10, draw=always_a)
    assert len(losses) == 10 and losses[0] > 2 and losses[-1] < 1
    torch.manual_seed(0)
    again = cipher.learn_to_write(Writer(masked=True), seed=3, steps=10, draw=always_a)
    assert again == losses
