"""A service that knows addresses, if an operator names one: Photon or Nominatim, asked by command only.

What is sent is the address alone, without names of places or offers; hidden addresses are never among them.
"""

import json
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from api.core.settings import Settings
from api.places.models import Precision
from importers.errors import UnusableError
from importers.geocoding import numbers
from importers.geocoding.addresses import Address
from importers.geocoding.keys import same_town, street_key, town_key
from importers.geocoding.lookup import Answer, Point

TIMEOUT: Final = 10.0  # seconds
LARGEST: Final = 1_000_000  # bytes of an answer
MOST_FAILURES: Final = 3  # one after the other; then the service is left alone
OK: Final = 200
SILENT: Final = "Der Dienst hat nicht geantwortet"


class _Said(NamedTuple):
    """One result of a service, in our words."""

    point: Point
    street: str
    number: str
    postcode: str
    town: str
    is_postcode: bool


def find(
    settings: Settings, asked: Sequence[Address], wait: Callable[[float], None] = time.sleep
) -> list[Answer]:
    """Return an answer to each address, asked one after the other; raise UnusableError if nobody answers."""
    path, understood = _SERVICES[settings.geocoder]
    answers: list[Answer] = []
    failures = 0
    for address in asked:
        if answers:
            wait(1 / settings.geocoder_per_second)
        try:
            said = understood(_get(settings, path(address)))
        except (OSError, HTTPException, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            failures += 1
            if failures == MOST_FAILURES:
                name = type(error).__name__
                raise UnusableError(
                    f"Der Dienst {settings.geocoder_url} antwortet nicht ({name})."
                ) from error
            answers.append(Answer(remark=SILENT))
        else:
            failures = 0
            answers.append(_answer(address, said))
    return answers


def _get(settings: Settings, path: str) -> Any:  # noqa: ANN401 - JSON
    """Return the JSON at a path. No redirect is followed: an address goes where the operator says."""
    base = urlsplit(settings.geocoder_url)
    kind = HTTPSConnection if base.scheme == "https" else HTTPConnection
    connection = kind(base.netloc, timeout=TIMEOUT)
    try:
        agent = f"unterstuetzungs-landkarte ({settings.geocoder_contact})"
        connection.request("GET", base.path.rstrip("/") + path, headers={"User-Agent": agent})
        response = connection.getresponse()
        content = response.read(LARGEST)
    finally:
        connection.close()
    if response.status != OK:
        raise ValueError(response.status)
    return json.loads(content)


def _answer(address: Address, said: _Said | None) -> Answer:
    """Return what a service says as far as it is about this address, with the precision it deserves."""
    if said is None:
        return Answer(remark="Der Dienst kennt die Adresse nicht")
    there = said.postcode == address.postcode if address.postcode and said.postcode else False
    if not there and not (address.town and same_town(town_key(address.town), town_key(said.town))):
        return Answer(remark="Der Dienst meint einen anderen Ort")
    if said.street and street_key(said.street) == street_key(address.street):
        number = numbers.read(said.number)
        is_house = number and address.number and number.number == address.number.number
        return Answer(said.point, Precision.HOUSE if is_house else Precision.STREET)
    if said.is_postcode and there:
        return Answer(said.point, Precision.POSTCODE)
    return Answer(remark="Der Dienst meint eine andere Straße")


def _photon_path(address: Address) -> str:
    return "/api?" + urlencode({"q": str(address), "limit": 1, "lang": "de"})


def _photon(document: Any) -> _Said | None:  # noqa: ANN401
    if not document["features"]:
        return None
    feature = document["features"][0]
    said = feature["properties"]
    lon, lat = feature["geometry"]["coordinates"][:2]
    is_street = said.get("type") == "street" or said.get("osm_key") == "highway"
    street = said.get("street") or (said.get("name", "") if is_street else "")
    is_postcode = said.get("osm_value") in ("postcode", "postal_code")
    town = said.get("city") or said.get("name", "")
    return _Said(
        _point(lon, lat), street, said.get("housenumber", ""), said.get("postcode", ""), town, is_postcode
    )


def _nominatim_path(address: Address) -> str:
    number = str(address.number.number) + address.number.suffix if address.number else ""
    wanted = {
        "street": " ".join(filter(None, (number, address.street))),
        "postalcode": address.postcode,
        "city": address.town,
        "countrycodes": "de",
        "format": "jsonv2",
        "addressdetails": 1,
        "limit": 1,
    }
    return "/search?" + urlencode({name: value for name, value in wanted.items() if value})


def _nominatim(document: Any) -> _Said | None:  # noqa: ANN401
    if not document:
        return None
    found = document[0]
    said = found.get("address", {})
    town = next((said[name] for name in ("city", "town", "village", "municipality") if name in said), "")
    is_postcode = found.get("addresstype") == "postcode"
    point = _point(found["lon"], found["lat"])
    return _Said(
        point, said.get("road", ""), said.get("house_number", ""), said.get("postcode", ""), town, is_postcode
    )


def _point(lon: Any, lat: Any) -> Point:  # noqa: ANN401
    return Point(round(float(lon), 6), round(float(lat), 6))


_Service = tuple[Callable[[Address], str], Callable[[Any], _Said | None]]
_SERVICES: Final[dict[str, _Service]] = {
    "photon": (_photon_path, _photon),
    "nominatim": (_nominatim_path, _nominatim),
}
