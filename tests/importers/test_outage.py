"""When the database refuses: what concerns a row costs that row, all else ends the import."""

import threading
from typing import Any

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import Engine
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlmodel import Session, select

from api.offers import service as offers
from api.offers.models import Offer
from api.regions.models import Region
from importers import chunks, rows
from importers.apply import import_file
from importers.outage import explained, is_of_the_row
from importers.terminal import UNUSABLE, run_command
from tests.factories import act
from tests.importers.sample import bring_in, job, make_lichtenberg, row, tables
from tests.locks import wait_for_lock

AGAIN = "Bitte denselben Befehl"


def refusal(cause: type[psycopg.Error], kind: type[DBAPIError] = OperationalError) -> DBAPIError:
    return kind("INSERT …", {}, cause("refused\nwith details"))


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (refusal(errors.DiskFull), "Die Festplatte ist voll, auf der die Datenbank liegt."),
        (refusal(errors.DeadlockDetected), "Jemand hat gleichzeitig dieselben Einträge geändert."),
        (refusal(errors.LockNotAvailable), "Die Tabellen werden gerade gebraucht."),
        (
            refusal(psycopg.OperationalError),
            "Die Verbindung zur Datenbank fehlt oder ist abgerissen (refused)",
        ),
        (refusal(errors.QueryCanceled), "Die Datenbank macht nicht mit: refused"),
    ],
)
def test_a_refusal_is_explained_in_german(
    error: DBAPIError, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused() -> int:
        raise error

    assert run_command(refused) == UNUSABLE
    said = capsys.readouterr().err
    assert said.startswith(sentence)
    assert said.count("\n") == 1


def test_a_full_disk_is_named_with_the_way_out() -> None:
    assert "Platz schaffen und denselben Befehl noch einmal" in explained(refusal(errors.DiskFull))


@pytest.mark.parametrize(
    ("error", "is_it"),
    [
        (refusal(errors.NumericValueOutOfRange, DataError), True),
        (refusal(errors.CheckViolation, IntegrityError), True),
        (refusal(errors.ProgramLimitExceeded), True),  # a value too long for its index
        (refusal(errors.DiskFull), False),
        (refusal(errors.OutOfMemory), False),
        (refusal(errors.DeadlockDetected), False),
        (refusal(errors.QueryCanceled), False),
        (refusal(errors.AdminShutdown), False),
        (refusal(errors.DataCorrupted), False),
        (refusal(psycopg.OperationalError), False),
    ],
)
def test_tells_a_bad_row_from_a_database_in_trouble(error: DBAPIError, is_it: bool) -> None:
    assert is_of_the_row(error) is is_it


def test_trouble_of_the_database_takes_the_whole_import_back(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(database) as session:
        make_lichtenberg(session)
        session.commit()
    before, real = tables(database), rows.take
    taken: list[object] = []

    def take(*arguments: Any) -> dict[str, str]:
        if taken:
            raise refusal(errors.DiskFull)
        taken.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(rows, "take", take)
    monkeypatch.setattr(chunks, "ROWS", 2)
    with pytest.raises(OperationalError):
        import_file(database, job([row("1"), row("2"), row("3"), row("4")]))
    assert tables(database) == before


def test_an_import_that_got_into_the_way_of_an_edit_is_done_again(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(database) as session:
        make_lichtenberg(session)
        session.commit()
    real, left = rows.take, [True, True]

    def take(*arguments: Any) -> dict[str, str]:
        done = real(*arguments)
        if left:
            left.pop()
            raise refusal(errors.DeadlockDetected)
        return done

    monkeypatch.setattr(rows, "take", take)
    report = import_file(database, job([row("1"), row("2")]))
    assert (report.counts["new"], report.failed) == (2, False)
    assert tables(database)["offer"] == 2


def test_an_edit_that_was_under_way_when_an_import_began_is_not_written_over(database: Engine) -> None:
    first = [row("1", description="Alt."), row("2")]
    again = [row("1", description="Neu aus der Liste."), row("2")]
    with Session(database) as session:
        region = make_lichtenberg(session)
        bring_in(session, region, first)
        session.commit()
    importing = threading.Thread(target=import_file, args=(database, job(again)))
    with Session(database) as session:
        region = session.exec(select(Region)).one()
        offer = session.exec(select(Offer).where(Offer.name == "Treffpunkt 1")).one()
        offers.change(session, act(region), offer, {"description": "Von Hand."})
        importing.start()
        wait_for_lock(database)
        session.commit()
    importing.join()
    with Session(database) as session:
        offer = session.exec(select(Offer).where(Offer.name == "Treffpunkt 1")).one()
        assert offer.description == "Von Hand."
