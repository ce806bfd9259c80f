"""Checkers for the exercises of notebook 09, heads and scale. Used there only."""

import math

import torch

from helpers.attention import merge_heads, split_heads
from helpers.exercises.explain import describe_type
from helpers.exercises.judge import Verdict, compare, mistake, random_tensor
from helpers.exercises.networks import Complaint, answer, judge_network, percent
from helpers.lookups import draw_calls
from helpers.messages import later, say

N_ASKED, N_PEOPLE = 4, 8  # names in a call, and people
N_HEADS = 32  # of one component each
CALLS = 500  # calls on which the longer exercise's network is judged
ENOUGH = 0.95  # share of them that a trained network answers right
AT_CHANCE = 0.1  # share up to which it may be guessing: 1 in 16
NO_HEADS = later(
    "No network was handed over yet. Build a `WhoIsHome` with {heads} heads for {asked} names, "
    "train it, and put its name in the place of None."
)
LIKE_WHO_IS_HOME = later(
    "Given names of shape {asked} and who is at home, of shape {home}, the network should return "
    "two things, as `WhoIsHome` does: answers of shape {answers} and weights of shape {weights}, "
    "where H counts the heads. Yours returned {got}."
)
OTHER_HEADS = later(
    "With H = {got}, it answers {right} of {count} calls correctly, {percent}%. This exercise asks "
    "for {heads} heads, each one component wide."
)
TOO_WIDE = later(
    "It has {heads} heads, but the scores of one head take more than one component to make. "
    "{heads} heads share a width of {heads}: what is the width of one?"
)
GUESSING = later(
    "It has {heads} heads of one component, as it should, and answers {right} of {count} calls "
    "correctly, {percent}%: at chance, which is one in sixteen. Train it first."
)
NOT_YET = later(
    "It has {heads} heads of one component, as it should, and answers {right} of {count} calls "
    "correctly, {percent}%: {needed} are needed. It is learning, so train it on."
)
ANSWERS = later(
    "It answers {right} of {count} calls correctly, {percent}%, with {heads} heads of one "
    "component. Over all these calls, no head gave its largest weight to more than {most} of the "
    "{people} people."
)


