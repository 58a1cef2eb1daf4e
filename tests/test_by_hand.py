"""What no crawler may see is brought in by hand, once, and reaches the queue like anything else."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desk.by_hand import Circumstances
from index.casebook_audit import Deed
from index.casebook_queue import Tab
from index.errors import AttachmentNotFound, Forbidden, TipRefused
from index.model import Channel, FlagKind, PublishedFrom, Standing, Track
from index.source import VisitReason
from index.tip import BY_HAND, Reporter, TipId
from tests.office import HA, LEADER, MINH, NOW, PROVINCE, QUOTE, Office, article, later, review, story
from tests.test_attachments import PNG

pytestmark = pytest.mark.usefixtures("every_casebook")

TITLE, TEXT = "Người dân báo đập rò nước", f"Bác Tư gọi điện nói {QUOTE} một phần, nước đục."
BACK = Reporter(name="Bác Tư", contact="0900 111 222")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


def told(**given: object) -> Circumstances:
    values: dict[str, object] = {
        "submission": TipId("form-1"),
        "channel": Channel.PUBLIC,
        "outlet": "Điện thoại đường dây nóng",
        "happened": later(hours=-1),
        "reporter": BACK,
    }
    return Circumstances(**{**values, **given})  # type: ignore[arg-type]


# --- a text -------------------------------------------------------------------------------------------------------


def test_a_text_becomes_an_article_under_the_source_of_what_came_by_hand(office: Office) -> None:
    tip = office.desk.by_hand.add_text(TITLE, TEXT, told(), by=HA, at=NOW)
    assert tip.article_id is not None
    kept = office.archive.article(tip.article_id)
    assert (kept.source_id, kept.channel, kept.url, kept.title, kept.text) == (
        BY_HAND,
        Channel.PUBLIC,
        None,
        TITLE,
        TEXT,
    )
    assert (kept.published, kept.published_from, kept.collected) == (later(hours=-1), PublishedFrom.HAND, NOW)


def test_the_same_form_sent_twice_is_one_tip_and_one_article(office: Office) -> None:
    tips = [office.desk.by_hand.add_text(TITLE, TEXT, told(), by=HA, at=later(seconds=n)) for n in range(2)]
    assert tips[0] == tips[1]
    assert len(list(office.archive.stored(PROVINCE))) == 1
    with office.casebook.read(PROVINCE) as book:
        assert [entry.action for entry in book.audit.entries()] == [Deed.RULING_MADE, Deed.TIP_ADDED]


def test_what_a_person_brings_in_is_the_provinces_whatever_the_machine_makes_of_it(office: Office) -> None:
    tip = office.desk.by_hand.add_text(TITLE, TEXT, told(), by=HA, at=NOW)
    assert tip.article_id is not None
    kept = office.archive.article(tip.article_id)
    office.archive.record([review(kept, standing=Standing.NOT_OURS)], [story("bac-tu", [kept])])
    found = office.archive.review(kept.id, PROVINCE)
    assert found is not None
    assert found.standing is Standing.OURS


def test_it_is_looked_at_even_if_the_machine_sees_no_sign_in_it(office: Office) -> None:
    tip = office.desk.by_hand.add_text(TITLE, TEXT, told(), by=HA, at=NOW)
    assert tip.article_id is not None
    kept = office.archive.article(tip.article_id)
    office.archive.record([review(kept)], [story("bac-tu", [kept])])
    assert office.take_in() == 1
    (item,) = office.desk.triage.queue(HA, Tab.VERIFY).items
    assert (item.card.title, item.card.first_source) == (TITLE, "Điện thoại đường dây nóng")


@pytest.mark.parametrize(
    ("track", "kinds", "tracks"),
    [
        (None, [], {Track.VERIFY}),
        (None, [FlagKind.CRITICISM], {Track.ANSWER}),
        (Track.ANSWER, [], {Track.ANSWER}),
        (Track.INFORM, [FlagKind.CRITICISM], {Track.INFORM, Track.ANSWER}),
    ],
)
def test_it_is_looked_at_where_the_officer_said_or_the_signs_say(
    office: Office, track: Track | None, kinds: list[FlagKind], tracks: set[Track]
) -> None:
    tip = office.desk.by_hand.add_text(TITLE, TEXT, told(track=track), by=HA, at=NOW)
    assert tip.article_id is not None
    kept = office.archive.article(tip.article_id)
    office.archive.record([review(kept, kinds)], [story("bac-tu", [kept], kinds)])
    office.take_in()
    assert set(office.case_of("bac-tu").tracks) == tracks


@pytest.mark.parametrize(
    ("title", "text", "given", "field"),
    [
        ("", TEXT, {}, "title"),
        ("t" * 501, TEXT, {}, "title"),
        (TITLE, " \u200b\n", {}, "text"),
        (TITLE, "x" * 200_001, {}, "text"),
        (TITLE, TEXT, {"happened": later(hours=1)}, "happened"),
        (TITLE, TEXT, {"outlet": "x" * 201}, "length"),
        (TITLE, TEXT, {"submission": TipId("")}, "submission"),
        (TITLE, TEXT, {"attachments": ("0" * 64,)}, "attachments"),
    ],
)
def test_what_lacks_something_is_refused_and_says_where(
    office: Office, title: str, text: str, given: dict[str, object], field: str
) -> None:
    with pytest.raises(TipRefused) as refused:
        office.desk.by_hand.add_text(title, text, told(**given), by=HA, at=NOW)
    assert refused.value.params == {"field": field}
    assert list(office.archive.stored(PROVINCE)) == []
    with office.casebook.read(PROVINCE) as book:
        assert book.audit.entries() == ()


def test_a_hostile_title_is_cleaned_before_it_is_kept(office: Office) -> None:
    tip = office.desk.by_hand.add_text("<b>Đập\u202e vỡ\x00</b>\n", TEXT, told(), by=HA, at=NOW)
    assert tip.article_id is not None
    assert office.archive.article(tip.article_id).title == "<b>Đập vỡ </b>"


# --- an address ---------------------------------------------------------------------------------------------------


def test_an_address_is_visited_by_the_next_round(office: Office) -> None:
    tip = office.desk.by_hand.add_address("HTTPS://Bao.example/tin?utm_source=zalo", told(), by=HA, at=NOW)
    (visit,) = office.archive.visits_due(NOW)
    assert (visit.id, visit.url, visit.why, visit.by) == (
        tip.visit_id,
        "https://bao.example/tin",
        VisitReason.BY_HAND,
        "ha",
    )


def test_the_same_address_sent_twice_is_one_visit_even_after_it_was_made(office: Office) -> None:
    office.desk.by_hand.add_address("https://bao.example/tin", told(), by=HA, at=NOW)
    (visit,) = office.archive.visits_due(NOW)
    office.archive.request(replace(visit, done=NOW, outcome="read"))
    office.desk.by_hand.add_address("https://bao.example/tin", told(), by=HA, at=later(seconds=1))
    assert office.archive.visits_due(later(minutes=1)) == ()


def test_a_visit_that_was_never_asked_for_is_asked_for_when_the_form_is_sent_again(office: Office) -> None:
    """The process was killed between the casebook and the archive."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office.archive, "request", lambda visit: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            office.desk.by_hand.add_address("https://bao.example/tin", told(), by=HA, at=NOW)
    office.desk.by_hand.add_address("https://bao.example/tin", told(), by=HA, at=later(seconds=1))
    assert len(office.archive.visits_due(later(minutes=1))) == 1


