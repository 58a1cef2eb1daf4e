"""How well articles are grouped: a year of three papers about one province, grouped by hand.

`stories.json` holds no text: an article is named by the hash of its headline and summary.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from classifier.stories import Rarity, Stories, profile
from config import knowledge
from index.model import Article, ArticleId, Place
from tests.eval.labelled import article, headlines

pytestmark = pytest.mark.shared

GROUPED = json.loads((Path(__file__).parent / "stories.json").read_text(encoding="utf-8"))
GOLD: Mapping[str, frozenset[str]] = {
    one: frozenset(group) for group in (*GROUPED["groups"], *([a] for a in GROUPED["alone"])) for one in group
}
BATCH = 20
FLOOR = 0.91
ORDER_FLOOR = 0.93


@pytest.fixture(scope="module")
def articles(shared: Path) -> Sequence[Article]:
    rows = headlines(shared / "data" / "news" / "headlines.jsonl.gz")
    found = {one.id: one for one in map(article, rows) if one.id in GOLD}
    assert set(found) == set(GOLD)
    return sorted(found.values(), key=lambda a: a.when)


def grouped(articles: Sequence[Article]) -> Mapping[str, frozenset[str]]:
    classifier = knowledge.classifier("lang-son")
    places: dict[ArticleId, tuple[Place, ...]] = {r.article_id: r.places for _, r in classifier.review(articles)}
    rarity = Rarity(())
    stories = Stories(classifier.province, (), {}, rarity)
    for first in range(0, len(articles), BATCH):
        batch = [profile(a, places[a.id]) for a in articles[first : first + BATCH]]
        rarity.learn(batch)
        for one in sorted(batch, key=lambda p: (p.when, p.article_id)):
            stories.add(one)
    return {article: frozenset(story.articles) for story in stories.changed() for article in story.articles}


def bcubed(found: Mapping[str, frozenset[str]], gold: Mapping[str, frozenset[str]]) -> float:
    """F1 of how much of an article's group is rightly there and how much of what belongs there is."""
    precision = sum(len(found[a] & gold[a]) / len(found[a]) for a in gold) / len(gold)
    recall = sum(len(found[a] & gold[a]) / len(gold[a]) for a in gold) / len(gold)
    return 2 * precision * recall / (precision + recall)


def test_grouping_agrees_with_a_persons(articles: Sequence[Article], capsys: pytest.CaptureFixture[str]) -> None:
    value, alone = bcubed(grouped(articles), GOLD), bcubed({a: frozenset([a]) for a in GOLD}, GOLD)
    with capsys.disabled():
        print(f"\nstories, B-cubed F1 (n {len(GOLD)}): {value:.3f}; every article alone {alone:.3f}")  # noqa: T201
    assert value >= FLOOR
    assert value > alone


def test_order_of_arrival_matters_little(articles: Sequence[Article]) -> None:
    in_time = grouped(articles)
    for seed in range(3):
        arriving = random.Random(seed).sample(articles, len(articles))
        assert bcubed(grouped(arriving), in_time) >= ORDER_FLOOR
