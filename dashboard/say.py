"""Values as the words of the screen: times, spans of time, counts, confidence, errors, reasons, lines of history.

The words themselves are in `messages` and `words`. What comes back may hold text from outside: it is escaped where it
is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from dashboard import messages as m
from dashboard import words
from index.case import Act, Conclusion, Dismissal, Entry, Handling, Result
from index.clock import local
from index.errors import KiemTinError
from index.model import FlagKind, OfficerName, Reason, RulingField, Standing, Topic, Track
from index.source import Note

# From which score on a sign is said to be how sure.
_CERTAIN: Final = ((0.8, m.HIGH), (0.6, m.MIDDLE), (0.0, m.LOW))
_HOUR: Final = 3600
_ENOUGH: Final = 20
_LOGGED: Final = re.compile(r"(\w+)=(.*?)(?=, \w+=|$)")
_TIMES: Final = frozenset({"at", "until"})
_CAUSES: Final = ("problem", "missing", "field", "why")


# --- times --------------------------------------------------------------------------------------------------------


def clock(moment: datetime, now: datetime) -> str:
    """ "06:10" today, "06:10 22/11" on another day, "06:10 22/11/2025" in another year."""
    here, today = local(moment), local(now)
    if here.date() == today.date():
        return f"{here:%H:%M}"
    return f"{here:%H:%M %d/%m}" if here.year == today.year else f"{here:%H:%M %d/%m/%Y}"


def moment(at: datetime) -> str:
    """To the second, with the year: for what may be evidence."""
    return f"{local(at):%H:%M:%S %d/%m/%Y}"


def span(length: timedelta) -> str:
    """In the largest unit that leaves at least two of it, so that "31 giờ" is not rounded to a day."""
    seconds = max(0, int(length.total_seconds()))
    for unit, form in ((24 * _HOUR, m.DAYS), (_HOUR, m.HOURS), (60, m.MINUTES)):
        if seconds >= 2 * unit:
            return form.format(n=seconds // unit)
    return m.MINUTES.format(n=max(1, seconds // 60))


def share(count: int, of: int) -> str:
    """ "9/41 (22%)"; under 20 cases the count alone, as a share of so few says more than it knows."""
    return f"{count}/{of} ({count / of:.0%})" if of >= _ENOUGH else str(count)


def number(count: int) -> str:
    """ "10.000": thousands are parted by dots."""
    return f"{count:,}".replace(",", ".")


# --- scores, signs, reasons ---------------------------------------------------------------------------------------


def confidence(score: float) -> str:
    """Thấp, vừa or cao: a number would claim more than the machine knows."""
    return next(word for least, word in _CERTAIN if score >= least)


def sign(kind: FlagKind) -> str:
    return m.SIGN.format(kind=words.FLAGS[kind])


def reason(why: Reason) -> str:
    """Why a quote counts; the code itself where a signal is newer than these words."""
    return words.REASONS.get(why.code, words.REASON_UNKNOWN).format_map(_Blank({"code": why.code, **why.params}))


# --- errors and history -------------------------------------------------------------------------------------------


def error(
    caught: KiemTinError, now: datetime | None = None, names: Mapping[OfficerName, str] = MappingProxyType({})
) -> str:
    """The sentence for an error, the one for its cause where there is one. `names` is what officers are called."""
    params = {name: _time(value, now) if name in _TIMES else value for name, value in caught.params.items()}
    if "by" in params:
        params["by"] = names.get(OfficerName(params["by"]), params["by"])
    causes = (f"{caught.code}:{params[name]}" for name in _CAUSES if name in params)
    code = next((cause for cause in causes if cause in words.CAUSES), None)
    return (words.ERRORS[caught.code] if code is None else words.CAUSES[code]).format_map(_Blank(params))


def reading_error(code: str, detail: str) -> str:
    """Why a source could not be read. `detail` is the error as it was logged, its values in it."""
    logged = dict(_LOGGED.findall(detail.partition(": ")[2]))
    params = {
        name: words.KINDS.get(value, value) if name in ("found", "expected") else value
        for name, value in logged.items()
    }
    return words.ERRORS.get(code, words.ERRORS["collect"]).format_map(_Blank(params))


def note(code: str) -> str:
    """What was set aside while a source was read: a kind of note, or the error of a page."""
    if code in set(Note):
        return words.NOTES[Note(code)]
    return m.PAGE_NOT_READ.format(why=words.PAGE_ERRORS.get(code, words.PAGE_ERRORS["collect"]))


def act(line: Entry, names: Mapping[OfficerName, str], agency: Callable[[str], str | None]) -> str:
    """A line of history as a sentence: what was done, with the words for its codes."""
    params = {name: _meaning(name, value, line, names, agency) for name, value in line.params.items()}
    return words.ACTS[line.action].format_map(_Blank(params))


def _meaning(
    name: str, value: str, line: Entry, names: Mapping[OfficerName, str], agency: Callable[[str], str | None]
) -> str:
    match name:
        case "kinds":
            return ", ".join(words.FLAGS[FlagKind(kind)] for kind in value.split())
        case "to":
            return names.get(OfficerName(value), value)
        case "agency":
            return agency(value) or value
        case "value":
            return _ruled(line.params.get("field", ""), value)
        case _:
            return _CODES[name](value) if name in _CODES else value


def _ruled(field: str, value: str) -> str:
    if field == RulingField.ABOUT:
        return words.STANDINGS[Standing(value)]
    return words.TOPICS[Topic(value)] if field == RulingField.TOPIC else value


_CODES: Final[Mapping[str, Callable[[str], str]]] = {
    "track": lambda value: words.TRACKS[Track(value)],
    "dismissal": lambda value: words.DISMISSALS[Dismissal(value)],
    "conclusion": lambda value: words.CONCLUSIONS[Conclusion(value)],
    "handling": lambda value: words.HANDLINGS[Handling(value)],
    "result": lambda value: words.RESULTS[Result(value)],
    "field": lambda value: words.RULED[RulingField(value)],
    "action": lambda value: words.ACTS[Act(value)].partition("{")[0].rstrip(" (:"),
}


def _time(value: str, now: datetime | None) -> str:
    if not value:
        return ""
    at = datetime.fromisoformat(value)
    return clock(at, now or at)


class _Blank(dict[str, str]):
    """An unset parameter stands as an empty word."""

    def __missing__(self, key: str) -> str:
        return ""
