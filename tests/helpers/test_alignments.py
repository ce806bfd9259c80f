"""Alignments against cases done by hand, and weights as links drawn from them."""

import datetime

import pytest
import torch

from helpers.alignments import (
    alignment_error_rate,
    diagonal_links,
    gold_links,
    parts_in_order,
    uniform_links,
)
from helpers.numbers_and_dates import date_pair, number_pair


def test_alignment_error_rate_of_a_case_done_by_hand():
    """Three tokens, four words. Token 1 is said by word 1 alone, token 2 by words 2 and 3, token
    3 by none. Links 1-1 (sure), 2-4 (wrong), 3-1 (left out): |A| = 2, |S| = 1, one hit in S and
    the same one in P. So 1 - (1 + 1) / (2 + 1) = 1/3."""
    sure = torch.tensor([[[1.0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]])
    possible = torch.tensor([[[1.0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]]])
    links = torch.tensor([[[1.0, 0, 0, 0], [0, 0, 0, 1], [1, 0, 0, 0]]])
    assert alignment_error_rate(links, sure, possible) == pytest.approx(1 / 3)
    links[0, 1] = torch.tensor([0, 0, 1.0, 0])  # a possible link: nothing is wrong, none missing
    assert alignment_error_rate(links, sure, possible) == pytest.approx(0)
    links[0, 0] = torch.tensor([0, 0, 0, 1.0])  # the sure one is missing: 1 - (0 + 1) / (2 + 1)
    assert alignment_error_rate(links, sure, possible) == pytest.approx(2 / 3)


def test_weights_score_as_links_drawn_from_them_would_on_average():
    sure, possible = gold_links([number_pair(407)])
    weights = torch.rand(sure.shape).softmax(dim=-1)
    (rows,) = torch.where(possible[0].any(dim=-1))
    drawn = torch.zeros(4000, *sure.shape[1:])
    for t in rows:
        drawn[torch.arange(4000), t, torch.multinomial(weights[0, t], 4000, True)] = 1
    rates = [alignment_error_rate(links[None], sure, possible) for links in drawn]
    assert alignment_error_rate(weights, sure, possible) == pytest.approx(
        sum(rates) / len(rates), abs=0.02
    )


def test_gold_links_are_sure_where_one_word_says_it():
    million, date = number_pair(7_000_012), date_pair(datetime.date(2026, 11, 2))
    sure, possible = gold_links([million, date])
    assert sure.shape == possible.shape == (2, len(date.target) + 1, len(date.source))
    for b, pair in enumerate((million, date)):
        for t, said in enumerate(pair.alignment):
            assert possible[b, t].nonzero().flatten().tolist() == list(said)
            assert sure[b, t].sum() == (len(said) == 1)
        assert not possible[b, len(pair.target) :].any()
    assert () in million.alignment and date.alignment[4] == (3, 4, 5, 6)  # 만; 년, the year


def test_the_baselines_look_where_they_say():
    pairs = [number_pair(407), number_pair(7)]  # 4 words, 3 syllables; 1 word, 1 syllable
    diagonal, uniform = diagonal_links(pairs), uniform_links(pairs)
    assert diagonal[0].nonzero().tolist() == [[0, 0], [1, 2], [2, 3]]
    assert set(diagonal.flatten().tolist()) == {0, 1}
    assert diagonal[1].nonzero().tolist() == [[0, 0]]
    assert uniform[0, :3].eq(0.25).all() and not uniform[0, 3:].any()
    assert uniform[1, 0].tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize("day", [datetime.date(2031, 5, 16), datetime.date(1999, 12, 3)])
def test_the_parts_of_a_date_are_read_off_the_rows_where_they_begin(day):
    pair = date_pair(day)
    words, steps = len(pair.source), len(pair.target)
    weights = torch.zeros(steps + 1, words)  # (T, S)
    for t, said in enumerate(pair.alignment):
        weights[t, list(said)] = 1 / max(1, len(said))
    assert parts_in_order(pair, weights) == ["year", "month", "day", "weekday"]
    weights[pair.target.index("년") + 1 :, 0] = 2  # all but the year's row: the weekday
    assert parts_in_order(pair, weights) == ["year", "weekday", "weekday", "weekday"]
