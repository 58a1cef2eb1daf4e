"""A bucket of an S3-compatible store, as a store of files.

Every file goes in one request, so that it is whole or not there. The request carries the MD5 and the signed SHA-256 of
its bytes, and the store takes nothing else for them. It writes only a name that is not there (`If-None-Match: *`):
machines that keep the same file do not overwrite each other's.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, SSLError
from botocore.parsers import ResponseParserError
from botocore.session import Session

from index.shared_errors import FilesRefused, FilesUnavailable
from index.store import Held

CONNECT: Final = 5.0
READ: Final = 30.0
"""Seconds without a byte; what is sent or read are pages and uploads of some megabytes at most."""
TRIES: Final = 2
_ABSENT: Final = frozenset({"NoSuchKey", "404"})
_THERE: Final = frozenset({"PreconditionFailed", "412"})
_PASSING: Final = frozenset({"SlowDown", "RequestTimeout", "ConditionalRequestConflict", "BadDigest", "IncompleteBody"})
_PROBLEMS: Final = {
    "NoSuchBucket": "bucket",
    "InvalidBucketName": "bucket",
    "InvalidAccessKeyId": "key",
    "SignatureDoesNotMatch": "key",
    "AccessDenied": "permission",
    "403": "permission",  # of a HEAD, whose answer has no words
    "RequestTimeTooSkewed": "clock",
    "AuthorizationHeaderMalformed": "region",
    "PermanentRedirect": "region",
    "InsufficientStorage": "full",
    "QuotaExceeded": "full",
    "XMinioStorageFull": "full",
}
_SERVER_ERROR: Final = 500
_NO_FILES: Final = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}
"""An office's store is what its settings say: what somebody set up for AWS on this machine says nothing of it."""
# It would log what it signs, and every try.
logging.getLogger("botocore").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How a store is reached, and who asks. `ca_file` is an authority of the office's own."""

    endpoint: str
    region: str
    access_key: str
    secret_key: str
    ca_file: Path | None = None

    def __repr__(self) -> str:
        return f"Access({self.endpoint})"


class S3:
    """The files of a bucket whose keys begin with `prefix`, which is nothing or ends with a slash."""

    def __init__(self, access: Access, bucket: str, prefix: str = "") -> None:
        self._access = access
        self._bucket = bucket
        self._prefix = prefix

    @property
    def place(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}"

    def put(self, name: str, data: bytes) -> None:
        md5 = base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
        with suppress(_There), self._asking():
            self._client.put_object(
                Bucket=self._bucket, Key=self._prefix + name, Body=data, ContentMD5=md5, IfNoneMatch="*"
            )

    def get(self, name: str) -> bytes | None:
        try:
            with self._asking():
                data: bytes = self._client.get_object(Bucket=self._bucket, Key=self._prefix + name)["Body"].read()
        except _Absent:
            return None
        return data

    def has(self, name: str) -> bool:
        try:
            with self._asking():
                self._client.head_object(Bucket=self._bucket, Key=self._prefix + name)
        except _Absent:
            return False
        return True

    def remove(self, name: str) -> None:
        with suppress(_Absent), self._asking():
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name)

    def files(self, under: str = "") -> Iterator[Held]:
        for page in self._listed(Prefix=self._prefix + under):
            for found in page.get("Contents", ()):
                name = found["Key"].removeprefix(self._prefix)
                yield Held(name=name, size=found["Size"], written=found["LastModified"])

    def folders(self, under: str = "") -> list[str]:
        return sorted(
            found["Prefix"].removeprefix(self._prefix)
            for page in self._listed(Prefix=self._prefix + under, Delimiter="/")
            for found in page.get("CommonPrefixes", ())
        )

    def _listed(self, **asked: str) -> Iterator[dict[str, Any]]:
        pages = iter(self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, **asked))
        while True:
            with self._asking():
                page = next(pages, None)
            if page is None:
                return
            yield page

    @property
    def _client(self) -> Any:
        asked = self._access
        if asked.ca_file is not None and not asked.ca_file.is_file():
            raise FilesRefused(place=self.place, problem="ca_file", why=str(asked.ca_file))
        return _client(asked)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """What the client raises, as the house's errors. What the store says is left out where a code is enough."""
        try:
            yield
        except ClientError as error:
            raise self._refusal(error) from error
        except SSLError as error:
            raise FilesRefused(place=self.place, problem="certificate", why=self._access.endpoint) from error
        except (BotoCoreError, ResponseParserError) as error:
            raise FilesUnavailable(
                place=self.place, problem="unreachable", why=f"{self._access.endpoint}: {type(error).__name__}"
            ) from error

    def _refusal(self, error: ClientError) -> FilesRefused | FilesUnavailable:
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code in _ABSENT:
            return _Absent(place=self.place, problem="bucket", why=code)
        if code in _THERE:
            return _There(place=self.place, problem="other", why=code)
        if problem := _PROBLEMS.get(code):
            return FilesRefused(place=self.place, problem=problem, why=code)
        if status >= _SERVER_ERROR or code in _PASSING:
            return FilesUnavailable(place=self.place, problem="troubled", why=code)
        return FilesRefused(place=self.place, problem="other", why=code)


@cache
def _client(asked: Access) -> Any:
    """One for all buckets and threads of a process: to make one takes half a second."""
    return Session(_NO_FILES).create_client(
        "s3",
        endpoint_url=asked.endpoint,
        region_name=asked.region,
        aws_access_key_id=asked.access_key,
        aws_secret_access_key=asked.secret_key,
        verify=str(asked.ca_file) if asked.ca_file else None,
        config=Config(
            connect_timeout=CONNECT,
            read_timeout=READ,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
            # What every compatible store knows; checksums in trailers are not among it.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path", "payload_signing_enabled": True},
        ),
    )


class _Absent(FilesRefused):
    """There is no such name; where one is to be written or listed, no such bucket."""


class _There(FilesRefused):
    """There is such a name already."""
