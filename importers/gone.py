"""What shows only when all rows of a file are known: rows that it no longer has, offers without a point."""

from sqlalchemy import exists, select
from sqlmodel import col

from api.offers.models import Offer, OfferAtPlace
from api.places.models import Place
from api.sources.models import SourceRecord
from importers import chunks, rows
from importers.chunks import Keys
from importers.existing import known
from importers.run import Run

UNCHECKED = "Zeilen ohne lesbaren Schlüssel: Was nicht mehr in der Datei steht, wurde nicht geprüft"


def propose_to_withdraw(run: Run, keys: Keys) -> None:
    """Propose to withdraw what the source no longer lists; nothing is deleted."""
    of_source = col(SourceRecord.source_id) == run.source.id
    if keys.without is not None:
        if not run.is_first:
            run.report.say(keys.without, "note", UNCHECKED)
        run.proposals.leave_all()
        return
    if run.is_first:
        return
    known_keys = select(col(SourceRecord.key)).where(of_source).order_by(col(SourceRecord.id))
    found = run.session.scalars(known_keys.execution_options(yield_per=chunks.ROWS))
    gone = [key for key in found if key not in keys.there]
    for start in range(0, len(gone), chunks.ROWS):
        some = gone[start : start + chunks.ROWS]
        before = known(run.session, run.source.id, some)
        for key in some:
            rows.miss(run, key, before[key])


def without_point(run: Run, keys: Keys) -> int:
    """Return how many offers of the rows have no coordinate though people could go there."""
    has_point = exists().where(
        col(OfferAtPlace.offer_id) == col(Offer.id),
        col(Place.id) == col(OfferAtPlace.place_id),
        col(Place.geom).is_not(None) | col(Place.address_hidden),
    )
    asked = (
        select(col(SourceRecord.key), col(Offer.id))
        .join(Offer, col(SourceRecord.offer_id) == col(Offer.id))
        .where(col(SourceRecord.source_id) == run.source.id, ~col(Offer.outreach), ~has_point)
    )
    found = run.session.execute(asked.execution_options(yield_per=chunks.ROWS))
    return len({offer_id for key, offer_id in found if key in keys.taken})
