"""The command line as scripts rely on it: words, JSON, exit status."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config import cli, messages, wiring
from config import sources as files
from config.commands import calling
from config.commands.invocation import Invocation
from crawlers.newsroom.server import Newsroom
from index.errors import StoreError

PASSWORD = "mot-mat-khau-dai"


class Office:
    """A home, and the command called on it."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys
        self.said = ""

    def call(self, *arguments: str, status: int = 0) -> str:
        """Standard output of one call, which must end with this status; standard error is in `said`."""
        ended = cli.run([*arguments, "--home", str(self.home)])
        out, self.said = self._capsys.readouterr()
        assert ended == status, self.said
        assert "Traceback" not in self.said
        return out

    def rows(self, *arguments: str, status: int = 0) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.call(*arguments, "--json", status=status).splitlines()]


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    made = Office(tmp_path / "home", capsys)
    (tmp_path / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    made.call("init", "--province", "tuyen-quang", "--no-sources", "--admin", "quantri", "--password-file",
              str(tmp_path / "password"))  # fmt: skip
    return made


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with wiring.written_week(datetime.now(UTC), 1.0, 0) as room:
        yield room


def commands() -> Iterator[tuple[str, ...]]:
    for name, command in calling.kiemtin.commands.items():
        yield (name,)
        for inner in getattr(command, "commands", {}):
            yield (name, inner)


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_every_command_explains_itself_with_an_example(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run([*path, "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert messages.EXAMPLES[" ".join(path)] in said
    for english in ("Usage:", "Options:", "Commands:", "Show ", "[required]", "[default"):
        assert english not in said


def test_a_home_is_made_once(office: Office) -> None:
    assert (office.home / "casebook.db").exists()
    assert office.home.stat().st_mode & 0o077 == 0
    office.call("init", "--province", "phu-tho", status=2)
    assert str(office.home) in office.said


def test_init_without_a_terminal_asks_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fresh = Office(tmp_path / "other", capsys)
    fresh.call("init", status=2)
    assert "--province" in fresh.said
    (made,) = fresh.rows("init", "--province", "lang-son")
    assert made["province"] == "lang-son"
    assert made["home"] == str(fresh.home)
    assert made["sources"] > 100
    assert fresh.rows("user", "list") == []


def test_an_unknown_province_names_those_that_exist(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Office(tmp_path / "other", capsys).call("init", "--province", "atlantis", status=2)


def test_config_says_what_is_in_force_and_from_where(office: Office) -> None:
    (shown,) = office.rows("config", "--set", "fetch.delay=3")
    assert shown["fetch.delay"] == {"value": "3.0", "from": "--set"}
    assert shown["province"]["from"].endswith("kiemtin.yaml")


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-command",),
        ("crawl", "--no-such-option"),
        ("articles", "--since", "yesterday"),
        ("articles", "--limit", "0"),
        ("config", "--set", "fetch.delay=fast"),
        ("config", "--set", "nonsense=1"),
        ("user", "add", "ha", "--role", "king"),
        ("sources", "check"),
        ("sources", "add", "https://officer:secret@example.vn/rss"),
        ("sources", "add", "ftp://example.vn/rss"),
        ("sources", "add", "https://example.vn/rss", "--id", "Báo Mới"),
    ],
)
def test_wrong_usage_ends_with_two(office: Office, arguments: tuple[str, ...]) -> None:
    office.call(*arguments, status=2)
    assert office.said.strip()
    assert "secret" not in office.said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("lạ",), "Không có lệnh lạ."),
        (("sources", "--"), "Thiếu tên lệnh."),
        (("crawl", "--lạ"), "Không có tùy chọn --lạ."),
        (("config", "a", "b"), "Thừa: a b."),
        (("articles", "--limit"), "Tùy chọn --limit cần một giá trị."),
        (("articles", "--json=1"), "Tùy chọn --json không nhận giá trị."),
        (("search",), "Thiếu QUERY."),
        (("report", "daily"), "Thiếu --out."),
        (("user", "add", "ha", "--role", "king"), "giá trị cho phép: monitor, leader, admin."),
        (
            ("newsroom", "--port", "70000"),
            "--port: “70000” không dùng được; giá trị cho phép: số nguyên từ 1 đến 65535.",
        ),
        (("newsroom", "--speed", "nan"), "--speed: “nan” không dùng được; giá trị cho phép: số từ 1 đến 100000."),
        (("newsroom", "/khong-co"), "FILE: “/khong-co” không dùng được; giá trị cho phép: tệp đã có và đọc được."),
        (("sources", "add", "https://a.vn", "--tier", "4"), "giá trị cho phép: số nguyên từ 1 đến 3."),
        (("sources", "add", "https://a.vn", "--channel", "PRESS"), "--channel: “PRESS” không dùng được"),
        (("config", "--home", ""), "--home: “” không dùng được"),
    ],
    ids=str,
)
def test_wrong_usage_is_told_in_a_sentence_of_ours(
    arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(list(arguments)) == 2
    first, *_ = capsys.readouterr().err.splitlines()
    assert sentence in first


def test_a_file_that_cannot_be_opened_is_told_in_our_words() -> None:
    error = StoreError(path="/a", why=str(OSError(errno.ENOENT, os.strerror(errno.ENOENT), "/a")))
    assert messages.reason(error.params["why"]) == "không có tệp hoặc thư mục này: '/a'"


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Started in the background of a shell, the tests and what they start would ignore interrupts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("entrance", [("-m", "config.cli"), ("-c", "from config.cli import main; main()")], ids=str)
@pytest.mark.parametrize("loaded", ["click.exceptions", "config.settings", "lxml.etree"])
def test_an_interrupt_while_it_loads_ends_with_130(entrance: tuple[str, ...], loaded: str, tmp_path: Path) -> None:
    command = [sys.executable, "-X", "importtime", *entrance, "articles", "--home", str(tmp_path / "nowhere")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr is not None
        assert any(line.rpartition("|")[2].strip() == loaded for line in process.stderr)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.splitlines()[-1] == messages.INTERRUPTED
    assert "Traceback" not in said


def test_a_command_loads_no_client_of_a_server_it_does_not_ask() -> None:
    command = "import sys; from config.commands import calling; sys.exit('elasticsearch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0


def test_a_folder_that_is_no_home_says_how_to_make_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lost = Office(tmp_path / "nowhere", capsys)
    lost.call("articles", status=2)
    assert "kiemtin init" in lost.said


def test_accounts_are_added_listed_and_locked_out(office: Office, tmp_path: Path) -> None:
    password = str(tmp_path / "password")
    office.call("user", "add", "ha", "--role", "monitor", "--role", "leader", "--password-file", password)
    office.call("user", "disable", "ha")
    assert {row["name"]: row for row in office.rows("user", "list")}["ha"] == {
        "name": "ha",
        "roles": ["leader", "monitor"],
        "state": "disabled",
    }
    office.call("user", "add", "ha", "--role", "monitor", "--password-file", password, status=1)
    office.call("user", "reset", "nobody", "--password-file", password, status=1)
    assert "nobody" in office.said


def test_a_password_file_that_is_no_text_is_named(office: Office, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe" * 10)
    office.call("user", "add", "ha", "--role", "monitor", "--password-file", str(tmp_path / "binary"), status=2)
    assert str(tmp_path / "binary") in office.said


def test_a_password_is_not_asked_for_without_a_terminal(office: Office) -> None:
    office.call("user", "add", "minh", "--role", "monitor", status=2)
    assert "--password-file" in office.said


@pytest.fixture
def read(office: Office, newsroom: Newsroom, tmp_path: Path) -> Office:
    """An office that has read three quick outlets of the newsroom."""
    quick = [s for s in newsroom.sources() if s.id in ("trang-tong-hop-24", "dien-dan-xu-tuyen", "cong-ttdt-tinh")]
    (tmp_path / "nguon.yaml").write_text(files.written(quick), encoding="utf-8")
    office.call("sources", "import", str(tmp_path / "nguon.yaml"))
    with (office.home / "kiemtin.yaml").open("a", encoding="utf-8") as settings:
        settings.write("fetch: {delay: 0, allow_hosts: [127.0.0.1]}\n")
    return office


def test_from_source_to_story(read: Office) -> None:
    *lines, totals = read.rows("crawl")
    assert {line["outcome"] for line in lines} == {"new"}
    assert {"source", "outcome", "new", "updated", "seen", "error", "seconds"} <= set(lines[0])
    assert totals["new"] == sum(line["new"] for line in lines) > 20

    (done,) = read.rows("classify")
    assert done["reviewed"] == totals["new"]
    assert done["flagged"] > 0
    assert done["cases"] > 0
    assert set(done) == {"reviewed", "flagged", "cases", "seconds"}
    assert read.rows("classify")[0]["reviewed"] == 0

    articles = read.rows("articles")
    assert len(articles) == totals["new"]
    assert {
        "id", "source", "url", "title", "text", "byline", "published", "published_from", "collected", "version",
        "content_hash", "snapshot", "language", "places", "topic", "harm", "tone", "labels", "flags", "story",
    } <= set(articles[0])  # fmt: skip
    flagged = [article for article in articles if article["flags"]]
    for article in flagged:
        for flag in article["flags"]:
            for evidence in flag["evidence"]:
                part = article["title"] if evidence["in"] == "title" else article["text"]
                assert part[evidence["start"] :].startswith(evidence["quote"])
    assert len(read.rows("articles", "--limit", "3")) == 3
    assert {a["source"] for a in read.rows("articles", "--source", "cong-ttdt-tinh")} == {"cong-ttdt-tinh"}

    stories = read.rows("stories", "--open")
    assert {"id", "title", "articles", "reprints", "flags", "priority", "tracks"} <= set(stories[0])
    assert set(stories[0]["tracks"]) == {"verify", "answer", "inform"}
    assert {"new", None} == {state for story in stories for state in story["tracks"].values()}

    sources = {row["id"]: row for row in read.rows("sources", "list")}
    assert {"id", "url", "tier", "enabled", "last_success", "silent_for_s", "failures", "error"} <= set(
        sources["cong-ttdt-tinh"]
    )
    assert sources["cong-ttdt-tinh"]["last_success"] is not None

    *again, _ = read.rows("crawl")
    assert {line["new"] for line in again} == {0}


def test_a_round_in_which_nothing_could_be_read_has_failed(read: Office, newsroom: Newsroom) -> None:
    lines = read.rows("crawl", "--set", "fetch.allow_hosts=", status=1)
    assert {line["outcome"] for line in lines[:-1]} == {"failed"}
    assert all("address_refused" in line["error"] for line in lines[:-1])


def test_one_source_that_is_not_there_is_named(read: Office) -> None:
    read.call("crawl", "--source", "bao-khong-co", status=1)
    assert "bao-khong-co" in read.said


def test_a_source_is_tried_without_storing_anything(read: Office) -> None:
    (tried,) = read.rows("sources", "check", "cong-ttdt-tinh")
    assert tried["new"] > 0
    assert tried["articles"][0]["title"]
    assert read.rows("articles") == []


def test_a_source_can_be_switched_off(read: Office) -> None:
    read.call("sources", "disable", "cong-ttdt-tinh")
    assert {row["id"]: row["enabled"] for row in read.rows("sources", "list")}["cong-ttdt-tinh"] is False
    *lines, _ = read.rows("crawl")
    assert "cong-ttdt-tinh" not in {line["source"] for line in lines}


def test_an_address_is_recognised_as_feed_or_page(read: Office, newsroom: Newsroom) -> None:
    feed = next(source for source in newsroom.sources() if source.collector == "feed" and source.id == "bao-song-lo")
    read.call("sources", "add", feed.url, "--id", "bao-moi")
    assert {row["id"] for row in read.rows("sources", "list")} >= {"bao-moi"}
    read.call("sources", "add", newsroom.address("bao-song-lo") + "/khong-co-trang-nay", "--id", "sai", status=1)
    read.call("sources", "add", feed.url, "--id", "bao-moi", status=2)
    assert "bao-moi" in read.said


def test_purge_only_counts_when_asked_to(read: Office) -> None:
    read.rows("crawl")
    keys = {"kind", "count"}
    assert all(set(row) == keys for row in read.rows("purge", "--dry-run"))
    read.call("purge", "--set", "retention.unmatched=1s", "--dry-run")
    before = len(read.rows("articles"))
    assert len(read.rows("articles")) == before


def lines_file(folder: Path, *lines: object) -> str:
    file = folder / "lines.jsonl"
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    file.write_text(text + "\n", encoding="utf-8")
    return str(file)


def test_a_file_is_classified_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    complaint = {
        "id": "a",
        "title": "Người dân kiến nghị xử lý mùi hôi từ bãi rác",
        "text": "Nhiều hộ dân xã Nhữ Khê, tỉnh Tuyên Quang gửi đơn phản ánh bãi rác bốc mùi hôi, kiến nghị xử lý.",
        "url": None,
        "published": "2026-11-20T08:00:00+07:00",
    }
    peace = {"id": 7, "title": "Vì hòa bình", "text": "Lực lượng gìn giữ hòa bình lên đường.", "province": "Hòa Bình"}
    file = lines_file(tmp_path, complaint, "not json", {"id": "b"}, peace, complaint | {"id": "c", "province": "Xyz"})
    homeless = Office(tmp_path / "no-home", capsys)
    first, second, third, fourth, fifth = homeless.rows("classify", file, "--province", "tuyen-quang")
    assert (first["id"], second["id"], third["id"], fourth["id"], fifth["id"]) == ("a", None, "b", "7", "c")
    assert set(first) == {"id", "about", "places", "topic", "harm", "tone", "labels", "flags"}
    assert first["about"] > 0.5
    assert [flag["kind"] for flag in first["flags"]] == ["criticism"]
    assert fourth["about"] < 0.5
    assert set(second) == set(third) == {"id", "error"}
    assert "Xyz" in fifth["error"]


def test_evidence_counts_characters_of_the_text_in_nfc(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "  Xôn  xao\u200b tin đồn.\n\nTheo thông tin lan truyền trên mạng xã hội, chưa được cơ quan chức năng xác nhận."
    )
    line = {"id": "a", "title": "Tin ở Tuyên Quang", "text": unicodedata.normalize("NFD", text)}
    (row,) = Office(tmp_path, capsys).rows("classify", lines_file(tmp_path, line), "--province", "tuyen-quang")
    spans = [e for flag in row["flags"] for e in flag["evidence"]]
    assert spans
    for span in spans:
        assert text[span["start"] :].startswith(span["quote"])


@pytest.mark.parametrize(
    "said",
    [
        {"published": "0001-01-01T00:00:00+14:00"},
        {"published": "9999-12-31T23:59:59-23:59"},
        {"published": "20/11/2026"},
        {"text": None},
        {"channel": "tv"},
    ],
    ids=str,
)
def test_a_line_with_a_value_that_cannot_be_used_is_refused_in_its_place(
    said: dict[str, object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = {"id": "a", "title": "Tin", "text": "Mưa ở Tuyên Quang."}
    file = lines_file(tmp_path, line | said, line | {"id": "b"})
    refused, good = Office(tmp_path, capsys).rows("classify", file, "--province", "tuyen-quang")
    assert set(refused) == {"id", "error"}
    assert (refused["id"], good["id"]) == ("a", "b")
    assert "about" in good


def test_a_line_nested_beyond_reason_is_refused_in_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deep = '{"id":"a","text":' + "[" * 100_000 + "]" * 100_000 + "}"
    file = lines_file(tmp_path, deep, {"id": "b", "text": "Mưa ở Tuyên Quang."})
    refused, good = Office(tmp_path, capsys).rows("classify", file, "--province", "tuyen-quang")
    assert set(refused) == {"id", "error"}
    assert good["id"] == "b"


def test_a_byte_order_mark_does_not_cost_the_first_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path(lines_file(tmp_path, {"id": "a", "text": "Mưa ở Tuyên Quang."}))
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    (row,) = Office(tmp_path, capsys).rows("classify", str(file), "--province", "tuyen-quang")
    assert row["id"] == "a"
    assert "about" in row


def test_a_line_without_a_province_needs_the_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = Office(tmp_path, capsys).rows("classify", lines_file(tmp_path, {"id": "a", "title": "T", "text": "x"}))
    assert "--province" in row["error"]


def test_doctor_names_what_is_wrong_and_how_to_mend_it(office: Office) -> None:
    (found,) = office.rows("doctor", status=1)
    wrong = {check["name"]: check for check in found["checks"] if not check["ok"]}
    assert set(wrong) == {"sources"}
    assert "sources import" in wrong["sources"]["fix"]


def test_doctor_is_content_with_a_working_home(read: Office) -> None:
    read.rows("crawl")
    read.rows("classify")
    (found,) = read.rows("doctor")
    assert all(check["ok"] and not check["fix"] for check in found["checks"])


def test_doctor_calls_a_source_that_failed_once_one_that_failed_at_its_last_reading(read: Office) -> None:
    read.call("crawl", "--source", "cong-ttdt-tinh", "--set", "fetch.allow_hosts=", status=1)
    (found,) = read.rows("doctor", status=1)
    (failing,) = [check for check in found["checks"] if check["name"] == "sources_failing"]
    assert failing["detail"] == "1 nguồn lỗi ở lần đọc gần nhất: cong-ttdt-tinh"


def test_doctor_names_a_damaged_archive(office: Office) -> None:
    (office.home / "archive.db").write_bytes(b"this is no database" * 100)
    (found,) = office.rows("doctor", status=1)
    assert "archive" in {check["name"] for check in found["checks"] if not check["ok"]}


def test_an_interrupt_ends_with_130(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: Invocation, document: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Invocation, "show", interrupted)
    office.call("config", "--json", status=130)
