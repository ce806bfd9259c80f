"""Two translators made of the same parts: one with a bottleneck, one that looks back.

In here: the models and greedy decoding. Not in here: training, data, the scores of attention.
"""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from helpers.attention import attend, dot_scores
from helpers.messages import say
from helpers.tasks import END, PAD, START


class Seq2Seq(nn.Module):
    """An RNN reads, an RNN writes, and only the last hidden state passes between them.

    Shapes: source (B, S) and target (B, T) are token ids -> logits (B, T, V).
    Source: Sutskever et al. 2014. Taught in notebook 01.
    """

    def __init__(self, source_size, target_size, width=128):
        super().__init__()
        self.embed_source = nn.Embedding(source_size, 32)
        self.embed_target = nn.Embedding(target_size, 32)
        self.encoder = nn.LSTM(32, width // 2, batch_first=True, bidirectional=True)
        self.decoder = nn.LSTM(32, width, batch_first=True)
        self.predict = nn.Linear(width, target_size)

    def read(self, source):
        lengths = (source != PAD).sum(dim=1).cpu()  # (B)
        words = self.embed_source(source)  # (B, S, 32)
        words = pack_padded_sequence(words, lengths, batch_first=True, enforce_sorted=False)
        states, (h, c) = self.encoder(words)  # h and c: two readings, (B, E/2) each
        states, _ = pad_packed_sequence(states, batch_first=True, total_length=source.shape[1])
        h = torch.cat([h[0], h[1]], dim=-1)[None]  # (1, B, E)
        c = torch.cat([c[0], c[1]], dim=-1)[None]  # (1, B, E)
        return states, (h, c)

    def encode(self, source):
        _, last = self.read(source)
        return last

    def decode(self, target, last):
        states, last = self.decoder(self.embed_target(target), last)  # (B, T, E)
        return self.predict(states), last

    def forward(self, source, target):
        return self.decode(target, self.encode(source))[0]  # (B, T, V)


class AttentionSeq2Seq(Seq2Seq):
    """The same two RNNs, and a decoder that looks back at every encoder state as it writes.

    Shapes: source (B, S) and target (B, T) are token ids -> logits (B, T, V).
    Source: Luong et al. 2015, with the context joined to the decoder state before the prediction.
    Taught in notebook 02.
    """

    def __init__(self, source_size, target_size, width=128, score=dot_scores):
        super().__init__(source_size, target_size, width)
        self.score = score
        self.predict = nn.Linear(2 * width, target_size)

    def encode(self, source):
        states, last = self.read(source)
        return last, states, source != PAD

    def decode(self, target, memory):
        last, states, mask = memory
        queries, last = self.decoder(self.embed_target(target), last)  # (B, T, E)
        context, weights = attend(queries, states, states, mask[:, None], self.score)  # (B, T, E)
        logits = self.predict(torch.cat([context, queries], dim=-1))  # (B, T, V)
        return logits, (last, states, mask), weights


@torch.no_grad()
def greedy_decode(model, source, max_steps=32):
    """Write until every row has ended, each token the most probable one after those before it.

    Shapes: source (B, S) -> tokens (B, T), and weights (B, T, S), None for a model without them.
    Raises ValueError if `max_steps` is below 1.
    """
    if max_steps < 1:
        told = say(
            "max_steps is {max_steps}, but writing takes at least 1 step. Try 32.",
            max_steps=max_steps,
        )
        raise ValueError(told)
    memory = model.encode(source)
    token = torch.full_like(source[:, :1], START)  # (B, 1)
    ended = torch.zeros_like(token, dtype=torch.bool)  # (B, 1)
    tokens, looks = [], []
    while len(tokens) < max_steps and not ended.all():
        logits, memory, *weights = model.decode(token, memory)
        token = logits.argmax(dim=-1).masked_fill(ended, PAD)  # (B, 1)
        ended |= token == END
        tokens.append(token)
        looks += weights
    return torch.cat(tokens, dim=1), torch.cat(looks, dim=1) if looks else None


def read_by_steps(model, source):
    """Read as `model.read` does, one word at a time; return also the forward states as a list."""
    words = model.embed_source(source)  # (B, S, 32)
    order = range(source.shape[1])
    forward, end = _read_one_way(model.encoder, "", words, order)
    backward, start = _read_one_way(model.encoder, "_reverse", words, order[::-1])
    states = torch.cat([torch.stack(forward, dim=1), torch.stack(backward, dim=1)], dim=-1)
    last = tuple(torch.cat(both, dim=-1)[None] for both in zip(end, start, strict=True))
    return forward, states, last


def _read_one_way(lstm, suffix, words, order):
    """Return the state after each word, in the words' order, and the last (h, c)."""
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    weights = [getattr(lstm, name + suffix) for name in names]
    h = c = words.new_zeros(len(words), lstm.hidden_size)  # (B, E)
    states = []
    for s in order:
        h, c = torch.lstm_cell(words[:, s], (h, c), *weights)  # (B, E), (B, E)
        states.append(h)
    return states[:: order.step], (h, c)
