"""A daily page as officers leave it: what they said, put into what the machine put together. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from desk.daily import Daily, Line, NewsGroup, Section
from index import documents
from index.account import Account
from index.mend import Mend, MendKind
from index.model import StoryId

# What a mend of each kind says, by name.
TITLE: Final = "title"
SUMMARY: Final = "summary"
ARTICLE: Final = "article"
KNOWN: Final = "known"
UNKNOWN: Final = "unknown"
PROPOSAL: Final = "proposal"
DUE: Final = "due"
SECTION: Final = "section"
GROUP: Final = "group"
BECAUSE: Final = "because"
STORIES: Final = "stories"
DIGEST: Final = "digest"


def apply(page: Daily, mends: Iterable[Mend]) -> Daily:
    """The page after these acts, in their order. One on a line that the page no longer has changes nothing."""
    for mend in mends:
        page = replace(_applied(page, mend), revision=page.revision + 1)
    return page


def line_of(page: Daily, story: StoryId) -> Line | None:
    """The line of a story, one of those left out among them."""
    return next((line for line in _every(page) if line.story == story), None)


def told(line: Line) -> str:
    """Which words an officer's words stand for: those of one version of one article."""
    return f"{line.article}@{line.version}"


def reworded(line: Line, mend: Mend) -> Line:
    """The line in an officer's words. They are of the article that the officer read: they do not tell another one."""
    if mend.said[ARTICLE] != told(line):
        return line
    return replace(line, title=mend.said[TITLE], summary=mend.said[SUMMARY], withheld=False, rewritten_by=mend.by)


def noted(line: Line, mend: Mend) -> Line:
    return replace(
        line,
        known=mend.said[KNOWN],
        unknown=mend.said[UNKNOWN],
        proposal=mend.said[PROPOSAL],
        due=due(mend),
        noted_by=mend.by,
        noted_at=mend.at,
    )


def due(note: Mend) -> datetime | None:
    """The deadline that a note states."""
    return datetime.fromisoformat(note.said[DUE]) if note.said[DUE] else None


def digest(page: Daily) -> str:
    """SHA-256 of what a reader sees: the same whenever it was put together and whoever has read it."""
    bare = replace(page, made=page.until, revision=0, people={}, read_over_by=None, read_over_at=None, waiting=())
    return hashlib.sha256(documents.to_json(bare).encode()).hexdigest()


def with_people(page: Daily, accounts: Iterable[Account]) -> Daily:
    """With the names of the officers that stand on it."""
    lines = list(_every(page))
    named = {page.read_over_by, *(name for line in lines for name in (line.owner, line.noted_by, line.rewritten_by))}
    named.update(line.moved_by for line in lines)
    return replace(page, people={one.name: one.display_name or one.name for one in accounts if one.name in named})


def _applied(page: Daily, mend: Mend) -> Daily:
    if mend.kind is MendKind.READ_OVER:
        seen = mend.said[DIGEST] == digest(page)
        return replace(page, read_over_by=mend.by, read_over_at=mend.at) if seen else page
    page = replace(page, read_over_by=None, read_over_at=None)
    if mend.kind is MendKind.ORDER:
        return _ordered(page, Section(mend.said[SECTION]), mend.said[STORIES].split())
    line = line_of(page, mend.story) if mend.story else None
    if line is None:
        return page
    line = replace(line, revision=line.revision + 1)
    match mend.kind:
        case MendKind.WORDS:
            return _put(page, reworded(line, mend))
        case MendKind.NOTE:
            return _put(page, noted(line, mend))
        case MendKind.MOVED:
            return _moved(page, line, mend)


def _put(page: Daily, line: Line) -> Daily:
    """The line in the place of the one of its story."""

    def with_it(lines: Iterable[Line]) -> tuple[Line, ...]:
        return tuple(line if one.story == line.story else one for one in lines)

    return replace(
        page,
        lines={section: with_it(lines) for section, lines in page.lines.items()},
        further={group: with_it(lines) for group, lines in page.further.items()},
    )


def _moved(page: Daily, line: Line, mend: Mend) -> Daily:
    section = Section(mend.said[SECTION])
    group = NewsGroup(mend.said[GROUP]) if section is Section.NEWS else None
    moved = replace(
        line,
        section=section,
        group=group,
        attention=None,
        outcome=None,
        moved_by=mend.by,
        moved_because=mend.said[BECAUSE],
    )
    brought_in = {one: len([x for x in lines if x.story == line.story]) for one, lines in page.further.items()}
    lines = {one: _without(lines, line.story) for one, lines in page.lines.items()}
    return replace(
        page,
        lines=lines | {section: (*lines[section], moved)},
        further={one: _without(lines, line.story) for one, lines in page.further.items()},
        left_out={one: count - brought_in.get(one, 0) for one, count in page.left_out.items()},
    )


def _ordered(page: Daily, section: Section, stories: list[str]) -> Daily:
    """Those named stand first in their section, in this order; the others follow as they stood."""
    place = {story: number for number, story in enumerate(stories)}
    lines = sorted(page.lines[section], key=lambda line: place.get(line.story, len(place)))
    return replace(page, lines={**page.lines, section: tuple(lines)})


def _without(lines: Iterable[Line], story: StoryId) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.story != story)


def _every(page: Daily) -> Iterable[Line]:
    groups: tuple[Mapping[Section, tuple[Line, ...]] | Mapping[NewsGroup, tuple[Line, ...]], ...] = (
        page.lines,
        page.further,
    )
    return (line for lines in groups for some in lines.values() for line in some)
