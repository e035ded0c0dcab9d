"""GET /hsds and everything under it."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from api.core.errors import FieldError, InvalidInputError, NotFoundError
from api.hsds import answers, finding, moved, providers, rows, services, terms
from api.hsds.deps import Visit, VisitDep
from api.hsds.finding import Wish
from api.hsds.ids import Kind
from api.hsds.questions import (
    OrganizationQuestion,
    OrganizationsQuestion,
    PageQuestion,
    PlacesQuestion,
    ServicesQuestion,
    TaxonomiesQuestion,
    TermsQuestion,
)
from api.regions.deps import Tagged, untag
from api.regions.schemas import RegionQuery
from api.search import service as search
from api.search.schemas import SearchQuery
from api.sources import service as sources

router = APIRouter(dependencies=[Tagged])

Document = dict[str, Any]
Ask = Annotated[RegionQuery, Query()]

VERSION = "3.1"
PROFILE = "https://docs.openreferral.org/en/latest/"


@router.get("/")
def landing(visit: VisitDep, _asked: Ask) -> Response:
    """Say what this is, what its data may be used for, and where they come from."""
    found = sources.of_region(visit.session, visit.region)
    return answers.said(
        visit,
        {
            "version": VERSION,
            "profile": PROFILE,
            "openapi_url": visit.site.at("/openapi.json"),
            "title": f"Unterstützungs-Landkarte: {visit.region.name}",
            "datapackage_url": visit.site.at("/datapackage.zip"),
            "sources": [one.model_dump(mode="json") for one in found],
        },
    )


# What a service says at least: name in the answer → where it stands.
MINIMAL: Final = {"id": "id", "modified_date": "last_modified"}


@router.get("/services")
def list_services(visit: VisitDep, asked: Annotated[ServicesQuestion, Query()]) -> Response:
    """List services."""
    known = visit.known
    wish = Wish(
        asked.taxonomy_term_id,
        asked.taxonomy_id,
        asked.organization_id,
        asked.modified_after,
        _answering(visit, asked),
    )
    wanted = None if asked.minimal else asked.slice
    part = finding.services(visit.session, known, wish, wanted)

    def tell(session: Session, numbers: Sequence[int]) -> Iterable[Document]:
        if asked.minimal:
            return _minimal(visit, session, numbers)
        read = _read(visit, session, numbers, is_whole=asked.full)
        return services.whole(visit.library, read) if asked.full else services.brief(visit.library, read)

    return _listed(visit, asked, part, tell, len(part.numbers) if asked.minimal else 0)


@router.get("/services/{service_id}")
def one_service(visit: VisitDep, service_id: str, _asked: Ask) -> Response:
    """Show a service with all that belongs to it."""
    number = visit.known.number(Kind.SERVICE, service_id)
    numbers = _public(visit, [] if number is None else [number])
    if not numbers:
        moved.lead_on(visit.session, visit.known, visit.library, number, service_id)
    read = _read(visit, visit.session, numbers, is_whole=True)
    return _only(visit, services.whole(visit.library, read))


@router.get("/service_at_locations")
def list_places(visit: VisitDep, asked: Annotated[PlacesQuestion, Query()]) -> Response:
    """List services at locations."""
    if asked.proximity is not None and asked.postcode is None:
        detail = "Say postcode, too: the distance is from the middle of its area"
        raise InvalidInputError(f"proximity: {detail}.", [FieldError("proximity", detail)])
    wish = Wish(
        asked.taxonomy_term_id,
        asked.taxonomy_id,
        asked.organization_id,
        asked.modified_after,
        _answering(visit, asked),
    )
    where = finding.around(visit.session, visit.region, asked.postcode, asked.proximity)
    part = finding.at_locations(visit.session, visit.known, wish, where, asked.slice)

    def tell(session: Session, numbers: Sequence[int]) -> Iterable[Document]:
        read = _read(visit, session, finding.offers_at(session, numbers), is_whole=asked.full)
        return services.at_locations(visit.library, read, numbers, is_whole=asked.full)

    return _listed(visit, asked, part, tell)


@router.get("/service_at_locations/{place_id}")
def one_place(visit: VisitDep, place_id: str, _asked: Ask) -> Response:
    """Show a service at a location with all that belongs to it."""
    number = _number(visit, Kind.SERVICE_AT_LOCATION, place_id)
    offers = _public(visit, finding.offers_at(visit.session, [number]))
    read = _read(visit, visit.session, offers, is_whole=True)
    return _only(visit, services.at_locations(visit.library, read, [number], is_whole=True))


@router.get("/organizations")
def list_organizations(visit: VisitDep, asked: Annotated[OrganizationsQuestion, Query()]) -> Response:
    """List organizations that offer something."""
    known, library = visit.known, visit.library
    wish = Wish(asked.taxonomy_term_id, asked.taxonomy_id)
    part = finding.organizations(visit.session, known, wish, asked.search, asked.slice)

    def tell(session: Session, numbers: Sequence[int]) -> Iterable[Document]:
        if asked.full or asked.full_service:
            return providers.whole(session, known, library, numbers, with_services=asked.full_service)
        return providers.brief(session, known, library, numbers)

    return _listed(visit, asked, part, tell)


@router.get("/organizations/{organization_id}")
def one_organization(
    visit: VisitDep, organization_id: str, asked: Annotated[OrganizationQuestion, Query()]
) -> Response:
    """Show an organization with its services."""
    number = _number(visit, Kind.ORGANIZATION, organization_id)
    return _only(
        visit,
        providers.whole(
            visit.session, visit.known, visit.library, [number], with_services=asked.full_service
        ),
    )


@router.get("/taxonomies")
def list_taxonomies(visit: VisitDep, asked: Annotated[TaxonomiesQuestion, Query()]) -> Response:
    """List taxonomies."""
    return _listed_all(visit, asked, _taxonomies(visit))


@router.get("/taxonomies/{taxonomy_id}")
def one_taxonomy(visit: VisitDep, taxonomy_id: str, _asked: Ask) -> Response:
    """Show a taxonomy."""
    return _only(visit, (one for one in _taxonomies(visit) if one["id"] == taxonomy_id.lower()))


@router.get("/taxonomy_terms")
def list_terms(visit: VisitDep, asked: Annotated[TermsQuestion, Query()]) -> Response:
    """List terms."""
    found = _terms(visit)
    if asked.taxonomy_id is not None:
        found = [one for one in found if terms.of_taxonomy(one) == asked.taxonomy_id.lower()]
    if asked.parent_id is not None:
        found = [one for one in found if one.get("parent_id") == asked.parent_id.lower()]
    if asked.top_only:
        found = [one for one in found if "parent_id" not in one]
    return _listed_all(visit, asked, found)


@router.get("/taxonomy_terms/{term_id}")
def one_term(visit: VisitDep, term_id: str, _asked: Ask) -> Response:
    """Show a term."""
    return _only(visit, (one for one in _terms(visit) if one["id"] == term_id.lower()))


def _answering(visit: Visit, asked: PageQuestion) -> list[int] | None:
    """Return the offers that answer a text, best first; None: nothing was said."""
    if not asked.search:
        return None
    query = SearchQuery(q=asked.search)
    hits = search.look_up(visit.session, visit.region, query, visit.request.app.state.shelves)
    if hits.is_plain:
        untag(visit.response)
    return list(hits.ids)


def _listed(
    visit: Visit, asked: PageQuestion, part: finding.Part, tell: answers.Tell, size: int = 0
) -> Response:
    if asked.format == "ndjson":
        return answers.lines(visit, part.numbers, tell)
    return answers.page(visit, asked, part.total, list(tell(visit.session, part.numbers)), size)


def _listed_all(visit: Visit, asked: PageQuestion, found: list[Document]) -> Response:
    """Answer with a list that is short enough to be made as a whole."""
    if asked.search:
        words = asked.search.lower()
        found = [one for one in found if words in f"{one['name']}\n{one['description']}".lower()]
    if asked.format == "ndjson":
        return answers.lines(visit, range(len(found)), lambda _, some: (found[one] for one in some))
    return answers.page(visit, asked, len(found), found[asked.slice or slice(None)])


def _taxonomies(visit: Visit) -> list[Document]:
    details = (one.get("taxonomy_detail") or {} for one in visit.known.originals.terms.values())
    others = {one["id"]: one for one in details if {"id", "name", "description"} <= one.keys()}
    return [*terms.every_taxonomy(), *others.values()]


def _terms(visit: Visit) -> list[Document]:
    known = visit.known
    return [*known.vocabulary.documents.values(), *known.originals.terms.values()]


def _minimal(visit: Visit, session: Session, numbers: Sequence[int]) -> Iterable[Document]:
    """Yield of all services only what tells whether one is new; a few at a time are held as a whole."""
    for first in range(0, len(numbers), answers.AT_ONCE):
        read = _read(visit, session, numbers[first : first + answers.AT_ONCE], is_whole=False)
        for service in services.brief(visit.library, read):
            yield {name: service[said] for name, said in MINIMAL.items() if said in service}


def _number(visit: Visit, kind: Kind, said: str) -> int:
    number = visit.known.number(kind, said)
    if number is None:
        raise NotFoundError("There is nothing public with this identifier in this region.")
    return number


def _public(visit: Visit, numbers: Sequence[int]) -> Sequence[int]:
    return finding.published(visit.session, visit.known, numbers)


def _read(visit: Visit, session: Session, numbers: Sequence[int], *, is_whole: bool) -> rows.Rows:
    known = visit.known
    return rows.read(session, visit.region, numbers, known.originals, with_parts=is_whole, gone=known.gone)


def _only(visit: Visit, found: Iterable[Document]) -> Response:
    document = next(iter(found), None)
    if document is None:
        raise NotFoundError("There is nothing public with this identifier in this region.")
    return answers.said(visit, document)
