"""The entrance of the screen: `python -m dashboard.server`, with the office's folder in KIEMTIN_HOME."""

from __future__ import annotations

import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Final

from config import outbox, wiring
from config import settings as configured
from config.logs import Part, kept
from config.messages import sentence
from config.saving import EMBEDDED
from config.settings import Settings
from dashboard import screen
from dashboard.office import Office
from index.elastic_state import State
from index.errors import ArchiveRefused, KiemTinError

HOME: Final = "KIEMTIN_HOME"
UNDER_SERVICE: Final = "KIEMTIN_UNDER_SERVICE"
"""Set by a service that keeps this process and holds its standard input."""
_DEFAULT_HOME: Final = "kiemtin-home"


def main() -> int:
    """Open the office and serve it until stopped; the exit status is for the shell."""
    if os.environ.get(UNDER_SERVICE):
        threading.Thread(target=_end_with_service, daemon=True).start()
    try:
        settings = configured.load(Path(os.environ.get(HOME, _DEFAULT_HOME)), environment=os.environ)
        office = Office(
            name=wiring.title(settings),
            places=wiring.places(settings),
            collectors=sorted(wiring.every_collector()),
            desk=wiring.open_desk(settings),
            archive=wiring.open_archive(settings, may_be_away=True),
            archive_server=partial(_archive_server, settings),
            outbox=partial(outbox.waiting, settings),
        )
    except KiemTinError as error:
        print(sentence(error), file=sys.stderr)  # noqa: T201
        return 2
    with kept(settings, Part.SCREEN):
        screen.serve(
            office,
            address=settings.dashboard.address,
            port=settings.dashboard.port,
            public_url=settings.dashboard.public_url,
        )
    return 0


def _archive_server(settings: Settings) -> State | None:
    """How the server of the archive is; None where there is none, or it does not tell whoever may only read."""
    if settings.archive == EMBEDDED:
        return None
    try:
        return wiring.archive_server(settings)[0]
    except ArchiveRefused as error:
        if error.params["problem"] != "permission":
            raise
        return None


def _end_with_service() -> None:
    """Wait for the end of standard input, which the service holds open: one that was killed leaves no screen behind."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
