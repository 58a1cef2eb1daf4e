"""The daily pages as they are kept, and what people do on them.

A page is put together by the service or the command line, and kept as JSON beside its DOCX and PDF. What officers do
is kept in the casebook: whoever reads the page reads it with their acts, and the files follow at once. Every act names
the revision that was read: the line's, or the page's where it is on the whole page.
"""

from __future__ import annotations

import contextlib
import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from desk import mending, official
from desk.accounts import Action, require
from desk.daily import Daily, Edition, NewsGroup, Section
from desk.pace import NO_REST, Pace
from desk.paper import Paper
from desk.private_names import PrivateNames
from desk.summary import STEPS, Summaries, is_something_new
from desk.summary_period import due, period
from index import documents
from index.account import Officer
from index.casebook import Book, Casebook
from index.errors import ArchiveError, Conflict, KiemTinError, NamesLeft, PageRefused, StoreError
from index.files import write_whole
from index.mend import Mend, MendKind
from index.model import ProvinceId, StoryId
from index.text import one_line

LONGEST_TITLE: Final = 300
LONGEST_TEXT: Final = 1_000
PRINTED: Final = ("docx", "pdf")
_LONGEST_STEP: Final = timedelta(minutes=10)
_FOR_REVIEWS: Final = timedelta(minutes=1)
"""Articles of the period may still be read and not reviewed when its page is due."""
_FOR_GOOD: Final = timedelta(days=1)
"""No edition is due for longer."""
_EDITIONS: Final = {Edition.MORNING: "sang", Edition.AFTERNOON: "chieu"}
_NAME: Final = re.compile(r"diem-bao-(?P<day>\d{4}-\d\d-\d\d)-(?P<edition>sang|chieu)\.json")
_log = logging.getLogger(__name__)


