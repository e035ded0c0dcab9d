"""What search engines read of an offer: true, complete, never more than strangers may know, never markup."""

import json
from collections.abc import Iterator
from datetime import date, time
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.offers.schemas import OfferOut
from api.regions.models import Region
from api.schedules.rules import Rule
from tests.factories import (
    box,
    make_audience,
    make_division,
    make_offer,
    make_place,
    make_space,
    make_topic,
    somewhere,
)
from tests.offers.test_feeds import set_hours
from tests.reading import reading
from web import structured
from web.rendering import environment

TODAY = date(2026, 10, 20)
TUESDAYS = Rule("FREQ=WEEKLY;BYDAY=TU", date(2026, 1, 6), time(9), time(12))
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
# Each kind with what it must have and what it may have, by schema.org; anything else fails.
KINDS: dict[str, tuple[str, str]] = {
    "Service": (
        "@id name url",
        "description serviceType provider areaServed audience availableChannel hoursAvailable offers",
    ),
    "Event": (
        "name url about startDate",
        "description location organizer isAccessibleForFree endDate eventSchedule",
    ),
    "Place": ("name address", "geo isAccessibleForFree openingHoursSpecification"),
    "PostalAddress": ("addressCountry", "streetAddress postalCode addressLocality"),
    "GeoCoordinates": ("latitude longitude", ""),
    "OpeningHoursSpecification": ("dayOfWeek opens", "closes validFrom validThrough"),
    "Schedule": (
        "repeatFrequency startDate startTime scheduleTimezone",
        "endDate endTime byDay byMonthDay byMonth exceptDate",
    ),
    "Organization": ("name", "url"),
    "AdministrativeArea": ("name", ""),
    "PeopleAudience": ("", "audienceType suggestedMinAge suggestedMaxAge"),
    "ServiceChannel": ("", "serviceLocation availableLanguage servicePhone serviceUrl potentialAction"),
    "ContactPoint": ("", "telephone email contactType availableLanguage"),
    "CommunicateAction": ("recipient", ""),
    "Offer": ("price priceCurrency", ""),
}
SAME = {
    "GovernmentService": "Service",
    "GovernmentOrganization": "Organization",
    "Library": "Place",
    "ChildCare": "Place",
    "SportsActivityLocation": "Place",
}


@pytest.fixture(autouse=True)
def _stopped(on_a_certain_day: None) -> None:
    """The clock stands still."""


@pytest.fixture
def reader(engine: Engine, session: Session) -> Iterator[TestClient]:
    """Somebody who reads what this test has written."""
    with reading(engine, session, "/api/v1") as client:
        yield client


