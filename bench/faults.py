"""Kill the service's processes at random moments over a crawl with reviews and decisions, and count what is there.

    python -m bench.faults [FILE.jsonl.gz] --each 100

The service is the command `kiemtin run` on a home of its own, reading the local newsroom; an officer in a process of
its own decides through the desk and adds tips. Each kind of process is killed so often with SIGKILL; what a supervisor
would start again is started again. After the last kill all is left to come to rest and held against what was served
and what was acknowledged; the section for docs/performance.md is printed. Ends with 1 if anything was lost or doubled,
or if a file is not sound.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import yaml

from bench import home as homes
from bench.measure import NEWS, Circumstances, progress, table
from bench.officer import OFFICER
from config import keeping, knowledge, settings, wiring
from config.settings import Settings
from crawlers.newsroom.replay import Replay
from crawlers.newsroom.server import Newsroom
from desk.cards import is_undecided
from index.account import CONSOLE
from index.archive import Archive
from index.case import Case
from index.casebook import Book, Casebook
from index.model import Article, ProvinceId, Standing, StoryId
from index.tip import BY_HAND, TipId

PROVINCE: Final = ProvinceId("tuyen-quang")
KINDS: Final = ("service", "engine or reader", "review", "dashboard", "officer", "helper")
"""Of processes. A helper starts and tidies up after the crawl's processes."""
_PATIENCE: Final = 900.0
_APPEARS: Final = 30.0
"""Seconds that a kind of process is waited for before another is chosen."""
_WORKS: Final = 5.0
"""Seconds at most that a process is let work before it is killed."""
_LOOK: Final = 0.5
_FOLLOWED: Final = 1_000_000

Process = subprocess.Popen[bytes]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file", type=Path, nargs="?", default=NEWS)
    arguments.add_argument("--each", type=int, default=100, help="how often each kind of process is killed")
    arguments.add_argument("--articles", type=int, default=6000, help="lines of the file that are served")
    arguments.add_argument("--outlets", type=int, default=8)
    arguments.add_argument("--delay", type=float, default=0.5, help="seconds between two requests to one outlet")
    arguments.add_argument("--seed", type=int, default=1)
    asked = arguments.parse_args()
    around = Circumstances()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        file = stack.enter_context(homes.first_lines(asked.file, asked.articles))
        room = stack.enter_context(wiring.replay(file, asked.outlets, 0))
        assert isinstance(room.edition, Replay)
        served = len(room.edition)
        office = _home(folder / "home", room, asked.delay)
        started = time.monotonic()
        with Crew(office, asked.seed) as crew:
            killed = _kill(crew, asked.each, random.Random(asked.seed))
            progress(f"{killed.total()} kills in {time.monotonic() - started:.0f} s; now left to come to rest")
            crew.dismiss_officer()
            rested = until(lambda: at_rest(office, served), _PATIENCE)
            status = crew.end_service()
        found = list(_found(office, served, crew.said, clean=rested and status == 0))
    minutes = (time.monotonic() - started) / 60
    print(
        _section(around, f"{served:,} articles of {asked.outlets} outlets, seed {asked.seed}", minutes, killed, found)
    )
    return 1 if any(amiss for _, _, amiss in found) else 0


def _home(home: Path, room: Newsroom, delay: float) -> Settings:
    wiring.make_folders(home)
    document = {
        "province": str(PROVINCE),
        "fetch": {"delay": delay, "allow_hosts": list(room.allow_hosts())},
        "schedule": {"tier1": "15s", "tier2": "15s", "tier3": "15s", "review_every": "2s"},
        "dashboard": {"port": _free_port(room)},
    }
    (home / settings.SETTINGS_FILE).write_text(yaml.safe_dump(document), encoding="utf-8")
    with Casebook.open(home / settings.CASEBOOK_FILE) as casebook, casebook.write(PROVINCE) as book:
        book.register.declare(room.sources(), by=CONSOLE.name, at=wiring.clock())
    return settings.load(home, environment={})


def _free_port(room: Newsroom) -> int:
    return 1 + max(int(host.rpartition(":")[2]) for host in room.allow_hosts())


# --- those who work, and who is killed --------------------------------------------------------------------------------


