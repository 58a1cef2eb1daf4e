"""The examples of deploy/: what they promise, and that no secret, no default password and no loose end is in them."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import settings
from config.commands.calling import kiemtin
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONCE = {name for name, service in SERVICES.items() if service.get("restart") == "no"}
OURS = {name for name, service in SERVICES.items() if service["image"].startswith("kiemtin:")}
# What compose reads of a service; a misspelt key would be passed over in silence by a reader of YAML.
KNOWN = {
    "build", "cap_drop", "command", "depends_on", "entrypoint", "environment", "healthcheck", "image", "init", "ports",
    "read_only", "restart", "secrets", "security_opt", "stop_grace_period", "tmpfs", "ulimits", "user", "volumes",
}  # fmt: skip
OFFICES_OWN = {"deploy/kiemtin.env", "deploy/secrets/"}
UNITS = sorted((DEPLOY / "systemd").iterdir())


def everything() -> list[Path]:
    own = {ROOT / path.rstrip("/") for path in OFFICES_OWN}
    return [path for path in DEPLOY.rglob("*") if path.is_file() and not own & {path, *path.parents}]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_what_compose_knows(name: str) -> None:
    assert set(SERVICES[name]) <= KNOWN
    assert {volume.partition(":")[0] for volume in SERVICES[name].get("volumes", ()) if volume[0] not in "./"} <= set(
        COMPOSE["volumes"]
    )
    assert set(SERVICES[name].get("secrets", ())) <= set(COMPOSE["secrets"])


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_has_a_version(name: str) -> None:
    version = SERVICES[name]["image"].rpartition(":")[2]
    assert re.match(r"\d+\.\d+", version), SERVICES[name]["image"]


def test_the_image_of_the_project_has_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert {SERVICES[name]["image"] for name in OURS} == {f"kiemtin:{version}"}


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - ONCE))
def test_what_stays_up_is_looked_after(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries"} <= set(service["healthcheck"])
    assert service["restart"] == "unless-stopped"


def test_what_runs_once_is_waited_for() -> None:
    waited = {
        (on, how["condition"]) for service in SERVICES.values() for on, how in service.get("depends_on", {}).items()
    }
    assert {(name, "service_completed_successfully") for name in ONCE} <= waited
    assert all(how == "service_healthy" for name, how in waited if name not in ONCE)
    assert {name for name, _ in waited} <= set(SERVICES)


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert not [name for name, service in SERVICES.items() if "network_mode" in service]


def test_secrets_are_files_without_which_nothing_starts() -> None:
    assert all(set(secret) == {"file"} for secret in COMPOSE["secrets"].values())
    folder = {Path(secret["file"]).parent.as_posix() for secret in COMPOSE["secrets"].values()}
    assert folder == {"secrets"}
    assert set((ROOT / ".gitignore").read_text(encoding="utf-8").split()) >= OFFICES_OWN
    for service in SERVICES.values():
        for key, value in service.get("environment", {}).items():
            if re.search(r"(?i)password|secret|api_key|certificate_key", key):
                assert str(value).startswith(("/run/secrets/", "/run/kiemtin/")), key


def test_no_file_holds_a_password() -> None:
    for path in everything():
        for found in re.findall(r"(?i)(?:password|passwd|secret|token)\"?\s*[=:]\s*(\S+)", path.read_text("utf-8")):
            assert found.startswith(("/", "{file:", "${", '"%s"', "[", "$(")), (path.name, found)


def test_names_that_an_office_must_give_have_no_default() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    asked = dict(re.findall(r"\$\{(KIEMTIN_\w+):(.)", text))
    assert asked == {"KIEMTIN_PUBLIC_URL": "?", "KIEMTIN_SERVER_NAME": "?", "KIEMTIN_ELASTICSEARCH_HEAP": "-"}
    example = (DEPLOY / "kiemtin.env.example").read_text(encoding="utf-8")
    assert set(asked) == set(re.findall(r"^(\w+)=", example, re.MULTILINE))


def test_the_settings_are_settings(tmp_path: Path) -> None:
    (tmp_path / "kiemtin.yaml").write_text("province: tuyen-quang\n", encoding="utf-8")
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    (tmp_path / "secret").chmod(0o600)
    given = {key: str(value) for key, value in SERVICES["service"]["environment"].items()}
    given |= {key: str(tmp_path / "secret") for key in given if key.endswith("PASSWORD_FILE")}
    given["KIEMTIN_DASHBOARD__PUBLIC_URL"] = "https://kiemtin.example"
    loaded = settings.load(tmp_path, environment=given)
    assert loaded.archive.startswith("https://")
    assert loaded.redis.address.startswith("rediss://")
    assert set(loaded.backup.without) == {"archive", "casebook"}


def test_the_commands_are_commands() -> None:
    for name in OURS - {"dashboard"}:
        command, *options = SERVICES[name]["command"]
        known = {option for parameter in kiemtin.commands[command].params for option in parameter.opts}
        assert {option for option in options if option.startswith("-")} <= known


def test_the_image_holds_every_room_and_runs_as_nobody_special() -> None:
    said = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    for room in packages["targets"]["wheel"]["packages"]:
        assert f"COPY {room} {room}\n" in said
        assert f"!{room}\n" in (ROOT / ".dockerignore").read_text(encoding="utf-8")
    assert all(re.search(r":\d+\.\d+\.\d+", line) for line in said.splitlines() if line.startswith("FROM"))
    assert said.rindex("USER kiemtin") > said.rindex("RUN ")


@pytest.mark.parametrize("script", sorted((DEPLOY / "compose").glob("*.sh")), ids=lambda path: path.name)
def test_a_script_can_be_read_by_its_shell(script: Path) -> None:
    subprocess.run(["bash", "-n", str(script)], check=True)
    assert [service for service in SERVICES.values() if f"/compose/{script.name}" in str(service.get("entrypoint"))]


def test_what_the_stores_run_first_can_be_read_by_their_shell() -> None:
    for name in ("postgres", "redis"):
        shell, flags, script = SERVICES[name]["entrypoint"][:3]
        assert (shell, flags) == ("sh", "-ec")
        subprocess.run(["sh", "-n"], input=script.replace("$$", "$"), text=True, check=True)


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_is_what_systemd_knows(unit: Path, tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("systemd-analyze is not installed (Debian: systemd)")
    program = tmp_path / "kiemtin"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    for each in UNITS:  # the timer names its service
        said = each.read_text(encoding="utf-8")
        (tmp_path / each.name).write_text(
            said.replace("/opt/kiemtin/.venv/bin/kiemtin", str(program)).replace("file:/opt/kiemtin", "file:/"), "utf-8"
        )
    done = subprocess.run([verify, "verify", str(tmp_path / unit.name)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "")


def test_the_service_is_confined_and_watched() -> None:
    said = (DEPLOY / "systemd" / "kiemtin.service").read_text(encoding="utf-8")
    for line in ("Type=notify", "WatchdogSec=", "Restart=on-failure", "ProtectSystem=strict", "NoNewPrivileges=true",
                 "CapabilityBoundingSet=\n", "StateDirectoryMode=0700", "UMask=0077"):  # fmt: skip
        assert line in said


def test_the_names_of_the_proxy_are_given_by_compose() -> None:
    template = (DEPLOY / "nginx" / "kiemtin.conf.template").read_text(encoding="utf-8")
    asked = set(re.findall(r"\$\{(KIEMTIN_\w+)\}", template))
    assert asked == {key for key in SERVICES["proxy"]["environment"] if key.startswith("KIEMTIN_")}


def test_docs_speak_of_what_is_there() -> None:
    said = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for secret in COMPOSE["secrets"]:
        assert secret in said
    for path in re.findall(r"`(deploy/[\w./-]+)`", said):
        assert (ROOT / path).exists() or path in OFFICES_OWN, path
    assert {unit.name for unit in UNITS} <= set(re.findall(r"[\w-]+\.(?:service|timer)", said))
    for command in re.findall(r"kiemtin ([a-z]+)(?: |`|$)", said):
        assert command in kiemtin.commands, command
