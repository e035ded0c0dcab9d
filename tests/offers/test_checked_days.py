"""The day on which an offer was last checked is a day that people can have seen."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from api.offers.schemas import OfferIn


@pytest.mark.parametrize("day", [date(1989, 12, 31), datetime.now(UTC).date() + timedelta(days=2), date.max])
def test_no_offer_was_checked_long_ago_or_will_have_been(day: date) -> None:
    with pytest.raises(ValidationError, match="verified_on must be between 1990-01-01 and today"):
        OfferIn(name="Café", verified_on=day)
