"""Words that are equal, at different places: counted by hand, mutants, and real dates."""

import datetime

import pytest
import torch
from torch.nn import functional as F

from helpers import places
from helpers.numbers_and_dates import date_pair
from helpers.tasks import FIRST_DAY, N_DAYS
from tests.helpers.test_mutants import mutate

WORDS = torch.tensor([[1, 2, 1, 1], [3, 3, 0, 2]])  # (B, S)


def vectors():
    return torch.randn(2, 4, 5, generator=torch.Generator().manual_seed(0))


def likeness_is_the_mean_over_pairs(module):
    x, pairs = vectors(), []
    for row, words in zip(x, WORDS.tolist(), strict=True):
        for i, one in enumerate(words):
            for j, other in enumerate(words):
                if i < j and one == other:
                    pairs.append(F.cosine_similarity(row[i], row[j], dim=0))
    assert len(pairs) == 4
    assert module.likeness(x, WORDS) == pytest.approx(torch.stack(pairs).mean().item(), abs=1e-6)
    across = module.likeness(x.transpose(0, 1), torch.tensor([[1, 1], [2, 3], [1, 0], [4, 5]]))
    assert across == pytest.approx(F.cosine_similarity(x[0, 0], x[1, 0], dim=0).item(), abs=1e-6)


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
    likeness_is_the_mean_over_pairs,
    means_are_the_means_by_word_and_place,
    a_year_is_exchanged_if_it_gives_another,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_places(check):
    check(places)


MUTANTS = {
    "no cosine": (0, "F.normalize(vectors, dim=-1)", "vectors"),
    "a word with itself": (0, "equal & others", "equal"),
    "unequal words": (0, "words[:, :, None] == words", "words[:, :, None] != words"),
    "sums": (1, "sums / stands.sum(dim=0).T[..., None]", "sums"),
    "places mixed": (1, '"bsv,bse->vse"', '"bsv,bte->vse"'),
    "means over all rows": (1, "stands.sum(dim=0).T[..., None]", "len(words)"),
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