class Crew:
    """The service, with these options, and the officer, started again whenever they are not there; `said` is what the
    officer said."""

    def __init__(self, office: Settings, seed: int, *options: str) -> None:
        self._home = office.home
        self._options = options
        self._seed = seed
        self._service: Process | None = None
        self._officer: Process | None = None
        self._listening: threading.Thread | None = None
        self._log = (office.home / "logs" / "service.log").open("ab")
        self.said: list[Mapping[str, str | int]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for process in (self._service, self._officer):
            if process is not None:
                process.kill()
                process.wait()
        self._log.close()

    def muster(self) -> None:
        """Start whoever is not there."""
        self._muster_service()
        if self._officer is None or self._officer.poll() is not None:
            if self._listening is not None:
                self._listening.join()
            self._seed += 1
            self._officer = self._start("bench.officer", str(self._home), str(self._seed))
            self._listening = threading.Thread(target=self._listen, args=(self._officer,))
            self._listening.start()

    def _start(self, *command: str) -> Process:
        return subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.PIPE, stderr=self._log)

    def _listen(self, officer: Process) -> None:
        assert officer.stdout is not None
        for line in officer.stdout:
            if line.endswith(b"\n"):
                self.said.append(json.loads(line))

    def there(self) -> Mapping[str, list[int]]:
        """The processes by what they do."""
        assert self._service is not None
        assert self._officer is not None
        found: dict[str, list[int]] = {"service": [self._service.pid], "officer": [self._officer.pid]}
        for pid in _descendants(self._service.pid):
            try:
                found.setdefault(_kind(pid), []).append(pid)
            except OSError:
                continue  # it ended meanwhile
        return found

    def dismiss_officer(self) -> None:
        assert self._officer is not None
        self._officer.kill()
        self._officer.wait()
        if self._listening is not None:
            self._listening.join()

    def end_service(self) -> int:
        """Tell the service to stop, as a supervisor does; its exit status."""
        self._muster_service()
        assert self._service is not None
        self._service.terminate()
        return self._service.wait(_PATIENCE)

    def _muster_service(self) -> None:
        if self._service is None or self._service.poll() is not None:
            self._service = self._start("config.cli", "run", *self._options, "--home", str(self._home))


def _descendants(pid: int) -> Iterator[int]:
    for child in _children(pid):
        yield child
        yield from _descendants(child)


def _children(pid: int) -> list[int]:
    """Of all its threads."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text(encoding="ascii").split()]
    except OSError:
        return []  # it ended meanwhile


def _kind(pid: int) -> str:
    folder = Path(f"/proc/{pid}")
    command = (folder / "cmdline").read_bytes()
    if b"dashboard.server" in command:
        return "dashboard"
    if (folder / "oom_score_adj").read_text(encoding="ascii").strip() == "1000":
        return "review"
    return "helper" if b"resource_tracker" in command or _children(pid) else "engine or reader"


def _kill(crew: Crew, each: int, chance: random.Random) -> Counter[str]:
    """Kill processes, one at a time, at moments that follow from the seed and the machine's pace."""
    killed: Counter[str] = Counter()
    started = time.monotonic()
    while left := [each - killed[kind] for kind in KINDS if killed[kind] < each]:
        (wanted,) = chance.choices([kind for kind in KINDS if killed[kind] < each], left)
        crew.muster()
        until(lambda: wanted in crew.there(), _APPEARS)  # noqa: B023  asked at once
        time.sleep(chance.uniform(0.0, _WORKS))
        there = crew.there()
        if wanted not in there:
            continue
        with contextlib.suppress(ProcessLookupError):
            os.kill(chance.choice(there[wanted]), signal.SIGKILL)
            killed[wanted] += 1
            if killed.total() % 10 == 0:
                seconds = time.monotonic() - started
                progress(f"{killed.total()} killed, {seconds:.0f} s, {len(crew.said)} acts acknowledged")
    crew.muster()
    return killed


def until(reached: Callable[[], bool], patience: float) -> bool:
    deadline = time.monotonic() + patience
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK)
    return True


def at_rest(office: Settings, served: int) -> bool:
    """Is everything read, reviewed and taken in?"""
    with wiring.open_archive(office) as archive, wiring.open_casebook(office) as casebook:
        if sum(1 for one in archive.stored(PROVINCE) if one.article.source_id != BY_HAND) < served:
            return False
        if archive.pending(PROVINCE, knowledge.classifier(PROVINCE).versions, since=None, limit=1):
            return False
        with casebook.read(PROVINCE) as book:
            mark = book.rulings.mark()
        return mark is not None and not archive.changed_since(PROVINCE, mark, limit=1)[0]


# --- what is there ----------------------------------------------------------------------------------------------------


def _found(
    office: Settings, served: int, said: Sequence[Mapping[str, str | int]], *, clean: bool
) -> Iterator[tuple[str, int, int]]:
    """What was looked at, how much of it there is, and how much of that is wrong."""
    yield "came to rest and ended when told to", 1, int(not clean)
    with wiring.open_archive(office) as archive:
        stored = [one.article for one in archive.stored(PROVINCE) if one.article.source_id != BY_HAND]
        urls = {article.url for article in stored}
        yield "articles served, lost", served, served - len(urls)
        yield "articles stored twice", len(stored), len(stored) - len(urls)
        versions = sum(len(archive.versions(article.id)) for article in stored)
        yield "versions of articles that did not change", versions, versions - len(stored)
        snapshots = keeping.snapshots(office)
        wanted = _wanted(archive, stored)
        lost = sum(article.snapshot is None for article in wanted)
        yield "articles whose snapshot must be kept, without", len(wanted), lost
        named = [article.snapshot for article in stored if article.snapshot is not None]
        yield "snapshots named, lost", len(named), sum(not snapshots.read(name).body for name in named)
        with Casebook.open(office.casebook_file) as casebook, casebook.read(PROVINCE) as book:
            yield from of_casebook(archive, book, said)
    with closing(sqlite3.connect(office.casebook_file)) as connection:
        cases, doubled = connection.execute("SELECT count(*), count(*) - count(DISTINCT story) FROM cases").fetchone()
    yield "cases, second ones of their story", cases, doubled
    for file in (office.archive_file, office.casebook_file):
        yield f"faults of {file.name}", 1, _faults(file)


