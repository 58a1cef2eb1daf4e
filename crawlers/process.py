"""How the crawler starts its processes."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any, Final

_CONTEXT: Final = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["crawlers.engine", "crawlers.reader", "crawlers.register"])


def start(name: str, work: Callable[..., None], *values: Any) -> tuple[BaseProcess, Connection]:
    """Start `work(connection, *values)` in a process of its own; it and the near end of its connection.

    The process is forked from a clean one that has imported what is heavy: safe beside threads, ready in milliseconds,
    and it inherits no pipe of another, so each sees the end of the one that feeds it, whatever becomes of the rest.
    """
    near, far = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=work, args=(far, *values), name=name, daemon=True)
    # A child would first import the program that started it, a whole command line with all its rooms. It needs none of
    # that, so that program is out of sight meanwhile.
    program = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        process.start()
    finally:
        sys.modules["__main__"] = program
    far.close()
    return process, near
