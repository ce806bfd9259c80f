"""Messages of helpers: each has its Korean, with the same fields and code, and none slips by."""

import ast
import json
import re
from collections import Counter
from string import Formatter

import pytest
import torch

from helpers import messages as language
from helpers.attention import attend
from helpers.exercises.nb00 import check_softmax
from helpers.messages import later, say, show, with_particles
from helpers.views.inputs import predictions_in
from tests.support.stored_notebooks import ROOT
from tools.maintenance.messages import CATALOGUE, DIAGRAMS, KEYWORDS, messages, renewed, translated

MODULES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "helpers").rglob("*.py"))
}
SENTENCE = re.compile(r"\w+ .*\w+ .*\w+.*[.?!]", re.DOTALL)
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
    entries = [f'msgid "{message}"\nmsgstr "{korean}"\n' for message, korean in pairs.items()]
    (tmp_path / "toy.po").write_text("\n".join(entries), encoding="utf-8")
    notebooks = 'msgid "{0} digits of {1}"\nmsgstr "{1}자리 중 {0}은(는)"\n'
    (tmp_path / "notebooks.po").write_text(notebooks, encoding="utf-8")
    files = tmp_path / "toy.po", tmp_path / "notebooks.po", tmp_path / "missing.po"
    monkeypatch.setattr(language, "CATALOGUES", {"ko": files})
    language._translations.cache_clear()
    yield
    language._translations.cache_clear()


@pytest.mark.parametrize("name", [None, "en", "", "fr", "KO", "ko_KR"])
def test_english_is_said_unless_korean_is_asked_for(toy, edition, name):
    edition(name)
    assert say("Good.") == "Good."


def test_the_edition_is_read_whenever_something_is_said(toy, edition):
    message = later("Good.")
    for name, wanted in [("ko", "좋습니다."), ("en", "Good."), ("ko", "좋습니다.")]:
        edition(name)
        assert say("Good.") == say(message) == wanted


def test_fields_are_filled_in_either_language(toy, edition):
    message = "A width of {width}, {share:.2f} of {all}."
    fields = {"width": 96, "share": 1 / 3, "all": "{braces}"}
    assert say(message, **fields) == "A width of 96, 0.33 of {braces}."
    edition("ko")
    assert say(message, **fields) == "{braces} 중 96."


def test_a_message_without_fields_keeps_its_braces(toy, edition):
    assert say("Pass {title: matrix}.") == "Pass {title: matrix}."


def test_a_message_without_korean_is_said_in_english(toy, edition):
    edition("ko")
    assert say("New.") == "New."


def test_a_text_of_a_figure_is_looked_up_whole_or_without_its_numbers(toy, edition):
    shown = ["Good.", "3 digits of 1,024", "dog", "-2 digits of 0.5", "3 digits"]
    assert [show(text) for text in shown] == shown
    edition("ko")
    korean = ["좋습니다.", "1,024자리 중 3은", "dog", "0.5자리 중 -2는", "3 digits"]
    assert [show(text) for text in shown] == korean


def test_what_is_shown_is_noted_where_that_is_asked_for(toy, edition, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_SHOWN", str(tmp_path / "shown"))
    edition("ko")
    for text in ("Good.", "3 digits of 1,024", "dog 7", "√d", "가"):
        show(text)
    lines = (tmp_path / "shown").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == ["Good.", "{0} digits of {1}", "dog {0}"]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("5은(는)", "5는"),
        ("3은(는)", "3은"),
        ("0.90을(를)", "0.90을"),
        ("12%이(가)", "12%가"),
        ("1(으)로", "1로"),
        ("3(으)로", "3으로"),
        ("길이(으)로", "길이로"),
        ("2과(와)", "2와"),
        ("7(이)라", "7이라"),
        ("RNN은(는)", "RNN은(는)"),
        ("값(value)은", "값(value)은"),
    ],
)
def test_particles_fit_what_stands_before_them(given, wanted):
    assert with_particles(given) == wanted


# --- the catalogue ---


def fields(text):
    """Return the fields of a message, each with its format, if it is a template."""
    try:
        return sorted(tuple(rest) for _, *rest in Formatter().parse(text) if rest[0])
    except ValueError:
        return []


