"""A campaign: who is asked, and what their history says has come of it."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from api.core import clock
from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.curation import campaigns, campaigns_standing, confirming, freshness, states
from api.curation.campaigns import CampaignIn, Extent
from api.curation.campaigns_models import Campaign
from api.curation.campaigns_standing import Status
from api.curation.freshness_links import make
from api.curation.freshness_models import Purpose
from api.curation.freshness_scope import Reach
from api.history.models import Origin
from api.history.undo import undo
from api.offers import service as offers
from api.offers.models import Offer
from api.offers.models import Status as OfferStatus
from api.offers.schemas import ContactIn
from api.organizations import service as organizations
from api.regions.models import Region
from api.spaces.models import Division
from tests.factories import act, box, make_division, make_offer, make_place, make_region, make_space

OLD = date(2025, 1, 1)


@pytest.fixture
def before(session: Session, region: Region, monkeypatch: pytest.MonkeyPatch) -> list[Offer]:
    """Four entries that were there weeks ago."""
    then = clock.now() - timedelta(days=20)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: then)
        found = [make_offer(session, region, name=name, verified_on=OLD) for name in ("Aa", "Bb", "Cc", "Dd")]
        session.flush()
    return found


def begun(session: Session, region: Region, days: int = 10, **changes: object) -> Campaign:
    today = clock.today(region.timezone)
    said = {"name": "Vor den Ferien", "from_on": today, "until_on": today + timedelta(days=days)}
    return campaigns.start(session, act(region), CampaignIn(**{**said, **changes}))  # type: ignore[arg-type]


def standing(session: Session, region: Region, campaign: Campaign) -> dict[str, str]:
    session.flush()
    found = campaigns_standing.standing(session, region, campaign)
    return {one.name: one.status.value for one in campaigns_standing.page_of(session, found).results}


def confirm(session: Session, region: Region, offer: Offer) -> confirming.Confirmed:
    return confirming.confirm(session, act(region), offer.id, freshness.seen(session, [offer.id])[offer.id])


def test_the_history_says_what_has_come_of_each_entry(
    session: Session, region: Region, before: list[Offer]
) -> None:
    earlier = make_offer(session, region, name="von heute früh", verified_on=clock.today(region.timezone))
    campaign = begun(session, region)
    assert set(standing(session, region, campaign).values()) == {"asked"}
    states.pause(session, act(region, actor=states.ACTOR), earlier.id, None)
    confirm(session, region, before[1])
    offers.set_contact(session, act(region), before[2], ContactIn(label="Büro", phone="1"))
    confirm(session, region, before[2])
    states.archive(session, act(region), before[3].id)
    make_offer(session, region, name="neu")
    said = {"Aa": "asked", "Bb": "confirmed", "Cc": "changed", "Dd": "archived"}
    assert standing(session, region, campaign) == said
    found = campaigns_standing.standing(session, region, campaign)
    assert found.counts == dict.fromkeys(Status, 1) | {Status.WRITTEN: 0, Status.NO_ANSWER: 0}
    shown = campaigns_standing.page_of(session, found, page=2, per_page=3)
    assert (shown.total, [one.name for one in shown.results]) == (4, ["Cc"])
    shown = campaigns_standing.page_of(session, found, Status.CHANGED)
    assert (shown.total, [one.name for one in shown.results]) == (1, ["Cc"])


def test_a_mail_to_the_provider_is_seen_until_there_is_an_answer(
    session: Session, region: Region, before: list[Offer]
) -> None:
    provider = organizations.named(session, act(region), "Träger")
    for offer in before[:2]:
        offers.change(session, act(region, actor="pause"), offer, {"organization_id": provider.id})
    confirm(session, region, before[1])  # this very morning
    campaign = begun(session, region)
    make(session, region.id, provider.id, Purpose.CHECK)
    said = {"Aa": "written", "Bb": "confirmed", "Cc": "asked", "Dd": "asked"}
    assert standing(session, region, campaign) == said
    mine = Reach(frozenset(), frozenset({provider.id}))
    assert len(campaigns_standing.standing(session, region, campaign, mine).statuses) == 2
    planned = CampaignIn("Alle", campaign.from_on, campaign.until_on)
    assert campaigns.extent(session, region, planned) == Extent(entries=4, providers=1, due=3)
    assert campaigns.extent(session, region, planned, mine) == Extent(entries=2, providers=1, due=1)


def test_what_the_sweep_has_archived_is_seen(session: Session, region: Region, before: list[Offer]) -> None:
    campaign = begun(session, region)
    states.become(session, act(region, actor="sweep"), before[0].id, OfferStatus.ARCHIVED, None)
    assert standing(session, region, campaign)["Aa"] == "archived"


def test_a_place_that_moved_is_a_change_of_who_is_there(
    session: Session, region: Region, before: list[Offer]
) -> None:
    campaign = begun(session, region)
    offers.attach(session, act(region), before[0], make_place(session, region))
    assert standing(session, region, campaign)["Aa"] == "changed"


def test_what_was_taken_back_and_what_the_program_does_is_no_answer(
    session: Session, region: Region, before: list[Offer]
) -> None:
    campaign = begun(session, region)
    confirmed = confirm(session, region, before[0])
    confirming.take_back(session, act(region), confirmed.revisions)
    by_itself = act(region, actor=states.ACTOR, origin=Origin.COMMAND)
    offers.change(session, by_itself, before[1], {"paused_until": None, "status": "paused"})
    offers.change(session, by_itself, before[1], {"status": "published"})
    assert standing(session, region, campaign)["Aa"] == "asked"
    assert standing(session, region, campaign)["Bb"] == "asked"
    session.flush()
    undo_id = freshness.seen(session, [before[0].id])[before[0].id]
    undo(session, undo_id, "x")
    assert standing(session, region, campaign)["Aa"] == "confirmed"


def test_when_it_is_over_silence_is_no_answer_and_later_changes_are_none(
    session: Session, region: Region, before: list[Offer]
) -> None:
    campaign = begun(session, region)
    campaigns.end(session, act(region), campaign.id)
    assert standing(session, region, campaign)["Aa"] == "no_answer"
    confirm(session, region, before[0])
    assert standing(session, region, campaign)["Aa"] == "no_answer"
    with pytest.raises(ConflictError):
        campaigns.end(session, act(region), campaign.id)


def test_after_its_last_day_a_campaign_is_over(session: Session, region: Region, before: list[Offer]) -> None:
    today = clock.today(region.timezone)
    campaign = begun(session, region, from_on=today - timedelta(days=9), until_on=today - timedelta(days=1))
    assert standing(session, region, campaign)["Aa"] == "no_answer"
    assert campaigns.every(session, region) == [campaign]


def test_a_campaign_asks_about_its_spaces_and_topics(session: Session, region: Region) -> None:
    space = make_space(session, make_division(session, region), "1", box(13, 52, 14, 53))
    make_space(session, session.get_one(Division, space.division_id), "2", box(15, 52, 16, 53))
    then = begun(session, region, spaces=[space.id], from_on=clock.today("UTC") + timedelta(days=2))
    make_offer(session, region, make_place(session, region, 13.5, 52.5), name="drin")
    make_offer(session, region, make_place(session, region, 15.5, 52.5), name="draußen")
    assert list(standing(session, region, then)) == ["drin"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": " "}, "name"), ({"until_on": OLD}, "until_on"), ({"days": 400}, "until_on"),
     ({"note": "x" * 2001}, "note")],
)  # fmt: skip
def test_a_campaign_needs_a_name_and_days(
    session: Session, region: Region, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        begun(session, region, **changes)  # type: ignore[arg-type]
    assert [error.field for error in caught.value.errors] == [field]


def test_a_campaign_of_another_region_is_not_found(session: Session, region: Region) -> None:
    other = make_region(session, is_default=False)
    with pytest.raises(NotFoundError):
        campaigns.end(session, act(region), begun(session, other).id)
