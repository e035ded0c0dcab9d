"""What the assistant makes of lists of any kind: columns, key, topics and the file, each with a reason."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.core.settings import settings
from api.regions.models import Region
from importers.apply import import_file
from importers.assistant.__main__ import main
from importers.assistant.draft import Draft, changed
from importers.assistant.guess import draft
from importers.assistant.written import write
from importers.errors import UnusableError
from importers.mapping import read_mapping
from importers.run import prepare

Town = tuple[Session, Region]
SOURCE = {"publisher": "Amt", "licence": "CC0", "attribution": "Amt, CC0", "trust": "apply"}
# As an office writes it.
OFFICE = [
    {
        "Lfd. Nr.": str(number),
        "Bezeichnung": f"Beratung {word}",
        "Träger": "Verein Beispiel e. V.",
        "Straße": f"Am Tierpark {number}",
        "PLZ": "10315",
        "Ort": "Berlin",
        "Ansprechtelefon": f"030 12345-{number}0",
        "Ansprechpartner": "Frau Muster",
        "Fax": f"030 12345-{number}9",
        "E-Mail": f"info{number}@beispiel.de",
        "Internet": "www.beispiel.de",
        "Sprechzeiten": "Mo 9-12 Uhr, Do 14-18 Uhr",
        "Kosten": "kostenlos",
        "Sprachen": "Deutsch, Arabisch",
        "Rollstuhl": "ja" if number % 2 else "nein",
        "ab Alter": str(number),
        "Stadtteil": "Friedrichsfelde",
        "Kategorie": kind,
        "Bemerkung": "",
    }
    for number, (word, kind) in enumerate(
        [("Nord", "Schuldnerberatung"), ("Süd", "Sportverein"), ("Ost", "Schuldnerberatung"),
         ("West", "Sonstiges"), ("Mitte", "Sportverein")],
        start=1,
    )
]  # fmt: skip
OSM = [
    {
        "osm_id": f"node/{number}",
        "name": f"Treff {number}",
        "addr:street": "Sewanstraße",
        "addr:housenumber": f"{number}",
        "addr:postcode": "10319",
        "opening_hours": "Mo-Fr 09:00-17:00",
        "contact:phone": f"+49 30 555 {number}00",
        "contact:website": "https://beispiel.de",
        "operator": "Stadt",
        "wheelchair": "yes",
    }
    for number in range(1, 6)
]


def listed(path: Path, rows: list[dict[str, str]], delimiter: str = ";", encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def fields(guess: Draft) -> dict[str, list[str]]:
    return guess.mapping.fields


def unused(guess: Draft) -> dict[str, str]:
    return {one.column: one.reason for one in guess.unused}


@pytest.fixture
def office(town: Town, tmp_path: Path) -> Draft:
    """The draft for an office's list."""
    return draft(town[0], listed(tmp_path / "beratung-2026-03.csv", OFFICE, encoding="cp1252"), town[1])


def test_german_headers_name_their_fields(office: Draft) -> None:
    assert fields(office) == {
        "name": ["Bezeichnung"],
        "organization": ["Träger"],
        "street": ["Straße"],
        "postcode": ["PLZ"],
        "town": ["Ort"],
        "wheelchair": ["Rollstuhl"],
        "phone": ["Ansprechtelefon"],
        "email": ["E-Mail"],
        "website": ["Internet"],
        "hours_text": ["Sprechzeiten"],
        "min_age": ["ab Alter"],
        "cost": ["Kosten"],
        "languages": ["Sprachen"],
    }


def test_every_guess_says_why_and_how_sure_it_is(office: Draft) -> None:
    phone = office.by_field["phone"]
    assert phone.reason == "Spalte heißt „Ansprechtelefon“; alle 5 Werte sind Telefonnummern"
    assert (phone.certainty, office.by_field["name"].certainty) == ("wahrscheinlich", "sicher")
    assert all(guess.reason for guess in office.guesses)


