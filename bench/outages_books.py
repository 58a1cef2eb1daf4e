"""PostgreSQL stopped while people decide and the machine reviews, and disks that are full under a home's own stores."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import yaml

from bench import faults
from bench.measure import progress
from bench.outage import Errors, Outage
from bench.outages_elastic import fill, small_disk
from bench.outages_shared import OUTLETS, news
from config import keeping, settings, wiring
from config.settings import Settings
from crawlers.newsroom.server import Newsroom
from index.account import CONSOLE
from index.casebook import Casebook
from tests import postgres, working
from tests.faults.no_room import add_account, keep_page
from tests.killed_writer import BATCH, batch
from tests.working import PROVINCE

_DISK: Final = 24
"""Megabytes of a disk under a home's stores."""
_ROOM: Final = 2
_PAGE: Final = 100_000
_PATIENCE: Final = 600.0


def postgres_stopped(folder: Path, times: int) -> Iterator[Outage]:
    """As if its machine lost its power (SIGQUIT), while an officer decides and the service reads, reviews and takes in
    what is flagged."""
    folder.mkdir(parents=True)
    chance = random.Random(4)
    articles = working.reprints(10 * times)
    with (
        postgres.serving(durable=True) as server,
        wiring.replay(news(folder, articles), OUTLETS, 0) as room,
    ):
        Casebook.open(server.make("office")).close()
        office = _home(folder / "home", server.address("office"), room)
        with faults.Crew(office, 4, "--no-dashboard") as crew:
            for number in range(times):
                acts = len(crew.said)
                faults.until(lambda: _has_acted(crew, acts), _PATIENCE)  # noqa: B023  asked at once
                time.sleep(chance.uniform(0.0, 3.0))
                server.stop(signal.SIGQUIT)
                time.sleep(chance.uniform(0.0, 1.0))
                server.start()
                progress(f"PostgreSQL stopped {number + 1} times, {len(crew.said)} acts acknowledged")
            crew.muster()
            faults.until(lambda: faults.at_rest(office, len(articles)), _PATIENCE)
            crew.dismiss_officer()
            rested = faults.until(lambda: faults.at_rest(office, len(articles)), _PATIENCE)
            rested &= crew.end_service() == 0
        yield _left(office, crew, times, rested=rested)


def _has_acted(crew: faults.Crew, before: int) -> bool:
    crew.muster()
    return len(crew.said) > before


def _home(home: Path, casebook: str, room: Newsroom) -> Settings:
    wiring.make_folders(home)
    document = {
        "province": str(PROVINCE),
        "casebook": casebook,
        "postgresql": {"user": postgres.OWNER},
        "fetch": {"delay": working.DELAY, "allow_hosts": list(room.allow_hosts())},
        "schedule": {"tier1": "5s", "tier2": "5s", "tier3": "5s", "review_every": "1s"},
    }
    (home / settings.SETTINGS_FILE).write_text(yaml.safe_dump(document), encoding="utf-8")
    office = settings.load(home, environment={})
    with wiring.open_casebook(office) as opened, opened.write(PROVINCE) as book:
        book.register.declare(room.sources(), by=CONSOLE.name, at=wiring.clock())
    return office


def _left(office: Settings, crew: faults.Crew, times: int, *, rested: bool) -> Outage:
    with (
        wiring.open_archive(office) as archive,
        wiring.open_casebook(office) as casebook,
        casebook.read(PROVINCE) as book,
    ):
        found = {what: amiss for what, _, amiss in faults.of_casebook(archive, book, crew.said)}
        cases = len(book.cases.stories())
    lost = [what for what in found if what.endswith("acknowledged, lost")]
    (without,) = (what for what in found if what.startswith("stories that need a case"))
    others = found.keys() - {*lost, without}
    return Outage(
        tried="PostgreSQL: immediate stop while an officer decides and the service reviews",
        times=times,
        acknowledged=len(crew.said),
        of="acts of people",
        lost=sum(found[what] for what in lost) + (not rested),
        doubled=sum(found[what] for what in others),
        open_stories=found[without],
        told=f"{cases} cases. Doubled: {'; '.join(sorted(others))}.",
    )


# --- no room ----------------------------------------------------------------------------------------------------------


def disk_full(folder: Path, times: int) -> Iterator[Outage]:
    """Archive, casebook and snapshots of a home on a disk of their own, which is filled by something else, and emptied
    again; each is written to until it is refused, and goes on without being opened anew."""
    acknowledged = missing = more = 0
    errors = Errors()
    for number in range(times):
        with small_disk(folder / f"disk-{number}", _DISK) as disk:
            kept, lost, doubled = _written(disk, errors)
        acknowledged, missing, more = acknowledged + kept, missing + lost, more + doubled
    yield Outage(
        tried="Disk full under archive, casebook and snapshots of a home, then emptied",
        times=times * 3,
        acknowledged=acknowledged,
        of="articles, accounts and pages",
        lost=missing,
        doubled=more,
        told=errors.in_words(),
    )


def _written(disk: Path, errors: Errors) -> tuple[int, int, int]:
    """What was acknowledged; how much of it is not there, and how much is there twice."""
    home = disk / "home"
    wiring.make_folders(home)
    (home / settings.SETTINGS_FILE).write_text(f"province: {PROVINCE}\n", encoding="utf-8")
    office = settings.load(home, environment={})
    Casebook.open(office.casebook_file).close()
    snapshots, kept = keeping.snapshots(office), list[str]()
    with wiring.open_archive(office) as archive, wiring.open_casebook(office) as casebook:
        batches = _until_full(disk, lambda number: archive.add(batch(number)), errors)
        accounts = _until_full(disk, partial(add_account, casebook), errors)
        _until_full(disk, lambda number: kept.append(keep_page(snapshots, number, size=_PAGE)), errors)
    with wiring.open_archive(office) as archive, wiring.open_casebook(office) as casebook:
        held = Counter(one.article.url for one in archive.stored(PROVINCE))
        with casebook.read(PROVINCE) as book:
            named = Counter(account.name for account in book.staff.accounts())
    lost = BATCH * batches - len(held) + accounts - len(named)
    lost += sum(not keeping.snapshots(office).read(name).body for name in kept)
    return BATCH * batches + accounts + len(kept), lost, (held + named).total() - len(held) - len(named)


def _until_full(disk: Path, write: Callable[[int], object], errors: Errors) -> int:
    """How many writes were acknowledged: until the disk was full, and the one that was refused once it had room."""
    done = 0

    def step() -> None:
        nonlocal done
        write(done)
        done += 1

    ballast = fill(disk, leaving=_ROOM)
    errors.until_refused(step)
    ballast.unlink()
    errors.until_done(step)
    return done
