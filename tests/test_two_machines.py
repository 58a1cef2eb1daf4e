"""Two machines with homes of their own and one casebook: nobody overwrites, and nothing is done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from config import wiring
from config.settings import Settings, load
from desk.triage import Seen
from index.account import Officer
from index.casebook_postgres import Database
from index.errors import Conflict
from index.model import Channel, FlagKind, SourceId, Track
from index.source import Source
from index.sqlite import SqliteArchive
from tests.office import HA, MINH, NOW, PROVINCE, Office
from tests.postgres import OWNER, PLACES, TEMPLATE, Server, serving
from tests.servers import Outlet, Reply, Request

FEED = """<rss version="2.0"><channel><title>Báo</title><item><title>Tin</title><link>{url}/bai</link>
<description>Tin trong tỉnh Tuyên Quang hôm nay.</description></item></channel></rss>"""


@pytest.fixture
def shared(postgres: Server) -> Iterator[Database]:
    yield postgres.make("shared", TEMPLATE)
    postgres.drop("shared")


@pytest.fixture
def machine(shared: Database, tmp_path: Path) -> Callable[..., Settings]:
    """Another home on the same casebook."""

    def made(name: str, **fetch: object) -> Settings:
        home = tmp_path / name
        wiring.make_folders(home)
        document = {
            "province": str(PROVINCE),
            "casebook": shared.address,
            "postgresql": {"user": OWNER},
            "fetch": {"delay": 0, **fetch},
        }
        (home / "kiemtin.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
        return load(home, environment={})

    return made


@pytest.mark.service
def test_a_source_that_one_machine_is_reading_is_not_read_again_by_the_other(
    machine: Callable[..., Settings], tmp_path: Path
) -> None:
    asked, may_answer = threading.Event(), threading.Event()

    def slow(_: Request) -> Reply:
        asked.set()
        assert may_answer.wait(60)
        return Reply(body=FEED.format(url=outlet.url).encode(), headers={"Content-Type": "application/rss+xml"})

    with Outlet({"/rss": slow}) as outlet, SqliteArchive(tmp_path / "shared.db") as archive:
        here, there = (machine(name, allow_hosts=[outlet.host]) for name in ("here", "there"))
        source = Source(
            id=SourceId("bao"),
            name="Báo",
            channel=Channel.PRESS,
            collector="feed",
            url=f"{outlet.url}/rss",
            full_text=False,
        )

        def read(settings: Settings) -> list[int]:
            outcomes = wiring.collect(settings, archive, [source], due_now=True)
            return [outcome.tally.new for outcome in outcomes]

        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(read, here)
            assert asked.wait(60)
            second = pool.submit(read, there)
            may_answer.set()
            assert (first.result(), second.result()) == ([1], [])
        assert outlet.asked().count("/rss") == 1


@pytest.mark.service
def test_one_machine_waits_for_the_other_where_only_one_may_work(machine: Callable[..., Settings]) -> None:
    here, there = machine("here"), machine("there")
    order: list[str] = []

    def wait_outside() -> None:
        with wiring.making_pages(there):
            order.append("there")

    with ThreadPoolExecutor(1) as pool:
        with wiring.making_pages(here):
            waiting = pool.submit(wait_outside)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
            order.append("here")
        waiting.result()
    assert order == ["here", "there"]


@pytest.fixture
def desks(every_casebook: None, tmp_path: Path) -> Iterator[tuple[Office, Office]]:
    """Two desks over the same books, each with connections of its own."""
    one, other = Office(tmp_path), Office(tmp_path)
    yield one, other
    one.close()
    other.close()


@pytest.fixture
def own_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that can be stopped; offices keep their casebooks on it."""
    with serving() as server:
        monkeypatch.setenv(PLACES, f"postgresql://127.0.0.1:{server.port}")
        yield server


def test_two_desks_take_everything_in_once_and_never_overwrite_each_other(desks: tuple[Office, Office]) -> None:
    stories = [f"s{number}" for number in range(12)]
    for name in stories:
        desks[0].publish(name, [FlagKind.UNVERIFIED])
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(Office.take_in, desks)) == len(stories)
    seen = [desks[0].case_of(name) for name in stories]
    assert len({case.id for case in seen}) == len(stories)

    def take_all(office: Office, officer: Officer) -> list[bool]:
        """Which cases an officer got, who takes them one after the other as they were seen."""
        won = []
        for case in seen:
            try:
                office.desk.triage.take(case.id, Track.VERIFY, by=officer, at=NOW, revision=case.revision)
            except Conflict:
                won.append(False)
            else:
                won.append(True)
        return won

    with ThreadPoolExecutor(2) as pool:
        of_ha, of_minh = pool.map(take_all, desks, (HA, MINH))
    assert [ha is not minh for ha, minh in zip(of_ha, of_minh, strict=True)] == [True] * len(stories)
    for name, won in zip(stories, of_ha, strict=True):
        kept = desks[1].case_of(name)
        assert (kept.owner, kept.revision) == ((HA if won else MINH).name, 1)
        assert len(kept.history) == 2


@pytest.mark.service
def test_an_act_on_many_cases_asks_a_server_that_is_gone_once(own_server: Server, tmp_path: Path) -> None:
    office = Office(tmp_path)
    cases = [office.opened(name) for name in ("s1", "s2", "s3")]
    seen = [Seen(case_id=case.id, revision=case.revision) for case in cases]
    own_server.stop()
    many = office.desk.triage.route_many(seen, "so-nn-mt", by=HA, at=NOW)
    assert many.done == ()
    assert many.refused.keys() == {case.id for case in cases}
    assert len(set(map(id, many.refused.values()))) == 1
    own_server.start()
    many = office.desk.triage.route_many(seen, "so-nn-mt", by=HA, at=NOW)
    assert [case.agency for case in many.done] == ["so-nn-mt"] * 3
    office.close()
