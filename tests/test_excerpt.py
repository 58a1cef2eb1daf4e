"""The part of a text that shows why it was found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.excerpt import ROOM, Excerpt, excerpt, marks
from index.text import clean, exact_words, fold, phrases

FAR = "Sáng nay trời nắng, chợ phiên vẫn đông người mua bán. " * 20
TEXT = FAR + "Người dân phản ánh mùi hôi từ bãi rác Nhữ Khê.\nXã đã họp. " + FAR


def shown(found: Excerpt) -> list[str]:
    return [found.text[start:end] for start, end in found.marks]


def marked(text: str, looked_for: str) -> list[str]:
    return [text[start:end] for start, end in marks(text, looked_for)]


@pytest.mark.parametrize(
    ("looked_for", "expected"),
    [
        ("bãi rác Nhữ Khê", ["bãi rác Nhữ Khê"]),
        ("bai rac nhu khe", ["bãi rác Nhữ Khê"]),
        ('"BÃI RÁC" xã', ["bãi rác", "Xã"]),
        ("họp", ["họp"]),
        ("không-có-từ-này", []),
        ("", []),
        ("…", []),
    ],
)
def test_the_words_looked_for_are_marked_in_the_part_that_is_shown(looked_for: str, expected: list[str]) -> None:
    assert shown(excerpt(TEXT, looked_for)) == expected


def test_a_part_is_cut_at_words_and_says_what_was_left_out() -> None:
    part = excerpt(TEXT, "bãi rác")
    assert (part.before, part.after) == (True, True)
    assert len(part.text) <= ROOM
    assert str(part).startswith("… ")
    assert str(part).endswith(" …")
    words = TEXT.split()
    assert set(part.text.split()) <= set(words)
    assert "\n" not in part.text
    assert str(excerpt("Bãi rác.", "bãi")) == "Bãi rác."


def test_without_any_of_the_words_the_beginning_is_shown() -> None:
    part = excerpt(TEXT, "thủy điện")
    assert (part.start, part.before, part.marks) == (0, False, ())


def test_what_was_typed_with_its_marks_is_not_mistaken_for_another_word() -> None:
    assert marked("Bài báo viết: bãi rác bài bản", "bãi") == ["bãi"]
    assert marked("Bài báo viết: bãi rác bài bản", "bai") == ["Bài", "bãi", "bài"]
    assert marked("Thuỷ điện Hoà Bình", "thủy hòa") == ["Thuỷ", "Hoà"]


def test_where_the_words_stand_together_is_shown_before_where_they_are_scattered() -> None:
    text = f"Bãi đỗ xe. Rác thải. {FAR} Xe đổ xuống bãi rác."
    assert shown(excerpt(text, "bai rac")) == ["bãi rác"]


def test_the_shortest_part_with_most_of_the_words_is_shown() -> None:
    text = f"Mưa to. {FAR} Mưa làm sập cầu. {FAR} Cầu Lô thông xe."
    assert shown(excerpt(text, "cầu mưa")) == ["Mưa", "cầu"]


def test_a_word_is_whole_and_punctuation_does_not_part_a_phrase() -> None:
    assert marked("khởi tố, tố cáo; tốt", "tố") == ["tố", "tố"]
    assert marked("COVID-19 và covid 19, covid190", "covid-19") == ["COVID-19", "covid 19"]


def test_chinese_is_marked_without_spaces() -> None:
    assert marked("宣光省发生山洪abc", "山洪 abc") == ["山洪abc"]
    assert marked("宣光省发生山洪", "山洪 宣光") == ["宣光", "山洪"]


def test_a_capital_with_a_longer_small_form_moves_no_mark() -> None:
    assert marked("İstanbul gửi lời chào", "lời chào") == ["lời chào"]


_WORD = st.sampled_from(("bãi", "Bài", "rác", "RÁC", "nhữ", "khê", "đập", "vỡ", "hoà", "山洪", "2026", "a", "…", ","))
_TEXT = st.lists(_WORD, max_size=60).map(" ".join)


@given(text=_TEXT, looked_for=st.lists(_WORD, max_size=4).map(" ".join), room=st.integers(20, 200))
def test_what_is_shown_stands_in_the_text_and_what_is_marked_was_looked_for(
    text: str, looked_for: str, room: int
) -> None:
    part = excerpt(text, looked_for, room)
    assert text[part.start : part.start + len(part.text)] == part.text
    assert (part.before, part.after) == (
        bool(text[: part.start].strip()),
        bool(text[part.start + len(part.text) :].strip()),
    )
    wanted = [fold(phrase) for phrase in phrases(looked_for)]
    for word in shown(part):
        assert fold(exact_words(word)) in {*wanted, " ".join(wanted)}
    words = f" {fold(exact_words(text))} "
    assert bool(part.marks) == any(f" {phrase} " in words for phrase in wanted)


@given(text=st.text(max_size=200).map(clean), looked_for=st.text(max_size=20))
def test_no_text_and_no_search_is_too_strange(text: str, looked_for: str) -> None:
    part = excerpt(text, looked_for, 50)
    assert all(0 <= start < end <= len(part.text) for start, end in part.marks)
    assert all(text[start:end].strip() for start, end in marks(text, looked_for))
