"""What proposals of imports and of the public mean on a sheet.

Imports name fields of a record ("street", "place_hours_text"), the public says things that are no field at
all. Which place and which contact a row is about stands in its SourceRecord.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session, col

from api.curation.models import Kind, Proposal
from api.curation.sheet_checks import with_deviations
from api.curation.sheet_fields import EMPTY_CONTACT, EMPTY_PLACE, Changes, Sheet, split, value_at
from api.offers.models import Offer, Status
from api.places import service as places
from api.sources.models import SourceRecord

# What changes of an offer's state are called beside the paths of its sheet.
STATES: Final = ("status", "paused_until")

_PLACE: Final[Mapping[str, str]] = {
    "place_name": "name",
    "street": "street",
    "postcode": "postcode",
    "town": "town",
    "address_hidden": "address_hidden",
    "wheelchair": "wheelchair",
    "place_hours_text": "hours_text",
    "place_note": "note",
    "place_schedules": "schedules",
}
_CONTACT: Final[Mapping[str, str]] = {"contact_label": "label", "phone": "phone", "email": "email"}
_POINT: Final[tuple[str, ...]] = ("lon", "lat", "precision")


@dataclass
class Meant:
    """Changes by the paths of a sheet, what else was said, and by which fields each path was said."""

    changes: Changes = field(default_factory=dict)
    remarks: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, list[str]] = field(default_factory=dict)

    def say(self, path: str, change: dict[str, Any], names: list[str]) -> None:
        """Note a change and the fields that it was said by."""
        self.changes[path] = change
        self.fields[path] = names


def meant(session: Session, proposal: Proposal, present: Sheet) -> Meant:
    """Return what a proposal means; present: the sheet of its offer as it is now, empty for a new one."""
    said = Meant()
    if proposal.kind == Kind.WITHDRAW:
        offer = session.get(Offer, proposal.offer_id) if proposal.offer_id else None
        status = offer.status if offer else Status.PUBLISHED
        said.changes["status"] = {"old": status.value, "new": Status.ARCHIVED.value}
        return said
    left = dict(proposal.changes)
    for name in [name for name in left if name in STATES or split(name) is not None]:
        change = left.pop(name)
        said.say(name, _lines_meant(session, proposal, change, name, present), [name])
    record = row_of(session, proposal)
    of_place = {name: left.pop(name) for name in (*_PLACE, *_POINT) if name in left}
    of_contact = {name: left.pop(name) for name in _CONTACT if name in left}
    if of_place:
        key = str(record.offer_at_place_id) if record and record.offer_at_place_id else ""
        _mean_place(session, proposal, said, of_place, key if key in present["places"] else "", present)
    if of_contact:
        _mean_contact(said, of_contact, _contact(record, present), present)
    said.remarks = {name: change["new"] for name, change in left.items()}
    return said


def row_of(session: Session, proposal: Proposal) -> SourceRecord | None:
    """Return the row of a list that a proposal is about, if it was imported before."""
    return session.scalars(
        select(SourceRecord).where(
            col(SourceRecord.source_id) == proposal.source_id, col(SourceRecord.key) == proposal.source_key
        )
    ).first()


def _mean_place(
    session: Session,
    proposal: Proposal,
    said: Meant,
    of_place: Changes,
    key: str,
    present: Sheet,
) -> None:
    there = present["places"].get(key, EMPTY_PLACE)
    point = [name for name in _POINT if name in of_place]
    changes = {_PLACE[name]: change for name, change in of_place.items() if name in _PLACE}
    names = {_PLACE[name]: [name] for name in of_place if name in _PLACE}
    if point:
        changes["point"] = {side: _point(of_place, side, there["point"]) for side in ("old", "new")}
        names["point"] = point
    if "schedules" in changes:
        path = f"places/{key}/schedules"
        changes["schedules"] = _lines_meant(session, proposal, changes["schedules"], path, present)
    if key:
        for name, change in changes.items():
            said.say(f"places/{key}/{name}", change, names[name])
        return
    new = {**deepcopy(dict(EMPTY_PLACE)), **{name: change["new"] for name, change in changes.items()}}
    if any(new[name] for name in ("name", "street", "postcode", "point")):
        said.say("places/new-1", {"old": None, "new": new}, list(of_place))


def _point(of_place: Changes, side: str, there: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the point before or after; what is not said of it is as it is."""
    usual = there or dict.fromkeys(_POINT)
    values = {name: of_place[name][side] if name in of_place else usual[name] for name in _POINT}
    return None if values["lon"] is None or values["lat"] is None else values


def _contact(record: SourceRecord | None, present: Sheet) -> str:
    """Return the number of the contact that an import wrote: the one with its label, else the oldest."""
    contacts = present["contacts"]
    label = record.mapped.get("contact_label", "") if record else ""
    named = (key for key, values in contacts.items() if values["label"] == label)
    return next(named, next(iter(contacts), ""))


def _mean_contact(said: Meant, of_contact: Changes, key: str, present: Sheet) -> None:
    changes = {_CONTACT[name]: change for name, change in of_contact.items()}
    there = present["contacts"].get(key, EMPTY_CONTACT)
    new = {**there, **{name: change["new"] for name, change in changes.items()}}
    if not (new["phone"] or new["email"]):
        if key:
            said.say(f"contacts/{key}", {"old": dict(there), "new": None}, list(of_contact))
    elif not key:
        said.say("contacts/new-1", {"old": None, "new": new}, list(of_contact))
    else:
        for name, change in of_contact.items():
            said.say(f"contacts/{key}/{_CONTACT[name]}", change, [name])


def _lines_meant(
    session: Session, proposal: Proposal, change: dict[str, Any], path: str, present: Sheet
) -> dict[str, Any]:
    """Return a change of hours with places by number; a list that knows no single dates takes none away."""
    found = split(path)
    if proposal.source_id is None or (found is not None and found.field != "schedules"):
        return change
    old, new = (_with_numbers(session, proposal.region_id, change[side] or []) for side in ("old", "new"))
    if not any(line["deviations"] for line in new):
        silent = [{name: value for name, value in line.items() if name != "deviations"} for line in new]
        known = value_at(present, path) if found else None
        new = [{"deviations": [], **line} for line in with_deviations(silent, known or old)]
    return {"old": old, "new": new}


def _with_numbers(session: Session, region_id: int, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    result = deepcopy(lines)
    for line in result:
        for one in line["deviations"]:
            if one.get("place_name"):
                one["place"] = places.called(session, region_id, one["place_name"])
            one["place_name"] = None
    return result


def whereabouts(kind: Kind, changes: Changes) -> dict[str, Any]:
    """Return what a queue is filtered by of a new offer: topics, and the point of its first place.

    A hidden address has none: it lies in no space, before it is published as well as afterwards.
    """
    if kind != Kind.CREATE:
        return {}
    said = {name: change["new"] for name, change in changes.items()}
    parts = [part for path, part in said.items() if path.startswith("places/") and isinstance(part, dict)]
    is_hidden = bool(said.get("address_hidden")) or any(part.get("address_hidden") for part in parts)
    point = {} if is_hidden else next((part["point"] for part in parts if part.get("point")), said)
    lon, lat = point.get("lon"), point.get("lat")
    is_known = isinstance(lon, int | float) and isinstance(lat, int | float)
    topics = said.get("topics")
    return {
        "topics": [str(one) for one in topics] if isinstance(topics, list) else [],
        "lon": lon if is_known else None,
        "lat": lat if is_known else None,
    }
