"""Probes of a trained network: a linear probe, recorded steps, the cost of a missing word.

In here: `linear_probe`, `record_steps`, `write_by_steps`, `blank_each_word` and `blank_each_two`.
Not in here: models, training, alignments, figures.
"""

import copy
import itertools
import math

import torch
from torch import nn

from helpers.messages import say
from helpers.require import checked, require_probe_inputs
from helpers.seq2seq import AttentionSeq2Seq, greedy_decode, read_by_steps
from helpers.tasks import PAD, START, make_batch


def linear_probe(features, labels):
    """Fit a linear readout of `labels` on the first half of the rows; return its accuracy on the
    second half.

    Shapes: features (N, F), labels (N), whole numbers from 0 on -> a float from 0 to 1.
    Raises what `require_probe_inputs` raises.
    Source: Alain and Bengio 2017; here by ridge regression, in one step. Taught in notebook 01.
    """
    half = len(features) // 2
    ones = torch.ones(len(features), 1, device=features.device)
    inputs = torch.cat([features, ones], dim=-1)  # (N, F+1)
    wanted = torch.nn.functional.one_hot(labels).float()  # (N, C)
    seen = inputs[:half]
    ridge = 0.1 * torch.eye(inputs.shape[1], device=features.device)  # keeps it solvable
    readout = torch.linalg.solve(seen.mT @ seen + ridge, seen.mT @ wanted[:half])  # (F+1, C)
    guesses = (inputs[half:] @ readout).argmax(dim=-1)
    return (guesses == labels[half:]).float().mean().item()


@torch.no_grad()
def record_steps(model, task, pair, n_best=3):
    """Translate one pair's source with an attention model; return all there is to see, by name.

    Returns a dict: source and target, lists of S and T tokens (the target as the model writes it,
    with its end token); scores and weights (T, S); predictions, for each step the `n_best` most
    probable tokens as (token, probability). It is what `step_player` takes.
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


@torch.no_grad()
def blank_each_word(model, task, pairs):
    """Return how much of each right token's probability is lost when one source word is blanked.

    The tokens before are the right ones. A blanked word still takes its place, but says nothing:
    its embedding is all zeros, and a model with attention cannot attend to it.
    Shapes: -> lost (B, T, S), NaN where there is no such word, or nothing but the end to write.
    """
    places = range(max(len(pair.source) for pair in pairs))
    return torch.stack(_lost(model, task, pairs, [(s,) for s in places]), dim=-1)  # (B, T, S)


@torch.no_grad()
def blank_each_two(model, task, pairs):
    """Return what `blank_each_word` does, with two source words blanked at once.

    Returns a dict of the two places, counted from 0, to what is lost. Shapes: -> each (B, T).
    """
    longest = max(len(pair.source) for pair in pairs)
    both = list(itertools.combinations(range(longest), 2))
    return dict(zip(both, _lost(model, task, pairs, both), strict=True))


def _lost(model, task, pairs, blanked):
    """Return what each right token loses of its probability for each tuple of blanked places.

    Shapes: -> a list of tensors (B, T), NaN where a sentence has no such place, or no such token.
    """
    batch = make_batch(task, pairs).to(next(model.parameters()).device)
    model, blank = with_blank(model)
    whole = _chances(model, batch, batch.source)  # (B, T)
    for b, pair in enumerate(pairs):
        whole[b, len(pair.target) :] = math.nan
    lost = []
    for places in blanked:
        real = batch.source[:, max(places)] != PAD  # (B)
        source = batch.source.clone()  # (B, S)
        for s in places:
            source[real, s] = blank
        losses = whole - _chances(model, batch, source, blank)  # (B, T)
        lost.append(losses.masked_fill(~real[:, None], math.nan))
    return lost


def with_blank(model):
    """Return a copy of a model that knows one more source word, which says nothing, and its id.

    The new word's embedding is all zeros.
    """
    model = copy.deepcopy(model)
    known = model.embed_source.weight  # (V, 32)
    model.embed_source = nn.Embedding.from_pretrained(torch.cat([known, 0 * known[:1]]))
    return model, len(known)


def _chances(model, batch, source, blank=-1):
    """Return the probability of each right token, given this source and the right ones before.

    The word with the id `blank` is hidden from attention.
    """
    memory = model.encode(source)
    if isinstance(model, AttentionSeq2Seq):
        last, states, mask = memory
        mask = mask & (source != blank)  # (B, S)
        memory = last, states, mask
    logits = model.decode(batch.target_in, memory)[0]  # (B, T, V)
    return logits.softmax(dim=-1).gather(-1, batch.target_out[..., None])[..., 0]  # (B, T)


# It is called after a check of what it is given, which says what is wrong.
linear_probe = checked(linear_probe, require_probe_inputs)
