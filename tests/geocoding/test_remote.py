"""A service for addresses: asked for what no table knows, believed where it means the address."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlmodel import Session

from api.core.settings import Settings
from api.places.models import Precision
from importers.errors import UnusableError
from importers.geocoding import remote
from importers.geocoding.addresses import parse
from importers.geocoding.again import place_again
from importers.geocoding.lookup import Answer, Point
from tests.factories import make_place
from tests.geocoding.sample import load_town
from tests.importers.sample import make_lichtenberg

PHOTON = {
    "street": "Ahornallee", "housenumber": "1", "postcode": "10365", "city": "Berlin", "type": "house",
}  # fmt: skip
NOMINATIM = {"road": "Ahornallee", "house_number": "1", "postcode": "10365", "city": "Berlin"}


class Service(ThreadingHTTPServer):
    """A server that answers every question alike and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, str], str]] = []
        self.status = 200
        self.content: Any = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/geo"


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.asked.append((parts.path, query, self.headers["User-Agent"]))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "/geo/elsewhere")
        self.end_headers()
        content = self.server.content
        self.wfile.write(content if isinstance(content, bytes) else json.dumps(content).encode())

    def log_message(self, *_said: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def told(service: Service, kind: str = "photon", **changes: Any) -> Settings:
    values = {
        "database_url": "postgresql+psycopg://",
        "geocoder": kind,
        "geocoder_url": service.url,
        "geocoder_contact": "amt@beispiel.example",
        "geocoder_per_second": 1_000,
    }
    return Settings(_env_file=None, **{**values, **changes})


def photon(**changes: Any) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": [13.5, 52.5]}
    return {"features": [{"geometry": geometry, "properties": PHOTON | changes}]}


def nominatim(addresstype: str = "building", **changes: Any) -> list[dict[str, Any]]:
    return [{"lon": "13.5", "lat": "52.5", "addresstype": addresstype, "address": NOMINATIM | changes}]


def ask(service: Service, kind: str, content: Any, address: str = "Ahornallee 1, 10365 Berlin") -> Answer:
    service.content = content
    return remote.find(told(service, kind), [parse(address)])[0]


@pytest.mark.parametrize(
    ("kind", "content", "precision"),
    [
        ("photon", photon(), Precision.HOUSE),
        ("photon", photon(housenumber="3"), Precision.STREET),
        ("photon", photon(street=None, housenumber="", name="Ahornallee", type="street"), Precision.STREET),
        ("nominatim", nominatim(), Precision.HOUSE),
        ("nominatim", nominatim(house_number="3"), Precision.STREET),
        ("nominatim", nominatim("postcode", road="", house_number=""), Precision.POSTCODE),
    ],
)
def test_says_how_exact_an_answer_is(service: Service, kind: str, content: Any, precision: Precision) -> None:
    assert ask(service, kind, content) == Answer(Point(13.5, 52.5), precision)


@pytest.mark.parametrize(
    ("kind", "content", "remark"),
    [
        ("photon", {"features": []}, "Der Dienst kennt die Adresse nicht"),
        ("nominatim", [], "Der Dienst kennt die Adresse nicht"),
        ("photon", photon(street="Ahornweg"), "Der Dienst meint eine andere Straße"),
        ("photon", photon(postcode="80331", city="München"), "Der Dienst meint einen anderen Ort"),
        ("nominatim", nominatim(road="Ahornweg"), "Der Dienst meint eine andere Straße"),
    ],
)
def test_does_not_believe_an_answer_about_something_else(
    service: Service, kind: str, content: Any, remark: str
) -> None:
    assert ask(service, kind, content) == Answer(remark=remark)


def test_sends_the_address_alone_and_says_who_asks(service: Service) -> None:
    ask(service, "photon", photon())
    ask(service, "nominatim", nominatim(), "Ahornallee 1 a, 10365 Berlin")
    (first, query, agent), (second, parts, _) = service.asked
    assert (first, query) == (
        "/geo/api",
        {"q": "Ahornallee 1, 10365 Berlin", "limit": "1", "lang": "de"},
    )
    assert agent == "unterstuetzungs-landkarte (amt@beispiel.example)"
    assert second == "/geo/search"
    assert {name: parts[name] for name in ("street", "postalcode", "city", "countrycodes")} == {
        "street": "1a Ahornallee",
        "postalcode": "10365",
        "city": "Berlin",
        "countrycodes": "de",
    }


def test_asks_no_faster_than_it_may(service: Service) -> None:
    waited: list[float] = []
    service.content = photon()
    remote.find(told(service, geocoder_per_second=0.5), [parse("Ahornallee 1")] * 3, waited.append)
    assert waited == [2.0, 2.0]


def test_nominatim_is_asked_once_a_second_unless_told_otherwise() -> None:
    assert Settings(_env_file=None, database_url="postgresql+psycopg://").geocoder_per_second == 1


@pytest.mark.parametrize(
    ("status", "content"), [(500, b""), (302, b""), (200, b"<html>"), (200, b"[1]"), (200, b"{}")]
)
def test_gives_up_when_nobody_answers(service: Service, status: int, content: bytes) -> None:
    service.status, service.content = status, content
    with pytest.raises(UnusableError, match="antwortet nicht"):
        remote.find(told(service), [parse("Ahornallee 1, 10365 Berlin")] * 5)
    assert len(service.asked) == remote.MOST_FAILURES
    assert {path for path, *_ in service.asked} == {"/geo/api"}  # no redirect was followed


def test_one_failure_is_not_the_end(service: Service) -> None:
    service.content = b"<html>"
    assert remote.find(told(service), [parse("Ahornallee 1")])[0] == Answer(remark=remote.SILENT)


@pytest.mark.parametrize(
    "url", ["http://photon.example.org", "ftp://localhost", "http://8.8.8.8", "//photon", "https://"]
)
def test_addresses_do_not_travel_unencrypted(url: str) -> None:
    values: dict[str, Any] = {"geocoder": "photon", "geocoder_url": url, "geocoder_contact": "x"}
    with pytest.raises(ValidationError, match="LANDKARTE_GEOCODER"):
        Settings(_env_file=None, database_url="postgresql+psycopg://", **values)


@pytest.mark.parametrize(
    "url", ["http://localhost:2322", "http://photon:2322", "http://10.0.0.5", "https://x.org"]
)
def test_a_service_of_ones_own_needs_no_encryption(url: str) -> None:
    values: dict[str, Any] = {"geocoder": "photon", "geocoder_url": url, "geocoder_contact": "x"}
    assert Settings(_env_file=None, database_url="postgresql+psycopg://", **values).geocoder_url == url


def test_a_service_needs_an_address_and_a_contact() -> None:
    with pytest.raises(ValidationError, match="LANDKARTE_GEOCODER_CONTACT"):
        Settings(_env_file=None, database_url="postgresql+psycopg://", geocoder="photon")


def test_only_what_no_table_knows_is_asked_and_nothing_hidden(
    database: Engine, service: Service, tmp_path: Path
) -> None:
    with Session(database) as session:
        region = make_lichtenberg(session)
        load_town(session, tmp_path, region)
        for street, hidden in (("Ahornallee 1", False), ("Neuer Weg 1", False), ("Geheimweg 1", True)):
            make_place(session, region, name="Haus", street=street, postcode="10999", address_hidden=hidden)
        session.commit()
    service.content = photon(street="Neuer Weg", postcode="10999")
    placed = place_again(database, "hier", told(service), "test")
    assert [query["q"] for _, query, _ in service.asked] == [
        "Ahornallee 1, 10999 Berlin",
        "Neuer Weg 1, 10999 Berlin",
    ]
    assert dict(placed.found) == {"house": 1}
    assert [reason for _, reason in placed.left.values()] == ["Der Dienst meint eine andere Straße"]
