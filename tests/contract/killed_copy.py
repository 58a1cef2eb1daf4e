"""Copies the archive of a file to a server, saying how many entries it has seen, until it is killed."""

from __future__ import annotations

import sys
from pathlib import Path

from index.archive_copy import copy
from index.archive_copy_elastic import ElasticSide
from index.archive_copy_sqlite import SqliteSide
from index.elastic_server import Server

if __name__ == "__main__":
    seen = 0

    def tell(count: int) -> None:
        global seen  # noqa: PLW0603
        seen += count
        print(seen, flush=True)  # noqa: T201

    copy(SqliteSide(Path(sys.argv[1])), ElasticSide(Server(sys.argv[2], prefix=sys.argv[3])), tell)
