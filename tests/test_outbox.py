"""What waits for an archive that is away: kept in order, delivered once, nothing of it lost."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import outbox as outboxes
from index.archive import Query
from index.elastic import ElasticArchive
from index.errors import ArchiveError, ArchiveRefused, ArchiveUnavailable
from index.model import Article, ArticleId, OfficerName, SourceId
from index.outbox import AT_ONCE, Outbox
from index.set_aside import Drawer
from index.source import Checkpoint, Known, Reading, ReadingOutcome, Tally, Visit, VisitId, VisitReason
from index.sqlite import SqliteArchive
from tests.conftest import ROOT
from tests.contract.nouns import NOON, OURS, article, dated, fed, minutes
from tests.faults.node import Node, Refusal

AWAY = ArchiveUnavailable(place="https://kho.example:9200", problem="unreachable", why="Connection refused")
BAO = SourceId("bao")


class Server:
    """An archive in a file that can be away, read-only, or refuse one thing for good."""

    def __init__(self, archive: SqliteArchive) -> None:
        self.archive = archive
        self.away: ArchiveError | None = None
        self.read_only = False
        self.never: str | None = None
        self.calls = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            self.calls += 1
            writes = name in {"add", "save_checkpoint", "save_reading", "request"}
            if self.away is not None and (writes or not self.read_only):
                raise self.away
            if name == self.never:
                raise ArchiveError(place="https://kho.example:9200", problem="not_done", document="x")
            return getattr(self.archive, name)(*given)

        return call


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with SqliteArchive(tmp_path / "archive.db") as archive:
        yield Server(archive)


@pytest.fixture
def restless(monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive that failed is asked again at once."""
    monkeypatch.setattr(outboxes._Rest, "error", None)


@pytest.fixture
def outbox(server: Server, tmp_path: Path, restless: None) -> Iterator[Outbox]:
    with Outbox(server, tmp_path / "outbox.db", clock=lambda: NOON) as outbox:
        yield outbox


def read(number: int, **more: Any) -> Article:
    return article(f"bai-{number}", **{"title": f"Tin số {number}", "collected": NOON + minutes(number), **more})


def held(archive: SqliteArchive) -> dict[str, tuple[Article, ...]]:
    """Every version of every article, and with it the order in which they are listed."""
    return {stored.article.id: tuple(archive.versions(stored.article.id)) for stored in archive.stored(OURS)}


def visit(name: str, **more: object) -> Visit:
    asked = Visit(
        id=VisitId(name),
        url=f"https://bao.example/{name}",
        why=VisitReason.BY_HAND,
        by=OfficerName("lan"),
        requested=NOON,
        not_before=NOON,
    )
    return replace(asked, **more)  # type: ignore[arg-type]


def test_an_archive_that_is_there_is_written_at_once(outbox: Outbox, server: Server) -> None:
    assert outbox.add([read(1), read(2)]) == Tally(new=2)
    assert outbox.add([read(1)]) == Tally(seen=1)
    assert len(held(server.archive)) == 2
    assert not outbox.waiting()


@pytest.mark.parametrize(
    "error",
    [
        AWAY,
        ArchiveUnavailable(place="https://kho.example:9200", problem="disk_full", why="flood stage"),
        ArchiveUnavailable(place="https://kho.example:9200", problem="closed", why="read-only"),
        ArchiveRefused(place="https://kho.example:9200", problem="login"),
    ],
    ids=lambda error: error.params["problem"],
)
def test_what_the_archive_does_not_take_waits_and_says_since_when_and_why(
    outbox: Outbox, server: Server, error: ArchiveError
) -> None:
    server.away = error
    assert outbox.add([read(1), read(2)]) == Tally(new=2)
    outbox.save_checkpoint(BAO, Checkpoint(etag="a"))
    waiting = outbox.waiting()
    assert (waiting.articles, waiting.others, waiting.since) == (2, 1, NOON)
    assert type(waiting.why) is type(error)
    assert waiting.why is not None
    assert waiting.why.params == error.params
    assert held(server.archive) == {}


def test_what_waits_is_delivered_in_order_as_soon_as_the_archive_is_back(outbox: Outbox, server: Server) -> None:
    server.away = AWAY
    outbox.add([read(1)])
    outbox.add([read(1, text="Nước rút.", collected=NOON + minutes(30))])
    outbox.save_checkpoint(BAO, Checkpoint(etag="a"))
    outbox.save_reading(Reading(source_id=BAO, at=NOON, outcome=ReadingOutcome.NEW))
    outbox.request(visit("xem", done=NOON, outcome="read"))
    server.away = None
    assert outbox.deliver() == 5
    assert [version.text for version in server.archive.versions(read(1).id)] == ["Nước dâng cao.", "Nước rút."]
    assert server.archive.checkpoint(BAO) == Checkpoint(etag="a")
    assert len(server.archive.readings(BAO, since=NOON)) == 1
    assert server.archive.visits_due(NOON) == ()
    assert not outbox.waiting()
    assert outbox.waiting().why is None
    assert outbox.deliver() == 0


