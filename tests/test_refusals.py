"""What the product refuses to do, as tests. Each holds a sentence that an office may rely on."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from config import cli
from config.commands import calling
from desk import accounts
from desk.accounts import Action
from index import account, archive, case, model, source, tables, tip
from index.account import Role
from index.archive import Query
from index.case import Conclusion
from index.casebook import Casebook
from index.casebook_queue import Filters
from index.model import Evidence, Field, Flag, FlagKind, Label, Reason, Tone, Topic, Track
from tests.test_house import MODULES, ROOT, imports, name

NOUNS = (model, source, case, account, archive, tip)


def fields_of(module: ModuleType) -> Iterator[tuple[str, str]]:
    for kind_name, kind in inspect.getmembers(module, dataclasses.is_dataclass):
        for field in dataclasses.fields(kind):
            yield kind_name, field.name


# --- negative is not inaccurate -------------------------------------------------------------------------------------


def test_criticism_is_answered_and_never_a_matter_of_accuracy() -> None:
    assert FlagKind.CRITICISM.track is Track.ANSWER
    assert {kind for kind in FlagKind if kind.track is Track.ANSWER} == {FlagKind.CRITICISM}


def test_no_accuracy_signal_looks_at_tone_or_complaint() -> None:
    for module in ("unverified", "headline", "conflict"):
        imported = set(imports(ROOT / "classifier" / f"{module}.py"))
        assert not {i for i in imported if i.startswith(("classifier.tone", "classifier.criticism"))}, module


# --- the machine shows signs, people conclude -----------------------------------------------------------------------


def test_there_is_no_sign_without_the_words_that_caused_it() -> None:
    with pytest.raises(ValueError, match="evidence"):
        Flag(kind=FlagKind.UNVERIFIED, score=0.9, signal="s", version="1", evidence=())
    with pytest.raises(ValueError, match="quote"):
        Evidence(
            article_id=model.ArticleId("a"), version=1, field=Field.TEXT, quote=" ", start=0, reason=Reason(code="c")
        )


def test_no_sign_is_a_conclusion() -> None:
    assert not {kind.value for kind in FlagKind} & {conclusion.value for conclusion in Conclusion}


def test_what_the_machine_writes_has_no_place_for_a_conclusion() -> None:
    machine = {"Article", "Review", "Story", "Finding", "Flag", "Evidence"}
    written = {field for kind, field in fields_of(model) if kind in machine}
    assert written
    assert not {field for field in written if re.search("conclu|verdict|true|false", field)}


def test_the_classifier_cannot_reach_the_casebook() -> None:
    for path in (ROOT / "classifier").rglob("*.py"):
        assert not [i for i in imports(path) if i.startswith(("index.case", "index.workflow"))], name(path)


# --- no profiles ----------------------------------------------------------------------------------------------------


def test_nothing_scores_or_counts_a_person_a_journalist_or_an_account() -> None:
    about_people = re.compile("author|journalist|reporter|byline|person|username|handle")
    judged = re.compile("score|rank|rating|count|tone|reliab|trust|influence|follower")
    held = [*((k, f) for module in NOUNS for k, f in fields_of(module))]
    held += [(table.name, column.name) for table in tables.metadata.tables.values() for column in table.columns]
    assert not [(kind, field) for kind, field in held if about_people.search(field) and judged.search(field)]


def test_the_archive_cannot_be_asked_by_a_persons_name() -> None:
    asked = {field.name for field in dataclasses.fields(Query)} | {field.name for field in dataclasses.fields(Filters)}
    assert not {field for field in asked if re.search("author|byline|person|journalist|account|user", field)}


# --- no political or religious label --------------------------------------------------------------------------------


def test_topics_and_labels_are_these_and_no_others() -> None:
    assert {topic.value for topic in Topic} == {
        "gov", "crime", "accident", "disaster", "environment", "economy", "education", "health", "culture", "other",
    }  # fmt: skip
    assert {label.value for label in Label} == {
        "correction", "opinion", "satire", "drill", "origin_only", "elsewhere", "true_negative",
    }  # fmt: skip


# --- bad news is never hidden ---------------------------------------------------------------------------------------


def test_a_leader_may_read_whatever_a_monitoring_officer_may() -> None:
    reading = {Action.READ}
    assert reading <= accounts.PERMISSIONS[Role.LEADER]
    assert reading <= accounts.PERMISSIONS[Role.MONITOR]


def test_the_queue_has_no_filter_by_tone() -> None:
    assert not {f.name for f in dataclasses.fields(Filters)} & {"tone", "sentiment", "positive", "negative"}
    assert {tone.value for tone in Tone} == {"negative", "neutral", "positive"}


# --- no posting, no take-down, nothing sent -------------------------------------------------------------------------


def test_no_command_posts_or_takes_down() -> None:
    named = {
        *calling.kiemtin.commands,
        *(c for g in calling.kiemtin.commands.values() for c in getattr(g, "commands", {})),
    }
    assert not {command for command in named if re.search("post|publish|takedown|remove|block|report-", command)}


def test_desk_and_dashboard_open_no_connection() -> None:
    reaching = {"socket", "http", "urllib.request", "requests", "httpx", "aiohttp", "urllib3", "smtplib", "scrapy"}
    for path in MODULES:
        if name(path).startswith(("desk/", "dashboard/", "classifier/", "index/")) and "elastic" not in name(path):
            reached = {i for i in imports(path) if any(i == r or i.startswith(f"{r}.") for r in reaching)}
            assert not reached - {"http.HTTPStatus"}, name(path)


# --- text from the web is data --------------------------------------------------------------------------------------


def test_no_page_turns_collected_text_into_markup() -> None:
    for path in (ROOT / "dashboard").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword):
                assert node.arg not in ("unsafe_allow_html", "unsafe_allow_javascript"), name(path)


# --- secrets have no defaults ---------------------------------------------------------------------------------------


def test_no_account_exists_before_a_person_makes_one(tmp_path: Path) -> None:
    assert cli.run(["init", "--province", "lang-son", "--no-sources", "--home", str(tmp_path / "home")]) == 0
    with (
        Casebook.open(tmp_path / "home" / "casebook.db") as casebook,
        casebook.read(model.ProvinceId("lang-son")) as book,
    ):
        assert list(book.staff.accounts()) == []
