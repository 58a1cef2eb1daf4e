"""How sources are read, in the embedded archive. Every function works inside the caller's transaction."""

from __future__ import annotations

from sqlite3 import Connection

from index import documents
from index.documents import milliseconds
from index.model import SourceId
from index.source import Checkpoint, Reading, Visit


def keep_checkpoint(connection: Connection, source_id: SourceId, checkpoint: Checkpoint) -> None:
    document = documents.to_json(checkpoint)
    connection.execute("INSERT OR REPLACE INTO checkpoints VALUES (?, ?)", (source_id, document))


def keep_reading(connection: Connection, reading: Reading) -> None:
    at, document = milliseconds(reading.at), documents.to_json(reading)
    connection.execute("INSERT OR REPLACE INTO readings VALUES (?, ?, ?)", (reading.source_id, at, document))


def keep_visit(connection: Connection, visit: Visit) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO visits VALUES (?, ?, ?, ?, ?)",
        (
            visit.id,
            milliseconds(visit.requested),
            milliseconds(visit.not_before),
            visit.done is not None,
            documents.to_json(visit),
        ),
    )
