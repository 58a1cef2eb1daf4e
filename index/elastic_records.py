"""What Elasticsearch holds of an article: one document with all of it, and the fields it is found by. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from index import documents
from index.documents import milliseconds
from index.elastic_server import Source
from index.model import Article, FlagKind, ProvinceId, Review, Ruling, RulingField, Standing
from index.stories import Membership
from index.text import exact_words, fold
from index.versions import emptied

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An article with its versions, oldest first, and what each province made of it.

    `reviewed`: the provinces whose review is of the newest version and came after every ruling. `quoted`: the kinds of
    flags by which the article's story in a province quotes it. `held` is False once purged.
    """

    versions: tuple[Article, ...]
    reviews: Mapping[ProvinceId, Review] = field(default_factory=dict)
    members: Mapping[ProvinceId, Membership] = field(default_factory=dict)
    reviewed: frozenset[ProvinceId] = frozenset()
    quoted: Mapping[ProvinceId, frozenset[FlagKind]] = field(default_factory=dict)
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
    """What another story quotes of the article is known when that story is written."""
    before = held.members.get(province)
    stays = member is not None and before is not None and member.story_id == before.story_id
    return replace(
        held,
        members=_with(held.members, province, member),
        quoted=held.quoted if stays else _with(held.quoted, province, None),
    )


def with_quoted(held: Record, province: ProvinceId, kinds: frozenset[FlagKind]) -> Record:
    return replace(held, quoted=_with(held.quoted, province, kinds or None))


def _with(values: Mapping[ProvinceId, Value], province: ProvinceId, value: Value | None) -> Mapping[ProvinceId, Value]:
    others = {other: kept for other, kept in values.items() if other != province}
    return others if value is None else {**others, province: value}


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
        "traits": sorted(set(_traits(held))),
        "stories": [member.story_id for member in held.members.values()],
        "record": documents.to_builtins(held),
    }


def _traits(held: Record) -> Iterator[str]:
    """Of reviews and stories; a flag that both raise stands in it twice."""
    for province, review in held.reviews.items():
        yield from (trait_key(province, *trait) for trait in documents.traits(review))
    for province, kinds in held.quoted.items():
        yield from (trait_key(province, "flag", kind) for kind in kinds)
    for province, member in held.members.items():
        yield trait_key(province, "story", member.story_id)


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
