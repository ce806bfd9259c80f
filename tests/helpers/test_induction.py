"""Induction: strings and weights by hand, heads that add nothing, exchanged keys."""

import pytest
import torch
from torch import nn

from helpers.induction import (
    LENGTHS,
    LETTERS,
    SKIP,
    SKIPS,
    AttentionOnly,
    continued,
    draw_repeats,
    draw_skips,
    explain_written,
    induction,
    learn_to_repeat,
    previous_token,
    reorder,
    repeat_loss,
    seen_before,
    share_continued,
    share_guessed,
    spell,
)
from tests.support.taught import taught

TAUGHT = taught("12", "with_keys_of", "without")


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


class Follower(nn.Module):
    """It predicts what followed the last earlier copy of a letter, or else the letter itself."""

    def __init__(self):
        super().__init__()
        self.calls, self.bias = [], nn.Parameter(torch.zeros(()))

    def forward(self, letters):
        self.calls.append(letters)
        predicted = letters.clone()
        for row, answers in zip(letters.tolist(), predicted, strict=True):
            followed = {}
            for t, letter in enumerate(row):
                if t:
                    followed[row[t - 1]] = letter
                answers[t] = followed.get(letter, letter)
        return 20 * nn.functional.one_hot(predicted, LETTERS).float() + self.bias, []


