"""The rules that compose.yaml keeps, and the reader that the proof runs it with."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from api.core.settings import Settings
from ops.image import compose
from ops.image.compose import ComposeError

ROOT = Path(__file__).parents[2]
PASSWORDS = {"DB_ADMIN_PASSWORD": "a" * 48, "DB_OWNER_PASSWORD": "b" * 48, "DB_APP_PASSWORD": "c" * 48}
FILE = ROOT / "compose.yaml"
SERVICES: dict[str, dict[str, Any]] = compose.read(FILE, PASSWORDS)["services"]
OURS = ["migrate", "load", "app"]
ONE_SHOT = ["roles", "migrate", "load"]
# PostgreSQL's image has its user under this number, nginx's under that one.
FOREIGN_USERS = {"db": "999:999", "roles": "999:999", "proxy": "101:101"}


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_can_write_gain_rights_or_take_all_memory(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "devices", "pid", "ipc"} & service.keys()
    assert service["mem_limit"]
    assert service["pids_limit"] <= 200


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_runs_as_root(name: str) -> None:
    # Ours have their user from the image.
    assert SERVICES[name].get("user") == FOREIGN_USERS.get(name)


@pytest.mark.parametrize("name", SERVICES)
def test_images_have_a_tag(name: str) -> None:
    assert re.fullmatch(r"[a-z/-]+:\d+[\d.-]*", SERVICES[name]["image"])


def test_only_app_and_proxy_can_be_reached_and_the_app_only_from_this_machine() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"app", "proxy"}
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["app"]["ports"])


def test_the_database_and_what_sets_it_up_cannot_reach_the_outside() -> None:
    whole = compose.read(FILE, PASSWORDS)
    assert whole["networks"]["inside"]["internal"] is True
    assert {name: SERVICES[name]["networks"] for name in ["db", "migrate", "load"]} == {
        name: ["inside"] for name in ["db", "migrate", "load"]
    }
    assert SERVICES["roles"]["network_mode"] == "none"
    assert SERVICES["proxy"]["networks"] == ["outside"]


def test_each_step_waits_for_the_one_before() -> None:
    waits = {
        name: {other: how["condition"] for other, how in service.get("depends_on", {}).items()}
        for name, service in SERVICES.items()
    }
    assert waits == {
        "db": {},
        "roles": {"db": "service_healthy"},
        "migrate": {"roles": "service_completed_successfully"},
        "load": {"migrate": "service_completed_successfully"},
        "app": {"migrate": "service_completed_successfully"},
        "proxy": {"app": "service_healthy"},
    }


@pytest.mark.parametrize("name", SERVICES)
def test_what_serves_comes_back_and_what_ends_stays_ended(name: str) -> None:
    assert SERVICES[name]["restart"] == ("no" if name in ONE_SHOT else "unless-stopped")


def test_only_migrations_know_the_owner() -> None:
    knowing = {name for name in OURS if PASSWORDS["DB_OWNER_PASSWORD"] in str(SERVICES[name])}
    assert knowing == {"migrate"}
    assert not any(PASSWORDS["DB_ADMIN_PASSWORD"] in str(SERVICES[name]) for name in OURS)


def test_the_app_takes_every_setting_of_the_program() -> None:
    settings = {f"LANDKARTE_{name.upper()}" for name in Settings.model_fields}
    elsewhere = {"LANDKARTE_OWNER_DATABASE_URL", "LANDKARTE_TEST_DATABASE_URL"}
    assert SERVICES["app"]["environment"].keys() == settings - elsewhere


def test_profiles_are_only_for_what_is_optional() -> None:
    assert {name: service["profiles"] for name, service in SERVICES.items() if "profiles" in service} == {
        "load": ["demo"],
        "proxy": ["proxy"],
    }


def test_the_database_logs_as_little_as_under_var() -> None:
    said = SERVICES["db"]["command"]
    assert {"log_error_verbosity=terse", "log_min_error_statement=panic"} <= set(said)


@pytest.mark.parametrize("name", PASSWORDS)
def test_without_a_password_nothing_starts(name: str) -> None:
    with pytest.raises(ComposeError, match=name):
        compose.read(FILE, {other: value for other, value in PASSWORDS.items() if other != name})


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "leer"),
        ("abc123", "kürzer"),
        ("hier-ein-langes-kennwort", "nur Buchstaben"),
        ("changemechangemechangeme", "Beispiel"),
        ("Kennwort0Kennwort0Kennwort0", "Beispiel"),
        ("d" * 20 + "ß", "nur Buchstaben"),
        ("d" * 20 + "\n", "nur Buchstaben"),
        ("$(id)" * 5, "nur Buchstaben"),
        ("b" * 48, "eigenes"),
    ],
)
def test_refuses_passwords_that_are_none(tmp_path: Path, password: str, reason: str) -> None:
    done = roles(tmp_path, PASSWORDS | {"DB_APP_PASSWORD": password})
    assert done.returncode == 1
    assert done.stderr.startswith("DB_APP_PASSWORD")
    assert reason in done.stderr
    assert "psql" not in done.stdout


def test_goes_on_to_postgresql_with_good_ones(tmp_path: Path) -> None:
    done = roles(tmp_path, {name: value[0] + "0123abcDEF" * 3 for name, value in PASSWORDS.items()})
    assert "psql" in done.stdout
    assert "roles.sql" in done.stdout


def test_fills_in_what_compose_would(tmp_path: Path) -> None:
    file = tmp_path / "compose.yaml"
    file.write_text("a: ['${ONE}', '${TWO:-2}', 'x${THREE:-}', '$$4', 5]\n")
    assert compose.read(file, {"ONE": "1"}) == {"a": ["1", "2", "x", "$4", 5]}
    file.write_text("a: ${ONE-1}\n")
    with pytest.raises(ComposeError, match="not known"):
        compose.read(file, {})


def test_a_variable_without_a_value_comes_from_outside_or_not_at_all() -> None:
    service = {"environment": {"A": None, "B": None, "C": 1}}
    assert compose.environment(service, {"A": "x"}) == {"A": "x", "C": "1"}


def roles(folder: Path, passwords: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run roles.sh with a psql that only says its name and arguments."""
    psql = folder / "psql"
    psql.write_text('#!/bin/sh\necho psql "$@"\n')
    psql.chmod(0o755)
    return subprocess.run(
        ["sh", ROOT / "ops" / "image" / "roles.sh"],
        check=False,
        env={"PATH": f"{folder}:{os.defpath}"} | passwords,
        capture_output=True,
        text=True,
        timeout=30,
    )
