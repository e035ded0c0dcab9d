"""One whole entry as a sheet: read, created from it, and changed path by path."""

from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session, col

from api.core.errors import ConflictError, FieldError, NotFoundError
from api.curation import placing
from api.curation.sheet_checks import check_all
from api.curation.sheet_difference import difference, three_way
from api.curation.sheet_fields import (
    AT_PLACE,
    COLUMNS,
    CONTACT,
    EMPTY_PLACE,
    REFERRAL,
    TRANSLATIONS,
    Changes,
    Sheet,
    empty,
    split,
)
from api.history import service as history
from api.history.entities import recorded
from api.history.service import Act
from api.offers import referring, translations
from api.offers import service as offers
from api.offers.models import Contact, Offer, OfferAtPlace, Status
from api.offers.schemas import OfferIn
from api.organizations import service as organizations
from api.organizations.models import Organization
from api.places.models import Place
from api.places.schemas import PlaceIn
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.schemas import ScheduleIn

_PLACE: Final = tuple(name for name in EMPTY_PLACE if name in PlaceIn.model_fields)


@dataclass
class Applied:
    """What came of changes: paths that were written, present values where somebody was first, new numbers."""

    written: list[str] = field(default_factory=list)
    conflicts: dict[str, Any] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)  # "places/new-1" → id of OfferAtPlace


def read(session: Session, offer: Offer) -> Sheet:
    """Return an entry as it is now, as people may edit it: with hidden addresses and all contacts."""
    provider = session.get(Organization, offer.organization_id) if offer.organization_id else None
    contacts = session.scalars(
        select(Contact).where(col(Contact.offer_id) == offer.id).order_by(col(Contact.id))
    )
    at_places = session.execute(
        select(OfferAtPlace, Place)
        .join(Place, col(Place.id) == col(OfferAtPlace.place_id))
        .where(col(OfferAtPlace.offer_id) == offer.id)
        .order_by(col(OfferAtPlace.id))
    )
    texts = translations.as_written(session, offer.id)
    referral = referring.as_written(session, offer.id)
    lines: dict[int | None, list[dict[str, Any]]] = {}
    for line in schedules.lines(session, [offer.id]):
        said = ScheduleIn.of(line.rule).model_dump(mode="json")
        lines.setdefault(line.at_place_id, []).append(said)
    return {
        **{name: recorded(getattr(offer, name)) for name in COLUMNS},
        "organization": provider.name if provider else None,
        "organization_website": provider.website if provider else None,
        **{path: texts[where] for path, where in TRANSLATIONS.items()},
        **{path: referral[name] for path, name in REFERRAL.items()},
        "schedules": lines.get(None, []),
        "contacts": {
            str(one.id): {name: recorded(getattr(one, name)) for name in CONTACT} for one in contacts
        },
        "places": {
            str(one.id): {**_place(one, place), "schedules": lines.get(one.id, [])}
            for one, place in at_places
        },
    }


def of_offer(session: Session, region_id: int, offer_id: int) -> Sheet:
    """Return the sheet of an offer of a region, or raise NotFoundError."""
    return read(session, get(session, region_id, offer_id))


def get(session: Session, region_id: int, offer_id: int) -> Offer:
    """Return an offer of a region, in whatever state, or raise NotFoundError."""
    offer = session.get(Offer, offer_id)
    if offer is None or offer.region_id != region_id:
        raise NotFoundError("There is no such offer.")
    return offer


def hold(session: Session, region_id: int) -> None:
    """Wait for whoever writes in a region, and read everything anew; in this order nobody waits in a circle.

    Every write takes the region's row at its end (docs/adr/0002), and an import takes it at its beginning.
    """
    session.flush()
    session.execute(select(col(Region.id)).where(col(Region.id) == region_id).with_for_update(key_share=True))
    session.expire_all()


def apply(session: Session, act: Act, offer: Offer, changes: Changes, *, is_whole: bool = False) -> Applied:
    """Write changes of an offer that nobody else has made or got ahead of.

    A path whose value is not what the change takes for the old one is left as it is and returned as a
    conflict. is_whole: all or nothing, so that with a conflict nothing is written. Raises InvalidInputError
    that names the paths whose new values cannot stand there.
    """
    hold(session, act.region_id)
    present = read(session, offer)
    doing, conflicts = three_way(present, changes)
    applied = Applied(conflicts=conflicts)
    if conflicts and is_whole:
        return applied
    final = check_all(session, act.region_id, present, doing)
    _write(session, act, offer, final, applied)
    applied.written = list(final)
    session.flush()
    return applied


