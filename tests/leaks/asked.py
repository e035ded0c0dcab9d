"""Every address of the service that answers strangers, with everything that is there put in."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any, Final

from fastapi import FastAPI

from api.core.languages import LANGUAGES
from api.hsds import ids as hsds
from api.hsds.ids import Kind
from tests.leaks.sown import LAT, LON, STEM, Sown

# Who is asked for by a name gets to them only by that name; staff's own pages have tests of their own.
NOT_FOR_STRANGERS: Final = ("/pflege",)
BOX: Final = "13.4,52.4,13.6,52.6"
QUESTIONS: Final = (
    "",
    f"q={STEM}",
    "topic=freizeit",
    "space=lor:1",
    f"bbox={BOX}",
    f"near={LON:.3f},{LAT:.3f}&metres=50000",
    f"near={LON:.3f},{LAT:.3f}&sort=distance",
    "sort=verified",
    f"search={STEM}",
    "full=true",
    "full_service=true",
    "minimal=true",
    "format=ndjson",
    "f=html",
    f"organization={STEM}",
)


def paths(app: Any, before: str = "") -> Iterator[str]:
    """Yield the paths of all routes that answer GET."""
    for route in app.routes:
        inner = getattr(route, "original_router", None) or getattr(route, "app", None)
        if hasattr(inner, "routes"):
            yield from paths(inner, before + (getattr(route, "path", "") or ""))
        elif "GET" in (getattr(route, "methods", None) or ()):
            yield before + route.path


def addresses(app: FastAPI, sown: Sown) -> list[str]:
    """Return every address; KeyError names a part of a path that nobody has told how to fill."""
    there = _there(sown)
    found = []
    for path in paths(app):
        if path.startswith(NOT_FOR_STRANGERS):
            continue
        names = re.findall(r"{(\w+)(?::\w+)?}", path)
        plain = re.sub(r"{(\w+):\w+}", r"{\1}", path)
        for values in product(*(there[_kind(path, name)] for name in names)):
            found += _asked(plain.format(**dict(zip(names, values, strict=True))))
    return found


def _asked(address: str) -> list[str]:
    if address.startswith(("/api/", "/ogc", "/hsds")):
        return [address, *(f"{address}?{question}" for question in QUESTIONS if question)]
    short = QUESTIONS[:6]
    pages = [f"/{locale}{address}" for locale in LANGUAGES if locale != "de"]
    return [address, *(f"{address}?{question}" for question in short if question), *pages]


def _kind(path: str, name: str) -> str:
    """Return what a part of a path names; slugs are of spaces and of offers."""
    if name == "slug":
        return "space" if "/stadtteil/" in path else "problem" if "/problems/" in path else "offer"
    return name


def _there(sown: Sown) -> dict[str, list[Any]]:
    slugs = [offer.slug for offer in sown.offers]
    ids = [offer.id for offer in sown.offers]
    providers = sorted({offer.organization_id for offer in sown.offers if offer.organization_id})
    region = sown.region.slug
    return {
        "offer": slugs,
        "offer_id": ids,
        "space": ["viertel-1", STEM],
        "problem": ["not-found", "conflict"],
        "state": ["be", "x"],
        "part": [1],
        "ending": ["csv", "xlsx", "ods", "kml", "geojson"],
        "collection_id": ["offers", "spaces", "lor", "regions"],
        "feature_id": [*ids, *slugs],
        "z": [0, 13],
        "y": [0, 2688],
        "x": [0, 4403],
        "service_id": [hsds.of(region, Kind.SERVICE, number) for number in ids],
        "token": [*sown.tokens, "x"],
        "code": [sown.code, "x"],
        "place_id": [hsds.of(region, Kind.SERVICE_AT_LOCATION, one.id) for one in sown.at_places],
        "organization_id": [hsds.of(region, Kind.ORGANIZATION, one) for one in providers],
        "taxonomy_id": [hsds.of_everywhere("topics")],
        "term_id": [hsds.of_everywhere("topic", "freizeit")],
    }
