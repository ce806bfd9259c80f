"""Checkers for the exercises of notebook 04, the limits of recurrence. Used there only."""

import torch

from helpers.exercises.explain import describe_type
from helpers.exercises.judge import Verdict, compare, mistake, random_tensor
from helpers.exercises.networks import NEEDED, Complaint, answer, judge_network, percent
from helpers.messages import later, say
from helpers.recall import SYMBOLS

LENGTH = 33  # symbols that the longer exercise's network reads
SEQUENCES = 500  # of them, on which it is judged
AT_CHANCE = 0.2  # share of right answers up to which it may be guessing
NO_RECALLER = later(
    "No network was handed over yet. Build a `Recaller(nn.GRU)`, change how its update gate "
    "starts, train it, and put its name in the place of None."
)
ANSWERS = later(
    "Given symbols of shape {given}, the network should return logits of shape {short}, or of "
    "shape {long}, of which the last step counts. Yours returned {got}."
)
OTHERS_MATTER = later(
    "What it answers to a sequence changes with the other sequences of the batch. Does the "
    "recurrent network go along the symbols? The batch is the first axis: `batch_first=True`."
)
GUESSING = later(
    "It names the first symbol of {right} of {count} sequences, {percent}%: at chance, which is "
    "one in eight. If it has been trained, look at how its update gate started: which slice of "
    "`bias_ih_l0` is its bias, and which sign keeps most of the state?"
)
NOT_YET = later(
    "It names the first symbol of {right} of {count} sequences, {percent}%: {needed} are needed. "
    "It is learning, so train it on."
)

STALE = later(
    "In your rounds, a position hears what another one learned in this same round. All of them "
    "work at the same time: make the new `known` from the old one only."
)
ONE_KIND = later("A matrix product needs numbers of one kind: `reads.float() @ known.float() > 0`.")


def reaches(reads, rounds):
    """Return the round in which each position first knows each word; inf where it never does.

    Shapes: reads (S, S) -> (S, S).
    """
    known = torch.eye(len(reads)).bool()
    found = torch.zeros(reads.shape).masked_fill(~known, torch.inf)
    for i in range(1, rounds + 1):
        known = known | (reads.float() @ known.float() > 0)
        found = found.masked_fill(known & found.isinf(), i)
    return found


def check_distances(distances_of) -> Verdict:
    """Check `distances_of(reads)`, the rounds until each position knows each word.

    Shapes: reads (S, S), booleans -> (S, S).
    """

    def chain(size):
        return torch.ones(size, size).tril(-1).triu(-1).bool()  # each reads its left neighbour

    both = torch.ones(6, 6).tril(1).triu(-1).bool()
    cases = [(chain(5),), (both,)]

    def draw(seed):
        numbers = torch.Generator().manual_seed(seed)
        size = 5 if seed % 3 == 0 else (1, 2, 4, 6, 7, 8, 9)[seed % 7]
        place = torch.randperm(size, generator=numbers)
        share = 0 if seed % 4 == 1 else 0.15  # of links that are cut or added
        changed = torch.rand(size, size, generator=numbers) < share
        return (chain(size)[place[:, None], place] ^ changed,)

    def oracle(reads):
        return reaches(reads, len(reads) - 1)

    def stale(step):
        def mistaken(reads):
            known = torch.eye(len(reads)).bool()
            found = torch.zeros(reads.shape).masked_fill(~known, torch.inf)
            for i in range(1, len(reads)):
                for t in range(len(reads))[::step]:
                    known[t] |= known[reads[t]].any(dim=0)
                found = found.masked_fill(known & found.isinf(), i)
            return found

        return mistaken

    def overwritten(reads):
        known = torch.eye(len(reads)).bool()
        found = torch.zeros(reads.shape).masked_fill(~known, torch.inf)
        for i in range(1, len(reads)):
            known = known | (reads.float() @ known.float() > 0)
            found = found.masked_fill(known & ~torch.eye(len(reads)).bool(), i)
        return found

    def doubled(reads):
        known = torch.eye(len(reads)).bool() | reads
        found = reaches(reads, 1)
        for i in range(2, len(reads)):
            known = known.float() @ known.float() > 0
            found = found.masked_fill(known & found.isinf(), i)
        return found

    def apart(reads):
        place = torch.arange(len(reads))
        return (place[:, None] - place).abs()

    mistakes = [
        mistake(
            "Rows and columns changed places. Row t is the reader: `reads[t, s]` says that t reads "
            "s, and the answer's row t holds what t has to wait.",
            lambda reads: oracle(reads.T),
        ),
        mistake(STALE, stale(1)),
        mistake(STALE, stale(-1)),
        mistake(
            "You wrote a round's number over an earlier one. The first round counts: write only "
            "where the answer is still `inf`.",
            overwritten,
        ),
        mistake(
            "That is one round. Go on, with what was learned in it: after S − 1 rounds nothing "
            "new can arrive.",
            lambda reads: reaches(reads, 1),
        ),
        mistake(
            "You stopped one round early: the farthest word takes S − 1 rounds.",
            lambda reads: reaches(reads, len(reads) - 2),
        ),
        mistake(
            "You count one round too many: what a neighbour knew at the start arrives in round 1, "
            "and a position's own word in round 0.",
            lambda reads: oracle(reads) + 1,
        ),
        mistake(
            "You count one round too few: what a neighbour knew at the start arrives in round 1.",
            lambda reads: (oracle(reads) - 1).clamp(min=0),
        ),
        mistake(
            "A word that never arrives has distance `inf`, not 0: 0 would mean that it is there "
            "already.",
            lambda reads: oracle(reads).nan_to_num(posinf=0),
        ),
        mistake(
            "Each position knows its own word from the start: 0 on the diagonal.",
            lambda reads: oracle(reads).masked_fill(torch.eye(len(reads)).bool(), torch.inf),
        ),
        mistake(
            "You let each position hear all that its neighbours will ever have gathered: squaring "
            "`known` doubles the reach each time. In one round, news moves along `reads` once.",
            doubled,
        ),
        mistake(
            "That is how far apart they stand. Who reads whom is in `reads`: follow it.", apart
        ),
        mistake(
            "That says who ever hears of whom. Return in which round.",
            lambda reads: oracle(reads).isfinite().float(),
        ),
        mistake(ONE_KIND, lambda reads: reads @ torch.eye(len(reads))),
        mistake(ONE_KIND, lambda reads: reads @ torch.eye(len(reads)).bool()),
    ]
    right = say(
        "So many rounds, however many processors: an RNN's farthest word takes S − 1 of them."
    )
    return compare(distances_of, oracle, cases, mistakes, right, draw=draw)


