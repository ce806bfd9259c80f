"""Markdown taken apart: prose without code, and what a text and its translation have in common."""

import re
from collections import Counter

FENCE = re.compile(r"^(```+|~~~+).*?^\1\s*$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
MATH = re.compile(r"\$\$.+?\$\$|(?<!\\)\$[^$\n]+?\$", re.DOTALL)
IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)[^)]*\)")
TARGET = re.compile(r"\]\(<?([^)\s>]+)>?[^)]*\)|href=\"([^\"]+)\"")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*|[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
# English left behind: at least four words in a row, one of them such as no example has. Not
# counted: code, formulas, what stands in italics, in quotes or in brackets, links to other sites.
RUN = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[ ,;:]+[A-Za-z][A-Za-z'’-]*){3,}")
COMMON = re.compile(
    r"\b(?:the|a|an|of|is|are|was|in|on|at|by|for|from|with|it|its|that|this|what|which|how|you)\b"
)
EXAMPLES = ("The keys to the old shed",)
QUOTED = re.compile(r"(?<!\*)\*[^*\n]+\*(?!\*)|\[[^\]]*\]\(https?:[^)]*\)|“[^”]*”|\"[^\"]*\"")


def without_code(text):
    """Return Markdown without its code, fenced or inline."""
    return CODE.sub(" ", FENCE.sub("", text))


def plain(text):
    """Return Markdown as it is read: no code, no formula, no link's target."""
    return re.sub(r"https?://\S+", " ", TARGET.sub("]", MATH.sub(" ", without_code(text))))


def levels(text):
    """Return the levels of the headings of a text, in order."""
    marks = re.findall(r"^(#{1,6}) ", FENCE.sub("", text), re.MULTILINE)
    return [len(each) for each in marks]


def facts(text):
    """Return, by kind, what a text and its translation have in common, whatever the order."""
    found = {"code blocks": [match[0] for match in FENCE.finditer(text)]}
    text = FENCE.sub("", text)
    found["inline code"] = [match[1] for match in CODE.findall(text)]
    text = CODE.sub(" ", text)
    found["formulas"] = MATH.findall(text)
    text = MATH.sub(" ", text)
    found["pictures"] = IMAGE.findall(text)
    text = IMAGE.sub(" ", text)
    found["links"] = ["".join(match) for match in TARGET.findall(text)]
    found["numbers"] = NUMBER.findall(plain(text))
    found["folds"] = re.findall(r"</?(?:details|summary)>", text)
    found["columns of tables"] = [row.count("|") for row in re.findall(r"^\|.*\|$", text, re.M)]
    return {kind: Counter(values) for kind, values in found.items()}


def differences(given, made):
    """Yield what a translation has that its original has not, and the other way round."""
    if levels(given) != levels(made):
        yield f"headings of levels {levels(made)}, not {levels(given)}"
    wanted, found = facts(given), facts(made)
    for kind in wanted:
        missing, over = wanted[kind] - found[kind], found[kind] - wanted[kind]
        if missing or over:
            yield f"{kind}: lacks {[*missing.elements()]}, has {[*over.elements()]} instead"


def english_in(text):
    """Yield the runs of English words in Korean Markdown."""
    text = re.sub(r"\([^()]*\)", " ", plain(QUOTED.sub(" ", without_code(text))))
    for run in RUN.findall(text):
        if COMMON.search(run.lower()) and not run.startswith(EXAMPLES):
            yield run
