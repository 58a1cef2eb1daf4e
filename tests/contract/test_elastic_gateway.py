"""The archive behind a gateway with TLS and logins: who may, who may not, and what is said of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from config.commands.calling import run
from index.archive import Query
from index.elastic import ElasticArchive
from index.elastic_client import Login, connect
from index.errors import ArchiveError, ArchiveRefused, ArchiveUnavailable
from index.set_aside import Drawer
from index.source import Tally
from tests.certificates import Authority, authority
from tests.contract.nouns import NOON, OURS, article, minutes
from tests.gateway import BUSY, KEY, READER, USER, Gateway, api_key
from tests.servers import Outlet, Reply

pytestmark = pytest.mark.service
A, B = article("a"), article("b")
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
def trusted(tmp_path: Path) -> Authority:
    return authority(tmp_path, "ca", NOW - DAY, NOW + DAY)


@pytest.fixture
def gateway(elasticsearch: str, trusted: Authority) -> Iterator[Gateway]:
    with Gateway(elasticsearch, trusted.vouch_for("127.0.0.1", NOW - DAY, NOW + DAY)) as gateway:
        yield gateway


@pytest.fixture
def open_through(
    gateway: Gateway, trusted: Authority, prefix: str, emptied: Callable[[], object], tmp_path: Path
) -> Callable[..., ElasticArchive]:
    """Opens the tests' archive, emptied, through the gateway."""
    emptied()

    def opened(*, patience: float = 0, set_aside: Drawer | None = None, **login: str) -> ElasticArchive:
        who = Login(ca_file=trusted.file, **(login or {"api_key": api_key(KEY)}))
        return ElasticArchive(
            gateway.url, login=who, index_prefix=prefix, must_exist=True, patience=patience, set_aside=set_aside
        )

    return opened


# --- who may -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "login",
    [{"api_key": api_key(KEY)}, {"api_key": ":".join(KEY)}, {"user": USER[0], "password": USER[1]}],
    ids=["key in one word", "key in two", "user"],
)
def test_whoever_is_known_reads_and_writes(open_through: Callable[..., ElasticArchive], login: dict[str, str]) -> None:
    with open_through(**login) as archive:
        assert archive.add([A]) == Tally(new=1)
        assert archive.find(Query(province=OURS)).total == 1


def test_a_key_that_may_only_read_reads_and_is_told_so_when_it_writes(
    open_through: Callable[..., ElasticArchive],
) -> None:
    with open_through() as archive:
        archive.add([A])
    with open_through(api_key=":".join(READER)) as archive:
        assert archive.article(A.id) == A
        with pytest.raises(ArchiveRefused) as refused:
            archive.add([B])
    assert refused.value.params["problem"] == "permission"
    assert "indices:data/write/bulk" in refused.value.params["why"]


@pytest.mark.parametrize(
    "login",
    [{"api_key": "wrong:key"}, {"user": USER[0], "password": "wrong"}, {"user": "nobody", "password": ""}],
    ids=["key", "password", "user"],
)
def test_whoever_is_not_known_is_refused_at_the_door(
    open_through: Callable[..., ElasticArchive], login: dict[str, str]
) -> None:
    with pytest.raises(ArchiveRefused) as refused:
        open_through(**login)
    assert refused.value.params["problem"] == "login"


# --- certificates --------------------------------------------------------------------------------------------------


def refusal(address: str, ca_file: Path | None) -> dict[str, str]:
    with pytest.raises((ArchiveRefused, ArchiveUnavailable)) as refused:
        connect(address, Login(api_key=api_key(KEY), ca_file=ca_file))
    return refused.value.params


def test_a_server_of_another_authority_is_not_trusted(gateway: Gateway, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = authority(tmp_path / "other", "other", NOW - DAY, NOW + DAY)
    for ca_file in (other.file, None):
        said = refusal(gateway.url, ca_file)
        assert said["problem"] == "certificate"
        assert "certificate" in said["why"]


def test_a_certificate_for_another_name_is_not_trusted(gateway: Gateway, trusted: Authority) -> None:
    said = refusal(f"https://localhost:{gateway.port}", trusted.file)
    assert (said["problem"], "localhost" in said["why"]) == ("certificate", True)


def test_a_certificate_that_has_run_out_is_not_trusted(elasticsearch: str, trusted: Authority) -> None:
    with Gateway(elasticsearch, trusted.vouch_for("127.0.0.1", NOW - 2 * DAY, NOW - DAY)) as gateway:
        assert "expired" in refusal(gateway.url, trusted.file)["why"]


def test_a_file_that_holds_no_authority_is_named(gateway: Gateway, tmp_path: Path) -> None:
    (tmp_path / "no-authority.pem").write_text("no certificate")
    for file in (tmp_path / "no-authority.pem", tmp_path / "missing.pem"):
        said = refusal(gateway.url, file)
        assert (said["problem"], said["file"]) == ("ca_file", str(file))


def test_http_and_https_taken_for_each_other_are_told(gateway: Gateway, elasticsearch: str, trusted: Authority) -> None:
    assert refusal(elasticsearch.replace("http:", "https:"), trusted.file)["problem"] == "no_tls"
    assert refusal(gateway.url.replace("https:", "http:"), None)["problem"] == "unreachable"


# --- what answers at the address -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"version": {"number": "2.11.0", "distribution": "opensearch"}}, "not_elasticsearch"),
        ({"hello": "world"}, "not_elasticsearch"),
        ({"version": {"number": "7.17.9"}}, "version"),
        ({"version": {"number": "10.0.0"}}, "version"),
    ],
    ids=["opensearch", "another", "older", "newer"],
)
def test_another_product_or_version_is_refused_by_its_name(answer: dict[str, object], problem: str) -> None:
    headers = {"Content-Type": "application/json"}
    if problem == "version":
        headers["X-Elastic-Product"] = "Elasticsearch"
    with Outlet({"/": Reply(headers=headers, body=json.dumps(answer).encode())}) as outlet:
        assert refusal(outlet.url, None)["problem"] == problem


