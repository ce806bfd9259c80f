"""Three back: answers by hand, which positions count, three starts and the same ones again."""

import math

import pytest
import torch
from torch import nn

from helpers import three_back
from helpers.positions import RotaryScores
from helpers.three_back import BACK, KINDS, LENGTH, WIDTH, ThreeBack


def perfect(digits):
    """Answer with the digit three positions back; the first three answers are nonsense."""
    return 50.0 * nn.functional.one_hot(digits.roll(BACK, 1), KINDS)  # (B, T, V)


def a_constant(digits):
    """Answer 7, whatever is asked."""
    return 50.0 * nn.functional.one_hot(torch.full_like(digits, 7), KINDS)  # (B, T, V)


class AtDistance(nn.Module):
    """Scores by hand: nearly all the weight to the key at one distance from the query."""

    def __init__(self, distance):
        super().__init__()
        self.distance = distance

    def forward(self, query, key):
        keys = torch.arange(key.shape[-2])
        return 100.0 * (keys - keys[:, None] == self.distance)  # (T, S)


def reader(distance):
    """Return a network, made by hand, that names the digit at one distance."""
    model = ThreeBack(score=AtDistance(distance)).requires_grad_(False)
    model.embed.weight.copy_(torch.eye(KINDS, WIDTH))
    model.to_value.weight.copy_(torch.eye(WIDTH))
    model.answer.weight.copy_(torch.eye(KINDS, WIDTH))
    model.answer.bias.zero_()
    return model


def test_a_network_made_by_hand_points_three_back():
    answers = reader(-3)(torch.tensor([[7, 1, 4, 4, 9, 0, 2]])).argmax(dim=-1)
    assert answers[0, BACK:].tolist() == [7, 1, 4, 4]  # the table of the notebook
    assert three_back.correct_answers(reader(-3), 12).all()
    assert three_back.correct_answers(reader(3), 12).float().mean() < 0.3
    assert three_back.correct_answers(reader(-2), 12).float().mean() < 0.3


def test_codes_are_added_to_every_row_and_asked_for_the_length():
    asked = []

    def codes(length):
        asked.append(length)
        return torch.zeros(length, WIDTH)

    torch.manual_seed(0)
    model, digits = ThreeBack(codes), torch.randint(KINDS, (2, 5))
    with_zeros = model(digits)
    assert asked == [5] and with_zeros.shape == (2, 5, KINDS)
    model.codes = None
    torch.testing.assert_close(model(digits), with_zeros)
    model.codes = lambda length: torch.eye(length, WIDTH)
    assert (model(digits) - with_zeros).abs().max() > 1e-3


def test_without_positions_the_order_of_the_others_does_not_matter():
    torch.manual_seed(0)
    digits = torch.tensor([[1, 2, 3, 4, 5, 6]])
    shuffled = digits[:, [2, 0, 4, 1, 3, 5]]  # the last stays
    for score, alike in ((three_back.scaled_dot_scores, True), (RotaryScores(), False)):
        model = ThreeBack(score=score)
        same = torch.allclose(model(digits)[:, -1], model(shuffled)[:, -1], atol=1e-5)
        assert same == alike


def test_the_first_three_positions_do_not_count():
    digits = torch.tensor([[7, 1, 4, 4, 9, 0, 2]])
    assert three_back.three_back_loss(perfect, digits) < 1e-6
    logits = perfect(digits)
    wrong = logits.clone()
    wrong[:, :BACK] = logits[:, :BACK].roll(1, -1)
    assert three_back.three_back_loss(lambda _: wrong, digits) < 1e-6
    wrong[:, BACK] = logits[:, BACK].roll(1, -1)  # one of the four that count
    assert three_back.three_back_loss(lambda _: wrong, digits).item() == pytest.approx(50 / 4)
    even = torch.zeros(1, 7, KINDS)
    assert three_back.three_back_loss(lambda _: even, digits).item() == pytest.approx(math.log(10))


def test_shares_are_counted_in_new_rows_and_the_median_is_taken():
    correct = three_back.correct_answers(a_constant, 8, count=500)
    assert correct.shape == (500, 8 - BACK) and 0.05 < correct.float().mean() < 0.15
    assert torch.equal(correct, three_back.correct_answers(a_constant, 8, count=500))
    assert not torch.equal(correct, three_back.correct_answers(a_constant, 8, 500, seed=1))
    assert three_back.median_share([a_constant, perfect, perfect], 8) == 1
    share = three_back.median_share([a_constant], 8)
    assert three_back.median_share([a_constant, perfect, a_constant], 8) == share < 0.2


def test_training_lowers_the_loss_and_learns_rows_of_the_trained_length():
    torch.manual_seed(0)
    model = ThreeBack(score=RotaryScores())
    assert three_back.median_share([model], LENGTH) < 0.3
    three_back.learn_three_back(model, steps=60)
    assert three_back.median_share([model], LENGTH) > 0.5


def test_three_runs_give_three_networks_and_the_same_ones_again(monkeypatch):
    learn, steps = three_back.learn_three_back, 3
    monkeypatch.setattr(three_back, "learn_three_back", lambda *call: learn(*call, steps=steps))
    first, again = three_back.three_runs(), three_back.three_runs()
    weights = [model.answer.weight for model in first]
    assert len(first) == 3 and len({tuple(each.flatten().tolist()) for each in weights}) == 3
    for model, other in zip(first, again, strict=True):
        assert model is not other
        for name, each in model.state_dict().items():
            assert torch.equal(each, other.state_dict()[name]), name
    steps = 0
    assert not torch.equal(three_back.three_runs()[0].answer.weight, weights[0])  # it was trained
