"""Loading a table of addresses: all or nothing, and nothing at all the second time."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session

from api.regions.models import Region
from api.sources import service as sources
from importers.errors import UnusableError
from importers.geocoding.load import load
from tests.factories import make_region
from tests.geocoding.sample import SOURCE, TOWN, load_town, mapping, table_of
from tests.importers.sample import make_lichtenberg


@pytest.fixture
def here(session: Session) -> Region:
    return make_lichtenberg(session)


def stored(session: Session) -> list[tuple[object, ...]]:
    rows = session.execute(
        text(
            "SELECT a.id, s.street, a.number, a.suffix, s.postcode, a.lon, a.lat FROM address a"
            " JOIN address_street s ON s.id = a.street_id ORDER BY a.id"
        )
    )
    return [tuple(row) for row in rows]


def test_loads_streets_and_houses(session: Session, here: Region, tmp_path: Path) -> None:
    loaded = load_town(session, tmp_path, here)
    assert (loaded.houses, loaded.streets, loaded.changed) == (13, 10, True)
    assert [row[1:] for row in stored(session) if row[2] == 14] == [
        ("Ahornallee", 14, "", "10365", 13.5003, 52.5035)
    ]


def test_nothing_changes_the_second_time(session: Session, here: Region, tmp_path: Path) -> None:
    load_town(session, tmp_path, here)
    session.refresh(here)
    before, version = stored(session), here.data_version
    again = load_town(session, tmp_path, here)
    assert (again.changed, again.houses) == (False, 13)
    assert stored(session) == before
    session.refresh(here)
    assert here.data_version == version


def test_a_new_table_replaces_the_old_one_of_its_source_alone(
    session: Session, here: Region, tmp_path: Path
) -> None:
    load_town(session, tmp_path, here)
    other = mapping(source=SOURCE | {"slug": "andere"})
    load(session, table_of(tmp_path, "Zusatzweg;1;;10365;Berlin;13,5;52,5\n"), other, "test", here.slug)
    load_town(session, tmp_path, here, "Ahornallee;1;;10365;Berlin;13,5;52,5\n")
    assert {row[1] for row in stored(session)} == {"Ahornallee", "Zusatzweg"}


def test_the_same_house_twice_is_one(session: Session, here: Region, tmp_path: Path) -> None:
    rows = "Weg am See;1;;10365;Berlin;13,5;52,5\nWeg am See;1;;10365;Berlin;13,5001;52,5\n"
    assert load_town(session, tmp_path, here, rows).houses == 1


def test_turns_metres_into_degrees(session: Session, here: Region, tmp_path: Path) -> None:
    told = mapping(file={"crs": "EPSG:25833"})
    path = table_of(tmp_path, "Weg am See;1;;10365;Berlin;398150,5;5817700,25\n")
    load(session, path, told, "test", here.slug)
    (_, _, _, _, _, lon, lat) = stored(session)[0]
    assert (lon, lat) == (13.499592, 52.499911)  # as PROJ says


@pytest.mark.parametrize(
    ("rows", "file", "said"),
    [
        ("Weg;1;;10365;Berlin;52,5;13,5\n", {}, "Keine der Adressen liegt in der Region"),
        ("Weg am See;1;;10365;Berlin;398150;5817700\n", {}, "Keine der Adressen liegt in der Region"),
        ("Weg am See;1;;10365;Berlin;1e300;5817700\n", {"crs": "EPSG:25833"}, "passen nicht zu EPSG:25833"),
        ("Weg am See;1;;10365;Berlin;13,5;52,5\n", {"crs": "EPSG:999999"}, "passen nicht zu EPSG:999999"),
        ("Weg am See;;;10365;Berlin;13,5;52,5\n", {}, "keine Adresse mit Punkt. Meist: keine Hausnummer"),
    ],
)
def test_refuses_a_table_that_cannot_be_right(
    session: Session, here: Region, tmp_path: Path, rows: str, file: dict[str, str], said: str
) -> None:
    load_town(session, tmp_path, here)
    before = stored(session)
    with pytest.raises(UnusableError, match=said), session.begin_nested():
        load(session, table_of(tmp_path, rows), mapping(file=file), "test", here.slug)
    assert stored(session) == before


def test_each_region_has_its_own(session: Session, here: Region, tmp_path: Path) -> None:
    elsewhere = make_region(session, slug="dort", is_default=False)
    load_town(session, tmp_path, here)
    assert load_town(session, tmp_path, elsewhere).changed
    assert len(stored(session)) == 2 * len(TOWN.strip().splitlines())


def test_who_gave_the_addresses_is_named_with_the_sources(
    session: Session, here: Region, tmp_path: Path
) -> None:
    load_town(session, tmp_path, here)
    assert [source.title for source in sources.of_region(session, here)] == ["Adressen von Hier"]


def test_nobody_edits_a_table_of_addresses(session: Session) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
        session.execute(text("UPDATE address SET lon = 0"))
