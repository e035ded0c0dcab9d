"""Links by mail: for one purpose, once, until they expire; whoever used them twice has done no damage."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from api.core import clock
from api.core.errors import ConflictError, NotFoundError
from api.curation import freshness_links as links
from api.curation.freshness_links import Standing
from api.curation.freshness_models import ProviderLink, ProviderMail, Purpose
from api.offers import service as offers
from api.offers.models import Offer
from api.regions.models import Region
from tests.factories import act, make_offer, make_region


@pytest.fixture
def offer(session: Session, region: Region) -> Offer:
    return make_offer(session, region, organization="Träger")


def made(session: Session, region: Region, offer: Offer, purpose: Purpose = Purpose.CHECK) -> str:
    assert offer.organization_id is not None
    return links.make(session, region.id, offer.organization_id, purpose)


def test_a_link_is_known_to_the_mail_alone(session: Session, region: Region, offer: Offer) -> None:
    token = made(session, region, offer)
    kept = session.exec(select(ProviderLink)).one()
    assert token.encode() not in kept.token_hash
    assert len(kept.token_hash) == 32
    assert links.find(session, region.id, token, Purpose.CHECK).standing == Standing.OPEN


def test_a_link_is_used_once(session: Session, region: Region, offer: Offer) -> None:
    token = made(session, region, offer)
    link = links.redeem(session, region.id, token)
    assert links.act_of(link) == act(region, actor=f"provider:{offer.organization_id}", origin="link")
    assert links.find(session, region.id, token, Purpose.CHECK).standing == Standing.USED
    with pytest.raises(ConflictError, match="used"):
        links.redeem(session, region.id, token)


def test_a_link_expires(
    session: Session, region: Region, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = made(session, region, offer)
    then = clock.now() + timedelta(days=42, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: then)
    assert links.find(session, region.id, token, Purpose.CHECK).standing == Standing.EXPIRED
    with pytest.raises(ConflictError, match="expired"):
        links.redeem(session, region.id, token)
    assert links.forget(session) == 0
    monkeypatch.setattr(clock, "now", lambda: then + timedelta(days=401))
    assert links.forget(session) == 1


def test_a_newer_link_ends_the_older_one(session: Session, region: Region, offer: Offer) -> None:
    first, second = made(session, region, offer), made(session, region, offer)
    assert links.find(session, region.id, first, Purpose.CHECK).standing == Standing.EXPIRED
    assert links.find(session, region.id, second, Purpose.CHECK).standing == Standing.OPEN


@pytest.mark.parametrize("token", ["", "x", "ä" * 5000])
def test_what_is_no_link_is_not_found(session: Session, region: Region, token: str) -> None:
    with pytest.raises(NotFoundError):
        links.redeem(session, region.id, token)


def test_a_link_is_good_for_its_purpose_and_region_alone(
    session: Session, region: Region, offer: Offer
) -> None:
    other = make_region(session, is_default=False)
    quiet = made(session, region, offer, Purpose.QUIET)
    check = made(session, region, offer)
    with pytest.raises(NotFoundError):
        links.redeem(session, region.id, quiet)
    with pytest.raises(NotFoundError):
        links.redeem(session, other.id, check)
    with pytest.raises(NotFoundError):
        links.be_quiet(session, region.id, check)


def test_a_link_tells_what_has_changed_since_the_mail(session: Session, region: Region, offer: Offer) -> None:
    other = make_offer(session, region, organization="Träger")
    session.flush()
    link = links.find(session, region.id, made(session, region, offer), Purpose.CHECK).link
    assert links.changed_since(session, region, link) == []
    offers.change(session, act(region), other, {"name": "Anders"})
    session.flush()
    assert links.changed_since(session, region, link) == [other.id]
    assert {line.offer_id for line in links.entries(session, region, link)} == {offer.id, other.id}


def test_who_wants_no_mail_says_so_and_may_change_their_mind(
    session: Session, region: Region, offer: Offer
) -> None:
    token = made(session, region, offer, Purpose.QUIET)
    for quiet in (True, True, False):
        assert links.be_quiet(session, region.id, token, quiet=quiet).name == "Träger"
        choice = session.exec(select(ProviderMail)).one()
        assert (choice.quiet_since is not None) == quiet
