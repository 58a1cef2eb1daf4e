"""A review in which some texts break what looks at them, for tests that run it in the process it has in the service."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Sequence
from typing import Final

from classifier.classifier import Classifier
from classifier.criticism import CriticismSignal
from classifier.marked import Marked
from classifier.review import Caution, ReviewTally, review_pending
from config import knowledge, wiring
from config.settings import Settings
from index.archive import Archive
from index.casebook import Casebook
from index.model import Finding

HANGS: Final = "treo"
CRASHES: Final = "sập"
EATS: Final = "ngốn"
RAISES: Final = "lỗi"
_RUNAWAY: Final = re.compile(r"(a|aa)+$")


class Fragile:
    """A signal that one word breaks: it hangs in a pattern that heeds nobody, dies, runs out of memory, or raises."""

    name = "fragile"
    version = "1"

    def examine(self, articles: Sequence[Marked]) -> Sequence[Finding]:
        for word in " ".join(marked.article.title for marked in articles).split():
            match word:
                case "treo":
                    _RUNAWAY.match("a" * 80 + "b")
                case "sập":
                    os.kill(os.getpid(), signal.SIGSEGV)
                case "ngốn":
                    raise MemoryError
                case "lỗi":
                    raise RecursionError
        return [Finding(signal=self.name, version=self.version) for _ in articles]


def classifier(settings: Settings) -> Classifier:
    words = knowledge.lexicon()
    return Classifier(
        settings.province,
        lexicon=words,
        places=knowledge.placing(settings.province),
        signals=(Fragile(), CriticismSignal(words)),
    )


def review(settings: Settings, archive: Archive, casebook: Casebook, *, caution: Caution) -> tuple[ReviewTally, int]:
    """As `wiring.review`, with the fragile signal."""
    return review_pending(archive, classifier(settings), now=wiring.clock(), sources={}, caution=caution), 0


def stall(settings: Settings, archive: Archive, casebook: Casebook, *, caution: Caution) -> tuple[ReviewTally, int]:
    """A review that comes to no end, and looks at nothing."""
    while True:
        time.sleep(60)


def die(settings: Settings, archive: Archive, casebook: Casebook, *, caution: Caution) -> tuple[ReviewTally, int]:
    """A review whose process ends before it has looked at anything."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError
