"""Campaigns: begun and ended by people; what came of each entry is read from its history, never kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import ConflictError, FieldError, InvalidInputError, NotFoundError
from api.core.pages import Page
from api.curation.campaigns_models import Campaign
from api.curation.freshness_scope import Within, conditions
from api.history.service import Act
from api.offers.models import Offer
from api.regions.models import Region

LONGEST_DAYS: Final = 366
MOST_NAME: Final = 200
MOST_NOTE: Final = 2000

# Of each entry that somebody has touched since the campaign began: whether more than its day of check has
# changed, and whether it is new. What was taken back does not count, nor what the program does by itself.
_TOUCHED: Final = text("""
  WITH since AS (
    SELECT r.id, r.entity, r.entity_id, r.action, r.changes FROM revision r
    WHERE r.region_id = :region AND r.at >= :since AND r.at < :until
      AND r.origin <> 'undo' AND r.actor NOT IN ('pause', 'sweep') AND r.entity <> 'source_record'
      AND NOT EXISTS (SELECT FROM revision u WHERE u.undoes_id = r.id AND NOT EXISTS (
        SELECT FROM revision again WHERE again.undoes_id = u.id))
  ), touched AS (
    SELECT entity_id AS offer_id, action = 'create' AS is_new,
      action = 'change' AND changes - 'verified_on' = '{}' AS is_confirmed FROM since WHERE entity = 'offer'
    UNION ALL
    SELECT coalesce((changes #>> '{offer_id,new}')::bigint, (changes #>> '{offer_id,old}')::bigint,
      CASE entity
        WHEN 'offer_at_place' THEN (SELECT offer_id FROM offer_at_place p WHERE p.id = entity_id)
        WHEN 'contact' THEN (SELECT offer_id FROM contact p WHERE p.id = entity_id)
        WHEN 'schedule' THEN (SELECT offer_id FROM schedule p WHERE p.id = entity_id)
        WHEN 'schedule_deviation' THEN (SELECT offer_id FROM schedule_deviation p WHERE p.id = entity_id)
      END), false, false
    FROM since WHERE entity IN ('offer_at_place', 'contact', 'schedule', 'schedule_deviation')
    UNION ALL
    SELECT a.offer_id, false, false FROM since JOIN offer_at_place a ON a.place_id = since.entity_id
    WHERE entity = 'place'
  )
  SELECT offer_id, bool_or(is_new) AS is_new, bool_and(is_confirmed) AS is_confirmed
  FROM touched WHERE offer_id IS NOT NULL GROUP BY offer_id
""")


class Status(StrEnum):
    """What has come of asking about an entry."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    CHANGED = "changed"
    NO_ANSWER = "no_answer"  # when the campaign is over


@dataclass(frozen=True)
class CampaignIn:
    """A campaign as somebody plans it; until_on is its last day."""

    name: str
    from_on: date
    until_on: date
    spaces: Sequence[int] = ()  # ids, of any division; none: the whole region
    topics: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """An entry of a campaign."""

    offer_id: int
    slug: str
    name: str
    verified_on: date | None
    status: Status


def start(session: Session, act: Act, planned: CampaignIn) -> Campaign:
    """Plan or begin a campaign; raises InvalidInputError that names the fields that cannot be."""
    name = planned.name.strip()
    errors = []
    if not 1 <= len(name) <= MOST_NAME:
        errors.append(
            FieldError("name", f"Bitte geben Sie einen Namen mit höchstens {MOST_NAME} Zeichen an.")
        )
    if not 0 <= (planned.until_on - planned.from_on).days <= LONGEST_DAYS:
        errors.append(
            FieldError("until_on", "Der letzte Tag liegt nach dem ersten, höchstens ein Jahr später.")
        )
    if len(planned.note) > MOST_NOTE:
        errors.append(FieldError("note", f"Bitte schreiben Sie höchstens {MOST_NOTE} Zeichen."))
    if errors:
        raise InvalidInputError(", ".join(error.field for error in errors), errors)
    campaign = Campaign(
        region_id=act.region_id,
        name=name,
        space_ids=list(planned.spaces),
        topics=list(planned.topics),
        from_on=planned.from_on,
        until_on=planned.until_on,
        note=planned.note.strip(),
        actor=act.actor,
        created_at=clock.now(),
    )
    session.add(campaign)
    session.flush()
    return campaign


def end(session: Session, act: Act, campaign_id: int) -> None:
    """End a campaign before its last day; raises ConflictError if it has ended."""
    campaign = get(session, act.region_id, campaign_id)
    session.refresh(campaign, with_for_update=True)
    if is_over(campaign, session.get_one(Region, act.region_id)):
        raise ConflictError("The campaign has ended already.")
    campaign.ended_at = clock.now()
    session.flush()


def get(session: Session, region_id: int, campaign_id: int) -> Campaign:
    """Return a campaign of a region, or raise NotFoundError."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or campaign.region_id != region_id:
        raise NotFoundError("There is no such campaign.")
    return campaign


def every(session: Session, region: Region) -> list[Campaign]:
    """Return the campaigns of a region, the one that ends last first."""
    stmt = select(Campaign).where(col(Campaign.region_id) == region.id)
    return list(session.scalars(stmt.order_by(col(Campaign.until_on).desc(), col(Campaign.id).desc())))


def is_over(campaign: Campaign, region: Region) -> bool:
    """Return whether nobody is asked any more."""
    return campaign.ended_at is not None or campaign.until_on < clock.today(region.timezone)


def counts(session: Session, region: Region, campaign: Campaign) -> dict[Status, int]:
    """Return how many entries of a campaign have come how far."""
    found = dict.fromkeys(Status, 0)
    for entry in _entries(session, region, campaign):
        found[entry.status] += 1
    return found


def entries(
    session: Session,
    region: Region,
    campaign: Campaign,
    status: Status | None = None,
    page: int = 1,
    per_page: int = 20,
) -> Page[Entry]:
    """Return a page of the entries of a campaign, those checked longest ago first."""
    found = [one for one in _entries(session, region, campaign) if status in (None, one.status)]
    shown = found[(page - 1) * per_page : page * per_page]
    return Page[Entry](total=len(found), results=shown, page=page, per_page=per_page)


def _entries(session: Session, region: Region, campaign: Campaign) -> list[Entry]:
    touched = _touched(session, region, campaign)
    silent = Status.NO_ANSWER if is_over(campaign, region) else Status.ASKED
    within = Within(spaces=campaign.space_ids, topics=campaign.topics)
    values: list[Any] = [
        col(getattr(Offer, name)) for name in ("id", "slug", "name", "verified_on", "status")
    ]
    stmt = (
        select(*values)
        .where(col(Offer.region_id) == region.id, *conditions(session, within))
        .order_by(col(Offer.verified_on).asc().nulls_first(), col(Offer.id))
    )
    return [
        Entry(row.id, row.slug, row.name, row.verified_on, _status(touched.get(row.id), silent))
        for row in session.execute(stmt)
        if _takes_part(row.status, touched.get(row.id))
    ]


def _takes_part(status: str, touched: "_Touched | None") -> bool:
    """Return whether an entry was there to be asked about: new ones are not; of gone ones it must show."""
    if touched is not None:
        return not touched.is_new and status != "draft"
    return status == "published"


def _status(touched: "_Touched | None", silent: Status) -> Status:
    if touched is None:
        return silent
    return Status.CONFIRMED if touched.is_confirmed else Status.CHANGED


@dataclass(frozen=True)
class _Touched:
    is_new: bool
    is_confirmed: bool


def _touched(session: Session, region: Region, campaign: Campaign) -> dict[int, _Touched]:
    since = _begin(campaign.from_on, region)
    until = campaign.ended_at or _begin(campaign.until_on + timedelta(days=1), region)
    rows = session.execute(_TOUCHED, {"region": region.id, "since": since, "until": until})
    return {row.offer_id: _Touched(row.is_new, row.is_confirmed) for row in rows}


def _begin(day: date, region: Region) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(region.timezone))