def check_step_slope(step_slope) -> Verdict:
    """Check `step_slope(back, state)`, the slopes of one RNN step.

    Shapes: back (E, E), state (E) -> (E, E).
    """
    cases = [(random_tensor(n, n, seed=n), random_tensor(n, seed=n + 1).tanh()) for n in (3, 5)]

    def draw(seed):
        size = 3 if seed % 3 == 0 else 1 + seed % 7
        back, state = random_tensor(size, size, seed=seed), random_tensor(size, seed=seed + 20)
        return back, (3 * state).tanh()  # some numbers near -1 and 1

    mistakes = [
        mistake(
            "That is the slope without the tanh. Row i is multiplied by 1 − state[i]².",
            lambda back, state: back,
        ),
        mistake(
            "You scaled the columns. tanh is applied to the *new* state, whose numbers are the "
            "rows: `[:, None]`.",
            lambda back, state: (1 - state**2) * back,
        ),
        mistake(
            "Rows and columns changed places: row i belongs to number i of the new state.",
            lambda back, state: ((1 - state**2)[:, None] * back).mT,
        ),
        mistake(
            "`back` is transposed, but the step is `back @ previous`: row i of `back` makes number "
            "i of the new state.",
            lambda back, state: (1 - state**2)[:, None] * back.mT,
        ),
        mistake(
            "One tanh too many: `state` has been through the tanh already.",
            lambda back, state: (1 - state.tanh() ** 2)[:, None] * back,
        ),
        mistake(
            "The slope of tanh is 1 − tanh², and you did not square the state.",
            lambda back, state: (1 - state)[:, None] * back,
        ),
        mistake(
            "That is the slope of a sigmoid. The slope of tanh is 1 − state².",
            lambda back, state: (state * (1 - state))[:, None] * back,
        ),
        mistake(
            "That is state². The slope of tanh is 1 − state²: nothing is left where the state is "
            "near −1 or 1.",
            lambda back, state: (state**2)[:, None] * back,
        ),
        mistake(
            "That is the slope of the tanh alone. What goes into it is `back @ previous`, and "
            "changes with `back`.",
            lambda back, state: torch.diag(1 - state**2),
        ),
        mistake(
            "You multiplied and added up over the new state, and one axis is gone. Scale each row: "
            "`[:, None] *`.",
            lambda back, state: (1 - state**2) @ back,
        ),
        mistake(
            "You multiplied and added up, and one axis is gone. Scale each row: `[:, None] *`.",
            lambda back, state: back @ (1 - state**2),
        ),
        mistake(
            "`state` is the new state: you need not compute another one from it.",
            lambda back, state: (1 - (back @ state) ** 2)[:, None] * back,
        ),
        mistake(
            "You divided by the slope. Multiply by it.",
            lambda back, state: (1 / (1 - state**2))[:, None] * back,
        ),
    ]

    def oracle(back, state):
        return (1 - state**2)[:, None] * back

    right = say("A step shrinks the gradient wherever the state is sure of itself.")
    return compare(step_slope, oracle, cases, mistakes, right, draw=draw)


