"""Many writes in one request, as an Elasticsearch server wants them: each with an answer of its own.

A server that is busy, or closed to writing for a moment, is asked again after a pause and for less; a request that is
too large is sent in halves; a document that is not taken for what is in it holds up no other.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, TypeVar

from elasticsearch import Elasticsearch

from index.elastic_client import our_errors, refused
from index.errors import ArchiveError

PATIENCE: Final = 30.0
"""Seconds that a writer waits while nothing goes on, before it gives up."""
_BATCH: Final = 200
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0
_PASSING: Final = frozenset({"busy", "closed", "unready"})
"""Problems that pass while one waits; for the others one has to be told."""
_DOCUMENTS: Final = frozenset({"not_done", "too_large"})
"""Problems of one document, not of the server."""
_GONE: Final = "index_not_found_exception"

Item = TypeVar("Item")
Clause = Mapping[str, Any]
Operation = tuple[str, list[Clause]]
"""The id of a document, and the lines of a bulk that write it."""


class DocumentsRefused(ArchiveError):
    """Documents that the server does not take for what is in them: `why` by id. Everything else is `written`."""

    def __init__(self, why: Mapping[str, ArchiveError], *, written: Collection[str]) -> None:
        super().__init__(**next(iter(why.values())).params)
        self.why = why
        self.written = frozenset(written)


class Bulk:
    def __init__(self, client: Elasticsearch, place: str, patience: float = PATIENCE) -> None:
        # A busy server is not asked again at once.
        self._client = client.options(retry_on_status=(502, 504))
        self._place = place
        self._patience = patience

    def write(self, index: str, operations: Sequence[Operation], *, require_alias: bool) -> Mapping[str, Clause]:
        """The results of those operations that met no conflict, by id.

        All are tried before any is told as refused. Raises `DocumentsRefused`.
        """
        done: dict[str, Clause] = {}
        why: dict[str, ArchiveError] = {}
        waiting = deque(batches(operations))
        pauses = _Pauses(self._patience)
        while waiting:
            batch = waiting.popleft()
            taken, refusals = self._send(index, batch, require_alias=require_alias)
            done |= taken
            if taken:
                pauses.begin_anew()
            if any(error.params["problem"] == "closed" for error in refusals.values()):
                self._leave_replaced(index, batch, refusals)
            again, passing = _to_be_sent_again(batch, refusals)
            later = {name for name, _ in again}
            why |= {name: error for name, error in refusals.items() if name not in later}
            if passing is not None:
                pauses.take(passing)
            middle = (len(again) + 1) // 2
            waiting.extendleft(part for part in (again[middle:], again[:middle]) if part)
        if why:
            raise DocumentsRefused(why, written=done)
        return done

    def _leave_replaced(self, index: str, batch: Sequence[Operation], refusals: dict[str, ArchiveError]) -> None:
        """Take out of the refusals what was to be written into an index that another stands in the place of by now: it
        stays closed, and to have been overtaken is as good as a conflict."""
        with our_errors(self._place):
            behind = set(self._client.indices.get_alias(name=index))
        for operation in batch:
            named = _condition(operation)
            if named is not None and named not in behind:
                refusals.pop(operation[0], None)

    def _send(
        self, index: str, batch: Sequence[Operation], *, require_alias: bool
    ) -> tuple[dict[str, Clause], dict[str, ArchiveError]]:
        """What was done, and what was refused: all of a batch that is too large, or comes while the server is busy.
        What is in neither met a conflict."""
        lines = [line for _, lines in batch for line in lines]
        try:
            with our_errors(self._place):
                answer = self._client.bulk(index=index, require_alias=require_alias, operations=lines)
        except ArchiveError as error:
            if error.params["problem"] not in {*_PASSING, "too_large"}:
                raise
            return {}, {name: type(error)(**error.params, document=name) for name, _ in batch}
        done: dict[str, Clause] = {}
        refusals: dict[str, ArchiveError] = {}
        for item in answer["items"]:
            (result,) = item.values()
            name, said = result["_id"], result.get("error")
            # An index that was read from and is gone by now was replaced by another: as good as a conflict.
            replaced = said is not None and said["type"] == _GONE and result["_index"] != index
            if result["status"] == HTTPStatus.CONFLICT or replaced:
                continue
            if said is None:
                done[name] = result
            else:
                refusals[name] = refused(said, result["status"], self._place, document=name)
        return done, refusals


def _to_be_sent_again(
    batch: Sequence[Operation], refusals: Mapping[str, ArchiveError]
) -> tuple[Sequence[Operation], ArchiveError | None]:
    """What may be taken later, or by itself, and the problem that has to pass first, if there is one.

    Raises what is refused for another reason than what is in a document.
    """
    again, passing = [], None
    for operation in batch:
        error = refusals.get(operation[0])
        problem = error.params["problem"] if error is not None else None
        if problem in _PASSING:
            passing = error
        if problem in _PASSING or (problem == "too_large" and len(batch) > 1):
            again.append(operation)
        elif error is not None and problem not in _DOCUMENTS:
            raise error
    return again, passing


def _condition(operation: Operation) -> str | None:
    """The index of which an operation says what it must hold."""
    (action,) = operation[1][0].values()
    named: str | None = action.get("_index")
    return named


class _Pauses:
    """Longer and longer ones, until the patience is used up by which nothing went on."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self.begin_anew()

    def begin_anew(self) -> None:
        self._left, self._next = self._patience, _FIRST_PAUSE

    def take(self, error: ArchiveError) -> None:
        """Raises the error that one waits for to pass, where one has waited long enough."""
        if self._left <= 0:
            raise error
        pause = min(self._next, self._left, _LONGEST_PAUSE)
        time.sleep(pause)
        self._left -= pause
        self._next *= 2


def batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))
