"""Helpers speak the reader's language: each message has its Korean, and none slips by."""

import ast
import re
from collections import Counter
from string import Formatter

import pytest
import torch

from helpers import language
from helpers.attention import attend
from helpers.exercises.nb00 import check_softmax
from helpers.language import later, say
from helpers.views.inputs import predictions_in
from tests.support.stored import ROOT
from tools.maintenance.messages import CATALOGUE, KEYWORDS, messages, renewed, translated

MODULES = sorted((ROOT / "helpers").glob("*.py"))
JUDGES = [path for path in MODULES if re.match("checks|differences|errors|guards", path.stem)]
SENTENCE = re.compile(r"\w+ .*\w+ .*\w+.*[.?!]", re.DOTALL)
POLITE = re.compile(r"(니다|세요|까요)(\([^()]*(\([^()]*\)[^()]*)*\))?[.?]$")
WORD = re.compile(r"[^\W\d_]")
HANGUL = re.compile("[가-힣]")


@pytest.fixture
def edition(monkeypatch):
    """Return a function that sets the reader's edition, or none."""

    def choose(name):
        if name is None:
            monkeypatch.delenv("COURSE_EDITION", raising=False)
        else:
            monkeypatch.setenv("COURSE_EDITION", name)

    monkeypatch.delenv("COURSE_STRICT", raising=False)
    choose(None)
    return choose


# --- saying ---


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """Put a catalogue of two messages in place of the Korean one."""
    pairs = {"Good.": "좋습니다.", "A width of {width}, {share:.2f} of {all}.": "{all} 중 {width}."}
    entries = [f'msgid "{said}"\nmsgstr "{korean}"\n' for said, korean in pairs.items()]
    (tmp_path / "toy.po").write_text("\n".join(entries), encoding="utf-8")
    monkeypatch.setattr(language, "CATALOGUES", {"ko": tmp_path / "toy.po"})
    language._translations.cache_clear()
    yield
    language._translations.cache_clear()


@pytest.mark.parametrize("name", [None, "en", "", "fr", "KO", "ko_KR"])
def test_english_is_said_unless_korean_is_asked_for(toy, edition, name):
    edition(name)
    assert say("Good.") == "Good."


def test_the_edition_is_read_whenever_something_is_said(toy, edition):
    told = later("Good.")
    for name, wanted in [("ko", "좋습니다."), ("en", "Good."), ("ko", "좋습니다.")]:
        edition(name)
        assert say("Good.") == say(told) == wanted


def test_fields_are_filled_in_either_language(toy, edition):
    message = "A width of {width}, {share:.2f} of {all}."
    fields = {"width": 96, "share": 1 / 3, "all": "{braces}"}
    assert say(message, **fields) == "A width of 96, 0.33 of {braces}."
    edition("ko")
    assert say(message, **fields) == "{braces} 중 96."


def test_a_message_without_fields_keeps_its_braces(toy, edition):
    assert say("Pass {title: matrix}.") == "Pass {title: matrix}."


def test_a_message_that_nobody_has_translated_is_said_in_english(toy, edition):
    edition("ko")
    assert say("New.") == "New."


# --- the catalogue ---


def complaints(english, korean):
    """Return what is wrong with the Korean of one message."""
    if not HANGUL.search(korean):
        yield "has no Hangul"
    if SENTENCE.fullmatch(english) and not POLITE.search(korean):
        yield "does not end politely"
    if fields(korean) != fields(english):
        yield f"has the fields {fields(korean)}, not {fields(english)}"
    if spans(korean) != spans(english):
        yield f"has the code {spans(korean)}, not {spans(english)}"
    if not numbers(english) <= numbers(korean) <= numbers(english) | {"0", "1"}:
        yield f"has the numbers {numbers(korean)}, not {numbers(english)}"


def fields(text):
    """Return the fields that a message has, each with how it is shown, if it is a template."""
    try:
        return sorted(tuple(rest) for _, *rest in Formatter().parse(text) if rest[0])
    except ValueError:
        return []


def spans(text):
    """Return the code that stands in backticks."""
    return Counter(re.findall(r"`[^`]+`", text))


def numbers(text):
    """Return the numbers that stand outside of code and fields; 0 and 1 are often words."""
    return set(re.findall(r"\d+", re.sub(r"`[^`]+`|\{[^}]*\}", "", text)))


