"""What looking over thousands of offers costs, and how the queue is read."""

from sqlalchemy import text
from sqlmodel import Session, select

from api.core.db import APP_ROLE
from api.doubts.listing import Wanted, counts, doubts
from api.doubts.models import Kind
from api.offers.models import Offer
from api.regions.models import Region
from importers.checking.run import check
from tests import plans


def test_a_thousand_offers_take_as_many_questions_as_ten(crowd: tuple[Session, Region]) -> None:
    session, region = crowd
    ids = list(session.scalars(select(Offer.id).order_by(Offer.id)))  # type: ignore[arg-type]
    few = plans.questions(session, lambda: check(session, region, ids[:10]))
    many = plans.questions(session, lambda: check(session, region, ids))
    assert len(many) == len(few) <= 12


def test_the_queue_is_read_from_its_index(crowd: tuple[Session, Region]) -> None:
    session, region = crowd
    check(session, region, list(session.scalars(select(Offer.id))))
    session.execute(text("RESET ROLE"))
    session.execute(text("ANALYZE doubt"))
    session.execute(text(f"SET ROLE {APP_ROLE}"))
    assert counts(session, region, Wanted()) == {Kind.TOPIC_MISSING: 1000, Kind.SUMMARY_MISSING: 1000}
    page = plans.rows_read(session, lambda: doubts(session, region, Wanted(kinds=[Kind.TOPIC_MISSING])))
    assert page["doubt"] <= 1000
    assert page["offer"] <= 20
    assert "ix_doubt_queue" in plans.plans(session, lambda: doubts(session, region, Wanted()))
