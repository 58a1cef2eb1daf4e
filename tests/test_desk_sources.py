"""The register of sources, as administrators keep it and others read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.account import CONSOLE
from index.casebook_audit import Deed
from index.errors import Conflict, Forbidden
from index.model import Channel, SourceId
from index.source import Source
from tests.office import ADMIN, HA, LEADER, NOW, PROVINCE, Office

pytestmark = pytest.mark.usefixtures("every_casebook")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    office.desk.sources.declare([source("bao-tinh"), source("cong-tinh")], by=CONSOLE, at=NOW)
    yield office
    office.close()


def source(name: str) -> Source:
    return Source(
        id=SourceId(name), name=name, channel=Channel.PRESS, collector="feed", url=f"https://{name}.example/rss"
    )


def test_a_source_that_was_switched_off_is_listed_and_not_read(office: Office) -> None:
    (bao, _) = office.desk.sources.list(by=ADMIN)
    office.desk.sources.enable(bao.source.id, enabled=False, by=ADMIN, at=NOW, revision=bao.revision)
    assert [entry.source.enabled for entry in office.desk.sources.list(by=HA)] == [False, True]
    assert [entry.source.id for entry in office.desk.sources.enabled(by=LEADER)] == ["cong-tinh"]


def test_two_administrators_never_overwrite_each_other(office: Office) -> None:
    (bao, _) = office.desk.sources.list(by=ADMIN)
    office.desk.sources.enable(bao.source.id, enabled=False, by=ADMIN, at=NOW, revision=bao.revision)
    with pytest.raises(Conflict):
        office.desk.sources.save(bao.source, by=CONSOLE, at=NOW, revision=bao.revision)


def test_every_change_is_written_down(office: Office) -> None:
    office.desk.sources.add(source("xu-tuyen"), by=ADMIN, at=NOW)
    office.desk.sources.enable(SourceId("xu-tuyen"), enabled=False, by=ADMIN, at=NOW, revision=1)
    with office.casebook.read(PROVINCE) as book:
        entries = book.audit.entries(subject="source:xu-tuyen")
    assert [(entry.action, dict(entry.params)) for entry in reversed(entries)] == [
        (Deed.SOURCE_ADDED, {}),
        (Deed.SOURCE_CHANGED, {"fields": "enabled"}),
    ]


def test_an_id_is_taken_once(office: Office) -> None:
    with pytest.raises(Conflict):
        office.desk.sources.add(source("bao-tinh"), by=ADMIN, at=NOW)


def test_officers_read_the_register_and_leaders_only_how_much_is_read(office: Office) -> None:
    assert len(office.desk.sources.list(by=HA)) == 2
    with pytest.raises(Forbidden):
        office.desk.sources.list(by=LEADER)
    with pytest.raises(Forbidden):
        office.desk.sources.save(source("bao-tinh"), by=HA, at=NOW, revision=1)
    with pytest.raises(Forbidden):
        office.desk.sources.add(source("xu-tuyen"), by=HA, at=NOW)
    with pytest.raises(Forbidden):
        office.desk.sources.declare([source("xu-tuyen")], by=HA, at=NOW)
