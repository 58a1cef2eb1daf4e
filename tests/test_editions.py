"""How daily pages are kept: what one that fails does to the others, and what two writers do to one page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any, Final

import docx
import pytest

from desk.daily import Daily, Edition
from desk.editions import file_name
from desk.paper import Paper
from desk.summary import STEPS
from index.account import Officer
from index.errors import StoreError
from index.model import StoryId
from tests.office import HA, LEADER, MINH, Office
from tests.test_summary import DAY, MORNING, READY, UNTIL, dated, page_of, tell

pytestmark = pytest.mark.usefixtures("every_casebook")

EVENING: Final = UNTIL + timedelta(hours=12)
HELD_UP_S: Final = 2.0
"""So long a writer is given to come to its end where nothing holds it up."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path)
    yield opened
    opened.close()


def kept(office: Office, kind: str, edition: Edition = Edition.MORNING) -> Path:
    return office.home / "reports" / file_name(DAY, edition, kind)


# --- a page that cannot be read -----------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", [b"\xff\xfe\x00", b"{", b"{}", b""], ids=["no text", "half", "another", "empty"])
def test_a_page_that_cannot_be_read_names_its_file_and_is_made_again(office: Office, damage: bytes) -> None:
    tell(office, "tin", articles=(dated("tin"),))
    page = page_of(office)
    kept(office, "json").write_bytes(damage)
    with pytest.raises(StoreError) as caught:
        office.desk.summaries.page(DAY, Edition.MORNING, by=LEADER)
    assert caught.value.params["path"] == str(kept(office, "json"))
    assert page in office.desk.summaries.make_due(now=MORNING)
    assert office.desk.summaries.page(DAY, Edition.MORNING, by=LEADER) == page


def test_a_page_that_cannot_be_read_is_still_one_that_is_kept(office: Office) -> None:
    assert not office.desk.summaries.is_kept(DAY, Edition.MORNING, by=LEADER)
    page_of(office)
    kept(office, "json").write_bytes(b"{")
    assert office.desk.summaries.is_kept(DAY, Edition.MORNING, by=LEADER)


def test_an_afternoon_page_that_cannot_be_read_is_made_again_also_of_nothing_new(office: Office) -> None:
    page = page_of(office, Edition.AFTERNOON, now=EVENING)
    assert page.counts.new == 0
    kept(office, "json", Edition.AFTERNOON).write_bytes(b"{")
    assert page in office.desk.summaries.make_due(now=EVENING)
    assert office.desk.summaries.page(DAY, Edition.AFTERNOON, by=LEADER) == page


def test_a_page_in_whose_place_something_else_lies_names_it(office: Office) -> None:
    kept(office, "json").mkdir(parents=True)
    with pytest.raises(StoreError) as caught:
        office.desk.summaries.page(DAY, Edition.MORNING, by=LEADER)
    assert caught.value.params["path"] == str(kept(office, "json"))


# --- a page that fails --------------------------------------------------------------------------------------------


@pytest.fixture
def two_due(office: Office) -> Office:
    """An office in which, next morning, the afternoon page and that of the morning are due."""
    tell(office, "chieu", articles=(dated("chieu", 26),))
    tell(office, "toi", articles=(dated("toi", 40),))
    return office


AFTERNOON = (DAY, Edition.AFTERNOON)
NEXT_DAY = (DAY + timedelta(days=1), Edition.MORNING)
NEXT_MORNING = READY + timedelta(days=1)


def made(office: Office, now: datetime) -> list[tuple[date, Edition]]:
    return [(page.day, page.edition) for page in office.desk.summaries.make_due(now=now)]


def minutes(passed: float) -> datetime:
    return NEXT_MORNING + timedelta(minutes=passed)


def test_the_newest_page_is_made_first(two_due: Office) -> None:
    assert made(two_due, NEXT_MORNING) == [NEXT_DAY, AFTERNOON]


def test_a_page_that_fails_holds_up_no_other(two_due: Office, caplog: pytest.LogCaptureFixture) -> None:
    in_the_way = kept(two_due, "docx", Edition.AFTERNOON)
    in_the_way.mkdir(parents=True)
    assert made(two_due, NEXT_MORNING) == [NEXT_DAY]
    assert made(two_due, minutes(0.3)) == []
    (said,) = (record.getMessage() for record in caplog.records if record.levelname == "ERROR")
    assert str(in_the_way) in said
    in_the_way.rmdir()
    assert made(two_due, minutes(1)) == [AFTERNOON]


