"""How several machines review: one of them groups, in order, and the others examine what it is about to group.

Articles are examined in parts, each held by whoever is at it. The one who groups takes the parts that nobody holds, so
he is no slower than alone, and waits for those that are in work elsewhere.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Final

from classifier.review import Caution, ReviewTally, examine_ahead
from config import knowledge, sharing, wiring
from config.leases import Leases
from config.queues import Queues
from config.settings import Settings
from index.archive import Archive
from index.casebook import Casebook
from index.model import ArticleId
from index.shared_errors import QueueUnavailable

PART: Final = 25
"""Articles that are examined together."""
_LOOK: Final = 0.05
_log = logging.getLogger(__name__)
Part = tuple[ArticleId, ...]


def work(
    settings: Settings, archive: Archive, casebook: Casebook, ids: Sequence[ArticleId] = (), *, caution: Caution
) -> tuple[ReviewTally, int]:
    """What a worker's `Reviewer` does: examine some articles, or without any review all that is pending."""
    parts = _Parts(settings, archive, caution)
    if not ids:
        return wiring.review(settings, archive, casebook, caution=caution, ahead=parts.made)
    parts.examine(tuple(ids))
    return ReviewTally(), 0


class _Parts:
    """The parts of one review."""

    def __init__(self, settings: Settings, archive: Archive, caution: Caution) -> None:
        self._settings = settings
        self._archive = archive
        self._caution = caution
        self._leases: Leases = sharing.leases(settings)
        self._queues: Queues = sharing.queues(settings)
        self._of: dict[ArticleId, Part] = {}
        """The part that each article was handed out in."""

    def made(self, now: Sequence[ArticleId], soon: Sequence[ArticleId]) -> None:
        """The `Ahead` of a review. Without Redis it does all by itself."""
        if len(now) <= PART:
            return
        try:
            self._hand_out([*now, *soon])
            left = list(dict.fromkeys(self._of[name] for name in now))
            while left:
                left = [part for part in left if not self.examine(part)]
                time.sleep(_LOOK if left else 0)
        except QueueUnavailable as error:
            _log.warning("reviewing alone: %s", error)

    def _hand_out(self, ids: Sequence[ArticleId]) -> None:
        new = [name for name in ids if name not in self._of]
        for start in range(0, len(new), PART):
            part = tuple(new[start : start + PART])
            self._queues.hand_out_articles(part)
            self._of.update(dict.fromkeys(part, part))

    def examine(self, part: Part) -> bool:
        """False if somebody else is at it. Raises `QueueUnavailable`."""
        province = self._settings.province
        with self._leases.held((f"examine:{province}:{part[0]}",)) as mine:
            if mine:
                examine_ahead(self._archive, knowledge.classifier(province), part, caution=self._caution)
            return bool(mine)
