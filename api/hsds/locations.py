"""Places as locations of HSDS."""

from typing import Any, Final
from urllib.parse import quote, urlsplit

from api.hsds import ids
from api.hsds.terms import HIDDEN, Vocabulary

Document = dict[str, Any]

STATES: Final = {
    "BB": "Brandenburg", "BE": "Berlin", "BW": "Baden-Württemberg", "BY": "Bayern", "HB": "Bremen",
    "HE": "Hessen", "HH": "Hamburg", "MV": "Mecklenburg-Vorpommern", "NI": "Niedersachsen",
    "NW": "Nordrhein-Westfalen", "RP": "Rheinland-Pfalz", "SH": "Schleswig-Holstein", "SL": "Saarland",
    "SN": "Sachsen", "ST": "Sachsen-Anhalt", "TH": "Thüringen",
}  # fmt: skip
_WHEELCHAIR: Final = {"yes", "partly", "no"}
_IN_URIS: Final = "/:?#[]@!$&'()*+,;=%~"


def location(vocabulary: Vocabulary, number: str, place: Any, state: str) -> Document:  # noqa: ANN401 - a row
    """Return a place; of a hidden one the view tells neither address nor point (docs/adr/0003)."""
    codes = [HIDDEN] if place.address_hidden else []
    codes += [f"wheelchair:{place.wheelchair}"] if place.wheelchair in _WHEELCHAIR else []
    found: Document = {"id": number, "location_type": "physical"}
    if place.name:
        found["name"] = place.name
    if place.lat is not None:
        found |= {"latitude": place.lat, "longitude": place.lon}
    if place.street or place.postcode or place.town:
        found["addresses"] = [_address(number, place, state)]
    if place.wheelchair in _WHEELCHAIR:
        said = vocabulary.documents[f"wheelchair:{place.wheelchair}"]["name"]
        found["accessibility"] = [{"id": ids.part(number, "wheelchair"), "description": said}]
    if codes:
        found["attributes"] = vocabulary.attributes("location", number, codes)
    return found


def _address(number: str, place: Any, state: str) -> Document:  # noqa: ANN401
    # HSDS wants all of these; what nobody has said is empty.
    return {
        "id": ids.part(number, "address"),
        "address_1": place.street or "",
        "city": place.town or "",
        "state_province": STATES.get(state, state),
        "postal_code": place.postcode or "",
        "country": "DE",
        "address_type": "physical",
    }


def address(said: str | None) -> str | None:
    """Return a web address as a URI of RFC 3986: names of hosts in ASCII, other letters as their bytes."""
    if not said:
        return None
    try:
        parts = urlsplit(said)
        host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
    except (ValueError, UnicodeError):
        return None
    return parts._replace(
        netloc=host,
        path=quote(parts.path, safe=_IN_URIS),
        query=quote(parts.query, safe=_IN_URIS),
        fragment=quote(parts.fragment, safe=_IN_URIS),
    ).geturl()
