"""What checks have found becomes doubts; what they find no more is settled."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Self

from sqlalchemy import text
from sqlmodel import Session

from api.core import clock
from api.doubts.finding import Finding
from api.doubts.models import Kind

KEPT_DAYS: Final = 90  # so long it can be read what has settled itself

_FOUND: Final = """
  jsonb_to_recordset(CAST(:found AS jsonb)) AS f
  (offer_id bigint, kind text, path text, seen text, details jsonb, proposed jsonb)
"""
# Of the same values nothing is asked twice; other words about them do not make a doubt younger.
_KEEP: Final = text(f"""
  INSERT INTO doubt
    (region_id, offer_id, kind, path, seen, details, proposed, state, found_at, note)
  SELECT o.region_id, f.offer_id, f.kind, f.path, f.seen, f.details, f.proposed, 'open', :now, ''
  FROM {_FOUND} JOIN offer o ON o.id = f.offer_id AND o.region_id = :region
  ORDER BY f.offer_id, f.kind, f.path
  ON CONFLICT (offer_id, kind, path) WHERE state <> 'settled' DO UPDATE SET
    seen = excluded.seen, details = excluded.details, proposed = excluded.proposed, state = 'open',
    found_at = CASE WHEN doubt.seen = excluded.seen THEN doubt.found_at ELSE excluded.found_at END,
    closed_at = NULL, closed_by = NULL, note = ''
  WHERE doubt.seen <> excluded.seen OR doubt.state = 'open'
    AND (doubt.details, doubt.proposed) IS DISTINCT FROM (excluded.details, excluded.proposed)
  RETURNING kind
""")  # noqa: S608 - nothing from outside
# NOT IN is hashed once; as a join PostgreSQL would read the document anew for every row.
_SETTLE: Final = text(f"""
  UPDATE doubt d SET state = 'settled', closed_at = :now, proposed = '{{}}'
  WHERE d.region_id = :region AND d.state = 'open'
    AND d.offer_id = ANY (CAST(:offers AS bigint[])) AND d.kind = ANY (CAST(:kinds AS text[]))
    AND (d.offer_id, d.kind, d.path) NOT IN (SELECT f.offer_id, f.kind, f.path FROM {_FOUND})
  RETURNING kind
""")  # noqa: S608 - nothing from outside
_FORGET: Final = text(
    "DELETE FROM doubt WHERE region_id = :region AND state = 'settled' AND closed_at < :before"
)


@dataclass
class Settled:
    """What a check has come to: how many doubts there were, and what has become of those before."""

    found: Counter[Kind] = field(default_factory=Counter)
    written: Counter[Kind] = field(default_factory=Counter)  # new, or about other values than before
    closed: Counter[Kind] = field(default_factory=Counter)

    def __iadd__(self, other: "Settled") -> Self:
        """Add what came of another part."""
        self.found += other.found
        self.written += other.written
        self.closed += other.closed
        return self


def settle(
    session: Session,
    region_id: int,
    offer_ids: Sequence[int],
    findings: Iterable[Finding],
    kinds: Sequence[Kind] = tuple(Kind),
) -> Settled:
    """Make these the doubts of some kinds about some offers; what was dismissed stays so with its value."""
    found = {(one.offer_id, one.kind, one.path): one for one in findings}
    rows = [
        {**one._asdict(), "details": one.details or {}, "proposed": one.proposed or {}}
        for one in found.values()
    ]
    said = {
        "found": json.dumps(rows, ensure_ascii=False),
        "region": region_id,
        "now": clock.now(),
        "offers": list(offer_ids),
        "kinds": [kind.value for kind in kinds],
    }
    written = session.scalars(_KEEP, said) if found else ()
    counted = Settled(Counter(kind for _, kind, _ in found), Counter(map(Kind, written)))
    counted.closed = Counter(map(Kind, session.scalars(_SETTLE, said)))
    return counted


def forget(session: Session, region_id: int) -> None:
    """Clear away what has settled itself long ago."""
    session.execute(_FORGET, {"region": region_id, "before": clock.now() - timedelta(days=KEPT_DAYS)})
