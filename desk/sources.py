"""The register of sources, as administrators keep it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from desk.accounts import Action, may, require
from index.account import Officer
from index.casebook import Casebook
from index.casebook_register import Registered
from index.model import ProvinceId, SourceId
from index.source import Source


class Sources:
    def __init__(self, casebook: Casebook, province: ProvinceId) -> None:
        self._casebook = casebook
        self._province = province

    def list(self, *, by: Officer) -> Sequence[Registered]:
        """Every source of the register, by id."""
        require(by, Action.READ_SOURCES)
        with self._casebook.read(self._province) as book:
            return book.register.all()

    def enabled(self, *, by: Officer) -> Sequence[Registered]:
        """The sources that are read, for everybody who must know how much of them the queue rests on."""
        if not may(by, Action.READ_SOURCES):
            require(by, Action.READ)
        with self._casebook.read(self._province) as book:
            return tuple(entry for entry in book.register.all() if entry.source.enabled)

    def get(self, source_id: SourceId, *, by: Officer) -> Registered:
        """Raises `SourceNotFound`."""
        require(by, Action.READ_SOURCES)
        with self._casebook.read(self._province) as book:
            return book.register.get(source_id)

    def declare(self, declared: Sequence[Source], *, by: Officer, at: datetime) -> int:
        """Take over the sources of a profile or a file; how many are new or changed. What a person changed stays."""
        require(by, Action.CHANGE_SOURCES)
        with self._casebook.write(self._province) as book:
            return book.register.declare(declared, by=by.name, at=at)

    def add(self, source: Source, *, by: Officer, at: datetime) -> Registered:
        """Raises `Conflict` if the id is taken."""
        require(by, Action.CHANGE_SOURCES)
        with self._casebook.write(self._province) as book:
            return book.register.save(source, by=by.name, at=at, revision=None)

    def save(self, source: Source, *, by: Officer, at: datetime, revision: int) -> Registered:
        """Keep a changed source. Raises `Conflict` if somebody was faster, `SourceNotFound`."""
        require(by, Action.CHANGE_SOURCES)
        with self._casebook.write(self._province) as book:
            return book.register.save(source, by=by.name, at=at, revision=revision)

    def enable(self, source_id: SourceId, enabled: bool, *, by: Officer, at: datetime, revision: int) -> Registered:
        """Read a source from now on, or no longer."""
        source = self.get(source_id, by=by).source
        return self.save(replace(source, enabled=enabled), by=by, at=at, revision=revision)
