"""`make doubts` as a person types it: in a process of its own, with real commits."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.core.build import ROOT
from api.regions.models import Region
from tests.doubts.doubtful import rows, sound
from tests.factories import make_region, make_topic


@pytest.fixture
def place(database: Engine) -> Region:
    """A region with an offer that has no summary and a dead link."""
    with Session(database, expire_on_commit=False) as session:
        make_topic(session, "kita")
        region = make_region(session, slug="hier")
        sound(session, region, summary="", website="https://verein.example/")
        session.commit()
    return region


def run(owner_url: str, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "importers.checking", *arguments],
        cwd=ROOT,
        env={**os.environ, "LANDKARTE_DATABASE_URL": owner_url, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def kept(database: Engine) -> int:
    with Session(database) as session:
        return len(rows(session))


def test_a_dry_run_keeps_nothing_and_a_second_run_has_nothing_to_do(
    database: Engine, place: Region, owner_url: str
) -> None:
    done = run(owner_url, "--region=hier", "--dry-run", LANDKARTE_LINK_CONTACT="a@b.example")
    assert "Geprüfte Angebote: 1. Auffällig: 1 (neu oder anders: 1), erledigt: 0." in done.stdout
    assert "1 × Ohne kurze Beschreibung" in done.stdout
    assert "Probelauf" in done.stdout
    assert kept(database) == 0
    assert "(neu oder anders: 1)" in run(owner_url, "--region=hier").stdout
    again = run(owner_url, "--region=hier")
    assert "(neu oder anders: 0), erledigt: 0." in again.stdout
    assert "Links wurden nicht gefragt" in again.stdout  # nobody has said in whose name
    assert kept(database) == 1


def test_a_region_that_does_not_exist_is_named(database: Engine, place: Region, owner_url: str) -> None:
    done = run(owner_url, "--region=dort")
    assert (done.returncode, done.stderr) == (2, "Die Region „dort“ gibt es nicht.\n")
