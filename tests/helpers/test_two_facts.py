"""Two facts: questions by hand, one word alone and with company, training to a goal."""

import math

import pytest
import torch
from torch import nn

from helpers import two_facts
from helpers.transformer import FeedForward
from helpers.two_facts import WIDTH, OneWord, ThreeWords, all_sums, correct_sums, learn_sums


def right(facts):
    """Answer every question modulo 2 correctly."""
    return 9.0 * nn.functional.one_hot(facts.sum(dim=1) % 2, 2)  # (B, V)


def test_two_kinds_are_exclusive_or_and_ten_are_last_digits():
    facts, answers = all_sums(2)
    assert facts.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]] and answers.tolist() == [0, 1, 1, 0]
    facts, answers = all_sums(10)
    assert len({tuple(pair) for pair in facts.tolist()}) == 100
    assert answers[facts.tolist().index([7, 8])] == 5 and answers.min() == 0 and answers.max() == 9


def test_a_word_alone_has_a_weight_of_one_and_is_the_sum_of_its_facts():
    torch.manual_seed(0)
    model, (facts, _) = OneWord(3, n_layers=2), all_sums(3)
    words = model.words(facts)
    assert words.shape == (9, 1, WIDTH)
    torch.testing.assert_close(words[5, 0], model.first.weight[1] + model.second.weight[2])
    for layer in model.layers:
        assert (layer(words)[1] == 1).all()


def test_what_a_word_alone_returns_is_linear_unless_a_feed_forward_layer_follows():
    facts, _ = all_sums(2)
    for feed_forward, linear in ((None, True), (FeedForward(WIDTH), False)):
        torch.manual_seed(0)
        logits = OneWord(2, 3, feed_forward)(facts)
        gap = (logits[0] + logits[3] - logits[1] - logits[2]).abs().max()
        assert gap < 1e-4 if linear else gap > 1e-2


def test_layers_add_to_their_input():
    torch.manual_seed(0)
    model, (facts, _) = OneWord(2, 2, FeedForward(WIDTH)), all_sums(2)
    for part in (*(layer.to_value for layer in model.layers), model.feed_forward.narrow):
        nn.init.zeros_(part.weight)
    nn.init.zeros_(model.feed_forward.narrow.bias)
    torch.testing.assert_close(model(facts), model.readout(model.words(facts)[:, 0]))


def test_three_words_are_one_for_each_fact_and_one_that_asks_and_answers():
    torch.manual_seed(0)
    model, (facts, _) = ThreeWords(3, 1), all_sums(3)
    words = model.words(facts)
    assert words.shape == (9, 3, WIDTH)
    wanted = torch.stack([model.first.weight[1], model.second.weight[2], model.asks])
    assert torch.equal(words[5], wanted)
    x = words + model.layers[0](words)[0]
    torch.testing.assert_close(model(facts), model.readout(x[:, 2]))


def test_shares_and_losses_by_hand():
    questions = all_sums(2)
    assert correct_sums(right, 2) == 1 and two_facts.fact_loss(right, questions) < 1e-3
    assert correct_sums(lambda facts: right(facts * torch.tensor([1, 0])), 2) == 0.5
    even = two_facts.fact_loss(lambda facts: torch.zeros(len(facts), 2), questions)
    assert even.item() == pytest.approx(math.log(2))


def test_the_goal_is_reached_with_an_activation_and_not_without():
    torch.manual_seed(0)
    model = OneWord(2, 1, FeedForward(WIDTH))
    steps = learn_sums(model, 2)
    assert 1 < steps < 100 and correct_sums(model, 2) == 1
    torch.manual_seed(0)
    alone = OneWord(2, 3)
    assert learn_sums(alone, 2, most=40) is None and correct_sums(alone, 2) <= 0.75
    torch.manual_seed(0)
    again = OneWord(2, 1, FeedForward(WIDTH))
    assert learn_sums(again, 2, most=steps - 1) is None and learn_sums(again, 2, goal=99) == 1
