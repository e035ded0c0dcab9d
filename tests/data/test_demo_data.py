"""The demo data keeps its promises: no personal mail, small, complete, and every example where it belongs."""

import csv
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from api.core.languages import LANGUAGES
from data.cutting import geometry, mails

DATA = Path(__file__).parents[2] / "data"
REGIONS = ("lichtenberg", "unna")
MAPPINGS = sorted(DATA.glob("*/mappings/*.toml"))
FILM_NUMBER = re.compile(r"030 23125-\d{3}|0221 4710-\d{3}")


def toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def offers(path: str) -> list[dict[str, Any]]:
    text = (DATA / path).read_text("utf-8")
    if path.endswith(".csv"):
        return list(csv.DictReader(text.splitlines()))
    content = json.loads(text)
    rows: list[dict[str, Any]] = content["angebote"] if isinstance(content, dict) else content
    return rows


def spaces(path: str) -> dict[str, geometry.Area]:
    features = json.loads((DATA / path).read_text("utf-8"))["features"]
    return {one["properties"]["id"]: geometry.area_of(one["geometry"]) for one in features}


def slugs(file: str, name: str) -> set[str]:
    entries = toml(DATA / "taxonomy" / file)[name]
    return {one["slug"] for entry in entries for one in (entry, *entry.get("children", ()))}


def examples() -> list[tuple[str, dict[str, Any]]]:
    return [(region, row) for region in REGIONS for row in offers(f"{region}/offers/beispiele.json")]


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("lichtenberg/offers/jugend.json", 70),
        ("lichtenberg/offers/schulsozialarbeit.json", 32),
        ("lichtenberg/offers/kitas.csv", 173),
        ("lichtenberg/offers/treffpunkte.csv", 35),
        ("lichtenberg/offers/bibliotheken.csv", 6),
        ("lichtenberg/offers/sport.csv", 5),
        ("lichtenberg/offers/beispiele.json", 37),
        ("unna/offers/beispiele.json", 15),
    ],
)
def test_each_file_has_the_rows_its_readme_counts(path: str, rows: int) -> None:
    assert len(offers(path)) == rows
    assert re.search(rf"{Path(path).name}`.*\b{rows}\b", (DATA / "README.md").read_text("utf-8"))


@pytest.mark.parametrize(
    ("path", "areas"),
    [
        ("lichtenberg/spaces/prognoseraeume.geojson", 5),
        ("lichtenberg/spaces/bezirksregionen.geojson", 13),
        ("lichtenberg/spaces/planungsraeume.geojson", 32),
        ("unna/spaces/gemeinden.geojson", 10),
    ],
)
def test_each_level_is_complete(path: str, areas: int) -> None:
    assert len(spaces(path)) == areas


def test_postcode_areas_carry_their_postcodes() -> None:
    topology = json.loads((DATA / "lichtenberg/spaces/postleitzahlen.topojson").read_text("utf-8"))
    shapes = topology["objects"]["berlin_postleitzahlen"]["geometries"]
    codes = [shape["properties"]["plz"] for shape in shapes]
    assert len(set(codes)) == len(codes) == 12
    assert {"10369", "13057"} <= set(codes)


@pytest.mark.parametrize("file", ["jugend", "schulsozialarbeit"])
def test_no_mail_address_names_a_person(file: str) -> None:
    for row in offers(f"lichtenberg/offers/{file}.json"):
        assert mails.without_persons(file, row["id"], row["e_mail"]) == row["e_mail"]


@pytest.mark.parametrize(
    ("address", "personal"),
    [
        ("maria.muster@traeger.example", True),
        ("m.muster@traeger.example", True),
        ("M.Muster_traeger@mail.example", True),
        ("info@traeger.example", False),
        ("schulstation-nord@traeger.example", False),
        ("club.online@traeger.example", False),
    ],
)
def test_tells_personal_mail_addresses_from_those_of_a_desk(address: str, *, personal: bool) -> None:
    assert mails.names_a_person(address) is personal


def test_mail_next_to_a_personal_address_is_left_out_too() -> None:
    assert mails.without_persons("jugend", "0", "info@traeger.example/ m.muster@traeger.example") == ""


def test_all_data_fits_into_five_megabytes() -> None:
    assert sum(file.stat().st_size for file in DATA.rglob("*") if file.is_file()) <= 5_000_000


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_mapping_names_only_known_topics_and_audiences(path: Path) -> None:
    mapping = toml(path)
    parts = [mapping.get("defaults", {}), *mapping.get("rules", ())]
    assert {slug for part in parts for slug in part.get("topics", ())} <= slugs("topics.toml", "topics")
    assert {slug for part in parts for slug in part.get("audiences", ())} <= slugs(
        "audiences.toml", "audiences"
    )


@pytest.mark.parametrize("region", REGIONS)
def test_region_file_names_only_files_that_exist(region: str) -> None:
    known = toml(DATA / region / "region.toml")
    levels = [level["file"] for division in known["divisions"] for level in division["levels"]]
    imports = [one[key] for one in known["imports"] for key in ("file", "mapping")]
    assert [path for path in levels + imports if not (DATA / region / path).is_file()] == []


def test_a_hole_is_outside_its_area() -> None:
    ring = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]
    hole = [(lon / 2 + 1, lat / 2 + 1) for lon, lat in ring]
    area = geometry.area([ring, hole])
    assert geometry.inside((0.5, 0.5), [area])
    assert not geometry.inside((2.0, 2.0), [area])
    assert geometry.share_within(area, [geometry.area([hole])]) == 0