def test_the_next_write_delivers_what_waits_before_it(outbox: Outbox, server: Server) -> None:
    server.away = AWAY
    outbox.add([read(1, text="Cũ.")])
    server.away = None
    outbox.add([read(1, text="Mới.", collected=NOON + minutes(30))])
    assert [version.text for version in server.archive.versions(read(1).id)] == ["Cũ.", "Mới."]


def test_while_much_waits_what_comes_after_it_waits_behind_it(outbox: Outbox, server: Server) -> None:
    server.away = AWAY
    outbox.add([read(number) for number in range(2 * AT_ONCE)])
    server.away = None
    outbox.add([read(0, text="Mới.", collected=NOON + minutes(9_000))])
    assert len(held(server.archive)) == AT_ONCE, "a write delivers one part, and is not held up by all"
    outbox.deliver()
    assert len(held(server.archive)) == 2 * AT_ONCE
    assert [version.text for version in server.archive.versions(read(0).id)] == ["Nước dâng cao.", "Mới."]


def test_delivering_ends_when_told_to(outbox: Outbox, server: Server) -> None:
    server.away = AWAY
    outbox.add([read(number) for number in range(2 * AT_ONCE)])
    server.away = None
    told = iter([False, True])
    assert outbox.deliver(lambda: next(told)) == AT_ONCE
    assert outbox.waiting().articles == AT_ONCE


def test_two_never_deliver_at_once(outbox: Outbox, server: Server, tmp_path: Path) -> None:
    server.away = AWAY
    outbox.add([read(1)])
    server.away = None
    with Outbox(server, tmp_path / "outbox.db", clock=lambda: NOON) as other, other._alone() as alone:
        assert alone
        assert outbox.deliver() == 0
    assert outbox.deliver() == 1


def test_an_archive_that_fails_is_left_to_rest_and_not_asked_at_every_write(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outboxes, "_FIRST_REST", 3600.0)
    server.away = AWAY
    with Outbox(server, tmp_path / "outbox.db", clock=lambda: NOON) as outbox:
        for number in range(20):
            outbox.add([read(number)])
            outbox.checkpoint(BAO)
        assert server.calls == 2, "one write and one question"
        assert outbox.waiting().articles == 20


def test_what_a_record_of_a_source_lacks_for_good_holds_up_nothing(outbox: Outbox, server: Server) -> None:
    server.away = AWAY
    outbox.save_reading(Reading(source_id=BAO, at=NOON, outcome=ReadingOutcome.NEW))
    outbox.add([read(1)])
    server.away, server.never = None, "save_reading"
    outbox.deliver()
    assert len(held(server.archive)) == 1
    assert not outbox.waiting()


def test_articles_that_are_refused_for_good_by_an_archive_that_sets_nothing_aside_wait_for_whoever_mends_it(
    outbox: Outbox, server: Server
) -> None:
    server.away = AWAY
    outbox.add([read(1)])
    server.away, server.never = None, "add"
    outbox.add([read(2)])
    waiting = outbox.waiting()
    assert waiting.articles == 2
    assert isinstance(waiting.why, ArchiveRefused)
    server.never = None
    assert outbox.deliver() == 2


