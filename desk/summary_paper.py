"""The daily page as a document, in the order of DOMAIN §6.1. Pure; all its words come in as `PageWords`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from desk.daily import Attention, Daily, DayVolume, Edition, Line, NewsGroup, Section, SourceLost
from desk.paper import Bars, Block, Heading, Notice, Paper, Paragraph, Run, Series, Shade, Table
from index.case import Act, Conclusion, Result, TrackState
from index.clock import local
from index.model import FlagKind, OfficerName, Tone

_SHADES: Final = {Tone.NEGATIVE: Shade.OCHRE, Tone.NEUTRAL: Shade.GREY, Tone.POSITIVE: Shade.GREEN}
_CRITICISM_WIDTHS: Final = (5.0, 2.0, 2.0, 2.5, 2.0, 2.0)
_VERIFY_WIDTHS: Final = (5.0, 2.5, 2.5, 3.0, 2.5)
_SEVERAL: Final = 2

Cell = tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """The words of `config/daily_page.yaml`. What stands in braces is filled in; `moment`, `hour`, `day` and
    `chart_day` are how times are written."""

    title: str
    editions: Mapping[Edition, str]
    period: str
    moment: str
    hour: str
    day: str
    chart_day: str
    half_lost: str
    none: str
    sections: Mapping[Section, str]
    overview: str
    groups: Mapping[NewsGroup, str]
    left_out: str
    in_direct: str
    attention: Mapping[Attention, str]
    told: str
    known: str
    unknown: str
    not_written: str
    standing_signs: str
    standing_state: str
    agency: str
    no_agency: str
    due: str
    no_due: str
    proposal: str
    originals: str
    outlets: str
    foreign: str
    undated: str
    link: str
    withheld: str
    counts: str
    undated_count: str
    late_count: str
    undecided_count: str
    unreviewed_count: str
    lost: str
    lost_since: str
    lost_never: str
    unfinished: str
    chart: str
    chart_lost: str
    chart_unwatched: str
    chart_undated: str
    chart_undated_note: str
    tones: Mapping[Tone, str]
    reprints: str
    criticism_columns: tuple[str, ...]
    verify_columns: tuple[str, ...]
    signs: Mapping[FlagKind, str]
    states: Mapping[TrackState, str]
    concluded: str
    conclusions: Mapping[Conclusion, str]
    results: Mapping[Result, str]
    taken_back: str
    nobody: str
    note: str
    made: str
    read_over: str
    not_read_over: str
    page: str


def paper(page: Daily, words: PageWords, *, agency: Sequence[str]) -> Paper:
    """`agency` are the lines of the issuing office, from the higher one down."""
    return _Setter(page, words).paper(tuple(agency))


class _Setter:
    def __init__(self, page: Daily, words: PageWords) -> None:
        self._page = page
        self._words = words

    def paper(self, agency: tuple[str, ...]) -> Paper:
        page, words = self._page, self._words
        period = words.period.format(
            since=self._moment(page.since),
            until=self._moment(page.until),
            ok=page.counts.sources_ok,
            failed=page.counts.sources_failed,
        )
        edition = words.editions[page.edition]
        return Paper(
            title=words.title.format(day=page.day.strftime(words.day)),
            subtitle=(edition, period) if edition else (period,),
            agency=agency,
            blocks=tuple(self._blocks()),
            notes=(words.note, self._made()),
            made=page.made,
            page_word=words.page,
        )

    def _blocks(self) -> Iterator[Block]:
        lines, counts, words = self._page.lines, self._page.counts, self._words
        if counts.half_lost:
            sources = counts.sources_ok + counts.sources_failed
            yield Notice(runs=(Run(text=words.half_lost.format(failed=counts.sources_failed, sources=sources)),))
        yield self._heading(Section.DIRECT)
        yield from self._direct(lines[Section.DIRECT])
        yield Heading(text=words.overview)
        yield from self._overview()
        yield self._heading(Section.NEWS)
        yield from self._news(lines[Section.NEWS])
        rows = [self._criticised(line) for line in lines[Section.CRITICISM]]
        yield from self._table(Section.CRITICISM, words.criticism_columns, rows, _CRITICISM_WIDTHS)
        rows = [self._doubted(line) for line in lines[Section.VERIFY]]
        yield from self._table(Section.VERIFY, words.verify_columns, rows, _VERIFY_WIDTHS)
        for section in (Section.FOREIGN, Section.RESULTS):
            yield self._heading(section)
            tell = self._item if section is Section.FOREIGN else self._ended
            yield from self._numbered(tell(line) for line in lines[section])

    # --- sections

    def _direct(self, lines: Sequence[Line]) -> Iterator[Block]:
        words = self._words
        if not lines:
            yield self._none()
        for number, line in enumerate(lines, start=1):
            head = [Run(text=line.title, bold=True)]
            if line.attention is not None:
                head.append(Run(text=f" ({words.attention[line.attention]})", italic=True))
            yield Paragraph(runs=(*head, *self._withheld(line)), number=f"{number}.")
            standing = self._standing(line)
            if standing:
                yield _told((Run(text=standing, italic=True),))
            # What a paper says is not what is known.
            if line.summary:
                yield self._said(words.told, line.summary)
            yield self._said(words.known, line.known)
            yield self._said(words.unknown, line.unknown)
            agency = words.agency.format(agency=line.agency or words.no_agency)
            due = words.due.format(due=self._due(line))
            yield _told((Run(text=f"{agency}. {due}. {self._spread(line)} "), *self._link(line)))
            yield self._said(words.proposal, line.proposal)

    def _overview(self) -> Iterator[Block]:
        page, words = self._page, self._words
        said = [words.counts.format(**asdict(page.counts))]
        beside = {
            words.undated_count: page.counts.undated,
            words.late_count: page.counts.late,
            words.undecided_count: page.counts.undecided,
            words.unreviewed_count: page.counts.unreviewed,
        }
        said.extend(sentence.format(n=count) for sentence, count in beside.items() if count)
        if page.lost:
            said.append(words.lost.format(sources=", ".join(map(self._lost, page.lost))))
        said.append(words.unfinished.format(**{track.value: count for track, count in page.unfinished.items()}))
        for sentence in said:
            yield Paragraph(runs=(Run(text=sentence),))
        yield self._chart(page.volume, page.undated_volume)
        if page.undated_volume:
            yield Paragraph(runs=(Run(text=words.chart_undated_note.format(n=page.undated_volume), italic=True),))

    def _chart(self, days: Sequence[DayVolume], undated: int) -> Bars:
        """What has no day stands behind the days, a bar of its own that is no day's."""
        words = self._words
        labels = {one.day: one.day.strftime(words.chart_day) for one in days}
        apart = (None,) if undated else ()
        series = [
            Series(
                name=words.tones[tone],
                counts=(*(None if one.originals is None else one.originals[tone] for one in days), *apart),
                shade=_SHADES[tone],
            )
            for tone in Tone
        ]
        series.append(
            Series(name=words.reprints, counts=(*(one.reprints for one in days), *apart), shade=Shade.OUTLINE)
        )
        if undated:
            counts = (*(None for _ in days), undated)
            series.append(Series(name=words.chart_undated, counts=counts, shade=Shade.OUTLINE))
        return Bars(
            caption=words.chart,
            labels=(*labels.values(), *((words.chart_undated,) if undated else ())),
            series=tuple(series),
            marked={
                labels[one.day]: words.chart_lost.format(lost=one.lost, sources=one.sources)
                if one.sources
                else words.chart_unwatched
                for one in days
                if one.partial
            },
        )

    def _news(self, lines: Sequence[Line]) -> Iterator[Block]:
        for group in NewsGroup:
            yield Heading(text=self._words.groups[group], level=2)
            yield from self._numbered(self._item(line) for line in lines if line.group is group)
            if self._page.left_out[group]:
                text = self._words.left_out.format(n=self._page.left_out[group])
                yield Paragraph(runs=(Run(text=text, italic=True),), indent=1)

    def _criticised(self, line: Line) -> tuple[Cell, ...]:
        return (
            self._content(line),
            self._first(line),
            (Run(text=", ".join(line.places)),),
            (Run(text=line.agency or self._words.no_agency),),
            (Run(text=self._state(line)),),
            (Run(text=self._due(line)),),
        )

    def _doubted(self, line: Line) -> tuple[Cell, ...]:
        verifier = self._name(line.owner) if line.owner else self._words.nobody
        return (
            self._content(line),
            self._first(line),
            (Run(text=self._signs(line)),),
            (Run(text=self._words.nobody if line.state in (None, TrackState.NEW) else self._state(line)),),
            (Run(text=verifier),),
        )

    # --- one line

    def _item(self, line: Line) -> Cell:
        """Outlet, hour, what it says in two sentences at most, the way to it."""
        return (
            Run(text=f"{line.outlet} – {self._time(line)} – "),
            Run(text=line.title, bold=True),
            *self._withheld(line),
            Run(text=f". {line.summary} {self._spread(line)} "),
            *self._link(line),
        )

    def _ended(self, line: Line) -> Cell:
        words = self._words
        took_back = line.outcome is Act.WITHDRAWN and line.result is None
        result = words.taken_back if took_back else self._state(line)
        agency = f" ({line.agency})" if line.agency else ""
        return (
            Run(text=line.title, bold=True),
            *self._withheld(line),
            Run(text=f": {result}{agency}. "),
            *self._link(line),
        )

    def _content(self, line: Line) -> Cell:
        summary = f". {line.summary} " if line.summary else " "
        return (Run(text=line.title, bold=True), *self._withheld(line), Run(text=summary), *self._link(line))

    def _first(self, line: Line) -> Cell:
        return (Run(text=f"{line.outlet}, {self._time(line)}. {self._spread(line)}".strip()),)

    def _link(self, line: Line) -> Cell:
        return (Run(text=self._words.link, url=line.url),) if line.url else ()

    def _withheld(self, line: Line) -> Cell:
        return (Run(text=f" {self._words.withheld}", italic=True),) if line.withheld else ()

    def _spread(self, line: Line) -> str:
        words = self._words
        if line.originals + line.reprints < _SEVERAL:
            return ""
        form = words.outlets if line.reprints else words.originals
        said = form.format(originals=line.originals, reprints=line.reprints)
        if line.foreign and line.section is not Section.FOREIGN:
            said += f", {words.foreign.format(n=line.foreign)}"
        return f"({said})"

    def _standing(self, line: Line) -> str:
        """The machine's signs and how far people have come, so that a rumour is not read as news."""
        signs, state = self._signs(line), self._state(line) if line.state else ""
        said = (
            self._words.standing_signs.format(signs=signs) if signs else "",
            self._words.standing_state.format(state=state) if state else "",
        )
        return " ".join(filter(None, said))

    def _signs(self, line: Line) -> str:
        return "; ".join(self._words.signs[kind] for kind in line.own_signs)

    def _state(self, line: Line) -> str:
        if line.result is not None:
            return self._words.results[line.result]
        if line.conclusion is not None:
            return self._words.concluded.format(conclusion=self._words.conclusions[line.conclusion])
        return self._words.states[line.state or TrackState.NEW]

    def _due(self, line: Line) -> str:
        return self._moment(line.due) if line.due else self._words.no_due

    def _time(self, line: Line) -> str:
        return local(line.at).strftime(self._words.hour) if line.at else self._words.undated

    # --- pieces

    def _heading(self, section: Section) -> Heading:
        return Heading(text=self._words.sections[section])

    def _none(self) -> Paragraph:
        return Paragraph(runs=(Run(text=self._words.none, italic=True),))

    def _numbered(self, told: Iterator[Cell]) -> Iterator[Block]:
        cells = list(told)
        if not cells:
            yield self._none()
        for number, cell in enumerate(cells, start=1):
            yield Paragraph(runs=cell, number=f"{number}.")

    def _table(
        self, section: Section, head: tuple[str, ...], rows: Sequence[tuple[Cell, ...]], widths: tuple[float, ...]
    ) -> Iterator[Block]:
        """A section of rows, and where its stories are that stand in I."""
        yield self._heading(section)
        if rows:
            yield Table(head=head, rows=tuple(rows), widths=widths)
        above = self._page.in_direct(section)
        if above:
            numbers = ", ".join(map(str, above))
            yield Paragraph(runs=(Run(text=self._words.in_direct.format(numbers=numbers), italic=True),))
        elif not rows:
            yield self._none()

    def _said(self, label: str, text: str) -> Paragraph:
        return _told((Run(text=label, bold=True), Run(text=text or self._words.not_written)))

    def _lost(self, source: SourceLost) -> str:
        if source.since is None:
            return self._words.lost_never.format(name=source.name)
        return self._words.lost_since.format(name=source.name, since=self._moment(source.since))

    def _made(self) -> str:
        page, words = self._page, self._words
        read_over = words.not_read_over
        if page.read_over_by is not None and page.read_over_at is not None:
            read_over = words.read_over.format(name=self._name(page.read_over_by), at=self._moment(page.read_over_at))
        return words.made.format(at=self._moment(page.made), read_over=read_over)

    def _name(self, officer: OfficerName) -> str:
        return self._page.people.get(officer, officer)

    def _moment(self, at: datetime) -> str:
        return local(at).strftime(self._words.moment)


def _told(runs: Cell) -> Paragraph:
    return Paragraph(runs=runs, indent=1)
