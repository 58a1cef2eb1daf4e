"""The archive on Elasticsearch, from the settings of an office: opened, made, migrated, carried over.

Imported late, and only where `archive` is an address: its client takes a second to load.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Final

from config.settings import Settings
from index import elastic_state
from index.archive_copy import Source, Target
from index.archive_copy_elastic import ElasticSide, refuse_unfinished
from index.archive_copy_sqlite import SqliteSide
from index.elastic import ElasticArchive
from index.elastic_client import Login, connect, our_errors
from index.elastic_indices import Index, Indices, Kind, Size
from index.elastic_migrate import Migration
from index.elastic_rest import Rest
from index.elastic_server import Server
from index.elastic_state import State
from index.errors import ArchiveRefused, ConfigError, FileMissing
from index.set_aside import Drawer

SET_ASIDE: Final = "set-aside"
"""The folder of a home where articles lie that the server does not take."""


def open_archive(settings: Settings, *, may_be_away: bool = False) -> ElasticArchive:
    """Raises `ArchiveRefused` where there is none: it is made by `create`, not by whoever comes first."""
    return ElasticArchive(
        _address(settings),
        login=_login(settings),
        index_prefix=settings.elasticsearch.index_prefix,
        must_exist=True,
        set_aside=drawer(settings),
        may_be_away=may_be_away,
    )


def state(settings: Settings) -> tuple[State, int]:
    """How the server is doing, and how many articles it did not take. Raises what `open_archive` does."""
    address = _address(settings)
    with closing(connect(address, _login(settings), Rest())) as client, our_errors(address):
        found = elastic_state.state(client, settings.elasticsearch.index_prefix)
    return found, sum(1 for _ in drawer(settings).held())


def drawer(settings: Settings) -> Drawer:
    return Drawer(settings.home / SET_ASIDE)


def create(settings: Settings, size: Size) -> Mapping[Kind, Index]:
    """Raises `ArchiveRefused` where an archive is there."""
    address = _address(settings)
    with closing(connect(address, _login(settings))) as client:
        return Indices(client, address, settings.elasticsearch.index_prefix).create(size)


@contextmanager
def migration(settings: Settings, size: Size | None) -> Iterator[Migration]:
    with closing(
        Migration(_address(settings), _login(settings), settings.elasticsearch.index_prefix, size)
    ) as migration:
        yield migration


@contextmanager
def carrying(settings: Settings, *, to_server: bool) -> Iterator[tuple[Source, Target]]:
    """An archive that is to be carried over, and where to: from the home's file to the server, or back.

    Raises `FileMissing` where there is no file to carry, `ArchiveRefused` where there is no archive on the server.
    """
    if to_server and not settings.archive_file.exists():
        raise FileMissing(file=str(settings.archive_file))
    prefix = settings.elasticsearch.index_prefix
    with (
        closing(Server(_address(settings), _login(settings), prefix, must_exist=True)) as server,
        closing(SqliteSide(settings.archive_file)) as file,
    ):
        served = ElasticSide(server)
        if to_server:
            yield file, served
            return
        refuse_unfinished(server)
        served.finish_rulings()
        yield served, file


def _address(settings: Settings) -> str:
    if settings.archive == "sqlite":
        raise ConfigError(
            file=settings.origins["archive"], key="archive", found=settings.archive, allowed="https://host:9200"
        )
    return settings.archive


def _login(settings: Settings) -> Login:
    """Raises `ConfigError` where two ways to sign in are set, or one half of a way, and `ArchiveRefused` for an
    authority that could not be asked for."""
    elastic = settings.elasticsearch
    if elastic.api_key and elastic.user:
        raise _wrong(settings, "user", "elasticsearch.api_key | elasticsearch.user")
    if bool(elastic.user) != bool(elastic.password):
        missing = "password" if elastic.user else "user"
        raise _wrong(settings, missing, "elasticsearch.user + elasticsearch.password_file")
    if elastic.ca_file and settings.archive.startswith("http:"):
        raise ArchiveRefused(place=settings.archive, problem="ca_without_tls")
    return Login(
        api_key=elastic.api_key or None,
        user=elastic.user or None,
        password=elastic.password or None,
        ca_file=settings.home / elastic.ca_file if elastic.ca_file else None,
    )


def _wrong(settings: Settings, name: str, allowed: str) -> ConfigError:
    key = f"elasticsearch.{name}"
    return ConfigError(file=settings.origins[key], key=key, found="", allowed=allowed)
