"""Making, opening and deleting referral lists. Who knows the code of a list may do all of it, nobody else."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, select
from sqlmodel import Session, col, delete

from api.core import clock
from api.core.errors import FieldError, InvalidInputError
from api.core.settings import settings
from api.offers import service as offers
from api.offers.schemas import OfferSummary
from api.referrals import facts, standing
from api.referrals.models import MOST_ENTRIES, Note, ReferralEntry, ReferralList
from api.referrals.schemas import Opened, Wanted
from api.regions.models import Region
from api.schedules import service as schedules

CODE_BYTES: Final = 18  # 144 bits, 24 letters: nobody guesses it, and its QR code stays coarse


def create(session: Session, region: Region, wanted: Sequence[Wanted]) -> str:
    """Keep a list and return its code, which is known to the caller alone from now on.

    What is not public is left out. Raises InvalidInputError if nothing is left, or for too many entries.
    """
    forget_expired(session, region)
    if len(wanted) > MOST_ENTRIES:
        raise _wrong(f"A list has at most {MOST_ENTRIES} entries.")
    kept = public(session, region, wanted)
    if not kept:
        raise _wrong("A list needs an offer that is public.")
    code, today = _new_code(), clock.today(region.timezone)
    made = ReferralList(
        region_id=region.id,
        code_hash=_hash(code),
        created_on=today,
        expires_on=today + timedelta(days=settings().referral_days),
    )
    session.add(made)
    session.flush()
    lines = schedules.lines(session, [offer.id for _one, offer in kept])
    for position, (one, offer) in enumerate(kept, start=1):
        said = [note.value for note in Note if note in one.notes]
        own = [line for line in lines if line.offer_id == offer.id]
        session.add(
            ReferralEntry(
                list_id=made.id,
                position=position,
                offer_id=offer.id,
                place_id=one.place_id,
                notes=said,
                facts=facts.fingerprint(offer, own),
            )
        )
    session.flush()
    return code


def public(session: Session, region: Region, wanted: Sequence[Wanted]) -> list[tuple[Wanted, OfferSummary]]:
    """Return what strangers may see of entries, each once and in this order.

    A place at which the offer is not (any more) means all of its places.
    """
    ids = list(dict.fromkeys(one.offer_id for one in wanted))
    known = {offer.id: offer for offer in offers.by_ids(session, region, ids)}
    found: dict[tuple[int, int | None], tuple[Wanted, OfferSummary]] = {}
    for one in wanted:
        if one.offer_id not in known:
            continue
        offer, place_id = standing.at(known[one.offer_id], one.place_id)
        found.setdefault((offer.id, place_id), (one._replace(place_id=place_id), offer))
    return list(found.values())


def find(session: Session, region: Region, code: str) -> Opened | None:
    """Return the list of a code; None if there is none (any more) in this region."""
    row = session.scalars(select(ReferralList).where(_opens(region, code))).first()
    if row is None:
        return None
    entries = session.scalars(
        select(ReferralEntry)
        .where(col(ReferralEntry.list_id) == row.id)
        .order_by(col(ReferralEntry.position))
    ).all()
    return Opened(row.id, row.created_on, row.expires_on, standing.of(session, region, entries))


def drop(session: Session, region: Region, code: str) -> bool:
    """Delete a list at once and for good; return whether there was one."""
    gone = session.execute(
        delete(ReferralList).where(_opens(region, code)).returning(col(ReferralList.id))
    ).all()
    return bool(gone)


def forget_expired(session: Session, region: Region) -> int:
    """Delete the lists of a region that cannot be opened any more; return how many they were."""
    gone = session.execute(
        delete(ReferralList)
        .where(
            col(ReferralList.region_id) == region.id,
            col(ReferralList.expires_on) < clock.today(region.timezone),
        )
        .returning(col(ReferralList.id))
    ).all()
    return len(gone)


def _opens(region: Region, code: str) -> ColumnElement[bool]:
    return and_(
        col(ReferralList.code_hash) == _hash(code),
        col(ReferralList.region_id) == region.id,
        col(ReferralList.expires_on) >= clock.today(region.timezone),
    )


def _new_code() -> str:
    # Programs that turn addresses in a message into links leave out a sign at their end.
    code = secrets.token_urlsafe(CODE_BYTES)
    while not (code[0].isalnum() and code[-1].isalnum()):
        code = secrets.token_urlsafe(CODE_BYTES)
    return code


def _hash(code: str) -> str:
    # Without salt or stretching: what is hashed is random and long (NIST SP 800-63B, 5.1.2.2).
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()


def _wrong(detail: str) -> InvalidInputError:
    return InvalidInputError(detail, [FieldError("o", detail)])
