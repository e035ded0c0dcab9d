"""What the tests of the imports share: a small mapping, rows for it, and a region to bring them into."""

from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session, select

from api.curation.models import Decision, Proposal
from api.offers.models import Offer
from api.regions.models import Region
from importers.apply import import_rows
from importers.mapping import Mapping
from importers.readers.row import Row
from importers.report import Report
from importers.run import Job
from tests.factories import box, make_audience, make_division, make_region, make_space, make_topic

SOURCE = {
    "slug": "liste",
    "region": "hier",
    "title": "Liste",
    "publisher": "Amt",
    "licence": "CC0",
    "attribution": "Amt, CC0",
    "date": "2026-03-01",
    "trust": "apply",
}
# A key that an index has no room for, which nothing but the database knows.
UNSTORABLE = "".join(str(number) for number in range(3_000))
FIELDS = {
    "name": "name",
    "organization": "organization",
    "description": "description",
    "street": "street",
    "postcode": "postcode",
    "lon": "lon",
    "lat": "lat",
    "phone": "phone",
    "website": "website",
    "address_hidden": "address_hidden",
    "topics": "topics",
    "place_hours_text": "hours",
}


def mapping(**changes: dict[str, Any] | list[Any]) -> Mapping:
    """The mapping of a list whose columns are called like the fields, with changes."""
    told: dict[str, Any] = {
        "source": SOURCE | dict(changes.pop("source", {})),
        "file": {"key": ["id"], **dict(changes.pop("file", {}))},
        "fields": FIELDS,
        "defaults": {"topics": ["freizeit"]},
    }
    return Mapping.model_validate(told | changes)


def row(key: str, **cells: object) -> dict[str, Any]:
    """A row with all columns; those that matter to the test are given."""
    return dict.fromkeys(FIELDS.values(), "") | {"id": key, "name": f"Treffpunkt {key}"} | cells


HERE = {"street": "Weg 1", "postcode": "10369", "lon": "13,5", "lat": 52.5}
FULL = row(
    "1", name="Café", organization="Verein e.V.", phone="030 12345", description="Alt.", hours="Mo", **HERE
)


def make_lichtenberg(session: Session) -> Region:
    """A region of one space around (13.5, 52.5), with a few topics and audiences."""
    region = make_region(session, slug="hier")
    make_space(session, make_division(session, region), "1", box(13.4, 52.4, 13.6, 52.6))
    for slug in ("freizeit", "kita", "sport"):
        make_topic(session, slug)
    make_audience(session, "familien")
    return region


def job(rows: list[dict[str, Any]], told: Mapping | None = None) -> Job:
    """The rows as if they had been read from a file."""
    found = [Row(number, values) for number, values in enumerate(rows, start=1)]
    return Job(found, told or mapping(), "liste.toml", "liste.json", "0" * 64)


def bring_in(
    session: Session, region: Region, rows: list[dict[str, Any]], told: Mapping | None = None
) -> Report:
    """Import rows and forget all loaded entries, as the next command would."""
    report = import_rows(session, region, job(rows, told))
    session.expire_all()
    return report


def tables(engine: Engine) -> dict[str, int]:
    """How many rows there are, and the data versions: equal means that nothing was written."""
    names = ("offer", "place", "source_record", "revision", "import_batch", "proposal", "space")
    with engine.connect() as connection:
        found = {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in names}
        version = connection.scalar(text("SELECT sum(data_version) FROM region"))
    return found | {"version": int(version or 0)}


def only_offer(session: Session) -> Offer:
    """Return the offer, if there is exactly one."""
    return session.exec(select(Offer)).one()


def open_proposals(session: Session) -> list[Proposal]:
    """Return what waits for a decision."""
    return list(session.exec(select(Proposal).where(Proposal.decision == Decision.OPEN)))


def said(report: Report, what: str) -> list[tuple[int | None, str, str]]:
    """Return number, field and reason of the remarks of one kind."""
    return [(line.number, line.field, line.reason) for line in report.rows if line.what == what]
