"""Whose turn it is where several machines work: one at a time, the delay kept, nothing held by the dead."""

from __future__ import annotations

import pickle
import socket
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from config import messages
from config.leases import HostTurns, Leases, Server
from config.worker_messages import PROBLEMS
from index.shared_errors import QueueUnavailable
from tests import redis_server
from tests.redis_server import RedisServer, free_port

pytestmark = pytest.mark.service
DELAY = 0.4


@pytest.fixture
def server(redis: RedisServer) -> Server:
    with Server(address=redis.address).client() as client:
        client.flushall()
    return Server(address=redis.address)


# --- leases


def test_what_one_holds_another_does_not_get(server: Server) -> None:
    one, other = Leases(server), Leases(server)
    with one.held(("a", "b")) as mine, other.held(("b", "c")) as theirs:
        assert mine == {"a", "b"}
        assert theirs == {"c"}
    with other.held(("a", "b")) as theirs:
        assert theirs == {"a", "b"}


def test_a_lease_lasts_as_long_as_somebody_is_at_it_and_no_longer(server: Server) -> None:
    one, other = Leases(server, lasts=0.4), Leases(server, lasts=0.4)
    with one.held(("a",)):
        time.sleep(1.0)
        with other.held(("a",)) as theirs:
            assert not theirs
    assert one._take("left behind", "by one that was killed")
    with other.waited_for("left behind") as mine:
        assert mine


def test_a_lease_that_redis_forgot_is_held_again(server: Server) -> None:
    one, other = Leases(server, lasts=0.4), Leases(server)
    with one.held(("a",)), server.client() as client:
        client.flushall()
        time.sleep(0.4)
        with other.held(("a",)) as theirs:
            assert not theirs


def test_who_is_told_to_stop_does_not_wait(server: Server) -> None:
    with Leases(server).held(("a",)), Leases(server).waited_for("a", lambda: True) as mine:
        assert not mine


# --- hosts


def test_a_host_is_asked_by_one_at_a_time_and_not_before_its_delay(server: Server) -> None:
    one: HostTurns = HostTurns(server, longest=55.0)
    other: HostTurns = pickle.loads(pickle.dumps(one))  # as another process gets it
    assert one.take("bao.example", DELAY, "first")[0]
    mine, wait = other.take("bao.example", DELAY, "second")
    assert not mine
    assert wait > 0
    one.end("bao.example", DELAY, "first")
    mine, wait = other.take("bao.example", DELAY, "second")
    assert mine
    assert wait > DELAY / 2, "counted from the request before"
    assert other.take("khac.example", DELAY, "third")[0], "each host by itself"


def test_the_turn_of_one_that_was_killed_ends_by_itself(server: Server) -> None:
    turns = HostTurns(server, longest=-4.5)
    assert turns.take("bao.example", 0.0, "killed")[0]
    assert not turns.take("bao.example", 0.0, "next")[0]
    assert until(lambda: turns.take("bao.example", 0.0, "next")[0])


def test_the_same_turn_may_be_asked_for_again(server: Server) -> None:
    one = HostTurns(server, longest=55.0)
    assert one.take("bao.example", DELAY, "first")[0]
    assert one.take("bao.example", DELAY, "first")[0], "an answer that was lost on the way"


def test_a_turn_is_ended_by_its_own_holder_alone(server: Server) -> None:
    one = HostTurns(server, longest=55.0)
    one.take("bao.example", 0.0, "first")
    one.end("bao.example", 0.0, "one that was over long ago")
    assert not one.take("bao.example", 0.0, "second")[0]


def test_a_redis_that_has_just_started_lets_nobody_ask_before_what_it_forgot_is_over() -> None:
    with redis_server.serving() as fresh:
        mine, wait = HostTurns(Server(address=fresh.address), longest=30.0).take("bao.example", 2.0, "first")
        assert mine
        assert 30.0 < wait <= 30.0 + 5.0 + 2.0


def test_many_who_ask_one_host_never_ask_together_nor_too_soon(server: Server) -> None:
    asked: list[tuple[float, float]] = []

    def ask(name: str) -> None:
        mine = HostTurns(server, longest=5.0)
        for number in range(4):
            turn = f"{name} {number}"
            while not (answer := mine.take("bao.example", 0.05, turn))[0]:
                time.sleep(min(answer[1], 0.02))
            time.sleep(answer[1])
            began = time.monotonic()
            time.sleep(0.01)
            asked.append((began, time.monotonic()))
            mine.end("bao.example", 0.05, turn)

    workers = [threading.Thread(target=ask, args=(name,)) for name in ("a", "b", "c")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    asked.sort()
    assert len(asked) == 12
    assert all(later[0] >= sooner[1] for sooner, later in pairwise(asked))


# --- a Redis that cannot be used


def test_a_redis_that_is_not_there_is_named(tmp_path: Path) -> None:
    port = free_port()
    assert problem(Server(address=f"redis://127.0.0.1:{port}")) == "unreachable"


def test_wrong_names_and_rights_are_named() -> None:
    with redis_server.serving("--requirepass", "dung") as closed:
        assert problem(Server(address=closed.address)) == "password"
        assert problem(Server(address=closed.address, password="sai")) == "password"
        right = Server(address=closed.address, password="dung")
        right.check()
        with right.client() as client:
            client.acl_setuser("doc", enabled=True, passwords=["+x"], keys=["*"], commands=["+get", "+eval"])
        assert problem(Server(address=closed.address, user="doc", password="x")) == "permission"
        assert "dung" not in repr(right)
    with redis_server.serving("--replicaof", "127.0.0.1", "1") as replica:
        assert problem(Server(address=replica.address)) == "read_only"


def test_what_is_no_redis_is_named() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        threading.Thread(target=answer_like_a_web_server, args=(listening,), daemon=True).start()
        assert problem(Server(address=f"redis://127.0.0.1:{listening.getsockname()[1]}")) == "not_redis"


def test_every_problem_has_words(redis: RedisServer) -> None:
    for name in PROBLEMS:
        said = messages.sentence(QueueUnavailable(place=redis.address, problem=name, why="x"))
        assert redis.address in said
        assert "{" not in said


def problem(server: Server) -> str:
    with pytest.raises(QueueUnavailable) as caught:
        server.check()
    assert messages.sentence(caught.value)
    return caught.value.params["problem"]


def answer_like_a_web_server(listening: socket.socket) -> None:
    while True:
        try:
            caller, _ = listening.accept()
        except OSError:
            return
        with caller:
            caller.recv(1000)
            caller.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def until(so: Callable[[], Any], patience: float = 30.0) -> bool:
    end = time.monotonic() + patience
    while not (reached := so()) and time.monotonic() < end:
        time.sleep(0.05)
    return bool(reached)
