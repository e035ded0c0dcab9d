"""A quarter with a dozen offers, of which tests know everything."""

from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session

from api.regions.models import Region
from api.search.schemas import SearchResults
from api.search.shelf import Shelf
from tests.factories import (
    box,
    make_audience,
    make_division,
    make_offer,
    make_place,
    make_region,
    make_space,
    make_topic,
)
from tests.search.building import build, names, search

# Where nobody may learn that a shelter is, and whom only professionals may call.
STREET, POSTCODE, TOWN, SECRET = "Verborgene Gasse 77", "10999", "Geheimstadt", "Notruf Tannenzapf"
HERE = "13.01,52.01"


class Quarter:
    """A region with its shelf, and the session that sees it."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session = session
        self.region: Region = make_region(session, is_default=False)
        _settle(session, self.region)
        self.shelf: Shelf = build(session, self.region, folder)

    def answer(self, q: str, **said: Any) -> SearchResults:
        return search(self.session, self.region, self.shelf, q, **said)

    def finds(self, q: str, **said: Any) -> list[str]:
        """Return the names of what is found, best first."""
        return names(self.answer(q, **said))


def _settle(session: Session, region: Region) -> None:
    money = make_topic(session, "geld", names={"de": "Geld", "en": "Money"})
    make_topic(session, "schulden", money, names={"de": "Schulden", "en": "Debts"}, synonyms=["Zwickmühle"])
    for slug in ("kita", "sport", "wohnen", "arbeit", "schule", "lebensmittel"):
        make_topic(session, slug)
    make_audience(session, "familien")
    lor = make_division(session, region)
    make_space(session, lor, "1", box(13.0, 52.0, 13.1, 52.1), name="Fennpfuhl", slug="fennpfuhl")
    make_space(session, lor, "2", box(13.1, 52.0, 13.2, 52.1), name="Alt-Hohenau", slug="alt-hohenau")
    house = make_place(
        session, region, 13.01, 52.01, name="Haus Regenbogen", street="Lindenallee 5", postcode="10365"
    )
    market = make_place(session, region, 13.15, 52.05, name="Marktplatz", street="Am Markt 1")
    shelter = make_place(
        session,
        region,
        13.0512,
        52.0512,
        address_hidden=True,
        name="Schutzwohnung",
        street=STREET,
        postcode=POSTCODE,
        town=TOWN,
    )
    make_offer(
        session,
        region,
        house,
        name="Schuldnerberatung Nord",
        summary="Wenn es nicht mehr reicht.",
        topics=["schulden"],
        languages=["de", "tr"],
        organization="Verein Morgenrot",
        contact={"label": "Anmeldung Apfelbaum", "phone": "030 1"},
        cost="free",
    )
    make_offer(session, region, name="Budgetrunde", topics=["schulden"], summary="Planen lernen.")
    make_offer(
        session,
        region,
        market,
        name="Bewerbungswerkstatt",
        topics=["arbeit"],
        summary="Briefe und Gespräche.",
        description="Auch wer Schulden hat, ist willkommen.",
    )
    make_offer(
        session,
        region,
        market,
        name="Krabbelgruppe Zwergenland",
        topics=["kita"],
        audiences=["familien"],
        summary="Für die Kleinsten.",
        min_age=0,
        max_age=3,
    )
    make_offer(session, region, market, name="Kindergarten Sonnenblume", topics=["kita"], summary="")
    make_offer(session, region, market, name="Fußballtraining", topics=["sport"], min_age=6, max_age=14)
    make_offer(session, region, market, name="Deutschkurs", summary="Wir reden: Hilfe für neue Eltern.")
    make_offer(session, region, market, name="Tauschladen", summary="Eltern bringen neue Sachen, wir Hilfe.")
    make_offer(session, region, market, name="Wohnungsbörse", topics=["wohnen"], summary="")
    make_offer(session, region, house, name="Lesestube am Bach", summary="", verified_on=date(2025, 1, 1))
    make_offer(session, region, market, name="Lesestube am Hang", summary="", verified_on=date(2026, 1, 1))
    make_offer(
        session,
        region,
        shelter,
        name="Zuflucht",
        summary="Rund um die Uhr.",
        contact={"label": SECRET, "phone": "030 2", "is_public": False},
    )
    make_offer(session, region, house, name="Theaterprobe", summary="", status="draft")
