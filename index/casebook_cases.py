"""Cases in the casebook, with their tracks, signs, history and cards. There is no way to delete one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from index.case import MACHINE, Case, CaseCard, Entry, Grounds, Sign, TrackRecord, TrackState
from index.casebook_audit import AuditLog
from index.clock import local
from index.errors import CaseNotFound, Conflict
from index.model import CaseId, FlagKind, OfficerName, ProvinceId, StoryId, Track
from index.tables import card_places, cards, cases, history, signs, tracks
from index.text import fold

ID_PREFIX: Final = "VV"
_AT_ONCE: Final = 500
"""Ids in one statement; databases limit how many values a statement may carry."""
_ORDER: Final = {kind: place for place, kind in enumerate(FlagKind)}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What an act on a case can change, as it stood before one."""

    tracks: Mapping[Track, TrackRecord]
    signs: tuple[Sign, ...]
    owner: OfficerName | None
    agency: str | None


class Cases:
    def __init__(self, connection: Connection, province: ProvinceId, audit: AuditLog) -> None:
        self._connection = connection
        self._province = province
        self._audit = audit

    # --- reading

    def get(self, case_id: CaseId) -> Case:
        """Raises `CaseNotFound`, for a case of another province too."""
        found = self.many([case_id])
        if case_id not in found:
            raise CaseNotFound(case=case_id)
        return found[case_id]

    def many(self, ids: Sequence[CaseId]) -> Mapping[CaseId, Case]:
        """Those of the ids that exist, in the order asked."""
        found: dict[CaseId, Case] = {}
        for start in range(0, len(ids), _AT_ONCE):
            found |= self._load(ids[start : start + _AT_ONCE])
        return {case_id: found[case_id] for case_id in ids if case_id in found}

    def of_story(self, story: StoryId) -> Case | None:
        return next(iter(self.of_stories([story]).values()), None)

    def of_stories(self, stories: Sequence[StoryId]) -> Mapping[StoryId, Case]:
        """The cases that these stories have."""
        ids: list[CaseId] = []
        for start in range(0, len(stories), _AT_ONCE):
            query = select(cases.c.id).where(
                cases.c.province == self._province, cases.c.story.in_(stories[start : start + _AT_ONCE])
            )
            ids.extend(self._connection.scalars(query))
        return {case.story: case for case in self.many(ids).values()}

    def survivor(self, case: Case) -> Case:
        """The case that goes on with this one's work; the case itself if it was not merged."""
        while case.merged_into is not None:
            case = self.get(case.merged_into)
        return case

    def stories(self) -> frozenset[StoryId]:
        """The stories that have a case: what they rest on is kept as long as the cases are."""
        return frozenset(self._connection.scalars(select(cases.c.story).where(cases.c.province == self._province)))

    def stories_in(self, state: TrackState) -> frozenset[StoryId]:
        """The stories whose case has any track in this state."""
        query = (
            select(cases.c.story)
            .join(tracks, tracks.c.case_id == cases.c.id)
            .where(cases.c.province == self._province, cases.c.merged_into.is_(None), tracks.c.state == state)
        )
        return frozenset(self._connection.scalars(query))

    def cards(self, ids: Sequence[CaseId]) -> Mapping[CaseId, CaseCard]:
        query = select(cards.c.case_id, cards.c.card).where(
            cards.c.province == self._province, cards.c.case_id.in_(ids)
        )
        return {CaseId(row.case_id): msgspec.convert(row.card, CaseCard) for row in self._connection.execute(query)}

    def before(self, case_id: CaseId, revision: int) -> State | None:
        """How the case stood before the act that made `revision`; None for acts that are not taken back."""
        query = select(history.c.before).where(history.c.case_id == case_id, history.c.revision == revision)
        kept = self._connection.scalar(query)
        return None if kept is None else msgspec.convert(kept, State)

    # --- writing

    def open(self, case: Case, entry: Entry) -> Case:
        """Keep a new case under the next number of its year; its id is given here."""
        year = local(case.opened).year
        number = 1 + (self._connection.scalar(select(func.max(cases.c.number)).where(cases.c.year == year)) or 0)
        opened = replace(case, id=CaseId(f"{ID_PREFIX}-{year}-{number:04d}"), history=(entry,), revision=0)
        self._connection.execute(
            insert(cases).values(
                id=opened.id,
                year=year,
                number=number,
                province=self._province,
                story=opened.story,
                opened=opened.opened,
                owner=opened.owner,
                agency=opened.agency,
                merged_into=None,
                revision=0,
            )
        )
        self._add_parts(opened)
        self._enter(opened.id, entry, before=None)
        return opened

    def keep(self, case: Case, *, was: Case, entry: Entry) -> Case:
        """Keep what an act made of a case; the act becomes the next line of its history and of the audit log.

        Raises `Conflict` if `was` is no longer the newest revision.
        """
        entry = replace(entry, revision=was.revision + 1)
        kept = replace(case, revision=entry.revision, history=(*was.history, entry))
        changed = self._connection.execute(
            update(cases)
            .where(cases.c.id == case.id, cases.c.province == self._province, cases.c.revision == was.revision)
            .values(
                story=kept.story,
                owner=kept.owner,
                agency=kept.agency,
                merged_into=kept.merged_into,
                revision=kept.revision,
            )
        )
        if changed.rowcount == 0:
            newest = self.get(case.id).history[-1]
            raise Conflict(by=newest.by, at=newest.at)
        if (case.tracks, case.signs) != (was.tracks, was.signs):
            for table in (tracks, signs):
                self._connection.execute(delete(table).where(table.c.case_id == case.id))
            self._add_parts(kept)
        self._enter(case.id, entry, before=None if entry.by == MACHINE else was)
        return kept

    def keep_card(self, card: CaseCard) -> None:
        """Replace the card of a case. No act of anybody: no revision, no history."""
        self._connection.execute(delete(card_places).where(card_places.c.case_id == card.case_id))
        self._connection.execute(delete(cards).where(cards.c.case_id == card.case_id))
        self._connection.execute(
            insert(cards).values(
                case_id=card.case_id,
                province=self._province,
                undecided=card.undecided,
                weight=card.weight,
                last_change=card.last_change,
                priority=card.priority,
                channel=card.channel,
                folded_title=fold(card.title),
                card=msgspec.to_builtins(card),
            )
        )
        if card.places:
            rows = [{"case_id": card.case_id, "place": place} for place in dict.fromkeys(card.places)]
            self._connection.execute(insert(card_places), rows)

    def _enter(self, case_id: CaseId, entry: Entry, before: Case | None) -> None:
        state = before and State(tracks=before.tracks, signs=before.signs, owner=before.owner, agency=before.agency)
        self._connection.execute(
            insert(history).values(
                case_id=case_id,
                revision=entry.revision,
                by=entry.by,
                at=entry.at,
                action=entry.action,
                params=dict(entry.params),
                note=entry.note,
                before=msgspec.to_builtins(state),
            )
        )
        self._audit.add(by=entry.by, at=entry.at, action=entry.action, subject=f"case:{case_id}", params=entry.params)

    def _add_parts(self, case: Case) -> None:
        if case.tracks:
            self._connection.execute(
                insert(tracks), [_track_row(case.id, track, record) for track, record in case.tracks.items()]
            )
        if case.signs:
            self._connection.execute(insert(signs), [_sign_row(case.id, sign) for sign in case.signs])

    # --- rows

    def _load(self, ids: Sequence[CaseId]) -> dict[CaseId, Case]:
        rows = self._connection.execute(
            select(cases).where(cases.c.province == self._province, cases.c.id.in_(ids))
        ).all()
        of_tracks, of_signs, of_history = (
            _grouped(self._connection.execute(select(table).where(table.c.case_id.in_(ids)).order_by(*order)))
            for table, order in (
                (tracks, ()),
                (signs, ()),
                (history, (history.c.revision,)),
            )
        )
        return {
            CaseId(row.id): Case(
                id=CaseId(row.id),
                province=ProvinceId(row.province),
                story=StoryId(row.story),
                opened=row.opened,
                tracks=dict(map(_track, of_tracks[row.id])),
                signs=tuple(sorted(map(_sign, of_signs[row.id]), key=lambda sign: _ORDER[sign.kind])),
                owner=row.owner,
                agency=row.agency,
                merged_into=row.merged_into,
                history=tuple(map(_entry, of_history[row.id])),
                revision=row.revision,
            )
            for row in rows
        }


