"""Answers to the exercises of notebook 06, position."""

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
    },
    "exercise-clocks": {
        "The exponent is 2i/E, and yours is i/E": """
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