def _wanted(archive: Archive, articles: Sequence[Article]) -> list[Article]:
    """Without those of other provinces, whose snapshots the service purges meanwhile."""
    reviews = archive.reviews([article.id for article in articles], PROVINCE)
    return [one for one in articles if one.id not in reviews or reviews[one.id].standing is not Standing.NOT_OURS]


def of_casebook(
    archive: Archive, book: Book, said: Sequence[Mapping[str, str | int]]
) -> Iterator[tuple[str, int, int]]:
    cases = book.cases.of_stories(sorted(book.cases.stories()))
    by_id: dict[str, Case] = {case.id: case for case in cases.values()}
    decided = [one for one in said if "case" in one]
    yield "decisions acknowledged, lost", len(decided), sum(not _is_kept(by_id, one) for one in decided)
    tips = [str(one["tip"]) for one in said if "tip" in one]
    kept = [book.tips.get(TipId(tip)) for tip in tips]
    held = {article.id for article in archive.articles([tip.article_id for tip in kept if tip and tip.article_id])}
    yield "tips acknowledged, lost", len(tips), sum(tip is None or tip.article_id not in held for tip in kept)
    told = list(archive.stories(PROVINCE))
    brought = {tip.article_id for tip in kept if tip}
    wanted = {
        story.id
        for story in told
        if story.flags or _undecided(archive, story.articles) or not brought.isdisjoint(story.articles)
    }
    yield "stories that need a case, without one", len(wanted), len(wanted - _with_case(archive, cases))
    written = [(str(case.id), str(line.by), str(line.action)) for case in by_id.values() for line in case.history]
    audited = [
        (entry.subject.removeprefix("case:"), str(entry.by), str(entry.action))
        for entry in book.audit.entries(limit=_FOLLOWED)
        if entry.subject.startswith("case:")
    ]
    yield "lines of history not in the audit log", len(written), (Counter(written) - Counter(audited)).total()
    yield "audit entries without their act", len(audited), (Counter(audited) - Counter(written)).total()
    gaps = [case.id for case in by_id.values() if [e.revision for e in case.history] != [*range(len(case.history))]]
    yield "cases with a gap in their history", len(by_id), len(gaps)


def _is_kept(cases: Mapping[str, Case], one: Mapping[str, str | int]) -> bool:
    case = cases.get(str(one["case"]))
    lines = [line for line in case.history if line.revision == one["revision"]] if case else []
    return [(line.by, line.action) for line in lines] == [(OFFICER.name, one["action"])]


def _undecided(archive: Archive, articles: Sequence[str]) -> bool:
    standings = {review.standing for review in archive.reviews(articles, PROVINCE).values()}  # type: ignore[arg-type]
    return is_undecided(standings) and standings != {Standing.NOT_OURS}


def _with_case(archive: Archive, cases: Mapping[StoryId, Case]) -> set[StoryId]:
    return {archive.story(story).id for story in cases}


def _faults(file: Path) -> int:
    """What SQLite, and for the archive its full-text index, find wrong with a file."""
    with closing(sqlite3.connect(file)) as connection:
        wrong = [row for row in connection.execute("PRAGMA integrity_check") if row != ("ok",)]
        wrong += connection.execute("PRAGMA foreign_key_check").fetchall()
        (indexed,) = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'folded'").fetchone()
        for table in ("exact", "folded") if indexed else ():
            connection.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
        return len(wrong)


def _section(
    around: Circumstances, served: str, minutes: float, killed: Counter[str], found: Sequence[tuple[str, int, int]]
) -> str:
    return "\n".join(
        (
            "## Processes killed at random moments\n",
            around.told(),
            f"{served}; over {minutes:.0f} minutes `kiemtin run` and an officer who decides through the desk were "
            f"killed with SIGKILL {killed.total()} times: "
            + ", ".join(f"{kind} {count}" for kind, count in killed.most_common())
            + ". Whatever was not there was started again; then all was left to come to rest.\n",
            table(
                ("looked at", "there", "wrong"), [(what, f"{there:,}", f"{amiss:,}") for what, there, amiss in found]
            ),
        )
    )


if __name__ == "__main__":
    sys.exit(main())
