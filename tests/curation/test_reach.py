"""Who may open an entry whose address is hidden: who decides there, and the provider whose house it is."""

import pytest
from sqlmodel import Session

from api.accounts.models import Role
from api.accounts.policy import Action, Granted, Person
from api.core.errors import NotAllowedError, NotFoundError
from api.curation import reach, sheet
from api.curation.sight import EVERYTHING, Sight, masked_changes
from api.offers.models import Offer
from api.regions.models import Region
from tests.curation.sheets import entry, place, point


@pytest.fixture
def shelter(session: Session, region: Region) -> Offer:
    hidden = place(street="Schutzgasse 7", point=point(13.5, 52.5), address_hidden=True)
    return entry(session, region, organization="Schutz e. V.", places={"new-1": hidden})


def person(
    region: Region, role: Role, organization_id: int | None = None, *, may_publish: bool = False
) -> Person:
    granted = Granted(region.id, role, organization_id, may_publish=may_publish)
    return Person(1, "Wer", region.id, (granted,))


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMIN])
def test_whoever_decides_may(session: Session, region: Region, shelter: Offer, role: Role) -> None:
    reach.check_hidden(session, person(region, role), shelter.id)


def test_the_provider_may_and_another_one_may_not(session: Session, region: Region, shelter: Offer) -> None:
    other = entry(session, region, organization="Andere")
    reach.check_hidden(session, person(region, Role.PROVIDER, shelter.organization_id), shelter.id)
    with pytest.raises(NotAllowedError):
        reach.check_hidden(session, person(region, Role.PROVIDER, other.organization_id), shelter.id)


@pytest.mark.parametrize("publishes", [False, True])
def test_editors_may_not_but_may_open_all_else(
    session: Session, region: Region, shelter: Offer, publishes: bool
) -> None:
    editor = person(region, Role.EDITOR, may_publish=publishes)
    with pytest.raises(NotAllowedError):
        reach.check_hidden(session, editor, shelter.id)
    reach.check_hidden(session, editor, entry(session, region).id)


def test_of_a_place_that_is_gone_nobody_learns_the_street(session: Session, shelter: Offer) -> None:
    changes = {"places/987654/street": {"old": "Schutzgasse 7", "new": "Schutzgasse 8"}}
    present = sheet.read(session, shelter)
    assert masked_changes(changes, present, EVERYTHING) == changes
    assert "Schutzgasse" not in str(masked_changes(changes, present, Sight()))


def test_a_number_that_no_row_can_have_is_not_found(session: Session, region: Region) -> None:
    for asked in (reach.offer_for, reach.proposal_for):
        with pytest.raises(NotFoundError):
            asked(session, person(region, Role.ADMIN), Action.DECIDE, 2**63)