def test_a_page_that_was_visited_brings_its_case(office: Office) -> None:
    office.desk.by_hand.add_address("https://bao.example/tin", told(), by=HA, at=NOW)
    (visit,) = office.archive.visits_due(NOW)
    page = article("tin")
    office.publish("tin", articles=[page], standing=Standing.NOT_OURS)
    assert office.take_in() == 0
    office.archive.request(replace(visit, done=NOW, outcome="read", article_id=page.id))
    assert office.take_in() == 1
    assert set(office.case_of("tin").tracks) == {Track.VERIFY}


def test_a_tip_about_a_story_that_has_a_case_opens_the_track_it_asks_for(office: Office) -> None:
    case = office.opened("tin", FlagKind.UNVERIFIED)
    office.desk.by_hand.add_address("https://bao.example/tin", told(track=Track.ANSWER), by=HA, at=NOW)
    (visit,) = office.archive.visits_due(NOW)
    office.archive.request(replace(visit, done=NOW, outcome="read", article_id=article("tin-1").id))
    office.take_in()
    grown = office.case_of("tin")
    assert set(grown.tracks) == {Track.VERIFY, Track.ANSWER}
    assert dict(grown.history[-1].params) == {"tracks": "answer"}
    assert grown.revision == case.revision + 1


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "file:///etc/passwd", "ftp://bao.example/x", "tin tức"])
def test_what_is_no_web_address_is_refused(office: Office, url: str) -> None:
    with pytest.raises(TipRefused) as refused:
        office.desk.by_hand.add_address(url, told(), by=HA, at=NOW)
    assert refused.value.params == {"field": "url"}