class Editions:
    def __init__(
        self,
        summaries: Summaries,
        casebook: Casebook,
        province: ProvinceId,
        names: PrivateNames,
        *,
        foreign_names: PrivateNames,
        folder: Path,
        alone: Callable[[], AbstractContextManager[None]],
        paper: Callable[[Daily], Paper],
    ) -> None:
        """`folder` is where pages are kept, `alone` lets in one writer of it at a time, of every thread and process;
        `paper` says a page in words."""
        self._summaries = summaries
        self._casebook = casebook
        self._province = province
        self._names = names
        self._foreign_names = foreign_names
        self._folder = folder
        self._alone = alone
        self._paper = paper
        self._pace = Pace()

    # --- reading

    def page(self, day: date, edition: Edition, *, by: Officer) -> Daily | None:
        """The page as it now stands; None where it has not been made. Raises `StoreError` for one that is damaged."""
        require(by, Action.READ)
        kept = self._kept(day, edition)
        return self._as_it_stands(kept) if kept else None

    def is_kept(self, day: date, edition: Edition, *, by: Officer) -> bool:
        """Is there a page, whole or damaged?"""
        require(by, Action.READ)
        return self._file(day, edition, "json").exists()

    def latest(self, *, by: Officer) -> tuple[date, Edition] | None:
        """The newest page that is kept."""
        require(by, Action.READ)
        kept = [found for file in self._folder.glob("*.json") if (found := _NAME.fullmatch(file.name))]
        if not kept:
            return None
        newest = max(kept, key=lambda found: (found["day"], found["edition"] == _EDITIONS[Edition.AFTERNOON]))
        edition = next(one for one in Edition if _EDITIONS[one] == newest["edition"])
        return date.fromisoformat(newest["day"]), edition

    def making(self, day: date, edition: Edition) -> tuple[int, int] | None:
        """Which step of how many is being made; None where nobody makes the page, or whoever did was killed."""
        step = self._file(day, edition, "step")
        try:
            written, age = step.read_bytes(), time.time() - step.stat().st_mtime
        except FileNotFoundError:
            return None
        return (int(written), STEPS) if written.isdigit() and age < _LONGEST_STEP.total_seconds() else None

    def files(self, page: Daily, *, by: Officer) -> Mapping[str, Path]:
        """The DOCX and the PDF of a page, by suffix; none while they are of an older state of it."""
        require(by, Action.READ)
        return self._files(page)

    def _files(self, page: Daily) -> Mapping[str, Path]:
        kept = self._kept(page.day, page.edition)
        if kept is None or kept.revision != page.revision:
            return {}
        files = {kind: self._file(page.day, page.edition, kind) for kind in PRINTED}
        return {kind: file for kind, file in files.items() if file.exists()}

    def take(self, page: Daily, kind: str, *, by: Officer, at: datetime) -> bytes:
        """One of a page's files, by its suffix, to whoever carries it away; that is written down first.

        Raises `PageRefused` where there is none of the page as it was read.
        """
        file = self.files(page, by=by).get(kind)
        if file is None:
            raise PageRefused(field=kind)
        with self._casebook.write(self._province) as book:
            book.mends.taken(page.day, page.edition, kind, by=by.name, at=at)
        return file.read_bytes()

    # --- making

    def make_due(self, *, now: datetime) -> Sequence[Daily]:
        """Make the editions of the last day that are due and not made, newest first, and the files that officers' acts
        outdated.

        An afternoon page without anything new is made only in the place of one that is damaged or came too early. One
        that fails holds up no other; it is tried again later. For one process of a home at a time: whatever says that a
        page is being made was left by one that was killed.
        """
        for left in self._folder.glob("*.step"):
            _sweep(left)
        made = []
        for edition in reversed(due(now, self._summaries.ready)):
            if self._pace.rests(edition, now):
                continue
            # Begun before it is tried: after an error that nobody foresaw, and nobody catches, it rests as well.
            pause = self._pace.begin(edition, now)
            try:
                page, rest = self._bring_up(*edition, now)
            except KiemTinError as error:
                _log.error("the page of %s, %s, is not made and is tried again in %s: %s", *edition, pause, error)
                continue
            self._pace.done(edition, now, rest=rest)
            if page is not None:
                made.append(page)
        return made

    def made(self, day: date, edition: Edition, *, now: datetime) -> Daily:
        """The page as it now stands, put together and kept if it is not or was so before its hour."""
        return self._finished(day, edition) or self.make(day, edition, now=now)

    def make(self, day: date, edition: Edition, *, now: datetime) -> Daily:
        """Put the page together and keep it, in the place of an earlier one."""
        return self._keep(self._put_together(day, edition, now))

    def printed(self, page: Daily) -> Mapping[str, bytes]:
        """The page's files by suffix."""
        paper = self._paper(page)
        return {"docx": official.docx(paper), "pdf": official.pdf(paper), "json": documents.to_json(page).encode()}

    def _bring_up(self, day: date, edition: Edition, now: datetime) -> tuple[Daily | None, timedelta]:
        """The page if it had to be made, or its files; and how long the edition needs no other look."""
        page = self._finished(day, edition)
        if page is None:
            page = self._put_together(day, edition, now)
            takes_a_place = self._file(day, edition, "json").exists()
            if edition is Edition.AFTERNOON and not takes_a_place and not is_something_new(page):
                return None, _FOR_REVIEWS if page.counts.unreviewed else _FOR_GOOD
            return self._keep(page), NO_REST
        if len(self._files(page)) == len(PRINTED):
            return None, NO_REST
        return self._follow(day, edition), NO_REST

    def _finished(self, day: date, edition: Edition) -> Daily | None:
        """The kept page with what officers have said since, unless it was put together before its hour."""
        try:
            kept = self._kept(day, edition)
        except StoreError as error:
            _log.warning("the page of %s, %s, is damaged and will be made again: %s", day, edition, error)
            return None
        if kept is None or kept.made < period(day, edition, self._summaries.ready).closes:
            return None
        return self._as_it_stands(kept)

    def _put_together(self, day: date, edition: Edition, now: datetime) -> Daily:
        step = self._file(day, edition, "step")
        try:
            return self._summaries.daily(day, edition, now=now, step=lambda n: write_whole(step, str(n).encode()))
        finally:
            _sweep(step)

    def _keep(self, page: Daily) -> Daily:
        """Keep a page that was put together, with what officers have said meanwhile, in the place of an earlier one."""
        with self._alone():
            page = self._as_it_stands(page)
            self._write(page)
        return page

    def _follow(self, day: date, edition: Edition) -> Daily:
        """Bring the files of the kept page to its newest state: that after the last act, whoever comes here first."""
        with self._alone():
            page = self._as_it_stands(self._made_before(day, edition))
            if len(self._files(page)) < len(PRINTED):
                self._write(page)
        return page

    def _write(self, page: Daily) -> None:
        """The JSON last: whoever reads it finds the other files of the same page."""
        for kind, data in self.printed(page).items():
            write_whole(self._file(page.day, page.edition, kind), data)

    # --- what officers say

    def names_in(self, *texts: str) -> tuple[str, ...]:
        """Words that may name a private person, each once; names typed without marks among them."""
        found: list[str] = []
        for text in texts:
            found += [text[name.start : name.end] for name in self._names.find(text)]
            bare = (text[name.start : name.end] for name in self._foreign_names.find(text))
            found += filter(str.isascii, bare)
        return tuple(dict.fromkeys(found))

    def rewrite(
        self,
        page: Daily,
        story: StoryId,
        *,
        title: str,
        summary: str,
        by: Officer,
        at: datetime,
        revision: int,
        confirmed: bool = False,
    ) -> Daily:
        """Put a line in an officer's words. They hold on later pages too, as long as the same article tells the story.

        Raises `NamesLeft` where they may name a private person and nobody has `confirmed` that they do not.
        """
        title, summary = _within(title, "title", LONGEST_TITLE), _within(summary, "summary", LONGEST_TEXT)
        if not title:
            raise PageRefused(field="title")
        self._check_names(title, summary, confirmed=confirmed)
        said = {mending.TITLE: title, mending.SUMMARY: summary}
        return self._say(page, MendKind.WORDS, story, said, by=by, at=at, revision=revision)

    def note(
        self,
        page: Daily,
        story: StoryId,
        *,
        known: str,
        unknown: str,
        proposal: str,
        due: datetime | None,
        by: Officer,
        at: datetime,
        revision: int,
        confirmed: bool = False,
    ) -> Daily:
        """What section I says of a line; holds on later pages too, until it is noted anew."""
        said = {
            name: _within(text, name, LONGEST_TEXT)
            for name, text in ((mending.KNOWN, known), (mending.UNKNOWN, unknown), (mending.PROPOSAL, proposal))
        }
        self._check_names(*said.values(), confirmed=confirmed)
        said[mending.DUE] = due.isoformat() if due else ""
        return self._say(page, MendKind.NOTE, story, said, by=by, at=at, revision=revision)

    def move(
        self,
        page: Daily,
        story: StoryId,
        section: Section,
        *,
        because: str,
        by: Officer,
        at: datetime,
        revision: int,
        group: NewsGroup | None = None,
        confirmed: bool = False,
    ) -> Daily:
        """Put a line into another section, at its end; one of `further` too. The reason stays with it."""
        because = _within(because, "because", LONGEST_TITLE)
        if not because:
            raise PageRefused(field="because")
        if (section is Section.NEWS) != (group is not None):
            raise PageRefused(field="section")
        self._check_names(because, confirmed=confirmed)
        said = {mending.SECTION: section.value, mending.GROUP: group or "", mending.BECAUSE: because}
        return self._say(page, MendKind.MOVED, story, said, by=by, at=at, revision=revision)

    def order(
        self, page: Daily, section: Section, stories: Sequence[StoryId], *, by: Officer, at: datetime, revision: int
    ) -> Daily:
        """Put these lines of a section first, in this order. `revision` is the page's."""
        said = {mending.SECTION: section.value, mending.STORIES: " ".join(stories)}
        return self._say(page, MendKind.ORDER, None, said, by=by, at=at, revision=revision)

    def read_over(self, page: Daily, *, by: Officer, at: datetime, revision: int) -> Daily:
        """Mark the page as read over, as it stood before the officer; any change after that takes the mark off."""
        digest = mending.digest(page)
        return self._say(page, MendKind.READ_OVER, None, {mending.DIGEST: digest}, by=by, at=at, revision=revision)

    def _check_names(self, *texts: str, confirmed: bool) -> None:
        left = self.names_in(*texts)
        if left and not confirmed:
            raise NamesLeft(names=", ".join(left))

    def _say(
        self,
        page: Daily,
        kind: MendKind,
        story: StoryId | None,
        said: Mapping[str, str],
        *,
        by: Officer,
        at: datetime,
        revision: int,
    ) -> Daily:
        """The page after an act. The same act on the same revision is made once."""
        require(by, Action.DECIDE)
        kept = self._made_before(page.day, page.edition)
        with self._casebook.write(self._province) as book:
            standing = _standing(kept, book)
            line = mending.line_of(standing, story) if story else None
            if story and line is None:
                raise PageRefused(field="line")
            if kind is MendKind.WORDS and line is not None:
                said = {**said, mending.ARTICLE: mending.told(line)}
            mend = Mend(by=by.name, at=at, day=page.day, edition=page.edition, kind=kind, story=story, said=dict(said))
            before = [one for one in book.mends.of(page.day, page.edition) if story in (None, one.story)]
            if revision != (line.revision if line else standing.revision):
                if any(replace(one, at=at) == mend for one in before[revision:]):
                    return standing
                raise Conflict(by=before[-1].by, at=before[-1].at) if before else PageRefused(field="line")
            book.mends.add(mend)
            after = _standing(kept, book)
        self._follow(page.day, page.edition)
        return after

    # --- how it is kept

    def _kept(self, day: date, edition: Edition) -> Daily | None:
        """Raises `StoreError`, which names the file, for one that cannot be read."""
        file = self._file(day, edition, "json")
        try:
            return documents.from_json(file.read_text(encoding="utf-8"), Daily)
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError, ArchiveError) as error:
            raise StoreError(path=str(file), why=str(error)) from error

    def _made_before(self, day: date, edition: Edition) -> Daily:
        kept = self._kept(day, edition)
        if kept is None:
            raise PageRefused(field="page")
        return kept

    def _as_it_stands(self, page: Daily) -> Daily:
        with self._casebook.read(self._province) as book:
            return _standing(page, book)

    def _file(self, day: date, edition: Edition, kind: str) -> Path:
        return self._folder / file_name(day, edition, kind)


def file_name(day: date, edition: Edition, kind: str) -> str:
    """`diem-bao-2026-11-23-sang.pdf`: it sorts by day and is the same on every system."""
    return f"diem-bao-{day.isoformat()}-{_EDITIONS[edition]}.{kind}"


def _standing(kept: Daily, book: Book) -> Daily:
    """A kept page with what officers have said of it since."""
    page = mending.apply(kept, book.mends.of(kept.day, kept.edition)[kept.revision :])
    return mending.with_people(page, book.staff.accounts())


def _sweep(step: Path) -> None:
    with contextlib.suppress(OSError):  # one that cannot be removed is soon too old to be shown
        step.unlink()


def _within(text: str, field: str, longest: int) -> str:
    """An officer's words on one line."""
    text = one_line(text)
    if len(text) > longest:
        raise PageRefused(field=field)
    return text
