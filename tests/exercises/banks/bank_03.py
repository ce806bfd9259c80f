"""Wrong answers to the exercises of notebook 03, why attention helps."""

from tests.exercises.banks import Wrong

RETURN = "ends with `return`"
IN_PLACE = "changed its inputs in place"
REPEATS = "not listed again"
GROUPS = "looked at again later"
LEFT_TO_RIGHT = "sorted from left to right"
QUERIES_ARE_ROWS = "Queries are rows"
A_FLOAT = "Return one number"
WHOLE_LIST = "takes the whole list of words"

BANK = {
    "exercise-visits": [
        Wrong(
            "returns None: appended and never returned",
            RETURN,
            """
            def visits(weights):
                seen = []
                for place in weights.argmax(dim=-1).tolist():
                    if place not in seen:
                        seen.append(place)
            """,
        ),
        Wrong(
            "raises: a list has no argmax",
            "'list' object has no attribute 'argmax'",
            """
            def visits(weights):
                return [row.tolist().argmax() for row in weights]
            """,
        ),
        Wrong(
            "wrong shape: every step, repeats and all",
            REPEATS,
            """
            def visits(weights):
                return [int(row.argmax()) for row in weights]
            """,
        ),
        Wrong(
            "wrong shape: only neighbours that repeat are dropped",
            GROUPS,
            """
            def visits(weights):
                places = []
                for place in weights.argmax(dim=-1).tolist():
                    if not places or places[-1] != place:
                        places.append(place)
                return places
            """,
        ),
        Wrong(
            "wrong shape: unique_consecutive",
            GROUPS,
            """
            def visits(weights):
                return weights.argmax(-1).unique_consecutive().tolist()
            """,
        ),
        Wrong(
            "in place: weights that were seen are zeroed",
            IN_PLACE,
            """
            def visits(weights):
                seen = list(dict.fromkeys(weights.argmax(dim=-1).tolist()))
                weights[:, seen] = 0
                return seen
            """,
        ),
        Wrong(
            "a set: the order is lost",
            LEFT_TO_RIGHT,
            """
            def visits(weights):
                return list(set(weights.argmax(dim=-1).tolist()))
            """,
        ),
        Wrong(
            "unique: sorted",
            LEFT_TO_RIGHT,
            """
            def visits(weights):
                return torch.unique(weights.argmax(dim=-1)).tolist()
            """,
        ),
        Wrong(
            "rows and columns swapped",
            QUERIES_ARE_ROWS,
            """
            def visits(weights):
                return list(dict.fromkeys(weights.argmax(dim=0).tolist()))
            """,
        ),
        Wrong(
            "rows and columns swapped, repeats and all",
            QUERIES_ARE_ROWS,
            """
            def visits(weights):
                return weights.argmax(dim=0).tolist()
            """,
        ),
        Wrong(
            "the least attended places",
            "Take the largest: `argmax`",
            """
            def visits(weights):
                return list(dict.fromkeys(weights.argmin(dim=-1).tolist()))
            """,
        ),
        Wrong(
            "the weights instead of their places",
            "Find where they stand",
            """
            def visits(weights):
                return list(dict.fromkeys(weights.max(dim=-1).values.tolist()))
            """,
        ),
        Wrong(
            "backwards",
            "from the last to the first",
            """
            def visits(weights):
                return list(dict.fromkeys(weights.argmax(dim=-1).tolist()))[::-1]
            """,
        ),
        Wrong(
            "the whole table at once",
            "Each row has a largest weight of its own",
            """
            def visits(weights):
                return [weights.argmax().item()]
            """,
        ),
        Wrong(
            "a dict of tensors: all are different",
            "Turn them into numbers first",
            """
            def visits(weights):
                return list(dict.fromkeys(weights.argmax(dim=-1)))
            """,
        ),
        Wrong(
            "a tensor of every step",
            "in a tensor. Make a list",
            """
            def visits(weights):
                return weights.argmax(dim=-1)
            """,
        ),
    ],
    "exercise-gold": [
        Wrong(
            "returns None: summed and never returned",
            RETURN,
            """
            def share_on_gold(weights, alignment):
                total = 0
                for t, said in enumerate(alignment):
                    total += weights[t, list(said)].sum()
            """,
        ),
        Wrong(
            "raises: a first gold word where there is none",
            "there is no first one",
            """
            def share_on_gold(weights, alignment):
                shares = [weights[t, said[0]].item() for t, said in enumerate(alignment)]
                return sum(shares) / len(shares)
            """,
        ),
        Wrong(
            "raises: the alignment as a tensor",
            "rows of different lengths",
            """
            def share_on_gold(weights, alignment):
                gold = torch.tensor(alignment)
                return weights.gather(1, gold).sum(dim=-1).mean().item()
            """,
        ),
        Wrong(
            "wrong shape: one share for each row",
            "Return their mean, one number",
            """
            def share_on_gold(weights, alignment):
                gold = [(t, list(said)) for t, said in enumerate(alignment) if said]
                return [weights[t, said].sum().item() for t, said in gold]
            """,
        ),
        Wrong(
            "wrong shape: a tensor of shares",
            A_FLOAT,
            """
            def share_on_gold(weights, alignment):
                shares = [weights[t, list(said)].sum() for t, said in enumerate(alignment) if said]
                return torch.stack(shares)
            """,
        ),
        Wrong(
            "NaN: the mean of an empty row",
            "There is NaN",
            """
            def share_on_gold(weights, alignment):
                shares = [weights[t, list(said)].mean().item() for t, said in enumerate(alignment)]
                return sum(shares) / len(shares)
            """,
        ),
        Wrong(
            "in place: what is not gold is zeroed",
            IN_PLACE,
            """
            def share_on_gold(weights, alignment):
                for t, said in enumerate(alignment):
                    for s in range(weights.shape[1]):
                        if s not in said:
                            weights[t, s] = 0
                return weights.sum().item() / sum(1 for said in alignment if said)
            """,
        ),
        Wrong(
            "rows without gold are counted",
            "leave its row out of the count",
            """
            def share_on_gold(weights, alignment):
                total = sum(weights[t, list(said)].sum().item() for t, said in enumerate(alignment))
                return total / len(weights)
            """,
        ),
        Wrong(
            "not divided",
            "Divide it by the number of rows that have gold",
            """
            def share_on_gold(weights, alignment):
                return sum(weights[t, list(said)].sum().item() for t, said in enumerate(alignment))
            """,
        ),
        Wrong(
            "averaged over links",
            "You averaged over links",
            """
            def share_on_gold(weights, alignment):
                links = [weights[t, s].item() for t, said in enumerate(alignment) for s in said]
                return sum(links) / len(links)
            """,
        ),
        Wrong(
            "several gold words averaged",
            "add their weights, do not average",
            """
            def share_on_gold(weights, alignment):
                gold = [(t, list(said)) for t, said in enumerate(alignment) if said]
                shares = [weights[t, said].mean().item() for t, said in gold]
                return sum(shares) / len(shares)
            """,
        ),
        Wrong(
            "the first gold word only",
            "the first gold word only",
            """
            def share_on_gold(weights, alignment):
                shares = [weights[t, said[0]].item() for t, said in enumerate(alignment) if said]
                return sum(shares) / len(shares)
            """,
        ),
        Wrong(
            "heaviest weights counted",
            "You counted where the heaviest weight is",
            """
            def share_on_gold(weights, alignment):
                top = weights.argmax(dim=-1).tolist()
                hits = [top[t] in said for t, said in enumerate(alignment) if said]
                return sum(hits) / len(hits)
            """,
        ),
        Wrong(
            "what is off gold",
            "*not* on gold",
            """
            def share_on_gold(weights, alignment):
                gold = [(t, list(said)) for t, said in enumerate(alignment) if said]
                shares = [weights[t, said].sum().item() for t, said in gold]
                return 1 - sum(shares) / len(shares)
            """,
        ),
        Wrong(
            "softmax once more",
            "no second one",
            """
            def share_on_gold(weights, alignment):
                weights = weights.softmax(dim=-1)
                gold = [(t, list(said)) for t, said in enumerate(alignment) if said]
                shares = [weights[t, said].sum().item() for t, said in gold]
                return sum(shares) / len(shares)
            """,
        ),
    ],
    "exercise-cost": [
        Wrong(
            "returns None: printed",
            "`return` it",
            """
            def cost_of_each(chance, words):
                for i in range(len(words)):
                    print(chance(words) - chance([*words[:i], "<blank>", *words[i + 1 :]]))
            """,
        ),
        Wrong(
            "raises: a string is not a list",
            WHOLE_LIST,
            """
            def cost_of_each(chance, words):
                return [chance(words) - chance("<blank>") for word in words]
            """,
        ),
        Wrong(
            "raises: the blank alone",
            WHOLE_LIST,
            """
            def cost_of_each(chance, words):
                return [chance(words) - chance(["<blank>"]) for word in words]
            """,
        ),
        Wrong(
            "raises: the word is cut out",
            'Put "<blank>" in its place',
            """
            def cost_of_each(chance, words):
                cut = (words[:i] + words[i + 1 :] for i in range(len(words)))
                return [chance(words) - chance(each) for each in cut]
            """,
        ),
        Wrong(
            "wrong shape: the largest cost alone",
            "That is the largest cost alone",
            """
            def cost_of_each(chance, words):
                whole = chance(words)
                return max(
                    whole - chance([*words[:i], "<blank>", *words[i + 1 :]])
                    for i in range(len(words))
                )
            """,
        ),
        Wrong(
            "wrong shape: a dict",
            "A word may occur twice",
            """
            def cost_of_each(chance, words):
                whole = chance(words)
                return {
                    word: whole - chance([*words[:i], "<blank>", *words[i + 1 :]])
                    for i, word in enumerate(words)
                }
            """,
        ),
        Wrong(
            "wrong shape: a tensor",
            "Return a list",
            """
            def cost_of_each(chance, words):
                whole = chance(words)
                blanked = ([*words[:i], "<blank>", *words[i + 1 :]] for i in range(len(words)))
                return torch.tensor([whole - chance(each) for each in blanked])
            """,
        ),
        Wrong(
            "in place: the caller's list is blanked and not put back",
            "The blanks pile up",
            """
            def cost_of_each(chance, words):
                whole, costs = chance(words), []
                for i in range(len(words)):
                    words[i] = "<blank>"
                    costs.append(whole - chance(words))
                return costs
            """,
        ),
        Wrong(
            "in place: right numbers, and the last blank stays",
            IN_PLACE,
            """
            def cost_of_each(chance, words):
                before, whole, costs = list(words), chance(words), []
                for i in range(len(words)):
                    words[:] = before
                    words[i] = "<blank>"
                    costs.append(whole - chance(words))
                return costs
            """,
        ),
        Wrong(
            "the blanks pile up in a copy",
            "The blanks pile up",
            """
            def cost_of_each(chance, words):
                whole, left, costs = chance(words), words.copy(), []
                for i in range(len(words)):
                    left[i] = "<blank>"
                    costs.append(whole - chance(left))
                return costs
            """,
        ),
        Wrong(
            "after minus before",
            "The sign is turned round",
            """
            def cost_of_each(chance, words):
                whole = chance(words)
                blanked = ([*words[:i], "<blank>", *words[i + 1 :]] for i in range(len(words)))
                return [chance(each) - whole for each in blanked]
            """,
        ),
        Wrong(
            "the chances that are left",
            "These are the chances that are left",
            """
            def cost_of_each(chance, words):
                blanked = ([*words[:i], "<blank>", *words[i + 1 :]] for i in range(len(words)))
                return [chance(each) for each in blanked]
            """,
        ),
        Wrong(
            "ratios",
            "These are ratios",
            """
            def cost_of_each(chance, words):
                whole = chance(words)
                blanked = ([*words[:i], "<blank>", *words[i + 1 :]] for i in range(len(words)))
                return [chance(each) / whole for each in blanked]
            """,
        ),
        Wrong(
            "absolute values",
            "You took absolute values",
            """
            def cost_of_each(chance, words):
                whole = chance(words)
                blanked = ([*words[:i], "<blank>", *words[i + 1 :]] for i in range(len(words)))
                return [abs(whole - chance(each)) for each in blanked]
            """,
        ),
        Wrong(
            "one word kept, all others blanked",
            "You kept one word",
            """
            def cost_of_each(chance, words):
                costs = []
                for i, word in enumerate(words):
                    alone = ["<blank>"] * len(words)
                    alone[i] = word
                    costs.append(chance(words) - chance(alone))
                return costs
            """,
        ),
        Wrong(
            "the word that costs most",
            "That is the word that costs most",
            """
            def cost_of_each(chance, words):
                left = {
                    word: chance([*words[:i], "<blank>", *words[i + 1 :]])
                    for i, word in enumerate(words)
                }
                return min(left, key=left.get)
            """,
        ),
    ],
}

EXEMPT = {
    "exercise-visits": {"NaN": "places are whole numbers"},
    "exercise-cost": {"NaN": "differences of probabilities are always numbers"},
}
