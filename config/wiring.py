"""The one place that plugs the rooms together, from the settings of an office."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from classifier.review import NO_CAUTION, Ahead, Caution, ReviewTally, nobody, review_pending
from config import gazetteer, keeping, knowledge, paging, profile, sharing
from config.naming import foreign_private_names, private_names
from config.settings import Settings
from config.typed import read_yaml
from crawlers.collector import Collector
from crawlers.dates import DateWords
from crawlers.engine import FetchSettings
from crawlers.newsroom.server import Newsroom
from crawlers.register import collectors
from crawlers.round import RoundSettings, run_round
from crawlers.schedule import Tiers, due
from desk.desk import Desk
from desk.editions import Editions
from desk.intake import take_in
from desk.routing import Agency
from index.archive import Archive, CrawlerArchive
from index.casebook import Casebook
from index.casebook_postgres import Database
from index.elastic_state import State
from index.errors import CasebookDamaged, ConfigError, FileMissing, ServiceRuns
from index.model import SourceId
from index.source import Outcome, Source, Visit, VisitId
from index.sqlite import SqliteArchive

FOLDERS: Final = ("snapshots", "attachments", "reports", "exports", "logs", "models")
NEWSROOM: Final = Path(__file__).parent / "newsroom"
ROUND_LOCK: Final = "round.lock"
_REVIEW_LOCK: Final = "review.lock"
_PAGES_LOCK: Final = "pages.lock"
_SERVICE_LOCK: Final = "service.lock"
_DATES: Final = Path(__file__).parent / "dates.yaml"


def clock() -> datetime:
    return datetime.now(UTC)


# --- stores -------------------------------------------------------------------------------------------------------


def make_folders(home: Path) -> None:
    """The folders of a home, its owner's alone."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    for folder in FOLDERS:
        (home / folder).mkdir(exist_ok=True)


def open_archive(settings: Settings, *, may_be_away: bool = False) -> Archive:
    """Raises `FileMissing` where pages were captured, so that there was an archive, and its file is gone.

    `may_be_away`: a server that cannot be reached yet is opened by whoever asks it when it can.
    """
    if settings.archive == "sqlite":
        if not settings.archive_file.exists() and any(settings.snapshots_folder.glob("[0-9]*")):
            raise FileMissing(file=str(settings.archive_file))
        return SqliteArchive(settings.archive_file)
    from config import elastic  # noqa: PLC0415  its client takes a second to load

    return elastic.open_archive(settings, may_be_away=may_be_away)


def archive_server(settings: Settings) -> tuple[State, int]:
    """How the server is doing that the archive lies on, and how many articles it did not take."""
    from config import elastic  # noqa: PLC0415

    return elastic.state(settings)


def open_casebook(settings: Settings) -> Casebook:
    """A home is made with its casebook, and a database gets its own by a copy: where there is none, none is made.

    Raises `FileMissing` where the file is gone, `CasebookDamaged` where it is empty, `CasebookRefused` for a database
    without a casebook.
    """
    if settings.casebook != "sqlite":
        return Casebook.open(database(settings), must_exist=True)
    return _casebook_in(settings.casebook_file)


def _casebook_in(file: Path) -> Casebook:
    if not file.exists():
        raise FileMissing(file=str(file))
    if not file.stat().st_size:
        raise CasebookDamaged(file=str(file), why="empty")
    return Casebook.open(file)


def database(settings: Settings) -> Database:
    """The PostgreSQL database that `casebook` names."""
    asked = settings.postgresql
    return Database(
        address=settings.casebook,
        user=asked.user,
        password=asked.password,
        ca_file=settings.home / asked.ca_file if asked.ca_file else None,
    )


