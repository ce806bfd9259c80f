"""What a model costs: operations that wait for one another, seconds, and where two curves cross.

In here: measuring time and waiting. Not in here: models, the training loop, figures.
"""

import copy
import math
import statistics
import time
import warnings

import torch

from helpers.messages import say


def longest_chain(output):
    """Return how many operations have to wait for one another before `output` is there.

    That is the longest path through the graph which autograd recorded.
    Raises ValueError for a tensor that autograd knows nothing about.
    """
    if output.grad_fn is None:
        told = say(
            "This tensor has no grad_fn, so no operations were recorded. Compute it outside "
            "torch.no_grad(), from inputs or weights that require a gradient."
        )
        raise ValueError(told)
    depth, stack = {}, [output.grad_fn]
    while stack:  # a loop, for the chain can be longer than Python's recursion allows
        node = stack[-1]
        needs = [before for before, _ in node.next_functions if before is not None]
        waiting = [before for before in needs if before not in depth]
        if waiting:
            stack += waiting
        else:
            depth[node] = 1 + max((depth[before] for before in needs), default=0)
            stack.pop()
    return depth[output.grad_fn]


def sequential_steps(model, loss, batch):
    """Return how many operations wait for one another in one training step's forward pass.

    Recurrent layers are counted step by step, as on paper: not as the one operation into which a
    processor's library may bundle them. Shapes: batch of any size.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some builds of torch warn about a card that is not there
        with torch.backends.mkldnn.flags(enabled=False):
            return longest_chain(loss(copy.deepcopy(model).cpu(), batch.to("cpu")))


def median_seconds(runs, repeats=3):
    """Time each named function: the median of `repeats` calls, after one that does not count.

    They take turns, so that a busy moment of the machine hits all of them. Taught in notebook 04.
    """
    for run in runs.values():
        run()
    seconds = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}


def forward_backward(layer, words):
    """Return a function that runs `layer` forward and backward once, to its very end.

    Shapes: words (B, S, E).
    """

    def run():
        layer(words).sum().backward()
        if words.is_cuda:
            torch.cuda.synchronize()  # a GPU works on while Python goes ahead

    return run


def crossing(quick, steady):
    """Return the length from which on the first curve is above the second, for all that is known.

    Both are dicts of length to seconds, at the same lengths; between two lengths, straight lines on
    log axes. It is inf if the first curve ends below, and the shortest length if it is never below.
    Raises ValueError if the lengths differ, or if there are none.
    """
    lengths = sorted(quick)
    if lengths != sorted(steady) or not lengths:
        told = say(
            "The curves have the lengths {one} and {other}, but they need the same, and at least "
            "one. Time both layers at each length.",
            one=lengths,
            other=sorted(steady),
        )
        raise ValueError(told)
    gaps = {n: math.log(quick[n] / steady[n]) for n in lengths}
    if gaps[lengths[-1]] < 0:
        return math.inf
    for low, high in reversed(list(zip(lengths, lengths[1:], strict=False))):
        if gaps[low] < 0:
            return low * (high / low) ** (gaps[low] / (gaps[low] - gaps[high]))
    return lengths[0]