def check_speedup(speedup) -> Verdict:
    """Check `speedup(waiting, working, times)`, Amdahl's law: three numbers -> one."""
    cases = [(3.0, 5.0, 10.0), (8.0, 2.5, 1000.0)]

    def draw(seed):  # from milliseconds to minutes
        waiting, working, times = (2 * random_tensor(3, seed=seed)).exp().tolist()
        return waiting, working, 1.5 + times

    def oracle(waiting, working, times):
        return (waiting + working) / (waiting + working / times)

    mistakes = [
        mistake(
            "That is the speed-up of the working. `times` belongs to the working alone: the "
            "waiting stays as long as it was.",
            lambda waiting, working, times: times,
        ),
        mistake(
            "These are the seconds afterwards. How many times do they go into the seconds before?",
            lambda waiting, working, times: waiting + working / times,
        ),
        mistake(
            "Upside down: a speed-up is the seconds before, divided by the seconds after.",
            lambda waiting, working, times: (waiting + working / times) / (waiting + working),
        ),
        mistake(
            "You sped up the waiting. New hardware is faster at the working; the waiting stays.",
            lambda waiting, working, times: (waiting + working) / (waiting / times + working),
        ),
        mistake(
            "The working takes `times` as long in your answer. Faster means fewer seconds: divide.",
            lambda waiting, working, times: (waiting + working) / (waiting + working * times),
        ),
        mistake(
            "These are the seconds saved. How many times as fast is it: divide, do not subtract.",
            lambda waiting, working, times: (waiting + working) - (waiting + working / times),
        ),
        mistake(
            "Brackets: divide the whole of the seconds before, `(waiting + working) / …`.",
            lambda waiting, working, times: waiting + working / (waiting + working / times),
        ),
        mistake(
            "Brackets: divide by all of the seconds after, `… / (waiting + working / times)`.",
            lambda waiting, working, times: (waiting + working) / waiting + working / times,
        ),
        mistake(
            "That is how much faster, less one. Twice as fast is a speed-up of 2.",
            lambda waiting, working, times: oracle(waiting, working, times) - 1,
        ),
        mistake(
            "That is in percent. Twice as fast is a speed-up of 2.",
            lambda waiting, working, times: 100 * oracle(waiting, working, times),
        ),
    ]
    right = say("What waits sets the limit, whatever the hardware.")
    return compare(speedup, oracle, cases, mistakes, right, draw=draw)


def check_gru_recall(model) -> Verdict:
    """Check a trained network that names the first of LENGTH symbols after the last one.

    Shapes: the network takes symbols (B, S) -> logits (B, V), or (B, T, V) whose last step counts.
    """
    return judge_network(model, None, _ask_recall, NO_RECALLER)


def _ask_recall(model):
    """Return what to say of a network that remembers the first symbol; complain of any other."""
    generator = torch.Generator().manual_seed(40)
    symbols = torch.randint(SYMBOLS, (SEQUENCES, LENGTH), generator=generator)
    symbols = symbols.to(next(model.parameters()).device)
    logits, some = _last_logits(model, symbols), _last_logits(model, symbols[-50:])
    if not torch.allclose(some, logits[-50:], atol=1e-3, rtol=1e-3, equal_nan=True):
        raise Complaint(say(OTHERS_MATTER))
    right = int((logits.argmax(dim=-1) == symbols[:, 0]).sum())
    told = {"right": right, "count": SEQUENCES, "percent": percent(right, SEQUENCES)}
    if right <= AT_CHANCE * SEQUENCES:
        raise Complaint(say(GUESSING, **told))
    if right < NEEDED * SEQUENCES:
        raise Complaint(say(NOT_YET, needed=round(NEEDED * SEQUENCES), **told))
    return say(
        "It names the first symbol of {right} of {count} sequences, {percent}%, after reading "
        "{others} more symbols.",
        others=LENGTH - 1,
        **told,
    )


def _last_logits(model, symbols):
    """Return the logits (B, V) of a network's last answer; complain of what has another shape."""
    returned, size = answer(model, symbols), len(symbols)
    shapes = [(size, SYMBOLS), (size, 1, SYMBOLS), (size, LENGTH, SYMBOLS)]
    if not isinstance(returned, torch.Tensor) or returned.shape not in shapes:
        short, _, long = shapes
        given = tuple(symbols.shape)
        got = describe_type(returned)
        raise Complaint(say(ANSWERS, given=given, short=short, long=long, got=got))
    return returned.reshape(size, -1, SYMBOLS)[:, -1]
