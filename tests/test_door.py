"""The door without a browser: where it leads back to, whose forms it takes, what its answers carry."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
import streamlit as st
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message, Scope

from dashboard import navigation, session
from dashboard.door import FORM_COOKIE, Door, Guarded, policy
from dashboard.views import sign_in
from desk.accounts import Accounts
from index.account import CONSOLE, Role
from index.casebook import Casebook
from index.casebook_postgres import Database
from index.model import ProvinceId

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
PASSWORD = "suong-mu-ban-lau"
HOST = "may.example:8501"
ORIGIN = f"http://{HOST}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: str

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    def cookie(self, name: str) -> str:
        return next((v for k, v in self.headers if k == "set-cookie" and v.startswith(f"{name}=")), "")


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with Casebook.open(tmp_path / "casebook.db") as casebook:
        cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        accounts = Accounts(casebook, ProvinceId("tuyen-quang"), cheap)
        accounts.add_account("ha", "Lê Thu Hà", frozenset({Role.MONITOR}), PASSWORD, by=CONSOLE, at=NOW)
        yield Door(
            accounts=accounts,
            office="Văn phòng mẫu",
            pages=navigation.PATHS,
            clock=lambda: NOW,
            origins=frozenset({"https://kiemtin.example"}),
        )


def ask(door: Door, method: str, path: str, fields: Mapping[str, str] | None = None, **headers: str) -> Answer:
    """One request to the door before an application that answers every path."""

    async def application(_: object) -> PlainTextResponse:
        return PlainTextResponse("application")

    guarded = Starlette(
        routes=[*door.routes(), Route("/{path:path}", application)],
        middleware=[Middleware(Guarded, door=door, policy="default-src 'self'")],
    )
    body = urlencode(fields or {}).encode()
    path, _, query = path.partition("?")
    sent = {"host": HOST, "content-length": str(len(body)), **headers}
    if fields is not None:
        sent["content-type"] = "application/x-www-form-urlencoded"
    scope: Scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(key.encode(), value.encode()) for key, value in sent.items()],
        "scheme": "http",
        "server": ("may.example", 8501),
        "client": ("127.0.0.1", 1),
        "root_path": "",
        "http_version": "1.1",
    }
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    asyncio.run(guarded(scope, receive, send))
    start = messages[0]
    return Answer(
        status=start["status"],
        headers=[(key.decode(), value.decode()) for key, value in start["headers"]],
        body=b"".join(message.get("body", b"") for message in messages[1:]).decode(),
    )


def enter(door: Door, *, origin: str = ORIGIN, token: str = "t0ken", **fields: str) -> Answer:
    sent = {"user": "ha", "password": PASSWORD, "token": "t0ken", "back": "/?muc=verify"} | fields
    headers = {"origin": origin} if origin else {}
    return ask(door, "POST", "/vao", sent, cookie=f"{FORM_COOKIE}={token}", **headers)


def test_the_right_password_opens_a_session_and_leads_back(door: Door) -> None:
    answer = enter(door)
    assert (answer.status, answer.header("location")) == (303, "/?muc=verify")
    cookie = answer.cookie("kiemtin")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    token = cookie.partition(";")[0].removeprefix("kiemtin=")
    assert door.accounts.officer(token, at=NOW).name == "ha"


def test_behind_tls_the_cookie_is_secure_and_the_public_address_is_ours(door: Door) -> None:
    behind = Door(
        accounts=door.accounts, office="", pages=door.pages, clock=door.clock, origins=door.origins, secure=True
    )
    assert "Secure" in enter(behind, origin="https://kiemtin.example").cookie("kiemtin")


@pytest.mark.parametrize("origin", ["https://thu.example", "null", "", f"http://{HOST}.thu.example"])
def test_a_form_from_elsewhere_is_refused(door: Door, origin: str) -> None:
    answer = enter(door, origin=origin)
    assert answer.status == 403
    assert not answer.cookie("kiemtin")


@pytest.mark.parametrize("cookie", ["", "another"])
def test_a_form_without_this_browsers_token_is_refused(door: Door, cookie: str) -> None:
    assert enter(door, token=cookie).status == 403


def test_a_wrong_password_keeps_the_name_and_the_way_back(door: Door) -> None:
    answer = enter(door, password="sai")
    assert answer.status == 401
    assert "Tên hoặc mật khẩu không đúng." in answer.body
    assert 'value="ha"' in answer.body
    assert 'value="/?muc=verify"' in answer.body


def test_after_repeated_failures_the_account_is_locked_for_a_time(door: Door) -> None:
    answers = [enter(door, password="sai") for _ in range(6)]
    assert "Tạm khóa đến 14:15" in answers[-1].body
    assert "Tạm khóa" in enter(door).body


def test_a_form_of_any_length_is_not_read(door: Door) -> None:
    assert enter(door, password="a" * 10_000).status == 403


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/", "/"),
        ("/vu-viec?story=1", "/vu-viec?story=1"),
        ("/nguon", "/nguon"),
        ("/khong-co", "/"),
        ("https://thu.example/vu-viec", "/"),
        ("//thu.example/vu-viec", "/"),
        ("/\\thu.example", "/"),
        ("/vu-viec?x=\r\nSet-Cookie: a", "/"),
        ("javascript:alert(1)", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_is_a_page_of_ours(door: Door, wanted: str, led: str) -> None:
    assert door.back(wanted) == led


def test_a_page_asked_for_unsigned_leads_to_the_form_and_remembers_it(door: Door) -> None:
    answer = ask(door, "GET", "/vu-viec?story=a%26b")
    assert answer.status == 303
    assert answer.header("location") == "/vao?back=%2Fvu-viec%3Fstory%3Da%2526b"


def test_signed_in_the_application_answers_and_says_what_it_may_load(door: Door) -> None:
    cookie = enter(door).cookie("kiemtin").partition(";")[0]
    answer = ask(door, "GET", "/", cookie=cookie)
    assert answer.body == "application"
    assert answer.header("content-security-policy") == "default-src 'self'"
    assert answer.header("x-frame-options") == "DENY"


def test_a_password_is_changed_by_its_owner_only(door: Door) -> None:
    assert ask(door, "GET", "/mat-khau").header("location") == "/vao"
    session = enter(door).cookie("kiemtin").partition(";")[0]
    cookie = f"{session}; {FORM_COOKIE}=t0ken"
    sent = {"token": "t0ken", "password": PASSWORD, "new": "rung-thong-xanh", "again": "rung-thong-xanh"}
    differing = ask(door, "POST", "/mat-khau", sent | {"again": "khac"}, cookie=cookie, origin=ORIGIN)
    assert "không giống nhau" in differing.body
    weak = ask(door, "POST", "/mat-khau", sent | {"new": "ngan", "again": "ngan"}, cookie=cookie, origin=ORIGIN)
    assert "ít nhất 10 ký tự" in weak.body
    changed = ask(door, "POST", "/mat-khau", sent, cookie=cookie, origin=ORIGIN)
    assert changed.status == 303
    assert ask(door, "GET", "/", cookie=session).status == 303
    assert ask(door, "GET", "/", cookie=changed.cookie("kiemtin").partition(";")[0]).body == "application"


def test_the_policy_allows_the_one_script_of_the_document_and_nothing_from_elsewhere() -> None:
    index_html = Path(st.__file__).with_name("static") / "index.html"
    allowed = policy(index_html)
    assert index_html.read_text(encoding="utf-8").count("<script>") == allowed.count("sha256-")
    assert "unsafe-eval" not in allowed
    assert "http" not in allowed


@pytest.mark.parametrize("path", ["/", "/vao", "/mat-khau"])
def test_while_the_casebook_cannot_be_reached_a_sentence_stands_in_place_of_every_page(door: Door, path: str) -> None:
    with Casebook.at(Database(address="postgresql://127.0.0.1:1/nobody-is-there")) as away:
        shut = replace(door, accounts=Accounts(away, ProvinceId("tuyen-quang")))
        answer = enter(shut) if path == "/vao" else ask(shut, "GET", path, cookie=f"{session.COOKIE}=token")
    assert answer.status == 503
    assert "máy chủ dữ liệu không trả lời" in answer.body
    assert answer.header("content-security-policy") == sign_in.POLICY
    assert ask(shut, "GET", "/vao").status == 200
