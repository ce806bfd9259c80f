"""Wrong answers to the exercises of notebook 08, masking."""

from tests.exercises.banks import Wrong

BANK = {
    "exercise-leak-test": [
        Wrong(
            "returns None: no return",
            "ends with `return`",
            """
            def leak_test(layer, words):
                before = layer(words)
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 1
                    moved = (layer(other) - before).abs().amax(dim=-1) > 1e-5
            """,
        ),
        Wrong(
            "raises: the layer is indexed",
            "TypeError",
            """
            def leak_test(layer, words):
                before = layer[words]
                return before > 0, before > 0
            """,
        ),
        Wrong(
            "raises: lists instead of a grid",
            "AttributeError",
            """
            def leak_test(layer, words):
                before, moved = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 1
                    moved.append(((layer(other) - before).abs() > 1e-5).any(dim=-1).tolist())
                return moved.triu(1), moved.tril(-1)
            """,
        ),
        Wrong(
            "wrong shape: True and False only",
            "Return a tensor: yours returned",
            """
            def leak_test(layer, words):
                before, leaks, blind = layer(words), False, False
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 1
                    moved = (layer(other) - before).abs().amax(dim=-1) > 1e-5
                    leaks = leaks or bool(moved[:s].any())
                    blind = blind or not bool(moved[s + 1 :].all())
                return leaks, blind
            """,
        ),
        Wrong(
            "wrong shape: one row, any word",
            "The shape should be (5, 5), and yours is (5,)",
            """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 1
                    columns.append((layer(other) - before).abs().amax(dim=-1) > 1e-5)
                moved = torch.stack(columns, dim=1)
                return moved.triu(1).any(dim=1), (~moved).tril(-1).any(dim=1)
            """,
        ),
        Wrong(
            "NaN: a share of nothing",
            "NaN",
            """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 1
                    columns.append((layer(other) - before).abs().amax(dim=-1))
                moved = torch.stack(columns, dim=1)
                return (moved / moved.triu(1)).triu(1), (moved / moved.tril(-1)).tril(-1)
            """,
        ),
        Wrong(
            "in place: the words are changed and stay changed",
            "changed its inputs in place",
            """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    kept = words[s].clone()
                    words[s] += 1
                    columns.append((layer(words) - before).abs().amax(dim=-1) > 1e-5)
                    words[s] = kept if s else kept + 1e-3
                moved = torch.stack(columns, dim=1)
                return moved.triu(1), (~moved).tril(-1)
            """,
        ),
        Wrong(
            "the changes pile up",
            "Your changes pile up",
            """
            def leak_test(layer, words):
                before, other, columns = layer(words), words.clone(), []
                for s in range(len(words)):
                    other[s] += 1
                    columns.append((layer(other) - before).abs().amax(dim=-1) > 1e-5)
                moved = torch.stack(columns, dim=1)
                return moved.triu(1), (~moved).tril(-1)
            """,
        ),
        Wrong(
            "stacked along the rows",
            "Your grid of moves is transposed",
            """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 1
                    columns.append((layer(other) - before).abs().amax(dim=-1) > 1e-5)
                moved = torch.stack(columns, dim=0)
                return moved.triu(1), (~moved).tril(-1)
            """,
        ),
        Wrong(
            "exact comparison",
            "rounding makes some",
            """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 1
                    columns.append((layer(other) - before).abs().amax(dim=-1) > 0)
                moved = torch.stack(columns, dim=1)
                return moved.triu(1), (~moved).tril(-1)
            """,
        ),
        Wrong(
            "the past taken for the future",
            "Earlier and later changed places",
            """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 1
                    columns.append((layer(other) - before).abs().amax(dim=-1) > 1e-5)
                moved = torch.stack(columns, dim=1)
                return moved.tril(-1), (~moved).triu(1)
            """,
        ),
        Wrong(
            "the diagonal is a leak",
            "Your leaks include the diagonal",
            """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 1
                    columns.append((layer(other) - before).abs().amax(dim=-1) > 1e-5)
                moved = torch.stack(columns, dim=1)
                return moved.triu(), (~moved).tril(-1)
            """,
        ),
        Wrong(
            "the first half only",
            "You tell leaks only",
            """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 1
                    columns.append((layer(other) - before).abs().amax(dim=-1) > 1e-5)
                moved = torch.stack(columns, dim=1)
                return moved.triu(1), torch.zeros_like(moved)
            """,
        ),
        Wrong(
            "the second half only",
            "You tell blind spots only",
            """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 1
                    columns.append((layer(other) - before).abs().amax(dim=-1) > 1e-5)
                moved = torch.stack(columns, dim=1)
                return torch.zeros_like(moved), (~moved).tril(-1)
            """,
        ),
        Wrong(
            "in the wrong order",
            "in the wrong order",
            """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 1
                    columns.append((layer(other) - before).abs().amax(dim=-1) > 1e-5)
                moved = torch.stack(columns, dim=1)
                return (~moved).tril(-1), moved.triu(1)
            """,
        ),
        Wrong(
            "what is seen of the past",
            "The second grid shows what the layer sees",
            """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 1
                    columns.append((layer(other) - before).abs().amax(dim=-1) > 1e-5)
                moved = torch.stack(columns, dim=1)
                return moved.triu(1), moved.tril(-1)
            """,
        ),
        Wrong(
            "what is hidden of the future",
            "The first grid shows what is hidden",
            """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 1
                    columns.append((layer(other) - before).abs().amax(dim=-1) > 1e-5)
                moved = torch.stack(columns, dim=1)
                return (~moved).triu(1), (~moved).tril(-1)
            """,
        ),
        Wrong(
            "blind to the future",
            "Blind to the future is as it should be",
            """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 1
                    columns.append((layer(other) - before).abs().amax(dim=-1) > 1e-5)
                moved = torch.stack(columns, dim=1)
                return moved.triu(1), ~moved
            """,
        ),
        Wrong(
            "one grid of all faults",
            "Both halves in one grid",
            """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 1
                    columns.append((layer(other) - before).abs().amax(dim=-1) > 1e-5)
                moved = torch.stack(columns, dim=1)
                return moved.triu(1) | (~moved).tril(-1)
            """,
        ),
        Wrong(
            "all that moves",
            "That is what moves",
            """
            def leak_test(layer, words):
                before, columns = layer(words), []
                for s in range(len(words)):
                    other = words.clone()
                    other[s] += 1
                    columns.append((layer(other) - before).abs().amax(dim=-1) > 1e-5)
                moved = torch.stack(columns, dim=1)
                return moved
            """,
        ),
    ],
    "exercise-diagnose": [
        Wrong(
            "returns None: printed, not returned",
            "`return` it",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
                for weights in suspects:
                    if weights[~mask].any():
                        names.append("transposed")
                    elif not torch.allclose(weights.sum(dim=-1), torch.ones(len(weights))):
                        names.append("after the softmax")
                    elif torch.allclose(weights, right, atol=1e-5):
                        names.append("right")
                    else:
                        names.append("uniform")
                print(end="")
            """,
        ),
        Wrong(
            "raises: a square mask",
            "IndexError",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(len(scores)), []
                right = scores.softmax(dim=-1)
                for weights in suspects:
                    if weights[~mask].any():
                        names.append("transposed")
                    elif not torch.allclose(weights.sum(dim=-1), torch.ones(len(weights))):
                        names.append("after the softmax")
                    elif torch.allclose(weights, right, atol=1e-5):
                        names.append("right")
                    else:
                        names.append("uniform")
                return names
            """,
        ),
        Wrong(
            "raises: queries and keys swapped",
            "ValueError",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(scores.shape[1], scores.shape[0]), []
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
                for weights in suspects:
                    if weights[~mask].any():
                        names.append("transposed")
                    elif not torch.allclose(weights.sum(dim=-1), torch.ones(len(weights))):
                        names.append("after the softmax")
                    elif torch.allclose(weights, right, atol=1e-5):
                        names.append("right")
                    else:
                        names.append("uniform")
                return names
            """,
        ),
        Wrong(
            "raises: a tensor as a condition",
            "RuntimeError",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
                for weights in suspects:
                    if weights[~mask] > 0:
                        names.append("transposed")
                    elif not torch.allclose(weights.sum(dim=-1), torch.ones(len(weights))):
                        names.append("after the softmax")
                    elif torch.allclose(weights, right, atol=1e-5):
                        names.append("right")
                    else:
                        names.append("uniform")
                return names
            """,
        ),
        Wrong(
            "wrong shape: one name for all",
            "That is one name",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
                for weights in suspects:
                    if weights[~mask].any():
                        names.append("transposed")
                    elif not torch.allclose(weights.sum(dim=-1), torch.ones(len(weights))):
                        names.append("after the softmax")
                    elif torch.allclose(weights, right, atol=1e-5):
                        names.append("right")
                    else:
                        names.append("uniform")
                return names[0]
            """,
        ),
        Wrong(
            "wrong type: one text",
            "Return a list",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
                for weights in suspects:
                    if weights[~mask].any():
                        names.append("transposed")
                    elif not torch.allclose(weights.sum(dim=-1), torch.ones(len(weights))):
                        names.append("after the softmax")
                    elif torch.allclose(weights, right, atol=1e-5):
                        names.append("right")
                    else:
                        names.append("uniform")
                return ", ".join(names)
            """,
        ),
        Wrong(
            "in place: the suspects are taken away",
            "changed its inputs in place",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
                for weights in suspects:
                    if weights[~mask].any():
                        names.append("transposed")
                    elif not torch.allclose(weights.sum(dim=-1), torch.ones(len(weights))):
                        names.append("after the softmax")
                    elif torch.allclose(weights, right, atol=1e-5):
                        names.append("right")
                    else:
                        names.append("uniform")
                suspects.clear()
                return names
            """,
        ),
        Wrong(
            "uniform is right",
            "You take uniform weights for right",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
                for weights in suspects:
                    if weights[~mask].any():
                        names.append("transposed")
                    elif not torch.allclose(weights.sum(dim=-1), torch.ones(len(weights))):
                        names.append("after the softmax")
                    elif True:
                        names.append("right")
                    else:
                        names.append("uniform")
                return names
            """,
        ),
        Wrong(
            "sums are not looked at",
            "whose rows do not sum to one",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
                for weights in suspects:
                    if weights[~mask].any():
                        names.append("transposed")
                    elif False:
                        names.append("after the softmax")
                    elif (weights[-1] - weights[-1, 0]).abs().max() > 1e-5:
                        names.append("right")
                    else:
                        names.append("uniform")
                return names
            """,
        ),
        Wrong(
            "the future is not looked at",
            "You missed the transposed mask",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
                for weights in suspects:
                    if False:
                        names.append("transposed")
                    elif not torch.allclose(weights.sum(dim=-1), torch.ones(len(weights))):
                        names.append("after the softmax")
                    elif (weights[-1] - weights[-1, 0]).abs().max() > 1e-5:
                        names.append("right")
                    else:
                        names.append("uniform")
                return names
            """,
        ),
        Wrong(
            "the diagonal of a square",
            "The queries are the last T",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
                for weights in suspects:
                    if weights.triu(1).any():
                        names.append("transposed")
                    elif not torch.allclose(weights.sum(dim=-1), torch.ones(len(weights))):
                        names.append("after the softmax")
                    elif torch.allclose(weights, right, atol=1e-5):
                        names.append("right")
                    else:
                        names.append("uniform")
                return names
            """,
        ),
        Wrong(
            "sums of exactly one",
            "exactly one",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
                for weights in suspects:
                    if weights[~mask].any():
                        names.append("transposed")
                    elif (weights.sum(dim=-1) != 1).any():
                        names.append("after the softmax")
                    elif torch.allclose(weights, right, atol=1e-5):
                        names.append("right")
                    else:
                        names.append("uniform")
                return names
            """,
        ),
        Wrong(
            "sums of columns",
            "You do not sum the rows",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
                for weights in suspects:
                    if weights[~mask].any():
                        names.append("transposed")
                    elif ((weights.sum(dim=0) - 1).abs() > 1e-5).any():
                        names.append("after the softmax")
                    elif torch.allclose(weights, right, atol=1e-5):
                        names.append("right")
                    else:
                        names.append("uniform")
                return names
            """,
        ),
        Wrong(
            "the sum of all",
            "You do not sum the rows",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
                for weights in suspects:
                    if weights[~mask].any():
                        names.append("transposed")
                    elif (weights.sum() - 1).abs() > 1e-5:
                        names.append("after the softmax")
                    elif torch.allclose(weights, right, atol=1e-5):
                        names.append("right")
                    else:
                        names.append("uniform")
                return names
            """,
        ),
        Wrong(
            "two names mixed up",
            "You mixed up two names",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
                for weights in suspects:
                    if weights[~mask].any():
                        names.append("after the softmax")
                    elif not torch.allclose(weights.sum(dim=-1), torch.ones(len(weights))):
                        names.append("transposed")
                    elif torch.allclose(weights, right, atol=1e-5):
                        names.append("right")
                    else:
                        names.append("uniform")
                return names
            """,
        ),
        Wrong(
            "True and False",
            "That is True or False",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
                for weights in suspects:
                    names.append(torch.allclose(weights, right, atol=1e-5))
                return names
            """,
        ),
        Wrong(
            "letters",
            "These are letters",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
                for weights in suspects:
                    if weights[~mask].any():
                        names.append("B")
                    elif not torch.allclose(weights.sum(dim=-1), torch.ones(len(weights))):
                        names.append("A")
                    elif torch.allclose(weights, right, atol=1e-5):
                        names.append("right")
                    else:
                        names.append("C")
                return names
            """,
        ),
        Wrong(
            "other words",
            "the answer is ['uniform', 'right'",
            """
            def diagnose(scores, suspects):
                mask, names = causal_mask(*scores.shape), []
                right = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)
                for weights in suspects:
                    if weights[~mask].any():
                        names.append("transposed")
                    elif not torch.allclose(weights.sum(dim=-1), torch.ones(len(weights))):
                        names.append("after the softmax")
                    elif torch.allclose(weights, right, atol=1e-5):
                        names.append("right")
                    else:
                        names.append("level")
                return names
            """,
        ),
    ],
    "exercise-writer-mask": [
        Wrong(
            "returns None: not returned",
            "ends with `return`",
            """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = tokens != padding
                own = torch.eye(n, dtype=torch.bool)
                mask = (causal_mask(n) & real[:, None]) | own
            """,
        ),
        Wrong(
            "raises: no axis for the queries",
            "Give the second a query axis",
            """
            def writer_mask(tokens, padding):
                return causal_mask(tokens.shape[1]) & (tokens != padding)
            """,
        ),
        Wrong(
            "raises: the batch is not a length",
            "RuntimeError",
            """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = tokens != padding
                own = torch.eye(n, dtype=torch.bool)
                return (causal_mask(tokens) & real[:, None]) | own
            """,
        ),
        Wrong(
            "wrong shape: one mask for all texts",
            "That is one mask for all texts",
            """
            def writer_mask(tokens, padding):
                return causal_mask(tokens.shape[1])
            """,
        ),
        Wrong(
            "wrong shape: a row for each text",
            "The shape should be (3, 5, 5), and yours is (3, 5)",
            """
            def writer_mask(tokens, padding):
                return tokens != padding
            """,
        ),
        Wrong(
            "wrong shape: no causal mask, no axis",
            "Only padding is hidden",
            """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = tokens != padding
                own = torch.eye(n, dtype=torch.bool)
                return real[:, None] | own
            """,
        ),
        Wrong(
            "NaN: an additive mask, multiplied",
            "NaN",
            """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = tokens != padding
                own = torch.eye(n, dtype=torch.bool)
                return ~((causal_mask(n) & real[:, None]) | own) * -math.inf
            """,
        ),
        Wrong(
            "in place: padding is overwritten",
            "changed its inputs in place",
            """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = tokens != padding
                own = torch.eye(n, dtype=torch.bool)
                tokens[~real] = -1
                return (causal_mask(n) & real[:, None]) | own
            """,
        ),
        Wrong(
            "empty rows",
            "The rows of padding in front are empty",
            """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = tokens != padding
                own = torch.eye(n, dtype=torch.bool)
                return causal_mask(n) & real[:, None]
            """,
        ),
        Wrong(
            "padding is seen",
            "Padding is still seen",
            """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = tokens != padding
                own = torch.eye(n, dtype=torch.bool)
                return causal_mask(n).repeat(len(tokens), 1, 1)
            """,
        ),
        Wrong(
            "padding's questions are hidden",
            "You hid the rows of padding",
            """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = tokens != padding
                own = torch.eye(n, dtype=torch.bool)
                return (causal_mask(n) & real[..., None]) | own
            """,
        ),
        Wrong(
            "transposed",
            "The causal mask is transposed",
            """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = tokens != padding
                own = torch.eye(n, dtype=torch.bool)
                return (causal_mask(n).T & real[:, None]) | own
            """,
        ),
        Wrong(
            "upside down",
            "It is upside down",
            """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = tokens != padding
                own = torch.eye(n, dtype=torch.bool)
                return ~((causal_mask(n) & real[:, None]) | own)
            """,
        ),
        Wrong(
            "the words are hidden",
            "You keep the padding",
            """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = tokens != padding
                own = torch.eye(n, dtype=torch.bool)
                return (causal_mask(n) & ~real[:, None]) | own
            """,
        ),
        Wrong(
            "or, not and",
            "Joined by *or*",
            """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = tokens != padding
                own = torch.eye(n, dtype=torch.bool)
                return causal_mask(n) | real[:, None] | own
            """,
        ),
        Wrong(
            "without the diagonal",
            "No position may see itself",
            """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = tokens != padding
                own = torch.eye(n, dtype=torch.bool)
                return causal_mask(n) & real[:, None] & ~own
            """,
        ),
        Wrong(
            "ones and zeros",
            "These are ones and zeros",
            """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = tokens != padding
                own = torch.eye(n, dtype=torch.bool)
                return ((causal_mask(n) & real[:, None]) | own).float()
            """,
        ),
        Wrong(
            "an additive mask",
            "That is an additive mask",
            """
            def writer_mask(tokens, padding):
                n = tokens.shape[1]
                real = tokens != padding
                own = torch.eye(n, dtype=torch.bool)
                mask = (causal_mask(n) & real[:, None]) | own
                return torch.zeros(mask.shape).masked_fill(~mask, -math.inf)
            """,
        ),
        Wrong(
            "padding is always 0",
            "Padding is not always 0",
            """
            def writer_mask(tokens, padding):
                n, real = tokens.shape[1], tokens != 0
                return (causal_mask(n) & real[:, None]) | torch.eye(n, dtype=torch.bool)
            """,
        ),
    ],
}

EXEMPT = {"exercise-diagnose": {"NaN": "the answer is a list of words"}}
