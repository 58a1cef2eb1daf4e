"""The review meets texts that raise, crash, hang or fill the memory: each costs itself alone."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from classifier.review import NO_CAUTION, Caution, Text
from config import doctor, settings, wiring
from config.reviewer import Patience, Reviewer
from config.settings import Settings
from index.casebook import Casebook
from index.model import ArticleId, ProvinceId, Review, Standing
from tests.classified import written
from tests.faults import breaking

PROVINCE = ProvinceId("tuyen-quang")
SOUND = ("một", "hai", "ba")


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    wiring.make_folders(home)
    Casebook.open(home / settings.CASEBOOK_FILE).close()
    (home / settings.SETTINGS_FILE).write_text(f"province: {PROVINCE}\n", encoding="utf-8")
    return settings.load(home, environment={})


def publish(office: Settings, *words: str) -> None:
    now = datetime.now(UTC)
    text = "Người dân xã Thượng Lâm, tỉnh Tuyên Quang gửi đơn phản ánh, kiến nghị xử lý."
    with wiring.open_archive(office) as archive:
        archive.add([replace(written(f"Tin {word}", text, key=word), collected=now, published=now) for word in words])


def reviews(office: Settings) -> Mapping[ArticleId, Review]:
    with wiring.open_archive(office) as archive:
        return archive.reviews([one.article.id for one in archive.stored(PROVINCE)], PROVINCE)


def unexamined(office: Settings) -> Mapping[str, tuple[str, ...]]:
    return {name: review.unexamined for name, review in reviews(office).items() if review.unexamined}


def reviewer(office: Settings, patience: Patience = Patience()) -> Reviewer:  # noqa: B008  frozen
    return Reviewer(office, patience=patience, work=breaking.review)


@pytest.mark.fault(49)
def test_a_signal_that_fails_on_a_text_is_named_with_it_and_the_rest_is_reviewed(office: Settings) -> None:
    publish(office, *SOUND, breaking.RAISES, breaking.EATS)
    with wiring.open_archive(office) as archive, wiring.open_casebook(office) as casebook:
        tally, _ = breaking.review(office, archive, casebook, caution=NO_CAUTION)
    assert (tally.reviewed, tally.unexamined) == (5, 2)
    assert unexamined(office) == {breaking.RAISES: ("fragile",), breaking.EATS: ("fragile",)}
    assert all(review.standing is Standing.OURS for review in reviews(office).values()), "the others still answer"


@pytest.mark.fault(49)
def test_texts_set_aside_are_kept_as_unexamined_without_a_look_at_them(office: Settings) -> None:
    publish(office, *SOUND, breaking.CRASHES)
    looked_at: list[Text] = []
    caution = Caution(
        alone=[(ArticleId("hai"), 1)], aside=[(ArticleId(breaking.CRASHES), 1)], about_to=looked_at.extend
    )
    with wiring.open_archive(office) as archive, wiring.open_casebook(office) as casebook:
        for _ in range(2):
            breaking.review(office, archive, casebook, caution=caution)
    assert looked_at == [(ArticleId(word), 1) for word in SOUND]
    assert set(unexamined(office)) == {breaking.CRASHES}


@pytest.mark.service
@pytest.mark.fault(49)
def test_a_text_that_crashes_the_review_is_set_aside_and_the_rest_is_reviewed(office: Settings) -> None:
    publish(office, *SOUND[:2], breaking.CRASHES, SOUND[2])
    with closing(reviewer(office)) as one:
        assert one.review(lambda: False) is not None
        assert set(unexamined(office)) == {breaking.CRASHES}
        assert set(reviews(office)) == {*SOUND, breaking.CRASHES}
        assert reviews(office)[ArticleId(breaking.CRASHES)].standing is Standing.UNDECIDED
        publish(office, "bốn")
        tally = one.review(lambda: False)
    assert tally is not None
    assert tally.reviewed == 1, "what was set aside is not asked again"
    said = {check.name: check for check in doctor.examine(office, datetime.now(UTC))}
    assert not said["unexamined"].ok
    assert breaking.CRASHES in said["unexamined"].detail


@pytest.mark.service
@pytest.mark.fault(49)
def test_a_text_that_hangs_the_review_is_ended_by_the_system_and_set_aside(office: Settings) -> None:
    publish(office, *SOUND[:2], breaking.HANGS, SOUND[2])
    with closing(reviewer(office, Patience(batch=20, alone=20, between=600))) as one:
        assert one.review(lambda: False) is not None
    assert set(unexamined(office)) == {breaking.HANGS}
    assert set(reviews(office)) == {*SOUND, breaking.HANGS}


@pytest.mark.fault(49, 50)
def test_a_review_that_comes_to_no_end_does_not_keep_the_service_from_its_own(office: Settings) -> None:
    told = threading.Event()
    with closing(Reviewer(office, work=breaking.stall)) as one:
        threading.Timer(1.0, told.set).start()
        assert one.review(told.is_set) is None


@pytest.mark.service
@pytest.mark.fault(49)
def test_a_review_that_ends_over_nothing_known_is_begun_again_the_next_time(office: Settings) -> None:
    publish(office, *SOUND)
    with closing(Reviewer(office, work=breaking.die)) as one:
        assert one.review(lambda: False) is None
        one._work = breaking.review
        assert one.review(lambda: False) is not None
    assert set(reviews(office)) == set(SOUND)


@pytest.mark.service
@pytest.mark.fault(49)
def test_an_error_of_the_review_is_the_services_to_tell(office: Settings) -> None:
    office.archive_file.write_bytes(b"")
    with closing(reviewer(office)) as one, pytest.raises(Exception, match="archive_damaged"):
        one.review(lambda: False)
