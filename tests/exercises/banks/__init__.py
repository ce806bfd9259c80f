"""Wrong answers to the exercises as students write them, one module a notebook.

    BANK = {"exercise-softmax": {"part of the hint that it must get": "code of the answer"}}

What `mistake(...)` of a checker holds is tested by itself, and so is what is wrong in any exercise
(None, NaN, a wrong type or shape): see test_checkers.py. Here stand two or three answers in a
student's own style for each exercise.
"""
