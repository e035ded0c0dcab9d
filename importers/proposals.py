"""What an import only proposes, and which of its older proposals events have overtaken."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from api.curation import service as curation
from api.curation.models import Decision, Kind, Proposal
from api.history.service import Act

OVERTAKEN = "Die Quelle sagt es inzwischen anders."


class Proposals:
    """The proposals of one source during one run: those it still stands by, and all others."""

    def __init__(self, session: Session, act: Act, source_id: int) -> None:
        self._session, self._act, self._source_id = session, act, source_id
        self._confirmed: set[int] = set()
        self._left: set[str] = set()
        self._settles = True
        self.changed = False

    def attempt(self) -> "Proposals":
        """Return the same proposals to try something with that may have to be taken back."""
        tried = Proposals(self._session, self._act, self._source_id)
        tried._confirmed, tried._left = set(self._confirmed), self._left
        tried._settles, tried.changed = self._settles, self.changed
        return tried

    def make(
        self,
        kind: Kind,
        key: str,
        reason: str,
        changes: dict[str, dict[str, Any]],
        *,
        offer_id: int | None = None,
        raw: dict[str, Any] | None = None,
    ) -> bool:
        """Propose something and return whether that is new; what was decided before is not asked again."""
        proposal, is_new = curation.propose(
            self._session,
            self._act,
            kind,
            reason,
            changes,
            offer_id=offer_id,
            source_id=self._source_id,
            source_key=key,
            raw=raw,
        )
        self._confirmed.add(proposal.id)
        self.changed |= is_new
        return is_new

    def leave(self, key: str) -> None:
        """Leave the proposals on a key as they are: this run could not tell what the source says."""
        self._left.add(key)

    def leave_all(self) -> None:
        """Leave all older proposals as they are: this run could not read every key."""
        self._settles = False

    def settle_others(self) -> None:
        """Close the open proposals that the source no longer stands by."""
        if not self._settles:
            return
        stmt = select(col(Proposal.id), col(Proposal.source_key)).where(
            col(Proposal.source_id) == self._source_id, col(Proposal.decision) == Decision.OPEN
        )
        for proposal_id, key in self._session.execute(stmt).all():
            if proposal_id not in self._confirmed and key not in self._left:
                proposal = self._session.get_one(Proposal, proposal_id)
                curation.settle(self._session, self._act, proposal, OVERTAKEN)
                self.changed = True
