"""The log of an office: what stands in it, what never does, and how several processes share it."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from classifier.review import ReviewTally
from config import logs, settings, wiring
from config.logs import Part, hide, kept
from config.reviewer import Reviewer
from config.service import Service
from config.settings import Settings
from desk.accounts import Accounts
from index.account import CONSOLE, Role
from index.casebook import Casebook
from index.errors import AddressRefused, ArchiveError, NamesLeft
from index.model import Channel, SourceId
from index.source import Source
from tests.conftest import ROOT
from tests.office import PROVINCE
from tests.servers import Outlet, Reply
from tests.test_service import PATIENCE

PASSWORD = "nuoc-lu-Da-Vi-47"
LOG = logging.getLogger("config.try")


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    wiring.make_folders(home)
    secret = home / "mat-khau"
    secret.write_text(PASSWORD, encoding="utf-8")
    secret.chmod(0o600)
    document = {"province": str(PROVINCE), "postgresql": {"password_file": str(secret)}}
    (home / "kiemtin.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    return settings.load(home, environment={})


def lines(home: Path) -> list[dict[str, object]]:
    """Every line of every log file of a home, oldest file first."""
    files = sorted(home.glob("logs/kiemtin.jsonl*"), reverse=True)
    return [
        json.loads(line) for file in files if file.suffix != ".lock" for line in file.read_text("utf-8").splitlines()
    ]


def everything(home: Path) -> str:
    return "".join(file.read_text(encoding="utf-8") for file in (home / "logs").rglob("*") if file.is_file())


def test_a_line_says_when_where_and_what(office: Settings) -> None:
    with kept(office, Part.SERVICE):
        LOG.info("source %s: %s articles", "bao-tinh", 7)
    (line,) = lines(office.home)
    assert datetime.fromisoformat(str(line.pop("time"))).tzinfo is not None
    assert line == {
        "level": "info",
        "part": "service",
        "process": os.getpid(),
        "logger": "config.try",
        "said": "source bao-tinh: 7 articles",
    }


def test_others_are_heard_from_warnings_on(office: Settings) -> None:
    with kept(office, Part.SERVICE):
        logging.getLogger("apscheduler").info("looked for jobs")
        logging.getLogger("elastic_transport").warning("a node is away")
    assert [line["said"] for line in lines(office.home)] == ["a node is away"]


def test_what_was_set_up_before_is_as_it_was(office: Settings) -> None:
    root = logging.getLogger()
    before = ([(h, h.level, h.formatter) for h in root.handlers], logging.getLogger("config").level)
    with kept(office, Part.SERVICE):
        assert logging.getLogger("config").level == logging.INFO
    assert ([(h, h.level, h.formatter) for h in root.handlers], logging.getLogger("config").level) == before


@pytest.mark.parametrize(
    ("said", "kept_of_it"),
    [
        (f"http://ha:{PASSWORD}@bao.example/rss", "http://***@bao.example/rss"),
        (f"https://bao.example/x?id=7&api_key={PASSWORD}&page=2", "https://bao.example/x?id=7&api_key=***&page=2"),
        (f"https://bao.example/?access_token={PASSWORD}", "https://bao.example/?access_token=***"),
        ("Authorization: Basic aGE6bnVvYy1sdQ==", "Authorization: Basic ***"),
        ("header Bearer eyJhbGciOi.J9.abc-def_1 refused", "header Bearer *** refused"),
        ("failed to parse. Preview of field's value: 'Ông A bị bắt'", "failed to parse. Preview of field's value: ***"),
        ("https://bao.example/thu-tin-20261124.html", "https://bao.example/thu-tin-20261124.html"),
        ("a@b.example wrote to https://bao.example/@ha", "a@b.example wrote to https://bao.example/@ha"),
    ],
)
def test_what_opens_a_door_is_hidden(said: str, kept_of_it: str) -> None:
    assert hide(said) == kept_of_it


def test_secrets_of_the_settings_are_hidden_wherever_they_stand(office: Settings) -> None:
    with kept(office, Part.SERVICE):
        LOG.warning("the server said: no %s here", PASSWORD)
    assert PASSWORD not in everything(office.home)
    assert "no *** here" in everything(office.home)


def test_of_a_foreign_error_only_its_kind_and_its_places_are_kept(office: Settings) -> None:
    with kept(office, Part.SERVICE):
        try:
            int("Bà Hoàng Thị Mây, bản Lũng Slàng")
        except ValueError as error:
            LOG.exception("a page could not be made: %s", error)
    (line,) = lines(office.home)
    assert line["said"] == "a page could not be made: ValueError"
    assert line["error"] == "ValueError"
    assert "test_of_a_foreign_error" in str(line["at"])
    assert "Mây" not in everything(office.home)


def test_an_error_of_the_house_keeps_its_values_but_no_names_of_people(office: Settings) -> None:
    with kept(office, Part.SERVICE):
        LOG.warning("refused: %s", AddressRefused(url=f"http://ha:{PASSWORD}@bao.example", why="malformed"))
        LOG.warning("page failed: %s", NamesLeft(names="Hoàng Thị Mây"))
        LOG.error("job failed", exc_info=ArchiveError(why="database is locked"))
    first, second, third = lines(office.home)
    assert first["said"] == "refused: address_refused: url=http://***@bao.example, why=malformed"
    assert second["said"] == "page failed: names_left: names=***"
    assert third["error"] == "archive: why=database is locked"


def test_what_goes_to_standard_error_is_hidden_too(office: Settings) -> None:
    program = (
        "import logging, sys; from pathlib import Path; from config import logs, settings;"
        "logging.basicConfig(level=logging.WARNING, stream=sys.stderr);"
        "office = settings.load(Path(sys.argv[1]), environment={});"
        "log = logging.getLogger('config.try');"
        "\nwith logs.kept(office, logs.Part.SERVICE): log.info('quiet'); log.warning('http://ha:%s@x', sys.argv[2])"
    )
    command = [sys.executable, "-c", program, str(office.home), PASSWORD]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stderr
    assert said == "WARNING:config.try:http://***@x\n"


def test_a_log_is_its_owners_alone_and_does_not_grow_for_ever(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "MOST_BYTES", 2_000)
    monkeypatch.setattr(logs, "KEPT", 2)
    with kept(office, Part.SERVICE):
        for number in range(100):
            LOG.warning("line %s", number)
    files = sorted(file for file in (office.home / "logs").iterdir() if file.suffix != ".lock")
    assert len(files) == 3
    assert all(file.stat().st_size <= 2_000 for file in files)
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    assert lines(office.home)[-1]["said"] == "line 99"


def test_a_message_without_end_is_cut(office: Settings) -> None:
    with kept(office, Part.SERVICE):
        LOG.warning("x" * 100_000)
    assert len(str(lines(office.home)[0]["said"])) == logs.LONGEST


def test_several_processes_write_one_log_and_lose_no_line(office: Settings) -> None:
    program = (
        "import logging, sys; from pathlib import Path; from config import logs, settings; logs.MOST_BYTES = 20_000;"
        "logs.KEPT = 50; office = settings.load(Path(sys.argv[1]), environment={});"
        "log = logging.getLogger('config.try');"
        "\nwith logs.kept(office, logs.Part.WORKER):\n    for n in range(300): log.info('%s of %s', n, sys.argv[2])"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", program, str(office.home), str(number)], cwd=ROOT)
        for number in range(3)
    ]
    assert [writer.wait(PATIENCE) for writer in writers] == [0, 0, 0]
    written = [str(line["said"]) for line in lines(office.home)]
    assert sorted(written) == sorted(f"{n} of {number}" for n in range(300) for number in range(3))
    assert len(list((office.home / "logs").glob("kiemtin.jsonl.*"))) > 3


# --- an office at work --------------------------------------------------------------------------------------------


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[Settings]:
    """An office that reads two outlets of the newsroom, and one that leads to an address with a password in it."""
    home = tmp_path / "home"
    wiring.make_folders(home)
    (home / "mat-khau").write_text(PASSWORD, encoding="utf-8")
    (home / "mat-khau").chmod(0o600)
    away = Reply(status=302, headers={"Location": f"http://ha:{PASSWORD}@bao.example/rss?api_key={PASSWORD}"})
    with wiring.written_week(datetime.now(UTC), 1.0, 0) as room, Outlet({"/rss": away}) as outlet:
        document = {
            "province": str(PROVINCE),
            "fetch": {"delay": 0, "allow_hosts": [*room.allow_hosts(), outlet.host]},
            "schedule": {"review_every": "1s"},
            "postgresql": {"password_file": "mat-khau"},
        }
        (home / "kiemtin.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
        sources = [source for source in room.sources() if source.id in ("trang-tong-hop-24", "dien-dan-xu-tuyen")]
        sources.append(
            Source(id=SourceId("di-vong"), name="Đi vòng", channel=Channel.PRESS, collector="feed",
                   url=f"{outlet.url}/rss", tier=1, language="vi")
        )  # fmt: skip
        with Casebook.open(home / "casebook.db") as casebook:
            with casebook.write(PROVINCE) as book:
                book.register.declare(sources, by=CONSOLE.name, at=datetime.now(UTC))
            Accounts(casebook, PROVINCE).add_account(
                "ha", "Lê Thu Hà", frozenset({Role.MONITOR}), PASSWORD, by=CONSOLE, at=datetime.now(UTC)
            )
        yield settings.load(home, environment={})


def test_an_office_at_work_logs_no_words_of_articles_and_no_credentials(at_work: Settings) -> None:
    with Service(at_work, with_dashboard=False) as service:
        assert service.caught_up.wait(PATIENCE)
        desk = wiring.open_desk(at_work)
        now = datetime.now(UTC)
        token = desk.accounts.sign_in("ha", PASSWORD, at=now)
        officer = desk.accounts.officer(token, at=now)
        with wiring.open_casebook(at_work) as casebook, casebook.read(PROVINCE) as book:
            case = book.cases.of_story(next(iter(book.cases.stories())))
        assert case is not None
        desk.triage.take(case.id, next(iter(case.tracks)), by=officer, at=now, revision=case.revision)
    written = everything(at_work.home)
    assert {line["part"] for line in lines(at_work.home)} >= {"service"}
    assert re.search(r"source di-vong: address_refused: url=http://\*\*\*@bao.example", written), written
    assert "source trang-tong-hop-24: Tally(new=" in written
    for secret in (PASSWORD, token, officer.display_name):
        assert secret not in written
    with wiring.open_archive(at_work) as archive:
        stored = [reviewed.article for reviewed in archive.stored(PROVINCE)]
    assert len(stored) > 20
    for article in stored:
        for words in (article.title, *re.split(r"[.\n]\s*", article.text)):
            assert len(words) < 20 or words not in written


def test_the_review_logs_into_the_same_file_from_its_own_process(at_work: Settings) -> None:
    with closing(Reviewer(at_work, work=_warn)) as reviewer:
        reviewer.review(lambda: False)
    (line,) = [line for line in lines(at_work.home) if line["part"] == "review"]
    assert line["said"] == "a text could not be examined: ValueError"
    assert line["process"] != os.getpid()


def _warn(office: Settings, *given: object, **more: object) -> tuple[ReviewTally, int]:
    LOG.warning("a text could not be examined: %s", ValueError("Bà Hoàng Thị Mây"))
    return ReviewTally(), 0
