"""Accounts of staff: who they are, what they may do where, what lets them in. Residents never have one."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.core import tables


class Role(StrEnum):
    """What somebody is in a region; what that allows stands in policy.py."""

    PROVIDER = "provider"
    COACH = "coach"
    EDITOR = "editor"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


class Event(StrEnum):
    """What the log of access rights knows."""

    INVITED = "invited"
    LINK_RENEWED = "link_renewed"
    LINK_USED = "link_used"
    GRANTED = "granted"
    REVOKED = "revoked"
    DISABLED = "disabled"
    ENABLED = "enabled"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_FAILED = "sign_in_failed"
    SESSIONS_ENDED = "sessions_ended"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of what happened
    TOTP_ADDED = "totp_added"
    TOTP_REMOVED = "totp_removed"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"


class Account(SQLModel, table=True):
    """A member of staff; elsewhere known by the number alone, so that a person can be forgotten."""

    __table_args__ = (CheckConstraint("email = lower(email)", name="email"),)

    id: int = tables.identity()
    name: str
    email: str = Field(unique=True)  # in lower case
    password_hash: str | None = None  # none: the invitation has not been accepted yet
    totp_secret: str | None = None  # as factors.py seals it
    totp_step: int = Field(default=0, sa_type=BigInteger)  # the last one used: no code works twice
    created_at: datetime = tables.instant()
    disabled_at: datetime | None = tables.instant(optional=True)


class Grant(SQLModel, table=True):
    """A role of an account in a region: of one organization, for some spaces, or for all of it."""

    __tablename__ = "account_grant"
    __table_args__ = (
        CheckConstraint("(role = 'provider') = (organization_id IS NOT NULL)", name="organization"),
        CheckConstraint("role IN ('editor', 'coordinator') OR cardinality(space_ids) = 0", name="space_ids"),
        CheckConstraint("role = 'editor' OR NOT may_publish", name="may_publish"),
        Index("ix_account_grant_region", "region_id", "account_id"),
    )

    id: int = tables.identity()
    account_id: int = tables.reference("account.id")
    region_id: int = tables.reference("region.id", index=False)
    role: Role = tables.choice(Role)
    organization_id: int | None = tables.reference("organization.id", optional=True)
    # None: the whole region. No foreign keys: a space that is gone must never widen what is left.
    space_ids: list[int] = Field(
        default_factory=list, sa_type=ARRAY(BigInteger), sa_column_kwargs={"server_default": "{}"}
    )
    may_publish: bool = False
    created_at: datetime = tables.instant()


class StaffSession(SQLModel, table=True):
    """A browser that is signed in, or has shown the password and still owes the second factor."""

    __tablename__ = "staff_session"

    id: int = tables.identity()
    account_id: int = tables.reference("account.id")
    token_hash: bytes = Field(unique=True, sa_type=LargeBinary)  # SHA-256 of the cookie
    is_whole: bool
    has_second_factor: bool = False
    browser: str  # so that people know theirs again: "Firefox, Linux"
    created_at: datetime = tables.instant()
    seen_at: datetime = tables.instant()


class Invitation(SQLModel, table=True):
    """A link that lets somebody choose a password, once and for some days."""

    id: int = tables.identity()
    account_id: int = tables.reference("account.id")
    token_hash: bytes = Field(unique=True, sa_type=LargeBinary)
    resets_factors: bool = False
    created_at: datetime = tables.instant()
    ends_at: datetime = tables.instant()
    used_at: datetime | None = tables.instant(optional=True)


class RecoveryCode(SQLModel, table=True):
    """A way in when the second factor is lost, usable once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "number"),)

    id: int = tables.identity()
    account_id: int = tables.reference("account.id", index=False)
    number: int  # its first digit, so that one hash is enough to check it
    code_hash: str
    used_at: datetime | None = tables.instant(optional=True)


class Passkey(SQLModel, table=True):
    """A key pair of which we know the public half (WebAuthn level 3)."""

    id: int = tables.identity()
    account_id: int = tables.reference("account.id")
    credential_id: bytes = Field(unique=True, sa_type=LargeBinary)
    public_key: bytes = Field(sa_type=LargeBinary)
    sign_count: int = Field(default=0, sa_type=BigInteger)
    name: str
    created_at: datetime = tables.instant()
    used_at: datetime | None = tables.instant(optional=True)


class KnownDevice(SQLModel, table=True):
    """A browser from which an account was signed in before; strangers cannot keep it out."""

    __tablename__ = "known_device"

    token_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    account_id: int = Field(primary_key=True, foreign_key="account.id", sa_type=BigInteger, index=True)
    seen_at: datetime = tables.instant()


class ExternalIdentity(SQLModel, table=True):
    """Who an account is at an OpenID provider; mail addresses pass on to others there, subjects do not."""

    __tablename__ = "external_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("account_id", "issuer"))

    id: int = tables.identity()
    account_id: int = tables.reference("account.id", index=False)
    issuer: str
    subject: str
    created_at: datetime = tables.instant()
    used_at: datetime | None = tables.instant(optional=True)


class SignInFlow(SQLModel, table=True):
    """A browser on its way to the OpenID provider and back, for some minutes and once."""

    __tablename__ = "sign_in_flow"

    state_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    browser_hash: bytes = Field(sa_type=LargeBinary)  # SHA-256 of its cookie: nobody else may come back
    account_id: int | None = tables.reference("account.id", optional=True)  # whose it is to be, when linking
    nonce: str
    verifier: str  # of PKCE
    redirect_uri: str
    back: str  # where to go then
    created_at: datetime = tables.instant()


class Attempts(SQLModel, table=True):
    """How many more attempts are free under a key, and when that was so; keys are fingerprints."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_at", "at"),)

    key: bytes = Field(primary_key=True, sa_type=LargeBinary)
    free: float
    at: datetime = tables.instant()


class AuditEvent(SQLModel, table=True):
    """Something that happened to rights or ways in; rows are only ever added, people named by number."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_region", "region_id", "id"),
        Index("ix_audit_event_account", "account_id", "id"),
    )

    id: int = tables.identity()
    at: datetime = tables.instant()
    region_id: int | None = tables.reference("region.id", optional=True, index=False)
    actor: str  # "account:7", or "command"
    event: Event = tables.choice(Event)
    # Whom it is about; no foreign key, because the log outlives the account.
    account_id: int = Field(sa_type=BigInteger)
    details: dict[str, Any] = tables.document()
