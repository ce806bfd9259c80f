"""Answers to the exercises of notebook 12, what heads do."""

RIGHT = {
    "exercise-induction": {
        "as in the solution, in one line more": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                second = weights[:, :, K:]
                return second.diagonal(1, dim1=2, dim2=3).mean(dim=(0, 2))
        """,
        "with what is in helpers": """
            from helpers.induction import induction

            def followed(weights):
                return induction(weights)
        """,
        "one diagonal of the whole table": """
            def followed(weights):
                K = (weights.size(-1) + 1) // 2
                return weights.diagonal(offset=1 - K, dim1=-2, dim2=-1)[..., 1:].mean((0, -1))
        """,
        "the block of both copies, without its first column": """
            def followed(weights):
                K = weights.shape[2] // 2 + 1
                block = weights[:, :, K:, 1:K]
                return torch.diagonal(block, dim1=2, dim2=3).mean(dim=-1).mean(dim=0)
        """,
        "in a loop over the queries": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                found = [weights[:, :, K + i, i + 1] for i in range(K - 1)]
                return torch.stack(found).mean(dim=(0, 1))
        """,
        "lists of rows and columns": """
            def followed(weights):
                K = -(-weights.shape[2] // 2)
                rows = torch.arange(K, 2 * K - 1)
                return weights[:, :, rows, rows - K + 1].mean(dim=(0, 2))
        """,
        "four loops": """
            def followed(weights):
                B, H, T, S = weights.shape
                K = (T + 1) // 2
                means = torch.zeros(H)
                for h in range(H):
                    for b in range(B):
                        for t in range(K, T):
                            means[h] += weights[b, h, t, t - K + 1]
                return means / (B * (K - 1))
        """,
        "head by head, traces": """
            def followed(weights):
                K = (weights.shape[3] + 1) // 2
                heads = weights.sum(dim=0)[:, K:, 1:]
                return torch.stack([head.trace() for head in heads]) / (len(weights) * (K - 1))
        """,
        "gathered": """
            def followed(weights):
                B, H, T, S = weights.shape
                K = (T + 1) // 2
                at = torch.arange(1, K).view(1, 1, -1, 1).expand(B, H, -1, -1)
                return weights[:, :, K:].gather(3, at).squeeze(3).mean(dim=2).mean(dim=0)
        """,
        "a table of zeros and ones": """
            def followed(weights):
                T = weights.shape[2]
                K = (T + 1) // 2
                marks = torch.eye(T).roll(K - 1, dims=0)
                marks[:K] = 0
                return torch.einsum("bhts,ts->h", weights, marks) / (len(weights) * marks.sum())
        """,
        "a mask by distances": """
            def followed(weights):
                T = weights.shape[2]
                K = (T + 1) // 2
                t, s = torch.arange(T)[:, None], torch.arange(T)
                return weights[:, :, (t - s == K - 1) & (t >= K)].mean(dim=-1).mean(dim=0)
        """,
        "numpy, double precision": """
            import numpy as np

            def followed(weights):
                table = weights.numpy().astype(float)
                K = (table.shape[2] + 1) // 2
                found = np.diagonal(table[:, :, K:], 1, axis1=2, axis2=3)
                return torch.from_numpy(found.mean(axis=(0, 2)))
        """,
        "einsum on the block": """
            @torch.no_grad()
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                return torch.einsum("bhii->hbi", weights[:, :, K:, 1:K]).flatten(1).mean(1)
        """,
    },
    "exercise-follow": {
        "as in the solution, without get": """
            def what_followed(letters):
                rows = []
                for row in letters.tolist():
                    followed, found = {}, []
                    for t in range(len(row)):
                        if t >= 1:
                            followed[row[t - 1]] = row[t]
                        found.append(followed[row[t]] if row[t] in followed else -1)
                    rows.append(found)
                return torch.tensor(rows)
        """,
        "backwards, to the first twin": """
            def what_followed(letters):
                B, T = letters.shape
                found = torch.full((B, T), -1)
                for b in range(B):
                    for t in range(T):
                        for s in range(t - 1, -1, -1):
                            if letters[b, s] == letters[b, t]:
                                found[b, t] = letters[b, s + 1]
                                break
                return found
        """,
        "forwards, the last one stays": """
            def what_followed(letters):
                found = -torch.ones_like(letters)
                for b, row in enumerate(letters):
                    for t in range(1, len(row)):
                        for s in range(t):
                            if row[s] == row[t]:
                                found[b, t] = row[s + 1]
                return found
        """,
        "a table of equal letters, no loop": """
            def what_followed(letters):
                B, T = letters.shape
                same = (letters[:, :, None] == letters[:, None]).tril(-1)  # (B, T, S)
                last = (same * torch.arange(1, T + 1)).amax(dim=-1)  # (B, T), 0 where none
                last = last.clamp(max=T - 1)
                return torch.where(same.any(dim=-1), letters.gather(1, last), -1)
        """,
        "weights of exactly 0 and 1": """
            def what_followed(letters):
                B, T = letters.shape
                same = (letters[:, :, None] == letters[:, None]).tril(-1)
                scores = torch.where(same, torch.arange(T), -1)
                weights = nn.functional.one_hot(scores.argmax(dim=-1), T)
                after = torch.cat([letters[:, 1:], letters[:, -1:]], dim=1)
                return torch.where(same.any(-1), (weights * after[:, None]).sum(-1), -1)
        """,
        "where it stood last, in a dict": """
            def what_followed(letters):
                answers = torch.full_like(letters, -1)
                for b, row in enumerate(letters.tolist()):
                    stood = {}
                    for t, letter in enumerate(row):
                        if letter in stood:
                            answers[b, t] = row[stood[letter] + 1]
                        stood[letter] = t
                return answers
        """,
        "a table of all letters, whole columns at once": """
            def what_followed(letters):
                B, T = letters.shape
                known = torch.full((B, 26), -1)
                columns = []
                for t in range(T):
                    if t:
                        known[torch.arange(B), letters[:, t - 1]] = letters[:, t]
                    columns.append(known[torch.arange(B), letters[:, t]])
                return torch.stack(columns, dim=1)
        """,
        "a helper for one row, index from the end": """
            def of_row(row):
                found = []
                for t, letter in enumerate(row):
                    before = row[:t][::-1]
                    found.append(row[t - before.index(letter)] if letter in before else -1)
                return found

            def what_followed(letters):
                return torch.tensor([of_row(row) for row in letters.tolist()])
        """,
        "by text": """
            def what_followed(letters):
                rows = []
                for row in letters:
                    text = "".join(chr(65 + letter) for letter in row)
                    places = [text.rfind(text[t], 0, t) for t in range(len(text))]
                    rows.append([ord(text[s + 1]) - 65 if s >= 0 else -1 for s in places])
                return torch.tensor(rows)
        """,
        "lists": """
            def what_followed(letters):
                answer = []
                for row in letters.tolist():
                    seen = dict()
                    answer.append([])
                    for a, b in zip([None] + row, row):
                        seen[a] = b
                        answer[-1].append(seen.get(b, -1))
                return answer
        """,
        "a list of tensors": """
            def what_followed(letters):
                found = []
                for row in letters:
                    out = torch.full((len(row),), -1)
                    for t in range(len(row)):
                        before = (row[:t] == row[t]).nonzero()
                        if len(before):
                            out[t] = row[before[-1] + 1]
                    found.append(out)
                return found
        """,
        "numpy, 32 bits": """
            import numpy as np

            def what_followed(letters):
                table = letters.numpy()
                found = np.full(table.shape, -1, dtype=np.int32)
                for b, t in np.ndindex(*table.shape):
                    at = np.flatnonzero(table[b, :t] == table[b, t])
                    if at.size:
                        found[b, t] = table[b, at[-1] + 1]
                return found
        """,
        "it calls itself": """
            def what_followed(letters):
                if letters.shape[1] == 0:
                    return letters.clone()
                rows = []
                for row in letters.tolist():
                    found = -1
                    for s in range(len(row) - 1):
                        found = row[s + 1] if row[s] == row[-1] else found
                    rows.append([found])
                return torch.cat([what_followed(letters[:, :-1]), torch.tensor(rows)], dim=1)
        """,
    },
}

