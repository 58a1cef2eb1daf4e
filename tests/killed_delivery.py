"""Delivers what waits in a folder to a store, until it is killed. Run with -m, as a process.

Arguments: the folder, and of the store the endpoint, the bucket, the prefix, the two halves of the key.
"""

from __future__ import annotations

import sys
from pathlib import Path

from index.s3 import S3, Access
from index.store import Folder, Relay


def main(folder: str, endpoint: str, bucket: str, prefix: str, *key: str) -> None:
    access = Access(endpoint=endpoint, region="us-east-1", access_key=key[0], secret_key=key[1])
    Relay(Folder(Path(folder)), S3(access, bucket, prefix)).deliver()


if __name__ == "__main__":
    main(*sys.argv[1:])