def test_a_home_without_room_ends_no_round_that_the_archive_goes_on_taking(
    outbox: Outbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = ArchiveUnavailable(file="outbox.db", why="database or disk is full")
    monkeypatch.setattr(outbox._file, "remember", raising(full))
    monkeypatch.setattr(outbox._file, "put", raising(full))
    assert outbox.add([read(1)]) == Tally(new=1)
    assert outbox.known([read(1).id]).keys() == {read(1).id}
    server.away = AWAY
    with pytest.raises(ArchiveUnavailable, match="disk is full"):
        outbox.add([read(2)])


def raising(error: ArchiveError) -> Callable[..., None]:
    def fail(*given: object) -> None:
        raise error

    return fail


# --- what crawlers ask meanwhile -------------------------------------------------------------------------------------


def test_an_article_that_waits_is_known_and_one_that_the_archive_named_before_too(
    outbox: Outbox, server: Server
) -> None:
    outbox.add([read(1)])
    server.archive.add([read(2)])
    outbox.known([read(2).id])
    server.away = AWAY
    outbox.add([fed(read(3))])
    outbox.add([read(3, collected=NOON + minutes(60))])
    known = outbox.known([read(number).id for number in range(5)])
    assert known.keys() == {read(number).id for number in (1, 2, 3)}
    assert known[read(3).id] == Known(
        version=1, collected=NOON + minutes(3), read=NOON + minutes(60), extent=read(3).extent
    )


def test_what_waits_is_counted_as_new_once(outbox: Outbox, server: Server) -> None:
    outbox.add([read(1)])
    server.away = AWAY
    assert outbox.add([read(1), read(2), read(3)]) == Tally(new=2, seen=1)
    assert outbox.add([read(2), read(4)]) == Tally(new=1, seen=1)


def test_the_words_of_an_article_that_waits_are_the_last_that_were_read(outbox: Outbox, server: Server) -> None:
    outbox.add([read(1)])
    server.away = AWAY
    with pytest.raises(ArchiveUnavailable):
        outbox.article(read(1).id)
    outbox.add([read(1, text="Nước rút.")])
    assert outbox.article(read(1).id).text == "Nước rút."


def test_a_source_stands_where_it_was_read_to(outbox: Outbox, server: Server) -> None:
    server.archive.save_checkpoint(BAO, Checkpoint(etag="a"))
    assert outbox.checkpoint(BAO) == Checkpoint(etag="a")
    server.away = AWAY
    assert outbox.checkpoint(BAO) == Checkpoint(etag="a")
    assert outbox.checkpoint(SourceId("khác")) == Checkpoint()
    outbox.save_checkpoint(BAO, Checkpoint(etag="b"))
    outbox.save_checkpoint(BAO, Checkpoint(etag="c"))
    assert outbox.checkpoint(BAO) == Checkpoint(etag="c")
    server.read_only = True
    assert outbox.checkpoint(BAO) == Checkpoint(etag="c"), "what waits is newer than what the archive says"


def test_a_visit_that_was_made_is_not_made_again(outbox: Outbox, server: Server) -> None:
    for name in ("một", "hai", "ba"):
        server.archive.request(visit(name))
    server.away, server.read_only = AWAY, True
    outbox.request(visit("một", done=NOON, outcome="read"))
    outbox.request(visit("hai", not_before=NOON + timedelta(hours=1), outcome="unreachable"))
    assert [due.id for due in outbox.visits_due(NOON)] == ["ba"]
    assert [due.id for due in outbox.visits_due(NOON + timedelta(hours=2))] == ["ba", "hai"]
    server.read_only = False
    assert [due.id for due in outbox.visits_due(NOON + timedelta(hours=2))] == ["hai"]


def test_the_pages_that_waiting_articles_name_are_in_use(outbox: Outbox, server: Server, tmp_path: Path) -> None:
    assert outboxes.snapshots_in_use(tmp_path / "none.db") == frozenset()
    server.away = AWAY
    outbox.add([read(1, snapshot="aa"), read(2, snapshot=None), read(3, snapshot="bb")])
    assert outboxes.snapshots_in_use(tmp_path / "outbox.db") == {"aa", "bb"}


# --- whatever happens ------------------------------------------------------------------------------------------------

WORDS = ("Nước dâng cao.", "Nước rút.", "Chưa rõ.")
READS = st.builds(
    lambda number, words, at, published, feed: (fed if feed else (lambda one: one))(
        (dated(one, NOON + minutes(published)) if published is not None else one)
        if (one := article(f"bai-{number}", text=WORDS[words], collected=NOON + minutes(at)))
        else one
    ),
    st.integers(0, 3),
    st.integers(0, len(WORDS) - 1),
    st.integers(0, 5),
    st.none() | st.integers(0, 2),
    st.booleans(),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(READS, min_size=1, max_size=4)),
        st.tuples(st.sampled_from(["down", "up", "deliver", "killed", "cut"]), st.none()),
        st.tuples(st.just("checkpoint"), st.integers(0, 9)),
    ),
    max_size=25,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_archive_becomes_what_it_would_be_had_it_never_been_away(
    tmp_path_factory: pytest.TempPathFactory, restless: None, steps: list[tuple[str, Any]]
) -> None:
    """Among up and down, processes that are killed before they let go of what was written, and writes that were done
    although no answer came."""
    folder = tmp_path_factory.mktemp("both")
    with SqliteArchive(folder / "always.db") as always, SqliteArchive(folder / "archive.db") as archive:
        server = Cut(archive)
        outbox = _fresh(server, folder)
        for step, value in steps:
            match step:
                case "add":
                    always.add(value)
                    outbox.add(value)
                case "checkpoint":
                    always.save_checkpoint(BAO, Checkpoint(failures=value))
                    outbox.save_checkpoint(BAO, Checkpoint(failures=value))
                case "down" | "up":
                    server.away = AWAY if step == "down" else None
                case "cut":
                    server.cut = True
                case "deliver":
                    outbox.deliver()
                case "killed":
                    with suppress(ArchiveUnavailable):
                        outbox._write(outbox._file.first(3))
                    outbox = _fresh(server, folder)
        server.away, server.cut = None, False
        outbox.deliver()
        assert not outbox.waiting()
        assert held(archive) == held(always)
        assert list(held(archive)) == list(held(always))
        names = [ArticleId(name) for name in held(always)]
        assert archive.known(names) == always.known(names)
        assert archive.checkpoint(BAO) == always.checkpoint(BAO)


