"""An archive with something of everything, and in it what archives stumble over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from index.archive import Archive, Retention
from index.model import Channel, FlagKind, OfficerName, ProvinceId, RulingField, SourceId, Standing, StoryId
from index.source import Checkpoint, Reading, ReadingOutcome, Tally, Visit, VisitId, VisitReason
from tests.contract.nouns import NOON, OURS, SIGNALS, THEIRS, article, dated, flag, minutes, review, ruling, story

A, B, C, D, E = (
    dated(article(name, text=f"Chữ “{name}” 🙂 ở Mèo Vạc.", collected=NOON + minutes(number)), NOON - minutes(number))
    for number, name in enumerate("abcde")
)
OLD = article("old", collected=NOON - timedelta(days=900))
UNREVIEWED = article("unreviewed", collected=NOON + minutes(9))
SOURCE, LONGER = SourceId("bao"), SourceId("bao-x")
"""One name is the beginning of the other."""


def fill(archive: Archive) -> None:
    edited = replace(A, text="Đã sửa.", content_hash="da-sua", collected=NOON + minutes(30), snapshot="5" * 64)
    archive.add([OLD, A, B, C, D, E, replace(UNREVIEWED, snapshot="6" * 64)])
    quoting = replace(flag(A, FlagKind.CONFLICT), evidence=(replace(flag(A).evidence[0], against=flag(B).evidence[0]),))
    archive.record(
        [*(review(one, flags=(flag(one),)) for one in (A, B, C)), replace(review(D), unexamined=("topic",))],
        [story("s", A, B, flags=(quoting,), reprints=((A.id, B.id),)), story("t", C, D), story("u", E)],
    )
    archive.record([review(A, province=THEIRS, standing=Standing.NOT_OURS)], [story("of theirs", A, province=THEIRS)])
    archive.add([edited])
    archive.apply(ruling(story("t", C, D), RulingField.STORY, "s", after=1))
    archive.apply(ruling(E, RulingField.STORY, "s", after=2))
    archive.apply(ruling(B, RulingField.ABOUT, Standing.NOT_OURS, after=3))
    archive.apply(ruling(B, RulingField.ABOUT, None, after=4))
    archive.apply(ruling(C, RulingField.TOPIC, "crime", after=5))
    archive.purge(Retention(unmatched=NOON, matched=NOON - timedelta(days=800), readings=NOON - timedelta(days=800)))
    archive.save_checkpoint(SOURCE, Checkpoint(etag='"1"', newest=NOON, pace=timedelta(minutes=7)))
    for source_id in (SOURCE, LONGER):
        for number in range(3):
            at = NOON + minutes(number)
            archive.save_reading(
                Reading(source_id=source_id, at=at, outcome=ReadingOutcome.NEW, tally=Tally(new=number), notes={"x": 1})
            )
    for number, done in enumerate((None, NOON)):
        archive.request(
            Visit(
                id=VisitId(f"v{number}"),
                url="https://bao.example/a",
                why=VisitReason.BY_HAND,
                by=OfficerName("lan"),
                requested=NOON,
                not_before=NOON,
                channel=Channel.PRESS,
                done=done,
            )
        )


def seen(archive: Archive) -> Mapping[str, object]:
    """What its offices see of it, as a value that may be compared."""
    everything = [A, B, C, D, E, OLD, UNREVIEWED]
    shared: dict[str, object] = {
        "versions": [archive.versions(one.id) for one in everything],
        "known": archive.known([one.id for one in everything]),
        "checkpoint": archive.checkpoint(SOURCE),
        "readings": [archive.readings(source, since=NOON) for source in (SOURCE, LONGER)],
        "visits": [archive.visits_due(NOON + minutes(1)), archive.visits(since=NOON)],
        "snapshots": list(archive.snapshots_in_use()),
    }
    return shared | {province: _seen_by(archive, province) for province in (OURS, THEIRS)}


def _seen_by(archive: Archive, province: ProvinceId) -> Mapping[str, object]:
    return {
        "stored": list(archive.stored(province)),
        "stories": list(archive.stories(province)),
        "survivors": [archive.story(StoryId(name)).id for name in ("s", "t", "u")],
        "changed": {one.id: one for one in archive.changed_since(province, None, limit=99)[0]},
        "pending": {one.id for one in archive.pending(province, SIGNALS, since=None, limit=99)},
        "rulings": archive.rulings(province),
        "where": [archive.story_of(one.id, province) for one in (A, B, C, D, E)],
    }
