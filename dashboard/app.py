"""The script of the screen: who is there, the menu, and the page that was asked for.

The list of pages is the same for everybody, so that a link survives the sign-in; what a role may not see is left out of
the menu, refused here and refused again by the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Final
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import Page

from dashboard import messages as m
from dashboard import navigation, session, theme
from dashboard import widgets as w
from dashboard.office import Opened
from dashboard.views import daily, queue, search, shortcuts, sign_in, sources, story, tip
from desk.accounts import IDLE, may
from index.account import Officer, Role
from index.errors import SessionEnded

_VIEWS: Final[tuple[ModuleType, ...]] = (queue, search, daily, sources, story, tip, shortcuts)
# The pages of a role as its menu shows them (SCREENS §2); the first is where it begins. Several roles see the union.
_MENUS: Final[Mapping[Role, tuple[ModuleType, ...]]] = {
    Role.MONITOR: (queue, search, daily, sources),
    Role.LEADER: (daily, search),
    Role.ADMIN: (sources,),
}
_WATCH_S: Final = 60


def main() -> None:
    st.set_page_config(page_title=m.PRODUCT, layout="wide", initial_sidebar_state="collapsed")
    st.html(theme.STYLE)
    try:
        officer = session.officer()
    except SessionEnded as ended:
        page = st.navigation(list(_pages(None).values()), position="hidden")
        _signed_out(page, ended.params["why"])
        return
    pages = _pages(officer)
    navigation.register(pages, _menu(officer)[0].PATH)
    page = st.navigation(list(pages.values()), position="top")
    _account(officer)
    page.run()
    _watch()


def _menu(officer: Officer) -> tuple[ModuleType, ...]:
    return tuple(dict.fromkeys(view for role in Role if role in officer.roles for view in _MENUS[role]))


def _pages(officer: Officer | None) -> dict[str, Page]:
    """Those of the officer's menu in its order, then the others."""
    menu = _menu(officer) if officer is not None else ()
    return {view.PATH: _page(view, officer, shown=view in menu) for view in dict.fromkeys((*menu, *_VIEWS))}


def _page(view: ModuleType, officer: Officer | None, *, shown: bool) -> Page:
    return st.Page(
        _drawn(view, officer),
        title=view.TITLE,
        url_path=view.PATH or None,
        default=view is queue,
        visibility="visible" if shown else "hidden",
    )


def _drawn(view: ModuleType, officer: Officer | None) -> Callable[[], None]:
    def draw() -> None:
        if officer is None:
            return
        home = _menu(officer)[0]
        if view is queue and view is not home and not st.query_params:
            navigation.go(home.PATH)
        elif may(officer, view.NEEDS):
            view.render(Opened.office, officer, session.now())
        else:
            st.html(w.block("empty", m.NOT_ALLOWED))

    return draw


def _signed_out(page: Page, why: str) -> None:
    query = urlencode(st.query_params.to_dict())
    back = f"/{page.url_path}" + (f"?{query}" if query else "")
    sign_in.ended(back, m.TIMED_OUT.format(minutes=IDLE.seconds // 60) if why == "idle" else m.SIGNED_OUT)


def _account(officer: Officer) -> None:
    """The menu of the officer's name, at the right of the bar."""
    with st.container(key="account"), st.popover(w.label(officer.display_name)):
        st.html(w.block("small", w.escaped(m.OFFICE.format(province=Opened.office.name))))
        if st.button(m.SHORTCUTS, key="menu-shortcuts", type="tertiary"):
            navigation.go(navigation.SHORTCUTS)
        st.html(f'<a class="kt-menu" href="{sign_in.CHANGE_PATH}">{m.CHANGE_PASSWORD}</a>')
        st.button(m.SIGN_OUT, key="menu-sign-out", type="tertiary", on_click=session.sign_out)


@st.fragment(run_every=_WATCH_S)
def _watch() -> None:
    """A page left open shows nothing after the time-out; looking is no action."""
    session.still_here(acted=False)


if __name__ == "__main__":
    main()