class Cut(Server):
    """Does the next write, and the connection breaks before it says so."""

    cut = False

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = super().__getattr__(name)

        def cut(*given: Any) -> Any:
            answer = call(*given)
            if self.cut and name == "add":
                self.cut = False
                raise AWAY
            return answer

        return cut


def _fresh(server: Server, folder: Path) -> Outbox:
    return Outbox(server, folder / "outbox.db", clock=lambda: NOON)


KILLED = """
import os, signal, sys
from pathlib import Path
from index.outbox import Outbox
from index.sqlite import SqliteArchive
from tests.contract.nouns import NOON

class Killed:
    def __init__(self, archive): self.archive = archive
    def add(self, articles):
        self.archive.add(articles)
        os.kill(os.getpid(), signal.SIGKILL)

folder = Path(sys.argv[1])
Outbox(Killed(SqliteArchive(folder / "archive.db")), folder / "outbox.db", clock=lambda: NOON).deliver()
"""


@pytest.mark.fault(47)
def test_a_process_killed_between_writing_and_letting_go_loses_nothing_and_doubles_nothing(
    outbox: Outbox, server: Server, tmp_path: Path
) -> None:
    server.away = AWAY
    outbox.add([read(number) for number in range(5)])
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(held(server.archive)) == 5
    assert outbox.waiting().articles == 5, "it was killed before it let go of them"
    server.away = None
    outbox.deliver()
    assert not outbox.waiting()
    assert all(len(versions) == 1 for versions in held(server.archive).values())
    assert len(held(server.archive)) == 5


# --- a server over HTTP ----------------------------------------------------------------------------------------------


@pytest.fixture
def node() -> Iterator[Node]:
    with Node() as node:
        yield node


def refuses(status: int, kind: str) -> Callable[[object], None]:
    def refuse(asked: object) -> None:
        raise Refusal(status, kind)

    return refuse


@pytest.mark.fault(48)
def test_what_a_server_takes_up_again_lies_there_once(node: Node, tmp_path: Path, restless: None) -> None:
    with (
        ElasticArchive(node.url, patience=0, may_be_away=True) as archive,
        Outbox(archive, tmp_path / "outbox.db", clock=lambda: NOON) as outbox,
    ):
        node.faults.append(refuses(403, "cluster_block_exception"))
        outbox.add([read(1), read(2)])
        assert outbox.waiting().articles == 2
        outbox.add([read(3)])
        assert not outbox.waiting()
        assert [len(archive.versions(read(number).id)) for number in (1, 2, 3)] == [1, 1, 1]


@pytest.mark.fault(48)
def test_what_a_server_refuses_for_good_is_set_aside_and_does_not_come_round_again(
    node: Node, tmp_path: Path, restless: None
) -> None:
    drawer = Drawer(tmp_path / "set-aside")
    with (
        ElasticArchive(node.url, patience=0, set_aside=drawer) as archive,
        Outbox(archive, tmp_path / "outbox.db", clock=lambda: NOON) as outbox,
    ):
        node.faults.append(refuses(503, "unavailable_shards_exception"))
        outbox.add([read(1), read(2)])
        node.refused = {read(1).id: (400, "document_parsing_exception")}
        outbox.deliver()
        assert not outbox.waiting()
        assert [one.articles[0].id for one in drawer.held()] == [read(1).id]
        assert [one.id for one in archive.articles([read(1).id, read(2).id])] == [read(2).id]


@pytest.mark.fault(48)
def test_a_server_that_is_away_from_the_start_is_reached_once_it_is_there(tmp_path: Path, restless: None) -> None:
    with ElasticArchive("http://127.0.0.1:9", may_be_away=True) as archive:
        with pytest.raises(ArchiveUnavailable):
            archive.find(Query(province=OURS))
        with Outbox(archive, tmp_path / "outbox.db", clock=lambda: datetime.now(UTC)) as outbox:
            assert outbox.add([read(1)]) == Tally(new=1)
            assert outbox.known([read(1).id, ArticleId("khác")]).keys() == {read(1).id}
    with Node() as node, ElasticArchive(node.url) as archive:
        with Outbox(archive, tmp_path / "outbox.db", clock=lambda: datetime.now(UTC)) as outbox:
            outbox.deliver()
        assert archive.article(read(1).id).text == read(1).text
