"""Right and wrong answers to the exercises as students write them, one module a notebook.

    RIGHT = {"exercise-softmax": {"its dress in a word": "code of the answer"}}
    WRONG = {"exercise-softmax": {"part of the hint that it must get": "code of the answer"}}
    UNKNOWN = {"exercise-softmax": {"what is wrong": "code of the answer"}}

What `mistake(...)` of a checker holds is tested by itself, and so is what is wrong in any exercise
(None, NaN, a wrong type or shape): see test_checkers.py. Answers in UNKNOWN are wrong in a way that
no hint knows: they have to be rejected, and no hint may claim them.

What `longer_NN` holds are networks, handed in for longer exercises: see test_longer_exercises.py.
"""