WRONG = {
    "exercise-induction": {
        "on the place where the letter stood in the first copy": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                return weights[:, :, K:].diagonal(dim1=2, dim2=3).mean(dim=(0, 2))
        """,
        "on what stood before the letter in the first copy": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                return weights[:, :, K:].diagonal(-1, dim1=2, dim2=3).mean(dim=(0, 2))
        """,
        "and not `T // 2`": """
            def followed(weights):
                K = weights.shape[2] // 2
                return weights[:, :, K:].diagonal(1, dim1=2, dim2=3).mean(dim=(0, 2))
        """,
        "there the last letter of the first copy attends to the first letter": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                return weights.diagonal(1 - K, dim1=2, dim2=3).mean(dim=(0, 2))
        """,
        "there all weights are 0": """
            def followed(weights):
                return torch.diagonal(weights, 1, 2, 3).mean(dim=(0, 2))
        """,
        "Queries are the rows. Keep those from K on": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                return weights[:, :, :, K:].diagonal(1, dim1=2, dim2=3).mean(dim=(0, 2))
        """,
        "That is the detector of the notebook": """
            def followed(weights):
                return weights.diagonal(-1, dim1=2, dim2=3).mean(dim=(0, 2))
        """,
        "You added up the weights of all strings and queries": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                return sum(weights[:, :, K + i, i + 1].sum(dim=0) for i in range(K - 1))
        """,
        "You averaged over the heads, too": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                return weights[:, :, K:].diagonal(1, dim1=2, dim2=3).mean()
        """,
        "for each string and head, (B, H)": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                return weights[:, :, K:].diagonal(1, dim1=2, dim2=3).mean(dim=2)
        """,
        "These are numbers for each query": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                return weights[:, :, K:].diagonal(1, dim1=2, dim2=3).mean(dim=(0, 1))
        """,
        "`dim1=2, dim2=3`": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                return weights[:, :, K:].diagonal(1).mean(dim=(0, 2))
        """,
        "Your last query is 2K − 1, and there is none": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                found = []
                for i in range(K):
                    found.append(weights[:, :, K + i, i + 1])
                return torch.stack(found).mean(dim=(0, 1))
        """,
        "You divided by K": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                total = weights[:, :, K:].diagonal(1, dim1=2, dim2=3).sum(dim=(0, 2))
                return total / (len(weights) * K)
        """,
        "does a size or a number stand in it": """
            def followed(weights):
                return weights[:, :, 4:].diagonal(1, dim1=2, dim2=3).mean(dim=(0, 2))
        """,
    },
    "exercise-follow": {
        "You take the first time that the letter occurred": """
            def what_followed(letters):
                rows = []
                for row in letters.tolist():
                    followed, found = {}, []
                    for t, letter in enumerate(row):
                        if t > 0:
                            followed.setdefault(row[t - 1], letter)
                        found.append(followed.get(letter, -1))
                    rows.append(found)
                return torch.tensor(rows)
        """,
        "You count the position itself as earlier": """
            def what_followed(letters):
                rows = []
                for row in letters.tolist():
                    found = []
                    for t in range(len(row)):
                        last = max(s for s in range(t + 1) if row[s] == row[t])
                        found.append(row[last + 1] if last + 1 < len(row) else -1)
                    rows.append(found)
                return rows
        """,
        "note first, then look up": """
            def what_followed(letters):
                rows = []
                for row in letters.tolist():
                    followed, found = {}, []
                    for t, letter in enumerate(row):
                        found.append(followed.get(letter, -1))
                        if t > 0:
                            followed[row[t - 1]] = letter
                    rows.append(found)
                return torch.tensor(rows)
        """,
        "Each row is a text of its own": """
            def what_followed(letters):
                followed, rows = {}, []
                for row in letters.tolist():
                    found = []
                    for t, letter in enumerate(row):
                        if t > 0:
                            followed[row[t - 1]] = letter
                        found.append(followed.get(letter, -1))
                    rows.append(found)
                return torch.tensor(rows)
        """,
        "the dict is filled the wrong way round": """
            def what_followed(letters):
                rows = []
                for row in letters.tolist():
                    followed, found = {}, []
                    for t, letter in enumerate(row):
                        if t > 0:
                            followed[letter] = row[t - 1]
                        found.append(followed.get(letter, -1))
                    rows.append(found)
                return torch.tensor(rows)
        """,
        "These are positions. Return the letter": """
            def what_followed(letters):
                found = torch.full_like(letters, -1)
                for b, row in enumerate(letters.tolist()):
                    for t in range(len(row)):
                        for s in range(t):
                            if row[s] == row[t]:
                                found[b, t] = s + 1
                return found
        """,
        "you return 0, and that is the letter A": """
            def what_followed(letters):
                found = torch.zeros_like(letters)
                for b, row in enumerate(letters.tolist()):
                    for t in range(len(row)):
                        for s in range(t):
                            if row[s] == row[t]:
                                found[b, t] = row[s + 1]
                return found
        """,
        "is not in the dict": """
            def what_followed(letters):
                rows = []
                for row in letters.tolist():
                    followed, found = {}, []
                    for t, letter in enumerate(row):
                        if t > 0:
                            followed[row[t - 1]] = letter
                        found.append(followed[letter])
                    rows.append(found)
                return torch.tensor(rows)
        """,
        "You return what stood *before* the earlier occurrence": """
            def what_followed(letters):
                found = torch.full_like(letters, -1)
                for b, row in enumerate(letters.tolist()):
                    for t in range(len(row)):
                        for s in range(t):
                            if row[s] == row[t]:
                                found[b, t] = row[s - 1] if s > 0 else -1
                return found
        """,
        "You return −1 where the same letter stands just before": """
            def what_followed(letters):
                found = torch.full_like(letters, -1)
                for b, row in enumerate(letters.tolist()):
                    for t in range(1, len(row)):
                        places = [s for s in range(t) if row[s] == row[t]]
                        if places and places[-1] != t - 1:
                            found[b, t] = row[places[-1] + 1]
                return found
        """,
        "You return the letter itself": """
            def what_followed(letters):
                same = (letters[:, :, None] == letters[:, None]).tril(-1)
                return torch.where(same.any(dim=-1), letters, -1)
        """,
        "does a size or a number stand in it": """
            def what_followed(letters):
                found = torch.full((1, 6), -1)
                for b in range(1):
                    for t in range(6):
                        for s in range(t):
                            if letters[b, s] == letters[b, t]:
                                found[b, t] = letters[b, s + 1]
                return found
        """,
    },
}

UNKNOWN = {
    "exercise-induction": {
        "the last query is left out": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                return weights[:, :, K:-1].diagonal(1, dim1=2, dim2=3).sum(dim=(0, 2)) / K
        """,
        "the first string alone": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                return weights[0, :, K:].diagonal(1, dim1=1, dim2=2).mean(dim=1)
        """,
        "the middle of the weights": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                found = weights[:, :, K:].diagonal(1, dim1=2, dim2=3)
                return found.transpose(0, 1).flatten(1).median(dim=1).values
        """,
        "two heads mixed up": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                return weights[:, :, K:].diagonal(1, dim1=2, dim2=3).mean(dim=(0, 2)).roll(1)
        """,
        "the share of queries whose largest weight is there": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                best = weights[:, :, K:].argmax(dim=-1)
                return (best == torch.arange(1, K)).float().mean(dim=(0, 2))
        """,
        "the position just before, in the first copy": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                return weights[:, :, 1:K].diagonal(0, dim1=2, dim2=3).mean(dim=(0, 2))
        """,
        "divided by the weight on the first copy": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                rows = weights[:, :, K:, :K]
                rows = rows / rows.sum(dim=-1, keepdim=True)
                return rows.diagonal(1, dim1=2, dim2=3).mean(dim=(0, 2))
        """,
        "rounded": """
            def followed(weights):
                K = (weights.shape[2] + 1) // 2
                found = weights[:, :, K:].diagonal(1, dim1=2, dim2=3).mean(dim=(0, 2))
                return found.round(decimals=1)
        """,
    },
    "exercise-follow": {
        "what followed most often": """
            def what_followed(letters):
                rows = []
                for row in letters.tolist():
                    found = []
                    for t, letter in enumerate(row):
                        after = [row[s + 1] for s in range(t) if row[s] == letter]
                        found.append(max(sorted(set(after)), key=after.count) if after else -1)
                    rows.append(found)
                return torch.tensor(rows)
        """,
        "the last but one": """
            def what_followed(letters):
                found = torch.full_like(letters, -1)
                for b, row in enumerate(letters.tolist()):
                    for t in range(len(row)):
                        places = [s for s in range(t) if row[s] == row[t]]
                        if len(places) > 1:
                            found[b, t] = row[places[-2] + 1]
                return found
        """,
        "two places farther on": """
            def what_followed(letters):
                found = torch.full_like(letters, -1)
                for b, row in enumerate(letters.tolist()):
                    for t in range(len(row)):
                        for s in range(t - 1):
                            if row[s] == row[t]:
                                found[b, t] = row[s + 2]
                return found
        """,
        "three places back at most": """
            def what_followed(letters):
                found = torch.full_like(letters, -1)
                for b, row in enumerate(letters.tolist()):
                    for t in range(len(row)):
                        for s in range(max(0, t - 3), t):
                            if row[s] == row[t]:
                                found[b, t] = row[s + 1]
                return found
        """,
        "−2 where there is none": """
            def what_followed(letters):
                found = torch.full_like(letters, -2)
                for b, row in enumerate(letters.tolist()):
                    for t in range(len(row)):
                        for s in range(t):
                            if row[s] == row[t]:
                                found[b, t] = row[s + 1]
                return found
        """,
        "whether there is one": """
            def what_followed(letters):
                same = (letters[:, :, None] == letters[:, None]).tril(-1)
                return same.any(dim=-1).long()
        """,
        "floats": """
            def what_followed(letters):
                found = torch.full(letters.shape, -1.0)
                for b, row in enumerate(letters.tolist()):
                    for t in range(len(row)):
                        for s in range(t):
                            if row[s] == row[t]:
                                found[b, t] = row[s + 1]
                return found
        """,
        "the first letter never counts": """
            def what_followed(letters):
                found = torch.full_like(letters, -1)
                for b, row in enumerate(letters.tolist()):
                    for t in range(len(row)):
                        for s in range(1, t):
                            if row[s] == row[t]:
                                found[b, t] = row[s + 1]
                return found
        """,
        "one list for all rows": """
            def what_followed(letters):
                found = []
                for row in letters.tolist():
                    followed = {}
                    for t, letter in enumerate(row):
                        if t > 0:
                            followed[row[t - 1]] = letter
                        found.append(followed.get(letter, -1))
                return found
        """,
    },
}
