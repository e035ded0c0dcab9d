"""A visitor with a region of a few offers, some of which have something to hide."""

import re
from datetime import date, time
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.offers.models import Status
from api.schedules import service as schedules
from api.schedules.rules import Rule
from api.schedules.schemas import ScheduleIn
from tests.factories import act, make_offer, make_place, make_region

TUESDAYS = Rule("FREQ=WEEKLY;BYDAY=TU", date(2026, 1, 6), time(9), time(12))
HOST = "http://hier.example"


def city(database: Engine) -> dict[str, int]:
    """Offers by their names; places by theirs."""
    with Session(database) as session, session.begin():
        here = make_region(session, name="Hier", hostnames=["hier.example"])
        market = make_place(
            session, here, 13.5, 52.5, name="Marktraum", street="Marktweg 7", town="Hierstadt"
        )
        yard = make_place(session, here, 13.6, 52.6, name="Hofraum", street="Hofweg 8", town="Hierstadt")
        hidden = make_place(session, here, 13.61357, 52.61357, street="Geheimweg 1", address_hidden=True)
        offers = [
            make_offer(
                session, here, [market, yard], name="Rat", contact={"phone": "030 55"}, languages=["tr"]
            ),
            make_offer(session, here, hidden, name="Schutz", contact={"phone": "030 66", "is_public": False}),
            make_offer(session, here, name="Chor", hours_text="Mo 18 Uhr"),
            make_offer(session, here, name="Entwurf", status=Status.DRAFT),
        ]
        schedules.write(session, act(here), offers[0].id, None, [ScheduleIn.of(TUESDAYS)])
        return {**{offer.name: offer.id for offer in offers}, "Markt": market.id, "Hof": yard.id}


def fields(*pairs: tuple[str, object]) -> dict[str, Any]:
    """A form's fields, some of them several times, as the client sends them."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(str(value))
    return {"data": found}


def made(visitor: TestClient, *pairs: tuple[str, object]) -> str:
    """Make a list and return its code."""
    answer = visitor.post("/liste/neu", **fields(*pairs), follow_redirects=False)
    assert answer.status_code == 303, answer.text
    found = re.fullmatch(r"/liste/([\w-]{24})\?fuer=[a-z-]+#fertig", answer.headers["location"])
    assert found
    return found[1]
