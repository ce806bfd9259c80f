"""Instruments: what a trained network has in it, measured from outside.

In here: reading a label out of a vector. Not in here: models, training, figures.
"""

import torch


def linear_probe(features, labels):
    """Fit a linear readout of `labels` on the first half of the rows; return its accuracy on the
    second half.

    Shapes: features (N, E), labels (N), whole numbers from 0 on -> a float from 0 to 1.
    Raises ValueError unless there are as many rows as labels, and at least 4.
    Source: Alain and Bengio 2017; here by ridge regression, in one step. Taught in notebook 01.
    """
    if len(features) != len(labels) or len(features) < 4:
        raise ValueError(
            f"The probe was given {len(features)} rows and {len(labels)} labels, but it needs one "
            "label for each row, and at least 4. Pass features (N, E) and labels (N)."
        )
    half = len(features) // 2
    ones = torch.ones(len(features), 1, device=features.device)
    inputs = torch.cat([features, ones], dim=-1)  # (N, E+1)
    wanted = torch.nn.functional.one_hot(labels).float()  # (N, V)
    seen = inputs[:half]
    ridge = 0.1 * torch.eye(inputs.shape[1], device=features.device)  # keeps it solvable
    readout = torch.linalg.solve(seen.mT @ seen + ridge, seen.mT @ wanted[:half])  # (E+1, V)
    guesses = (inputs[half:] @ readout).argmax(dim=-1)
    return (guesses == labels[half:]).float().mean().item()