def test_what_is_not_used_says_why(office: Draft) -> None:
    said = unused(office)
    assert said["Ansprechpartner"] == "nennt Personen, wird nicht übernommen"
    assert said["Fax"] == "Faxnummern werden nicht übernommen"
    assert said["Bemerkung"] == "ist leer"
    assert said["Stadtteil"] == "Stadtteile folgen aus dem Ort, nicht aus der Liste"
    assert said["Kategorie"] == "daraus folgen Themen oder Zielgruppen"
    used = {column for field in fields(office) for column in office.mapping.columns_of(field)}
    assert used | said.keys() == set(OFFICE[0])


def test_a_running_number_is_no_key(office: Draft) -> None:
    assert office.mapping.file.key == ["Bezeichnung"]
    assert "nirgends doppelt" in office.file_reasons["key"]


def test_topics_follow_from_categories_in_rules_that_can_be_read(office: Draft) -> None:
    rules = {rule.equals[0]: rule.topics for rule in office.mapping.rules if rule.column == "Kategorie"}
    assert rules == {"Schuldnerberatung": ["schulden"], "Sportverein": ["sport"]}
    assert [(rule.reason, rule.rows) for rule in office.rules[:1]] == [
        ("In „Kategorie“ steht „Schuldnerberatung“", 2)
    ]
    assert "Ohne Thema bleiben 1 von 5 Zeilen." in office.warnings


def test_what_only_people_know_is_asked_for(office: Draft) -> None:
    assert office.missing == ["publisher", "licence", "attribution"]
    assert office.mapping.source.trust == "propose"
    with pytest.raises(UnusableError, match="publisher, licence, attribution: bitte erst eintragen"):
        changed(office, source={"trust": "apply"})


def test_the_name_of_a_file_tells_its_month(office: Draft) -> None:
    assert (office.mapping.source.slug, str(office.mapping.source.date)) == ("beratung", "2026-03-01")


def test_tags_of_openstreetmap_are_known(town: Town, tmp_path: Path) -> None:
    guess = draft(town[0], listed(tmp_path / "treffs.csv", OSM), town[1])
    assert fields(guess)["street"] == ["{addr:street} {addr:housenumber}", "addr:street"]
    assert guess.mapping.file.key == ["osm_id"]
    assert {"phone", "website", "hours_text", "wheelchair", "organization", "postcode"} <= fields(
        guess
    ).keys()


def test_whole_addresses_are_parted(loaded: Engine, town: Town, tmp_path: Path) -> None:
    rows = [{"Name": f"Treff {n}", "Anschrift": f"Sewanstraße {n}, 10319 Berlin"} for n in range(1, 6)]
    path = listed(tmp_path / "treffs.csv", rows)
    guess = changed(draft(town[0], path, town[1]), source=SOURCE)
    assert fields(guess) == {"name": ["Name"], "address": ["Anschrift"]}
    mapping = tmp_path / "treffs.toml"
    mapping.write_text(write(guess), encoding="utf-8")
    job = prepare(path, mapping)
    cells = dict(next(iter(job.found)).values)
    parts = [job.mapping.reader(field)(cells) for field in ("street", "postcode", "town")]
    assert parts == ["Sewanstraße 1", "10319", "Berlin"]
    assert import_file(loaded, job, dry_run=True).counts["new"] == 5


def test_postcode_and_town_in_one_column_are_parted(town: Town, tmp_path: Path) -> None:
    rows = [{"Name": f"T {n}", "Straße": f"Weg {n}", "PLZ/Ort": "10319 Berlin"} for n in range(1, 6)]
    guess = draft(town[0], listed(tmp_path / "t.csv", rows), town[1])
    cells = {"Straße": "Weg 1", "PLZ/Ort": "10319 Berlin"}
    assert [guess.mapping.reader(field)(cells) for field in ("street", "postcode", "town")] == [
        "Weg 1", "10319", "Berlin",
    ]  # fmt: skip


