"""Places that are still without a point are looked for again; what is found can be undone as one import."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from api.core import clock
from api.core.geo import LonLat
from api.core.settings import Settings
from api.history.models import ImportBatch, Origin
from api.history.service import Act
from api.places import service as places
from api.places.models import AddressStreet, Place
from api.regions import service as regions
from api.regions.models import Region
from api.sources import service as sources
from api.sources.models import Source
from importers import outline
from importers.geocoding import lookup, remote
from importers.geocoding.addresses import Address, parse
from importers.geocoding.locating import AT_ONCE, OUTSIDE
from importers.geocoding.lookup import Answer

OSM: Final = {
    "publisher": "OpenStreetMap",
    "url": "https://www.openstreetmap.org/copyright",
    "licence": "ODbL 1.0",
    "licence_url": "https://opendatacommons.org/licenses/odbl/1-0/",
    "attribution": "© OpenStreetMap-Mitwirkende",
    "date_on": None,
    "is_example": False,
}
_WORDS: Final = {"house": "am Haus", "street": "in der Straße", "postcode": "in der Postleitzahl"}

Finder = Callable[[Session, int, Sequence[Address]], list[Answer]]


@dataclass(frozen=True)
class Open:
    """A place without a point, as it was when it was read."""

    id: int
    label: str
    address: Address
    said: tuple[str | None, str | None, str | None]


@dataclass
class Placed:
    """What a search for points did."""

    asked: int = 0
    found: Counter[str] = field(default_factory=Counter)
    batches: list[int] = field(default_factory=list)
    left: dict[int, tuple[str, str]] = field(default_factory=dict)  # place → what it is called, and why
    dry_run: bool = False

    def text(self) -> str:
        """Return it in German."""
        if not self.asked:
            return "Alle Orte mit Adresse haben einen Punkt."
        by = ", ".join(f"{self.found[name]} {word}" for name, word in _WORDS.items() if self.found[name])
        lines = [f"{self.asked} Orte ohne Punkt, {self.found.total()} gefunden{f' ({by})' if by else ''}."]
        if self.dry_run:
            lines.append("Probelauf: Es wurde nichts gespeichert.")
        lines += [
            f"Gespeichert als Import {one}. Zurücknehmen: make undo batch={one}" for one in self.batches
        ]
        if self.left:
            lines += ["", "Weiter ohne Punkt:"]
            lines += [f"  Ort {place} ({label}): {reason}" for place, (label, reason) in self.left.items()]
        return "\n".join(lines)


def place_again(
    engine: Engine, slug: str, settings: Settings, actor: str, *, dry_run: bool = False
) -> Placed:
    """Look for the points of all places of a region that have none, in its tables, then by the service."""
    done = Placed(dry_run=dry_run)
    with Session(engine) as session:
        region_id = regions.get(session, slug).id
        waiting = _waiting(session, region_id)
        slug_of_table = _table_of(session, region_id)
    done.asked = len(waiting)
    if not waiting:
        return done
    if slug_of_table is None and settings.geocoder == "none":
        reason = "Es ist keine Adresstabelle geladen"
        done.left = {one.id: (one.label, reason) for one in waiting}
        return done
    left = {one.id: one for one in waiting}
    if slug_of_table is not None:
        with Session(engine) as session:
            answers = [
                answer
                for start in range(0, len(waiting), AT_ONCE)
                for answer in lookup.find(
                    session, region_id, [one.address for one in waiting[start : start + AT_ONCE]]
                )
            ]
        _write(
            engine, region_id, {"slug": slug_of_table}, list(zip(waiting, answers, strict=True)), actor, done
        )
    if settings.geocoder != "none":
        # No transaction is open meanwhile: it may take long.
        still = [left[one] for one in done.left] if done.left else ([] if slug_of_table else waiting)
        answers = remote.find(settings, [one.address for one in still])
        values = {
            "slug": f"dienst-{settings.geocoder}",
            "title": f"Adressen von {settings.geocoder.title()}",
            **OSM,
        }
        _write(engine, region_id, values, list(zip(still, answers, strict=True)), actor, done)
    return done


def _waiting(session: Session, region_id: int) -> list[Open]:
    """Return the region's places without a point; what is hidden needs none and is never looked up."""
    found = session.scalars(
        select(Place)
        .where(col(Place.region_id) == region_id, col(Place.geom).is_(None), ~col(Place.address_hidden))
        .order_by(col(Place.id))
    )
    return [
        Open(place.id, _label(place), parse(place.street, place.postcode, place.town), _said(place))
        for place in found
    ]


