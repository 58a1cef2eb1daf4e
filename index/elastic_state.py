"""How an Elasticsearch server is doing, as it says itself; loads no client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

FULLEST: Final = 0.9
"""From here on a server moves its indices elsewhere; at 0.95 it takes no more."""
_BLOCKS: Final = ("index.blocks.read_only", "index.blocks.read_only_allow_delete", "index.blocks.write")


class Colour(StrEnum):
    """Green: every copy is there. Yellow: every article is, but not every copy. Red: some articles are not."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """`closed` are the indices that take no writes, `fullest` is how much of the fullest disk is used (0 to 1), `now`
    is the time of the server when it was asked."""

    colour: Colour
    nodes: int
    closed: tuple[str, ...]
    fullest: float
    now: datetime


def state(client: Elasticsearch, prefix: str) -> State:
    """Ask a server how it is, and of our indices which take no writes. Raises what its client raises."""
    health = client.cluster.health(index=f"{prefix}-*")
    nodes = list(client.nodes.stats(metric="fs")["nodes"].values())
    found = client.indices.get_settings(index=f"{prefix}-*", flat_settings=True)
    closed = (name for name, of in found.items() if any(of["settings"].get(block) == "true" for block in _BLOCKS))
    return State(
        colour=Colour(health["status"]),
        nodes=int(health["number_of_nodes"]),
        closed=tuple(sorted(closed)),
        fullest=max(_used(node["fs"]["total"]) for node in nodes),
        now=datetime.fromtimestamp(max(node["timestamp"] for node in nodes) / 1000, UTC),
    )


def _used(disk: Mapping[str, Any]) -> float:
    total = int(disk["total_in_bytes"])
    return 1 - int(disk["available_in_bytes"]) / total if total else 0.0
