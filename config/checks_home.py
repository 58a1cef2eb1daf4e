"""What may be wrong with an office's folder, its disk and its settings."""

from __future__ import annotations

import ipaddress
import os
import shlex
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from config import doctor_messages as words
from config import law, saving
from config.check import Check, check
from config.settings import COMMAND_LINE, SECRETS, SETTINGS_FILE, Settings
from index.address import is_allowed
from index.errors import ConfigError
from index.source import Source

LEAST_FREE: Final = 2 * 1024**3
FEWEST_FILES: Final = 10_000
"""So many files a disk must still take: snapshots are many small ones."""
LEAST_DELAY: Final = 1.0
_OTHERS: Final = 0o077
_NAMED: Final = 5


def home(settings: Settings) -> Iterator[Check]:
    yield _permissions(settings)
    yield _owner(settings)
    yield _disk(settings)
    unconfirmed = ", ".join(clock.id for clock in law.unconfirmed())
    yield check("law", True, settings, count=len(law.clocks()), unconfirmed=unconfirmed)
    yield _exposed(settings)


def is_near(host: str) -> bool:
    """Does a name or number mean this machine alone?"""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _permissions(settings: Settings) -> Check:
    """Only what nobody else on the machine may read: inside a closed home everything is closed."""
    folders = (settings.snapshots_folder, settings.attachments_folder)
    outside = [folder for folder in folders if not saving.is_inside(folder, settings.home) and folder.exists()]
    places = [settings.home, *outside]
    file = settings.home / SETTINGS_FILE
    if any(settings.origins[key] == str(file) for key in SECRETS):
        places.append(file)
    places += _backups(settings)
    opened = [place for place in places if place.stat().st_mode & _OTHERS]
    said = words.OPEN_TO_OTHERS.format(paths=", ".join(map(str, opened[:_NAMED]))) if opened else words.CLOSED
    return check("permissions", not opened, settings, said=said, paths=shlex.join(map(str, opened)))


def _backups(settings: Settings) -> Sequence[Path]:
    """Those in the folder of the scheduled ones, where there is one that can be used."""
    try:
        folder = saving.folder_of(settings)
    except ConfigError:  # told where the backups are looked at
        return ()
    return () if folder is None else sorted(saving.made(settings, folder).values())


def _owner(settings: Settings) -> Check:
    """A command that somebody ran as another user leaves files that the service cannot write."""
    owner = settings.home.stat().st_uid
    strangers = sorted(file.name for file in settings.home.iterdir() if file.lstat().st_uid != owner)
    said = words.OTHER_OWNERS.format(names=", ".join(strangers[:_NAMED])) if strangers else words.ONE_OWNER
    return check("owner", not strangers, settings, said=said)


def _disk(settings: Settings) -> Check:
    """Every disk that the office writes to: the fullest is told."""
    told = [Path(settings.backup.folder)] if settings.backup.folder else []
    places = [
        place
        for place in (settings.home, settings.snapshots_folder, settings.attachments_folder, *told)
        if place.exists()
    ]
    fullest = min(places, key=lambda place: shutil.disk_usage(place).free)
    free = shutil.disk_usage(fullest).free
    counted = [(os.statvfs(place), place) for place in places]
    files, crowded = min(((disk.f_favail, place) for disk, place in counted if disk.f_files), default=(None, fullest))
    said = [words.FREE.format(place=fullest, free=f"{free / 1024**3:.1f}")]
    few = files is not None and files < FEWEST_FILES
    if few:
        said.append(words.NO_ROOM_FOR_FILES.format(place=crowded, count=files))
    return check("disk", free >= LEAST_FREE and not few, settings, said="; ".join(said))


def _exposed(settings: Settings) -> Check:
    """A page that others reach must come through TLS; a proxy in front is known by the address that people use."""
    screen = settings.dashboard
    public = urlsplit(screen.public_url)
    alone = is_near(screen.address) and (not screen.public_url or is_near(public.hostname or ""))
    behind = words.BEHIND.format(url=screen.public_url) if screen.public_url else ""
    return check("exposed", alone or public.scheme == "https", settings, address=screen.address, behind=behind)


# --- settings that work and should not be so ----------------------------------------------------------------------


def weak(settings: Settings, sources: Sequence[Source]) -> Check:
    said = [*_secrets_shown(settings), *_in_the_clear(settings), *_impolite(settings, sources)]
    file = settings.home / SETTINGS_FILE
    return check("weak", not said, settings, said="; ".join(said) or words.NOTHING_WEAK, file=shlex.quote(str(file)))


def _secrets_shown(settings: Settings) -> Iterator[str]:
    for key in sorted(SECRETS):
        if settings.origins[key] == COMMAND_LINE:
            yield words.SHOWN_IN_COMMAND.format(key=key)


def _in_the_clear(settings: Settings) -> Iterator[str]:
    """Servers that are asked over the network; of PostgreSQL its own check speaks."""
    elastic, redis, s3 = settings.elasticsearch, settings.redis, settings.s3
    servers = (
        ("archive", settings.archive, "https", elastic.api_key or elastic.password, "elasticsearch.api_key"),
        ("redis.address", redis.address, "rediss", redis.password, "redis.password"),
        ("s3.endpoint", s3.endpoint, "https", s3.secret_key, "s3.secret_key"),
    )
    for key, address, secure, secret, name in servers:
        parts = urlsplit(address)
        if not parts.hostname or is_near(parts.hostname):
            continue
        if parts.scheme != secure:
            yield words.IN_THE_CLEAR.format(key=key, address=address, secure=f"{secure}://")
        if not secret:
            yield words.NOT_ASKED_WHO.format(key=key, address=address, secret=name)


def _impolite(settings: Settings, sources: Sequence[Source]) -> Iterator[str]:
    fetch = settings.fetch
    asked = [urlsplit(source.url) for source in sources]
    foreign = [url for url in asked if not is_allowed(url.hostname or "", url.port or 0, fetch.allow_hosts)]
    if fetch.delay < LEAST_DELAY and foreign:
        yield words.IMPOLITE.format(delay=f"{fetch.delay:g}", least=f"{LEAST_DELAY:g}")
