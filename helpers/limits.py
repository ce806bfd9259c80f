"""What recurrence cannot do, measured: how far words are apart, what fades, what has to wait.

In here: a recurrent layer and a self-attention layer to compare, the recall task, stopwatches.
Not in here: translation, the training loop, figures.
"""

import copy
import math
import statistics
import time

import torch
from torch import nn

from helpers.attention import attend, scaled_dot_scores
from helpers.language import say

SYMBOLS = 8  # kinds of symbols in the recall task; guessing is right one time in SYMBOLS


class SteppedRNN(nn.Module):
    """A vanilla RNN layer, written out: each state from its word and the state before it.

    Shapes: words (B, S, E) -> states (B, S, E).
    Source: Elman 1990; equals torch.nn.RNN. Taught in notebook 04.
    """

    def __init__(self, width):
        super().__init__()
        self.into = nn.Linear(width, width)
        self.back = nn.Linear(width, width, bias=False)

    def forward(self, words):
        state, states = torch.zeros_like(words[:, 0]), []
        for word in self.into(words).unbind(dim=1):
            state = torch.tanh(word + self.back(state))  # (B, E)
            states.append(state)
        return torch.stack(states, dim=1)  # (B, S, E)


class LookAround(nn.Module):
    """A self-attention layer in its plainest form: each word attends to every word.

    Shapes: words (B, S, E) -> contexts (B, S, E).
    Source: Vaswani et al. 2017, one head. Taught in notebook 04.
    """

    def __init__(self, width):
        super().__init__()
        self.roles = nn.Linear(width, 3 * width)

    def forward(self, words):
        query, key, value = self.roles(words).chunk(3, dim=-1)  # (B, S, E)
        context, _ = attend(query, key, value, score=scaled_dot_scores)  # (B, S, E)
        return context


def ripples(update, words, changed):
    """Tell which states have heard of one word after each round in which all states update at once.

    `update(words, states)` returns the next states; it is run on `words` and on a copy in which
    the word at position `changed` is another one. There are as many rounds as words.
    Shapes: words (1, S, E) -> booleans (S, S), rounds down, states across.
    Taught in notebook 04.
    """
    other = words.clone()  # (1, S, E)
    other[:, changed] = torch.randn_like(words[:, changed])
    before, after = torch.zeros_like(words), torch.zeros_like(words)
    heard = []
    for _ in range(words.shape[1]):
        before, after = update(words, before), update(other, after)
        heard.append((before != after).any(dim=-1)[0])
    return torch.stack(heard)  # (S, S)


class Recaller(nn.Module):
    """A recurrent network that names, at every step, the first symbol that it read.

    `cell` is torch.nn.RNN, GRU or LSTM.
    Shapes: symbols (B, S) -> logits (B, S, V). Taught in notebook 04.
    """

    def __init__(self, cell, width=64):
        super().__init__()
        self.embed = nn.Embedding(SYMBOLS, 16)
        self.rnn = cell(16, width, batch_first=True)
        self.answer = nn.Linear(width, SYMBOLS)

    def forward(self, symbols):
        states, _ = self.rnn(self.embed(symbols))  # (B, S, E)
        return self.answer(states)  # (B, S, V)


def symbol_batches(count, length, size=64):
    """Return batches of random symbols for the recall task: a list of `count` tensors.

    Shapes: each (size, length).
    """
    return [torch.randint(SYMBOLS, (size, length)) for _ in range(count)]


def recall_loss(model, symbols):
    """Return the mean cross-entropy of naming the first symbol at every step.

    Shapes: symbols (B, S) -> a scalar. Taught in notebook 04.
    """
    first = symbols[:, :1].expand_as(symbols)  # (B, S)
    return nn.functional.cross_entropy(model(symbols).mT, first)


@torch.no_grad()
def recall_by_distance(model, distances, size=512):
    """Return how often the model names the first symbol, by the distance to it, as a dict.

    A distance is the number of symbols read since.
    """
    device = next(model.parameters()).device
    (symbols,) = symbol_batches(1, max(distances) + 1, size)  # (B, S)
    symbols = symbols.to(device)
    right = (model(symbols).argmax(dim=-1) == symbols[:, :1]).float().mean(dim=0)  # (S)
    return {n: right[n].item() for n in distances}


def gradient_by_distance(model, symbols, distances):
    """Return the norm of the gradient of a state with respect to the first word, by distance.

    The state, n words after the first, is read in one random direction of length 1. The mean over
    the batch is returned as a dict; in double precision, for these numbers get very small.
    Shapes: symbols (B, S), S larger than each distance. Taught in notebook 04.
    """
    model = copy.deepcopy(model).double()
    words = model.embed(symbols).detach().requires_grad_()  # (B, S, 16)
    states, _ = model.rnn(words)  # (B, S, E)
    direction = nn.functional.normalize(torch.randn_like(states[:, 0]), dim=-1)  # (B, E)
    norms = {}
    for n in distances:
        (slope,) = torch.autograd.grad(states[:, n], words, direction, retain_graph=True)
        norms[n] = slope[:, 0].norm(dim=-1).mean().item()
    return norms


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
