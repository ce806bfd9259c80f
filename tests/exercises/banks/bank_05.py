"""Wrong answers to the exercises of notebook 05, self-attention."""

from tests.exercises.banks import Wrong

NOT_A_NUMBER = "There is NaN"
SHAPE = "The shape should be"
IN_PLACE = "changed its inputs in place"

BANK = {
    "exercise-self-attend": [
        Wrong(
            "returns None: no return",
            "ends with `return`",
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                query, key, value = x @ to_query, x @ to_key, x @ to_value
                weights = (query @ key.mT / math.sqrt(query.shape[-1])).softmax(dim=-1)
                context = weights @ value
            """,
        ),
        Wrong(
            "raises: the keys are not transposed",
            "transpose the last two axes of the keys",
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                query, key = x @ to_query, x @ to_key
                weights = (query @ key / math.sqrt(query.shape[-1])).softmax(dim=-1)
                return weights @ (x @ to_value), weights
            """,
        ),
        Wrong(
            "raises: the matrices are called",
            "with TypeError: 'Tensor' object is not callable",
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                query, key, value = to_query(x), to_key(x), to_value(x)
                return attend(query, key, value, score=scaled_dot_scores)
            """,
        ),
        Wrong(
            "wrong shape: one sentence",
            SHAPE,
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                q, k, v = x[0] @ to_query, x[0] @ to_key, x[0] @ to_value
                weights = (q @ k.mT / math.sqrt(q.shape[-1])).softmax(dim=-1)
                return weights @ v, weights
            """,
        ),
        Wrong(
            "wrong shape: the context is summed",
            SHAPE,
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                query, key, value = x @ to_query, x @ to_key, x @ to_value
                context, weights = attend(query, key, value, score=scaled_dot_scores)
                return context.sum(dim=1), weights
            """,
        ),
        Wrong(
            "wrong type: the context alone",
            "Return the weights too",
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                return attend(x @ to_query, x @ to_key, x @ to_value, score=scaled_dot_scores)[0]
            """,
        ),
        Wrong(
            "wrong shape: the wrong order",
            "first the context, then the weights",
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                query, key, value = x @ to_query, x @ to_key, x @ to_value
                context, weights = attend(query, key, value, score=scaled_dot_scores)
                return weights, context
            """,
        ),
        Wrong(
            "NaN: softmax by hand, in numbers too large",
            NOT_A_NUMBER,
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                query, key, value = x @ to_query, x @ to_key, x @ to_value
                shares = (1000 * query @ key.mT).exp()
                weights = shares / shares.sum(dim=-1, keepdim=True)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "in place: the caller's matrix is scaled",
            IN_PLACE,
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                to_query /= math.sqrt(to_query.shape[-1])
                return attend(x @ to_query, x @ to_key, x @ to_value)
            """,
        ),
        Wrong(
            "no √d",
            "not divided by √d",
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                return attend(x @ to_query, x @ to_key, x @ to_value)
            """,
        ),
        Wrong(
            "divided by d",
            "Divide by its square root",
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                query, key, value = x @ to_query, x @ to_key, x @ to_value
                weights = (query @ key.mT / query.shape[-1]).softmax(dim=-1)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "√ of the model width",
            "You divided by √E",
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                query, key, value = x @ to_query, x @ to_key, x @ to_value
                weights = (query @ key.mT / x.shape[-1] ** 0.5).softmax(dim=-1)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "multiplied by √d",
            "You multiplied the scores by √d",
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                query, key, value = x @ to_query, x @ to_key, x @ to_value
                weights = (query @ key.mT * math.sqrt(query.shape[-1])).softmax(dim=-1)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "√ of the number of words",
            "square root of the number of words",
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                query, key, value = x @ to_query, x @ to_key, x @ to_value
                weights = (query @ key.mT / math.sqrt(query.shape[1])).softmax(dim=-1)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "softmax over the queries",
            "Your softmax runs over the queries",
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                query, key, value = x @ to_query, x @ to_key, x @ to_value
                weights = (query @ key.mT / math.sqrt(query.shape[-1])).softmax(dim=1)
                return weights @ value, weights
            """,
        ),
        Wrong(
            "the words are blended",
            "You blended the words themselves",
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                return attend(x @ to_query, x @ to_key, x, score=scaled_dot_scores)
            """,
        ),
        Wrong(
            "queries and keys swapped",
            "Queries and keys changed places",
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                return attend(x @ to_key, x @ to_query, x @ to_value, score=scaled_dot_scores)
            """,
        ),
        Wrong(
            "keys made with to_query",
            "Your keys are made with `to_query`",
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                query = x @ to_query
                return attend(query, query, x @ to_value, score=scaled_dot_scores)
            """,
        ),
        Wrong(
            "queries made with to_key",
            "Your queries are made with `to_key`",
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                key = x @ to_key
                return attend(key, key, x @ to_value, score=scaled_dot_scores)
            """,
        ),
        Wrong(
            "scores in place of weights",
            "The second thing you return is the scores",
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                query, key, value = x @ to_query, x @ to_key, x @ to_value
                scores = query @ key.mT / math.sqrt(query.shape[-1])
                return scores.softmax(dim=-1) @ value, scores
            """,
        ),
        Wrong(
            "words compared as they are",
            "You compared the words as they are",
            """
            def attend_to_itself(x, to_query, to_key, to_value):
                return attend(x, x, x @ to_value, score=scaled_dot_scores)
            """,
        ),
    ],
    "exercise-split": [
        Wrong(
            "returns None: no return",
            "ends with `return`",
            """
            def cut_into_heads(x, n_heads):
                heads = x.unflatten(-1, (n_heads, -1)).transpose(1, 2)
            """,
        ),
        Wrong(
            "raises: a view that does not fit",
            "with RuntimeError",
            """
            def cut_into_heads(x, n_heads):
                return x.view(len(x), n_heads, -1, x.shape[-1])
            """,
        ),
        Wrong(
            "raises: an invented name",
            "with AttributeError",
            """
            def cut_into_heads(x, n_heads):
                return x.heads(n_heads)
            """,
        ),
        Wrong(
            "wrong shape: the heads stand behind the words",
            "Swap the two axes",
            """
            def cut_into_heads(x, n_heads):
                return x.unflatten(-1, (n_heads, -1))
            """,
        ),
        Wrong(
            "wrong shape: pieces of n_heads numbers",
            "You made pieces of `n_heads` numbers",
            """
            def cut_into_heads(x, n_heads):
                return x.unflatten(-1, (-1, n_heads))
            """,
        ),
        Wrong(
            "wrong shape: heads and width swapped",
            "Heads and width changed places",
            """
            def cut_into_heads(x, n_heads):
                return x.unflatten(-1, (-1, n_heads)).transpose(1, 2)
            """,
        ),
        Wrong(
            "wrong shape: heads before the batch",
            "The batch stays in front",
            """
            def cut_into_heads(x, n_heads):
                return torch.stack(x.chunk(n_heads, dim=-1))
            """,
        ),
        Wrong(
            "wrong shape: heads last",
            "The heads come last",
            """
            def cut_into_heads(x, n_heads):
                return torch.stack(x.chunk(n_heads, dim=-1), dim=-1)
            """,
        ),
        Wrong(
            "wrong shape: words and numbers swapped",
            "The last two axes changed places",
            """
            def cut_into_heads(x, n_heads):
                return x.unflatten(-1, (n_heads, -1)).permute(0, 2, 3, 1)
            """,
        ),
        Wrong(
            "wrong shape: cat",
            "`cat` put the heads one after another",
            """
            def cut_into_heads(x, n_heads):
                return torch.cat(x.chunk(n_heads, dim=-1), dim=1)
            """,
        ),
        Wrong(
            "wrong shape: every head gets all",
            "Each gets a part of them",
            """
            def cut_into_heads(x, n_heads):
                return x[:, None].expand(-1, n_heads, -1, -1)
            """,
        ),
        Wrong(
            "wrong type: a list",
            "These are the heads, in a list",
            """
            def cut_into_heads(x, n_heads):
                return list(x.chunk(n_heads, dim=-1))
            """,
        ),
        Wrong(
            "wrong type: a tuple",
            "These are the heads, in a list",
            """
            def cut_into_heads(x, n_heads):
                return x.chunk(n_heads, dim=-1)
            """,
        ),
        Wrong(
            "NaN: normalised by an empty sum",
            NOT_A_NUMBER,
            """
            def cut_into_heads(x, n_heads):
                heads = torch.stack(x.chunk(n_heads, dim=-1), dim=1)
                return heads * (heads - heads).sum() / (heads - heads).sum()
            """,
        ),
        Wrong(
            "in place: the caller's words are halved",
            IN_PLACE,
            """
            def cut_into_heads(x, n_heads):
                heads = torch.stack(x.clone().chunk(n_heads, dim=-1), dim=1)
                x.mul_(0.5)
                return heads
            """,
        ),
        Wrong(
            "reshaped without a transpose",
            "the words are scrambled",
            """
            def cut_into_heads(x, n_heads):
                return x.reshape(x.shape[0], n_heads, x.shape[1], -1)
            """,
        ),
        Wrong(
            "viewed without a transpose",
            "the words are scrambled",
            """
            def cut_into_heads(x, n_heads):
                b, t, e = x.shape
                return x.view(b, n_heads, t, e // n_heads)
            """,
        ),
        Wrong(
            "dealt out in turn",
            "like cards",
            """
            def cut_into_heads(x, n_heads):
                return torch.stack([x[..., h::n_heads] for h in range(n_heads)], dim=1)
            """,
        ),
        Wrong(
            "the heads in reverse",
            "The heads are in reverse",
            """
            def cut_into_heads(x, n_heads):
                return torch.stack(x.chunk(n_heads, dim=-1)[::-1], dim=1)
            """,
        ),
    ],
    "exercise-combined": [
        Wrong(
            "returns None: no return",
            "ends with `return`",
            """
            def combined(lower, upper):
                product = upper @ lower
            """,
        ),
        Wrong(
            "raises: numpy",
            "with AttributeError",
            """
            def combined(lower, upper):
                return upper.dot_product(lower)
            """,
        ),
        Wrong(
            "raises: the transpose of a name",
            "with RuntimeError",
            """
            def combined(lower, upper):
                return torch.einsum('tm,ms->ts', upper, lower)
            """,
        ),
        Wrong(
            "wrong shape: the positions are added up",
            "The positions were added up",
            """
            def combined(lower, upper):
                return (upper @ lower).sum(dim=1)
            """,
        ),
        Wrong(
            "wrong shape: the first sentence alone",
            "the first sentence alone",
            """
            def combined(lower, upper):
                return upper[0] @ lower[0]
            """,
        ),
        Wrong(
            "wrong type: a list",
            "Return a tensor",
            """
            def combined(lower, upper):
                return [u @ w for u, w in zip(upper, lower)]
            """,
        ),
        Wrong(
            "NaN: normalised logarithms",
            NOT_A_NUMBER,
            """
            def combined(lower, upper):
                product = upper @ lower
                return product * (product - 2).log()
            """,
        ),
        Wrong(
            "in place: the upper table is overwritten",
            IN_PLACE,
            """
            def combined(lower, upper):
                upper.copy_(upper @ lower)
                return upper.clone()
            """,
        ),
        Wrong(
            "the wrong order",
            "The order is the other way round",
            """
            def combined(lower, upper):
                return lower @ upper
            """,
        ),
        Wrong(
            "place by place",
            "You multiplied place by place. t reaches",
            """
            def combined(lower, upper):
                return lower * upper
            """,
        ),
        Wrong(
            "place by place, normalised",
            "made the rows sum to 1 again",
            """
            def combined(lower, upper):
                product = lower * upper
                return product / product.sum(dim=-1, keepdim=True)
            """,
        ),
        Wrong(
            "the mean",
            "the mean of the two tables",
            """
            def combined(lower, upper):
                return (lower + upper) / 2
            """,
        ),
        Wrong(
            "the sum",
            "You added the tables",
            """
            def combined(lower, upper):
                return lower + upper
            """,
        ),
        Wrong(
            "softmax again",
            "One softmax too many",
            """
            def combined(lower, upper):
                return (upper @ lower).softmax(dim=-1)
            """,
        ),
        Wrong(
            "transposed",
            "Rows and columns changed places",
            """
            def combined(lower, upper):
                return (upper @ lower).mT
            """,
        ),
        Wrong(
            "lower transposed",
            "`lower` is transposed",
            """
            def combined(lower, upper):
                return upper @ lower.mT
            """,
        ),
        Wrong(
            "upper transposed",
            "`upper` is transposed",
            """
            def combined(lower, upper):
                return upper.mT @ lower
            """,
        ),
        Wrong(
            "the upper layer alone",
            "the upper layer alone",
            """
            def combined(lower, upper):
                return upper
            """,
        ),
        Wrong(
            "the lower layer alone",
            "the lower layer alone",
            """
            def combined(lower, upper):
                return lower
            """,
        ),
    ],
}
