"""Vietnamese from before Unicode, and Vietnamese garbled on the way: made legible, and nothing else touched."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.legacy import from_single_bytes, legible
from tests.garbled import TCVN3, VIQR, VNI, WINDOWS, as_utf_8, cp1258, viqr

pytestmark = pytest.mark.fault(19, 20)

SENTENCES: Final = (
    "Thủ tướng thăm hỏi bà con vùng lũ ở xã Bản Nà.",
    "Công an tỉnh đã bắt ba đối tượng có liên quan, thu giữ tang vật",
    "Hội đồng nhân dân xã thông báo lịch tiếp công dân tháng mười hai",
    "Nước sông Lô dâng nhanh, nhiều hộ dân phải sơ tán trong đêm, không có thiệt hại về người",
    "Đường về thôn Khuổi Phìn bị sạt lở nghiêm trọng; học sinh nghỉ học",
    "Mỹ phẩm kém chất lượng, thuốc giả được rao bán ở chợ phiên vùng cao",
)
# Clean texts that hold the very letters and signs that the old encodings use.
SOUND: Final = (
    "Có lúa, cá và bò. Trâu tú, hè về là bé đi xã.",
    "«LÊ» “TÔ” XÃ… «CÔ» BÃ» nhé",
    "São Paulo é à été déjà vu, naïve café, Müller, señor, coöperation, Ærø",
    "Do it. Go to. See me? So. I'm sure he's there, you're not. Don't.",
    "Toi di cho. Anh co khoe khong? Chao ban. Nha may o dau? Da o.",
    "x = a^2 + b^2; o+u; f(a)+g(e); u+o; i+=o; do+so; a(1); e^x",
    "½ giờ, 2 m², 25 °C, § 5, © 2026 ®, ± 3, 1 µg, 100 ¥, £ 5",
    "宣光省发生山洪，公安部已派人。越南通讯社报道。",
    "Thủ tướng thăm “Hà Nội” – công an tỉnh; nước 3,5 m… ‘dân’",
)

syllables = st.sampled_from(" ".join(SENTENCES).replace(",", "").replace(".", "").replace(";", "").split())
"""Words that are Vietnamese."""
foreign = st.sampled_from(
    [
        "the",
        "Reuters",
        "Paris",
        "été",
        "café",
        "São",
        "naïve",
        "it.",
        "to?",
        "I'm",
        "宣光省",
        "25°C",
        "½",
        "«LÊ»",
        "XÃ…",
    ]
)
sound_texts = st.lists(syllables | foreign, max_size=12).map(" ".join)


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("garble", [TCVN3, VNI, WINDOWS, as_utf_8], ids=["tcvn3", "vni", "windows-1258", "utf-8"])
def test_what_passed_for_western_letters_is_read_as_what_it_is(garble: Callable[[str], str], sentence: str) -> None:
    assert legible(garble(sentence)) == sentence


@pytest.mark.parametrize("sentence", SENTENCES)
def test_marks_typed_after_their_letters_are_set_on_them(sentence: str) -> None:
    assert legible(viqr(sentence)) == sentence


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("times", [2, 3])
def test_what_was_garbled_over_again_is_taken_back_as_often(sentence: str, times: int) -> None:
    garbled = sentence
    for _ in range(times):
        garbled = as_utf_8(garbled)
    assert legible(garbled) == sentence


def test_signs_and_names_are_taken_back_with_the_words_around_them() -> None:
    said = "“Hà Nội” – ‘công an’ vào cuộc… café Zürich: 公安部 1.000 € ₫"
    assert legible(as_utf_8(said)) == said


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("encode", [TCVN3.encode, VNI.encode, cp1258], ids=["tcvn3", "vni", "windows-1258"])
def test_bytes_that_declare_nothing_are_read_as_what_they_are(encode: Callable[[str], bytes], sentence: str) -> None:
    assert from_single_bytes(encode(sentence)) == sentence


def test_capitals_are_capitals() -> None:
    assert legible(VNI("ĐƯỜNG VỀ XÃ BỊ SẠT LỞ, NHIỀU HỘ DÂN PHẢI SƠ TÁN")) == (
        "ĐƯỜNG VỀ XÃ BỊ SẠT LỞ, NHIỀU HỘ DÂN PHẢI SƠ TÁN"
    )


def test_a_garbled_paragraph_in_a_sound_page_is_mended_and_the_page_is_not_touched() -> None:
    page = '<p title="{}">Trang chủ: <b>{}</b></p><p>{}</p><p>{}</p>'
    sound, short = SENTENCES[0], "Bắc Mê"
    garbled = page.format(TCVN3(SENTENCES[1]), TCVN3(short), TCVN3(SENTENCES[2]), sound)
    assert legible(garbled) == page.format(SENTENCES[1], short, SENTENCES[2], sound)


def test_references_to_single_characters_count_as_the_characters() -> None:
    for form in ("&#{};", "&#x{:x};"):
        garbled = "".join(form.format(ord(c)) if ord(c) > 127 else c for c in TCVN3(SENTENCES[1]))
        assert legible(garbled) == SENTENCES[1]
    assert legible("C&ocirc;ng an x&atilde; b&aacute;o") == "C&ocirc;ng an x&atilde; b&aacute;o"


def test_a_few_words_alone_are_left_as_they_are() -> None:
    for few in ("Hà Nội", "Bắc Mê"):
        assert legible(TCVN3(few)) == TCVN3(few)


@pytest.mark.parametrize("text", [*SOUND, *SENTENCES])
def test_sound_text_is_the_same_object(text: str) -> None:
    assert legible(text) is text
    assert legible(unicodedata.normalize("NFD", text)) == unicodedata.normalize("NFD", text)


@settings(max_examples=200)
@given(sound_texts)
def test_sound_vietnamese_english_and_chinese_are_never_touched(text: str) -> None:
    assert legible(text) is text
    assert legible(text.upper()) == text.upper()
    assert legible(unicodedata.normalize("NFD", text)) == unicodedata.normalize("NFD", text)


@settings(max_examples=60)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_comes_out_as_text_and_stays(text: str) -> None:
    once = legible(text)
    once.encode()
    assert legible(once) == once


@settings(max_examples=60)
@given(st.binary(max_size=80))
def test_any_bytes_come_out_as_text(body: bytes) -> None:
    assert isinstance(from_single_bytes(body), str)


@settings(max_examples=100)
@given(
    st.lists(syllables, min_size=8, max_size=20).map(" ".join), st.sampled_from([TCVN3, VNI, WINDOWS, as_utf_8, VIQR])
)
def test_what_comes_of_a_garbled_text_is_sound(text: str, garble: Callable[[str], str]) -> None:
    mended = legible(garble(text))
    assert mended in (text, garble(text)), "wholly, or not at all"
    assert legible(mended) == mended
