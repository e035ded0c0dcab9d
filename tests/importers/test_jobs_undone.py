"""Taking an import back is told in offers: how many went, how many are as before, which stay and why."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from api.core.errors import ConflictError
from api.history import service as history
from api.history.models import ImportBatch, Origin
from api.history.service import Act
from api.offers import service as offers
from api.offers.models import Contact, Offer
from api.places.models import Place
from api.regions.models import Region
from importers.jobs.undone import taken_back
from tests.importers.sample import bring_in, make_lichtenberg, row

ROWS = [
    row(
        str(number), street=f"Weg {number}", postcode="10369", lon="13,5", lat=52.5, phone=f"030 1234{number}"
    )
    for number in range(1, 5)
]


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    """A session on a database with a region."""
    with Session(database) as found:
        make_lichtenberg(found)
        yield found


def test_offers_are_counted_not_their_parts(session: Session) -> None:
    region = session.exec(select(Region)).one()
    bring_in(session, region, ROWS)
    assert taken_back(session, newest(session), "test") == ["4 Angebote entfernt."]
    assert not session.exec(select(Offer)).all()


def test_what_somebody_has_edited_stays_and_is_named_once(session: Session) -> None:
    region = session.exec(select(Region)).one()
    bring_in(session, region, ROWS)
    act = Act(region.id, "koordination", Origin.FORM)
    offer = session.exec(select(Offer).where(Offer.name == "Treffpunkt 2")).one()
    history.change(session, act, offer, {"summary": "Neu."})
    contact = session.exec(select(Contact).where(col(Contact.offer_id) == offer.id)).one()
    history.change(session, act, contact, {"phone": "030 999"})
    lines = taken_back(session, newest(session), "test")
    assert lines[:2] == [
        "3 Angebote entfernt, 1 Angebot behalten.",
        "„Treffpunkt 2“ bleibt, weil inzwischen jemand daran gearbeitet hat.",
    ]
    assert session.exec(select(Offer.name)).all() == ["Treffpunkt 2"]


def test_what_was_changed_is_as_before(session: Session) -> None:
    region = session.exec(select(Region)).one()
    bring_in(session, region, ROWS)
    changed = [one | {"phone": "030 777", "street": f"Gasse {one['id']}"} for one in ROWS[:3]] + ROWS[3:]
    bring_in(session, region, [*changed, row("5")])
    act = Act(region.id, "koordination", Origin.FORM)
    contact = session.exec(select(Contact).where(Contact.phone == "030 777")).first()
    assert contact is not None
    history.change(session, act, contact, {"phone": "030 999"})
    lines = taken_back(session, newest(session), "test")
    assert lines[0] == "1 Angebot entfernt, 2 Angebote wieder wie vorher, 1 Angebot behalten."
    assert lines[1].endswith("“ bleibt in Teilen, wie es ist, weil inzwischen jemand daran gearbeitet hat.")


def test_places_that_stay_are_counted_without_their_names(session: Session) -> None:
    region = session.exec(select(Region)).one()
    bring_in(session, region, [ROWS[0] | {"address_hidden": "ja", "street": "Geheimweg 1"}])
    place = session.exec(select(Place)).one()
    act = Act(region.id, "koordination", Origin.FORM)
    other = Offer(region_id=region.id, slug="anderes", name="Anderes")
    history.create(session, act, other)
    offers.attach(session, act, other, place, "", "")
    lines = taken_back(session, newest(session), "test")
    assert lines[0] == "1 Angebot entfernt."
    assert lines[1].startswith("1 Ort bleibt, weil anderes davon abhängt")
    assert "Geheim" not in "".join(lines)


def test_what_changed_nothing_says_so_and_twice_is_an_error(session: Session) -> None:
    region = session.exec(select(Region)).one()
    bring_in(session, region, ROWS)
    batch = newest(session)
    taken_back(session, batch, "test")
    with pytest.raises(ConflictError):
        taken_back(session, batch, "test")


def newest(session: Session) -> int:
    """The number of the latest import."""
    return session.exec(select(ImportBatch.id).order_by(col(ImportBatch.id).desc())).first() or 0
