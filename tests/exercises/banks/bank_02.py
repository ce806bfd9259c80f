"""Wrong answers to the exercises of notebook 02, attention."""

from tests.exercises.banks import Wrong

NOT_A_NUMBER = "There is NaN"
SHAPE = "The shape should be"
IN_PLACE = "changed its inputs in place"

BANK = {
    "exercise-attend": [
        Wrong(
            "returns None: no return",
            "ends with `return`",
            """
            def attend_masked(query, key, value, mask):
                scores = (query @ key.mT).masked_fill(~mask[:, None], -math.inf)
                weights = scores.softmax(dim=-1)
                context = weights @ value
            """,
        ),
        Wrong(
            "raises: the mask's axis is missing",
            "Give the mask that axis: `mask[:, None]`",
            """
            def attend_masked(query, key, value, mask):
                scores = (query @ key.mT).masked_fill(~mask, -math.inf)
                weights = scores.softmax(dim=-1)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "raises: the mask's axis is missing, multiplied",
            "Give the mask that axis: `mask[:, None]`",
            """
            def attend_masked(query, key, value, mask):
                weights = (query @ key.mT).softmax(dim=-1) * mask
                weights = weights / weights.sum(dim=-1, keepdim=True)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "raises: the mask's axis is last",
            "The mask's new axis is in the wrong place",
            """
            def attend_masked(query, key, value, mask):
                scores = (query @ key.mT).masked_fill(~mask.unsqueeze(-1), -math.inf)
                weights = scores.softmax(dim=-1)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "raises: the keys are not transposed",
            "Swap the last two axes of the keys",
            """
            def attend_masked(query, key, value, mask):
                scores = torch.matmul(query, key).masked_fill(~mask[:, None], -math.inf)
                weights = scores.softmax(dim=-1)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "raises: the mask's words left out by indexing",
            "value[mask], scores` with RuntimeError",
            """
            def attend_masked(query, key, value, mask):
                scores = query @ key[mask].mT
                scores = scores.view(query.shape[0], query.shape[1], -1, 2)
                return scores.softmax(dim=-1) @ value[mask], scores
            """,
        ),
        Wrong(
            "wrong shape: one context for all queries",
            SHAPE,
            """
            def attend_masked(query, key, value, mask):
                scores = (query @ key.mT).masked_fill(~mask[:, None], -math.inf)
                weights = scores.softmax(dim=-1)
                return (weights @ value).sum(dim=1), weights
            """,
        ),
        Wrong(
            "wrong shape: the wrong order",
            "first the context, then the weights",
            """
            def attend_masked(query, key, value, mask):
                scores = (query @ key.mT).masked_fill(~mask[:, None], -math.inf)
                weights = scores.softmax(dim=-1)
                return weights, weights @ value
            """,
        ),
        Wrong(
            "wrong type: the context alone",
            "Return the weights too",
            """
            def attend_masked(query, key, value, mask):
                return scaled_dot_product_attention(
                    query, key, value, attn_mask=mask[:, None], scale=1.0
                )
            """,
        ),
        Wrong(
            "wrong type: three things",
            "Return 2 things, separated by commas: yours returned 3 things",
            """
            def attend_masked(query, key, value, mask):
                scores = (query @ key.mT).masked_fill(~mask[:, None], -math.inf)
                weights = scores.softmax(dim=-1)
                return weights @ value, weights, scores
            """,
        ),
        Wrong(
            "NaN: zero times infinity",
            NOT_A_NUMBER,
            """
            def attend_masked(query, key, value, mask):
                scores = query @ key.mT + (~mask[:, None]) * -math.inf
                weights = scores.softmax(dim=-1)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "in place: padding overwritten in the caller's keys",
            IN_PLACE,
            """
            def attend_masked(query, key, value, mask):
                key[~mask] = 0
                scores = (query @ key.mT).masked_fill(~mask[:, None], -math.inf)
                weights = scores.softmax(dim=-1)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "the mask is not used",
            "Padding still receives attention",
            """
            def attend_masked(query, key, value, mask):
                weights = (query @ key.mT).softmax(dim=-1)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "the mask is upside down",
            "The mask is upside down",
            """
            def attend_masked(query, key, value, mask):
                scores = (query @ key.mT).masked_fill(mask[:, None], -math.inf)
                weights = scores.softmax(dim=-1)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "the mask is upside down, with a finite number",
            "The mask is upside down",
            """
            def attend_masked(query, key, value, mask):
                scores = torch.where(mask[:, None], -1e9, query @ key.mT)
                weights = scores.softmax(dim=-1)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "masked after the softmax",
            "You masked after the softmax",
            """
            def attend_masked(query, key, value, mask):
                weights = (query @ key.mT).softmax(dim=-1).masked_fill(~mask[:, None], 0)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "multiplied before the softmax",
            "A score of 0 is not nothing",
            """
            def attend_masked(query, key, value, mask):
                weights = (query @ key.mT * mask[:, None]).softmax(dim=-1)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "added before the softmax",
            "You added the mask to the scores",
            """
            def attend_masked(query, key, value, mask):
                weights = (query @ key.mT + mask[:, None].float()).softmax(dim=-1)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "softmax over the queries",
            "Your softmax runs over the queries",
            """
            def attend_masked(query, key, value, mask):
                scores = (query @ key.mT).masked_fill(~mask[:, None], -math.inf)
                weights = scores.softmax(dim=1)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "divided by √E",
            "You divided the scores by √E",
            """
            def attend_masked(query, key, value, mask):
                scores = query @ key.mT / math.sqrt(query.shape[-1])
                weights = scores.masked_fill(~mask[:, None], -math.inf).softmax(dim=-1)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "the keys are blended",
            "You blended the keys",
            """
            def attend_masked(query, key, value, mask):
                scores = (query @ key.mT).masked_fill(~mask[:, None], -math.inf)
                weights = scores.softmax(dim=-1)
                return weights @ key, weights
            """,
        ),
        Wrong(
            "scores in place of weights",
            "The second thing you return is the scores",
            """
            def attend_masked(query, key, value, mask):
                scores = (query @ key.mT).masked_fill(~mask[:, None], -math.inf)
                return scores.softmax(dim=-1) @ value, scores
            """,
        ),
        Wrong(
            "scores doubled",
            "Of what you return, number 1 is not right",
            """
            def attend_masked(query, key, value, mask):
                scores = (query @ key.mT).masked_fill(~mask[:, None], -math.inf)
                weights = (scores * 2).softmax(dim=-1)
                return weights @ value, weights
            """,
        ),
    ],
    "exercise-additive": [
        Wrong(
            "returns None: the stub",
            "If you have not begun, begin there",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                ...
            """,
        ),
        Wrong(
            "raises: queries and keys are added as they are",
            "(B, T, 1, D) and (B, 1, S, D)",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                return torch.tanh(query @ from_query + key @ from_key) @ to_score
            """,
        ),
        Wrong(
            "raises: the matrices are called",
            "with TypeError: 'Tensor' object is not callable",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = from_query(query)[:, :, None] + from_key(key)[:, None]
                return to_score(torch.tanh(pairs)).squeeze(-1)
            """,
        ),
        Wrong(
            "raises: the learner's own error",
            "NotImplementedError",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                raise NotImplementedError
            """,
        ),
        Wrong(
            "wrong shape: an axis is left",
            "The shape should be (2, 3, 5), and yours is (2, 3, 5, 1)",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query @ from_query)[:, :, None] + (key @ from_key)[:, None]
                return torch.tanh(pairs) @ to_score[:, None]
            """,
        ),
        Wrong(
            "wrong shape: not added up",
            "The hidden units are still there",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query @ from_query)[:, :, None] + (key @ from_key)[:, None]
                return to_score * torch.tanh(pairs)
            """,
        ),
        Wrong(
            "wrong shape: keys are the rows",
            "Queries and keys changed places",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query @ from_query)[:, None] + (key @ from_key)[:, :, None]
                return torch.tanh(pairs) @ to_score
            """,
        ),
        Wrong(
            "wrong type: lists of lists",
            "Return a tensor: yours returned a list of 2",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                return [
                    [[torch.tanh(q @ from_query + k @ from_key) @ to_score for k in keys]
                     for q in queries]
                    for queries, keys in zip(query, key)
                ]
            """,
        ),
        Wrong(
            "NaN: tanh by hand, in numbers too large",
            NOT_A_NUMBER,
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query @ from_query)[:, :, None] + (key @ from_key)[:, None]
                up, down = (1000 * pairs).exp(), (-1000 * pairs).exp()
                return ((up - down) / (up + down)) @ to_score
            """,
        ),
        Wrong(
            "in place: the caller's queries are divided",
            IN_PLACE,
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query @ from_query)[:, :, None] + (key @ from_key)[:, None]
                scores = pairs.tanh() @ to_score
                query.div_(2)
                return scores
            """,
        ),
        Wrong(
            "no tanh",
            "There is no tanh",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                from_queries = query @ from_query @ to_score
                from_keys = key @ from_key @ to_score
                return from_queries[:, :, None] + from_keys[:, None]
            """,
        ),
        Wrong(
            "multiplied",
            "You multiplied the two projections",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                return (query @ from_query) @ (key @ from_key).transpose(1, 2)
            """,
        ),
        Wrong(
            "summed evenly",
            "You summed the hidden units evenly",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query @ from_query)[:, :, None] + (key @ from_key)[:, None]
                return torch.tanh(pairs).sum(dim=-1)
            """,
        ),
        Wrong(
            "swapped matrices",
            "The two matrices are swapped",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query @ from_key)[:, :, None] + (key @ from_query)[:, None]
                return torch.tanh(pairs) @ to_score
            """,
        ),
        Wrong(
            "softmax at the end",
            "These are weights already",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query @ from_query)[:, :, None] + (key @ from_key)[:, None]
                return (torch.tanh(pairs) @ to_score).softmax(dim=-1)
            """,
        ),
        Wrong(
            "tanh before the addition",
            "tanh came before the addition",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                queries, keys = torch.tanh(query @ from_query), torch.tanh(key @ from_key)
                return (queries[:, :, None] + keys[:, None]) @ to_score
            """,
        ),
        Wrong(
            "tanh at the end",
            "tanh came after `to_score`",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query @ from_query)[:, :, None] + (key @ from_key)[:, None]
                return torch.tanh(pairs @ to_score)
            """,
        ),
        Wrong(
            "tanh twice",
            "One tanh too many",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query @ from_query)[:, :, None] + (key @ from_key)[:, None]
                return torch.tanh(torch.tanh(pairs) @ to_score)
            """,
        ),
        Wrong(
            "relu",
            "That is relu",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query @ from_query)[:, :, None] + (key @ from_key)[:, None]
                return pairs.clamp(min=0) @ to_score
            """,
        ),
        Wrong(
            "sigmoid",
            "That is the sigmoid",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query @ from_query)[:, :, None] + (key @ from_key)[:, None]
                return torch.sigmoid(pairs) @ to_score
            """,
        ),
        Wrong(
            "subtracted",
            "The shape is right, the numbers are not: at [",
            """
            def additive_scores(query, key, from_query, from_key, to_score):
                pairs = (query @ from_query)[:, :, None] - (key @ from_key)[:, None]
                return torch.tanh(pairs) @ to_score
            """,
        ),
    ],
    "exercise-looks": [
        Wrong(
            "returns None: printed, not returned",
            "returned None",
            """
            def looks(weights, words):
                for row in weights:
                    words[row.argmax()]
            """,
        ),
        Wrong(
            "raises: one long row",
            "Search each row: `dim=-1`",
            """
            def looks(weights, words):
                return words[weights.argmax()]
            """,
        ),
        Wrong(
            "raises: a list is indexed with a tensor of positions",
            "A list takes one position at a time",
            """
            def looks(weights, words):
                return words[weights.argmax(dim=-1)]
            """,
        ),
        Wrong(
            "wrong shape: one for each source word",
            "There is one answer for each source word",
            """
            def looks(weights, words):
                return [words[int(i)] for i in weights.argmax(dim=0)]
            """,
        ),
        Wrong(
            "wrong shape: a single word",
            "You took the largest weight of all",
            """
            def looks(weights, words):
                best = int(weights.argmax())
                return words[best % weights.shape[1]]
            """,
        ),
        Wrong(
            "wrong type: positions",
            "These are positions. Look up",
            """
            def looks(weights, words):
                return [int(row.argmax()) for row in weights]
            """,
        ),
        Wrong(
            "wrong type: positions in a tensor",
            "These are positions, in a tensor",
            """
            def looks(weights, words):
                return weights.argmax(dim=-1)
            """,
        ),
        Wrong(
            "wrong type: a generator",
            "Return a list: yours returned a generator",
            """
            def looks(weights, words):
                return (words[i] for i in weights.argmax(dim=-1))
            """,
        ),
        Wrong(
            "wrong type: one text",
            "Return a list: yours returned '2026 Sunday November'",
            """
            def looks(weights, words):
                return " ".join(words[i] for i in weights.argmax(dim=-1))
            """,
        ),
        Wrong(
            "in place: the words found are taken out",
            "Your function",
            """
            def looks(weights, words):
                return [words.pop(int(row.argmax())) for row in weights]
            """,
        ),
        Wrong(
            "in place: the rows are sorted",
            IN_PLACE,
            """
            def looks(weights, words):
                best = [words[i] for i in weights.argmax(dim=-1)]
                words.sort()
                return best
            """,
        ),
        Wrong(
            "the least attention",
            "the words that get the least attention",
            """
            def looks(weights, words):
                return [words[row.argmin()] for row in weights]
            """,
        ),
        Wrong(
            "the weights themselves",
            "These are the largest weights themselves",
            """
            def looks(weights, words):
                return [float(row.max()) for row in weights]
            """,
        ),
        Wrong(
            "the first row, again and again",
            "The first row is right, and all others repeat it",
            """
            def looks(weights, words):
                return [words[weights[0].argmax()] for _ in weights]
            """,
        ),
        Wrong(
            "from the last row to the first",
            "Keep the order of the rows",
            """
            def looks(weights, words):
                found = []
                for row in weights:
                    found.insert(0, words[row.argmax()])
                return found
            """,
        ),
        Wrong(
            "word and weight",
            "the answer is ['2026', 'Sunday', 'November'], but yours is [('2026', ",
            """
            def looks(weights, words):
                return [(words[row.argmax()], round(row.max().item(), 3)) for row in weights]
            """,
        ),
    ],
}

EXEMPT = {"exercise-looks": {"NaN": "the answer is a list of words"}}
