"""How far a campaign has come, entry by entry: read from history and letters, and kept nowhere."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select, text
from sqlmodel import Session, col

from api.core import clock
from api.core.pages import Page
from api.curation.campaigns_models import Campaign
from api.curation.freshness_models import ProviderLink, Purpose
from api.curation.freshness_scope import Reach, Within, conditions
from api.offers import models as offers
from api.offers.models import Offer
from api.organizations.models import Organization
from api.regions.models import Region

# What somebody has done with some entries in a time: whether there was more than the day of the check, and
# whether the entry is new. What was taken back does not count, nor that a pause has ended by itself. It
# begins with the entries, so that whatever else happens in the region costs nothing.
_TOUCHED: Final = text("""
  WITH asked AS (SELECT unnest(:ids) AS id), mine AS (
    SELECT id AS offer_id, 'offer' AS entity, id AS entity_id FROM asked
    UNION ALL SELECT offer_id, 'offer_at_place', p.id FROM offer_at_place p JOIN asked ON asked.id = offer_id
    UNION ALL SELECT offer_id, 'place', p.place_id FROM offer_at_place p JOIN asked ON asked.id = offer_id
    UNION ALL SELECT offer_id, 'contact', c.id FROM contact c JOIN asked ON asked.id = offer_id
    UNION ALL SELECT offer_id, 'offer_translation', t.id
      FROM offer_translation t JOIN asked ON asked.id = offer_id
    UNION ALL SELECT offer_id, 'offer_referral', f.id FROM offer_referral f JOIN asked ON asked.id = offer_id
    UNION ALL SELECT offer_id, 'schedule', s.id FROM schedule s JOIN asked ON asked.id = offer_id
    UNION ALL SELECT offer_id, 'schedule_deviation', d.id
      FROM schedule_deviation d JOIN asked ON asked.id = offer_id
  ), touched AS (
    SELECT m.offer_id, r.*, r.entity = 'offer' AND r.action = 'change' AND r.changes - 'verified_on' = '{}'
      AS confirms
    FROM mine m JOIN revision r ON r.entity = m.entity AND r.entity_id = m.entity_id
    UNION ALL
    SELECT asked.id, r.*, false FROM asked
    JOIN revision r ON r.action = 'delete' AND (r.changes #>> '{offer_id,old}'::text[])::bigint = asked.id
    WHERE r.entity <> 'source_record'
  )
  SELECT offer_id, bool_or(entity = 'offer' AND action = 'create') AS is_new,
    bool_and(confirms) AS is_confirmed
  FROM touched t
  WHERE region_id = :region AND at >= :since AND at < :until AND (confirms OR at >= :begun)
    AND origin <> 'undo' AND actor <> 'pause'
    AND NOT EXISTS (SELECT FROM revision u WHERE u.undoes_id = t.id AND NOT EXISTS (
      SELECT FROM revision again WHERE again.undoes_id = u.id))
  GROUP BY offer_id
""").bindparams(bindparam("ids", type_=ARRAY(BigInteger)))


class Status(StrEnum):
    """What has come of asking about an entry."""

    ASKED = "asked"
    WRITTEN = "written"  # a mail went to its provider
    CONFIRMED = "confirmed"
    CHANGED = "changed"
    ARCHIVED = "archived"
    NO_ANSWER = "no_answer"  # when the campaign is over


@dataclass(frozen=True)
class Entry:
    """An entry of a campaign."""

    offer_id: int
    slug: str
    name: str
    organization_id: int | None
    organization: str | None
    verified_on: date | None
    status: Status


@dataclass(frozen=True)
class Standing:
    """How far each entry of a campaign has come, those checked longest ago first; by id."""

    statuses: dict[int, Status]

    @property
    def counts(self) -> dict[Status, int]:
        """How many entries have come how far."""
        found = list(self.statuses.values())
        return {status: found.count(status) for status in Status}

    def ids(self, status: Status | None) -> list[int]:
        """Return the entries that have come so far; None: all."""
        return [number for number, one in self.statuses.items() if status in (None, one)]


def standing(session: Session, region: Region, campaign: Campaign, reach: Reach | None = None) -> Standing:
    """Return how far a campaign has come, of what is within reach; it reads its entries, and no others.

    Who comes to people (Offer.serves) is among them as long as it is public.
    """
    within = Within(spaces=campaign.space_ids, topics=campaign.topics, reach=reach)
    stmt = (
        select(col(Offer.id), col(Offer.status), col(Offer.organization_id))
        .where(col(Offer.region_id) == region.id, col(Offer.status) != offers.Status.DRAFT)
        .where(*conditions(session, within))
        .order_by(col(Offer.verified_on).asc().nulls_first(), col(Offer.id))
    )
    rows = session.execute(stmt).all()
    since, until = _begin(campaign.from_on, region), _end(campaign, region)
    # On the first day somebody may have confirmed it already; what else happened before does not count.
    is_first_day = clock.day(campaign.created_at, region.timezone) == campaign.from_on
    begun = campaign.created_at if is_first_day else since
    ids = [row.id for row in rows]
    said = {"ids": ids, "region": region.id, "since": since, "begun": begun, "until": until}
    touched = {row.offer_id: row for row in session.execute(_TOUCHED, said)} if rows else {}
    written = _written(session, region, since, until)
    is_done = is_over(campaign, region)
    found = {}
    for row in rows:
        one = touched.get(row.id)
        # Of what was gone before nobody was asked, nor of what has come since.
        if one.is_new if one else row.status != offers.Status.PUBLISHED:
            continue
        silent = Status.WRITTEN if row.organization_id in written else Status.ASKED
        found[row.id] = _status(row.status, one, Status.NO_ANSWER if is_done else silent)
    return Standing(found)


def page_of(
    session: Session, found: Standing, status: Status | None = None, page: int = 1, per_page: int = 20
) -> Page[Entry]:
    """Return a page of the entries of a campaign that have come so far."""
    ids = found.ids(status)
    shown = ids[(page - 1) * per_page : page * per_page]
    stmt = (
        select(Offer, col(Organization.name))
        .outerjoin(Organization, col(Organization.id) == col(Offer.organization_id))
        .where(col(Offer.id).in_(shown))
    )
    entries = {
        one.id: Entry(
            one.id, one.slug, one.name, one.organization_id, provider, one.verified_on, found.statuses[one.id]
        )
        for one, provider in session.execute(stmt)
    }
    return Page[Entry](
        total=len(ids), results=[entries[number] for number in shown], page=page, per_page=per_page
    )


def is_over(campaign: Campaign, region: Region) -> bool:
    """Return whether nobody is asked any more."""
    return campaign.ended_at is not None or campaign.until_on < clock.today(region.timezone)


def _status(now: str, touched: Any, silent: Status) -> Status:  # noqa: ANN401 - a row, or none
    if touched is None:
        return silent
    if now == offers.Status.ARCHIVED:
        return Status.ARCHIVED
    return Status.CONFIRMED if touched.is_confirmed else Status.CHANGED


def _written(session: Session, region: Region, since: datetime, until: datetime) -> set[int]:
    """Return the providers to whom a mail with a link went."""
    stmt = select(func.distinct(col(ProviderLink.organization_id))).where(
        col(ProviderLink.region_id) == region.id,
        col(ProviderLink.purpose) == Purpose.CHECK,
        col(ProviderLink.created_at) >= since,
        col(ProviderLink.created_at) < until,
    )
    return set(session.scalars(stmt))


def _end(campaign: Campaign, region: Region) -> datetime:
    return campaign.ended_at or _begin(campaign.until_on + timedelta(days=1), region)


def _begin(day: date, region: Region) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(region.timezone))
