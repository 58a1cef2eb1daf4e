"""What may be wrong with a bucket: each thing has its error, and no error and no log tells a secret."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from config import messages
from index.s3 import S3
from index.shared_errors import FilesRefused, FilesUnavailable
from tests.redis_server import free_port
from tests.s3_server import OFFICE, READER, S3Server
from tests.servers import Outlet, Reply

pytestmark = pytest.mark.service

WRONG: Final[dict[str, Callable[[S3Server, Path], S3]]] = {
    "bucket": lambda s3, _: s3.store(bucket="khong-co"),
    "key": lambda s3, _: s3.store(key=(OFFICE[0], "another-secret-than-it")),
    "key (its name)": lambda s3, _: s3.store(key=("nobody", "another-secret-than-it")),
    "permission": lambda s3, _: s3.store(key=READER),
    "unreachable": lambda s3, _: s3.store(endpoint=f"http://127.0.0.1:{free_port()}"),
    "certificate": lambda s3, _: s3.store(endpoint=s3.secure_url),
    "ca_file": lambda s3, folder: s3.store(endpoint=s3.secure_url, ca_file=folder / "none.pem"),
}


@pytest.mark.parametrize("problem", WRONG)
def test_what_is_wrong_is_said_without_secrets(
    problem: str, s3: S3Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises((FilesRefused, FilesUnavailable)) as raised:
        WRONG[problem](s3, tmp_path).put("a", b"x")
    assert raised.value.params["problem"] == problem.partition(" ")[0]
    told = f"{messages.sentence(raised.value)} {raised.value!r} {raised.value.__cause__!r} {caplog.text}"
    assert messages.sentence(raised.value).startswith(("Chưa dùng được kho tệp s3://", "Không dùng được kho tệp s3://"))
    assert not any(secret in told for secret in (OFFICE[1], READER[1], "another-secret"))


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (Reply(status=400, body=b"<html><p>Xin chao"), "other"),
        (Reply(status=405, body=b""), "other"),
        (Reply(status=404, body=b""), "bucket"),
    ],
)
def test_what_is_no_such_store_is_told(said: Reply, problem: str, s3: S3Server) -> None:
    listing = {"/trang?list-type=2&prefix=&encoding-type=url": said}
    with Outlet(listing) as outlet, pytest.raises(FilesRefused) as raised:
        list(s3.store("", endpoint=outlet.url).files())
    assert raised.value.params["problem"] == problem


def test_a_server_in_trouble_is_asked_again_later(s3: S3Server) -> None:
    slow = Reply(status=503, body=b"<Error><Code>SlowDown</Code><Message>later</Message></Error>")
    with Outlet({"/trang/a": slow}) as outlet, pytest.raises(FilesUnavailable) as raised:
        s3.store("", endpoint=outlet.url).get("a")
    assert raised.value.params["why"] == "SlowDown"


def test_an_authority_of_the_offices_own_vouches_for_the_server(s3: S3Server) -> None:
    store = s3.store(endpoint=s3.secure_url, ca_file=s3.authority.file)
    store.put("a", b"x")
    assert store.get("a") == b"x"


def test_what_is_set_up_for_aws_on_the_machine_is_not_asked(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "another")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "another")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    store = s3.store(endpoint=f"{s3.url}/")  # an address of its own, for the client is made once for each
    store.put("a", b"x")
    assert store.get("a") == b"x"
