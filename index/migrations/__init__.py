"""How the casebook's tables came to be, one revision a change; run by `Casebook.open`."""

from __future__ import annotations

from pathlib import Path

from alembic.script import ScriptDirectory


def versions() -> tuple[str, ...]:
    """The versions of the tables that this program knows, the present one last."""
    return tuple(script.revision for script in ScriptDirectory(str(Path(__file__).parent)).walk_revisions())[::-1]
