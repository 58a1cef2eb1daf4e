"""Serve invented offices, each in a process of its own that begins with everything loaded.

`python -m tests.browser.serve` reads a line for each office, in JSON: its home, the port and the file for what is
printed; it answers with the number of the process. It ends with its standard input, and its offices with it.

A dashboard started anew spends seconds of both cores on importing libraries; a hundred tests that each want an office
of their own would spend most of their time on that. The real start is held by the tests of the service.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Final

from dashboard import screen
from dashboard.office import Office
from tests.browser import invented

_LOADED: Final = ("altair", "dashboard.app", "pandas", "pyarrow", "streamlit.web.server.starlette", "uvicorn")
"""What a first look at a page would load; no thread is started by it, so that the process may be forked."""


def serve(home: Path, port: int) -> None:
    desk, archive = invented.open_desk(home)
    office = Office(
        name=invented.PROVINCE_NAME,
        places=invented.PLACES,
        collectors=("feed", "pages", "sitemap"),
        desk=desk,
        archive=archive,
    )
    screen.serve(office, address="127.0.0.1", port=port)


def main() -> None:
    for name in _LOADED:
        import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # what has ended leaves nothing behind
    begun: list[int] = []
    for line in sys.stdin:
        home, port, log = json.loads(line)
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            printed = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            for standard in (1, 2):
                os.dup2(printed, standard)
            sys.stdin.close()
            serve(Path(home), port)
            return
        begun.append(child)
        print(child, flush=True)  # noqa: T201  (the answer to the line)
    for child in begun:
        try:
            os.kill(child, signal.SIGTERM)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