@contextmanager
def carrying_casebook(settings: Settings, *, to_server: bool) -> Iterator[tuple[Casebook, Path | Database]]:
    """A casebook that is to be carried over, and where to: from the home's file to the database, or back.

    No service of this home runs meanwhile. A file that was begun in vain is taken away again. Raises `ConfigError`
    where `casebook` names no database, `ServiceRuns`, and what `open_casebook` raises.
    """
    if settings.casebook == "sqlite":
        raise ConfigError(
            file=settings.origins["casebook"],
            key="casebook",
            found=settings.casebook,
            allowed="postgresql://host[:port]/database",
        )
    file, server = settings.casebook_file, database(settings)
    was_there = file.exists()
    with only_service(settings), _casebook_in(file) if to_server else Casebook.open(server, must_exist=True) as source:
        try:
            yield source, server if to_server else file
        except BaseException:
            if not was_there:
                for left in ("", "-wal", "-shm"):
                    Path(f"{file}{left}").unlink(missing_ok=True)
            raise


@contextmanager
def only_service(settings: Settings) -> Iterator[None]:
    """Be the only service of a home. Raises `ServiceRuns`; the system lets go of the home of one that was killed."""
    with (settings.home / _SERVICE_LOCK).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise ServiceRuns(home=str(settings.home), pid=file.read().strip()) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def alone(settings: Settings, lock: str) -> Iterator[None]:
    """Wait until no other process of the home is inside, and none of another machine that has the same casebook.

    The system and the server let go of the lock of one that was killed.
    """
    with (settings.home / lock).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if settings.casebook == "sqlite":
            yield
            return
        with open_casebook(settings) as casebook, casebook.alone(f"{settings.province} {lock}"):
            yield


# --- collecting ---------------------------------------------------------------------------------------------------


@cache
def every_collector() -> Mapping[str, Collector]:
    return collectors(read_yaml(_DATES, DateWords))


def fetch_settings(settings: Settings) -> FetchSettings:
    fetch = settings.fetch
    return FetchSettings(
        user_agent=fetch.user_agent,
        contact=fetch.contact,
        delay=fetch.delay,
        timeout=fetch.timeout,
        max_bytes=fetch.max_bytes,
        allow_hosts=fetch.allow_hosts,
    )


def round_settings(settings: Settings, budget: timedelta | None = None) -> RoundSettings:
    schedule = settings.schedule
    tiers = Tiers(tier1=schedule.tier1, tier2=schedule.tier2, tier3=schedule.tier3)
    manners = settings.home / "manners.json"
    return RoundSettings(
        fetch=fetch_settings(settings),
        tiers=tiers,
        budget=budget,
        manners=manners,
        turns=sharing.host_turns(settings),
    )


def sources_to_read(
    settings: Settings,
    archive: CrawlerArchive,
    casebook: Casebook,
    *,
    only: Collection[SourceId] = (),
    due_now: bool = False,
) -> list[Source]:
    """The sources of a round: those named (also if they are switched off), else all enabled ones, or those due.

    Raises `SourceNotFound` for a name that the register does not have.
    """
    with casebook.read(settings.province) as book:
        if only:
            return [book.register.get(source_id).source for source_id in only]
        enabled = [registered.source for registered in book.register.all() if registered.source.enabled]
    return _due(archive, enabled) if due_now else enabled


def _due(archive: CrawlerArchive, sources: Sequence[Source]) -> list[Source]:
    return due(sources, {source.id: archive.checkpoint(source.id) for source in sources}, clock())


def collect(
    settings: Settings,
    archive: CrawlerArchive,
    sources: list[Source],
    *,
    visits: Collection[VisitId] | None = None,
    due_now: bool = False,
    budget: timedelta | None = None,
    told_to_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Outcome]:
    """One round over the sources and the visits that are due (or those of them that are named), alone.

    On one machine that is after the round that is running, if one is: two at once would each keep the delay to a host,
    and together break it. Where several machines share the work, they ask a host by turns, and what another reads at
    the moment is left to it. With `due_now` the round leaves out what was read meanwhile.
    """
    with _reading(settings, sources, _visits_due(archive, visits)) as (mine, looked_at):
        yield from run_round(
            _due(archive, mine) if due_now else mine,
            _visits_due(archive, looked_at),
            archive=archive,
            collectors=every_collector(),
            settings=round_settings(settings, budget),
            clock=clock,
            keeper=keeping.keeper(settings),
            told_to_stop=told_to_stop,
        )


