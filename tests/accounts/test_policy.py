"""Who may do what where: the table says it, and nothing that it does not say is allowed."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.accounts.models import Role
from api.accounts.policy import ROLES, WHOLE_REGION, Action, Granted, Person, Subject, Visitor, grantable
from api.core.errors import NotAllowedError

HERE, THERE = 1, 2
NUMBERS = st.integers(1, 6)
SPACES = st.frozensets(NUMBERS, max_size=3)
SUBJECTS = st.builds(Subject, st.sampled_from([HERE, THERE]), st.none() | NUMBERS, SPACES)


@st.composite
def grants(draw: st.DrawFn) -> Granted:
    """A grant as the table can hold it."""
    role = draw(st.sampled_from(Role))
    has_spaces = role in (Role.EDITOR, Role.COORDINATOR)
    found = Granted(
        region_id=draw(st.sampled_from([HERE, THERE])),
        role=role,
        organization_id=draw(NUMBERS) if role is Role.PROVIDER else None,
        space_ids=draw(SPACES) if has_spaces else frozenset(),
        may_publish=draw(st.booleans()) if role is Role.EDITOR else False,
    )
    assert grantable(role, found.organization_id, found.space_ids, publishes=found.may_publish)
    return found


PEOPLE = st.builds(
    lambda given: Person(1, "Person", HERE, tuple(given)), given=st.lists(grants(), max_size=4)
)


def oracle(person: Person, action: Action, subject: Subject) -> bool:
    """The rules once more, as a city would say them."""
    for grant in person.grants:
        if grant.region_id != HERE or subject.region_id != HERE:
            continue
        is_bounded = bool(grant.organization_id or grant.space_ids)
        is_named = action in ROLES[grant.role] or (
            grant.may_publish and action in (Action.PUBLISH, Action.PAUSE)
        )
        if not is_named or (is_bounded and action in WHOLE_REGION):
            continue
        if grant.role is Role.PROVIDER and grant.organization_id != subject.organization_id:
            continue
        if grant.space_ids and not grant.space_ids & subject.space_ids:
            continue
        return True
    return False


@given(PEOPLE, st.sampled_from(Action), SUBJECTS)
def test_the_policy_is_what_the_rules_say(person: Person, action: Action, subject: Subject) -> None:
    assert person.may(action, subject) == oracle(person, action, subject)


@given(PEOPLE, st.sampled_from(Action), SUBJECTS)
def test_who_may_do_it_there_may_do_it_somewhere(person: Person, action: Action, subject: Subject) -> None:
    if person.may(action, subject):
        assert person.may(action)


@given(PEOPLE, st.sampled_from(Action), SUBJECTS)
def test_lists_show_what_single_entries_allow(person: Person, action: Action, subject: Subject) -> None:
    spaces, organizations = person.spaces_for(action), person.organizations_for(action)
    if subject.region_id == HERE:
        listed = (
            spaces is None or bool(spaces & subject.space_ids) or subject.organization_id in organizations
        )
        assert listed == person.may(action, subject)


@given(PEOPLE, grants(), st.sampled_from(Action), SUBJECTS)
def test_one_more_role_never_takes_anything_away(
    person: Person, more: Granted, action: Action, subject: Subject
) -> None:
    richer = Person(1, "Person", HERE, (*person.grants, more))
    if person.may(action, subject):
        assert richer.may(action, subject)


@pytest.mark.parametrize("action", Action)
def test_who_is_not_signed_in_or_has_no_role_may_nothing(action: Action) -> None:
    for nobody in (Visitor(), Person(1, "Person", HERE)):
        assert not nobody.may(action)
        assert not nobody.may(action, Subject(HERE))
        with pytest.raises(NotAllowedError):
            nobody.require(action, Subject(HERE))


def test_every_action_is_somebodys_and_none_is_everybodys_but_the_own_account() -> None:
    for action in Action:
        roles = {role for role in Role if action in ROLES[role]}
        assert Role.ADMIN in roles
        common = {Action.MANAGE_OWN_ACCOUNT, Action.SEE_ENTRIES, Action.PROPOSE, Action.WATCH}
        assert (roles == set(Role)) == (action in common)


# What people would be angry about, one line each.
SAID = [
    (Role.PROVIDER, Action.PUBLISH, False),
    (Role.PROVIDER, Action.READ_PROFESSIONAL_CONTACTS, False),
    (Role.PROVIDER, Action.PROPOSE, True),
    (Role.COACH, Action.READ_PROFESSIONAL_CONTACTS, True),
    (Role.COACH, Action.SEE_QUEUE, False),
    (Role.EDITOR, Action.PUBLISH, False),
    (Role.EDITOR, Action.DECIDE, False),
    (Role.COORDINATOR, Action.DECIDE, True),
    (Role.COORDINATOR, Action.MANAGE_ACCOUNTS, False),
    (Role.COORDINATOR, Action.SEE_AUDIT, False),
    (Role.ADMIN, Action.MANAGE_ACCOUNTS, True),
]


@pytest.mark.parametrize(("role", "action", "allowed"), SAID)
def test_roles_mean_what_they_are_called(role: Role, action: Action, allowed: bool) -> None:
    organization = 1 if role is Role.PROVIDER else None
    person = Person(1, "Person", HERE, (Granted(HERE, role, organization),))
    assert person.may(action, Subject(HERE, 1, frozenset({3}))) is allowed


@pytest.mark.parametrize(
    ("role", "action"), list(product([Role.EDITOR, Role.COORDINATOR], sorted(WHOLE_REGION)))
)
def test_spaces_are_not_enough_for_what_concerns_a_whole_region(role: Role, action: Action) -> None:
    person = Person(1, "Person", HERE, (Granted(HERE, role, space_ids=frozenset({3})),))
    assert not person.may(action)
    assert not person.may(action, Subject(HERE, None, frozenset({3})))
