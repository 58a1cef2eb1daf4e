"""`kiemtin search` as scripts rely on it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config import cli
from desk.intake import take_in
from index.casebook import Casebook
from index.model import Channel, FlagKind, SourceId
from index.source import Source
from index.sqlite import SqliteArchive
from tests.office import HA, PROVINCE, article, review, story

DAY = datetime(2026, 11, 20, 3, tzinfo=UTC)
"""10:00 in the office."""
HIT = {"id", "title", "url", "published", "snippet", "score"}
FACETS = {"source", "channel", "place", "tone", "topic", "flag", "language", "month"}


class Office:
    """A home with three articles, two of them in a story that has a case."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys
        self.said = ""

    def call(self, *arguments: str, status: int = 0) -> str:
        ended = cli.run([*arguments, "--home", str(self.home)])
        out, self.said = self._capsys.readouterr()
        assert ended == status, self.said
        return out

    def search(self, *arguments: str) -> dict[str, Any]:
        (line,) = self.call("search", *arguments, "--json").splitlines()
        found = json.loads(line)
        assert isinstance(found, dict)
        return found

    def ids(self, *arguments: str) -> list[str]:
        return [hit["id"] for hit in self.search(*arguments)["hits"]]


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    office = Office(tmp_path / "home", capsys)
    office.call("init", "--province", "tuyen-quang", "--no-sources")
    landfill = article("bai-rac", title="Mùi hôi từ bãi rác", published=DAY)
    forum = article("dien-dan", title="Bài rác ở chợ", channel=Channel.FORUM, published=DAY + timedelta(days=1))
    undated = article("cho", title="Chợ phiên", collected=DAY + timedelta(days=2))
    source = Source(
        id=SourceId("bao-tinh"), name="Báo tỉnh", channel=Channel.PRESS, collector="feed", url="https://bao.example"
    )
    with SqliteArchive(office.home / "archive.db") as archive, Casebook.open(office.home / "casebook.db") as casebook:
        archive.add([landfill, forum, undated])
        kinds = [FlagKind.CRITICISM]
        archive.record([review(landfill, kinds), review(forum)], [story("bai-rac", [landfill, forum], kinds)])
        with casebook.write(PROVINCE) as book:
            book.register.declare([source], by=HA.name, at=DAY)
        assert take_in(archive, casebook, PROVINCE, DAY) == 1
    return office


def test_the_answer_has_the_keys_that_scripts_rely_on(office: Office) -> None:
    found = office.search("bãi rác")
    assert set(found) == {"total", "hits", "facets", "next"}
    assert found["total"] == 2
    assert found["next"] is None
    assert [set(hit) for hit in found["hits"]] == [HIT, HIT]
    assert set(found["facets"]) == FACETS
    assert found["facets"]["channel"] == {"counts": {"forum": 1, "press": 1}, "of": 2}
    first = found["hits"][0]
    assert (first["id"], first["title"]) == ("bai-rac", "Mùi hôi từ bãi rác")
    assert first["published"] == "2026-11-20T10:00:00+07:00"
    assert "đập đã vỡ" in first["snippet"]


def test_exact_matches_stand_before_those_without_marks(office: Office) -> None:
    assert office.ids("bãi rác") == ["bai-rac", "dien-dan"]
    assert office.ids("bai rac") == ["dien-dan", "bai-rac"]
    assert office.ids('"rac o cho"') == ["dien-dan"]


