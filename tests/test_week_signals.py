"""The written week, classified straight from its files: every expectation of tests/fixtures/week.yaml holds, whatever
the order in which the articles arrive."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from classifier.review import review_pending
from config import knowledge
from crawlers.newsroom.week import published, read_script
from index.clock import ZONE
from index.model import Article, ArticleId, Evidence, Field, ProvinceId, Review, SourceId, Standing, Story
from index.sqlite import SqliteArchive
from index.text import clean, content_hash, one_line
from tests.conftest import ROOT

HOME = ProvinceId("tuyen-quang")
START = datetime(2026, 11, 23, tzinfo=ZONE)
END = datetime(2026, 11, 24, tzinfo=ZONE)
EXPECTED = yaml.safe_load((ROOT / "tests" / "fixtures" / "week.yaml").read_text(encoding="utf-8"))
STORIES: list[dict[str, Any]] = EXPECTED["stories"]
TRAPS: list[dict[str, Any]] = EXPECTED["traps"]


def articles() -> Mapping[str, Article]:
    """The week as it stands at its end, as a crawler would store it."""
    script = read_script(ROOT / "config" / "newsroom")
    outlets = {outlet.id: outlet for outlet in script.outlets}
    stored = {}
    for entry, piece in published(script, END, start=START, speed=1):
        title, text = one_line(piece.title), clean("\n".join((piece.lead, *piece.body)))
        stored[entry.id] = Article(
            id=ArticleId(entry.id),
            source_id=SourceId(entry.outlet),
            channel=outlets[entry.outlet].channel,
            url=None,
            title=title,
            text=text,
            language=outlets[entry.outlet].language,
            collected=END,
            published=piece.published if isinstance(piece.published, datetime) else None,
            content_hash=content_hash(title, text),
        )
    return stored


@dataclass(frozen=True)
class Read:
    """The week after its review."""

    articles: Mapping[str, Article]
    archive: SqliteArchive

    def review(self, article: str) -> Review:
        found = self.archive.review(ArticleId(article), HOME)
        assert found is not None, article
        return found

    def story(self, article: str) -> Story:
        story = self.archive.story_of(ArticleId(article), HOME)
        assert story is not None, article
        return self.archive.story(story)

    def evidence(self, article: str) -> Iterator[tuple[str, Evidence]]:
        """What is quoted from an article, on itself or on its story, with the kind of flag."""
        story = self.archive.story_of(ArticleId(article), HOME)
        flags = (*self.review(article).flags, *(self.archive.story(story).flags if story else ()))
        for flag in flags:
            yield from ((flag.kind.value, e) for e in flag.evidence if e.article_id == article)

    def kinds(self, article: str) -> set[str]:
        return {kind for kind, _ in self.evidence(article)}


@pytest.fixture(scope="module", params=["all at once", "one by one, in any order"])
def read(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Read]:
    week = articles()
    arriving = list(week.values())
    batch = len(arriving)
    if request.param != "all at once":
        random.Random(7).shuffle(arriving)
        batch = 5
    with SqliteArchive(Path(tmp_path_factory.mktemp("week")) / "archive.db") as archive:
        for first in range(0, len(arriving), batch):
            archive.add(arriving[first : first + batch])
            review_pending(archive, knowledge.classifier(HOME), now=END, sources={})
        yield Read(articles=week, archive=archive)


def named(rows: Sequence[dict[str, Any]], key: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("expected", rows, ids=[row[key] for row in rows])


@named(STORIES, "id")
def test_about(read: Read, expected: dict[str, Any]) -> None:
    standing = Standing.OURS if expected["about"] else Standing.NOT_OURS
    assert {read.review(article).standing for group in expected["groups"] for article in group} == {standing}


@named([story for story in STORIES if story["about"]], "id")
def test_story(read: Read, expected: dict[str, Any]) -> None:
    for group in expected["groups"]:
        assert len({read.story(article).id for article in group}) == 1
    members = {article for group in expected["groups"] for article in group}
    beside = {row["article"] for row in expected.get("beside", ())}
    for group in expected["groups"]:
        assert set(read.story(group[0]).articles) <= members | beside


@named([story for story in STORIES if story["about"]], "id")
def test_reprints(read: Read, expected: dict[str, Any]) -> None:
    for copies in expected["reprints"]:
        demanded = [group for group in read.story(copies[0]).reprints if group[0] == copies[0]]
        assert demanded, copies
        assert set(copies) <= set(demanded[0])


@named([story for story in STORIES if story["about"]], "id")
def test_tracks(read: Read, expected: dict[str, Any]) -> None:
    tracks = {flag.kind.track.value for flag in read.story(expected["groups"][0][0]).flags}
    assert set(expected["tracks"]) <= tracks
    assert expected["tracks"] or not tracks


@named([story for story in STORIES if story.get("place")], "id")
def test_place(read: Read, expected: dict[str, Any]) -> None:
    story = read.story(expected["groups"][0][0])
    assert expected["place"] in {place.name for article in story.articles for place in read.review(article).places}


@named([story for story in STORIES if "tone" in story or "topic" in story], "id")
def test_tone_and_topic(read: Read, expected: dict[str, Any]) -> None:
    for article in expected["groups"][0]:
        review = read.review(article)
        assert expected.get("tone", review.tone.tone) == review.tone.tone
        assert expected.get("topic", review.topic.topic) == review.topic.topic


@named(STORIES, "id")
def test_flags(read: Read, expected: dict[str, Any]) -> None:
    for row in expected["flags"]:
        quote = unicodedata.normalize("NFC", row["quote"])
        article = read.articles[row["article"]]
        quoted = [e for kind, e in read.evidence(row["article"]) if kind == row["kind"]]
        assert any(overlaps(article, evidence, quote) for evidence in quoted), (row, [e.quote for e in quoted])


def overlaps(article: Article, evidence: Evidence, quote: str) -> bool:
    at = (article.title if evidence.field is Field.TITLE else article.text).find(quote)
    return at >= 0 and evidence.start < at + len(quote) and at < evidence.start + len(evidence.quote)


@named(STORIES, "id")
def test_no_other_flags(read: Read, expected: dict[str, Any]) -> None:
    for row in expected["not_flagged"]:
        raised = read.kinds(row["article"])
        assert not (raised if row["kinds"] == "all" else raised & set(row["kinds"])), row


@named([story for story in STORIES if story["labels"]], "id")
def test_labels(read: Read, expected: dict[str, Any]) -> None:
    for row in expected["labels"]:
        assert row["label"] in read.review(row["article"]).labels, row


@named(TRAPS, "article")
def test_trap(read: Read, expected: dict[str, Any]) -> None:
    review = read.review(expected["article"])
    if "about" in expected:
        assert (review.standing is Standing.OURS) is expected["about"]
    if "place" in expected:
        assert expected["place"] in {place.name for place in review.places}
    raised, forbidden = read.kinds(expected["article"]), expected.get("not_flagged", ())
    assert not (raised if forbidden == "all" else raised & set(forbidden))


def test_every_quote_stands_where_it_says(read: Read) -> None:
    for article_id, article in read.articles.items():
        for _, evidence in read.evidence(article_id):
            field = article.title if evidence.field is Field.TITLE else article.text
            assert field[evidence.start :].startswith(evidence.quote)
