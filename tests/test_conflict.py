"""One figure of the same thing, given differently: a sign with two spans, or silence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from classifier.conflict import ConflictSignal
from classifier.reasons import ReasonCode
from config import knowledge
from index.model import Channel, Flag, ProvinceId, SourceId, Story, StoryId
from index.source import Source
from tests.classified import NOON, written

SIGNAL = ConflictSignal(knowledge.lexicon())
CLASSIFIER = knowledge.classifier("tuyen-quang")


def flags(*told: tuple[str, timedelta]) -> tuple[Flag, ...]:
    articles = [
        written(f"Tin {number}", text, key=f"a{number}", source=f"paper-{number}", after=after)
        for number, (text, after) in enumerate(told, start=1)
    ]
    story = Story(
        id=StoryId("s"), province=ProvinceId("tuyen-quang"), articles=tuple(a.id for a in articles), first_seen=NOON
    )
    sources = {
        a.source_id: Source(id=a.source_id, name=a.source_id.title(), channel=Channel.PRESS, collector="feed", url="")
        for a in articles
    }
    return SIGNAL.examine(story, [CLASSIFIER.mark(article) for article in articles], sources).flags


def test_two_counts_of_the_same_hour_disagree() -> None:
    (flag,) = flags(
        ("Tính đến 17 giờ, xã có 137 hộ phải di dời.", timedelta()),
        ("Tính đến 17 giờ, xã có 73 hộ phải di dời.", timedelta(minutes=15)),
    )
    one, other = flag.evidence
    assert one.quote == "Tính đến 17 giờ, xã có 137 hộ phải di dời."
    assert one.against is not None
    assert one.against.quote == other.quote == "Tính đến 17 giờ, xã có 73 hộ phải di dời."
    assert one.reason.code == ReasonCode.FIGURES_DIFFER
    assert dict(one.reason.params) == {"ours": "137", "theirs": "73", "outlet": "Paper-1", "other": "Paper-2"}


@pytest.mark.parametrize(
    "told",
    [
        (("Hai người tử vong.", timedelta()), ("Số liệu mới: ba người tử vong.", timedelta(hours=2))),
        (("Ba người mất tích.", timedelta()), ("Còn hai người mất tích.", timedelta(hours=2))),
        (("137 hộ phải di dời.", timedelta()), ("73 hộ phải di dời.", timedelta(days=1))),
        (("137 hộ phải di dời.", timedelta()), ("Một trăm ba mươi bảy hộ phải di dời.", timedelta(hours=1))),
        (
            ("137 hộ phải di dời.", timedelta()),
            ("137 hộ phải di dời, trong đó 73 hộ dân phải di dời ngay.", timedelta()),
        ),
        (("137 hộ phải di dời.", timedelta()), ("Hàng trăm hộ phải di dời.", timedelta())),
        (("137 hộ phải di dời.", timedelta()), ("Hơn 120 hộ phải di dời.", timedelta())),
        (("137 hộ phải di dời.", timedelta()), ("Đính chính: 73 hộ phải di dời.", timedelta())),
    ],
    ids=["more dead", "fewer missing", "a day later", "in words", "a part", "vague", "about", "corrected"],
)
def test_what_does_not_disagree(told: tuple[tuple[str, timedelta], ...]) -> None:
    assert flags(*told) == ()


def test_a_later_count_with_fewer_dead_is_no_update() -> None:
    assert flags(("Ba người tử vong.", timedelta()), ("Hai người tử vong.", timedelta(hours=1)))


def test_an_unknown_outlet_is_named_by_its_id() -> None:
    story = Story(id=StoryId("s"), province=ProvinceId("tuyen-quang"), articles=(), first_seen=NOON)
    articles = [written("A", "137 hộ phải di dời.", source="x"), written("B", "73 hộ phải di dời.", source="y")]
    finding = SIGNAL.examine(story, [CLASSIFIER.mark(a) for a in articles], {})
    assert finding.flags[0].evidence[0].reason.params["outlet"] == SourceId("x")
