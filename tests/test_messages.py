"""The words of the screen: every code has one, none is missing, and what SCREENS forbids is not among them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum

import pytest

from classifier.reasons import ReasonCode
from dashboard import daily_words, say, words
from dashboard import messages as m
from desk import daily
from index import case, errors, health, model, shared_errors, source
from index.casebook_queue import Tab
from index.errors import Conflict, IllegalMove, KiemTinError
from index.model import Reason

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)  # 14:30 in the office
SHOWN_ENUMS = (
    (model.Track, words.TRACKS),
    (model.FlagKind, words.FLAGS),
    (model.Channel, words.CHANNELS),
    (model.Label, words.LABELS),
    (model.Standing, words.STANDINGS),
    (model.Topic, words.TOPICS),
    (model.Harm, words.HARMS),
    (model.Tone, words.TONES),
    (model.PublishedFrom, words.PUBLISHED_FROM),
    (case.SignState, words.SIGN_STATES),
    (case.TrackState, words.STATES),
    (case.Conclusion, words.CONCLUSIONS),
    (case.Handling, words.HANDLINGS),
    (case.Result, words.RESULTS),
    (case.Dismissal, words.DISMISSALS),
    (case.Priority, words.PRIORITIES),
    (case.Act, words.ACTS),
    (model.RulingField, words.RULED),
    (source.ReadingOutcome, words.READINGS),
    (source.Note, words.NOTES),
    (health.Condition, words.CONDITIONS),
    (Tab, words.TABS),
    (daily.Section, daily_words.SECTIONS),
    (daily.NewsGroup, daily_words.GROUPS),
    (daily.Edition, daily_words.EDITIONS),
    (daily.Attention, daily_words.ATTENTIONS),
    (model.Tone, daily_words.TONES),
)
# SCREENS 1.5 and 1.6: what the screen never offers and never says.
FORBIDDEN = ("gỡ bài", "chặn", "xóa tin", "thù địch", "vi phạm", "sai sự thật", "trí tuệ nhân tạo")


def every_sentence() -> Iterator[str]:
    for module in (m, words, daily_words):
        for name, value in vars(module).items():
            if name.isupper():
                yield from _texts(value)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _texts(inner)


def every_error() -> Iterator[type[KiemTinError]]:
    for module in (errors, shared_errors):
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, KiemTinError):
                yield kind


def error_codes() -> Iterator[str]:
    return (kind.code for kind in every_error())


@pytest.mark.parametrize(("codes", "meaning"), SHOWN_ENUMS, ids=lambda value: getattr(value, "__name__", ""))
def test_every_value_has_its_own_word(codes: type[Enum], meaning: Mapping[Enum, str]) -> None:
    assert set(meaning) == set(codes)
    assert all(meaning.values())
    assert len(set(meaning.values())) == len(meaning)


def test_every_reason_of_the_classifier_has_words() -> None:
    assert set(ReasonCode) <= set(words.REASONS)


def test_a_reason_puts_in_the_words_it_rests_on() -> None:
    assert "“nghe đâu”" in say.reason(Reason(code=ReasonCode.PASSED_AROUND, params={"cue": "nghe đâu"}))


def test_a_reason_newer_than_these_words_is_shown_by_its_code() -> None:
    assert say.reason(Reason(code="from_next_year")) == "lý do from_next_year"


def test_every_error_has_a_sentence() -> None:
    assert set(error_codes()) == set(words.ERRORS)


def test_every_error_of_a_page_has_a_few_words() -> None:
    collecting = {kind.code for kind in every_error() if issubclass(kind, errors.CollectError)}
    assert set(words.PAGE_ERRORS) == collecting
    assert say.note("unreadable") == "trang bài không đọc được (không đọc ra bài viết)"


def test_what_came_in_place_of_a_source_is_named_in_words() -> None:
    error = errors.Unreadable(expected="feed", found="damaged_xml")
    assert say.reading_error(error.code, str(error)).startswith("Nhận được tệp XML hỏng, không phải nguồn tin RSS;")
    unheard_of = errors.Unreadable(expected="feed", found="audio/x")
    assert "audio/x" in say.reading_error(unheard_of.code, str(unheard_of))


def test_a_cause_is_named_where_it_helps() -> None:
    assert say.error(IllegalMove(to="concluded", missing="document"), NOW) == words.CAUSES["illegal_move:document"]
    assert say.error(IllegalMove(to="closed"), NOW) == words.ERRORS["illegal_move"]


def test_a_conflict_says_who_and_when() -> None:
    assert "Minh vừa sửa vụ này lúc 14:02" in say.error(Conflict(by="Minh", at=NOW - timedelta(minutes=28)), NOW)


@pytest.mark.parametrize("word", FORBIDDEN)
def test_what_the_screen_never_says(word: str) -> None:
    assert not [text for text in every_sentence() if re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)]


def test_no_exclamation_and_no_percentage() -> None:
    assert not [text for text in every_sentence() if "!" in text or "%" in text]


def test_the_screen_does_not_speak_of_ai() -> None:
    assert not [text for text in every_sentence() if re.search(r"\bAI\b", text)]


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(hours=8), "06:30"),
        (timedelta(hours=15), "23:30 22/11"),
        (timedelta(days=330), "14:30 28/12/2025"),
    ],
)
def test_times_are_those_of_the_office(ago: timedelta, expected: str) -> None:
    assert say.clock(NOW - ago, NOW) == expected


def test_what_may_be_evidence_is_dated_to_the_second() -> None:
    assert say.moment(NOW) == "14:30:00 23/11/2026"


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (timedelta(seconds=3), "1 phút"),
        (timedelta(minutes=59), "59 phút"),
        (timedelta(hours=31), "31 giờ"),
        (timedelta(days=2, hours=3), "2 ngày"),
    ],
)
def test_a_span_is_said_in_the_unit_that_loses_least(length: timedelta, expected: str) -> None:
    assert say.span(length) == expected


@pytest.mark.parametrize(("score", "word"), [(0.0, "thấp"), (0.59, "thấp"), (0.6, "vừa"), (0.8, "cao"), (1.0, "cao")])
def test_confidence_is_a_word(score: float, word: str) -> None:
    assert say.confidence(score) == word
