"""Wrong answers to the exercises of notebook 04, the limits of recurrence."""

from tests.exercises.banks import Wrong

NOT_A_NUMBER = "There is NaN"
SHAPE = "The shape should be"
IN_PLACE = "changed its inputs in place"

BANK = {
    "exercise-distances": [
        Wrong(
            "returns None: no return",
            "ends with `return`",
            """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                for i in range(1, len(reads)):
                    known = known | (reads.float() @ known.float() > 0)
            """,
        ),
        Wrong(
            "raises: a product of booleans and numbers",
            "numbers of one kind",
            """
            def distances_of(reads):
                known = torch.eye(len(reads))
                rounds = torch.zeros(len(reads), len(reads))
                for i in range(1, len(reads)):
                    known = known + reads @ known
                    rounds = rounds.masked_fill(known > 0, i)
                return rounds
            """,
        ),
        Wrong(
            "raises: a name that is not there",
            "NameError",
            """
            def distances_of(reads):
                return reads.float() @ known
            """,
        ),
        Wrong(
            "wrong shape: the farthest of each row",
            SHAPE,
            """
            def distances_of(reads):
                known, count = torch.eye(len(reads)).bool(), torch.zeros(len(reads))
                for i in range(1, len(reads)):
                    known = known | (reads.float() @ known.float() > 0)
                    count = count + 1
                return count
            """,
        ),
        Wrong(
            "wrong type: a list of rows",
            "Return a tensor: yours returned a list",
            """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.zeros(reads.shape).masked_fill(~known, torch.inf)
                for i in range(1, len(reads)):
                    known = known | (reads.float() @ known.float() > 0)
                    rounds = rounds.masked_fill(known & rounds.isinf(), i)
                return list(rounds)
            """,
        ),
        Wrong(
            "NaN: inf times 0",
            NOT_A_NUMBER,
            """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.zeros(reads.shape)
                for i in range(1, len(reads)):
                    known = known | (reads.float() @ known.float() > 0)
                return torch.inf * (~known).float()
            """,
        ),
        Wrong(
            "in place: the diagonal is filled into the input",
            IN_PLACE,
            """
            def distances_of(reads):
                reads.fill_diagonal_(True)
                known = torch.eye(len(reads)).bool()
                rounds = torch.zeros(reads.shape).masked_fill(~known, torch.inf)
                for i in range(1, len(reads)):
                    known = reads.float() @ known.float() > 0
                    rounds = rounds.masked_fill(known & rounds.isinf(), i)
                return rounds
            """,
        ),
        Wrong(
            "transposed",
            "Row t is the reader",
            """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.zeros(reads.shape).masked_fill(~known, torch.inf)
                for i in range(1, len(reads)):
                    known = known | (reads.T.float() @ known.float() > 0)
                    rounds = rounds.masked_fill(known & rounds.isinf(), i)
                return rounds
            """,
        ),
        Wrong(
            "fresh news within a round",
            "All of them work at the same time",
            """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.zeros(reads.shape).masked_fill(~known, torch.inf)
                for i in range(1, len(reads)):
                    for t in range(len(reads)):
                        for s in range(len(reads)):
                            if reads[t, s]:
                                known[t] = known[t] | known[s]
                    rounds[known & rounds.isinf()] = i
                return rounds
            """,
        ),
        Wrong(
            "overwritten by later rounds",
            "over an earlier one",
            """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                own = known
                rounds = torch.zeros(reads.shape).masked_fill(~known, torch.inf)
                for i in range(1, len(reads)):
                    known = known | (reads.float() @ known.float() > 0)
                    rounds = rounds.masked_fill(known & ~own, i)
                return rounds
            """,
        ),
        Wrong(
            "one round only",
            "That is one round",
            """
            def distances_of(reads):
                rounds = torch.full(reads.shape, torch.inf).masked_fill(reads, 1)
                return rounds.fill_diagonal_(0)
            """,
        ),
        Wrong(
            "one round short",
            "stopped one round early",
            """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.zeros(reads.shape).masked_fill(~known, torch.inf)
                for i in range(1, len(reads) - 1):
                    known = known | (reads.float() @ known.float() > 0)
                    rounds = rounds.masked_fill(known & rounds.isinf(), i)
                return rounds
            """,
        ),
        Wrong(
            "counted from 0",
            "one round too few",
            """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.zeros(reads.shape).masked_fill(~known, torch.inf)
                for i in range(len(reads)):
                    known = known | (reads.float() @ known.float() > 0)
                    rounds = rounds.masked_fill(known & rounds.isinf(), i)
                return rounds
            """,
        ),
        Wrong(
            "counted from 2",
            "one round too many",
            """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.ones(reads.shape).masked_fill(~known, torch.inf)
                for i in range(2, len(reads) + 1):
                    known = known | (reads.float() @ known.float() > 0)
                    rounds = rounds.masked_fill(known & rounds.isinf(), i)
                return rounds
            """,
        ),
        Wrong(
            "0 for never",
            "0 would mean that it is there already",
            """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.zeros(reads.shape)
                for i in range(1, len(reads)):
                    new = (reads.float() @ known.float() > 0) & ~known
                    known, rounds = known | new, rounds.masked_fill(new, i)
                return rounds
            """,
        ),
        Wrong(
            "-1 for never",
            "the answer is",
            """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.full(reads.shape, -1.0).masked_fill(known, 0)
                for i in range(1, len(reads)):
                    new = (reads.float() @ known.float() > 0) & ~known
                    known, rounds = known | new, rounds.masked_fill(new, i)
                return rounds
            """,
        ),
        Wrong(
            "the own word is not known",
            "knows its own word from the start",
            """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.full(reads.shape, torch.inf)
                for i in range(1, len(reads)):
                    new = (reads.float() @ known.float() > 0) & ~known
                    known, rounds = known | new, rounds.masked_fill(new, i)
                return rounds
            """,
        ),
        Wrong(
            "squared: the reach doubles",
            "doubles the reach",
            """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.zeros(reads.shape).masked_fill(~known, torch.inf)
                known = known | reads
                for i in range(1, len(reads)):
                    rounds = rounds.masked_fill(known & rounds.isinf(), i)
                    known = known.float() @ known.float() > 0
                return rounds
            """,
        ),
        Wrong(
            "how far apart they stand",
            "follow it",
            """
            def distances_of(reads):
                place = torch.arange(len(reads)).float()
                return (place[:, None] - place[None, :]).abs()
            """,
        ),
        Wrong(
            "whether, not when",
            "Return in which round",
            """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                for i in range(1, len(reads)):
                    known = known | (reads.float() @ known.float() > 0)
                return known.float()
            """,
        ),
    ],
    "exercise-slope": [
        Wrong(
            "returns None: no return",
            "ends with `return`",
            """
            def step_slope(back, state):
                slope = 1 - state**2
                slope[:, None] * back
            """,
        ),
        Wrong(
            "raises: a column of the wrong kind",
            "at the line",
            """
            def step_slope(back, state):
                return torch.diag(1 - state**2) @ back[None, :2]
            """,
        ),
        Wrong(
            "raises: a third input",
            "missing 1 required positional argument",
            """
            def step_slope(back, state, previous):
                return (1 - state**2)[:, None] * back
            """,
        ),
        Wrong(
            "wrong shape: a product in place of a scaling",
            "one axis is gone. Scale each row",
            """
            def step_slope(back, state):
                return (1 - state**2) @ back
            """,
        ),
        Wrong(
            "wrong shape: a product from the other side",
            "one axis is gone",
            """
            def step_slope(back, state):
                return torch.mv(back, 1 - state.square())
            """,
        ),
        Wrong(
            "wrong shape: an axis too many",
            SHAPE,
            """
            def step_slope(back, state):
                return (1 - state**2)[:, None, None] * back
            """,
        ),
        Wrong(
            "NaN: the state taken back through the tanh twice",
            NOT_A_NUMBER,
            """
            def step_slope(back, state):
                before = torch.atanh(2 * torch.sign(state))
                return (1 - torch.tanh(before) ** 2)[:, None] * back
            """,
        ),
        Wrong(
            "in place: the matrix is scaled where it stands",
            IN_PLACE,
            """
            def step_slope(back, state):
                back *= (1 - state**2)[:, None]
                return back
            """,
        ),
        Wrong(
            "no tanh",
            "the slope without the tanh",
            """
            def step_slope(back, state):
                return back
            """,
        ),
        Wrong(
            "columns scaled",
            "You scaled the columns",
            """
            def step_slope(back, state):
                return back * (1 - state**2)
            """,
        ),
        Wrong(
            "transposed result",
            "Rows and columns changed places",
            """
            def step_slope(back, state):
                return back.T * (1 - state**2)
            """,
        ),
        Wrong(
            "transposed matrix",
            "`back` is transposed",
            """
            def step_slope(back, state):
                return torch.diag(1 - state**2) @ back.T
            """,
        ),
        Wrong(
            "tanh of the state",
            "One tanh too many",
            """
            def step_slope(back, state):
                return (1 - torch.tanh(state) ** 2)[:, None] * back
            """,
        ),
        Wrong(
            "not squared",
            "did not square",
            """
            def step_slope(back, state):
                return (1 - state)[:, None] * back
            """,
        ),
        Wrong(
            "slope of the sigmoid",
            "the slope of a sigmoid",
            """
            def step_slope(back, state):
                return (state * (1 - state)).unsqueeze(1) * back
            """,
        ),
        Wrong(
            "the square alone",
            "That is state²",
            """
            def step_slope(back, state):
                return (state**2)[:, None] * back
            """,
        ),
        Wrong(
            "the slope of the tanh alone",
            "the slope of the tanh alone",
            """
            def step_slope(back, state):
                return torch.diag(1 - state**2)
            """,
        ),
        Wrong(
            "one step too far",
            "need not compute another one",
            """
            def step_slope(back, state):
                return (1 - (back @ state) ** 2)[:, None] * back
            """,
        ),
        Wrong(
            "divided",
            "Multiply by it",
            """
            def step_slope(back, state):
                return back / (1 - state**2)[:, None]
            """,
        ),
    ],
    "exercise-speedup": [
        Wrong(
            "returns None: no return",
            "`return` it",
            """
            def speedup(waiting, working, times):
                print((waiting + working) / (waiting + working / times))
            """,
        ),
        Wrong(
            "raises: a name that is not there",
            "NameError",
            """
            def speedup(waiting, working, times):
                return total / (waiting + working / times)
            """,
        ),
        Wrong(
            "raises: divided by the waiting",
            "ZeroDivisionError",
            """
            def speedup(waiting, working, times):
                share = working / waiting
                return (1 + share) / (1 + share / times)
            """,
        ),
        Wrong(
            "wrong type: two numbers",
            "Return one number",
            """
            def speedup(waiting, working, times):
                return waiting + working, waiting + working / times
            """,
        ),
        Wrong(
            "the working alone",
            "the speed-up of the working",
            """
            def speedup(waiting, working, times):
                return working / (working / times)
            """,
        ),
        Wrong(
            "seconds afterwards",
            "These are the seconds afterwards",
            """
            def speedup(waiting, working, times):
                return waiting + working / times
            """,
        ),
        Wrong(
            "upside down",
            "Upside down",
            """
            def speedup(waiting, working, times):
                return (waiting + working / times) / (waiting + working)
            """,
        ),
        Wrong(
            "the waiting sped up",
            "You sped up the waiting",
            """
            def speedup(waiting, working, times):
                return (waiting + working) / (waiting / times + working)
            """,
        ),
        Wrong(
            "slower hardware",
            "Faster means fewer seconds",
            """
            def speedup(waiting, working, times):
                return (waiting + working) / (waiting + working * times)
            """,
        ),
        Wrong(
            "seconds saved",
            "These are the seconds saved",
            """
            def speedup(waiting, working, times):
                return working - working / times
            """,
        ),
        Wrong(
            "no brackets before",
            "the whole of the seconds before",
            """
            def speedup(waiting, working, times):
                return waiting + working / (waiting + working / times)
            """,
        ),
        Wrong(
            "no brackets after",
            "all of the seconds after",
            """
            def speedup(waiting, working, times):
                return (waiting + working) / waiting + working / times
            """,
        ),
        Wrong(
            "less one",
            "less one",
            """
            def speedup(waiting, working, times):
                return (waiting + working) / (waiting + working / times) - 1
            """,
        ),
        Wrong(
            "in percent",
            "in percent",
            """
            def speedup(waiting, working, times):
                return 100 * (waiting + working) / (waiting + working / times)
            """,
        ),
    ],
}

EXEMPT = {
    "exercise-speedup": {
        "wrong shape": "the answer is one number",
        "NaN": "dividing plain floats by zero raises an error instead",
        "in place": "the inputs are plain numbers",
    },
}
