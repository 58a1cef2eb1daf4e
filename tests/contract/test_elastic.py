"""What the archive on Elasticsearch promises beyond the contract: nobody's write is lost to somebody else's."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from index.archive import Archive, Query
from index.elastic import ElasticArchive
from index.elastic_client import Login
from index.elastic_indices import VERSION, Kind
from index.elastic_records import source
from index.errors import ArchiveUnavailable, SchemaNewer
from index.model import FlagKind, RulingField, Standing
from index.record import Record
from index.source import Tally
from tests.conftest import ROOT
from tests.contract.nouns import NOON, OURS, SIGNALS, article, flag, minutes, review, ruling, story

A, B, C, D = (article(name, collected=NOON + minutes(number)) for number, name in enumerate("abcd"))


@pytest.fixture
def client(elasticsearch: str) -> Iterator[Elasticsearch]:
    with Elasticsearch(elasticsearch) as client:
        yield client


def test_every_field_of_an_article_has_its_place_in_the_mapping() -> None:
    layout = json.loads((ROOT / "index" / "mapping.json").read_text(encoding="utf-8"))["mappings"]
    assert layout.keys() == set(Kind)
    assert {one["dynamic"] for one in layout.values()} == {"strict"}
    written = source(Record(versions=(A,), reviews={OURS: review(A, flags=(flag(A),))}, reviewed=frozenset({OURS})))
    mappings = layout["articles"]["properties"]
    assert mappings.keys() == written.keys()
    for name in ("exact", "folded"):
        assert mappings[name]["properties"].keys() == written[name].keys()


def test_a_server_that_does_not_answer_may_come_back() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(ArchiveUnavailable):
            ElasticArchive(f"http://127.0.0.1:{closed.getsockname()[1]}")


def test_a_login_keeps_its_secrets_to_itself() -> None:
    shown = repr(Login(api_key="geheim", user="kiemtin", password="geheim", ca_file=Path("ca.pem")))
    assert "geheim" not in shown
    assert "kiemtin" in shown


@pytest.mark.service
def test_indices_of_a_later_version_are_refused(elasticsearch: str, client: Elasticsearch) -> None:
    prefix = f"test-{uuid4().hex[:12]}"
    later = f"{prefix}-articles-v{VERSION + 8}"
    client.indices.create(index=later, aliases={f"{prefix}-articles": {}})
    try:
        with pytest.raises(SchemaNewer) as raised:
            ElasticArchive(elasticsearch, index_prefix=prefix)
        assert raised.value.params["found"] == str(VERSION + 8)
    finally:
        client.indices.delete(index=later)


@pytest.mark.service
def test_what_an_earlier_version_wrote_is_found_by_what_is_asked_today(
    emptied: Callable[[], Callable[[], Archive]], client: Elasticsearch, prefix: str
) -> None:
    held = flag(A, FlagKind.CONFLICT)
    told = story("s", A, B, flags=(replace(held, evidence=(replace(held.evidence[0], against=flag(B).evidence[0]),)),))
    open_again = emptied()
    with open_again() as archive:
        archive.add([A, B])
        archive.record([], [told])
    for name in (A.id, B.id):
        index = f"{prefix}-articles"
        written = client.get(index=index, id=name)["_source"]
        record = {key: value for key, value in written["record"].items() if key != "quoted"}
        client.index(index=index, id=name, document={**written, "traits": [], "record": record})
    client.delete(index=f"{prefix}-state", id="found_by")
    with open_again() as archive:
        for query in (
            Query(province=OURS, flag=FlagKind.CONFLICT),
            Query(province=OURS, stories=frozenset({told.id})),
            Query(province=OURS, text="lu quet"),
        ):
            assert archive.find(query).total == 2


@pytest.mark.service
def test_an_index_that_was_closed_to_writing_is_no_loss(
    emptied: Callable[[], Callable[..., Archive]], prefix: str, client: Elasticsearch
) -> None:
    with emptied()(patience=0) as archive:
        archive.add([A])
        (name,) = client.indices.get_alias(name=f"{prefix}-articles")
        client.indices.put_settings(index=name, settings={"index.blocks.write": True})
        try:
            with pytest.raises(ArchiveUnavailable):
                archive.add([B])
            assert archive.article(A.id) == A
        finally:
            client.indices.put_settings(index=name, settings={"index.blocks.write": None})
        assert archive.add([A, B]) == Tally(new=1, seen=1)


@pytest.mark.service
def test_many_writers_keep_each_article_once(emptied: Callable[[], Callable[[], Archive]]) -> None:
    opened = emptied()
    articles = [article(str(number), collected=NOON + minutes(number)) for number in range(60)]
    edited = [replace(one, text="Khác.", content_hash="khac", collected=NOON + minutes(99)) for one in articles[:20]]

    def add(start: int) -> Tally:
        with opened() as archive:
            return archive.add([*articles[start : start + 40], *(edited if start else [])])

    with ThreadPoolExecutor(4) as pool:
        tallies = list(pool.map(add, [0, 20, 0, 20]))
    with opened() as archive:
        assert sum(tallies, Tally()).new == 60
        assert archive.find(Query(province=OURS)).total == 60
        assert {len(archive.versions(one.id)) for one in articles[:20]} == {2}
        assert {len(archive.versions(one.id)) for one in articles[20:]} == {1}


@pytest.mark.service
def test_a_ruling_is_never_lost_to_a_review_at_the_same_time(emptied: Callable[[], Callable[[], Archive]]) -> None:
    opened = emptied()
    articles = [article(str(number)) for number in range(12)]
    with opened() as archive:
        archive.add(articles)

    def machine() -> None:
        with opened() as archive:
            for _ in range(6):
                archive.record([review(one) for one in articles])

    def person() -> None:
        with opened() as archive:
            for one in articles:
                archive.apply(ruling(one, RulingField.ABOUT, Standing.NOT_OURS))

    with ThreadPoolExecutor(2) as pool:
        for work in [pool.submit(machine), pool.submit(person)]:
            work.result()
    with opened() as archive:
        standings = {held.standing for held in archive.reviews([one.id for one in articles], OURS).values()}
        assert standings == {Standing.NOT_OURS}


@pytest.mark.service
@pytest.mark.parametrize("at_last", ["t", None], ids=["joined", "taken back"])
def test_a_join_is_never_lost_to_a_story_recorded_at_the_same_time(
    emptied: Callable[[], Callable[[], Archive]], at_last: str | None
) -> None:
    opened = emptied()
    stories = [story("s", A, B), story("t", C, D)]
    with opened() as archive:
        archive.add([A, B, C, D])
        archive.record([review(one) for one in (A, B, C, D)], stories)

    def machine() -> None:
        with opened() as archive:
            for _ in range(8):
                archive.record([], stories)

    def person() -> None:
        with opened() as archive:
            for after in range(1, 5):
                archive.apply(ruling(stories[0], RulingField.STORY, "t" if after % 2 else None, after=after))
            archive.apply(ruling(stories[0], RulingField.STORY, "t", after=8))
            archive.apply(ruling(stories[0], RulingField.STORY, at_last, after=9))

    with ThreadPoolExecutor(2) as pool:
        for work in [pool.submit(machine), pool.submit(person)]:
            work.result()
    joined = at_last is not None
    with opened() as archive:
        everything = {one.id for one in (A, B, C, D)}
        seen = [set(archive.story(one.id).articles) for one in stories]
        assert seen == ([everything] * 2 if joined else [{A.id, B.id}, {C.id, D.id}])
        where = [archive.story_of(one.id, OURS) for one in (A, B, C, D)]
        assert where == (["t"] * 4 if joined else ["s", "s", "t", "t"])
        assert len(archive.pending(OURS, SIGNALS, since=None, limit=9)) == 4
