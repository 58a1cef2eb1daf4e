"""What a text is about: the topic whose cue words weigh most, the headline's twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from classifier.cues import Hit, Lexicon
from classifier.marked import Marked, weight
from classifier.reasons import ReasonCode
from index.model import Finding, Reason, Topic, TopicJudged

_FURTHER_DOWN: Final = 0.3
_HEADLINE: Final = 2.0
_REPEATED: Final = 0.3
"""What a cue counts when it comes again."""
_LEAST: Final = 3.0


class TopicSignal:
    name: Final = "topic"

    def __init__(self, lexicon: Lexicon) -> None:
        self.version = f"1-{lexicon.digest(self.name)}"

    def examine(self, articles: Sequence[Marked]) -> Sequence[Finding]:
        return [Finding(signal=self.name, version=self.version, value=judge(marked)) for marked in articles]


def judge(marked: Marked) -> TopicJudged:
    weights: dict[Topic, float] = {}
    best: dict[Topic, tuple[float, Hit]] = {}
    for topic in Topic:
        seen: dict[str, int] = defaultdict(int)
        for hit in marked.hits.get(f"topic.{topic}", ()):
            counts = _weight(hit) * (_REPEATED if seen[hit.cue.words] else 1.0)
            seen[hit.cue.words] += 1
            weights[topic] = weights.get(topic, 0.0) + counts
            if topic not in best or counts > best[topic][0]:
                best[topic] = (counts, hit)
    topic = max(weights, key=lambda t: weights[t], default=Topic.OTHER)
    if weights.get(topic, 0.0) < _LEAST:
        return TopicJudged(topic=Topic.OTHER)
    hit = best[topic][1]
    reason = Reason(code=ReasonCode.TOPIC_WORDS, params={"cue": hit.cue.words})
    return TopicJudged(topic=topic, evidence=marked.quoted(hit, reason, whole_sentence=False))


def _weight(hit: Hit) -> float:
    return weight(hit, headline=_HEADLINE, further_down=_FURTHER_DOWN)
