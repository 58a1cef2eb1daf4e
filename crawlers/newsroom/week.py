"""The written week: stories kept as offsets, and what of them has been published at a moment."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, TypeVar

import msgspec

from crawlers.newsroom.outlet import Outlet, Piece, address, latest, stable_number
from index import clock
from index.errors import ConfigError

DAYS: Final = 7
_T = TypeVar("_T")


class At(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, order=True):
    """A time of the week: day 1 … 7 and a wall time of Asia/Ho_Chi_Minh, `HH:MM`."""

    day: Annotated[int, msgspec.Meta(ge=1, le=DAYS)]
    time: Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]

    @property
    def offset(self) -> timedelta:
        """From the beginning of its day."""
        hours, minutes = self.time.split(":")
        return timedelta(hours=int(hours), minutes=int(minutes))


class _Edit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    at: At
    title: str | None = None
    lead: str | None = None
    body: str | None = None


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An article of a story file: written out, or `reprint_of` another with the first `cut` of its paragraphs."""

    id: str
    outlet: str
    section: str
    at: At
    title: str
    lead: str = ""
    body: str = ""
    byline: str | None = None
    undated: bool = False
    edits: tuple[_Edit, ...] = ()
    reprint_of: str | None = None
    cut: Annotated[float, msgspec.Meta(gt=0, le=1)] = 1.0
    about: bool | None = None


