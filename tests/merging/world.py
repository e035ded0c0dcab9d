"""What the tests of merging share: two entries of one house, and all rows of them as they stand."""

from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from api.curation import merging
from api.curation.merging import Merged
from api.curation.merging_sides import Choice, SideBySide, side_by_side
from api.offers.models import Offer
from api.regions.models import Region
from tests.curation.sheets import by, contact, entry, line, place, point

# What an entry consists of, by the column that says whose it is.
PARTS = (
    "offer_referral",
    "offer_at_place",
    "contact",
    "schedule",
    "schedule_deviation",
    "source_record",
    "proposal",
)


def two(session: Session, region: Region) -> tuple[Offer, Offer]:
    """A thin entry, and a fuller one of the same offer, one house further by its list."""
    one = entry(
        session,
        region,
        name="Elterncafé Sonne",
        organization="Verein",
        contacts={"new-1": contact(label="Büro", phone="030 1234")},
        places={"new-1": place(street="Sonnenstraße 1", point=point(13.5, 52.5))},
    )
    other = entry(
        session,
        region,
        name="Elterncafé",
        summary="Frühstück für Eltern.",
        organization="Amt",
        cost="free",
        contacts={
            "new-1": contact(label="Leitung", phone="+49 30 1234"),
            "new-2": contact(label="Anmeldung", phone="030 99", is_public=False),
        },
        places={
            "new-1": place(
                street="Sonnenstr. 1", name="Haus Sonne", point=point(13.5001, 52.5), schedules=[line()]
            ),
            "new-2": place(
                street="Mondweg 5",
                point=point(13.6, 52.5),
                schedules=[line(deviations=[{"change": "cancelled", "on": "2026-01-12"}])],
            ),
        },
    )
    return one, other


def compared(session: Session, region: Region, kept: Offer, other: Offer) -> SideBySide:
    """The two side by side."""
    return side_by_side(session, region.id, kept.id, other.id)


def merged(
    session: Session,
    region: Region,
    kept: Offer,
    other: Offer,
    choices: dict[str, Choice] | None = None,
    actor: str = "account:1",
) -> Merged:
    """Both become one, as they are now."""
    seen = compared(session, region, kept, other).seen
    return merging.merge(session, by(region, actor), kept.id, other.id, choices or {}, seen=seen)


def rows_of(session: Session, *offers: Offer) -> dict[str, list[dict[str, Any]]]:
    """Every row of these offers and of their parts, as the database has it."""
    session.flush()
    ids = {"ids": [offer.id for offer in offers]}
    found = {"offer": "SELECT * FROM offer WHERE id = ANY(:ids) ORDER BY id"}
    found |= {part: f"SELECT * FROM {part} WHERE offer_id = ANY(:ids) ORDER BY id" for part in PARTS}
    found["place"] = (
        "SELECT p.* FROM place p WHERE id IN"
        " (SELECT place_id FROM offer_at_place WHERE offer_id = ANY(:ids)) ORDER BY id"
    )
    found["offer_redirect"] = "SELECT * FROM offer_redirect WHERE :ids = :ids ORDER BY id"
    return {
        name: [dict(row) for row in session.execute(text(stmt), ids).mappings()]
        for name, stmt in found.items()
    }
