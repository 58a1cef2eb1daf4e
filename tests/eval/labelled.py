"""Rows of the labelled texts, as articles and as the values they are compared with."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.clock import ZONE
from index.model import Article, ArticleId, Channel, SourceId
from index.text import clean, content_hash, one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """None where two annotators disagreed or a set does not ask."""

    title: str
    text: str
    province: str
    published: datetime | None
    about: int | None = None
    topic: str | None = None
    tone: str | None = None
    harm: int | None = None
    criticism: int | None = None
    sensational: int | None = None
    unverified: int | None = None
    correction: int | None = None
    opinion: int | None = None


def rows(file: Path, province: str = "") -> Iterator[Row]:
    read = gzip.open if file.suffix == ".gz" else open
    with read(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            value = json.loads(line)
            known = {name: value.get(name) for name in Row.__dataclass_fields__}
            known["published"] = _moment(known["published"])
            known["province"] = known["province"] or province
            yield Row(**known)


def headlines(file: Path) -> Iterator[Row]:
    """Headlines and summaries of the press, without labels."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            value = json.loads(line)
            yield Row(title=value["title"], text=value["summary"], province="", published=_moment(value["published"]))


def _moment(written: str | None) -> datetime | None:
    """A few rows give a time without a zone: that of the papers."""
    if not written:
        return None
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def article(row: Row) -> Article:
    title, text = one_line(row.title), clean(row.text)
    return Article(
        id=ArticleId(hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:16]),
        source_id=SourceId("file"),
        channel=Channel.PRESS,
        url=None,
        title=title,
        text=text,
        language="vi",
        collected=row.published or datetime(2026, 1, 1, tzinfo=UTC),
        published=row.published,
        content_hash=content_hash(title, text),
    )
