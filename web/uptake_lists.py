"""What is counted when a list is made: its offers, and the case type if somebody of staff has said one.

The list itself keeps nothing of this, and nobody can tell from the numbers which list it was.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from fastapi import Request
from sqlmodel import Session

from api.accounts import sessions
from api.accounts.policy import Action
from api.regions.models import Region
from api.uptake import case_types
from api.uptake.counting import Counter, Event
from web.staff import cookies
from web.uptake import is_counted

FIELD: Final = "falltyp"
Pairs = Sequence[tuple[str, str]]


def choice(request: Request, session: Session, region: Region, sent: Pairs) -> dict[str, Any]:
    """Return what templates/staff/case_type.html needs: nothing to choose for who is not signed in."""
    offered = _offered(request, session, region)
    return {"case_types": offered, "case_type": _chosen(sent, offered)}


def count(request: Request, session: Session, region: Region, offer_ids: Iterable[int], sent: Pairs) -> None:
    """Count that offers were put on a list, unless who makes it does not want that."""
    if not is_counted(request.scope):
        return
    counter: Counter = request.app.state.uptake
    counter.count(Event.LISTED, offer_ids, _chosen(sent, _offered(request, session, region)))


def _offered(request: Request, session: Session, region: Region) -> list[tuple[int, str]]:
    token = cookies.read(request, cookies.SESSION)
    found = sessions.of_token(session, token) if token else None
    if found is None or not sessions.person(session, found, region.id).may(Action.SEE_UPTAKE):
        return []
    return [(one.id, one.label) for one in case_types.every(session, region.id)]


def _chosen(sent: Pairs, offered: Sequence[tuple[int, str]]) -> int:
    said = {value for name, value in sent if name == FIELD}
    return next((number for number, _label in offered if str(number) in said), 0)
