"""What the page before an edition left untold, read from the page as it is kept."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

from desk.daily import Daily, Edition
from desk.editions import file_name
from desk.summary_stories import DAYS
from index import documents
from index.errors import ArchiveError
from index.model import ArticleId

_log = logging.getLogger(__name__)


def waited(folder: Path, day: date, edition: Edition) -> Collection[ArticleId]:
    """The articles that waited when the morning page before was put together: that of the day for an afternoon page,
    for a morning page the last one that is kept and can be read."""
    days = [day] if edition is Edition.AFTERNOON else [day - timedelta(days=back) for back in range(1, DAYS)]
    for one in days:
        file = folder / file_name(one, Edition.MORNING, "json")
        try:
            return frozenset(documents.from_json(file.read_text(encoding="utf-8"), Daily).waiting)
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError, ArchiveError) as error:
            _log.warning("the page of %s cannot be read for what it left untold: %s", one, error)
    return frozenset()
