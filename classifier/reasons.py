"""The codes of reasons: why a quote counts. Their words are in the dashboard's messages; a test walks them all."""

from __future__ import annotations

from enum import StrEnum


class ReasonCode(StrEnum):
    """`params` of a reason are named in brackets."""

    SAID_UNCONFIRMED = "said_unconfirmed"
    """The text itself says that it is not confirmed [cue]."""
    PASSED_AROUND = "passed_around"
    """It rests on what is passed around on social media, no agency quoted [cue]."""
    NAMELESS_SOURCE = "nameless_source"
    """It rests on a source without a name, no agency quoted [cue]."""
    ONLY_HEDGED = "only_hedged"
    """It reports a suspicion that is still looked into, no agency quoted [cue]."""
    HEADLINE_NOT_BORNE_OUT = "headline_not_borne_out"
    """A strong word of the headline that nothing in the text bears out [cue]."""
    HEADLINE_TAKEN_BACK = "headline_taken_back"
    """The text itself says that little happened [cue]."""
    HEADLINE_LURES = "headline_lures"
    """The headline promises something instead of saying it [cue]."""
    COMPLAINT = "complaint"
    """People complain, ask or criticise [cue]."""
    HARM_TO_LIFE = "harm_to_life"
    """Harm to life or safety in the province [cue]."""
    HARM_TO_ORDER = "harm_to_order"
    """Harm to order, health or property in the province [cue]."""
    FIGURES_DIFFER = "figures_differ"
    """Two articles give different figures for the same thing [ours, theirs, what]."""
    TOPIC_WORDS = "topic_words"
    """The words a topic rests on [cue]."""
    HARM_WORDS = "harm_words"
    """The words a level of harm rests on [cue]."""