def test_columns_without_a_telling_header_are_known_by_their_values(town: Town, tmp_path: Path) -> None:
    rows = [
        {"A": f"Haus {n}", "B": f"a{n}@b.de", "C": f"030 / 555 66{n}", "D": f"1036{n}", "E": f"Mo {n}-18 Uhr"}
        for n in range(1, 8)
    ]
    guess = draft(town[0], listed(tmp_path / "t.csv", rows), town[1])
    assert {field: specs[0] for field, specs in fields(guess).items()} == {
        "email": "B", "phone": "C", "postcode": "D", "hours_text": "E", "name": "A",
    }  # fmt: skip
    assert guess.by_field["email"].certainty == "wahrscheinlich"
    assert guess.by_field["name"].certainty == "unsicher"


def test_a_header_that_promises_what_is_not_there_is_not_believed(town: Town, tmp_path: Path) -> None:
    rows = [{"Name": f"Haus {n}", "Telefon": "siehe Aushang", "PLZ": "B"} for n in range(1, 6)]
    guess = draft(town[0], listed(tmp_path / "t.csv", rows), town[1])
    assert fields(guess).keys() == {"name"}
    assert unused(guess)["Telefon"] == "heißt wie Telefon, aber 0 von 1 Werten sind Telefonnummern"


def test_several_phones_go_together(town: Town, tmp_path: Path) -> None:
    rows = [{"Name": f"H {n}", "Telefon": f"030 55566{n}", "Mobil": f"0177 55566{n}"} for n in range(1, 6)]
    guess = draft(town[0], listed(tmp_path / "t.csv", rows), town[1])
    assert fields(guess)["phone"] == ["{Telefon}, {Mobil}", "Telefon", "Mobil"]


def test_names_that_many_rows_share_are_told_apart(town: Town, tmp_path: Path) -> None:
    rows = [{"Projekt": "Schulstation", "Schule": f"Schule {n}"} for n in range(1, 8)]
    guess = draft(town[0], listed(tmp_path / "t.csv", rows), town[1])
    assert fields(guess)["name"] == ["{Projekt} – {Schule}", "Projekt"]


def test_rows_that_nothing_tells_apart_are_counted(town: Town, tmp_path: Path) -> None:
    rows = [
        {"Name": "Treff", "Ort": "Berlin"},
        {"Name": "Treff", "Ort": "Berlin"},
        {"Name": "Haus", "Ort": "B"},
    ]
    guess = draft(town[0], listed(tmp_path / "t.csv", rows), town[1])
    assert any(warning.startswith("Eine Zeile lässt sich von anderen nicht") for warning in guess.warnings)


