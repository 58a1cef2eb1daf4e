"""What a signal is, and the classifier that runs them all over articles.

A signal answers from the text alone, in batches; a story signal needs the company of a story's other articles. Rules
and trained models keep the same two protocols.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol

from classifier import labels
from classifier.about import Scene
from classifier.cues import Hit, Lexicon
from classifier.marked import Marked
from classifier.places import Places
from classifier.words import cut
from index.clock import local
from index.errors import SignalError
from index.model import (
    Article,
    ArticleId,
    Field,
    Finding,
    Harm,
    HarmJudged,
    ProvinceId,
    Review,
    SourceId,
    Standing,
    Story,
    ToneScores,
    Topic,
    TopicJudged,
)
from index.source import Source

_log: Final = logging.getLogger(__name__)


class Signal(Protocol):
    """`version` changes when the same article could get another answer."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def examine(self, articles: Sequence[Marked]) -> Sequence[Finding]:
        """One finding for each article, in order. Raises `SignalError` when it cannot answer."""
        ...


class StorySignal(Protocol):
    """Asked when an article joins a story or changes, where there are originals enough (`fewest`) to say something."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def fewest(self) -> int: ...

    def examine(self, story: Story, articles: Sequence[Marked], sources: Mapping[SourceId, Source]) -> Finding:
        """About a story from its originals, in order of time. Raises `SignalError`."""
        ...


class Classifier:
    """Reviews articles for one province."""

    def __init__(
        self,
        province: ProvinceId,
        *,
        lexicon: Lexicon,
        places: Places,
        signals: Sequence[Signal],
        story_signals: Sequence[StorySignal] = (),
    ) -> None:
        self.province = province
        self.story_signals = tuple(story_signals)
        self._lexicon = lexicon
        self._places = places
        self._signals = tuple(signals)

    @property
    def versions(self) -> Mapping[str, str]:
        """Every signal with its version, as a review records them."""
        return {**self.versions_of_words, **{s.name: s.version for s in self.story_signals}}

    @property
    def versions_of_words(self) -> Mapping[str, str]:
        """Those that an article's own words are enough for."""
        return {self._places.name: self._places.version} | {s.name: s.version for s in self._signals}

    def scene(self, article: Article) -> Scene:
        """The article's words, cues and place names, before anything is concluded."""
        fields = {Field.TITLE: cut(article.title), Field.TEXT: cut(article.text)}
        mentions = self._places.mentions(fields, local(article.when).date())
        hits: dict[str, list[Hit]] = {}
        for where, words in fields.items():
            names = [(mention.first, mention.last) for mention in mentions if mention.field is where]
            for group, found in self._lexicon.find(words, where, masked=names).items():
                hits.setdefault(group, []).extend(found)
        return self._places.scene(fields, mentions, {group: tuple(found) for group, found in hits.items()})

    def mark(self, article: Article, standing: Standing | None = None) -> Marked:
        """The article with what is known of it: cue words, whereabouts, and what protects it.

        `standing`: what a person ruled; then the machine's own view of where it belongs protects from nothing.
        """
        scene = self.scene(article)
        whereabouts = self._places.find(scene)
        if standing is not None:
            whereabouts = replace(whereabouts, standing=standing, labels=frozenset())
        marked = Marked(article=article, title=scene.title, text=scene.text, hits=scene.hits, whereabouts=whereabouts)
        return replace(marked, labels=whereabouts.labels | labels.of(marked))

    def review(
        self, articles: Sequence[Article], ruled: Mapping[ArticleId, Standing] | None = None
    ) -> list[tuple[Marked, Review]]:
        """Each article with its review, in order; `ruled` is what people said of some.

        A signal that cannot answer is named in `unexamined`, whatever it failed with.
        """
        marked = [self.mark(article, (ruled or {}).get(article.id)) for article in articles]
        findings: list[list[Finding]] = [[] for _ in marked]
        unexamined: list[list[str]] = [[] for _ in marked]
        for signal in self._signals:
            answers = self._ask(signal, marked)
            for mine, missing, answer in zip(findings, unexamined, answers, strict=True):
                if answer is None:
                    missing.append(signal.name)
                else:
                    mine.append(answer)
        return [
            (article, self._review(article, mine, missing))
            for article, mine, missing in zip(marked, findings, unexamined, strict=True)
        ]

    def _ask(self, signal: Signal, marked: Sequence[Marked]) -> Sequence[Finding | None]:
        """The whole batch; where that fails, one by one, so that one article costs no other its answer."""
        try:
            return signal.examine(marked)
        except Exception as error:  # noqa: BLE001  a signal may fail in any way; the article that it fails on is named next
            _log.warning("signal %s failed on %s articles, now one by one: %s", signal.name, len(marked), _kind(error))
            return [self._ask_alone(signal, article) for article in marked]

    def _ask_alone(self, signal: Signal, marked: Marked) -> Finding | None:
        try:
            (finding,) = signal.examine([marked])
        except Exception as error:  # noqa: BLE001  a fault of one signal in one text keeps no other from its answer
            _log.warning("signal %s could not examine article %s: %s", signal.name, marked.article.id, _kind(error))
            return None
        return finding

    def unexamined(self, article: Article) -> Review:
        """The review of a text that cannot be looked at: undecided, every signal named as one that did not answer."""
        return Review(
            article_id=article.id,
            version=article.version,
            province=self.province,
            about=0.5,
            standing=Standing.UNDECIDED,
            signals=self.versions,
            unexamined=tuple(self.versions),
        )

    def _review(self, marked: Marked, findings: Sequence[Finding], unexamined: Sequence[str]) -> Review:
        values = [finding.value for finding in findings]
        return Review(
            article_id=marked.article.id,
            version=marked.article.version,
            province=self.province,
            about=round(marked.whereabouts.about, 4),
            standing=marked.whereabouts.standing,
            places=marked.whereabouts.places,
            topic=next((v for v in values if isinstance(v, TopicJudged)), TopicJudged(topic=Topic.OTHER)),
            harm=next((v for v in values if isinstance(v, HarmJudged)), HarmJudged(harm=Harm.NONE)),
            tone=next(
                (v for v in values if isinstance(v, ToneScores)), ToneScores(negative=0.0, neutral=1.0, positive=0.0)
            ),
            labels=marked.labels.union(*(finding.labels for finding in findings)),
            flags=tuple(flag for finding in findings for flag in finding.flags),
            signals=self.versions,
            unexamined=tuple(unexamined),
        )


def _kind(error: Exception) -> str:
    """What an error is, for the log: its words may be those of the article. One of ours says no more than codes."""
    return str(error) if isinstance(error, SignalError) else type(error).__name__