def test_every_real_offer_lies_in_lichtenberg() -> None:
    lichtenberg = list(spaces("lichtenberg/spaces/planungsraeume.geojson").values())
    for file in (
        "jugend.json",
        "schulsozialarbeit.json",
        "kitas.csv",
        "treffpunkte.csv",
        "bibliotheken.csv",
        "sport.csv",
    ):
        for row in offers(f"lichtenberg/offers/{file}"):
            point = (float(row["lon"] if "lon" in row else row["lng"]), float(row["lat"]))
            assert geometry.inside(point, lichtenberg), (file, row["id"])


def test_every_example_lies_in_its_region_or_comes_to_people() -> None:
    areas = {
        "lichtenberg": spaces("lichtenberg/spaces/bezirksregionen.geojson"),
        "unna": spaces("unna/spaces/gemeinden.geojson"),
    }
    for region, row in examples():
        assert row.get("outreach") or geometry.inside((row["lon"], row["lat"]), areas[region].values()), row[
            "id"
        ]


@pytest.mark.parametrize(
    ("region", "path"),
    [("lichtenberg", "spaces/bezirksregionen.geojson"), ("unna", "spaces/gemeinden.geojson")],
)
def test_examples_reach_every_space_that_residents_name(region: str, path: str) -> None:
    located = [row for owner, row in examples() if owner == region and "lon" in row]
    for code, area in spaces(f"{region}/{path}").items():
        assert any(geometry.inside((row["lon"], row["lat"]), [area]) for row in located), code


def test_examples_use_only_known_words() -> None:
    topics, audiences = slugs("topics.toml", "topics"), slugs("audiences.toml", "audiences")
    for _, row in examples():
        assert row["topics"], row["id"]
        assert set(row["topics"]) <= topics, row["id"]
        assert set(row["audiences"]) <= audiences, row["id"]


def test_examples_serve_only_spaces_that_exist() -> None:
    levels = ("prognoseraeume", "bezirksregionen", "planungsraeume")
    keys = {f"lor:{code}" for level in levels for code in spaces(f"lichtenberg/spaces/{level}.geojson")}
    keys |= {f"gemeinden:{code}" for code in spaces("unna/spaces/gemeinden.geojson")}
    assert {key for _, row in examples() for key in row.get("serves", ())} <= keys


def test_examples_are_recognisably_invented() -> None:
    for _, row in examples():
        invented = "beispiel" in row["organization"].casefold() or "(Beispiel)" in row["organization"]
        assert invented, row["id"]
        assert FILM_NUMBER.fullmatch(row["phone"]), row["id"]
        assert row.get("email", "@beispiel.example").endswith("@beispiel.example"), row["id"]


def test_one_example_keeps_its_address_hidden_in_its_words_too() -> None:
    hidden = [row for _, row in examples() if row.get("address_hidden")]
    assert len(hidden) == 1
    told = " ".join(hidden[0][key] for key in ("name", "summary", "description", "hours_text"))
    streets = (hidden[0]["street"], hidden[0]["postcode"], "Hohenschönhausen")
    assert not any(word in told for word in streets)


def test_topics_have_two_levels_and_about_thirty_entries() -> None:
    topics = toml(DATA / "taxonomy/topics.toml")["topics"]
    everything = [one for topic in topics for one in (topic, *topic.get("children", ()))]
    assert len(topics) == 15
    assert 30 <= len(everything) <= 36
    assert len({one["slug"] for one in everything}) == len(everything)
    assert all(one["description_de"] and one["synonyms"] for one in everything)


def test_every_entry_of_the_vocabulary_has_a_name_in_all_six_languages() -> None:
    topics = toml(DATA / "taxonomy/topics.toml")["topics"]
    everything = [
        *(one for topic in topics for one in (topic, *topic.get("children", ()))),
        *toml(DATA / "taxonomy/audiences.toml")["audiences"],
        *toml(DATA / "taxonomy/age_bands.toml")["bands"],
    ]
    lacking = [
        (one["slug"], code) for one in everything for code in LANGUAGES if not one.get(code, "").strip()
    ]
    assert lacking == []
    for code in LANGUAGES:
        names = [one[code] for one in everything]
        assert len(set(names)) == len(names), f"{code}: two entries with one name"


def test_names_in_the_vocabulary_are_written_in_their_own_letters() -> None:
    topics = toml(DATA / "taxonomy/topics.toml")["topics"]
    audiences = toml(DATA / "taxonomy/audiences.toml")["audiences"]
    everything = [*audiences, *(one for topic in topics for one in (topic, *topic.get("children", ())))]
    for code, letters in (("ar", r"[\u0600-\u06ff]"), ("uk", r"[\u0400-\u04ff]")):
        assert [one[code] for one in everything if not re.match(letters, one[code])] == []
    assert [one["uk"] for one in everything if re.search(r"[ыэъё'’]", one["uk"].casefold())] == []


def test_age_bands_follow_each_other_without_a_gap() -> None:
    bands = toml(DATA / "taxonomy/age_bands.toml")["bands"]
    assert bands[0]["min_age"] == 0
    assert [band["max_age"] + 1 for band in bands[:-1]] == [band["min_age"] for band in bands[1:]]
    assert "max_age" not in bands[-1]
