"""Induction: going on with a string of random letters that was read once.

Shapes use the course's axis letters; K counts the letters of a string. In here: strings written
twice, a network of attention layers alone, its training, what it has right and what guessing would
get, two detectors that say what a head attends to, strings in another order. Not in here: heads
switched off, attention, scores by distance, the step of training.
"""

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from helpers.attention import MultiHeadAttention, causal_mask
from helpers.positions import RelativeScores
from helpers.training import training_step

LETTERS = 26  # kinds of letters, A to Z; guessing is right one time in LETTERS
LENGTHS = range(6, 17)  # of the strings in training, in letters
SKIP, SKIPS = LETTERS - 1, 3  # the letter to skip in the challenge, Z, and how many there are


def draw_repeats(generator, count, length=None):
    """Draw strings of one length in which no letter occurs twice, each written twice.

    Without `length`, it is drawn from LENGTHS. Shapes: -> letters (B, 2K), whole numbers below
    LETTERS, with B = count and K = length.
    """
    if length is None:
        length = int(torch.randint(LENGTHS.start, LENGTHS.stop, (1,), generator=generator))
    shuffled = torch.rand(count, LETTERS, generator=generator).argsort(dim=-1)  # (B, V)
    return shuffled[:, :length].repeat(1, 2)  # (B, 2K)


def draw_skips(generator, count, length=None):
    """Draw strings written twice, with SKIPS letters to skip strewn into the second copy.

    A string has no Z, no other letter twice, and begins both copies. Asked is each letter of the
    second copy but its first, and no Z. Without `length`, it is drawn from LENGTHS.
    Shapes: -> letters (B, 2K + SKIPS), and which of them are asked (B, 2K + SKIPS), boolean.
    """
    if length is None:
        length = int(torch.randint(LENGTHS.start, LENGTHS.stop, (1,), generator=generator))
    string = torch.rand(count, SKIP, generator=generator).argsort(dim=-1)[:, :length]  # (B, K)
    chance = torch.rand(count, length + SKIPS - 1, generator=generator)  # (B, _)
    places = 1 + chance.argsort(dim=-1)[:, :SKIPS]  # (B, SKIPS)
    kept = torch.ones(count, length + SKIPS, dtype=torch.bool).scatter(1, places, False)
    second = torch.full(kept.shape, SKIP).masked_scatter(kept, string)  # (B, K + SKIPS)
    letters = torch.cat([string, second], dim=1)
    asked = letters != SKIP
    asked[:, : length + 1] = False
    return letters, asked


def spell(letters):
    """Write letters, whole numbers below LETTERS, as a string. Shapes: letters (T)."""
    return "".join(chr(ord("A") + letter) for letter in letters.tolist())


class AttentionOnly(nn.Module):
    """Layers of causal attention between an embedding and a linear layer, no feed-forward layer.

    Scores know how far away a key is, up to 8 positions. Shapes: letters (B, T) -> logits (B, T, V)
    and the weights of each layer, a list of (B, H, T, S). Raises what `MultiHeadAttention` raises.
    Source: the attention-only networks of Elhage et al. 2021. Taught in notebook 12.
    """

    def __init__(self, n_layers, n_heads=2, d_model=32):
        super().__init__()
        self.embed = nn.Embedding(LETTERS, d_model)
        layers = range(n_layers)
        self.norms = nn.ModuleList(nn.LayerNorm(d_model) for _ in layers)
        scores = [RelativeScores(n_heads, max_distance=8) for _ in layers]
        self.layers = nn.ModuleList(MultiHeadAttention(d_model, n_heads, s) for s in scores)
        self.norm, self.predict = nn.LayerNorm(d_model), nn.Linear(d_model, LETTERS)

    def forward(self, letters):
        x, weights = self.embed(letters), []  # (B, T, E)
        mask = causal_mask(letters.shape[1])  # (T, S)
        for norm, layer in zip(self.norms, self.layers, strict=True):
            context, attended = layer(norm(x), mask=mask)  # (B, T, E), (B, H, T, S)
            x = x + context  # (B, T, E)
            weights.append(attended)
        return self.predict(self.norm(x)), weights


def repeat_loss(model, letters):
    """Return the cross-entropy of the letters of the second copy, its first letter left out."""
    logits, _ = model(letters[:, :-1])  # (B, T, V)
    half = letters.shape[1] // 2
    return cross_entropy(logits[:, half:].mT, letters[:, half + 1 :])


