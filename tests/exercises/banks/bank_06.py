"""Answers to the exercises of notebook 06, position."""

RIGHT = {
    "exercise-add": {
        "three loops": """
            def add_positions(words, codes):
                out = torch.zeros(words.shape)
                for b in range(words.shape[0]):
                    for t in range(words.shape[1]):
                        for e in range(words.shape[2]):
                            out[b, t, e] = words[b, t, e] + codes[t, e]
                return out
        """,
        "in place on a copy": """
            def add_positions(words, codes):
                out = words.clone()
                for t in range(out.size(1)):
                    out[:, t] += codes[t]
                return out
        """,
        "an axis more, expanded": """
            def add_positions(words, codes):
                B, T, E = words.shape
                return torch.add(words, codes[:T].unsqueeze(0).expand(B, T, E))
        """,
        "an embedding": """
            def add_positions(words, codes):
                at = torch.arange(words.shape[1])
                return words + nn.Embedding.from_pretrained(codes)(at)
        """,
        "pairs, as far as they go": """
            def add_positions(words, codes):
                sentences = [[w + c for w, c in zip(words_, codes)] for words_ in words]
                return torch.stack([torch.stack(sentence) for sentence in sentences])
        """,
        "narrow, repeat": """
            @torch.no_grad()
            def add_positions(words, codes):
                needed = codes.narrow(0, 0, words.shape[1])
                return words.double() + needed.repeat(len(words), 1, 1)
        """,
        "split off": """
            def add_positions(words, codes):
                first, *_ = codes.tensor_split([words.shape[-2]])
                return first + words
        """,
        "picked by index for all of the batch": """
            def add_positions(words, codes):
                at = torch.arange(words.shape[1]).expand(words.shape[:2])
                return codes[at] + words
        """,
        "one-hot positions": """
            def add_positions(words, codes):
                return torch.eye(words.shape[1], len(codes)) @ codes + words
        """,
        "numpy": """
            import numpy as np

            def add_positions(words, codes):
                filled = np.broadcast_to(codes.numpy()[: words.shape[1]], words.shape)
                return torch.tensor(words.numpy() + filled)
        """,
        "padded to all rows, and cut": """
            def add_positions(words, codes):
                T = words.shape[1]
                padded = nn.functional.pad(words, (0, 0, 0, len(codes) - T))
                return (padded + codes)[:, :T]
        """,
    },
    "exercise-clocks": {
        "number by number": """
            import math

            def clocks(length, d_model):
                codes = torch.zeros(length, d_model)
                for t in range(length):
                    for i in range(d_model // 2):
                        angle = t / 10000 ** (2 * i / d_model)
                        codes[t, 2 * i] = math.sin(angle)
                        codes[t, 2 * i + 1] = math.cos(angle)
                return codes
        """,
        "exp and log, as in PyTorch's tutorial": """
            import math

            def clocks(length, d_model):
                position = torch.arange(length).unsqueeze(1)
                div_term = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
                pe = torch.zeros(length, d_model)
                pe[:, 0::2] = torch.sin(position * div_term)
                pe[:, 1::2] = torch.cos(position * div_term)
                return pe
        """,
        "complex numbers": """
            def clocks(length, d_model):
                speeds = 10000.0 ** (-torch.arange(0, d_model, 2) / d_model)
                angles = torch.outer(torch.arange(length), speeds)
                hands = torch.polar(torch.ones_like(angles), angles)
                return torch.view_as_real(hands).flip(-1).flatten(1)
        """,
        "a cosine is a sine, shifted": """
            import math

            def clocks(length, d_model):
                column = torch.arange(d_model)
                angles = torch.arange(length)[:, None] / 10000 ** ((column - column % 2) / d_model)
                return torch.sin(angles + column % 2 * math.pi / 2)
        """,
        "lists": """
            import math

            def clocks(length, d_model):
                def number(t, column):
                    angle = t / 10_000 ** (column // 2 * 2 / d_model)
                    return math.cos(angle) if column % 2 else math.sin(angle)

                return torch.tensor([[number(t, c) for c in range(d_model)] for t in range(length)])
        """,
        "stacked": """
            @torch.no_grad()
            def clocks(length, d_model):
                i = torch.arange(d_model // 2, dtype=torch.float64)
                speeds = 1e4 ** (-2 * i / d_model)
                angles = torch.einsum("t,i->ti", torch.arange(length).double(), speeds)
                return torch.stack((angles.sin(), angles.cos()), dim=2).reshape(length, d_model)
        """,
        "numpy": """
            import numpy as np

            def clocks(length, d_model):
                exponents = np.arange(0, d_model, 2) / d_model
                angles = np.arange(length)[:, None] / np.power(1e4, exponents)
                codes = np.empty((length, d_model))
                codes[:, ::2], codes[:, 1::2] = np.sin(angles), np.cos(angles)
                return torch.from_numpy(codes)
        """,
        "each hand turned on, step by step": """
            def clocks(length, d_model):
                speeds = 10000 ** (-torch.arange(0, d_model, 2).double() / d_model)
                sin, cos, rows = torch.zeros_like(speeds), torch.ones_like(speeds), []
                while len(rows) < length:
                    rows.append(torch.stack([sin, cos], dim=-1).flatten())
                    sin, cos = (
                        sin * speeds.cos() + cos * speeds.sin(),
                        cos * speeds.cos() - sin * speeds.sin(),
                    )
                return torch.stack(rows)
        """,
        "columns, side by side": """
            def clocks(length, d_model):
                t, columns = torch.arange(length), []
                for two_i in range(0, d_model, 2):
                    angle = t / 10000 ** (two_i / d_model)
                    columns += [angle.sin(), angle.cos()]
                return torch.stack(columns).T
        """,
        "both of both, and one of them kept": """
            def clocks(length, d_model):
                pairs = torch.arange(0, d_model, 2).repeat_interleave(2)
                angles = torch.arange(length).view(-1, 1) * torch.pow(10000.0, -pairs / d_model)
                even = torch.arange(d_model) % 2 == 0
                return torch.where(even, angles.sin(), angles.cos())
        """,
    },
    "exercise-rotate": {
        "complex numbers": """
            def turn_pairs(x, speed):
                angles = torch.arange(x.shape[1]) * speed
                turn = torch.polar(torch.ones_like(angles), angles)
                return torch.view_as_real(torch.view_as_complex(x) * turn)
        """,
        "a matrix for each position": """
            def turn_pairs(x, speed):
                a = torch.arange(x.shape[1]) * speed
                rows = torch.stack([a.cos(), -a.sin()], -1), torch.stack([a.sin(), a.cos()], -1)
                return torch.einsum("tij,btj->bti", torch.stack(rows, dim=1), x)
        """,
        "two loops": """
            import math

            def turn_pairs(x, speed):
                out = torch.zeros_like(x)
                for b in range(x.shape[0]):
                    for t in range(x.shape[1]):
                        c, s = math.cos(t * speed), math.sin(t * speed)
                        first, second = x[b, t].tolist()
                        out[b, t, 0] = first * c - second * s
                        out[b, t, 1] = first * s + second * c
                return out
        """,
        "length and direction": """
            @torch.no_grad()
            def turn_pairs(x, speed):
                lengths, directions = x.norm(dim=-1), torch.atan2(x[..., 1], x[..., 0])
                directions = directions + torch.arange(x.shape[1]) * speed
                return torch.stack([lengths * directions.cos(), lengths * directions.sin()], dim=2)
        """,
        "cosine of it, sine of the quarter turn": """
            def turn_pairs(x, speed):
                angle = (torch.arange(x.shape[1]) * speed).unsqueeze(-1)
                quarter = torch.cat([-x[..., 1:], x[..., :1]], dim=-1)
                return x * torch.cos(angle) + quarter * torch.sin(angle)
        """,
        "the exponential of a matrix": """
            def turn_pairs(x, speed):
                quarter = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=torch.float64)
                angle = torch.arange(x.shape[1]).view(-1, 1, 1) * speed
                return (torch.linalg.matrix_exp(angle * quarter) @ x.double()[..., None])[..., 0]
        """,
        "step by step": """
            import math

            def turn_pairs(x, speed):
                c, s = math.cos(speed), math.sin(speed)
                step = torch.tensor([[c, s], [-s, c]])
                turned, matrix = [], torch.eye(2)
                for words in x.unbind(dim=1):
                    turned.append(words @ matrix)
                    matrix = matrix @ step
                return torch.stack(turned, dim=1)
        """,
        "recursion": """
            import math

            def turn_pairs(x, speed):
                if x.shape[1] == 1:
                    return x.clone()
                rest = turn_pairs(x[:, 1:], speed)
                c, s = math.cos(speed), math.sin(speed)
                rest = rest @ torch.tensor([[c, s], [-s, c]])
                return torch.cat([x[:, :1], rest], dim=1)
        """,
        "in place on a copy": """
            def turn_pairs(x, speed):
                out, (a, b) = x.clone(), x.unbind(-1)
                for t in range(x.shape[1]):
                    angle = torch.tensor(t * speed)
                    out[:, t, 0] = a[:, t] * angle.cos() - b[:, t] * angle.sin()
                    out[:, t, 1] = a[:, t] * angle.sin() + b[:, t] * angle.cos()
                return out
        """,
        "numpy": """
            import numpy as np

            def turn_pairs(x, speed):
                z = x[..., 0].numpy() + 1j * x[..., 1].numpy()
                z = z * np.exp(1j * speed * np.arange(x.shape[1]))
                return torch.from_numpy(np.stack([z.real, z.imag], axis=-1))
        """,
    },
}

