"""What has to be looked at again: counts, lists with the oldest first, and how often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, ColumnElement, bindparam, func, select, text
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import FieldError, InvalidInputError
from api.core.pages import Page
from api.curation.freshness_scope import EVERYTHING, Within, conditions
from api.curation.listing import MOST_COUNTED
from api.curation.sheet import get, hold
from api.history.service import Act
from api.offers import freshness, queries
from api.offers import service as offers
from api.offers.freshness import Freshness, OfferFreshness, Rule
from api.offers.models import Offer
from api.organizations.models import Organization
from api.regions.models import Region

MOST_MONTHS: Final = 16
# So many of the oldest are put in order by provider; nobody calls more of them in one morning.
MOST_ORDERED: Final = 200
DAYS_OF_A_YEAR: Final = 365
RULES: Final[Mapping[Rule, str]] = {
    Rule.SET: "so festgelegt",
    Rule.ENDS: "alle Termine haben ein Ende",
    Rule.URGENT: "bei diesem Thema zählt, dass alles stimmt",
    Rule.NEIGHBOURS: "Menschen aus der Nachbarschaft machen es",
    Rule.WORDS: "die Zeiten stehen nur als Text da",
    Rule.COURSES: "solche Angebote ändern sich mit jedem Halbjahr",
    Rule.OFFICE: "Ämter und Fachstellen ändern sich selten",
    Rule.USUAL: "wie üblich",
}
_SEEN: Final = text("""
  SELECT o.id, greatest(
    (SELECT max(id) FROM revision WHERE entity = 'offer' AND entity_id = o.id),
    (SELECT max(r.id) FROM offer_at_place a
     JOIN revision r ON r.entity = 'offer_at_place' AND r.entity_id = a.id WHERE a.offer_id = o.id),
    (SELECT max(r.id) FROM offer_at_place a JOIN revision r ON r.entity = 'place' AND r.entity_id = a.place_id
     WHERE a.offer_id = o.id),
    (SELECT max(r.id) FROM contact c JOIN revision r ON r.entity = 'contact' AND r.entity_id = c.id
     WHERE c.offer_id = o.id),
    (SELECT max(r.id) FROM schedule s JOIN revision r ON r.entity = 'schedule' AND r.entity_id = s.id
     WHERE s.offer_id = o.id),
    (SELECT max(r.id) FROM schedule_deviation d
     JOIN revision r ON r.entity = 'schedule_deviation' AND r.entity_id = d.id WHERE d.offer_id = o.id),
    (SELECT max(id) FROM revision
     WHERE action = 'delete' AND (changes #>> '{offer_id,old}'::text[])::bigint = o.id
     AND entity <> 'source_record'), 0) AS seen
  FROM unnest(:ids) AS o (id)
""").bindparams(bindparam("ids", type_=ARRAY(BigInteger)))


@dataclass(frozen=True)
class Line:
    """A public entry as lists of what is due show it."""

    offer_id: int
    slug: str
    name: str
    organization_id: int | None
    organization: str | None
    verified_on: date | None
    due_on: date | None  # none: never checked
    state: Freshness
    rule: Rule
    days: int
    seen: int  # its last revision: who confirms it says what they have seen

    @property
    def months(self) -> int:
        """Return its rhythm in months, as people choose it."""
        return months_of(self.days)


@dataclass(frozen=True)
class Group:
    """What one provider has to be asked about, the oldest first; without a provider an entry stands alone."""

    organization_id: int | None
    organization: str | None
    lines: list[Line]
    more: int  # that are not among the lines, as there are many


@dataclass(frozen=True)
class Counts:
    """How many entries are in each state, together at most MOST_COUNTED."""

    soon: int
    due: int
    overdue: int


def counts(session: Session, region: Region, within: Within = EVERYTHING) -> Counts:
    """Return how much is to be looked at; of more than MOST_COUNTED only the oldest are counted."""
    today = clock.today(region.timezone)
    some = _some(region, Freshness.SOON, today, conditions(session, within))
    is_due, is_overdue = some.c.due_on < today, some.c.overdue_on < today
    soon, due, overdue = session.execute(
        select(func.count(), func.count().filter(is_due), func.count().filter(is_overdue)).select_from(some)
    ).one()
    return Counts(soon=soon - due, due=due - overdue, overdue=overdue)


def lines(
    session: Session,
    region: Region,
    within: Within = EVERYTHING,
    least: Freshness = Freshness.DUE,
    page: int = 1,
    per_page: int = 20,
) -> Page[Line]:
    """Return a page of the entries that are at least so old, the oldest first; the never checked before all.

    The total stops at MOST_COUNTED. With FRESH as the least they are all entries.
    """
    today = clock.today(region.timezone)
    among = conditions(session, within)
    total = session.scalar(select(func.count()).select_from(_some(region, least, today, among))) or 0
    stmt = (
        _rows(_is_at_least(region, least, today), *among)
        .order_by(_column(least), col(OfferFreshness.offer_id))
        .offset((page - 1) * per_page)
        .limit(per_page)
    )
    return Page[Line](total=total, results=_read(session, stmt, today), page=page, per_page=per_page)


def by_provider(
    session: Session,
    region: Region,
    within: Within = EVERYTHING,
    state: Freshness = Freshness.DUE,
    page: int = 1,
    per_page: int = 10,
    most_lines: int = 10,
) -> Page[Group]:
    """Return a page of providers with what has to be looked at, the one with the oldest entry first.

    state: SOON is what is soon due and no more than that, DUE also what is overdue. Only the MOST_ORDERED
    oldest are among them; the total counts groups.
    """
    today = clock.today(region.timezone)
    wanted = _is_soon(region, today) if state == Freshness.SOON else _is_at_least(region, state, today)
    column = col(OfferFreshness.due_on) if state == Freshness.SOON else _column(state)
    stmt = (
        select(col(Offer.id), col(Offer.organization_id))
        .join(OfferFreshness, col(OfferFreshness.offer_id) == col(Offer.id))
        .where(wanted, *conditions(session, within))
        .order_by(column, col(OfferFreshness.offer_id))
        .limit(MOST_ORDERED)
    )
    ids: dict[tuple[int | None, int], list[int]] = {}
    for offer_id, organization_id in session.execute(stmt):
        ids.setdefault((organization_id, 0 if organization_id else offer_id), []).append(offer_id)
    shown = list(ids.values())[(page - 1) * per_page : page * per_page]
    chosen = [offer_id for group in shown for offer_id in group[:most_lines]]
    found = {line.offer_id: line for line in of_offers(session, region, chosen)}
    groups = []
    for group in shown:
        listed = [found[offer_id] for offer_id in group[:most_lines]]
        named = listed[0].organization_id, listed[0].organization
        groups.append(Group(*named, listed, len(group) - len(listed)))
    return Page[Group](total=len(ids), results=groups, page=page, per_page=per_page)


def of_offers(
    session: Session, region: Region, ids: Sequence[int], within: Within = EVERYTHING
) -> list[Line]:
    """Return those of some offers that are public in the region, the oldest first."""
    among = conditions(session, within)
    stmt = _rows(col(OfferFreshness.region_id) == region.id, col(Offer.id).in_(ids), *among)
    return _read(
        session, stmt.order_by(col(OfferFreshness.due_on), col(Offer.id)), clock.today(region.timezone)
    )


def of_organization(
    session: Session,
    region: Region,
    organization_id: int,
    within: Within = EVERYTHING,
    most: int | None = None,
) -> list[Line]:
    """Return the public entries of a provider, or the first most of them, the oldest first."""
    among = (queries.published(region.id), col(Offer.organization_id) == organization_id)
    stmt = _rows(*among, *conditions(session, within))
    stmt = stmt.order_by(col(OfferFreshness.due_on), col(Offer.id)).limit(most)
    return _read(session, stmt, clock.today(region.timezone))


def seen(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """Return the last revision of each offer with its places, contacts and hours; 0 if it has none."""
    return {row.id: row.seen for row in session.execute(_SEEN, {"ids": list(ids)})} if ids else {}


def set_rhythm(session: Session, act: Act, offer_id: int, months: int | None) -> None:
    """Say how often an offer is looked at, in months from 1 to 16; None: as its kind has it.

    Raises InvalidInputError for another number.
    """
    if months is not None and not 1 <= months <= MOST_MONTHS:
        errors = [FieldError("verify_within_days", f"Bitte wählen Sie 1 bis {MOST_MONTHS} Monate.")]
        raise InvalidInputError(f"verify_within_days: not within 1 to {MOST_MONTHS} months.", errors)
    hold(session, act.region_id)
    days = None if months is None else days_of(months)
    offers.change(session, act, get(session, act.region_id, offer_id), {"verify_within_days": days})


def days_of(months: int) -> int:
    """Return the days of some months."""
    return months * DAYS_OF_A_YEAR // 12


def months_of(days: int) -> int:
    """Return about how many months some days are, at least one."""
    return max(1, round(days * 12 / DAYS_OF_A_YEAR))


def _column(least: Freshness) -> Any:  # noqa: ANN401 - a column
    columns = {
        Freshness.FRESH: OfferFreshness.due_on,
        Freshness.SOON: OfferFreshness.fresh_until,
        Freshness.DUE: OfferFreshness.due_on,
        Freshness.OVERDUE: OfferFreshness.overdue_on,
    }
    return col(columns[least])


def _is_at_least(region: Region, least: Freshness, today: date) -> ColumnElement[bool]:
    here = col(OfferFreshness.region_id) == region.id
    return here if least == Freshness.FRESH else here & (_column(least) < today)


def _is_soon(region: Region, today: date) -> ColumnElement[bool]:
    return _is_at_least(region, Freshness.SOON, today) & (col(OfferFreshness.due_on) >= today)


def _some(region: Region, least: Freshness, today: date, among: Sequence[ColumnElement[bool]]) -> Any:  # noqa: ANN401
    stmt = select(col(OfferFreshness.due_on), col(OfferFreshness.overdue_on)).where(
        _is_at_least(region, least, today)
    )
    if among:
        stmt = stmt.join(Offer, col(Offer.id) == col(OfferFreshness.offer_id)).where(*among)
    return stmt.order_by(_column(least)).limit(MOST_COUNTED).subquery()


def _rows(*conditions: ColumnElement[bool]) -> Any:  # noqa: ANN401 - a statement of many columns
    values: list[Any] = [
        col(Offer.id).label("offer_id"),
        *(col(getattr(Offer, name)) for name in ("slug", "name", "organization_id", "verified_on")),
        col(Organization.name).label("organization"),
        *(
            col(getattr(OfferFreshness, name))
            for name in ("rule", "days", "fresh_until", "due_on", "overdue_on")
        ),
    ]
    return (
        select(*values)
        .select_from(OfferFreshness)
        .join(Offer, col(Offer.id) == col(OfferFreshness.offer_id))
        .outerjoin(Organization, col(Organization.id) == col(Offer.organization_id))
        .where(*conditions)
    )


def _read(session: Session, stmt: Any, today: date) -> list[Line]:  # noqa: ANN401
    rows = session.execute(stmt).mappings().all()
    last = seen(session, [row["offer_id"] for row in rows])
    return [_line(dict(row), today, last[row["offer_id"]]) for row in rows]


def _line(row: dict[str, Any], today: date, last: int) -> Line:
    days = (row.pop("fresh_until"), row.pop("due_on"), row.pop("overdue_on"))
    state = freshness.state(today, *days)
    due_on = freshness.said(today, days[1], days[2])["due_on"]
    return Line(**row, due_on=due_on, state=state, seen=last)
