"""Texts cut into syllables and sentences, and phrases found in them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.words import Phrases, cut


def found(phrases: Phrases[str], text: str) -> list[str]:
    words = cut(text)
    return [words.quote(token, last) for token in range(len(words)) for last, _ in phrases.at(words, token)]


def sentences(text: str) -> list[str]:
    words = cut(text)
    return [words.quote(first, last) for first, last in words.sentences]


def test_a_quote_is_the_text_as_it_stands() -> None:
    words = cut("Xã Thuận Hoà, 1.260 hộ")
    assert words.quote(1, 2) == "Thuận Hoà"
    assert words.keys == ("xã", "thuận", "hòa", ",", "1.260", "hộ")


@given(st.text(max_size=80))
@settings(max_examples=60)
def test_every_token_lies_where_its_span_says(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    words = cut(text)
    assert len(words.keys) == len(words.spans) == len(words.sentence_of)
    assert all(text[start:end].strip() for start, end in words.spans)
    assert list(words.spans) == sorted(words.spans)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Mưa lớn. Nước lên.", ["Mưa lớn.", "Nước lên."]),
        ("Ông nói: “Đi thôi.” Họ đi.", ["Ông nói: “Đi thôi.”", "Họ đi."]),
        ("Tại TP. Việt Trì có 1.200 hộ.", ["Tại TP. Việt Trì có 1.200 hộ."]),
        ("Dòng một\nDòng hai", ["Dòng một", "Dòng hai"]),
        ("Vì sao? Chưa rõ", ["Vì sao?", "Chưa rõ"]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_phrases_are_whole_syllables_with_their_marks() -> None:
    phrases = Phrases([("tố", "t"), ("vỡ đập", "d")])
    assert found(phrases, "Yếu tố khiến đập bị vỡ") == ["tố"]
    assert found(phrases, "Tờ báo viết to: VỠ ĐẬP!") == ["VỠ ĐẬP"]
    assert found(phrases, "khởi tốn") == []


def test_phrases_know_both_placements_of_the_tone_mark() -> None:
    phrases = Phrases([("hòa bình", "h"), ("thuỷ điện", "t")])
    assert found(phrases, "hoà bình, hòa bình, thủy điện") == ["hoà bình", "hòa bình", "thủy điện"]


def test_a_number_in_a_phrase_is_any_figure() -> None:
    phrases = Phrases([("# người tử vong", "n")], numbers=frozenset({"hai", "mươi"}))
    assert found(phrases, "hai mươi người tử vong, 1.260 người tử vong") == [
        "hai mươi người tử vong",
        "mươi người tử vong",
        "1.260 người tử vong",
    ]


def test_chinese_needs_no_spaces() -> None:
    assert found(Phrases([("山洪", "s")]), "宣光省发生山洪") == ["山洪"]


def test_foreign_names_are_compared_without_marks() -> None:
    names = Phrases([("thuong lam", "x")], folded=True)
    words = cut("a dam in Thuong Lam commune", folded=True)
    assert [names.longest_at(words, token) is not None for token in range(len(words))].count(True) == 1


def test_a_phrase_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="without a word"):
        Phrases([("  ", "x")])
