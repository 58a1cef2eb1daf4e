"""The small version of `python -m bench outages` on the server that these tests share: it is cut off, and full."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from bench.outages_elastic import cut
from index import elastic_client
from index.archive import Query
from index.elastic import ElasticArchive
from index.errors import ArchiveUnavailable
from index.source import Tally
from tests.contract.nouns import OURS, article
from tests.wire import Does

pytestmark = pytest.mark.service


@pytest.fixture
def own(elasticsearch: str) -> Iterator[str]:
    """A prefix of this test alone."""
    prefix = f"test-{uuid4().hex[:12]}"
    yield prefix
    with Elasticsearch(elasticsearch) as client:
        client.indices.delete(index=list(client.indices.get(index=f"{prefix}-*").body))


@pytest.mark.fault(48)
def test_whatever_the_network_does_nothing_is_lost_or_twice_and_every_flagged_story_has_its_case(
    elasticsearch: str, own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic_client, "TIMEOUT", 5)
    port = urlsplit(elasticsearch).port
    assert port is not None
    left = cut(port, tmp_path, 1, prefix=own)
    assert left.times == 2 * len({Does.RESETS, Does.SWALLOWS})
    assert left.acknowledged > 0
    assert (left.lost, left.doubled, left.open_stories) == (0, 0, 0)


@pytest.mark.fault(48)
def test_a_server_whose_disk_is_full_says_so_is_read_and_is_written_to_when_it_has_room(
    elasticsearch: str, own: str
) -> None:
    block = "index.blocks.read_only_allow_delete"  # what the server itself sets at its flood stage, and takes back
    held, late = article("held"), article("late")
    with Elasticsearch(elasticsearch) as client, ElasticArchive(elasticsearch, index_prefix=own, patience=0) as archive:
        archive.add([held])
        client.indices.put_settings(index=f"{own}-articles", settings={block: True})
        with pytest.raises(ArchiveUnavailable) as refused:
            archive.add([held, late])
        assert refused.value.params["problem"] == "disk_full"
        assert archive.article(held.id) == held
        client.indices.put_settings(index=f"{own}-articles", settings={block: None})
        assert archive.add([held, late]) == Tally(new=1, seen=1)
        assert archive.find(Query(province=OURS)).total == 2
