"""Answers to the exercises of notebook 04, the limits of recurrence."""

RIGHT = {
    "exercise-distances": {
        "until nothing changes": """
            def distances_of(reads):
                n = len(reads)
                rounds = torch.full((n, n), torch.inf).fill_diagonal_(0)
                i = 0
                while True:
                    i += 1
                    known = rounds.isfinite()
                    heard = (reads.float() @ known.float()).bool() & ~known
                    if not heard.any():
                        return rounds
                    rounds[heard] = i
        """,
        "sets of words": """
            def distances_of(reads):
                n = len(reads)
                known = [{t} for t in range(n)]
                rounds = [[0.0 if s == t else float("inf") for s in range(n)] for t in range(n)]
                for i in range(1, n + 1):
                    new = []
                    for t in range(n):
                        new.append(known[t].union(*(known[m] for m in range(n) if reads[t, m])))
                        for s in new[t] - known[t]:
                            rounds[t][s] = i
                    known = new
                return torch.tensor(rounds)
        """,
        "breadth first, from each position": """
            from collections import deque

            def distances_of(reads):
                friends = {t: row.nonzero().flatten().tolist() for t, row in enumerate(reads)}

                def search(start):
                    found, queue = {start: 0}, deque([start])
                    while queue:
                        at = queue.popleft()
                        for m in friends[at]:
                            if m not in found:
                                found[m] = found[at] + 1
                                queue.append(m)
                    return [found.get(s, torch.inf) for s in friends]

                return torch.tensor([search(t) for t in friends], dtype=torch.float64)
        """,
        "Floyd and Warshall": """
            def distances_of(reads):
                d = torch.where(reads, 1.0, torch.inf).fill_diagonal_(0)
                for k in range(len(d)):
                    d = torch.minimum(d, d[:, k, None] + d[k])
                return d
        """,
        "walks of exactly i steps": """
            def distances_of(reads):
                step, walk = reads.float(), torch.eye(len(reads))
                rounds = torch.full_like(step, torch.inf)
                for i in range(len(reads)):
                    rounds[(walk > 0) & (rounds == torch.inf)] = i
                    walk = walk @ step
                return rounds
        """,
        "matrix powers, counted": """
            @torch.no_grad()
            def distances_of(reads):
                n = len(reads)
                step = reads.float() + torch.eye(n)
                known = torch.stack([torch.linalg.matrix_power(step, i) > 0 for i in range(n)])
                rounds = (~known).sum(dim=0).float()
                rounds[~known[-1]] = float("inf")
                return rounds
        """,
        "shortest of sums, squared": """
            def distances_of(reads):
                d = torch.zeros(reads.shape).masked_fill(~reads, torch.inf) + reads
                d.fill_diagonal_(0)
                for _ in range(len(d)):
                    d = (d[:, :, None] + d[None]).min(dim=1).values
                return d
        """,
        "edges, relaxed in place": """
            def distances_of(reads):
                n = len(reads)
                d = (1 / torch.eye(n) - 1).abs()
                for _ in range(n):
                    for t, m in reads.nonzero().tolist():
                        d[t] = torch.minimum(d[t], d[m] + 1)
                return d
        """,
        "numpy": """
            import numpy as np

            def distances_of(reads):
                reads = reads.numpy().astype(int)
                known = np.eye(len(reads), dtype=int)
                rounds = np.where(known, 0.0, np.inf)
                for i in range(1, len(reads)):
                    known = np.clip(known + reads @ known, 0, 1)
                    rounds = np.where((known == 1) & np.isinf(rounds), i, rounds)
                return torch.from_numpy(rounds)
        """,
        "recursion": """
            def distances_of(reads, i=0, known=None):
                if known is None:
                    known = torch.eye(len(reads)).bool()
                new = known | torch.stack([known[row].any(dim=0) for row in reads])
                rounds = torch.where(known, 0.0, torch.inf)
                if torch.equal(new, known):
                    return rounds
                return torch.where(known, 0.0, distances_of(reads, i + 1, new) + 1)
        """,
        "a heap": """
            import heapq

            def distances_of(reads):
                rounds = torch.full(reads.shape, torch.inf)
                for start in range(len(reads)):
                    heap = [(0, start)]
                    while heap:
                        far, at = heapq.heappop(heap)
                        if far < rounds[start, at]:
                            rounds[start, at] = far
                            for m in torch.where(reads[at])[0]:
                                heapq.heappush(heap, (far + 1, int(m)))
                return rounds
        """,
    },
    "exercise-slope": {
        "a diagonal matrix": """
            def step_slope(back, state):
                return torch.diag(1 - state.square()) @ back
        """,
        "einsum": """
            def step_slope(back, state):
                return torch.einsum("i,ij->ij", 1 - state * state, back)
        """,
        "two loops": """
            def step_slope(back, state):
                slopes = torch.zeros(back.shape)
                for i in range(back.shape[0]):
                    for j in range(back.shape[1]):
                        slopes[i, j] = (1 - state[i] ** 2) * back[i, j]
                return slopes
        """,
        "lists of numbers": """
            def step_slope(back, state):
                rows = zip(back.tolist(), state.tolist(), strict=True)
                return torch.tensor([[(1 - s * s) * b for b in row] for row, s in rows])
        """,
        "columns scaled, turned twice": """
            def step_slope(back, state):
                return (back.T * (1 - state.pow(2))).T
        """,
        "autograd": """
            def step_slope(back, state):
                word = torch.atanh(state)
                return torch.autograd.functional.jacobian(
                    lambda previous: torch.tanh(word + back @ previous), torch.zeros(len(state))
                )
        """,
        "cosh": """
            def step_slope(back, state):
                return back / torch.cosh(torch.atanh(state.double())).square()[:, None]
        """,
        "less what is lost": """
            @torch.no_grad()
            def step_slope(back, state):
                column = state.unsqueeze(1).expand_as(back)
                return torch.addcmul(back, column, column * back, value=-1)
        """,
        "in place on a copy": """
            def step_slope(back, state):
                slopes = back.clone()
                for i, s in enumerate(state):
                    slopes[i] *= (1 - s) * (1 + s)
                return slopes
        """,
        "numpy": """
            import numpy as np

            def step_slope(back, state):
                slope = 1 - np.square(state.numpy().astype(float))
                return torch.from_numpy(slope.reshape(-1, 1) * back.numpy())
        """,
    },
    "exercise-speedup": {
        "relative to the waiting": """
            def speedup(waiting, working, times):
                r = working / waiting
                return (1 + r) / (1 + r / times)
        """,
        "Amdahl's formula": """
            def speedup(waiting, working, times):
                parallel = working / (waiting + working)
                return 1 / ((1 - parallel) + parallel / times)
        """,
        "Decimal": """
            from decimal import Decimal

            def speedup(waiting, working, times):
                w, k, t = map(Decimal, (waiting, working, times))
                return (w + k) / (w + k / t)
        """,
        "Fraction": """
            from fractions import Fraction

            def speedup(waiting, working, times):
                before = Fraction(waiting) + Fraction(working)
                return before / (Fraction(waiting) + Fraction(working) / Fraction(times))
        """,
        "a tensor of one number": """
            def speedup(waiting, working, times):
                w, k, t = torch.tensor([waiting]), torch.tensor([working]), torch.tensor([times])
                return (w + k) / (w + k / t)
        """,
        "a tensor of no axes": """
            def speedup(waiting, working, times):
                seconds = torch.tensor([waiting, working], dtype=torch.float64)
                return seconds.sum() / (seconds / torch.tensor([1.0, times])).sum()
        """,
        "an array of numpy": """
            import numpy as np

            def speedup(waiting, working, times):
                before = np.array([waiting, working])
                after = before / [1, times]
                return np.sum(before) / np.sum(after)
        """,
        "harmonic mean": """
            def speedup(waiting, working, times):
                return statistics.harmonic_mean([1, times], weights=[waiting, working])
        """,
        "helper inside, early return": """
            def speedup(waiting, working, times):
                def seconds(faster=1):
                    return waiting + working / faster

                if working == 0:
                    return 1.0
                return seconds() / seconds(times)
        """,
        "multiplied by times": """
            speedup = lambda waiting, working, times: (
                times * (waiting + working) / (times * waiting + working)
            )
        """,
        "less what is saved": """
            def speedup(waiting, working, times):
                saved = working * (1 - 1 / times)
                total = sum([waiting, working])
                return (1 - saved / total) ** -1
        """,
    },
}

