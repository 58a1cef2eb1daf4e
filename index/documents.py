"""Values as JSON and back. Pure; one layout for every archive.

A document has the field names of its type as keys, enums by value, times in ISO 8601 with their offset, spans of time
as ISO 8601 durations, sets in order. Unknown keys are ignored and missing ones take their default, so that a document
of an older version can still be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar, cast

import msgspec

from index.errors import ArchiveError
from index.model import Review, Standing

Value = TypeVar("Value")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def to_json(value: object) -> str:
    return msgspec.json.encode(value, enc_hook=_plain, order="deterministic").decode()


def from_json(document: str, kind: type[Value]) -> Value:
    """Raises `ArchiveError` for a document that is not one of `kind`."""
    try:
        return msgspec.json.decode(document, type=kind)
    except msgspec.MsgspecError as error:
        raise ArchiveError(document=kind.__name__, why=str(error)) from error


def to_builtins(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", msgspec.to_builtins(value, enc_hook=_plain, order="deterministic"))


def _plain(value: object) -> object:
    """A mapping that is not a dict, a read-only one for instance, as one. What msgspec is to refuse, its hooks refuse
    by `NotImplementedError`."""
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError(type(value).__name__)


def from_builtins(document: object, kind: type[Value]) -> Value:
    """Raises `ArchiveError` for a document that is not one of `kind`."""
    try:
        return msgspec.convert(document, kind)
    except msgspec.MsgspecError as error:
        raise ArchiveError(document=kind.__name__, why=str(error)) from error


def milliseconds(moment: datetime) -> int:
    """Since 1970 in UTC: the grain in which archives compare times. Raises `ValueError` for a naive time."""
    if moment.tzinfo is None:
        raise ValueError("naive time")
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def traits(review: Review) -> frozenset[tuple[str, str]]:
    """What search filters by, as kind and value: place, tone, topic, flag; nothing of a review that is NOT_OURS."""
    if review.standing is Standing.NOT_OURS:
        return frozenset()
    return frozenset(
        {
            ("tone", review.tone.tone.value),
            ("topic", review.topic.topic.value),
            *(("place", place.name) for place in review.places),
            *(("flag", flag.kind.value) for flag in review.flags),
        }
    )
