"""The worker: takes one waiting job after the other and does its next step.

It can be killed at any moment. What a step wrote and that it is done are committed together, so a step is
done once or not at all; the next worker begins it again.
"""

import logging
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from api.core.errors import ConflictError, DomainError
from importers.errors import UnusableError
from importers.jobs import store
from importers.jobs.models import LOCK, WORKING, ImportJob, Stage
from importers.jobs.steps import FILE, STEPS
from importers.outage import explained, is_at_once

MOST_ATTEMPTS: Final = 5
PAUSE_SECONDS: Final = 0.5
# Who waits when a step fails goes back to where something can be mended.
BACK: Final = {
    Stage.FETCHING: Stage.FAILED,
    Stage.DRAFTING: Stage.FAILED,
    Stage.PREVIEWING: Stage.DRAFTED,
    Stage.APPLYING: Stage.PREVIEWED,
    Stage.UNDOING: Stage.APPLIED,
}
OURS: Final = "Das hat nicht geklappt, und der Fehler liegt bei uns. Es ist nichts geschrieben."
BROKEN_OFF: Final = (
    "Das Programm ist mehrmals mitten in der Arbeit beendet worden. Es ist nichts geschrieben."
)

log = logging.getLogger("landkarte.jobs")


def work(engine: Engine, patience_seconds: float = 0) -> int:
    """Do all that waits and return how many steps that were; nothing while another worker is at it.

    patience_seconds: how long to wait for more, because the next step of a list mostly comes soon.
    """
    steps = 0
    with _alone(engine) as is_alone:
        until = time.monotonic() + patience_seconds
        while is_alone:
            taken = _take(engine)
            if taken is not None:
                _do(engine, *taken)
                steps += 1
                until = time.monotonic() + patience_seconds
            elif time.monotonic() >= until:
                break
            else:
                time.sleep(PAUSE_SECONDS)
    return steps


@contextmanager
def _alone(engine: Engine) -> Iterator[bool]:
    """Hold the lock of workers; PostgreSQL lets go of it when the process is gone, however it went."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_alone = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}))
        yield is_alone
        if is_alone:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})


def _take(engine: Engine) -> tuple[int, Stage] | None:
    """Return the job that waits longest; one that was begun too often is given up."""
    waiting = select(ImportJob).where(col(ImportJob.stage).in_(WORKING)).order_by(col(ImportJob.changed_at))
    while True:
        with Session(engine) as session, session.begin():
            job = session.scalars(waiting.limit(1).with_for_update(skip_locked=True)).first()
            if job is None:
                return None
            taken = job.id, job.stage
            if job.attempts < MOST_ATTEMPTS:
                job.attempts += 1
                job.done = 0
                return taken
        _give_up(engine, *taken, BROKEN_OFF)


def _do(engine: Engine, job_id: int, stage: Stage) -> None:
    try:
        with Session(engine) as session, TemporaryDirectory() as folder:
            sentence = _tried(session, job_id, stage, Path(folder))
    except ConflictError:
        return  # somebody took it back, or another worker was faster: nothing is written
    except DBAPIError as error:
        if is_at_once(error):
            return  # it still waits, and is taken again
        sentence = explained(error)
    except Exception as error:  # noqa: BLE001 - the job says so, and the next one is done
        # Where, but not with which values: they may be somebody's.
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("An import has failed while %s: %s\n%s", stage, type(error).__name__, where)  # noqa: TRY400
        sentence = OURS
    if sentence:
        _give_up(engine, job_id, stage, sentence)


def _tried(session: Session, job_id: int, stage: Stage, folder: Path) -> str:
    """Do a step and return what keeps it from being done, in German; nothing if it is done."""
    try:
        STEPS[stage](session, job_id, folder)
    except UnusableError as error:
        return str(error).replace(f"{folder / FILE}/", "").replace(f"{folder}/", "")
    except ConflictError:
        raise
    except DomainError as error:
        return error.detail
    return ""


def _give_up(engine: Engine, job_id: int, stage: Stage, sentence: str) -> None:
    try:
        with Session(engine) as session, session.begin():
            store.move(session, job_id, [stage], BACK[stage], error=sentence)
    except ConflictError:
        return
