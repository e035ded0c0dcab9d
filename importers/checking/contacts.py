"""Doubts about the telephone numbers of contacts, and about those that are missing."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import text
from sqlmodel import Session

from api.doubts.finding import Finding, fingerprint
from api.doubts.models import Kind
from importers.checking.phones import judge

_PHONES: Final = text("""
  SELECT c.id, c.offer_id, c.phone, c.is_public
  FROM contact c JOIN offer o ON o.id = c.offer_id
  WHERE o.id = ANY (CAST(:offers AS bigint[])) AND o.status IN ('published', 'paused') AND c.phone <> ''
""")
_SILENT: Final = text("""
  SELECT o.id FROM offer o
  WHERE o.id = ANY (CAST(:offers AS bigint[])) AND o.status IN ('published', 'paused')
    AND o.access = 'call_first'
    AND NOT EXISTS (SELECT FROM contact c WHERE c.offer_id = o.id AND c.is_public AND c.phone <> '')
""")


def check(session: Session, offer_ids: Sequence[int]) -> Iterator[Finding]:
    """Yield what looks wrong about the contacts of these offers.

    Of a contact for professionals no number is proposed: whoever reads the queue may not be one of them.
    """
    offers = {"offers": list(offer_ids)}
    for row in session.execute(_PHONES, offers):
        verdict = judge(row.phone)
        if verdict is None:
            continue
        path = f"contacts/{row.id}/phone"
        is_sure = row.is_public and verdict.instead is not None
        yield Finding(
            row.offer_id,
            verdict.kind,
            path,
            fingerprint(row.phone),
            {"digits": verdict.digits},
            {path: verdict.instead} if is_sure else {},
        )
    for offer_id in session.scalars(_SILENT, offers):
        yield Finding(offer_id, Kind.PHONE_MISSING, "access", fingerprint("call_first"))