def test_a_page_that_goes_on_failing_is_tried_at_a_slower_pace(
    two_due: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(two_due, NEXT_MORNING)
    kept(two_due, "json", Edition.AFTERNOON).unlink()
    tried: list[int] = []
    for minute in range(1, 160):

        def fail(page: Daily, at: int = minute) -> Paper:
            tried.append(at)
            raise StoreError(path="x", why="no room")

        monkeypatch.setattr(two_due.desk.summaries, "_paper", fail)
        made(two_due, minutes(minute))
    assert tried == [1, 2, 7, 22, 82, 142]


def test_a_clock_that_is_set_back_ends_the_pause(two_due: Office) -> None:
    in_the_way = kept(two_due, "docx", Edition.AFTERNOON)
    in_the_way.mkdir(parents=True)
    made(two_due, NEXT_MORNING)
    in_the_way.rmdir()
    assert AFTERNOON in made(two_due, minutes(-60))


def test_an_error_that_nobody_foresaw_is_raised_and_the_next_round_passes_its_page_over(
    two_due: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    summaries = two_due.desk.summaries
    paper = summaries._paper

    def fail(page: Daily) -> Paper:
        if (page.day, page.edition) == NEXT_DAY:
            raise ZeroDivisionError
        return paper(page)

    monkeypatch.setattr(summaries, "_paper", fail)
    with pytest.raises(ZeroDivisionError):
        made(two_due, NEXT_MORNING)
    assert made(two_due, minutes(0.3)) == [AFTERNOON]


def test_an_afternoon_page_waits_for_what_is_not_reviewed_yet(office: Office) -> None:
    half_past_four = UNTIL + timedelta(hours=10, minutes=30)
    office.archive.add([dated("chieu", 33)])
    assert AFTERNOON not in made(office, half_past_four)
    tell(office, "chieu", articles=(dated("chieu", 33),))
    assert made(office, half_past_four + timedelta(minutes=1)) == [AFTERNOON]


# --- a page that is being made ------------------------------------------------------------------------------------


def test_a_step_is_shown_until_it_is_too_old_to_be_anybodys(office: Office) -> None:
    step = kept(office, "step")
    step.parent.mkdir()
    step.write_bytes(b"3")
    making = office.desk.summaries.making
    assert making(DAY, Edition.MORNING) == (3, STEPS)
    long_ago = (datetime.now(UTC) - timedelta(hours=1)).timestamp()
    os.utime(step, (long_ago, long_ago))
    assert making(DAY, Edition.MORNING) is None


def test_the_step_of_a_process_that_was_killed_is_swept(office: Office) -> None:
    step = kept(office, "step")
    step.parent.mkdir()
    step.write_bytes(b"3")
    made(office, MORNING + timedelta(days=9))
    assert not step.exists()


# --- two writers of one page --------------------------------------------------------------------------------------


def rewrite(office: Office, page: Daily, name: str, by: Officer) -> Daily:
    title = f"Viết lại {name}"
    return office.desk.summaries.rewrite(page, StoryId(name), title=title, summary="", by=by, at=MORNING, revision=0)


def words_of(office: Office) -> str:
    """What the DOCX says that is offered with the page as it now stands."""
    page = office.desk.summaries.page(DAY, Edition.MORNING, by=LEADER)
    assert page is not None
    document = docx.Document(str(office.desk.summaries.files(page, by=LEADER)["docx"]))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_files_hold_what_both_of_two_officers_said_at_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slower of two writers began first: it may not leave its older state behind."""
    for name in ("mot", "hai"):
        tell(office, name, articles=(dated(name),))
    page = page_of(office)
    second = Office(office.home)
    quick = Thread(target=rewrite, args=(second, page, "hai", MINH))
    paper = office.desk.summaries._paper

    def slow(page: Daily) -> Paper:
        if not quick.is_alive():
            quick.start()
            quick.join(HELD_UP_S)
        return paper(page)

    monkeypatch.setattr(office.desk.summaries, "_paper", slow)
    rewrite(office, page, "mot", HA)
    quick.join()
    second.close()
    assert "Viết lại mot" in words_of(office)
    assert "Viết lại hai" in words_of(office)


def test_a_page_that_is_made_anew_holds_what_an_officer_said_meanwhile(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(office, "mot", articles=(dated("mot"),))
    page = page_of(office)
    made_of = office.desk.summaries._summaries
    put_together = made_of.daily

    def slow(*asked: Any, **named: Any) -> Daily:
        anew = put_together(*asked, **named)
        rewrite(office, page, "mot", HA)
        return anew

    monkeypatch.setattr(made_of, "daily", slow)
    assert page_of(office).revision == 1
    assert "Viết lại mot" in words_of(office)


def test_files_that_are_older_than_the_last_act_are_made_anew(office: Office) -> None:
    """As a process that is killed between an act and its files leaves them."""
    tell(office, "mot", articles=(dated("mot"),))
    page = page_of(office)
    older = {kind: kept(office, kind).read_bytes() for kind in ("docx", "pdf", "json")}
    after = rewrite(office, page, "mot", HA)
    for kind, data in older.items():
        kept(office, kind).write_bytes(data)
    assert office.desk.summaries.files(after, by=LEADER) == {}
    assert after in office.desk.summaries.make_due(now=MORNING)
    assert "Viết lại mot" in words_of(office)


def test_a_folder_that_cannot_be_written_to_is_a_stores_error(office: Office) -> None:
    (office.home / "reports").write_bytes(b"")
    with pytest.raises(StoreError) as caught:
        office.desk.summaries.make(DAY, Edition.MORNING, now=MORNING)
    assert str(office.home / "reports") in caught.value.params["path"]
