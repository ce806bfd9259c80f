"""Sentences about courses: which are held out, what may follow, words as numbers."""

import random

import pytest

from helpers import courses


@pytest.mark.parametrize("seed", [0, 7])
def test_pairs_of_school_and_department_are_held_out_with_all_their_numbers(seed):
    held_out, known = courses.split_courses(seed)
    assert held_out[0] == courses.STANFORD
    assert len(held_out) == 16 * 12 and len(known) == 48 * 12
    assert not {c[:2] for c in held_out} & {c[:2] for c in known}
    assert len({*held_out, *known}) == 8 * 8 * 12
    for place in range(3):  # but each of its words occurs in training
        assert {c[place] for c in held_out} <= {c[place] for c in known}


def test_another_seed_holds_out_other_pairs():
    assert courses.split_courses(0)[0] != courses.split_courses(1)[0]
    assert courses.split_courses(0) == courses.split_courses(0)


def test_a_sentence_and_what_may_follow():
    assert " ".join(courses.sentence(courses.STANFORD, "learned")) == (
        "I went to Stanford CS 224n and learned"
    )
    assert courses.fitting(courses.STANFORD, "learned") == courses.TOPICS["CS"]
    assert courses.fitting(courses.STANFORD, "saw") == ["America"]


def test_words_have_numbers_of_their_own():
    assert len(set(courses.VOCABULARY)) == len(courses.VOCABULARY)
    (row,) = courses.word_ids([courses.sentence(courses.STANFORD, "saw")])
    assert [courses.VOCABULARY[i] for i in row] == courses.sentence(courses.STANFORD, "saw")


def test_drawn_sentences_end_in_a_word_that_fits():
    _, known = courses.split_courses(0)
    drawn = courses.draw_sentences(random.Random(0), known, 200)
    assert drawn.shape == (200, 9)
    endings = set()
    for row in drawn:
        *words, following = [courses.VOCABULARY[i] for i in row]
        assert following in courses.fitting(tuple(words[3:6]), words[-1])
        endings.add(words[-1])
    assert endings == {"learned", "saw"}
