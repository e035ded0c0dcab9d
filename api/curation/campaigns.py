"""Campaigns: begun and ended by people; how far they come is read by campaigns_standing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import ConflictError, FieldError, InvalidInputError, NotFoundError
from api.curation.campaigns_models import Campaign
from api.curation.campaigns_standing import is_over
from api.curation.freshness_scope import Reach, Within, conditions
from api.history.service import Act
from api.offers import queries
from api.offers.freshness import OfferFreshness
from api.offers.models import Offer
from api.regions.models import Region

LONGEST_DAYS: Final = 366
MOST_NAME: Final = 200
MOST_NOTE: Final = 2000
HIGHEST: Final = 2**63 - 1  # number that a row can have


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
class Extent:
    """How much a campaign would ask about."""

    entries: int
    providers: int
    due: int  # of the entries, also those that are overdue


def check(planned: CampaignIn) -> None:
    """Raise InvalidInputError that names the fields of a campaign that cannot be."""
    errors = []
    if not 1 <= len(planned.name.strip()) <= MOST_NAME:
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


def start(session: Session, act: Act, planned: CampaignIn) -> Campaign:
    """Plan or begin a campaign; raises InvalidInputError as check does."""
    check(planned)
    campaign = Campaign(
        region_id=act.region_id,
        name=planned.name.strip(),
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


def extent(session: Session, region: Region, planned: CampaignIn, reach: Reach | None = None) -> Extent:
    """Return how many entries a campaign would ask about today."""
    is_due = col(OfferFreshness.due_on) < clock.today(region.timezone)
    within = Within(spaces=planned.spaces, topics=planned.topics, reach=reach)
    stmt = (
        select(func.count(), func.count(col(Offer.organization_id).distinct()), func.count().filter(is_due))
        .select_from(Offer)
        .join(OfferFreshness, col(OfferFreshness.offer_id) == col(Offer.id))
        .where(queries.published(region.id), *conditions(session, within))
    )
    return Extent(*session.execute(stmt).one())


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
    campaign = session.get(Campaign, campaign_id) if campaign_id <= HIGHEST else None
    if campaign is None or campaign.region_id != region_id:
        raise NotFoundError("There is no such campaign.")
    return campaign


def every(session: Session, region: Region) -> list[Campaign]:
    """Return the campaigns of a region, the one that ends last first."""
    stmt = select(Campaign).where(col(Campaign.region_id) == region.id)
    return list(session.scalars(stmt.order_by(col(Campaign.until_on).desc(), col(Campaign.id).desc())))
