"""What leaves the desk as a file names nobody it must not name, and is nothing but a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import exports
from desk.exports import Exported, Layout, table
from index.casebook_audit import Deed
from index.errors import ArchiveError, Forbidden
from index.model import Channel, SourceId
from index.question import Question
from index.source import Source
from tests.hostile import HOSTILE
from tests.office import ADMIN, HA, LEADER, NOW, PROVINCE, Office, article, later

pytestmark = pytest.mark.usefixtures("every_casebook")

ACCOUNT = "Hội những người yêu Xứ Tuyên"
LAYOUT = Layout(
    header=("id", "outlet", "title", "excerpt", "address", "case"),
    cells=lambda one: (one.id, one.outlet, one.title, one.excerpt, one.address, one.case or ""),
    cut=lambda total: f"cut from {total}",
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


def read(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_the_file_holds_what_the_question_finds_and_that_it_left_is_written_down(office: Office) -> None:
    case = office.opened("vo-dap")
    office.publish("cho-phien", articles=[article("cho", title="Chợ phiên", text="Chợ đông.")])
    rows = read(office.desk.exports.articles(Question(text="dap"), LAYOUT, by=HA, at=NOW))
    assert rows[0] == list(LAYOUT.header)
    (row,) = rows[1:]
    assert (row[0], row[2], row[5]) == ("vo-dap-1", "Xôn xao tin vỡ đập, bài vo-dap-1", case.id)
    with office.casebook.read(PROVINCE) as book:
        (entry,) = book.audit.entries(subject="export:articles")
    assert (entry.by, entry.action, entry.params) == (
        HA.name,
        Deed.ARTICLES_EXPORTED,
        {"text": "dap", "sort": "newest", "count": "1"},
    )


@pytest.mark.parametrize("officer", [LEADER, ADMIN])
def test_who_may_not_export_gets_nothing(office: Office, officer: object) -> None:
    with pytest.raises(Forbidden):
        office.desk.exports.articles(Question(), LAYOUT, by=officer, at=NOW)  # type: ignore[arg-type]
    with office.casebook.read(PROVINCE) as book:
        assert book.audit.entries(subject="export:articles") == ()


def test_more_than_the_most_is_cut_and_said_so(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST", 3)
    monkeypatch.setattr(exports, "_AT_ONCE", 2)
    office.publish("vo-dap", articles=[article(f"a{n}", published=later(hours=n)) for n in range(5)])
    rows = read(office.desk.exports.articles(Question(), LAYOUT, by=HA, at=NOW))
    assert [row[0] for row in rows[1:-1]] == ["a4", "a3", "a2"]
    assert rows[-1] == ["cut from 5"]


def test_all_pages_are_in_the_file(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "_AT_ONCE", 2)
    office.publish("vo-dap", articles=[article(f"a{n}", published=later(hours=n)) for n in range(5)])
    rows = read(office.desk.exports.articles(Question(), LAYOUT, by=HA, at=NOW))
    assert [row[0] for row in rows[1:]] == ["a4", "a3", "a2", "a1", "a0"]


@pytest.mark.parametrize("channel", [Channel.FORUM, Channel.SOCIAL, Channel.VIDEO, Channel.PUBLIC])
def test_no_account_and_no_byline_is_named(office: Office, channel: Channel) -> None:
    source = Source(
        id=SourceId("trang"), name=ACCOUNT, channel=channel, collector="feed", url="https://mang.example/yeu.xu.tuyen"
    )
    office.desk.sources.add(source, by=ADMIN, at=NOW)
    post = article(
        "bai-dang",
        source_id=source.id,
        channel=channel,
        url="https://mang.example/yeu.xu.tuyen/posts/1",
        title="Bạn @yeu.xu.tuyen nói đập vỡ",
        text="Nghe @nguyen_van_a kể: đập đã vỡ.",
        byline="Nguyễn Văn A",
    )
    office.publish("vo-dap", articles=[post])
    data = office.desk.exports.articles(Question(), LAYOUT, by=HA, at=NOW).decode("utf-8-sig")
    for hidden in (ACCOUNT, "yeu.xu.tuyen", "nguyen_van_a", "Nguyễn Văn A"):
        assert hidden not in data
    assert "mang.example" in data
    assert "đập đã vỡ" in data


def test_a_press_article_keeps_its_outlet_and_address_and_loses_its_byline(office: Office) -> None:
    office.publish("vo-dap", articles=[article("bai", byline="Phóng viên Mai")])
    (row,) = read(office.desk.exports.articles(Question(), LAYOUT, by=HA, at=NOW))[1:]
    assert (row[1], row[4]) == ("bao-tinh", "https://bao.example/bai")
    assert not [cell for cell in row if "Mai" in cell]
    assert not {"byline", "author"} & set(Exported.__dataclass_fields__)


def test_no_private_person_is_named_and_who_holds_an_office_is(office: Office) -> None:
    told = article(
        "bai-rac",
        title="Anh Bảy kiến nghị dời bãi rác",
        text="Ông Nguyễn Văn Bảy, 45 tuổi, nói bãi rác bốc mùi. Chủ tịch UBND xã Nhữ Khê Trần Văn Minh đã họp.",
    )
    office.publish("bai-rac", articles=[told])
    (row,) = read(office.desk.exports.articles(Question(text="bai rac"), LAYOUT, by=HA, at=NOW))[1:]
    assert "Bảy" not in row[2] + row[3]
    assert "kiến nghị dời bãi rác" in row[2]
    assert "Trần Văn Minh" in row[3]


def test_a_text_in_another_language_names_no_private_person_either(office: Office) -> None:
    told = article(
        "bai-ngoai",
        channel=Channel.FOREIGN,
        language="en",
        title="Police arrest Nguyen Van Ben over fraud",
        text="Nguyen Van Ben cheated villager Giang A Pao.",
    )
    office.publish("lua-dao", articles=[told])
    (row,) = read(office.desk.exports.articles(Question(text="cheated"), LAYOUT, by=HA, at=NOW))[1:]
    assert row[2] == "Police arrest [không nêu tên] over fraud"
    assert "cheated villager" in row[3]
    assert not [name for name in ("Nguyen", "Giang A Pao") if name in row[3]]


def test_a_file_that_could_not_be_made_is_not_written_down(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise ArchiveError(why="away")

    monkeypatch.setattr(office.archive, "find", away)
    with pytest.raises(ArchiveError):
        office.desk.exports.articles(Question(), LAYOUT, by=HA, at=NOW)
    with office.casebook.read(PROVINCE) as book:
        assert book.audit.entries(subject="export:articles") == ()


# --- the table ----------------------------------------------------------------------------------------------------

FORMULAS = (
    '=HYPERLINK("https://thu.example";"bấm")',
    "+84 912 345 678",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    '  "=1+1"',
    "' =1+1",
    "“=1+1”",
    "＝1+1",
    "Bài hay;=1+1",
    'Bài hay"; "=1+1',
)


def is_formula(cell: str) -> bool:
    return cell.lstrip(" \t\r\n\"'“”‘’«»")[:1] in set("=+-@＝＋－＠") and not cell.lstrip().startswith("'")


@pytest.mark.fault(38)
@pytest.mark.parametrize("cell", [*FORMULAS, *HOSTILE], ids=ascii)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_no_cell_is_a_formula_to_any_spreadsheet(cell: str, delimiter: str) -> None:
    cells = [one for row in read(table([("đầu", cell, "cuối")]), delimiter) for one in row]
    assert not [one for one in cells if is_formula(one)]


@given(
    rows=st.lists(st.lists(st.text(alphabet="=+-@;,\"' \t\r\nab“”＝", max_size=8), min_size=1, max_size=4), max_size=4)
)
def test_whatever_the_cells_hold_the_table_keeps_its_form_and_computes_nothing(rows: Sequence[Sequence[str]]) -> None:
    data = table(rows)
    assert [len(row) for row in read(data)] == [len(row) for row in rows]
    for delimiter in ",;":
        assert not [cell for row in read(data, delimiter) for cell in row if is_formula(cell)]


def test_words_stay_as_they_are() -> None:
    words = ["Đập Thượng Lâm: 137 hộ – an toàn", "22/11/2026 06:10", "https://bao.example/a-1.html?b=2", "", "a - b"]
    data = table([words])
    assert data.startswith(b"\xef\xbb\xbf")
    assert read(data) == [words]
