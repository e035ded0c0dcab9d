"""Where rows are: how their coordinates are to be read is tried against the region's outline."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlmodel import Session

from api.core.geo import LonLat
from api.regions.models import Region
from importers import outline, values
from importers.assistant import systems
from importers.assistant.draft import Certainty, Proposal
from importers.assistant.systems import DEGREES, Reading
from importers.file_table import LON_LAT
from importers.readers.points import XY, is_swapped, pair
from importers.readers.row import Row
from importers.values import UnclearError, as_text

NEARLY_ALL: Final = 0.95  # of the points that must lie in the region
HARDLY_ANY: Final = 0.5  # … and fewer than these under any other reading
FEWEST: Final = 3  # points that prove anything
TRIED: Final = 400  # points that readings are tried with
MEASURED: Final = 2_000  # points that are looked at one by one
AT_ONCE: Final = 500  # points that the database is asked about
NAMED: Final = 10  # rows
PLAIN: Final = Reading(DEGREES)
TURNED: Final = Reading(DEGREES, is_swapped=True)


@dataclass
class Places:
    """How coordinates are read: keys of [file] and their reasons; is_taken: lon and lat are filled."""

    is_taken: bool = False
    certainty: Certainty = Certainty.SURE
    reason: str = ""
    file: dict[str, Any] = field(default_factory=dict)
    proposals: list[Proposal] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass
class _Given:
    """The coordinates of a list: the numbers of each row that has any, with the row's number.

    metres are the same numbers, with "392.345" read as thousands.
    """

    session: Session
    region: Region
    rows: list[int]
    points: list[XY]
    metres: list[XY]

    def placed(self, reading: Reading, step: int = 1) -> list[XY | None]:
        """Return every step-th point under a reading."""
        points = self.points if reading.system.crs is None else self.metres
        return systems.places(points[::step], reading)

    def inside(self, points: Sequence[XY | None]) -> list[bool]:
        """Return of each point whether it lies in the region, or just across its border."""
        known = [(position, LonLat(*point)) for position, point in enumerate(points) if point is not None]
        within = set()
        for first in range(0, len(known), AT_ONCE):
            some = known[first : first + AT_ONCE]
            beyond = outline.outside(self.session, self.region.id, [point for _, point in some])
            within |= {position for number, (position, _) in enumerate(some) if number not in beyond}
        return [position in within for position in range(len(points))]

    def shares(self) -> dict[Reading, float]:
        """Return the share of the points that lie in the region, for each reading that is possible."""
        step = max(1, len(self.points) // TRIED)
        state = self.region.state
        possible = [one for one in systems.readings(self.points[::step], state) if one.system.crs is None]
        possible += [one for one in systems.readings(self.metres[::step], state) if one.system.crs]
        found = {}
        for reading in possible:
            inside = self.inside(self.placed(reading, step))
            found[reading] = sum(inside) / len(inside)
        return found


def look(session: Session, region: Region, rows: Sequence[Row], columns: list[str]) -> Places:
    """Return how coordinates are to be read; columns: longitude and latitude, or one with both."""
    cells = {
        row.number: [row.values.get(column) for column in columns]
        for row in rows
        if not row.problem and any(as_text(row.values.get(column)) for column in columns)
    }
    read = {number: pair(said) for number, said in cells.items()}
    zeros = [number for number, point in read.items() if point == (0, 0)]
    known = {number: point for number, point in read.items() if point and point != (0, 0)}
    metres = [pair(cells[number], in_metres=True) or known[number] for number in known]
    given = _Given(session, region, list(known), list(known.values()), metres)
    found = _read(given) if known else Places(warnings=["Keine Zeile hat eine lesbare Koordinate."])
    if zeros:
        found.warnings.append(
            f"{named(zeros)}: 0/0 ist keine Koordinate. Der Eintrag bleibt; sein Ort folgt aus der Adresse."
        )
    unread = [number for number, point in read.items() if point is None]
    if unread:
        found.warnings.append(f"{named(unread)}: Die Koordinate besteht nicht aus zwei Zahlen.")
    if found.is_taken and (found.file or not all(map(_are_numbers, cells.values()))):
        found.file = {"points": columns, **found.file}
    found.proposals = [
        one.model_copy(update={"file": {"points": columns, **one.file}}) for one in found.proposals
    ]
    return found


def named(numbers: Sequence[int]) -> str:
    """Return rows as people name them: "Zeile 7", "Zeilen 3, 7 und 12 weitere"."""
    said = ", ".join(map(str, numbers[:NAMED]))
    more = f" und {len(numbers) - NAMED} weitere" if len(numbers) > NAMED else ""
    return f"{'Zeile' if len(numbers) == 1 else 'Zeilen'} {said}{more}"


def _read(given: _Given) -> Places:
    if not outline.has_spaces(given.session, given.region.id):
        return _without_outline(given)
    shares = given.shares()
    fitting = [reading for reading, share in shares.items() if share >= NEARLY_ALL]
    others = max((share for reading, share in shares.items() if reading not in fitting), default=0.0)
    if PLAIN in fitting:
        return _as_written(given, shares[PLAIN])
    if len(fitting) == 1 and others < HARDLY_ANY and len(given.points) >= FEWEST:
        return _mended(fitting[0], shares[fitting[0]])
    if fitting:
        return _doubtful([reading for reading, share in shares.items() if share >= HARDLY_ANY])
    if PLAIN in shares:
        return _as_written(given, shares[PLAIN])
    # A list may reach beyond the region; then a person must say so.
    partly = [reading for reading, share in shares.items() if share]
    return _doubtful(partly) if partly else _unknown(given)


def _as_written(given: _Given, share: float) -> Places:
    """Take degrees as they are; of single rows with swapped numbers, mend all or none."""
    found = Places(is_taken=True, reason=_of_points(share))
    turned = [at for at, point in enumerate(given.points) if is_swapped(point)]
    mended = given.inside([given.points[at][::-1] for at in turned])
    if turned:
        rows = named([given.rows[at] for at in turned])
        if all(mended) and not any(given.inside([given.points[at] for at in turned])):
            found.file["axes"] = "mixed"
            found.warnings.append(f"{rows}: Länge und Breite sind vertauscht. Sie werden getauscht.")
        else:
            found.warnings.append(
                f"{rows}: Länge und Breite sind wohl vertauscht. Bitte in der Liste prüfen."
            )
    step = len(given.points) // MEASURED + 1
    inside = given.inside(given.placed(PLAIN, step))
    beyond = [number for number, is_in in zip(given.rows[::step], inside, strict=True) if not is_in]
    beyond = [number for number in beyond if number not in {given.rows[at] for at in turned}]
    if beyond:
        of_all = f"{len(beyond)} von {len(inside)} {'geprüften ' if step > 1 else ''}Punkten"
        found.warnings.append(
            f"{of_all} liegen nicht in der Region: {named(beyond)}. Diese Zeilen werden nicht übernommen."
        )
    if share < HARDLY_ANY and share * len(given.points) < FEWEST:
        found.certainty = Certainty.UNSURE
    return found


def _mended(reading: Reading, share: float) -> Places:
    found = Places(is_taken=True, file=_keys(reading))
    found.reason = f"Die Zahlen sind {reading.name}: {_of_points(share)}, anders gelesen nicht"
    found.warnings.append(f"{found.reason}. Beim Einlesen werden sie umgerechnet.")
    return found


def _doubtful(fitting: list[Reading]) -> Places:
    names = " oder ".join(f"„{reading.name}“" for reading in fitting)
    warning = (
        f"Die Koordinaten sind vielleicht {names}, aber das ist nicht sicher. Sie werden erst übernommen,"
        " wenn Sie es in der Zuordnung eintragen."
    )
    return Places(
        proposals=[Proposal(name=reading.name, file=_keys(reading)) for reading in fitting],
        warnings=[warning],
    )


def _unknown(given: _Given) -> Places:
    for zeros in range(1, 9):
        shrunk = [(x / 10**zeros, y / 10**zeros) for x, y in given.points]
        inside = given.inside(systems.places(shrunk, PLAIN)) + given.inside(systems.places(shrunk, TURNED))
        if sum(inside) >= len(shrunk) * NEARLY_ALL:
            why = "In den Koordinaten fehlt das Komma (13404954 statt 13,404954)"
            break
    else:
        why = "Die Koordinaten liegen in keinem Koordinatensystem, das wir kennen, in der Region"
    return Places(
        warnings=[f"{why}. Sie werden nicht übernommen; die Einträge bleiben, ihr Ort folgt aus der Adresse."]
    )


def _without_outline(given: _Given) -> Places:
    found = Places(
        warnings=["Die Region hat noch keine Flächen; ob die Koordinaten stimmen, ist nicht geprüft."]
    )
    first = systems.readings(given.points, given.region.state)[:1]
    if first == [PLAIN] and not any(map(is_swapped, given.points)):
        found.is_taken, found.certainty, found.reason = True, Certainty.LIKELY, "Die Zahlen können Grad sein"
    return found


def _keys(reading: Reading) -> dict[str, Any]:
    keys = {"crs": reading.system.crs, "axes": "swapped" if reading.is_swapped else None}
    return {name: value for name, value in keys.items() if value}


def _of_points(share: float) -> str:
    if share == 1:
        return "alle Punkte liegen in der Region"
    return f"{share:.0%} der Punkte liegen in der Region".replace("%", " %")


def _are_numbers(cells: list[Any]) -> bool:
    try:
        return len(cells) == len(LON_LAT) and all(
            values.number(cell) is not None for cell in cells if as_text(cell)
        )
    except UnclearError:
        return False
