"""`kiemtin search`: the archive, as officers search it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import click

from config import gazetteer, rows, wiring
from config import messages as m
from config.commands.allowed import Between, OneOf
from config.commands.collecting import MOST, Moment, known_source
from config.commands.invocation import Invocation, command
from desk.excerpt import excerpt
from desk.search import asked
from index import clock
from index.archive import Counted, Facet, Hit, Hits, Sort
from index.case import TrackState
from index.errors import MarkUnknown
from index.model import Channel, FlagKind, ProvinceId, Tone, Topic
from index.question import Question
from index.text import fold

_FACETS: Final = tuple(facet for facet in Facet if facet is not Facet.STORY)
"""An archive has as many stories as articles: counted, but not listed."""
_PAGE: Final = 20
_NAMED: Final = 20
"""Places that a message lists, and values of a facet that a reader is shown."""
_LAST_DAY: Final = date.max - timedelta(days=1)
"""The last day that has a day after it."""
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")


class Until(Moment):
    """A time, or a day with all of it."""

    def _read(self, said: str) -> datetime:
        try:
            day = date.fromisoformat(said)
        except ValueError:
            return super()._read(said)
        return clock.start_of_day(min(day, _LAST_DAY) + timedelta(days=1))


class Language(click.ParamType[str]):
    """A language's code."""

    name = "language"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not _LANGUAGE.fullmatch(str(value)):
            self.fail(m.NOT_ALLOWED.format(found=value, allowed=m.A_LANGUAGE), param, ctx)
        return str(value)


@command("search")
@click.argument("query")
@click.option("--from", "since", type=Moment(), metavar="T", help=m.OPTION_FROM)
@click.option("--to", "until", type=Until(), metavar="T", help=m.OPTION_TO)
@click.option("--source", metavar="ID", help=m.OPTION_IN_SOURCE)
@click.option("--channel", type=OneOf(Channel), help=m.OPTION_IN_CHANNEL)
@click.option("--place", metavar="NAME", help=m.OPTION_PLACE)
@click.option("--tone", type=OneOf(Tone), help=m.OPTION_TONE)
@click.option("--topic", type=OneOf(Topic), help=m.OPTION_TOPIC)
@click.option("--flag", type=OneOf(FlagKind), help=m.OPTION_FLAG)
@click.option("--state", type=OneOf(TrackState), help=m.OPTION_STATE)
@click.option("--language", type=Language(), metavar="CODE", help=m.OPTION_LANGUAGE)
@click.option("--sort", type=OneOf(Sort), default=Sort.NEWEST.value, help=m.OPTION_SORT)
@click.option("--limit", type=Between(1, MOST), default=_PAGE, metavar="N", help=m.OPTION_HITS)
@click.option("--after", metavar="NEXT", help=m.OPTION_AFTER)
def search(
    call: Invocation,
    *,
    query: str,
    source: str | None,
    place: str | None,
    limit: int,
    after: str | None,
    **narrowed: Any,
) -> None:
    province = call.settings.province
    question = Question(text=query, source=known_source(call, source), place=_known_place(province, place), **narrowed)
    if question.since is not None and question.until is not None and question.since >= question.until:
        raise click.BadParameter(
            m.NOT_ALLOWED.format(found=rows.moment(question.until), allowed=m.LATER_THAN_FROM), param_hint="--to"
        )
    with wiring.open_casebook(call.settings) as casebook, casebook.read(province) as book:
        wanted = replace(asked(question, province, book), limit=limit, after=after)
    with wiring.open_archive(call.settings) as archive:
        try:
            found = archive.find(wanted)
        except MarkUnknown as error:
            raise click.BadParameter(
                m.NOT_ALLOWED.format(found=after, allowed=m.NEXT_OF_A_SEARCH), param_hint="--after"
            ) from error
        facets = archive.facets(wanted, _FACETS)
    if call.json:
        call.show(_document(query, found, facets))
    else:
        _read_out(query, found, facets)


def _known_place(province: ProvinceId, said: str | None) -> str | None:
    """A place of the province by its name, or by its name without marks where only one is meant."""
    if said is None:
        return None
    names = gazetteer.place_names(province)
    meant = [name for name in names if name == said] or [name for name in names if fold(name) == fold(said)]
    if len(meant) != 1:
        listed = meant or names
        allowed = ", ".join(listed[:_NAMED]) + (" …" if len(listed) > _NAMED else "")
        raise click.BadParameter(m.NOT_ALLOWED.format(found=said, allowed=allowed), param_hint="--place")
    return meant[0]


# --- what is printed ----------------------------------------------------------------------------------------------


def _document(query: str, found: Hits, facets: Mapping[Facet, Counted]) -> rows.Row:
    return {
        "total": found.total,
        "hits": [_hit(query, hit) for hit in found.hits],
        "facets": {facet: {"counts": counted.counts, "of": counted.of} for facet, counted in facets.items()},
        "next": found.next,
    }


def _hit(query: str, hit: Hit) -> rows.Row:
    article = hit.article
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "published": rows.moment(article.published),
        "snippet": str(excerpt(article.text, query)),
        "score": round(hit.score, 4),
    }


def _read_out(query: str, found: Hits, facets: Mapping[Facet, Counted]) -> None:
    click.echo(m.FOUND.format(total=found.total))
    for hit in found.hits:
        article = hit.article
        when = clock.local(article.published).strftime("%d/%m/%Y %H:%M") if article.published else m.UNDATED
        click.echo(f"\n{when}  {article.source_id}  {article.title}")
        click.echo(f"    {excerpt(article.text, query)}")
        if article.url:
            click.echo(f"    {article.url}")
    click.echo()
    for facet, counted in facets.items():
        if counted.counts:
            values = ", ".join(f"{value} {count}" for value, count in list(counted.counts.items())[:_NAMED])
            partial = m.COUNTED_ON.format(of=counted.of) if counted.of < found.total else ""
            click.echo(f"{facet}: {values} {partial}".rstrip())
    if found.next is not None:
        click.echo(m.FOUND_NEXT.format(next=found.next))


COMMANDS = (search,)