def create(session: Session, act: Act, sheet: Sheet, **more: Any) -> Offer:  # noqa: ANN401 - fields of OfferIn
    """Add an offer as a sheet says it, published unless more says otherwise (status, is_example)."""
    hold(session, act.region_id)
    none = empty()
    said = {"name": {"old": "", "new": sheet["name"]}} | difference(none, sheet)
    final = check_all(session, act.region_id, none, said)
    values = {name: final[name]["new"] for name in COLUMNS if name in final}
    offer = offers.create(session, act, OfferIn(**{"status": Status.PUBLISHED, **values, **more}))
    others = {path: change for path, change in final.items() if path not in COLUMNS}
    _write(session, act, offer, others, Applied())
    session.flush()
    return offer


def must_fit(applied: Applied) -> None:
    """Raise ConflictError that names the paths at which somebody was first."""
    if applied.conflicts:
        errors = [FieldError(path, "changed since") for path in applied.conflicts]
        names = ", ".join(applied.conflicts)
        raise ConflictError(f"{names}: changed since the proposal was made.", errors)


def _place(at_place: OfferAtPlace, place: Place) -> dict[str, Any]:
    point = {"lon": place.lon, "lat": place.lat, "precision": recorded(place.precision)}
    return {
        **{name: recorded(getattr(place, name)) for name in _PLACE},
        "point": None if place.lon is None else point,
        **{name: getattr(at_place, name) for name in AT_PLACE},
    }


def _write(session: Session, act: Act, offer: Offer, changes: Changes, applied: Applied) -> None:
    new = {path: change["new"] for path, change in changes.items()}
    _write_offer(session, act, offer, new)
    of_parts: dict[tuple[str, str], dict[str, Any]] = {}
    coming: dict[str, tuple[str, dict[str, Any]]] = {}
    for path, value in new.items():
        found = split(path)
        if found is None or not found.part:
            continue
        if found.field:
            of_parts.setdefault((found.part, found.key), {})[found.field] = value
        elif value is None:
            _remove(session, act, found.part, int(found.key))
        else:
            coming[path] = found.part, value
    for (kind, key), values in of_parts.items():
        if kind == "contacts":
            history.change(session, act, session.get_one(Contact, int(key)), values)
        else:
            _write_place(session, act, session.get_one(OfferAtPlace, int(key)), values)
    # Last, when those have left whose house it may be.
    for path, (kind, value) in coming.items():
        if kind == "contacts":
            made = history.create(session, act, Contact(offer_id=offer.id, **value)).id
        else:
            made = _add_place(session, act, offer, value, path)
        applied.made[path] = made
    texts = {where: new[path] for path, where in TRANSLATIONS.items() if path in new}
    translations.write(session, act, offer.id, texts)
    referring.write(
        session, act, offer.id, {name: new[path] for path, name in REFERRAL.items() if path in new}
    )
    if "schedules" in new:
        _write_lines(session, act, offer.id, None, new["schedules"])


def _write_offer(session: Session, act: Act, offer: Offer, new: dict[str, Any]) -> None:
    values = {name: new[name] for name in COLUMNS if name in new}
    provider = session.get(Organization, offer.organization_id) if offer.organization_id else None
    if "organization" in new:
        name, website = new["organization"], new.get("organization_website")
        provider = organizations.named(session, act, name, website) if name else None
        values["organization_id"] = provider.id if provider else None
    if values:
        offers.change(session, act, offer, values)
    if "organization_website" in new and provider is not None:
        history.change(session, act, provider, {"website": new["organization_website"]})


def _remove(session: Session, act: Act, kind: str, number: int) -> None:
    if kind == "contacts":
        history.delete(session, act, session.get_one(Contact, number))
        return
    at_place = session.get_one(OfferAtPlace, number)
    place = session.get_one(Place, at_place.place_id)
    placing.end(session, act, at_place)
    placing.clear_away(session, act, place)


def _add_place(session: Session, act: Act, offer: Offer, value: dict[str, Any], path: str) -> int:
    at_place = placing.add(session, act, offer, PlaceIn.model_validate(place_values(value)), path)
    history.change(session, act, at_place, {name: value[name] for name in AT_PLACE})
    _write_lines(session, act, offer.id, at_place.id, value["schedules"])
    return at_place.id


def _write_place(session: Session, act: Act, at_place: OfferAtPlace, values: dict[str, Any]) -> None:
    of_place = place_values(values)
    if of_place:
        placing.correct(session, act, at_place, of_place, f"places/{at_place.id}")
    history.change(session, act, at_place, {name: values[name] for name in AT_PLACE if name in values})
    if "schedules" in values:
        _write_lines(session, act, at_place.offer_id, at_place.id, values["schedules"])


def _write_lines(
    session: Session, act: Act, offer_id: int, at_place_id: int | None, said: list[dict[str, Any]]
) -> None:
    lines = [ScheduleIn.model_validate(line) for line in said]
    schedules.write(session, act, offer_id, at_place_id, lines)


def place_values(values: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of a place that a part of a sheet speaks of."""
    of_place = {name: values[name] for name in _PLACE if name in values}
    if "point" in values:
        of_place |= values["point"] or {"lon": None, "lat": None, "precision": None}
    return of_place
