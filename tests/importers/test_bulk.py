"""Many rows at once: the same entries as one by one, nothing held as a whole, nothing left by a kill."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlmodel import Session, col, select

from api.core.build import ROOT
from api.history.undo import undo_batch
from api.offers import service as offers
from api.offers.models import Offer
from api.regions.models import Region
from bench import lists
from bench.region import Plan
from importers import apply, chunks, taxonomy
from importers.apply import import_rows
from importers.normalize import Normalizer
from importers.record import Entry
from importers.regions import read_region
from importers.run import Job, prepare
from tests.factories import act, make_region
from tests.importers import single
from tests.importers.sample import UNSTORABLE, bring_in, job, mapping, row, tables

DATA = ROOT / "data"
DEMO = [
    pytest.param(path.parent / step.file, path.parent / step.mapping, id=f"{path.parent.name}/{step.file}")
    for path in sorted(DATA.glob("*/region.toml"))
    for step in read_region(path).imports
]
SOME = 120  # rows of each list of the demo
HERE = {"street": "Weg 1", "postcode": "10369", "lon": "13,5", "lat": 52.5}
SAME_HOUSE = HERE | {"street": "Weg 1", "lon": 13.5003}
THERE = HERE | {"street": "Weg 9", "lon": 13.51}
LIST = [
    row("1", name="Treff", organization="Verein e.V.", hours="Mo 9–12 Uhr", phone="030 12345", **HERE),
    row("2", name="Treff", organization="Verein  e.V.", hours="nach Gefühl", website="a.de", **SAME_HOUSE),
    row("3", name="Treff", organization="Anderer", hours="Di 10–11 Uhr", **THERE),
    row("4", name="Beratung"),
    row("5", name="Treff", street="Weg 1", postcode="10369"),
    row("6", name="Treff 2", street="Weg 1", postcode="10369", address_hidden="ja"),
    row("7", name="Treff", **HERE | {"street": "WEG 1"}),
    row("8", name="", **HERE),
    row("9", name="Sprechstunde", offer="a", hours="Mo 9–10 Uhr", **HERE),
    row("10", name="Sprechstunde", offer="a", hours="Di 9–10 Uhr", **THERE),
    row("11", name="Anders", offer="a", hours="Mi 9–10 Uhr", **THERE),
]
TOLD = mapping(file={"offer_key": ["offer"]})


def read(path: Path, mapping_path: Path, session: Session, region: Region) -> tuple[Any, list[Entry]]:
    """The rows of a list of the demo that can be taken, without asking which offers are there."""
    told = prepare(path, mapping_path)
    words = apply.vocabulary(session, region.id)
    rows = list(told.found)[:SOME]
    entries = list(map(Normalizer(told.mapping, words).entry, rows))
    return told, [entry for entry in entries if entry.record and not entry.failed and not entry.skipped]


@pytest.mark.parametrize(("path", "mapping_path"), DEMO)
def test_a_chunk_writes_what_its_rows_would_one_by_one(
    session: Session, path: Path, mapping_path: Path
) -> None:
    region = make_region(session)
    taxonomy.load(session, DATA / "taxonomy")
    told, entries = read(path, mapping_path, session, region)
    found = list(told.found)[:SOME]
    with session.begin_nested() as attempt:
        single.write(session, region, told.mapping, entries)
        wanted = single.dump(session)
        attempt.rollback()
    session.expire_all()
    report = import_rows(session, region, Job(found, told.mapping, "", "", ""))
    if told.mapping.source.trust == "apply":
        assert report.counts["new"] == len(entries) > 0
        assert single.dump(session) == wanted
    else:
        assert report.counts["proposed"] == len(entries) > 0


def test_it_makes_no_difference_where_a_list_is_cut(
    session: Session, here: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for size in (1_000, 1, 2, 3):
        monkeypatch.setattr(chunks, "ROWS", size)
        with session.begin_nested() as attempt:
            report = bring_in(session, here, LIST, TOLD)
            found.append((report.counts, report.lines(), report.without_point, single.dump(session)))
            attempt.rollback()
        session.expire_all()
    assert (found[0][0]["new"], found[0][0]["failed"]) == (10, 1)
    for other in found[1:]:
        assert other == found[0]


def test_the_rows_around_a_broken_one_are_taken_as_if_it_were_not_there(
    session: Session, here: Region
) -> None:
    rows = [row(str(number), name="Treff", **HERE) for number in range(1, 24)]
    with session.begin_nested() as attempt:
        bring_in(session, here, rows)
        wanted = single.dump(session)
        attempt.rollback()
    session.expire_all()
    report = bring_in(session, here, [*rows[:9], row(UNSTORABLE, **HERE), *rows[9:]])
    assert (report.counts["new"], report.counts["failed"]) == (23, 1)
    assert [line.number for line in report.rows if line.what == "failed"] == [10]
    assert single.dump(session)["offer"] == wanted["offer"]
    assert (
        session.scalar(text("SELECT count(*) FROM offer WHERE slug ~ '^treff(-([2-9]|1.|2[0-3]))?$'")) == 23
    )


def test_a_key_that_comes_again_is_named_wherever_it_stands(
    session: Session, here: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 3)
    rows = [row("1"), row("1"), row("2"), row("3"), row("1"), row("4"), row("3")]
    report = bring_in(session, here, rows)
    assert (report.counts["new"], report.counts["failed"]) == (4, 3)
    said = [(line.number, line.reason) for line in report.rows]
    assert said == [
        (2, "Derselbe Schlüssel wie Zeile 1"),
        (5, "Derselbe Schlüssel wie Zeile 1"),
        (7, "Derselbe Schlüssel wie Zeile 4"),
    ]


def test_what_a_person_has_changed_stays_whichever_chunk_it_is_in(
    session: Session, here: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 2)
    rows = [row(str(number), description="Alt.", **HERE) for number in range(1, 8)]
    bring_in(session, here, rows)
    for number in (2, 5):
        offer = session.exec(select(Offer).where(Offer.name == f"Treffpunkt {number}")).one()
        offers.change(session, act(here), offer, {"description": "Von Hand."})
    news = [one | {"name": f"Neu {one['id']}"} for one in rows]
    report = bring_in(session, here, news)
    assert (report.counts["changed"], report.counts["kept"]) == (7, 2)
    said = session.execute(select(Offer.name, Offer.description).order_by(col(Offer.id))).all()
    assert [name for name, text_ in said if text_ == "Von Hand."] == ["Neu 2", "Neu 5"]


def test_rows_that_are_gone_are_found_whichever_chunk_knew_them(
    session: Session, here: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 2)
    rows = [row(str(number)) for number in range(1, 8)]
    bring_in(session, here, rows)
    assert bring_in(session, here, rows).batch_id is None
    report = bring_in(session, here, [rows[0], rows[6]])
    assert (report.counts["gone"], report.counts["unchanged"]) == (5, 2)
    assert [line.key for line in report.rows if line.what == "gone"] == ["2", "3", "4", "5", "6"]


def test_many_rows_can_be_taken_back_together(session: Session, here: Region) -> None:
    report = bring_in(session, here, LIST, TOLD)
    assert report.batch_id is not None
    assert undo_batch(session, report.batch_id, "test").kept == []
    session.expire_all()
    left = [session.scalar(text(f"SELECT count(*) FROM {table}")) for table in single.TABLES]
    assert not any(left)


def test_of_many_remarks_the_batch_keeps_the_first_of_each_kind(
    session: Session, here: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply, "STORED", 2)
    rows = [row(str(number), name="" if number % 2 else "Treff") for number in range(1, 10)]
    report = bring_in(session, here, rows)
    assert (report.counts["failed"], len(report.rows)) == (5, 5)
    stored = session.execute(text("SELECT counts, report FROM import_batch")).one()
    assert (stored.counts["failed"], len(stored.report)) == (5, 2)


def test_who_watches_hears_of_every_row(session: Session, here: Region) -> None:
    heard: list[tuple[int, str]] = []
    rows = [row("1", **HERE), row("2", name=""), row("3", lon=2.35, lat=48.86), row("4")]
    import_rows(session, here, job(rows), lambda entry, outcome: heard.append((entry.number, outcome)))
    assert heard == [(1, "new"), (2, "failed"), (3, "failed"), (4, "new")]


# Whole programs, on lists like those of large towns.

SAMPLE_ROWS, SAMPLE_KILLS = 3_000, 1
PROOF_ROWS, PROOF_KILLS = 100_000, 20
MOST_MEGABYTES = 500
# What a process says of itself: the figure of the system for its children counts their parent in.
IMPORT = """
import re, sys
from importers.__main__ import main
code = main(sys.argv[1:])
print(int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) // 1024)
sys.exit(code)
"""


@pytest.fixture
def town(database: Engine) -> Engine:
    """A database with a region that the made-up lists are for."""
    with Session(database) as session, session.begin():
        taxonomy.load(session, DATA / "taxonomy")
        make_region(session, slug=Plan(1, 0).slug)
    return database


def importing(owner_url: str, folder: Path, rows: int) -> list[str]:
    file, mapping_path = lists.write(folder, Plan(1, 0), rows)
    return [sys.executable, "-c", IMPORT, str(file), "--mapping", str(mapping_path)]


def peak(town: Engine, owner_url: str, folder: Path, rows: int) -> int:
    """How many megabytes an import needs, and the same import again."""
    command = importing(owner_url, folder, rows)
    env = {**os.environ, "LANDKARTE_DATABASE_URL": owner_url}
    needed = []
    for outcome in ("neu", "unverändert"):
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        assert f"{rows} Zeilen: {rows} {outcome}" in done.stdout, done.stdout + done.stderr
        needed.append(int(done.stdout.split()[-1]))
    return max(needed)


def test_a_list_is_never_held_as_a_whole(town: Engine, owner_url: str, tmp_path: Path) -> None:
    assert peak(town, owner_url, tmp_path, SAMPLE_ROWS) < MOST_MEGABYTES // 2


@pytest.mark.proof
def test_100_000_rows_need_little_memory(town: Engine, owner_url: str, tmp_path: Path) -> None:
    assert peak(town, owner_url, tmp_path, PROOF_ROWS) <= MOST_MEGABYTES


def kill_and_repeat(town: Engine, owner_url: str, folder: Path, rows: int, kills: int) -> None:
    command = importing(owner_url, folder, rows)
    env = {**os.environ, "LANDKARTE_DATABASE_URL": owner_url}
    chance = random.Random(7)
    before, killed = tables(town), 0
    owner = create_engine(owner_url)
    started = time.monotonic()
    done = subprocess.run([*command, "--dry-run"], cwd=ROOT, env=env, capture_output=True, check=False)
    seconds = time.monotonic() - started
    assert done.returncode == 0, done.stderr
    assert tables(town) == before
    for _ in range(kills):
        begun = _begun(owner)
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
        while _begun(owner) == begun and process.poll() is None:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, seconds / 3))
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        if process.returncode:
            assert tables(town) == before
    assert killed
    owner.dispose()
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    after = tables(town)
    assert (after["offer"], after["source_record"], after["import_batch"]) == (rows, rows, 1)


def _begun(owner: Engine) -> int:
    """How many imports were ever begun: numbers are given outside of transactions."""
    asked = text("SELECT coalesce(pg_sequence_last_value('import_batch_id_seq'), 0)")
    with owner.connect() as connection:
        return connection.scalar(asked) or 0


def test_a_killed_import_leaves_nothing_and_can_be_run_again(
    town: Engine, owner_url: str, tmp_path: Path
) -> None:
    kill_and_repeat(town, owner_url, tmp_path, SAMPLE_ROWS, SAMPLE_KILLS)


@pytest.mark.proof
def test_killed_at_many_moments_an_import_leaves_nothing(
    town: Engine, owner_url: str, tmp_path: Path
) -> None:
    kill_and_repeat(town, owner_url, tmp_path, PROOF_ROWS // 5, PROOF_KILLS)
