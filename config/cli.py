"""The entrance of `kiemtin`: whoever interrupts it, even while it loads, gets a sentence and the status 130."""

from __future__ import annotations

import sys

INTERRUPTED = 130


def main() -> None:
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit status of one call."""
    try:
        from config.commands.calling import run as call  # noqa: PLC0415  loading takes long enough to be interrupted

        return call(arguments)
    except KeyboardInterrupt:
        from config import messages  # noqa: PLC0415

        sys.stderr.write(f"{messages.INTERRUPTED}\n")
        return INTERRUPTED


if __name__ == "__main__":
    main()
