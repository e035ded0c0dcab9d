"""Doubts about web addresses: what servers have said of them, and what can be seen without asking."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row, text
from sqlmodel import Session

from api.core import clock
from api.doubts.finding import Finding, fingerprint
from api.doubts.models import Answer, Kind
from importers import remote
from importers.errors import UnusableError

# So often, and for so long, before a person is asked: servers are repaired, certificates renewed.
FAILURES: Final = 3
FAILING: Final = timedelta(days=2)

# A provider's address is asked about with one of its offers.
_SAID: Final = text("""
  WITH said AS (
    SELECT o.id AS offer_id, 'website' AS path, o.website AS address
    FROM offer o
    WHERE o.id = ANY (CAST(:offers AS bigint[])) AND o.status IN ('published', 'paused') AND o.website <> ''
    UNION ALL
    SELECT first.id, 'organization_website', g.website
    FROM organization g CROSS JOIN LATERAL (
      SELECT o.id FROM offer o
      WHERE o.organization_id = g.id AND o.status IN ('published', 'paused') ORDER BY o.id LIMIT 1
    ) first
    WHERE g.website <> '' AND first.id = ANY (CAST(:offers AS bigint[])) AND g.id IN (
      SELECT o.organization_id FROM offer o WHERE o.id = ANY (CAST(:offers AS bigint[])))
  )
  SELECT s.offer_id, s.path, s.address, l.answer, l.status, l.moved_to, l.failures, l.failing_since
  FROM said s LEFT JOIN web_link l ON l.address = s.address
  ORDER BY s.offer_id, s.path
""")
_MAIL: Final = re.compile(
    r"(?:https?://)?(?:mailto:)?([^@\s/:?#]+@[^@\s/:?#]+\.[^@\s/:?#]+)/?", re.IGNORECASE
)
_OWN_MAILS: Final = text("SELECT lower(email) FROM contact WHERE offer_id = :offer AND email IS NOT NULL")
_KINDS: Final = {
    Answer.GONE: Kind.LINK_GONE,
    Answer.SILENT: Kind.LINK_SILENT,
    Answer.UNSAFE: Kind.LINK_UNSAFE,
}


def check(session: Session, offer_ids: Sequence[int]) -> Iterator[Finding]:
    """Yield what looks wrong about the web addresses of these offers and their providers."""
    for row in session.execute(_SAID, {"offers": list(offer_ids)}):
        seen = fingerprint(row.address)
        if mail := _MAIL.fullmatch(row.address.strip()):
            proposed = _as_contact(session, row, mail[1])
            yield Finding(row.offer_id, Kind.LINK_IS_MAIL, row.path, seen, {}, proposed)
        elif not _can_be(row.address):
            yield Finding(row.offer_id, Kind.LINK_WRONG, row.path, seen)
        elif row.moved_to:
            yield Finding(row.offer_id, Kind.LINK_MOVED, row.path, seen, {}, {row.path: row.moved_to})
        elif _fails(row):
            details = {"since": row.failing_since.date().isoformat(), "status": row.status}
            yield Finding(row.offer_id, _KINDS[Answer(row.answer)], row.path, seen, details)


def _fails(row: Row[Any]) -> bool:
    is_long = row.failing_since is not None and clock.now() - row.failing_since >= FAILING
    return is_long and row.failures >= FAILURES


def _can_be(address: str) -> bool:
    """Return whether an address names a server on the open internet, on whatever port."""
    try:
        remote.check(address, frozenset(range(1, 65_536)), is_plain_allowed=True)
    except UnusableError:
        return False
    return True


def _as_contact(session: Session, row: Row[Any], mail: str) -> dict[str, Any]:
    proposed: dict[str, Any] = {row.path: None}
    if row.path == "website" and mail.lower() not in set(
        session.scalars(_OWN_MAILS, {"offer": row.offer_id})
    ):
        contact = {"label": "", "phone": None, "email": mail, "is_public": True}
        proposed["contacts/new-1"] = contact
    return proposed