def test_a_string_is_written_twice_and_has_no_letter_twice():
    drawn = [draw_repeats(generator(seed), 50) for seed in range(60)]
    for letters in drawn:
        first, second = letters.chunk(2, dim=1)
        assert torch.equal(first, second) and len(first) == 50
        assert all(len(set(row.tolist())) == len(row) for row in first)
    assert {letters.shape[1] // 2 for letters in drawn} == set(LENGTHS)
    assert set(torch.cat([letters.flatten() for letters in drawn]).tolist()) == set(range(LETTERS))
    assert draw_repeats(generator(), 3, length=26).shape == (3, 52)
    assert torch.equal(draw_repeats(generator(1), 4), draw_repeats(generator(1), 4))


def test_letters_to_skip_stand_anywhere_but_first_in_the_second_copy():
    places = set()
    for seed in range(30):
        letters, asked = draw_skips(generator(seed), 20, length=6)
        assert letters.shape == asked.shape == (20, 12 + SKIPS)
        for row, ask in zip(letters, asked, strict=True):
            first, second = row[:6].tolist(), row[6:].tolist()
            assert SKIP not in first and [x for x in second if x != SKIP] == first
            places |= {t for t, letter in enumerate(second) if letter == SKIP}
            assert row[ask].tolist() == first[1:] and not ask[:7].any()
    assert places == set(range(1, 6 + SKIPS))
    lengths = {draw_skips(generator(seed), 1)[0].shape[1] for seed in range(60)}
    assert lengths == {2 * k + SKIPS for k in LENGTHS}


def test_letters_are_spelt():
    assert spell(torch.tensor([0, 25, 10])) == "AZK"


def test_the_network_adds_what_each_layer_returns_for_the_normed_stream():
    model, letters = AttentionOnly(3, n_heads=2, d_model=8), draw_repeats(generator(), 4, 7)
    logits, weights = model(letters)
    x = model.embed(letters)
    for norm, layer, shown in zip(model.norms, model.layers, weights, strict=True):
        mask = torch.ones(14, 14, dtype=torch.bool).tril()
        context, attended = layer(norm(x), mask=mask)
        assert torch.equal(attended, shown) and shown.shape == (4, 2, 14, 14)
        x = x + context
    torch.testing.assert_close(logits, model.predict(model.norm(x)))
    later_letters = letters.clone()
    later_letters[:, 9:] = 0
    torch.testing.assert_close(model(later_letters)[0][:, :9], logits[:, :9])


def test_asked_are_the_letters_of_the_second_copy_but_its_first():
    model, letters = Follower(), draw_repeats(generator(), 5, 6)
    assert continued(model, letters).shape == (5, 5) and continued(model, letters).all()
    assert repeat_loss(model, letters) < 1e-6
    assert all(call.shape == (5, 11) for call in model.calls)
    wrong = letters.clone()
    wrong[:, 8] = (wrong[:, 8] + 1) % LETTERS  # the third letter of the second copy
    assert continued(model, wrong).logical_not().sum() >= 5 and repeat_loss(model, wrong) > 3
    assert share_continued(model) == 1
    untrained = AttentionOnly(1)
    assert share_continued(untrained, seed=3) == share_continued(untrained, seed=3)


def test_guessing_is_right_one_time_in_k():
    assert share_guessed([6]) == pytest.approx(1 / 6)
    assert share_guessed([2, 11]) == pytest.approx((1 / 2 + 10 / 11) / 11)


def test_what_was_seen_is_counted_up_to_the_asking_letter():
    letters = torch.tensor([[3, 4, 3, 5, 3]])
    assert seen_before(Follower(), letters).tolist() == [[True, True, True, True]]

    class Next(Follower):
        def forward(self, letters):
            logits, _ = super().forward(letters.roll(-1, dims=1))
            return logits, []

    assert seen_before(Next(), torch.tensor([[3, 4, 5, 6]])).tolist() == [[False, False, True]]


def test_detectors_on_weights_by_hand():
    half, length = 4, 7  # of a string of 4 letters
    before = torch.zeros(length, length)
    before[0, 0] = 1
    before[range(1, length), range(length - 1)] = 1
    after = torch.zeros(length, length)
    after[range(half), 0] = 1
    after[range(half, length), range(1, half)] = 1
    weights = torch.stack([before, after])[None].expand(3, -1, -1, -1)  # (B, H, T, S)
    assert previous_token(weights).tolist() == pytest.approx([1, 1 / 6])
    assert induction(weights).tolist() == [0, 1]
    mixed = torch.stack([before[None], after[None]])  # (B, 1, T, S)
    assert induction(mixed).tolist() == [0.5]


def test_a_head_that_is_switched_off_adds_nothing():
    model, letters = AttentionOnly(2, n_heads=2, d_model=8), draw_repeats(generator(), 4, 6)
    kept = model.state_dict()
    kept = {name: tensor.clone() for name, tensor in kept.items()}
    silenced = TAUGHT.without(model, (1, 0))
    x = torch.randn(4, 12, 8)
    for layer in (0, 1):
        whole, _ = model.layers[layer](x)
        part, _ = silenced.layers[layer](x)
        assert torch.equal(whole, part) == (layer == 0)
    matrix = silenced.layers[1].to_output.weight
    assert not matrix[:, :4].any() and torch.equal(
        matrix[:, 4:], model.layers[1].to_output.weight[:, 4:]
    )
    nothing = TAUGHT.without(model, (0, 0), (0, 1), (1, 0), (1, 1))
    embedded = model.predict(model.norm(model.embed(letters)))
    torch.testing.assert_close(nothing(letters)[0], embedded)
    assert all(torch.equal(kept[name], tensor) for name, tensor in model.state_dict().items())


def test_only_the_first_copy_is_reordered():
    letters = draw_repeats(generator(), 200, 9)
    others = reorder(generator(1), letters)
    assert torch.equal(others[:, 9:], letters[:, 9:])
    assert torch.equal(others[:, :9].sort().values, letters[:, :9].sort().values)
    assert (others[:, :9] == letters[:, :9]).float().mean() < 0.25


def test_three_rules_explain_what_was_written():
    own, other = "MUXAWMUXAW", "AWUMXMUXAW"
    letters, others = (torch.tensor([[ord(x) - ord("A") for x in s]]) for s in (own, other))

    def explained(written):
        return explain_written(
            letters, others, torch.tensor([[ord(x) - ord("A") for x in written]])
        )

    # after M: U, X and W; after U: X, M and A; X ends the other copy, and after A two rules say W
    assert explained("?????WA??") == ({"own": 0, "other": 0, "place": 1}, 2)
    assert explained("?????UX??") == ({"own": 1, "other": 0, "place": 0}, 2)
    assert explained("?????XX??") == ({"own": 0.5, "other": 0.5, "place": 0}, 2)


def test_with_its_own_keys_a_network_writes_what_it_writes():
    model, letters = AttentionOnly(2), draw_repeats(generator(), 6, 8)
    own = TAUGHT.with_keys_of(model, letters, letters)
    assert torch.equal(own, model(letters)[0].argmax(dim=-1))
    others = reorder(generator(1), letters)
    assert not torch.equal(TAUGHT.with_keys_of(model, letters, others), own)


def test_two_layers_learn_what_one_does_not():
    torch.manual_seed(0)
    curves = [learn_to_repeat(AttentionOnly(n), 0.01, length=6, steps=160) for n in (1, 2)]
    assert [list(curve) for curve in curves] == [list(range(20, 161, 20))] * 2
    shares = []
    for n in (1, 2):
        torch.manual_seed(0)
        shares.append(learn_to_repeat(AttentionOnly(n), 0.01, steps=120)[120])
    assert shares[0] < 0.25 and shares[1] > 0.8
