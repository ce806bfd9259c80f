"""A language model of Python's manual, trained for minutes, beside all n-grams: ten seeds."""

import math

import torch
from torch import nn
from torch.nn.functional import dropout, scaled_dot_product_attention

from helpers.attention import MultiHeadAttention, merge_heads, split_heads
from helpers.corpus import (
    Characters,
    count_bits,
    count_chances,
    excerpts,
    python_manual,
    split_pieces,
)
from helpers.language_model import LanguageModel, chances_of, next_token_loss, write
from helpers.positions import rotate
from helpers.runtime import set_seed
from helpers.training import training_step
from helpers.transformer import Block

SEEDS = range(10)
WIDTH, HEADS, BLOCKS, DROPOUT = 96, 4, 3, 0.2
STEPS, RATE, WEIGHT_DECAY, LENGTH, SIZE = 3_000, 0.005, 0.1, 256, 4
LONGEST = 9  # characters of an n-gram
SMOOTHINGS = {"Witten-Bell": False, "Kneser-Ney": True}


class FusedAttention(MultiHeadAttention):
    """Causal attention with rotary positions, by PyTorch's faster function, without the weights."""

    def forward(self, x, mask=None):
        at = torch.arange(x.shape[1])  # (T)
        query = rotate(split_heads(self.to_query(x), self.n_heads), at)  # (B, H, T, D)
        key = rotate(split_heads(self.to_key(x), self.n_heads), at)  # (B, H, S, D)
        value = split_heads(self.to_value(x), self.n_heads)  # (B, H, S, D)
        context = scaled_dot_product_attention(query, key, value, is_causal=True)
        return self.to_output(merge_heads(context)), None


class DropoutBlock(Block):
    """A block that in training leaves out a random fifth of what it adds to the stream."""

    def __init__(self):
        super().__init__(WIDTH)
        self.attention = FusedAttention(WIDTH, HEADS)

    def forward(self, x, mask=None):
        context, _ = self.attention(self.norm_attention(x))
        x = x + dropout(context, DROPOUT, self.training)
        changed = self.feed_forward(self.norm_feed_forward(x))
        return x + dropout(changed, DROPOUT, self.training), None


def learn(model, batches):
    """Train in place with AdamW; return the mean loss of the last 100 steps, in bits.

    The rate rises for 20 steps, stays for two fifths of all, and falls to 0 in a straight line.
    """
    optimizer = torch.optim.AdamW(model.parameters(), RATE, (0.9, 0.95), weight_decay=WEIGHT_DECAY)
    n, losses = len(batches), []

    def share(step):
        return min((step + 1) / 20, 1, (n - step) / (0.6 * n))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, share)
    for batch in batches:
        losses.append(training_step(model, batch, optimizer, next_token_loss))
        schedule.step()
    model.eval()
    return sum(losses[-100:]) / 100 / math.log(2)


@torch.no_grad()
def chances_shown(model, tokens, characters):
    """Return the chance of each token but the first, given only so many characters before it.

    Shapes: tokens (S) -> (S - characters).
    """
    chances = []
    for some in tokens.unfold(0, characters + 1, 1).split(1_024):  # (B, T+1)
        logits = model(some[:, :-1])[:, -1:]  # (B, 1, V)
        chances.append(logits.softmax(dim=-1).gather(-1, some[:, -1:, None]).flatten())
    return torch.cat(chances)


def bits_of(*chances):
    """Return the mean bits of tokens with the mean of these chances."""
    return -(sum(chances) / len(chances)).log2().mean().item()


def run(seed):
    """Return bits per held-out character, of the model and of 2- to 9-grams, and a written text."""
    train_text, held_text = split_pieces(python_manual(), seed=seed)
    vocabulary = Characters(train_text)
    tokens, held = vocabulary.encode(train_text), vocabulary.encode(held_text)
    bits = {
        smoothing: {
            n: count_bits(tokens, held, n - 1, len(vocabulary), way) for n in range(2, LONGEST + 1)
        }
        for smoothing, way in SMOOTHINGS.items()
    }
    set_seed()
    blocks = [DropoutBlock() for _ in range(BLOCKS)]
    model = LanguageModel(len(vocabulary), WIDTH, blocks, nn.LayerNorm(WIDTH))
    bits["in training"] = learn(model, excerpts(tokens, STEPS, LENGTH, SIZE, seed))
    own = chances_of(model, held, LENGTH).double()  # (_), from token `first` on
    first, counted = LENGTH // 2 + 1, {}
    for way, n in (
        ("Kneser-Ney", LONGEST),
        ("Witten-Bell", min(bits["Witten-Bell"], key=bits["Witten-Bell"].get)),
    ):
        counts = count_chances(tokens, held, n - 1, len(vocabulary), SMOOTHINGS[way])
        counted[way] = torch.from_numpy(counts)[first - (n - 1) :][: len(own)]  # (_)
    few = chances_shown(model, held[first - LONGEST + 1 :], LONGEST - 1)[: len(own)]  # (_)
    bits["model"], bits["shown eight"] = bits_of(own), bits_of(few.double())
    bits["half and half"] = bits_of(own, counted["Kneser-Ney"])
    bits["two n-grams"] = bits_of(*counted.values())
    bits["parameters"] = sum(p.numel() for p in model.parameters())
    start = vocabulary.encode("The ")[None]  # (B, T)
    bits["written"] = vocabulary.decode(write(model, start, 240, 0.7)[0])
    return bits


def check(results):
    """See the model ahead of counts by Witten and Bell, and helped by what stands farther back.

    Half of it and half of the best n-gram is better than either; half of two n-grams is not.
    """
    for bits in results.values():
        counted = min(bits["Kneser-Ney"].values())
        assert bits["model"] < min(bits["Witten-Bell"].values()) - 0.1
        assert bits["shown eight"] > bits["model"] + 0.02
        assert bits["half and half"] < min(bits["model"], counted) - 0.05
        assert bits["two n-grams"] > counted - 0.02
