"""What a watching system reads: the health of the service and figures of the office, on a port of their own."""

from __future__ import annotations

import json
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from config import settings, wiring
from config.jobs import Jobs
from config.metrics import Figures, serve_metrics
from config.service import Service
from config.settings import Settings
from index.errors import ConfigError
from index.model import FlagKind, Track
from index.source import Reading, ReadingOutcome, Tally
from index.sqlite import SqliteArchive
from tests.office import ADMIN, HA, NOW, PROVINCE, TEXT, Office, article
from tests.saved import back_up, furnish
from tests.test_doctor import SOURCE


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    home = furnish(tmp_path / "home")
    loaded = settings.load(home, environment={}, overrides=[f"metrics.port={free_port()}"])
    with wiring.open_casebook(loaded) as casebook, casebook.write(PROVINCE) as book:
        book.register.declare([SOURCE], by=ADMIN.name, at=NOW)
    return loaded


@pytest.fixture
def jobs() -> Jobs:
    made = Jobs(wiring.clock)
    made.begin("review", timedelta(minutes=1))
    made.ended("review")
    return made


@pytest.fixture
def address(office: Settings, jobs: Jobs) -> Iterator[str]:
    with ExitStack() as opened:
        archive = opened.enter_context(wiring.open_archive(office))
        casebook = opened.enter_context(wiring.open_casebook(office))
        yield opened.enter_context(serve_metrics(office, jobs, archive, casebook))


def get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def figures(address: str) -> Mapping[tuple[str, ...], float]:
    """Every figure by its name and the values of its labels, in the order of the labels' names."""
    status, said = get(f"{address}/metrics")
    assert status == 200
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(said)
        for sample in family.samples
    }


def test_health_is_one_word_and_a_status_that_machines_read(address: str, jobs: Jobs) -> None:
    status, said = get(f"{address}/healthz")
    assert (status, json.loads(said)) == (200, {"status": "ok", "jobs": {"review": "ok"}})
    jobs.ended("review", "archive_unavailable")
    status, said = get(f"{address}/healthz?verbose")
    assert (status, json.loads(said)) == (503, {"status": "failing", "jobs": {"review": "failed"}})


def test_an_office_is_counted(office: Settings, address: str) -> None:
    with SqliteArchive(office.archive_file) as archive:
        archive.add([article("moi")])
        for minutes, outcome in enumerate((ReadingOutcome.NEW, ReadingOutcome.FAILED, ReadingOutcome.FAILED)):
            at = wiring.clock() - timedelta(minutes=3 - minutes)
            archive.save_reading(Reading(source_id=SOURCE.id, at=at, outcome=outcome, tally=Tally(new=1)))
    back_up(office.home, office.home.parent / "sao-luu.tar.gz")
    found = figures(address)
    assert found[("kiemtin_healthy",)] == 1
    assert found[("kiemtin_archive_up",)] == found[("kiemtin_casebook_up",)] == 1
    assert found[("kiemtin_articles_stored",)] == 3
    assert found[("kiemtin_articles_pending",)] >= 1
    assert found[("kiemtin_cases_open", "new", "verify")] == 2
    assert found[("kiemtin_cases_open", "handling", "answer")] == 0
    assert found[("kiemtin_source_failures", "bao-tinh")] == 2
    assert found[("kiemtin_sources", "failed")] == 1
    assert found[("kiemtin_job_failures_total", "review")] == 0
    now = wiring.clock().timestamp()
    assert 0 <= now - found[("kiemtin_backup_timestamp_seconds",)] < 600
    assert 0 <= now - found[("kiemtin_job_success_timestamp_seconds", "review")] < 600
    assert found[("process_resident_memory_bytes",)] > 1e7


