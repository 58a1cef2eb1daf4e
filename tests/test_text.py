"""Text is stored in one form, and search sees through marks, spellings and tricks."""

from __future__ import annotations

import re
import sys
import unicodedata
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.text import clean, content_hash, exact_words, fold, modern_tone, one_line, phrases

VIETNAMESE: Final = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"
vietnamese = st.text(st.sampled_from(VIETNAMESE + VIETNAMESE.upper() + " -.,\n09"), max_size=40)
anything = st.text(max_size=40)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


# --- as it is stored ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came", "stored"),
    [
        ("  Lũ   quét \t về ", "Lũ quét về"),
        ("một\r\nhai\rba\n\n \n bốn", "một\nhai\nba\nbốn"),
        (nfd("Lũ quét"), "Lũ quét"),
        ("th\u200bủ\u00ad đô\ufeff", "thủ đô"),
        ("trước \u202eđảo\u202c sau", "trước đảo sau"),
        ("lũ\x00quét\x1b[31m", "lũ quét [31m"),
        ("lũ\ud800quét", "lũ\ufffdquét"),
        ("ẩn\U000e0069\U000e0067\U000e006e\U000e007f\ufff9 đi", "ẩn đi"),
        ("một\u2028hai\xa0ba\u3000bốn", "một hai ba bốn"),
        ("", ""),
    ],
)
@pytest.mark.fault(21, 22, 23)
def test_text_is_stored_in_one_form(came: str, stored: str) -> None:
    assert clean(came) == stored