def test_a_day_is_one_of_the_office_and_the_last_is_included(office: Office) -> None:
    assert office.ids("", "--from", "2026-11-20", "--to", "2026-11-20") == ["bai-rac"]
    assert office.ids("", "--from", "2026-11-20T10:00", "--to", "2026-11-20T10:01") == ["bai-rac"]
    assert office.ids("", "--to", "2026-11-20T10:00") == []
    assert office.ids("", "--from", "2026-11-21T00:00:00+07:00") == ["cho", "dien-dan"]


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        (("--source", "bao-tinh"), ["cho", "dien-dan", "bai-rac"]),
        (("--source", "nhap-tay"), []),
        (("--channel", "forum"), ["dien-dan"]),
        (("--place", "Thượng Lâm"), ["dien-dan", "bai-rac"]),
        (("--place", "thuong lam"), ["dien-dan", "bai-rac"]),
        (("--tone", "neutral"), ["dien-dan", "bai-rac"]),
        (("--topic", "other"), ["dien-dan", "bai-rac"]),
        (("--flag", "criticism"), ["bai-rac"]),
        (("--state", "new"), ["dien-dan", "bai-rac"]),
        (("--state", "closed"), []),
        (("--language", "vi"), ["cho", "dien-dan", "bai-rac"]),
        (("--language", "en"), []),
        (("--sort", "relevance"), ["cho", "dien-dan", "bai-rac"]),
    ],
)
def test_every_filter_narrows(office: Office, narrowed: tuple[str, ...], expected: list[str]) -> None:
    assert office.ids("", *narrowed) == expected


def test_pages_follow_each_other(office: Office) -> None:
    first = office.search("rac", "--limit", "1")
    assert [hit["id"] for hit in first["hits"]] == ["dien-dan"]
    assert office.ids("rac", "--limit", "1", "--after", first["next"]) == ["bai-rac"]


def test_an_article_without_a_time_has_none(office: Office) -> None:
    (hit,) = office.search("chợ phiên")["hits"]
    assert hit["published"] is None


@pytest.mark.parametrize(
    ("option", "value", "allowed"),
    [
        ("--from", "hôm qua", "ISO 8601"),
        ("--source", "bao-khong-co", "bao-tinh, nhap-tay"),
        ("--channel", "tv", "broadcast"),
        ("--place", "Hà Nội", "An Tường"),
        ("--tone", "bad", "negative"),
        ("--topic", "thể thao", "environment"),
        ("--flag", "fake", "unverified"),
        ("--state", "open", "verifying"),
        ("--language", "tiếng Việt", "vi"),
        ("--sort", "best", "relevance"),
        ("--limit", "0", "1 đến 10000"),
        ("--limit", "10001", "1 đến 10000"),
        ("--limit", "9" * 23, "1 đến 10000"),
        ("--limit", "9" * 5_000, "1 đến 10000"),
        ("--limit", "mười", "1 đến 10000"),
        ("--after", "1:" + "9" * 19, "next"),
        ("--after", "trang-hai", "next"),
    ],
)
def test_a_wrong_value_names_option_found_and_allowed(office: Office, option: str, value: str, allowed: str) -> None:
    office.call("search", "rác", option, value, status=2)
    for said in (option, value, allowed):
        assert said in office.said


@pytest.mark.parametrize("last", ["9999-12-30", "9999-12-31"])
def test_the_last_days_of_the_calendar_are_days(office: Office, last: str) -> None:
    assert office.ids("", "--from", "2026-11-21", "--to", last) == ["cho", "dien-dan"]


def test_an_end_before_the_beginning_is_wrong_usage(office: Office) -> None:
    office.call("search", "", "--from", "2026-11-21", "--to", "2026-11-20", status=2)
    assert "--to" in office.said


def test_the_query_must_be_there_and_may_be_empty(office: Office) -> None:
    office.call("search", status=2)
    assert "QUERY" in office.said
    assert office.search("")["total"] == 3
    assert office.search("…")["total"] == 0


def test_a_reader_sees_title_snippet_address_and_counts(office: Office) -> None:
    out = office.call("search", "bai rac", "--limit", "1")
    assert out.startswith("2 bài\n")
    assert "21/11/2026 10:00  bao-tinh  Bài rác ở chợ" in out
    assert "https://bao.example/dien-dan" in out
    assert "channel: forum 1, press 1" in out
    assert "--after" in out


def test_an_unknown_source_is_wrong_usage_to_articles_too(office: Office) -> None:
    office.call("articles", "--source", "bao-khong-co", status=2)
    for said in ("--source", "bao-khong-co", "bao-tinh"):
        assert said in office.said
