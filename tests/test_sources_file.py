"""Files of sources: what they may say, and that every profile of the project is one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from config.profile import NATIONAL, agencies, profile_sources, province, provinces
from config.sources import load, read, written
from index.errors import ConfigError
from index.model import Channel, Topic

COLLECTORS = {"feed", "sitemap", "pages"}
LEAST = "- {id: bao-a, name: Báo A, collector: feed, url: 'https://a.example/rss', channel: press}\n"
FULL = """
- id: bao-b
  name: Báo B
  collector: pages
  url: https://b.example/thoi-su
  channel: press
  tier: 1
  language: vi
  every: 5m
  full_text: true
  select: {link: "h3 a", body: ".bai"}
  official: false
  licence_type: báo
  robots: {consent: CV 12/BB, date: 2026-10-01, by: Nguyễn Văn Mẫu}
  checked: 2026-11-01
"""


def test_a_source_needs_five_keys() -> None:
    (source,) = read(LEAST, "nguon.yaml", COLLECTORS)
    assert (source.id, source.channel, source.tier, source.every) == ("bao-a", Channel.PRESS, 2, None)
    assert source.checked is None


def test_every_key_is_read_and_written_back() -> None:
    sources = read(LEAST + FULL, "nguon.yaml", COLLECTORS)
    assert sources[1].every == timedelta(minutes=5)
    assert sources[1].consent is not None
    assert sources[1].consent.date == date(2026, 10, 1)
    assert sources[1].select.body == ".bai"
    assert read(written(sources), "again.yaml", COLLECTORS) == sources


@pytest.mark.parametrize(
    ("row", "key", "allowed"),
    [
        ("- {id: A B, name: A, collector: feed, url: 'https://a/', channel: press}", "id", "[a-z0-9-]"),
        ("- {id: a, name: A, collector: rss, url: 'https://a/', channel: press}", "collector", "feed | pages"),
        ("- {id: a, name: A, collector: feed, url: 'ftp://a/', channel: press}", "url", "http"),
        ("- {id: a, name: A, collector: feed, url: 'https://u:p@a/', channel: press}", "url", "http"),
        ("- {id: a, name: A, collector: feed, url: 'https://a/', channel: papers}", "channel", "press"),
        ("- {id: a, name: A, collector: feed, url: 'https://a/', channel: press, tier: 4}", "tier", "1 … 3"),
        ("- {id: a, name: A, collector: feed, url: 'https://a/', channel: press, every: 5}", "every", "5m"),
        ("- {id: a, name: A, collector: feed, url: 'https://a/', channel: press, robots: no}", "robots", "obey"),
        ("- {id: a, name: A, collector: feed, url: 'https://a/', channel: press, select: {x: y}}", "select", "link"),
        ("- {id: a, name: A, collector: feed, url: 'https://a/', channel: press, speed: 1}", "speed", "every"),
        ("- {id: a, name: A, collector: feed, channel: press}", "url", "url"),
        ("id: a", "", "- id"),
    ],
)
def test_a_wrong_row_names_its_place_and_what_is_allowed(row: str, key: str, allowed: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(row, "nguon.yaml", COLLECTORS)
    assert caught.value.params["file"] == "nguon.yaml"
    assert key in caught.value.params["key"]
    assert allowed in caught.value.params["allowed"]


def test_an_address_is_kept_as_it_was_written() -> None:
    (source,) = read(LEAST.replace("/rss", "/rss/"), "nguon.yaml", COLLECTORS)
    assert source.url == "https://a.example/rss/"


def test_only_a_source_that_is_switched_off_may_lack_its_address() -> None:
    lacking = LEAST.replace("https://a.example/rss", "")
    with pytest.raises(ConfigError) as caught:
        read(lacking, "nguon.yaml", COLLECTORS)
    assert caught.value.params["key"].endswith(".url")
    (source,) = read(lacking.replace("channel: press", "channel: press, enabled: false"), "nguon.yaml", COLLECTORS)
    assert source.url == ""


def test_an_id_stands_once_in_a_file() -> None:
    with pytest.raises(ConfigError) as caught:
        read(LEAST + LEAST, "nguon.yaml", COLLECTORS)
    assert caught.value.params["key"] == "[2].id"


@pytest.mark.parametrize("province_id", [p.id for p in provinces()])
def test_every_province_can_be_set_up(province_id: str) -> None:
    known = province(province_id)
    listed = profile_sources(known.id, COLLECTORS)
    assert len({source.id for source in listed}) == len(listed) > 100
    assert {topic for agency in agencies(known.id) for topic in agency.topics} == set(Topic)


def test_no_source_claims_to_have_been_read_by_hand() -> None:
    assert all(source.checked is None for source in load(NATIONAL / "sources.yaml", COLLECTORS))


def test_an_unknown_province_names_those_that_exist() -> None:
    with pytest.raises(ConfigError) as caught:
        province("ha-giang")
    assert "tuyen-quang" in caught.value.params["allowed"]


def test_thirty_four_provinces_came_from_sixty_three() -> None:
    assert len(provinces()) == 34
    assert sum(len(p.former) for p in provinces()) == 63
