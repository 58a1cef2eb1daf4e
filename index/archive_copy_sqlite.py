"""The embedded archive as one side of a copy (`index.archive_copy`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from sqlite3 import Connection
from typing import Any, Final

from index import documents
from index.archive_copy import Carried, Entry, Part, reading_key, ruling_key
from index.files import sync_folder
from index.model import Article, ArticleId, FlagKind, ProvinceId, Review, Ruling, SourceId, Story, StoryId
from index.record import Record
from index.schema import ArchiveFile
from index.source import Checkpoint, Reading, Visit
from index.sqlite_articles import Words, ask_for_review, keep_whole, take_whole
from index.sqlite_readings import keep_checkpoint, keep_reading, keep_visit
from index.sqlite_reviews import keep_review, keep_story, write_ruling
from index.stories import Membership

_AT_ONCE: Final = 200
_UNFINISHED: Final = ".copy-"
"""What stands behind the name of a file that a copy is not done with."""
_TABLES: Final = {part: part.value for part in Part}
_TYPES: Final[Mapping[Part, type[Any]]] = {Part.STORIES: Story, Part.VISITS: Visit, Part.CHECKPOINTS: Checkpoint}
_KEYS: Final = {Part.CHECKPOINTS: "source_id"}


class SqliteSide:
    def __init__(self, file: Path) -> None:
        """The archive in a file; where there is none, one may be begun."""
        self._path = file
        self._open: ArchiveFile | None = ArchiveFile(file) if file.exists() else None
        self._half: Path | None = None

    @property
    def name(self) -> str:
        return str(self._path)

    @property
    def identity(self) -> str:
        return str(self._file.identity)

    @property
    def _file(self) -> ArchiveFile:
        assert self._open is not None, "it was opened, or begun"
        return self._open

    # --- reading

    def count(self, part: Part) -> int:
        with self._file.reading() as connection:
            return int(connection.execute(f"SELECT count(*) FROM {_TABLES[part]}").fetchone()[0])  # noqa: S608

    def entries(self, part: Part) -> Iterator[Entry]:
        match part:
            case Part.ARTICLES:
                return self._articles()
            case Part.READINGS:
                return self._readings()
            case Part.RULINGS:
                return self._rulings()
            case _:
                return self._rows(part)

    def _rows(self, part: Part) -> Iterator[Entry]:
        key = _KEYS.get(part, "id")
        document = "''" if part is Part.PROVINCES else "document"
        statement = f"SELECT {key}, {document} FROM {_TABLES[part]} WHERE {key} > ? ORDER BY {key} LIMIT ?"  # noqa: S608
        last = ""
        while rows := self._read(statement, (last, _AT_ONCE)):
            for name, said in rows:
                yield Entry(key=name, document=_anew(said, _TYPES[part]) if part in _TYPES else said)
            last = rows[-1][0]

    def _readings(self) -> Iterator[Entry]:
        statement = (
            "SELECT source_id, at, document FROM readings WHERE (source_id, at) > (?, ?) ORDER BY source_id, at LIMIT ?"
        )
        last: tuple[str, int] = ("", 0)
        while rows := self._read(statement, (*last, _AT_ONCE)):
            for source_id, at, said in rows:
                yield Entry(key=reading_key(source_id, at), document=_anew(said, Reading))
            last = rows[-1][:2]

    def _rulings(self) -> Iterator[Entry]:
        """People make thousands, not millions."""
        rulings = [documents.from_json(said, Ruling) for (said,) in self._read("SELECT document FROM rulings", ())]
        for ruling in sorted(rulings, key=ruling_key):
            yield Entry(key=ruling_key(ruling), document=documents.to_json(ruling))

    def _articles(self) -> Iterator[Entry]:
        last = ""
        while True:
            with self._file.reading() as connection:
                rows = connection.execute(
                    "SELECT slot, id, read, held FROM articles WHERE id > ? ORDER BY id LIMIT ?", (last, _AT_ONCE)
                ).fetchall()
                if not rows:
                    return
                records = _records(connection, {slot: bool(held) for slot, _, _, held in rows})
            for slot, name, read, _ in rows:
                yield Entry(key=name, document=documents.to_json(Carried(record=records[slot], read=read)))
            last = rows[-1][1]

    def _read(self, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._file.reading() as connection:
            return connection.execute(statement, values).fetchall()

    # --- writing

    def begin(self, identity: str) -> bool:
        """What is begun lies beside its place until it is finished."""
        if self._open is not None:
            return False
        self._half = self._path.with_name(f"{self._path.name}{_UNFINISHED}{identity[:16]}")
        for other in self._path.parent.glob(f"{self._path.name}{_UNFINISHED}*"):
            if not other.name.startswith(self._half.name):
                other.unlink()  # of another archive, given up
        self._open = ArchiveFile(self._half)
        return True

    def put(self, part: Part, entries: Sequence[Entry]) -> None:
        with self._file.writing() as connection:
            if part is Part.ARTICLES:
                _put_articles(connection, entries)
                return
            for entry in entries:
                _put(connection, part, entry)

    def remove(self, part: Part, keys: Sequence[str]) -> None:
        with self._file.writing() as connection:
            match part:
                case Part.ARTICLES:
                    words = Words()
                    for key in keys:
                        take_whole(connection, ArticleId(key), words)
                    words.write(connection)
                case Part.READINGS:
                    connection.executemany("DELETE FROM readings WHERE source_id = ? AND at = ?", _split(keys))
                case Part.RULINGS:
                    connection.executemany(
                        "DELETE FROM rulings WHERE province = ? AND subject = ? AND field = ?", _split(keys)
                    )
                case _:
                    key = _KEYS.get(part, "id")
                    connection.executemany(
                        f"DELETE FROM {_TABLES[part]} WHERE {key} = ?",  # noqa: S608
                        [(name,) for name in keys],
                    )

    def settle(self) -> None:
        """What waits for its review does so in the order in which it came; stories lie where their articles do."""
        with self._file.writing() as connection:
            waiting = connection.execute(
                "SELECT slot, province FROM queue JOIN articles USING (slot) ORDER BY collected, slot"
            ).fetchall()
            connection.execute("DELETE FROM queue")
            connection.executemany("INSERT INTO queue (slot, province) VALUES (?, ?)", waiting)
            connection.execute(
                "UPDATE stories SET latest = (SELECT max(slot) FROM members WHERE story_id = id) WHERE forward IS NULL"
            )

    def finish(self) -> None:
        assert self._half is not None, "it was begun"
        self.close()
        self._path.hardlink_to(self._half)  # refuses to take the place of another
        self._half.unlink()
        sync_folder(self._path.parent)

    def close(self) -> None:
        if self._open is not None:
            self._open.close()


def _split(keys: Sequence[str]) -> Sequence[Sequence[str]]:
    """Keys of several columns; figures become numbers where the column holds such."""
    return [key.split("\0") for key in keys]


def _anew(said: str, kind: type[object]) -> str:
    """A document as it is written today, whatever version wrote it."""
    return documents.to_json(documents.from_json(said, kind))


# --- articles -----------------------------------------------------------------------------------------------------


def _records(connection: Connection, held: Mapping[int, bool]) -> Mapping[int, Record]:
    """By slot, all that hangs on articles, of which it is known whether their text is held."""

    def of(statement: str) -> Mapping[int, list[tuple[Any, ...]]]:
        found = defaultdict(list)
        for slot, *values in connection.execute(statement, (documents.to_json(list(held)),)):
            found[slot].append(tuple(values))
        return found

    here = "slot IN (SELECT value FROM json_each(?))"
    versions = of(f"SELECT slot, document FROM versions WHERE {here} ORDER BY slot, version")  # noqa: S608
    reviews = of(f"SELECT slot, province, document FROM reviews WHERE {here}")  # noqa: S608
    members = of(f"SELECT slot, province, story_id, pinned FROM members WHERE {here}")  # noqa: S608
    waiting = of(f"SELECT slot, province FROM queue WHERE {here}")  # noqa: S608
    quoted = of(f"SELECT slot, province, value FROM traits WHERE {here} AND kind = 'quoted'")  # noqa: S608
    return {
        slot: Record(
            versions=tuple(documents.from_json(said, Article) for (said,) in versions[slot]),
            reviews={ProvinceId(of): documents.from_json(said, Review) for of, said in reviews[slot]},
            members={
                ProvinceId(of): Membership(story_id=StoryId(story_id), pinned=bool(pinned))
                for of, story_id, pinned in members[slot]
            },
            reviewed=frozenset({ProvinceId(of) for of, _ in reviews[slot]} - {of for (of,) in waiting[slot]}),
            quoted=_kinds(quoted[slot]),
            held=held[slot],
        )
        for slot in held
    }


def _kinds(rows: Collection[tuple[Any, ...]]) -> Mapping[ProvinceId, frozenset[FlagKind]]:
    found: dict[ProvinceId, set[FlagKind]] = defaultdict(set)
    for province, kind in rows:
        found[ProvinceId(province)].add(FlagKind(kind))
    return {province: frozenset(kinds) for province, kinds in found.items()}


def _put_articles(connection: Connection, entries: Sequence[Entry]) -> None:
    provinces = {ProvinceId(province) for (province,) in connection.execute("SELECT id FROM provinces")}
    words = Words()
    for entry in entries:
        carried = documents.from_json(entry.document, Carried)
        held = carried.record
        take_whole(connection, held.newest.id, words)
        slot = keep_whole(connection, held.versions, carried.read, held=held.held, words=words)
        for review in held.reviews.values():
            keep_review(connection, slot, review)
        connection.executemany(
            "INSERT INTO members VALUES (?, ?, ?, ?)",
            [(slot, province, member.story_id, member.pinned) for province, member in held.members.items()],
        )
        connection.executemany(
            "INSERT INTO traits VALUES (?, ?, 'quoted', ?)",
            [(slot, province, kind) for province, kinds in held.quoted.items() for kind in kinds],
        )
        for province in sorted(provinces - held.reviewed):
            ask_for_review(connection, slot, province)
    words.write(connection)


# --- everything else ----------------------------------------------------------------------------------------------


def _put(connection: Connection, part: Part, entry: Entry) -> None:
    match part:
        case Part.PROVINCES:
            connection.execute("INSERT INTO provinces VALUES (?) ON CONFLICT DO NOTHING", (entry.key,))
        case Part.STORIES:
            keep_story(connection, documents.from_json(entry.document, Story))
        case Part.RULINGS:
            write_ruling(connection, documents.from_json(entry.document, Ruling))
        case Part.READINGS:
            keep_reading(connection, documents.from_json(entry.document, Reading))
        case Part.VISITS:
            keep_visit(connection, documents.from_json(entry.document, Visit))
        case Part.CHECKPOINTS:
            keep_checkpoint(connection, SourceId(entry.key), documents.from_json(entry.document, Checkpoint))
        case Part.ARTICLES:
            raise AssertionError(part)
