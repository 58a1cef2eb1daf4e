"""Every noun comes back from JSON as it went in, and the layout stays."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import documents
from index.errors import ArchiveError
from index.model import (
    Article,
    Evidence,
    FlagKind,
    Label,
    Place,
    Review,
    Ruling,
    Standing,
    Story,
    ToneScores,
    Topic,
    TopicJudged,
)
from index.source import Checkpoint, Reading, Visit
from tests.contract.nouns import NOON, article, flag, review, story

KINDS = (Article, Review, Story, Ruling, Checkpoint, Reading, Visit)

text = st.text(st.characters(codec="utf-8"), max_size=20)
times = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.timedeltas(timedelta(0), timedelta(days=40))
evidence = st.builds(
    Evidence, quote=text.filter(str.strip), start=st.integers(0, 10**6), against=st.none(), fact_id=st.none() | text
)
flags = st.from_type(FlagKind).map(lambda kind: flag(article(), kind))
places = st.builds(Place, name=text, unit=text, as_written=text, area=text, rule=text)


@pytest.fixture(scope="module", autouse=True)
def strategies() -> None:
    """How hypothesis makes the parts that have rules of their own."""
    st.register_type_strategy(str, text)
    st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
    st.register_type_strategy(datetime, times)
    st.register_type_strategy(timedelta, spans)
    st.register_type_strategy(Evidence, evidence)
    st.register_type_strategy(type(flag(article())), flags)
    subject = st.tuples(text, st.none()) | st.tuples(st.none(), text)
    st.register_type_strategy(
        Ruling,
        subject.flatmap(
            lambda pair: st.builds(
                Ruling, value=st.none() | text, story_id=st.just(pair[0]), article_id=st.just(pair[1])
            )
        ),
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_noun_comes_back(kind: type[Any], data: st.DataObject) -> None:
    noun = data.draw(st.from_type(kind))
    assert documents.from_json(documents.to_json(noun), kind) == noun
    assert documents.from_builtins(json.loads(json.dumps(documents.to_builtins(noun))), kind) == noun


def test_the_layout_is_field_names_values_of_enums_and_times_with_their_offset() -> None:
    held = article(snapshot="ab" * 32)
    assert json.loads(documents.to_json(held)) == {
        "id": held.id,
        "source_id": "bao",
        "channel": "press",
        "url": "https://bao.example/lu",
        "title": "Lũ quét ở Hà Giang",
        "text": "Nước dâng cao.",
        "language": "vi",
        "collected": "2026-03-02T05:00:00Z",
        "published": None,
        "published_from": "none",
        "byline": None,
        "extent": "page",
        "version": 1,
        "content_hash": held.content_hash,
        "snapshot": "ab" * 32,
    }


def test_sets_and_mappings_are_written_in_order() -> None:
    orders = [
        documents.to_json(review(article(), labels=frozenset(labels), signals=signals))
        for labels, signals in (
            ((Label.SATIRE, Label.DRILL, Label.OPINION), {"b": "1", "a": "2"}),
            ((Label.OPINION, Label.SATIRE, Label.DRILL), {"a": "2", "b": "1"}),
        )
    ]
    assert orders[0] == orders[1]


def test_a_document_of_an_older_or_a_newer_version_can_be_read() -> None:
    written = documents.to_builtins(story("s", article()))
    del written["forward"], written["reprints"]
    assert documents.from_builtins({**written, "mood": "new"}, Story) == story("s", article())


@pytest.mark.parametrize(
    "document", ["", "{", "[]", "{}", '{"id": 7}', '{"id": "a", "province": "b", "articles": [1]}']
)
def test_what_is_no_document_of_its_kind_is_an_error_of_the_archive(document: str) -> None:
    with pytest.raises(ArchiveError) as raised:
        documents.from_json(document, Story)
    assert raised.value.params["document"] == "Story"


def test_a_rule_of_a_noun_holds_when_it_is_read_too() -> None:
    quoteless = documents.to_builtins(flag(article()))
    quoteless["evidence"] = []
    with pytest.raises(ArchiveError):
        documents.from_builtins(quoteless, type(flag(article())))


@given(moment=times, offset=st.integers(-12, 14))
def test_milliseconds_are_those_of_the_moment_wherever_its_clock_hangs(moment: datetime, offset: int) -> None:
    elsewhere = moment.astimezone(timezone(timedelta(hours=offset)))
    assert documents.milliseconds(elsewhere) == documents.milliseconds(moment)
    back = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=documents.milliseconds(moment))
    assert timedelta(0) <= moment - back < timedelta(milliseconds=1)


def test_a_naive_time_has_no_milliseconds() -> None:
    with pytest.raises(ValueError, match="naive"):
        documents.milliseconds(NOON.replace(tzinfo=None))


def test_search_filters_by_what_a_review_found_unless_it_is_not_ours() -> None:
    place = Place(name="Mèo Vạc", unit="xã", as_written="Mèo Vạc", area="Hà Giang", rule="name")
    found = review(
        article(),
        places=(place, place),
        topic=TopicJudged(topic=Topic.CRIME),
        tone=ToneScores(negative=0.6, neutral=0.3, positive=0.1),
        flags=(flag(article()), flag(article(), FlagKind.INCIDENT)),
    )
    assert documents.traits(found) == {
        ("place", "Mèo Vạc"),
        ("topic", "crime"),
        ("tone", "negative"),
        ("flag", "criticism"),
        ("flag", "incident"),
    }
    not_ours = documents.from_builtins({**documents.to_builtins(found), "standing": Standing.NOT_OURS}, Review)
    assert documents.traits(not_ours) == frozenset()