def code(text):
    """Return the code that stands in backticks."""
    return Counter(re.findall(r"`[^`]+`", text))


def numbers(text):
    """Return the numbers outside of code and fields."""
    return set(re.findall(r"\d+", re.sub(r"`[^`]+`|\{[^}]*\}", "", text)))


def complaints(english, korean):
    """Return what is wrong with the Korean of one message."""
    if not HANGUL.search(korean):
        yield "has no Hangul"
    for kind in (fields, code):
        if kind(korean) != kind(english):
            yield f"has the {kind.__name__} {kind(korean)}, not {kind(english)}"
    if not numbers(english) <= numbers(korean) <= numbers(english) | {"0", "1"}:  # often words
        yield f"has the numbers {numbers(korean)}, not {numbers(english)}"


def test_every_message_has_its_korean_and_no_korean_is_left_over():
    found = {message.id for message in messages() if message.id}
    stored = {message.id: message for message in translated() if message.id}
    assert found == set(stored)
    assert [name for name, message in stored.items() if not message.string or message.fuzzy] == []
    assert not translated().obsolete


def test_the_catalogue_is_as_make_messages_writes_it():
    assert renewed(translated(), messages()) == CATALOGUE.read_bytes()


def test_the_korean_has_the_fields_the_code_and_the_numbers_of_the_english():
    pairs = [(m.id, m.string) for m in translated() if m.id and m.string]
    wrong = [(*pair, *complaints(*pair)) for pair in pairs if any(complaints(*pair))]
    assert wrong == []


@pytest.mark.parametrize(
    ("message", "korean", "complaint"),
    [
        ("Take `exp` first, 2 times.", "먼저 `exp` 계산을 2번 하세요.", None),
        ("Take the first one.", "Take the first one.", "no Hangul"),
        ("Give it {n:.2f} of those.", "그중 {n}만큼 주세요.", "the fields"),
        ("Take `exp` first of all.", "먼저 `exp`, 또 `exp` 하세요.", "the code"),
        ("Twice as fast is a speed-up of 2.", "두 배 빠르면 3입니다.", "the numbers"),
    ],
)
def test_a_translation_that_differs_is_found(message, korean, complaint):
    wrong = " ".join(complaints(message, korean))
    assert complaint in wrong if complaint else wrong == ""


def test_a_new_message_waits_for_korean_and_one_that_is_gone_leaves(tmp_path):
    (tmp_path / "a.py").write_text('say("One.", n=1)\nmistake("Two.", lambda a, b: "x")\n')
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.py").write_text('TIMES = later("Three.")\nsay("One.")\nsay(TIMES)\n')
    found = messages(tmp_path)
    assert [m.id for m in found if m.id] == ["One.", "Two.", "Three."]
    old, new = tmp_path / "old.po", tmp_path / "new.po"
    old.write_text('msgid "Two."\nmsgstr "둘."\n\nmsgid "Four."\nmsgstr "넷."\n', "utf-8")
    new.write_bytes(renewed(translated(old), found))
    stored = {m.id: m.string for m in translated(new) if m.id}
    assert stored == {"One.": "", "Two.": "둘.", "Three.": ""}


# --- nothing is said past the catalogue ---

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


def called(node):
    """Return the last name of what a call calls; nothing for other nodes."""
    function = getattr(node, "func", None)
    return getattr(function, "attr", getattr(function, "id", None))


def strings(node):
    """Yield the strings in code that no marker holds, docstrings left out."""
    if called(node) in KEYWORDS:
        rest = node.args[1:] + [keyword.value for keyword in node.keywords]
        yield from (found for child in rest for found in strings(child))
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.keyword) and node.arg == "without":
        return  # names of code
    documented = isinstance(node, DOCUMENTED) and ast.get_docstring(node)
    for child in ast.iter_child_nodes(node):
        if not (documented and child is node.body[0]):
            yield from strings(child)