def test_the_list_inside_a_document_is_found(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(
        json.dumps(
            {"meta": {"tags": [1]}, "daten": {"angebote": [{"id": n, "name": f"H {n}"} for n in range(4)]}}
        )
    )
    guess = draft(town[0], path, town[1])
    assert guess.mapping.file.records == "daten.angebote"
    assert guess.rows == 4


def test_two_lines_of_headers_and_merged_cells_are_seen(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "Bereich;Angebot;Adresse;;\n;;Straße;PLZ;Ort\n"
        "Sport;Turnen;Weg 1;10319;Berlin\n;Tanzen;Weg 2;10319;Berlin\n;Laufen;Weg 3;10319;Berlin\n"
        "Schulden;Rat;Weg 4;10319;Berlin\n;Hilfe;Weg 5;10319;Berlin\n",
        encoding="utf-8",
    )
    guess = draft(town[0], path, town[1])
    assert (guess.mapping.file.header_rows, guess.mapping.file.fill_down) == (2, ["Bereich"])
    assert fields(guess)["street"] == ["Adresse Straße"]
    assert guess.rows == 5


@pytest.mark.parametrize(
    "awkward", ['Na"me', "Ort\\Pfad", "a # b", "名前", "emoji 🙂", "x\x7fy", "[a]", "a = 'b'"]
)
def test_a_written_draft_reads_back_as_it_was(awkward: str, town: Town, tmp_path: Path) -> None:
    rows = [
        {awkward: f"Treff {n}", "Kategorie": f'Sport "{awkward}"', "Telefon": "030 5556677"} for n in range(4)
    ]
    guess = draft(town[0], listed(tmp_path / "t.csv", rows), town[1])
    path = tmp_path / "t.toml"
    path.write_text(write(guess), encoding="utf-8")
    assert read_mapping(path) == guess.mapping
    assert Draft.model_validate_json(guess.model_dump_json()) == guess


def test_people_change_a_draft(office: Draft) -> None:
    mended = changed(office, {"name": ["{Bezeichnung} ({Ort})"], "email": []}, {"town": "Berlin"}, SOURCE)
    assert mended.mapping.fields["name"] == ["{Bezeichnung} ({Ort})"]
    assert "email" not in mended.mapping.fields
    assert (mended.mapping.source.trust, mended.missing) == ("apply", [])
    assert unused(mended)["E-Mail"] == "von Ihnen gewählt"
    with pytest.raises(UnusableError, match="die Spalte „Nam“ gibt es in der Datei nicht"):
        changed(office, {"name": ["Nam"]})
    with pytest.raises(UnusableError, match="dieses Feld gibt es nicht"):
        changed(office, {"nam": ["Bezeichnung"]})


def test_the_next_list_of_a_kind_uses_the_mapping_again(office: Draft, town: Town, tmp_path: Path) -> None:
    known = tmp_path / "frueher.toml"
    known.write_text(write(changed(office, source=SOURCE, defaults={"town": "Berlin"})), encoding="utf-8")
    rows: list[dict[str, Any]] = [
        {("Tel." if name == "Ansprechtelefon" else name): cell for name, cell in row.items()}
        for row in OFFICE
    ]
    for row in rows:
        del row["Kosten"]
        row["Untertitel"] = "Hilfe für alle"
    guess = draft(town[0], listed(tmp_path / "beratung-2026-04.csv", rows), town[1], [known])
    assert guess.mapping.defaults == {"town": "Berlin"}
    assert guess.mapping.fields["phone"] == ["Tel."]
    assert "cost" not in guess.mapping.fields
    assert guess.missing == []
    for said in ("passt und wird wieder benutzt", "„Ansprechtelefon“ heißt jetzt wohl „Tel.“",
                 "Die Spalte „Kosten“ gibt es nicht mehr", "Neu ist „Untertitel“"):  # fmt: skip
        assert any(said in warning for warning in guess.warnings), said


def test_a_mapping_of_another_kind_is_not_used(office: Draft, town: Town, tmp_path: Path) -> None:
    known = tmp_path / "frueher.toml"
    known.write_text(write(changed(office, source=SOURCE)), encoding="utf-8")
    guess = draft(town[0], listed(tmp_path / "treffs.csv", OSM), town[1], [known])
    assert guess.missing


@pytest.mark.parametrize(
    ("content", "reason"),
    [("Nr;Zahl\n", "keine Zeilen"), ("1;2\n3;4\n5;6\n", "sieht wie ein Name aus"), ("", "Kopfzeile")],
)
def test_a_file_without_a_list_is_refused_in_a_sentence(
    content: str, reason: str, town: Town, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnusableError, match=reason):
        draft(town[0], path, town[1])


def test_the_command_writes_a_mapping(
    loaded: Engine,
    owner_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LANDKARTE_DATABASE_URL", owner_url)
    settings.cache_clear()
    path, out = listed(tmp_path / "treffs.csv", OSM), tmp_path / "treffs.toml"
    assert main([str(path), "--region", "lichtenberg", "--out", str(out)]) == 0
    assert read_mapping(out).fields["name"] == ["name"]
    assert "name: sicher" in capsys.readouterr().err
    assert main([str(path), "--region", "lichtenberg", "--out", str(out)]) == 2
    assert "gibt es schon" in capsys.readouterr().err
    assert main([str(path), "--region", "lichtenburg"]) == 2
    assert "Gemeint: lichtenberg?" in capsys.readouterr().err