def test_every_message_has_its_korean_and_no_korean_is_left_over():
    found = {message.id for message in messages() if message.id}
    stored = {message.id: message for message in translated() if message.id}
    assert len(found) > 400 and found == set(stored)
    assert [name for name, message in stored.items() if not message.string] == []
    assert [name for name, message in stored.items() if message.fuzzy] == []
    assert not translated().obsolete


def test_the_catalogue_is_as_make_messages_writes_it():
    assert renewed(translated(), messages()) == CATALOGUE.read_bytes()


def test_the_korean_says_what_the_english_says_politely():
    said = [
        (m.id, m.string, list(complaints(m.id, m.string)))
        for m in translated()
        if m.id and m.string
    ]
    assert [each for each in said if each[2]] == []


@pytest.mark.parametrize(
    ("message", "korean", "told"),
    [
        ("Take `exp` first, 2 times.", "먼저 `exp` 계산을 2번 하세요.", None),
        ("no message", "메시지 없음", None),
        ("Give it {n:.2f} of those.", "그중 {n:.2f}만큼 주세요.", None),
        ("Take the first one.", "Take the first one.", "no Hangul"),
        ("Take the first one.", "첫째를 고른다.", "politely"),
        ("Take the first one.", "첫째를 고르세요", "politely"),
        ("Give it {n:.2f} of those.", "그중 {n}만큼 주세요.", "the fields"),
        ("Give it {n} of those.", "그중 {m}만큼 주세요.", "the fields"),
        ("Take `exp` first of all.", "먼저 exp를 계산하세요.", "the code"),
        ("Take `exp` first of all.", "먼저 `exp`, 또 `exp` 하세요.", "the code"),
        ("Twice as fast is a speed-up of 2.", "두 배 빠르면 3입니다.", "the numbers"),
    ],
)
def test_a_translation_that_says_something_else_is_told(message, korean, told):
    said = " ".join(complaints(message, korean))
    assert told in said if told else said == ""


def test_a_new_message_waits_for_korean_and_one_that_is_gone_leaves(tmp_path):
    (tmp_path / "a.py").write_text('say("One.", n=1)\nmistake("Two.", lambda a, b: "x")\n')
    (tmp_path / "b.py").write_text('TIMES = later("Three.")\nsay("One.")\nsay(TIMES)\n')
    found = messages(tmp_path)
    assert [m.id for m in found if m.id] == ["One.", "Two.", "Three."]
    (tmp_path / "old.po").write_text('msgid "Two."\nmsgstr "둘."\n\nmsgid "Four."\nmsgstr "넷."\n')
    (tmp_path / "new.po").write_bytes(renewed(translated(tmp_path / "old.po"), found))
    stored = {m.id: m.string for m in translated(tmp_path / "new.po") if m.id}
    assert stored == {"One.": "", "Two.": "둘.", "Three.": ""}


# --- nothing is said past the catalogue ---


def strings(node):
    """Yield the strings in code that no marker holds, docstrings left out."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", None) in KEYWORDS:
        rest = node.args[1:] + [keyword.value for keyword in node.keywords]
        yield from (found for child in rest for found in strings(child))
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    body = getattr(node, "body", None)
    documented = isinstance(body, list) and isinstance(node, DOCUMENTED) and ast.get_docstring(node)
    for child in ast.iter_child_nodes(node):
        if not (documented and child is body[0]):
            yield from strings(child)


DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


def escapes(source, judge=False):
    """Yield what a module says past the catalogue, or says so that it cannot be found."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc:
            yield from (f"raises {text!r}" for text in strings(node.exc) if WORD.search(text))
        called = node.func if isinstance(node, ast.Call) else None
        if getattr(called, "attr", getattr(called, "id", None)) in ("warn", "verdict", "compare"):
            yield from (f"says {text!r}" for text in strings(node))
        if getattr(called, "id", None) in KEYWORDS and not sayable(node.args[0]):
            yield f"marks what is no plain string: {ast.unparse(node.args[0])}"
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == "mistakes":
            yield from (
                f"has a mistake without its marker: {ast.unparse(item)[:60]}"
                for item in node.value.elts
                if getattr(getattr(item, "func", None), "id", None) != "mistake"
            )
    if judge:
        yield from (f"says {text!r}" for text in strings(tree) if SENTENCE.fullmatch(text))


def sayable(node):
    """Tell whether a marker's message is a plain string, or the name of a marked one."""
    return isinstance(node, ast.Name) or isinstance(getattr(node, "value", None), str)


