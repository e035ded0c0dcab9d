"""How professionals get somebody into an offer: for those who are signed in, and for nobody else.

Only api.offers.referring and who stands on it know this table (import-linter); no public page, interface,
file or index is built from it.
"""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import SQLModel

from api.core import tables
from api.history.entities import versioned

MOST_WEEKS = 520  # of waiting: ten years


class Way(StrEnum):
    """How a professional gets somebody in."""

    CALL = "call"
    FORM = "form"
    EMAIL = "email"
    CASE_CONFERENCE = "case_conference"
    NONE_NEEDED = "none_needed"
    UNKNOWN = "unknown"


class Capacity(StrEnum):
    """Whether there is room, as the provider says."""

    YES = "yes"
    FEW = "few"
    NONE = "none"
    UNKNOWN = "unknown"


class Paper(StrEnum):
    """What somebody is to bring; pages say it in every language."""

    IDENTITY = "identity"
    RESIDENCE = "residence"
    REGISTRATION = "registration"
    LETTERS = "letters"
    BENEFIT_NOTICE = "benefit_notice"
    INCOME = "income"
    BANK_STATEMENTS = "bank_statements"
    TENANCY = "tenancy"
    RENT_ARREARS = "rent_arrears"
    DEBTS = "debts"
    BIRTH_CERTIFICATE = "birth_certificate"
    HEALTH_CARD = "health_card"
    DOCTORS_REFERRAL = "doctors_referral"
    MEDICAL_REPORTS = "medical_reports"
    VACCINATION = "vaccination"
    CHILD_HEALTH_BOOK = "child_health_book"
    DISABILITY_CARD = "disability_card"
    CARE_LEVEL = "care_level"
    SCHOOL_REPORTS = "school_reports"
    APPLICATION = "application"
    RELEASE = "release"


class Law(StrEnum):
    """The statute by which somebody has a right to it; codes as offices write them, in small letters."""

    SGB_2 = "sgb2"
    SGB_3 = "sgb3"
    SGB_5 = "sgb5"
    SGB_6 = "sgb6"
    SGB_8 = "sgb8"
    SGB_9 = "sgb9"
    SGB_11 = "sgb11"
    SGB_12 = "sgb12"
    SGB_14 = "sgb14"
    ASYLBLG = "asylblg"
    AUFENTHG = "aufenthg"
    BAFOEG = "bafoeg"
    BKGG = "bkgg"
    INSO = "inso"
    KKG = "kkg"
    SCHKG = "schkg"
    UHVORSCHG = "uhvorschg"
    WOGG = "wogg"


class OfferReferral(SQLModel, table=True):
    """How somebody is referred to an offer; one row at most for each offer."""

    __tablename__ = "offer_referral"
    __table_args__ = (
        UniqueConstraint("offer_id"),
        CheckConstraint(f"waiting_weeks BETWEEN 0 AND {MOST_WEEKS}", name="waiting_weeks"),
        CheckConstraint(
            "said_on IS NOT NULL OR (waiting_weeks IS NULL AND capacity = 'unknown')", name="said_on"
        ),
    )

    id: int = tables.identity()
    offer_id: int = tables.reference("offer.id", index=False)
    way: Way = tables.choice(Way, Way.UNKNOWN)
    how: str = ""  # in words
    waiting_weeks: int | None = None
    capacity: Capacity = tables.choice(Capacity, Capacity.UNKNOWN)
    said_on: date | None = None  # the day on which the provider said so of waiting and capacity
    requirements: str = ""
    papers: list[str] = tables.texts()  # Paper
    papers_note: str = ""
    laws: list[str] = tables.texts()  # Law
    laws_note: str = ""  # the paragraph


versioned(OfferReferral, whole=("offer", "offer_id"))
