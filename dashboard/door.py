"""The door: sign-in as ordinary web requests, and the headers every answer of the screen carries.

A script cannot set a cookie, so signing in is a form posted to a route; the application then reads the cookie. Nothing
here draws a page of the application, and nothing of the application is loaded before the door was passed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import messages as m
from dashboard import say, session
from dashboard.views import sign_in
from desk.accounts import Accounts
from index.account import Officer
from index.errors import AccountError, CasebookError, SessionEnded

FORM_COOKIE: Final = "kiemtin_form"
_FORM_AGE: Final = 3600
_MAX_FORM_BYTES: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The routes of signing in and of changing one's password.

    `pages` are the local paths one may come back to, `origins` the addresses (scheme://host:port) that the forms are
    served from besides the one a request names; `clock` gives the time, aware.
    """

    accounts: Accounts
    office: str
    pages: Collection[str]
    clock: Callable[[], datetime]
    origins: Collection[str] = ()
    secure: bool = False

    def routes(self) -> list[Route]:
        return [
            Route(sign_in.PATH, self._show_entry, methods=["GET"]),
            Route(sign_in.PATH, self._enter, methods=["POST"]),
            Route(sign_in.CHANGE_PATH, self._show_change, methods=["GET"]),
            Route(sign_in.CHANGE_PATH, self._change, methods=["POST"]),
        ]

    def back(self, wanted: str) -> str:
        """A path to return to: one of the pages, with its query; anything else is the first page."""
        try:
            parts = urlsplit(wanted)
        except ValueError:
            return "/"
        local = not parts.scheme and not parts.netloc and parts.path in self.pages
        return wanted if local and wanted.isprintable() and "\\" not in wanted else "/"

    async def officer(self, request: Request) -> Officer | None:
        """Who asks; asking keeps no sign-in alive."""
        token = request.cookies.get(session.COOKIE)
        if token is None:
            return None
        try:
            return await run_in_threadpool(self.accounts.officer, token, at=self.clock(), acted=False)
        except SessionEnded:
            return None

    def closed(self, error: CasebookError) -> Response:
        """The answer to everybody while the casebook cannot be used."""
        page = sign_in.closed_page(office=self.office, said=say.error(error, self.clock()))
        headers = {"Content-Security-Policy": sign_in.POLICY, "Cache-Control": "no-store"}
        return HTMLResponse(page, status_code=503, headers=headers)

    # --- signing in

    async def _show_entry(self, request: Request) -> Response:
        return self._entry_form(request, back=self.back(request.query_params.get("back", "/")))

    async def _enter(self, request: Request) -> Response:
        sent = await self._sent(request)
        back, name = self.back(sent.get("back", "/")), sent.get("user", "").strip()
        if not self._is_ours(request, sent):
            return self._entry_form(request, back=back, name=name, said=m.FORM_EXPIRED, status=403)
        try:
            token = await run_in_threadpool(self.accounts.sign_in, name, sent.get("password", ""), at=self.clock())
        except AccountError as error:
            return self._entry_form(request, back=back, name=name, said=say.error(error, self.clock()), status=401)
        return self._admitted(token, back)

    def _entry_form(
        self, request: Request, *, back: str, name: str = "", said: str = "", status: int = 200
    ) -> Response:
        token = _form_token(request)
        page = sign_in.page(office=self.office, token=token, back=back, said=said, name=name)
        return self._with_token(page, token, status)

    # --- changing the password: here because it ends every sign-in, this one too, and a script cannot set the new one

    async def _show_change(self, request: Request) -> Response:
        return await self._change_form(request)

    async def _change(self, request: Request) -> Response:
        sent = await self._sent(request)
        officer = await self.officer(request)
        if officer is None or not self._is_ours(request, sent):
            return await self._change_form(request, said=m.FORM_EXPIRED, status=403)
        new = sent.get("new", "")
        if new != sent.get("again", ""):
            return await self._change_form(request, said=m.PASSWORDS_DIFFER, status=400)
        try:
            token = await run_in_threadpool(
                self.accounts.change_password, officer, sent.get("password", ""), new, at=self.clock()
            )
        except AccountError as error:
            return await self._change_form(request, said=say.error(error, self.clock()), status=400)
        return self._admitted(token, "/")

    async def _change_form(self, request: Request, *, said: str = "", status: int = 200) -> Response:
        officer = await self.officer(request)
        if officer is None:
            return RedirectResponse(sign_in.PATH, status_code=303)
        token = _form_token(request)
        page = sign_in.password_page(office=self.office, token=token, name=officer.display_name, said=said)
        return self._with_token(page, token, status)

    # --- forms

    async def _sent(self, request: Request) -> dict[str, str]:
        """The fields of a form; nothing of one that is too large or no form."""
        if not 0 < int(request.headers.get("content-length", 0)) <= _MAX_FORM_BYTES:
            return {}
        async with request.form(max_files=0, max_fields=10) as form:
            return {name: value for name, value in form.items() if isinstance(value, str)}

    def _is_ours(self, request: Request, sent: Mapping[str, str]) -> bool:
        """Does the form carry the token of this browser's cookie, and come from a page of ours?

        Browsers name the origin of every POST; none named is none known.
        """
        expected, given = request.cookies.get(FORM_COOKIE, "").encode(), sent.get("token", "").encode()
        origin = request.headers.get("origin", "")
        from_here = origin in self.origins or origin.partition("://")[2] == request.headers.get("host", "?")
        return bool(expected) and hmac.compare_digest(expected, given) and from_here

    def _with_token(self, page: str, token: str, status: int) -> Response:
        answer = HTMLResponse(page, status_code=status)
        answer.headers["Content-Security-Policy"] = sign_in.POLICY
        answer.headers["Cache-Control"] = "no-store"
        answer.set_cookie(FORM_COOKIE, token, max_age=_FORM_AGE, httponly=True, samesite="strict", secure=self.secure)
        return answer

    def _admitted(self, token: str, back: str) -> Response:
        answer = RedirectResponse(back, status_code=303)
        answer.delete_cookie(FORM_COOKIE)
        answer.set_cookie(session.COOKIE, token, httponly=True, samesite="lax", secure=self.secure)
        return answer


def _form_token(request: Request) -> str:
    """The token the browser holds, so that a second tab does not make the first one's form old; else a new one."""
    return request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(32)


class Guarded:
    """ASGI middleware: who asks for a page unsigned goes to the door; every answer says what a page may load.

    The application checks the sign-in itself on every run; this only spares it from being loaded for nothing.
    """

    def __init__(self, app: ASGIApp, door: Door, policy: str) -> None:
        self._app = app
        self._door = door
        self._headers = {
            "Content-Security-Policy": policy,
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._answer(scope, receive, send_guarded)
        except CasebookError as error:
            await self._door.closed(error)(scope, receive, send_guarded)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        page = request.method == "GET" and request.url.path in self._door.pages
        if page and await self._door.officer(request) is None:
            wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            away = RedirectResponse(sign_in.address(self._door.back(wanted)), status_code=303)
            await away(scope, receive, send)
            return
        await self._app(scope, receive, send)


def policy(index_html: Path) -> str:
    """What the application's pages may load: only from this server, and the one script that stands in its document.

    Whatever collected text might smuggle in, the browser fetches nothing from elsewhere for it.
    """
    inline = re.findall(r"<script>(.*?)</script>", index_html.read_text(encoding="utf-8"), re.DOTALL)
    hashes = "".join(f" 'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in inline)
    return (
        f"default-src 'self'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'self'"
    )
