"""The log of rights and ways in: what is noted is never changed, and names people by number alone."""

from collections.abc import Collection
from typing import Any, Final

from sqlmodel import Session, col, select

from api.accounts.models import AuditEvent, Event
from api.core import clock

COMMAND: Final = "command"
PUBLIC: Final = "public"
NOBODY: Final = 0  # the account of an address that has none; no account has this number
# What is about rights; the rest is about ways in, and only its owner looks at that.
RIGHTS: Final = frozenset(
    {
        Event.INVITED,
        Event.LINK_RENEWED,
        Event.LINK_USED,
        Event.GRANTED,
        Event.REVOKED,
        Event.DISABLED,
        Event.ENABLED,
    }
)


def note(
    session: Session,
    event: Event,
    account_id: int,
    *,
    actor: str,
    region_id: int | None = None,
    **details: Any,  # noqa: ANN401 - whatever JSON holds
) -> None:
    """Add what has happened; details hold roles, spaces and the like, never names or addresses."""
    session.add(
        AuditEvent(
            at=clock.now(),
            region_id=region_id,
            actor=actor,
            event=event,
            account_id=account_id,
            details=details,
        )
    )
    session.flush()


def of_region(session: Session, region_id: int, most: int, before: int | None = None) -> list[AuditEvent]:
    """Return what happened to rights in a region, the newest first; before: the number of an event."""
    stmt = select(AuditEvent).where(
        col(AuditEvent.region_id) == region_id, col(AuditEvent.event).in_(sorted(RIGHTS))
    )
    if before is not None:
        stmt = stmt.where(col(AuditEvent.id) < before)
    return list(session.exec(stmt.order_by(col(AuditEvent.id).desc()).limit(most)))


def of_account(
    session: Session, account_id: int, most: int, events: Collection[Event] = ()
) -> list[AuditEvent]:
    """Return what happened to an account, the newest first."""
    stmt = select(AuditEvent).where(col(AuditEvent.account_id) == account_id)
    if events:
        stmt = stmt.where(col(AuditEvent.event).in_(sorted(events)))
    return list(session.exec(stmt.order_by(col(AuditEvent.id).desc()).limit(most)))
