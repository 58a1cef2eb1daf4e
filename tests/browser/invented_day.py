"""A day of the invented office, told by its daily page: every section, days before it, sources that were lost.

The page is of the last morning, so that it is the same page at whatever hour it is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from desk.daily import Edition, Section
from index.account import Officer, Role
from index.case import Conclusion, Grounds, Handling, Result
from index.clock import ZONE, local
from index.model import FlagKind, Harm, OfficerName, SourceId, StoryId, Tone, Topic, Track
from index.source import Reading, ReadingOutcome, Tally
from index.sqlite import SqliteArchive
from tests.browser import invented
from tests.browser.invented import Shown, Told, Written

ENDS: Final = time(5, 45)
"""When the last article of the page appeared; its period ends at 6:00."""
MADE: Final = timedelta(hours=1, minutes=13)
HA: Final = Officer(name=OfficerName("ha"), display_name="Lê Thu Hà", roles=frozenset({Role.MONITOR}))
QUIET: Final = 6
"""So many days before the page nothing appeared."""
LOST: Final = (9, 10)
"""So many days before it some sources were not read."""
PRIVATE: Final = "Nguyễn Thị Hạnh"
"""Nobody; a name as private persons have them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A story of one article, without a sign."""

    id: str
    hours: float
    title: str
    text: str
    topic: Topic
    tone: Tone
    source: str = "bao-suong"

    @property
    def told(self) -> Told:
        written = Written(source=self.source, hours=self.hours, title=self.title, text=self.text)
        return Told(id=self.id, place="Suối Vàng", topic=self.topic, tone=self.tone, articles=(written,), signs=())


NEWS: Final = (
    News(
        id="hoi-dong",
        hours=3,
        title="Hội đồng nhân dân tỉnh họp phiên thường kỳ tháng 11",
        text="Phiên họp xem xét sáu tờ trình về đầu tư công. Các nghị quyết được biểu quyết trong ngày.",
        topic=Topic.GOV,
        tone=Tone.NEUTRAL,
    ),
    News(
        id="khoi-cong",
        hours=4,
        title="Khởi công đường nối Bản Lầu với Núi Đôi",
        text="Tuyến đường dài 14 km, dự kiến xong cuối năm 2027. Sáu thôn sẽ không còn phải đi đò.",
        topic=Topic.ECONOMY,
        tone=Tone.POSITIVE,
    ),
    News(
        id="cho-phien",
        hours=9,
        title="Chợ phiên Suối Vàng đón nghìn lượt khách cuối tuần",
        text="Ban quản lý cho biết lượng khách tăng so với tháng trước. Nhiều nhà nghỉ kín phòng.",
        topic=Topic.CULTURE,
        tone=Tone.POSITIVE,
        source="cong-tinh",
    ),
    News(
        id="xe-tai",
        hours=11,
        title="Xe tải lật trên đèo Khe Sương, tài xế thoát nạn",
        text="Xe chở gỗ keo lật lúc rạng sáng, đường thông lại sau hai giờ. Không ai bị thương.",
        topic=Topic.ACCIDENT,
        tone=Tone.NEGATIVE,
        source="bao-song-xanh",
    ),
    *(
        News(
            id=f"mua-cam-{number}",
            hours=12 + number,
            title=f"Mùa cam thứ {number} ở Thượng Khê được giá",
            text="Thương lái vào tận vườn thu mua. Nông dân đề nghị có thêm kho lạnh.",
            topic=Topic.ECONOMY,
            tone=Tone.POSITIVE,
        )
        for number in range(1, 8)
    ),
)
COMPLAINT: Final = Told(
    id="nuoc-sach",
    place="Bản Lầu",
    topic=Topic.ENVIRONMENT,
    harm=Harm.ORDER,
    tone=Tone.NEGATIVE,
    articles=(
        Written(
            source="bao-song-xanh",
            hours=6,
            title="Dân Bản Lầu thiếu nước sạch suốt hai tháng",
            text=f"Bà {PRIVATE}, thôn Tạo, phản ánh trạm cấp nước ngừng chạy từ tháng 9. Xã hẹn sửa nhưng chưa làm.",
        ),
    ),
    signs=(Shown(kind=FlagKind.CRITICISM, article=0, quote="phản ánh", code="complaint", cue="phản ánh", score=0.9),),
)
CONCLUDED: Final = Told(
    id="thu-phi",
    place="Bản Lầu",
    topic=Topic.ECONOMY,
    articles=(
        Written(
            source="trang-24",
            hours=40,
            title="Chợ Bản Lầu thu phí gấp ba từ đầu tháng",
            text="Tiểu thương nói phí chợ tăng gấp ba. Chưa có cơ quan nào xác nhận mức phí này.",
        ),
    ),
    signs=(
        Shown(
            kind=FlagKind.UNVERIFIED,
            article=0,
            quote="Chưa có cơ quan nào xác nhận",
            code="said_unconfirmed",
            cue="Chưa có cơ quan nào xác nhận",
        ),
    ),
)


def fill(home: Path, now: datetime) -> None:
    """An office with the page of its last morning, and the days before it."""
    until = ends(now)
    invented.fill(home, until - timedelta(hours=38), [CONCLUDED])
    invented.go_on(home, [*invented.TOLD, *(news.told for news in NEWS), COMPLAINT, *_before()], until)
    _read_the_others(home, until)
    _conclude(home, until - timedelta(hours=2))
    desk, _ = invented.open_desk(home)
    desk.summaries.make(day(now), Edition.MORNING, now=until + MADE)


def read_over(home: Path, now: datetime) -> None:
    """What the officer on duty did before the leader came: a note on the first line, and the mark of the page."""
    desk, _ = invented.open_desk(home)
    at = ends(now) + MADE + timedelta(minutes=17)
    page = desk.summaries.page(day(now), Edition.MORNING, by=HA)
    assert page is not None
    first = page.lines[Section.DIRECT][0]
    page = desk.summaries.note(
        page,
        first.story,
        known="đập an toàn, kiểm tra lúc 10 giờ (Sở Nông nghiệp và Môi trường)",
        unknown="nguồn phát tán đầu tiên",
        proposal="ra thông cáo trước 08:30",
        due=at + timedelta(hours=2),
        by=HA,
        at=at,
        revision=first.revision,
    )
    complaint = page.lines[Section.CRITICISM][0]
    page = desk.summaries.rewrite(
        page,
        complaint.story,
        title=complaint.title,
        summary="Người dân thôn Tạo phản ánh trạm cấp nước ngừng chạy từ tháng 9.",
        by=HA,
        at=at,
        revision=complaint.revision,
    )
    desk.summaries.read_over(page, by=HA, at=at, revision=page.revision)


def day(now: datetime) -> date:
    """The day of the last morning page."""
    return local(ends(now)).date()


def ends(now: datetime) -> datetime:
    """When the last article of that page appeared."""
    today = datetime.combine(local(now).date(), ENDS, tzinfo=ZONE).astimezone(UTC)
    return today if today + MADE <= now else today - timedelta(days=1)


def _before() -> tuple[Told, ...]:
    """What the days before the page brought, unevenly, and nothing on one of them: a story a day and tone."""
    counts = {
        (back, tone): count
        for back in range(2, 14)
        for tone, count in zip(Tone, (back * 5 % 4, back * 7 % 6, back * 3 % 5), strict=True)
        if count and back != QUIET
    }
    return tuple(
        Told(
            id=f"truoc-{back}-{tone}",
            place="Núi Đôi",
            tone=tone,
            articles=tuple(
                Written(
                    source="bao-suong",
                    hours=24 * back + number,
                    title=f"Chuyện ngày thường {back}.{number}",
                    text="Không có gì đáng kể.",
                )
                for number in range(count)
            ),
            signs=(),
        )
        for (back, tone), count in counts.items()
    )


def _read_the_others(home: Path, until: datetime) -> None:
    """Two sources that `invented` leaves unread: well but for two days in one week, as the page's chart shows."""
    with SqliteArchive(home / "archive.db") as archive:
        for source in ("tap-chi-que", "kenh-video", "dai-tinh"):
            for back in range(14 * 4):
                if back // 4 not in LOST:
                    archive.save_reading(
                        Reading(
                            source_id=SourceId(source),
                            at=until - timedelta(hours=6 * back + 1),
                            outcome=ReadingOutcome.UNCHANGED,
                            tally=Tally(seen=5),
                            seconds=0.4,
                        )
                    )


def _conclude(home: Path, at: datetime) -> None:
    """A case of the period before comes to its end."""
    desk, _ = invented.open_desk(home)
    case = desk.stories.of_story(StoryId(CONCLUDED.id), by=HA).case
    assert case is not None
    triage, track = desk.triage, Track.VERIFY
    case = triage.take(case.id, track, by=HA, at=at, revision=case.revision)
    grounds = Grounds(reasoning="Phí chợ giữ nguyên.", documents=("QĐ 12/QĐ-UBND",))
    case = triage.conclude(case.id, track, Conclusion.FALSE, grounds, by=HA, at=at, revision=case.revision)
    case = triage.handle(case.id, track, Handling.CORRECT, by=HA, at=at, revision=case.revision)
    triage.close(case.id, track, Result.CORRECTED, by=HA, at=at, revision=case.revision)
