"""Phím tắt: what every key does."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import streamlit as st

from dashboard import messages as m
from dashboard import navigation
from dashboard import widgets as w
from dashboard.office import Office
from desk.accounts import Action
from index.account import Officer

PATH: Final = navigation.SHORTCUTS
TITLE: Final = m.SHORTCUTS
NEEDS: Final = Action.READ


def render(office: Office, officer: Officer, now: datetime) -> None:  # noqa: ARG001  the same for everybody
    lines = "".join(
        f"<tr><td><kbd>{w.escaped(key)}</kbd></td><td>{w.escaped(does)}</td></tr>" for key, does in m.KEYS_OF_QUEUE
    )
    st.html(
        w.block("headline", m.SHORTCUTS) + f'<table class="kt-keys">{lines}</table>' + w.block("small", m.KEYS_NOTE)
    )
    if st.button(m.BACK_TO_QUEUE, shortcut="Escape"):
        navigation.go(navigation.QUEUE)
