"""Hover viewer: self-attention in sentences, head by head, as interactive HTML.

In here: `hover_viewer`. Not in here: models.
"""

from helpers.messages import later, say, show
from helpers.views.base import View, fill, html_table
from helpers.views.inputs import heads_in, tokens_in


class HoverViewer(View):
    """A view of sentences: point at a word, and see its attention weights."""


def hover_viewer(pages, start=None) -> HoverViewer:
    """Show self-attention in sentences, head by head: point at a word, see its weights.

    `pages` maps the name of a sentence to a pair (words, weights); row t of the weights is what
    word t attends to. A switch turns the view round: who attends to the word? `start` is the index
    of the word that asks first, the last one unless given.

    Shapes: weights (S, S), or (H, S, S) for H heads, for S words; 1 to 64 words, 1 to 16 heads.
    Raises TypeError for words that are no strings, ValueError for no pages and for what does not
    fit together. First shown in notebook 05.
    """
    if not pages:
        raise ValueError(say("There are no pages to show. Pass {name: (words, weights)}."))
    data = []
    for name, (words, weights) in pages.items():
        words = tokens_in("words", words)
        heads = heads_in(weights, len(words))  # (H, S, S)
        first = len(words) - 1 if start is None else range(len(words))[start]
        page = {"name": show(str(name)), "words": words, "heads": heads.round(4).tolist()}
        data.append(page | {"start": first})
    tables = "\n".join(map(_table, data))
    summary = ", ".join(
        say("{name!r}: {count} words", name=page["name"], count=len(page["words"])) for page in data
    )
    return HoverViewer(fill("hover_viewer", data, _words(), tables=tables), summary)


def _table(page):
    caption = later("{name}: row by row, who looks at whom")
    if len(page["heads"]) > 1:
        caption = later("{name}, head 1 of {heads}: row by row, who looks at whom")
    caption = say(caption, name=page["name"], heads=len(page["heads"]))
    return html_table(caption, page["words"], page["words"], page["heads"][0])


def _words():
    """Return all that the script says, in the reader's language."""
    return {
        "pages": say("What to show"),
        "side": say("Side"),
        "asks": say("asks (query)"),
        "asked": say("is asked (key)"),
        "heads": say("Head"),
        "head": say("head {n}"),
        "ofHead": say("Head {n}:"),
        "words": say("Words: choose one"),
        "how": say(
            "Point at a word, tap it, or use Tab and the arrow keys ← →. The numbers, bars and "
            "lines are weights."
        ),
        "howHeads": say(
            "Point at a word, tap it, or use Tab and the arrow keys ← →; ↑ ↓ change the head. The "
            "numbers, bars and lines are weights."
        ),
        "gives": say("“{word}” asks, and looks most at “{best}”: {share} of its attention."),
        "givesItself": say(
            "“{word}” asks, and looks most at “{best}”: {share} of its attention stays with itself."
        ),
        "givesAlike": say("“{word}” asks, and looks at all {count} words alike."),
        "gets": say(
            "“{word}” is looked at most by “{best}”, with {share} of that word’s attention; {sum} "
            "in all, from {count} words."
        ),
        "getsItself": say(
            "“{word}” is looked at most by itself, with {share} of that word’s attention; {sum} in "
            "all, from {count} words."
        ),
        "getsAlike": say(
            "“{word}” is looked at by all {count} words alike: {share} of the attention of each."
        ),
        "wordGives": say("{word}, gives {share}"),
        "wordGets": say("{word}, gets {share}"),
    }