def _visits_due(archive: CrawlerArchive, only: Collection[VisitId] | None) -> Sequence[Visit]:
    return [visit for visit in archive.visits_due(clock()) if only is None or visit.id in only]


@contextmanager
def _reading(
    settings: Settings, sources: list[Source], visits: Sequence[Visit]
) -> Iterator[tuple[list[Source], Collection[VisitId] | None]]:
    """The sources and visits that nobody else reads at the same time; None: all visits that are due then."""
    if not sharing.is_shared(settings):
        with alone(settings, ROUND_LOCK):
            yield sources, None
        return
    named = {f"source:{source.id}": source for source in sources}
    asked = {f"visit:{visit.id}": visit.id for visit in visits}
    with sharing.leases(settings).held([*named, *asked]) as mine:
        yield [source for name, source in named.items() if name in mine], {asked[n] for n in asked if n in mine}


def round_is_running(settings: Settings) -> bool:
    with (settings.home / ROUND_LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


# --- reviewing ----------------------------------------------------------------------------------------------------


def review(
    settings: Settings,
    archive: Archive,
    casebook: Casebook,
    *,
    everything: bool = False,
    caution: Caution = NO_CAUTION,
    ahead: Ahead = nobody,
) -> tuple[ReviewTally, int]:
    """Review what is pending, group it, and take what is flagged in as cases; the tally, and how many cases are new.

    One at a time in a province: each holds a picture of the stories that another would overwrite.
    """
    with casebook.read(settings.province) as book:
        sources = {registered.source.id: registered.source for registered in book.register.all()}
    classifier = knowledge.classifier(settings.province)
    with only_reviewer(settings):
        tally = review_pending(
            archive, classifier, now=clock(), sources=sources, everything=everything, caution=caution, ahead=ahead
        )
        return tally, take_in(archive, casebook, settings.province, clock())


@contextmanager
def only_reviewer(settings: Settings) -> Iterator[None]:
    """Wait until nobody else reviews what is pending in the province."""
    if not sharing.is_shared(settings):
        with alone(settings, _REVIEW_LOCK):
            yield
        return
    with sharing.leases(settings).waited_for(f"review:{settings.province}"):
        yield


# --- the desk -----------------------------------------------------------------------------------------------------


def open_desk(settings: Settings) -> Desk:
    """One province's desk over its archive and casebook; the process that opens it keeps it until it ends."""
    archive, casebook = open_archive(settings, may_be_away=True), open_casebook(settings)
    return Desk(
        archive=archive,
        casebook=casebook,
        province=settings.province,
        agencies=agencies(settings),
        attachments=keeping.attachments(settings),
        summaries=daily_pages(settings, archive, casebook),
        names=private_names(settings.province),
        foreign_names=foreign_private_names(settings.province),
    )


def daily_pages(settings: Settings, archive: Archive, casebook: Casebook) -> Editions:
    return paging.editions(
        archive,
        casebook,
        settings.province,
        agencies(settings),
        folder=settings.home / "reports",
        ready=settings.report.daily_at,
    )


@contextmanager
def making_pages(settings: Settings) -> Iterator[None]:
    """One process of the home at a time puts daily pages together."""
    with alone(settings, _PAGES_LOCK):
        yield


def agencies(settings: Settings) -> Sequence[Agency]:
    return [Agency(id=row.id, name=row.name, topics=row.topics) for row in profile.agencies(settings.province)]


def title(settings: Settings) -> str:
    """The name that stands over an office's screens."""
    province = profile.province(settings.province)
    return f"{province.kind} {province.name}"


def places(settings: Settings) -> Sequence[str]:
    """Names of the province's present units."""
    return gazetteer.unit_names(settings.province)


# --- the local newsroom -------------------------------------------------------------------------------------------


def written_week(start: datetime, speed: float, port: int) -> Newsroom:
    return Newsroom.week(NEWSROOM, start=start, speed=speed, port=port, clock=clock)


def replay(file: Path, outlets: int, port: int) -> Newsroom:
    return Newsroom.replay(file, folder=NEWSROOM, outlets=outlets, port=port, clock=clock)
