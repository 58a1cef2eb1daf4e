"""The daily page: what stands on it, where, in whose words; and that bad news stands there whatever its tone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.paging import page_words
from desk.daily import Attention, Daily, Edition, Line, NewsGroup, Section
from desk.paper import Heading, Notice, Table
from desk.summary_paper import paper
from desk.summary_period import period
from desk.summary_places import MOST_DIRECT, MOST_FURTHER, MOST_NEWS
from desk.summary_text import LONGEST, first_sentences
from index.account import Officer
from index.case import Act, Conclusion, Dismissal, Grounds, Handling
from index.errors import Conflict, Forbidden, NamesLeft, PageRefused
from index.model import (
    Article,
    ArticleId,
    Channel,
    FlagKind,
    Harm,
    HarmJudged,
    PublishedFrom,
    SourceId,
    Standing,
    StoryId,
    Tone,
    ToneScores,
    Topic,
    TopicJudged,
    Track,
)
from index.source import Reading, ReadingOutcome, Source
from tests.office import HA, LEADER, MINH, PROVINCE, Office, article

DAY = date(2026, 11, 23)
SINCE = datetime(2026, 11, 21, 23, tzinfo=UTC)
"""06:00 of the day before, in the office."""
UNTIL = SINCE + timedelta(days=1)
READY = UNTIL + timedelta(minutes=45)
MORNING = UNTIL + timedelta(hours=1)
TONES = {
    Tone.NEGATIVE: ToneScores(negative=0.8, neutral=0.1, positive=0.1),
    Tone.NEUTRAL: ToneScores(negative=0.1, neutral=0.8, positive=0.1),
    Tone.POSITIVE: ToneScores(negative=0.1, neutral=0.1, positive=0.8),
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path)
    yield opened
    opened.close()


def dated(name: str, hours: float = 3, **more: object) -> Article:
    """An article that appeared so many hours into the period, and was collected a minute later."""
    at = SINCE + timedelta(hours=hours)
    given: dict[str, object] = {
        "published": at,
        "published_from": PublishedFrom.PAGE,
        "collected": at + timedelta(minutes=1),
        "text": "Sáng nay nhiều người hỏi nhau. Nghe nói đập đã vỡ, nước về trong đêm. Chưa ai xác nhận.",
    }
    return article(name, **(given | more))


def tell(office: Office, name: str, *kinds: FlagKind, topic: Topic = Topic.OTHER, **more: object) -> None:
    """A story of one article within the period."""
    given: dict[str, object] = {"articles": (dated(name),), "topic": TopicJudged(topic=topic)}
    office.publish(name, kinds, **(given | more))  # type: ignore[arg-type]


def page_of(office: Office, edition: Edition = Edition.MORNING, now: datetime = MORNING) -> Daily:
    office.take_in(now)
    return office.desk.summaries.make(DAY, edition, now=now)


def stories(page: Daily, section: Section) -> list[str]:
    return [line.story for line in page.lines[section]]


def the_line(page: Daily, story: str) -> Line:
    (line,) = (line for lines in page.lines.values() for line in lines if line.story == story)
    return line


def harm(level: Harm) -> HarmJudged:
    return HarmJudged(harm=level)


# --- what belongs to a page ---------------------------------------------------------------------------------------


def test_a_page_tells_of_what_appeared_from_six_to_six(office: Office) -> None:
    for name, hours in (("truoc", -0.02), ("dau", 0.0), ("cuoi", 23.98), ("sau", 24.0)):
        tell(office, name, articles=(dated(name, hours),))
    assert set(stories(page_of(office), Section.NEWS)) == {"dau", "cuoi"}


def test_what_was_found_after_the_last_page_stands_on_the_next(office: Office) -> None:
    last_page = READY - timedelta(days=1)
    for name, collected in (("da-doc", last_page - timedelta(minutes=5)), ("moi-thay", last_page)):
        tell(office, name, articles=(dated(name, -2, collected=collected),))
    tell(office, "cu", articles=(dated("cu", -24 * 3, collected=last_page),))
    page = page_of(office)
    assert stories(page, Section.NEWS) == ["moi-thay"]
    assert (page.counts.new, page.counts.late) == (1, 1)


@settings(max_examples=60)
@given(appeared=st.integers(-47, 70), taken=st.integers(0, 40))
def test_every_article_of_two_days_stands_on_one_morning_page(appeared: int, taken: int) -> None:
    at = SINCE + timedelta(hours=appeared)
    one = dated("bai", appeared, collected=at + timedelta(hours=taken))
    days = [DAY + timedelta(days=back) for back in range(-5, 8)]
    assert any(period(day, Edition.MORNING, READY.timetz().replace(tzinfo=None)).holds(one) for day in days)


def test_an_afternoon_page_has_what_came_since_the_morning(office: Office) -> None:
    tell(office, "sang", articles=(dated("sang", 23),))
    tell(office, "trua", articles=(dated("trua", 30),))
    now = UNTIL + timedelta(hours=11)
    assert stories(page_of(office, Edition.AFTERNOON, now), Section.NEWS) == ["trua"]


def test_a_page_put_together_before_its_end_is_put_together_again(office: Office) -> None:
    tell(office, "som", articles=(dated("som", 1),))
    early = office.desk.summaries.made(DAY, Edition.MORNING, now=UNTIL - timedelta(hours=2))
    tell(office, "muon", articles=(dated("muon", 23),))
    assert stories(early, Section.NEWS) == ["som"]
    assert set(stories(office.desk.summaries.made(DAY, Edition.MORNING, now=MORNING), Section.NEWS)) == {"som", "muon"}


# --- one story, one line ------------------------------------------------------------------------------------------


def test_one_story_is_one_line_however_many_carry_it_told_by_an_original(office: Office) -> None:
    first = dated("dien-dan", 1, channel=Channel.FORUM, source_id=SourceId("dien-dan"), title="NÓNG: vỡ đập???")
    paper_, copy = dated("bao", 2, title="Xôn xao tin vỡ đập"), dated("dang-lai", 3, source_id=SourceId("trang"))
    office.publish("vo-dap", articles=(first, paper_, copy), reprints=((paper_, copy),))
    page = page_of(office)
    line = the_line(page, "vo-dap")
    assert (line.title, line.originals, line.reprints) == ("Xôn xao tin vỡ đập", 2, 1)
    assert (page.counts.new, page.counts.originals, page.counts.reprints) == (3, 2, 1)


def test_a_summary_is_cut_from_the_article_or_is_the_sentence_that_a_sign_quotes(office: Office) -> None:
    tell(office, "tin")
    tell(office, "dau-hieu", FlagKind.UNVERIFIED)
    quoted = "Nghe nói đập đã vỡ, nước về trong đêm."
    tell(office, "tieu-de", FlagKind.UNVERIFIED, articles=(dated("tieu-de", title=quoted),))
    page = page_of(office)
    assert the_line(page, "tieu-de").summary == f"Sáng nay nhiều người hỏi nhau. {quoted}", "more than its title"
    assert the_line(page, "tin").summary == "Sáng nay nhiều người hỏi nhau. Nghe nói đập đã vỡ, nước về trong đêm."
    assert the_line(page, "dau-hieu").summary == "Nghe nói đập đã vỡ, nước về trong đêm."


@settings(max_examples=80)
@given(
    st.text(alphabet=st.sampled_from("ab .!?…\n”TP"), max_size=80) | st.text(alphabet="a ", min_size=900, max_size=950)
)
def test_a_summary_invents_nothing(text: str) -> None:
    summary = first_sentences(text)
    assert len(summary) <= LONGEST + 1
    assert "".join(summary.rstrip("…").split()) in "".join(text.split())


def test_an_abbreviation_ends_no_sentence() -> None:
    assert first_sentences("Ở TP. Tuyên Quang mưa to. Nước lên. Dân chạy.") == "Ở TP. Tuyên Quang mưa to. Nước lên."


# --- where a line stands ------------------------------------------------------------------------------------------


def test_each_story_stands_in_the_section_that_its_case_asks_for(office: Office) -> None:
    tell(office, "khan", FlagKind.INCIDENT, harm=harm(Harm.LIFE))
    tell(office, "phan-anh", FlagKind.CRITICISM)
    tell(office, "kiem-chung", FlagKind.UNVERIFIED)
    tell(office, "ca-hai", FlagKind.UNVERIFIED, FlagKind.CRITICISM)
    tell(office, "nuoc-ngoai", articles=(dated("nuoc-ngoai", language="en", channel=Channel.FOREIGN),))
    tell(office, "kinh-te", topic=Topic.ECONOMY)
    page = page_of(office)
    assert stories(page, Section.DIRECT) == ["khan"]
    assert set(stories(page, Section.CRITICISM)) == {"phan-anh", "ca-hai"}
    assert stories(page, Section.VERIFY) == ["kiem-chung"]
    assert stories(page, Section.FOREIGN) == ["nuoc-ngoai"]
    assert [(line.story, line.group) for line in page.lines[Section.NEWS]] == [("kinh-te", NewsGroup.ECONOMY)]
    assert the_line(page, "khan").attention is Attention.HIGH
    assert page.unfinished == {Track.INFORM: 1, Track.VERIFY: 2, Track.ANSWER: 2}


def test_a_sign_that_people_set_aside_leaves_the_story_among_the_news(office: Office) -> None:
    tell(office, "tin-don", FlagKind.UNVERIFIED)
    office.take_in(SINCE)
    case = office.case_of("tin-don")
    office.desk.triage.dismiss(case.id, Track.VERIFY, Dismissal.CORRECTION, by=HA, at=UNTIL, revision=case.revision)
    assert stories(page_of(office), Section.NEWS) == ["tin-don"]


def test_a_case_of_before_that_came_to_a_conclusion_stands_among_the_results(office: Office) -> None:
    tell(office, "cu", FlagKind.UNVERIFIED, articles=(dated("cu", -40),))
    office.take_in(SINCE - timedelta(hours=39))
    case, act = office.case_of("cu"), {"by": HA, "at": SINCE + timedelta(hours=5)}
    case = office.desk.triage.take(case.id, Track.VERIFY, revision=case.revision, **act)  # type: ignore[arg-type]
    office.desk.triage.conclude(
        case.id,
        Track.VERIFY,
        Conclusion.TRUE,
        Grounds(reasoning="Đúng."),
        revision=case.revision,
        **act,  # type: ignore[arg-type]
    )
    line = the_line(page_of(office), "cu")
    assert (line.section, line.outcome, line.conclusion) == (Section.RESULTS, Act.CONCLUDED, Conclusion.TRUE)
    assert (line.originals, line.owner) == (0, "ha")


def test_what_was_found_wrong_is_not_told_as_news_again(office: Office) -> None:
    tell(office, "tin-don", FlagKind.UNVERIFIED)
    office.take_in(SINCE + timedelta(hours=4))
    act = {"by": HA, "at": SINCE + timedelta(hours=5)}
    case = office.desk.triage.confirm(office.case_of("tin-don").id, Track.VERIFY, revision=0, **act)  # type: ignore[arg-type]
    grounds = Grounds(reasoning="Đập an toàn.", documents=("BC 12",))
    case = office.desk.triage.conclude(
        case.id,
        Track.VERIFY,
        Conclusion.FALSE,
        grounds,
        revision=case.revision,
        **act,  # type: ignore[arg-type]
    )
    office.desk.triage.handle(case.id, Track.VERIFY, Handling.NONE, revision=case.revision, **act)  # type: ignore[arg-type]
    line = the_line(page_of(office), "tin-don")
    assert (line.section, line.conclusion) == (Section.RESULTS, Conclusion.FALSE)
    copy = dated("chep-lai", 25, source_id=SourceId("trang"))
    office.publish("tin-don", (FlagKind.UNVERIFIED,), articles=(*office.archive.articles([ArticleId("tin-don")]), copy))
    office.take_in(UNTIL + timedelta(hours=2))
    next_day = office.desk.summaries.make(DAY + timedelta(days=1), Edition.MORNING, now=READY + timedelta(days=1))
    line = the_line(next_day, "tin-don")
    assert (line.section, line.conclusion) == (Section.VERIFY, Conclusion.FALSE)


def test_a_date_that_an_officer_noted_and_nobody_kept_brings_the_case_back_to_the_leader(office: Office) -> None:
    tell(office, "cu", FlagKind.CRITICISM, articles=(dated("cu", -20, collected=SINCE - timedelta(hours=19)),))
    office.take_in(SINCE)
    before = office.desk.summaries.make(DAY - timedelta(days=1), Edition.MORNING, now=SINCE + timedelta(hours=1))
    words = {"known": "Đã đo.", "unknown": "", "proposal": "", "due": SINCE + timedelta(hours=12)}
    office.desk.summaries.note(before, StoryId("cu"), by=HA, at=SINCE, revision=0, **words)  # type: ignore[arg-type]
    line = the_line(page_of(office), "cu")
    assert (line.section, line.attention, line.known) == (Section.DIRECT, Attention.OVERDUE, "Đã đo.")


def test_urgent_cases_are_never_too_many_for_the_leader(office: Office) -> None:
    for number in range(MOST_DIRECT + 3):
        copies = [dated(f"k{number}-{n}", source_id=SourceId(f"bao-{n}")) for n in range(2)]
        tell(office, f"k{number}", FlagKind.INCIDENT, articles=copies, harm=harm(Harm.LIFE))
        tell(office, f"c{number}", FlagKind.INCIDENT, harm=harm(Harm.LIFE), topic=Topic.ACCIDENT)
    page = page_of(office)
    assert {line.attention for line in page.lines[Section.DIRECT]} == {Attention.URGENT}
    assert len(page.lines[Section.DIRECT]) == MOST_DIRECT + 3
    told = stories(page, Section.NEWS) + [line.story for line in page.further[NewsGroup.DISASTER]]
    assert sorted(told) == sorted(f"c{number}" for number in range(MOST_DIRECT + 3))


def test_a_group_shows_its_first_and_says_how_many_it_leaves_out(office: Office) -> None:
    count = MOST_NEWS + MOST_FURTHER + 2
    for number in range(count):
        tell(office, f"t{number:02}", topic=Topic.GOV, harm=harm(Harm.ORDER if number == count - 1 else Harm.NONE))
    page = page_of(office)
    assert len(page.lines[Section.NEWS]) == MOST_NEWS
    assert page.lines[Section.NEWS][0].story == f"t{count - 1:02}"
    assert (page.left_out[NewsGroup.POLITICS], len(page.further[NewsGroup.POLITICS])) == (
        count - MOST_NEWS,
        MOST_FURTHER,
    )


# --- bad news -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tone", [Tone.NEGATIVE, Tone.POSITIVE])
def test_no_line_is_chosen_placed_or_worded_by_its_tone(tmp_path: Path, tone: Tone) -> None:
    """The same day in each tone reads the same, but for the tone itself and what is counted by it."""
    kinds: Sequence[tuple[FlagKind, ...]] = ((), (FlagKind.CRITICISM,), (FlagKind.UNVERIFIED,), (FlagKind.INCIDENT,))
    told = []
    for name, scores in (("mot", TONES[tone]), ("hai", TONES[Tone.NEUTRAL])):
        (tmp_path / name).mkdir()
        office = Office(tmp_path / name)
        for number in range(24):
            levels = harm(list(Harm)[number % 3])
            tell(office, f"t{number:02}", *kinds[max(0, number % 8 - 4)], topic=Topic.GOV, tone=scores, harm=levels)
        page = page_of(office)
        lines = (line for some in (*page.lines.values(), *page.further.values()) for line in some)
        told.append([replace(line, tone=Tone.NEUTRAL) for line in lines])
        office.close()
    assert len(told[0]) > MOST_NEWS
    assert told[0] == told[1]


def test_tones_are_counted_on_originals_of_ours(office: Office) -> None:
    one, copy = dated("mot", 1), dated("dang-lai", 2, source_id=SourceId("trang"))
    office.publish("xau", articles=(one, copy), reprints=((one, copy),), tone=TONES[Tone.NEGATIVE])
    tell(office, "tot", tone=TONES[Tone.POSITIVE])
    tell(office, "noi-khac", standing=Standing.NOT_OURS)
    tell(office, "chua-ro", standing=Standing.UNDECIDED)
    tell(office, "khong-gio", articles=(dated("khong-gio", published=None, published_from=PublishedFrom.NONE),))
    office.archive.add([dated("chua-xet", 5)])
    counts = page_of(office).counts
    assert (counts.issue, counts.positive, counts.neutral, counts.reprints, counts.new) == (1, 1, 1, 1, 4)
    assert (counts.undecided, counts.undated, counts.unreviewed) == (1, 1, 1)


# --- coverage -----------------------------------------------------------------------------------------------------


def declare(office: Office, *names: str) -> None:
    sources = [
        Source(
            id=SourceId(name),
            name=name.title(),
            channel=Channel.PRESS,
            collector="feed",
            url=f"https://{name}.example/",
        )
        for name in names
    ]
    with office.casebook.write(PROVINCE) as book:
        book.register.declare(sources, by=HA.name, at=SINCE)


def read(office: Office, name: str, hours: float, outcome: ReadingOutcome = ReadingOutcome.UNCHANGED) -> None:
    at = SINCE + timedelta(hours=hours)
    office.archive.save_reading(Reading(source_id=SourceId(name), at=at, outcome=outcome))


def test_sources_that_did_not_answer_are_named_with_since_when(office: Office) -> None:
    declare(office, "bao-a", "bao-b", "bao-c", "bao-d")
    read(office, "bao-a", 24)
    for hours in (20.0, 21.0, 24.0):
        read(office, "bao-b", hours, ReadingOutcome.FAILED)
    read(office, "bao-d", -40)
    page = page_of(office)
    assert [(one.name, one.since) for one in page.lost] == [
        ("Bao-B", SINCE + timedelta(hours=20)),
        ("Bao-C", None),
        ("Bao-D", SINCE - timedelta(hours=40)),
    ]
    assert (page.counts.sources_ok, page.counts.sources_failed, page.counts.half_lost) == (1, 3, True)
    words = page_words()
    assert isinstance(paper(page, words, agency=()).blocks[0], Notice)


def test_a_page_made_late_says_how_sources_answered_when_it_was_made(office: Office) -> None:
    declare(office, "bao-a")
    read(office, "bao-a", 27)
    assert page_of(office, now=READY).counts.sources_failed == 1
    assert page_of(office, now=SINCE + timedelta(hours=28)).counts.sources_failed == 0


def test_days_without_a_reading_have_no_data_and_none_is_known_to_be_none(office: Office) -> None:
    declare(office, "bao-a")
    for hours in (-30, -20, 1, 20):
        read(office, "bao-a", hours)
    read(office, "bao-a", 3, ReadingOutcome.FAILED)
    tell(office, "tin", tone=TONES[Tone.NEGATIVE])
    volume = {one.day: one for one in page_of(office).volume}
    assert len(volume) == 14
    first, told, quiet = DAY - timedelta(days=9), DAY - timedelta(days=1), DAY - timedelta(days=2)
    assert (volume[first].originals, volume[first].reprints, volume[first].sources) == (None, None, 0), "nobody watched"
    assert volume[told].originals == {Tone.NEGATIVE: 1, Tone.NEUTRAL: 0, Tone.POSITIVE: 0}
    assert (volume[told].lost, volume[told].sources) == (1, 1)
    assert (volume[quiet].originals, volume[quiet].lost) == (dict.fromkeys(Tone, 0), 0)


# --- private names ------------------------------------------------------------------------------------------------


@pytest.fixture
def named(office: Office) -> Daily:
    tell(office, "ten", articles=(dated("ten", title="Bà Lý Thị Mẩy mất nhà", text="Bà Mẩy kể lại. Xã đã đến."),))
    return page_of(office)


def test_names_of_private_persons_are_withheld_until_an_officer_rewrites_the_line(office: Office, named: Daily) -> None:
    line = the_line(named, "ten")
    assert (line.title, line.summary, line.withheld) == (
        "Một người dân mất nhà",
        "Một người dân kể lại. Xã đã đến.",
        True,
    )
    after = rewrite(office, named, title="Một hộ dân mất nhà", summary="Xã đã đến.")
    line = the_line(after, "ten")
    assert (line.title, line.summary, line.withheld, line.rewritten_by) == (
        "Một hộ dân mất nhà",
        "Xã đã đến.",
        False,
        "ha",
    )


def test_an_officers_words_with_a_name_in_them_must_be_confirmed(office: Office, named: Daily) -> None:
    with pytest.raises(NamesLeft) as caught:
        rewrite(office, named, title="Nhà bà Mẩy bị sập", summary="")
    assert "bà Mẩy" in caught.value.params["names"]
    assert the_line(rewrite(office, named, title="Nhà bà Mẩy bị sập", summary="", confirmed=True), "ten").rewritten_by


def test_an_officers_words_hold_on_later_pages_as_long_as_the_article_says_the_same(
    office: Office, named: Daily
) -> None:
    rewrite(office, named, title="Một hộ dân mất nhà", summary="")
    evening = UNTIL + timedelta(hours=11)
    again = office.desk.summaries.make(DAY, Edition.MORNING, now=evening)
    assert the_line(again, "ten").title == "Một hộ dân mất nhà"
    changed = dated("ten", title="Bà Lý Thị Mẩy đã có nhà mới", collected=UNTIL + timedelta(hours=2))
    office.publish("ten", articles=(changed,))
    line = the_line(office.desk.summaries.make(DAY, Edition.MORNING, now=evening), "ten")
    assert (line.title, line.withheld) == ("Một người dân đã có nhà mới", True)


def rewrite(
    office: Office,
    page: Daily,
    *,
    title: str,
    summary: str,
    by: Officer = HA,
    revision: int = 0,
    confirmed: bool = False,
) -> Daily:
    return office.desk.summaries.rewrite(
        page, StoryId("ten"), title=title, summary=summary, by=by, at=MORNING, revision=revision, confirmed=confirmed
    )


# --- what officers do ---------------------------------------------------------------------------------------------


@pytest.fixture
def page(office: Office) -> Daily:
    for name in ("mot", "hai", "ba"):
        tell(office, name, FlagKind.CRITICISM)
    return page_of(office)


def standing(office: Office) -> Daily:
    page = office.desk.summaries.page(DAY, Edition.MORNING, by=LEADER)
    assert page is not None
    return page


def test_a_page_is_kept_and_read_as_officers_left_it(office: Office, page: Daily) -> None:
    assert standing(office) == page
    after = office.desk.summaries.move(
        page, StoryId("hai"), Section.VERIFY, because="Chưa rõ nguồn", by=HA, at=MORNING, revision=0
    )
    assert stories(standing(office), Section.VERIFY) == ["hai"]
    assert the_line(standing(office), "hai").moved_because == "Chưa rõ nguồn"
    assert standing(office) == after


def test_a_line_is_moved_with_a_reason_and_never_taken_away(office: Office, page: Daily) -> None:
    summaries = office.desk.summaries
    with pytest.raises(PageRefused):
        summaries.move(page, StoryId("hai"), Section.VERIFY, because=" ", by=HA, at=MORNING, revision=0)
    with pytest.raises(PageRefused):
        summaries.move(page, StoryId("hai"), Section.NEWS, because="Tin vui", by=HA, at=MORNING, revision=0)
    acts = [name for name in dir(summaries) if not name.startswith("_")]
    assert not any(word in name for name in acts for word in ("delete", "remove", "hide", "drop"))


def test_lines_are_put_in_an_officers_order(office: Office, page: Daily) -> None:
    wanted = [StoryId("ba"), StoryId("mot")]
    office.desk.summaries.order(page, Section.CRITICISM, wanted, by=HA, at=MORNING, revision=page.revision)
    assert stories(standing(office), Section.CRITICISM) == ["ba", "mot", "hai"]


def test_a_line_that_was_left_out_can_be_brought_in(office: Office) -> None:
    for number in range(MOST_NEWS + 2):
        tell(office, f"t{number}", topic=Topic.GOV)
    page = page_of(office)
    (_, left) = page.further[NewsGroup.POLITICS]
    after = office.desk.summaries.move(
        page,
        left.story,
        Section.NEWS,
        group=NewsGroup.POLITICS,
        because="Nhiều người hỏi",
        by=HA,
        at=MORNING,
        revision=0,
    )
    assert left.story in stories(after, Section.NEWS)
    assert (after.left_out[NewsGroup.POLITICS], len(after.further[NewsGroup.POLITICS])) == (1, 1)


def test_two_officers_do_not_overwrite_each_other(office: Office, page: Daily) -> None:
    def write(known: str, by: Officer) -> Daily:
        return office.desk.summaries.note(
            page, StoryId("mot"), known=known, unknown="", proposal="", due=None, by=by, at=MORNING, revision=0
        )

    first = write("Đã rõ.", HA)
    assert write("Đã rõ.", HA) == first
    with pytest.raises(Conflict) as caught:
        write("Chưa rõ.", MINH)
    assert caught.value.by == "ha"
    assert the_line(standing(office), "mot").known == "Đã rõ."


def test_any_change_takes_the_mark_of_reading_over_off(office: Office, page: Daily) -> None:
    summaries = office.desk.summaries
    seen = summaries.read_over(page, by=HA, at=MORNING, revision=page.revision)
    assert (seen.read_over_by, seen.read_over_at) == ("ha", MORNING)
    again = summaries.make(DAY, Edition.MORNING, now=MORNING + timedelta(minutes=9))
    assert again.read_over_by == "ha"
    tell(office, "muon", articles=(dated("muon", 20),))
    assert page_of(office, now=MORNING + timedelta(minutes=20)).read_over_by is None
    assert (
        summaries.order(
            again, Section.CRITICISM, [StoryId("ba")], by=HA, at=MORNING, revision=again.revision
        ).read_over_by
        is None
    )


def test_a_leader_reads_and_mends_nothing(office: Office, page: Daily) -> None:
    with pytest.raises(Forbidden):
        office.desk.summaries.read_over(page, by=LEADER, at=MORNING, revision=page.revision)


def test_what_officers_do_is_in_the_audit_log_without_a_word(office: Office, page: Daily) -> None:
    office.desk.summaries.note(
        page, StoryId("mot"), known="Sở đã đo.", unknown="", proposal="", due=None, by=HA, at=MORNING, revision=0
    )
    with office.casebook.read(PROVINCE) as book:
        entry = book.audit.entries(subject="daily:2026-11-23 morning")[0]
    assert (entry.by, entry.action, dict(entry.params)) == ("ha", "line_noted", {"story": "mot"})


# --- when pages are made ------------------------------------------------------------------------------------------


def test_pages_are_made_when_they_are_due_once(office: Office) -> None:
    tell(office, "tin")
    summaries = office.desk.summaries
    early, late = READY - timedelta(minutes=1), READY + timedelta(minutes=1)
    assert {page.day for page in summaries.make_due(now=early)} == {DAY - timedelta(days=1)}
    assert [(page.day, page.edition) for page in summaries.make_due(now=late)] == [(DAY, Edition.MORNING)]
    assert summaries.make_due(now=late) == []
    assert summaries.latest(by=LEADER) == (DAY, Edition.MORNING)
    assert summaries.making(DAY, Edition.MORNING) is None


def test_an_afternoon_page_is_made_only_of_something_new(office: Office) -> None:
    summaries, evening = office.desk.summaries, UNTIL + timedelta(hours=10, minutes=31)
    assert [page.edition for page in summaries.make_due(now=evening)] == [Edition.MORNING]
    tell(office, "trua", articles=(dated("trua", 30),))
    assert [page.edition for page in Office(office.home).desk.summaries.make_due(now=evening)] == [Edition.AFTERNOON]


def test_whoever_takes_a_file_is_written_down(office: Office, page: Daily) -> None:
    taken = office.desk.summaries.take(page, "pdf", by=LEADER, at=MORNING)
    assert taken.startswith(b"%PDF")
    with office.casebook.read(PROVINCE) as book:
        entry = book.audit.entries(subject="daily:2026-11-23 morning")[0]
    assert (entry.by, entry.action, dict(entry.params)) == (LEADER.name, "page_taken", {"kind": "pdf"})
    office.desk.summaries.order(page, Section.NEWS, [], by=HA, at=MORNING, revision=page.revision)
    with pytest.raises(PageRefused):
        office.desk.summaries.take(page, "pdf", by=LEADER, at=MORNING)


def test_files_follow_what_officers_do_and_a_damaged_page_is_made_again(office: Office, page: Daily) -> None:
    summaries = office.desk.summaries
    before = summaries.files(page, by=LEADER)["docx"].read_bytes()
    last = page.lines[Section.CRITICISM][-1].story
    after = summaries.order(page, Section.CRITICISM, [last], by=HA, at=MORNING, revision=page.revision)
    files = summaries.files(after, by=LEADER)
    assert set(files) == {"docx", "pdf"}
    assert files["docx"].read_bytes() != before
    assert summaries.files(page, by=LEADER) == {}
    (office.home / "reports" / "diem-bao-2026-11-23-sang.json").write_text("{", encoding="utf-8")
    assert DAY in [made.day for made in summaries.make_due(now=MORNING)]
    assert stories(standing(office), Section.CRITICISM)[0] == last


# --- the page as a document ---------------------------------------------------------------------------------------


def test_the_document_has_every_heading_and_says_where_there_is_nothing(office: Office) -> None:
    words = page_words()
    made = paper(page_of(office), words, agency=("Tỉnh Tuyên Quang",))
    headings = [block.text for block in made.blocks if isinstance(block, Heading) and block.level == 1]
    assert [heading.partition(".")[0] for heading in headings] == ["I", "II", "III", "IV", "V", "VI", "VII"]
    assert sum(words.none in str(block) for block in made.blocks) == len(Section) - 1 + len(NewsGroup)
    assert made.title == "ĐIỂM BÁO NGÀY 23/11/2026"


def test_the_tables_of_the_document_link_to_the_originals(office: Office, page: Daily) -> None:
    made = paper(page, page_words(), agency=())
    (table,) = (block for block in made.blocks if isinstance(block, Table))
    assert len(table.rows) == 3
    assert {run.url for row in table.rows for run in row[0] if run.url} == {
        f"https://bao.example/{name}" for name in ("mot", "hai", "ba")
    }