def marked(source):
    """Return the messages in a module, as its syntax tree has them."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    firsts = [c.args[0] for c in calls if getattr(c.func, "id", None) in KEYWORDS and c.args]
    return {first.value for first in firsts if isinstance(first, ast.Constant)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_nothing_is_said_past_the_catalogue(path):
    assert list(escapes(path.read_text(encoding="utf-8"), path in JUDGES)) == []


def test_every_message_in_the_code_is_found():
    """Babel reads tokens: it would miss a message within an f-string, or a second one in a call."""
    found = {message.id for message in messages() if message.id}
    assert found == set().union(*(marked(path.read_text(encoding="utf-8")) for path in MODULES))


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ('raise ValueError(say("It is {n}, not 2.", n=n))', None),
        ('raise ValueError(say("One of {all}.", all=", ".join(some)))', None),
        ('def f():\n    """Return one of them. Or not."""\n    return "one"', None),
        ('raise ValueError(f"It is {n}.")', "raises 'It is '"),
        ('raise ValueError(say("It is {n}.", n="not " + n))', "raises 'not '"),
        ('warnings.warn("careful")', "says 'careful'"),
        ('verdict(False, "Bad.")', "says 'Bad.'"),
        ('compare(a, b, c, [], "That is right.")', "says 'That is right.'"),
        ('right = "That is quite right."', "says 'That is quite right.'"),
        ('say(f"It is {n}.")', "no plain string"),
        ('say("It is " + n)', "no plain string"),
        ('mistakes = [(len, "That is the length.")]', "without its marker"),
    ],
)
def test_what_is_said_past_the_catalogue_is_told(source, told):
    said = " ".join(escapes(source, judge=True))
    assert told in said if told else said == ""


# --- from end to end ---


def own_words(scores):
    raise ValueError("my own words")


ANSWERS = {
    "right": (lambda scores: scores.softmax(-1), "✓ 맞습니다.", "✓ Right."),
    "a known mistake": (torch.sigmoid, "시그모이드", "as a sigmoid does"),
    "None": (lambda scores: None, "함수가 None을 반환했습니다.", "Your function returned None."),
    "a shape": (lambda scores: scores[0], "모양(shape)", "The shape should be (2, 3)"),
    "a number": (lambda scores: 3, "텐서를 반환하세요.", "Return a tensor: yours returned 3."),
    "an error": (own_words, "ValueError: my own words", "ValueError: my own words. It was given"),
    "an error's inputs": (own_words, "모양이 (2, 3)인 텐서", "1 input: a tensor of shape (2, 3)."),
    "another place": (lambda scores: scores.softmax(-1).sin(), "정답은", "the answer is [["),
    "no function": (3, "함수가 아니라 int 객체입니다.", "This is a int, not a function"),
    "a class": (dict, "dict: 클래스입니다.", "dict is a class."),
}


@pytest.mark.parametrize(("answer", "korean", "told"), ANSWERS.values(), ids=ANSWERS)
def test_a_checker_speaks_the_readers_language(edition, answer, korean, told):
    for name, wanted in [("ko", korean), ("en", told), ("fr", told), (None, told)]:
        edition(name)
        said = repr(check_softmax(answer))
        assert wanted in said
        assert bool(HANGUL.search(said)) == (name == "ko")


def test_a_hint_that_follows_an_error_is_found_in_korean(edition):
    edition("ko")
    said = check_softmax(lambda scores: scores.exp() / scores.exp().sum(-1)).message
    assert said.startswith("함수가") and said.endswith("`keepdim=True`입니다.")


def test_an_error_speaks_the_readers_language(edition):
    tensors = [torch.ones(2, 3)] * 3
    for name, told in [("ko", "^mask가 어떤 쿼리에는"), ("en", "^mask hides every key")]:
        edition(name)
        with pytest.raises(ValueError, match=told):
            attend(*tensors, torch.zeros(2, 2, dtype=torch.bool))


def test_of_an_error_inside_an_error_both_halves_are_in_korean(edition):
    edition("ko")
    with pytest.raises(ValueError, match="^predictions가 맞지 않습니다\\(리스트가 2개\\)"):
        predictions_in([[], []], 3)


def test_a_strict_verdict_raises_in_korean(edition, monkeypatch):
    edition("ko")
    monkeypatch.setenv("COURSE_STRICT", "1")
    with pytest.raises(AssertionError, match="^함수가 None을 반환했습니다"):
        check_softmax(lambda scores: None)
