"""Who may do what where: one table of roles, one check of scope, and nothing that is not said here.

A route declares its action (web/staff/gate.py: `allowed(Action.DECIDE)`), and asks again for the very entry:
`person.require(Action.DECIDE, subject)` with `subject = scope.of_offer(session, offer.id)`. Deny by default:
what no grant allows is refused, and so is everything of another region.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from api.accounts.models import Role
from api.core.errors import NotAllowedError


class Action(StrEnum):
    """What members of staff do."""

    MANAGE_OWN_ACCOUNT = "manage_own_account"  # and see the start page
    SEE_ENTRIES = "see_entries"  # also those that are not public, with drafts of one's own
    READ_PROFESSIONAL_CONTACTS = "read_professional_contacts"
    DRAFT = "draft"  # new offers and changes, for nobody else to see
    PROPOSE = "propose"
    WATCH = "watch"  # searches and offers of one's own choice, for oneself alone
    CONFIRM = "confirm"  # "unverändert bestätigt"
    SEE_HISTORY = "see_history"
    SEE_QUEUE = "see_queue"  # and claim what is in it
    SEE_UPTAKE = "see_uptake"  # published numbers, and say for what case type a list is
    REPORT_FIGURES = "report_figures"  # places, people and waiting list of a month
    MANAGE_CASE_TYPES = "manage_case_types"
    EDIT_CHAINS = "edit_chains"  # help chains of the region
    DECIDE = "decide"  # about proposals, field by field
    PUBLISH = "publish"  # also one's own changes, without a proposal
    PAUSE = "pause"
    ARCHIVE = "archive"
    MERGE = "merge"
    UNDO = "undo"  # one change
    RUN_CAMPAIGN = "run_campaign"
    SEND_LINKS = "send_links"  # to providers
    IMPORT = "import"
    UNDO_BATCH = "undo_batch"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_AUDIT = "see_audit"


_EVERYBODY: Final = frozenset({Action.MANAGE_OWN_ACCOUNT, Action.SEE_ENTRIES, Action.PROPOSE, Action.WATCH})
_WRITER: Final = _EVERYBODY | {Action.DRAFT, Action.CONFIRM, Action.SEE_HISTORY}
_EDITOR: Final = _WRITER | {Action.READ_PROFESSIONAL_CONTACTS, Action.SEE_QUEUE, Action.SEE_UPTAKE}
_PUBLISHER: Final = _EDITOR | {Action.PUBLISH, Action.PAUSE}
_COORDINATOR: Final = _PUBLISHER | {
    Action.DECIDE,
    Action.ARCHIVE,
    Action.MERGE,
    Action.UNDO,
    Action.RUN_CAMPAIGN,
    Action.SEND_LINKS,
    Action.IMPORT,
    Action.UNDO_BATCH,
    Action.REPORT_FIGURES,
    Action.MANAGE_CASE_TYPES,
    Action.EDIT_CHAINS,
}
ROLES: Final[Mapping[Role, frozenset[Action]]] = {
    Role.PROVIDER: _WRITER | {Action.REPORT_FIGURES},
    Role.COACH: _EVERYBODY | {Action.READ_PROFESSIONAL_CONTACTS, Action.SEE_UPTAKE},
    Role.EDITOR: _EDITOR,
    Role.COORDINATOR: _COORDINATOR,
    Role.ADMIN: _COORDINATOR | {Action.MANAGE_ACCOUNTS, Action.SEE_AUDIT},
}
# What concerns a region as a whole: spaces or an organization are not enough.
WHOLE_REGION: Final = frozenset(
    {
        Action.IMPORT,
        Action.UNDO_BATCH,
        Action.MANAGE_CASE_TYPES,
        Action.EDIT_CHAINS,
        Action.MANAGE_ACCOUNTS,
        Action.SEE_AUDIT,
    }
)


@dataclass(frozen=True)
class Subject:
    """What an action is about, as far as scope asks: where it lies and whose it is."""

    region_id: int
    organization_id: int | None = None
    space_ids: frozenset[int] = frozenset()  # of all divisions; none: it lies in no space, or everywhere


@dataclass(frozen=True)
class Granted:
    """A role with its scope; space_ids: none is the whole region."""

    region_id: int
    role: Role
    organization_id: int | None = None
    space_ids: frozenset[int] = frozenset()
    may_publish: bool = False

    @property
    def actions(self) -> frozenset[Action]:
        """What the role allows, within the scope."""
        return _PUBLISHER if self.role is Role.EDITOR and self.may_publish else ROLES[self.role]

    @property
    def is_for_whole_region(self) -> bool:
        """Whether neither an organization nor spaces bound it."""
        return self.organization_id is None and not self.space_ids

    def allows(self, action: Action, subject: Subject | None) -> bool:
        """Return whether it allows an action with a subject, or with some subject if none is given."""
        if action not in self.actions or (action in WHOLE_REGION and not self.is_for_whole_region):
            return False
        return subject is None or self.covers(subject)

    def covers(self, subject: Subject) -> bool:
        """Return whether a subject lies in the scope."""
        if subject.region_id != self.region_id:
            return False
        if self.role is Role.PROVIDER:
            return self.organization_id is not None and subject.organization_id == self.organization_id
        return not self.space_ids or bool(self.space_ids & subject.space_ids)


@dataclass(frozen=True)
class Person:
    """Who is signed in, in one region; grants of other regions are not even known here."""

    account_id: int
    name: str
    region_id: int
    grants: tuple[Granted, ...] = ()
    has_second_factor: bool = False

    @property
    def actor(self) -> str:
        """How history and proposals name the person: by number, so that the person can be forgotten."""
        return f"account:{self.account_id}"

    @property
    def roles(self) -> frozenset[Role]:
        """The roles here, whatever their scope."""
        return frozenset(grant.role for grant in self.grants)

    def may(self, action: Action, subject: Subject | None = None) -> bool:
        """Return whether the person may do this with a subject; without one: with some subject here."""
        return any(grant.allows(action, subject) for grant in self._here())

    def require(self, action: Action, subject: Subject | None = None) -> None:
        """Raise NotAllowedError unless the person may."""
        if not self.may(action, subject):
            raise NotAllowedError

    def spaces_for(self, action: Action) -> frozenset[int] | None:
        """Return the spaces in which the person may do this; None: in the whole region; empty: in none."""
        found = [grant for grant in self._here() if grant.allows(action, None)]
        found = [grant for grant in found if grant.organization_id is None]
        if any(grant.is_for_whole_region for grant in found):
            return None
        return frozenset[int]().union(*(grant.space_ids for grant in found))

    def organizations_for(self, action: Action) -> frozenset[int]:
        """Return the organizations for whose entries the person may do this."""
        found = (grant.organization_id for grant in self._here() if grant.allows(action, None))
        return frozenset(number for number in found if number is not None)

    def _here(self) -> list[Granted]:
        return [grant for grant in self.grants if grant.region_id == self.region_id]


@dataclass(frozen=True)
class Visitor:
    """Who is not signed in: may do nothing that this module knows."""

    def may(self, action: Action, subject: Subject | None = None) -> bool:  # noqa: ARG002
        """Return False."""
        return False

    def require(self, action: Action, subject: Subject | None = None) -> None:  # noqa: ARG002
        """Raise NotAllowedError."""
        raise NotAllowedError


def grantable(
    role: Role, organization_id: int | None, space_ids: Collection[int], *, publishes: bool
) -> bool:
    """Return whether a role can have this scope; the table of grants checks the same."""
    return (
        (role is Role.PROVIDER) == (organization_id is not None)
        and (role in (Role.EDITOR, Role.COORDINATOR) or not space_ids)
        and (role is Role.EDITOR or not publishes)
    )
