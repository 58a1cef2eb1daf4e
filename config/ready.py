"""What a service tells the supervisor that started it (sd_notify(3)); nothing where there is none."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from typing import Final

READY: Final = "READY=1"
ALIVE: Final = "WATCHDOG=1"
STOPPING: Final = "STOPPING=1"


def tell(word: str, environment: Mapping[str, str] = os.environ) -> None:
    """Send one word. A supervisor that is gone is no reason to stop working."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return
    name = f"\0{address[1:]}" if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        try:
            supervisor.sendto(word.encode(), name)
        except OSError:
            return
