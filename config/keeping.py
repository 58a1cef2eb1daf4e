"""Where an office's files are kept, from its settings: captured pages and what people upload, in folders or buckets."""

from __future__ import annotations

import fcntl
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from config.settings import Settings
from config.values import Bucket
from index.attachments import Attachments
from index.errors import ConfigError, KiemTinError
from index.shared_errors import FilesRefused, FilesUnavailable
from index.snapshots import Snapshots
from index.store import Folder, Relay, Store

EVERY: Final = timedelta(seconds=10)
"""How often it is looked whether files wait for their bucket."""
_LOCK: Final = "delivery.lock"
_log = logging.getLogger(__name__)


def keeper(settings: Settings) -> Snapshots:
    """Where pages are captured: a folder always, so that no page waits for the network or is lost with it."""
    return Snapshots(Folder(settings.snapshots_folder))


def snapshots(settings: Settings) -> Snapshots:
    return Snapshots(relays(settings).get("snapshots") or Folder(settings.snapshots_folder))


def attachments(settings: Settings) -> Attachments:
    return Attachments(relays(settings).get("attachments") or Folder(settings.attachments_folder))


def relays(settings: Settings) -> Mapping[str, Relay]:
    """By their settings, the buckets that the office has, each with the folder whose files wait for it.

    Raises `ConfigError` where the settings do not say how a bucket is reached, and `FilesRefused` where this machine
    lacks the library.
    """
    places = {
        "attachments": (settings.attachments, settings.attachments_folder),
        "snapshots": (settings.snapshots, settings.snapshots_folder),
    }
    return {
        key: Relay(Folder(folder), _bucket(settings, place))
        for key, (place, folder) in places.items()
        if isinstance(place, Bucket)
    }


def _bucket(settings: Settings, bucket: Bucket) -> Store:
    asked = settings.s3
    for key, said, allowed in (
        ("s3.endpoint", asked.endpoint, "http(s)://host[:port]"),
        ("s3.access_key", asked.access_key, "s3.access_key_file: PATH"),
        ("s3.secret_key", asked.secret_key, "s3.secret_key_file: PATH"),
    ):
        if not said:
            raise ConfigError(file=settings.origins[key], key=key, found="", allowed=allowed)
    try:
        from index.s3 import S3, Access  # noqa: PLC0415  an office without a bucket never loads its library
    except ImportError as error:
        raise FilesRefused(place=str(bucket), problem="driver", why=str(error)) from error
    access = Access(
        endpoint=asked.endpoint,
        region=asked.region,
        access_key=asked.access_key,
        secret_key=asked.secret_key,
        ca_file=settings.home / asked.ca_file if asked.ca_file else None,
    )
    return S3(access, bucket.name, bucket.prefix)


# --- delivery -----------------------------------------------------------------------------------------------------


class Delivery:
    """Sends what waits in a home to its buckets; one process of the home at a time."""

    def __init__(self, settings: Settings) -> None:
        """Raises what `relays` raises."""
        self._relays = relays(settings)
        self._lock = settings.home / _LOCK

    def __bool__(self) -> bool:
        """Is there anything that files could wait for?"""
        return bool(self._relays)

    def deliver(self, told_to_stop: Callable[[], bool] = lambda: False) -> int:
        """Send what waits, unless another process is about it; how many files went.

        Raises `FilesUnavailable` or `FilesRefused` once every bucket was tried; what did not go still waits.
        """
        count = 0
        failed: FilesUnavailable | FilesRefused | None = None
        with _if_nobody_else(self._lock) as mine:
            for relay in self._relays.values() if mine else ():
                try:
                    count += relay.deliver(told_to_stop)
                except (FilesUnavailable, FilesRefused) as error:
                    failed = error
        if failed is not None:
            raise failed
        return count


@contextmanager
def delivering(settings: Settings) -> Iterator[None]:
    """Deliver beside what the block does, again and again. Raises what `relays` raises."""
    delivery, stopping = Delivery(settings), threading.Event()

    def deliver() -> None:
        while not stopping.wait(EVERY.total_seconds()):
            try:
                delivery.deliver(stopping.is_set)
            except KiemTinError as error:
                _log.error("files wait: %s", error)

    if not delivery:
        yield
        return
    thread = threading.Thread(target=deliver, name="delivery")
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


@contextmanager
def _if_nobody_else(lock: Path) -> Iterator[bool]:
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
