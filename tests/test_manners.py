"""What hosts asked is remembered for a day, a pause for a minute, and a damaged file costs nothing but asking again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.manners import Manners, Memory

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
SITE = "https://songlo.example"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "manners.json"


def at(file: Path, after: timedelta = timedelta()) -> Manners:
    return Manners(Memory(file=file, now=NOW + after))


def test_without_a_memory_nothing_is_remembered() -> None:
    manners = Manners(None)
    manners.learn(SITE, 200, "Disallow: /")
    manners.keep({"songlo.example": 0.0})
    assert manners.rules(SITE) is None
    assert manners.rest("songlo.example", 60.0) == 0.0


@pytest.mark.parametrize(
    ("after", "known"),
    [
        (timedelta(minutes=1), True),
        (timedelta(hours=23), True),
        (timedelta(hours=25), False),
        (timedelta(hours=-1), False),
    ],
)
def test_rules_hold_for_a_day_and_not_when_the_clock_was_set_back(file: Path, after: timedelta, known: bool) -> None:
    first = at(file)
    first.learn(SITE, 200, "Disallow: /")
    first.keep({})
    rules = at(file, after).rules(SITE)
    assert (rules.status, rules.body) == (200, "Disallow: /") if rules else not known


def test_a_slot_rests_for_what_is_left_of_its_delay(file: Path) -> None:
    at(file).keep({"lately": 1.0, "long ago": 100.0})
    later = at(file, timedelta(seconds=2))
    assert later.rest("lately", 10.0) == pytest.approx(7.0, abs=0.5)
    assert later.rest("lately", 2.0) == 0.0
    assert later.rest("long ago", 60.0) == 0.0
    assert at(file, timedelta(hours=-1)).rest("lately", 10.0) == 0.0, "the clock was set back"


def test_what_is_too_old_is_forgotten(file: Path) -> None:
    first = at(file)
    first.learn(SITE, 200, "")
    first.keep({"songlo.example": 1.0})
    size = file.stat().st_size
    at(file, timedelta(days=2)).keep({})
    assert file.stat().st_size < size


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"rules": 3}', b"\xff\x00"])
def test_a_damaged_file_is_as_none(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    manners = at(file)
    assert manners.rules(SITE) is None
    manners.keep({"songlo.example": 1.0})
    assert at(file).rest("songlo.example", 10.0) > 0
