"""Text for the language model: read with clear complaints, split by pieces, counted rightly."""

import math
from collections import Counter
from pathlib import Path
from pydoc_data import topics

import pytest
import torch

from helpers import corpus as text
from helpers.corpus import Characters, count_bits, cut, excerpts, python_manual, read_text

LONG = "Once upon a time there was a test.\n\n" * 2_000


def test_the_manual_is_long_and_its_topics_do_not_repeat_one_another():
    topics, whole = python_manual(), python_manual(repeats=True)
    assert sum(map(len, topics)) > 250_000 and len(whole) > len(topics) > 40
    assert set(topics) < set(whole) and topics == sorted(topics, key=lambda t: (-len(t), t))
    seen = set()
    for topic in topics:
        paragraphs = topic.split("\n\n")
        assert 2 * sum(len(p) for p in paragraphs if p in seen) < len(topic)
        seen.update(paragraphs)


def test_a_topic_is_left_out_if_half_of_it_was_said_before(monkeypatch):
    a, b = "a" * 9, "b" * 9
    known = [f"{a}\n\n{b}", f"{b}\n\n{'d' * 8}", f"{a}\n\n{'c' * 7}"]
    monkeypatch.setattr(topics, "topics", dict(enumerate(known)))
    assert python_manual(repeats=True) == known and len(known[2]) == 2 * len(a)
    assert python_manual() == known[:2]


def test_a_file_of_ones_own_is_read(tmp_path):
    file = tmp_path / "book.txt"
    file.write_text("\ufeff" + LONG, encoding="utf-8", newline="\r\n")
    assert read_text(file) == read_text(str(file)) == LONG


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file '.*lost.txt'.*None for Python's manual"):
        read_text(tmp_path / "lost.txt")
    with pytest.raises(FileNotFoundError, match="Give the path of a text file") as caught:
        read_text(tmp_path)
    assert f"in {Path.cwd()}" in str(caught.value)


@pytest.mark.parametrize("encoding", ["cp949", "utf-16", "latin-1"])
def test_another_encoding_is_told_in_one_sentence_and_what_to_do(tmp_path, encoding):
    file = tmp_path / "book.txt"
    file.write_bytes(("é" if encoding == "latin-1" else "어텐션 ").encode(encoding) + b"a" * 60_000)
    with pytest.raises(ValueError, match="book.txt is not text in UTF-8: .* byte 0.* save") as told:
        read_text(file)
    assert told.value.__suppress_context__ and not isinstance(told.value, UnicodeError)


def test_a_text_just_long_enough_is_read(tmp_path):
    (tmp_path / "note.txt").write_text("x" * text.SHORTEST)
    assert len(read_text(tmp_path / "note.txt")) == text.SHORTEST


@pytest.mark.parametrize("content", ["", "short", "x" * (text.SHORTEST - 1)])
def test_a_text_too_short_is_told(tmp_path, content):
    file = tmp_path / "note.txt"
    file.write_text(content)
    with pytest.raises(ValueError, match=f"note.txt has {len(content):,} char.* at least 50,000"):
        read_text(file)


@pytest.mark.parametrize("source", [LONG, LONG.replace("\n\n", "\n"), "x" * 60_000, "어" * 12_345])
def test_a_text_is_cut_into_pieces_of_about_one_size(source):
    pieces = cut(source)
    assert "".join(pieces) == source and len(pieces) > 1
    assert all(5_000 <= len(piece) <= 10_000 for piece in pieces)


def test_it_is_cut_at_blank_lines_or_else_at_lines_or_else_anywhere():
    line = "x" * 99 + "\n"
    assert all(piece[:2] == "\n\n" for piece in cut((line * 8 + "\n") * 20)[1:])
    assert {piece[:2] for piece in cut(line * 300)[1:]} == {"\nx"}
    far = "x" * 12_000 + "\n\n" + "x" * 12_000  # the first blank line is too far away
    assert list(map(len, cut(far))) == [5_000, 7_000, 5_000, 7_002]
    assert cut("abcd" + "\n\nefg" * 3, 4) == ["abcd", "\n\nefg", "\n\nefg", "\n\nefg"]


def test_a_short_text_is_one_piece():
    assert cut("a\n\nb") == ["a\n\nb"]
    assert list(map(len, cut("x" * 10_000))) == [10_000]
    assert list(map(len, cut("x" * 10_001))) == [5_000, 5_001]


