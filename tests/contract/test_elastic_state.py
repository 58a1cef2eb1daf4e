"""How a real Elasticsearch says that it is, and what the doctor makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from config import doctor, elastic, settings, wiring
from config.check import Check
from config.settings import Settings
from index.elastic_indices import Size
from tests.saved import furnish

pytestmark = pytest.mark.service


@pytest.fixture
def office(elasticsearch: str, tmp_path: Path) -> Iterator[Settings]:
    prefix = f"state-{uuid4().hex[:12]}"
    overrides = [f"archive={elasticsearch}", f"elasticsearch.index_prefix={prefix}"]
    loaded = settings.load(furnish(tmp_path / "home"), environment={}, overrides=overrides)
    elastic.create(loaded, Size())
    yield loaded
    with Elasticsearch(elasticsearch) as client:
        client.indices.delete(index=[*client.indices.get_alias(index=f"{prefix}-*")])


def found(office: Settings) -> dict[str, Check]:
    return {check.name: check for check in doctor.examine(office, wiring.clock())}


def test_a_server_that_is_well_is_told_so_and_asked_for_its_time(office: Settings) -> None:
    checks = found(office)
    assert checks["archive_server"].detail == "Elasticsearch: trạng thái xanh, 1 máy"
    assert checks["set_aside"].ok
    assert "máy chủ Elasticsearch" in checks["clock"].detail


def test_an_index_that_takes_no_writes_is_named(office: Settings) -> None:
    name = f"{office.elasticsearch.index_prefix}-articles"
    with Elasticsearch(office.archive) as client:
        client.indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": True})
    check = found(office)["archive_server"]
    assert not check.ok
    assert name in check.detail
