"""What several offers share: their provider, and the house they are in. Who changes it changes all of them.

Within is always the condition on Offer for what somebody looks after (api.accounts.scope.offers_for).
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from api.core.errors import FieldError, InvalidInputError
from api.core.tables import columns
from api.core.text import clean
from api.curation import deciding
from api.curation.deciding import Verdict
from api.curation.models import Proposal
from api.curation.sheet import place_values
from api.curation.sheet_fields import Changes, split
from api.history.models import Action, Revision
from api.offers.models import Offer, OfferAtPlace
from api.organizations.models import Organization
from api.places import service as places
from api.places.models import Place

WEBSITE: Final = "organization_website"
OF_OTHERS: Final = (
    "Das gilt auch für Angebote, für die Sie nicht zuständig sind. Bitte lassen Sie jemanden entscheiden, "
    "der für alle zuständig ist."
)
Within = ColumnElement[bool]


def of_others(
    session: Session, region_id: int, offer_id: int | None, changes: Changes, within: Within
) -> list[str]:
    """Return the paths of changes that would change what offers beyond somebody's reach share.

    offer_id: None is a new offer. Moving an offer to another house changes nothing of the house it leaves.
    """
    found = _website(session, region_id, offer_id, changes, within)
    of_places: dict[int, dict[str, Any]] = {}
    for path, change in changes.items():
        at = split(path)
        if at is not None and at.part == "places" and at.field and not at.is_new:
            of_places.setdefault(int(at.key), {})[at.field] = change["new"]
    for number, values in of_places.items():
        if _stays_shared(session, number, values, within):
            found += [f"places/{number}/{name}" for name in values if place_values({name: values[name]})]
    return found


def check(session: Session, region_id: int, offer_id: int | None, changes: Changes, within: Within) -> None:
    """Raise InvalidInputError that names what somebody else has to decide."""
    found = of_others(session, region_id, offer_id, changes, within)
    if found:
        raise InvalidInputError(f"{', '.join(found)}: shared.", [FieldError(one, OF_OTHERS) for one in found])


def check_verdicts(
    session: Session, proposal_id: int, verdicts: Mapping[str, Verdict], within: Within
) -> None:
    """Raise InvalidInputError that names what of the accepted paths of a proposal somebody else decides."""
    proposal = session.get_one(Proposal, proposal_id)
    changes = deciding.look_at(session, proposal).changes
    accepted = {path: changes[path] for path, one in verdicts.items() if one.accepted and path in changes}
    check(session, proposal.region_id, proposal.offer_id, accepted, within)


def must_stay(session: Session, revision_id: int, offer_id: int, after: int, within: Within | None) -> bool:
    """Return whether a revision changed a house that has to stay as it is when a step is taken back.

    after: the last revision of that step. It stays if other offers have come there since, for which it is
    right as it is, and if one of them lies beyond one's reach.
    """
    revision = session.get_one(Revision, revision_id)
    if revision.entity != "place" or revision.action != Action.CHANGE:
        return False
    others = select(col(OfferAtPlace.id), col(OfferAtPlace.offer_id)).where(
        col(OfferAtPlace.place_id) == revision.entity_id, col(OfferAtPlace.offer_id) != offer_id
    )
    there = {row.id: row.offer_id for row in session.execute(others)}
    came = select(col(Revision.id)).where(
        col(Revision.entity) == "offer_at_place",
        col(Revision.entity_id).in_(there),
        col(Revision.id) > after,
        columns(Revision).changes.has_key("place_id"),
    )
    if session.scalars(came.limit(1)).first() is not None:
        return True
    return within is not None and _is_beyond(session, there.values(), within)


def _website(
    session: Session, region_id: int, offer_id: int | None, changes: Changes, within: Within
) -> list[str]:
    if WEBSITE not in changes:
        return []
    named = changes["organization"]["new"] if "organization" in changes else None
    provider: Organization | None = None
    if named:
        stmt = select(Organization).where(
            col(Organization.region_id) == region_id, col(Organization.name) == clean(named)
        )
        provider = session.scalars(stmt).first()
    elif "organization" not in changes and offer_id is not None:
        number = session.get_one(Offer, offer_id).organization_id
        provider = session.get(Organization, number) if number else None
    if provider is None or provider.website == changes[WEBSITE]["new"]:
        return []
    return [WEBSITE] if _has_others(session, provider.id, offer_id, within) else []


def _has_others(session: Session, organization_id: int, offer_id: int | None, within: Within) -> bool:
    stmt = select(col(Offer.id)).where(col(Offer.organization_id) == organization_id, ~within)
    if offer_id is not None:
        stmt = stmt.where(col(Offer.id) != offer_id)
    return session.scalars(stmt.limit(1)).first() is not None


def _stays_shared(session: Session, number: int, values: dict[str, Any], within: Within) -> bool:
    """Return whether a correction is one of the house, and others beyond one's reach are in it."""
    of_place = place_values(values)
    at_place = session.get(OfferAtPlace, number)
    if at_place is None or not of_place:
        return False
    others = select(col(OfferAtPlace.offer_id)).where(
        col(OfferAtPlace.place_id) == at_place.place_id,
        col(OfferAtPlace.offer_id) != at_place.offer_id,
    )
    if not _is_beyond(session, set(session.scalars(others)), within):
        return False
    place = session.get_one(Place, at_place.place_id)
    same = places.known(session, place.region_id, places.as_changed(place, of_place))
    return same is not None and same.id == place.id


def _is_beyond(session: Session, offer_ids: Collection[int], within: Within) -> bool:
    stmt = select(col(Offer.id)).where(col(Offer.id).in_(offer_ids), ~within)
    return session.scalars(stmt.limit(1)).first() is not None