def check_split(cut_into_heads) -> Verdict:
    """Check `cut_into_heads(x, n_heads)`, (B, T, E) -> (B, H, T, D)."""
    cases = [(random_tensor(2, 6, 12), 3), (random_tensor(3, 7, 10, seed=1), 2)]

    def draw(seed):
        batch, words, heads, width = 1 + seed % 2, 1 + seed % 7, 1 + seed % 4, 1 + seed % 5
        if seed % 3 == 0:
            batch, words, heads, width = 2, 6, 3, 4
        return random_tensor(batch, words, heads * width, seed=seed), heads

    mistakes = [
        mistake(
            "The shape is right, and the words are scrambled: the components lie in memory word "
            "by word. Cut the last axis first, then move the heads forward.",
            lambda x, n: x.reshape(len(x), n, x.shape[1], -1),
        ),
        mistake(
            "You dealt the components out in turn, like cards. Head h gets a block: components hD "
            "to (h+1)D.",
            lambda x, n: x.unflatten(-1, (-1, n)).permute(0, 3, 1, 2),
        ),
        mistake(
            "The heads are cut, but stand behind the words: (B, T, H, D). Swap the two axes: "
            "`transpose(1, 2)`.",
            lambda x, n: x.unflatten(-1, (n, -1)),
        ),
        mistake(
            "You made pieces of `n_heads` components. There are `n_heads` pieces of D components, "
            "and the heads come before the words.",
            lambda x, n: x.unflatten(-1, (-1, n)),
        ),
        mistake(
            "Heads and width changed places: there are `n_heads` heads, each of width E / H.",
            lambda x, n: split_heads(x, x.shape[-1] // n),
        ),
        mistake(
            "The heads come first of all: (H, B, T, D). The batch stays in front: `dim=1`.",
            lambda x, n: torch.stack(x.chunk(n, -1)),
        ),
        mistake(
            "The heads come last: (B, T, D, H). They belong right after the batch.",
            lambda x, n: torch.stack(x.chunk(n, -1), dim=-1),
        ),
        mistake(
            "The last two axes changed places: each head holds T words of D components.",
            lambda x, n: split_heads(x, n).mT,
        ),
        mistake(
            "You cut the axis of the words. Each head sees all words: cut the last axis.",
            lambda x, n: torch.stack(x.chunk(n, 1), dim=1),
        ),
        mistake(
            "The heads are in reverse. The first head gets the first D components of each word.",
            lambda x, n: split_heads(x, n).flip(1),
        ),
        mistake(
            "These are the heads, in a list. Make one tensor of them: `torch.stack(…, dim=1)`.",
            lambda x, n: list(x.chunk(n, -1)),
        ),
        mistake(
            "`cat` put the heads one after another along the words. `stack` gives them an axis.",
            lambda x, n: torch.cat(x.chunk(n, -1), dim=1),
        ),
        mistake(
            "Each head got all components of every word. Each gets a part of them, E / H.",
            lambda x, n: x[:, None].expand(-1, n, -1, -1),
        ),
        mistake(
            "Cutting comes first: the last axis into `n_heads` pieces.",
            lambda x, n: merge_heads(x),
        ),
    ]
    right = say("Each head sees all words, and its own part of each.")
    without = ("unflatten", "Unflatten")
    return compare(cut_into_heads, split_heads, cases, mistakes, right, draw=draw, without=without)


def check_merge(join_heads) -> Verdict:
    """Check `join_heads(x)`, (B, H, T, D) -> (B, T, E)."""
    cases = [(random_tensor(2, 3, 5, 4),), (random_tensor(3, 2, 4, 7, seed=1),)]

    def draw(seed):
        batch, heads, words, width = 1 + seed % 4, 1 + seed % 3, 1 + seed % 7, 1 + seed % 5
        if seed % 3 == 0:
            batch, heads, words, width = 2, 3, 5, 4
        return (random_tensor(batch, heads, words, width, seed=seed),)

    mistakes = [
        mistake(
            "The shape is right, and the words are scrambled: the components lie in memory head by "
            "head. Bring the heads of a word together first: `transpose(1, 2)`.",
            lambda x: x.reshape(len(x), x.shape[2], -1),
        ),
        mistake(
            "The heads are interleaved: each word begins with the first component of every head. "
            "The first head comes first, with all its D components.",
            lambda x: x.permute(0, 2, 3, 1).flatten(2),
        ),
        mistake(
            "The heads stand beside one another, but have an axis of their own: (B, T, H, D). Make "
            "one axis of the last two: `flatten(2)`.",
            lambda x: x.transpose(1, 2),
        ),
        mistake(
            "The heads have an axis of their own, at the end: (B, T, D, H). Put them side by side "
            "along the width instead: `cat` with `dim=-1`.",
            lambda x: x.permute(0, 2, 3, 1),
        ),
        mistake(
            "You put the heads one after another along the words: (B, H · T, D). They belong side "
            "by side along the width, so that each word has E components.",
            lambda x: x.flatten(1, 2),
        ),
        mistake(
            "The heads of a word stand one below another: (B, T · H, D). They belong side by side "
            "along the width.",
            lambda x: x.transpose(1, 2).flatten(1, 2),
        ),
        mistake(
            "You made one axis of words and width: (B, H, T · D). Heads and width become one; move "
            "the heads behind the words first: `transpose(1, 2)`.",
            lambda x: x.flatten(2),
        ),
        mistake(
            "One axis too many is gone: (B, T · E). The words keep theirs: `flatten(2)`.",
            lambda x: x.transpose(1, 2).flatten(1),
        ),
        mistake(
            "You averaged the heads. All of them stay, side by side: E = H × D components.",
            lambda x: x.mean(1),
        ),
        mistake(
            "You added the heads up. All of them stay, side by side: E = H × D components.",
            lambda x: x.sum(1),
        ),
        mistake(
            "The words come before the batch: (T, B, E). The batch stays in front.",
            lambda x: merge_heads(x).transpose(0, 1),
        ),
        mistake(
            "Words and width changed places: (B, E, T). The width comes last.",
            lambda x: merge_heads(x).mT,
        ),
        mistake(
            "The heads are in reverse. The first head comes first.",
            lambda x: merge_heads(x.flip(1)),
        ),
        mistake(
            "That is the first head alone. All of them stay, side by side: E = H × D components.",
            lambda x: x[:, 0],
        ),
        mistake(
            "These are the heads, in a list. Put them side by side: `torch.cat(…, dim=-1)`.",
            lambda x: list(x.unbind(1)),
        ),
        mistake(
            "After `transpose`, the components do not lie in memory as `view` needs them. Take "
            "`reshape`, or `flatten`.",
            lambda x: x.transpose(1, 2).view(len(x), x.shape[2], -1),
        ),
    ]
    right = say("It undoes the cutting: each word has the components of all its heads, in order.")
    return compare(join_heads, merge_heads, cases, mistakes, right, draw=draw)


def check_head_scores(head_scores) -> Verdict:
    """Check `head_scores(query, key)`, (B, H, T, D) and (B, H, S, D) -> (B, H, T, S)."""

    def inputs(batch, heads, queries, keys, width, seed):
        query = random_tensor(batch, heads, queries, width, seed=seed)
        return query, random_tensor(batch, heads, keys, width, seed=seed + 40)

    cases = [inputs(2, 3, 5, 6, 4, seed=0), inputs(3, 2, 4, 5, 7, seed=1)]

    def draw(seed):
        if seed % 3 == 0:
            return inputs(2, 3, 5, 6, 4, seed=seed + 2)
        heads, queries, keys, width = 1 + seed % 3, 1 + seed % 5, 1 + seed % 4, 5 + seed % 7
        return inputs(1 + seed % 2, heads, queries, keys, width, seed=seed)

    def divided(query, key, by):
        return query @ key.mT / by

    def oracle(query, key):
        return divided(query, key, math.sqrt(query.shape[-1]))

    mistakes = [
        mistake(
            "The scores are not divided. Divide them by √D, where D is the width of a head.",
            lambda query, key: divided(query, key, 1),
        ),
        mistake(
            "You divided by D. Divide by its square root.",
            lambda query, key: divided(query, key, query.shape[-1]),
        ),
        mistake(
            "You divided by √E, the width of all heads together. One score adds up the D products "
            "of one head, so D is the number to take the root of.",
            lambda query, key: divided(query, key, math.sqrt(query.shape[1] * query.shape[-1])),
        ),
        mistake(
            "You divided by √S, and S is the number of keys. Divide by √D, where D is the width of "
            "a head.",
            lambda query, key: divided(query, key, math.sqrt(key.shape[2])),
        ),
        mistake(
            "You divided by √T, and T is the number of queries. Divide by √D, where D is the width "
            "of a head.",
            lambda query, key: divided(query, key, math.sqrt(query.shape[2])),
        ),
        mistake(
            "You divided by √H, and H is the number of heads. Divide by √D, where D is the width "
            "of a head.",
            lambda query, key: divided(query, key, math.sqrt(query.shape[1])),
        ),
        mistake(
            "You multiplied by √D. Divide.",
            lambda query, key: divided(query, key, 1 / math.sqrt(query.shape[-1])),
        ),
        mistake(
            "You divided by the lengths of the vectors: these are cosines. Divide by √D alone.",
            lambda query, key: unit(query) @ unit(key).mT,
        ),
        mistake(
            "These are weights. Return the scores, before the softmax.",
            lambda query, key: oracle(query, key).softmax(-1),
        ),
        mistake(
            "These are weights, and of scores that are not divided. Return the scores, divided by "
            "√D, before the softmax.",
            lambda query, key: divided(query, key, 1).softmax(-1),
        ),
        mistake(
            "The heads were added up. Each head has scores of its own: (B, H, T, S).",
            lambda query, key: oracle(query, key).sum(1),
        ),
        mistake(
            "The heads were averaged. Each head has scores of its own: (B, H, T, S).",
            lambda query, key: oracle(query, key).mean(1),
        ),
        mistake(
            "Queries and keys changed places: the queries are the rows, so `query` comes first.",
            lambda query, key: oracle(query, key).mT,
        ),
        mistake(
            "The products were not added up: (B, H, T, S, D). A score is the sum of D products.",
            lambda query, key: query[:, :, :, None] * key[:, :, None] / math.sqrt(query.shape[-1]),
        ),
        mistake(
            "That is the first head alone. Each head has scores of its own: (B, H, T, S).",
            lambda query, key: oracle(query, key)[:, 0],
        ),
        mistake(
            "Each query meets each key: transpose the last two axes of the keys, `key.mT`.",
            lambda query, key: query @ key,
        ),
        mistake(
            "You transposed heads and keys. It is the last two axes that change places: `key.mT`.",
            lambda query, key: query @ key.transpose(1, 2),
        ),
        mistake(
            "You turned all four axes round. Only the last two change places: `key.mT`.",
            lambda query, key: query @ key.permute(3, 2, 1, 0),
        ),
    ]

    def unit(x):
        return x / x.norm(dim=-1, keepdim=True)

    right = say("Queries and keys of variance 1 now get scores of variance 1, whatever the width.")
    return compare(head_scores, oracle, cases, mistakes, right, draw=draw)


def check_narrow(model) -> Verdict:
    """Check a trained network of N_HEADS heads of one component that answers N_ASKED names a call.

    Shapes: the network takes asked (B, K) and at_home (B, S) -> answers (B, K), weights (B, H, S).
    """
    missing = say(NO_HEADS, heads=N_HEADS, asked=N_ASKED)
    return judge_network(model, None, _ask_narrow, missing)


def _ask_narrow(model):
    """Return what to say of such a network; complain of any other."""
    generator = torch.Generator().manual_seed(90)
    calls = draw_calls(generator, CALLS, N_ASKED, N_PEOPLE)
    device = next(model.parameters()).device
    asked, at_home, wanted = (each.to(device) for each in calls)
    answers, weights = _answers(model, asked, at_home)
    right = int(((answers > 0) == wanted.bool()).all(dim=-1).sum())
    told = {"right": right, "count": CALLS, "percent": percent(right, CALLS)}
    told["heads"] = N_HEADS
    if (got := weights.shape[1]) != N_HEADS:
        raise Complaint(say(OTHER_HEADS, got=got, **told))
    if not _of_one_component(weights):
        raise Complaint(say(TOO_WIDE, heads=N_HEADS))
    if right <= AT_CHANCE * CALLS:
        raise Complaint(say(GUESSING, **told))
    if right < ENOUGH * CALLS:
        raise Complaint(say(NOT_YET, needed=round(ENOUGH * CALLS), **told))
    largest = weights.argmax(dim=-1)  # (B, H)
    most = max(len(set(head.tolist())) for head in largest.T)
    return say(ANSWERS, most=most, people=N_PEOPLE, **told)


def _answers(model, asked, at_home):
    """Return answers (B, K) and weights (B, H, S) of a network; complain of other shapes."""
    returned = answer(model, asked, at_home)
    several = isinstance(returned, list | tuple)
    if several and len(returned) == 2 and all(isinstance(r, torch.Tensor) for r in returned):
        answers, weights = returned
        if weights.ndim == 4 and weights.shape[2] == 1:  # of one query
            weights = weights[:, :, 0]
        fitting = weights.ndim == 3 and weights.shape[::2] == at_home.shape
        if answers.shape == asked.shape and fitting:
            return answers, weights.cpu().double()
    got = ", ".join(map(describe_type, returned)) if several else describe_type(returned)
    shapes = {"asked": tuple(asked.shape), "home": tuple(at_home.shape)}
    shapes |= {"answers": tuple(asked.shape), "weights": f"({len(asked)}, H, {N_PEOPLE})"}
    raise Complaint(say(LIKE_WHO_IS_HOME, got=got, **shapes))


def _of_one_component(weights):
    """Tell whether one number for each call and one for each person make a head's scores.

    Then the logarithms of its weights, less their mean, are multiples of one row.
    Shapes: weights (B, H, S) -> a bool.
    """
    for head in weights.unbind(dim=1):
        seen = head[(head > 1e-30).all(dim=-1)].log()  # what is smaller, float32 rounds
        if len(seen):
            sizes = torch.linalg.svdvals(seen - seen.mean(dim=-1, keepdim=True))
            if sizes[1:].sum() > 1e-3 * sizes[0] + 1e-4:
                return False
    return True