# --- who told us, and what they showed ----------------------------------------------------------------------------


def test_who_reported_is_shown_only_on_asking_and_asking_is_written_down(office: Office) -> None:
    tip = office.desk.by_hand.add_text(TITLE, TEXT, told(), by=HA, at=NOW)
    assert tip.article_id is not None
    kept = office.archive.article(tip.article_id)
    office.archive.record([review(kept)], [story("bac-tu", [kept])])
    office.take_in()
    view = office.desk.stories.of_case(office.case_of("bac-tu").id, by=MINH)
    assert view.tips == (tip,)
    assert BACK.contact not in repr(view)
    assert office.desk.by_hand.reporter(tip.id, by=MINH, at=NOW) == BACK
    with office.casebook.read(PROVINCE) as book:
        entries = book.audit.entries()
    assert (entries[0].by, entries[0].action) == ("minh", Deed.REPORTER_SEEN)
    assert not any(word in repr(entries) for word in (BACK.name, BACK.contact, TITLE))


def test_a_screenshot_goes_with_the_tip_and_comes_back_as_it_was(office: Office) -> None:
    shot = office.desk.files.add(PNG, "../ảnh chụp\u202e.png", by=HA, at=NOW)
    assert (shot.media_type, shot.name) == ("image/png", "../ảnh chụp.png")
    tip = office.desk.by_hand.add_text(TITLE, TEXT, told(attachments=(shot.sha256,)), by=HA, at=NOW)
    assert tip.attachments == (shot.sha256,)
    assert office.desk.files.read(shot.sha256, by=LEADER) == (shot, PNG)


def test_a_file_that_nobody_uploaded_is_not_read(office: Office) -> None:
    with pytest.raises(AttachmentNotFound):
        office.desk.files.read(secrets.token_hex(32), by=HA)


def test_a_leader_brings_nothing_in_and_asks_for_no_names(office: Office) -> None:
    with pytest.raises(Forbidden):
        office.desk.by_hand.add_text(TITLE, TEXT, told(), by=LEADER, at=NOW)
    with pytest.raises(Forbidden):
        office.desk.by_hand.add_address("https://bao.example/tin", told(), by=LEADER, at=NOW)
    with pytest.raises(Forbidden):
        office.desk.by_hand.reporter(TipId("form-1"), by=LEADER, at=NOW)
    with pytest.raises(Forbidden):
        office.desk.files.add(PNG, "x.png", by=LEADER, at=NOW)
