"""What every casebook keeps, refuses and survives."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Table, delete, update

from index import tables
from index.account import Account, Role, Session
from index.case import (
    MACHINE,
    Act,
    Case,
    CaseCard,
    Conclusion,
    Entry,
    Factors,
    Grounds,
    Handling,
    Sign,
    SignState,
    TrackRecord,
    TrackState,
)
from index.casebook import Book, Casebook
from index.casebook_audit import Deed
from index.casebook_cases import Cases
from index.casebook_postgres import Database
from index.errors import CasebookError, CaseNotFound, Conflict, SchemaNewer, SourceNotFound
from index.model import (
    ArticleId,
    CaseId,
    Channel,
    FlagKind,
    Harm,
    Mark,
    OfficerName,
    ProvinceId,
    Ruling,
    RulingField,
    SourceId,
    StoryId,
    Track,
)
from index.source import Source
from index.tip import Attachment, Reporter, Tip, TipId
from tests.conftest import ON_POSTGRES
from tests.postgres import Server, place_of

HERE, ELSEWHERE = ProvinceId("tuyen-quang"), ProvinceId("lang-son")
NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
HA, MINH = OfficerName("ha"), OfficerName("minh")

SOURCE = Source(
    id=SourceId("bao-tinh"),
    name="Báo tỉnh",
    channel=Channel.PRESS,
    collector="feed",
    url="https://bao.example/rss",
    every=timedelta(minutes=5),
)


@pytest.fixture(params=["sqlite", ON_POSTGRES])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | Database]:
    """Where a casebook can be made."""
    if request.param == "sqlite":
        yield tmp_path / "casebook.db"
        return
    server: Server = request.getfixturevalue("postgres")
    yield server.make("casebook")
    server.drop("casebook")


@pytest.fixture
def casebook(every_casebook: None, tmp_path: Path) -> Iterator[Casebook]:
    with Casebook.open(place_of(tmp_path)) as casebook:
        yield casebook


def ask(place: Path | Database, statement: str) -> Sequence[tuple[object, ...]]:
    """One statement, past the casebook."""
    if isinstance(place, Path):
        with closing(sqlite3.connect(place, isolation_level=None)) as file:
            return file.execute(statement).fetchall()
    with psycopg.connect(f"{place.address}?user={place.user}") as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def opened(book: Book, story: str = "s1", at: datetime = NOW, province: ProvinceId = HERE) -> Case:
    case = Case(
        id=CaseId(""),
        province=province,
        story=StoryId(story),
        opened=at,
        tracks={Track.VERIFY: TrackRecord()},
        signs=(Sign(kind=FlagKind.UNVERIFIED),),
    )
    return book.cases.open(case, Entry(by=MACHINE, at=at, action=Act.OPENED))


def entry(by: OfficerName = HA, at: datetime = NOW) -> Entry:
    return Entry(by=by, at=at, action=Act.ROUTED, params={"agency": "so-y-te"})


# --- cases --------------------------------------------------------------------------------------------------------


def test_a_case_comes_back_as_it_was_kept(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        was = opened(book)
        closed = TrackRecord(
            state=TrackState.CLOSED,
            conclusion=Conclusion.PARTLY,
            grounds=Grounds(reasoning="73 hộ, không phải 137 hộ.", documents=("BC 318/BC-UBND",)),
            handling=Handling.NONE,
        )
        kept = book.cases.keep(
            replace(
                was,
                tracks={Track.VERIFY: closed, Track.ANSWER: TrackRecord()},
                signs=(Sign(kind=FlagKind.UNVERIFIED, state=SignState.CONFIRMED, by=HA, at=NOW),),
                owner=HA,
                agency="so-y-te",
            ),
            was=was,
            entry=replace(entry(), note="Đã gọi điện."),
        )
    with casebook.read(HERE) as book:
        assert book.cases.get(was.id) == kept
        assert book.cases.of_story(was.story) == kept
    assert kept.revision == 1
    assert [line.action for line in kept.history] == [Act.OPENED, Act.ROUTED]


def test_case_numbers_run_through_the_year_of_the_office(casebook: Casebook) -> None:
    last_of_2026 = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)  # 23:59 in Hà Nội
    with casebook.write(HERE) as book:
        ids = [
            opened(book, "s1").id,
            opened(book, "s2", last_of_2026).id,
            opened(book, "s3", last_of_2026 + timedelta(minutes=1)).id,
        ]
    assert ids == ["VV-2026-0001", "VV-2026-0002", "VV-2027-0001"]


def test_a_story_has_one_case(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        opened(book, "s1")
    with pytest.raises(CasebookError), casebook.write(HERE) as book:
        opened(book, "s1")
    with casebook.read(HERE) as book:
        assert book.cases.stories() == {"s1"}


def test_a_write_on_a_stale_revision_says_who_was_faster_and_overwrites_nothing(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        was = opened(book)
        mine = book.cases.keep(replace(was, owner=HA), was=was, entry=entry(HA))
    with pytest.raises(Conflict) as refused, casebook.write(HERE) as book:
        book.cases.keep(replace(was, owner=MINH), was=was, entry=entry(MINH))
    assert (refused.value.by, refused.value.at) == (HA, NOW)
    with casebook.read(HERE) as book:
        assert book.cases.get(was.id) == mine


def test_of_many_officers_writing_at_once_exactly_one_is_faster(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        was = opened(book)

    def write(number: int) -> bool:
        officer = OfficerName(f"can-bo-{number}")
        try:
            with casebook.write(HERE) as book:
                book.cases.keep(replace(was, owner=officer), was=was, entry=entry(officer))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(write, range(16)))
    assert won.count(True) == 1
    with casebook.read(HERE) as book:
        kept = book.cases.get(was.id)
    assert kept.owner == f"can-bo-{won.index(True)}"
    assert kept.revision == 1


def test_an_act_that_fails_half_way_leaves_nothing(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        was = opened(book)

    def write_and_fail() -> None:
        with casebook.write(HERE) as book:
            book.cases.keep(replace(was, owner=HA), was=was, entry=entry())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with casebook.read(HERE) as book:
        assert book.cases.get(was.id) == was
        assert len(book.audit.entries()) == 1


def test_there_is_no_way_to_delete_a_case() -> None:
    assert not [name for name in dir(Cases) if any(word in name for word in ("delete", "remove", "purge", "drop"))]


def test_a_card_is_replaced_without_a_trace_on_the_case(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        case = opened(book)
        for title in ("Tin vỡ đập", "Tin vỡ đập ở xã Thượng Lâm"):
            book.cases.keep_card(card(case, title))
    with casebook.read(HERE) as book:
        assert book.cases.cards([case.id]) == {case.id: card(case, "Tin vỡ đập ở xã Thượng Lâm")}
        assert book.cases.get(case.id) == case
        assert len(book.audit.entries()) == 1


def card(case: Case, title: str) -> CaseCard:
    return CaseCard(
        case_id=case.id,
        province=case.province,
        story=case.story,
        title=title,
        outlets=4,
        reprints=17,
        first_seen=NOW,
        first_source="Báo tỉnh",
        channel=Channel.PRESS,
        last_change=NOW,
        places=("Thượng Lâm",),
        factors=Factors(harm=Harm.LIFE, outlets=4, per_hour=4.0, spread=4.0),
    )


# --- what belongs to a province stays there -----------------------------------------------------------------------


def test_no_province_sees_what_another_wrote(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        case = opened(book)
        book.cases.keep_card(card(case, "Tin"))
        book.rulings.add(ruling("ours"))
        book.rulings.keep_mark(Mark("7"))
        book.tips.add(tip(), Reporter(name="ông Tư", contact="0900"))
        book.files.add(ATTACHMENT, by=HA, at=NOW)
        book.staff.add(account(HA), "hash", by=MINH, at=NOW)
        book.staff.start("token", session(HA), "hash")
    with casebook.write(ELSEWHERE) as book:
        with pytest.raises(CaseNotFound):
            book.cases.get(case.id)
        assert book.cases.of_story(case.story) is None
        assert book.cases.stories() == frozenset()
        assert book.cases.cards([case.id]) == {}
        assert book.rulings.in_force() == {}
        assert book.rulings.mark() is None
        assert book.tips.get(TipId("t1")) is None
        assert book.tips.of_articles([ArticleId("a1")]) == ()
        assert book.tips.reporter(TipId("t1"), by=HA, at=NOW) == Reporter()
        assert book.files.get(ATTACHMENT.sha256) is None
        assert book.staff.accounts() == ()
        assert book.staff.session("token") is None
        assert [line.action for line in book.audit.entries()] == [Deed.REPORTER_SEEN]


# --- rulings ------------------------------------------------------------------------------------------------------


def ruling(value: str | None, minutes: int = 0) -> Ruling:
    return Ruling(
        by=HA,
        at=NOW + timedelta(minutes=minutes),
        province=HERE,
        field=RulingField.ABOUT,
        value=value,
        story_id=StoryId("s1"),
    )


def test_the_latest_ruling_on_a_subject_is_in_force_and_the_earlier_are_kept(casebook: Casebook) -> None:
    said = [ruling("ours"), ruling("not_ours", 1), ruling(None, 2)]
    with casebook.write(HERE) as book:
        for one in said:
            book.rulings.add(one)
        assert list(book.rulings.in_force().values()) == said[-1:]
        assert list(book.rulings.of_story(StoryId("s1"))) == said


# --- the register of sources --------------------------------------------------------------------------------------


def test_a_source_comes_back_as_it_was_declared(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        assert book.register.declare([SOURCE], by=HA, at=NOW) == 1
        assert book.register.get(SOURCE.id).source == SOURCE


def test_declaring_the_same_again_changes_nothing(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        book.register.declare([SOURCE], by=HA, at=NOW)
        before = book.register.get(SOURCE.id)
        assert book.register.declare([SOURCE], by=MINH, at=NOW + timedelta(days=1)) == 0
        assert book.register.get(SOURCE.id) == before


def test_what_a_person_changed_outlives_a_later_profile_and_the_rest_follows_it(casebook: Casebook) -> None:
    moved = replace(SOURCE, url="https://bao.example/rss2", enabled=True)
    with casebook.write(HERE) as book:
        book.register.declare([SOURCE], by=HA, at=NOW)
        book.register.save(replace(SOURCE, enabled=False), by=HA, at=NOW, revision=1)
        book.register.declare([moved], by=HA, at=NOW)
        found = book.register.get(SOURCE.id)
    assert found.source == replace(moved, enabled=False)
    assert found.changed == {"enabled"}


def test_a_change_of_a_source_names_the_revision_it_rests_on(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        book.register.declare([SOURCE], by=HA, at=NOW)
        changed = book.register.save(replace(SOURCE, tier=1), by=HA, at=NOW, revision=1)
        assert book.register.save(replace(SOURCE, tier=1), by=HA, at=NOW, revision=1) == changed
        with pytest.raises(Conflict):
            book.register.save(replace(SOURCE, tier=3), by=MINH, at=NOW, revision=1)
        with pytest.raises(Conflict):
            book.register.save(SOURCE, by=MINH, at=NOW, revision=None)
        assert book.register.get(SOURCE.id) == changed


def test_a_source_nobody_knows_is_not_found(casebook: Casebook) -> None:
    with casebook.read(HERE) as book, pytest.raises(SourceNotFound):
        book.register.get(SOURCE.id)


# --- tips, files, accounts ----------------------------------------------------------------------------------------

ATTACHMENT = Attachment(sha256="a" * 64, media_type="image/png", size=7, name="ảnh chụp.png")


def tip() -> Tip:
    return Tip(
        id=TipId("t1"),
        province=HERE,
        by=HA,
        at=NOW,
        channel=Channel.PUBLIC,
        outlet="Điện thoại",
        happened=NOW - timedelta(hours=1),
        article_id=ArticleId("a1"),
        track=Track.ANSWER,
        attachments=(ATTACHMENT.sha256,),
    )


def account(name: OfficerName) -> Account:
    return Account(name=name, display_name="Lê Thu Hà", roles=frozenset({Role.MONITOR, Role.ADMIN}))


def session(name: OfficerName) -> Session:
    return Session(name=name, started=NOW, expires=NOW + timedelta(hours=12), last_action=NOW)


def test_tips_and_files_come_back_as_they_were_kept(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        book.files.add(ATTACHMENT, by=HA, at=NOW)
        book.files.add(replace(ATTACHMENT, name="khác.png"), by=MINH, at=NOW)
        book.tips.add(tip(), Reporter(name="ông Tư", contact="0900"))
    with casebook.read(HERE) as book:
        assert book.files.get(ATTACHMENT.sha256) == ATTACHMENT
        assert book.tips.get(TipId("t1")) == tip()
        assert book.tips.of_articles([ArticleId("a1"), ArticleId("a2")]) == (tip(),)


def test_who_reported_is_kept_apart_and_looking_is_written_down(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        book.tips.add(tip(), Reporter(name="ông Tư", contact="0900 000 000"))
        assert book.tips.reporter(TipId("t1"), by=MINH, at=NOW) == Reporter(name="ông Tư", contact="0900 000 000")
        seen = book.audit.entries()[0]
    assert (seen.by, seen.action, seen.subject) == (MINH, Deed.REPORTER_SEEN, "tip:t1")
    assert {"contact", "reporter"} & {column.name for column in tables.tips.columns} == set()


def test_an_account_and_its_sign_in_come_back(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        book.staff.add(account(HA), "argon", by=MINH, at=NOW)
        book.staff.start("token", session(HA), "hash")
    with casebook.read(HERE) as book:
        assert book.staff.accounts() == (account(HA),)
        assert book.staff.session("token") == (session(HA), account(HA))


# --- the audit log ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [tables.audit, tables.history], ids=lambda table: table.name)
@pytest.mark.parametrize("change", [delete, lambda table: update(table).values(by="ai đó")], ids=["delete", "update"])
def test_nothing_that_was_written_down_can_be_unwritten(
    casebook: Casebook, table: Table, change: Callable[..., object]
) -> None:
    with casebook.write(HERE) as book:
        opened(book)
    with pytest.raises(CasebookError), casebook.write(HERE) as book:
        book.audit._connection.execute(change(table))  # type: ignore[call-overload]
    with casebook.read(HERE) as book:
        assert [line.by for line in book.audit.entries()] == [MACHINE]


def test_no_two_codes_of_the_log_read_alike() -> None:
    assert not {act.value for act in Act} & {deed.value for deed in Deed}


# --- what has no place here ---------------------------------------------------------------------------------------


def test_no_table_scores_or_profiles_anybody() -> None:
    """Text is judged, people are not (HOUSE, rule 4): no column could hold a verdict on a person or an outlet."""
    forbidden = (
        "score",
        "rating",
        "rank",
        "reputation",
        "trust",
        "profile",
        "hostile",
        "sentiment",
        "author",
        "byline",
    )
    for table in tables.metadata.tables.values():
        for column in table.columns:
            assert not [word for word in forbidden if word in column.name], f"{table.name}.{column.name}"


# --- the file itself ----------------------------------------------------------------------------------------------


def test_the_migrations_make_exactly_the_tables(casebook: Casebook) -> None:
    with casebook._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []


def test_opening_again_keeps_everything(place: Path | Database) -> None:
    with Casebook.open(place) as casebook, casebook.write(HERE) as book:
        case = opened(book)
    with Casebook.open(place) as casebook, casebook.read(HERE) as book:
        assert book.cases.get(case.id) == case


def test_many_may_open_a_new_casebook_at_once(place: Path | Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        for casebook in pool.map(lambda _: Casebook.open(place), range(8)):
            with casebook, casebook.read(HERE) as book:
                assert book.cases.stories() == frozenset()


def test_a_migration_that_fails_at_its_end_leaves_no_table_behind(
    place: Path | Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def upgrade_and_fail(config: Config, revision: str) -> None:
        command.upgrade(config, revision)
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("index.casebook.upgrade", upgrade_and_fail)
        with pytest.raises(ZeroDivisionError):
            Casebook.open(place)
    everything = "sqlite_master" if isinstance(place, Path) else "pg_tables WHERE schemaname = 'public'"
    assert ask(place, f"SELECT count(*) FROM {everything}") == [(0,)]
    with Casebook.open(place) as casebook, casebook.write(HERE) as book:
        opened(book)


def test_a_casebook_of_a_newer_program_is_left_alone(place: Path | Database) -> None:
    Casebook.open(place).close()
    ask(place, "UPDATE alembic_version SET version_num = '9999'")
    before = place.read_bytes() if isinstance(place, Path) else ask(place, "SELECT * FROM alembic_version")
    with pytest.raises(SchemaNewer):
        Casebook.open(place)
    after = place.read_bytes() if isinstance(place, Path) else ask(place, "SELECT * FROM alembic_version")
    assert after == before


def test_a_file_that_is_no_casebook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "casebook.db").write_bytes(b"This is a letter, not a database. " * 100)
    with pytest.raises(CasebookError):
        Casebook.open(tmp_path / "casebook.db")


def test_a_casebook_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CasebookError):
        Casebook.open(tmp_path / "nowhere" / "casebook.db")


def test_every_connection_to_a_file_is_durable_and_waits_its_turn(tmp_path: Path) -> None:
    with Casebook.open(tmp_path / "casebook.db") as casebook, casebook.read(HERE) as book:
        settings = {
            name: book.audit._connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 10_000, "foreign_keys": 1}


def test_a_killed_writer_loses_nothing_that_was_acknowledged(place: Path | Database) -> None:
    """A process opens cases and names each one kept; it is killed in the middle of its work."""
    Casebook.open(place).close()
    program = textwrap.dedent("""
        import sys
        from tests.contract.test_casebook import HERE, Casebook, opened
        from tests.postgres import place_named
        casebook = Casebook.open(place_named(sys.argv[1]))
        for number in range(10_000):
            with casebook.write(HERE) as book:
                case = opened(book, f"s{number}")
            print(case.id, flush=True)
    """)
    named = str(place) if isinstance(place, Path) else place.address
    with subprocess.Popen([sys.executable, "-c", program, named], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline().strip() for _ in range(20)]
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += writer.stdout.read().split()
    whole = [case_id for case_id in acknowledged if len(case_id) == len("VV-2026-0001")]
    with Casebook.open(place) as casebook, casebook.read(HERE) as book:
        assert set(whole) <= set(book.cases.many([CaseId(case_id) for case_id in whole]))
        assert len(book.cases.stories()) == len(book.audit.entries(limit=20_000))
