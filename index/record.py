"""An article with all that an archive holds of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from index.model import Article, FlagKind, ProvinceId, Review
from index.stories import Membership
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
