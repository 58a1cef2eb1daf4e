"""What the queue shows of a case, and why it stands where it does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.cards import busiest_hour, card_of, is_undecided, priority, sentence_around, weight
from index.archive import Reviewed
from index.case import CaseCard, Factors, Priority
from index.model import ArticleId, CaseId, Channel, FlagKind, Harm, HarmJudged, Label, SourceId, Standing
from tests.office import NOW, article, flag, later, review, story


def factors(harm: Harm, spread: float) -> Factors:
    return Factors(harm=harm, outlets=1, per_hour=1.0, spread=spread)


@pytest.mark.parametrize(
    ("harm", "spread", "level"),
    [
        (Harm.LIFE, 1, Priority.HIGH),
        (Harm.LIFE, 2, Priority.URGENT),
        (Harm.ORDER, 1, Priority.MEDIUM),
        (Harm.ORDER, 2, Priority.HIGH),
        (Harm.ORDER, 3, Priority.URGENT),
        (Harm.REPUTATION, 1, Priority.LOW),
        (Harm.REPUTATION, 2, Priority.MEDIUM),
        (Harm.REPUTATION, 4, Priority.HIGH),
        (Harm.NONE, 4, Priority.LOW),
    ],
)
def test_priority_is_harm_times_spread(harm: Harm, spread: float, level: Priority) -> None:
    assert priority(factors(harm, spread)) is level


@given(st.floats(min_value=0, max_value=1e6), st.floats(min_value=0, max_value=1e6))
def test_reputation_alone_is_never_urgent(spread: float, clock: float) -> None:
    judged = Factors(harm=Harm.REPUTATION, outlets=1, per_hour=1.0, spread=spread, clock=clock)
    assert priority(judged) is not Priority.URGENT


@given(st.sampled_from(Harm), st.floats(min_value=1, max_value=4), st.floats(min_value=1, max_value=4))
def test_a_wider_story_never_weighs_less(harm: Harm, one: float, other: float) -> None:
    narrow, wide = sorted((one, other))
    assert weight(factors(harm, narrow)) <= weight(factors(harm, wide))


def test_the_busiest_hour_is_the_most_within_any_sixty_minutes() -> None:
    minutes = [0, 50, 59, 60, 61, 300]
    assert busiest_hour([article(f"a{n}", published=later(minutes=n)) for n in minutes]) == 4
    assert busiest_hour([]) == 0


@pytest.mark.parametrize(
    ("standings", "undecided"),
    [
        ({Standing.UNDECIDED}, True),
        ({Standing.UNDECIDED, Standing.NOT_OURS}, True),
        ({Standing.UNDECIDED, Standing.OURS}, False),
        ({Standing.NOT_OURS}, False),
        (set(), False),
    ],
)
def test_a_person_is_asked_only_where_nothing_is_known_to_be_ours(standings: set[Standing], undecided: bool) -> None:
    assert is_undecided(standings) is undecided


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [
        ("Nước lên.", "Nước lên."),
        ("137 hộ", "Toàn xã có 137 hộ phải dời."),
        ("Ai đi?", "“Ai đi?”"),
        ("Mọi người", "Mọi người"),
    ],
)
def test_a_quote_is_shown_in_its_sentence(quote: str, sentence: str) -> None:
    text = "Nước lên. Toàn xã có 137 hộ phải dời.\n“Ai đi?” Mọi người"
    start = text.index(quote)
    shown, begin = sentence_around(text, start, start + len(quote))
    assert shown == sentence
    assert text[begin:].startswith(shown)


@given(st.text(alphabet="ab. \n…?”", min_size=1, max_size=600), st.data())
def test_whatever_the_text_the_quote_stands_whole_in_what_is_shown(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    shown, begin = sentence_around(text, start, end)
    assert shown[start - begin : end - begin] == text[start:end]
    assert len(shown) <= max(240, end - start)


def card(*members: Reviewed, reprints: tuple[tuple[ArticleId, ...], ...] = ()) -> CaseCard:
    told = story("s", [member.article for member in members], reprints=reprints)
    return card_of(CaseId("VV-2026-0001"), told, members, {m.article.id: m.article.source_id for m in members})


def reviewed(
    name: str,
    *,
    harm: Harm = Harm.NONE,
    labels: frozenset[Label] = frozenset(),
    standing: Standing = Standing.OURS,
    **given: object,
) -> Reviewed:
    one = article(name, **given)
    judged = HarmJudged(harm=harm, evidence=flag(FlagKind.INCIDENT, one).evidence[0] if harm else None)
    return Reviewed(article=one, review=review(one, harm=judged, labels=labels, standing=standing))


def test_the_headline_is_an_edited_one_where_there_is_one() -> None:
    forum = reviewed("f", channel=Channel.FORUM, title="VỠ ĐẬP RỒI", source_id=SourceId("xu-tuyen"))
    press = reviewed("p", title="Xôn xao tin vỡ đập", collected=later(hours=1))
    assert card(forum).title == "VỠ ĐẬP RỒI"
    assert card(forum, press).title == "Xôn xao tin vỡ đập"
    assert card(forum, press).first_source == "xu-tuyen"


def test_copies_count_as_reprints_not_as_outlets() -> None:
    first = reviewed("a")
    copies = [reviewed(f"c{n}", source_id=SourceId(f"trang-{n}"), collected=later(hours=n + 1)) for n in range(3)]
    group = tuple(member.article.id for member in (first, *copies))
    shown = card(first, *copies, reprints=(group,))
    assert (shown.outlets, shown.reprints) == (1, 3)
    assert card(first, *copies).outlets == 4


@pytest.mark.parametrize("label", [Label.DRILL, Label.SATIRE, Label.ELSEWHERE, Label.ORIGIN_ONLY])
def test_nothing_is_at_stake_in_what_did_not_happen_here(label: Label) -> None:
    assert card(reviewed("a", harm=Harm.LIFE, labels=frozenset({label}))).factors.harm is Harm.NONE
    assert card(reviewed("a", harm=Harm.LIFE, labels=frozenset({Label.OPINION}))).factors.harm is Harm.LIFE


def test_articles_from_elsewhere_do_not_count() -> None:
    ours = reviewed("a", harm=Harm.REPUTATION)
    theirs = reviewed("b", harm=Harm.LIFE, standing=Standing.NOT_OURS, source_id=SourceId("bao-khac"))
    shown = card(ours, theirs)
    assert (shown.factors.harm, shown.outlets) == (Harm.REPUTATION, 1)


def test_times_are_those_of_the_first_and_the_last_article() -> None:
    shown = card(reviewed("b", published=later(hours=2)), reviewed("a", published=NOW))
    assert shown.last_change - shown.first_seen == timedelta(hours=2)
