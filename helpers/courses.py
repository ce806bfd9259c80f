"""Sentences about university courses, such as "I went to Stanford CS 224n and learned algorithms".

After "learned" comes a topic of the department, after "saw" the country of the school. In here:
schools, departments, sentences and their words as numbers. Not in here: models, training.
"""

import itertools
import random

import torch

COUNTRIES = {
    "Stanford": "America",
    "Oxford": "England",
    "KAIST": "Korea",
    "ETH": "Switzerland",
    "Waterloo": "Canada",
    "Sorbonne": "France",
    "Todai": "Japan",
    "Tsinghua": "China",
}
TOPICS = {
    "CS": ["programming", "algorithms", "attention"],
    "Biology": ["genetics", "cells", "evolution"],
    "Physics": ["gravity", "optics", "heat"],
    "Law": ["contracts", "torts", "evidence"],
    "History": ["empires", "wars", "archives"],
    "Music": ["harmony", "rhythm", "singing"],
    "Economics": ["markets", "trade", "taxes"],
    "Chemistry": ["bonds", "acids", "polymers"],
}
NUMBERS = ["101", "110", "140", "161", "201", "210", "224n", "229", "231n", "240", "301", "320"]
FRAME = ["I", "went", "to", "and", "learned", "saw"]
VOCABULARY = [
    *FRAME, *COUNTRIES, *TOPICS, *NUMBERS, *COUNTRIES.values(), *itertools.chain(*TOPICS.values())
]  # fmt: skip
IDS = {word: i for i, word in enumerate(VOCABULARY)}
STANFORD = ("Stanford", "CS", "224n")


def split_courses(seed, held_out=16):
    """Return the courses that are held out, STANFORD the first of them, and those for training.

    A course is a school, a department and a number; there are 768. `held_out` pairs of a school
    and a department are held out with all their numbers.
    """
    pairs = [pair for pair in itertools.product(COUNTRIES, TOPICS) if pair != STANFORD[:2]]
    random.Random(f"courses {seed}").shuffle(pairs)
    apart, known = [STANFORD[:2], *pairs[: held_out - 1]], pairs[held_out - 1 :]
    courses = [
        [(*pair, n) for pair, n in itertools.product(some, NUMBERS)] for some in (apart, known)
    ]
    courses[0].sort(key=lambda course: course != STANFORD)
    return courses


def sentence(course, ending):
    """Return the eight words about a course that end in "learned" or "saw"."""
    return ["I", "went", "to", *course, "and", ending]


def fitting(course, ending):
    """Return the words that may come next: topics of the department, or the school's country."""
    school, department, _ = course
    return TOPICS[department] if ending == "learned" else [COUNTRIES[school]]


def word_ids(sentences):
    """Return the words of sentences of equal length as numbers. Shapes: -> (B, S)."""
    return torch.tensor([[IDS[word] for word in words] for words in sentences])


def draw_sentences(chance, courses, count):
    """Draw sentences, each with a next word that fits, about courses drawn from a list.

    `chance` is a random.Random. Shapes: -> word ids (count, S + 1).
    """
    drawn = [(chance.choice(courses), chance.choice(["learned", "saw"])) for _ in range(count)]
    return word_ids([[*sentence(*each), chance.choice(fitting(*each))] for each in drawn])
