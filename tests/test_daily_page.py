"""What the daily page says of a line and of itself: pure HTML, from values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard.views import daily, daily_overview
from dashboard.views.daily_line import Reader, item
from desk.daily import Attention, Counts, Daily, Edition, Line, NewsGroup, Section, SourceLost
from index.case import Act, Conclusion, Priority, Result, TrackState
from index.model import FlagKind, OfficerName, ProvinceId, SourceId, StoryId, Tone, Topic, Track
from tests.hostile import HOSTILE

UNTIL = datetime(2026, 11, 22, 23, tzinfo=UTC)  # 06:00 on the 23rd
HA = OfficerName("ha")
LEADER = Reader(until=UNTIL, names={HA: "Lê Thu Hà"}, mends=False)
OFFICER = replace(LEADER, mends=True)
LINE = Line(
    story=StoryId("dap"),
    article=None,
    version=0,
    case=None,
    section=Section.DIRECT,
    group=None,
    attention=Attention.URGENT,
    outcome=None,
    title="Lan truyền tin vỡ đập",
    summary="Hai câu. Là đủ.",
    withheld=True,
    rewritten_by=None,
    moved_by=HA,
    moved_because="cần chỉ đạo",
    outlet="Báo Sương Núi",
    at=UNTIL - timedelta(hours=2),
    url="https://bao-suong.example/dap",
    originals=4,
    reprints=17,
    foreign=0,
    places=("Thượng Khê",),
    topic=Topic.DISASTER,
    tone=Tone.NEGATIVE,
    priority=Priority.URGENT,
    signs=(FlagKind.UNVERIFIED,),
    track=Track.VERIFY,
    state=TrackState.VERIFYING,
    conclusion=None,
    result=None,
    owner=HA,
    agency="Sở Nông nghiệp và Môi trường",
    due=None,
    known="",
    unknown="",
    proposal="",
    noted_by=None,
    noted_at=None,
    revision=0,
)
COUNTS = Counts(
    new=104,
    originals=41,
    reprints=63,
    positive=14,
    neutral=18,
    issue=9,
    foreign=0,
    undated=3,
    late=0,
    undecided=0,
    unreviewed=0,
    sources_ok=19,
    sources_failed=3,
)
PAGE = Daily(
    province=ProvinceId("tuyen-quang"),
    day=date(2026, 11, 23),
    edition=Edition.MORNING,
    since=UNTIL - timedelta(days=1),
    until=UNTIL,
    made=UNTIL + timedelta(minutes=58),
    counts=COUNTS,
    lost=(),
    lines=dict.fromkeys(Section, ()) | {Section.DIRECT: (LINE,)},
    left_out=dict.fromkeys(NewsGroup, 0),
    further=dict.fromkeys(NewsGroup, ()),
    unfinished=dict.fromkeys(Track, 0),
    volume=(),
    undated_volume=0,
    people={},
    revision=0,
)


def lost(number: int) -> SourceLost:
    return SourceLost(id=SourceId(f"n{number}"), name=f"Báo {number}", since=UNTIL - timedelta(hours=number))


# --- a line ---------------------------------------------------------------------------------------------------------


def test_an_unwritten_line_of_section_one_tells_its_summary_and_misses_the_proposal() -> None:
    shown = item(LINE, 1, LEADER)
    for words in (
        "1. Lan truyền tin vỡ đập",
        "Hai câu. Là đủ.",
        "Khẩn",
        "4 bài gốc, 17 đăng lại",
        "hạn: chưa tính (thiếu căn cứ)",
    ):
        assert words in shown
    for label in ("Đã rõ: ", "Chưa rõ: ", "Đề xuất: "):
        assert f'<span class="kt-strong">{label}</span>chưa có' in shown


def test_what_a_paper_says_is_told_as_its_word_beside_what_an_officer_knows() -> None:
    for line in (LINE, replace(LINE, known="đập an toàn", unknown="nguồn phát tán", proposal="ra thông cáo")):
        shown = item(line, 1, LEADER)
        for label, text in (("Báo nêu: ", line.summary), ("Đã rõ: ", line.known), ("Chưa rõ: ", line.unknown)):
            assert f'<span class="kt-strong">{label}</span>{text or "chưa có"}' in shown
    assert "Báo nêu" not in item(replace(LINE, summary=""), 1, LEADER)


def test_a_rumour_in_section_one_does_not_look_like_news() -> None:
    shown = item(LINE, 1, LEADER)
    assert '<span class="kt-sign">Dấu hiệu chưa kiểm chứng</span>' in shown
    assert '<span class="kt-strong">Đang xác minh</span>' in shown
    assert "Kết luận: Sai" in item(replace(LINE, conclusion=Conclusion.FALSE), 1, LEADER)
    news = item(replace(LINE, signs=(), track=None, state=None), 1, LEADER)
    assert "kt-sign" not in news
    assert "Đang xác minh" not in news


def test_a_complaint_in_section_one_carries_no_sign_of_accuracy() -> None:
    signs = (FlagKind.UNVERIFIED, FlagKind.CRITICISM)
    shown = item(replace(LINE, signs=signs, track=Track.ANSWER), 1, LEADER)
    assert "Dấu hiệu phản ánh, kiến nghị" in shown
    assert "chưa kiểm chứng" not in shown


@pytest.mark.parametrize(("after", "red"), [(timedelta(hours=3), False), (timedelta(hours=-1), True)])
def test_a_deadline_is_red_once_it_has_passed(after: timedelta, red: bool) -> None:
    shown = item(replace(LINE, due=UNTIL + after, attention=None), 1, LEADER)
    assert ("kt-red" in shown) is red


def test_a_complaint_carries_no_sign_of_accuracy() -> None:
    complaint = replace(LINE, section=Section.CRITICISM, track=Track.ANSWER)
    shown = item(complaint, 1, LEADER)
    assert "kt-sign" not in shown
    assert "Thượng Khê" in shown


def test_a_sign_and_what_a_person_found_stand_apart() -> None:
    doubtful = replace(LINE, section=Section.VERIFY)
    assert '<span class="kt-sign">Dấu hiệu chưa kiểm chứng</span>' in item(doubtful, 1, LEADER)
    assert '<span class="kt-strong">Đang xác minh</span>' in item(doubtful, 1, LEADER)
    assert "Kết luận: Sai" in item(replace(doubtful, conclusion=Conclusion.FALSE), 1, LEADER)
    assert "người xác minh: Lê Thu Hà" in item(doubtful, 1, LEADER)
    assert "chưa có người xác minh" in item(replace(doubtful, owner=None), 1, LEADER)


def test_a_result_is_said_in_the_words_of_the_workflow() -> None:
    ended = replace(LINE, section=Section.RESULTS, outcome=Act.CLOSED, result=Result.CORRECTED)
    assert "Đã cải chính" in item(ended, 1, LEADER)
    took_back = item(replace(ended, outcome=Act.WITHDRAWN, result=None), 1, LEADER)
    assert "Đã rút lại bước trước" in took_back
    assert "Đang xác minh" not in took_back


def test_what_is_to_be_mended_is_marked_for_officers_alone() -> None:
    assert "cần viết lại" in item(LINE, 1, OFFICER)
    assert "chuyển mục: cần chỉ đạo" in item(LINE, 1, OFFICER)
    assert "cần viết lại" not in item(LINE, 1, LEADER)


def test_a_line_without_a_known_time_says_so() -> None:
    assert "không rõ giờ đăng" in item(replace(LINE, section=Section.NEWS, at=None), 1, LEADER)


@pytest.mark.parametrize("section", Section)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_word_of_a_line_is_read_as_html(section: Section, text: str) -> None:
    said = replace(LINE, title=text, summary=text, outlet=text, agency=text, places=(text,), moved_because=text)
    said = replace(said, section=section, known=text, unknown=text, proposal=text, url="javascript:alert(1)")
    shown = item(said, 1, OFFICER)
    for tag in ("<script", "<img", "<style", "<form", "<iframe", "<svg", "<details", "<a "):
        assert tag not in shown


# --- the page -------------------------------------------------------------------------------------------------------


def test_the_head_says_what_was_read_and_what_was_not() -> None:
    said = daily.head(replace(PAGE, lost=tuple(lost(number) for number in range(1, 6))), mends=False)
    assert "ĐIỂM BÁO NGÀY 23/11/2026" in said
    assert "06:00 22/11 – 06:00 23/11" in said
    assert "19 nguồn hoạt động" in said
    assert "Báo 1 (từ 05:00), Báo 2 (từ 04:00), Báo 3 (từ 03:00)" in said
    assert "<summary>2 nguồn nữa</summary>Báo 4" in said


def test_a_source_that_never_answered_is_said_without_a_time() -> None:
    never = replace(lost(1), since=None)
    assert "Báo 1 (chưa đọc được lần nào)" in daily.head(replace(PAGE, lost=(never,)), mends=False)


@pytest.mark.parametrize(("failed", "said"), [(10, False), (11, True)])
def test_half_of_the_sources_lost_is_the_first_line_in_red(failed: int, said: bool) -> None:
    page = replace(PAGE, counts=replace(COUNTS, sources_ok=22 - failed, sources_failed=failed))
    head = daily.head(page, mends=False)
    assert head.startswith('<div class="kt-masthead"><div class="kt-error"><span class="kt-red">') is said


def test_an_officer_is_told_how_many_lines_wait() -> None:
    assert "1 dòng cần viết lại" in daily.head(PAGE, mends=True)
    assert "cần viết lại" not in daily.head(PAGE, mends=False)


def figures(counts: Counts) -> list[str]:
    return [figure.words for figure in daily_overview.articles(replace(PAGE, counts=counts))]


def test_counts_come_first_and_shares_after() -> None:
    assert figures(COUNTS) == [
        "41 bài gốc",
        "63 bài đăng lại",
        "phản ánh vấn đề 9/41 (22%)",
        "trung lập 18/41 (44%)",
        "tích cực 14/41 (34%)",
        "báo nước ngoài 0",
    ]


def test_no_share_is_said_of_fewer_than_twenty() -> None:
    assert not [words for words in figures(replace(COUNTS, originals=19)) if "%" in words]


def test_a_figure_leads_to_the_search_over_the_days_of_its_period() -> None:
    found = list(daily_overview.articles(PAGE))
    assert {figure.path for figure in found} == {"tim-kiem"}
    assert found[0].query == {"tu": "2026-11-22", "den": "2026-11-23"}
    assert found[2].query == {"tu": "2026-11-22", "den": "2026-11-23", "sac-thai": "negative"}


@pytest.mark.parametrize(
    ("address", "day", "edition"),
    [
        ({}, date(2026, 11, 23), Edition.MORNING),
        ({"ngay": "2026-11-20", "ban": "afternoon"}, date(2026, 11, 20), Edition.AFTERNOON),
        ({"ngay": "9999-12-31"}, date(2026, 11, 23), Edition.MORNING),
        ({"ngay": "0001-01-01"}, date(2000, 1, 1), Edition.MORNING),
        ({"ngay": "<script>", "ban": "evening"}, date(2026, 11, 23), Edition.MORNING),
    ],
)
def test_the_address_names_a_page_that_can_be(address: dict[str, str], day: date, edition: Edition) -> None:
    assert daily.asked_for(address, date(2026, 11, 23)) == (day, edition)