def test_a_web_page_is_no_archive() -> None:
    with Outlet({"/": Reply(body=b"<html>It works!</html>")}) as outlet:
        assert refusal(outlet.url, None)["problem"] == "not_elasticsearch"
    with Outlet({}) as outlet:
        assert refusal(outlet.url, None)["problem"] == "not_elasticsearch"


# --- what the server does not take ---------------------------------------------------------------------------------


def test_an_article_that_is_too_large_is_set_aside_and_the_others_are_kept(
    open_through: Callable[..., ElasticArchive], gateway: Gateway, tmp_path: Path
) -> None:
    large = article("large", text="Mưa lũ kéo dài. " * 4_000)
    drawer = Drawer(tmp_path / "set-aside")
    with open_through(set_aside=drawer) as archive:
        gateway.most = 50_000
        assert archive.add([A, large, B]) == Tally(new=2)
        (aside,) = drawer.held()
        assert aside.articles == (large,)
        assert aside.why["problem"] == "too_large"
        assert archive.known([large.id]).keys() == {large.id}, "it is not fetched again in every round"
        assert archive.retry_set_aside() == (0, 1)
        gateway.most = 1 << 30
        assert archive.retry_set_aside() == (1, 0)
        assert archive.article(large.id) == large
    assert not list(drawer.held())


def test_every_version_that_was_refused_is_kept_in_order(tmp_path: Path) -> None:
    drawer = Drawer(tmp_path / "set-aside")
    later = article("a", text="Khác.", collected=NOON + minutes(5), content_hash="khac")
    for one in (A, later, A):
        drawer.put([one], ArchiveError(problem="too_large"))
    (aside,) = drawer.held()
    assert aside.articles == (A, later)


def test_without_a_place_to_set_it_aside_the_article_is_named(
    open_through: Callable[..., ElasticArchive], gateway: Gateway
) -> None:
    large = article("large", text="Mưa lũ kéo dài. " * 4_000)
    with open_through() as archive:
        gateway.most = 50_000
        with pytest.raises(ArchiveError) as refused:
            archive.add([A, large])
        assert refused.value.params["document"] == large.id
        assert archive.article(A.id) == A


def test_a_busy_server_is_asked_again_for_less(open_through: Callable[..., ElasticArchive], gateway: Gateway) -> None:
    articles = [article(str(number)) for number in range(40)]
    with open_through(patience=30) as archive:
        gateway.says.extend([BUSY] * 3)
        gateway.sizes.clear()
        assert archive.add(articles) == Tally(new=40)
    first, *others = gateway.sizes[:4]
    assert max(others[1:]) < first / 2


def test_a_server_that_stays_busy_is_told_after_a_while(
    open_through: Callable[..., ElasticArchive], gateway: Gateway
) -> None:
    with open_through(patience=0.3) as archive:
        gateway.says.extend([BUSY] * 50)
        with pytest.raises(ArchiveUnavailable) as busy:
            archive.add([A])
        gateway.says.clear()
        assert busy.value.params["problem"] == "busy"
        assert archive.add([A]) == Tally(new=1)


# --- the command ---------------------------------------------------------------------------------------------------


def test_an_office_sets_key_and_authority_and_is_told_what_is_wrong(
    gateway: Gateway, trusted: Authority, tmp_path: Path, capsys: pytest.CaptureFixture[str], elasticsearch: str
) -> None:
    home, prefix = tmp_path / "home", f"test-{uuid4().hex[:12]}"
    assert run(["init", "--home", str(home), "--province", OURS]) == 0
    (home / "key").write_text(api_key(KEY))
    (home / "key").chmod(0o600)
    (home / "ca.pem").write_bytes(trusted.file.read_bytes())
    with (home / "kiemtin.yaml").open("a", encoding="utf-8") as settings:
        settings.write(
            f"archive: {gateway.url}\nelasticsearch: {{api_key_file: key, ca_file: ca.pem, index_prefix: {prefix}}}\n"
        )

    def said(*command: str, status: int) -> str:
        capsys.readouterr()
        assert run([*command, "--home", str(home)]) == status
        return capsys.readouterr().err

    assert "kiemtin archive create" in said("articles", status=1)
    assert "Đã tạo kho" in said("archive", "create", "--shards", "2", status=0)
    try:
        assert "không tạo đè" in said("archive", "create", status=1)
        said("articles", status=0)
        (home / "key").write_text(api_key(READER))
        assert "thiếu quyền" in said("classify", status=1)
        (home / "key").write_text("wrong")
        assert "khóa API" in said("articles", status=1)
        assert "elasticsearch.ca_file" in said("articles", "--set", "elasticsearch.ca_file=none.pem", status=1)
        assert "elasticsearch.user" in said("articles", "--set", "elasticsearch.user=ha", status=2)
        assert "elasticsearch.password" in said(
            "articles", "--set", "elasticsearch.user=ha", "--set", "elasticsearch.api_key=", status=2
        )
    finally:
        with Elasticsearch(elasticsearch) as client:
            client.indices.delete(index=[*client.indices.get(index=f"{prefix}-*")])
