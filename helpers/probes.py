"""Instruments: what a trained network has in it, measured from outside.

In here: reading a label out of a vector, recording how a translator writes, gradients against
distance, alignments against gold, what a missing word costs. Not in here: models, training,
figures.
"""

import copy
import math

import torch
from torch import nn

from helpers.language import say
from helpers.seq2seq import AttentionSeq2Seq, greedy_decode, read_by_steps
from helpers.tasks import PAD, START, make_batch


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
        told = say(
            "The probe was given {rows} rows and {labels} labels, but it needs one label for each "
            "row, and at least 4. Pass features (N, E) and labels (N).",
            rows=len(features),
            labels=len(labels),
        )
        raise ValueError(told)


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


# --- gradients against distance ---


def write_by_steps(model, batch):
    """Translate a batch, fed the right tokens, with every forward state of the encoder in reach.

    Shapes: -> losses (B, T), one for each step of writing; errors (B, T), the length of each
    loss's gradient with respect to its own logits; states, a list of S tensors (B, E//2). Both
    are NaN where the target is padding.
    Raises ValueError for sources of different lengths, whose distances cannot be compared.
    """
    if (batch.source == PAD).any():
        told = say(
            "The sources of this batch differ in length, but distances are counted from the end "
            "of the source. Pass pairs whose sources have the same number of words."
        )
        raise ValueError(told)
    forward, states, last = read_by_steps(model, batch.source)
    looks_back = isinstance(model, AttentionSeq2Seq)
    memory = (last, states, batch.source != PAD) if looks_back else last
    with torch.backends.cudnn.flags(enabled=False):  # whose backward wants training mode
        logits = model.decode(batch.target_in, memory)[0]  # (B, T, V)
    losses = nn.functional.cross_entropy(logits.mT, batch.target_out, reduction="none")  # (B, T)
    right = nn.functional.one_hot(batch.target_out, logits.shape[-1])  # (B, T, V)
    errors = (logits.softmax(dim=-1) - right).norm(dim=-1)  # (B, T)
    padding = batch.target_out == PAD
    return losses.masked_fill(padding, math.nan), errors.masked_fill(padding, math.nan), forward


def gradient_norms(losses, states):
    """Return the length of the gradient of each step's loss with respect to each state.

    Shapes: losses (B, T), states, a list of S tensors (B, E) -> (B, T, S), NaN where the loss is.
    Taught in notebook 03.
    """
    rows = []
    for loss in losses.unbind(dim=1):
        gradients = torch.autograd.grad(loss.sum(), states, retain_graph=True)
        gradients = torch.stack(gradients, dim=1)  # (B, S, E)
        rows.append(gradients.norm(dim=-1))
    norms = torch.stack(rows, dim=1)  # (B, T, S)
    return norms.masked_fill(losses.isnan()[..., None], math.nan)


def by_distance(norms):
    """Return the mean over all pairs of step and word that lie equally many steps apart, by steps.

    Shapes: norms (B, T, S) -> a dict {distance: mean}; NaN does not count. The last of S words is
    one step away from the first step of writing. Taught in notebook 03.
    """
    n_steps, n_words = norms.shape[1:]
    t, s = torch.arange(n_steps)[:, None], torch.arange(n_words)
    distance = (n_words - s) + t  # (T, S)
    return {d: norms[:, distance == d].nanmean().item() for d in range(1, n_steps + n_words)}


# --- alignments against gold ---


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


def _grid(pairs):
    """Return the shape (B, T, S) that weights on a batch of these pairs have."""
    longest = max(len(pair.target) for pair in pairs) + 1, max(len(pair.source) for pair in pairs)
    return len(pairs), *longest


def alignment_error_rate(links, sure, possible):
    """Return the share of links that are wrong or missing: 0 is perfect, 1 has nothing right.

    Tokens that no source word says are left out. Shapes: all (B, T, S); links may be ones and
    zeros, or weights. Source: Och and Ney 2003, equation 6. Taught in notebook 03.
    """
    links = links * possible.any(dim=-1, keepdim=True)  # (B, T, S)
    hits = (links * sure).sum() + (links * possible).sum()
    return 1 - (hits / (links.sum() + sure.sum())).item()


# --- what a missing word costs ---


@torch.no_grad()
def blank_each_word(model, task, pairs):
    """Return how much of each right token's probability is lost when one source word is blanked.

    The tokens before are the right ones. A blanked word still takes its place, but says nothing:
    its embedding is all zeros.
    Shapes: -> lost (B, T, S), NaN where there is no such word, or nothing but the end to write.
    """
    batch = make_batch(task, pairs).to(next(model.parameters()).device)
    model, blank = with_blank(model)
    whole = _chances(model, batch, batch.source)  # (B, T)
    lost = whole.new_full((*whole.shape, batch.source.shape[1]), math.nan)  # (B, T, S)
    for s in range(lost.shape[-1]):
        real = batch.source[:, s] != PAD  # (B)
        source = batch.source.clone()  # (B, S)
        source[real, s] = blank
        lost[real, :, s] = (whole - _chances(model, batch, source))[real]
    for b, pair in enumerate(pairs):
        lost[b, len(pair.target) :] = math.nan
    return lost


def with_blank(model):
    """Return a copy of a model that knows one more source word, which says nothing, and its id.

    The new word's embedding is all zeros.
    """
    model = copy.deepcopy(model)
    known = model.embed_source.weight  # (V, 32)
    model.embed_source = nn.Embedding.from_pretrained(torch.cat([known, 0 * known[:1]]))
    return model, len(known)


def _chances(model, batch, source):
    """Return the probability of each right token, given this source and the right ones before."""
    logits = model.decode(batch.target_in, model.encode(source))[0]  # (B, T, V)
    return logits.softmax(dim=-1).gather(-1, batch.target_out[..., None])[..., 0]  # (B, T)