class Blocks(HTMLParser):
    """Collects what stands in blocks of JSON-LD."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_inside = tag == "script" and dict(attrs).get("type") == "application/ld+json"
        if self._is_inside:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        assert tag
        self._is_inside = False

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.found[-1] += data


def blocks(html: str) -> list[Any]:
    reader = Blocks()
    reader.feed(html)
    return [json.loads(block) for block in reader.found]


def graph(client: TestClient, slug: str) -> list[dict[str, Any]]:
    (block,) = blocks(client.get(f"/angebot/{slug}").text)
    assert block["@context"] == "https://schema.org"
    for one in block["@graph"]:
        check(one)
    return list(block["@graph"])


def check(value: Any) -> None:
    """Fail on a kind, or on a property of a kind, that the rules above do not know."""
    if isinstance(value, list):
        for one in value:
            check(one)
    if not isinstance(value, dict) or set(value) == {"@id"}:
        return
    kind = value["@type"]
    assert isinstance(kind, str)
    must, may = (set(words.split()) for words in KINDS[SAME.get(kind, kind)])
    said = set(value) - {"@type"}
    assert must <= said <= must | may, (kind, said)
    assert None not in value.values()
    for one in value.values():
        check(one)


def test_an_offer_is_a_service_with_all_that_its_page_says(
    reader: TestClient, session: Session, region: Region
) -> None:
    make_topic(session, "sport", names={"de": "Sport"})
    make_audience(session, "familien", names={"de": "Familien"})
    place = make_place(session, region, 13.5, 52.5, name="Halle", street="Weg 1", postcode="10369")
    offer = make_offer(
        session,
        region,
        place,
        name="Turnen",
        organization="Sportverein e. V.",
        contact={"label": "Büro", "phone": "030 1"},
        topics=["sport"],
        audiences=["familien"],
        languages=["de", "tr"],
        min_age=3,
        cost="free",
        website="https://verein.example/",
    )
    set_hours(session, region, offer, place, TUESDAYS)
    page = f"http://localhost/angebot/{offer.slug}"
    (found,) = graph(reader, offer.slug)
    assert found == {
        "@type": "Service",
        "@id": f"{page}#angebot",
        "name": "Turnen",
        "url": page,
        "description": "Hilfe für alle.",
        "serviceType": ["Sport"],
        "provider": {"@type": "Organization", "name": "Sportverein e. V."},
        "audience": [{"@type": "PeopleAudience", "audienceType": "Familien", "suggestedMinAge": 3}],
        "availableChannel": [
            {
                "@type": "ServiceChannel",
                "serviceLocation": {
                    "@type": "SportsActivityLocation",
                    "name": "Halle",
                    "address": {
                        "@type": "PostalAddress",
                        "streetAddress": "Weg 1",
                        "postalCode": "10369",
                        "addressLocality": "Berlin",
                        "addressCountry": "DE",
                    },
                    "geo": {"@type": "GeoCoordinates", "latitude": 52.5, "longitude": 13.5},
                    "isAccessibleForFree": True,
                    "openingHoursSpecification": [
                        {
                            "@type": "OpeningHoursSpecification",
                            "dayOfWeek": ["https://schema.org/Tuesday"],
                            "opens": "09:00",
                            "closes": "12:00",
                        }
                    ],
                },
                "availableLanguage": ["de", "tr"],
            },
            {
                "@type": "ServiceChannel",
                "servicePhone": {
                    "@type": "ContactPoint",
                    "telephone": "030 1",
                    "contactType": "Büro",
                    "availableLanguage": ["de", "tr"],
                },
            },
            {"@type": "ServiceChannel", "serviceUrl": "https://verein.example/"},
        ],
        "offers": {"@type": "Offer", "price": "0", "priceCurrency": "EUR"},
    }


@pytest.mark.parametrize(
    ("provider", "kind"),
    [
        ("Jugendamt Lichtenberg", "GovernmentService"),
        ("Jobcenter", "GovernmentService"),
        ("Ehrenamt e. V.", "Service"),
        ("Verein für Ämterlotsen", "Service"),
        ("Caritas", "Service"),
    ],
)
def test_only_an_office_offers_services_of_government(
    reader: TestClient, session: Session, region: Region, provider: str, kind: str
) -> None:
    offer = make_offer(session, region, organization=provider)
    assert graph(reader, offer.slug)[0]["@type"] == kind


def test_outreach_says_where_it_comes_to(reader: TestClient, session: Session, region: Region) -> None:
    make_space(session, make_division(session, region), "1", box(13, 52, 14, 53), name="Fennpfuhl")
    here = make_offer(session, region, outreach=True, serves=["lor:1"])
    everywhere = make_offer(session, region, outreach=True)
    names = [graph(reader, one.slug)[0]["areaServed"][0]["name"] for one in (here, everywhere)]
    assert names == ["Fennpfuhl", region.name]


def test_of_a_hidden_place_nothing_is_said(reader: TestClient, session: Session, region: Region) -> None:
    shelter = make_place(
        session, region, 13.1234567, 52.0765432, address_hidden=True, name="Haus", street="Geheimweg 7"
    )
    offer = make_offer(session, region, shelter, contact={"phone": "030 1"})
    set_hours(
        session, region, offer, shelter, TUESDAYS._replace(recurrence="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")
    )
    text = json.dumps(graph(reader, offer.slug))
    for word in ("Geheimweg", "10369", "13.12", "52.07", "geo", "address", "Haus", "serviceLocation"):
        assert word not in text, word


def test_contacts_for_professionals_stay_inside(reader: TestClient, session: Session, region: Region) -> None:
    offer = make_offer(session, region, contact={"phone": "030 9998877", "is_public": False})
    assert "9998877" not in json.dumps(graph(reader, offer.slug))


def test_examples_are_not_marked_up_and_not_to_be_found(
    reader: TestClient, session: Session, region: Region
) -> None:
    example, real = (make_offer(session, region, is_example=is_one) for is_one in (True, False))
    text = reader.get(f"/angebot/{example.slug}").text
    assert blocks(text) == []
    assert '<meta name="robots" content="noindex">' in text
    assert "noindex" not in reader.get(f"/angebot/{real.slug}").text


def test_every_offer_of_the_demo_obeys_the_rules(visitor: TestClient) -> None:
    slugs = [one["slug"] for one in visitor.get("/api/v1/offers?per_page=200").json()["results"]]
    marked = 0
    for slug in slugs[::4]:
        text = visitor.get(f"/angebot/{slug}").text
        found = blocks(text)
        marked += len(found)
        assert len(found) == ("noindex" not in text)
        for block in found:
            check(block["@graph"])
    assert marked > 30


def sample(text: str) -> OfferOut:
    """An offer whose every text is the same one."""
    place = {
        "street": text,
        "town": text,
        "postcode": None,
        "lon": 13.5,
        "lat": 52.5,
        "address_hidden": False,
    }
    more: dict[str, Any] = {"wheelchair": "unknown", "space_name": None, "space_slug": None}
    fields: dict[str, Any] = dict.fromkeys(("slug", "name", "summary", "description", "hours_text"), text)
    fields |= {"id": 1, "organization": {"id": 1, "name": text, "website": text}, "languages": [text]}
    fields |= {"topics": [{"slug": text, "icon": text, "names": {"de": text}}], "audiences": []}
    fields |= {"min_age": None, "max_age": None, "cost": "free", "cost_note": text, "access": "walk_in"}
    fields |= {"resource_level": 3, "outreach": False, "phone": text, "is_example": False, "is_due": False}
    fields |= {"verified_on": None, "due_on": None, "access_note": text, "serves": [], "website": text}
    fields |= {"places": [{"id": 1, "name": text, **place, **more}], "sources": []}
    fields |= {"contacts": [{"label": text, "phone": text, "email": None}]}
    return OfferOut.model_validate(fields)


AWKWARD = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1) | st.sampled_from(
    [
        "</script><script>alert(1)</script>",
        "<!--",
        "<!-- <script>",
        "]]>",
        "\u2028\u2029",
        "\"'&lt;\\",
        "\x00",
        "מרכז",
    ]
)


@settings(max_examples=200, deadline=None)
@given(text=AWKWARD)
def test_strange_words_stay_words_in_the_block(text: str) -> None:
    region = somewhere("BE")
    offer = sample(text)
    found = structured.of_offer(region, offer, {}, "http://localhost")
    template = '<script type="application/ld+json">{{ structured | tojson }}</script>'
    html = environment("de").from_string(template).render(structured=found)
    assert html.count("<") == 2
    assert blocks(html) == [found]
