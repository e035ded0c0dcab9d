"""A town with two districts, and people who propose changes in them; commits are real."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from api.accounts.models import Account, Role
from api.core import clock
from api.curation import service
from api.curation.sheet import read
from api.history.models import Origin
from api.offers.models import Offer
from api.regions.models import Region
from api.spaces.models import Space
from tests.accounts.people import Browser, make_member
from tests.curation.sheets import by, contact, entry, place, point
from tests.factories import box, make_division, make_region, make_space, make_topic

WEST, EAST, SECRET = "Café West", "Treff Ost", "Schutzweg 7"


@dataclass
class Town:
    """Numbers of what is there."""

    engine: Engine
    west: int
    east: int
    hidden: int

    @contextmanager
    def open(self) -> Iterator[tuple[Session, Region]]:
        """A session whose work is kept, with the region."""
        with Session(self.engine) as session, session.begin():
            yield session, session.exec(select(Region)).one()

    def suggest(self, offer_id: int, actor: str = "provider:1", **new: object) -> int:
        """A provider proposes other values by its link."""
        with self.open() as (session, region):
            now = read(session, session.get_one(Offer, offer_id))
            changes = {path: {"old": now[path], "new": value} for path, value in new.items()}
            act = by(region, actor, Origin.LINK)
            return service.suggest_changes(session, act, offer_id, changes, "bitte ändern")

    def offer(self, offer_id: int) -> Offer:
        """An offer as it is now."""
        with Session(self.engine) as session:
            return session.get_one(Offer, offer_id)

    def person(self, role: Role = Role.COORDINATOR, space: str = "", **changes: object) -> Browser:
        """Somebody with a role, for one district or for all, who is in."""
        with self.open() as (session, region):
            number = len(session.exec(select(Account)).all())
            email = f"p{number}@stadt.example"
            ids = session.exec(select(Space.id).where(col(Space.name) == space)).all()
            make_member(session, region, role, email, space_ids=list(ids), **changes)
        return Browser(self.engine, network=f"10.0.{number}.1").come_in(email)


def make_town(engine: Engine) -> Town:
    """Two districts with an offer in each, and one whose address is hidden."""
    with Session(engine) as session, session.begin():
        region = make_region(session, slug="stadt", name="Musterstadt")
        division = make_division(session, region)
        make_space(session, division, "1", box(13, 52, 13.5, 53))
        make_space(session, division, "2", box(13.5, 52, 14, 53))
        make_topic(session, "geld")
        make_topic(session, "familie")
        today = clock.today(region.timezone).isoformat()  # else each of them would be due
        west = entry(
            session, region, name=WEST, topics=["geld"], verified_on=today,
            places={"new-1": place(point=point(13.2, 52.5))}, contacts={"new-1": contact()},
        )  # fmt: skip
        east = entry(
            session, region, name=EAST, topics=["familie"], verified_on=today,
            places={"new-1": place(street="Allee 2", point=point(13.7, 52.5))},
        )  # fmt: skip
        hidden = entry(
            session, region, name="Schutzhaus", verified_on=today,
            places={"new-1": place(street=SECRET, point=point(13.3, 52.5), address_hidden=True)},
        )  # fmt: skip
        return Town(engine, west.id, east.id, hidden.id)
