"""Providers, found by their name."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Text, cast, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col, select

from api.core.text import clean
from api.history import service as history
from api.organizations.models import Organization


class Provider(NamedTuple):
    """An organization that is there."""

    id: int
    name: str
    website: str | None


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


def all_named(session: Session, act: history.Act, wanted: Mapping[str, str | None]) -> dict[str, Provider]:
    """Return the region's organizations of many names, as named does; wanted: websites by name."""
    clear = {name: clean(name) for name in wanted}
    websites: dict[str, str | None] = {}
    for name, website in wanted.items():
        websites.setdefault(clear[name], website)
    # A join: each name is looked up, instead of every organization being held against all names.
    asked = func.unnest(cast(list(websites), ARRAY(Text))).table_valued("name").render_derived(name="asked")
    stmt = (
        select(Organization.id, Organization.name, Organization.website)
        .select_from(asked)
        .join(Organization, col(Organization.name) == asked.c.name)
        .where(col(Organization.region_id) == act.region_id)
    )
    found = {row.name: Provider(*row) for row in session.execute(stmt)}
    new = {name: website for name, website in websites.items() if name not in found}
    rows = [{"region_id": act.region_id, "name": name, "website": website} for name, website in new.items()]
    ids = history.create_many(session, act, Organization, rows)
    found |= {name: Provider(number, name, new[name]) for number, name in zip(ids, new, strict=True)}
    return {name: found[clear[name]] for name in wanted}
