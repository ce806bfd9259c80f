"""The recall task: name the first symbol of a sequence after all that has been read since.

In here: its data, and how often a model is right at each distance. Not in here: models, training.
"""

import torch

SYMBOLS = 8  # kinds of symbols; guessing is right one time in SYMBOLS


def symbol_batches(count, length, size=64):
    """Return batches of random symbols for the recall task: a list of `count` tensors.

    Shapes: each (size, length).
    """
    return [torch.randint(SYMBOLS, (size, length)) for _ in range(count)]


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
