"""The addresses of the pages, and the way from one to another within the application.

Links in HTML would load the application anew; `go` keeps the session. Only `app` knows the pages themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NoReturn

import streamlit as st
from streamlit.navigation.page import Page

QUEUE: Final = ""
"""The path of the application itself; whose first page is another is led there."""
STORY: Final = "vu-viec"
TIP: Final = "them-tin"
SOURCES: Final = "nguon"
DAILY: Final = "diem-bao"
SEARCH: Final = "tim-kiem"
SHORTCUTS: Final = "phim-tat"
PATHS: Final = frozenset(f"/{path}" for path in (QUEUE, SEARCH, STORY, TIP, SOURCES, DAILY, SHORTCUTS))
_PAGES: Final = "pages"
_HOME: Final = "home"
_ADDRESSES: Final = "addresses"
_LIST: Final = "list"


def register(pages: Mapping[str, Page], home: str) -> None:
    """The pages of this run by their address, and which is the officer's first."""
    st.session_state[_PAGES] = pages
    st.session_state[_HOME] = home


def go(path: str, **query: str) -> NoReturn:
    """Show another page; what is in `query` stands in its address."""
    st.switch_page(st.session_state[_PAGES][path], query_params=query)


def remember(path: str) -> None:
    """Keep what the address of a list says: its page and filters. A story opened now leads back to this list."""
    st.session_state.setdefault(_ADDRESSES, {})[path] = st.query_params.to_dict()
    st.session_state[_LIST] = path


def address(path: str) -> dict[str, str]:
    """What the address of a list said when it was last shown."""
    return dict(st.session_state.get(_ADDRESSES, {}).get(path, {}))


def last_list() -> str:
    """The list that was last shown; the officer's first page where none was."""
    return str(st.session_state.get(_LIST, st.session_state[_HOME]))


def title(path: str) -> str:
    return str(st.session_state[_PAGES][path].title)


def is_phone() -> bool:
    """A phone gets rows only: no pane, no keys."""
    return "Mobi" in st.context.headers.to_dict().get("User-Agent", "")