WRONG = {
    "exercise-distances": {
        "All of them work at the same time": """
            def distances_of(reads):
                n = len(reads)
                known = torch.eye(n).bool()
                rounds = torch.full((n, n), float("inf")).masked_fill(known, 0)
                for i in range(1, n):
                    for t in range(n):
                        for s in range(n):
                            if reads[t, s]:
                                known[t] = known[t] | known[s]
                    rounds[known & rounds.isinf()] = i
                return rounds
        """,
        "make the new `known` from the old one only": """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.where(known, 0.0, torch.inf)
                for i in range(1, len(reads)):
                    for t in reversed(range(len(reads))):
                        known[t] |= known[reads[t]].any(dim=0)
                    rounds[known & rounds.isinf()] = i
                return rounds
        """,
        "one round too few": """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.zeros(reads.shape).masked_fill(~known, torch.inf)
                for i in range(len(reads)):
                    known = known | (reads.float() @ known.float() > 0)
                    rounds = rounds.masked_fill(known & rounds.isinf(), i)
                return rounds
        """,
        "doubles the reach": """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.zeros(reads.shape).masked_fill(~known, torch.inf)
                known = known | reads
                for i in range(1, len(reads)):
                    rounds = rounds.masked_fill(known & rounds.isinf(), i)
                    known = known.float() @ known.float() > 0
                return rounds
        """,
        "A matrix product needs numbers of one kind": """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.zeros(reads.shape).masked_fill(~known, torch.inf)
                for i in range(1, len(reads)):
                    known = known | (reads @ known)
                    rounds = rounds.masked_fill(known & rounds.isinf(), i)
                return rounds
        """,
    },
    "exercise-slope": {
        "one axis is gone. Scale each row": """
            def step_slope(back, state):
                return torch.matmul(1 - state.pow(2), back)
        """,
        "You scaled the columns": """
            def step_slope(back, state):
                return back * (1 - state**2)
        """,
        "One tanh too many": """
            def step_slope(back, state):
                slope = 1 - torch.tanh(state).square()
                return torch.diag(slope) @ back
        """,
        "has been through the tanh already": """
            def step_slope(back, state):
                return back / torch.cosh(state).square().unsqueeze(1)
        """,
    },
    "exercise-speedup": {
        "the whole of the seconds before": """
            def speedup(waiting, working, times):
                return waiting + working / (waiting + working / times)
        """,
        "You sped up the waiting": """
            def speedup(waiting, working, times):
                before = waiting + working
                after = waiting / times + working
                return before / after
        """,
        "These are the seconds afterwards": """
            def speedup(waiting, working, times):
                return torch.tensor(waiting + working / times)
        """,
    },
}

