"""Doubts that wait for a person, and what servers have said about web addresses."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from api.core import tables


class Kind(StrEnum):
    """What looks wrong; the order is the order of lists of kinds."""

    LINK_GONE = "link_gone"  # the server says that there is no such page
    LINK_SILENT = "link_silent"  # nobody answers, or only with errors
    LINK_UNSAFE = "link_unsafe"  # the certificate is not to be trusted
    LINK_MOVED = "link_moved"
    LINK_WRONG = "link_wrong"  # no address on the open internet
    LINK_IS_MAIL = "link_is_mail"
    PHONE_SHORT = "phone_short"
    PHONE_LONG = "phone_long"
    PHONE_NO_CODE = "phone_no_code"  # the area code is missing, or the zero before it
    PHONE_EXTRA_ZERO = "phone_extra_zero"  # "+49 030 …"
    PHONE_PLACEHOLDER = "phone_placeholder"
    PHONE_UNREADABLE = "phone_unreadable"
    PHONE_MISSING = "phone_missing"  # people are to call, and nobody says where
    POINT_MISSING = "point_missing"
    POINT_OUTSIDE = "point_outside"
    POINT_ADDRESS = "point_address"  # far from the house of the address
    POINT_POSTCODE = "point_postcode"  # in the area of another postcode
    DATES_OVER = "dates_over"  # hours are known, and none will come
    HOURS_OVER = "hours_over"  # the same for one of several timetables
    LINE_OVER = "line_over"  # one line of a timetable, and nothing follows it
    ONLY_SINGLES = "only_singles"  # the rule is over, single dates still come
    AGES_TEXT = "ages_text"
    AGES_AUDIENCE = "ages_audience"
    LANGUAGES_TEXT = "languages_text"
    TOPIC_MISSING = "topic_missing"
    SUMMARY_MISSING = "summary_missing"


class State(StrEnum):
    """Where a doubt stands."""

    OPEN = "open"
    DISMISSED = "dismissed"  # a person says that it is right so
    SETTLED = "settled"  # the fact has changed, or the check passes again


class Doubt(SQLModel, table=True):
    """Something that looks wrong about one offer, and perhaps about one of its fields."""

    __table_args__ = (
        # One of a kind for each field; what has been settled may come back.
        Index(
            "uq_doubt_about",
            "offer_id",
            "kind",
            "path",
            unique=True,
            postgresql_where=text("state <> 'settled'"),
        ),
        # The queue, oldest first; of all kinds, and of one.
        Index("ix_doubt_queue", "region_id", "state", "found_at", "id"),
        Index("ix_doubt_kind", "region_id", "state", "kind", "found_at", "id"),
    )

    id: int = tables.identity()
    region_id: int = tables.reference("region.id", index=False)
    offer_id: int = Field(foreign_key="offer.id", ondelete="CASCADE", sa_type=BigInteger, index=True)
    kind: Kind = tables.choice(Kind)
    path: str = ""  # of a sheet, see api.curation.sheet_fields; empty: of the whole offer
    seen: str  # a fingerprint of the values that were looked at
    details: dict[str, Any] = tables.document()  # for the sentence, see words.py
    proposed: dict[str, Any] = tables.document()  # path → new value; empty: nobody knows better
    state: State = tables.choice(State, State.OPEN)
    found_at: datetime = tables.instant()
    closed_at: datetime | None = tables.instant(optional=True)
    closed_by: str | None = None  # none: by itself
    note: str = ""  # why it is right so


class Answer(StrEnum):
    """What became of asking for a web address."""

    FINE = "fine"
    GONE = "gone"
    SILENT = "silent"
    UNSAFE = "unsafe"
    UNJUDGED = "unjudged"  # it wants no programs, or is none of our business


class WebLink(SQLModel, table=True):
    """A web address with the last answer to it, the same for all regions of an installation."""

    __tablename__ = "web_link"

    id: int = tables.identity()
    address: str = Field(unique=True)
    answer: Answer = tables.choice(Answer)
    status: int | None = None  # as in HTTP
    moved_to: str = ""  # where it has moved for ever
    failures: int = 0  # one after the other
    failing_since: datetime | None = tables.instant(optional=True)
    asked_at: datetime = tables.instant()
    next_at: datetime = tables.instant()  # not to be asked again before
