"""One thing that the doctor looked at, and its words."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from config import doctor_messages as words
from config import messages as m
from config.settings import Settings
from index.errors import KiemTinError


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at; `fix` is the command that mends it, empty where nothing is wrong."""

    name: str
    ok: bool
    detail: str
    fix: str


def check(name: str, ok: bool, settings: Settings, **values: object) -> Check:
    """The words of the name, with the values that they ask for; `fix` among these stands for the name's own."""
    values["home"] = shlex.quote(str(settings.home))
    fix = "" if ok else str(values.pop("fix", words.FIX[name])).format(**values)
    return Check(name=name, ok=ok, detail=words.DETAIL[name].format(**values), fix=fix)


def broken(name: str, error: KiemTinError, settings: Settings) -> Check:
    """What could not be looked at, because of an error."""
    fix = words.FIX_OF_ERROR.get(error.code, words.FIX[name])
    return Check(name=name, ok=False, detail=m.sentence(error), fix=fix.format(home=shlex.quote(str(settings.home))))