class _Outlets(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    outlets: tuple[Outlet, ...]


class _Story(msgspec.Struct, frozen=True, kw_only=True):
    """A file of articles, of one story or of none; what else stands at its head is for its readers."""

    story: str | None
    about: bool
    articles: tuple[_Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """An article's words from a time of the week on."""

    at: At
    title: str
    lead: str
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One article of the week; `wordings` in order of time, the first one is its publication.

    `story` and `about` (is it about the province?) are what its author says, for tests; no page shows them.
    """

    id: str
    story: str | None
    about: bool
    outlet: str
    section: str
    path: str
    byline: str | None
    undated: bool
    via: str | None
    wordings: tuple[Wording, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """All that is written: who plays, and what they publish when; articles in order of time."""

    outlets: tuple[Outlet, ...]
    articles: tuple[Written, ...]


# --- reading the files --------------------------------------------------------------------------------------------


def read_script(folder: Path) -> Script:
    """`outlets.yaml` and `stories/*.yaml` of a folder. Raises `ConfigError` for whatever in them cannot be played."""
    outlets = read_outlets(folder)
    entries: dict[str, tuple[Path, _Story, _Entry]] = {}
    for file in sorted((folder / "stories").glob("*.yaml")):
        story = read_yaml(file, _Story)
        for entry in story.articles:
            if entry.id in entries:
                raise _wrong(file, entry, "id", entry.id, "an id that no other article has")
            entries[entry.id] = (file, story, entry)
    by_id = {outlet.id: outlet for outlet in outlets}
    articles: dict[str, Written] = {}
    for file, story, entry in sorted(entries.values(), key=lambda found: found[2].at):
        _check(file, entry, by_id, articles)
        articles[entry.id] = _written(story, entry, by_id, articles)
    taken: dict[tuple[str, str], str] = {}
    for article in articles.values():
        other = taken.setdefault((article.outlet, article.path), article.id)
        if other != article.id:
            file, _, entry = entries[article.id]
            raise _wrong(file, entry, "id", entry.id, f"an id whose address differs from that of {other}")
    return Script(outlets=outlets, articles=tuple(articles.values()))


def read_outlets(folder: Path) -> tuple[Outlet, ...]:
    """Raises `ConfigError`."""
    file = folder / "outlets.yaml"
    outlets = read_yaml(file, _Outlets).outlets
    ids = [outlet.id for outlet in outlets]
    for number, outlet in enumerate(outlets):
        if outlet.id in ids[:number]:
            raise ConfigError(file=str(file), key="id", found=outlet.id, allowed="an id that no other outlet has")
        if not outlet.sections:
            raise ConfigError(file=str(file), key=f"{outlet.id}.sections", found="{}", allowed="at least one section")
    return outlets


def read_yaml(file: Path, kind: type[_T]) -> _T:
    """One YAML file as a typed value. Raises `ConfigError` where it is missing, not YAML, or not of that type."""
    try:
        return msgspec.yaml.decode(file.read_bytes(), type=kind)
    except msgspec.ValidationError as error:
        fault, _, where = str(error).partition(" - at ")
        allowed, _, found = fault.removeprefix("Expected ").rpartition(", got ")
        raise ConfigError(
            file=str(file), key=where.strip("`") or "$", found=found, allowed=allowed or "what the newsroom knows"
        ) from error
    except (OSError, msgspec.DecodeError) as error:
        found = " ".join(str(error).split())
        raise ConfigError(file=str(file), key="$", found=found, allowed="a readable YAML file") from error


def _wrong(file: Path, entry: _Entry, key: str, found: str, allowed: str) -> ConfigError:
    return ConfigError(file=str(file), key=f"{entry.id}.{key}", found=found, allowed=allowed)


def _check(file: Path, entry: _Entry, outlets: Mapping[str, Outlet], earlier: Mapping[str, Written]) -> None:
    outlet = outlets.get(entry.outlet)
    if outlet is None:
        raise _wrong(file, entry, "outlet", entry.outlet, " | ".join(outlets))
    if entry.section not in outlet.sections:
        raise _wrong(file, entry, "section", entry.section, " | ".join(outlet.sections))
    if entry.reprint_of is not None:
        if entry.reprint_of not in earlier:
            raise _wrong(file, entry, "reprint_of", entry.reprint_of, "an article published before")
        if entry.lead or entry.body or entry.edits:
            raise _wrong(file, entry, "reprint_of", entry.reprint_of, "no lead, body or edits of its own")
    elif not entry.body.strip():
        raise _wrong(file, entry, "body", repr(entry.body), "a paragraph a line")
    times = [entry.at, *(edit.at for edit in entry.edits)]
    if any(later <= sooner for sooner, later in pairwise(times)):
        raise _wrong(file, entry, "edits", "times out of order", "each later than the one before")


def _written(story: _Story, entry: _Entry, outlets: Mapping[str, Outlet], earlier: Mapping[str, Written]) -> Written:
    outlet = outlets[entry.outlet]
    via = None
    first = Wording(at=entry.at, title=entry.title, lead=entry.lead, body=_paragraphs(entry.body))
    if entry.reprint_of is not None:
        source = earlier[entry.reprint_of]
        copied = next(wording for wording in reversed(source.wordings) if wording.at <= entry.at)
        kept = math.ceil(entry.cut * len(copied.body))
        first = replace(first, lead=copied.lead, body=copied.body[:kept])
        via = outlets[source.outlet].name
    return Written(
        id=entry.id,
        story=story.story,
        about=story.about if entry.about is None else entry.about,
        outlet=entry.outlet,
        section=entry.section,
        path=address(outlet.layout, entry.section, entry.title, stable_number(entry.id)),
        byline=entry.byline,
        undated=entry.undated,
        via=via,
        wordings=(first, *_reworded(first, entry.edits)),
    )


def _reworded(wording: Wording, edits: Sequence[_Edit]) -> Iterator[Wording]:
    for edit in edits:
        wording = Wording(
            at=edit.at,
            title=edit.title or wording.title,
            lead=edit.lead or wording.lead,
            body=_paragraphs(edit.body) if edit.body else wording.body,
        )
        yield wording


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


# --- playing it ---------------------------------------------------------------------------------------------------


def moment(at: At, *, start: datetime, speed: float) -> datetime:
    """When a time of the week comes to pass if day 7 begins at `start` and runs at `speed` (60: a minute a second).

    Days 1 to 6 are the six calendar days of Asia/Ho_Chi_Minh before `start`.
    """
    if at.day < DAYS:
        day = clock.local(start).date() - timedelta(days=DAYS - at.day)
        return clock.start_of_day(day) + at.offset
    return start + timedelta(seconds=round(at.offset.total_seconds() / speed))


def published(script: Script, now: datetime, *, start: datetime, speed: float) -> Iterator[tuple[Written, Piece]]:
    """What stands on the outlets' pages at `now`, each article in its latest wording, the first published first."""
    for article in script.articles:
        times = [moment(wording.at, start=start, speed=speed) for wording in article.wordings]
        told = [(at, wording) for at, wording in zip(times, article.wordings, strict=True) if at <= now]
        if not told:
            continue
        first, (changed, wording) = times[0], told[-1]
        yield (
            article,
            Piece(
                path=article.path,
                section=article.section,
                title=wording.title,
                lead=wording.lead,
                body=wording.body,
                byline=article.byline,
                published=None if article.undated else first,
                changed=changed,
                edited=len(told) > 1,
                via=article.via,
            ),
        )


class Week:
    """The script as an edition that goes on: whoever restarts it gives the same start and speed again."""

    def __init__(self, script: Script, *, start: datetime, speed: float) -> None:
        self.script = script
        self._start = start
        self._speed = speed

    @property
    def outlets(self) -> Sequence[Outlet]:
        return self.script.outlets

    def newest(self, outlet: Outlet, now: datetime, *, limit: int) -> Sequence[Piece]:
        return list(self._published(outlet, now))[::-1][:limit]

    def piece(self, outlet: Outlet, path: str, now: datetime) -> Piece | None:
        return next((piece for piece in self._published(outlet, now) if piece.path == path), None)

    def chapters(self, outlet: Outlet, now: datetime) -> Sequence[datetime | None]:
        """A week fits into one."""
        return (latest(self.chapter(outlet, 1, now)),)

    def chapter(self, outlet: Outlet, number: int, now: datetime) -> Sequence[Piece]:  # noqa: ARG002
        return self.newest(outlet, now, limit=len(self.script.articles))

    def close(self) -> None:
        """Nothing is held open."""

    def _published(self, outlet: Outlet, now: datetime) -> Iterator[Piece]:
        for article, piece in published(self.script, now, start=self._start, speed=self._speed):
            if article.outlet == outlet.id:
                yield piece
