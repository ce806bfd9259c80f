"""Instruments: what a trained network has in it, measured from outside.

In here: reading a label out of a vector, recording how a translator writes. Not in here: models,
training, figures.
"""

import torch

from helpers.seq2seq import greedy_decode
from helpers.tasks import START, make_batch


def linear_probe(features, labels):
    """Fit a linear readout of `labels` on the first half of the rows; return its accuracy on the
    second half.

    Shapes: features (N, E), labels (N), whole numbers from 0 on -> a float from 0 to 1.
    Raises what `check_probe_inputs` raises.
    Source: Alain and Bengio 2017; here by ridge regression, in one step. Taught in notebook 01.
    """
    check_probe_inputs(features, labels)
    half = len(features) // 2
    ones = torch.ones(len(features), 1, device=features.device)
    inputs = torch.cat([features, ones], dim=-1)  # (N, E+1)
    wanted = torch.nn.functional.one_hot(labels).float()  # (N, C)
    seen = inputs[:half]
    ridge = 0.1 * torch.eye(inputs.shape[1], device=features.device)  # keeps it solvable
    readout = torch.linalg.solve(seen.mT @ seen + ridge, seen.mT @ wanted[:half])  # (E+1, C)
    guesses = (inputs[half:] @ readout).argmax(dim=-1)
    return (guesses == labels[half:]).float().mean().item()


def check_probe_inputs(features, labels):
    """Raise ValueError unless there is one label for each row of features, and at least 4 rows.

    Shapes: features (N, E), labels (N).
    """
    if len(features) != len(labels) or len(features) < 4:
        raise ValueError(
            f"The probe was given {len(features)} rows and {len(labels)} labels, but it needs one "
            "label for each row, and at least 4. Pass features (N, E) and labels (N)."
        )


@torch.no_grad()
def record_steps(model, task, pair, n_best=3):
    """Translate one pair's source with an attention model; return all there is to see, by name.

    Returns a dict: source and target, lists of S and T tokens (the target as the model writes it,
    with its end token); scores and weights (T, S); predictions, for each step the `n_best` most
    probable tokens as (token, probability). It is what `viewers.step_player` takes.
    """
    source = make_batch(task, [pair]).source.to(next(model.parameters()).device)
    written, _ = greedy_decode(model, source)  # (1, T)
    fed = torch.cat([torch.full_like(written[:, :1], START), written[:, :-1]], dim=1)  # (1, T)
    last, states, mask = model.encode(source)
    queries, _ = model.decoder(model.embed_target(fed), last)  # (1, T, E)
    logits, _, weights = model.decode(fed, (last, states, mask))  # (1, T, V)
    best = logits[0].softmax(dim=-1).topk(n_best)
    tokens = task.target_vocab.tokens
    return {
        "source": list(pair.source),
        "target": [tokens[i] for i in written[0].tolist()],
        "scores": model.score(queries, states)[0].cpu(),
        "weights": weights[0].cpu(),
        "predictions": [
            [(tokens[i], p) for i, p in zip(ids, chances, strict=True)]
            for ids, chances in zip(best.indices.tolist(), best.values.tolist(), strict=True)
        ],
    }
