"""An Elasticsearch of a measurement's own, and what it costs: processor time, memory and disk."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from elasticsearch import Elasticsearch

from bench.measure import MEGABYTE
from tests.contract.conftest import free_port, starter, wait_until_ready

_TICK: Final = os.sysconf("SC_CLK_TCK")
_PATIENCE_S: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a node holds, in megabytes: `disk` of the articles' index and of `others`; live objects in `heap`, and all
    its memory that is no cache of files."""

    articles: float
    others: float
    heap: float
    memory: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    address: str
    pid: int
    version: str

    def cpu(self) -> float:
        """Processor seconds that the node has taken so far, of all its threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    def held(self, prefix: str) -> Held:
        """Collects garbage first, and writes what lies in memory to disk."""
        java = Path(f"/proc/{self.pid}/exe").resolve()
        subprocess.run((java.with_name("jcmd"), str(self.pid), "GC.run"), check=True, stdout=subprocess.DEVNULL)
        with Elasticsearch(self.address, request_timeout=_PATIENCE_S) as client:
            client.indices.flush(index=f"{prefix}-*", force=True, wait_if_ongoing=True)
            found = client.indices.stats(index=f"{prefix}-*", metric="store")["indices"]
            (node,) = client.nodes.stats(metric="jvm")["nodes"].values()
        sizes = {name: index["total"]["store"]["size_in_bytes"] / MEGABYTE for name, index in found.items()}
        articles = sum(size for name, size in sizes.items() if name.startswith(f"{prefix}-articles"))
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        (kilobytes,) = re.findall(r"^RssAnon:\s+(\d+) kB", status, re.MULTILINE)
        return Held(
            articles=articles,
            others=sum(sizes.values()) - articles,
            heap=node["jvm"]["mem"]["heap_used_in_bytes"] / MEGABYTE,
            memory=int(kilobytes) / 1024,
        )


@contextmanager
def serving(folder: Path, *, heap: str) -> Iterator[Node]:
    """One node, as it is started without options but for its heap."""
    port, log = free_port(), folder / "node.log"
    command = [str(starter()), "--port", str(port), "--data", str(folder / "data"), "--heap", heap]
    with log.open("wb") as said, subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT) as process:
        try:
            wait_until_ready(process, log)
            address = f"http://127.0.0.1:{port}"
            with Elasticsearch(address) as client:
                version = str(client.info()["version"]["number"])
            pid = int((folder / "data" / "node-1" / "pid").read_text(encoding="ascii"))
            yield Node(address=address, pid=pid, version=version)
        finally:
            process.terminate()
