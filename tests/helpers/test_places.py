"""Words that are equal, at different places: counted by hand, mutants, and real dates."""

import datetime

import pytest
import torch
from torch.nn import functional as F

from helpers import places
from helpers.numbers_and_dates import date_pair
from helpers.tasks import FIRST_DAY, N_DAYS
from tests.helpers.test_mutants import mutate


def vectors():
    return torch.randn(2, 4, 5, generator=torch.Generator().manual_seed(0))


def means_are_the_means_by_word_and_place(module):
    x = vectors()
    words = torch.tensor([[1, 2, 1, 1], [1, 0, 0, 1]])
    table = module.means_by_place(x, words)
    assert table.shape == (3, 4, 5)
    for word in range(3):
        for place in range(4):
            there = x[words[:, place] == word, place]
            if len(there):
                torch.testing.assert_close(table[word, place], there.mean(dim=0))
            else:
                assert table[word, place].isnan().all()
    anywhere = module.means_anywhere(x, words)
    assert anywhere.shape == (3, 5)
    for word in range(3):
        torch.testing.assert_close(anywhere[word], x[words == word].mean(dim=0))


def means_are_put_into_the_memory(module):
    x = torch.randn(3, 8, 5, generator=torch.Generator().manual_seed(1))
    seen = torch.tensor(
        [[0, 1, 2, 3, 2, 3, 2, 3], [0, 1, 3, 2, 3, 2, 3, 2], [0, 1, 2, 2, 3, 3, 3, 2]]
    )
    memory, words = torch.zeros(1, 8, 5), torch.tensor([[0, 1, 2, 3, 3, 2, 2, 3]])
    own, anywhere, exchanged = module.mean_memories(memory, words, x, seen)
    table = means_by_hand(x, seen)
    for place, word in enumerate(words[0].tolist()):
        torch.testing.assert_close(own[0, place], table[word, place])
        if place < 2:
            assert not anywhere[0, place].any()
        else:
            wanted = x[:, 2:][seen[:, 2:] == word].mean(dim=0)
            cosine = F.cosine_similarity(anywhere[0, place], wanted, dim=0).item()
            assert cosine == pytest.approx(1, abs=1e-5)
            length = x.norm(dim=-1).mean().item()
            assert anywhere[0, place].norm().item() == pytest.approx(length, abs=1e-4)
    assert not exchanged[0, :6].any() and not memory.any()
    torch.testing.assert_close(exchanged[0, 6], table[2, 7])
    torch.testing.assert_close(exchanged[0, 7], table[3, 6])


def means_by_hand(x, words):
    """Return the mean vector by word and place."""
    pairs = {(word, place) for row in words.tolist() for place, word in enumerate(row)}
    return {(word, place): x[words[:, place] == word, place].mean(dim=0) for word, place in pairs}


def a_year_is_exchanged_if_it_gives_another(module):
    def told(year):
        pair = date_pair(datetime.date(year, 11, 22))
        both = module.exchange_years([date_pair(datetime.date(2022, 1, 1)), pair])
        turned = both.get(1)
        assert set(both) <= {1}
        if turned:
            assert turned.source == pair.source and turned.target[4:] == pair.target[4:]
        return turned and "".join(turned.target[:4])

    assert told(2026) == "2062" and told(1978) == "1987" and told(2001) == "2010"
    assert told(2022) is None and told(1999) is None  # equal digits
    assert told(2008) is None and told(1974) is None  # 2080, 1947
    assert told(2007) is None and told(2006) == "2060" and told(1997) == "1979"


CHECKS = (
    means_are_the_means_by_word_and_place,
    means_are_put_into_the_memory,
    a_year_is_exchanged_if_it_gives_another,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_places(check):
    check(places)


MUTANTS = {
    "sums": (0, "sums / stands.sum(dim=0).T[..., None]", "sums"),
    "places mixed": (0, '"bsv,bse->vse"', '"bsv,bte->vse"'),
    "means over all rows": (0, "stands.sum(dim=0).T[..., None]", "len(words)"),
    "own place in the exchange": (1, "words[:, -2], -1]", "words[:, -2], -2]"),
    "one exchanged": (1, "words[:, -1], -2]", "words[:, -1], -1]"),
    "not scaled": (1, " * seen_memory.norm(dim=-1).mean()", ""),
    "weekday and month, too": (
        1,
        "any_place[:, DIGITS] = anywhere[words[:, DIGITS]]",
        "any_place = anywhere[words]",
    ),
    "the source, too": (2, "pair._replace(target", "pair._replace(source=(), target"),
    "any year": (2, " in YEARS", " > 0"),
    "not exchanged": (2, "pair.target[:2], units, tens", "pair.target[:2], tens, units"),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_caught(name):
    number, old, new = MUTANTS[name]
    with pytest.raises(AssertionError):
        CHECKS[number](mutate(old, new, name="places"))


def test_the_years_are_those_of_the_task():
    last = FIRST_DAY + datetime.timedelta(days=N_DAYS - 1)
    assert places.YEARS[0] == FIRST_DAY.year == 1970 and last.year - 1 <= places.YEARS[-1] == 2069
