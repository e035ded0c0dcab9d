"""Offers, where they take place, and whom to ask."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from api.core import tables
from api.history.entities import versioned

GERMAN = "de-x-icu"
# „Spatzennest“ stands under S: quotes and other signs before the first letter do not count.
BY_NAME = "lower(regexp_replace(name::text, '^[^[:alnum:]]+'::text, ''::text)) COLLATE \"de-x-icu\""


class Status(StrEnum):
    """The life of an offer; only published ones are public."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    PAUSED = "paused"
    ARCHIVED = "archived"


class Cost(StrEnum):
    """What it costs; covered means that the state pays for those with little money (BuT)."""

    FREE = "free"
    COVERED = "covered"
    PAID = "paid"
    UNKNOWN = "unknown"


class Access(StrEnum):
    """How somebody gets in."""

    WALK_IN = "walk_in"
    CALL_FIRST = "call_first"
    APPOINTMENT = "appointment"
    REFERRAL = "referral"
    UNKNOWN = "unknown"


class Offer(SQLModel, table=True):
    """What is offered, to whom, at what cost and how to get in."""

    __table_args__ = (
        UniqueConstraint("region_id", "slug"),
        CheckConstraint("resource_level BETWEEN 2 AND 4", name="resource_level"),
        CheckConstraint("min_age >= 0 AND max_age >= 0 AND min_age <= max_age", name="ages"),
        CheckConstraint("verify_within_days > 0", name="verify_within_days"),
        Index("ix_offer_region_status", "region_id", "status"),
        # A region's list in its two orders.
        Index(
            "ix_offer_by_name",
            "region_id",
            text(BY_NAME),
            "id",
            postgresql_where=text("status = 'published'"),
        ),
        Index(
            "ix_offer_by_check",
            "region_id",
            text("verified_on DESC NULLS LAST"),
            text(BY_NAME),
            "id",
            postgresql_where=text("status = 'published'"),
        ),
        # The few that come to people, for questions about a space.
        Index(
            "ix_offer_coming",
            "region_id",
            postgresql_where=text("status = 'published' AND (outreach OR cardinality(serves) > 0)"),
        ),
        # Those whose pause may have ended; asked for all the time.
        Index("ix_offer_paused", "paused_until", postgresql_where=text("status = 'paused'")),
    )

    id: int = tables.identity()
    region_id: int = tables.reference("region.id", index=False)
    organization_id: int | None = tables.reference("organization.id", optional=True)
    slug: str
    name: str
    summary: str = ""
    description: str = ""
    topics: list[str] = tables.texts()  # slugs of Topic
    audiences: list[str] = tables.texts()  # slugs of Audience
    languages: list[str] = tables.texts()  # BCP 47
    min_age: int | None = None  # years
    max_age: int | None = None
    cost: Cost = tables.choice(Cost, Cost.UNKNOWN)
    cost_note: str = ""
    access: Access = tables.choice(Access, Access.UNKNOWN)
    access_note: str = ""
    resource_level: int = 3
    outreach: bool = False  # comes to people instead of being visited
    serves: list[str] = tables.texts()  # keys of the spaces it comes to; none: the whole region
    hours_text: str = ""  # as the source says it
    website: str | None = None
    status: Status = tables.choice(Status, Status.DRAFT)
    paused_until: date | None = (
        None  # the day on which a paused offer is public again; none: until somebody says so
    )
    is_example: bool = False
    verified_on: date | None = None
    # Set by somebody; none: by the kind of offer, see freshness.py.
    verify_within_days: int | None = None


class OfferAtPlace(SQLModel, table=True):
    """One offer at one place, with what is particular there."""

    __tablename__ = "offer_at_place"
    __table_args__ = (UniqueConstraint("offer_id", "place_id"),)

    id: int = tables.identity()
    offer_id: int = tables.reference("offer.id", index=False)
    place_id: int = tables.reference("place.id")
    hours_text: str = ""
    note: str = ""


class Contact(SQLModel, table=True):
    """Whom to ask about an offer; a function, never a private person; public or for professionals only."""

    id: int = tables.identity()
    offer_id: int = tables.reference("offer.id")
    label: str = ""
    phone: str | None = None
    email: str | None = None
    is_public: bool = True


class OfferTranslation(SQLModel, table=True):
    """The texts of an offer in another language, as far as somebody has written them."""

    __tablename__ = "offer_translation"
    __table_args__ = (UniqueConstraint("offer_id", "locale"),)

    id: int = tables.identity()
    offer_id: int = tables.reference("offer.id", index=False)
    locale: str  # a language of the pages, see api.core.languages
    name: str = ""
    summary: str = ""
    description: str = ""
    hours_text: str = ""
    cost_note: str = ""
    access_note: str = ""
    made_from: dict[str, str] = tables.document()  # field → the German text that was translated


class OfferRedirect(SQLModel, table=True):
    """An offer that was merged into another one: its old addresses lead there, for ever."""

    __tablename__ = "offer_redirect"
    __table_args__ = (
        UniqueConstraint("old_id"),
        UniqueConstraint("region_id", "old_slug"),
        # That no way leads back to where it began is for a trigger to see (alembic/sql/0014_merge.sql).
        CheckConstraint("old_id <> new_id", name="elsewhere"),
    )

    id: int = tables.identity()
    region_id: int = tables.reference("region.id", index=False)
    old_id: int = tables.reference("offer.id", index=False)
    old_slug: str
    new_id: int = tables.reference("offer.id")


versioned(Offer)
versioned(OfferAtPlace, whole=("offer", "offer_id"))
versioned(Contact, whole=("offer", "offer_id"))
versioned(OfferTranslation, whole=("offer", "offer_id"))
# No part of an offer: taking a merge back takes it away, whatever people have written since.
versioned(OfferRedirect)
