"""Mapping files: every mistake is named with its file, table and key."""

from pathlib import Path

import pytest

from importers.errors import UnusableError
from importers.mapping import read_mapping
from tests.importers import sample

GOOD = """
[source]
slug = "a"
region = "hier"
title = "A"
publisher = "B"
licence = "CC0"
attribution = "B, CC0"
[file]
key = ["id"]
[fields]
name = "titel"
"""


def refused(tmp_path: Path, text: str) -> str:
    path = tmp_path / "x.toml"
    path.write_text(text)
    with pytest.raises(UnusableError) as raised:
        read_mapping(path)
    message = str(raised.value)
    assert message.startswith(str(path))
    return message.removeprefix(str(path)).lstrip(": ")


def test_reads_a_mapping_that_proposes_unless_it_says_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(GOOD)
    assert read_mapping(path).source.trust == "propose"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "titel"', 'nmae = "titel"', "[fields] nmae – dieses Feld gibt es nicht. Gemeint: name?"),
        ('title = "A"', 'tilte = "A"', "[source] title – fehlt."),
        (
            'title = "A"',
            'title = "A"\ntilte = "A"',
            "[source] tilte – dieses Feld gibt es nicht. Gemeint: title?",
        ),
        ('key = ["id"]', 'key = "id"', '[file] key – muss eine Liste sein: ["…"]'),
        ('key = ["id"]', "key = []", "[file] key – darf nicht leer sein."),
        ('name = "titel"', "name = 3", "[fields] name – muss ein Spaltenname"),
        ('slug = "a"', 'slug = "a"\ntrust = "ja"', "[source] trust – erlaubt ist: 'apply' oder 'propose'."),
        ('slug = "a"', 'slug = "a"\ndate = "gestern"', "[source] date – muss ein Datum sein"),
        (
            'slug = "a"',
            'slug = "a"\ndate = 9999-12-31',
            "[source] date – muss ein Tag zwischen",
        ),
        (
            'slug = "a"',
            'slug = "a"\ndate = 1989-12-31',
            "[source] date – muss ein Tag zwischen",
        ),
        ('slug = "a"', 'slug = "a"\nurl = "javascript:x"', "[source] url – muss eine Internetadresse sein"),
        ('slug = "a"', 'slug = "a"\nlicence_url = "https://a b"', "[source] licence_url – muss eine Intern"),
        ('key = ["id"]', 'key = ["id"]\nencoding = "rot13"', "[file] encoding – erlaubt ist: 'utf-8', "),
        ('slug = "a"', "slug = " + "[" * 5000, "Die Datei ist nicht so aufgebaut, wie eine TOML-Datei"),
        ('slug = "a"', "slug = ", "kein gültiges TOML"),
        ('name = "titel"', 'street = "str"', "[fields] name – fehlt."),
        (
            'name = "titel"',
            'name = "titel"\n[[rules]]\nalways = true\n[[rules]]\ntopics = ["kita"]',
            "[[rules]] Nr. 2 – braucht genau eine Angabe",
        ),
        (
            'name = "titel"',
            'name = "titel"\n[[skip]]\ncolumn = "x"\nempty = true',
            "[[skip]] Nr. 1 reason – fehlt.",
        ),
    ],
)
def test_names_file_table_and_key_of_a_mistake(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in refused(tmp_path, GOOD.replace(old, new))


def test_names_a_column_that_the_file_does_not_have() -> None:
    told = sample.mapping(fields={"name": "Titel", "street": ["{Strasse} {Nr}", "Strasse"]})
    with pytest.raises(
        UnusableError, match=r"x.toml: \[fields\] street – die Spalte „Strasse“ .* Gemeint: Straße\?"
    ):
        told.check_columns({"id", "Titel", "Straße", "Nr"}, "x.toml")


def test_takes_the_first_filled_of_several_columns() -> None:
    told = sample.mapping(fields={"name": "n", "street": ["{strasse} {nr}", "strasse", "adresse"]})
    street = told.reader("street")
    assert street({"strasse": "Weg", "nr": 3.0}) == "Weg 3"
    assert street({"strasse": "Weg", "nr": " - "}) == "Weg"
    assert street({"adresse": "Platz 1"}) == "Platz 1"
    assert street({}) is None
