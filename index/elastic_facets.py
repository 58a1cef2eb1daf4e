"""What the matches of a query are made of, on Elasticsearch."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from index.archive import Counted, Facet, Query
from index.clock import ZONE
from index.elastic_bulk import Clause
from index.elastic_indices import Kind
from index.elastic_records import story_key, trait_key
from index.elastic_search import down_to, matches, nth_newest
from index.elastic_server import Server
from index.facets import counted
from index.model import ProvinceId

_FIELDS: Final = {Facet.SOURCE: "source_id", Facet.CHANNEL: "channel", Facet.LANGUAGE: "language"}
_OF_REVIEWS: Final = frozenset({Facet.PLACE, Facet.TONE, Facet.TOPIC, Facet.FLAG})
_TRAITS: Final = "traits"
_VALUES: Final = 10_000
"""More values than a facet can have: counts that a server cut short would not be exact."""


def facets(server: Server, query: Query, wanted: Collection[Facet], most: int) -> Mapping[Facet, Counted]:
    """Counted on the newest `most` matches."""
    found = matches(query)
    if found is None:
        return {facet: counted(facet, {}, 0) for facet in wanted}
    server.refresh(Kind.ARTICLES)
    last = nth_newest(server, found, most)
    of, buckets = server.aggregate(
        Kind.ARTICLES,
        found if last is None else down_to(found, last),
        {_aggregated(facet): _aggregation(facet, query.province) for facet in wanted},
    )
    return {
        facet: counted(facet, _counts(buckets[_aggregated(facet)], _prefix(facet, query.province)), of)
        for facet in wanted
    }


def _aggregated(facet: Facet) -> str:
    """The name of the aggregation that counts a facet: those of reviews are counted in one go."""
    return _TRAITS if facet in _OF_REVIEWS else facet.value


def _aggregation(facet: Facet, province: ProvinceId) -> Clause:
    if facet is Facet.MONTH:
        months = {"field": "placed", "calendar_interval": "month", "time_zone": ZONE.key, "format": "yyyy-MM"}
        return {"date_histogram": {**months, "min_doc_count": 1}}
    if facet in _FIELDS:
        return {"terms": {"field": _FIELDS[facet], "size": _VALUES}}
    # A regular expression of the server's: every character that is no letter or figure is escaped.
    ours = re.sub(r"(\W)", r"\\\1", f"{province}|")
    field = "stories" if facet is Facet.STORY else "traits"
    return {"terms": {"field": field, "size": _VALUES, "include": f"{ours}.*"}}


def _prefix(facet: Facet, province: ProvinceId) -> str:
    """What stands in front of the values of a facet."""
    if facet is Facet.STORY:
        return story_key(province, "")
    return trait_key(province, facet, "") if facet in _OF_REVIEWS else ""


def _counts(buckets: Sequence[Mapping[str, Any]], prefix: str) -> Mapping[str, int]:
    """Of those whose name begins so; a month is told by its text."""
    named = ((bucket.get("key_as_string", bucket["key"]), bucket["doc_count"]) for bucket in buckets)
    return {name.removeprefix(prefix): count for name, count in named if name.startswith(prefix)}
