"""The review in a process of its own: a text that makes it hang, crash or fill the memory costs itself and no other.

The process says which texts it is about to look at and sets itself an alarm, which the system rings whatever it is
doing: it then ends, and so does one whose service was killed meanwhile. The next process looks at those texts one by
one, and the one that ends it again is set aside as unexamined until the service is started anew.
"""

from __future__ import annotations

import contextlib
import logging
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

from classifier.review import Caution, ReviewTally, Text
from config import wiring
from config.logs import Part, kept
from config.settings import Settings
from crawlers import process
from index.archive import Archive
from index.casebook import Casebook
from index.errors import KiemTinError

_TICK: Final = 0.5
_SCORE: Final = Path("/proc/self/oom_score_adj")
_log = logging.getLogger(__name__)

Work = Callable[..., tuple[ReviewTally, int]]
"""`wiring.review`, or what stands for it: called with settings, archive, casebook and `caution`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds that the review may take over a batch of texts, over a text alone, and over what lies between."""

    batch: float = 600.0
    alone: float = 60.0
    between: float = 3600.0

    def with_(self, texts: Sequence[Text]) -> int:
        return ceil(self.between if not texts else self.alone if len(texts) == 1 else self.batch)


PATIENCE: Final = Patience()


class Reviewer:
    """Reviews when told to, in a process that it keeps between two reviews, for what that remembers of the stories."""

    def __init__(self, settings: Settings, *, patience: Patience = PATIENCE, work: Work = wiring.review) -> None:
        self._settings = settings
        self._patience = patience
        self._work = work
        self._child: tuple[BaseProcess, Connection] | None = None
        self._alone: frozenset[Text] = frozenset()
        self._aside: set[Text] = set()

    def review(self, told_to_stop: Callable[[], bool], *values: object) -> ReviewTally | None:
        """Have the work done, with `values` behind archive and casebook; None if that came to no end: it was told to
        stop, or the process ended and nobody knows over what. Raises the `KiemTinError` that the work ended with."""
        while not told_to_stop():
            looked_at: tuple[Text, ...] = ()
            try:
                connection = self._connection()
                connection.send((self._alone, frozenset(self._aside), values))
                while not isinstance(said := _heard(connection, told_to_stop), ReviewTally | KiemTinError | None):
                    looked_at = said
            except (EOFError, OSError):
                ended = self._bury()
                if not looked_at:
                    _log.error("the review's process ended by itself (%s); it is started again", ended)
                    return None
                self._learn(looked_at, ended)
                continue
            if isinstance(said, KiemTinError):
                raise said
            return said
        return None

    def _learn(self, looked_at: Sequence[Text], ended: int | None) -> None:
        if len(looked_at) == 1:
            self._aside.update(looked_at)
            _log.error("article %s is set aside as unexamined: its review ended by itself (%s)", looked_at[0][0], ended)
        else:
            self._alone |= frozenset(looked_at)
            _log.warning("a review of %s articles ended by itself (%s); now one by one", len(looked_at), ended)

    def _connection(self) -> Connection:
        if self._child is None:
            self._child = process.start("review", _serve, self._settings, self._patience, self._work)
        return self._child[1]

    def _bury(self) -> int | None:
        """End the process; its exit status, negative for a signal."""
        if self._child is None:
            return None
        child, connection = self._child
        self._child = None
        connection.close()
        child.kill()
        child.join()
        return child.exitcode

    def close(self) -> None:
        """End the process, whatever it is doing: what it recorded stays, the rest is pending."""
        self._bury()


def _heard(connection: Connection, told_to_stop: Callable[[], bool]) -> Any:
    """What the process says next; None once it is told to stop."""
    while not connection.poll(_TICK):
        if told_to_stop():
            return None
    return connection.recv()


# --- on the other side ------------------------------------------------------------------------------------------------


def _serve(connection: Connection, settings: Settings, patience: Patience, work: Work) -> None:
    """The process: runs until its pipe closes. Interrupts are for the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # no handler in Python: one that hangs would never come to it
    with contextlib.suppress(OSError):
        _SCORE.write_text("1000", encoding="ascii")  # where memory runs out, this process goes and no other
    logging.basicConfig(level=logging.WARNING)
    with kept(settings, Part.REVIEW):
        _answer(connection, settings, work, patience)


def _answer(connection: Connection, settings: Settings, work: Work, patience: Patience) -> None:
    def about_to(texts: Sequence[Text]) -> None:
        signal.alarm(patience.with_(texts))
        connection.send(tuple(texts))

    with contextlib.suppress(EOFError, ConnectionError):  # the one that started it is gone
        while True:
            alone, aside, values = connection.recv()
            about_to(())
            said = _review(settings, work, values, Caution(alone=alone, aside=aside, about_to=about_to))
            signal.alarm(0)
            connection.send(said)


def _review(settings: Settings, work: Work, values: Sequence[object], caution: Caution) -> ReviewTally | KiemTinError:
    archive: Archive
    casebook: Casebook
    try:
        with wiring.open_archive(settings) as archive, wiring.open_casebook(settings) as casebook:
            tally, _ = work(settings, archive, casebook, *values, caution=caution)
    except KiemTinError as error:
        return error
    return tally
