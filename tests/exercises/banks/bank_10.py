"""Answers to the exercises of notebook 10, full circle."""

WRONG = {
    "exercise-cross-attend": {
        "You masked after the softmax": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = x @ to_query, memory @ to_key, memory @ to_value
                weights = torch.softmax(q @ k.transpose(1, 2) / k.shape[-1] ** 0.5, dim=-1)
                weights = weights * real.unsqueeze(1)
                return weights @ v
        """,
        "Give the mask that axis: `real[:, None]`": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = x @ to_query, memory @ to_key, memory @ to_value
                scores = q @ k.mT / q.shape[-1] ** 0.5
                scores = scores.masked_fill(~real, -torch.inf)
                return scores.softmax(dim=-1) @ v
        """,
        "The queries come from what is being written": """
            def cross_attend(x, memory, real, to_query, to_key, to_value):
                q, k, v = memory @ to_query, memory @ to_key, memory @ to_value
                scores = q @ k.mT / q.shape[-1] ** 0.5
                scores = scores.masked_fill(~real[:, None], -torch.inf)
                return scores.softmax(dim=-1) @ v
        """,
    },
    "exercise-no-peeking": {
        "brings the last token round to the front": """
            def prepare(target, start):
                T = target.shape[1]
                return torch.roll(target, 1, dims=1), torch.ones(T, T).tril().bool()
        """,
        "You hid the answer with the mask instead of shifting": """
            def prepare(target, start):
                T = target.shape[1]
                mask = torch.tril(torch.ones(T, T, dtype=torch.bool), diagonal=-1)
                return target, mask
        """,
        "nobody reads the last token": """
            def prepare(target, start):
                B = target.shape[0]
                read = torch.cat([torch.full((B, 1), start), target], dim=1)
                T = read.shape[1]
                return read, torch.ones(T, T, dtype=torch.bool).tril()
        """,
    },
}
