"""Cue words: exceptions, negations, and place names that hold a cue."""

from __future__ import annotations

from classifier.cues import Cue, Lexicon
from classifier.words import cut
from index.model import Field

LEXICON = Lexicon(
    [
        Cue(group="a.shock", words="sốc", unless=("sốc nhiệt", "sốc phản vệ")),
        Cue(group="a.harm", words="vỡ đập"),
        Cue(group="a.harm", words="đập"),
        Cue(group="b.fraud", words="lừa"),
    ],
    negations=("không có chuyện", "không"),
)


def hits(text: str, masked: tuple[tuple[int, int], ...] = ()) -> list[tuple[str, bool]]:
    found = LEXICON.find(cut(text), Field.TEXT, masked)
    return [(hit.cue.words, hit.negated) for group in found.values() for hit in group]


def test_a_cue_inside_its_exception_is_none() -> None:
    assert hits("Bệnh nhân sốc nhiệt") == []
    assert hits("Tin sốc: bệnh nhân sốc phản vệ") == [("sốc", False)]


def test_of_overlapping_cues_of_a_group_the_longer_stands() -> None:
    assert hits("tin vỡ đập") == [("vỡ đập", False)]


def test_a_negation_reaches_over_its_clause_only() -> None:
    assert hits("Không có chuyện vỡ đập") == [("vỡ đập", True)]
    assert hits("Trời không mưa, vỡ đập lúc 3 giờ") == [("vỡ đập", False)]
    assert hits("không ai biết vì sao hôm ấy vỡ đập") == [("vỡ đập", False)]


def test_words_of_a_place_name_are_no_cues() -> None:
    assert hits("chợ Kỳ Lừa", masked=((1, 2),)) == []
    assert hits("bị lừa") == [("lừa", False)]


def test_the_digest_changes_with_the_cues_of_its_groups_alone() -> None:
    fraud = Cue(group="b.fraud", words="lừa")
    one, other = (
        Lexicon([Cue(group="a.shock", words="sốc"), fraud]),
        Lexicon([Cue(group="a.shock", words="choáng"), fraud]),
    )
    assert one.digest("a") != other.digest("a")
    assert one.digest("b") == other.digest("b")
    assert one.digest("b") != Lexicon([fraud], negations=["không"]).digest("b")
