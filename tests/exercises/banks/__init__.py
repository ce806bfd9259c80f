"""Wrong answers to the exercises, one module per notebook: BANK, and EXEMPT where a kind cannot be.

    BANK = {"exercise-softmax": [Wrong("wrong axis", "rows", "def softmax(scores): ..."), ...]}
    EXEMPT = {"exercise-softmax": {"in place": "the inputs are numbers"}}

The label of a wrong answer starts with its kind; KINDS are those that every exercise needs.
"""

from typing import NamedTuple

KINDS = ("returns None", "raises", "wrong shape", "NaN", "in place")


class Wrong(NamedTuple):
    """A wrong answer: what is wrong, words that its verdict holds, code in the stub's place."""

    label: str
    hint: str
    source: str
