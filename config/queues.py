"""What one machine hands out and others do: messages of Dramatiq, which name ids and no more.

Nothing in a queue has to last. What was handed out and is not done is looked up in the broker's own books, so a source
is handed out once, and again as soon as nobody is about it any more: what a Redis forgot is still due, or pending.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from dramatiq import Broker, Message
from dramatiq.brokers.redis import MAINTENANCE_SCALE, RedisBroker

from config.leases import SPACE, Server
from config.work import QUEUE_OF, Work
from index.model import ArticleId, ProvinceId, SourceId
from index.source import Source, Visit, VisitId

HEARTBEAT: Final = 20.0
"""Seconds after which the messages of a worker that says nothing are another's."""
HOSTS: Final = 32
"""At most so many hosts a message: as many as a round keeps busy at once, and few enough for many workers."""
_KEEP_FAILED: Final = 86_400_000  # milliseconds


class Queues:
    """The queues of one province."""

    def __init__(self, server: Server, province: ProvinceId) -> None:
        self._server = server
        self._space = f"{SPACE}:{province}"
        self._client = server.client()
        # Each call looks for workers that are gone: by chance, as it is meant for thousands a second, takes hours here.
        self._broker = RedisBroker(  # type: ignore[no-untyped-call]
            client=self._client,
            namespace=self._space,
            middleware=[],
            heartbeat_timeout=int(HEARTBEAT * 1000),
            maintenance_chance=MAINTENANCE_SCALE,
            dead_message_ttl=_KEEP_FAILED,
        )

    @property
    def broker(self) -> Broker:
        return self._broker

    def hand_out(self, work: Work, **ids: Sequence[str]) -> None:
        """Raises `QueueUnavailable`."""
        with self._server.speaking():
            kwargs = {name: list(some) for name, some in ids.items()}
            self._broker.enqueue(
                Message(queue_name=QUEUE_OF[work], actor_name=work, args=(), kwargs=kwargs, options={})
            )

    def handed_out(self, work: Work) -> Sequence[Mapping[str, Any]]:
        """The ids of what was handed out and is not done yet, be it waiting or in work. Raises `QueueUnavailable`."""
        with self._server.speaking():
            held: Any = self._client.hvals(f"{self._space}:{QUEUE_OF[work]}.msgs")
        messages = (Message.decode(data) for data in held)
        return [message.kwargs for message in messages if message.actor_name == work]

    def hand_out_sources(self, sources: Sequence[Source], visits: Sequence[Visit]) -> bool:
        """Hand out what nobody is about yet; True if all has been read that was handed out and nothing is due.

        Raises `QueueUnavailable`.
        """
        messages = self.handed_out(Work.CRAWL)
        out = {name for ids in messages for name in (*ids["sources"], *ids["visits"])}
        for some, looked_at in shares(
            [source for source in sources if source.id not in out], [visit for visit in visits if visit.id not in out]
        ):
            self.hand_out(Work.CRAWL, sources=some, visits=looked_at)
        return not messages and not sources and not visits

    def hand_out_review(self) -> bool:
        """Hand out the review of what is pending; False if the last has not ended. Raises `QueueUnavailable`."""
        if self.handed_out(Work.GROUP):
            return False
        self.hand_out(Work.GROUP)
        return True

    def hand_out_articles(self, ids: Sequence[ArticleId]) -> None:
        """Raises `QueueUnavailable`."""
        self.hand_out(Work.EXAMINE, ids=ids)


def shares(
    sources: Sequence[Source], visits: Sequence[Visit]
) -> Iterator[tuple[Sequence[SourceId], Sequence[VisitId]]]:
    """Parts of about the same number of hosts; all that one host is asked for is in one part."""
    of_host: dict[str, tuple[list[SourceId], list[VisitId]]] = defaultdict(lambda: ([], []))
    for source in sources:
        of_host[_host(source.url)][0].append(source.id)
    for visit in visits:
        of_host[_host(visit.url)][1].append(visit.id)
    hosts = list(of_host.values())
    count = -(-len(hosts) // HOSTS)
    for number in range(count):
        part = hosts[number::count]
        yield [name for some, _ in part for name in some], [name for _, some in part for name in some]


def _host(url: str) -> str:
    """As politeness goes: a port is another program inside the machine, and elsewhere has no ports of its own."""
    return urlsplit(url).netloc
