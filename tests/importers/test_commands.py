"""The commands as a person types them: in processes of their own, with real commits."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlmodel import Session, func, select

from api.core.build import ROOT
from api.offers.models import Offer
from api.sources.models import Source
from tests.importers.hostile import files
from tests.importers.hostile.files import PLACE
from tests.importers.sample import make_lichtenberg, tables

Command = Callable[..., "subprocess.CompletedProcess[str]"]

MAPPING = """
[source]
slug = "a"
region = "hier"
title = "A"
publisher = "B"
licence = "CC0"
attribution = "B, CC0"
trust = "apply"
[file]
key = ["id"]
[fields]
name = "name"
lon = "lon"
lat = "lat"
"""


@pytest.fixture
def command(database: Engine, owner_url: str, tmp_path: Path) -> Command:
    """Runs `python -m importers …` on an empty region, with a mapping and files in tmp_path."""
    with Session(database) as session:
        make_lichtenberg(session)
        session.commit()
    (tmp_path / "m.toml").write_text(MAPPING)

    def run(*arguments: str, module: str = "importers") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env={**os.environ, "LANDKARTE_DATABASE_URL": owner_url},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def count(engine: Engine) -> int:
    with Session(engine) as session:
        return session.exec(select(func.count()).select_from(Offer)).one()


def test_the_command_imports_reports_and_takes_back(
    command: Command, database: Engine, tmp_path: Path
) -> None:
    file, mapping = str(tmp_path / "a.csv"), str(tmp_path / "m.toml")
    Path(file).write_text("id;name;lon;lat\n1;Café;13,5;52,5\n2;Weit weg;2,3;48,8\n3;Ohne\n")
    done = command(file, "--mapping", mapping, "--report", "json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert (report["total"], report["new"], report["failed"]) == (3, 1, 2)
    assert [(row["number"], row["reason"]) for row in report["rows"]] == [
        (3, "liegt außerhalb der Region: „2.3, 48.8“"),
        (4, "2 statt 4 Zellen"),
    ]
    assert count(database) == 1
    undone = command(str(report["batch"]), module="importers.undo")
    assert undone.returncode == 0
    assert "zurückgenommen: 4 Einträge entfernt" in undone.stdout
    assert count(database) == 0
    again = command(str(report["batch"]), module="importers.undo")
    assert (again.returncode, again.stderr) == (2, f"Import {report['batch']} ist schon zurückgenommen.\n")


def test_a_map_of_my_maps_comes_in_whole(command: Command, database: Engine, tmp_path: Path) -> None:
    mapping, file = tmp_path / "maps.toml", tmp_path / "a.kml"
    mapping.write_text(MAPPING.replace('key = ["id"]', 'key = ["Name"]').replace('= "name"', '= "Name"'))
    far = PLACE.replace("Treff", "Weit").replace("13.5", "2.3")
    file.write_bytes(files.places(PLACE, far, "<Placemark><name>Ohne Ort</name></Placemark>"))
    done = command(str(file), "--mapping", str(mapping), "--report", "json")
    report = json.loads(done.stdout)
    assert (report["total"], report["new"], report["failed"]) == (3, 2, 1)
    assert count(database) == 2


def test_a_hostile_file_gets_a_sentence_and_nothing_is_written(
    command: Command, database: Engine, tmp_path: Path
) -> None:
    before = tables(database)
    (tmp_path / "a.xlsx").write_bytes(files.far_away())
    done = command(str(tmp_path / "a.xlsx"), "--mapping", str(tmp_path / "m.toml"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("a.xlsx: Die Datei ist beschädigt oder braucht zum Lesen zu viel Speicher")
    assert tables(database) == before


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("7", "Einen Import mit der Nummer 7 gibt es nicht."),
        ("9" * 30, "Die Datenbank nimmt einen Wert nicht an"),
    ],
)
def test_says_in_german_that_there_is_no_such_import(command: Command, number: str, sentence: str) -> None:
    done = command(number, module="importers.undo")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(sentence)


def test_says_in_german_that_a_name_cannot_be_looked_up(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,name,lon,lat\n1,a,,\n")
    (tmp_path / "m.toml").write_text(MAPPING.replace('"a"', '"a\\u0000"'))
    done = command(str(tmp_path / "a.csv"), "--mapping", str(tmp_path / "m.toml"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("Die Datenbank nimmt einen Wert nicht an")


def test_a_dry_run_writes_nothing(command: Command, database: Engine, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("id,name,lon,lat\n1,Café,13.5,52.5\n")
    before = tables(database)
    done = command(str(file), "--mapping", str(tmp_path / "m.toml"), "--dry-run")
    assert done.returncode == 0
    assert "1 Zeilen: 1 neu" in done.stdout
    assert "Probelauf: Es wurde nichts gespeichert." in done.stdout
    assert tables(database) == before
    with Session(database) as session:
        assert session.exec(select(Source)).all() == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["{0}/fehlt.csv", "--mapping", "{0}/m.toml"], "lässt sich nicht lesen"),
        (["{0}/m.toml", "--mapping", "{0}/m.toml"], "Die Endung „.toml“ ist nicht bekannt"),
        (["{0}/a.csv", "--mapping", "{0}/fehlt.toml"], "lässt sich nicht lesen"),
        (
            ["{0}/a.csv", "--mapping", "{0}/m.toml", "--region", "nirgends"],
            "Die Region „nirgends“ gibt es nicht.",
        ),
        (["{0}/a.csv", "--mapping", "{0}/m.toml"], "Die Spalte „name“|die Spalte „name“"),
    ],
)
def test_the_command_says_in_one_sentence_why_nothing_can_be_done(
    command: Command, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    (tmp_path / "a.csv").write_text("id,titel\n1,a\n")
    done = command(*(argument.format(tmp_path) for argument in arguments))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert any(said in done.stderr for said in sentence.split("|"))


def test_a_killed_import_leaves_nothing_and_can_be_run_again(
    command: Command, database: Engine, owner_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    lines = [f"{number},Treff {number},13.5,52.5" for number in range(150)]
    file.write_text("\n".join(["id,name,lon,lat", *lines]))
    before = tables(database)
    arguments = ["-m", "importers", str(file), "--mapping", str(tmp_path / "m.toml")]
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "LANDKARTE_DATABASE_URL": owner_url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_numbers(owner_url, process)
    finally:
        process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert tables(database) == before
    done = command(*arguments[2:])
    assert "150 Zeilen: 150 neu" in done.stdout
    assert count(database) == 150


def wait_for_numbers(owner_url: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until twenty offers have a number: those are given outside of transactions, visible to all."""
    owner = create_engine(owner_url)
    given = text("SELECT last_value FROM offer_id_seq")
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.scalar(given) < 20:
            assert process.poll() is None
            time.sleep(0.01)
    owner.dispose()


def test_two_imports_at_once_wait_for_each_other(command: Command, database: Engine, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "id,name,lon,lat\n" + "".join(f"{number},Treff {number},13.5,52.5\n" for number in range(20))
    )
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(command, str(file), "--mapping", str(tmp_path / "m.toml")) for _ in range(2)]
        texts = sorted(job.result().stdout.splitlines()[1] for job in jobs)
    assert texts == ["20 Zeilen: 20 neu", "20 Zeilen: 20 unverändert"]
