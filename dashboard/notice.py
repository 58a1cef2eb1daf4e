"""What the last act had to say, in a line, with the way to take it back."""

from __future__ import annotations

import streamlit as st

from dashboard import acts, navigation, session
from dashboard import messages as m
from dashboard import widgets as w
from dashboard.office import Office


def draw(office: Office) -> None:
    """The place is kept when there is nothing to say: what stands below would be made anew if it moved up or down."""
    told = session.said()
    with st.container(key="said", horizontal=True, vertical_alignment="center"):
        if told is None:
            return
        st.html(w.block("error" if told.failed else "notice", w.escaped(told.text)))
        if acts.can_undo():
            shortcut = None if navigation.is_phone() else "U"
            st.button(m.UNDO, key="undo", shortcut=shortcut, on_click=acts.undo, args=(office,))
