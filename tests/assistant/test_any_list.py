"""Whatever a file holds: a draft that can be written and read, or one sentence; never anything else."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from api.regions.models import Region
from importers import readers
from importers.assistant.guess import draft
from importers.assistant.written import write
from importers.errors import UnusableError
from importers.mapping import read_mapping
from tests.importers.hostile.files import Make
from tests.importers.hostile.test_hostile import REFUSED, TAKEN

Town = tuple[Session, Region]
HEADERS = (
    "Name", "Telefon", "PLZ", "Straße", "Nr", "Ort", "X", "Y", "lon", "lat", "Koordinaten", "Kategorie",
    "Adresse", "Öffnungszeiten", "Fax", "id", "Alter ab", "Kosten", "a.b", "{x}", "", "topics", "Zusatz",
    "PLZ/Ort",
)  # fmt: skip
CELLS = (
    "Treff am Platz", "Sportverein e. V.", "030 1234567", "10319", "Sewanstraße 5", "7a", "13,5", "52.5",
    "392345.12", "5819123", "0", "Mo-Fr 9-17 Uhr", "x@y.de", "www.b.de", "-", "", "kostenlos", "sport",
    "10319 Berlin", "1e400", "Weg 1, 10319 Berlin", "=1+1", "{Name}", "🙂",
)  # fmt: skip


def drafted(town: Town, path: Path, folder: Path) -> None:
    try:
        guess = draft(town[0], path, town[1])
    except UnusableError:
        return
    out = folder / "zuordnung.toml"
    out.write_text(write(guess), encoding="utf-8")
    assert read_mapping(out) == guess.mapping
    known = {name for row in readers.read(path, guess.mapping.file) for name in row.values}
    guess.mapping.check_columns(known, path.name)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.lists(st.sampled_from(HEADERS), min_size=1, max_size=8).flatmap(
        lambda header: st.tuples(
            st.just(header),
            st.lists(
                st.lists(st.sampled_from(CELLS), min_size=len(header), max_size=len(header)), max_size=6
            ),
        )
    )
)
def test_any_table_becomes_a_mapping_or_a_sentence(
    table: tuple[list[str], list[list[str]]], town: Town, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows([table[0], *table[1]])
    drafted(town, path, tmp_path)


@pytest.mark.proof
@pytest.mark.parametrize(("name", "make"), [(name, make) for name, make, _ in (*REFUSED, *TAKEN)])
def test_hostile_files_become_a_mapping_or_a_sentence(
    name: str, make: Make, town: Town, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(make())
    drafted(town, path, tmp_path)
