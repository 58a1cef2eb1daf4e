"""`kiemtin report daily`: what is written where, and what is refused."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from config import wiring
from index.clock import local
from tests.test_cli import PASSWORD, Office

COUNTS = {
    "new", "originals", "reprints", "positive", "neutral", "issue", "foreign", "undated", "sources_ok",
    "sources_failed",
}  # fmt: skip


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    made = Office(tmp_path / "home", capsys)
    (tmp_path / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    made.call("init", "--province", "tuyen-quang", "--no-sources", "--admin", "quantri", "--password-file",
              str(tmp_path / "password"))  # fmt: skip
    return made


def test_todays_page_is_written_as_docx_pdf_and_json(office: Office, tmp_path: Path) -> None:
    today = local(wiring.clock()).date()
    (said,) = office.rows("report", "daily", "--out", str(tmp_path / "ra"))
    assert said["files"] == [str(tmp_path / "ra" / f"diem-bao-{today}-sang.{kind}") for kind in ("docx", "pdf", "json")]
    assert set(said["counts"]) >= COUNTS
    docx, pdf, page = (Path(file).read_bytes() for file in said["files"])
    assert (docx[:2], pdf[:4]) == (b"PK", b"%PDF")
    assert json.loads(page)["day"] == today.isoformat()


def test_a_page_that_was_made_is_written_as_it_stands(office: Office, tmp_path: Path) -> None:
    yesterday = local(wiring.clock()).date() - timedelta(days=1)
    asked = ("report", "daily", "--date", yesterday.isoformat(), "--out", str(tmp_path / "ra"))
    (first,) = office.rows(*asked)
    (second,) = office.rows(*asked)
    assert first == second
    kept = office.home / "reports" / f"diem-bao-{yesterday}-sang.json"
    assert kept.read_bytes() == (tmp_path / "ra" / kept.name).read_bytes()


def test_the_other_edition_is_written_when_asked_for(office: Office, tmp_path: Path) -> None:
    (said,) = office.rows("report", "daily", "--date", "2026-03-02", "--edition", "afternoon", "--out", str(tmp_path))
    assert said["files"][0].endswith("diem-bao-2026-03-02-chieu.docx")


@pytest.mark.parametrize("edition", ["Morning", "MORNING", "sang", ""])
def test_another_edition_is_wrong_usage(office: Office, tmp_path: Path, edition: str) -> None:
    office.call("report", "daily", "--edition", edition, "--out", str(tmp_path / "ra"), status=2)
    assert f"--edition: “{edition}” không dùng được; giá trị cho phép: morning, afternoon." in office.said


@pytest.mark.parametrize(
    ("day", "allowed"),
    [
        ("2999-01-01", "đến hôm nay"),
        ("0001-01-01", "từ năm 1990"),
        ("hom-qua", "viết như"),
        ("2026-02-30", "ngày có thật"),
        ("../x", "viết như"),
        ("", "viết như"),
    ],
)
def test_a_day_that_is_none_or_has_not_come_is_wrong_usage(
    office: Office, tmp_path: Path, day: str, allowed: str
) -> None:
    assert not office.call("report", "daily", "--date", day, "--out", str(tmp_path / "ra"), status=2)
    for said in ("--date", f"“{day}”", allowed):
        assert said in office.said
    assert not (tmp_path / "ra").exists()


def test_no_folder_and_a_file_are_no_folder_to_write_to(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    for out in ("", str(tmp_path / "password")):
        office.call("report", "daily", "--out", out, status=2)
        assert f"--out: “{out}” không dùng được" in office.said
    assert sorted(tmp_path.iterdir()) == before


def test_a_reader_is_told_the_whole_name_of_the_folder(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(office.home)
    office.call("report", "daily", "--out", "..")
    assert f"3 tệp trong {tmp_path.resolve()}." in office.said


def test_a_folder_that_cannot_be_written_to_is_named(office: Office) -> None:
    office.call("report", "daily", "--out", "/proc/kiemtin", status=1)
    assert "không có tệp hoặc thư mục này: '/proc/kiemtin'" in office.said
