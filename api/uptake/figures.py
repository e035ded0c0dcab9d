"""What providers say about a month: places, people who came, people on the waiting list; by form or file."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import FieldError, InvalidInputError
from api.history.service import Act
from api.offers.models import BY_NAME, Offer, Status
from api.organizations.models import Organization
from api.uptake import files
from api.uptake.models import OfferFigures

MOST: Final = 100_000  # of anything in a month
MOST_OFFERS: Final = 300  # of one organization on a page
FIELDS: Final = ("places", "people", "waiting")
HEADERS: Final = ("Nummer", "Angebot", "Plätze", "Personen", "Warteliste")
# As people and spreadsheets write whole numbers: 12, 1000, 1.000, 1 000 – and 12.0, as programs save them.
_WHOLE: Final = re.compile(r"(?P<grouped>[0-9]{1,3}(?:[.\s'’][0-9]{3})+)|0*(?P<plain>[0-9]+)(?:[.,]0{1,2})?")
_LONGEST: Final = 20  # of what somebody types as a number
_NOT_CSV: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")  # how XLSX and ODS, XLS, PDF begin
NO_TABLE: Final = "Diese Datei ist keine Tabelle, die wir lesen können."
SAVE_AS: Final = (
    "Das ist keine CSV-Datei. Öffnen Sie die Tabelle und wählen Sie „Speichern unter“, dann „CSV“. Die neue "
    "Datei können Sie hier hochladen."
)
WRONG: Final = "Bitte eine ganze Zahl von 0 bis 100.000 angeben, oder das Feld leer lassen."


class Figures(NamedTuple):
    """The figures of an offer; None: unknown."""

    places: int | None = None
    people: int | None = None
    waiting: int | None = None


class Line(NamedTuple):
    """An offer with what is known of it."""

    offer_id: int
    name: str
    figures: Figures


def organizations(session: Session, within: ColumnElement[bool]) -> list[tuple[int, str]]:
    """Return the organizations that have offers here, by name; within: a condition on Offer."""
    stmt = (
        select(col(Organization.id), col(Organization.name))
        .where(
            select(col(Offer.id))
            .where(col(Offer.organization_id) == col(Organization.id), within, _is_there())
            .exists()
        )
        .order_by(col(Organization.name), col(Organization.id))
    )
    return [(number, name) for number, name in session.execute(stmt)]


def lines(session: Session, within: ColumnElement[bool], organization_id: int, month_on: date) -> list[Line]:
    """Return the offers of an organization with their figures of a month, by name."""
    values = (col(OfferFigures.places), col(OfferFigures.people), col(OfferFigures.waiting))
    same = (col(OfferFigures.offer_id) == col(Offer.id)) & (col(OfferFigures.month_on) == month_on)
    stmt = (
        select(col(Offer.id), col(Offer.name), *values)
        .outerjoin(OfferFigures, same)
        .where(within, col(Offer.organization_id) == organization_id, _is_there())
        .order_by(literal_column(BY_NAME), col(Offer.id))
        .limit(MOST_OFFERS)
    )
    return [Line(row[0], row[1], Figures(*row[2:])) for row in session.execute(stmt)]


def save(session: Session, act: Act, month_on: date, said: Mapping[int, Figures]) -> None:
    """Write the figures of some offers of the region; where nothing is known any more, none stays."""
    now = clock.now()
    for offer_id, figures in sorted(said.items()):
        row = {
            "offer_id": offer_id,
            "month_on": month_on,
            "region_id": act.region_id,
            **figures._asdict(),
            "actor": act.actor,
            "changed_at": now,
        }
        changed = {name: row[name] for name in (*FIELDS, "actor", "changed_at")}
        stmt = insert(OfferFigures).values(row)
        session.execute(stmt.on_conflict_do_update(index_elements=["offer_id", "month_on"], set_=changed))


def number(said: str) -> int | None:
    """Return a number that somebody has typed, None for nothing; raise ValueError."""
    plain = said.strip()
    if not plain:
        return None
    found = _WHOLE.fullmatch(plain) if len(plain) <= _LONGEST else None
    digits = re.sub(r"[^0-9]", "", found["grouped"] or found["plain"]) if found else ""
    if not digits or len(digits) > len(str(MOST)) or int(digits) > MOST:
        raise ValueError(said)
    return int(digits)


def written(found: Iterable[Line]) -> str:
    """Return figures as a file that can be filled in and read again."""
    return files.table(HEADERS, ((line.offer_id, line.name, *line.figures) for line in found))


def read(content: bytes, known: Iterable[Line]) -> dict[int, Figures]:
    """Return what a file says about known offers; raise InvalidInputError that names lines and columns.

    UTF-8, UTF-16 with its mark, or Windows-1252, separated by semicolons, commas or tabs. Offers are known by
    their number; columns that are not there leave what is known.
    """
    before = {line.offer_id: line.figures for line in known}
    rows = list(_rows(content))
    heads = [name.strip().lower() for name in rows[0]] if rows else []
    missing = [name for name in ("Nummer",) if name.lower() not in heads]
    if missing or not {name.lower() for name in HEADERS[2:]} & set(heads):
        detail = "In der ersten Zeile müssen stehen: Nummer, Plätze, Personen, Warteliste."
        raise InvalidInputError(detail, [FieldError("1", detail)])
    at = {field: heads.index(name.lower()) for field, name in _COLUMNS.items() if name.lower() in heads}
    found: dict[int, Figures] = {}
    errors: list[FieldError] = []
    for place, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        said = row[heads.index("nummer")].strip() if heads.index("nummer") < len(row) else ""
        offer_id = int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0  # noqa: PLR2004
        if offer_id not in before:
            errors.append(FieldError(str(place), f"Zeile {place}: Diese Nummer hat keines dieser Angebote."))
            continue
        if offer_id in found:
            errors.append(FieldError(str(place), f"Zeile {place}: Dieses Angebot steht schon weiter oben."))
            continue
        values = {}
        for field, column in at.items():
            try:
                values[field] = number(row[column]) if column < len(row) else None
            except ValueError:
                errors.append(FieldError(str(place), f"Zeile {place}, {_COLUMNS[field]}: {WRONG}"))
        found[offer_id] = before[offer_id]._replace(**values)
    if errors:
        raise InvalidInputError("The file has mistakes.", errors)
    return found


_COLUMNS: Final = dict(zip(FIELDS, HEADERS[2:], strict=True))


def _rows(content: bytes) -> Iterable[list[str]]:
    if content.startswith(_NOT_CSV):
        raise InvalidInputError(SAVE_AS, [FieldError("1", SAVE_AS)])
    text = _text(content).replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    except csv.Error:
        raise InvalidInputError(NO_TABLE, [FieldError("1", NO_TABLE)]) from None


def _text(content: bytes) -> str:
    """Return what is written: spreadsheets say UTF-16 by a mark, and on a Mac letters and their dots part."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return unicodedata.normalize("NFC", content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _is_there() -> ColumnElement[bool]:
    return col(Offer.status).in_((Status.PUBLISHED, Status.PAUSED))
