"""What no crawler may see: print, radio, closed groups, a citizen's call. An address to visit, or a text typed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from desk.accounts import Action, require
from index.account import Officer
from index.archive import Archive
from index.casebook import Casebook
from index.clock import is_future
from index.errors import TipRefused
from index.model import Article, ArticleId, Channel, ProvinceId, PublishedFrom, Ruling, RulingField, Standing, Track
from index.source import Visit, VisitId, VisitReason
from index.text import clean, content_hash, one_line
from index.tip import BY_HAND, Reporter, Tip, TipId
from index.url import canonical_url, unaddressed_id

LONGEST_TITLE: Final = 500
LONGEST_TEXT: Final = 200_000
LONGEST_NAME: Final = 200
NOBODY: Final = Reporter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Where and when an officer came upon something, and who told them.

    `submission` is the form's own random id: the same form sent twice is one tip. `track` is where its story is to be
    looked at, whatever the machine sees in it; None leaves that to the signs, and verifies it where there are none.
    """

    submission: TipId
    channel: Channel
    outlet: str = ""
    happened: datetime | None = None
    reporter: Reporter = NOBODY
    track: Track | None = None
    attachments: tuple[str, ...] = ()


class ByHand:
    def __init__(self, archive: Archive, casebook: Casebook, province: ProvinceId) -> None:
        self._archive = archive
        self._casebook = casebook
        self._province = province

    def add_address(self, url: str, told: Circumstances, *, by: Officer, at: datetime) -> Tip:
        """Ask for a page to be visited; the next round of the crawler fetches it like any source.

        Raises `TipRefused`.
        """
        require(by, Action.DECIDE)
        canonical = canonical_url(url)
        if canonical is None:
            raise TipRefused(field="url")
        visit = Visit(
            id=VisitId(told.submission),
            url=canonical,
            why=VisitReason.BY_HAND,
            by=by.name,
            requested=at,
            not_before=at,
            channel=told.channel,
            source_name=one_line(told.outlet),
        )
        tip, new = self._keep(replace(self._tip(told, by, at), visit_id=visit.id), told.reporter)
        if new or all(known.id != visit.id for known in self._archive.visits(since=tip.at)):
            self._archive.request(visit)
        return tip

    def add_text(self, title: str, text: str, told: Circumstances, *, by: Officer, at: datetime) -> Tip:
        """Put what was heard, or read on paper, into the archive as an article. Raises `TipRefused`."""
        require(by, Action.DECIDE)
        tip = self._tip(told, by, at)
        article = self._article(title, text, told, at)
        # The article first: a tip that is kept must never point at nothing.
        self._archive.add([article])
        kept, _ = self._keep(replace(tip, article_id=article.id), told.reporter)
        self._archive.apply(whose(kept))
        return kept

    def add_article(self, article_id: ArticleId, *, by: Officer, at: datetime) -> Tip:
        """Say of an article of the archive that it is the province's business: its story gets a case with the next
        review. Said twice, also by two officers, it is one tip. Raises `ArticleNotFound`.
        """
        require(by, Action.DECIDE)
        article = self._archive.article(article_id)
        tip = Tip(
            id=TipId(f"{self._province}-{article_id}"),
            province=self._province,
            by=by.name,
            at=at,
            channel=article.channel,
            article_id=article_id,
        )
        kept, _ = self._keep(tip, NOBODY)
        self._archive.apply(whose(kept))
        return kept

    def reporter(self, tip_id: TipId, *, by: Officer, at: datetime) -> Reporter:
        """Who reported a tip. Asking is written into the audit log."""
        require(by, Action.DECIDE)
        with self._casebook.write(self._province) as book:
            return book.tips.reporter(tip_id, by=by.name, at=at)

    def _tip(self, told: Circumstances, by: Officer, at: datetime) -> Tip:
        if not told.submission:
            raise TipRefused(field="submission")
        if told.happened is not None and is_future(told.happened, at):
            raise TipRefused(field="happened")
        if max(map(len, (told.outlet, told.reporter.name, told.reporter.contact))) > LONGEST_NAME:
            raise TipRefused(field="length")
        with self._casebook.read(self._province) as book:
            if any(book.files.get(sha256) is None for sha256 in told.attachments):
                raise TipRefused(field="attachments")
        return Tip(
            id=told.submission,
            province=self._province,
            by=by.name,
            at=at,
            channel=told.channel,
            outlet=one_line(told.outlet),
            happened=told.happened,
            track=told.track,
            attachments=told.attachments,
        )

    def _article(self, title: str, text: str, told: Circumstances, at: datetime) -> Article:
        title, text = one_line(title), clean(text)
        if not title or len(title) > LONGEST_TITLE:
            raise TipRefused(field="title")
        if not text or len(text) > LONGEST_TEXT:
            raise TipRefused(field="text")
        return Article(
            id=unaddressed_id(BY_HAND, title, text, told.happened),
            source_id=BY_HAND,
            channel=told.channel,
            url=None,
            title=title,
            text=text,
            language="vi",
            collected=at,
            published=told.happened,
            published_from=PublishedFrom.HAND if told.happened else PublishedFrom.NONE,
            content_hash=content_hash(title, text),
        )

    def _keep(self, tip: Tip, reporter: Reporter) -> tuple[Tip, bool]:
        """The tip as it is kept, and whether it is new."""
        with self._casebook.write(self._province) as book:
            kept = book.tips.get(tip.id)
            if kept is not None:
                return kept, False
            book.tips.add(tip, reporter)
            if tip.article_id is not None:
                book.rulings.add(whose(tip))
        return tip, True


def whose(tip: Tip) -> Ruling:
    """What bringing an article in says of it: it is about the province, whatever the machine makes of its words."""
    return Ruling(
        by=tip.by,
        at=tip.at,
        province=tip.province,
        field=RulingField.ABOUT,
        value=Standing.OURS,
        article_id=tip.article_id,
    )
