"""A line of the daily page as HTML: one story, as its section tells it (DOMAIN §6.1), from escaped text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dashboard import daily_words as d
from dashboard import messages as m
from dashboard import say, words
from dashboard import widgets as w
from desk.daily import Attention, Line, Section
from index.case import Act
from index.model import OfficerName


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom a line is drawn: `until` is the end of the page's period, by which its times are told; `names` what
    officers are called; `mends` that what has to be rewritten is marked."""

    until: datetime
    names: Mapping[OfficerName, str]
    mends: bool

    def name(self, officer: OfficerName) -> str:
        return self.names.get(officer, officer)

    def time(self, at: datetime | None) -> str:
        return d.UNDATED if at is None else say.clock(at, self.until)


def item(line: Line, number: int, reader: Reader) -> str:
    """A line with its number within its section or group; nothing stands here without the way to the original."""
    head = w.block("title", w.escaped(f"{number}. {line.title}"))
    mending = _mending(line, reader) if reader.mends else ""
    return w.block("item", head, _BODIES[line.section](line, reader), mending)


def _direct(line: Line, reader: Reader) -> str:
    """What the machine and people make of it, what a paper says and what is known, who answers for it until when, what
    is proposed."""
    return (
        _signs(line)
        + (_told(d.TOLD, line.summary) if line.summary else "")
        + _told(d.KNOWN, line.known or d.NOT_WRITTEN)
        + _told(d.UNKNOWN, line.unknown or d.NOT_WRITTEN)
        + _meta(
            _attention(line),
            w.span("strong", _state(line)) if line.state else "",
            w.escaped(line.agency or m.NO_AGENCY),
            _due(line, reader, d.DUE),
            _spread(line),
            _original(line),
        )
        + _told(d.PROPOSAL, line.proposal or d.NOT_WRITTEN)
    )


def _news(line: Line, reader: Reader) -> str:
    return _meta(w.escaped(line.outlet), w.escaped(reader.time(line.at)), _spread(line), _original(line)) + w.block(
        "said", w.escaped(line.summary)
    )


def _criticism(line: Line, reader: Reader) -> str:
    """What is complained of, where it stood, where it happened, who answers until when. No sign of accuracy here."""
    return w.block("said", w.escaped(line.summary)) + _meta(
        w.escaped(line.outlet),
        w.escaped(", ".join(line.places) or m.NO_PLACE),
        w.escaped(line.agency or m.NO_AGENCY),
        w.escaped(_state(line)),
        _due(line, reader, d.DUE_ANSWER),
        _original(line),
    )


def _verify(line: Line, reader: Reader) -> str:
    """The first source and the machine's signs, then what a person has found so far: never in one look."""
    by = d.VERIFIED_BY.format(name=reader.name(line.owner)) if line.owner else d.NOBODY_VERIFIES
    return (
        w.block("said", w.escaped(line.summary))
        + w.block("meta", w.escaped(m.FIRST_SOURCE.format(source=line.outlet, at=reader.time(line.at))))
        + _signs(line)
        + _meta(w.span("strong", _state(line)), w.escaped(by), _original(line))
    )


def _results(line: Line, reader: Reader) -> str:
    took_back = line.outcome is Act.WITHDRAWN and line.result is None
    outcome = d.TAKEN_BACK if took_back else _state(line)
    by = reader.name(line.owner) if line.owner else ""
    return _meta(
        w.span("strong", outcome), w.escaped(line.agency or ""), w.escaped(by), w.escaped(line.outlet), _original(line)
    ) + w.block("said", w.escaped(line.summary))


_BODIES = {
    Section.DIRECT: _direct,
    Section.NEWS: _news,
    Section.CRITICISM: _criticism,
    Section.VERIFY: _verify,
    Section.FOREIGN: _news,
    Section.RESULTS: _results,
}


def _attention(line: Line) -> str:
    if line.attention is None:
        return ""
    return w.span("amber" if line.attention is Attention.HIGH else "red", d.ATTENTIONS[line.attention])


def _signs(line: Line) -> str:
    signs = "".join(w.span("sign", say.sign(kind)) for kind in line.own_signs)
    return w.block("meta", signs) if signs else ""


def _meta(*parts: str) -> str:
    return w.block("meta", w.dotted(*parts))


def _told(label: str, text: str) -> str:
    return w.block("said", w.span("strong", label), w.escaped(text))


def _original(line: Line) -> str:
    return w.link(line.url, m.ORIGINAL_LINK)


def _spread(line: Line) -> str:
    """How wide it went in the period; nothing where it stood in one place."""
    if line.reprints:
        return w.escaped(d.SPREAD.format(originals=line.originals, reprints=line.reprints))
    return w.escaped(d.ORIGINALS.format(n=line.originals)) if line.originals > 1 else ""


def _due(line: Line, reader: Reader, form: str) -> str:
    """The hour an answer is due, red once it has passed; a date that the law does not give is never guessed."""
    if line.due is None:
        return w.span("soft", d.NO_DUE)
    text = form.format(at=say.clock(line.due, reader.until))
    return w.span("red", text) if line.due < reader.until else w.escaped(text)


def _state(line: Line) -> str:
    if line.result is not None:
        return words.RESULTS[line.result]
    if line.conclusion is not None:
        return m.CONCLUDED_AS.format(conclusion=words.CONCLUSIONS[line.conclusion])
    return words.STATES[line.state] if line.state else ""


def _mending(line: Line, reader: Reader) -> str:
    """For officers: names that were withheld and nobody has looked at, and whose words these are."""
    parts = (
        w.span("amber", d.TO_REWRITE) if line.withheld else "",
        w.escaped(d.REWRITTEN.format(name=reader.name(line.rewritten_by))) if line.rewritten_by else "",
        w.escaped(d.MOVED_BECAUSE.format(reason=line.moved_because)) if line.moved_because else "",
    )
    return _meta(*parts) if any(parts) else ""
