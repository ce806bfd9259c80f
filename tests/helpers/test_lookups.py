"""Looking things up: what is drawn, networks whose answers are known, curves, gradients."""

import functools

import pytest
import torch
from torch import nn

from helpers import lookups
from helpers.attention import dot_scores, scaled_dot_scores


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_a_list_has_each_name_once_and_the_answer_is_its_value():
    names, values, asked, answer = lookups.draw_lists(generator(), 50, n_pairs=7)
    assert names.shape == values.shape == (50, 7)
    for row in range(50):
        assert len(set(names[row].tolist())) == 7
        (place,) = (names[row] == asked[row]).nonzero().flatten().tolist()
        assert values[row, place] == answer[row]
    assert names.min() >= 0 and names.max() < lookups.NAMES and values.max() < lookups.VALUES


def test_nobody_is_asked_for_twice_and_the_answers_are_who_is_at_home():
    asked, at_home, answers = lookups.draw_calls(generator(), 50, n_asked=3, n_people=5)
    assert asked.shape == answers.shape == (50, 3) and at_home.shape == (50, 5)
    for names, home, answer in zip(asked.tolist(), at_home.tolist(), answers.tolist(), strict=True):
        assert len(set(names)) == 3 and [home[name] for name in names] == answer
    assert set(at_home.flatten().tolist()) == {0, 1}


def test_a_lookup_whose_queries_are_its_keys_finds_every_value():
    model = lookups.Lookup(lookups.NAMES, dot_scores)
    model.query.weight.data = model.key.weight.data = 40 * torch.eye(lookups.NAMES)
    model.value.weight.data = torch.eye(lookups.VALUES, lookups.NAMES)
    model.answer.weight.data = torch.eye(lookups.VALUES, lookups.NAMES)
    lists = lookups.draw_lists(generator(), 100)
    assert lookups.found(model, lists).all()
    assert lookups.lookup_loss(model, lists) < lookups.lookup_loss(
        lookups.Lookup(lookups.NAMES, dot_scores), lists
    )


def two_heads():
    """Return two heads, made by hand, of which one looks up the first name, one the second."""
    model = lookups.WhoIsHome(2, 2, 4, nn.Linear(8, 2), width=8)
    for place, head in enumerate(model.heads):
        head.ask.weight.data.zero_()
        head.ask.weight.data[4 * place : 4 * place + 4] = 60 * torch.eye(4)
        head.name.weight.data = torch.eye(4)
        head.home.weight.data = torch.tensor([[-1.0, 0, 0, 0], [1.0, 0, 0, 0]])
    model.readout.weight.data = torch.zeros(2, 8)
    model.readout.weight.data[0, 0] = model.readout.weight.data[1, 4] = 1.0
    model.readout.bias.data.zero_()
    return model


def test_two_heads_made_by_hand_answer_for_two_names():
    model, calls = two_heads(), lookups.draw_calls(generator(), 100, 2, 4)
    assert lookups.all_correct(model, calls).all()
    asked, at_home, answers = calls
    logits, weights = model(asked, at_home)
    assert logits.shape == (100, 2) and weights.shape == (100, 2, 4)
    assert torch.equal(weights.argmax(dim=-1), asked)
    assert lookups.home_loss(model, calls) < 0.4
    turned = (asked.flip(1), at_home, answers)
    assert not lookups.all_correct(model, turned).all()


def test_one_wrong_answer_makes_a_question_wrong():
    asked, at_home, answers = lookups.draw_calls(generator(), 100, 2, 4)
    other = torch.stack([1 - answers[:, 0], answers[:, 1]], dim=1)
    assert not lookups.all_correct(two_heads(), (asked, at_home, other)).any()


def test_a_learning_curve_starts_at_chance_and_rises():
    draw = functools.partial(lookups.draw_calls, n_asked=1, n_people=2)
    torch.manual_seed(0)
    model = lookups.WhoIsHome(1, 1, 2, nn.Linear(32, 1))
    task = draw, lookups.home_loss, lookups.all_correct
    curve = lookups.lookup_curve(model, *task, 0.02, most=60, every=20)
    assert list(curve) == [20, 40, 60] and curve[60] > 0.95
    torch.manual_seed(0)
    again = lookups.WhoIsHome(1, 1, 2, nn.Linear(32, 1))
    assert lookups.lookup_curve(again, *task, 0.02, most=60, every=20) == curve


@pytest.mark.parametrize("score", [dot_scores, scaled_dot_scores])
def test_gradients_of_queries_are_those_of_the_loss(score):
    torch.manual_seed(0)
    at_scores, norms = lookups.query_gradients(6, score, seed=3)
    assert at_scores.shape == norms.shape == (1_000,)
    torch.manual_seed(0)
    model = lookups.Lookup(6, score)
    names, values, asked, answer = lookups.draw_lists(generator(3), 1_000)
    for row in (0, 17):  # alone, the gradient of a query is that of its row in the embedding
        model.zero_grad()
        one = slice(row, row + 1)
        lookups.lookup_loss(model, (names[one], values[one], asked[one], answer[one])).backward()
        at_query = model.query.weight.grad[asked[row]]
        torch.testing.assert_close(at_query.norm(), norms[row])
        names_of, weights = names[row], torch.ones(16, requires_grad=True)
        scores = score(model.query(asked[one])[:, None], model.key(names_of)[None])[0, 0] * weights
        context = scores.softmax(dim=-1) @ model.value(values[row])
        logits = model.answer(context)[None]
        (slope,) = torch.autograd.grad(nn.functional.cross_entropy(logits, answer[one]), scores)
        torch.testing.assert_close(slope.norm(), at_scores[row])


def test_feed_forward_has_a_relu_between_two_maps():
    layer = lookups.feed_forward(3, 5, 2)
    x = torch.randn(4, 3)
    first, relu, second = layer
    torch.testing.assert_close(layer(x), second(first(x).clamp(min=0)))
    assert isinstance(relu, nn.ReLU)
