"""The documents of an archive on Elasticsearch: each with all that it holds, and the fields it is found by. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from index import documents
from index.documents import milliseconds
from index.elastic_bulk import Clause
from index.elastic_server import Source
from index.model import ArticleId, ProvinceId, Ruling, RulingField, SourceId, Standing
from index.record import Record
from index.source import Checkpoint, Reading, Visit
from index.text import exact_words, fold

_MOST_TERMS: Final = 65_536
"""In one clause: `index.max_terms_count`, as servers have it unless told otherwise."""


def record(source: Source) -> Record:
    return documents.from_builtins(source["record"], Record)


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
        "stories": [story_key(province, member.story_id) for province, member in held.members.items()],
        "record": documents.to_builtins(held),
    }


def _traits(held: Record) -> Iterator[str]:
    """Of reviews and stories; a flag that both raise stands in it twice."""
    for province, review in held.reviews.items():
        yield from (trait_key(province, *trait) for trait in documents.traits(review))
    for province, kinds in held.quoted.items():
        yield from (trait_key(province, "flag", kind) for kind in kinds)


def trait_key(province: ProvinceId, kind: str, value: str) -> str:
    """Of these there are few: a server that counts them numbers all that there are after every write."""
    return f"{province}|{kind}|{value}"


def among(field: str, values: Sequence[str]) -> Clause:
    """What finds documents that have one of these values: in parts, as a server takes only so many in one."""
    parts = range(0, max(len(values), 1), _MOST_TERMS)
    return {"bool": {"should": [{"terms": {field: values[start : start + _MOST_TERMS]}} for start in parts]}}


def story_key(province: ProvinceId, story_id: str) -> str:
    return f"{province}|{story_id}"


def signals_key(province: ProvinceId, signals: Mapping[str, str]) -> str:
    return f"{province}|{_digest(documents.to_json(signals))}"


def ruling_key(province: ProvinceId, subject: str, ruled: RulingField) -> str:
    """The id of the ruling in force on an article's or a story's field, for `subject` as in `subject_of`."""
    return _digest("\x1f".join((province, subject, ruled)))


def subject_of(ruling: Ruling) -> str:
    return f"article:{ruling.article_id}" if ruling.article_id is not None else f"story:{ruling.story_id}"


def ruling_source(ruling: Ruling, *, done: bool) -> Source:
    """`done`: all that follows from it has been written."""
    return {
        "id": ruling_key(ruling.province, subject_of(ruling), ruling.field),
        "province": ruling.province,
        "at": milliseconds(ruling.at),
        "in_force": ruling.value is not None,
        "done": done,
        "record": documents.to_builtins(ruling),
    }


# --- how sources are read -----------------------------------------------------------------------------------------


def reading_source(reading: Reading) -> Source:
    at = milliseconds(reading.at)
    record = documents.to_builtins(reading)
    return {"id": f"{reading.source_id}:{at}", "source_id": reading.source_id, "at": at, "record": record}


def visit_source(visit: Visit) -> Source:
    return {
        "id": visit.id,
        "requested": milliseconds(visit.requested),
        "not_before": milliseconds(visit.not_before),
        "done": visit.done is not None,
        "record": documents.to_builtins(visit),
    }


def checkpoint_source(source_id: SourceId, checkpoint: Checkpoint) -> Source:
    return {
        "id": f"checkpoint:{source_id}",
        "kind": "checkpoint",
        "record": documents.to_builtins(checkpoint),
    }


def province_source(province: ProvinceId) -> Source:
    return {"id": f"province:{province}", "kind": "province", "record": {"province": province}}


def read_source(article_id: ArticleId, at: int) -> Source:
    """When an article was last met, in milliseconds."""
    return {"id": f"read:{article_id}", "kind": "read", "record": {"at": at}}


def by_id(*sources: Source) -> Mapping[str, Source]:
    return {one["id"]: one for one in sources}


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:32]
