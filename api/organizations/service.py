"""Providers, found by their name."""

from sqlmodel import Session, col, select

from api.core.text import clean
from api.history import service as history
from api.organizations.models import Organization


def named(session: Session, act: history.Act, name: str, website: str | None = None) -> Organization:
    """Return the region's organization of this name, created if it is new; blanks do not matter."""
    name = clean(name)
    found = session.exec(
        select(Organization).where(
            col(Organization.region_id) == act.region_id, col(Organization.name) == name
        )
    ).first()
    if found is not None:
        return found
    return history.create(session, act, Organization(region_id=act.region_id, name=name, website=website))
