"""The dashboard behind the proxy of deploy/, with its very file: signed in, at work and uploading over TLS."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, BrowserContext, expect

from config import settings
from config.service import Service
from tests.browser.conftest import ROOT, Served, settled, sign_in
from tests.certificates import certificate

pytestmark = pytest.mark.service

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
TEMPLATE = ROOT / "deploy" / "nginx" / "kiemtin.conf.template"
# What a system's own nginx.conf has around the file.
AROUND = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
{user}
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    include {folder}/kiemtin.conf;
}}
"""
PATIENCE_S = 180
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """An office behind a proxy: `served` as people reach it, `plain` the port that has no TLS."""

    served: Served
    port: int
    plain: int
    access_log: Path


@pytest.fixture(scope="module")
def behind(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    if NGINX is None:
        pytest.skip("nginx is not installed (Debian: nginx-light)")
    home = tmp_path_factory.mktemp("behind") / "home"
    shutil.copytree(filled, home)
    with ExitStack() as opened:
        screen, secure, plain = free_ports(3)
        url = f"https://localhost:{secure}"
        document = {"province": "tuyen-quang", "dashboard": {"port": screen, "public_url": url}}
        (home / "kiemtin.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
        (home / "snapshots").mkdir(exist_ok=True)
        opened.enter_context(dashboard(home, screen))
        log = opened.enter_context(proxy(tmp_path_factory.mktemp("nginx"), url, screen, secure, plain))
        yield Behind(served=Served(home=home, url=url), port=secure, plain=plain, access_log=log)


def free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@contextmanager
def running(command: list[str], said: Path, **environment: str) -> Iterator[None]:
    with said.open("wb") as out, subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=out, stderr=out
    ) as process:  # fmt: skip
        try:
            yield
        finally:
            process.terminate()


@contextmanager
def dashboard(home: Path, port: int) -> Iterator[None]:
    said = home / "said"
    with running([sys.executable, "-m", "dashboard.server"], said, KIEMTIN_HOME=str(home)):
        answering(port, said)
        yield


@contextmanager
def proxy(folder: Path, url: str, screen: int, secure: int, plain: int) -> Iterator[Path]:
    now = datetime.now(UTC)
    pem = certificate(folder, "localhost", now - timedelta(days=1), now + timedelta(days=30))
    log = folder / "access.log"
    values = {
        "KIEMTIN_PUBLIC_URL": url,
        "KIEMTIN_SERVER_NAME": "localhost",
        "KIEMTIN_HTTP_PORT": str(plain),
        "KIEMTIN_HTTPS_PORT": str(secure),
        "KIEMTIN_CERTIFICATE": str(pem),
        "KIEMTIN_CERTIFICATE_KEY": str(pem),
        "KIEMTIN_DASHBOARD": f"127.0.0.1:{screen}",
        "KIEMTIN_ACCESS_LOG": str(log),
    }
    filled = re.sub(r"\$\{(KIEMTIN_\w+)\}", lambda name: values[name[1]], TEMPLATE.read_text(encoding="utf-8"))
    (folder / "kiemtin.conf").write_text(filled, encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), encoding="utf-8")
    with running([str(NGINX), "-c", str(folder / "nginx.conf")], folder / "said"):
        answering(secure, folder / "said")
        yield log


def answering(port: int, said: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"nothing answers at {port}: {said.read_text(encoding='utf-8', errors='replace')}")


@pytest.fixture
def outside(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that takes the certificate for good: nobody vouches for the one of a test."""
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 1366, "height": 768})
    context.add_init_script(
        "window.runs = 0; new MutationObserver(all => { for (const one of all)"
        " if (one.target.dataset?.testScriptState === 'notRunning') window.runs += 1; })"
        ".observe(document, {subtree: true, attributes: true, attributeFilter: ['data-test-script-state']});"
    )
    yield context
    context.close()


def test_an_officer_signs_in_reads_and_uploads_through_the_proxy(behind: Behind, outside: BrowserContext) -> None:
    sockets: list[str] = []
    outside.on("page", lambda page: page.on("websocket", lambda opened: sockets.append(opened.url)))
    page = sign_in(outside, behind.served, path="/vu-viec?story=dap")
    expect(page.locator(".st-key-account")).to_be_visible()
    assert page.url.startswith(f"{behind.served.url}/vu-viec")
    assert "story=dap" in page.url
    assert sockets
    assert all(url.startswith(f"wss://localhost:{behind.port}/") for url in sockets)

    cookies = {cookie["name"]: cookie for cookie in outside.cookies()}
    assert cookies["kiemtin"]["secure"]
    assert cookies["kiemtin"]["httpOnly"]
    assert all(cookie["secure"] for name, cookie in cookies.items() if name.startswith("kiemtin"))

    page.goto(f"{behind.served.url}/them-tin")
    settled(page)
    with page.expect_response(lambda answer: "upload_file" in answer.url and answer.request.method == "PUT") as sent:
        page.locator("input[type=file]").set_input_files({"name": "anh.png", "mimeType": "image/png", "buffer": PNG})
    assert sent.value.status < 300
    expect(page.get_by_text("anh.png")).to_be_visible()


def ask(behind: Behind, path: str, **headers: str) -> http.client.HTTPResponse:
    unvouched = ssl._create_unverified_context()
    client = http.client.HTTPSConnection("localhost", behind.port, context=unvouched, timeout=PATIENCE_S)
    client.request("GET", path, headers=headers)
    return client.getresponse()


def test_who_comes_without_tls_is_led_to_the_public_address(behind: Behind) -> None:
    client = http.client.HTTPConnection("localhost", behind.plain, timeout=PATIENCE_S)
    client.request("GET", "/vu-viec?story=dap")
    answer = client.getresponse()
    assert answer.status == 308
    assert answer.headers["Location"] == f"{behind.served.url}/vu-viec?story=dap"


def test_answers_ask_for_tls_from_then_on(behind: Behind) -> None:
    answer = ask(behind, "/dang-nhap")
    assert "max-age=" in answer.headers["Strict-Transport-Security"]
    assert "nginx/" not in answer.headers["Server"]


def test_another_name_is_not_ours(behind: Behind) -> None:
    assert ask(behind, "/", Host="xa.example").status == 421


def test_what_is_looked_for_is_not_logged(behind: Behind) -> None:
    ask(behind, "/tim-kiem?q=v%E1%BB%A1+%C4%91%E1%BA%ADp").read()
    written = behind.access_log.read_text(encoding="utf-8")
    assert '"GET /tim-kiem"' in written
    assert "?" not in written


def test_the_public_address_is_what_people_are_told(behind: Behind) -> None:
    office = settings.load(behind.served.home, environment={})
    with Service(office, with_dashboard=False) as service:
        assert service.address == behind.served.url
