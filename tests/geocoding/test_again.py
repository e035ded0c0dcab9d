"""Places without a point are looked for again, by command: one import that can be taken back."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from api.core.settings import Settings, settings
from api.history.models import ImportBatch
from api.history.undo import undo_batch
from api.places.models import Place, PlaceSpace
from importers.geocoding import __main__ as command
from importers.geocoding.again import Placed, place_again
from tests.factories import make_place
from tests.geocoding.sample import FIELDS, SOURCE, load_town, table_of
from tests.importers.sample import make_lichtenberg


@pytest.fixture
def quiet() -> Settings:
    return Settings(database_url="postgresql+psycopg://", _env_file=None)


def prepare(engine: Engine, folder: Path, *, with_table: bool = True) -> None:
    with Session(engine) as session:
        region = make_lichtenberg(session)
        if with_table:
            load_town(session, folder, region)
        make_place(session, region, name="Haus", street="Ahornallee 1", postcode="10365")
        make_place(session, region, name="Straße", street="Ahornallee", postcode="10365")
        make_place(session, region, name="Nirgends", street="Unbekannte Gasse 1", postcode=None)
        make_place(session, region, name="Frauenhaus", street="Ahornallee 2", address_hidden=True)
        make_place(session, region, 13.51, 52.51, name="Gegeben", street="Ahornallee 14")
        session.commit()


def points(engine: Engine) -> dict[str | None, tuple[float | None, str | None]]:
    with Session(engine) as session:
        return {place.name: (place.lon, place.precision) for place in session.exec(select(Place))}


def test_places_what_can_be_found_and_lists_the_rest(
    database: Engine, tmp_path: Path, quiet: Settings
) -> None:
    prepare(database, tmp_path)
    placed = place_again(database, "hier", quiet, "test")
    assert points(database) == {
        "Haus": (13.5, "house"),
        "Straße": (13.5002, "street"),
        "Nirgends": (None, None),
        "Frauenhaus": (None, None),
        "Gegeben": (13.51, None),
    }
    assert (placed.asked, dict(placed.found)) == (3, {"house": 1, "street": 1})
    assert list(placed.left.values()) == [
        ("Nirgends; Unbekannte Gasse 1, Berlin", "Die Straße steht nicht in der Adresstabelle")
    ]
    with Session(database) as session:
        assert session.exec(select(PlaceSpace.place_id).distinct().order_by(col(PlaceSpace.place_id))).all()


def test_a_dry_run_and_a_second_time_write_nothing(database: Engine, tmp_path: Path, quiet: Settings) -> None:
    prepare(database, tmp_path)
    before = points(database)
    assert place_again(database, "hier", quiet, "test", dry_run=True).found.total() == 2
    assert points(database) == before
    place_again(database, "hier", quiet, "test")
    again = place_again(database, "hier", quiet, "test")
    assert (again.found.total(), again.batches) == (0, [])


def test_it_is_taken_back_as_a_whole(database: Engine, tmp_path: Path, quiet: Settings) -> None:
    prepare(database, tmp_path)
    before = points(database)
    (batch,) = place_again(database, "hier", quiet, "test").batches
    with Session(database) as session, session.begin():
        assert undo_batch(session, batch, "test").kept == []
    assert points(database) == before


def test_the_batch_names_where_the_points_come_from(
    database: Engine, tmp_path: Path, quiet: Settings
) -> None:
    prepare(database, tmp_path)
    place_again(database, "hier", quiet, "test")
    with Session(database) as session:
        batch = session.exec(select(ImportBatch)).one()
        assert (batch.actor, batch.counts) == ("test", {"changed": 2})


def test_without_a_table_it_says_so(database: Engine, tmp_path: Path, quiet: Settings) -> None:
    prepare(database, tmp_path, with_table=False)
    placed = place_again(database, "hier", quiet, "test")
    assert {reason for _, reason in placed.left.values()} == {"Es ist keine Adresstabelle geladen"}


def test_when_all_have_a_point_it_says_so() -> None:
    assert Placed().text() == "Alle Orte mit Adresse haben einen Punkt."


def test_the_command_loads_and_places(
    database: Engine,
    tmp_path: Path,
    owner_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    prepare(database, tmp_path, with_table=False)
    monkeypatch.setenv("LANDKARTE_DATABASE_URL", owner_url)
    settings.cache_clear()
    told = [f'{name} = "{value}"' for name, value in SOURCE.items()]
    fields = [f'{name} = "{value}"' for name, value in FIELDS.items()]
    mapping = tmp_path / "adressen.toml"
    mapping.write_text("\n".join(["[source]", *told, "[fields]", *fields]), encoding="utf-8")
    assert command.main([str(table_of(tmp_path)), "--mapping", str(mapping)]) == 0
    assert command.main(["--again", "--region", "hier"]) == 0
    settings.cache_clear()
    said = capsys.readouterr().out
    assert "Adressen von Hier: 13 Häuser in 10 Straßen (geladen)." in said
    assert "3 Orte ohne Punkt, 2 gefunden (1 am Haus, 1 in der Straße)." in said
    assert "Nirgends; Unbekannte Gasse 1, Berlin" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Bitte eine Datei und mit --mapping ihre Zuordnung nennen"),
        (["--again"], "Bitte mit --region das Kürzel der Region nennen"),
        (["--again", "--region", "dort"], "Die Region „dort“ gibt es nicht."),
    ],
)
def test_the_command_says_what_it_lacks(
    database: Engine,
    owner_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.setenv("LANDKARTE_DATABASE_URL", owner_url)
    settings.cache_clear()
    assert command.main(arguments) == 2
    settings.cache_clear()
    assert said in capsys.readouterr().err
