"""`kiemtin classify` and `stories`: what the machine sees in what is stored, or in a file."""

from __future__ import annotations

import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

import click
import msgspec

from classifier.classifier import Classifier
from config import knowledge, rows, wiring
from config import messages as m
from config.commands.allowed import ReadableFile
from config.commands.invocation import Invocation, command
from index import clock
from index.case import TrackState
from index.errors import ConfigError
from index.model import Article, ArticleId, Channel, SourceId
from index.text import content_hash

_CHUNK: Final = 200
"""Lines classified together."""
_FILE: Final = SourceId("file")
_OPEN: Final = frozenset(TrackState) - {TrackState.CLOSED, TrackState.DISMISSED}


@command("classify")
@click.argument("file", required=False, type=ReadableFile(allow_dash=True))
@click.option("--province", metavar="ID", help=m.OPTION_FILE_PROVINCE)
@click.option("--all", "everything", is_flag=True, help=m.OPTION_ALL)
def classify(call: Invocation, file: Path | None, province: str | None, everything: bool) -> None:
    if file is not None:
        _classify_file(call, file, province)
        return
    started = time.monotonic()
    with wiring.open_casebook(call.settings) as casebook, wiring.open_archive(call.settings) as archive:
        tally, cases = wiring.review(call.settings, archive, casebook, everything=everything)
    done = {"reviewed": tally.reviewed, "flagged": tally.flagged, "cases": cases}
    seconds = time.monotonic() - started
    if call.json:
        call.show(done | {"seconds": round(seconds, 2)})
    else:
        call.say(m.REVIEWED.format(**done, seconds=seconds))


# --- a file -------------------------------------------------------------------------------------------------------


class _Line(msgspec.Struct, kw_only=True):
    """One line of a file to be classified; other keys are left alone."""

    id: str | int | None = None
    title: str = ""
    text: str
    url: str | None = None
    published: str | None = None
    province: str | None = None
    channel: Channel = Channel.PRESS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """A line that could be read, and the classifier it is for."""

    article: Article
    classifier: Classifier


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refused:
    id: str | None
    error: str


def _classify_file(call: Invocation, file: Path, province: str | None) -> None:
    """A line out for each line in, in order."""
    default = province or (call.settings.province if call.has_home else None)
    if default is not None:
        knowledge.classifier(default)
    with click.open_file(str(file), encoding="utf-8-sig", errors="replace") as lines:
        while chunk := [_read(line, default) for line in islice(lines, _CHUNK)]:
            for row in _classified(chunk):
                call.show(row)


def _read(line: str, default: str | None) -> _Item | _Refused:
    try:
        known = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return _Refused(id=None, error=m.LINE_NOT_JSON)
    line_id = str(known["id"]) if isinstance(known, dict) and known.get("id") is not None else None
    try:
        said = msgspec.convert(known, _Line)
        published = _moment(said.published)
    except (msgspec.ValidationError, ValueError, OverflowError) as error:
        return _Refused(id=line_id, error=m.LINE_BAD_VALUE.format(why=error))
    title, text = (unicodedata.normalize("NFC", part) for part in (said.title, said.text))
    if not title.strip() and not text.strip():
        return _Refused(id=line_id, error=m.LINE_NO_TEXT)
    asked = said.province or default
    if asked is None:
        return _Refused(id=line_id, error=m.LINE_NO_PROVINCE)
    try:
        classifier = knowledge.classifier(asked)
    except ConfigError as error:
        return _Refused(id=line_id, error=m.sentence(error))
    now = wiring.clock()
    article = Article(
        id=ArticleId(line_id or ""),
        source_id=_FILE,
        channel=said.channel,
        url=said.url,
        title=title,
        text=text,
        language="vi",
        collected=now,
        published=published,
        content_hash=content_hash(title, text),
    )
    return _Item(article=article, classifier=classifier)


def _moment(said: str | None) -> datetime | None:
    """A line's time; without an offset it is one of the office's clock. Raises for one that this clock cannot show."""
    if not said:
        return None
    moment = datetime.fromisoformat(said)
    return clock.local(moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE))


def _classified(chunk: Sequence[_Item | _Refused]) -> Iterator[rows.Row]:
    """The chunk's rows in its order; the lines of one territory are reviewed together."""
    groups: dict[Classifier, list[int]] = defaultdict(list)
    for number, item in enumerate(chunk):
        if isinstance(item, _Item):
            groups[item.classifier].append(number)
    made: dict[int, rows.Row] = {}
    for classifier, numbers in groups.items():
        articles = [item.article for n in numbers if isinstance(item := chunk[n], _Item)]
        for number, (_, review) in zip(numbers, classifier.review(articles), strict=True):
            made[number] = rows.classified(review.article_id or None, review)
    for number, item in enumerate(chunk):
        yield {"id": item.id, "error": item.error} if isinstance(item, _Refused) else made[number]


# --- stories ------------------------------------------------------------------------------------------------------


@command("stories")
@click.option("--open", "only_open", is_flag=True, help=m.OPTION_OPEN)
def stories(call: Invocation, only_open: bool) -> None:
    province = call.settings.province
    with (
        wiring.open_archive(call.settings) as archive,
        wiring.open_casebook(call.settings) as casebook,
        casebook.read(province) as book,
    ):
        for story in archive.stories(province):
            case = book.cases.of_story(story.id)
            tracks = case.tracks if case else {}
            if only_open and not any(record.state in _OPEN for record in tracks.values()):
                continue
            card = book.cases.cards([case.id]).get(case.id) if case else None
            shown = archive.articles(story.articles)
            title = card.title if card else next((article.title for article in shown), "")
            if call.json:
                call.show(rows.story(story, title, card, tracks))
            else:
                states = " ".join(f"{track}={record.state}" for track, record in tracks.items())
                click.echo(f"{story.id}  {len(story.articles)}  {card.priority if card else '-'}  {states}  {title}")


COMMANDS = (classify, stories)