@pytest.mark.parametrize("seed", range(5))
def test_whole_pieces_are_held_out_and_nothing_is_lost(seed):
    pieces = python_manual()
    train, held = text.split_pieces(pieces, seed)
    total = sum(map(len, pieces))
    assert 0.1 * total <= len(held) < 0.21 * total
    assert len(train) + len(held) == total + 2 * (len(pieces) - 2)
    assert all((piece in held) != (piece in train) for piece in pieces if len(piece) > 500)
    assert (train, held) == text.split_pieces(pieces[::-1], seed)


def test_the_seed_changes_the_split():
    pieces = cut(LONG + "x" * 20_000, 2_000)
    assert len({text.split_pieces(pieces, seed) for seed in range(4)}) > 1
    assert text.split_pieces(pieces) == text.split_pieces(pieces, 0) != text.split_pieces(pieces, 1)


@pytest.mark.parametrize(("length", "held_out"), [(1, 2), (5, 2)])
def test_no_more_is_held_out_than_must_be(length, held_out):
    train, held = text.split_pieces([letter * length for letter in "abcdefghijklmnopqrst"])
    assert (len(train.split()), len(held.split())) == (20 - held_out, held_out)


@pytest.mark.parametrize("pieces", [["one piece", "and another"], ["a", "x" * 100]])
def test_what_cannot_be_split_is_told(pieces):
    told = "2 pieces cannot be split into 90% and 10%. Cut the text into more pieces"
    with pytest.raises(ValueError, match=told):
        text.split_pieces(pieces)


def test_rare_characters_share_a_token():
    vocabulary = Characters("ab" * 50 + "c" * 49)
    assert vocabulary.tokens == ["□", "a", "b"] and len(vocabulary) == 3
    ids = vocabulary.encode("bac가")
    assert ids.tolist() == [2, 1, 0, 0] and vocabulary.decode(ids) == "ba□□"


def test_excerpts_come_from_the_text_in_order():
    batches = excerpts(torch.arange(100), 30, length=5, size=4, seed=1)
    assert len(batches) == 30 and {batch.shape for batch in batches} == {(4, 6)}
    rows = torch.cat(batches)
    assert (rows.diff(dim=1) == 1).all() and rows.min() < 5 and rows.max() > 95
    again = excerpts(torch.arange(100), 30, length=5, size=4, seed=1)
    assert all(map(torch.equal, batches, again))
    assert set((rows[:, 0] % 2).tolist()) == {0, 1}  # they begin anywhere
    assert not torch.equal(torch.stack(excerpts(torch.arange(100), 30, length=5, size=4)), rows)


def test_excerpts_are_as_many_and_long_as_is_usual():
    usual, asked = excerpts(torch.arange(99), 3), excerpts(torch.arange(99), 3, 64, 8, 0)
    assert all(map(torch.equal, usual, asked))
    (whole,) = excerpts(torch.arange(65), 1, size=2)  # the text is one excerpt
    assert whole.tolist() == [list(range(65))] * 2


def test_a_text_shorter_than_an_excerpt_is_told():
    with pytest.raises(ValueError, match="has 64 tokens, but an excerpt takes 65"):
        excerpts(torch.arange(64), 1)


def by_hand(train, held, before, size):
    """The same rule, character by character."""
    bits = 0
    for i in range(before, len(held)):
        guess = 1 / size
        for n in range(before + 1):
            context, follows = tuple(held[i - n : i]), Counter()
            for j in range(n, len(train)):
                if tuple(train[j - n : j]) == context:
                    follows[train[j]] += 1
            if total := sum(follows.values()):
                guess = (follows[held[i]] + len(follows) * guess) / (total + len(follows))
        bits -= math.log2(guess)
    return bits / (len(held) - before)


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("seed", range(3))
def test_counting_follows_its_rule(before, seed):
    torch.manual_seed(seed)
    train, held = torch.randint(4, (60,)) * torch.randint(2, (60,)), torch.randint(5, (25,))
    wanted = by_hand(train.tolist(), held.tolist(), before, 5)
    assert count_bits(train, held, before, 5) == pytest.approx(wanted, abs=1e-12)


def test_the_chances_of_counting_sum_to_one():
    train = torch.tensor([0, 1, 2, 0, 1, 1, 0, 2, 1])
    for context in ((0, 1), (2, 2), (1, 0)):
        held = [torch.tensor([*context, i]) for i in range(4)]
        assert sum(2 ** -count_bits(train, h, 2, 4) for h in held) == pytest.approx(1)
