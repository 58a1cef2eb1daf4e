"""Whether the two books can be used, are sound, and keep up with each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from classifier.stories import REMEMBERED
from config import doctor_messages as words
from config import knowledge, outbox
from config.check import Check, check
from config.checks_backup import moment
from config.settings import Settings
from index import soundness, text
from index.archive import Archive, Query
from index.casebook import Casebook
from index.errors import MarkUnknown
from index.model import Article

LONGEST_LOOK: Final = 8.0
"""Seconds that the doctor looks at one file."""
MOST_PENDING: Final = 2_000
LONGEST_PENDING: Final = timedelta(hours=2)
MOST_UNFOLLOWED: Final = 200
"""Changed stories; a review follows with its intake at once, so that more wait only where that does not come about."""
_SOUGHT: Final = 10
_NAMED: Final = 5


def integrity(settings: Settings) -> Iterator[Check]:
    """The files that are there; one that is missing is told by the store that lacks it."""
    books = [(settings.casebook, settings.casebook_file), (settings.archive, settings.archive_file)]
    files = [file for place, file in books if place == "sqlite" and file.exists()]
    files += [file for file in (outbox.file_of(settings),) if file.exists()]
    if not files:
        return
    found = {file: soundness.faults(file, seconds=LONGEST_LOOK) for file in files}
    said = [
        words.FILE_TOO_LARGE.format(file=file)
        if faults is None
        else words.FILE_NOT_SOUND.format(file=file, fault=faults[0])
        for file, faults in found.items()
        if faults != []
    ]
    sound = words.FILES_SOUND.format(files=", ".join(file.name for file in files))
    yield check("integrity", not any(found.values()), settings, said="; ".join(said) or sound)


# --- the archive, and whether review, search and casebook keep up with it ----------------------------------------


def pending(settings: Settings, archive: Archive, now: datetime) -> Iterator[Check]:
    """What waits for its first review must not wait long; what a new version looks at again may."""
    signals = knowledge.classifier(settings.province).versions
    waiting = archive.pending(settings.province, signals, since=now - REMEMBERED, limit=MOST_PENDING + 1)
    reviews = archive.reviews([article.id for article in waiting], settings.province)
    first = min((article.collected for article in waiting if article.id not in reviews), default=None)
    late = first is not None and now - first > LONGEST_PENDING
    oldest = words.OLDEST.format(moment=moment(first)) if first is not None else ""
    yield check("pending", len(waiting) <= MOST_PENDING and not late, settings, count=len(waiting), oldest=oldest)
    unexamined = [article.id for article in waiting if article.id in reviews and reviews[article.id].unexamined]
    named = ", ".join(unexamined[:_NAMED])
    yield check("unexamined", not unexamined, settings, count=len(unexamined), ids=named)


def search(settings: Settings, archive: Archive) -> Check:
    """Is what was stored last found by the words of its title?"""
    newest = [stored.article for stored in archive.stored(settings.province, limit=_SOUGHT)]
    sought = [article for article in newest if text.phrases(article.title)]
    lost = [article.id for article in sought if not _is_found(settings, archive, article)]
    said = words.SEARCH_SOUND.format(count=len(sought))
    if lost:
        said = words.SEARCH_BEHIND.format(count=len(lost), of=len(sought), ids=", ".join(lost[:_NAMED]))
    return check("search", not lost, settings, said=said)


def _is_found(settings: Settings, archive: Archive, article: Article) -> bool:
    moment_after = article.when + timedelta(milliseconds=1)
    query = Query(province=settings.province, text=article.title, since=article.when, until=moment_after, limit=100)
    return any(hit.article.id == article.id for hit in archive.find(query).hits)


def intake(settings: Settings, archive: Archive, casebook: Casebook) -> Check:
    with casebook.read(settings.province) as book:
        mark = book.rulings.mark()
    try:
        changed, _ = archive.changed_since(settings.province, mark, limit=MOST_UNFOLLOWED + 1)
    except MarkUnknown:
        return check("intake", False, settings, said=words.OTHER_ARCHIVE)
    behind = len(changed) > MOST_UNFOLLOWED
    said = words.NOT_FOLLOWED.format(count=MOST_UNFOLLOWED) if behind else words.FOLLOWED
    return check("intake", not behind, settings, said=said)