UNKNOWN = {
    "exercise-distances": {
        "reading goes both ways": """
            def distances_of(reads):
                d = torch.where(reads | reads.T, 1.0, torch.inf).fill_diagonal_(0)
                for k in range(len(d)):
                    d = torch.minimum(d, d[:, k, None] + d[k])
                return d
        """,
        "minus inf for never": """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.zeros(reads.shape).masked_fill(~known, -torch.inf)
                for i in range(1, len(reads)):
                    known = known | (reads.float() @ known.float() > 0)
                    rounds = rounds.masked_fill(known & rounds.isinf(), i)
                return rounds
        """,
        "-1 for never": """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.where(known, 0.0, -1.0)
                for i in range(1, len(reads)):
                    known = known | (reads.float() @ known.float() > 0)
                    rounds[known & (rounds < 0)] = i
                return rounds
        """,
        "two rounds only": """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.where(known, 0.0, torch.inf)
                for i in (1, 2):
                    known = known | (reads.float() @ known.float() > 0)
                    rounds = rounds.masked_fill(known & rounds.isinf(), i)
                return rounds
        """,
        "who reads itself needs a round": """
            def distances_of(reads):
                known = torch.eye(len(reads)).bool()
                rounds = torch.where(known, 0.0, torch.inf)
                rounds[known & reads] = 1
                for i in range(1, len(reads)):
                    known = known | (reads.float() @ known.float() > 0)
                    rounds = rounds.masked_fill(known & rounds.isinf(), i)
                return rounds
        """,
        "one pass over triples, the middle one last": """
            def distances_of(reads):
                d = torch.where(reads, 1.0, torch.inf).fill_diagonal_(0).tolist()
                for j in range(len(d)):
                    for i in range(len(d)):
                        for k in range(len(d)):
                            d[i][j] = min(d[i][j], d[i][k] + d[k][j])
                return torch.tensor(d)
        """,
        "depth first": """
            def distances_of(reads):
                n = len(reads)
                rounds = torch.full((n, n), torch.inf)

                def visit(start, at, far):
                    rounds[start, at] = far
                    for m in range(n):
                        if reads[at, m] and rounds[start, m].isinf():
                            visit(start, m, far + 1)

                for t in range(n):
                    visit(t, t, 0)
                return rounds
        """,
        "only the first that it reads": """
            def distances_of(reads):
                rounds = torch.where(torch.eye(len(reads)).bool(), 0.0, torch.inf)
                for t in range(len(reads)):
                    at = t
                    for i in range(1, len(reads)):
                        if not reads[at].any():
                            break
                        at = int(reads[at].int().argmax())
                        rounds[t, at] = min(rounds[t, at].item(), i)
                return rounds
        """,
        "what it heard is forgotten": """
            def distances_of(reads):
                known, rounds = torch.eye(len(reads)), torch.full(reads.shape, torch.inf)
                for i in range(len(reads)):
                    rounds[known > 0] = i
                    known = reads.float() @ known
                return rounds
        """,
        "the number of ways": """
            def distances_of(reads):
                return torch.linalg.matrix_power(reads.float() + torch.eye(len(reads)), len(reads))
        """,
    },
    "exercise-slope": {
        "brackets": """
            def step_slope(back, state):
                return 1 - (state**2)[:, None] * back
        """,
        "added": """
            def step_slope(back, state):
                return (1 - state**2)[:, None] + back
        """,
        "rows and columns scaled": """
            def step_slope(back, state):
                slope = 1 - state**2
                return slope[:, None] * back * slope
        """,
        "the size of the state, not squared": """
            def step_slope(back, state):
                return (1 - state.abs())[:, None] * back
        """,
        "one slope for all rows": """
            def step_slope(back, state):
                return (1 - state**2).mean() * back
        """,
        "the slope of a relu": """
            def step_slope(back, state):
                return (state > 0).float()[:, None] * back
        """,
        "the second slope": """
            def step_slope(back, state):
                return (-2 * state * (1 - state**2))[:, None] * back
        """,
        "a root too many": """
            def step_slope(back, state):
                return (1 - state**2).sqrt()[:, None] * back
        """,
    },
    "exercise-speedup": {
        "the most that is possible": """
            def speedup(waiting, working, times):
                return (waiting + working) / waiting
        """,
        "the average speed": """
            def speedup(waiting, working, times):
                return (waiting + working * times) / (waiting + working)
        """,
        "both at the same time": """
            def speedup(waiting, working, times):
                return (waiting + working) / max(waiting, working / times)
        """,
        "the share alone": """
            def speedup(waiting, working, times):
                return times * working / (waiting + working)
        """,
        "the total is left out": """
            def speedup(waiting, working, times):
                return 1 / (waiting + working / times)
        """,
        "whole numbers": """
            def speedup(waiting, working, times):
                return (waiting + working) // (waiting + working / times)
        """,
        "rounded": """
            def speedup(waiting, working, times):
                return round((waiting + working) / (waiting + working / times), 1)
        """,
        "a tensor, and not the answer": """
            def speedup(waiting, working, times):
                return torch.tensor(waiting + working) / torch.tensor(working / times)
        """,
        "the smaller of two limits": """
            def speedup(waiting, working, times):
                return min(times, (waiting + working) / waiting)
        """,
    },
}