def _write(
    engine: Engine,
    region_id: int,
    source_values: dict[str, Any],
    answers: list[tuple[Open, Answer]],
    actor: str,
    done: Placed,
) -> None:
    with Session(engine) as session:
        # As imports do: who writes in the region waits for us, and we for them.
        region = session.scalars(
            select(Region).where(col(Region.id) == region_id).with_for_update(key_share=True)
        ).one()
        points = [(one, answer) for one, answer in answers if answer.point]
        beyond = outline.outside(session, region_id, [LonLat(*a.point) for _, a in points if a.point])
        outside = {points[position][0].id for position in beyond}
        placed = [(one, answer) for one, answer in points if one.id not in outside]
        for one, answer in answers:
            done.left.pop(one.id, None)
            if not answer.point or one.id in outside:
                done.left[one.id] = (one.label, OUTSIDE if answer.point else answer.remark)
        if not placed:
            return
        batch = _batch(session, region, source_values, placed, actor)
        act = Act(region_id, actor, Origin.COMMAND, batch.id)
        written = Counter(
            str(answer.precision) for one, answer in placed if _place(session, act, one, answer)
        )
        batch.counts = {"changed": written.total()}
        done.found += written
        if done.dry_run or not written:
            session.rollback()
            return
        done.batches.append(batch.id)
        session.commit()


def _place(session: Session, act: Act, one: Open, answer: Answer) -> bool:
    """Give a place its point, unless somebody has changed or placed it in the meantime."""
    place = session.get(Place, one.id)
    if place is None or answer.point is None or place.lon is not None or place.address_hidden:
        return False
    if _said(place) != one.said:
        return False
    lon, lat = answer.point
    return bool(places.change(session, act, place, {"lon": lon, "lat": lat, "precision": answer.precision}))


def _batch(
    session: Session, region: Region, values: dict[str, Any], placed: list[tuple[Open, Answer]], actor: str
) -> ImportBatch:
    source = sources.named(session, region.id, values["slug"])
    if source is None:
        source, _ = sources.register(session, Act(region.id, actor, Origin.COMMAND), values)
    said = "\n".join(f"{one.id} {answer.point}" for one, answer in placed)
    batch = ImportBatch(
        region_id=region.id,
        source_id=source.id,
        actor=actor,
        file_name="Orte ohne Punkt",
        fingerprint=hashlib.sha256(said.encode()).hexdigest(),
        counts={},
        report=[],
        started_at=clock.now(),
    )
    session.add(batch)
    session.flush()
    return batch


def _table_of(session: Session, region_id: int) -> str | None:
    """Return the slug of the source that has given the region most of its streets."""
    largest = session.execute(
        select(col(AddressStreet.source_id))
        .where(col(AddressStreet.region_id) == region_id)
        .group_by(col(AddressStreet.source_id))
        .order_by(func.count().desc(), col(AddressStreet.source_id))
    ).first()
    if largest is None:
        return None
    found = session.get(Source, largest[0])
    return found.slug if found else None


def _said(place: Place) -> tuple[str | None, str | None, str | None]:
    return place.street, place.postcode, place.town


def _label(place: Place) -> str:
    where = ", ".join(filter(None, (place.street, " ".join(filter(None, (place.postcode, place.town))))))
    return "; ".join(filter(None, (place.name, where))) or "ohne Adresse"
