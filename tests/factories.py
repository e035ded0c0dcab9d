"""Plain functions that make entries for tests; each takes the changes that matter to the test."""

from itertools import count
from typing import Any

from sqlmodel import Session

from api.core import clock
from api.history.models import ImportBatch, Origin
from api.history.service import Act
from api.offers import service as offers
from api.offers.models import Offer, Status
from api.offers.schemas import ContactIn, OfferIn
from api.organizations import service as organizations
from api.places import service as places
from api.places.models import Place
from api.places.schemas import PlaceIn
from api.regions.models import Region
from api.sources.models import Source
from api.spaces.models import Division, Space
from api.taxonomy.models import Audience, Topic

_number = count(1)


def act(region: Region, **changes: Any) -> Act:
    """Somebody works on the region's entries."""
    return Act(**{"region_id": region.id, "actor": "test", "origin": Origin.FORM, **changes})


def make_region(session: Session, **changes: Any) -> Region:
    """A region that is the default one unless said otherwise."""
    number = next(_number)
    values = {
        "slug": f"region-{number}",
        "name": f"Region {number}",
        "hostnames": [],
        "is_default": True,
        "state": "BE",
        "timezone": "Europe/Berlin",
        "space_word": "stadtteil",
        "help_name": "Beispiel-Telefon",
        "help_phone": "030 23125-000",
    }
    region = Region(**{**values, **changes})
    session.add(region)
    session.flush()
    return region


def make_division(session: Session, region: Region, **changes: Any) -> Division:
    """A division with two levels; its second one is what residents call Stadtteil."""
    values = {
        "region_id": region.id,
        "slug": "lor",
        "name": "Lebensräume",
        "level_names": ["Prognoseraum", "Bezirksregion"],
        "resident_level": 2,
    }
    division = Division(**{**values, **changes})
    session.add(division)
    session.flush()
    return division


def box(west: float, south: float, east: float, north: float) -> str:
    """A rectangle as the geometry columns take it."""
    ring = f"{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}"
    return f"SRID=4326;MULTIPOLYGON((({ring})))"


def make_space(session: Session, division: Division, code: str, geom: str, **changes: Any) -> Space:
    """A space of the second level named after its code."""
    values = {
        "division_id": division.id,
        "level": 2,
        "code": code,
        "key": f"{division.slug}:{code}",
        "name": f"Viertel {code}",
        "slug": f"viertel-{code}",
        "geom": geom,
    }
    space = Space(**{**values, **changes})
    session.add(space)
    session.flush()
    return space


def make_topic(session: Session, slug: str, parent: Topic | None = None, **changes: Any) -> Topic:
    """A topic named after its slug."""
    values = {
        "slug": slug,
        "parent_id": parent.id if parent else None,
        "icon": "info",
        "position": next(_number),
        "names": {"de": slug.capitalize(), "en": f"{slug} (en)"},
        "descriptions": {},
    }
    topic = Topic(**{**values, **changes})
    session.add(topic)
    session.flush()
    return topic


def make_audience(session: Session, slug: str, **changes: Any) -> Audience:
    """An audience named after its slug."""
    values = {"slug": slug, "position": next(_number), "names": {"de": slug.capitalize()}}
    audience = Audience(**{**values, **changes})
    session.add(audience)
    session.flush()
    return audience


def make_place(
    session: Session, region: Region, lon: float | None = None, lat: float | None = None, **changes: Any
) -> Place:
    """A place with an address of its own."""
    values = {"street": f"Beispielstraße {next(_number)}", "postcode": "10369", "town": "Berlin"}
    return places.at_address(
        session, act(region), PlaceIn.model_validate({"lon": lon, "lat": lat, **values, **changes})
    )


def make_offer(
    session: Session,
    region: Region,
    at: Place | list[Place] | None = None,
    *,
    organization: str | None = None,
    contact: dict[str, Any] | None = None,
    **changes: Any,
) -> Offer:
    """A published offer, at one place, at several or at none."""
    number = next(_number)
    values: dict[str, Any] = {
        "name": f"Angebot {number}",
        "status": Status.PUBLISHED,
        "summary": "Hilfe für alle.",
    }
    if organization:
        values["organization_id"] = organizations.named(session, act(region), organization).id
    offer = offers.create(session, act(region), OfferIn.model_validate({**values, **changes}))
    for place in at if isinstance(at, list) else [at] if at else []:
        offers.attach(session, act(region), offer, place)
    if contact:
        offers.set_contact(session, act(region), offer, ContactIn(**contact))
    return offer


def make_source(session: Session, region: Region, **changes: Any) -> Source:
    """A list that entries come from."""
    values = {
        "region_id": region.id,
        "slug": f"liste-{next(_number)}",
        "title": "Liste",
        "publisher": "Amt für Beispiele",
        "licence": "CC BY 4.0",
        "attribution": "Amt für Beispiele",
    }
    source = Source(**{**values, **changes})
    session.add(source)
    session.flush()
    return source


def make_batch(session: Session, region: Region, source: Source | None = None) -> ImportBatch:
    """A run of an import that has written nothing yet."""
    batch = ImportBatch(
        region_id=region.id,
        source_id=(source or make_source(session, region)).id,
        actor="import",
        file_name="liste.csv",
        fingerprint="0" * 64,
        counts={},
        report=[],
        started_at=clock.now(),
    )
    session.add(batch)
    session.flush()
    return batch


def somewhere(state: str) -> Region:
    """A region that stands in no database."""
    region = Region(
        slug="x",
        name="X",
        state=state,
        timezone="Europe/Berlin",
        space_word="ort",
        help_name="",
        help_phone="",
    )
    region.id = 1
    return region
