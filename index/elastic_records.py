"""What Elasticsearch holds of an article: one document with all of it, and the fields it is found by. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from index import documents
from index.documents import milliseconds
from index.elastic_server import Source
from index.model import Article, ProvinceId, Review, Ruling, RulingField, Standing
from index.stories import Membership
from index.text import exact_words, fold
from index.versions import emptied


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An article with its versions, oldest first, and what each province made of it.

    `reviewed`: the provinces whose review is of the newest version and came after every ruling. `held` is False once
    purged.
    """

    versions: tuple[Article, ...]
    reviews: Mapping[ProvinceId, Review] = field(default_factory=dict)
    members: Mapping[ProvinceId, Membership] = field(default_factory=dict)
    reviewed: frozenset[ProvinceId] = frozenset()
    held: bool = True

    @property
    def newest(self) -> Article:
        return self.versions[-1]


def record(source: Source) -> Record:
    return documents.from_builtins(source["record"], Record)


def with_version(held: Record, version: Article) -> Record:
    return replace(held, versions=(*held.versions, version), reviewed=frozenset(), held=True)


def with_review(held: Record, review: Review) -> Record:
    return replace(held, reviews={**held.reviews, review.province: review}, reviewed=held.reviewed | {review.province})


def with_member(held: Record, province: ProvinceId, member: Membership | None) -> Record:
    others = {other: kept for other, kept in held.members.items() if other != province}
    return replace(held, members=others if member is None else {**others, province: member})


def purged(held: Record) -> Record:
    return Record(versions=tuple(emptied(version) for version in held.versions), held=False)


def without_snapshots(held: Record) -> Record:
    return replace(held, versions=tuple(replace(version, snapshot=None) for version in held.versions))


def source(held: Record) -> Source:
    """The document of a record."""
    newest = held.newest
    exact = {"title": exact_words(newest.title), "text": exact_words(newest.text)}
    return {
        "id": newest.id,
        "source_id": newest.source_id,
        "channel": newest.channel,
        "language": newest.language,
        "collected": milliseconds(newest.collected),
        "placed": milliseconds(newest.when),
        "held": held.held,
        "snapshots": [version.snapshot for version in held.versions if version.snapshot is not None],
        "exact": exact,
        "folded": {part: fold(words) for part, words in exact.items()},
        "reviewed": sorted(held.reviewed),
        "ours": [province for province, review in held.reviews.items() if review.standing is not Standing.NOT_OURS],
        "signals": [
            signals_key(province, review.signals) for province, review in held.reviews.items() if not review.unexamined
        ],
        "unexamined": [province for province, review in held.reviews.items() if review.unexamined],
        "traits": [
            trait_key(province, *trait)
            for province, review in held.reviews.items()
            for trait in sorted(documents.traits(review))
        ],
        "stories": [member.story_id for member in held.members.values()],
        "record": documents.to_builtins(held),
    }


def trait_key(province: ProvinceId, kind: str, value: str) -> str:
    return f"{province}|{kind}|{value}"


def signals_key(province: ProvinceId, signals: Mapping[str, str]) -> str:
    return f"{province}|{_digest(documents.to_json(signals))}"


def ruling_key(province: ProvinceId, subject: str, ruled: RulingField) -> str:
    """The id of the ruling in force on an article's or a story's field, for `subject` as in `subject_of`."""
    return _digest("\x1f".join((province, subject, ruled)))


def subject_of(ruling: Ruling) -> str:
    return f"article:{ruling.article_id}" if ruling.article_id is not None else f"story:{ruling.story_id}"


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:32]