WRONG = {
    "exercise-add": {
        "You added the codes along the batch": """
            def add_positions(words, codes):
                return words + codes[: len(words)].unsqueeze(1)
        """,
        "The table has more rows": """
            def add_positions(words, codes):
                return words + codes
        """,
        "changed its inputs in place": """
            def add_positions(words, codes):
                words += codes[: words.shape[1]]
                return words
        """,
        "Take as many as there are words": """
            def add_positions(words, codes):
                return words + codes[: len(words)]
        """,
        "does a size or a number stand in it": """
            def add_positions(words, codes):
                return words + codes[:3]
        """,
    },
    "exercise-clocks": {
        "The exponent is 2i/E, and yours is i/E": """
            import math

            def clocks(length, d_model):
                codes = torch.zeros(length, d_model)
                for t in range(length):
                    for i in range(d_model // 2):
                        angle = t / 10000 ** (i / d_model)
                        codes[t, 2 * i] = math.sin(angle)
                        codes[t, 2 * i + 1] = math.cos(angle)
                return codes
        """,
        "Sine and cosine of one pair turn at different speeds": """
            import math

            def clocks(length, d_model):
                codes = torch.zeros(length, d_model)
                for t in range(length):
                    for i in range(d_model):
                        angle = t / 10000 ** (i / d_model)
                        codes[t, i] = math.sin(angle) if i % 2 == 0 else math.cos(angle)
                return codes
        """,
        "All sines, then all cosines": """
            def clocks(length, d_model):
                t = torch.arange(length).unsqueeze(1)
                angles = t / 10000 ** (torch.arange(0, d_model, 2) / d_model)
                return torch.cat([angles.sin(), angles.cos()], dim=1)
        """,
    },
    "exercise-rotate": {
        "You turned clockwise": """
            def turn_pairs(x, speed):
                angle = torch.arange(x.shape[1]) * speed
                a, b = x.unbind(-1)
                first = a * angle.cos() + b * angle.sin()
                second = -a * angle.sin() + b * angle.cos()
                return torch.stack([first, second], dim=-1)
        """,
        "after it had been turned": """
            import math

            def turn_pairs(x, speed):
                out = x.clone()
                for t in range(x.shape[1]):
                    c, s = math.cos(t * speed), math.sin(t * speed)
                    out[:, t, 0] = out[:, t, 0] * c - out[:, t, 1] * s
                    out[:, t, 1] = out[:, t, 0] * s + out[:, t, 1] * c
                return out
        """,
        "changed its inputs in place": """
            def turn_pairs(x, speed):
                angle = torch.arange(x.shape[1]) * speed
                a, b = x[..., 0].clone(), x[..., 1].clone()
                x[..., 0] = a * angle.cos() - b * angle.sin()
                x[..., 1] = a * angle.sin() + b * angle.cos()
                return x
        """,
    },
}

