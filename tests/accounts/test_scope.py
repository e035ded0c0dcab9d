"""Where an offer lies, for scopes: the single entry and the list agree, whatever the scope."""

import pytest
from sqlmodel import Session, col, select

from api.accounts import scope
from api.accounts.models import Role
from api.accounts.policy import Action, Granted, Person
from api.offers.models import Offer, Status
from api.regions.models import Region
from tests.factories import box, make_division, make_offer, make_place, make_region, make_space


@pytest.fixture
def offers(session: Session, region: Region) -> dict[str, int]:
    """Offers in two spaces, coming to one, coming everywhere, hidden, not public, of another region."""
    division = make_division(session, region)
    make_space(session, division, "1", box(13, 52, 14, 53))
    make_space(session, division, "2", box(14, 52, 15, 53))
    west, east = make_place(session, region, 13.5, 52.5), make_place(session, region, 14.5, 52.5)
    hidden = make_place(session, region, 13.6, 52.6, address_hidden=True)
    other = make_region(session, is_default=False)
    made = {
        "west": make_offer(session, region, west, organization="Verein West"),
        "east": make_offer(session, region, east),
        "both": make_offer(session, region, [west, east]),
        "draft": make_offer(session, region, west, status=Status.DRAFT),
        "coming": make_offer(session, region, serves=["lor:1"], outreach=True),
        "everywhere": make_offer(session, region, outreach=True),
        "hidden": make_offer(session, region, hidden),
        "other": make_offer(session, other, organization="Verein West"),
    }
    session.flush()
    return {name: offer.id for name, offer in made.items()}


def person(session: Session, region: Region, role: Role, *names: str, organization: str = "") -> Person:
    """Somebody with one role, for spaces by name or an organization."""
    from api.organizations.models import Organization  # noqa: PLC0415
    from api.spaces.models import Space  # noqa: PLC0415

    spaces = session.exec(select(Space.id).where(col(Space.name).in_(names))).all()
    stmt = select(Organization.id).where(
        Organization.region_id == region.id, Organization.name == organization
    )
    granted = Granted(region.id, role, session.exec(stmt).first(), frozenset(spaces))
    return Person(1, "Person", region.id, (granted,))


@pytest.mark.parametrize(
    ("role", "names", "expected"),
    [
        (Role.COORDINATOR, ["Viertel 1"], {"west", "both", "draft", "coming"}),
        (Role.COORDINATOR, ["Viertel 2"], {"east", "both"}),
        (Role.EDITOR, ["Viertel 1", "Viertel 2"], {"west", "east", "both", "draft", "coming"}),
        (Role.ADMIN, [], {"west", "east", "both", "draft", "coming", "everywhere", "hidden"}),
        (Role.PROVIDER, [], {"west"}),
    ],
)
def test_scope_reaches_what_lies_in_it(
    session: Session,
    region: Region,
    offers: dict[str, int],
    role: Role,
    names: list[str],
    expected: set[str],
) -> None:
    organization = "Verein West" if role is Role.PROVIDER else ""
    somebody = person(session, region, role, *names, organization=organization)
    action = Action.SEE_HISTORY
    single = {
        name for name, number in offers.items() if somebody.may(action, scope.of_offer(session, number))
    }
    listed = set(session.exec(select(Offer.id).where(scope.offers_for(somebody, action))))
    assert single == expected
    assert listed == {offers[name] for name in expected}


def test_who_may_not_sees_an_empty_list(session: Session, region: Region, offers: dict[str, int]) -> None:
    somebody = person(session, region, Role.COACH)
    assert session.exec(select(Offer.id).where(scope.offers_for(somebody, Action.DECIDE))).all() == []


def test_a_space_that_is_gone_does_not_widen_a_scope(
    session: Session, region: Region, offers: dict[str, int]
) -> None:
    gone = Person(1, "Person", region.id, (Granted(region.id, Role.EDITOR, space_ids=frozenset({999_999})),))
    assert not any(gone.may(Action.DRAFT, scope.of_offer(session, number)) for number in offers.values())
    assert session.exec(select(Offer.id).where(scope.offers_for(gone, Action.DRAFT))).all() == []
