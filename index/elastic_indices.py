"""The indices of an archive on Elasticsearch: one versioned index behind an alias for each kind of document.

The alias is what is asked and written to. Behind it stands `ALIAS-vN`, N being the layout that the index has; the next
one of the same layout, with other shards for instance, is `ALIAS-vN-2`. What stands at one of these names and was not
made so is foreign, and left alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from elasticsearch import BadRequestError, Elasticsearch

from index.elastic_client import our_errors
from index.errors import ArchiveRefused, SchemaNewer

VERSION: Final = 1
"""The layout of today: whoever changes `mapping.json` raises it, and `index.elastic_migrate` carries what is held."""
_LAYOUT: Final = Path(__file__).with_name("mapping.json")
_NUMBERED: Final = re.compile(r"-v(\d{1,4})(?:-(\d{1,4}))?")
_TAKEN: Final = frozenset(
    {"resource_already_exists_exception", "invalid_alias_name_exception", "invalid_index_name_exception"}
)
_SAID: Final = "kiemtin"
"""The key under which an index says in its mapping's `_meta` what it is for: a `Purpose`."""


class Kind(StrEnum):
    ARTICLES = "articles"
    STORIES = "stories"
    RULINGS = "rulings"
    READINGS = "readings"
    VISITS = "visits"
    STATE = "state"


class Purpose(StrEnum):
    """IN_USE behind its alias; BUILDING until it is; LEAVING while it is closed for the next one to take its place, and
    where nobody migrates, because somebody was killed at that; REPLACED by the one that is there now."""

    IN_USE = "in_use"
    BUILDING = "building"
    LEAVING = "leaving"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index as it stands on the server. `altered`: its mapping is not the one that its layout has, here. `purpose`
    as it says itself."""

    kind: Kind
    name: str
    layout: int
    shards: int
    purpose: str
    altered: str | None = None

    @property
    def is_sound(self) -> bool:
        return self.layout == VERSION and self.altered is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Over how many parts the articles are spread, now and for good; how many copies are kept of everything, None: one
    where there is a second machine. Everything else lies in one part: it is small, and stories need one order."""

    shards: int = 1
    replicas: int | None = None