@given(st.text(st.characters(), max_size=60))
def test_cleaning_once_is_cleaning_for_good(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
    once.encode()
    assert not [c for c in once if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"]
    assert "\n" not in one_line(text)


INVISIBLE: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
SURROGATE: Final = re.compile("[\ud800-\udfff]")
SPACES: Final = " \t\n\r\x0b\x0c\x1c\x1f\x85\xa0\u1680\u2000\u2028\u2029\u3000"
MARKS: Final = "\u0301\u0323\u200b\u00ad\ufeff\ud800\udc00\x00\x9f\u2126"
spaced = st.text(st.sampled_from(SPACES + MARKS + "abđướ"), max_size=24)


def cleaned_by_patterns(text: str) -> str:
    """The stored form as it is defined; hashes of what is stored already rest on it."""
    text = SURROGATE.sub("\ufffd", text)
    text = CONTROL.sub(" ", INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    text = re.sub(r"\s*\n\s*", "\n", re.sub(r"[^\S\n]+", " ", unicodedata.normalize("NFC", text)))
    return text.strip()


@settings(max_examples=400)
@given(st.one_of(spaced, st.text(st.characters(), max_size=60)))
def test_the_stored_form_never_changes(text: str) -> None:
    assert clean(text) == cleaned_by_patterns(text)


def test_nothing_that_is_taken_out_is_printable() -> None:
    printable = "".join(character for character in map(chr, range(sys.maxunicode + 1)) if character.isprintable())
    assert not [pattern for pattern in (INVISIBLE, CONTROL, SURROGATE) if pattern.search(printable)]
    assert not [character for character in printable if character.isspace() and character != " "]


@given(vietnamese)
def test_cleaning_takes_no_word_away(text: str) -> None:
    assert clean(text).split() == text.split()


def test_equal_words_have_equal_hashes_and_others_others() -> None:
    assert content_hash("Lũ", "quét") == content_hash("Lũ", "quét")
    assert (
        len({content_hash(*pair) for pair in (("Lũ", "quét"), ("Lũ", "quet"), ("Lũ quét", ""), ("", "Lũ quét"))}) == 4
    )


# --- folded -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đà Lạt", "da lat"),
        ("ĐƯỜNG THỦY", "duong thuy"),
        ("\u00d0à Nẵng", "da nang"),
        ("Nguyễn Ưng Ơ ặ ệ ộ ợ", "nguyen ung o a e o o"),
        ("café façade", "cafe facade"),
        ("Тuуên Quаng, ΤUΥÊN QUΑNG", "tuyen quang, tuyen quang"),  # with Cyrillic and Greek letters that look alike
        ("河江 2026 ½ ﬁ", "河江 2026 ½ ﬁ"),
    ],
)
@pytest.mark.fault(24, 25)
def test_folding_takes_marks_and_case_away(text: str, folded: str) -> None:
    assert fold(text) == fold(nfd(text)) == folded


@given(anything)
def test_positions_in_folded_text_are_positions_in_the_text(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert len(fold(text)) == len(composed)
    for cut in range(0, len(composed), 7):
        assert fold(composed)[cut : cut + 1] == fold(composed[cut : cut + 1])


@given(vietnamese)
def test_folded_vietnamese_is_ascii_and_folds_to_itself(text: str) -> None:
    assert fold(text).isascii()
    assert fold(fold(text)) == fold(text) == fold(text.upper())


# --- tone marks ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "modern"),
    [
        ("hoà", "hòa"),
        ("Hoà Bình, HOÀ BÌNH", "Hòa Bình, HÒA BÌNH"),
        ("khoẻ loè xoè", "khỏe lòe xòe"),
        ("thuỷ huỷ luỹ thuý", "thủy hủy lũy thúy"),
        ("uỷ ban, oà khóc", "ủy ban, òa khóc"),
        ("toạ đàm", "tọa đàm"),
        ("quý quỳ quỹ Quỳnh", "quý quỳ quỹ Quỳnh"),
        ("hoàn toán khoẻn huýt", "hoàn toán khoẻn huýt"),
        ("hòa thủy", "hòa thủy"),
        ("ngoại toàn uyên", "ngoại toàn uyên"),
    ],
)
@pytest.mark.fault(22)
def test_tone_marks_move_to_where_they_stand_today(old: str, modern: str) -> None:
    assert modern_tone(old) == modern


@given(vietnamese)
def test_moving_tone_marks_changes_no_letter_and_no_length(text: str) -> None:
    modern = modern_tone(text)
    assert len(modern) == len(text)
    assert fold(modern) == fold(text)
    assert modern_tone(modern) == modern
    assert modern_tone(text.lower()) == modern.lower()


# --- words --------------------------------------------------------------------------------------------------------


def test_words_are_what_search_compares() -> None:
    text = "Hoà Bình: lũ-quét, «Covid-19»… 3.000 tỉ đồng (25%)\n越南河江 a_b"
    assert exact_words(text) == "hòa bình lũ quét covid 19 3 000 tỉ đồng 25 越 南 河 江 a b"
    assert fold(exact_words(text)) == "hoa binh lu quet covid 19 3 000 ti dong 25 越 南 河 江 a b"


@pytest.mark.fault(26)
def test_a_word_without_end_is_many() -> None:
    assert set(exact_words("a" * 64_000).split()) == {"a" * 64}


@given(anything)
def test_exact_and_folded_words_are_the_same_words(text: str) -> None:
    exact, folded = exact_words(text).split(" "), fold(exact_words(text)).split(" ")
    assert len(exact) == len(folded)
    assert [fold(word) for word in exact] == folded
    assert exact_words(nfd(text)) == exact_words(text)
    assert exact_words(" ".join(exact)) == " ".join(exact)


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("hà  giang", ("hà", "giang")),
        ('"Hà Giang" lũ', ("hà giang", "lũ")),
        ("“lũ quét” «sạt lở»", ("lũ quét", "sạt lở")),
        ("covid-19 covid-19", ("covid 19",)),
        ('lũ "quét', ("lũ", "quét")),
        ("hoà hòa", ("hòa",)),
        ("河江省", ("河 江 省",)),
        ("lũ AND (quét* OR NEAR:2)", ("lũ", "and", "quét", "or", "near 2")),
        ('"" * ? "', ()),
        ("", ()),
    ],
)
def test_a_query_is_words_and_phrases(query: str, asked: tuple[str, ...]) -> None:
    assert phrases(query) == asked


@example("OÈ_")
@given(st.text(max_size=80))
def test_a_phrase_holds_nothing_but_words(query: str) -> None:
    for phrase in phrases(query):
        assert not set(phrase) & set('"*^:()+-.')
        assert exact_words(phrase) == phrase


def test_a_query_has_an_end() -> None:
    assert len(phrases(" ".join(f"từ{number}" for number in range(1000)))) == 64
