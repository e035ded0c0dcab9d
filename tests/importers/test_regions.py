"""Regions, divisions, spaces and the vocabulary come from files; loading them again changes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, func, select, text

from api.regions.models import Region
from api.sources.models import Source
from api.spaces.models import Division, Space
from api.taxonomy.models import Audience, Topic
from importers import regions, taxonomy
from importers.errors import UnusableError
from tests.factories import make_place

REGION = """
[region]
slug = "dort"
name = "Dort"
state = "BE"
default = true
help_name = "Telefon"
help_phone = "030 1"
[[divisions]]
slug = "lor"
name = "Räume"
resident_level = 2
source = { title = "Räume", publisher = "Amt", licence = "CC0", attribution = "Amt", date = 2020-12-31 }
[[divisions.levels]]
name = "Oben"
file = "oben.geojson"
[[divisions.levels]]
name = "Unten"
file = "unten.geojson"
parent_prefix = 2
"""


def square(code: str, name: str, west: float, east: float) -> dict[str, Any]:
    ring = [[west, 52.0], [east, 52.0], [east, 52.2], [west, 52.2], [west, 52.0]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"id": code, "name": name}, "geometry": geometry}


def write(folder: Path, below: list[dict[str, Any]]) -> Path:
    for name, features in (("oben", [square("11", "Alles", 13.0, 13.4)]), ("unten", below)):
        content = {"type": "FeatureCollection", "features": features}
        (folder / f"{name}.geojson").write_text(json.dumps(content))
    path = folder / "region.toml"
    path.write_text(REGION)
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path, [square("1101", "Süd", 13.0, 13.2), square("1102", "Süd", 13.2, 13.4)])


def load(session: Session, path: Path) -> tuple[Region, list[str]]:
    found = regions.load(session, path, regions.read_region(path))
    session.flush()
    session.expire_all()
    return found


@pytest.mark.parametrize(
    ("said", "instead", "complaint"),
    [
        ('state = "BE"', 'state = "XY"', "muss das Kürzel eines Bundeslandes sein: BB, BE, BW"),
        ('state = "BE"', 'state = "be"', "muss das Kürzel eines Bundeslandes sein"),
        ('state = "BE"', 'state = "BE"\ntimezone = "Berlin"', "muss der Name einer Zeitzone sein"),
    ],
)
def test_a_state_or_zone_without_holidays_or_clock_is_named(
    file: Path, said: str, instead: str, complaint: str
) -> None:
    file.write_text(REGION.replace(said, instead))
    with pytest.raises(UnusableError, match=complaint):
        regions.read_region(file)


def test_loads_a_region_with_its_spaces(session: Session, file: Path) -> None:
    region, remarks = load(session, file)
    assert (region.slug, region.is_default, remarks) == ("dort", True, [])
    division = session.exec(select(Division)).one()
    assert (division.level_names, division.resident_level) == (["Oben", "Unten"], 2)
    assert session.exec(select(Source.title)).all() == ["Räume"]
    spaces = session.exec(select(Space).order_by(col(Space.code))).all()
    assert [(space.key, space.slug, space.level) for space in spaces] == [
        ("lor:11", "alles", 1),
        ("lor:1101", "sued", 2),
        ("lor:1102", "sued-1102", 2),
    ]
    assert [space.parent_id for space in spaces] == [None, spaces[0].id, spaces[0].id]
    assert session.exec(select(func.distinct(func.GeometryType(Space.geom)))).all() == ["MULTIPOLYGON"]


def test_loading_a_region_again_writes_nothing(session: Session, file: Path) -> None:
    region, _ = load(session, file)
    rows = text(
        "SELECT xmin::text || ctid::text FROM space UNION ALL SELECT xmin::text || ctid::text FROM region"
    )
    before, version = session.execute(rows).all(), region.data_version
    load(session, file)
    assert session.execute(rows).all() == before
    assert region.data_version == version


def test_a_changed_polygon_takes_its_places_along(session: Session, file: Path) -> None:
    region, _ = load(session, file)
    place = make_place(session, region, 13.15, 52.1)
    inside = text(
        "SELECT s.code FROM place_space p JOIN space s ON s.id = p.space_id"
        " WHERE p.place_id = :place AND p.level = 2"
    )
    assert session.execute(inside, {"place": place.id}).scalars().all() == ["1101"]
    write(file.parent, [square("1101", "Süd", 13.0, 13.1), square("1102", "Süd", 13.1, 13.4)])
    load(session, file)
    assert session.execute(inside, {"place": place.id}).scalars().all() == ["1102"]


def test_names_spaces_that_are_in_no_file_any_more_and_keeps_them(session: Session, file: Path) -> None:
    load(session, file)
    write(file.parent, [square("1101", "Neu", 13.0, 13.2)])
    _, remarks = load(session, file)
    assert remarks == ["Räume: „Süd“ (1102) steht in keiner Datei mehr und bleibt bestehen."]
    renamed = session.exec(select(Space).where(Space.code == "1101")).one()
    assert (renamed.name, renamed.slug) == ("Neu", "sued")


@pytest.mark.parametrize(
    ("below", "reason"),
    [
        ([square("2201", "Fremd", 13.0, 13.2)], "Zu „2201“ fehlt die größere Fläche „22“"),
        ([square("1101", "", 13.0, 13.2)], "Fläche 1: „id“ oder „name“ fehlt"),
        ([square("1101", "A", 13.0, 13.2)] * 2, "Fläche 2: Den Schlüssel „1101“ gibt es schon"),
        ([square("1101", "A", 13.0, 13.2) | {"geometry": None}], "Fläche 1: Hier fehlt die Fläche"),
        ([], "enthält keine Flächen"),
    ],
)
def test_says_what_is_wrong_with_spaces(
    session: Session, tmp_path: Path, below: list[dict[str, Any]], reason: str
) -> None:
    with pytest.raises(UnusableError, match=reason):
        load(session, write(tmp_path, below))


def test_only_one_region_is_the_default(session: Session, region: Region, file: Path) -> None:
    with pytest.raises(UnusableError, match="voreingestellte"):
        load(session, file)


def test_names_a_misspelt_key_in_a_region_file(tmp_path: Path) -> None:
    path = tmp_path / "region.toml"
    path.write_text(REGION.replace("parent_prefix", "parent_prefx"))
    with pytest.raises(UnusableError) as raised:
        regions.read_region(path)
    assert str(raised.value).endswith(
        "[[divisions]] Nr. 1 [[levels]] Nr. 2 parent_prefx – dieses Feld gibt es nicht."
        " Gemeint: parent_prefix?"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [("date = 2020-12-31", "date = 9999-12-31"), ('"Amt", date', '"Amt", url = "//amt", date')],
)
def test_checks_what_a_division_says_about_its_source(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "region.toml"
    path.write_text(REGION.replace(old, new))
    with pytest.raises(UnusableError, match=r"\[\[divisions\]\] Nr. 1 \[source\] (date|url) – muss ein"):
        regions.read_region(path)


def test_loads_the_vocabulary_and_again_writes_nothing(
    session: Session, region: Region, tmp_path: Path
) -> None:
    (tmp_path / "topics.toml").write_text(
        '[[topics]]\nslug = "geld"\nicon = "geld"\nde = "Geld"\nen = "Money"\nsynonyms = ["pleite"]\n'
        '[[topics.children]]\nslug = "schulden"\nde = "Schulden"\n'
        'de-simple = "Keine Angst vor Schulden"\nar = "الديون"\ndescription_de = "Rat"\n'
    )
    audiences = '[[audiences]]\nslug = "kinder"\nde = "Kinder"\nen = "Children"\nmax_age = 13\n'
    (tmp_path / "audiences.toml").write_text(audiences)
    assert taxonomy.load(session, tmp_path) == []
    parent, child = session.exec(select(Topic).order_by(col(Topic.position))).all()
    assert (parent.slug, parent.icon, parent.synonyms) == ("geld", "geld", ["pleite"])
    assert (child.parent_id, child.icon, child.descriptions) == (parent.id, "geld", {"de": "Rat"})
    assert (parent.names, child.names) == (
        {"de": "Geld", "en": "Money"},
        {"de": "Schulden", "de-simple": "Keine Angst vor Schulden", "ar": "الديون"},
    )
    assert session.exec(select(Audience.max_age)).all() == [13]
    session.refresh(region)
    version = region.data_version
    session.expire_all()
    taxonomy.load(session, tmp_path)
    session.refresh(region)
    assert region.data_version == version
    (tmp_path / "audiences.toml").write_text(audiences.replace("kinder", "alle"))
    assert taxonomy.load(session, tmp_path) == [
        "Zielgruppe „kinder“ steht in keiner Datei mehr und bleibt bestehen."
    ]
