"""Who sits at the screen, and what they were last told.

A script runs anew at every key: the sign-in is asked for on each run, in every fragment and before every act, and what
an act had to say is kept for the run that follows, because a callback must not draw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar

import streamlit as st

from dashboard import say
from dashboard.office import Opened
from index.account import Officer
from index.errors import KiemTinError, SessionEnded

COOKIE: Final = "kiemtin"
_SAID: Final = "said"
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an act had to say, and whether it was refused."""

    text: str
    failed: bool = False


def now() -> datetime:
    """The wall clock of the screen."""
    return datetime.now(UTC)


def token() -> str | None:
    """What this browser signs in with, as it was when the page was opened."""
    return st.context.cookies.to_dict().get(COOKIE)


def officer(*, acted: bool = True) -> Officer:
    """Who is signed in at this screen. `acted` False for what the page does by itself. Raises `SessionEnded`."""
    held = token()
    if held is None:
        raise SessionEnded(why="none")
    return Opened.office.desk.accounts.officer(held, at=now(), acted=acted)


def still_here(*, acted: bool = True) -> Officer:
    """The officer, asked for in a fragment: where the sign-in has ended the whole page runs again and says so."""
    try:
        return officer(acted=acted)
    except SessionEnded:
        st.rerun()


def sign_out() -> None:
    """End the sign-in on the server; the cookie that stays in the browser opens nothing any more."""
    Opened.office.desk.accounts.sign_out(token() or "", at=now())


def act(do: Callable[[Officer, datetime], _Result]) -> _Result | None:
    """What an act answers; None if it was refused, and then `said` holds why.

    A sign-in that has ended is not told here: the run that follows shows the way back in.
    """
    at = now()
    try:
        by = officer()
    except SessionEnded:
        return None
    try:
        return do(by, at)
    except KiemTinError as refused:
        tell(say.error(refused, at, Opened.office.names(by)), failed=True)
        return None


def tell(text: str, *, failed: bool = False) -> None:
    st.session_state[_SAID] = Said(text=text, failed=failed)


def said() -> Said | None:
    """What was last told and not yet forgotten."""
    told = st.session_state.get(_SAID)
    return told if isinstance(told, Said) else None


def forget() -> None:
    st.session_state.pop(_SAID, None)
