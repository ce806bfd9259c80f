"""The Korean edition says what the English one says, cell by cell, and shows what it shows.

Each rule takes a pair of notebooks and yields complaints. What can be counted is compared:
headings, formulas, code, links, pictures, numbers in digits. Whether a sentence is right, people
have to say.
"""

import re
from collections import Counter

import mistune
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.support import stored
from tests.support.stored import strings
from tools.notebooks import sync
from tools.notebooks.files import METADATA, twin
from tools.publish.address import read_address, set_up

PAIRED = [path for path in stored.paths(editions=("ko",)) if twin(path).exists()]
FENCE = re.compile(r"^(?:```.*?^```|~~~.*?^~~~)\s*$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
MATH = re.compile(r"\$\$.+?\$\$|(?<!\\)\$[^$\n]+?\$", re.DOTALL)
IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)[^)]*\)")
TARGET = re.compile(r"\]\(<?([^)\s>]+)>?[^)]*\)|href=\"([^\"]+)\"")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*|[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
MINUTES = re.compile(r"\**(\d+(?:\.\d)?) ?(?:min|분)\.")
# English left behind: at least four words in a row, one of them such as no example has. Not
# counted: code, formulas, what stands in italics, in quotes or in brackets, links to other sites.
RUN = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[ ,;:]+[A-Za-z][A-Za-z'’-]*){3,}")
COMMON = re.compile(
    r"\b(?:the|a|an|of|is|are|was|in|on|at|by|for|from|with|it|its|that|this|what|which|how|you)\b"
)
EXAMPLES = ("The keys to the old shed",)
QUOTED = re.compile(r"(?<!\*)\*[^*\n]+\*(?!\*)|\[[^\]]*\]\(https?:[^)]*\)|“[^”]*”|\"[^\"]*\"")


# --- what can be counted in a text ---


def facts(text):
    """Return, by kind, what a text and its translation have alike, whatever the order."""
    found = {"code blocks": FENCE.findall(text)}
    text = FENCE.sub("", text)
    found["inline code"] = [match[1] for match in CODE.findall(text)]
    text = CODE.sub(" ", text)
    found["formulas"] = MATH.findall(text)
    text = MATH.sub(" ", text)
    found["pictures"] = IMAGE.findall(text)
    text = IMAGE.sub(" ", text)
    found["links"] = ["".join(match) for match in TARGET.findall(text)]
    text = re.sub(r"https?://\S+", " ", TARGET.sub("]", text))
    found["numbers"] = NUMBER.findall(text)
    found["folds"] = re.findall(r"</?(?:details|summary)>", text)
    found["columns of tables"] = [row.count("|") for row in re.findall(r"^\|.*\|$", text, re.M)]
    return {kind: Counter(values) for kind, values in found.items()}


def levels(text):
    """Return the levels of the headings of a text, in order."""
    text = FENCE.sub("", text)
    return [len(marks) for marks in re.findall(r"^(#{1,6}) ", text, re.MULTILINE)]


def wording(text):
    """Return Markdown without its code and its formulas."""
    return MATH.sub(" ", CODE.sub(" ", FENCE.sub("", text)))


def plain(text):
    """Return Markdown as it is read: no code, no formula, no link's target."""
    return re.sub(r"https?://\S+", " ", TARGET.sub("]", wording(text)))


# --- rules on a pair ---


def places(english, korean):
    """Yield the English and the Korean prose of each cell in each place, and where that is."""
    there = {cell.id: cell for cell in korean.cells}
    for cell in english.cells:
        given, made = sync.prose(cell), sync.prose(there.get(cell.id, {"metadata": {}}))
        for key in given.keys() & made.keys():
            yield given[key], made[key], f"{korean} {cell.id}, {key}"


def has_the_same_cells(english, korean):
    if english.ids != korean.ids:
        missing = [name for name in english.ids if name not in korean.ids]
        left = [name for name in korean.ids if name not in english.ids]
        yield f"{korean}: its cells are not those of its twin: missing {missing}, left over {left}"
    if english.node.metadata != korean.node.metadata:
        yield f"{korean}: the notebook's metadata is not that of its twin"


def copies_code_and_outputs(english, korean):
    there = dict(zip(korean.ids, korean.cells, strict=True))
    for cell in english.cells:
        other = there.get(cell.id)
        if other is None:
            continue
        own = {key: v for key, v in other.items() if key != "metadata"}
        wanted = {key: v for key, v in cell.items() if key != "metadata"}
        if cell.cell_type == "markdown":
            own["source"] = wanted["source"] = ""
        if cell.id == "setup":
            wanted["source"] = set_up(korean.edition, read_address())
        if sync.speaks(cell):
            own["outputs"] = wanted["outputs"] = []
        yield from (
            f"{korean} {cell.id}: the {key} is not that of its twin"
            for key in wanted.keys() | own.keys()
            if wanted.get(key) != own.get(key)
        )
        prose = {*sync.FIELDS, sync.RENDERS}
        if {k: v for k, v in cell.metadata.items() if k not in prose} != {
            k: v for k, v in other.metadata.items() if k not in prose
        }:
            yield f"{korean} {cell.id}: the metadata is not that of its twin"
        if sync.prose(cell).keys() != sync.prose(other).keys():
            yield f"{korean} {cell.id}: has {[*sync.prose(other)]}, not {[*sync.prose(cell)]}"


def speaks_korean(english, korean):
    for cell in korean.code:
        shown = "".join(text for output in cell.outputs for text in strings(output).values())
        if sync.speaks(cell) and not sync.HANGUL.search(shown):
            yield f"{korean} {cell.id}: what it shows is not in Korean: run make sync"


def is_rendered(english, korean):
    there = dict(zip(korean.ids, korean.cells, strict=True))
    for cell in english.cells:
        found = sync.state(cell, there[cell.id]) if cell.id in there else ""
        if found:
            yield f"{korean} {cell.id} is {found}: see CONTRIBUTING.md, The Korean edition"


def says_the_same(english, korean):
    for given, made, place in places(english, korean):
        if levels(given) != levels(made):
            yield f"{place}: headings of levels {levels(made)}, not {levels(given)}"
        wanted, found = facts(given), facts(made)
        for kind in wanted:
            missing, over = wanted[kind] - found[kind], found[kind] - wanted[kind]
            if missing or over:
                lack, more = list(missing.elements()), list(over.elements())
                yield f"{place}: {kind}: without {lack}, with {more} that its twin has not"


def begins_with_the_minutes(english, korean):
    for given, made, place in places(english, korean):
        one, other = MINUTES.match(given), MINUTES.match(made)
        if (one and one[1]) != (other and other[1]):
            yield f"{place}: begins {made[:12]!r}, its twin {given[:12]!r}"


def has_no_raw_asterisks(english, korean):
    for _, made, place in places(english, korean):
        if place.endswith("alt"):
            continue
        text = re.sub("<[^>]*>", "", mistune.html(plain(made)))
        if found := re.search(r".{0,20}\*.{0,20}", text):
            yield f"{place}: shows an asterisk: {found[0]!r}; close ** after a letter"


def addresses_nobody(english, korean):
    for _, made, place in places(english, korean):
        if found := re.search(r".{0,10}당신.{0,10}", made):
            yield f"{place}: {found[0]!r} addresses the reader"


def leaves_no_english(english, korean):
    for _, made, place in places(english, korean):
        text = re.sub(r"\([^()]*\)", " ", plain(QUOTED.sub(" ", wording(made))))
        for run in RUN.findall(text):
            if COMMON.search(run.lower()) and not run.startswith(EXAMPLES):
                yield f"{place}: is this English? {run!r}"


RULES = (
    *(has_the_same_cells, copies_code_and_outputs, speaks_korean, is_rendered),
    *(says_the_same, begins_with_the_minutes, has_no_raw_asterisks),
    *(addresses_nobody, leaves_no_english),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_korean_edition(rule):
    pairs = [(stored.read(twin(path)), stored.read(path)) for path in PAIRED]
    told = [complaint for pair in pairs for complaint in rule(*pair)]
    assert not told, "\n".join(told)


def test_no_notebook_is_left_over():
    assert [path for path in stored.paths(editions=("ko",)) if path not in PAIRED] == []


# --- the rules seen to fail ---

ENGLISH = r"""### Look **back** [here](a.ipynb)

Of 12 digits, `attend` loses $\frac{1}{2}$ at 0.95; see [the paper](https://x.org).

$$
x^2
$$

![A curve of 3 lines](https://x.org/a.svg)

| letter | counts |
|---|---|
| **B** | 10⁸ sentences |

<details><summary>Hint</summary>

```python
keep = 1
```

</details>"""
KOREAN = r"""### [여기를](a.ipynb) **되돌아** 보기

`attend`는 열두 자리, 곧 12 가운데 $\frac{1}{2}$을 0.95에서 잃습니다.
[논문](https://x.org)을 보세요.

$$
x^2
$$

![줄 3개가 있는 곡선](https://x.org/a.svg)

| 글자 | 세는 것 |
|---|---|
| **B** | 문장 10⁸ |

<details><summary>힌트</summary>

```python
keep = 1
```

</details>"""


def pair(folder):
    """Return two twins of three cells that agree."""
    result = new_output("execute_result", {"text/plain": "'✗ Not yet.'"}, execution_count=2)
    told = new_output("execute_result", {"text/plain": "'✗ 아직입니다.'"}, execution_count=2)
    made = {}
    for edition, text, note, alt, shown in (
        ("en", ENGLISH, "2 min. Ask them.", "A curve that falls.", result),
        ("ko", KOREAN, "2분. 물어봅니다.", "내려가는 곡선입니다.", told),
    ):
        look = new_code_cell("1 + 1", id="look", execution_count=1, metadata={"alt": alt})
        look.outputs = [new_output("execute_result", {"text/plain": "2"}, execution_count=1)]
        check = new_code_cell("check(f)", id="x-check", metadata={"tags": ["check"]})
        check |= {"execution_count": 2, "outputs": [shown]}
        cells = [new_markdown_cell(text, id="text", metadata={"slide_notes": note}), look, check]
        node = new_notebook(cells=cells, metadata=METADATA, nbformat_minor=5)
        path = folder / "notebooks" / edition / "01_toy.ipynb"
        made[edition] = stored.Stored(path, node)
    for one, other in zip(made["en"].cells, made["ko"].cells, strict=True):
        if sync.prose(one):
            other.metadata["renders"] = sync.digest(one)
    return made["en"], made["ko"]


def say(old, new):
    """Return a change of the Korean Markdown."""

    def change(korean):
        assert old in korean.cell("text").source
        korean.cell("text").source = korean.cell("text").source.replace(old, new)

    return change


def write(name, **changes):
    """Return a change of a Korean cell's metadata."""
    return lambda korean: korean.cell(name).metadata.update(changes)


def edit(name, **changes):
    """Return a change of a Korean cell."""
    return lambda korean: korean.cell(name).update(changes)


SPOKEN = {"text/plain": "'✗ Not yet.'"}
BROKEN = [
    (has_the_same_cells, lambda ko: ko.cells.pop(), "missing ['x-check']"),
    (has_the_same_cells, lambda ko: ko.cells.reverse(), "are not those"),
    (has_the_same_cells, edit("look", id="other"), "left over ['other']"),
    (has_the_same_cells, lambda ko: ko.node.metadata.clear(), "the notebook's metadata"),
    (copies_code_and_outputs, edit("look", source="1 + 2"), "look: the source is not"),
    (copies_code_and_outputs, edit("look", outputs=[]), "look: the outputs is not"),
    (copies_code_and_outputs, edit("look", execution_count=9), "look: the execution_count"),
    (copies_code_and_outputs, edit("text", cell_type="raw"), "text: the cell_type is not"),
    (copies_code_and_outputs, write("x-check", tags=["claim"]), "x-check: the metadata"),
    (copies_code_and_outputs, write("look", slide_text="더"), "has ['slide_text', 'alt']"),
    (copies_code_and_outputs, edit("x-check", execution_count=3), "x-check: the execution_count"),
    (speaks_korean, edit("x-check", outputs=[new_output("display_data", SPOKEN)]), "make sync"),
    (is_rendered, write("text", renders="00000000"), "text is stale"),
    (is_rendered, lambda ko: ko.cell("look").metadata.pop("renders"), "look is stale"),
    (is_rendered, edit("text", source=ENGLISH), "text is untranslated"),
    (is_rendered, write("text", slide_notes="2 min."), "text is untranslated"),
    (says_the_same, say("### ", "## "), "headings of levels [2], not [3]"),
    (says_the_same, say("`attend`는", "이 함수는"), "inline code: without ['attend']"),
    (says_the_same, say("x^2", "x^3"), "formulas: without ['$$"),
    (says_the_same, say("keep = 1", "keep = 2"), "code blocks: without"),
    (says_the_same, say("(a.ipynb)", "(b.ipynb)"), "links: without ['a.ipynb'], with ['b.ipynb']"),
    (says_the_same, say("](https://x.org)", "]"), "links: without ['https://x.org']"),
    (says_the_same, say("a.svg", "b.svg"), "pictures: without ['https://x.org/a.svg']"),
    (says_the_same, say("12", "열둘"), "numbers: without ['12']"),
    (says_the_same, say("0.95", "0.96"), "numbers: without ['0.95'], with ['0.96']"),
    (says_the_same, say("10⁸", "10⁹"), "numbers: without ['⁸']"),
    (says_the_same, say("되돌아", "2번 되돌아"), "with ['2'] that its twin has not"),
    (says_the_same, say("</details>", ""), "folds: without ['</details>']"),
    (says_the_same, say("| 세는 것 |", "|"), "columns of tables"),
    (says_the_same, write("look", alt="1에서 내려가는 곡선입니다."), "look, alt: numbers"),
    (begins_with_the_minutes, write("text", slide_notes="3분. 물어봅니다."), "begins '3분."),
    (begins_with_the_minutes, write("text", slide_notes="물어봅니다."), "begins '물어봅니다.'"),
    (has_no_raw_asterisks, say("**되돌아** ", "**되돌아(back)**"), "shows an asterisk"),
    (has_no_raw_asterisks, say("**되돌아** ", "*되돌아?*은 "), "shows an asterisk"),
    (addresses_nobody, say("되돌아", "당신이 되돌아"), "addresses the reader"),
    (leaves_no_english, say("되돌아", "look back at every word"), "is this English? 'look back"),
    (leaves_no_english, write("text", slide_notes="2분. Ask them for a guess."), "'Ask them for"),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_twins_that_agree_pass(rule, tmp_path):
    assert list(rule(*pair(tmp_path))) == []


@pytest.mark.parametrize(
    ("rule", "change", "told"), BROKEN, ids=lambda x: getattr(x, "__name__", x)
)
def test_twins_that_differ_are_told(rule, change, told, tmp_path):
    english, korean = pair(tmp_path)
    change(korean)
    assert told in "\n".join(rule(english, korean))


def test_each_rule_has_been_seen_to_fail():
    assert {rule for rule, _, _ in BROKEN} == set(RULES)


@pytest.mark.parametrize(
    "text",
    [
        "*I went to Stanford* 하고 **어텐션**(attention)을 `a b c d e` 씁니다.",
        "[Attention Is All You Need](https://x.org)를 보세요. Adam, GRU와 LSTM.",
        "논문 *Neural Machine Translation by Jointly Learning to Align and Translate*",
    ],
)
def test_names_examples_and_titles_are_no_sentence_left_in_english(text, tmp_path):
    english, korean = pair(tmp_path)
    korean.cell("text").source = text
    assert list(leaves_no_english(english, korean)) == []