UNKNOWN = {
    "exercise-add": {
        "words times √E": """
            import math

            def add_positions(words, codes):
                return words * math.sqrt(words.shape[-1]) + codes[: words.shape[1]]
        """,
        "both times √E": """
            def add_positions(words, codes):
                return (words + codes[: words.shape[1]]) * words.shape[-1] ** 0.5
        """,
        "the mean of both": """
            def add_positions(words, codes):
                return (words + codes[: words.shape[1]]) / 2
        """,
        "codes taken away": """
            def add_positions(words, codes):
                return words - codes[: words.shape[1]]
        """,
        "each sentence begins a position later": """
            def add_positions(words, codes):
                T = words.shape[1]
                return torch.stack([w + codes.roll(-b, 0)[:T] for b, w in enumerate(words)])
        """,
        "every row twice": """
            def add_positions(words, codes):
                return words + codes.repeat_interleave(2, dim=0)[: words.shape[1]]
        """,
        "spread over the whole table": """
            def add_positions(words, codes):
                at = torch.linspace(0, len(codes) - 1, words.shape[1]).round().long()
                return words + codes[at]
        """,
        "the first sentence alone": """
            def add_positions(words, codes):
                out = words.clone()
                out[0] += codes[: words.shape[1]]
                return out
        """,
        "the first word alone": """
            def add_positions(words, codes):
                out = words.clone()
                out[:, 0] += codes[0]
                return out
        """,
        "codes of length 1": """
            def add_positions(words, codes):
                return words + nn.functional.normalize(codes[: words.shape[1]], dim=-1)
        """,
    },
    "exercise-clocks": {
        "exponent over E/2 - 1": """
            def clocks(length, d_model):
                i = torch.arange(d_model // 2)
                angles = torch.arange(length)[:, None] / 10000 ** (i / (d_model / 2 - 1))
                return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)
        """,
        "exponent over E - 2": """
            def clocks(length, d_model):
                speeds = 10000 ** (-torch.arange(0, d_model, 2) / (d_model - 2))
                angles = torch.arange(length)[:, None] * speeds
                codes = torch.zeros(length, d_model)
                codes[:, 0::2], codes[:, 1::2] = angles.sin(), angles.cos()
                return codes
        """,
        "slow columns are 1": """
            def clocks(length, d_model):
                speeds = 10000 ** (-torch.arange(0, d_model, 2) / d_model)
                angles = torch.arange(length)[:, None] * speeds
                codes = torch.zeros(length, d_model)
                codes[:, 0::2], codes[:, 1::2] = angles.sin(), angles.cos()
                codes[:, 5::2] = 1
                return codes
        """,
        "whole turns": """
            import math

            def clocks(length, d_model):
                speeds = 2 * math.pi * 10000 ** (-torch.arange(0, d_model, 2) / d_model)
                angles = torch.arange(length)[:, None] * speeds
                return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)
        """,
        "positions from 0 to 1": """
            def clocks(length, d_model):
                t = torch.arange(length)[:, None] / length
                angles = t / 10000 ** (torch.arange(0, d_model, 2) / d_model)
                return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)
        """,
        "from slow to fast": """
            def clocks(length, d_model):
                speeds = 10000 ** (-torch.arange(0, d_model, 2) / d_model)
                angles = torch.arange(length)[:, None] * speeds.flip(0)
                return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)
        """,
        "whole numbers for angles": """
            def clocks(length, d_model):
                angles = torch.arange(length)[:, None] // 10000 ** (
                    torch.arange(0, d_model, 2) / d_model
                )
                return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)
        """,
        "backwards in time": """
            def clocks(length, d_model):
                speeds = 10000 ** (-torch.arange(0, d_model, 2) / d_model)
                angles = -torch.arange(length)[:, None] * speeds
                return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)
        """,
        "degrees": """
            def clocks(length, d_model):
                speeds = 10000 ** (-torch.arange(0, d_model, 2) / d_model)
                angles = torch.deg2rad(torch.arange(length)[:, None] * speeds)
                return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)
        """,
    },
    "exercise-rotate": {
        "the speed of the first case": """
            def turn_pairs(x, speed):
                turn = torch.exp(1.7j * torch.arange(x.shape[1]))
                return torch.view_as_real(torch.view_as_complex(x) * turn)
        """,
        "speed to the power of t": """
            def turn_pairs(x, speed):
                angles = speed ** torch.arange(x.shape[1])
                a, b = x.unbind(-1)
                return torch.stack(
                    [a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], -1
                )
        """,
        "whole turns": """
            import math

            def turn_pairs(x, speed):
                angles = 2 * math.pi * torch.arange(x.shape[1]) * speed
                a, b = x.unbind(-1)
                return torch.stack(
                    [a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], -1
                )
        """,
        "from the last to the first": """
            def turn_pairs(x, speed):
                angles = torch.arange(x.shape[1]).flip(0) * speed
                a, b = x.unbind(-1)
                return torch.stack(
                    [a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], -1
                )
        """,
        "the second number stays": """
            def turn_pairs(x, speed):
                angles = torch.arange(x.shape[1]) * speed
                a, b = x.unbind(-1)
                return torch.stack([a * angles.cos() - b * angles.sin(), b], dim=-1)
        """,
        "for small angles only": """
            def turn_pairs(x, speed):
                angles = torch.arange(x.shape[1]) * speed
                a, b = x.unbind(-1)
                return torch.stack([a - b * angles, b + a * angles], dim=-1)
        """,
        "sines and cosines swapped": """
            def turn_pairs(x, speed):
                angles = torch.arange(x.shape[1]) * speed
                a, b = x.unbind(-1)
                return torch.stack(
                    [a * angles.sin() - b * angles.cos(), a * angles.cos() + b * angles.sin()], -1
                )
        """,
        "sentences counted, too": """
            def turn_pairs(x, speed):
                B, T = x.shape[:2]
                angles = (torch.arange(B)[:, None] + torch.arange(T)) * speed
                a, b = x.unbind(-1)
                return torch.stack(
                    [a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], -1
                )
        """,
        "half of the angle": """
            def turn_pairs(x, speed):
                turn = torch.exp(0.5j * torch.arange(x.shape[1]) * speed)
                return torch.view_as_real(torch.view_as_complex(x) * turn)
        """,
        "no further than one turn": """
            import math

            def turn_pairs(x, speed):
                angles = (torch.arange(x.shape[1]) * speed).clamp(max=2 * math.pi)
                a, b = x.unbind(-1)
                return torch.stack(
                    [a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], -1
                )
        """,
    },
}
