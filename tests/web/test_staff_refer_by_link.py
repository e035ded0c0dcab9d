"""A provider says by its link whether there is room: it never sees what stood there, and others decide."""

import re
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.core import clock
from api.curation import sheet
from api.curation.deciding import Verdict, decide
from api.offers.models import Offer
from tests.curation.sheets import by
from tests.web.provider import Provider, chosen, make_provider

# The old number of weeks, but not in an address, a token or a date.
STANDING_FREE = re.compile(r"(?<![\w/.-])519(?![\w.-])")
OLD = {"referral.waiting_weeks": 519, "referral.capacity": "yes", "referral.said_on": "2026-01-05"}
SECRET = "Durchwahl nur für Fachkräfte"


@pytest.fixture
def provider(database: Engine) -> Provider:
    found = make_provider(database, chosen(None))
    with found.open() as (session, region):
        new = {**OLD, "referral.how": SECRET}
        offer = session.get_one(Offer, found.own)
        before = sheet.read(session, offer)
        changes = {path: {"old": before[path], "new": value} for path, value in new.items()}
        assert sheet.apply(session, by(region), offer, changes).conflicts == {}
    return found


def known(provider: Provider) -> dict[str, Any]:
    with Session(provider.engine) as session:
        now = sheet.read(session, session.get_one(Offer, provider.own))
    return {path: now[path] for path in OLD}


def test_a_new_word_replaces_the_old_one_as_a_whole(provider: Provider) -> None:
    link = provider.link()
    path = f"{link}/{provider.own}"
    today = clock.today("Europe/Berlin").isoformat()
    form = provider.fields(path)
    assert (form["referral.capacity"], form["referral.waiting_weeks"]) == ("", "")
    read = provider.post(path, tun="weiter", **{"referral.capacity": "few"})
    assert "wenige Plätze frei" in read.text
    assert "nur für Fachkräfte" in read.text
    wrong = provider.post(path, tun="weiter", **{"referral.waiting_weeks": "ewig", "referral.how": "Unfug"})
    assert wrong.status_code == 422
    assert 'value="ewig"' in wrong.text
    assert "eine Zahl von Wochen" in wrong.text
    for page in (provider.opened[path], read.text, wrong.text):
        assert not [said for said in (SECRET, "05.01.2026", "Plätze frei</dd>") if said in page]
        assert not STANDING_FREE.search(page)
    assert provider.change(link, **{"referral.capacity": "few"}).status_code == 303
    (proposal,) = provider.proposals()
    assert {name: one["new"] for name, one in proposal.changes.items()} == {
        "referral.waiting_weeks": None,
        "referral.capacity": "few",
        "referral.said_on": today,
    }
    assert known(provider) == OLD
    with provider.open() as (session, region):
        decide(session, by(region), proposal.id, dict.fromkeys(proposal.changes, Verdict(accepted=True)))
    assert known(provider) == {
        "referral.waiting_weeks": None, "referral.capacity": "few", "referral.said_on": today,
    }  # fmt: skip


def test_whoever_says_nothing_of_it_changes_nothing_of_it(provider: Provider) -> None:
    for sent in ({"referral.capacity": ""}, {"referral.capacity": "einhorn", "referral.waiting_weeks": " "}):
        provider.change(provider.link(), bemerkung="Guten Tag", **sent)
    assert all("referral.capacity" not in one.changes for one in provider.proposals())
    assert known(provider) == OLD
