"""How to refer, from a region file: written once, and never over what somebody has said or taken back."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from api.curation import sheet
from api.history import service as history
from api.offers.models import Offer
from api.regions.models import Region
from api.sources.models import SourceRecord
from importers import referrals
from importers.errors import UnusableError
from importers.referrals import ReferralTable
from tests.curation.sheets import by
from tests.factories import act, make_offer, make_source

HERE = Path("region.toml")


@pytest.fixture
def offer(session: Session, region: Region) -> Offer:
    made = make_offer(session, region)
    source = make_source(session, region, slug="liste")
    record = SourceRecord(source_id=source.id, key="a", offer_id=made.id, raw={}, mapped={})
    history.create(session, act(region), record)
    return made


def table(**changes: Any) -> ReferralTable:
    return ReferralTable.model_validate({"source": "liste", "key": "a", "how": "Anrufen", **changes})


def test_it_is_written_once_and_stays_as_people_leave_it(
    session: Session, region: Region, offer: Offer
) -> None:
    assert "zu 1 Angeboten" in referrals.load(session, region, [table(laws=["sgb8"])], HERE)[0]
    said = sheet.read(session, offer)
    assert (said["referral.how"], said["referral.laws"]) == ("Anrufen", ["sgb8"])
    emptied = {
        path: {"old": said[path], "new": new} for path, new in (("referral.how", ""), ("referral.laws", []))
    }
    sheet.apply(session, by(region), offer, emptied)
    assert referrals.load(session, region, [table()], HERE) == []
    assert sheet.read(session, offer)["referral.how"] == ""


def test_what_is_gone_is_named_and_what_cannot_be_stops_the_loading(
    session: Session, region: Region, offer: Offer
) -> None:
    assert "„b“" in referrals.load(session, region, [table(key="b")], HERE)[0]
    with pytest.raises(UnusableError, match=r"„a“ – Wort des Anbieters vom: Von wann"):
        referrals.load(session, region, [table(waiting_weeks=2)], HERE)