class Indices:
    """Those of one prefix on a server."""

    def __init__(self, client: Elasticsearch, place: str, prefix: str) -> None:
        self._client, self._place, self._prefix = client, place, prefix

    def alias(self, kind: Kind) -> str:
        return f"{self._prefix}-{kind}"

    # --- what is there

    def present(self) -> Mapping[Kind, Index]:
        """Raises `ArchiveRefused` for a foreign index, `SchemaNewer` for one of a later layout.

        Those of an earlier one, or altered ones, are told.
        """
        names = {self.alias(kind): kind for kind in Kind}
        with our_errors(self._place):
            found = self._client.indices.get(index=list(names), ignore_unavailable=True, allow_no_indices=True).body
        indices: dict[Kind, Index] = {}
        for name, about in found.items():
            asked = [names[one] for one in about["aliases"] if one in names]
            numbers = _numbers(name, self.alias(asked[0])) if len(asked) == 1 else None
            if numbers is None or asked[0] in indices:
                raise self._refused("foreign", name)
            kind, layout = asked[0], numbers[0]
            if layout > VERSION:
                raise SchemaNewer(index=name, found=str(layout), known=str(VERSION))
            shards = int(about["settings"]["index"]["number_of_shards"])
            altered = _altered(kind, about["mappings"], shards) if layout == VERSION else None
            indices[kind] = Index(
                kind=kind,
                name=name,
                layout=layout,
                shards=shards,
                purpose=_purpose(about["mappings"]),
                altered=altered,
            )
        return {kind: indices[kind] for kind in Kind if kind in indices}

    def whole(self) -> Mapping[Kind, Index]:
        """All of them. Raises `ArchiveRefused` where some are missing (`partly`), or all (`empty`)."""
        found = self.present()
        self._refuse_missing(found)
        return found

    def _refuse_missing(self, found: Collection[Kind]) -> None:
        if missing := [self.alias(kind) for kind in Kind if kind not in found]:
            raise self._refused("partly" if found else "empty", ", ".join(missing))

    def idle(self, *purposes: Purpose) -> Sequence[str]:
        """Those behind no alias that are for one of the purposes."""
        with our_errors(self._place):
            found = self._client.indices.get(index=f"{self._prefix}-*", allow_no_indices=True).body
        return sorted(
            name
            for name, about in found.items()
            if _purpose(about["mappings"]) in purposes
            and not about["aliases"]
            and any(_numbers(name, self.alias(kind)) is not None for kind in Kind)
        )

    def is_in_use(self, index: Index) -> bool:
        """Does it stand behind its alias?"""
        with our_errors(self._place):
            return bool(self._client.indices.exists_alias(index=index.name, name=self.alias(index.kind)))

    def _refused(self, problem: str, index: str, **more: str) -> ArchiveRefused:
        return ArchiveRefused(place=self._place, problem=problem, index=index, **more)

    # --- what is made

    def open(self, *, must_exist: bool) -> None:
        """Makes those that are missing, unless they `must_exist`. Raises `SchemaNewer`, and `ArchiveRefused` for
        indices that are foreign, altered, of an earlier layout, or missing."""
        found = self.present()
        for index in found.values():
            if index.layout < VERSION:
                raise self._refused("outdated", index.name)
            if index.altered is not None:
                raise self._refused("altered", index.name, what=index.altered)
        if must_exist:
            self._refuse_missing(found)
        self._make([kind for kind in Kind if kind not in found], Size())

    def create(self, size: Size) -> Mapping[Kind, Index]:
        """Make a new archive's indices, going on where an earlier call was cut off.

        Raises `ArchiveRefused` where an archive is there, or some of one that holds something.
        """
        found = self.present()
        missing = [kind for kind in Kind if kind not in found]
        if not missing:
            raise self._refused("there", ", ".join(index.name for index in found.values()))
        with our_errors(self._place):
            held = bool(found) and self._client.count(index=[index.name for index in found.values()])["count"]
        if held:
            self._refuse_missing(found)
        self._make(missing, size)
        return self.present()

    def _make(self, kinds: Collection[Kind], size: Size) -> None:
        """Of today's layout, each behind its alias at once; those that somebody made meanwhile are left."""
        for kind in kinds:
            try:
                self.build(kind, f"{self.alias(kind)}-v{VERSION}", size, in_use=True)
            except ArchiveRefused as error:
                if error.params["problem"] != "foreign" or kind not in self.present():
                    raise

    def build(self, kind: Kind, name: str, size: Size, *, in_use: bool) -> None:
        """One index of today's layout. Raises `ArchiveRefused` where its name, or that of its alias, is taken."""
        layout = _layout()
        copies = {"auto_expand_replicas": "0-1"} if size.replicas is None else {"number_of_replicas": size.replicas}
        shards = size.shards if kind is Kind.ARTICLES else 1
        with our_errors(self._place):
            try:
                self._client.indices.create(
                    index=name,
                    aliases={self.alias(kind): {"is_write_index": True}} if in_use else {},
                    settings={**layout["settings"], "index": {"number_of_shards": shards, **copies}},
                    mappings={
                        **layout["mappings"][kind],
                        "_meta": {_SAID: Purpose.IN_USE if in_use else Purpose.BUILDING},
                    },
                )
            except BadRequestError as error:
                if error.error in _TAKEN:
                    raise self._refused("foreign", name) from error
                raise

    def following(self, kind: Kind) -> str:
        """The name of the next index of a kind: the first of today's layout that is free."""
        of = self.alias(kind)
        with our_errors(self._place):
            taken = self._client.indices.get(index=f"{of}-v{VERSION}*", allow_no_indices=True, features="aliases")
        turns = [numbers[1] for name in taken if (numbers := _numbers(name, of)) and numbers[0] == VERSION]
        return f"{of}-v{VERSION}-{max(turns) + 1}" if turns else f"{of}-v{VERSION}"

    def swap(self, kind: Kind, old: str, new: str) -> None:
        """Let the new index stand behind the alias in the old one's place."""
        name = self.alias(kind)
        with our_errors(self._place):
            self._client.indices.update_aliases(
                actions=[
                    {"remove": {"index": old, "alias": name, "must_exist": True}},
                    {"add": {"index": new, "alias": name, "is_write_index": True}},
                ]
            )

    def mark(self, name: str, purpose: Purpose) -> None:
        with our_errors(self._place):
            self._client.indices.put_mapping(index=name, meta={_SAID: purpose})

    def drop(self, name: str) -> None:
        with our_errors(self._place):
            self._client.indices.delete(index=name)


def _purpose(mappings: Mapping[str, Any]) -> str:
    return str(mappings.get("_meta", {}).get(_SAID, ""))


def _numbers(name: str, of: str) -> tuple[int, int] | None:
    """Layout and turn of an index; None where no index of ours has such a name."""
    numbered = _NUMBERED.fullmatch(name.removeprefix(of)) if name.startswith(of) else None
    return (int(numbered[1]), int(numbered[2] or 1)) if numbered is not None else None


def _altered(kind: Kind, mappings: Mapping[str, Any], shards: int) -> str | None:
    """What of an index is not as it was made; None where all is."""
    wanted = _layout()["mappings"][kind]
    fields, known = mappings.get("properties", {}), wanted["properties"]
    if other := sorted(name for name in {*fields, *known} if fields.get(name) != known.get(name)):
        return ", ".join(other)
    if other := [part for part in ("dynamic", "_source") if mappings.get(part) != wanted.get(part)]:
        return ", ".join(other)
    return None if kind is Kind.ARTICLES or shards == 1 else "number_of_shards"


@cache
def _layout() -> Mapping[str, Any]:
    layout: Mapping[str, Any] = json.loads(_LAYOUT.read_text(encoding="utf-8"))
    return layout
