"""Where files lie that never change: each whole or not there, under a name that its content gives it.

`Folder` is one of this machine, or one that several share; `index.s3` has the other. Both have the same names, so that
any tool that copies files carries them from one to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from index.errors import StoreError
from index.files import write_whole
from index.shared_errors import FilesRefused, FilesUnavailable

_HIDDEN: Final = "."
"""How the names begin of what is not a file of a store, or not whole yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A file of a store: its name, its size in bytes, and when it was written."""

    name: str
    size: int
    written: datetime


class Store(Protocol):
    """Names have slashes, and no part of one begins with a dot. `under` is nothing, or a name that ends with a slash.

    Every method may raise `StoreError`, and of a store elsewhere `FilesUnavailable` and `FilesRefused`.
    """

    @property
    def place(self) -> str:
        """Where it is, for people."""

    def put(self, name: str, data: bytes) -> None:
        """Keep a file, durably, before returning. A name that is there keeps what it has."""

    def get(self, name: str) -> bytes | None: ...

    def has(self, name: str) -> bool: ...

    def remove(self, name: str) -> None:
        """Also of what is not there."""

    def files(self, under: str = "") -> Iterator[Held]:
        """All files that lie anywhere below, by their names."""

    def folders(self, under: str = "") -> list[str]:
        """The names, in order and each with its slash, below which something lies."""


class Folder:
    """A folder as a store; several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def place(self) -> str:
        return str(self._folder)

    def put(self, name: str, data: bytes) -> None:
        target = self._folder / name
        try:
            there = target.exists()
        except OSError as error:
            raise StoreError(path=str(target), why=str(error)) from error
        if not there:
            write_whole(target, data)

    def get(self, name: str) -> bytes | None:
        target = self._folder / name
        try:
            return target.read_bytes()
        except (FileNotFoundError, IsADirectoryError):
            return None
        except OSError as error:
            raise StoreError(path=str(target), why=str(error)) from error

    def has(self, name: str) -> bool:
        return (self._folder / name).is_file()

    def remove(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)

    def files(self, under: str = "") -> Iterator[Held]:
        for path in sorted((self._folder / under).rglob("*")):
            name = path.relative_to(self._folder)
            if any(part.startswith(_HIDDEN) for part in name.parts):
                continue
            with suppress(FileNotFoundError):  # it may be removed meanwhile
                if path.is_file():
                    said = path.stat()
                    written = datetime.fromtimestamp(said.st_mtime, UTC)
                    yield Held(name=name.as_posix(), size=said.st_size, written=written)

    def folders(self, under: str = "") -> list[str]:
        try:
            found = [path for path in (self._folder / under).iterdir() if path.is_dir()]
        except FileNotFoundError:
            return []
        names = (path.relative_to(self._folder).as_posix() for path in found if not path.name.startswith(_HIDDEN))
        return sorted(f"{name}/" for name in names)


class Relay:
    """A store elsewhere, and the folder in which files wait until it has them; what waits is read like the rest.

    A file leaves the folder once the store has it whole. Two that deliver at once, or one that was killed and begins
    again, send a file twice at most, and the store keeps it once.
    """

    def __init__(self, waiting: Folder, store: Store) -> None:
        self._waiting = waiting
        self.store = store

    @property
    def place(self) -> str:
        return self.store.place

    def put(self, name: str, data: bytes) -> None:
        """Where the store cannot be used just now, the file waits, and nothing is lost."""
        self._waiting.put(name, data)
        with suppress(FilesUnavailable, FilesRefused):
            self._send(name)

    def get(self, name: str) -> bytes | None:
        # In this order: a file is in the store before it leaves the folder.
        held = self._waiting.get(name)
        return self.store.get(name) if held is None else held

    def has(self, name: str) -> bool:
        return self._waiting.has(name) or self.store.has(name)

    def remove(self, name: str) -> None:
        self._waiting.remove(name)
        self.store.remove(name)

    def files(self, under: str = "") -> Iterator[Held]:
        waiting = {held.name: held for held in self._waiting.files(under)}
        there = {held.name: held for held in self.store.files(under)}
        for name in sorted(waiting | there):
            yield there.get(name) or waiting[name]

    def folders(self, under: str = "") -> list[str]:
        return sorted({*self._waiting.folders(under), *self.store.folders(under)})

    def waiting(self) -> list[Held]:
        """What the store does not have yet, the earliest first."""
        return sorted(self._waiting.files(), key=lambda held: (held.written, held.name))

    def deliver(self, told_to_stop: Callable[[], bool] = lambda: False) -> int:
        """Send what waits, the earliest first, until nothing does or the store cannot be used; how many files went."""
        count = 0
        for held in self.waiting():
            if told_to_stop():
                break
            count += self._send(held.name)
        return count

    def _send(self, name: str) -> bool:
        data = self._waiting.get(name)
        if data is None:  # another has sent it meanwhile
            return False
        self.store.put(name, data)
        self._waiting.remove(name)
        return True
