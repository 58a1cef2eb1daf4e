"""The Redis over which several machines share the work, from the settings; loaded where there is one to reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.settings import Settings
from index.errors import ConfigError
from index.shared_errors import QueueUnavailable

if TYPE_CHECKING:
    from config.leases import HostTurns, Leases, Server
    from config.queues import Queues


def is_shared(settings: Settings) -> bool:
    """Do several machines share the work?"""
    return bool(settings.redis.address)


def server(settings: Settings) -> Server:
    """Raises `ConfigError` where no address is set or the file of the authority cannot be read, and
    `QueueUnavailable` where this machine lacks the library."""
    asked = settings.redis
    if not asked.address:
        raise ConfigError(
            file=settings.origins["redis.address"], key="redis.address", found="", allowed="redis://host[:port]"
        )
    try:
        import dramatiq  # noqa: F401, PLC0415  an office on one machine never loads it

        from config.leases import Server  # noqa: PLC0415
    except ImportError as error:
        raise QueueUnavailable(place=asked.address, problem="driver", why=str(error)) from error
    ca_file = settings.home / asked.ca_file if asked.ca_file else None
    if ca_file is not None and not ca_file.is_file():
        raise ConfigError(
            file=settings.origins["redis.ca_file"], key="redis.ca_file", found=asked.ca_file, allowed="PATH"
        )
    return Server(address=asked.address, user=asked.user, password=asked.password, ca_file=ca_file)


def leases(settings: Settings) -> Leases:
    reached = server(settings)
    from config.leases import Leases  # noqa: PLC0415

    return Leases(reached)


def host_turns(settings: Settings) -> HostTurns | None:
    """Whose turn it is to ask a host; None where no other machine asks any."""
    if not is_shared(settings):
        return None
    reached = server(settings)
    from config.leases import HostTurns  # noqa: PLC0415

    return HostTurns(reached, longest=settings.fetch.timeout)


def queues(settings: Settings) -> Queues:
    """Raises `QueueUnavailable` where nothing can be handed out."""
    reached = server(settings)
    reached.check()
    from config.queues import Queues  # noqa: PLC0415

    return Queues(reached, settings.province)
