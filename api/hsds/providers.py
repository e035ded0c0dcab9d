"""Providers as organizations of HSDS 3.1, with the services that they offer."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import Session

from api.hsds import finding, rows, services
from api.hsds.finding import Known
from api.hsds.services import Library, filled

Document = dict[str, Any]


def brief(session: Session, known: Known, library: Library, numbers: Sequence[int]) -> Iterable[Document]:
    """Yield providers without their lists."""
    for found in _whole(session, known, library, numbers).values():
        yield services.brief_organization(found)


def whole(
    session: Session, known: Known, library: Library, numbers: Sequence[int], *, with_services: bool
) -> Iterable[Document]:
    """Yield providers with all that belongs to them; with_services: with their services as a whole."""
    offers = finding.offers_of(session, known, numbers)
    ids = [one for of_one in offers.values() for one in of_one]
    read = rows.read(session, known.region, ids, known.originals, with_parts=with_services, gone=known.gone)
    tell = services.whole if with_services else services.brief
    by_provider: dict[int, list[Document]] = {}
    for offer, service in zip(read.offers, tell(library, read), strict=True):
        alone = {name: value for name, value in service.items() if name != "organization"}
        said = (
            alone if with_services else filled(**{name: alone.get(name) for name in ("id", "name", "status")})
        )
        by_provider.setdefault(offer.organization_id, []).append(said)
    for number, found in _whole(session, known, library, numbers).items():
        yield {**found, "services": by_provider.get(number, [])}


def _whole(session: Session, known: Known, library: Library, numbers: Sequence[int]) -> dict[int, Document]:
    """Return providers by their numbers, each as one of its offers tells of it."""
    offers = finding.offers_of(session, known, numbers)
    told = {one: known.originals.tells.get(one, offers[one][0]) for one in numbers if one in offers}
    ids = list(told.values())
    read = rows.read(session, known.region, ids, known.originals, with_parts=False, gone=known.gone)
    by_offer = {offer.id: offer for offer in read.offers}
    return {
        number: services.organization(library, read, by_offer[offer])
        for number, offer in told.items()
        if offer in by_offer
    }
