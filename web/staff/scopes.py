"""Roles and their scopes in words, and the places that an admin can choose for them."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from sqlmodel import Session, col, select

from api.accounts.models import Grant, Role
from api.accounts.people import GrantIn
from api.accounts.policy import Granted
from api.core.errors import FieldError, InvalidInputError
from api.organizations.models import Organization
from api.spaces.models import Division, Space
from web.staff.words import ROLES

SPACE: Final = "raum-"  # begins the names of the boxes for spaces
AREA: Final = "gebiet"  # says whether those boxes matter: nobody gets everything by forgetting them
WHOLE, SPACES = "alles", "raeume"


class Level(NamedTuple):
    """The spaces of one level of a division, to choose from: number and name."""

    name: str
    spaces: list[tuple[int, str]]


def said(session: Session, grant: Grant | Granted) -> str:
    """Return a role with its scope: "Redaktion für Fennpfuhl und Alt-Lichtenberg, veröffentlicht selbst"."""
    words = ROLES[grant.role]
    if grant.organization_id is not None:
        organization = session.get(Organization, grant.organization_id)
        words += f" für {organization.name if organization else 'eine gelöschte Organisation'}"
    elif grant.space_ids:
        names = session.exec(
            select(Space.name).where(col(Space.id).in_(grant.space_ids)).order_by(col(Space.name))
        ).all()
        words += f" für {_listed(list(names)) if names else 'Räume, die es nicht mehr gibt'}"
    else:
        words += " für die ganze Landkarte" if grant.role in (Role.EDITOR, Role.COORDINATOR) else ""
    return f"{words}, veröffentlicht selbst" if grant.may_publish else words


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} und {names[-1]}"


def levels(session: Session, region_id: int) -> list[Level]:
    """Return all spaces of a region by division and level."""
    rows = session.exec(
        select(Division, Space)
        .join(Space, col(Space.division_id) == col(Division.id))
        .where(col(Division.region_id) == region_id)
        .order_by(col(Division.name), col(Space.level), col(Space.name))
    )
    found: dict[str, list[tuple[int, str]]] = {}
    for division, space in rows:
        level = division.level_names[space.level - 1] if space.level <= len(division.level_names) else ""
        found.setdefault(f"{division.name}: {level}", []).append((space.id, space.name))
    return [Level(name, spaces) for name, spaces in found.items()]


def organizations(session: Session, region_id: int) -> list[str]:
    """Return the names of all organizations of a region."""
    stmt = select(Organization.name).where(col(Organization.region_id) == region_id)
    return list(session.exec(stmt.order_by(col(Organization.name))))


def chosen(session: Session, region_id: int, sent: Mapping[str, str]) -> GrantIn:
    """Return the role and scope that a form chooses; raise InvalidInputError that names the field."""
    if sent.get("rolle") not in set(Role):
        raise InvalidInputError(errors=[FieldError("rolle", "Bitte wählen Sie eine Rolle.")])
    role = Role(sent["rolle"])
    has_spaces = role in (Role.EDITOR, Role.COORDINATOR)
    spaces = _spaces_of(sent) if has_spaces else []
    organization_id = None
    if role is Role.PROVIDER:
        name = sent.get("organisation", "").strip()
        stmt = select(Organization.id).where(
            col(Organization.region_id) == region_id, col(Organization.name) == name
        )
        organization_id = session.exec(stmt).first()
        if organization_id is None:
            detail = "Diese Organisation gibt es hier nicht. Bitte wählen Sie eine aus der Liste."
            raise InvalidInputError(errors=[FieldError("organisation", detail)])
    publishes = role is Role.EDITOR and sent.get("veroeffentlicht") == "ja"
    return GrantIn(role, organization_id, tuple(int(number) for number in spaces), publishes)


def _spaces_of(sent: Mapping[str, str]) -> list[str]:
    """Return the numbers of the spaces that a form chooses; none: the whole region, if it says so."""
    spaces = [name.removeprefix(SPACE) for name in sent if name.startswith(SPACE)]
    area = sent.get(AREA, SPACES if spaces else "")
    if area not in (WHOLE, SPACES):
        raise _mistake("Bitte wählen Sie: die ganze Landkarte oder bestimmte Räume.")
    if area == WHOLE and spaces:
        raise _mistake("Sie haben Räume angekreuzt und die ganze Landkarte gewählt. Bitte nur eines davon.")
    if area == SPACES and not spaces:
        raise _mistake("Bitte kreuzen Sie mindestens einen Raum an.")
    if not all(number.isascii() and number.isdecimal() and len(number) < 16 for number in spaces):  # noqa: PLR2004
        raise _mistake("Diesen Raum gibt es hier nicht.")
    return spaces


def _mistake(words: str) -> InvalidInputError:
    return InvalidInputError(errors=[FieldError("raum", words)])
