"""Wrong answers to the exercises of notebook 09, the whole block."""

from tests.exercises.banks import Wrong

BANK = {
    "exercise-block": [
        Wrong(
            "returns None: no return",
            "ends with `return`",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = x + attention(norm_1(x))
                x = x + feed_forward(norm_2(x))
            """,
        ),
        Wrong(
            "raises: attention returns one thing",
            "stopped at the line",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                context, weights, more = attention(norm_1(x))
                return x + context + feed_forward(norm_2(x))
            """,
        ),
        Wrong(
            "wrong shape: joined instead of added",
            "The shape should be",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = torch.cat([x, attention(norm_1(x))], dim=-1)
                return x
            """,
        ),
        Wrong(
            "NaN: divided by what is left of nothing",
            "There is NaN",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = x + attention(norm_1(x))
                return x + feed_forward(norm_2(x)) * (x - x) / (x - x)
            """,
        ),
        Wrong(
            "in place: writes into x",
            "changed its inputs in place",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x += attention(norm_1(x))
                x += feed_forward(norm_2(x))
                return x
            """,
        ),
        Wrong(
            "no residual at all",
            "Yours replaces the stream",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                return feed_forward(norm_2(attention(norm_1(x))))
            """,
        ),
        Wrong(
            "no residual and no norm",
            "Yours replaces the stream",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                return feed_forward(attention(x))
            """,
        ),
        Wrong(
            "no second residual",
            "The second residual is missing",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = x + attention(norm_1(x))
                return feed_forward(norm_2(x))
            """,
        ),
        Wrong(
            "no first residual",
            "The first residual is missing",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = attention(norm_1(x))
                return x + feed_forward(norm_2(x))
            """,
        ),
        Wrong(
            "post-norm",
            "You normed the sum",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = norm_1(x + attention(x))
                return norm_2(x + feed_forward(x))
            """,
        ),
        Wrong(
            "no norm",
            "There is no norm",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = x + attention(x)
                return x + feed_forward(x)
            """,
        ),
        Wrong(
            "no second norm",
            "The second norm is missing",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = x + attention(norm_1(x))
                return x + feed_forward(x)
            """,
        ),
        Wrong(
            "no first norm",
            "The first norm is missing",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = x + attention(x)
                return x + feed_forward(norm_2(x))
            """,
        ),
        Wrong(
            "adds to the normed stream",
            "You added to the normed stream",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = norm_1(x)
                x = x + attention(x)
                x = norm_2(x)
                return x + feed_forward(x)
            """,
        ),
        Wrong(
            "both at once",
            "Feed-forward read the x from before attention",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                return x + attention(norm_1(x)) + feed_forward(norm_2(x))
            """,
        ),
        Wrong(
            "starts again from the old x",
            "The second line starts from the old x",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                y = x + attention(norm_1(x))
                return x + feed_forward(norm_2(y))
            """,
        ),
        Wrong(
            "feed-forward first",
            "Feed-forward came first",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = x + feed_forward(norm_2(x))
                return x + attention(norm_1(x))
            """,
        ),
        Wrong(
            "norms swapped",
            "The two norms changed places",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = x + attention(norm_2(x))
                return x + feed_forward(norm_1(x))
            """,
        ),
        Wrong(
            "one norm twice",
            "You used `norm_1` twice",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                x = x + attention(norm_1(x))
                return x + feed_forward(norm_1(x))
            """,
        ),
        Wrong(
            "half a block",
            "That is the first half",
            """
            def wire_block(x, norm_1, attention, norm_2, feed_forward):
                return x + attention(norm_1(x))
            """,
        ),
    ],
    "exercise-bits": [
        Wrong(
            "returns None: printed",
            "`return` it",
            """
            def bits_of(chances, text):
                came = chances[torch.arange(len(text)), text]
                print(-came.log2().mean())
            """,
        ),
        Wrong(
            "raises: a list has no log2",
            "stopped at the line",
            """
            def bits_of(chances, text):
                came = [chances[i, c] for i, c in enumerate(text)]
                return -came.log2().mean()
            """,
        ),
        Wrong(
            "wrong shape: no mean",
            "Take the mean",
            """
            def bits_of(chances, text):
                came = chances[torch.arange(len(text)), text]
                return -came.log2()
            """,
        ),
        Wrong(
            "NaN: the logarithm of a negative number",
            "There is NaN",
            """
            def bits_of(chances, text):
                came = chances[torch.arange(len(text)), text]
                return (-came).log2().mean()
            """,
        ),
        Wrong(
            "in place: clamps the chances",
            "changed its inputs in place",
            """
            def bits_of(chances, text):
                came = chances[torch.arange(len(text)), text]
                chances.log2_()
                return -came.log2().mean()
            """,
        ),
        Wrong(
            "nats",
            "These are nats",
            """
            def bits_of(chances, text):
                came = chances[torch.arange(len(text)), text]
                return -came.log().mean()
            """,
        ),
        Wrong(
            "the sign",
            "The sign",
            """
            def bits_of(chances, text):
                came = chances[torch.arange(len(text)), text]
                return came.log2().mean()
            """,
        ),
        Wrong(
            "the sum",
            "the mean, not the sum",
            """
            def bits_of(chances, text):
                came = chances[torch.arange(len(text)), text]
                return -came.log2().sum()
            """,
        ),
        Wrong(
            "mean before logarithm",
            "logarithm first, then the mean",
            """
            def bits_of(chances, text):
                came = chances[torch.arange(len(text)), text]
                return -came.mean().log2()
            """,
        ),
        Wrong(
            "mean chance",
            "That is the mean chance",
            """
            def bits_of(chances, text):
                came = chances[torch.arange(len(text)), text]
                return came.mean()
            """,
        ),
        Wrong(
            "all characters",
            "Only the one that came counts",
            """
            def bits_of(chances, text):
                return -chances.log2().mean()
            """,
        ),
        Wrong(
            "every column for every row",
            "Go along both axes together",
            """
            def bits_of(chances, text):
                return -chances[:, text].log2().mean()
            """,
        ),
        Wrong(
            "rows instead of columns",
            "rows are positions",
            """
            def bits_of(chances, text):
                return -chances[text].log2().mean()
            """,
        ),
        Wrong(
            "entropy",
            "what the model *expected* to pay",
            """
            def bits_of(chances, text):
                return -(chances * chances.log2()).sum(dim=-1).mean()
            """,
        ),
        Wrong(
            "perplexity",
            "the perplexity",
            """
            def bits_of(chances, text):
                came = chances[torch.arange(len(text)), text]
                return 2 ** -came.log2().mean()
            """,
        ),
        Wrong(
            "chances taken for logits",
            "These are chances already",
            """
            def bits_of(chances, text):
                loss = torch.nn.functional.cross_entropy(chances, text)
                return loss / math.log(2)
            """,
        ),
    ],
    "exercise-top-k": [
        Wrong(
            "returns None: written to a name",
            "ends with `return`",
            """
            def top_k(logits, k):
                limit = logits.topk(k).values[:, -1:]
                chances = logits.masked_fill(logits < limit, -math.inf).softmax(dim=-1)
            """,
        ),
        Wrong(
            "raises: the limits are many columns",
            "You need its last column",
            """
            def top_k(logits, k):
                limit = logits.topk(k).values
                return logits.masked_fill(logits < limit, -math.inf).softmax(dim=-1)
            """,
        ),
        Wrong(
            "raises: the limits are no column",
            "They have to be a column",
            """
            def top_k(logits, k):
                limit = logits.topk(k).values[:, -1]
                return logits.masked_fill(logits < limit, -math.inf).softmax(dim=-1)
            """,
        ),
        Wrong(
            "wrong shape: only the best",
            "Keep all V places",
            """
            def top_k(logits, k):
                return logits.topk(k).values.softmax(dim=-1)
            """,
        ),
        Wrong(
            "NaN: nothing is left",
            "There is NaN",
            """
            def top_k(logits, k):
                limit = logits.topk(k).values[:, :1]
                return logits.masked_fill(logits <= limit, -math.inf).softmax(dim=-1)
            """,
        ),
        Wrong(
            "in place: fills the logits",
            "changed its inputs in place",
            """
            def top_k(logits, k):
                limit = logits.topk(k).values[:, -1:]
                logits.masked_fill_(logits < limit, -math.inf)
                return logits.softmax(dim=-1)
            """,
        ),
        Wrong(
            "after the softmax",
            "you set chances to zero after the softmax",
            """
            def top_k(logits, k):
                limit = logits.topk(k).values[:, -1:]
                return logits.softmax(dim=-1) * (logits >= limit)
            """,
        ),
        Wrong(
            "zero instead of minus infinity",
            "A logit of 0 is not nothing",
            """
            def top_k(logits, k):
                limit = logits.topk(k).values[:, -1:]
                return logits.masked_fill(logits < limit, 0).softmax(dim=-1)
            """,
        ),
        Wrong(
            "upside down",
            "Upside down",
            """
            def top_k(logits, k):
                limit = logits.topk(k).values[:, -1:]
                return logits.masked_fill(logits >= limit, -math.inf).softmax(dim=-1)
            """,
        ),
        Wrong(
            "the smallest",
            "You kept the k smallest",
            """
            def top_k(logits, k):
                limit = logits.topk(k, largest=False).values[:, -1:]
                return logits.masked_fill(logits > limit, -math.inf).softmax(dim=-1)
            """,
        ),
        Wrong(
            "one too few",
            "One too few",
            """
            def top_k(logits, k):
                limit = logits.topk(k).values[:, -1:]
                return logits.masked_fill(logits <= limit, -math.inf).softmax(dim=-1)
            """,
        ),
        Wrong(
            "all of them",
            "Nothing was removed",
            """
            def top_k(logits, k):
                return logits.softmax(dim=-1)
            """,
        ),
        Wrong(
            "still logits",
            "These are still logits",
            """
            def top_k(logits, k):
                limit = logits.topk(k).values[:, -1:]
                return logits.masked_fill(logits < limit, -math.inf)
            """,
        ),
        Wrong(
            "softmax over the batch",
            "Each row has its own budget",
            """
            def top_k(logits, k):
                limit = logits.topk(k).values[:, -1:]
                return logits.masked_fill(logits < limit, -math.inf).softmax(dim=0)
            """,
        ),
        Wrong(
            "of the whole batch",
            "Each row has its own k",
            """
            def top_k(logits, k):
                limit = logits.flatten().topk(k).values[-1]
                return logits.masked_fill(logits < limit, -math.inf).softmax(dim=-1)
            """,
        ),
        Wrong(
            "down the columns",
            "You searched down the columns",
            """
            def top_k(logits, k):
                limit = logits.topk(k, dim=0).values[-1:]
                return logits.masked_fill(logits < limit, -math.inf).softmax(dim=-1)
            """,
        ),
    ],
}
