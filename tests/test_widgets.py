"""Text from outside is shown exactly and never interpreted, whatever stands in it."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dashboard
from dashboard import widgets as w
from dashboard.widgets import Span
from tests.hostile import HOSTILE

TEXT = "Người dân xôn xao vì tin đập đã vỡ, nước về trong đêm."
AT = TEXT.index("đập đã vỡ")
QUOTE = Span(start=AT, end=AT + len("đập đã vỡ"), number=1)

spans = st.lists(
    st.builds(Span, start=st.integers(-5, 60), end=st.integers(-5, 90), number=st.none() | st.integers(1, 9)),
    max_size=5,
)


class Tags(HTMLParser):
    """The tags and the text of a piece of HTML, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def read(piece: str) -> Tags:
    tags = Tags()
    tags.feed(piece)
    tags.close()
    return tags


def test_a_quote_is_marked_with_the_number_of_its_reason() -> None:
    assert w.marked(TEXT, [QUOTE]) == (
        'Người dân xôn xao vì tin <mark><b class="kt-n">1</b>đập đã vỡ</mark>, nước về trong đêm.'
    )


def test_quotes_that_overlap_keep_both_numbers_and_every_letter_once() -> None:
    inner = Span(start=AT + 4, end=AT + 20, number=2)
    piece = w.marked(TEXT, [QUOTE, inner])
    assert (
        re.sub(r"<[^>]+>", "", piece.replace('<b class="kt-n">1</b>', "").replace('<b class="kt-n">2</b>', "")) == TEXT
    )
    assert piece.index('kt-n">1<') < piece.index('kt-n">2<')


def test_a_quote_beyond_the_text_marks_nothing() -> None:
    assert "<mark>" not in w.marked(TEXT, [Span(start=500, end=510), Span(start=-3, end=2), Span(start=9, end=9)])


@settings(max_examples=80)
@given(text=st.text(max_size=80), spans=spans)
def test_only_our_own_marks_are_tags_and_only_our_numbers_are_added(text: str, spans: list[Span]) -> None:
    seen = read(w.marked(text, spans))
    assert seen.tags <= {"mark", "b"}
    without_numbers = re.sub(r'<b class="kt-n">\d+</b>', "", w.marked(text, spans))
    assert html.unescape(re.sub("</?mark>", "", without_numbers)) == w.visible(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    for piece in (w.escaped(text), w.marked(text, [Span(start=0, end=3)]), w.excerpt(text), w.difference("", text)):
        seen = read(piece)
        assert seen.tags <= {"mark", "b", "del", "ins"}
        assert w.visible(text)[:20] in seen.text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_label_holds_nothing_that_markdown_reads(text: str) -> None:
    assert not re.search(r"[^\w ]|_", w.label(text).replace("\u0301", ""))


def test_a_label_keeps_vietnamese_words() -> None:
    assert w.label("Ủy ban nhân dân xã Thượng Lâm (Lâm Bình cũ)") == "Ủy ban nhân dân xã Thượng Lâm Lâm Bình cũ"


def test_characters_that_turn_a_line_round_are_not_shown() -> None:
    assert w.visible("tin\u202e đảo\u2066 ngược\u200b\x07") == "tin đảo ngược"


def test_an_excerpt_holds_every_quote_and_says_what_it_leaves_out() -> None:
    words = "nước lũ dâng cao " * 60
    text = f"{words}đập đã vỡ {words}hàng nghìn hộ {words}"
    spans = [Span(start=text.index(q), end=text.index(q) + len(q)) for q in ("hàng nghìn hộ", "đập đã vỡ")]
    piece = w.excerpt(text, spans, around=30)
    assert piece.index("<mark>đập đã vỡ</mark>") < piece.index("<mark>hàng nghìn hộ</mark>")
    assert piece.startswith("… ")
    assert piece.endswith(" …")
    assert len(piece) < 250


def test_an_excerpt_of_a_short_text_is_the_text() -> None:
    assert w.excerpt(TEXT, [QUOTE]) == w.marked(TEXT, [QUOTE])


def test_an_excerpt_without_quotes_is_the_beginning() -> None:
    assert w.excerpt("mưa lớn " * 100, around=20).startswith("mưa lớn")


def test_a_difference_strikes_what_went_and_underlines_what_came() -> None:
    before = "Mưa lớn từ đêm qua. Toàn xã có 137 hộ phải di dời. Chưa có thiệt hại về người."
    after = "Mưa lớn từ đêm qua. Toàn xã có 73 hộ phải di dời. Chưa có thiệt hại về người."
    piece = w.difference(before, after)
    assert "<del>137</del><ins>73</ins>" in piece
    assert "Mưa lớn" not in piece


def test_equal_texts_have_no_difference() -> None:
    assert w.difference(TEXT, TEXT) == ""


@settings(max_examples=60)
@given(before=st.text(max_size=60), after=st.text(max_size=60))
def test_a_difference_is_made_of_both_texts(before: str, after: str) -> None:
    assert read(w.difference(before, after)).tags <= {"span", "del", "ins"}


def test_a_rewritten_text_is_compared_without_waiting() -> None:
    old, new = ("từ %d " * 3000 % tuple(range(k, k + 3000)) for k in (0, 10_000))
    assert w.difference(old, new).startswith("<del>")


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example/x", "file:///etc/passwd", "http://", "", None, "x"],
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert w.link(url, "Bài gốc") == ""


def test_a_link_opens_apart_and_says_nothing_of_us() -> None:
    piece = w.link('https://bao.example/a?x="1"&y=<b>', "Bài gốc")
    assert read(piece).tags == {"a"}
    assert 'target="_blank"' in piece
    assert "noreferrer" in piece


def test_the_two_doors_by_which_text_could_become_html_or_script_stay_shut() -> None:
    for path in Path(dashboard.__path__[0]).rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert "unsafe_allow_html" not in source, path
        assert "unsafe_allow_javascript" not in source, path
