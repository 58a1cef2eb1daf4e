"""Sentences cut from an article, however long it is and whatever it is made of."""

from __future__ import annotations

import pytest

from desk.summary_text import LONGEST, first_sentences


@pytest.mark.parametrize("piece", ["A. ", "\n", " . ", "TP.", "Mưa to. ", "a"])
def test_the_longest_article_has_its_first_sentences(piece: str) -> None:
    text = piece * (500_000 // len(piece))
    summary = first_sentences(text)
    assert len(summary) <= LONGEST + 1
    assert "".join(summary.rstrip("…").split()) in "".join(text[:2_000].split())


def test_what_stands_behind_much_empty_space_is_found() -> None:
    assert first_sentences("\n" * 50_000 + "Mưa to. Nước lên. Dân chạy.") == "Mưa to. Nước lên."


@pytest.mark.parametrize("word", ["TP", "TX", "Q"])
def test_a_short_capital_word_before_a_dot_ends_no_sentence(word: str) -> None:
    assert first_sentences(f"Ở {word}. Một mưa to. Nước lên. Dân chạy.") == f"Ở {word}. Một mưa to. Nước lên."


@pytest.mark.parametrize("word", ["Giang", "xã"])
def test_any_other_word_does(word: str) -> None:
    assert first_sentences(f"Mưa ở {word}. Nước lên. Dân chạy.") == f"Mưa ở {word}. Nước lên."
