"""How the crawler starts its processes."""

from __future__ import annotations

import multiprocessing
from typing import Final

PROCESSES: Final = multiprocessing.get_context("forkserver")
"""A clean process that has imported what is heavy and forks on demand: safe beside threads, and each round starts in
milliseconds. No process inherits the pipes of another, so each sees the end of the one that feeds it."""
PROCESSES.set_forkserver_preload(["__main__", "crawlers.engine", "crawlers.reader", "crawlers.register"])
