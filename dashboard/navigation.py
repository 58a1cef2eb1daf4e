"""The addresses of the pages, and the way from one to another within the application.

Links in HTML would load the application anew; `go` keeps the session. Only `app` knows the pages themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NoReturn

import streamlit as st
from streamlit.navigation.page import Page

QUEUE: Final = ""
"""The first page has no path of its own."""
STORY: Final = "vu-viec"
TIP: Final = "them-tin"
SOURCES: Final = "nguon"
SHORTCUTS: Final = "phim-tat"
PATHS: Final = frozenset(f"/{path}" for path in (QUEUE, STORY, TIP, SOURCES, SHORTCUTS))
_PAGES: Final = "pages"
_QUEUE_ADDRESS: Final = "queue address"


def register(pages: Mapping[str, Page]) -> None:
    """The pages of this run, by their address."""
    st.session_state[_PAGES] = pages


def go(path: str, **query: str) -> NoReturn:
    """Show another page; what is in `query` stands in its address."""
    st.switch_page(st.session_state[_PAGES][path], query_params=query)


def queue_address() -> dict[str, str]:
    """What the address of the queue said when it was last shown: its tab, page and filters."""
    return dict(st.session_state.get(_QUEUE_ADDRESS, {}))


def remember_queue() -> None:
    st.session_state[_QUEUE_ADDRESS] = st.query_params.to_dict()


def is_phone() -> bool:
    """A phone gets rows only: no pane, no keys."""
    return "Mobi" in st.context.headers.to_dict().get("User-Agent", "")
