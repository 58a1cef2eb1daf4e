"""Makes the backup that later versions are held to: `python -m tests.make_backup_fixture`, at each release, once.

What a released version wrote is never written again; a new release adds a file of its own.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.saved import back_up, furnish

FOLDER: Final = Path(__file__).parent / "fixtures" / "backup"


def main() -> None:
    file = FOLDER / f"kiemtin-{version('kiemtin')}.tar.gz"
    with TemporaryDirectory() as folder:
        back_up(furnish(Path(folder) / "home"), file)
    file.chmod(0o644)


if __name__ == "__main__":
    main()
