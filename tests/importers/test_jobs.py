"""The worker of imports: every step once or not at all, however it is interrupted."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from api.core import clock
from api.core.errors import ConflictError
from api.regions.models import Region
from importers.jobs import foreman, steps, store, work
from importers.jobs.models import LOCK, WORKING, ImportJob, Stage
from tests.importers.sample import make_lichtenberg, tables

ROOT = Path(__file__).parents[2]
MAPPING = """
[source]
slug = "liste"
region = "hier"
title = "Liste"
publisher = "Amt"
licence = "CC0"
attribution = "Amt, CC0"
trust = "apply"
[file]
key = ["id"]
[fields]
name = "name"
lon = "lon"
lat = "lat"
[defaults]
topics = ["sport"]
"""
PATIENCE_SECONDS = 180.0


@pytest.fixture
def here(database: Engine) -> Engine:
    """A database with the region "hier"."""
    with Session(database) as session:
        make_lichtenberg(session)
        session.commit()
    return database


def put(engine: Engine, rows: int = 3, mapping: str = MAPPING, stage: Stage = Stage.APPLYING) -> int:
    """Bring a list to a stage without pages; return its job."""
    lines = (f"{number};Angebot {number};{13.41 + number % 180 / 1000};52.5" for number in range(rows))
    with Session(engine) as session:
        region = session.exec(select(Region)).one()
        job = store.begin(
            session, region.id, Stage.RECEIVING, "account:1", file_name="liste.csv", mapping=mapping
        )
        session.commit()
        job_id = job.id
        intake = store.Intake(session, job_id)
        intake.take(("id;name;lon;lat\n" + "\n".join(lines)).encode())
        intake.end([Stage.RECEIVING])
        store.move(session, job_id, [Stage.DRAFTING], stage)
        session.commit()
    return job_id


def job(engine: Engine, job_id: int) -> ImportJob:
    with Session(engine) as session:
        found = session.get(ImportJob, job_id)
        assert found is not None
        session.expunge(found)
        return found


def batches(engine: Engine) -> int:
    return tables(engine)["import_batch"]


def wait_until(happens: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happens():
        assert time.monotonic() < deadline, f"still not: {what}"
        time.sleep(0.05)


@contextmanager
def server(engine: Engine, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The service in processes of its own, in a group that can be killed as a whole."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = engine.url.render_as_string(hide_password=False)
    env = os.environ | {"LANDKARTE_DATABASE_URL": url}
    command = [sys.executable, "-m", "web.server", "--port", str(port)]
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_killed_while_applying_it_is_applied_once_after_the_next_start(here: Engine, tmp_path: Path) -> None:
    rows = 3_000
    job_id = put(here, rows)
    before = tables(here)
    with server(here, tmp_path / "log") as process:
        wait_until(lambda: job(here, job_id).done > 0, "the first rows are in")
        os.killpg(process.pid, signal.SIGKILL)  # the server and its worker, at once
        process.wait()
    assert job(here, job_id).stage == Stage.APPLYING
    assert tables(here) == before
    with server(here, tmp_path / "log"):
        wait_until(lambda: job(here, job_id).stage == Stage.APPLIED, "it is applied")
    assert job(here, job_id).attempts == 0
    assert job(here, job_id).counts["new"] == rows
    assert (tables(here)["offer"], batches(here)) == (rows, 1)


def test_one_worker_is_at_work_in_the_whole_installation(here: Engine) -> None:
    put(here)
    with here.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        assert work.work(here) == 0
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
    assert work.work(here) == 1
    assert batches(here) == 1


def test_the_foreman_sees_a_job_only_while_nobody_is_at_it(here: Engine) -> None:
    asked = {"stages": [stage.value for stage in WORKING], "lock": LOCK}
    url = here.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:

        def waits() -> object:
            return (connection.execute(foreman.WAITING, asked).fetchone() or [None])[0]

        assert waits() is False
        put(here)
        assert waits() is True
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        assert waits() is False


def test_two_workers_that_both_think_they_are_alone_apply_it_once(
    here: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def alone(_engine: Engine) -> Iterator[bool]:
        yield True

    monkeypatch.setattr(work, "_alone", alone)
    job_id = put(here, 300)
    both = [threading.Thread(target=work.work, args=[here]) for _worker in range(2)]
    for worker in both:
        worker.start()
    for worker in both:
        worker.join()
    assert job(here, job_id).stage == Stage.APPLIED
    assert job(here, job_id).counts["new"] == 300
    assert (tables(here)["offer"], batches(here)) == (300, 1)


@pytest.mark.parametrize("change", ["stopped", "discarded"])
def test_what_nobody_wants_any_more_is_not_written(
    here: Engine, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    job_id = put(here, 50)
    read = store.content

    def content(session: Session, of_job: int) -> Iterator[bytes]:
        yield from read(session, of_job)
        with Session(here) as other, other.begin():  # just when the worker has the file
            if change == "stopped":
                store.move(other, job_id, [Stage.APPLYING], Stage.PREVIEWED)
            else:
                store.discard(other, job_id)

    monkeypatch.setattr(store, "content", content)
    before = tables(here)
    work.work(here)
    assert tables(here) == before


def test_a_job_that_ends_its_worker_again_and_again_is_given_up(here: Engine) -> None:
    job_id = put(here)
    with here.begin() as connection:
        connection.execute(text("UPDATE import_job SET attempts = :most"), {"most": work.MOST_ATTEMPTS})
    assert work.work(here) == 0
    assert job(here, job_id).stage == Stage.PREVIEWED
    assert "mehrmals mitten in der Arbeit" in job(here, job_id).error
    assert batches(here) == 0


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (MAPPING.replace('"name"', '"nmae"'), "nmae"),
        (MAPPING.replace("sport", "gibt-es-nicht"), "gibt-es-nicht"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said_without_our_folders(
    here: Engine, mapping: str, said: str
) -> None:
    job_id = put(here, 3, mapping, Stage.PREVIEWING)
    work.work(here)
    found = job(here, job_id)
    assert found.stage == Stage.DRAFTED
    assert said in found.error
    assert "/tmp" not in found.error


def test_a_mistake_of_ours_is_said_to_be_ours(here: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_said: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(steps.STEPS, Stage.APPLYING, broken)
    job_id = put(here)
    work.work(here)
    assert job(here, job_id).error == work.OURS


def test_files_and_rows_do_not_stay_but_the_mapping_of_what_was_applied_does(here: Engine) -> None:
    applied, waiting = put(here), put(here, stage=Stage.DRAFTED)
    work.work(here)
    with here.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM import_row")) == 3
        connection.execute(
            text("UPDATE import_job SET changed_at = :then"), {"then": clock.now() - timedelta(8)}
        )
    with Session(here) as session, session.begin():
        store.forget_old(session, days=9)
        assert session.get(ImportJob, waiting) is not None
    with Session(here) as session, session.begin():
        store.forget_old(session, days=7)
    with Session(here) as session:
        assert session.get(ImportJob, waiting) is None
        kept = session.get(ImportJob, applied)
        assert kept is not None
        assert kept.mapping == MAPPING
        assert session.scalar(text("SELECT count(*) FROM import_row")) == 0
        assert session.scalar(text("SELECT count(*) FROM import_part")) == 0


def test_an_upload_that_was_broken_off_goes_after_two_hours(here: Engine) -> None:
    job_id = put(here, stage=Stage.RECEIVING)
    with here.begin() as connection:
        then = {"then": clock.now() - timedelta(hours=3)}
        connection.execute(text("UPDATE import_job SET changed_at = :then"), then)
    with Session(here) as session, session.begin():
        store.forget_old(session, days=7)
        assert session.get(ImportJob, job_id) is None


def test_no_more_files_are_kept_than_there_is_room_for(here: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_FILES", 1)
    put(here, stage=Stage.DRAFTED)
    with pytest.raises(ConflictError):
        put(here)


@pytest.mark.parametrize(
    ("said", "clean"),
    [
        ("liste.csv", "liste.csv"),
        ("../../liste.csv", "liste.csv"),
        ("..", "liste"),
        ("", "liste"),
        ("a\x00b\nc\u202ed.csv", "a b c d.csv"),
        ("C:\\Listen\\ä.xlsx", "ä.xlsx"),
    ],
)
def test_a_name_of_a_file_is_one_line_without_folders(said: str, clean: str) -> None:
    assert store.clean_name(said) == clean
