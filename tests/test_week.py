"""The written week: its files can be played, and a moment decides what of them stands on the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from crawlers.newsroom.layouts import Layouts
from crawlers.newsroom.outlet import Layout, Piece, Quirk
from crawlers.newsroom.week import At, Script, Week, moment, published, read_script
from index.clock import ZONE, local
from index.errors import ConfigError
from tests.conftest import ROOT

FOLDER = ROOT / "config" / "newsroom"
START = datetime(2026, 11, 24, 14, 30, tzinfo=ZONE)
SPEED = 60.0
END = START + timedelta(days=1) / SPEED


@pytest.fixture(scope="module")
def script() -> Script:
    return read_script(FOLDER)


def on_air(script: Script, now: datetime) -> dict[str, Piece]:
    return {article.id: piece for article, piece in published(script, now, start=START, speed=SPEED)}


# --- what is written ----------------------------------------------------------------------------------------------


def test_the_week_has_its_stories_articles_and_days(script: Script) -> None:
    assert len({article.story for article in script.articles if article.story}) == 15
    assert len(script.articles) >= 120
    assert {article.wordings[0].at.day for article in script.articles} == set(range(1, 8))


def test_every_outlet_publishes_and_every_layout_is_seen(script: Script) -> None:
    assert {outlet.id for outlet in script.outlets} == {article.outlet for article in script.articles}
    assert {outlet.layout for outlet in script.outlets} == set(Layout)


def test_bad_habits_are_among_the_outlets(script: Script) -> None:
    habits = frozenset().union(*(outlet.quirks for outlet in script.outlets))
    assert habits == set(Quirk) - {Quirk.LOGIN_WALL}
    assert any(outlet.robots.missing for outlet in script.outlets)
    assert any(outlet.robots.crawl_delay for outlet in script.outlets)
    assert any(outlet.robots.disallow for outlet in script.outlets)


def test_selectors_belong_to_layouts() -> None:
    assert set(Layouts(FOLDER / "layouts").selectors) <= set(Layout)


def test_a_reprint_has_the_words_of_its_original_at_that_time_or_the_first_of_them(script: Script) -> None:
    texts = {wording.body for article in script.articles if article.via is None for wording in article.wordings}
    reprints = [article for article in script.articles if article.via]
    assert len(reprints) > 20
    for reprint in reprints:
        body = reprint.wordings[0].body
        assert any(text[: len(body)] == body for text in texts), reprint.id


# --- what is published when ---------------------------------------------------------------------------------------


def test_six_days_lie_behind_the_start_and_the_seventh_ahead(script: Script) -> None:
    before = on_air(script, START - timedelta(seconds=1))
    assert set(before) == {article.id for article in script.articles if article.wordings[0].at.day < 7}
    assert set(on_air(script, END)) == {article.id for article in script.articles}


def test_a_day_of_the_past_is_a_calendar_day_of_viet_nam() -> None:
    at = At(day=5, time="06:45")
    assert moment(at, start=datetime(2026, 11, 23, 20, 0, tzinfo=UTC), speed=60) == datetime(
        2026, 11, 22, 6, 45, tzinfo=ZONE
    )


@pytest.mark.parametrize(("speed", "later"), [(1, timedelta(hours=2)), (60, timedelta(minutes=2))])
def test_the_seventh_day_arrives_at_its_speed(speed: float, later: timedelta) -> None:
    assert moment(At(day=7, time="02:00"), start=START, speed=speed) == START + later


def test_nothing_is_published_in_the_future_and_nothing_goes_away(script: Script) -> None:
    moments = [START + timedelta(minutes=minutes) for minutes in range(-7 * 24 * 60, 30, 97)]
    seen = [on_air(script, now) for now in moments]
    for now, pieces in zip(moments, seen, strict=True):
        assert all(piece.changed and piece.changed <= now for piece in pieces.values())
    assert all(set(sooner) <= set(later) for sooner, later in pairwise(seen))


def test_an_edit_changes_the_words_and_keeps_address_and_time(script: Script) -> None:
    edited = [article for article in script.articles if len(article.wordings) > 1]
    assert edited
    for article in edited:
        change = moment(article.wordings[1].at, start=START, speed=SPEED)
        before = on_air(script, change - timedelta(seconds=1))[article.id]
        after = on_air(script, change)[article.id]
        assert (before.path, before.published) == (after.path, after.published)
        assert (before.title, before.lead, before.body) != (after.title, after.lead, after.body)
        assert (before.edited, after.edited) == (False, True)
        assert after.changed == change


def test_addresses_do_not_depend_on_when_the_week_is_played(script: Script) -> None:
    other = START + timedelta(days=40, hours=5)
    later = {article.id: piece.path for article, piece in published(script, other, start=other, speed=1)}
    now = {article_id: piece.path for article_id, piece in on_air(script, START).items()}
    assert later.items() >= now.items()


def test_an_outlet_shows_its_own_articles_newest_first(script: Script) -> None:
    week = Week(script, start=START, speed=SPEED)
    for outlet in script.outlets:
        pieces = week.newest(outlet, END, limit=1000)
        times = [piece.published for piece in pieces if isinstance(piece.published, datetime)]
        assert times == sorted(times, reverse=True)
        assert {piece.path for piece in pieces} == {a.path for a in script.articles if a.outlet == outlet.id}


def test_an_article_is_found_at_its_address_once_it_is_published(script: Script) -> None:
    week = Week(script, start=START, speed=SPEED)
    article = next(article for article in script.articles if article.wordings[0].at.day == 7)
    outlet = next(outlet for outlet in script.outlets if outlet.id == article.outlet)
    assert week.piece(outlet, article.path, START - timedelta(seconds=1)) is None
    found = week.piece(outlet, article.path, END)
    assert found is not None
    assert found.title == article.wordings[-1].title
    assert isinstance(found.published, datetime)
    assert local(found.published).date() >= START.date()


# --- what cannot be played ----------------------------------------------------------------------------------------

OUTLET: dict[str, object] = {
    "id": "bao-a",
    "name": "Báo A",
    "kind": "provincial",
    "channel": "press",
    "language": "vi",
    "tier": 1,
    "licence_type": "báo",
    "official": False,
    "collector": "feed",
    "layout": "classic",
    "sections": {"xa-hoi": "Xã hội"},
    "boilerplate": {"nav": [], "related": "", "footer": "", "copyright": "", "subscribe": ""},
}
ARTICLE: dict[str, object] = {
    "id": "a-1",
    "outlet": "bao-a",
    "section": "xa-hoi",
    "at": {"day": 1, "time": "08:00"},
    "title": "Tin một",
    "lead": "Mở đầu.",
    "body": "Đoạn một.\nĐoạn hai.",
}
REPRINT = {k: ARTICLE[k] for k in ("outlet", "section", "title")} | {"reprint_of": "a-1"}


def write(folder: Path, *articles: Mapping[str, object], outlets: Sequence[Mapping[str, object]] = (OUTLET,)) -> Path:
    (folder / "stories").mkdir(exist_ok=True)
    (folder / "outlets.yaml").write_bytes(msgspec.yaml.encode({"outlets": outlets}))
    story = {"story": "s", "about": True, "articles": articles}
    (folder / "stories" / "s.yaml").write_bytes(msgspec.yaml.encode(story))
    return folder


def test_a_reprint_may_leave_the_end_out(tmp_path: Path) -> None:
    cut = REPRINT | {"id": "a-2", "at": {"day": 1, "time": "09:00"}, "cut": 0.5}
    reprint = read_script(write(tmp_path, ARTICLE, cut)).articles[1]
    assert (reprint.wordings[0].lead, reprint.wordings[0].body) == ("Mở đầu.", ("Đoạn một.",))


def test_a_reprint_takes_the_wording_of_its_hour(tmp_path: Path) -> None:
    edited = ARTICLE | {"edits": [{"at": {"day": 2, "time": "08:00"}, "body": "Đã sửa."}]}
    early = REPRINT | {"id": "a-2", "at": ARTICLE["at"]}
    late = REPRINT | {"id": "a-3", "at": {"day": 3, "time": "08:00"}}
    bodies = {a.id: a.wordings[0].body for a in read_script(write(tmp_path, edited, early, late)).articles}
    assert bodies == {"a-1": ("Đoạn một.", "Đoạn hai."), "a-2": ("Đoạn một.", "Đoạn hai."), "a-3": ("Đã sửa.",)}


def test_an_undated_article_shows_no_time(tmp_path: Path) -> None:
    script = read_script(write(tmp_path, ARTICLE | {"undated": True}))
    assert on_air(script, START)["a-1"].published is None


@pytest.mark.parametrize(
    ("articles", "key"),
    [
        ([ARTICLE, ARTICLE], "a-1.id"),
        ([ARTICLE | {"outlet": "bao-b"}], "a-1.outlet"),
        ([ARTICLE | {"section": "the-thao"}], "a-1.section"),
        ([ARTICLE | {"body": " \n"}], "a-1.body"),
        ([ARTICLE | {"at": {"day": 8, "time": "08:00"}}], "$.articles[0].at.day"),
        ([ARTICLE | {"at": {"day": 1, "time": "25:00"}}], "$.articles[0].at.time"),
        ([ARTICLE | {"titel": "Tin"}], "$.articles[0]"),
        ([ARTICLE | {"edits": [{"at": {"day": 1, "time": "08:00"}, "title": "Sửa"}]}], "a-1.edits"),
        ([ARTICLE, REPRINT | {"id": "a-2", "at": {"day": 1, "time": "07:00"}}], "a-2.reprint_of"),
        ([ARTICLE, REPRINT | {"id": "a-2", "at": {"day": 1, "time": "09:00"}, "body": "x"}], "a-2.reprint_of"),
    ],
)
def test_what_is_wrong_is_named_with_its_file_and_key(
    tmp_path: Path, articles: Sequence[Mapping[str, object]], key: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read_script(write(tmp_path, *articles))
    assert caught.value.params["file"] == str(tmp_path / "stories" / "s.yaml")
    assert caught.value.params["key"] == key
    assert caught.value.params["allowed"]


@pytest.mark.parametrize(
    ("outlets", "key"),
    [
        ([OUTLET, OUTLET], "id"),
        ([OUTLET | {"sections": {}}], "bao-a.sections"),
        ([OUTLET | {"layout": "modern"}], "$.outlets[0].layout"),
    ],
)
def test_an_outlet_that_cannot_play_is_named(tmp_path: Path, outlets: Sequence[Mapping[str, object]], key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_script(write(tmp_path, ARTICLE, outlets=outlets))
    assert (caught.value.params["file"], caught.value.params["key"]) == (str(tmp_path / "outlets.yaml"), key)


def test_a_missing_folder_and_a_file_that_is_not_yaml_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"outlets\.yaml"):
        read_script(tmp_path)
    write(tmp_path, ARTICLE)
    (tmp_path / "stories" / "t.yaml").write_text("story: [", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"t\.yaml"):
        read_script(tmp_path)