def untranslated(source, exercises=False):
    """Yield what a module says past the catalogue, or marks so that it cannot be found."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc:
            yield from (f"raises {text!r}" for text in strings(node.exc) if WORD.search(text))
        if called(node) in ("warn", "verdict", "compare"):
            yield from (f"says {text!r}" for text in strings(node))
        if called(node) in KEYWORDS:
            message = node.args[0]  # a plain string, or the name of one that is marked elsewhere
            if not isinstance(message, ast.Name) and not isinstance(
                getattr(message, "value", None), str
            ):
                yield f"marks what is no plain string: {ast.unparse(message)}"
    if exercises:
        yield from (f"says {text!r}" for text in strings(tree) if SENTENCE.fullmatch(text))


def marked(source):
    """Return the messages in a module, as its syntax tree has them."""
    calls = [node for node in ast.walk(ast.parse(source)) if called(node) in KEYWORDS]
    return {c.args[0].value for c in calls if isinstance(c.args[0], ast.Constant)}


def test_nothing_is_said_past_the_catalogue():
    wrong = [
        f"{name} {complaint}"
        for name, source in MODULES.items()
        for complaint in untranslated(source, name.startswith("helpers/exercises/"))
    ]
    assert not wrong, "\n".join(wrong)


def test_babel_finds_every_message():
    """Babel reads tokens: it would miss a message within an f-string, or a second one in a call."""
    found = {message.id for message in messages() if message.id}
    diagrams = DIAGRAMS.read_text(encoding="utf-8")
    assert found == set().union(*map(marked, (*MODULES.values(), diagrams)))
    places = {place for message in messages() for place, _ in message.locations}
    assert {"cost.py", "images/draw.py"} <= places


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ('raise ValueError(say("It is {n}, not 2.", n=n))', None),
        ('raise ValueError(say("One of {all}.", all=", ".join(some)))', None),
        ('def f():\n    """Return one of them. Or not."""\n    return "one"', None),
        ('raise ValueError(f"It is {n}.")', "raises 'It is '"),
        ('raise ValueError(say("It is {n}.", n="not " + n))', "raises 'not '"),
        ('warnings.warn("careful")', "says 'careful'"),
        ('right = "That is quite right."', "says 'That is quite right.'"),
        ('say("It is " + n)', "no plain string"),
    ],
)
def test_what_is_said_past_the_catalogue_is_found(source, complaint):
    wrong = " ".join(untranslated(source, exercises=True))
    assert complaint in wrong if complaint else wrong == ""


# --- from end to end ---


def shares(scores):
    powers = (scores - scores.amax(dim=-1, keepdim=True)).exp()
    return powers / powers.sum(dim=-1, keepdim=True)


@pytest.mark.parametrize(
    ("answer", "korean", "otherwise"),
    [
        (shares, "✓ 맞습니다.", "✓ Right."),
        (torch.sigmoid, "시그모이드", "as a sigmoid does"),
        (lambda scores: None, "함수가 None을 반환했습니다.", "Your function returned None."),
        (lambda scores: scores[0], "모양(shape)", "The shape should be (2, 3)"),
        (lambda scores: {}["my own"], "KeyError: 'my own'", "KeyError: 'my own'"),
    ],
    ids=["right", "a known mistake", "None", "a shape", "an error"],
)
def test_a_checker_speaks_the_readers_language(edition, answer, korean, otherwise):
    for name, wanted in [("ko", korean), ("en", otherwise), (None, otherwise)]:
        edition(name)
        verdict = repr(check_softmax(answer))
        assert wanted in verdict
        assert bool(HANGUL.search(verdict)) == (name == "ko")


def test_an_error_speaks_the_readers_language(edition):
    tensors = [torch.ones(2, 3)] * 3
    for name, start in [("ko", "^mask 때문에 키가"), ("en", "^mask hides every key")]:
        edition(name)
        with pytest.raises(ValueError, match=start):
            attend(*tensors, torch.zeros(2, 2, dtype=torch.bool))


def test_an_error_within_an_error_is_korean_as_a_whole(edition):
    edition("ko")
    with pytest.raises(ValueError, match="^predictions가 맞지 않습니다\\(리스트가 2개\\)"):
        predictions_in([[], []], 3)


def test_a_strict_verdict_raises_in_korean(edition, monkeypatch):
    edition("ko")
    monkeypatch.setenv("COURSE_STRICT", "1")
    with pytest.raises(AssertionError, match="^함수가 None을 반환했습니다"):
        check_softmax(lambda scores: None)
