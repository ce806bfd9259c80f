"""Answers to the exercises of notebook 03, why attention helps."""

WRONG = {
    "exercise-visits": {
        "looked at again later": """
            def visits(weights):
                places = []
                for row in weights:
                    place = int(row.argmax())
                    if not places or place != places[-1]:
                        places.append(place)
                return places
        """,
        "sorted from left to right": """
            def visits(weights):
                return sorted(set(weights.argmax(dim=-1).tolist()))
        """,
        "Turn them into numbers first": """
            def visits(weights):
                seen = []
                for place in dict.fromkeys(weights.argmax(dim=-1)):
                    seen.append(place)
                return seen
        """,
    },
    "exercise-gold": {
        "leave its row out of the count": """
            def share_on_gold(weights, alignment):
                total = 0.0
                for t in range(len(weights)):
                    for s in alignment[t]:
                        total += weights[t, s].item()
                return total / len(weights)
        """,
        "There is NaN": """
            def share_on_gold(weights, alignment):
                shares = [weights[t, list(gold)].mean().item() for t, gold in enumerate(alignment)]
                return sum(shares) / len(shares)
        """,
        "add their weights, do not average": """
            def share_on_gold(weights, alignment):
                shares = []
                for row, gold in zip(weights, alignment):
                    if gold:
                        shares.append(sum(row[s] for s in gold) / len(gold))
                return float(sum(shares) / len(shares))
        """,
    },
    "exercise-cost": {
        "The blanks pile up": """
            def cost_of_each(chance, words):
                before = chance(words)
                costs = []
                for i in range(len(words)):
                    words[i] = "<blank>"
                    costs.append(before - chance(words))
                return costs
        """,
        'Put "<blank>" in its place': """
            def cost_of_each(chance, words):
                whole = chance(words)
                return [whole - chance(words[:i] + words[i + 1 :]) for i in range(len(words))]
        """,
        "The sign is turned round": """
            def cost_of_each(chance, words):
                costs = []
                for i, _ in enumerate(words):
                    copy = list(words)
                    copy[i] = "<blank>"
                    costs.append(chance(copy) - chance(words))
                return costs
        """,
    },
}
