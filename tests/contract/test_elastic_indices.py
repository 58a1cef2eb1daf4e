"""The indices of an archive: made once, never taken over, and built anew beside those in use without a pause."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from config.commands.calling import run
from index import elastic_indices, elastic_migrate
from index.archive import Query, Retention
from index.elastic import ElasticArchive
from index.elastic_client import ANONYMOUS
from index.elastic_indices import Indices, Kind, Purpose, Size
from index.elastic_migrate import Migration
from index.errors import ArchiveRefused, ArchiveUnavailable, SchemaNewer
from index.model import ArticleId, SourceId
from index.source import Reading, ReadingOutcome, Tally
from tests.contract.holding import A, fill, seen
from tests.contract.nouns import NOON, OURS, article, minutes, review, story

pytestmark = pytest.mark.service
SOURCE: Final = SourceId("bao")
FIRST: Final = [article(f"first-{number}") for number in range(300)]


@pytest.fixture
def client(elasticsearch: str) -> Iterator[Elasticsearch]:
    with Elasticsearch(elasticsearch) as client:
        yield client


@pytest.fixture
def own(client: Elasticsearch) -> Iterator[str]:
    """A prefix of this test alone."""
    prefix = f"test-{uuid4().hex[:12]}"
    yield prefix
    if there := list(client.indices.get(index=f"{prefix}-*", expand_wildcards="all")):
        client.indices.delete(index=there)


@pytest.fixture
def opened(elasticsearch: str, own: str) -> Callable[..., ElasticArchive]:
    def opened(**more: Any) -> ElasticArchive:
        return ElasticArchive(elasticsearch, index_prefix=own, **more)

    return opened


@pytest.fixture
def indices(client: Elasticsearch, elasticsearch: str, own: str) -> Indices:
    return Indices(client, elasticsearch, own)


def problem(action: Callable[..., object], **more: Any) -> tuple[str, str]:
    with pytest.raises(ArchiveRefused) as refused:
        action(**more)
    return refused.value.params["problem"], refused.value.params["index"]


# --- making --------------------------------------------------------------------------------------------------------


def test_an_archive_is_made_with_the_shards_that_were_asked_for(
    indices: Indices, client: Elasticsearch, own: str, opened: Callable[..., ElasticArchive]
) -> None:
    assert problem(opened, must_exist=True)[0] == "empty"
    made = indices.create(Size(shards=3, replicas=0))
    assert {kind: index.name for kind, index in made.items()} == {kind: f"{own}-{kind}-v1" for kind in Kind}
    assert {kind: index.shards for kind, index in made.items() if index.shards != 1} == {Kind.ARTICLES: 3}
    about = client.indices.get_settings(index=f"{own}-articles")[f"{own}-articles-v1"]["settings"]["index"]
    assert about["number_of_replicas"] == "0"
    with opened(must_exist=True) as archive:
        fill(archive)
        assert archive.article(A.id).version == 2


def test_an_archive_that_is_there_is_not_made_again(indices: Indices) -> None:
    indices.create(Size())
    assert problem(indices.create, size=Size())[0] == "there"


def test_what_was_half_made_is_finished_unless_it_holds_something(
    indices: Indices, client: Elasticsearch, own: str, opened: Callable[..., ElasticArchive]
) -> None:
    indices.create(Size())
    client.indices.delete(index=f"{own}-stories-v1")
    assert problem(opened, must_exist=True) == ("partly", f"{own}-stories")
    assert set(indices.create(Size())) == set(Kind)
    with opened() as archive:
        archive.add([A])
    client.indices.refresh(index=f"{own}-*")
    client.indices.delete(index=f"{own}-stories-v1")
    assert problem(indices.create, size=Size()) == ("partly", f"{own}-stories")


@pytest.mark.parametrize("name", ["articles", "articles-v1", "articles-v1 behind another name", "another"])
def test_a_foreign_index_of_our_name_is_left_alone(
    indices: Indices, client: Elasticsearch, own: str, opened: Callable[..., ElasticArchive], name: str
) -> None:
    aliases: dict[str, Any] = {}
    match name:
        case "another":
            foreign, aliases = f"{own}-logs", {f"{own}-articles": {}}
        case "articles-v1 behind another name":
            foreign, aliases = f"{own}-articles-v1", {f"{own}-x": {}}
        case _:
            foreign = f"{own}-{name}"
    client.indices.create(index=foreign, aliases=aliases)
    client.index(index=foreign, document={"theirs": 1}, refresh=True)
    assert problem(opened) == ("foreign", foreign)
    assert problem(indices.create, size=Size()) == ("foreign", foreign)
    assert client.count(index=foreign)["count"] == 1


def test_a_mapping_that_was_changed_by_hand_is_named_and_mended_by_a_migration(
    client: Elasticsearch, elasticsearch: str, own: str, opened: Callable[..., ElasticArchive]
) -> None:
    with opened() as archive:
        fill(archive)
        before = seen(archive)
    client.indices.put_mapping(index=f"{own}-articles", properties={"sentiment": {"type": "keyword"}})
    client.indices.put_mapping(index=f"{own}-visits", dynamic="true")
    with pytest.raises(ArchiveRefused) as refused:
        opened()
    assert (refused.value.params["problem"], refused.value.params["what"]) == ("altered", "sentiment")
    moved = migrate(elasticsearch, own)
    assert [one.new for one in moved] == [f"{own}-articles-v1-2", f"{own}-visits-v1-2"]
    with opened(must_exist=True) as archive:
        assert seen(archive) == before


# --- migrating -----------------------------------------------------------------------------------------------------


def migrate(address: str, prefix: str, size: Size | None = None) -> list[elastic_migrate.Moved]:
    with closing(Migration(address, ANONYMOUS, prefix, size)) as migration:
        return list(migration.run(lambda _: None))


def test_the_next_layout_is_built_beside_the_old_one(
    elasticsearch: str, own: str, opened: Callable[..., ElasticArchive], monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened() as archive:
        fill(archive)
        before = seen(archive)
    monkeypatch.setattr(elastic_indices, "VERSION", 2)
    assert problem(opened)[0] == "outdated"
    moved = migrate(elasticsearch, own)
    assert {(one.old, one.new) for one in moved} == {(f"{own}-{kind}-v1", f"{own}-{kind}-v2") for kind in Kind}
    with opened(must_exist=True) as archive:
        assert seen(archive) == before
        assert archive.find(Query(province=OURS, text="meo vac")).total == 4
    assert not migrate(elasticsearch, own), "there is nothing more to do"
    monkeypatch.setattr(elastic_indices, "VERSION", 1)
    with pytest.raises(SchemaNewer):
        opened()


def test_articles_are_spread_over_more_shards(
    elasticsearch: str, own: str, indices: Indices, opened: Callable[..., ElasticArchive]
) -> None:
    with opened() as archive:
        fill(archive)
        before = seen(archive)
        (moved,) = migrate(elasticsearch, own, Size(shards=3))
        assert (moved.kind, moved.documents) == (Kind.ARTICLES, 7)
        assert indices.present()[Kind.ARTICLES].shards == 3
        assert seen(archive) == before, "who has it open works on"
    assert not migrate(elasticsearch, own, Size(shards=3))


def test_the_index_that_was_replaced_is_closed_to_writing_until_it_is_dropped(
    elasticsearch: str, own: str, client: Elasticsearch, opened: Callable[..., ElasticArchive]
) -> None:
    opened().close()
    migrate(elasticsearch, own, Size(shards=2))
    old = f"{own}-articles-v1"
    assert client.indices.get_settings(index=old)[old]["settings"]["index"]["blocks"]["write"] == "true"
    with closing(Migration(elasticsearch, ANONYMOUS, own)) as migration:
        assert migration.drop_replaced() == [old]
        assert migration.drop_replaced() == []
    assert set(client.indices.get(index=f"{own}-articles*")) == {f"{own}-articles-v1-2"}


def test_a_migration_that_is_cut_off_leaves_the_old_index_and_is_made_again(
    elasticsearch: str,
    own: str,
    indices: Indices,
    opened: Callable[..., ElasticArchive],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with opened(patience=0) as archive:
        fill(archive)
        with monkeypatch.context() as cut:
            cut.setattr(Indices, "swap", _interrupted)
            with pytest.raises(KeyboardInterrupt):
                migrate(elasticsearch, own, Size(shards=2))
        assert archive.add([article("after")]) == Tally(new=1)
        assert indices.idle(Purpose.BUILDING) == [f"{own}-articles-v1-2"]
        (moved,) = migrate(elasticsearch, own, Size(shards=2))
        assert (moved.new, moved.documents) == (f"{own}-articles-v1-2", 8)


def test_a_swap_that_was_done_and_not_answered_leaves_the_old_index_closed(
    elasticsearch: str,
    own: str,
    indices: Indices,
    opened: Callable[..., ElasticArchive],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    swap = Indices.swap

    def unanswered(*asked: Any) -> None:
        swap(*asked)
        raise KeyboardInterrupt

    with opened() as archive:
        fill(archive)
        old = indices.present()[Kind.ARTICLES]
        with monkeypatch.context() as cut:
            cut.setattr(Indices, "swap", unanswered)
            with pytest.raises(KeyboardInterrupt):
                migrate(elasticsearch, own, Size(shards=2))
        assert not indices.is_in_use(old)
        with Elasticsearch(elasticsearch) as client:
            about = client.indices.get_settings(index=old.name)[old.name]["settings"]["index"]
        assert about["blocks"]["write"] == "true"
        assert archive.add([article("after")]) == Tally(new=1)
    with closing(Migration(elasticsearch, ANONYMOUS, own)) as migration:
        assert migration.drop_replaced() == [old.name]
    assert not migrate(elasticsearch, own), "there is nothing more to do"
    present = indices.present()[Kind.ARTICLES]
    assert (present.name, present.purpose) == (f"{own}-articles-v1-2", Purpose.IN_USE)


def test_what_a_killed_migration_left_closed_is_opened_by_the_next_though_it_has_nothing_to_carry(
    elasticsearch: str,
    own: str,
    client: Elasticsearch,
    opened: Callable[..., ElasticArchive],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with opened(patience=0) as archive:
        fill(archive)
        with monkeypatch.context() as killed:
            killed.setattr(Indices, "swap", _interrupted)
            killed.setattr(Migration, "_stay", _interrupted)  # whoever is killed puts nothing in order
            with pytest.raises(KeyboardInterrupt):
                migrate(elasticsearch, own, Size(shards=2))
        with pytest.raises(ArchiveUnavailable, match="closed"):
            archive.add([article("after")])
        client.indices.add_block(index=f"{own}-visits", block="write")
        assert not migrate(elasticsearch, own)
        assert archive.add([article("after")]) == Tally(new=1)
        settings = client.indices.get_settings(index=f"{own}-visits", flat_settings=True)[f"{own}-visits-v1"]
        assert settings["settings"]["index.blocks.write"] == "true", "what somebody else has closed stays so"


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


class Office:
    """Several at work on one archive until they are told to stop; `faults` is what went wrong for any of them."""

    def __init__(self) -> None:
        self.added: list[ArticleId] = []
        self.reviewed: dict[ArticleId, float] = {}
        self.faults: list[BaseException] = []
        self._done = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, open_archive: Callable[..., ElasticArchive]) -> None:
        for number, work in enumerate((self._add, self._add, self._review, self._read, self._forget)):
            working = partial(self._work, partial(work, f"worker-{number}"), open_archive())
            self._threads.append(threading.Thread(target=working))
            self._threads[-1].start()

    def stop(self) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _work(self, work: Callable[[ElasticArchive, int], None], archive: ElasticArchive) -> None:
        try:
            with archive:
                for number in count():
                    if self._done.is_set():
                        return
                    work(archive, number)
        except BaseException as error:  # noqa: BLE001  the test says what it was
            self.faults.append(error)

    def _add(self, name: str, archive: ElasticArchive, number: int) -> None:
        new = [article(f"{name}-{number}-{part}") for part in range(5)]
        assert archive.add(new) == Tally(new=5)
        self.added.extend(one.id for one in new)

    def _review(self, _: str, archive: ElasticArchive, number: int) -> None:
        known = FIRST[number % len(FIRST)]
        archive.record([review(known, about=number / 10_000)], [story(f"s{number % len(FIRST)}", known)])
        self.reviewed[known.id] = number / 10_000

    def _read(self, _: str, archive: ElasticArchive, number: int) -> None:
        known = FIRST[number % len(FIRST)]
        assert archive.article(known.id) == known
        assert archive.find(Query(province=OURS, text="lu quet")).total >= len(FIRST)
        assert archive.add([known]) == Tally(seen=1)

    def _forget(self, _: str, archive: ElasticArchive, number: int) -> None:
        """Of the readings, all but the last."""
        moment, long_ago = NOON + minutes(number), NOON - minutes(1)
        archive.save_reading(Reading(source_id=SOURCE, at=moment, outcome=ReadingOutcome.NEW))
        archive.purge(Retention(unmatched=long_ago, matched=long_ago, readings=moment))


def test_nothing_is_lost_and_nothing_is_missing_while_all_is_moved(
    elasticsearch: str, own: str, opened: Callable[..., ElasticArchive], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic_migrate, "_FEW", 5)
    with opened() as archive:
        archive.add(FIRST)
    office = Office()
    office.start(opened)
    try:
        monkeypatch.setattr(elastic_indices, "VERSION", 2)
        assert len(migrate(elasticsearch, own)) == len(Kind)
        migrate(elasticsearch, own, Size(shards=2))
    finally:
        office.stop()
    assert office.faults == []
    assert office.added
    with opened(must_exist=True) as archive:
        assert archive.find(Query(province=OURS)).total == len(FIRST) + len(office.added)
        assert [held.id for held in archive.articles(office.added)] == office.added
        held = archive.reviews(list(office.reviewed), OURS)
        assert {name: review.about for name, review in held.items()} == office.reviewed
        assert {one.articles[0] for one in archive.stories(OURS)} == office.reviewed.keys()
        assert len(archive.readings(SOURCE, since=NOON - minutes(9))) == 1


# --- the command ---------------------------------------------------------------------------------------------------


def test_an_administrator_makes_and_migrates(
    elasticsearch: str, own: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], client: Elasticsearch
) -> None:
    home = tmp_path / "home"
    assert run(["init", "--home", str(home), "--province", OURS]) == 0
    with (home / "kiemtin.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"archive: {elasticsearch}\nelasticsearch: {{index_prefix: {own}}}\n")

    def shown(*command: str) -> dict[str, Any]:
        capsys.readouterr()
        assert run(["archive", *command, "--home", str(home), "--json"]) == 0
        return dict(json.loads(capsys.readouterr().out))

    def said(*command: str, status: int = 0) -> str:
        capsys.readouterr()
        assert run(["archive", *command, "--home", str(home)]) == status
        return capsys.readouterr().err

    assert said("create", "--shards", "0", status=2)
    assert shown("create", "--replicas", "0")["indices"] == [f"{own}-{kind}-v1" for kind in Kind]
    assert "đã đúng khuôn dạng" in said("migrate")
    client.indices.put_mapping(index=f"{own}-state", properties={"note": {"type": "keyword"}})
    assert "kiemtin archive migrate" in said("retry", status=1)
    (moved,) = shown("migrate")["migrated"]
    assert (moved["old"], moved["new"]) == (f"{own}-state-v1", f"{own}-state-v1-2")
    assert "--drop-old" in said("migrate", "--shards", "2")
    assert shown("migrate", "--drop-old")["dropped"] == [f"{own}-articles-v1", f"{own}-state-v1"]
    assert "Không có bài nào" in said("retry")