def test_the_silence_of_a_source_is_told_once_its_habit_is_known(office: Settings, jobs: Jobs) -> None:
    with wiring.open_archive(office) as archive, wiring.open_casebook(office) as casebook:
        for hours in range(40):
            at = NOW - timedelta(hours=4 * hours)
            archive.save_reading(Reading(source_id=SOURCE.id, at=at, outcome=ReadingOutcome.NEW, tally=Tally(new=1)))
        archive.save_reading(Reading(source_id=SOURCE.id, at=NOW + timedelta(days=2), outcome=ReadingOutcome.UNCHANGED))
        collected = Figures(office, jobs, archive, casebook, clock=lambda: NOW + timedelta(days=2)).collect()
        (silent,) = [metric for metric in collected if metric.name == "kiemtin_source_silent_seconds"]
    assert [sample.value for sample in silent.samples] == [2 * 86_400]


def test_no_word_of_an_article_and_no_name_is_among_them(office: Settings, address: str) -> None:
    worker = Office(office.home)
    case = worker.opened("lu-quet", FlagKind.UNVERIFIED)
    worker.desk.triage.take(case.id, Track.VERIFY, by=HA, at=NOW, revision=case.revision)
    worker.close()
    _, said = get(f"{address}/metrics")
    for words in (*TEXT.split(". "), "Xôn xao", HA.name + '"', HA.display_name, str(case.id)):
        assert words not in said


def test_a_book_that_is_down_is_told_and_the_rest_goes_on(office: Settings, jobs: Jobs, tmp_path: Path) -> None:
    with wiring.open_archive(office) as archive, wiring.open_casebook(office) as casebook:
        office.archive_file.write_bytes(b"no database " * 500)
        names = {m.name: m for m in Figures(office, jobs, archive, casebook).collect()}
    assert names["kiemtin_archive_up"].samples[0].value == 0
    assert "kiemtin_articles_stored" not in names
    assert names["kiemtin_casebook_up"].samples[0].value == 1
    assert "kiemtin_cases_open" in names


def test_who_asks_often_is_answered_from_what_was_asked(office: Settings, jobs: Jobs) -> None:
    now = NOW
    with wiring.open_archive(office) as archive, wiring.open_casebook(office) as casebook:
        watched = Figures(office, jobs, archive, casebook, clock=lambda: now)

        def stored() -> float:
            return next(m.samples[0].value for m in watched.collect() if m.name == "kiemtin_articles_stored")

        before = stored()
        archive.add([article("moi")])
        now = NOW + timedelta(seconds=10)
        assert stored() == before
        now = NOW + timedelta(minutes=1)
        assert stored() == before + 1
        now = NOW - timedelta(days=1)
        assert stored() == before + 1, "a clock set back holds nothing for a day"


def test_any_other_page_is_none(address: str) -> None:
    assert get(f"{address}/")[0] == 404
    assert get(f"{address}/metrics/../kiemtin.yaml")[0] == 404


def test_it_is_off_unless_a_port_is_set_and_then_on_this_machine_alone(office: Settings) -> None:
    plain = settings.load(office.home, environment={})
    assert (plain.metrics.port, plain.metrics.address) == (0, "127.0.0.1")


def test_a_port_that_is_taken_is_named_by_its_key(office: Settings, jobs: Jobs) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", office.metrics.port))
        taken.listen()
        with pytest.raises(ConfigError) as caught, Service(office, with_dashboard=False):
            pass
    assert caught.value.params["key"] == "metrics.port"
    with wiring.only_service(office):
        """The home is free again."""


def test_the_service_serves_them_as_long_as_it_runs(office: Settings) -> None:
    address = f"http://127.0.0.1:{office.metrics.port}"
    with Service(office, with_dashboard=False):
        end = threading.Event()
        for _ in range(600):
            if ("kiemtin_job_success_timestamp_seconds", "review") in figures(address):
                break
            end.wait(0.1)
        assert get(f"{address}/healthz")[0] == 200
        jobs = {key[1] for key in figures(address) if key[0] == "kiemtin_job_failures_total"}
        assert jobs == {"collect", "review", "purge", "pages", "backup"}
    with pytest.raises(urllib.error.URLError):
        get(f"{address}/healthz")
