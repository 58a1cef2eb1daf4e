"""What the matches of a query are made of, on Elasticsearch."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from index.archive import Counted, Facet, Query
from index.clock import ZONE
from index.elastic_bulk import Clause
from index.elastic_indices import Kind
from index.elastic_records import trait_key
from index.elastic_search import down_to, matches, nth_newest
from index.elastic_server import Server
from index.facets import counted
from index.model import ProvinceId

_FIELDS: Final = {Facet.SOURCE: "source_id", Facet.CHANNEL: "channel", Facet.LANGUAGE: "language"}
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
        {facet.value: _aggregation(facet, query.province) for facet in wanted},
    )
    return {facet: counted(facet, _counts(buckets[facet], _prefix(facet, query.province)), of) for facet in wanted}


def _aggregation(facet: Facet, province: ProvinceId) -> Clause:
    if facet is Facet.MONTH:
        months = {"field": "placed", "calendar_interval": "month", "time_zone": ZONE.key, "format": "yyyy-MM"}
        return {"date_histogram": {**months, "min_doc_count": 1}}
    if facet in _FIELDS:
        return {"terms": {"field": _FIELDS[facet], "size": _VALUES}}
    # A regular expression of the server's: every character that is no letter or figure is escaped.
    ours = re.sub(r"(\W)", r"\\\1", _prefix(facet, province))
    return {"terms": {"field": "traits", "size": _VALUES, "include": f"{ours}.*"}}


def _prefix(facet: Facet, province: ProvinceId) -> str:
    """What stands in front of the values of a trait."""
    return trait_key(province, facet, "")


def _counts(buckets: Sequence[Mapping[str, Any]], prefix: str) -> Mapping[str, int]:
    """A month is told by its text."""
    return {bucket.get("key_as_string", bucket["key"]).removeprefix(prefix): bucket["doc_count"] for bucket in buckets}