def _grouped(rows: Iterable[Row[Any]]) -> Mapping[str, list[Row[Any]]]:
    groups: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        groups[row.case_id].append(row)
    return groups


def _track_row(case_id: CaseId, track: Track, record: TrackRecord) -> dict[str, object]:
    return {
        "case_id": case_id,
        "track": track,
        "state": record.state,
        "conclusion": record.conclusion,
        "reasoning": record.grounds and record.grounds.reasoning,
        "documents": record.grounds and list(record.grounds.documents),
        "handling": record.handling,
        "result": record.result,
        "dismissal": record.dismissal,
    }


def _track(row: Row[Any]) -> tuple[Track, TrackRecord]:
    grounds = None if row.reasoning is None else Grounds(reasoning=row.reasoning, documents=tuple(row.documents))
    record = msgspec.convert(
        {name: getattr(row, name) for name in ("state", "conclusion", "handling", "result", "dismissal")},
        TrackRecord,
    )
    return Track(row.track), replace(record, grounds=grounds)


def _sign_row(case_id: CaseId, sign: Sign) -> dict[str, object]:
    return {
        "case_id": case_id,
        "kind": sign.kind,
        "state": sign.state,
        "by": sign.by,
        "at": sign.at,
        "dismissal": sign.dismissal,
    }


def _sign(row: Row[Any]) -> Sign:
    return msgspec.convert({name: getattr(row, name) for name in ("kind", "state", "by", "at", "dismissal")}, Sign)


def _entry(row: Row[Any]) -> Entry:
    return msgspec.convert(
        {name: getattr(row, name) for name in ("by", "at", "action", "params", "note", "revision")}, Entry
    )
