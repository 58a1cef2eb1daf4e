"""Articles, reviews and stories as the rows that `--json` prints, in the words of INTERFACE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from index import clock
from index.archive import Reviewed
from index.case import CaseCard, TrackRecord
from index.model import Flag, HarmJudged, Place, Review, Story, ToneScores, TopicJudged, Track
from index.source import Outcome

Row = dict[str, object]


def moment(value: datetime | None) -> str | None:
    """ISO 8601 with the office's offset."""
    return clock.local(value).isoformat(timespec="seconds") if value else None


def place(value: Place) -> Row:
    return {"name": value.name, "unit": value.unit, "as_written": value.as_written, "area": value.area}


def topic(value: TopicJudged) -> Row:
    return {"name": value.topic, "quote": value.evidence.quote if value.evidence else None}


def harm(value: HarmJudged) -> Row:
    return {"level": int(value.harm), "quote": value.evidence.quote if value.evidence else None}


def tone(value: ToneScores) -> Row:
    return {name: round(getattr(value, name), 4) for name in ("negative", "neutral", "positive")}


def flag(value: Flag) -> Row:
    """With every quote at its place; a sign that rests on two spans names the other one too."""
    return {
        "kind": value.kind,
        "score": round(value.score, 4),
        "evidence": [
            {"quote": e.quote, "start": e.start, "in": e.field, "reason": e.reason.code, "article": e.article_id}
            | ({"against": {"quote": e.against.quote, "article": e.against.article_id}} if e.against else {})
            for e in value.evidence
        ],
    }


def judged(review: Review) -> Row:
    """What a review says of an article's text."""
    return {
        "places": [place(p) for p in review.places],
        "topic": topic(review.topic),
        "harm": harm(review.harm),
        "tone": tone(review.tone),
        "labels": sorted(review.labels),
        "flags": [flag(f) for f in review.flags],
    }


def classified(line_id: str | None, review: Review) -> Row:
    """A line of `classify FILE`."""
    return {"id": line_id, "about": round(review.about, 4), **judged(review)}


_UNREVIEWED: Row = dict.fromkeys(("places", "topic", "harm", "tone", "labels", "flags"))


def article(reviewed: Reviewed) -> Row:
    """A line of `articles`. What no review has said yet is null."""
    stored, review = reviewed.article, reviewed.review
    return {
        "id": stored.id,
        "source": stored.source_id,
        "url": stored.url,
        "title": stored.title,
        "text": stored.text,
        "byline": stored.byline,
        "published": moment(stored.published),
        "published_from": stored.published_from,
        "collected": moment(stored.collected),
        "version": stored.version,
        "content_hash": stored.content_hash,
        "snapshot": stored.snapshot,
        "language": stored.language,
        "channel": stored.channel,
        "extent": stored.extent,
        "about": round(review.about, 4) if review else None,
        "standing": review.standing if review else None,
        **(judged(review) if review else _UNREVIEWED),
        "story": reviewed.story_id,
    }


def story(value: Story, title: str, card: CaseCard | None, tracks: Mapping[Track, TrackRecord]) -> Row:
    """A line of `stories`; priority and tracks come from the case, where it has one."""
    return {
        "id": value.id,
        "title": title,
        "articles": list(value.articles),
        "reprints": [list(group) for group in value.reprints],
        "flags": [flag(f) for f in value.flags],
        "priority": card.priority if card else None,
        "tracks": {track: tracks[track].state if track in tracks else None for track in Track},
        "first_seen": moment(value.first_seen),
        "case": card.case_id if card else None,
    }


def outcome(value: Outcome) -> Row:
    """A line of `crawl`."""
    return {
        "source": value.source_id,
        "outcome": value.result,
        "new": value.tally.new,
        "updated": value.tally.updated,
        "seen": value.tally.seen,
        "error": str(value.error) if value.error else None,
        "seconds": round(value.seconds, 2),
        "notes": dict(value.notes),
    }


def totals(outcomes: Sequence[Outcome], seconds: float) -> Row:
    """The last line of `crawl`."""
    return {
        "sources": len(outcomes),
        "failed": sum(o.error is not None for o in outcomes),
        "new": sum(o.tally.new for o in outcomes),
        "updated": sum(o.tally.updated for o in outcomes),
        "seen": sum(o.tally.seen for o in outcomes),
        "seconds": round(seconds, 2),
    }
