"""The screen as a server: the sign-in before the application, and Streamlit set so that nothing is sent out."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware

from dashboard import messages as m
from dashboard import navigation, say, theme
from dashboard import widgets as w
from dashboard.door import Door, Guarded, policy
from dashboard.office import Office, Opened
from dashboard.session import now
from index.errors import KiemTinError

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_MAX_UPLOAD_MB: Final = 20
_log = logging.getLogger(__name__)


def serve(office: Office, *, address: str, port: int, public_url: str = "") -> None:
    """Serve an office until stopped. `public_url` is where people reach it, if not under its own address."""
    Opened.office = office
    door = Door(
        accounts=office.desk.accounts,
        office=m.OFFICE.format(province=office.name),
        pages=navigation.PATHS,
        clock=now,
        origins=frozenset({_origin(public_url)} if public_url else ()),
        secure=public_url.startswith("https:"),
    )
    index_html = Path(st.__file__).with_name("static") / "index.html"
    screen = st.App(
        Path(__file__).with_name("app.py"),
        routes=door.routes(),
        middleware=[Middleware(Guarded, door=door, policy=policy(index_html))],
        on_script_error=show_error,
    )
    screen.run(config=options(address, port, public_url))


def options(address: str, port: int, public_url: str) -> Mapping[str, object]:
    """Streamlit's options. Nothing is sent out, nothing is watched, no page offers what the desk does not."""
    hosts = [*_LOOPBACK, *([urlsplit(public_url).hostname] if public_url else [])] if address in _LOOPBACK else []
    return {
        "browser.gatherUsageStats": False,
        "client.disableDataExport": True,
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "client.toolbarMode": "minimal",
        "runner.magicEnabled": False,
        "server.address": address,
        "server.allowedHosts": hosts,
        "server.fileWatcherType": "none",
        "server.headless": True,
        "server.maxUploadSize": _MAX_UPLOAD_MB,
        "server.port": port,
        "server.showEmailPrompt": False,
        **theme.OPTIONS,
    }


def show_error(error: Exception) -> bool:
    """In place of Streamlit's box: what can be said, with a code that is in the log too."""
    if isinstance(error, KiemTinError):
        _log.warning("page failed: %s", error)
        words = say.error(error, now())
    else:
        code = secrets.token_hex(4)
        _log.error("page failed [%s]", code, exc_info=error)
        words = m.PAGE_FAILED.format(code=code)
    st.html(w.block("error", w.escaped(words)))
    return True


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