@torch.no_grad()
def continued(model, letters):
    """Return which letters of the second copy are predicted, its first letter left out.

    Shapes: letters (B, 2K) -> (B, K-1), boolean.
    """
    logits, _ = model(letters[:, :-1])  # (B, T, V)
    half = letters.shape[1] // 2
    return logits[:, half:].argmax(dim=-1) == letters[:, half + 1 :]


def share_continued(model, lengths=LENGTHS, seed=0, count=20):
    """Return the share of letters predicted in `count` new strings of each length.

    Shapes: -> a number.
    """
    generator = torch.Generator().manual_seed(1_000 + seed)
    correct = [continued(model, draw_repeats(generator, count, k)).flatten() for k in lengths]
    return torch.cat(correct).float().mean().item()


@torch.no_grad()
def seen_before(model, letters):
    """Return which letters that a network predicts have occurred, at the asking letter or before.

    Shapes: letters (B, T + 1) -> (B, T), boolean.
    """
    predicted = model(letters[:, :-1])[0].argmax(dim=-1)  # (B, T)
    same = predicted[:, :, None] == letters[:, None, :-1]  # (B, T, T)
    return (same & causal_mask(same.shape[1])).any(dim=-1)


def share_guessed(lengths=LENGTHS):
    """Return the share of letters that guessing among those of the string gets.

    In a string of K letters, K - 1 are asked, and each guess is right one time in K.
    """
    return sum((k - 1) / k for k in lengths) / sum(k - 1 for k in lengths)


def learn_to_repeat(model, rate=0.01, seed=0, length=None, steps=300, every=20):
    """Train in place on new strings, written twice; return the share continued, by step.

    Adam at a constant rate, 64 strings a step, all of one length. Each step draws its length from
    LENGTHS unless `length` is given, and the test has the same lengths.
    """
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), rate)
    lengths = LENGTHS if length is None else [length]
    shares = {}
    for step in range(1, steps + 1):
        training_step(model, draw_repeats(generator, 64, length), optimizer, repeat_loss)
        if step % every == 0:
            shares[step] = share_continued(model, lengths, seed)
    return shares


def previous_token(weights):
    """Return the mean weight that each head gives to the token just before the one that asks.

    Shapes: weights (B, H, T, S), T = S -> (H). Taught in notebook 12.
    """
    return weights.diagonal(-1, dim1=2, dim2=3).mean(dim=(0, 2))  # (H)


def induction(weights):
    """Return each head's mean weight on the token that followed the asking letter's first copy.

    Of a string of K letters written twice without its last letter, the queries from the second copy
    count. Shapes: weights (B, H, T, S), T = S = 2K - 1 -> (H).
    Source: the prefix-matching score of Olsson et al. 2022.
    """
    half = (weights.shape[2] + 1) // 2
    return weights[:, :, half:].diagonal(1, dim1=2, dim2=3).mean(dim=(0, 2))  # (H)


def reorder(generator, letters):
    """Return strings with the letters of the first copy in another order, the second untouched.

    Shapes: letters (B, 2K) -> (B, 2K).
    """
    half = letters.shape[1] // 2
    order = torch.rand(len(letters), half, generator=generator).argsort(dim=-1)  # (B, K)
    return torch.cat([letters[:, :half].gather(1, order), letters[:, half:]], dim=1)


def explain_written(letters, others, written):
    """Return which shares of what was written three rules explain, where they differ.

    A letter of the second copy asks. "own" is what followed it in the string, "other" what followed
    it in the other string, and "place" what the string itself has at that place of the other one.
    Shapes: letters (B, 2K) and others (B, 2K) as `reorder` returns, written (B, 2K - 1) -> a dict,
    and of how many letters these are the shares.
    """
    half, asked = letters.shape[1] // 2, 0
    explained = dict.fromkeys(("own", "other", "place"), 0)
    for own, other, wrote in zip(letters.tolist(), others.tolist(), written.tolist(), strict=True):
        for t in range(half, 2 * half - 1):
            place = other.index(own[t]) + 1
            rules = {"own": own[t + 1], "other": other[place], "place": own[place]}
            if place < half and len(set(rules.values())) == 3:
                asked += 1
                for rule, letter in rules.items():
                    explained[rule] += wrote[t] == letter
    return {rule: count / asked for rule, count in explained.items()}, asked
