"""Any file of articles played as outlets: every line served, each at one address, and what cannot be is named."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import html

from crawlers.newsroom.replay import PER_SITEMAP, Replay
from crawlers.newsroom.server import Newsroom
from index.errors import NewsroomFileUnreadable
from tests.asking import END, FOLDER, Hands, ask, locations

LINES: list[dict[str, str | None]] = [
    {
        "title": "Có ngày giờ",
        "body": "Một.\nHai.",
        "published": "2021-04-27T08:30:00+07:00",
        "url": "https://a.example/1",
    },
    {"title": "Chỉ có ngày", "text": "Ba.", "published": "2021-04-27", "publisher": "a.example"},
    {"title": "Không có ngày", "summary": "Bốn.", "published": None, "url": None},
    {"title": "Ngày không đọc được", "body": "", "text": "Năm.", "published": "hôm qua"},
    {"title": "Giờ không có múi", "body": "Sáu.", "published": "2021-04-27 08:30:00"},
    {
        "title": "Có ngày giờ",
        "body": "Một.\nHai.",
        "published": "2021-04-27T08:30:00+07:00",
        "url": "https://a.example/1",
    },
]


def jsonl(file: Path, *lines: object) -> Path:
    text = "".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    file.write_bytes(gzip.compress(text.encode()) if file.suffix == ".gz" else text.encode())
    return file


def opened(file: Path, outlets: int) -> Newsroom:
    return Newsroom.replay(file, folder=FOLDER, outlets=outlets, port=0, clock=Hands(END))


def collected(newsroom: Newsroom) -> list[str]:
    """Every address in every sitemap, in order."""
    return [
        url
        for source in newsroom.sources()
        for chapter in locations(ask(source.url).text)
        for url in locations(ask(chapter).text)
    ]


@pytest.mark.parametrize("name", ["articles.jsonl", "articles.jsonl.gz"])
def test_every_line_of_a_file_has_one_address_of_its_own(tmp_path: Path, name: str) -> None:
    with opened(jsonl(tmp_path / name, *LINES), 4) as newsroom:
        urls = collected(newsroom)
        assert len(set(urls)) == len(urls) == len(LINES)
        titles = Counter(html.fromstring(ask(url).body).findtext(".//title") for url in urls)
        assert sum(titles.values()) == len(LINES)
        texts = [" ".join(html.fromstring(ask(url).body).text_content().split()) for url in urls]
    for line in LINES:
        words = (line.get("body") or line.get("text") or line.get("summary") or "").split("\n")
        assert any(all(word in text for word in [line["title"] or "", *words]) for text in texts)


def test_a_file_has_the_same_addresses_whenever_it_is_played(tmp_path: Path) -> None:
    def paths() -> list[str]:
        with opened(jsonl(tmp_path / "a.jsonl", *LINES), 3) as newsroom:
            return [urlsplit(url).path for url in collected(newsroom)]

    assert paths() == paths()


def test_a_time_is_shown_as_far_as_it_is_known(tmp_path: Path) -> None:
    with opened(jsonl(tmp_path / "a.jsonl", *LINES), 1) as newsroom:
        text = ask(newsroom.address("replay-1") + "/sitemaps/1.xml").text
    assert re.findall("<news:publication_date>(.*?)</news:publication_date>", text) == [
        "2021-04-27T08:30:00+07:00",
        "2021-04-27",
        "2021-04-27T08:30:00+07:00",
        "2021-04-27T08:30:00+07:00",
    ]


def test_more_lines_than_a_sitemap_holds_fill_several(tmp_path: Path) -> None:
    lines = [{"title": f"Tin số {number}", "text": "Nội dung."} for number in range(2 * PER_SITEMAP + 3)]
    with opened(jsonl(tmp_path / "a.jsonl", *lines), 2) as newsroom:
        chapters = [len(locations(ask(source.url).text)) for source in newsroom.sources()]
        assert chapters == [2, 2]
        assert len(set(collected(newsroom))) == len(lines)
        home = html.fromstring(ask(newsroom.address("replay-1") + "/").body)
        assert home.xpath(f"//a[text()='{lines[-1]['title']}']")


def test_lines_that_cannot_be_served_are_named_and_the_rest_is_served(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = jsonl(
        tmp_path / "a.jsonl",
        LINES[0],
        "không phải JSON\n",
        '{"title": "Cắt giữa chừ\n',
        {"title": " ", "text": "Không có tên."},
        {"title": "Không có chữ", "text": None, "body": " \n"},
        {"title": 7, "text": "Tên là số."},
        "\n",
        '["một", "dãy"]\n',
        LINES[1],
    )
    with opened(file, 2) as newsroom:
        assert len(collected(newsroom)) == 2
        assert isinstance(newsroom.edition, Replay)
        assert [skipped.line for skipped in newsroom.edition.skipped] == [2, 3, 4, 5, 6, 7, 8]
    assert all(f"line {line} skipped" in caplog.text for line in range(2, 9))


def test_an_article_is_found_at_its_own_address_only(tmp_path: Path) -> None:
    with opened(jsonl(tmp_path / "a.jsonl", *LINES), 2) as newsroom:
        first, second = newsroom.address("replay-1"), newsroom.address("replay-2")
        path = urlsplit(collected(newsroom)[0]).path
        assert ask(first + path).status == 200
        assert ask(second + path).status == 404
        assert ask(first + path.replace("-1.", "-3.")).status == 404
        assert ask(first + path.replace("-1.", "-999.")).status == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("khong-co.jsonl", None),
        ("khong-co.jsonl.gz", None),
        ("rong.jsonl", b""),
        ("toan-loi.jsonl", b"{}\n[]\n"),
        ("khong-nen.jsonl.gz", b'{"title": "Tin", "text": "Tin."}\n'),
        ("bi-cat.jsonl.gz", gzip.compress(b'{"title": "Tin", "text": "Tin."}\n' * 1000)[:-12]),
    ],
)
def test_a_file_that_cannot_be_played_is_named(tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(NewsroomFileUnreadable, match=re.escape(name)):
        opened(tmp_path / name, 2)


@pytest.mark.shared
def test_real_articles_are_served_each_exactly_once(shared: Path) -> None:
    file = shared / "data" / "news" / "articles.jsonl.gz"
    with gzip.open(file) as lines:
        count = sum(1 for _ in lines)
    with opened(file, 8) as newsroom:
        urls = collected(newsroom)
        assert len(urls) == len(set(urls)) == count
        assert {ask(url).status for url in urls[::97]} == {200}
