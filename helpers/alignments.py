"""Alignments: who attends to whom, which links are right, and how far two alignments agree.

In here: the weights of a translator, gold links, two baselines, the alignment error rate, the order
in which the parts of a date are attended to. Not in here: models, training, figures.
"""

import torch


@torch.no_grad()
def looks_at(model, batch):
    """Return the weights, on the CPU, with which a model looks at each source word as it is fed
    the right tokens. Shapes: -> (B, T, S)."""
    batch = batch.to(next(model.parameters()).device)
    return model.decode(batch.target_in, model.encode(batch.source))[2].cpu()  # (B, T, S)


def gold_links(pairs):
    """Return the gold alignments of `pairs`: which links are sure, and which are possible.

    A link is possible if the source word is one of those that say this token, and sure if it is
    the only one. Shapes: -> sure, possible (B, T, S), ones and zeros; T counts the end token.
    """
    possible = torch.zeros(_grid(pairs))
    for b, pair in enumerate(pairs):
        for t, said in enumerate(pair.alignment):
            possible[b, t, list(said)] = 1.0
    return possible * (possible.sum(dim=-1, keepdim=True) == 1), possible  # (B, T, S), (B, T, S)


def diagonal_links(pairs):
    """Return the links of a translator that goes through the source evenly, from left to right.

    Shapes: -> (B, T, S), one 1 in the row of each token.
    """
    links = torch.zeros(_grid(pairs))
    for b, pair in enumerate(pairs):
        n_steps, n_words = len(pair.target), len(pair.source)
        for t in range(n_steps):
            links[b, t, int((t + 0.5) * n_words / n_steps)] = 1.0
    return links  # (B, T, S)


def uniform_links(pairs):
    """Return the links of a translator that looks everywhere alike.

    Shapes: -> (B, T, S), the row of each token sums to 1.
    """
    links = torch.zeros(_grid(pairs))
    for b, pair in enumerate(pairs):
        links[b, : len(pair.target), : len(pair.source)] = 1 / len(pair.source)
    return links  # (B, T, S)


def parts_in_order(pair, weights):
    """Return which part of a date has the heaviest weight as each part is begun to be written.

    `pair` is a date, whose target says year, month, day and weekday; parts are named so.
    Shapes: weights (T, S) -> a list of four names.
    """
    words = len(pair.source)
    parts = ["weekday", "month", *["day"] * (words - 6), *["year"] * 4]
    begins = 0, pair.target.index("년") + 1, pair.target.index("월") + 1, len(pair.target) - 3
    return [parts[int(weights[t].argmax())] for t in begins]


def alignment_error_rate(links, sure, possible):
    """Return the share of links that are wrong or missing: 0 is perfect, 1 has nothing right.

    Tokens that no source word says are left out. Shapes: all (B, T, S); links may be ones and
    zeros, or weights. Source: Och and Ney 2003, equation 6. Taught in notebook 03.
    """
    links = links * possible.any(dim=-1, keepdim=True)  # (B, T, S)
    hits = (links * sure).sum() + (links * possible).sum()
    return 1 - (hits / (links.sum() + sure.sum())).item()


def _grid(pairs):
    """Return the shape (B, T, S) that weights on a batch of these pairs have."""
    longest = max(len(pair.target) for pair in pairs) + 1, max(len(pair.source) for pair in pairs)
    return len(pairs), *longest
